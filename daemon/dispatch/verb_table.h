/* The table of verbs. It alone says who may do what and where, and what happens besides the answer. What a row
   does not name is false, nothing, or refused. */
#pragma once
#include "channel.h"
#include "request.h"
#include "share.h"
#include "verbs/verbs.h"

/* What the log keeps of a request and its answer: sealed, and without the BSN. */
enum evidence_kept { KEEP_NOTHING, KEEP_REQUEST, KEEP_BOTH };

struct verb_entry {
    const char *name;     /* in the log */
    uint32_t permissions; /* one of these suffices; 0: any party */
    unsigned channels;    /* bits of enum channel */
    verb_handler *handle; /* NULL: a batch, whose checks are judged one by one */
    bool answers_again;   /* its answer is kept for its idempotency key, unless it only tried (G11) */
    bool decides;         /* depends on the time: not while the clock is stopped (C14) */
    bool protects;        /* waits behind nothing else, and is never delayed because of other requests (L2, L3) */
    enum evidence_kept keep;
    enum share_way when_full; /* how it is recorded if there is no room outside the reserve (L5) */
};

extern const struct verb_entry verb_table[VERBS];

/* The verb may be used on this channel. */
bool verb_is_on (enum verb verb, enum channel channel);
