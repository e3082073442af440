/* What the time is (C14): the clock on the wall, as long as it moves as the monotonic clock does.

   Jumps that add up to more than the configured hours within a monotonic day stop it, and so does a start that is
   further ahead of the time acted on than the configured days. From then on time is carried on by the monotonic
   clock alone, from where it was, until an operator says what to make of it. Knows no system clock: it is given
   readings. */
#pragma once
#include <stdbool.h>
#include "rules/calendar.h"

enum {
    CLOCK_BUCKETS = 25,   /* hours: a day, and the one that has begun */
    CLOCK_STEP_MS = 1000, /* what the wall moves otherwise than the monotonic clock counts in steps of at least so
                             much: how the two are rounded does not add up */
};

struct clock_reading {
    moment wall, steady; /* CLOCK_REALTIME, CLOCK_MONOTONIC */
};

struct clock_limits {
    moment jump;    /* ms that the wall may move otherwise than the monotonic clock within a day of that */
    moment absence; /* ms that the registry may have been off, as far as the wall can be believed at the start */
};

/* Why decisions stopped. */
enum clock_stop {
    CLOCK_GOES_ON,
    CLOCK_STOPPED_BEFORE, /* and nobody confirmed it */
    CLOCK_JUMPED,         /* ahead or back, at once or in steps */
    CLOCK_BEHIND,         /* at the start, of the highest time acted on */
    CLOCK_AHEAD,          /* at the start */
};

struct clock {
    struct clock_limits limits;
    struct clock_reading taken;   /* the newest that was judged; taken.wall is carried on while stopped */
    moment moved;                 /* ms, ahead or back, that are not a step yet */
    moment jumped[CLOCK_BUCKETS]; /* ms of steps in either direction, a bucket an hour of the monotonic clock */
    moment hour;                  /* of the newest bucket */
    enum clock_stop stopped;
};

/* Starts from the highest time that was acted on, 0 if there is none yet. Stopped if it was stopped before, if the
   wall is behind that time by more than limits.jump, or ahead of it by more than limits.absence: less cannot be
   told from a registry that was off for so long. */
void clock_start (struct clock *self, const struct clock_limits *limits, struct clock_reading reading, moment kept,
                  bool was_stopped);
/* Judges the clocks. True: it stops now. */
bool clock_judge (struct clock *self, struct clock_reading reading);
/* Now: never what the wall says until that was judged. */
moment clock_now (const struct clock *self, moment steady);
/* An operator vouches for the wall as it is: earlier jumps count no more. */
void clock_confirm (struct clock *self, struct clock_reading reading);
/* "it jumped": for people, in the log and on standard error. NULL: it goes on. */
const char *clock_why (enum clock_stop stopped);
