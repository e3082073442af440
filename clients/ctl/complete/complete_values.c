/* What the value of an option, or an argument, may be. */
#include <string.h>
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

void complete_value (const struct completing *self, const struct value_kind *kind)
{
    static const char *const files[] = {"FILE", "FILE|DIR", "XSD", NULL};
    static const char *const directories[] = {"DIR", "OLD", "NEW", NULL};
    if (is_called (kind, files)) {
        complete_offer_files ();
    } else if (is_called (kind, directories)) {
        complete_offer_directories ();
    } else if (kind->values) {
        offer_words (self, kind->values, " ");
    } else if (strchr (kind->value, '|')) {
        offer_words (self, kind->value, "|");
    }
}
