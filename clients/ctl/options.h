/* Commands and their options as tables: the parser and the help text read the same one and cannot disagree. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct arena;
struct ctl;
struct options;

enum {
    OPTION_REQUIRED = 1,
    OPTION_REPEATED = 2, /* may be given several times */
    OPTION_INSTEAD = 4,  /* with it those that are required may be left out */
    OPTION_PERSONAL = 8, /* was taken once, and does not belong on a command line: refused, with `help` instead */
};

struct option {
    const char *name;  /* without the dashes; NULL ends a list */
    const char *value; /* what stands for its value in the help; NULL: a flag */
    const char *help;  /* lines end with \n where the text should break */
    unsigned flags;
};

struct command {
    const char *name;             /* "consent grant"; NULL ends a list */
    const char *arguments;        /* "ID": one word for each argument, all of them required; NULL: none */
    const char *summary;          /* one line */
    const char *details;          /* further paragraphs of its help; NULL: none */
    const struct option *options; /* NULL: none */
    /* Returns the exit code. */
    int (*run) (struct ctl *ctl, const struct options *options);
};

/* Every command takes these. */
extern const struct option global_options[];

struct given_option {
    const struct option *option;
    const char *value; /* NULL: a flag */
};

enum { OPTIONS_GIVEN = 256, OPTIONS_ARGUMENTS = 2 };

/* What was given, in that order. Values point into argv. */
struct options {
    const struct command *command;
    struct given_option given[OPTIONS_GIVEN];
    size_t given_count;
    const char *arguments[OPTIONS_ARGUMENTS];
    size_t argument_count;
};

/* A word of the command line, after the command: reads all of them. 0, or EX_USAGE with its line printed; that
   line names options of the table only, never what was typed: it may be personal. */
int options_parse (struct options *self, const struct command *command, const char *const *words, size_t count);

/* The option that stands at words[*at], moved on to its last word; *value_p is its value, NULL for a flag.
   0, or EX_USAGE with its line printed. `command` may be NULL: global options only. */
int options_take (const struct command *command, const char *const *words, size_t count, size_t *at,
                  struct given_option *taken);

/* The value of an option of the command's table; NULL: not given. */
const char *options_text (const struct options *self, const char *name);
/* The same, "" where it was not given: as the protocol wants it. Not to be written to. */
char *options_field (const struct options *self, const char *name);
bool options_has (const struct options *self, const char *name);
/* Every value of a repeated option, in the order given. The list is the arena's, the texts are not to be written
 * to. */
char **options_list (const struct options *self, const char *name, struct arena *arena, size_t *count);
/* A number from `least` to `most`; `otherwise` where the option is not given. 0, or EX_USAGE with its line
 * printed. */
int options_number (const struct options *self, const char *name, unsigned long least, unsigned long most,
                    unsigned long otherwise, unsigned long *number);
