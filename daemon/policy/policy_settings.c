/* pack.txt: the name of the pack and its settings, each with the source that it rests on. */
#include <string.h>
#include "policy_error.h"
#include "policy_parts.h"
#include "unconst.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

static void set_grounds (struct policy_reading *self, struct policy_field *field)
{
    static const char *const words[POLICY_GROUNDS] = {
        [POLICY_CONSENT] = "consent", [POLICY_STATUTE] = "statute", [POLICY_WITHOUT_CONSENT] = "without-consent"};
    bool seen[POLICY_GROUNDS] = {false};
    size_t count = 0;
    struct policy_words list = policy_words_of (field);
    for (char *word; (word = policy_words_next (&list)) != NULL;) {
        int ground = policy_word_choice (self, field, (struct policy_word){word, list.line}, words, COUNT (words));
        if (ground < 0)
            return;
        if (seen[ground]) {
            policy_fail (self, list.line, "\"%s\" is in this list twice", word);
            return;
        }
        seen[ground] = true;
        self->policy->grounds[count++] = (enum policy_ground)ground;
    }
    for (size_t i = 0; i < COUNT (words); i++)
        if (!seen[i])
            policy_fail (self, field->line, "the order of the grounds lacks \"%s\"", words[i]);
}

static void set_consent_not_the_ground (struct policy_reading *self, struct policy_field *field)
{
    static const char *const words[] = {"warns", "refuses"};
    self->policy->refuse_consent_not_the_ground = policy_field_choice (self, field, words, COUNT (words)) == 1;
}

static void set_special_recipients (struct policy_reading *self, struct policy_field *field)
{
    if (strcmp (field->value, "none") != 0)
        self->policy->special_recipients = policy_field_codes (self, field, &self->kinds);
}

static void set_representatives (struct policy_reading *self, struct policy_field *field)
{
    static const char *const words[] = {"all", "any"};
    self->policy->any_representative = policy_field_choice (self, field, words, COUNT (words)) == 1;
}

static void set_withdraws_from (struct policy_reading *self, struct policy_field *field)
{
    self->policy->withdraws_from = policy_field_number (self, field, 150);
}

static void set_inform (struct policy_reading *self, struct policy_field *field)
{
    self->policy->due.inform_days = policy_field_period (self, field, UNIT_DAYS);
}

/* R2: no law lets the subject wait for longer than this, so whoever writes more has made a mistake. */
enum { REQUEST_DAYS = 92, EXTENSION_MONTHS = 6, OBJECTION_DAYS = 366 };

static unsigned read_term (struct policy_reading *self, struct policy_field *field, enum policy_unit unit,
                           unsigned most)
{
    unsigned term = policy_field_period (self, field, unit);
    if (!self->failed && term > most)
        policy_fail (self, field->value_line, "longer than %u %s: no law gives so long a term", most,
                     policy_in_words (unit == UNIT_DAYS ? "days" : "months"));
    return term;
}

static void set_request (struct policy_reading *self, struct policy_field *field)
{
    self->policy->due.request_days = read_term (self, field, UNIT_DAYS, REQUEST_DAYS);
}

static void set_extension (struct policy_reading *self, struct policy_field *field)
{
    if (strcmp (field->value, "none") != 0)
        self->policy->due.extension_months = read_term (self, field, UNIT_MONTHS, EXTENSION_MONTHS);
}

static void set_objection (struct policy_reading *self, struct policy_field *field)
{
    self->policy->due.objection_days = read_term (self, field, UNIT_DAYS, OBJECTION_DAYS);
}

static const struct setting {
    const char *name;
    void (*set) (struct policy_reading *self, struct policy_field *field);
} settings[] = {
    {"grounds", set_grounds},
    {"consent-not-the-ground", set_consent_not_the_ground},
    {"special-recipients", set_special_recipients},
    {"representatives", set_representatives},
    {"withdraws-from", set_withdraws_from},
    {"inform-within", set_inform},
    {"request-due-within", set_request},
    {"request-extension", set_extension},
    {"objection-due-within", set_objection},
};

