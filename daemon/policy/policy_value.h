/* Turns the fields of a stanza into checked values: text, words, numbers, codes and lists of codes.

   The first fault of a part is told; everything after it in that part is done without effect. So a reader calls
   one function after the other, and looks at `failed` once, at its end. After a failure the returned values are
   harmless and mean nothing. The whole reading is one part, unless it `goes_on`: then each field is a part of its
   own, and what policy_part begins. */
#pragma once
#include <stdarg.h>
#include "policy_stanza.h"

/* A named list of codes, so that "the-eight" is written once. */
struct policy_group {
    struct policy_entry entry;
    code_set members;
};

/* The codes of one sort that a pack declares. Each entry of the list begins with struct policy_entry. */
struct policy_vocabulary {
    const char *sort; /* "category" */
    const void *list;
    size_t count, stride;
    const struct policy_group *groups; /* NULL: this sort has none */
    size_t group_count;
    bool incomplete; /* its file was not understood whole: a code may be missing here that the author wrote */
};

/* A pack that is being read. */
struct policy_reading {
    struct policy *policy;
    struct policy_faults *faults;
    const char *file;                       /* the file that is being read */
    const struct policy_document *document; /* the same, in its parts; NULL: a fault is told without its place */
    const struct policy_field *field;       /* that is being read */
    bool goes_on;
    bool failed;     /* in this part */
    size_t failures; /* in all parts */
    bool unsure;     /* something of this file was not understood, and left out */
    struct policy_group *kind_groups, *category_groups;
    struct arena *arena;       /* for cases */
    bool cases_are_meaningful; /* nothing is wrong in the files before cases.txt */
    struct policy_vocabulary kinds, categories, purposes, origins, statutes;
    bool unsure_reasons, unsure_representatives;
};

/* Begins a part, if the reading goes on after a fault. */
void policy_part (struct policy_reading *self);
/* Begins with this field, which is a part, unless it was begun already. False: it is not to be read, because it is
   missing or refused, which has been told, or because this part failed. */
bool policy_field_begin (struct policy_reading *self, const struct policy_field *field);

void policy_fail (struct policy_reading *self, unsigned line, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

/* Fails without a word: what is wrong is, or may be, what was told elsewhere. */
void policy_fail_silently (struct policy_reading *self);

/* A key that a sort of stanza may have. */
struct policy_key {
    const char *name;
    enum { KEY_REQUIRED, KEY_OPTIONAL, KEY_REPEATED } use; /* repeated: none, or any number */
};

/* Fails on each key that is not in `keys`, occurs twice without being KEY_REPEATED, has no value, or is required
   and missing. A key that is like one that is missing counts as that one from then on. */
void policy_stanza_check (struct policy_reading *self, const struct policy_stanza *stanza,
                          const struct policy_key *keys, size_t count);
/* The field with this key, if it was not refused. NULL: there is none. */
struct policy_field *policy_stanza_field (const struct policy_stanza *stanza, const char *key);
/* It has a field with this key, if only one that was refused. */
bool policy_stanza_has (const struct policy_stanza *stanza, const char *key);

/* Fails if `name` cannot be a code. A code is [a-z0-9][a-z0-9.-]*, at most 48 bytes, and no word of the language.
   Codes of flows may have capitals, since the rows of the table are called A1 and so on. */
void policy_check_code (struct policy_reading *self, unsigned line, const char *sort, const char *name);

/* The words of a value, between spaces, commas and line ends. */
struct policy_words {
    char *at;
    unsigned line;      /* of the last word returned */
    unsigned line_ends; /* passed since that word */
};

struct policy_words policy_words_of (struct policy_field *field);
/* The next word, or NULL. It is ended with a NUL, so the words of a field can be read only once. */
char *policy_words_next (struct policy_words *self);

/* `field` may be NULL in these functions, because a required field that is missing was told before: then they fail
   without a word. Functions for optional fields say so. */

/* The value as one line. */
const char *policy_field_text (struct policy_reading *self, struct policy_field *field);
/* The only word of the value. */
char *policy_field_word (struct policy_reading *self, struct policy_field *field);
struct policy_word {
    const char *text;
    unsigned line; /* that has the word */
};

/* The position in `words` of the only word of the value, or of this word. -1 after a failure. */
int policy_field_choice (struct policy_reading *self, struct policy_field *field, const char *const *words,
                         size_t count);
int policy_word_choice (struct policy_reading *self, const struct policy_field *field, struct policy_word word,
                        const char *const *words, size_t count);
/* "yes" or "no". NULL (not given) is no. */
bool policy_field_yes (struct policy_reading *self, struct policy_field *field);

/* A number from 0 to `most`, in digits. */
unsigned policy_word_number (struct policy_reading *self, unsigned line, const char *word, unsigned most);
unsigned policy_field_number (struct policy_reading *self, struct policy_field *field, unsigned most);
/* A number above 0 with its unit: "12 months". Days may also be given as weeks: "4 weeks". */
enum policy_unit { UNIT_DAYS, UNIT_MONTHS, UNIT_YEARS };
unsigned policy_field_period (struct policy_reading *self, struct policy_field *field, enum policy_unit unit);

/* The position of a code that the vocabulary has. CODE_NONE after a failure. */
code policy_word_code (struct policy_reading *self, unsigned line, const char *word,
                       const struct policy_vocabulary *vocabulary);
code policy_field_code (struct policy_reading *self, struct policy_field *field,
                        const struct policy_vocabulary *vocabulary);
/* Adds one code, or the members of one group. The set may not have any of them already. */
void policy_word_add (struct policy_reading *self, unsigned line, const char *word,
                      const struct policy_vocabulary *vocabulary, code_set *set);
/* A list of codes and groups. NULL (not given) gives an empty set, and so does a list with a fault. Each word that
   is wrong is told. */
code_set policy_field_codes (struct policy_reading *self, struct policy_field *field,
                             const struct policy_vocabulary *vocabulary);
