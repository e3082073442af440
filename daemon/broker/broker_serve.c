/* From what comes in to what goes out: received, kept waiting, served in a turn, answered. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include "limits/admission.h"
#include "batch.h"
#include "broker_parts.h"
#include "codec/codec.h"
#include "dispatch/verb_table.h"
#include "outcome.h"

enum {
    RECEIVED = 512,           /* messages taken from a channel in one go: a millisecond or two */
    OVERHEAD = 512,           /* bytes of memory, besides its content, that a waiting message takes */
    SIGN_INS = 64,            /* handshakes answered in one go */
    MOST_OUTSTANDING = 65536, /* the most requests that are tried alone after a turn that failed */
};

static const char full[] = "this party has more waiting here than it may: nothing was done";

/* Receiving */

static struct exchange *exchange_of (struct waiter *waiter)
{
    union {
        struct waiter *first;
        struct exchange *whole;
    } same = {waiter};
    return same.whole;
}

static void drop (struct exchange *exchange)
{
    exchange_close (exchange);
    free (exchange);
}

static void send_answer (struct broker *self, struct exchange *exchange)
{
    exchange_send (exchange, self->endpoints.sockets[exchange->channel]);
    connections_touch (self->connections, &exchange->waiter.connection, broker_steady ());
    drop (exchange);
}

/* Refuses without a transaction: nothing happens. */
static void refuse (struct broker *self, struct exchange *exchange, const char *why)
{
    struct bytes answer;
    struct turn turn = {.arena = self->registry.arena, .state = self->registry.state, .now = broker_now (self)};
    arena_reset (turn.arena);
    dispatch_unavailable (&turn, exchange_payload (exchange), why, &answer);
    exchange_answer (exchange, answer, self->replies);
    send_answer (self, exchange);
}

/* Finds the connection of the message. False: it is gone. */
static bool find_connection (struct broker *self, struct exchange *exchange, const char *party)
{
    struct connection_message message = exchange_origin (exchange);
    const struct connection *found = connections_find (self->connections, &message, broker_steady ());
    if (found == NULL)
        return false;
    exchange->waiter.connection = found->id;
    exchange->chose_its_route = found->chose_its_route;
    replies_open (self->replies, &found->id, party);
    return true;
}

/* L2: requests that protect the subject, or make that known, wait behind nothing else. */
static enum lane lane_of (const struct exchange *exchange, enum verb verb, bool known)
{
    if (!known)
        return LANE_REST;
    if (exchange->channel == CHANNEL_OPERATORS)
        return LANE_OPERATORS;
    bool protects =
        exchange->channel == CHANNEL_EVENTS || (verb_table[verb].protects && verb_is_on (verb, exchange->channel));
    return protects ? LANE_PROTECTION : LANE_REST;
}

static void keep (struct broker *self, struct exchange *exchange)
{
    const struct party_entry *entry =
        parties_by_key (self->registry.parties, exchange_key (exchange), broker_now (self));
    const char *party = entry != NULL ? entry->text.id : "";
    struct bytes message = exchange_payload (exchange);
    if (!find_connection (self, exchange, party)) {
        drop (exchange); /* nobody waits for the answer (L4) */
        return;
    }
    struct codec_peek peek = codec_peek (message);
    exchange->waiter.lane = lane_of (exchange, peek.verb, entry != NULL);
    exchange->waiter.bytes = message.size + OVERHEAD;
    exchange->waiter.checks = peek.requests;
    self->report.requests++;
    if (waiting_add (self->waiting, &exchange->waiter, party) == 0)
        return;
    self->report.turned_away++;
    refuse (self, exchange, full);
}

static void receive_channel (struct broker *self, struct inlet *inlet)
{
    int rc = 0;
    for (unsigned i = 0; i < RECEIVED && rc != EXCHANGE_NONE; i++) {
        if (self->spare == NULL && (self->spare = malloc (sizeof *self->spare)) == NULL)
            abort ();
        rc = exchange_receive (self->spare, inlet, broker_steady ());
        if (rc == EXCHANGE_AWAY)
            break;
        if (rc == 0) {
            struct exchange *exchange = self->spare;
            self->spare = NULL;
            keep (self, exchange);
        }
    }
    self->more |= rc != EXCHANGE_NONE;
}

