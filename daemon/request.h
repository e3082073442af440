/* A request as the codec hands it on. Its syntax is right, every text was checked, and nothing was looked up yet.

   All memory is the arena's. Absent text is "" and never NULL. Sets are sorted and without doubles. Limits of
   syntax are those of proto/envelope.proto. The verb judges what codes and parties mean. */
#pragma once
#include "bodies.h"
#include "syntax.h"

/* Where a page of a listing begins: behind the entry that this names. A listing uses one of the first three, as
   its verb likes; a run of decisions the last two besides. Nothing is set: at the first entry. */
struct listing_place {
    uint64_t order;
    const char *text; /* NULL: "" */
    struct bytes bytes;
    bool statements; /* of a decision: behind all its facts; `order` is that of a statement, which follow them */
    uint64_t line;   /* of the log, in a run of decisions: behind it; with `statements` the decision whose they are */
};

/* Which page of a listing is asked. Everything else in the body says what is listed (listing.h). */
struct page {
    struct listing_place after;
    uint64_t last;  /* of the log: or so many lines from its end; 0: not asked */
    moment since;   /* of the log: or from this moment on; 0: not asked */
    unsigned limit; /* entries at most, as proto/ says; 0: this listing is not asked for a number */
};

/* A batch that discloses all that its checks ask, or nothing: its checks are first tried, and then all of them are
   made in the same turn. */
enum together_phase {
    TOGETHER_TRY,  /* only judges, and counts */
    TOGETHER_ALL,  /* all were permitted, and are made */
    TOGETHER_NONE, /* one was not: what would be permitted is denied */
};

struct used_consent {
    struct id subject; /* the registry's pseudonym */
    size_t index;      /* in the statements of its file */
};

struct together {
    enum together_phase phase;
    size_t count;              /* of the checks */
    size_t permitted;          /* so many were permitted whole in this phase */
    uint8_t message[16];       /* stands for all bytes of the batch: the same key must come with all of them */
    struct used_consent *used; /* by the checks that were tried so far; room for TOGETHER_ITEMS */
    size_t used_count;
};

struct request {
    struct bytes message; /* as it came; a check of a batch: as if it had come alone. The log keeps it (A1), and
                             the same key must come with the same bytes (G11) */
    unsigned times;       /* a check of a batch: how often it is in the batch; else 0 */
    struct together *together; /* a check of a batch that discloses all or nothing; else NULL */
    uint32_t version;          /* of the protocol: 1 */
    bool has_key;
    uint8_t idempotency_key[16];
    uint64_t at_least_revision; /* 0: any */
    bool has_epoch;
    uint8_t at_least_epoch[16];
    enum verb verb;
    const struct reference
        *references;  /* the references in a request that names its subject by an id of ours, not by BSN */
    const char *bsn;  /* of the subject, nine digits that pass the 11-test; "": the body names none */
    const char *user; /* who acts, by the body or the envelope; "": not named */
    const char *envelope_user; /* who acts as the envelope says; "": it does not */
    bool is_trial;             /* only asks or tries: only the question is recorded, and no answer is kept (G11) */
    struct bytes listing;      /* the ticket of the listing of which this is a page; size 0: none */
    struct page page;
    union asked as;
};
