#include "push.h"
#include <stdlib.h>
#include <string.h>
#include <zmq.h>
#include "codec/codec.h"
#include "frame.h"
#include "parties/parties.h"
#include "permission.h"
#include "registry/effects.h"
#include "registry/subject_cache.h"
#include "say.h"

enum {
    PUSHES = 1024,          /* on their way at once */
    MADE = 256,             /* messages made in one turn; to many consumers of a party goes the same, */
    EFFECTS = 16,           /* and one with effects counts as so many, and as one more for each */
    EFFECTS_WORK = 1 << 12, /* of work (rules/decide.h), so that others wait for some milliseconds */
    IN_A_ROW = 32,          /* events for one subscription: then it is another's turn */
};

/* A message on its way out. */
struct push {
    struct subscription *subscription; /* held */
    struct push_after after;
    bool is_last; /* the subscription leaves the table with it */
    zmq_msg_t message;
};

/* A message that was made in this turn, and is the same for every consumer of the party. */
struct made {
    char party[33]; /* "": there is none */
    bool effects;
    uint64_t number;
    zmq_msg_t message;
};

/* A ring: `count` from `first` on, of which the last `fresh` were collected in the turn that is not settled, which
   made so many messages for them. */
struct push_list {
    struct push items[PUSHES];
    size_t first, count, fresh, made;
    struct made events[IN_A_ROW], heartbeat;
};

