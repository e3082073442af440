/* Consents that end by time alone, or that a correction of the subject's record ends or brings back (M5): the end
   of their validity, or the moment from which the subject himself must have signed. Whether one has ended is
   judged from its record and the clock whenever it is asked (section 2 of the rules); here it is made known (V5),
   once, to the parties concerned, with a line in the log. */
#pragma once
#include "subject_file.h"

/* Something may have come due, and the time is beyond doubt (C14). */
bool ending_is_due (const struct turn *turn);
/* Makes known what has come due, a bounded part of it. Of the rest, and of what comes later, turn->state.agenda_at
   says when. Resets the arena. 0 or the failure for which the transaction must be abandoned: then all of it waits.
 */
int ending_run (struct turn *turn);
