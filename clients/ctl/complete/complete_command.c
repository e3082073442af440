/* What completes a command line of consentctl: from its table of commands. */
#include <string.h>
#include "complete_parts.h"
#include "help.h"

enum { NAME_WORDS = 3, ABOUT = 100 };

/* What the words before the last one are. */
struct line {
    const char *name[NAME_WORDS]; /* of the command */
    size_t name_count;
    const struct command *command; /* NULL: not named yet */
    const struct option *awaits;   /* whose value comes next; NULL: none's */
    const struct option *given[OPTIONS_GIVEN];
    size_t given_count;
    size_t argument_count;
    bool is_help;        /* "help COMMAND" */
    bool only_arguments; /* after "--" */
    bool is_lost;        /* there is no such command, or option: nothing is known of what follows */
};

static void take_option (struct line *self, const char *word)
{
    size_t size = strcspn (word, "=");
    const struct option *option =
        strncmp (word, "--", 2) == 0 ? options_known (self->command, word + 2, size - 2) : NULL;
    if (!option) {
        self->is_lost = strcmp (word, "-h") != 0 && strcmp (word, "-V") != 0;
        return;
    }
    if (self->given_count < OPTIONS_GIVEN)
        self->given[self->given_count++] = option;
    if (option->value && !word[size])
        self->awaits = option;
}

static void take_name (struct line *self, const char *word)
{
    size_t used;
    if (self->name_count == 0 && !self->is_help && strcmp (word, "help") == 0) {
        self->is_help = true;
        return;
    }
    if (self->name_count == NAME_WORDS) {
        self->is_lost = true;
        return;
    }
    self->name[self->name_count++] = word;
    self->command = command_find (self->name, self->name_count, &used);
}

static void take_word (struct line *self, const char *word)
{
    if (self->awaits) {
        if (strcmp (word, "=") != 0) /* bash makes three words of --option=value */
            self->awaits = NULL;
    } else if (!self->only_arguments && strcmp (word, "--") == 0) {
        self->only_arguments = true;
    } else if (!self->only_arguments && word[0] == '-' && word[1]) {
        take_option (self, word);
    } else if (!self->command) {
        take_name (self, word);
    } else {
        self->argument_count++;
    }
}

/* --- Names of commands --------------------------------------------------------------------------------- */

/* What of the command's name follows after the words of the line. NULL: it does not begin with them. */
static const char *rest_of_name (const struct line *self, const char *name)
{
    for (size_t i = 0; i < self->name_count; i++) {
        size_t size = strlen (self->name[i]);
        if (strncmp (name, self->name[i], size) != 0 || name[size] != ' ')
            return NULL;
        name += size + 1;
    }
    return name;
}

/* "grant, refuse, list ...": the next words of all commands whose names go on with `word`. */
static void list_family (const struct line *self, const char *word, size_t size, char about[ABOUT])
{
    about[0] = '\0';
    for (size_t i = 0; command_families[i]; i++)
        for (const struct command *one = command_families[i]; one->name; one++) {
            const char *rest = rest_of_name (self, one->name);
            size_t used = strlen (about);
            if (!rest || strncmp (rest, word, size) != 0 || rest[size] != ' ')
                continue;
            const char *next = rest + size + 1;
            int next_size = (int)strcspn (next, " ");
            if (used + (size_t)next_size + sizeof ", ..." < ABOUT)
                snprintf (about + used, ABOUT - used, "%s%.*s", used > 0 ? ", " : "", next_size, next);
        }
}

/* This is the first command whose name goes on with the same word. */
static bool is_first (const struct line *self, const struct command *command, const char *word, size_t size)
{
    for (size_t i = 0; command_families[i]; i++)
        for (const struct command *one = command_families[i]; one->name; one++) {
            const char *rest = rest_of_name (self, one->name);
            if (rest && strncmp (rest, word, size) == 0 && (rest[size] == ' ' || !rest[size]))
                return one == command;
        }
    return false;
}

static void offer_names (const struct completing *completing, const struct line *self)
{
    for (size_t i = 0; command_families[i]; i++)
        for (const struct command *one = command_families[i]; one->name; one++) {
            const char *rest = rest_of_name (self, one->name);
            size_t size = rest ? strcspn (rest, " ") : 0;
            char word[ABOUT], about[ABOUT];
            if (!rest || !is_first (self, one, rest, size))
                continue;
            snprintf (word, sizeof word, "%.*s", (int)size, rest);
            list_family (self, rest, size, about);
            complete_offer (completing, word, rest[size] ? about : one->summary);
        }
    if (self->name_count == 0 && !self->is_help)
        complete_offer (completing, "help", "of a command");
}

/* --- Options and values -------------------------------------------------------------------------------- */

static void offer_options (const struct completing *completing, const struct line *self)
{
    const struct option_set given = {self->given, self->given_count};
    if (self->command && self->command->options)
        complete_options (completing, self->command->options, &given);
    complete_options (completing, global_options, &given);
}

static void offer_value (const struct completing *completing, const struct line *self, const struct option *option)
{
    const struct value_kind kind = {.option = option->name,
                                    .value = option->value,
                                    .values = option->values,
                                    .is_list = (option->flags & OPTION_CODES) == OPTION_CODES,
                                    .command = self->command ? self->command->name : ""};
    complete_value (*completing, &kind);
}

/* --option=value in one word. */
static void offer_joined (struct completing completing, const struct line *self)
{
    size_t size = strcspn (completing.typed, "=");
    const struct option *option = options_known (self->command, completing.typed + 2, size - 2);
    completing.before = completing.typed;
    completing.before_size = size + 1;
    completing.typed += size + 1;
    if (option && option->value)
        offer_value (&completing, self, option);
}

/* The next argument. Where the command takes no more of them, its options come next. */
static void offer_argument (const struct completing *completing, const struct line *self)
{
    char name[ABOUT];
    const char *arguments = self->command->arguments;
    for (size_t i = 0; arguments && i < self->argument_count; i++) {
        const char *blank = strchr (arguments, ' ');
        arguments = blank ? blank + 1 : NULL;
    }
    if (!arguments) {
        if (!self->only_arguments)
            offer_options (completing, self);
        return;
    }
    arguments += *arguments == '[';
    snprintf (name, sizeof name, "%.*s", (int)strcspn (arguments, " ]"), arguments);
    const struct value_kind kind = {.value = name, .command = self->command->name};
    complete_value (*completing, &kind);
}

void complete_command (struct completing self)
{
    struct line line = {.name_count = 0};
    for (size_t i = 0; i < self.word_count && !line.is_lost; i++)
        take_word (&line, self.words[i]);
    if (line.is_lost)
        return;
    if (line.awaits)
        offer_value (&self, &line, line.awaits);
    else if (!line.only_arguments && strncmp (self.typed, "--", 2) == 0 && strchr (self.typed, '='))
        offer_joined (self, &line);
    else if (!line.only_arguments && self.typed[0] == '-')
        offer_options (&self, &line);
    else if (!line.command)
        offer_names (&self, &line);
    else if (!line.is_help)
        offer_argument (&self, &line);
}
