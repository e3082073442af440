/* What the value of an option, or an argument, may be. */
#include <string.h>
#include "complete_live.h"
#include "complete_parts.h"

enum { WORD = 64 };

static bool is_given (const struct option_set *self, const struct option *option)
{
    for (size_t i = 0; i < self->given_count; i++)
        if (self->given[i] == option)
            return true;
    return false;
}

void complete_options (const struct completing *self, const struct option *table, const struct option_set *given)
{
    for (const struct option *option = table; option->name; option++) {
        char word[WORD];
        bool is_done = !(option->flags & OPTION_REPEATED) && is_given (given, option);
        if (is_done || (option->flags & OPTION_PERSONAL))
            continue;
        snprintf (word, sizeof word, "--%s", option->name);
        complete_offer (self, word, option->help);
    }
}

/* Each of the words, which `between` parts. */
static void offer_words (const struct completing *self, const char *words, const char *between)
{
    while (*words) {
        char word[WORD];
        size_t size = strcspn (words, between);
        snprintf (word, sizeof word, "%.*s", (int)size, words);
        complete_offer (self, word, NULL);
        words += size + strspn (words + size, between);
    }
}

static bool is_called (const struct value_kind *kind, const char *const *names)
{
    for (; *names; names++)
        if (strcmp (kind->value, *names) == 0)
            return true;
    return false;
}

/* Which sort of term this is. TERM_ANY: none that is known. */
static Consentd__TermSort term_of (const struct value_kind *kind)
{
    static const struct {
        const char *option, *value; /* `option` NULL: whatever its name */
        Consentd__TermSort sort;
    } known[] = {
        {NULL, "PARTY", CONSENTD__TERM_SORT__TERM_PARTY},
        {NULL, "PURPOSE", CONSENTD__TERM_SORT__TERM_PURPOSE},
        {NULL, "CATEGORY[:ORIGIN]", CONSENTD__TERM_SORT__TERM_CATEGORY},
        {"kind", "KIND", CONSENTD__TERM_SORT__TERM_KIND},
        {"purpose", "CODE", CONSENTD__TERM_SORT__TERM_PURPOSE},
        {"category", "CODE", CONSENTD__TERM_SORT__TERM_CATEGORY},
        {"origin", "CODE", CONSENTD__TERM_SORT__TERM_ORIGIN},
        {"urgent-reason", "CODE", CONSENTD__TERM_SORT__TERM_URGENT_REASON},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp (kind->value, known[i].value) == 0 &&
            (!known[i].option || (kind->option && strcmp (kind->option, known[i].option) == 0)))
            return known[i].sort;
    return CONSENTD__TERM_SORT__TERM_ANY;
}

/* What is before the last comma, or colon, stays as it is. */
static void keep_before (struct completing *self, const char *mark)
{
    size_t size = mark ? (size_t)(mark + 1 - self->typed) : 0;
    if (self->before_size == 0)
        self->before = self->typed;
    self->before_size += size;
    self->typed += size;
}

static void offer_known (struct completing *self, const struct value_kind *kind)
{
    static const char of_parties[] = "party ";
    Consentd__TermSort sort = term_of (kind);
    bool is_party = kind->command && strncmp (kind->command, of_parties, strlen (of_parties)) == 0;
    if (kind->is_list)
        keep_before (self, strrchr (self->typed, ','));
    const char *colon = sort == CONSENTD__TERM_SORT__TERM_CATEGORY ? strchr (self->typed, ':') : NULL;
    keep_before (self, colon);
    if (strcmp (kind->value, "ID") == 0 && is_party)
        sort = CONSENTD__TERM_SORT__TERM_PARTY;
    if (sort != CONSENTD__TERM_SORT__TERM_ANY)
        complete_live_terms (self, colon ? CONSENTD__TERM_SORT__TERM_ORIGIN : sort);
    else if (strcmp (kind->value, "ID") == 0)
        complete_live_ids (self);
}

void complete_value (struct completing self, const struct value_kind *kind)
{
    static const char *const files[] = {"FILE", "FILE|DIR", "XSD", NULL};
    static const char *const directories[] = {"DIR", "OLD", "NEW", NULL};
    if (is_called (kind, files))
        complete_offer_files ();
    else if (is_called (kind, directories))
        complete_offer_directories ();
    else if (kind->values)
        offer_words (&self, kind->values, " ");
    else if (strchr (kind->value, '|'))
        offer_words (&self, kind->value, "|");
    else
        offer_known (&self, kind);
}
