/* The files of a pack that hold terms: ages, retention, notices, and the settings of pack.txt. */
#include <string.h>
#include "policy_parts.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

enum { OLDEST = 150 };

/* ages.txt */

/* The age range of a heading, "under 12", "12 to 16" or "from 16", as [from, until), unless it is open. */
struct age_range {
    unsigned from, until;
    bool is_open;
};

static struct age_range read_age_range (struct policy_reading *self, const struct policy_stanza *stanza)
{
    char copy[64] = ""; /* reading takes the words apart, and what is told of the heading names it whole */
    if (strlen (stanza->name) < sizeof copy)
        memcpy (copy, stanza->name, strlen (stanza->name));
    struct policy_field heading = {.key = "ages", .value = copy, .value_line = stanza->line};
    struct policy_words list = policy_words_of (&heading);
    char *words[4] = {NULL};
    size_t count = 0;
    while (count < COUNT (words) && (words[count] = policy_words_next (&list)) != NULL)
        count++;
    struct age_range range = {0};
    if (count == 2 && strcmp (words[0], "under") == 0)
        range.until = policy_word_number (self, stanza->line, words[1], OLDEST);
    else if (count == 2 && strcmp (words[0], "from") == 0)
        range =
            (struct age_range){.from = policy_word_number (self, stanza->line, words[1], OLDEST), .is_open = true};
    else if (count == 3 && strcmp (words[1], "to") == 0)
        range = (struct age_range){.from = policy_word_number (self, stanza->line, words[0], OLDEST),
                                   .until = policy_word_number (self, stanza->line, words[2], OLDEST)};
    else
        policy_fail (self, stanza->line, "\"ages\" is \"under 12\", \"12 to 16\" or \"from 16\"");
    if (!range.is_open && range.until <= range.from)
        policy_fail (self, stanza->line, "these ages end (%u) before they begin (%u)", range.until, range.from);
    return range;
}

static void read_signers (struct policy_reading *self, const struct policy_stanza *stanza,
                          struct policy_age_band *band)
{
    static const struct policy_key keys[] = {{"sign", KEY_REQUIRED}, {"source", KEY_REQUIRED}};
    static const char *const words[] = {"subject", "representatives"};
    policy_stanza_check (self, stanza, keys, COUNT (keys));
    struct policy_field *field = policy_stanza_field (stanza, "sign");
    if (!policy_field_begin (self, field))
        return;
    struct policy_words list = policy_words_of (field);
    for (char *word; !self->failed && (word = policy_words_next (&list)) != NULL;) {
        bool representatives =
            policy_word_choice (self, field, (struct policy_word){word, list.line}, words, COUNT (words)) == 1;
        bool *one = representatives ? &band->representatives : &band->subject;
        if (*one)
            policy_fail (self, list.line, "\"%s\" is in this list twice", word);
        *one = true;
    }
    if (!band->subject && !band->representatives)
        policy_fail (self, field->line, "\"sign\" has no value");
}

/* Where the ages above end. */
struct age_end {
    unsigned at;
    bool open;
    bool unknown; /* since something there was refused */
};

static void check_order (struct policy_reading *self, unsigned line, unsigned from, const struct age_end *above)
{
    if (above->unknown)
        return;
    if (above->open || from < above->at)
        policy_fail (self, line, "these ages overlap those above; ages are listed in order");
    else if (above->at == 0 && from != 0)
        policy_fail (self, line, "the first ages begin at %u; they must begin at 0: \"under %u\"", from, from);
    else if (from > above->at)
        policy_fail (self, line, "nobody signs for ages %u to %u; there is a gap", above->at, from);
}

void policy_read_ages (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"ages"};
    policy_check_headings (self, document, sorts, COUNT (sorts), false);
    size_t count = policy_count_headings (self, document, "ages");
    if (self->unsure)
        return;
    self->policy->ages = policy_allocate (count, sizeof *self->policy->ages);
    struct age_end end = {0};
    unsigned line = 0;
    for (size_t i = 0; i < count; i++) {
        const struct policy_stanza *stanza = &document->stanzas[i];
        policy_part (self);
        read_signers (self, stanza, &self->policy->ages[i]);
        policy_part (self);
        struct age_range range = read_age_range (self, stanza);
        self->policy->ages[i].from = range.from;
        line = stanza->line;
        bool understood = !self->failed;
        if (understood)
            check_order (self, line, range.from, &end);
        end = (struct age_end){.at = range.until, .open = range.is_open, .unknown = !understood};
    }
    self->policy->age_count = count;
    policy_part (self);
    if (count > 0 && !end.open && !end.unknown)
        policy_fail (self, line, "nobody signs from age %u on; end with \"ages from %u\"", end.at, end.at);
}

/* notices.txt */

static bool same_notice (const struct policy_notice *a, const struct policy_notice *b)
{
    return strcmp (a->id, b->id) == 0 && strcmp (a->version, b->version) == 0 &&
           strcmp (a->language, b->language) == 0;
}

