#include "fake_link.h"
#include <zmq.h>
#include "testing.h"

void fake_link_open (struct fake_link *self, consent_t *connection)
{
    self->context = zmq_ctx_new ();
    self->socket = zmq_socket (self->context, ZMQ_DEALER);
    connection->events.socket = zmq_socket (self->context, ZMQ_DEALER);
    connection->events.monitor = zmq_socket (self->context, ZMQ_PAIR); /* which tells nothing */
    int none = 0;
    zmq_setsockopt (self->socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt (connection->events.socket, ZMQ_LINGER, &none, sizeof none);
    assert_int_equal (zmq_bind (self->socket, "inproc://events"), 0);
    assert_int_equal (zmq_connect (connection->events.socket, "inproc://events"), 0);
}

Consentd__Request *fake_link_take (struct fake_link *self)
{
    uint8_t bytes[4096];
    int size = zmq_recv (self->socket, bytes, sizeof bytes, ZMQ_DONTWAIT);
    return size < 0 ? NULL : consentd__request__unpack (NULL, (size_t)size, bytes);
}

void fake_link_close (struct fake_link *self, consent_t *connection)
{
    link_close (&connection->events);
    zmq_close (self->socket);
    zmq_ctx_term (self->context);
}
