/* The log, read for a report: page by page, so that no request is large, and with progress at a terminal. Every
   line of the period is looked at by this program, since what a report looks for is sealed in the lines and not in
   an index. All of it is one line of the log. */
#pragma once
#include <jansson.h>
#include "ask.h"
#include "report_period.h"

/* Takes a line of the period. `details` is NULL if they cannot be read: the subject's key was destroyed, or the
   line is damaged, missing or too long to be shown. Both are borrowed for the call. */
typedef void report_take (void *report, const Consentd__AuditEntry *entry, json_t *details);

struct report_log {
    struct ctl *ctl;
    struct report_period period;
    char *bsn;         /* only lines about this subject; "": all */
    bool has_tellings; /* with who was told of each line */
    report_take *take;
    void *report;    /* for `take` */
    uint64_t newest; /* of the first page: what came later is not looked at. Set by report_log_read */
};

/* 0, or an exit code with its line printed. */
int report_log_read (struct report_log *self);
