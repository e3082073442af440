/* The data of a subject that each party received, and the disclosures to it of which the subject was informed.
   They tell whom a restriction or a correction must reach (V4, AVG 19), and of what nobody need be informed twice
   (C10). */
#pragma once
#include "record/record.h"

/* What this party received. NULL: nothing. */
const struct received *received_find (const struct received *all, size_t count, const char *party);
/* Puts in `all` what `before` (NULL: nothing) and `more` hold together. False if `more` adds nothing. */
bool received_add (struct arena *arena, const struct received *before, const struct received *more,
                   struct received *all);
/* The list with this party's entry in its place, which is new or takes the place of the party's entry before.
   Memory is the arena's. *count is set to the number of entries. */
struct received *received_with (struct arena *arena, const struct received *all, size_t *count,
                                const struct received *one);