void broker_receive (struct broker *self, const struct open_sockets *open)
{
    for (enum channel channel = CHANNEL_OPERATORS; channel >= CHANNEL_REQUESTS; channel--)
        if (open->at[channel])
            receive_channel (self, &self->inlets[channel]);
}

void broker_admit (struct broker *self)
{
    struct sign_in *sign_ins[SIGN_INS];
    size_t count = 0;
    while (count < SIGN_INS &&
           (sign_ins[count] = auth_receive (self->auth, self->registry.parties, self->connections,
                                            self->in_force.config, broker_now (self), broker_steady ())) != NULL)
        count++;
    if (count == 0)
        return;
    struct turn turn;
    int rc = broker_begin (self, &turn);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = auth_log (&turn, sign_ins[i]);
    rc = broker_end (self, &turn, rc);
    for (size_t i = 0; i < count; i++)
        auth_answer (self->auth, &sign_ins[i], rc == 0);
    self->more |= count == SIGN_INS;
}

/* Serving */

/* Refuses a message, logs that, and closes the connection. Its key is no party's any more; or it chose its own
   routing id, and so may be trying to get messages of the connection that had that id before. */
static int show_out (struct broker *self, struct turn *turn, struct exchange *exchange, const char *party,
                     void (*say) (struct turn *, struct bytes, struct bytes *))
{
    struct bytes answer;
    say (turn, exchange_payload (exchange), &answer);
    exchange_answer (exchange, answer, self->replies);
    connections_close (self->connections, &exchange->waiter.connection, broker_steady ());
    return auth_log_refused (turn, party, exchange->channel, party[0] == 0 ? "refused" : "own-routing-id");
}

/* Serves one request. 0: it has its answer; BATCH_MORE; or a failure. */
static int serve_one (struct broker *self, struct turn *turn, struct exchange *exchange, uint64_t allowance)
{
    struct connection_id *connection = &exchange->waiter.connection;
    struct bytes message = exchange_payload (exchange), answer;
    arena_reset (turn->arena);
    store_use_share (turn->txn, STORE_GENERAL); /* for strangers too, whatever the request before used */
    const char *key = exchange_key (exchange);
    const struct party_entry *party = parties_by_key (turn->parties, key, turn->now);
    if (party == NULL)
        return show_out (self, turn, exchange, "", dispatch_stranger);
    if (exchange->chose_its_route)
        return show_out (self, turn, exchange, party->text.id, dispatch_own_route);
    connections_use (self->connections, connection, party->text.id,
                     admission_limits (turn->config, party).connections, broker_steady ());
    struct caller caller = {
        party,      key, exchange->channel, zmq_msg_data (&exchange->route), zmq_msg_size (&exchange->route),
        *connection};
    const struct request *batch;
    int rc = exchange->batch == NULL ? dispatch (turn, &caller, message, &answer, &batch) : DISPATCH_BATCH;
    if (rc == DISPATCH_BATCH) {
        if (exchange->batch == NULL)
            exchange->batch = batch_new (batch);
        rc = batch_step (exchange->batch, turn, &caller, allowance, &answer);
    }
    if (rc == 0)
        exchange_answer (exchange, answer, self->replies);
    return rc;
}

/* Tries one turn, in one transaction. */
static int take_turn (struct broker *self, struct turn *turn)
{
    struct waiter *waiter;
    uint64_t allowance;
    int rc = broker_begin (self, turn);
    while ((waiter = waiting_take (self->waiting, &allowance)) != NULL) {
        struct exchange *exchange = exchange_of (waiter);
        assert (self->served_count < self->served_room);
        self->served[self->served_count++] = exchange;
        if (rc != 0)
            break; /* there is no transaction; one request must hear so */
        uint64_t before = turn_cost (turn);
        rc = serve_one (self, turn, exchange, allowance);
        waiting_charge (self->waiting, waiter, turn_cost (turn) - before, rc != BATCH_MORE);
        if (rc == BATCH_MORE)
            rc = 0;
        if (rc != 0)
            break;
    }
    return broker_end (self, turn, rc);
}

