/* A request as the codec hands it on. Its syntax is right, every text was checked, and nothing was looked up yet.

   All memory is the arena's. Absent text is "" and never NULL. Sets are sorted and without doubles. Limits of
   syntax are those of proto/envelope.proto. The verb judges what codes and parties mean. */
#pragma once
#include "bodies.h"
#include "syntax.h"

struct request {
    struct bytes message; /* as it came; of a check of a batch, as it would have come alone. The log keeps it (A1),
                             and a key that comes again must come with the same (G11) */
    unsigned times;       /* of a check of a batch: how often it stands there; else 0 */
    uint32_t version;     /* of the protocol: 1 */
    bool has_key;
    uint8_t idempotency_key[16];
    uint64_t at_least_revision; /* 0: any */
    bool has_epoch;
    uint8_t at_least_epoch[16];
    enum verb verb;
    const struct reference
        *references;  /* all of a request that names its subject by an id of ours, and not by BSN */
    const char *bsn;  /* of the subject that the body names, nine digits, 11-test passed; "": it names none */
    const char *user; /* who acts: of the body, or else of the envelope; "": not named */
    const char *envelope_user; /* who acts as the envelope says; "": it does not */
    bool is_trial;        /* only asks or tries: nothing is recorded but the question, and no answer kept (G11) */
    struct bytes listing; /* that this page goes on with; size 0: none */
    union asked as;
};
