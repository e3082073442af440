/* From the bytes of a request to the bytes of its answer: permission, verb, log line. The same function serves the
   daemon, the tests and a simulation with a clock of its own. */
#pragma once
#include "bytes.h"
#include "caller.h"
#include "codec/codec.h"
#include "registry/idempotency.h"
#include "registry/subject_file.h"
#include "reply.h"
#include "turn.h"

/* What a verb makes: the answer, and what the log says of it. */
struct outcome {
    struct reply reply;
    const char *result; /* "permit"; NULL: the name of the status */
    const char *note;
    struct subject_file file; /* of the subject that it is about */
    bool has_file;
    const struct rule_codes *all_reasons;
    size_t reason_count;
    const struct id *rested_on;
    size_t rested_count;
    bool counted;         /* A1: it has no line of its own */
    struct idempotency idempotency; /* G11: what the request's key and body are */
    bool is_replayable;
    bool is_logged;     /* its line, or the lines of its parts, are written or counted */
    uint64_t continues; /* the line of the listing of which this is a further page (A1); 0: of none */
};

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

/* For verbs: the answer is this status. Each returns 0. */
int outcome_status (struct outcome *outcome, enum status status, const char *message);
int outcome_invalid (struct outcome *outcome, const char *field, const char *message);
