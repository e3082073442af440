#include "options.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "ctl.h"
#include "text/likely.h"
#include "unconst.h"

const struct option global_options[] = {
    {"key", "FILE",
     "key file that says who asks, and where the registry is\n"
     "(else $CONSENT_KEY, else ~/.config/consentd/operator.key,\n"
     "else /etc/consentd/operator.key)",
     0},
    {"user", "REF", "who acts, an opaque reference for the audit log (else the login name)", 0},
    {"json", NULL, "one JSON document, for programs", 0},
    {"wide", NULL, "tables whole, also where the terminal is narrower", 0},
    {"timeout", "MS", "how long one attempt may take, in milliseconds (else 2000)", 0},
    {"wait", "SECONDS", "how long to wait for a registry that is not there (else not at all)", 0},
    {"idempotency-key", "KEY", "repeats a command whose answer was lost: the key that it printed then", 0},
    {"help", NULL, "this text, as -h", 0},
    {"version", NULL, "the version of this program, as -V", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option *find_option (const struct option *list, const char *name, size_t length)
{
    for (; list && list->name; list++)
        if (strlen (list->name) == length && memcmp (list->name, name, length) == 0)
            return list;
    return NULL;
}

const struct option *options_known (const struct command *command, const char *name, size_t length)
{
    const struct option *option = command ? find_option (command->options, name, length) : NULL;
    return option ? option : find_option (global_options, name, length);
}

/* The option of the table that was likely meant: one or two letters are wrong, or it is short for it. NULL: none.
 */
static const struct option *likely_option (const struct command *command, const char *word)
{
    word += strspn (word, "-");
    struct likely likely = likely_begin (word, strcspn (word, "="));
    const struct option *found = NULL;
    for (const struct option *one = command ? command->options : NULL; one && one->name; one++)
        if (!(one->flags & OPTION_PERSONAL) && likely_try (&likely, one->name))
            found = one;
    for (const struct option *one = global_options; one->name; one++)
        if (likely_try (&likely, one->name))
            found = one;
    return found;
}

/* What was typed is not repeated: it may be personal. What is in the table is not. */
static int fail_unknown (const struct command *command, const char *word)
{
    const struct option *likely = likely_option (command, word);
    return ctl_fail (EX_USAGE, "unknown option%s%s%s; see '%s %s%s--help'", likely ? ": did you mean --" : "",
                     likely ? likely->name : "", likely ? "?" : "", ctl_program, command ? command->name : "",
                     command ? " " : "");
}

int options_take (const struct command *command, const char *const *words, size_t count, size_t *at,
                  struct given_option *taken)
{
    const char *word = strcmp (words[*at], "-h") == 0   ? "--help"
                       : strcmp (words[*at], "-V") == 0 ? "--version"
                                                        : words[*at];
    const char *name = word + 2;
    size_t length = strcspn (name, "=");
    const struct option *option = strncmp (word, "--", 2) == 0 ? options_known (command, name, length) : NULL;
    if (!option)
        return fail_unknown (command, word);
    if (option->flags & OPTION_PERSONAL)
        return ctl_fail (EX_USAGE, "--%s: this does not belong on a command line, where others see it: give %s",
                         option->name, option->help);
    *taken = (struct given_option){option, NULL};
    if (!option->value)
        return name[length] ? ctl_fail (EX_USAGE, "--%s takes no value", option->name) : 0;
    if (!name[length] && *at + 1 == count)
        return ctl_fail (EX_USAGE, "--%s needs a value: %s", option->name, option->value);
    taken->value = name[length] ? name + length + 1 : words[++*at];
    /* With CASE unset, --case "$CASE" would count as no --case: a consent for every case. */
    if (!*taken->value)
        return ctl_fail (EX_USAGE, "--%s is given as an empty text: leave it out, or say what", option->name);
    return 0;
}

static bool was_given (const struct options *self, const struct option *option)
{
    for (size_t i = 0; i < self->given_count; i++)
        if (self->given[i].option == option)
            return true;
    return false;
}

static bool lists_codes (const struct option *option)
{
    return (option->flags & OPTION_CODES) == OPTION_CODES;
}

static bool has_gap (const char *list)
{
    return list[0] == ',' || list[strlen (list) - 1] == ',' || strstr (list, ",,");
}

static bool takes_standard_input (struct given_option given)
{
    return given.value && strcmp (given.value, "-") == 0 && strcmp (given.option->value, "FILE") == 0 &&
           strcmp (given.option->name, "out") != 0;
}

const char *options_standard_input (const struct options *self)
{
    for (size_t i = 0; i < self->given_count; i++)
        if (takes_standard_input (self->given[i]))
            return self->given[i].option->name;
    return NULL;
}

static int keep_option (struct options *self, struct given_option taken)
{
    if (lists_codes (taken.option) && has_gap (taken.value))
        return ctl_fail (EX_USAGE, "--%s: a list with nothing before, between or after its commas",
                         taken.option->name);
    if (!(taken.option->flags & OPTION_REPEATED) && was_given (self, taken.option))
        return ctl_fail (EX_USAGE, "--%s is given twice", taken.option->name);
    if (takes_standard_input (taken) && options_standard_input (self))
        return ctl_fail (EX_USAGE, "--%s and --%s cannot both be standard input", options_standard_input (self),
                         taken.option->name);
    if (self->given_count == OPTIONS_GIVEN)
        return ctl_fail (EX_USAGE, "more than %d options", OPTIONS_GIVEN);
    self->given[self->given_count++] = taken;
    return 0;
}

static size_t expected_arguments (const struct command *command)
{
    size_t count = command->arguments ? 1 : 0;
    for (const char *c = command->arguments; c && *c; c++)
        count += *c == ' ';
    return count;
}

static int check_complete (const struct options *self)
{
    if (options_has (self, "help"))
        return 0;
    const struct command *command = self->command;
    bool may_lack = command->arguments && command->arguments[0] == '[';
    if (self->argument_count < expected_arguments (command) && !may_lack)
        return ctl_fail (EX_USAGE, "%s needs %s; see '%s %s --help'", command->name, command->arguments,
                         ctl_program, command->name);
    for (size_t i = 0; i < self->given_count; i++)
        if (self->given[i].option->flags & OPTION_INSTEAD)
            return 0;
    for (const struct option *option = command->options; option && option->name; option++)
        if ((option->flags & OPTION_REQUIRED) && !was_given (self, option))
            return ctl_fail (EX_USAGE, "%s needs --%s %s; see '%s %s --help'", command->name, option->name,
                             option->value, ctl_program, command->name);
    return 0;
}

int options_parse (struct options *self, const struct command *command, const char *const *words, size_t count)
{
    *self = (struct options){.command = command};
    assert (expected_arguments (command) <= OPTIONS_ARGUMENTS);
    bool only_arguments = false;
    for (size_t i = 0; i < count; i++) {
        if (!only_arguments && strcmp (words[i], "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && words[i][0] == '-' && words[i][1]) {
            struct given_option taken;
            int error = options_take (command, words, count, &i, &taken);
            if (!error)
                error = keep_option (self, taken);
            if (error)
                return error;
        } else if (self->argument_count == expected_arguments (command)) {
            return ctl_fail (EX_USAGE, "%s takes %s%s; see '%s %s --help'", command->name,
                             command->arguments ? "nothing beside " : "no argument",
                             command->arguments ? command->arguments : "", ctl_program, command->name);
        } else if (!*words[i]) {
            return ctl_fail (EX_USAGE, "%s needs %s, and an empty text is none", command->name,
                             command->arguments);
        } else {
            self->arguments[self->argument_count++] = words[i];
        }
    }
    return check_complete (self);
}

const char *options_text (const struct options *self, const char *name)
{
    const struct option *option = options_known (self->command, name, strlen (name));
    assert (option); /* a name that is not in the table is a fault of ours */
    for (size_t i = 0; i < self->given_count; i++)
        if (self->given[i].option == option)
            return self->given[i].value ? self->given[i].value : "";
    return NULL;
}

char *options_field (const struct options *self, const char *name)
{
    const char *text = options_text (self, name);
    return unconst_text (text);
}

bool options_has (const struct options *self, const char *name)
{
    return options_text (self, name) != NULL;
}

static size_t count_codes (const struct given_option *given)
{
    size_t count = 1;
    for (const char *c = given->value; c && *c && lists_codes (given->option); c++)
        count += *c == ',';
    return count;
}

char **options_list (const struct options *self, const char *name, struct arena *arena, size_t *count)
{
    size_t most = 1;
    for (size_t i = 0; i < self->given_count; i++)
        most += count_codes (&self->given[i]);
    char **list = arena_array (arena, most, sizeof *list);
    *count = 0;
    for (size_t i = 0; i < self->given_count; i++) {
        const struct given_option *given = &self->given[i];
        if (strcmp (given->option->name, name) != 0)
            continue;
        const char *at = given->value;
        for (size_t left = count_codes (given); left > 1; left--, at += strcspn (at, ",") + 1)
            list[(*count)++] = arena_strndup (arena, at, strcspn (at, ","));
        list[(*count)++] = unconst_text (at);
    }
    return list;
}

int options_number (const struct options *self, const char *name, unsigned long least, unsigned long most,
                    unsigned long *number)
{
    const char *text = options_text (self, name);
    if (!text)
        return 0;
    char *end;
    errno = 0;
    *number = strtoul (text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno || *number < least || *number > most)
        return ctl_fail (EX_USAGE, "--%s: not a number from %lu to %lu", name, least, most);
    return 0;
}
