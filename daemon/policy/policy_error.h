/* Says what is wrong with a pack, and what was probably meant. */
#pragma once
#include <stdarg.h>
#include "policy_read.h"

/* In whose words faults are told: NULL, those of the code; else what this gives for one of its texts, with the
   same conversions in the same order. For a program that tells people in their language; set before anything is
   read. */
void policy_error_speak (const char *(*words) (const char *english));
/* A text of a fault, or a word that is put into one, as it is to be told. */
const char *policy_in_words (const char *english) __attribute__ ((format_arg (1)));

/* Fills `error`, and returns POLICY_INVALID. */
int policy_error_set (struct policy_error *error, const char *file, unsigned line, const char *format, ...)
    __attribute__ ((format (printf, 4, 5)));
int policy_error_vset (struct policy_error *error, const char *file, unsigned line, const char *format,
                       va_list list) __attribute__ ((format (printf, 4, 0)));

/* Says that it is in this field of this stanza; "": in none. */
void policy_error_place (struct policy_error *error, const char *sort, const char *name, const char *field);

/* Adds what is wrong to what was found before. Returns POLICY_INVALID. */
int policy_faults_add (struct policy_faults *self, const struct policy_error *error);
int policy_faults_set (struct policy_faults *self, const char *file, unsigned line, const char *format, ...)
    __attribute__ ((format (printf, 4, 5)));

enum { POLICY_CODE_SIZE = 48 }; /* the longest code */

/* Finds the known word nearest to an unknown one: start, offer each known word, ask. Words are borrowed. */
struct policy_nearest {
    const char *word;
    const char *best;
    size_t distance;
};

void policy_nearest_start (struct policy_nearest *self, const char *word);
void policy_nearest_offer (struct policy_nearest *self, const char *known);
/* Writes `; did you mean "naw"?`, or nothing if no known word is near. Returns `hint`. */
const char *policy_nearest_hint (const struct policy_nearest *self, char *hint, size_t size);
