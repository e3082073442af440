/* Checkpoints of the log (A4): how large its tree is and its root, signed with the log's keys (log_key.h). Whoever
   has one can later be shown that the log still begins with those lines.

   The newest is kept in the store, and a newer one is made only of a tree that begins with it: before it signs,
   the registry finds the earlier root again in the log as it is. So nothing is ever signed that contradicts what
   was signed, whoever had written to the store meanwhile. */
#pragma once
#include "merkle/note.h"
#include "turn.h"

/* At a start: what the newest checkpoint has. 0, RECORD_DAMAGED or a failure. */
int checkpoints_load (struct turn *turn);
/* Somebody waits for one that has the newest lines: it is made soon, and not when it would be due. However often that
   is asked, no more than one a second is made for it. */
void checkpoints_want (struct turn *turn);
/* One is to be made, at this moment. */
bool checkpoints_are_due (const struct registry_state *state, const struct config *config, moment now);
/* When one is due if nothing more comes; MOMENT_NEVER: there is nothing new to sign. */
moment checkpoints_due_at (const struct registry_state *state, const struct config *config);
/* Makes one of all lines. 0; AUDIT_FORKED: the log is not that of the checkpoint before; AUDIT_NOT_FOUND,
   RECORD_DAMAGED: lines that it needs cannot be read; or a failure. */
int checkpoints_make (struct turn *turn);
/* The newest one, a signed note, in *raw: the arena's. 0, STORE_NOT_FOUND: none was made yet; or a failure. */
int checkpoints_newest (struct turn *turn, struct bytes *raw);
