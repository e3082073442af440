#include "link.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>
#include "reply.h"

enum {
    HANDSHAKE = 5000, /* ms */
    RECONNECT = 100,
    RECONNECT_MAX = 2000,
    HEARTBEAT = 5000,
    HEARTBEAT_TIMEOUT = 15000,
    HANDSHAKE_FAILED = ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
    EVENTS = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
             HANDSHAKE_FAILED,
};

static int set_options (void *socket, const struct key_file *key)
{
    const struct {
        int option;
        int value;
    } numbers[] = {
        {ZMQ_LINGER, 0},
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE},
        {ZMQ_RECONNECT_IVL, RECONNECT},
        {ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX},
        {ZMQ_HEARTBEAT_IVL, HEARTBEAT},
        {ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT},
        {ZMQ_IPV6, 1},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (zmq_setsockopt (socket, numbers[i].option, &numbers[i].value, sizeof numbers[i].value))
            return -errno;
    int64_t largest = REPLY_MAX;
    if (zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest) ||
        zmq_setsockopt (socket, ZMQ_CURVE_SERVERKEY, key->server_key, KEY_FILE_KEY) ||
        zmq_setsockopt (socket, ZMQ_CURVE_PUBLICKEY, key->public_key, KEY_FILE_KEY) ||
        zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, key->secret_key, KEY_FILE_KEY))
        return -errno;
    return 0;
}

/* The monitor speaks through a pair of sockets. Their name must be new each time. */
static int watch (struct link *self, void *context)
{
    char name[64];
    snprintf (name, sizeof name, "inproc://link-%p", self->socket);
    self->monitor = zmq_socket (context, ZMQ_PAIR);
    int now = 0;
    if (!self->monitor || zmq_setsockopt (self->monitor, ZMQ_LINGER, &now, sizeof now) ||
        zmq_socket_monitor (self->socket, name, EVENTS) || zmq_connect (self->monitor, name))
        return -errno;
    return 0;
}

int link_open (struct link *self, void *context, const struct key_file *key, const char *endpoint)
{
    *self = (struct link){.socket = NULL};
    self->socket = zmq_socket (context, ZMQ_DEALER);
    if (!self->socket)
        return -errno;
    int result = set_options (self->socket, key);
    if (!result)
        result = watch (self, context);
    if (!result && zmq_connect (self->socket, endpoint))
        result = -errno;
    if (result)
        link_close (self);
    return result;
}

void link_close (struct link *self)
{
    if (self->socket) {
        zmq_socket_monitor (self->socket, NULL, 0);
        zmq_close (self->socket);
    }
    if (self->monitor)
        zmq_close (self->monitor);
    self->socket = self->monitor = NULL;
}

bool link_is_open (const struct link *self)
{
    return self->socket;
}

int link_send (struct link *self, const void *data, size_t size)
{
    if (zmq_send (self->socket, data, size, ZMQ_DONTWAIT) < 0 && errno != EAGAIN && errno != EINTR)
        return -errno;
    return 0;
}

/* Takes note of one thing that the monitor tells. One of the results of link_wait. */
static int note (struct link *self, uint16_t event)
{
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        self->met = true;
        self->lost = false;
        self->strange = 0;
        return LINK_SILENT;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        self->strange++;
        return LINK_SILENT;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        return LINK_REFUSED;
    default:
        self->lost = self->met;
        return LINK_LOST;
    }
}

/* Reads what the monitor tells, until something matters. */
static int read_monitor (struct link *self)
{
    int result = LINK_SILENT;
    uint8_t frame[6];
    while (result != LINK_REFUSED && zmq_recv (self->monitor, frame, sizeof frame, ZMQ_DONTWAIT) >= 0) {
        uint16_t event;
        memcpy (&event, frame, sizeof event);
        char address[256];
        zmq_recv (self->monitor, address, sizeof address, ZMQ_DONTWAIT);
        int noted = note (self, event);
        if (noted != LINK_SILENT)
            result = noted;
    }
    return result;
}

bool link_is_lost (struct link *self)
{
    return self->socket && (read_monitor (self) == LINK_REFUSED || self->lost);
}

int link_wait (struct link *self, int64_t timeout)
{
    long limit = timeout < 0 ? 0 : timeout > INT_MAX ? INT_MAX : (long)timeout;
    if (!self->socket)
        return poll (NULL, 0, (int)limit) < 0 ? LINK_SIGNAL : LINK_SILENT;
    zmq_pollitem_t items[] = {{self->socket, 0, ZMQ_POLLIN, 0}, {self->monitor, 0, ZMQ_POLLIN, 0}};
    if (zmq_poll (items, 2, limit) < 0)
        return errno == EINTR ? LINK_SIGNAL : -errno;
    /* Messages from before the connection was lost are still read. */
    if (items[0].revents)
        return LINK_MESSAGE;
    return items[1].revents ? read_monitor (self) : LINK_SILENT;
}

bool link_has_something (struct link *self)
{
    int events = 0;
    size_t size = sizeof events;
    return self->socket && zmq_getsockopt (self->socket, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN);
}

/* An empty delimiter may come before the payload, as for a REQ socket. */
static int receive_payload (struct link *self, zmq_msg_t *payload)
{
    int frames = 0;
    for (;;) {
        if (zmq_msg_recv (payload, self->socket, ZMQ_DONTWAIT) < 0)
            return errno == EAGAIN || errno == EINTR ? LINK_SILENT : -errno;
        bool delimiter = frames == 0 && zmq_msg_size (payload) == 0;
        frames += !delimiter;
        if (!zmq_msg_more (payload))
            return frames == 1 && !delimiter ? 0 : LINK_UNREADABLE;
    }
}

int link_receive (struct link *self, Consentd__Reply **reply_p)
{
    zmq_msg_t payload;
    zmq_msg_init (&payload);
    int result = receive_payload (self, &payload);
    if (!result) {
        *reply_p = reply_unpack (zmq_msg_data (&payload), zmq_msg_size (&payload));
        if (!*reply_p)
            result = LINK_UNREADABLE;
    }
    zmq_msg_close (&payload);
    return result;
}
