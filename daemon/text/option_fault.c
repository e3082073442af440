#include "text/option_fault.h"

#include <stdio.h>
#include <string.h>
#include "text/likely.h"

/* The long option at which it stopped, which it knew: it lacks its value, or has one too many. NULL: none. */
static const struct option *stopped_at (const char *word, const struct option *options)
{
    if (optopt == 0 || strncmp (word, "--", 2) != 0)
        return NULL;
    size_t size = strcspn (word + 2, "=");
    for (; options->name; options++)
        if (options->val == optopt && strncmp (options->name, word + 2, size) == 0)
            return options;
    return NULL;
}

static const char *likely_name (const char *word, const struct option *options)
{
    struct likely likely = likely_begin (word + 2, strcspn (word + 2, "="));
    const char *found = NULL;
    for (; options->name; options++)
        if (likely_try (&likely, options->name))
            found = options->name;
    return found;
}

const char *option_fault (char *const *argv, const char *shorts, const struct option *options)
{
    static char sentence[128];
    const char *word = argv[optind - 1], *letter = optopt > 0 && optopt < 128 ? strchr (shorts, optopt) : NULL;
    const struct option *known = stopped_at (word, options);
    const char *likely = optopt == 0 ? likely_name (word, options) : NULL;
    if (known)
        snprintf (sentence, sizeof sentence, "--%s %s; see --help", known->name,
                  known->has_arg == no_argument ? "takes no value" : "needs a value");
    else if (letter && letter[1] == ':')
        snprintf (sentence, sizeof sentence, "-%c needs a value; see --help", *letter);
    else if (likely)
        snprintf (sentence, sizeof sentence, "unknown option: did you mean --%s?; see --help", likely);
    else
        snprintf (sentence, sizeof sentence, "unknown option; see --help");
    return sentence;
}
