/* The time (C14): that of the wall clock, as long as it moves as the monotonic clock does.

   Jumps that add up to more than the configured hours within a monotonic day stop decisions. So does a start that
   is further ahead of the time acted on than the configured days. From then on only the monotonic clock carries
   the time on, until an operator says what to do. This module knows no system clock: it is given readings. */
#pragma once
#include <stdbool.h>
#include "rules/calendar.h"

enum {
    CLOCK_BUCKETS = 25,   /* hours: a day, and the hour that has begun */
    CLOCK_STEP_MS = 1000, /* a difference between the two clocks counts once it is a step of this size, so that
                             rounding does not add up */
};

struct clock_reading {
    moment wall, steady; /* CLOCK_REALTIME, CLOCK_MONOTONIC */
};

struct clock_limits {
    moment jump;    /* ms by which the wall clock may move differently from the monotonic clock within a day */
    moment absence; /* ms that the registry may have been off, if the wall clock is to be believed at the start */
};

/* Why decisions stopped. */
enum clock_stop {
    CLOCK_GOES_ON,
    CLOCK_STOPPED_BEFORE, /* it stopped before, and nobody confirmed it */
    CLOCK_JUMPED,         /* ahead or back, at once or in steps */
    CLOCK_BEHIND,         /* at the start: behind the highest time acted on */
    CLOCK_AHEAD,          /* at the start: too far ahead of it */
};

struct clock {
    struct clock_limits limits;
    struct clock_reading taken; /* the newest that was judged; while stopped, taken.wall is the time carried on */
    moment moved;               /* ms, ahead or back, that are not yet a step */
    moment jumped[CLOCK_BUCKETS]; /* ms of steps in either direction, a bucket an hour of the monotonic clock */
    moment hour;                  /* of the newest bucket */
    enum clock_stop stopped;
};

/* Starts from the highest time that was acted on; 0: there is none yet. Stopped if it was stopped before, if the
   wall clock is behind that time by more than limits.jump, or ahead of it by more than limits.absence. A smaller
   lead cannot be told from a registry that was off for so long. */
void clock_start (struct clock *self, const struct clock_limits *limits, struct clock_reading reading, moment kept,
                  bool was_stopped);
/* Judges the clocks. True: decisions stop now. */
bool clock_judge (struct clock *self, struct clock_reading reading);
/* The time now. It follows the wall clock only after that was judged. */
moment clock_now (const struct clock *self, moment steady);
/* An operator confirms that the wall clock is right: earlier jumps no longer count. */
void clock_confirm (struct clock *self, struct clock_reading reading);
/* "it jumped": for people, in the log and on stderr. NULL: it goes on. */
const char *clock_why (enum clock_stop stopped);
