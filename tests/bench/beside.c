#include "beside.h"
#include <stdlib.h>
#include <unistd.h>
#include "consumers.h"

enum { MOST_CREDIT = 1024, ACKNOWLEDGED = 256 /* events at once */, ANSWER_LIMIT_MS = 60000 };

void beside_check (const struct helper_order *order, struct helper_result *result)
{
    static zsock_t *sockets[SETTING_CLIENTS];
    struct load load = {.sockets = sockets,
                        .clients = SETTING_CLIENTS,
                        .window = SETTING_WINDOW,
                        .make = bench_make_check,
                        .people = order->people,
                        .look = load_must_permit,
                        .every = 1000,
                        .ms = order->ms};
    for (size_t i = 0; i < SETTING_CLIENTS && sockets[i] == NULL; i++) {
        sockets[i] = bench_socket (&order->identity, ZMQ_DEALER);
        zsock_connect (sockets[i], "%s", order->identity.endpoint);
    }
    if (order->what == BESIDE_AT_MOST)
        load_run (&load);
    else {
        size_t count = load_run_open (&load, order->per_second);
        result->p99_us = bench_quantile (load_times, count, 0.99);
    }
    result->count = load.answered;
    result->turned_away = load.turned_away;
    result->per_second = load.per_second * (1 - (double)load.turned_away / (double)load.answered);
}

/* The consumer, while it is there. */
static zsock_t *consumer;
static uint64_t newest, read_to; /* of its events */

static Consentd__Reply *next_message (void)
{
    zmq_pollitem_t item = {zsock_resolve (consumer), 0, ZMQ_POLLIN, 0};
    zmq_msg_t message;
    zmq_msg_init (&message);
    if (zmq_poll (&item, 1, ANSWER_LIMIT_MS) <= 0 || zmq_msg_recv (&message, item.socket, 0) < 0)
        bench_fail ("the consumer beside is told nothing");
    Consentd__Reply *reply = consentd__reply__unpack (NULL, zmq_msg_size (&message), zmq_msg_data (&message));
    if (reply == NULL)
        bench_fail ("a reply that is no reply");
    if (reply->status != CONSENTD__STATUS__OK ||
        (reply->body_case == CONSENTD__REPLY__BODY_EVENT && reply->event->kind == CONSENTD__EVENT_KIND__ENDED))
        bench_fail (reply->message);
    zmq_msg_close (&message);
    return reply;
}

static void send_to_registry (const uint8_t *message, size_t size)
{
    if (zmq_send (zsock_resolve (consumer), message, size, 0) < 0)
        bench_fail ("cannot send as the consumer beside");
}

static void subscribe (const struct helper_order *order)
{
    uint8_t message[256];
    consumer = bench_socket (&order->identity, ZMQ_DEALER);
    if (order->what == BESIDE_STALL) {
        zsock_set_rcvhwm (consumer, 1);
        zsock_set_rcvbuf (consumer, 4096);
    }
    zsock_connect (consumer, "%s", order->identity.endpoint);
    send_to_registry (message, consumers_make_subscribe (order->consumer, 0, MOST_CREDIT, message));
    Consentd__Reply *reply = next_message ();
    if (reply->body_case != CONSENTD__REPLY__BODY_SUBSCRIBE)
        bench_fail ("the consumer beside is not subscribed");
    newest = reply->subscribe->newest;
    read_to = reply->subscribe->next - 1;
    consentd__reply__free_unpacked (reply, NULL);
}

static size_t read_on (int64_t until_us)
{
    uint8_t message[256];
    size_t count = 0;
    while (read_to < newest && bench_now_us () < until_us) {
        Consentd__Reply *reply = next_message ();
        if (reply->body_case == CONSENTD__REPLY__BODY_EVENT &&
            reply->event->kind != CONSENTD__EVENT_KIND__HEARTBEAT) {
            read_to = reply->event->number;
            if (++count % ACKNOWLEDGED == 0)
                send_to_registry (message, consumers_make_acknowledge (read_to, ACKNOWLEDGED, message));
        }
        consentd__reply__free_unpacked (reply, NULL);
    }
    return count;
}

void beside_consume (const struct helper_order *order, struct helper_result *result)
{
    static bool gives_way;
    int64_t until_us = bench_now_us () + order->ms * 1000;
    if (!gives_way && nice (19) == -1)
        bench_fail ("cannot give way");
    gives_way = true;
    if (order->what == BESIDE_LEAVE)
        zsock_destroy (&consumer);
    else if (consumer == NULL)
        subscribe (order);
    if (order->what == BESIDE_READ)
        result->count = read_on (until_us);
}
