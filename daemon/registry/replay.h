/* Answers that are given again for the same idempotency key (G11), for 24 hours.

   Each stands in its line of the log, with its key. The index over them is memory, made from the log at the start:
   a hint, since the line decides. So an answer costs no write of its own. */
#pragma once
#include "bytes.h"
#include "turn.h"

enum {
    REPLAY_NONE = 1,     /* this key was not used */
    REPLAY_CONFLICT = 2, /* it was used with another body */
};

/* What stands for a request. Of the body a keyed fingerprint, since it holds personal data. */
struct replay {
    const char *party; /* keys are the party's own; borrowed */
    uint8_t key[VAULT_ID_SIZE];
    uint8_t body[VAULT_ID_SIZE];
};

struct replay_index;
struct replay_index *replay_index_new (void);
void replay_index_destroy (struct replay_index **self_p);
/* Fills turn->replays from the lines of the last 24 hours. Resets the arena. 0 or a failure. */
int replay_index_load (struct turn *turn);

struct replay replay_of (const struct turn *turn, const char *party, const uint8_t idempotency_key[16],
                         struct bytes body);
/* 0 with the number of the line of the log that holds the answer, REPLAY_NONE, REPLAY_CONFLICT, or a failure. */
int replay_find (struct turn *turn, const struct replay *replay, uint64_t *number);
/* Files the answer that will be line `number` of the log, higher than all before. */
void replay_put (struct turn *turn, const struct replay *replay, uint64_t number);
