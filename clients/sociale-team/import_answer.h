/* What the registry answered to a record, as a line of the result. */
#pragma once
#include "arena.h"
#include "envelope.pb-c.h"
#include "import_result.h"

/* Finishes the line by the reply to this request. 0; or an exit code (sysexits.h), with the line unfinished: the
   registry cannot or will not record now, which is no matter of this record, and *words (the reply's, or static)
   says why. */
int import_answer_read (const Consentd__Request *request, const Consentd__Reply *reply, struct arena *arena,
                        struct import_line *line, const char **words);
/* The exit code for the status of a call that had no reply. */
int import_answer_none (int status);
