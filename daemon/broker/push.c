#include "push.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>
#include "codec/codec.h"
#include "frame.h"
#include "parties/parties.h"
#include "permission.h"
#include "registry/effects.h"
#include "registry/subject_cache.h"

enum { PUSHES = 256 }; /* in one turn */

/* An event on its way out. */
struct push {
    struct subscription *subscription; /* NULL once the subscription is gone */
    uint8_t route[256];
    size_t route_size;
    zmq_msg_t message;
};

struct push_list {
    struct push items[PUSHES];
    size_t count;
};

struct push_list *push_list_new (void)
{
    struct push_list *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void push_list_destroy (struct push_list **self_p)
{
    if (*self_p == NULL)
        return;
    push_take_back (*self_p);
    free (*self_p);
    *self_p = NULL;
}

static void add_push (struct push_list *self, struct turn *turn, struct subscription *subscription,
                      const struct event *event, const char *message)
{
    struct push *push = &self->items[self->count++];
    struct reply reply = {.status = STATUS_OK, .body = REPLY_EVENT, .message = message, .as.event = *event};
    struct bytes packed;
    if (subscription->effects) {
        reply.as.event.basis = subscription->basis = parties_facts (turn->parties);
        reply.as.event.stopped = subscription->stopped = turn->state.clock_stopped;
    }
    memcpy (reply.epoch, turn->state.epoch, sizeof reply.epoch);
    reply.revision = turn->state.revision;
    reply.time = turn->now;
    codec_write_reply (&reply, turn->arena, &packed);
    push->subscription = subscription;
    memcpy (push->route, subscription->route, subscription->route_size);
    push->route_size = subscription->route_size;
    if (zmq_msg_init_size (&push->message, packed.size) != 0)
        abort ();
    memcpy (zmq_msg_data (&push->message), packed.data, packed.size);
}

static void collect_heartbeat (struct push_list *self, struct turn *turn, struct subscription *subscription,
                               uint64_t newest, bool *more)
{
    if (self->count == PUSHES) {
        *more = true;
        return;
    }
    struct event event = {.kind = EVENT_HEARTBEAT, .number = newest, .time = turn->now, .purpose = ""};
    arena_reset (turn->arena);
    outbox_change (turn->outbox, subscription);
    add_push (self, turn, subscription, &event, NULL);
    subscription->heartbeat_due = false;
}

/* Events that were not sent here yet are no longer kept: this is told before any other. False: in another turn. */
static bool collect_gap (struct push_list *self, struct turn *turn, struct subscription *subscription,
                         uint64_t last, bool *more)
{
    struct event event = {.kind = EVENT_EVENTS_DROPPED,
                          .number = last,
                          .first_dropped = subscription->next,
                          .time = turn->now,
                          .purpose = ""};
    if (self->count + 1 >= PUSHES) {
        *more = true;
        return false;
    }
    arena_reset (turn->arena);
    outbox_change (turn->outbox, subscription);
    add_push (self, turn, subscription, &event, NULL);
    subscription->next = last + 1;
    return true;
}

/* Fills in what the event changed in the subscriber's permits. Whose role may not check any more is not told. */
static int find_effects (struct turn *turn, const struct subscription *subscription, struct event *event)
{
    const struct party_entry *party = parties_find (turn->parties, subscription->party);
    if (!subscription->effects)
        return 0;
    event->effects_left_out = (party->permissions & PERMISSION_CHECK) == 0;
    return event->effects_left_out ? 0 : effects_find (turn, subscription->party, event);
}

static int collect_events (struct push_list *self, struct turn *turn, struct subscription *subscription,
                           bool *more)
{
    struct cursor cursor;
    int rc = outbox_cursor (turn, subscription->party, &cursor);
    if (rc != 0)
        return rc;
    if (subscription->next <= cursor.acknowledged &&
        !collect_gap (self, turn, subscription, cursor.acknowledged, more))
        return 0;
    while (subscription->credit > 0 && subscription->next <= cursor.newest) {
        if (self->count + 1 >= PUSHES) {
            *more = true;
            return 0;
        }
        struct event event;
        arena_reset (turn->arena);
        rc = outbox_read (turn, subscription->party, subscription->next, &event);
        if (rc != 0)
            return rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
        rc = find_effects (turn, subscription, &event);
        if (rc != 0)
            return rc;
        outbox_change (turn->outbox, subscription);
        add_push (self, turn, subscription, &event, NULL);
        subject_cache_sweep (turn->cache); /* what the effects borrowed of the subject */
        subscription->next++;
        subscription->credit--;
    }
    if (subscription->heartbeat_due)
        collect_heartbeat (self, turn, subscription, cursor.newest, more);
    return 0;
}

const char *push_why_over (const struct parties *parties, const char *id, const char *key, moment now)
{
    const struct party_entry *party = parties_find (parties, id);
    if (party == NULL || !party->party.active)
        return "this party is no longer active";
    if ((party->permissions & PERMISSION_EVENTS) == 0)
        return "this party's role no longer allows this";
    if (parties_by_key (parties, key, now) != party)
        return "this key is no longer the party's";
    return NULL;
}

static int collect (struct push_list *self, struct turn *turn, struct subscription *subscription, bool *more)
{
    if (subscription->live) {
        const char *why = push_why_over (turn->parties, subscription->party, subscription->key, turn->now);
        int rc = why == NULL ? collect_events (self, turn, subscription, more) : 0;
        /* One party's damaged event must not keep others from their answers. The party is told, and its
           operator. */
        if (rc == RECORD_DAMAGED) {
            fprintf (stderr, "consentd: event %llu of party %s cannot be read\n",
                     (unsigned long long)subscription->next, subscription->party);
            why = "an event of this party cannot be read";
            rc = 0;
        }
        if (rc != 0)
            return rc;
        if (why != NULL)
            outbox_end (turn->outbox, subscription, why);
    }
    if (subscription->live)
        return 0;
    if (self->count == PUSHES) {
        *more = true;
        return 0;
    }
    struct event event = {.kind = EVENT_ENDED, .time = turn->now, .purpose = ""};
    arena_reset (turn->arena);
    add_push (self, turn, subscription, &event, subscription->why);
    return 0;
}

/* What the subscriber was told last of what its permits rest on besides the subjects is not so any more. */
static bool has_other_basis (const struct turn *turn, const struct subscription *subscription)
{
    return subscription->live && subscription->effects &&
           (subscription->basis != parties_facts (turn->parties) ||
            subscription->stopped != turn->state.clock_stopped);
}

int push_collect (struct push_list *self, struct turn *turn, bool heartbeat, bool *more)
{
    int rc = 0;
    struct subscription *subscription;
    for (size_t i = 0; rc == 0 && (subscription = outbox_at (turn->outbox, i)) != NULL; i++) {
        if (heartbeat || has_other_basis (turn, subscription)) {
            outbox_change (turn->outbox, subscription);
            subscription->heartbeat_due = true;
        }
        rc = collect (self, turn, subscription, more);
    }
    return rc;
}

bool push_is_empty (const struct push_list *self)
{
    return self->count == 0;
}

void push_take_back (struct push_list *self)
{
    while (self->count > 0)
        zmq_msg_close (&self->items[--self->count].message);
}

static void forget (struct push_list *self, struct outbox *outbox, struct subscription *gone)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->items[i].subscription == gone)
            self->items[i].subscription = NULL;
    outbox_drop (outbox, gone);
}

void push_send (struct push_list *self, struct outbox *outbox, void *socket, struct connections *connections)
{
    for (size_t i = 0; i < self->count; i++) {
        struct push *push = &self->items[i];
        bool sent = push->subscription != NULL && frame_send (socket, push->route, push->route_size, true) &&
                    zmq_msg_send (&push->message, socket, ZMQ_DONTWAIT) >= 0;
        if (sent)
            connections_touch (connections, &push->subscription->connection);
        if (push->subscription != NULL && (!sent || push->subscription->ended))
            forget (self, outbox, push->subscription);
        zmq_msg_close (&push->message);
    }
    self->count = 0;
}
