/* Which word of a table was likely meant by one that is in none. What was typed is never shown: only the table's.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { LIKELY_WORD_MAX = 48 /* bytes; a longer word is like none */ };

struct likely {
    const char *typed; /* borrowed */
    size_t size;
    size_t least; /* letters that are wrong in the best so far; from this on a word is not like it */
};

struct likely likely_begin (const char *typed, size_t size);
/* The word is more like what was typed than every word that was tried before, and like enough: at most two letters
   are wrong, missing, too many or changed about, of a word that has more than that; or what was typed is its
   beginning. */
bool likely_try (struct likely *self, const char *word);
/* How many letters must be put in, left out, changed, or changed about with the next (Damerau) to make the one of
   the other; a capital is the letter that it is. Of each at most LIKELY_WORD_MAX bytes count. */
size_t likely_distance (const char *a, size_t a_size, const char *b, size_t b_size);
