/* Answers that are given again for the same idempotency key (G11). Kept for the day on which they were given and the
   next, so at least 24 hours; cleared bit by bit. */
#pragma once
#include "../turn.h"

enum {
    REPLAY_NONE = 1,     /* this key was not used */
    REPLAY_CONFLICT = 2, /* it was used with another body */
};

/* What stands for a request: fingerprints, since the body holds personal data. */
struct replay {
    uint8_t key[VAULT_ID_SIZE];  /* of party and idempotency key */
    uint8_t body[VAULT_ID_SIZE]; /* of the bytes as received */
};

struct replay replay_of (const struct turn *turn, const char *party, const uint8_t idempotency_key[16], struct bytes body);
/* 0 with the number of the line of the log that holds the answer, REPLAY_NONE, REPLAY_CONFLICT, or a failure. */
int replay_find (struct turn *turn, const struct replay *replay, uint64_t *number);
/* 0 or a failure. */
int replay_put (struct turn *turn, const struct replay *replay, uint64_t number);
/* Deletes at most `limit` that are past their time. 0 or a failure. */
int replay_clear (struct turn *turn, unsigned limit);
