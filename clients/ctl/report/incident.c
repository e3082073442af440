#include "incident.h"

#include <string.h>
#include "letter/letter_filled_in.h"
#include "letter/letter_form.h"
#include "letter/letter_words.h"
#include "moments.h"
#include "policy/policy_value.h"

static const struct policy_key keys[] = {
    {"wat", KEY_REQUIRED},       {"wanneer", KEY_OPTIONAL}, {"ontdekt-op", KEY_REQUIRED},
    {"gemeld-op", KEY_OPTIONAL}, {"gevolg", KEY_REPEATED},  {"maatregel", KEY_REPEATED},
    {"advies", KEY_REPEATED},    {"bel", KEY_OPTIONAL},
};
enum { KEYS = sizeof keys / sizeof *keys };

static const char *read_text (struct policy_reading *reading, const struct policy_stanza *stanza, const char *key)
{
    struct policy_field *field = policy_stanza_field (stanza, key);
    return field ? policy_field_text (reading, field) : NULL;
}

/* No day is later than `today`. A day that is not given has month 0. */
static struct day read_day (struct policy_reading *reading, const struct policy_stanza *stanza, const char *key,
                            struct day today)
{
    struct day day = {0, 0, 0};
    const char *text = read_text (reading, stanza, key);
    if (!text)
        return day;
    unsigned line = policy_stanza_field (stanza, key)->line;
    if (!calendar_parse (text, &day))
        policy_fail (reading, line, "\"%s\": %s", key, day_fault (text));
    else if (calendar_compare (day, today) > 0)
        policy_fail (reading, line, "\"%s\" is a day that has not come", key);
    return day;
}

/* One or more. */
static void read_lines (struct policy_reading *reading, const struct policy_stanza *stanza, const char *key,
                        struct incident_lines *lines)
{
    for (size_t i = 0; i < stanza->field_count; i++) {
        if (strcmp (stanza->fields[i].key, key) != 0)
            continue;
        if (lines->count == INCIDENT_LINES)
            policy_fail (reading, stanza->fields[i].line, "more than %d of \"%s\"", INCIDENT_LINES, key);
        else
            lines->texts[lines->count++] = policy_field_text (reading, &stanza->fields[i]);
    }
    if (lines->count == 0)
        policy_fail (reading, stanza->line, "\"datalek\" has no \"%s\": the letter must tell that (AVG 34)", key);
}

static void read_incident (struct incident *self, struct policy_reading *reading,
                           const struct policy_stanza *stanza, struct day today)
{
    if (strcmp (stanza->sort, "datalek") != 0 || *stanza->name)
        policy_fail (reading, stanza->line, "the file has one heading, \"datalek\", alone on its line");
    policy_stanza_check (reading, stanza, keys, KEYS);
    if (reading->failed)
        return;
    self->what = read_text (reading, stanza, "wat");
    self->when = read_text (reading, stanza, "wanneer");
    self->telephone = read_text (reading, stanza, "bel");
    self->found = read_day (reading, stanza, "ontdekt-op", today);
    self->reported = read_day (reading, stanza, "gemeld-op", today);
    if (self->reported.month && calendar_compare (self->reported, self->found) < 0)
        policy_fail (reading, policy_stanza_field (stanza, "gemeld-op")->line,
                     "\"gemeld-op\" is before \"ontdekt-op\"");
    read_lines (reading, stanza, "gevolg", &self->consequences);
    read_lines (reading, stanza, "maatregel", &self->measures);
    read_lines (reading, stanza, "advies", &self->advice);
}

int incident_read (struct incident *self, struct arena *arena, const struct policy_text *text, struct day today,
                   struct policy_error *error)
{
    struct policy_document document;
    struct policy_faults faults = POLICY_FIRST (error);
    struct policy_reading reading = {.faults = &faults, .file = text->name};
    *self = (struct incident){0};
    reading.failed = letter_filled_in_parse (&document, arena, text->name, text, &faults) != 0;
    if (!reading.failed && document.stanza_count == 0)
        policy_fail (&reading, 0, "the file has no heading \"datalek\"");
    for (size_t i = 0; i < document.stanza_count && !reading.failed; i++) {
        if (i > 0)
            policy_fail (&reading, document.stanzas[i].line, "a second heading; one file is about one breach");
        else
            read_incident (self, &reading, &document.stanzas[i], today);
    }
    policy_document_clear (&document);
    return reading.failed ? POLICY_INVALID : 0;
}

static void tell_day (struct letter_values *values, const char *field, struct day day)
{
    char text[11];
    if (day.month == 0)
        return;
    calendar_format (day, text);
    letter_set (values, field, letter_day_of_text (values->arena, text));
}

static void tell_lines (struct letter_values *values, const char *field, const struct incident_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        letter_add (values, field, lines->texts[i]);
}

void incident_tell (const struct incident *self, struct letter_values *values)
{
    letter_set (values, "wat-er-gebeurde", self->what);
    letter_set (values, "wanneer", self->when ? self->when : "");
    letter_set (values, "bel", self->telephone ? self->telephone : "");
    tell_day (values, "ontdekt-op", self->found);
    tell_day (values, "gemeld-op", self->reported);
    tell_lines (values, "gevolgen", &self->consequences);
    tell_lines (values, "maatregelen", &self->measures);
    tell_lines (values, "adviezen", &self->advice);
}
