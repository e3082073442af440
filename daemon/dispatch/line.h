/* The line of the log for a request (A1): what it says, and what it keeps of the request and its answer. */
#pragma once
#include "caller.h"
#include "handling.h"
#include "request.h"
#include "turn.h"

/* The request gets no line of its own if it changes nothing: it is one that is never delayed, and its party has
   written its share of the log. So such requests cannot fill the log. */
bool line_counts_together (struct turn *turn, const struct caller *caller, const struct request *request);

/* What came of it, in a word that the log has: "permit", or the name of the status. Lives for ever. */
const char *line_result (const struct handling *handling);

/* Writes the line, or counts it. Every line about a person is sealed under that person's key, which is made where
   the person has none, so that an erasure reaches it (R7). Notes for the request's key where its kept answer is
   (G11). 0 or a failure. */
int line_write (struct turn *turn, const struct caller *caller, const struct request *request,
                struct handling *handling, struct bytes answer);

/* Writes the line of a check that found a damaged record (C12). It names the subject by pseudonym, so that the
   record can be found. 0 or a failure. */
int line_write_damaged (struct turn *turn, const struct caller *caller, const struct request *request);
