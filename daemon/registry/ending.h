/* Consents that end by time alone: at the end of their validity, or at the moment from which the subject himself
   must have signed. Also consents that a correction of the subject's record ends or brings back (M5). Whether a
   consent has ended is judged from its record and the clock, each time that it is asked (section 2 of the rules).
   Here the end is made known (V5), once, to the parties concerned and with a line in the log. Requests of subjects
   that are overdue are made known here too (R2). */
#pragma once
#include "subject_file.h"

/* Makes known what is due, a bounded part of it. Then sets turn->state.agenda_at to the moment at which to look
   again, for the rest or for what comes later. Resets the arena. 0, or a failure for which the transaction must be
   abandoned: then nothing of this run has happened. */
int ending_run (struct turn *turn);
