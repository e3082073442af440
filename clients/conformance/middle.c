#include "middle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <zmq.h>
#include "allocate.h"
#include "gate.h"

enum { KEYS = 2, BIND_FOR = 200 /* x 10 ms */ };
enum { ROUTES = 256, ROUTE_ID = 32, ID_SIZE = 16, ENDPOINT = 64 };

/* Who asked with a key, and whether there was a delimiter. */
struct route {
    uint8_t key[ID_SIZE], id[ROUTE_ID];
    size_t id_size;
    bool has_delimiter;
};

/* One of the two endpoints: where clients come, and where that goes. */
struct side {
    void *front, *back;
    const char *registry; /* its endpoint there */
    char endpoint[ENDPOINT];
    struct route routes[ROUTES];
    size_t next;
    struct route newest; /* who asked last: on the events' side, who subscribed */
};

struct middle {
    void *context;
    struct key_file partner;
    char public_key[KEYS][KEY_TEXT], secret_key[KEYS][KEY_TEXT];
    size_t key; /* which of them it has now */
    struct side requests, events;
    struct gate gate;
    struct meddler meddler;
    uint8_t *bytes; /* of the message that came last */
};

const char *middle_requests (const struct middle *self)
{
    return self->requests.endpoint;
}

const char *middle_events (const struct middle *self)
{
    return self->events.endpoint;
}

const char *middle_key (const struct middle *self, size_t which)
{
    return self->public_key[which];
}

/* --- Sockets --------------------------------------------------------------------------------------------- */

/* Where a socket was that has just been closed it may take a moment. */
static int bind_to (void *front, const char *endpoint)
{
    for (int i = 0; zmq_bind (front, endpoint); i++) {
        if (i == BIND_FOR || zmq_errno () != EADDRINUSE)
            return -1;
        nanosleep (&(struct timespec){0, 10000000}, NULL);
    }
    return 0;
}

static void *open_front (struct middle *self, struct side *side)
{
    int yes = 1, linger = 0;
    size_t size = sizeof side->endpoint;
    void *front = zmq_socket (self->context, ZMQ_ROUTER);
    if (!front)
        return NULL;
    if (zmq_setsockopt (front, ZMQ_LINGER, &linger, sizeof linger) ||
        zmq_setsockopt (front, ZMQ_ROUTER_MANDATORY, &yes, sizeof yes) || /* to know who has left */
        zmq_setsockopt (front, ZMQ_CURVE_SERVER, &yes, sizeof yes) ||
        zmq_setsockopt (front, ZMQ_CURVE_SECRETKEY, self->secret_key[self->key], KEY_TEXT) ||
        bind_to (front, side->endpoint[0] ? side->endpoint : "tcp://127.0.0.1:*") ||
        zmq_getsockopt (front, ZMQ_LAST_ENDPOINT, side->endpoint, &size)) {
        zmq_close (front);
        return NULL;
    }
    return front;
}

static void *open_back (struct middle *self, const char *endpoint)
{
    int linger = 0, ipv6 = 1;
    void *back = zmq_socket (self->context, ZMQ_DEALER);
    if (!back)
        return NULL;
    if (zmq_setsockopt (back, ZMQ_LINGER, &linger, sizeof linger) ||
        zmq_setsockopt (back, ZMQ_IPV6, &ipv6, sizeof ipv6) ||
        zmq_setsockopt (back, ZMQ_CURVE_SERVERKEY, self->partner.server_key, KEY_TEXT) ||
        zmq_setsockopt (back, ZMQ_CURVE_PUBLICKEY, self->partner.public_key, KEY_TEXT) ||
        zmq_setsockopt (back, ZMQ_CURVE_SECRETKEY, self->partner.secret_key, KEY_TEXT) ||
        zmq_connect (back, endpoint)) {
        zmq_close (back);
        return NULL;
    }
    return back;
}

static bool open_side (struct middle *self, struct side *side, const char *endpoint)
{
    side->registry = endpoint;
    side->front = open_front (self, side);
    side->back = open_back (self, endpoint);
    return side->front && side->back;
}

