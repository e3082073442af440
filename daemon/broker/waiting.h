/* What waits to be decided, and who is next: a lane for operators, one for withdrawals and the like, one for all
   else, each with its own share of every turn (L2); in a lane the parties, served in turns by cost (deficit round
   robin, L1); of a party its connections in turns; on a connection what came first.

   Costs are counted and not timed, so that the same requests always get the same turns. The unit is about a third
   of a microsecond; see turn_cost (). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "channel.h"
#include "outcome.h"

enum lane {
    LANE_OPERATORS,  /* whatever comes on their channel */
    LANE_PROTECTION, /* withdrawals, restrictions, subscriptions and acknowledgements */
    LANE_REST,
    LANES
};

enum {
    WAITING_QUANTUM = 2048,                       /* what one party may cost in a lane in one turn: about 1 ms */
    WAITING_ALONE = 16,                           /* so many quanta, where no other party asks */
    WAITING_SHARE_BYTES = 8 << 20,                /* what may wait of one party in a lane */
    WAITING_SHARE_CHECKS = 16384,                 /* the same in requests, each check of a batch being one */
    WAITING_LANE_BYTES = 5 * WAITING_SHARE_BYTES, /* and of all parties */
};

struct line;

/* One thing that waits: the caller's, who fills the first part of it and leaves the second alone. */
struct waiter {
    enum lane lane;
    struct connection_id connection;
    size_t bytes;  /* of memory that it holds */
    size_t checks; /* requests that it counts for */

    struct waiter *next;
    struct line *line;
};

struct waiting;

/* Whether a connection can be answered now: what waits on one that cannot is passed over. */
typedef bool waiting_judge (const void *context, const struct connection_id *connection);

/* Caller owns it. `may_answer` may be NULL. */
struct waiting *waiting_new (waiting_judge *may_answer, const void *context);
/* Nothing waits any more. */
void waiting_destroy (struct waiting **self_p);

/* Takes up what this party asks. 0; or WAITING_FULL: it has as much waiting as it may, and this is not taken up.
 */
int waiting_add (struct waiting *self, struct waiter *waiter, const char *party);
/* Whether anything waits. */
bool waiting_any (const struct waiting *self);

/* A turn begins, of at most `count` requests; nothing is out from the one before. */
void waiting_begin_turn (struct waiting *self, size_t count);
/* Lends the next, and how much it may cost before it gives way to others: what cannot stop halfway may cost more,
   and its party waits longer then. NULL: the turn is full, or nothing that waits can be answered. */
struct waiter *waiting_take (struct waiting *self, uint64_t *allowance);
/* What it did cost. One that is not `whole` yet keeps what its connection sent later waiting. */
void waiting_charge (struct waiting *self, struct waiter *waiter, uint64_t cost, bool whole);
/* It waits again, before all else of its connection. Of several the last that was taken is given back first. */
void waiting_give_back (struct waiting *self, struct waiter *waiter);
/* It was answered: it is the caller's again. */
void waiting_finish (struct waiting *self, struct waiter *waiter);

/* One of those that wait for a connection that is gone, and then the next; NULL: none is left. Between turns. */
struct waiter *waiting_drop (struct waiting *self, const struct connection_id *gone);
/* The same of whatever waits. */
struct waiter *waiting_drop_any (struct waiting *self);
