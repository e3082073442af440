#include "gate.h"

#include <stdint.h>
#include <string.h>
#include <zmq.h>

enum { FRAME = 256 };

bool gate_open (struct gate *self, void *context)
{
    *self = (struct gate){.socket = zmq_socket (context, ZMQ_REP)};
    return self->socket && zmq_bind (self->socket, "inproc://zeromq.zap.01") == 0;
}

void gate_close (struct gate *self)
{
    if (self->socket)
        zmq_close (self->socket);
    self->socket = NULL;
}

/* Says whether somebody is let in. The second frame of what is asked is in the answer again. */
bool gate_turn (struct gate *self)
{
    uint8_t frame[FRAME], id[FRAME] = {0};
    int more = 1, got = 0, frames = 0, id_size = 0;
    size_t size = sizeof more;
    for (; more; frames++) {
        got = zmq_recv (self->socket, frame, sizeof frame, ZMQ_DONTWAIT);
        if (got < 0 || got > FRAME || zmq_getsockopt (self->socket, ZMQ_RCVMORE, &more, &size))
            return false;
        if (frames == 1)
            memcpy (id, frame, (size_t)(id_size = got));
    }
    zmq_send (self->socket, "1.0", 3, ZMQ_SNDMORE);
    zmq_send (self->socket, id, (size_t)id_size, ZMQ_SNDMORE);
    zmq_send (self->socket, self->refuses ? "400" : "200", 3, ZMQ_SNDMORE);
    for (int i = 0; i < 3; i++) /* no text, user or metadata */
        zmq_send (self->socket, "", 0, i < 2 ? ZMQ_SNDMORE : 0);
    self->refused += self->refuses;
    return true;
}