static const struct policy_stanza *find_stanza (const struct policy_document *document, const char *sort,
                                                const char *name)
{
    for (size_t i = 0; i < document->stanza_count; i++) {
        const struct policy_stanza *stanza = &document->stanzas[i];
        if (strcmp (stanza->sort, sort) == 0 && (name == NULL || strcmp (stanza->name, name) == 0))
            return stanza;
    }
    return NULL;
}

/* Returns the setting that was probably meant, NULL: none. */
static const char *fail_unknown_setting (struct policy_reading *self, const struct policy_stanza *stanza)
{
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, stanza->name);
    for (size_t i = 0; i < COUNT (settings); i++)
        policy_nearest_offer (&nearest, settings[i].name);
    char hint[POLICY_CODE_SIZE + 32];
    policy_fail (self, stanza->line, "unknown setting \"%.48s\"%s", stanza->name,
                 policy_nearest_hint (&nearest, hint, sizeof hint));
    return nearest.best;
}

/* A name that is like that of a setting counts as that one afterwards, so that it is not missed as well. */
static void read_setting (struct policy_reading *self, const struct policy_document *document,
                          struct policy_stanza *stanza)
{
    static const struct policy_key keys[] = {{"value", KEY_REQUIRED}, {"source", KEY_REQUIRED}};
    const struct setting *setting = NULL;
    for (size_t i = 0; i < COUNT (settings) && setting == NULL; i++)
        if (strcmp (settings[i].name, stanza->name) == 0)
            setting = &settings[i];
    if (setting == NULL) {
        const char *meant = fail_unknown_setting (self, stanza);
        if (meant != NULL && find_stanza (document, "setting", meant) == NULL)
            stanza->name = unconst_text (meant);
        return;
    }
    const struct policy_stanza *first = find_stanza (document, "setting", stanza->name);
    if (first != stanza)
        policy_fail (self, stanza->line, "setting \"%s\" is given twice; first on line %u", stanza->name,
                     first->line);
    policy_stanza_check (self, stanza, keys, COUNT (keys));
    struct policy_field *value = policy_stanza_field (stanza, "value");
    if (policy_field_begin (self, value))
        setting->set (self, value);
}

static void read_pack (struct policy_reading *self, const struct policy_stanza *stanza)
{
    static const struct policy_key keys[] = {
        {"version", KEY_REQUIRED}, {"nl", KEY_REQUIRED}, {"en", KEY_REQUIRED}, {"source", KEY_REQUIRED}};
    struct policy *policy = self->policy;
    struct policy_entry entry = {0};
    policy_check_code (self, stanza->line, "pack", stanza->name);
    policy_stanza_check (self, stanza, keys, COUNT (keys));
    policy_read_entry (self, stanza, &entry);
    struct policy_field *version = policy_stanza_field (stanza, "version");
    policy->version = policy_field_word (self, version);
    if (!self->failed)
        policy_check_code (self, version->value_line, "version", policy->version);
    policy->name = stanza->name;
    policy->label_nl = entry.label_nl;
    policy->label_en = entry.label_en;
    policy->source = entry.source;
}

void policy_read_settings (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"pack", "setting"};
    policy_check_headings (self, document, sorts, COUNT (sorts), false);
    const struct policy_stanza *pack = find_stanza (document, "pack", NULL);
    for (size_t i = 0; i < document->stanza_count; i++) {
        struct policy_stanza *stanza = &document->stanzas[i];
        policy_part (self);
        if (stanza == pack)
            read_pack (self, stanza);
        else if (strcmp (stanza->sort, "pack") == 0)
            policy_fail (self, stanza->line, "a second \"pack\"; the first is on line %u", pack->line);
        else if (strcmp (stanza->sort, "setting") == 0)
            read_setting (self, document, stanza);
    }
    for (size_t i = 0; i < COUNT (settings) && !self->unsure; i++) {
        policy_part (self);
        if (find_stanza (document, "setting", settings[i].name) == NULL)
            policy_fail (self, 0, "setting \"%s\" is missing", settings[i].name);
    }
}
