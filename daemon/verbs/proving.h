/* By which checkpoint lines are proved (A4): the newest one, or the newest that witnesses have signed whom a
   request names. */
#pragma once
#include "audit/cosignatures.h"
#include "handling.h"

struct checkpoint;

/* The newest checkpoint as the registry signed it, and what it says. 0, STORE_NOT_FOUND: there is none; or a
 * failure. */
int proving_newest (struct turn *turn, struct bytes *raw, struct checkpoint *checkpoint);
/* The keys of witnesses that a request names: as text as a registry writes it. False, with the answer, if they are
   none, or too many. `body` is that of the request: "log_prove". */
bool proving_judge_wish (struct turn *turn, const char *body, const struct witness_wish *wish,
                         struct handling *handling);
/* The newest checkpoint, with the signatures that are wished and kept; if keys are wished and not enough of them
   have signed that, the newest with at least `least` lines that they have. 0, STORE_NOT_FOUND: there is none; or a
   failure.
 */
int proving_find (struct turn *turn, const struct witness_wish *wish, uint64_t least, struct cosigned_note *found);
