/* Departing: answers and events leave in the order in which they were decided and collected, when what they rest
   on is on the disk.

   While the disk is at work on one turn, the next is gathered and decided. Where nothing else waits, there is
   nothing to do beside it, and the loop itself waits for the disk: a helper would only have to be woken up. */
#include "broker_parts.h"
#include "outcome.h"

static void send_answer (struct broker *self, struct exchange *exchange)
{
    exchange_send (exchange, self->endpoints.sockets[exchange->channel]);
    histogram_add (&self->meters.answers[exchange->verb], histogram_clock () - exchange->came_at);
    connections_touch (self->connections, &exchange->waiter.connection);
    if (exchange->is_last)
        connections_close (self->connections, &exchange->waiter.connection, broker_steady ());
    exchange_destroy (&exchange);
}

void broker_depart (struct broker *self, struct exchange *exchange)
{
    exchange_forget_message (exchange);
    exchange->rests_on = self->registry.happened;
    exchange->next = NULL;
    self->departed++;
    if (self->departing_last != NULL)
        self->departing_last->next = exchange;
    else
        self->departing = exchange;
    self->departing_last = exchange;
}

static void fail (struct broker *self, int rc)
{
    if (rc == STORE_DEAD)
        self->failure = rc;
}

/* Events that were collected before the answer that is next. */
static void send_events (struct broker *self)
{
    push_send (self->pushes, self->registry.outbox, &(struct push_after){self->durable, self->answered},
               self->endpoints.sockets[CHANNEL_EVENTS], self->connections);
}

static void send_departing (struct broker *self)
{
    struct exchange *exchange;
    int rc = store_durable (self->registry.store, &self->durable);
    fail (self, rc);
    if (rc != 0)
        return;
    send_events (self);
    while ((exchange = self->departing) != NULL && exchange->rests_on <= self->durable) {
        self->departing = exchange->next;
        if (self->departing == NULL)
            self->departing_last = NULL;
        send_answer (self, exchange);
        self->answered++;
        send_events (self);
    }
}

static bool has_departing (const struct broker *self)
{
    return self->departing != NULL || !push_is_empty (self->pushes) || self->durable < self->registry.happened;
}

void broker_send_durable (struct broker *self)
{
    struct store *store = self->registry.store;
    if (self->durable < self->registry.happened && !store_is_syncing (store)) {
        int rc = waiting_any (self->waiting) ? store_sync_begin (store) : store_sync (store);
        fail (self, rc < 0 && rc != STORE_DEAD ? store_sync (store) : rc);
    }
    if (has_departing (self))
        send_departing (self);
}

bool broker_has_to_send (const struct broker *self)
{
    return has_departing (self) && !store_is_syncing (self->registry.store);
}

int broker_sync (struct broker *self)
{
    int rc = store_sync (self->registry.store);
    fail (self, rc);
    return rc;
}

void broker_send_all (struct broker *self)
{
    broker_sync (self);
    send_departing (self);
}

void broker_drop_departing (struct broker *self)
{
    for (struct exchange *next, *exchange = self->departing; exchange != NULL; exchange = next) {
        next = exchange->next;
        exchange_destroy (&exchange);
    }
    self->departing = self->departing_last = NULL;
}
