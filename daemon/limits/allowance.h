/* How much a party may ask, and write into the log, in a given time (L3). For each of the two there is a bucket:
   it holds a burst, and fills at a rate.

   If a bucket holds anything, a party may take more than is in it: a batch is taken whole, and paid for
   afterwards. If it holds nothing, the party is told when to come back. Each request that comes meanwhile is told
   a later moment, so that they do not all return at once. The charges of a turn stand if the turn is durable; else
   they are taken back.

   This module knows no clock. It is given the time, in milliseconds, of a clock that never stands still. It is in
   memory only: after a restart the buckets are full. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rules/calendar.h"

enum { ALLOWANCE_SPREAD = 60000 }; /* ms over which waiting requests are spread, at most */

/* What a party may do. */
struct allowance_rates {
    uint64_t requests_per_second, requests_burst; /* each check of a batch counts */
    uint64_t log_per_second, log_burst;           /* bytes */
};

/* The accounts of all parties. */
struct allowance;

/* Caller owns it. */
struct allowance *allowance_new (void);
void allowance_destroy (struct allowance **self_p);
/* Sets the time for the calls that follow. */
void allowance_set_time (struct allowance *self, moment steady);

/* Asks for `count` requests of this party. 0: they are charged and may be served now. Else: the number of ms to
   wait, at least 1. */
uint32_t allowance_admit (struct allowance *self, const char *party, const struct allowance_rates *rates,
                          size_t count);
/* Charges the party for bytes that it wrote into the log. */
void allowance_take_log (struct allowance *self, const char *party, size_t bytes);
/* The party may write no more into the log. Lines about requests that are never refused are then counted
   together. */
bool allowance_is_spent (struct allowance *self, const char *party, const struct allowance_rates *rates);
/* Ends the turn. Its charges stand, or, if it is not durable, are taken back. */
void allowance_settle (struct allowance *self, bool durable);
