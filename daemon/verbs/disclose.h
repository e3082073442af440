/* What a DISCLOSE leaves behind, in the transaction of its decision (C11): the use of one-time consents, which is
   told to the parties concerned (V5); the duties; and what the recipient received. The disclosure itself is the
   decision's line of the log. */
#pragma once
#include "caller.h"
#include "handling.h"
#include "request.h"
#include "turn.h"

struct disclosure {
    const struct check_request *asked;
    const struct decision *decision;
    const struct obligations *obligations;
    uint64_t number;             /* of the decision in the log */
    const char *asked_by, *user; /* the caller's party id, and its user */
};

/* "PROVIDER PURPOSE": a source of which the subject is informed once (C10). The text is the arena's. */
const char *disclosure_source (struct turn *turn, const struct check_request *asked);
/* Records all of it. Where nothing is permitted, nothing is recorded. 0 or a failure. */
int disclose (struct turn *turn, struct subject_file *file, const struct disclosure *disclosure);
