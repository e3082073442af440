/* The parts of `consentctl complete`. */
#pragma once
#include <stddef.h>
#include "ctl.h"

/* The word that is completed, and what else was typed that matters to every word. */
struct completing {
    const char *typed;        /* what there is of it */
    const char *before;       /* what stands before that in the same word, such as "--form=" */
    size_t before_size;       /* bytes of it */
    const char *const *words; /* all that were typed before it, without the program's name */
    size_t word_count;
};

/* Prints the word, if it begins as what was typed. `about` may have line breaks; NULL or "": it is not explained.
 */
void complete_offer (const struct completing *self, const char *word, const char *about);
/* The shell is to complete names of files, or of directories. */
void complete_offer_files (void);
void complete_offer_directories (void);

/* What a value may be. `values` are its words, with blanks between, if there are only a few; NULL: it is known by
   the option's name and that of its value ("PARTY"). */
struct value_kind {
    const char *option; /* NULL: an argument */
    const char *value;
    const char *values;
    bool is_list;        /* others may stand before it, each with a comma behind it */
    const char *command; /* whose it is; NULL: another program's */
};
void complete_value (struct completing self, const struct value_kind *kind);

/* A command line of consentctl. */
void complete_command (struct completing self);
/* Options of this table that begin as what was typed, but for those that are `given` and count once. */
struct option_set {
    const struct option *const *given;
    size_t given_count;
};
void complete_options (const struct completing *self, const struct option *table, const struct option_set *given);
/* A command line of another program that has a --help as ours have. */
void complete_program (struct completing self, const char *program);