void policy_read_notices (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"notice"};
    static const struct policy_key keys[] = {{"version", KEY_REQUIRED}, {"language", KEY_REQUIRED}};
    policy_check_headings (self, document, sorts, COUNT (sorts), true);
    size_t count = policy_count_headings (self, document, "notice");
    if (self->unsure)
        return;
    struct policy_notice *notices = policy_allocate (count, sizeof *notices);
    self->policy->notices = notices;
    for (size_t i = 0; i < count; i++) {
        const struct policy_stanza *stanza = &document->stanzas[i];
        policy_part (self);
        policy_check_code (self, stanza->line, "notice", stanza->name);
        policy_stanza_check (self, stanza, keys, COUNT (keys));
        notices[i].id = stanza->name;
        notices[i].version = policy_field_word (self, policy_stanza_field (stanza, "version"));
        notices[i].language = policy_field_word (self, policy_stanza_field (stanza, "language"));
        policy_part (self);
        for (size_t j = 0; j < i && notices[i].version[0] != '\0' && notices[i].language[0] != '\0'; j++)
            if (same_notice (&notices[i], &notices[j]))
                policy_fail (self, stanza->line, "this version of notice \"%s\" is listed twice; first on line %u",
                             stanza->name, document->stanzas[j].line);
    }
    self->policy->notice_count = count;
}

/* retention.txt */

/* A code of the vocabulary, or "any". */
static const char *read_code_or_any (struct policy_reading *self, struct policy_field *field,
                                     const struct policy_vocabulary *vocabulary)
{
    const char *word = policy_field_word (self, field);
    if (!self->failed && strcmp (word, "any") != 0)
        policy_word_code (self, field->value_line, word, vocabulary);
    return word;
}

/* What starts the period: said of one in years, and of no other. */
static void read_counts_from (struct policy_reading *self, const struct policy_stanza *stanza,
                              struct policy_retention *retention)
{
    struct policy_field *field = policy_stanza_field (stanza, "counts-from");
    policy_part (self);
    bool in_years = !retention->until_majority && !retention->longest_record;
    if (in_years && !policy_stanza_has (stanza, "counts-from"))
        policy_fail (self, stanza->line, "retention \"%s\" has no \"counts-from\"; a period in years needs it",
                     retention->code);
    else if (!in_years && field != NULL)
        policy_fail (self, field->line, "\"counts-from\" is for a period in years");
    else if (in_years && field != NULL) {
        int choice = policy_field_choice (self, field, counts_from_words, COUNTS_FROM);
        retention->counts_from = choice < 0 ? COUNTS_FROM_RECEIPT : (enum counts_from)choice;
    }
}

static void read_period (struct policy_reading *self, const struct policy_stanza *stanza,
                         struct policy_retention *retention)
{
    struct policy_field *field = policy_stanza_field (stanza, "period");
    if (!policy_field_begin (self, field))
        return;
    retention->until_majority = strcmp (field->value, "until-majority") == 0;
    retention->longest_record = strcmp (field->value, "longest-record") == 0;
    if (!retention->until_majority && !retention->longest_record)
        retention->years = policy_field_period (self, field, UNIT_YEARS);
    if (self->failed)
        return; /* whether it is in years is not known */
    read_counts_from (self, stanza, retention);
}

static void check_retention (struct policy_reading *self, const struct policy_document *document, size_t later)
{
    const struct policy_retention *all = self->policy->retentions;
    unsigned line = document->stanzas[later].line;
    for (size_t i = 0; i < later && all[later].held_by[0] != '\0' && all[later].law[0] != '\0'; i++) {
        if (strcmp (all[i].code, all[later].code) == 0)
            policy_fail (self, line, "retention \"%s\" is declared twice; first on line %u", all[i].code,
                         document->stanzas[i].line);
        if (strcmp (all[i].held_by, all[later].held_by) == 0 && strcmp (all[i].law, all[later].law) == 0 &&
            all[i].longest_record == all[later].longest_record)
            policy_fail (self, line, "retention \"%s\" and \"%s\" are both about law %s held by %s; only one may",
                         all[i].code, all[later].code, all[i].law, all[i].held_by);
    }
}

void policy_read_retention (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"retention"};
    static const struct policy_key keys[] = {{"held-by", KEY_REQUIRED},
                                             {"law", KEY_REQUIRED},
                                             {"period", KEY_REQUIRED},
                                             {"counts-from", KEY_OPTIONAL},
                                             {"source", KEY_REQUIRED}};
    policy_check_headings (self, document, sorts, COUNT (sorts), false);
    size_t count = policy_count_headings (self, document, "retention");
    if (self->unsure)
        return;
    struct policy_retention *retentions = policy_allocate (count, sizeof *retentions);
    self->policy->retentions = retentions;
    for (size_t i = 0; i < count; i++) {
        const struct policy_stanza *stanza = &document->stanzas[i];
        policy_part (self);
        policy_check_code (self, stanza->line, "retention", stanza->name);
        policy_stanza_check (self, stanza, keys, COUNT (keys));
        retentions[i].code = stanza->name;
        retentions[i].held_by = read_code_or_any (self, policy_stanza_field (stanza, "held-by"), &self->kinds);
        retentions[i].law = read_code_or_any (self, policy_stanza_field (stanza, "law"), &self->origins);
        retentions[i].source = policy_field_text (self, policy_stanza_field (stanza, "source"));
        read_period (self, stanza, &retentions[i]);
        policy_part (self);
        check_retention (self, document, i);
    }
    self->policy->retention_count = count;
}
