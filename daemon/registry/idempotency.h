/* Answers that are given again for the same idempotency key (G11), for 24 hours.

   An answer stands in its line of the log, with its key. An index over them is kept in memory, and made from the
   log at the start. The index is a hint, since the line decides. So an answer costs no write of its own. */
#pragma once
#include "bytes.h"
#include "turn.h"

/* What identifies a request. Of the body only a keyed fingerprint is kept, since the body holds personal data. */
struct idempotency {
    const char *party; /* whose key it is: each party has its own keys; borrowed */
    uint8_t key[VAULT_ID_SIZE];
    uint8_t body[VAULT_ID_SIZE];
};

struct idempotency_index;
struct idempotency_index *idempotency_index_new (void);
void idempotency_index_destroy (struct idempotency_index **self_p);
/* Fills turn->idempotency from the lines of the last 24 hours. Resets the arena. 0 or a failure. */
int idempotency_index_load (struct turn *turn);

struct idempotency idempotency_of (const struct turn *turn, const char *party, const uint8_t idempotency_key[16],
                                   struct bytes body);
/* Looks the answer up. 0 with the number of the line of the log that holds it, IDEMPOTENCY_UNUSED,
   IDEMPOTENCY_CONFLICT or a failure. */
int idempotency_find (struct turn *turn, const struct idempotency *idempotency, uint64_t *number);
/* Files the answer. Its line of the log was just written. */
void idempotency_put (struct turn *turn, const struct idempotency *idempotency);
