/* The log, written as files that anybody can verify (C2SP tlog-tiles). */
#pragma once
#include "log_trust.h"

struct exported {
    struct checkpoint checkpoint; /* of what is there now */
    uint64_t before;              /* lines that were there already */
};

/* Writes into the directory what it lacks of the log up to the newest checkpoint that is trusted; all of it is
   then durable. The directory is made if it is not there; one run at a time. 0, or an exit code with its line
   printed: what is there then is a beginning, with which the next run goes on. */
int audit_export_into (struct ctl *ctl, const char *directory, const struct log_trust *trust,
                       struct exported *exported);
