/* What time took away, given back. Where the time was reset (C14) consents whose end was told may be in force
   again, and their end must be told when it comes (V5); and requests that were past their time (G1) wait again.
   That is for all of them: a bounded part at a time, and how far it got is kept, so that a restart goes on with
   it. */
#pragma once
#include "turn.h"

/* From now on: every end that is later than turn->now, and every request that waits until later, is entered again.
   0 or a failure. */
int renewal_begin (struct turn *turn);
/* Goes on with it where that is not done. *more says whether it is not done yet. Resets the arena. 0 or a failure.
 */
int renewal_go_on (struct turn *turn, bool *more);
