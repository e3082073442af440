/* The number of a citizen (burgerservicenummer): what passes for one, and whether a text holds one. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { BSN_SIZE = 9 };

/* Eight or nine digits that pass the 11-test, and not all zero. */
bool bsn_is_valid (const char *text);
/* Nine digits of which the sum of the 11-test is right, all zeroes too: no opaque id looks so. */
bool bsn_is_alike (const char *text);
/* The text holds this number (nine digits), or its last eight where the first is 0, also where it is written in
   groups: signs that a reference may have between its digits are passed over. */
bool bsn_is_within (const char *text, const char bsn[BSN_SIZE + 1]);
/* Finds, one at a time, what within the text passes for a number, in the same way. *at is 0 for the first. False:
   there is no further one. A text of more than BSN_WITHIN bytes holds none. */
enum { BSN_WITHIN = 64 };
bool bsn_next (const char *text, size_t *at, char bsn[BSN_SIZE + 1]);
