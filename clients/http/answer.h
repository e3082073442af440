/* From an answer of the registry to a decision of AuthZEN; docs/http.md has the table. Pure. `decision` is true
   only of a whole permit: whatever is missing, partial, unreadable or ended since is false. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "question.h"

/* Whether the answer permits all that was asked. */
bool answer_permits (const struct consent_question *asked, const struct consent_answer *answer);
/* {decision, context} of an answer with CONSENT_OK. Caller must json_decref it. */
json_t *answer_document (const struct consent_question *asked, const struct consent_answer *answer);
/* {decision: false, context: {error: {status, message}}}. Caller must json_decref it. */
json_t *answer_error (const struct refusal *refusal);

/* What a status other than CONSENT_OK is over HTTP, in terms of the request. `field` is the registry's, as
   "check.purpose" or "batch.checks[3].purpose", or "". False. */
bool answer_refuse (struct refusal *refusal, int status, const char *field, const char *message,
                    const char *where);
/* The status stands for every evaluation of the request: nothing can be said of one alone. */
bool answer_concerns_all (int status);
