/* Requests by which a subject exercises rights (R2), as callers with that permission see them. */
#pragma once
#include "bodies.h"
#include "caller.h"
#include "handling.h"
#include "turn.h"

/* Opens the request of this number, and the file of its subject. *found_p is the arena's; NULL, with the answer,
   if there is none. 0 or a failure. */
int rights_find (struct turn *turn, const struct request *request, struct handling *handling,
                 const struct rights_request **found_p);

/* What the caller sees of a request of the subject with this pseudonym: in full, or as in a list. With the BSN, if
   the caller may see subjects. Borrows `request`. */
struct shown_rights rights_shown (const struct turn *turn, const struct caller *caller,
                                  const uint8_t subject[VAULT_ID_SIZE], const struct rights_request *request,
                                  bool in_full);
/* Answers with a request that was changed, without its BSN, since the log keeps this answer; and counts the
   change. Returns 0. */
int rights_show_changed (struct turn *turn, const struct caller *caller, const struct rights_request *request,
                         struct handling *handling);

/* True if the state of the request lets this be done; else the answer says why not, of that field. */
bool rights_may (const struct turn *turn, const struct rights_request *request, enum rights_action action,
                 const char *field, struct handling *handling);
/* Section 4: true if whoever made the request exercises the rights: of one that is new, as of its receipt, else
   now. Else the answer says why not. `kind` is what it is about: of an objection, the kind of the request that was
   refused. */
bool rights_may_ask (struct turn *turn, const struct caller *caller, const struct rights_request *request,
                     enum rights_kind kind, struct handling *handling);
