/* Counts by name, in the order in which the names came. A tally is a JSON object, so that it is printed as it is.
 */
#pragma once
#include <jansson.h>
#include <stdint.h>

/* Adds to the count of this name, which begins at 0. Returns the count. */
uint64_t tally_add (json_t *counts, const char *name, uint64_t more);
/* 0: the name did not come. */
uint64_t tally_of (const json_t *counts, const char *name);
/* The names as a list. Caller owns it. */
json_t *tally_names (json_t *counts);
/* The names as one text, with `between` between them. Caller must free it. */
char *tally_join (json_t *counts, const char *between);

/* The text, number or object of this key; "", 0 or an empty object that is made, if there is none. Borrowed. */
const char *tally_text (const json_t *object, const char *key);
int64_t tally_number (const json_t *object, const char *key);
json_t *tally_within (json_t *object, const char *key);
