/* The registry's own state between turns: epoch, revision, high-water time. */
#pragma once
#include "../turn.h"

enum { STATE_OTHER_VAULT = 1 }; /* the store was made under another vault key */

/* Reads the state, or makes that of a new registry (then turn->changed). 0, STATE_OTHER_VAULT or a failure. */
int state_load (struct turn *turn);
/* Writes the state. 0 or a failure. */
int state_save (struct turn *turn);
