/* Requests by which a subject exercises rights (R2), as callers with that permission see them. */
#pragma once
#include "caller.h"
#include "bodies.h"
#include "turn.h"

/* What the caller sees of a request of the subject with this pseudonym: in full, or as in a list. With the BSN, if
   the caller may see subjects. Borrows `request`. */
struct shown_rights rights_shown (const struct turn *turn, const struct caller *caller,
                                  const uint8_t subject[VAULT_ID_SIZE], const struct rights_request *request,
                                  bool in_full);
