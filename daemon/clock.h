/* What the time is (C14): the clock on the wall, as long as it moves as the monotonic clock does.

   A jump of more than the configured hours stops it. From then on time is carried on by the monotonic clock alone,
   from where it was, until an operator says what to make of the jump. Knows no system clock: it is given readings.
 */
#pragma once
#include <stdbool.h>
#include "rules/calendar.h"

struct clock_reading {
    moment wall, steady; /* CLOCK_REALTIME, CLOCK_MONOTONIC */
};

struct clock {
    moment limit;               /* ms by which the wall may move otherwise than the monotonic clock */
    struct clock_reading taken; /* the newest that was judged; taken.wall is carried on while stopped */
    bool stopped;
};

/* Starts from the highest time that was acted on, 0 if there is none yet. Stopped if it was stopped before, or if
   the wall is behind that time by more than the limit. Whether a wall ahead of it has jumped cannot be told: the
   registry may have been off for so long. */
void clock_start (struct clock *self, moment limit, struct clock_reading reading, moment kept, bool was_stopped);
/* Judges the clocks. True: it stops now. */
bool clock_judge (struct clock *self, struct clock_reading reading);
/* Now: never what the wall says until that was judged. */
moment clock_now (const struct clock *self, moment steady);
/* An operator vouches for the wall as it is. */
void clock_confirm (struct clock *self, struct clock_reading reading);
