/* Commands and their options as tables. The parser and the help read the same table, so they cannot disagree. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct arena;
struct ctl;
struct options;

enum {
    OPTION_REQUIRED = 1,
    OPTION_REPEATED = 2,                 /* may be given several times */
    OPTION_CODES = 16 | OPTION_REPEATED, /* its values have no comma: several may stand with commas between them */
    OPTION_INSTEAD = 4,                  /* if it is given, required options may be left out */
    OPTION_PERSONAL = 8, /* an option of the past, which put personal data on the command line: refused; `help`
                            says what to do */
};

struct option {
    const char *name;  /* without the dashes; NULL ends a list */
    const char *value; /* the name of its value in the help; NULL: a flag */
    const char *help;  /* may have \n where a line should break */
    unsigned flags;
    const char *values; /* the words that its value may be, with blanks between; NULL: it is not one of a few */
};

struct command {
    const char *name;             /* "consent grant"; NULL ends a list */
    const char *arguments;        /* "ID": one word for each argument; all are required, but for "[DIR]"; NULL: none */
    const char *summary;          /* one line */
    const char *details;          /* further paragraphs of the help; NULL: none */
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

/* What was given, in the order of the command line. Values point into argv. */
struct options {
    const struct command *command;
    struct given_option given[OPTIONS_GIVEN];
    size_t given_count;
    const char *arguments[OPTIONS_ARGUMENTS];
    size_t argument_count;
};

/* Reads the words after the command. 0, or EX_USAGE with its line printed. The line names only options of the
   table, never what was typed, since that may be personal. */
int options_parse (struct options *self, const struct command *command, const char *const *words, size_t count);

/* Reads the option at words[*at], and moves *at to its last word. Its value is NULL for a flag. 0, or EX_USAGE
   with its line printed. `command` NULL: only global options. */
int options_take (const struct command *command, const char *const *words, size_t count, size_t *at,
                  struct given_option *taken);

/* The option of this name, of the command's table or of every command's. `command` NULL: only of the latter. NULL:
   there is none. */
const struct option *options_known (const struct command *command, const char *name, size_t length);

/* The value of an option of the command's table. NULL: not given. */
const char *options_text (const struct options *self, const char *name);
/* The same, for the protocol: "" if not given. Must not be written to. */
char *options_field (const struct options *self, const char *name);
/* The option that takes standard input, since its file is called "-". NULL: none does. No more than one can. */
const char *options_standard_input (const struct options *self);
bool options_has (const struct options *self, const char *name);
/* All values of a repeated option, in the order given; those of OPTION_CODES one by one. The list is the arena's.
   The texts must not be written to. */
char **options_list (const struct options *self, const char *name, struct arena *arena, size_t *count);
/* Reads a number from `least` to `most`. *number stays as it is if the option is not given. 0, or EX_USAGE with
   its line printed. */
int options_number (const struct options *self, const char *name, unsigned long least, unsigned long most,
                    unsigned long *number);
