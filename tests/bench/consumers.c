#include "consumers.h"
#include <stdlib.h>
#include <string.h>

enum { CREDIT = 64, ROUTE = 5, ANSWER_LIMIT_MS = 60000 };

struct consumers {
    size_t count, parties, subscribed;
    zsock_t *sockets[CONCERNED_PARTIES];         /* a ROUTER for each party: all its consumers have its key */
    zmq_pollitem_t items[CONCERNED_PARTIES + 1]; /* of the parties, and of another */
    uint64_t next[CONSUMERS];                    /* number of the next event of each */
    size_t taken[CONSUMERS], taken_count;        /* who have read something that they must acknowledge */
};

size_t consumers_make_subscribe (const char *consumer, uint64_t from, unsigned credit, uint8_t *message)
{
    Consentd__Request request;
    Consentd__SubscribeRequest subscribe;
    uint8_t key[BENCH_KEY_SIZE];
    consentd__request__init (&request);
    consentd__subscribe_request__init (&subscribe);
    bench_new_key (&request, key);
    subscribe.from = from;
    subscribe.credit = credit;
    subscribe.consumer = bench_text (consumer);
    request.body_case = CONSENTD__REQUEST__BODY_SUBSCRIBE;
    request.subscribe = &subscribe;
    return bench_pack (&request, message);
}

size_t consumers_make_acknowledge (uint64_t number, unsigned credit, uint8_t *message)
{
    Consentd__Request request;
    Consentd__AcknowledgeRequest acknowledge;
    uint8_t key[BENCH_KEY_SIZE];
    consentd__request__init (&request);
    consentd__acknowledge_request__init (&acknowledge);
    bench_new_key (&request, key);
    acknowledge.number = number;
    acknowledge.credit = credit;
    request.body_case = CONSENTD__REQUEST__BODY_ACKNOWLEDGE;
    request.acknowledge = &acknowledge;
    return bench_pack (&request, message);
}

static void *socket_of (struct consumers *self, size_t consumer)
{
    return self->items[consumer % self->parties].socket;
}

static void send_as (struct consumers *self, size_t consumer, const uint8_t *message, size_t size)
{
    char route[16];
    snprintf (route, sizeof route, "c%04zu", consumer);
    if (zmq_send (socket_of (self, consumer), route, ROUTE, ZMQ_SNDMORE) < 0 ||
        zmq_send (socket_of (self, consumer), message, size, 0) < 0)
        bench_fail ("cannot send as a consumer");
}

static void take_event (struct consumers *self, size_t consumer, const Consentd__EventPush *event)
{
    if (event->kind == CONSENTD__EVENT_KIND__ENDED)
        bench_fail ("a consumer was cut off");
    if (event->kind == CONSENTD__EVENT_KIND__HEARTBEAT)
        return;
    if (event->number != self->next[consumer])
        bench_fail ("a consumer missed an event");
    self->next[consumer]++;
    self->taken[self->taken_count++] = consumer;
}

/* True: it was told of a withdrawal. */
static bool take_message (struct consumers *self, size_t consumer, zmq_msg_t *message)
{
    Consentd__Reply *reply = consentd__reply__unpack (NULL, zmq_msg_size (message), zmq_msg_data (message));
    if (reply == NULL)
        bench_fail ("a reply that is no reply");
    load_must_be_ok (reply);
    bool withdrawn = false;
    if (reply->body_case == CONSENTD__REPLY__BODY_EVENT) {
        withdrawn = reply->event->kind == CONSENTD__EVENT_KIND__CONSENT_REVOKED;
        take_event (self, consumer, reply->event);
    } else if (reply->body_case == CONSENTD__REPLY__BODY_SUBSCRIBE) {
        self->next[consumer] = reply->subscribe->next;
        self->subscribed++;
    }
    consentd__reply__free_unpacked (reply, NULL);
    return withdrawn;
}

static void acknowledge (struct consumers *self)
{
    uint8_t message[BENCH_KEY_SIZE + 64];
    for (size_t i = 0; i < self->taken_count; i++) {
        size_t consumer = self->taken[i];
        send_as (self, consumer, message, consumers_make_acknowledge (self->next[consumer] - 1, 1, message));
    }
    self->taken_count = 0;
}

