/* The number of a citizen (burgerservicenummer, BSN): what counts as one, and whether a text holds one. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { BSN_SIZE = 9 };

/* Eight or nine digits that pass the 11-test and are not all zero. */
bool bsn_is_valid (const char *text);
/* Nine digits with a right sum of the 11-test; nine zeroes too. No opaque id may look like this. */
bool bsn_is_alike (const char *text);
/* The text holds this number (nine digits), or its last eight digits if the first is 0. The digits may be in
   groups: signs that a reference may have between them are ignored. */
bool bsn_is_within (const char *text, const char bsn[BSN_SIZE + 1]);
/* Finds the numbers within a text that count as a BSN, one at a time, in the same way. *at is 0 for the first.
   False: there is no further one. A text of more than BSN_WITHIN bytes holds none. */
enum { BSN_WITHIN = 64 };
bool bsn_next (const char *text, size_t *at, char bsn[BSN_SIZE + 1]);
