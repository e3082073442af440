/* Answers that are given again for the same idempotency key (G11), for 24 hours.

   An answer stands in its line of the log, with its key. An index in the store leads from the key to the line. It
   is written in the transaction of the line, so both are there or neither, and a start has nothing to read. The
   index is a hint, since the line decides: an entry that is past its time does no harm, and leaves the index
   later. */
#pragma once
#include "bytes.h"
#include "turn.h"

/* What identifies a request. Of the body only a keyed fingerprint is kept, since the body holds personal data. */
struct idempotency {
    const char *party; /* whose key it is: each party has its own keys; borrowed */
    uint8_t key[VAULT_ID_SIZE];
    uint8_t body[VAULT_ID_SIZE];
};

/* Finds which lines are past their time, for this start. The state was loaded. 0 or a failure. */
int idempotency_begin (struct turn *turn);
/* Takes up a store whose lines have no index yet (registry/upgrade.h): a bounded part of the lines that are not
   past their time, from *line on; 0 at first. *line is then the next one; STORE_NOT_FOUND: all are taken up.
   Resets the arena. Else 0 or a failure. */
int idempotency_take_up (struct turn *turn, uint64_t *line);

struct idempotency idempotency_of (const struct turn *turn, const char *party, const uint8_t idempotency_key[16],
                                   struct bytes body);
/* Looks the answer up. 0 with the number of the line of the log that holds it, IDEMPOTENCY_UNUSED,
   IDEMPOTENCY_CONFLICT or a failure. */
int idempotency_find (struct turn *turn, const struct idempotency *idempotency, uint64_t *number);
/* Files the answer, of which the line of the log was just written. Now and then also deletes a few entries that
   are past their time. 0 or a failure. */
int idempotency_put (struct turn *turn, const struct idempotency *idempotency);
