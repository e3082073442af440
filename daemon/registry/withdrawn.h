/* What each party has taken of the store's share of withdrawals since there was room outside the reserve: never
   more than is left in it for all others. So a party that withdraws whatever it can leaves half of the share, a
   second one a quarter. In memory: a restart forgets it, and no party can make one. */
#pragma once
#include <stdbool.h>
#include "store/store.h"

enum {
    WITHDRAWN_ROOM = 65536
}; /* bytes: where there is less room outside the reserve, a request counts as in it */

struct withdrawn;
struct withdrawn *withdrawn_new (void);
void withdrawn_destroy (struct withdrawn **self_p);

/* This party withdraws something: true, and what is written from here on is of the share of withdrawals; false: it
   has taken its part. */
bool withdrawn_take (struct withdrawn *self, struct store_txn *txn, const char *party);
/* The request is over, and its line is written: what it took is its party's. */
void withdrawn_close (struct withdrawn *self, struct store_txn *txn);
/* The turn is over: what was taken in it counts, or has not happened. */
void withdrawn_settle (struct withdrawn *self, bool durable);
