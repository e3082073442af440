/* Gives back what a wrong clock took away, after the time was reset (C14). Consents whose end was told may be in
   force again: their end must be told when it comes (V5). Requests that were past their time (G1) wait again. That
   requests of subjects are overdue is told again when it is so (R2).

   Also gives back what damage took from the agenda, or from the lists of requests that wait (record/guard.h): they
   hold nothing that consents, requests and obligations do not tell.

   All consents, requests of both sorts and obligations are looked at, a bounded part at a time. How far it got is kept, so that a
   restart goes on from there. */
#pragma once
#include "turn.h"

struct guard;

/* Starts the renewal: every end that is later than `since` is entered again, and so is every request that waits
   until later, every open obligation, and what is to come of requests of subjects. 0 or a failure. */
int renewal_begin (struct turn *turn, moment since);
/* A table is damaged that a renewal makes whole. */
bool renewal_is_needed (const struct guard *guard);
/* Takes those tables as they are, and starts a renewal of what they may lack. Ends of the first day that is damaged,
   and later ones, may be told twice. 0 or a failure. */
int renewal_mend (struct turn *turn);
/* Goes on with the renewal, if it is not done. *more says whether more is left to do. Resets the arena. 0 or a
   failure. */
int renewal_go_on (struct turn *turn, bool *more);