struct push_list *push_list_new (void)
{
    struct push_list *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

static void let_go (struct push *push)
{
    zmq_msg_close (&push->message);
    outbox_release (push->subscription);
}

static void forget_made (struct made *made)
{
    if (made->party[0] != '\0')
        zmq_msg_close (&made->message);
    made->party[0] = '\0';
}

static void forget_all_made (struct push_list *self)
{
    for (size_t i = 0; i < IN_A_ROW; i++)
        forget_made (&self->events[i]);
    forget_made (&self->heartbeat);
    self->made = 0;
}

void push_list_destroy (struct push_list **self_p)
{
    struct push_list *self = *self_p;
    if (self == NULL)
        return;
    for (; self->count > 0; self->count--)
        let_go (&self->items[(self->first + self->count - 1) % PUSHES]);
    self->fresh = 0;
    forget_all_made (self);
    free (self);
    *self_p = NULL;
}

/* --- Making messages ---------------------------------------------------------------------------------- */

/* `said` has the event, and what is said besides. */
static void make (struct push_list *self, struct turn *turn, const struct subscription *subscription,
                  struct reply *said, zmq_msg_t *message)
{
    struct bytes packed;
    said->status = STATUS_OK;
    said->body = REPLY_EVENT;
    memcpy (said->epoch, turn->state.epoch, sizeof said->epoch);
    said->revision = turn->state.revision;
    said->time = turn->now;
    if (subscription->effects) {
        said->as.event.basis = parties_facts (turn->parties);
        said->as.event.stopped = turn->state.clock_stopped;
    }
    codec_write_reply (said, turn->arena, &packed);
    if (zmq_msg_init_size (message, packed.size) != 0)
        abort ();
    memcpy (zmq_msg_data (message), packed.data, packed.size);
    self->made++;
}

/* Keeps one that was made, in the place of another. */
static void keep (struct made *made, const struct subscription *subscription, uint64_t number, zmq_msg_t *message)
{
    forget_made (made);
    memcpy (made->party, subscription->party, sizeof made->party);
    made->effects = subscription->effects;
    made->number = number;
    zmq_msg_init (&made->message);
    zmq_msg_copy (&made->message, message);
}

/* Takes one that was made, if it is there. */
static bool take (struct made *made, const struct subscription *subscription, uint64_t number, zmq_msg_t *message)
{
    if (made->number != number || made->effects != subscription->effects ||
        strcmp (made->party, subscription->party) != 0)
        return false;
    zmq_msg_init (message);
    zmq_msg_copy (message, &made->message);
    return true;
}

/* Fills in what the event changed in the subscriber's permits. Whose role may not check any more is not told. */
static int find_effects (struct push_list *self, struct turn *turn, const struct subscription *subscription,
                         struct event *event)
{
    const struct party_entry *party = parties_find (turn->parties, subscription->party);
    if (!subscription->effects)
        return 0;
    uint64_t before = turn->work;
    event->effects_left_out = (party->permissions & PERMISSION_CHECK) == 0;
    int rc = event->effects_left_out ? 0 : effects_find (turn, subscription->party, event);
    self->made += EFFECTS + (turn->work - before) / EFFECTS_WORK;
    return rc;
}

/* Event `number` of the party, read once a turn. 0, RECORD_DAMAGED or a failure. */
static int find_event (struct push_list *self, struct turn *turn, const struct subscription *subscription,
                       zmq_msg_t *message)
{
    struct made *made = &self->events[subscription->next % IN_A_ROW];
    struct reply said = {.message = NULL};
    if (take (made, subscription, subscription->next, message))
        return 0;
    arena_reset (turn->arena);
    int rc = outbox_read (turn, subscription->party, subscription->next, &said.as.event);
    if (rc != 0)
        return rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
    rc = find_effects (self, turn, subscription, &said.as.event);
    if (rc != 0)
        return rc;
    make (self, turn, subscription, &said, message);
    subject_cache_sweep (turn->cache); /* what the effects borrowed of the subject */
    keep (made, subscription, subscription->next, message);
    return 0;
}

/* --- Collecting --------------------------------------------------------------------------------------- */

static bool has_room (const struct push_list *self)
{
    return self->count < PUSHES && self->made < MADE;
}

/* Takes the message. To be called after outbox_change. */
static struct push *add (struct push_list *self, const struct turn *turn, struct subscription *subscription,
                         zmq_msg_t *message)
{
    struct push *push = &self->items[(self->first + self->count++) % PUSHES];
    *push = (struct push){.subscription = subscription};
    subscription->basis = parties_facts (turn->parties); /* as it is told with each that has effects */
    subscription->stopped = turn->state.clock_stopped;
    zmq_msg_init (&push->message);
    zmq_msg_move (&push->message, message);
    outbox_hold (subscription);
    self->fresh++;
    return push;
}

static void collect_heartbeat (struct push_list *self, struct turn *turn, struct subscription *subscription,
                               uint64_t newest)
{
    struct reply said = {
        .as.event = {.kind = EVENT_HEARTBEAT,
                     .number = newest,
                     .time = turn->now,
                     .purpose = "",
                     .server_key_next = turn->report != NULL ? turn->report->server_key_next : NULL}};
    zmq_msg_t message;
    if (!take (&self->heartbeat, subscription, newest, &message)) {
        arena_reset (turn->arena);
        make (self, turn, subscription, &said, &message);
        keep (&self->heartbeat, subscription, newest, &message);
    }
    outbox_change (turn->outbox, subscription);
    add (self, turn, subscription, &message);
    subscription->heartbeat_due = false;
}

/* Events that were not sent here yet are no longer kept: this is told before any other. */
static void collect_gap (struct push_list *self, struct turn *turn, struct subscription *subscription,
                         uint64_t last)
{
    struct reply said = {.as.event = {.kind = EVENT_EVENTS_DROPPED,
                                      .number = last,
                                      .first_dropped = subscription->next,
                                      .time = turn->now,
                                      .purpose = ""}};
    zmq_msg_t message;
    arena_reset (turn->arena);
    make (self, turn, subscription, &said, &message);
    outbox_change (turn->outbox, subscription);
    add (self, turn, subscription, &message);
    subscription->next = last + 1;
}

/* What it has credit for, and has its turn for. *again: there is more. */
static int collect_events (struct push_list *self, struct turn *turn, struct subscription *subscription,
                           bool *again)
{
    struct outbox_extent extent = outbox_extent (subscription);
    if (subscription->next <= extent.acknowledged && has_room (self))
        collect_gap (self, turn, subscription, extent.acknowledged);
    for (unsigned i = 0;
         i < IN_A_ROW && has_room (self) && subscription->credit > 0 && subscription->next <= extent.newest; i++) {
        zmq_msg_t message;
        int rc = find_event (self, turn, subscription, &message);
        if (rc != 0)
            return rc;
        outbox_change (turn->outbox, subscription);
        add (self, turn, subscription, &message);
        subscription->next++;
        subscription->credit--;
    }
    *again = subscription->next <= extent.acknowledged ||
             (subscription->credit > 0 && subscription->next <= extent.newest);
    if (subscription->heartbeat_due && !*again && has_room (self))
        collect_heartbeat (self, turn, subscription, extent.newest);
    *again |= subscription->heartbeat_due;
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

/* What the subscriber was told last of what its permits rest on besides the subjects is not so any more. */
static bool has_other_basis (const struct turn *turn, const struct subscription *subscription)
{
    return subscription->effects && (subscription->basis != parties_facts (turn->parties) ||
                                     subscription->stopped != turn->state.clock_stopped);
}

/* Collects what it has credit for, or ends it. 0 or a failure. */
static int collect_live (struct push_list *self, struct turn *turn, struct subscription *subscription, bool *again)
{
    const char *why = push_why_over (turn->parties, subscription->party, subscription->key, turn->now);
    if (has_other_basis (turn, subscription)) {
        outbox_change (turn->outbox, subscription);
        subscription->heartbeat_due = true;
    }
    int rc = why == NULL ? collect_events (self, turn, subscription, again) : 0;
    /* One party's damaged event must not keep others from their answers. The party is told, and its operator. */
    if (rc == RECORD_DAMAGED) {
        say_of_party (SAY_ERROR, "event-damaged", subscription->party, "event %llu of party %s cannot be read",
                      (unsigned long long)subscription->next, subscription->party);
        why = "an event of this party cannot be read";
        rc = 0;
    }
    if (rc == 0 && why != NULL)
        outbox_end (turn->outbox, subscription, why);
    return rc;
}

static void collect_end (struct push_list *self, struct turn *turn, struct subscription *subscription)
{
    struct reply said = {.message = subscription->why,
                         .as.event = {.kind = EVENT_ENDED, .time = turn->now, .purpose = ""}};
    zmq_msg_t message;
    arena_reset (turn->arena);
    make (self, turn, subscription, &said, &message);
    outbox_change (turn->outbox, subscription);
    add (self, turn, subscription, &message)->is_last = true;
    subscription->ended = false;
}

int push_collect (struct push_list *self, struct turn *turn, bool *more)
{
    struct subscription *subscription;
    int rc = 0;
    for (size_t left = outbox_due_count (turn->outbox); left > 0 && has_room (self); left--) {
        bool again = false;
        subscription = outbox_due (turn->outbox);
        if (subscription->live)
            rc = collect_live (self, turn, subscription, &again);
        if (rc != 0)
            return rc;
        if (subscription->ended && has_room (self))
            collect_end (self, turn, subscription);
        outbox_looked_at (turn->outbox, again || subscription->ended);
    }
    *more |= outbox_due (turn->outbox) != NULL && self->count < PUSHES;
    return 0;
}

/* --- Sending ------------------------------------------------------------------------------------------ */

bool push_is_empty (const struct push_list *self)
{
    return self->count == 0;
}

bool push_is_full (const struct push_list *self)
{
    return self->count == PUSHES;
}

void push_settle (struct push_list *self, bool happened, const struct push_after *after)
{
    for (; self->fresh > 0; self->fresh--) {
        struct push *push = &self->items[(self->first + self->count - (happened ? self->fresh : 1)) % PUSHES];
        if (happened)
            push->after = *after;
        else {
            let_go (push);
            self->count--;
        }
    }
    forget_all_made (self);
}

static void send_one (struct push *push, struct outbox *outbox, void *socket, struct connections *connections)
{
    struct subscription *to = push->subscription;
    if (!outbox_is_there (to))
        return;
    bool sent = frame_send (socket, to->route, to->route_size, true) &&
                zmq_msg_send (&push->message, socket, ZMQ_DONTWAIT) >= 0;
    if (sent)
        connections_touch (connections, &to->connection);
    if (!sent || push->is_last)
        outbox_drop (outbox, to);
}

void push_send (struct push_list *self, struct outbox *outbox, const struct push_after *so_far, void *socket,
                struct connections *connections)
{
    while (self->count > self->fresh) {
        struct push *push = &self->items[self->first];
        if (push->after.turn > so_far->turn || push->after.answers > so_far->answers)
            return;
        send_one (push, outbox, socket, connections);
        let_go (push);
        self->first = (self->first + 1) % PUSHES;
        self->count--;
    }
}
