#include "clock.h"

void clock_start (struct clock *self, moment limit, struct clock_reading reading, moment kept, bool was_stopped)
{
    *self = (struct clock){.limit = limit, .taken = reading};
    self->stopped = was_stopped || kept - reading.wall > limit;
    if (self->stopped)
        self->taken.wall = kept;
}

moment clock_now (const struct clock *self, moment steady)
{
    return self->taken.wall + (steady - self->taken.steady);
}

bool clock_judge (struct clock *self, struct clock_reading reading)
{
    moment expected = clock_now (self, reading.steady);
    moment jump = reading.wall - expected;
    bool stops = !self->stopped && (jump > self->limit || -jump > self->limit);
    self->stopped = self->stopped || stops;
    self->taken.wall = self->stopped ? expected : reading.wall;
    self->taken.steady = reading.steady;
    return stops;
}

void clock_confirm (struct clock *self, struct clock_reading reading)
{
    self->taken = reading;
    self->stopped = false;
}
