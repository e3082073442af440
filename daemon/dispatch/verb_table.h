/* The table of verbs. It alone says who may do what and where, and what happens besides the answer. What a row
   does not name is false, nothing, or refused. */
#pragma once
#include "channel.h"
#include "request.h"
#include "share.h"
#include "verbs/verbs.h"

/* What the log keeps of a request and its answer: without the BSN, and sealed under the key of the person whom it
   is about (R7). Of a request that was refused before anybody looked who that is, nothing is kept, unless it asks
   for a decision. */
enum evidence_kept {
    KEEP_NOTHING,
    KEEP_REQUEST,
    KEEP_BOTH,
    KEEP_DECISION, /* both, and the hash of the pack that was decided by */
};

struct verb_entry {
    const char *name;     /* in the log; of VERB_NONE: of a message that cannot be read */
    uint32_t permissions; /* one of these suffices; 0: any party */
    uint32_t
        on_requests; /* one of these suffices at the endpoint of requests, though `channels` does not have it */
    unsigned channels;    /* bits of enum channel */
    verb_handler *handle; /* NULL: a batch, whose checks are judged one by one */
    bool answers_again;   /* its answer is kept for its idempotency key, unless it only tried (G11) */
    bool decides;         /* depends on the time: not while the clock is stopped (C14) */
    bool protects;        /* waits behind nothing else, and is never delayed because of other requests (L2, L3) */
    bool names_by_id;     /* says whom it is about by the id or number of what is kept of that person */
    bool is_counted;      /* has no line of its own in the log (A1) */
    bool may_seek;        /* a way to look for people: a record that it opens was of somebody unknown (L6) */
    enum evidence_kept keep;
    enum share_way when_full; /* how it is recorded if there is no room outside the reserve (L5) */
};

extern const struct verb_entry verb_table[VERBS];

/* The verb may be used on this channel. */
bool verb_is_on (enum verb verb, enum channel channel);
