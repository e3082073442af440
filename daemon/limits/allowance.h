/* How much a party may ask, and write into the log, in a time (L3): for each of the two a bucket that holds a
   burst and fills at a rate.

   Whoever finds something in the bucket may take more than is in it: a batch is taken whole, and paid for
   afterwards. Who finds none is told when to come back, and each that comes meanwhile is told a later moment, so
   that they do not all return at once. What is charged in a turn stands once the turn is durable, or is taken
   back.

   Knows no clock: it is given one that never stands still, in milliseconds. Memory only: after a restart buckets
   are full. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rules/calendar.h"

enum { ALLOWANCE_SPREAD = 60000 }; /* ms over which those who were told to wait are spread at most */

/* What a party may do. */
struct allowance_rates {
    uint64_t requests_per_second, requests_burst; /* each check of a batch counts */
    uint64_t log_per_second, log_burst;           /* bytes */
};

/* Of every party. */
struct allowance;

/* Caller owns it. */
struct allowance *allowance_new (void);
void allowance_destroy (struct allowance **self_p);
/* What time it is from here on. */
void allowance_set_time (struct allowance *self, moment steady);

/* Whether this party may make `count` requests now: 0, and they are charged; else how many ms it waits for that,
   at least 1. */
uint32_t allowance_admit (struct allowance *self, const char *party, const struct allowance_rates *rates,
                          size_t count);
/* Charges what it wrote into the log. */
void allowance_take_log (struct allowance *self, const char *party, size_t bytes);
/* Whether it may write no more into the log: then lines of what is never refused are counted together. */
bool allowance_is_spent (struct allowance *self, const char *party, const struct allowance_rates *rates);
/* The turn is over: its charges stand, or it failed and they are taken back. */
void allowance_settle (struct allowance *self, bool durable);
