/* Recorded answers that are given again (G11). */
#pragma once
#include "bytes.h"
#include "caller.h"
#include "request.h"
#include "turn.h"

/* Lends the answer in line `number` of the log. It is marked as given again, and says whether what it rested on
   was withdrawn since. Also writes the line that says so. 0; IDEMPOTENCY_ERASED: its subject was erased since, and
   nobody can read it (R7); or a failure. */
int again_answer (struct turn *turn, const struct caller *caller, const struct request *request, uint64_t number,
                  struct bytes *answer);
