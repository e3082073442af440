/* Answers to requests for consent (G1): by the statement that grants or refuses it, or by word that the subject
   has not decided yet. Each is told to whoever asked (V5). */
#pragma once
#include "dispatch.h"
#include "registry/consent_request.h"

/* G7: a statement that answers a request is under secrecy if that request is; it may be so besides. 0 or a
   failure; that there is such a request is for answer_judge. */
int answer_keep_secrecy (struct turn *turn, const struct subject_file *file, const uint8_t request_id[16],
                         struct statement *statement);
/* Finds the request that this statement answers, and holds the statement against it: it is of the same subject,
   and for no more than was asked. `verb` is what fields begin with. The outcome stays OK if all is well. 0 or a
   failure. */
int answer_judge (struct turn *turn, const char *verb, const struct statement_request *given,
                  const struct statement *statement, struct outcome *outcome, struct consent_request *request);
/* Notes that the request was answered by this statement, which is recorded and has its id. 0 or a failure. */
int answer_record (struct turn *turn, const struct subject_file *file, const struct statement *statement,
                   struct consent_request *request);
/* Tells whoever asked. 0 or a failure. */
int answer_tell (struct turn *turn, const struct subject_file *file, const struct consent_request *request,
                 enum answer answer, const struct scope *granted);
