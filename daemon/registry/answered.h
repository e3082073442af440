/* What was answered to a request, as it is given again (G11). */
#pragma once
#include "audit/log.h"
#include "idempotency.h"

struct answered {
    struct audit_head head; /* of the line that holds it; text is the arena's */
    struct bytes reply;     /* as it was sent, marked as given again; the arena's */
};

/* Opens the answer in line `number` of the log, which idempotency_find has found. It says whether what it rested
   on was withdrawn since, or ended by a correction. Reads only. 0; IDEMPOTENCY_ERASED: its subject is being
   erased, or was since, and nobody can read it (R7); or a failure. */
int answered_open (struct turn *turn, uint64_t number, struct answered *answered);
