/* What waits to be decided, and what comes next. There are three lanes: for operators, for withdrawals and the
   like, and for the rest; each has its own share of every turn (L2). In a lane the parties are served in turns by
   cost (deficit round robin, L1). The connections of a party are served in turns. On a connection the first
   request comes first.

   Costs are counted and not timed, so that the same requests always get the same turns. The unit is about a third
   of a microsecond; see turn_cost (). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "channel.h"
#include "outcome.h"

enum lane {
    LANE_OPERATORS,  /* everything that comes on their channel */
    LANE_PROTECTION, /* withdrawals, restrictions, subscriptions and acknowledgements */
    LANE_REST,
    LANES
};

enum {
    WAITING_QUANTUM = 1280,                       /* what one party may cost in a lane in one turn: half a ms */
    WAITING_ALONE = 26,                           /* so many quanta, if no other party asks */
    WAITING_SHARE_BYTES = 8 << 20,                /* how much of one party may wait in a lane */
    WAITING_SHARE_CHECKS = 16384,                 /* the same in requests; each check of a batch is one */
    WAITING_LANE_BYTES = 5 * WAITING_SHARE_BYTES, /* how much of all parties may wait in a lane */
};

struct line;
struct party_queue;

/* One thing that waits. It is the caller's, who fills the first part and does not touch the second. */
struct waiter {
    enum lane lane;
    struct connection_id connection;
    size_t bytes;  /* of memory that it holds */
    size_t checks; /* how many requests it counts for */

    struct waiter *next;
    struct line *line;
};

struct waiting;

/* The connection can be answered now. What waits on one that cannot is skipped. */
typedef bool waiting_judge (const void *context, const struct connection_id *connection);

/* Caller owns it. `may_answer` may be NULL. */
struct waiting *waiting_new (waiting_judge *may_answer, const void *context);
/* Nothing may wait any more. */
void waiting_destroy (struct waiting **self_p);

/* Adds a request of this party. 0, or WAITING_FULL: the party has as much waiting as it may, and this is not
   added. */
int waiting_add (struct waiting *self, struct waiter *waiter, const char *party);
/* Something waits. */
bool waiting_any (const struct waiting *self);

/* Begins a turn of at most `count` requests. Nothing of the turn before may still be out. */
void waiting_begin_turn (struct waiting *self, size_t count);
/* Lends the next request, and sets how much it may cost before it gives way to others. A request that cannot stop
   halfway may cost more; its party then waits longer. NULL: the turn is full, or nothing that waits can be
   answered. */
struct waiter *waiting_take (struct waiting *self, uint64_t *allowance);
/* Charges what the request has cost. If it is not `whole` yet, later requests of its connection go on waiting. */
void waiting_charge (struct waiting *self, struct waiter *waiter, uint64_t cost, bool whole);
/* Puts the request back, before everything else of its connection. Of several, the last one taken must be put back
   first. */
void waiting_give_back (struct waiting *self, struct waiter *waiter);
/* The request was answered, and is the caller's again. */
void waiting_finish (struct waiting *self, struct waiter *waiter);

/* Drops and returns one request of a connection that is gone; NULL: there are no more. To be called between
   turns. */
struct waiter *waiting_drop (struct waiting *self, const struct connection_id *gone);
/* The same for any request that waits. */
struct waiter *waiting_drop_any (struct waiting *self);

/* What a party has waiting, and what it has cost. */
struct waiting_party {
    const char *id;   /* "": no party. Borrowed */
    uint64_t waiting; /* requests; each check of a batch is one */
    uint64_t cost;    /* since the start */
    const struct party_queue *queue;
};
/* Goes from one that was all zeroes to the first, and from each to the next. False: there are no more. */
bool waiting_next_party (const struct waiting *self, struct waiting_party *party);
