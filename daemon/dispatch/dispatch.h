/* From the bytes of a request to the bytes of its answer: permission, verb, line of the log. The daemon, the
   tests, and a simulation with its own clock all use this function. */
#pragma once
#include "bytes.h"
#include "caller.h"
#include "codec/codec.h"
#include "turn.h"

/* Handles one request in the turn's transaction, and lends the answer until the arena's next reset. 0;
   DISPATCH_BATCH: the request is a batch that may be asked here; it is lent as long, nothing was done yet, and the
   caller begins it (batch.h); or the failure for which the transaction must be abandoned. */
int dispatch (struct turn *turn, const struct caller *caller, struct bytes message, struct bytes *answer,
              const struct request **batch);

/* A check of a batch. */
struct dispatch_check {
    struct codec_place place;
    unsigned times;            /* how often it is in the batch, for its line of the log */
    struct together *together; /* of a batch that discloses all or nothing; else NULL */
    bool has_subject;
    uint8_t subject[VAULT_ID_SIZE]; /* out: the subject that it was about */
};
/* Handles a check of a batch, as a request of its own. If it cannot be read, it harms no other check (C12). */
int dispatch_check (struct turn *turn, const struct caller *caller, struct dispatch_check *check,
                    struct bytes *answer);

/* Tries a check of a batch that discloses all or nothing, which is in the phase TOGETHER_TRY: counts it if it
   would be permitted whole. One that has its recorded answer (G11) is not made again, and does not count. Writes
   nothing. 0 or a failure. */
int dispatch_try_check (struct turn *turn, const struct caller *caller, struct dispatch_check *check);

/* Fills what every answer says about the registry: epoch, revision, time. */
void dispatch_fill_common (const struct turn *turn, struct reply *reply);

/* Answers UNAVAILABLE to a request whose turn failed: nothing was done. */
void dispatch_unavailable (struct turn *turn, struct bytes message, const char *why, struct bytes *answer);

/* Answers FORBIDDEN to a message whose key is no party's. It tells nothing about the registry. */
void dispatch_stranger (struct turn *turn, struct bytes message, struct bytes *answer);

/* Answers INVALID to a message on a connection that chose its own routing id. */
void dispatch_own_route (struct turn *turn, struct bytes message, struct bytes *answer);
