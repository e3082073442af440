/* A batch that is being decided. It takes as many steps as needed, each in a turn, and its checks are answered
   together.

   Each check is judged as if it had come alone, with a key of its own and its own line of the log. Its decision
   stands once its turn is durable. If the subject's file changes before the answer leaves, the answer knows it
   (C13): an ADVISE is decided again; for a DISCLOSE the recorded answer is given again, which says whether what it
   rested on was revoked since.

   A batch that discloses all or nothing is decided in one step, whatever that costs: first all of its checks are
   tried, then all are made (request.h).

   Checks that ask for advice and are equal, byte for byte, are decided once, with one line of the log that says
   how often it was asked (L6). Checks that disclose are never joined: each is a disclosure. */
#pragma once
#include "dispatch/dispatch.h"

struct batch;

/* Makes a batch from a request that dispatch () admitted and lent. Its message is the caller's, and must stay
   where it is as long as the batch. Caller owns the batch. */
struct batch *batch_new (const struct request *request);
void batch_destroy (struct batch **self_p);

/* Decides at least one check more, and goes on until the turn has spent `allowance` on it. 0: all are decided, and
   the answer is lent until the arena's next reset; BATCH_MORE: a later turn must decide more; or a failure. In
   every case the end of the turn must be told: batch_keep or batch_undo. */
int batch_step (struct batch *self, struct turn *turn, const struct caller *caller, uint64_t allowance,
                struct bytes *answer);
/* The turn of the last step is durable: keeps its decisions. */
void batch_keep (struct batch *self);
/* The turn of the last step failed: forgets its decisions, so that they are made again. */
void batch_undo (struct batch *self);
