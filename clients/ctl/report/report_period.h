/* The time that a report is about. */
#pragma once
#include "ctl.h"
#include "moments.h"

struct report_period {
    moment from, until; /* `until` is not in it; MOMENT_NEVER: it is open */
};

/* clang-format off */
#define REPORT_PERIOD_OPTIONS(flags)                                                     \
    {"from", "WHEN", "from this day, or moment, on", (flags)},                           \
    {"to", "WHEN", "up to and including this day, or before this moment", (flags)}
/* clang-format on */

/* Reads --from and --to. Without --from it is from the first line on, without --to up to the newest
   (MOMENT_NEVER). EX_USAGE with its line printed for what is no day or moment, for a period that ends before it
   begins, and for one that has not begun. */
int report_period_read (const struct options *options, moment now, struct report_period *period);
/* The calendar year in Amsterdam. EX_USAGE, with its line printed, if it has not begun. */
int report_period_of_year (unsigned long year, moment now, struct report_period *period);
