/* A batch under way: its checks are decided in as many steps as it takes, each in a turn, and answered together.

   Each check is judged as if it had come alone, under a key of its own, with its own line of the log, and what was
   decided of it stands once its turn is durable. What another changed meanwhile of the subject is known before the
   answer leaves (C13): an ADVISE is decided again; of a DISCLOSE the recorded answer is given again, which says so
   where what it rested on was revoked since.

   Checks that ask for advice and are equal, byte for byte, are decided once, with one line of the log that says
   how often it was asked (L6). Those that disclose are disclosures each. */
#pragma once
#include "dispatch/dispatch.h"

struct batch;

/* A batch that dispatch () admitted and lent. Its message is the caller's, and stays where it is as long as the
   batch. Caller owns it. */
struct batch *batch_new (const struct request *request);
void batch_destroy (struct batch **self_p);

/* Decides at least one check more, and goes on until that has cost the turn `allowance`. 0: all are decided, and
   the answer is lent until the arena's next reset; BATCH_MORE: there is more to decide, in a turn to come; or a
   failure. Whatever comes of it, the end of the turn is told: batch_keep or batch_undo. */
int batch_step (struct batch *self, struct turn *turn, const struct caller *caller, uint64_t allowance,
                struct bytes *answer);
/* The turn of the last step is durable. */
void batch_keep (struct batch *self);
/* It failed: what was decided in it is to be decided again. */
void batch_undo (struct batch *self);
