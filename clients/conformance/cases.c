#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "trial.h"

int64_t trial_clock (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int trial_fail (struct trial *self, const char *format, ...)
{
    va_list arguments;
    if (self->wrong[0])
        return 1;
    va_start (arguments, format);
    vsnprintf (self->wrong, sizeof self->wrong, format, arguments);
    va_end (arguments);
    return 1;
}

bool trial_until (struct trial *self, bool (*is_done) (struct trial *self))
{
    enum { TURN = 50 };
    int64_t end = trial_clock () + self->plan->patience;
    for (;;) {
        tested_read (&self->tested);
        if (is_done (self))
            return true;
        if (self->tested.ended || trial_clock () >= end)
            return false;
        middle_turn (self->plan->middle, self->tested.out, TURN);
    }
}

void trial_wait (struct trial *self, int ms)
{
    enum { TURN = 50 };
    for (int64_t end = trial_clock () + ms; trial_clock () < end && !self->tested.ended;) {
        middle_turn (self->plan->middle, -1, TURN);
        tested_read (&self->tested);
    }
}
