/* The policy packs that decided, whole, by the hash that each decision names: a decision of years ago can be
   explained although nobody has that pack any more. They hold no personal data, and the hash vouches for them. */
#pragma once
#include "turn.h"

enum { PACKS_HASH = 32, PACKS_PART = 32 * 1024 }; /* bytes; of a part, but the last has what is left */

/* Keeps the pack in force, if it is not kept already. 0 or a failure. */
int packs_keep (struct turn *turn);
/* Lends a part of the pack with this hash, as store_get does, and whether another follows. 0; STORE_NOT_FOUND: it
   is not kept, or has no such part; or a failure. */
int packs_find (struct turn *turn, const uint8_t hash[PACKS_HASH], unsigned part, struct bytes *bytes, bool *more);
