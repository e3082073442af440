/* The registry's own state between turns. Its epoch, and whether its clock is stopped, have records of their own.
   The rest is read from the newest line of the log, so no turn needs to write it. */
#pragma once
#include "turn.h"

/* Reads the state, or makes the state of a new registry. 0; STORE_OTHER_VAULT: the store was
   made under another vault key; or a failure. */
int state_load (struct turn *turn);
/* Gives the registry a new epoch (C13, C14). A restored backup needs one, since it is another registry than the
   one that went on. So does a registry whose time goes back. 0 or a failure. */
int state_new_epoch (struct turn *turn);
/* Keeps turn->state.clock_stopped: a restart does not confirm the clock (C14). 0 or a failure. */
int state_keep_clock (struct turn *turn);
