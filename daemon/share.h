/* From which share of the store a request is recorded, where only the reserve is left (L2, L5).

   - What changes something by a withdrawal or a restriction, and an acknowledgement of events: the share of
   withdrawals, and the verb itself says so when it knows. Of it a party has, until there is room again, never
   taken more than is left for all others: so one that withdraws whatever it can leaves half, and a second one a
   quarter.
   - What an operator needs to see and mend a full registry: the share of operators. Reading takes three quarters
   of it at most, so that a party can still be removed when somebody has looked too often.
   - What changes nothing, and must be answered all the same (a withdrawal that is repeated, refused or answered
   again, subscribing, status, who am I): counted (audit/counted.h), which takes no room.
   - Everything else is refused, and counted as refused. */
#pragma once
#include "caller.h"
#include "turn.h"
#include "verb.h"

/* How a request is recorded where there is no room outside the reserve. */
enum share_way { SHARE_REFUSED, SHARE_COUNTED, SHARE_OF_WITHDRAWALS, SHARE_OF_READING, SHARE_OF_MENDING };

/* The request is about to be handled; `when_full` says the table of verbs. True, and the transaction uses its
 * share; false: there is no room for it. */
bool share_begin (struct turn *turn, const struct caller *caller, enum share_way when_full);
/* The request is a withdrawal or restriction that changes something, of this party: true, and what is written from
   here on is of that share; false: the party has taken its part. */
bool share_take_withdrawal (struct turn *turn, const struct caller *caller);
extern const char share_is_taken[]; /* the message where it has */
/* The answer to a request for which there is no room: UNAVAILABLE. Returns 0. */
int share_refuse (struct turn *turn, struct outcome *outcome, const char *message);
