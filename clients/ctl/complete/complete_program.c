/* What completes a command line of a program that reads its options with getopt: from what its --help says. */
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "complete_parts.h"
#include "help_text.h"
#include "unconst.h"

enum { DEEPEST = 2, PATIENCE = 10 /* s */ };

/* Runs PROGRAM [WORD]... --help. Of the programs of $PATH, as the shell would; never one of the working directory
   by its mere name. NULL: it said nothing. Caller must free it. */
static char *read_help (const char *program, const char *const *words, size_t count)
{
    char *argv[DEEPEST + 3] = {unconst_text (program)};
    int ends[2];
    for (size_t i = 0; i < count; i++)
        argv[i + 1] = unconst_text (words[i]);
    argv[count + 1] = unconst_text ("--help");
    if (pipe (ends) != 0)
        return NULL;
    pid_t child = fork ();
    if (child == 0) {
        int nowhere = open ("/dev/null", O_RDONLY); /* what is typed is the shell's */
        dup2 (nowhere, STDIN_FILENO);
        dup2 (ends[1], STDOUT_FILENO);
        close (ends[0]);
        close (ends[1]);
        alarm (PATIENCE);
        execvp (program, argv);
        _exit (1);
    }
    close (ends[1]);
    char *text = help_text_read (ends[0]);
    close (ends[0]);
    if (child > 0)
        waitpid (child, NULL, 0);
    return text;
}

/* --- Its commands -------------------------------------------------------------------------------------- */

/* What follows in the command's name after these words. NULL: it does not begin with them, or ends there. */
static const char *rest_of_command (const char *command, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen (words[i]);
        if (strncmp (command, words[i], size) != 0 || command[size] != ' ')
            return NULL;
        command += size + 1;
    }
    return command;
}

static bool goes_on_with (const struct help_text *help, const char *const *words, size_t count)
{
    for (size_t i = 0; i < help->command_count; i++) {
        const char *rest = rest_of_command (help->commands[i], words, count - 1);
        size_t size = strlen (words[count - 1]);
        if (rest && strncmp (rest, words[count - 1], size) == 0 && (rest[size] == ' ' || !rest[size]))
            return true;
    }
    return false;
}

/* Reads the help of the command that is named by the first words, or else of the program. NULL: there is none.
   Caller must free it. *depth: of how many words the command's name is. */
static struct help_text *read_deepest (const struct completing *self, const char *program, size_t *depth)
{
    struct help_text *help = NULL;
    for (*depth = 0;; ++*depth) {
        char *text = read_help (program, self->words, *depth);
        free (help);
        help = text ? help_text_scan (text, program) : NULL;
        free (text);
        if (!help || *depth == DEEPEST || *depth == self->word_count ||
            !goes_on_with (help, self->words, *depth + 1))
            return help;
    }
}

static void offer_commands (const struct completing *self, const struct help_text *help)
{
    for (size_t i = 0; i < help->command_count; i++) {
        const char *rest = rest_of_command (help->commands[i], self->words, self->word_count);
        char word[HELP_WORD];
        if (!rest)
            continue;
        snprintf (word, sizeof word, "%.*s", (int)strcspn (rest, " "), rest);
        complete_offer (self, word, NULL);
    }
}

/* --- Its options --------------------------------------------------------------------------------------- */

/* Each option once, whatever values it has. */
static void offer_options (const struct completing *self, const struct help_text *help)
{
    for (size_t i = 0; i < help->option_count; i++) {
        bool is_new = strncmp (help->options[i].name, "--", 2) == 0;
        for (size_t j = 0; j < i; j++)
            is_new = is_new && strcmp (help->options[i].name, help->options[j].name) != 0;
        if (is_new)
            complete_offer (self, help->options[i].name, help->options[i].about);
    }
}

/* Offers what the option's value may be. False: there is no such option, or it is a flag. */
static bool offer_value (const struct completing *self, const struct help_text *help, const char *name,
                         size_t size)
{
    bool is_valued = false;
    for (size_t i = 0; i < help->option_count; i++) {
        const struct help_option *option = &help->options[i];
        if (strlen (option->name) != size || memcmp (option->name, name, size) != 0 || !option->value[0])
            continue;
        const struct value_kind kind = {.option = option->name + strspn (option->name, "-"),
                                        .value = option->value,
                                        .values =
                                            islower ((unsigned char)option->value[0]) ? option->value : NULL};
        complete_value (*self, &kind);
        is_valued = true;
    }
    return is_valued;
}

static void offer (struct completing self, const struct help_text *help, size_t depth)
{
    const char *last = self.word_count > 0 ? self.words[self.word_count - 1] : "";
    if (strcmp (last, "=") == 0 && self.word_count > 1) /* bash makes three words of --option=value */
        last = self.words[self.word_count - 2];
    if (last[0] == '-' && !strchr (last, '=') && offer_value (&self, help, last, strlen (last)))
        return;
    size_t size = strcspn (self.typed, "=");
    if (self.typed[0] == '-' && self.typed[size]) {
        const char *name = self.typed;
        self.before = name;
        self.before_size = size + 1;
        self.typed += size + 1;
        offer_value (&self, help, name, size);
    } else if (self.typed[0] == '-') {
        offer_options (&self, help);
    } else {
        if (depth == self.word_count)
            offer_commands (&self, help);
        complete_offer_files ();
    }
}

void complete_program (struct completing self, const char *program)
{
    size_t depth;
    struct help_text *help = read_deepest (&self, program, &depth);
    if (help)
        offer (self, help, depth);
    free (help);
}
