#include "exchange.h"
#include <stdlib.h>
#include <string.h>
#include "batch.h"
#include "frame.h"

enum {
    MOST_FRAMES = 2,    /* after the route: the delimiter of a REQ peer, and the payload */
    FRAMES_AWAY = 8192, /* read in one go: a few milliseconds */
};

void exchange_close (struct exchange *self)
{
    zmq_msg_close (&self->route);
    zmq_msg_close (&self->payload);
    zmq_msg_close (&self->answer);
    batch_destroy (&self->batch);
}

struct bytes exchange_payload (struct exchange *self)
{
    return (struct bytes){zmq_msg_data (&self->payload), zmq_msg_size (&self->payload)};
}

const char *exchange_key (struct exchange *self)
{
    const char *key = zmq_msg_gets (&self->payload, "User-Id");
    return key != NULL ? key : "";
}

struct connection_message exchange_origin (struct exchange *self)
{
    const char *number = zmq_msg_gets (&self->payload, "Sign-In");
    return (struct connection_message){
        .id = {number != NULL ? strtoull (number, NULL, 10) : 0, zmq_msg_get (&self->payload, ZMQ_SRCFD),
               self->channel},
        .key = exchange_key (self),
        .declared = zmq_msg_gets (&self->payload, "Identity"),
        .route = zmq_msg_data (&self->route),
        .route_size = zmq_msg_size (&self->route),
    };
}

/* Drops the peer by closing its connection. Messages of it that wait already stay. */
static void cut_off (struct exchange *self, struct inlet *inlet, moment steady)
{
    struct connection_message message = exchange_origin (self);
    const struct connection *found = connections_find (inlet->connections, &message, steady);
    inlet->cut_off++;
    if (found != NULL)
        connections_cut (inlet->connections, &found->id);
}

/* Reads the rest of a message. ZeroMQ gives the next message of a socket only after all of the one before was
   read. */
static int read_away (struct inlet *inlet)
{
    zmq_msg_t frame;
    zmq_msg_init (&frame);
    for (unsigned i = 0; inlet->reading_away && i < FRAMES_AWAY; i++)
        inlet->reading_away =
            zmq_msg_recv (&frame, inlet->socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more (&frame) != 0;
    zmq_msg_close (&frame);
    return EXCHANGE_AWAY;
}

/* Reads the frames after the route. The payload is the last frame, or the last one that the protocol has. True if
   the message does not have exactly one frame of content. */
static bool receive_frames (struct exchange *self, struct inlet *inlet)
{
    bool more = zmq_msg_more (&self->route) != 0, malformed = !more;
    for (unsigned frames = 0; more && frames < MOST_FRAMES; frames++) {
        if (frames == 1 && zmq_msg_size (&self->payload) == 0)
            self->delimiter = true;
        else if (frames > 0)
            malformed = true;
        if (zmq_msg_recv (&self->payload, inlet->socket, ZMQ_DONTWAIT) < 0)
            break;
        more = zmq_msg_more (&self->payload) != 0;
    }
    inlet->reading_away = more;
    return malformed;
}

int exchange_receive (struct exchange *self, struct inlet *inlet, moment steady)
{
    if (inlet->reading_away)
        return read_away (inlet);
    memset (self, 0, sizeof *self);
    self->channel = inlet->channel;
    zmq_msg_init (&self->route);
    zmq_msg_init (&self->payload);
    zmq_msg_init (&self->answer);
    if (zmq_msg_recv (&self->route, inlet->socket, ZMQ_DONTWAIT) < 0) {
        exchange_close (self);
        return EXCHANGE_NONE;
    }
    bool malformed = receive_frames (self, inlet);
    if (inlet->reading_away) {
        cut_off (self, inlet, steady);
        exchange_close (self);
        return read_away (inlet);
    }
    if (malformed && zmq_msg_size (&self->payload) > 0) {
        /* Keeps the frame, since it knows whose it is, and hides its content. */
        memset (zmq_msg_data (&self->payload), 0xff, zmq_msg_size (&self->payload));
    }
    return 0;
}

void exchange_answer (struct exchange *self, struct bytes answer, struct replies *replies)
{
    zmq_msg_close (&self->answer);
    replies_message (replies, &self->waiter.connection, answer, &self->answer);
    self->answered = true;
}

void exchange_unanswer (struct exchange *self)
{
    zmq_msg_close (&self->answer);
    zmq_msg_init (&self->answer);
    self->answered = self->is_last = false;
}

void exchange_forget_message (struct exchange *self)
{
    zmq_msg_close (&self->payload);
    zmq_msg_init (&self->payload);
    batch_destroy (&self->batch);
}

void exchange_send (struct exchange *self, void *socket)
{
    if (!self->answered || zmq_msg_send (&self->route, socket, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0)
        return;
    if (self->delimiter)
        frame_send (socket, "", 0, true);
    zmq_msg_send (&self->answer, socket, ZMQ_DONTWAIT);
}

struct exchange *exchange_of (struct waiter *waiter)
{
    union {
        struct waiter *first;
        struct exchange *whole;
    } same = {waiter};
    return same.whole;
}

void exchange_destroy (struct exchange **self_p)
{
    if (*self_p != NULL)
        exchange_close (*self_p);
    free (*self_p);
    *self_p = NULL;
}
