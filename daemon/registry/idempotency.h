/* Answers that are given again for the same idempotency key (G11), for 24 hours.

   An answer stands in its line of the log, with its key. An index in memory leads from the key to the line. It is
   a hint, since the line decides: an entry whose line never came to be, or is past its time, does no harm.

   So that a start need not read the lines of a day, the index is also kept in the store: now and then one record
   of what thousands of lines have added to it. A start reads these, and the lines behind the last one. A table by
   key would be simpler, and cost every check a page of its own at the next checkpoint. */
#pragma once
#include "request.h"
#include "turn.h"

/* What identifies a request. Of the body only a keyed fingerprint is kept, since the body holds personal data. */
struct idempotency {
    const char *party; /* whose key it is: each party has its own keys; borrowed */
    uint8_t key[VAULT_ID_SIZE];
    uint8_t body[VAULT_ID_SIZE];
};

/* About 16 bytes for each answer of the last 24 hours. */
struct idempotency_index;
struct idempotency_index *idempotency_index_new (void);
void idempotency_index_destroy (struct idempotency_index **self_p);
/* Fills turn->idempotency. The state was loaded. Resets the arena. 0; RECORD_DAMAGED: a line of the log that had
   to be read is missing, or not what it was, and what it answered could be done again; or a failure. `in_doubt`:
   clients are told that all they know is in doubt, and such a line answers nobody. */
int idempotency_load (struct turn *turn, bool in_doubt);

struct idempotency idempotency_of (const struct turn *turn, const char *party, const struct request *request);
/* Looks the answer up. 0 with the number of the line of the log that holds it, IDEMPOTENCY_UNUSED,
   IDEMPOTENCY_CONFLICT or a failure. */
int idempotency_find (struct turn *turn, const struct idempotency *idempotency, uint64_t *number);
/* The same, whatever the body was. 0, IDEMPOTENCY_UNUSED or a failure. */
int idempotency_find_key (struct turn *turn, const char *party, const uint8_t key[16], uint64_t *number);
/* The key of one check of a batch: made of the batch's key and the check's place in it. Nobody else knows it. */
void idempotency_part_key (const struct turn *turn, const uint8_t batch[16], size_t index, uint8_t key[16]);
/* Files the answer, of which the line of the log was just written. 0 or a failure. */
int idempotency_put (struct turn *turn, const struct idempotency *idempotency);

enum { IDEMPOTENCY_RECORDED = 4096 }; /* lines behind the last record, after which the next is written */
/* To be called at the end of a turn that wrote something. Writes a record if it is time and there is room, and
   deletes a few that are past their time. 0 or a failure. */
int idempotency_write (struct turn *turn);
/* The turn is over, and the last line is now this one. */
void idempotency_settle (struct idempotency_index *self, bool has_happened, uint64_t last_line);
