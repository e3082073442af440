/* How much of the store's share for withdrawals each party took, since there was last room outside the reserve. A
   party may never have taken more than is left in the share for all others. So a party that withdraws whatever it
   can leaves half of the share, and a second one leaves a quarter. In memory: a restart forgets it, and no party
   can cause a restart. */
#pragma once
#include <stdbool.h>
#include "store/store.h"

enum {
    WITHDRAWN_ROOM = 65536
}; /* bytes: with less room than this outside the reserve, a request counts as in the reserve */

struct withdrawn;
struct withdrawn *withdrawn_new (void);
void withdrawn_destroy (struct withdrawn **self_p);

/* This party withdraws something. True: what is written from now on uses the share of withdrawals. False: the
   party has taken its part. */
bool withdrawn_take (struct withdrawn *self, struct store_txn *txn, const char *party);
/* The request is over, and its line is written. What it took of the share is counted for its party. */
void withdrawn_close (struct withdrawn *self, struct store_txn *txn);
/* The turn is over. What was taken in it is counted, or, if not durable, has not happened. */
void withdrawn_settle (struct withdrawn *self, bool durable);