static void conclude (struct broker *self)
{
    for (size_t i = 0; i < self->served_count; i++) {
        struct exchange *exchange = self->served[i];
        if (exchange->batch != NULL)
            batch_keep (exchange->batch);
        if (!exchange->answered)
            continue;
        waiting_finish (self->waiting, &exchange->waiter);
        send_answer (self, exchange);
        self->served[i] = NULL;
    }
    for (size_t i = self->served_count; i > 0; i--)
        if (self->served[i - 1] != NULL)
            waiting_give_back (self->waiting, &self->served[i - 1]->waiter);
}

static void take_back (struct broker *self)
{
    for (size_t i = self->served_count; i > 0; i--) {
        struct exchange *exchange = self->served[i - 1];
        exchange_unanswer (exchange);
        if (exchange->batch != NULL)
            batch_undo (exchange->batch);
        waiting_give_back (self->waiting, &exchange->waiter);
    }
    self->singly += self->served_count;
    if (self->singly > MOST_OUTSTANDING)
        self->singly = MOST_OUTSTANDING;
}

/* A1: writes a line for a request that failed, if there is room. Its own turn cannot: it has not happened. */
static void log_failure (struct broker *self, struct exchange *exchange)
{
    const struct party_entry *party =
        parties_by_key (self->registry.parties, exchange_key (exchange), broker_now (self));
    struct turn turn;
    int rc = broker_begin (self, &turn);
    if (rc == 0) {
        struct audit_head head = {.time = turn.now,
                                  .party = party != NULL ? party->text.id : "",
                                  .action = "request",
                                  .result = "unavailable",
                                  .origin = (enum audit_origin)exchange->channel};
        struct evidence evidence = {.note = ""};
        rc = audit_append (&turn, &head, NULL, &evidence);
    }
    broker_end (self, &turn, rc);
}

/* The request was alone in a turn that failed. So the fault is in the request or the store. */
static void fail_one (struct broker *self, int rc)
{
    struct exchange *exchange = self->served[0];
    if (rc == STORE_FULL)
        registry_refuse (&self->registry, broker_now (self)); /* one line for all of them */
    else {
        fprintf (stderr, "consentd: a request failed: %s\n", outcome_sentence (rc));
        log_failure (self, exchange);
    }
    waiting_finish (self->waiting, &exchange->waiter);
    refuse (self, exchange,
            rc == STORE_FULL ? "the store is full: only withdrawals are still recorded"
                             : "the registry cannot record or read this now; nothing was done");
}

/* A turn that failed is tried again with one request at a time, so that no request makes another fail. Between
   these turns everything else of the daemon goes on. */
bool broker_serve (struct broker *self)
{
    if (!waiting_any (self->waiting))
        return false;
    struct turn turn;
    waiting_begin_turn (self->waiting, self->singly > 0 ? 1 : self->in_force.config->turn_limit);
    self->served_count = 0;
    int rc = take_turn (self, &turn);
    bool served = self->served_count > 0;
    if (served && self->singly > 0)
        self->singly--;
    self->report.turns += served;
    if (rc == 0)
        conclude (self);
    else if (self->served_count == 1)
        fail_one (self, rc);
    else
        take_back (self);
    return served;
}

int broker_push (struct broker *self, bool heartbeat)
{
    struct outbox *outbox = self->registry.outbox;
    if (outbox_at (outbox, 0) == NULL)
        return 0;
    struct turn turn;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = push_collect (self->pushes, &turn, heartbeat, &self->more);
    rc = broker_end (self, &turn, rc);
    if (rc != 0)
        push_take_back (self->pushes);
    push_send (self->pushes, outbox, self->endpoints.sockets[CHANNEL_EVENTS], self->connections, broker_steady ());
    return rc;
}

/* Letting go */

unsigned broker_refuse_all (struct broker *self, const char *why)
{
    unsigned count = 0;
    for (struct waiter *waiter; (waiter = waiting_drop_any (self->waiting)) != NULL; count++)
        refuse (self, exchange_of (waiter), why);
    return count;
}

void broker_forget_connection (struct broker *self, const struct connection_id *gone)
{
    for (struct waiter *waiter; (waiter = waiting_drop (self->waiting, gone)) != NULL;) {
        drop (exchange_of (waiter));
        self->report.dropped++;
    }
    replies_close (self->replies, gone);
}