size_t consumers_take (struct consumers *self, int64_t told_at[CONSUMERS], size_t told)
{
    zmq_msg_t route, message;
    zmq_msg_init (&route);
    zmq_msg_init (&message);
    for (size_t i = 0; i < self->parties; i++)
        while (self->taken_count < CONSUMERS && zmq_msg_recv (&route, self->items[i].socket, ZMQ_DONTWAIT) >= 0 &&
               zmq_msg_recv (&message, self->items[i].socket, 0) >= 0) {
            int64_t now = bench_now_us ();
            char name[ROUTE + 1] = "";
            memcpy (name, zmq_msg_data (&route), ROUTE);
            if (take_message (self, strtoul (name + 1, NULL, 10), &message) && told < CONSUMERS)
                told_at[told++] = now;
        }
    zmq_msg_close (&route);
    zmq_msg_close (&message);
    acknowledge (self);
    return told;
}

bool consumers_wait (struct consumers *self, void *other, int64_t ms)
{
    self->items[self->parties] = (zmq_pollitem_t){other, 0, ZMQ_POLLIN, 0};
    zmq_poll (self->items, (int)self->parties + (other != NULL), ms > 0 ? ms : 0);
    return other != NULL && (self->items[self->parties].revents & ZMQ_POLLIN) != 0;
}

/* What each of the parties was told last, of all that was told before. */
static void find_newest (struct setting *setting, const struct concerned *parties,
                         uint64_t newest[CONCERNED_PARTIES])
{
    uint8_t message[64];
    Consentd__Request request;
    Consentd__EventsLagRequest lag;
    uint8_t key[BENCH_KEY_SIZE];
    consentd__request__init (&request);
    consentd__events_lag_request__init (&lag);
    bench_new_key (&request, key);
    request.body_case = CONSENTD__REQUEST__BODY_EVENTS_LAG;
    request.events_lag = &lag;
    Consentd__Reply *reply = bench_ask (setting->operator_socket, message, bench_pack (&request, message));
    load_must_be_ok (reply);
    for (size_t i = 0; i < reply->events_lag->n_parties; i++)
        for (size_t p = 0; p < CONCERNED_PARTIES; p++)
            if (strcmp (reply->events_lag->parties[i]->party, parties[p].id) == 0)
                newest[p] = reply->events_lag->parties[i]->newest;
    consentd__reply__free_unpacked (reply, NULL);
}

static void subscribe (struct consumers *self, const struct concerned *party, size_t consumer, uint64_t from)
{
    uint8_t message[128];
    char route[16], name[33];
    snprintf (route, sizeof route, "c%04zu", consumer);
    snprintf (name, sizeof name, "systeem-%zu", consumer / self->parties);
    if (zmq_setsockopt (socket_of (self, consumer), ZMQ_CONNECT_ROUTING_ID, route, ROUTE) != 0 ||
        zmq_connect (socket_of (self, consumer), party->identity.endpoint) != 0)
        bench_fail ("cannot connect a consumer");
    send_as (self, consumer, message, consumers_make_subscribe (name, from, CREDIT, message));
}

/* Not more at once than there are parties: the registry lets in some of a party's that have said nothing yet. */
struct consumers *consumers_open (struct setting *setting, const struct concerned *parties, size_t count)
{
    static int64_t told_at[CONSUMERS];
    uint64_t newest[CONCERNED_PARTIES] = {0};
    struct consumers *self = calloc (1, sizeof *self);
    if (self == NULL)
        bench_fail ("out of memory");
    self->count = count;
    self->parties = count < CONCERNED_PARTIES ? count : CONCERNED_PARTIES;
    for (size_t i = 0; i < self->parties; i++) {
        self->sockets[i] = bench_socket (&parties[i].identity, ZMQ_ROUTER);
        self->items[i] = (zmq_pollitem_t){zsock_resolve (self->sockets[i]), 0, ZMQ_POLLIN, 0};
    }
    find_newest (setting, parties, newest);
    int64_t until = bench_now_us () + INT64_C (1000) * ANSWER_LIMIT_MS;
    for (size_t begun = 0; self->subscribed < count;) {
        for (size_t end = begun + self->parties; begun < end && begun < count; begun++)
            subscribe (self, &parties[begun % self->parties], begun, newest[begun % self->parties] + 1);
        while (self->subscribed < begun) {
            consumers_wait (self, NULL, 1000);
            consumers_take (self, told_at, 0);
            if (bench_now_us () > until)
                bench_fail ("consumers are not let in");
        }
    }
    return self;
}

void consumers_close (struct consumers **self_p)
{
    for (size_t i = 0; i < (*self_p)->parties; i++)
        zsock_destroy (&(*self_p)->sockets[i]);
    free (*self_p);
    *self_p = NULL;
}
