/* What was decided in this turn, so that what asks the same again is answered from it (L6): that a check is
   repeated makes its time tell nothing of statements that its answer may not tell of. Who asks, for which of its
   users, is not part of a decision; nor is the case, where no statement of the subject is bound to one.

   Never stale: a decision follows from its facts, its check and the moment alone (rules/decide.h). All of them are
   compared, the subject's file by which reading of it was kept (subject_cache.h): once the subject is written it
   is another. Nothing outlives the turn. In doubt it is decided anew. */
#pragma once
#include "rules/decide.h"
#include "subject_file.h"

struct decided;

/* Remembers nothing yet. Caller owns it. */
struct decided *decided_new (void);
void decided_destroy (struct decided **self_p);
/* A turn begins: nothing is remembered. */
void decided_reset (struct decided *self);

/* Decides, or says what was decided of the same. `facts` are the file's, as it was opened. True if it had to be
   worked out. */
bool decided_decide (struct turn *turn, const struct subject_file *file, const struct decide_facts *facts,
                     const struct check *check, struct decision *decision);
