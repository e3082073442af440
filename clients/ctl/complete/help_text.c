#include "help_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 65536, EXPLANATIONS = 8 /* the column from which on no line begins with an option */ };

char *help_text_read (int file)
{
    size_t size = 0;
    ssize_t got;
    char *text = malloc (TEXT_MAX + 1);
    if (!text)
        abort ();
    while (size < TEXT_MAX && (got = read (file, text + size, TEXT_MAX - size)) > 0)
        size += (size_t)got;
    text[size] = '\0';
    if (size == 0) {
        free (text);
        return NULL;
    }
    return text;
}

/* The option of this name and value; a new one if there is none yet. NULL: there is no more room. */
static struct help_option *find (struct help_text *self, const char *name, const char *value)
{
    for (size_t i = 0; i < self->option_count; i++)
        if (strcmp (self->options[i].name, name) == 0 && strcmp (self->options[i].value, value) == 0)
            return &self->options[i];
    if (self->option_count == HELP_OPTIONS)
        return NULL;
    struct help_option *option = &self->options[self->option_count++];
    snprintf (option->name, sizeof option->name, "%s", name);
    snprintf (option->value, sizeof option->value, "%s", value);
    return option;
}

/* Takes the next word, up to a blank or one of ",]". False: two blanks, or the end, come first. */
static bool next_word (const char **at, char word[HELP_WORD])
{
    *at += **at == ',' || **at == ']';
    *at += **at == ' ';
    *at += **at == '[';
    size_t size = strcspn (*at, " ,]");
    if (size == 0)
        return false;
    snprintf (word, HELP_WORD, "%.*s", (int)size, *at);
    *at += size;
    return true;
}

/* --- Options ------------------------------------------------------------------------------------------- */

/* The names of options that wait for the value that all of them have. */
struct group {
    char names[4][HELP_WORD];
    size_t count;
    size_t first; /* of the options that this line explains, in the text's list */
};

static void end_group (struct help_text *self, struct group *group, const char *value, const char *about)
{
    for (size_t i = 0; i < group->count; i++) {
        struct help_option *option = find (self, group->names[i], value);
        if (option && about)
            snprintf (option->about, sizeof option->about, "%s", about);
    }
    group->count = 0;
}

/* Takes the options at *at with their values, up to two blanks. */
static void take_options (struct help_text *self, const char **at, const char *about)
{
    struct group group = {.count = 0};
    char word[HELP_WORD];
    while (next_word (at, word)) {
        if (word[0] == '-' && group.count < sizeof group.names / sizeof *group.names)
            memcpy (group.names[group.count++], word, sizeof word);
        else if (strcmp (word, "...") != 0)
            end_group (self, &group, word, about);
        if (group.count > 0 && strncmp (*at, " -", 2) == 0) /* the one before has no value */
            end_group (self, &group, "", about);
    }
    end_group (self, &group, "", about);
}

static size_t indent_of (const char *line)
{
    return strspn (line, " ");
}

/* Puts together the explanation of the line, of which it is the part from `column` on, and of the lines below it
   that begin in the same column. */
static void join_about (const char *line, size_t column, const char *const *below, char about[HELP_ABOUT])
{
    size_t used = 0;
    about[0] = '\0';
    for (bool is_first = true; is_first || (*below && column > 0 && indent_of (*below) == column);
         is_first = false) {
        if (!is_first)
            line = *below++;
        used += (size_t)snprintf (about + used, HELP_ABOUT - used, "%s%s", is_first ? "" : " ", line + column);
        if (used >= HELP_ABOUT)
            return;
    }
}

/* It begins with an option, and not as far to the right as explanations go on. */
static bool is_explained (const char *line)
{
    size_t indent = indent_of (line);
    const char *name = line + indent;
    return indent > 0 && indent < EXPLANATIONS && name[0] == '-' &&
           (name[1] == '-' || isalnum ((unsigned char)name[1]));
}

static void take_explained (struct help_text *self, const char *line, const char *const *below)
{
    char about[HELP_ABOUT] = "";
    const char *names = line + indent_of (line), *gap = strstr (names, "  ");
    if (gap)
        join_about (line, (size_t)(gap - line) + indent_of (gap), below, about);
    else if (*below && indent_of (*below) > indent_of (line) + 8) /* it had no room beside the names */
        join_about (*below, indent_of (*below), below + 1, about);
    take_options (self, &names, about);
}

/* --- How it is called ---------------------------------------------------------------------------------- */

static void add_command (struct help_text *self, const char *command)
{
    for (size_t i = 0; i < self->command_count; i++)
        if (strcmp (self->commands[i], command) == 0)
            return;
    if (*command && self->command_count < HELP_COMMANDS)
        snprintf (self->commands[self->command_count++], HELP_WORD, "%s", command);
}

static bool is_lower (const char *word)
{
    return word[strspn (word, "abcdefghijklmnopqrstuvwxyz-")] == '\0' && word[0] != '-';
}

/* What follows the name of the program. */
static void take_call (struct help_text *self, const char *at)
{
    char command[HELP_WORD] = "", word[HELP_WORD];
    const char *before = at;
    while (next_word (&at, word) && is_lower (word) && strlen (command) + strlen (word) + 2 < HELP_WORD) {
        strcat (strcat (command, *command ? " " : ""), word);
        before = at;
    }
    add_command (self, command);
    for (at = before; (at = strstr (at, "--")) != NULL;) {
        char name[HELP_WORD];
        bool is_valued = next_word (&at, name) && at[0] == ' ' && isupper ((unsigned char)at[1]);
        find (self, name, is_valued && next_word (&at, word) ? word : "");
    }
}

/* What follows "Usage: PROGRAM" or "PROGRAM" at the beginning of the line. NULL: it does not begin so. */
static const char *after_program (const char *line, const char *program)
{
    line += indent_of (line);
    if (strncmp (line, "Usage: ", 7) == 0 || strncmp (line, "usage: ", 7) == 0)
        line += 7;
    size_t size = strlen (program);
    return strncmp (line, program, size) == 0 && line[size] == ' ' ? line + size : NULL;
}

struct help_text *help_text_scan (char *text, const char *program)
{
    struct help_text *self = calloc (1, sizeof *self);
    const char **lines = calloc (TEXT_MAX + 2, sizeof *lines);
    size_t count = 0;
    if (!self || !lines)
        abort ();
    for (char *rest = text; rest;)
        lines[count++] = strsep (&rest, "\n");
    for (size_t i = 0; i < count; i++) {
        const char *call = after_program (lines[i], program);
        if (call)
            take_call (self, call);
        else if (is_explained (lines[i]))
            take_explained (self, lines[i], lines + i + 1);
    }
    free (lines);
    return self;
}
