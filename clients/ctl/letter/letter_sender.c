#include "letter_sender.h"

#include <string.h>
#include "arena.h"
#include "letter_filled_in.h"
#include "letter_form.h"
#include "policy/policy_value.h"

static const struct policy_key municipality_keys[] = {
    {"naam", KEY_OPTIONAL},          {"adres", KEY_REPEATED},        {"telefoon", KEY_OPTIONAL},
    {"e-mail", KEY_OPTIONAL},        {"functionaris", KEY_OPTIONAL}, {"functionaris-e-mail", KEY_OPTIONAL},
    {"ondertekening", KEY_REPEATED},
};
static const struct policy_key organisation_keys[] = {{"naam", KEY_REQUIRED}};
static const struct policy_key measure_keys[] = {{"tekst", KEY_REQUIRED}};

#define COUNT(array) (sizeof (array) / sizeof *(array))

static const char *one (struct policy_reading *reading, const struct policy_stanza *stanza, const char *key)
{
    struct policy_field *field = policy_stanza_field (stanza, key);
    return field ? policy_field_text (reading, field) : NULL;
}

static size_t several (struct policy_reading *reading, const struct policy_stanza *stanza, const char *key,
                       const char *lines[SENDER_LINES])
{
    size_t count = 0;
    for (size_t i = 0; i < stanza->field_count; i++) {
        if (strcmp (stanza->fields[i].key, key) != 0)
            continue;
        if (count == SENDER_LINES)
            policy_fail (reading, stanza->fields[i].line, "more than %d lines of \"%s\"", SENDER_LINES, key);
        else
            lines[count++] = policy_field_text (reading, &stanza->fields[i]);
    }
    return count;
}

static void read_municipality (struct letter_sender *self, struct policy_reading *reading,
                               const struct policy_stanza *stanza)
{
    policy_stanza_check (reading, stanza, municipality_keys, COUNT (municipality_keys));
    if (*stanza->name || self->address_count + self->signature_count > 0 || self->name)
        policy_fail (reading, stanza->line, "\"gemeente\" stands once, and alone on its line");
    if (reading->failed)
        return;
    self->name = one (reading, stanza, "naam");
    self->telephone = one (reading, stanza, "telefoon");
    self->mail = one (reading, stanza, "e-mail");
    self->officer = one (reading, stanza, "functionaris");
    self->officer_mail = one (reading, stanza, "functionaris-e-mail");
    self->address_count = several (reading, stanza, "adres", self->address);
    self->signature_count = several (reading, stanza, "ondertekening", self->signature);
}

/* Reads a stanza with a name and one text, into a list of which no two have the same name. */
static void read_text (struct sender_text *list, size_t *count, struct policy_reading *reading,
                       const struct policy_stanza *stanza)
{
    bool is_measure = strcmp (stanza->sort, "maatregel") == 0;
    policy_stanza_check (reading, stanza, is_measure ? measure_keys : organisation_keys, 1);
    if (!*stanza->name)
        policy_fail (reading, stanza->line, "\"%s\" without a name", stanza->sort);
    for (size_t i = 0; i < *count; i++)
        if (strcmp (list[i].name, stanza->name) == 0)
            policy_fail (reading, stanza->line, "%s \"%.48s\" stands twice", stanza->sort, stanza->name);
    if (reading->failed)
        return;
    list[(*count)++] = (struct sender_text){stanza->name, one (reading, stanza, is_measure ? "tekst" : "naam")};
}

static void read_stanza (struct letter_sender *self, struct policy_reading *reading,
                         const struct policy_stanza *stanza)
{
    if (strcmp (stanza->sort, "gemeente") == 0)
        read_municipality (self, reading, stanza);
    else if (strcmp (stanza->sort, "organisatie") == 0)
        read_text (self->organisations, &self->organisation_count, reading, stanza);
    else if (strcmp (stanza->sort, "maatregel") == 0)
        read_text (self->measures, &self->measure_count, reading, stanza);
    else
        policy_fail (reading, stanza->line,
                     "unknown heading \"%.48s\"; known are gemeente, organisatie and maatregel", stanza->sort);
}

int letter_sender_read (struct letter_sender *self, struct arena *arena, const char *name,
                        const struct policy_text *text, struct policy_faults *faults)
{
    struct policy_document document;
    struct policy_reading reading = {.faults = faults, .file = name, .goes_on = true};
    *self = (struct letter_sender){0};
    bool is_parsed = letter_filled_in_parse (&document, arena, name, text, faults) == 0;
    size_t count = is_parsed ? document.stanza_count : 0;
    self->organisations = arena_array (arena, count + 1, sizeof *self->organisations);
    self->measures = arena_array (arena, count + 1, sizeof *self->measures);
    for (size_t i = 0; i < count; i++) {
        policy_part (&reading);
        read_stanza (self, &reading, &document.stanzas[i]);
    }
    policy_document_clear (&document);
    return is_parsed && reading.failures == 0 ? 0 : POLICY_INVALID;
}

const char *letter_sender_lacks (const struct letter_sender *self)
{
    const struct {
        const char *name;
        bool is_there;
    } fields[] = {
        {"naam", self->name != NULL},
        {"adres", self->address_count > 0},
        {"telefoon", self->telephone != NULL},
        {"e-mail", self->mail != NULL},
        {"functionaris", self->officer != NULL},
        {"functionaris-e-mail", self->officer_mail != NULL},
        {"ondertekening", self->signature_count > 0},
    };
    for (size_t i = 0; i < COUNT (fields); i++)
        if (!fields[i].is_there)
            return fields[i].name;
    return NULL;
}

void letter_sender_tell (const struct letter_sender *self, struct letter_values *values)
{
    const struct {
        const char *field, *text;
    } texts[] = {
        {"gemeente", self->name},
        {"gemeente-telefoon", self->telephone},
        {"gemeente-e-mail", self->mail},
        {"functionaris", self->officer},
        {"functionaris-e-mail", self->officer_mail},
    };
    for (size_t i = 0; i < COUNT (texts); i++)
        if (texts[i].text)
            letter_set (values, texts[i].field, texts[i].text);
    if (self->name && self->address_count > 0)
        letter_add (values, "gemeente-adres", self->name);
    for (size_t i = 0; i < self->address_count; i++)
        letter_add (values, "gemeente-adres", self->address[i]);
    for (size_t i = 0; i < self->signature_count; i++)
        letter_add (values, "ondertekening", self->signature[i]);
}

const char *letter_sender_organisation (const struct letter_sender *self, const char *party)
{
    for (size_t i = 0; i < self->organisation_count; i++)
        if (strcmp (self->organisations[i].name, party) == 0)
            return self->organisations[i].text;
    return NULL;
}
