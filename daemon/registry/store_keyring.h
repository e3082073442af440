/* The keyring that belongs to the store: opened, or made for a new store. */
#pragma once
#include "keyring.h"
#include "turn.h"

/* Opens it, makes it where a store that has no subject yet has none, and notes in the store which one it is. To be
   called in the first turn. 0 with *keyring_p and turn->keyring; KEYRING_MISSING, KEYRING_OTHER, VAULT_INVALID or
   negative, each with one sentence in the place's `error`. */
int store_keyring_open (struct turn *turn, const struct keyring_place *place, struct keyring **keyring_p);
/* Notes its generation in the store. A keyring that is older than the store is refused, since it lacks keys. 0 or
   a failure. */
int store_keyring_note (struct turn *turn);

/* The newest round of erasure (a generation of the keyring) of which the store has the whole outcome: what was to
   be erased is taken out, and all other keys are wrapped as the keyring has them since. A store that was put back
   from a copy is behind (catching_up.h). 0 or a failure. */
int store_keyring_read_round (struct turn *turn, uint64_t *round);
int store_keyring_note_round (struct turn *turn, uint64_t round);
