/* The inside of the copier: how a copy is compared with the registry's log. Each returns 0, or an exit code with
   its line printed. */
#pragma once
#include "copier.h"

/* Reads what is there. */
int copier_begin (struct copier *self);
/* Compares what is there with what the registry has now. To be called before anything is added. */
int copier_settle (struct copier *self);
/* Asks for the newest checkpoint, and hears it. */
int copier_ask_checkpoint (struct copier *self);
/* Compares the lines with a checkpoint, now or when they are there. `raw`: its note. */
int copier_hear (struct copier *self, const struct checkpoint *checkpoint, struct bytes raw);
/* Tells how far the copy is. A registry that does not answer is no failure to one who follows. */
int copier_report (struct copier *self, const char *fault);
/* Says that the registry's log is not the one that was copied, to the registry too. CTL_NO. */
int copier_contradicts (struct copier *self, const char *what);
