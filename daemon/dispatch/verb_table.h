/* The table of verbs: the one place that says who may do what and where, and what comes of it besides its answer.
   What a row does not name is no, nothing, or refused. */
#pragma once
#include "channel.h"
#include "request.h"
#include "share.h"
#include "verbs/verbs.h"

/* What of a request and its answer the log keeps, sealed, without the BSN. */
enum evidence_kept { KEEP_NOTHING, KEEP_REQUEST, KEEP_BOTH };

struct verb_entry {
    const char *name;     /* in the log */
    uint32_t permissions; /* one of these suffices; 0: whoever has a key */
    unsigned channels;    /* bits of enum channel */
    verb_handler *handle; /* NULL: of a batch, whose checks are judged each */
    bool answers_again;   /* its answer is kept for its idempotency key, unless it was a trial (G11) */
    bool decides;         /* by the time: not while the clock is stopped (C14) */
    bool protects; /* waits behind nothing else, and is never put off for what the party asked before (L2, L3) */
    enum evidence_kept keep;
    enum share_way when_full; /* how it is recorded where there is no room outside the reserve (L5) */
};

extern const struct verb_entry verb_table[VERBS];

/* Whether a verb has its place on this channel. */
bool verb_is_on (enum verb verb, enum channel channel);
