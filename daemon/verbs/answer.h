/* Answers to requests for consent (G1): a statement that grants or refuses one, or the message that the subject
   has not decided yet. The asking party is told (V5). */
#pragma once
#include "caller.h"
#include "handling.h"
#include "request.h"
#include "turn.h"
#include "registry/consent_request.h"

/* G7: a statement that answers a request is under secrecy if the request is. It may also be so by itself. 0, also
   where there is no such request (answer_judge says so), or a failure. */
int answer_keep_secrecy (struct turn *turn, const struct subject_file *file, const uint8_t request_id[16],
                         struct statement *statement);
/* Finds the request that this statement answers, and compares the two. The statement must be about the same
   subject and for no more than was asked. The answer stays OK if all is well. 0 or a failure. */
int answer_judge (struct turn *turn, const uint8_t request_id[16], const struct statement *statement,
                  struct handling *handling, struct consent_request *request);
/* Notes that this statement answered the request, and tells the asking party. The statement is recorded, with the
   id of the request. 0 or a failure. */
int answer_record (struct turn *turn, const struct subject_file *file, const struct statement *statement,
                   struct consent_request *request);
/* Tells the asking party. 0 or a failure. */
int answer_tell (struct turn *turn, const struct subject_file *file, const struct consent_request *request,
                 enum answer answer, const struct scope *granted);