static bool make_keys (struct middle *self)
{
    for (size_t i = 0; i < KEYS; i++)
        if (zmq_curve_keypair (self->public_key[i], self->secret_key[i]))
            return false;
    return true;
}

struct middle *middle_new (const struct key_file *partner, char *error, size_t size)
{
    struct middle *self = allocate (1, sizeof *self);
    self->partner = *partner;
    self->bytes = allocate (1, MESSAGE_LIMIT);
    self->context = zmq_ctx_new ();
    if (self->context && make_keys (self) && gate_open (&self->gate, self->context) &&
        open_side (self, &self->requests, self->partner.requests) &&
        open_side (self, &self->events, self->partner.events))
        return self;
    snprintf (error, size, "cannot listen on 127.0.0.1, or connect to %s and %s: %s", partner->requests,
              partner->events, zmq_strerror (zmq_errno ()));
    middle_destroy (&self);
    return NULL;
}

static void close_side (struct side *side)
{
    if (side->front)
        zmq_close (side->front);
    if (side->back)
        zmq_close (side->back);
}

void middle_destroy (struct middle **self_p)
{
    struct middle *self = *self_p;
    if (!self)
        return;
    close_side (&self->requests);
    close_side (&self->events);
    gate_close (&self->gate);
    if (self->context)
        zmq_ctx_term (self->context);
    explicit_bzero (&self->partner, sizeof self->partner);
    free (self->bytes);
    free (self);
    *self_p = NULL;
}

bool middle_take_key (struct middle *self, size_t key)
{
    struct side *const sides[] = {&self->requests, &self->events};
    if (key == self->key && self->requests.front && self->events.front)
        return true;
    self->key = key;
    for (size_t i = 0; i < 2; i++) {
        zmq_close (sides[i]->front);
        sides[i]->front = open_front (self, sides[i]);
    }
    return self->requests.front && self->events.front;
}

void middle_refuse (struct middle *self, bool refuses)
{
    self->gate.refuses = refuses;
}

unsigned middle_refused (const struct middle *self)
{
    return self->gate.refused;
}

void middle_meddle (struct middle *self, const struct meddler *meddler)
{
    self->meddler = meddler ? *meddler : (struct meddler){NULL, NULL, NULL};
    memset (self->requests.routes, 0, sizeof self->requests.routes);
    memset (self->events.routes, 0, sizeof self->events.routes);
    self->events.newest.id_size = 0;
}

/* --- Messages -------------------------------------------------------------------------------------------- */

/* Reads a message: the routing id before it, if `route` is not NULL, and its last frame into self->bytes. Its
   size, or -1: there is none. */
static long take (struct middle *self, void *socket, struct route *route)
{
    uint8_t first[ROUTE_ID];
    int more = 0, got = 0, frames = 0;
    size_t size = sizeof more;
    if (route) {
        got = zmq_recv (socket, first, sizeof first, ZMQ_DONTWAIT);
        if (got < 0 || got > ROUTE_ID)
            return -1;
        *route = (struct route){.id_size = (size_t)got};
        memcpy (route->id, first, (size_t)got);
    }
    do {
        got = zmq_recv (socket, self->bytes, MESSAGE_LIMIT, ZMQ_DONTWAIT);
        if (got < 0 || zmq_getsockopt (socket, ZMQ_RCVMORE, &more, &size))
            return -1;
        frames++;
    } while (more);
    if (route)
        route->has_delimiter = frames > 1;
    return got > MESSAGE_LIMIT ? -1 : got;
}

/* Replies of another client or case find nobody. */
static const struct route *route_of (const struct side *side, const uint8_t *key, size_t size)
{
    for (size_t i = 0; size == ID_SIZE && i < ROUTES; i++)
        if (side->routes[i].id_size > 0 && memcmp (side->routes[i].key, key, ID_SIZE) == 0)
            return &side->routes[i];
    return size == 0 && side->newest.id_size > 0 ? &side->newest : NULL;
}

/* False: there is nobody. */
static bool send_to (const struct side *side, const struct route *route, const void *bytes, size_t size)
{
    if (!route || zmq_send (side->front, route->id, route->id_size, ZMQ_SNDMORE) < 0)
        return false;
    if (route->has_delimiter)
        zmq_send (side->front, "", 0, ZMQ_SNDMORE);
    return zmq_send (side->front, bytes, size, 0) >= 0;
}

