/* Tells the registry how far a copy is, for its status and its alarm. */
#pragma once
#include "log_trust.h"

struct copy_report {
    struct ctl *ctl;
    const char *name; /* NULL: nothing is told */
    uint8_t copier[16];
    uint64_t number;   /* as told last */
    const char *fault; /* the same */
    int64_t told_at;   /* steady, ms; 0: never */
    uint64_t newest;   /* lines of the log, as the registry said last */
};

/* Milliseconds of a clock that only goes forward. */
int64_t copy_report_clock (void);
struct copy_report copy_report_new (struct ctl *ctl, const char *name);
/* There is something to tell now: another fault, or more lines and the last report is a second old, or it is five
   seconds old. `rests`: nothing more is to come for now. */
bool copy_report_is_due (const struct copy_report *self, uint64_t number, const char *fault, bool rests);
/* Tells it. `checkpoint`: lines of the newest checkpoint that is known here; *note is a newer one, in the arena,
   or empty. 0, or an exit code with its line printed. */
int copy_report_tell (struct copy_report *self, uint64_t number, const char *fault, uint64_t checkpoint,
                      struct bytes *note);
