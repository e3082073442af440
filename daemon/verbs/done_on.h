/* What is done on a request of the subject names it (R2), and the request then tells that it was done. */
#pragma once
#include "caller.h"
#include "handling.h"
#include "kept.h"
#include "turn.h"

struct done_on {
    uint64_t number;           /* as it was asked; 0: it is done on no request */
    enum rights_action action; /* that the request must allow */
    const char *field;         /* of the number, for the answer */
    struct rights_request request;
};

/* Reads the request, if one is named. The subject's file is open. The answer stays OK if it is a request of this
   subject on which that may be done; a caller without the permission `rights` never learns whether it is. 0 or a
   failure. */
int done_on_open (struct turn *turn, const struct caller *caller, struct done_on *self, struct handling *handling);
/* Notes that the present line of the log, which has the name `what`, did it. 0 or a failure. */
int done_on_note (struct turn *turn, const struct done_on *self, const char *what,
                  const struct handling *handling);
