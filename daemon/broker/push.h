/* Events on their way out: collected in a turn, taken back if it fails, and sent when all that they tell of is
 * durable. */
#pragma once
#include "connections.h"
#include "events/outbox.h"

struct parties;
struct push_list;

/* Why nothing may be pushed any more to a connection of this party with this key. NULL: it may. */
const char *push_why_over (const struct parties *parties, const char *id, const char *key, moment now);

struct push_list *push_list_new (void);
void push_list_destroy (struct push_list **self_p);

/* What must have come to be before a message may leave: turns up to this one are on the disk, as store_commit_soon
   numbers them, and so many answers have left since the start. */
struct push_after {
    uint64_t turn, answers;
};

/* Collects what those that are due (outbox_due) have credit for, each of them a bounded part, in turns; the ends
   of subscriptions that were replaced or may hear no more (another key, another role, a damaged event); and
   heartbeats that are due; one that has effects gets one at once when parties, pack or clock changed. What one
   that is not due may hear is not looked at. *more: there is work for another turn. 0 or a failure. */
int push_collect (struct push_list *self, struct turn *turn, bool *more);
/* The turn that collected has ended. It happened: what was collected leaves after all of `after`. It failed:
   nothing that was collected has happened. */
void push_settle (struct push_list *self, bool happened, const struct push_after *after);
bool push_is_empty (const struct push_list *self);
/* No more can be on its way: something must leave before more is collected. */
bool push_is_full (const struct push_list *self);
/* Sends over the events socket what may leave by now, in the order in which it was collected. A subscriber that is
   gone, or that does not take what it gave credit for, loses its subscription, and comes back by itself. Its
   connection counts as used. */
void push_send (struct push_list *self, struct outbox *outbox, const struct push_after *so_far, void *socket,
                struct connections *connections);
