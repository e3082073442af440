/* Gathering: handshakes are answered, and messages taken off the sockets wait until they are decided. */
#include <stdlib.h>
#include "broker_parts.h"
#include "codec/codec.h"
#include "dispatch/verb_table.h"

enum {
    RECEIVED = 512, /* messages taken from a channel in one go: a millisecond or two */
    OVERHEAD = 512, /* bytes of memory, besides its content, that a waiting message takes */
    SIGN_INS = 64,  /* handshakes answered in one go */
};

static const char full[] = "this party has more waiting here than it may: nothing was done";

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
        exchange_destroy (&exchange); /* nobody waits for the answer (L4) */
        return;
    }
    struct codec_peek peek = codec_peek (message);
    exchange->verb = peek.verb;
    exchange->came_at = histogram_clock ();
    exchange->waiter.lane = lane_of (exchange, peek.verb, entry != NULL);
    exchange->waiter.bytes = message.size + OVERHEAD;
    exchange->waiter.checks = peek.requests;
    self->report.requests++;
    if (waiting_add (self->waiting, &exchange->waiter, party) == 0)
        return;
    self->report.turned_away++;
    if (replies_may_refuse (self->replies, &exchange->waiter.connection))
        broker_refuse (self, exchange, full);
    else
        exchange_destroy (&exchange);
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

/* Answers the handshakes that wait. Sign-ins have a transaction of their own, so they do not depend on what
   happens to the requests. */
static void admit (struct broker *self)
{
    struct sign_in *sign_ins[SIGN_INS];
    size_t count = 0;
    const struct auth_basis basis = {self->registry.parties, self->connections, self->in_force.config,
                                     broker_now (self), broker_steady ()};
    while (count < SIGN_INS && (sign_ins[count] = auth_receive (self->auth, &basis)) != NULL)
        count++;
    if (count == 0)
        return;
    struct turn turn;
    int rc = broker_begin (self, &turn);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = auth_log (&turn, sign_ins[i]);
    rc = broker_end (self, &turn, rc);
    if (rc == 0)
        rc = broker_sync (self);
    for (size_t i = 0; i < count; i++)
        auth_answer (self->auth, &sign_ins[i], rc == 0);
    self->more |= count == SIGN_INS;
}

static void receive (struct broker *self, const struct open_sockets *open)
{
    for (enum channel channel = CHANNEL_OPERATORS; channel >= CHANNEL_REQUESTS; channel--)
        if (open->at[channel])
            receive_channel (self, &self->inlets[channel]);
}

void broker_gather (struct broker *self, const struct open_sockets *open)
{
    if (open->at[0])
        admit (self);
    receive (self, open);
}
