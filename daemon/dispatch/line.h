/* The line of the log of a request (A1): what it says, and what it keeps of the request and its answer. */
#pragma once
#include "caller.h"
#include "request.h"
#include "turn.h"
#include "verb.h"

/* What is never put off must not fill the log: once the party has written its share of it, and where nothing
   changes by the request, it has no line of its own any more. */
bool line_counts_together (struct turn *turn, const struct caller *caller, const struct request *request);

/* Writes the line, or counts it, and files where a kept answer is to be found for its key (G11). 0 or a failure.
 */
int line_write (struct turn *turn, const struct caller *caller, const struct request *request,
                const struct outcome *outcome, struct bytes answer);

/* The line of a check that found a damaged record (C12). It names the subject by pseudonym, so that the record can
   be found. 0 or a failure. */
int line_write_damaged (struct turn *turn, const struct caller *caller, const struct request *request);
