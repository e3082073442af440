/* Gives back what a wrong clock took away, after the time was reset (C14). Consents whose end was told may be in
   force again: their end must be told when it comes (V5). Requests that were past their time (G1) wait again. All
   consents and requests are looked at, a bounded part at a time. How far it got is kept, so that a restart goes on
   from there. That requests of subjects are overdue is told again when it is so (R2). */
#pragma once
#include "turn.h"

/* Starts the renewal: every end that is later than turn->now is entered again, and so is every request that waits
   until later. 0 or a failure. */
int renewal_begin (struct turn *turn);
/* Goes on with the renewal, if it is not done. *more says whether more is left to do. Resets the arena. 0 or a
   failure. */
int renewal_go_on (struct turn *turn, bool *more);
