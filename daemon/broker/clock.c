#include "clock.h"
#include <stddef.h>
#include <string.h>

static const moment hour_ms = 3600 * INT64_C (1000);

void clock_start (struct clock *self, const struct clock_limits *limits, struct clock_reading reading, moment kept,
                  bool was_stopped)
{
    *self = (struct clock){.limits = *limits, .taken = reading, .hour = reading.steady / hour_ms};
    self->stopped = was_stopped                                         ? CLOCK_STOPPED_BEFORE
                    : kept - reading.wall > limits->jump                ? CLOCK_BEHIND
                    : kept > 0 && reading.wall - kept > limits->absence ? CLOCK_AHEAD
                                                                        : CLOCK_GOES_ON;
    if (self->stopped != CLOCK_GOES_ON)
        self->taken.wall = kept;
}

moment clock_now (const struct clock *self, moment steady)
{
    return self->taken.wall + (steady - self->taken.steady);
}

/* Empties the buckets of the hours that have begun since, and those of more than a day ago. */
static void turn_to_hour (struct clock *self, moment steady)
{
    moment hour = steady / hour_ms;
    if (hour - self->hour >= CLOCK_BUCKETS)
        memset (self->jumped, 0, sizeof self->jumped);
    else
        for (moment begun = self->hour + 1; begun <= hour; begun++)
            self->jumped[begun % CLOCK_BUCKETS] = 0;
    self->hour = hour;
}

/* Counts how far the wall clock moved from where it should be. Moves ahead and back are added up, since somebody
   may be moving the clock either way. A clock that is right moves nowhere, so it counts nothing. */
static bool moved_too_far (struct clock *self, moment jump)
{
    self->moved += jump;
    if (self->moved >= CLOCK_STEP_MS || -self->moved >= CLOCK_STEP_MS) {
        self->jumped[self->hour % CLOCK_BUCKETS] += self->moved < 0 ? -self->moved : self->moved;
        self->moved = 0;
    }
    moment sum = 0;
    for (size_t i = 0; i < CLOCK_BUCKETS; i++)
        sum += self->jumped[i];
    return sum > self->limits.jump;
}

bool clock_judge (struct clock *self, struct clock_reading reading)
{
    moment expected = clock_now (self, reading.steady);
    bool went_on = self->stopped == CLOCK_GOES_ON;
    turn_to_hour (self, reading.steady);
    if (went_on && moved_too_far (self, reading.wall - expected))
        self->stopped = CLOCK_JUMPED;
    self->taken.wall = self->stopped != CLOCK_GOES_ON ? expected : reading.wall;
    self->taken.steady = reading.steady;
    return went_on && self->stopped != CLOCK_GOES_ON;
}

void clock_confirm (struct clock *self, struct clock_reading reading)
{
    *self = (struct clock){.limits = self->limits, .taken = reading, .hour = reading.steady / hour_ms};
}

const char *clock_why (enum clock_stop stopped)
{
    switch (stopped) {
    case CLOCK_GOES_ON:
        break;
    case CLOCK_STOPPED_BEFORE:
        return "stopped before, and nobody confirmed it";
    case CLOCK_JUMPED:
        return "jumped, at once or in steps, by more than limits/clock-jump allows in a day";
    case CLOCK_BEHIND:
        return "is behind the highest time that the registry acted on by more than limits/clock-jump";
    case CLOCK_AHEAD:
        return "is ahead of the highest time that the registry acted on by more than limits/absence";
    }
    return NULL;
}
