/* Which lines of the log were asked. */
#pragma once
#include "audit/log.h"
#include "request.h"

/* The request, of VERB_AUDIT_LIST, asks for some lines only, so that many may be looked at in vain. */
bool log_filter_is_set (const struct request *request);
/* What it takes to judge a line, in lines that are looked at: to open one is more. */
unsigned log_filter_cost (const struct request *request);
/* Whether the line is one of those that were asked. Of a line that cannot be opened nobody can tell who acted:
   then it is not, if a user was asked. 0 or a failure. */
int log_filter_judge (struct turn *turn, const struct request *request, const struct audit_record *record,
                      bool *is_asked);
