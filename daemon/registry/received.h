/* Which data of a subject each party received, and of which disclosures to it the subject was informed: whom a
   restriction or a correction must reach (V4, AVG 19), and whom nobody need be told of twice (C10).

   A record a party, written only where it says something new. */
#pragma once
#include "record/record.h"
#include "turn.h"

/* Reads those of a subject, by party id. 0, RECORD_DAMAGED or a failure. */
int received_read (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct vault_key *key,
                   const struct received **all, size_t *count);
/* Writes one. 0 or a failure. */
int received_write (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct vault_key *key,
                    const struct received *one);

/* That of this party; NULL: it received nothing. */
const struct received *received_find (const struct received *all, size_t count, const char *party);
/* `before` (NULL: nothing) with what `more` adds, in `all`. False if it adds nothing. */
bool received_add (struct arena *arena, const struct received *before, const struct received *more,
                   struct received *all);
