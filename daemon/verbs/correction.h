/* KB 14: a consent of which the scope was recorded wrongly is recorded as it was signed. Nothing that was signed
   is overwritten: there are two consents then, of which the wrong one counts for nothing. */
#pragma once
#include "request.h"
#include "done_on.h"

struct correction {
    const struct request *request;
    struct statement *statement; /* what it leaves out is taken from the consent that it corrects */
    struct done_on done_on;
    size_t wrong; /* the index in the file of the consent that it corrects */
};

/* Finds the consent that is corrected, and completes the statement. The subject's file is open. The answer stays
   OK if it may be corrected so, as far as that does not depend on the pack. 0 or a failure. */
int correction_open (struct turn *turn, const struct caller *caller, struct correction *self,
                     struct handling *handling);
/* The statement was added to the file: ends the wrong one, and tells who has to know (V4, V5, R4). 0 or a failure.
 */
int correction_record (struct turn *turn, struct correction *self, struct handling *handling);
