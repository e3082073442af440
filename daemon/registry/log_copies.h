/* The copies of the log that copiers keep beside the registry (A1), each in a process of its own: so neither a
   copy that is full nor a copier that is slow can hold up the registry. What they report is kept in memory alone.
 */
#pragma once
#include "turn.h"

/* Expects the copies of this configuration. Of those that were expected before, what is known stays. Those that
   are new count as whole now. */
void log_copies_expect (struct log_copies *self, const struct config *config, moment steady);

/* What a copier reports. */
struct log_copied {
    const char *name, *fault;
    const uint8_t *copier;
    uint64_t number;
};
enum log_copies_outcome {
    LOG_COPIES_NOTED,      /* as others before it */
    LOG_COPIES_NEW,        /* its first report, or one with another fault than before */
    LOG_COPIES_UNEXPECTED, /* no copy of this name is expected */
    LOG_COPIES_TAKEN,      /* another copier, which is still connected, reports under this name */
};
enum log_copies_outcome log_copies_note (struct turn *turn, const struct log_copied *told,
                                         const struct connection_id *connection);
/* This connection is gone. To be called between turns. */
void log_copies_connection_gone (struct log_copies *self, const struct connection_id *gone);

/* For how long, in ms, it has not had all lines of a log that has `newest`. 0: it has all. */
moment log_copy_behind_for (const struct log_copy *self, uint64_t newest, moment steady);

/* A copy of which operators are to be told that it does not keep up, or that it does again: whose is_behind must
   change. NULL: none. `lag`: ms that it may be behind. */
struct log_copy *log_copies_changed (struct log_copies *self, moment lag, moment steady);
/* When, on the steady clock, there may be one if nothing is heard. MOMENT_NEVER: none. */
moment log_copies_due (const struct log_copies *self, moment lag);
