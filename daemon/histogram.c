#include "histogram.h"
#include <time.h>

static const int64_t bounds[HISTOGRAM_BOUNDS] = {500,    1000,   2500,   5000,    10000,   25000,   50000,
                                                 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000};
const char *const histogram_bounds[HISTOGRAM_BOUNDS] = {"0.0005", "0.001", "0.0025", "0.005", "0.01",
                                                        "0.025",  "0.05",  "0.1",    "0.25",  "0.5",
                                                        "1.0",    "2.5",   "5.0",    "10.0"};

void histogram_add (struct histogram *self, int64_t took)
{
    unsigned i = 0;
    while (i < HISTOGRAM_BOUNDS && took > bounds[i])
        i++;
    self->counts[i]++;
    self->sum += took > 0 ? (uint64_t)took : 0;
}

int64_t histogram_clock (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