/* A subscription is of one connection: who comes on a new one gets a new one behind. */
static void follow_subscriber (struct middle *self, struct side *side, const struct route *route)
{
    bool is_same =
        side->newest.id_size == route->id_size && memcmp (side->newest.id, route->id, route->id_size) == 0;
    side->newest = *route;
    if (side != &self->events || is_same)
        return;
    void *back = open_back (self, side->registry);
    if (!back)
        return;
    zmq_close (side->back);
    side->back = back;
}

static void note_route (struct side *side, struct route *route, const uint8_t *key)
{
    memcpy (route->key, key, ID_SIZE);
    for (size_t i = 0; i < ROUTES; i++)
        if (side->routes[i].id_size > 0 && memcmp (side->routes[i].key, key, ID_SIZE) == 0)
            side->routes[i].id_size = 0; /* it came again, maybe on another connection */
    side->routes[side->next++ % ROUTES] = *route;
}

static bool pass_request (struct middle *self, struct side *side)
{
    struct route route;
    long size = take (self, side->front, &route);
    if (size < 0)
        return false;
    Consentd__Request *request = consentd__request__unpack (NULL, (size_t)size, self->bytes);
    enum fate fate = PASS;
    follow_subscriber (self, side, &route);
    if (request && request->idempotency_key.len == ID_SIZE)
        note_route (side, &route, request->idempotency_key.data);
    if (request && self->meddler.asked)
        fate = self->meddler.asked (self->meddler.of, request, self->bytes, (size_t)size);
    if (fate == PASS)
        zmq_send (side->back, self->bytes, (size_t)size, ZMQ_DONTWAIT);
    if (request)
        consentd__request__free_unpacked (request, NULL);
    return true;
}

static bool send_reply (const struct side *side, const struct route *route, const Consentd__Reply *reply)
{
    size_t size = consentd__reply__get_packed_size (reply);
    uint8_t *bytes = allocate (1, size);
    consentd__reply__pack (reply, bytes);
    bool sent = send_to (side, route, bytes, size);
    free (bytes);
    return sent;
}

static bool pass_reply (struct middle *self, struct side *side)
{
    long size = take (self, side->back, NULL);
    if (size < 0)
        return false;
    Consentd__Reply *reply = consentd__reply__unpack (NULL, (size_t)size, self->bytes);
    if (!reply)
        return true;
    const struct route *route = route_of (side, reply->idempotency_key.data, reply->idempotency_key.len);
    if (route && (!self->meddler.told || self->meddler.told (self->meddler.of, reply) == PASS))
        send_reply (side, route, reply);
    consentd__reply__free_unpacked (reply, NULL);
    return true;
}

void middle_turn (struct middle *self, int file, int ms)
{
    zmq_pollitem_t items[] = {{self->requests.front, 0, ZMQ_POLLIN, 0}, {self->requests.back, 0, ZMQ_POLLIN, 0},
                              {self->events.front, 0, ZMQ_POLLIN, 0},   {self->events.back, 0, ZMQ_POLLIN, 0},
                              {self->gate.socket, 0, ZMQ_POLLIN, 0},    {NULL, file, ZMQ_POLLIN, 0}};
    zmq_poll (items, file < 0 ? 5 : 6, ms);
    while (gate_turn (&self->gate) || pass_request (self, &self->requests) || pass_reply (self, &self->requests) ||
           pass_request (self, &self->events) || pass_reply (self, &self->events))
        ;
}

bool middle_tell_bytes (struct middle *self, const uint8_t *key, const void *bytes, size_t size)
{
    const struct side *side = key ? &self->requests : &self->events;
    return send_to (side, route_of (side, key, key ? ID_SIZE : 0), bytes, size);
}

bool middle_tell (struct middle *self, const uint8_t *key, const Consentd__Reply *reply)
{
    const struct side *side = key ? &self->requests : &self->events;
    return send_reply (side, route_of (side, key, key ? ID_SIZE : 0), reply);
}
