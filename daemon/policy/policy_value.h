/* Turns the fields of a stanza into checked values: text, words, numbers, codes and lists of codes.

   The first fault is kept; everything after it is done without effect. So a reader calls one function after the
   other, and looks at `failed` once, at its end. After a failure the returned values are harmless and mean
   nothing. */
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
};

/* A pack that is being read. */
struct policy_reading {
    struct policy *policy;
    struct policy_error *error;
    const char *file; /* the file that is being read */
    bool failed;
    struct policy_group *kind_groups, *category_groups;
    struct arena *arena; /* for cases */
    struct policy_vocabulary kinds, categories, purposes, origins, statutes;
};

void policy_fail (struct policy_reading *self, unsigned line, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

/* A key that a sort of stanza may have. */
struct policy_key {
    const char *name;
    enum { KEY_REQUIRED, KEY_OPTIONAL, KEY_REPEATED } use; /* repeated: none, or any number */
};

/* Fails on a key that is not in `keys`, occurs twice without being KEY_REPEATED, has no value, or is required and
   missing. */
void policy_stanza_check (struct policy_reading *self, const struct policy_stanza *stanza,
                          const struct policy_key *keys, size_t count);
/* The field with this key. NULL: there is none. */
struct policy_field *policy_stanza_field (const struct policy_stanza *stanza, const char *key);

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

/* `field` may be NULL in these functions only after a failure, because the failure of a required field that is
   missing was reported before. Functions for optional fields say so. */

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
/* A list of codes and groups. NULL (not given) gives an empty set. */
code_set policy_field_codes (struct policy_reading *self, struct policy_field *field,
                             const struct policy_vocabulary *vocabulary);
