/* The data of a subject that each party received, and the disclosures to it of which the subject was informed.
   They tell whom a restriction or a correction must reach (V4, AVG 19), and of what nobody need be informed twice
   (C10).

   There is one record for each party. It is written only when it says something new. */
#pragma once
#include "record/record.h"
#include "turn.h"

/* A record as it is in the store, lent by the store until something is written. */
struct received_record {
    struct bytes key, value;
};
/* Finds the records of a subject, ordered by party id. The array is the turn's arena's. 0 or a failure. */
int received_find_records (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE],
                           const struct received_record **all, size_t *count);
/* Opens the records into the arena, under the subject's key. 0 or RECORD_DAMAGED. */
int received_open (struct arena *arena, const struct vault_key *key, const struct received_record *records,
                   size_t count, const struct received **all);
/* Writes one record. 0 or a failure. */
int received_write (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct vault_key *key,
                    const struct received *one);

/* The record of this party. NULL: it received nothing. */
const struct received *received_find (const struct received *all, size_t count, const char *party);
/* Puts in `all` what `before` (NULL: nothing) and `more` hold together. False if `more` adds nothing. */
bool received_add (struct arena *arena, const struct received *before, const struct received *more,
                   struct received *all);
