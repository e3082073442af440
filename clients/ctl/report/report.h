/* What the controller must answer (A5): consentctl report. Each report reads the log, counts, and is given out as
   text, as CSV or as JSON. */
#pragma once
#include <jansson.h>
#include <stdio.h>
#include "report_log.h"

extern const struct option report_breach_options[], report_user_options[], report_disclosures_options[],
    report_figures_options[];

int report_breach_run (struct ctl *ctl, const struct options *options);
int report_user_run (struct ctl *ctl, const struct options *options);
int report_disclosures_run (struct ctl *ctl, const struct options *options);
int report_figures_run (struct ctl *ctl, const struct options *options);

/* Adds to a report's document over which period it is, and up to which line of the log. Returns the document. */
json_t *report_document (const struct report_log *log, json_t *document);
/* The registry knows this party, active or removed. 0, or an exit code with its line printed. */
int report_find_party (struct ctl *ctl, const char *id);
/* A table for people has at most so many rows; the other forms have all. */
enum { REPORT_TABLE_ROWS = 10000 };
/* Says below the table that there are more, if there are. */
void report_tell_more (uint64_t rows, FILE *out);
/* Says on standard error that lines could not be read, if there are any: a report must not seem whole. */
void report_tell_unreadable (uint64_t lines);
