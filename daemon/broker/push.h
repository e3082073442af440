/* Events on their way out: collected in a turn, sent once the turn is durable, taken back if it fails. */
#pragma once
#include "connections.h"
#include "events/outbox.h"

struct parties;
struct push_list;

/* Why nothing may be pushed any more to a connection of this party with this key. NULL: it may. */
const char *push_why_over (const struct parties *parties, const char *id, const char *key, moment now);

struct push_list *push_list_new (void);
void push_list_destroy (struct push_list **self_p);

/* Collects what every subscription has credit for; the ends of subscriptions that were replaced or may hear no
   more (another key, another role, a damaged event); and, if asked, a heartbeat for each. One that has effects gets
   a heartbeat at once when parties, pack or clock changed. *more: there is work for
   another turn. 0 or a failure. */
int push_collect (struct push_list *self, struct turn *turn, bool heartbeat, bool *more);
bool push_is_empty (const struct push_list *self);
/* The turn failed: nothing that was collected has happened. */
void push_take_back (struct push_list *self);
/* The turn is durable: sends everything over the events socket. A subscriber that is gone, or that does not take
   what it gave credit for, loses its subscription, and comes back by itself. Its connection counts as used. */
void push_send (struct push_list *self, struct outbox *outbox, void *socket, struct connections *connections);
