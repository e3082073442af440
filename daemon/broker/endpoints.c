#include "endpoints.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <zmq.h>
#include "audit/log.h"
#include "codec/codec.h"
#include "config/endpoint_text.h"
#include "outcome.h"
#include "replies.h"

enum {
    HIGH_WATER = 8192,       /* messages that may wait for a peer: more than a subscriber's credit */
    REQUESTS_WAITING = 256,  /* messages of a connection that may wait to be read; more of them wait at the peer */
    CURVE_OVERHEAD = 64,     /* what ZeroMQ counts for a message besides its content */
    ZAP_ENFORCE_DOMAIN = 93, /* ZMQ_ZAP_ENFORCE_DOMAIN: 4.3.4 only knows its number */
};

/* Acts on each endpoint of a list, separated by spaces. 0 or -errno. */
static int each_endpoint (void *socket, const char *list, int (*act) (void *, const char *))
{
    char *copy = strdup (list), *rest = NULL;
    if (copy == NULL)
        abort ();
    int rc = 0;
    for (char *one = strtok_r (copy, " ", &rest); one != NULL && rc == 0; one = strtok_r (NULL, " ", &rest))
        rc = act (socket, one) == 0 ? 0 : -errno;
    free (copy);
    return rc;
}

static const char *endpoints_of (const struct config *config, enum channel channel)
{
    return channel == CHANNEL_REQUESTS ? config->requests
           : channel == CHANNEL_EVENTS ? config->events
                                       : config->operators;
}

static int set_number (void *socket, int option, int value)
{
    return zmq_setsockopt (socket, option, &value, sizeof value);
}

static int set_options (void *socket, enum channel channel, const char *server_secret)
{
    const char *domain = audit_origin_name ((enum audit_origin)channel);
    int64_t largest = CODEC_TOGETHER_LIMIT + CURVE_OVERHEAD;
    int rc = set_number (socket, ZMQ_CURVE_SERVER, 1) |
             zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, server_secret, 41) |
             zmq_setsockopt (socket, ZMQ_ZAP_DOMAIN, domain, strlen (domain)) |
             set_number (socket, ZAP_ENFORCE_DOMAIN, 1) | set_number (socket, ZMQ_ROUTER_MANDATORY, 1) |
             set_number (socket, ZMQ_LINGER, 0) |
             zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest) |
             set_number (socket, ZMQ_SNDHWM, channel == CHANNEL_EVENTS ? HIGH_WATER : REPLIES_QUEUE) |
             set_number (socket, ZMQ_RCVHWM, REQUESTS_WAITING) | set_number (socket, ZMQ_HANDSHAKE_IVL, 2000) |
             set_number (socket, ZMQ_HEARTBEAT_IVL, 5000) | set_number (socket, ZMQ_HEARTBEAT_TIMEOUT, 15000) |
             set_number (socket, ZMQ_HEARTBEAT_TTL, 30000) | set_number (socket, ZMQ_BACKLOG, 1024);
    return rc == 0 ? 0 : -errno;
}

/* Seeds rand () with random bytes. ZeroMQ numbers routing ids from a number of rand (), which is seeded by the
   clock. A peer that guesses the next id can choose it as its own, and an assertion in ZeroMQ then ends the
   daemon. So nobody may guess it. */
static int seed (void)
{
    unsigned seed;
    if (getrandom (&seed, sizeof seed, 0) != sizeof seed)
        return -errno;
    srand (seed);
    return 0;
}

int endpoints_open (struct endpoints *self, void *context, struct connections *connections, const char *secret)
{
    int rc = 0;
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS && rc == 0; channel++) {
        rc = seed ();
        void *socket = self->sockets[channel] = rc == 0 ? zmq_socket (context, ZMQ_ROUTER) : NULL;
        if (rc == 0)
            rc = socket != NULL ? set_options (socket, channel, secret) : -errno;
        if (rc == 0)
            rc = connections_watch (connections, context, socket, channel);
    }
    return rc;
}

/* IPv6 only if it is asked for: `*` stays IPv4, also on a machine that has both. */
static int bind_one (void *socket, const char *endpoint)
{
    return set_number (socket, ZMQ_IPV6, endpoint_is_ipv6 (endpoint)) == 0 ? zmq_bind (socket, endpoint) : -1;
}

int endpoints_bind (struct endpoints *self, const struct config *config, struct settings_error *error)
{
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++) {
        const char *endpoints = endpoints_of (config, channel);
        int rc = each_endpoint (self->sockets[channel], endpoints, bind_one);
        if (rc != 0) {
            snprintf (error->text, sizeof error->text, "%s: cannot bind: %s", endpoints, outcome_sentence (rc));
            return ENDPOINTS_CANNOT_BIND;
        }
    }
    return 0;
}

void endpoints_close (struct endpoints *self)
{
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++)
        if (self->sockets[channel] != NULL) {
            set_number (self->sockets[channel], ZMQ_LINGER, 1000);
            zmq_close (self->sockets[channel]);
            self->sockets[channel] = NULL;
        }
}
