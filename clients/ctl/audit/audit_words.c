#include "audit_words.h"

#include <string.h>
#include "arena.h"
#include "ctl.h"
#include "text/likely.h"

/* The word of the list that is this one; else the one that was likely meant, or NULL. */
static const char *find_word (const char *words, const char *typed, struct arena *arena, bool *is_known)
{
    struct likely likely = likely_begin (typed, strlen (typed));
    const char *found = NULL;
    *is_known = false;
    while (*words && !*is_known) {
        size_t size = strcspn (words, " ");
        const char *word = arena_strndup (arena, words, size);
        *is_known = strcmp (word, typed) == 0;
        if (likely_try (&likely, word))
            found = word;
        words += size + strspn (words + size, " ");
    }
    return found;
}

int audit_words_judge (const struct options *options, const char *name, struct arena *arena)
{
    size_t count;
    char **typed = options_list (options, name, arena, &count);
    const struct option *option = options_known (options->command, name, strlen (name));
    for (size_t i = 0; i < count; i++) {
        bool is_known;
        const char *likely = find_word (option->values, typed[i], arena, &is_known);
        if (!is_known)
            return ctl_fail (EX_USAGE, "--%s: no line of the log can have this word%s%s%s; see '%s %s --help'",
                             name, likely ? ": did you mean " : "", likely ? likely : "", likely ? "?" : "",
                             ctl_program, options->command->name);
    }
    return 0;
}
