/* The registry's own state between turns. Its epoch, and whether its clock is stopped, are kept by
   themselves; all else is what the newest line of the log says, so that no turn has to write it beside. */
#pragma once
#include "turn.h"

enum { STATE_OTHER_VAULT = 64 }; /* the store was made under another vault key */

/* Reads the state, or makes that of a new registry. 0, STATE_OTHER_VAULT, AUDIT_DAMAGED or a failure. */
int state_load (struct turn *turn);
/* A restored backup is another registry than the one that went on, and so is one whose time goes back: it gets a
   new epoch (C13, C14). 0 or a failure. */
int state_new_epoch (struct turn *turn);
/* Keeps turn->state.clock_stopped: a restart is no confirmation (C14). 0 or a failure. */
int state_keep_clock (struct turn *turn);
