/* From the bytes of a request to the bytes of its answer: permission, verb, log line. The same function serves the
   daemon, the tests and a simulation with a clock of its own. */
#pragma once
#include "bytes.h"
#include "caller.h"
#include "codec/codec.h"
#include "turn.h"

/* Handles one request in the turn's transaction and lends the answer's bytes until the arena's next reset. 0;
   DISPATCH_BATCH: a batch that may be asked here, as it was read and lent as long; nothing was done, begin it
   (batch.h); or the failure for which the transaction must be abandoned. */
int dispatch (struct turn *turn, const struct caller *caller, struct bytes message, struct bytes *answer,
              const struct request **batch);

/* A check that stands in a batch. */
struct dispatch_check {
    struct codec_place place;
    unsigned times; /* how often it stands there, for its line of the log */
    bool has_subject;
    uint8_t subject[VAULT_ID_SIZE]; /* out: whom it was about */
};
/* The same for a check of a batch, as a request of its own. What cannot be read is its own harm only (C12). */
int dispatch_check (struct turn *turn, const struct caller *caller, struct dispatch_check *check,
                    struct bytes *answer);

/* What every answer says of the registry: epoch, revision, time. */
void dispatch_fill_common (const struct turn *turn, struct reply *reply);

/* The answer UNAVAILABLE for a request whose turn failed: nothing was done. */
void dispatch_unavailable (struct turn *turn, struct bytes message, const char *why, struct bytes *answer);

/* The answer FORBIDDEN for a message of a key that is no party's: it tells nothing of the registry. */
void dispatch_stranger (struct turn *turn, struct bytes message, struct bytes *answer);

/* The answer INVALID for a message on a connection that chose its own routing id. */
void dispatch_own_route (struct turn *turn, struct bytes message, struct bytes *answer);
