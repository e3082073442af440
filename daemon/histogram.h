/* How often something took how long, in buckets. */
#pragma once
#include <stdint.h>

enum { HISTOGRAM_BOUNDS = 14 };

struct histogram {
    uint64_t counts[HISTOGRAM_BOUNDS + 1]; /* up to each bound, and above the bound before; the last one: longer */
    uint64_t sum;                          /* us */
};

/* The bounds, as seconds in text, from half a millisecond to ten seconds. */
extern const char *const histogram_bounds[HISTOGRAM_BOUNDS];
/* Adds one that took so many us. */
void histogram_add (struct histogram *self, int64_t took);
/* A clock for that, in us. It never stands still, nor goes back. */
int64_t histogram_clock (void);
