/* The decisions of this turn, so that the same check is answered from them when it is repeated (L6). The time that
   a repeated check takes then tells nothing of statements of which its answer may not tell. The user who asks is
   not part of a decision. Neither is the case, where no statement of the subject is bound to a case.

   A remembered decision is never stale. A decision follows only from its facts, its check and the moment
   (rules/decide.h), and all of these are compared. The subject's file is compared by the number of its reading
   (subject_cache.h): once the subject is written, the number changes. Nothing is kept after the turn. In doubt the
   check is decided again. */
#pragma once
#include "rules/decide.h"
#include "subject_file.h"

struct decided;

/* Nothing is remembered yet. Caller owns the result. */
struct decided *decided_new (void);
void decided_destroy (struct decided **self_p);
/* Forgets everything, because a turn begins. */
void decided_reset (struct decided *self);

/* Decides the check, or repeats the decision of the same check. `facts` must be those of the file as it was
   opened. True if the check had to be decided. */
bool decided_decide (struct turn *turn, const struct subject_file *file, const struct decide_facts *facts,
                     const struct check *check, struct decision *decision);
