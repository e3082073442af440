/* Every change of the table of parties is in the log, however it came about (A1): what the log last said of each
   party is kept, and compared with the table. */
#pragma once
#include "../parties.h"
#include "../turn.h"

/* Writes a line for each party that is new, changed or gone since. 0 or a failure. */
int party_log_changes (struct turn *turn);
