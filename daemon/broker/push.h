/* Events on their way out: collected in a turn, sent once it is durable, taken back if it fails. */
#pragma once
#include "connections.h"
#include "outbox.h"

struct push_list;

struct push_list *push_list_new (void);
void push_list_destroy (struct push_list **self_p);

/* Collects what every subscription has credit for, the ends of those that were replaced or may hear no more
   (another key, another role, a damaged event), and a heartbeat for each if so asked. *more: work is left for
   another turn. 0 or a failure. */
int push_collect (struct push_list *self, struct turn *turn, bool heartbeat, bool *more);
/* The turn failed: what was collected has not happened. */
void push_take_back (struct push_list *self);
/* The turn is durable: sends all over the events socket. A subscriber that is gone, or that does not take what it
   gave credit for, has no subscription any more: it comes back by itself. Its connection is in use by it. */
void push_send (struct push_list *self, struct outbox *outbox, void *socket, struct connections *connections,
                moment steady);
