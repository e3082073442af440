/* Which word of a table was likely meant by one that is in none. What was typed is never shown: only the table's.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

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
