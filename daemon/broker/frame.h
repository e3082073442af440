/* One frame of a message that is sent. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <zmq.h>

/* Sends one frame without waiting. `more`: other frames of the same message follow. False: it was not sent. */
static inline bool frame_send (void *socket, const void *data, size_t size, bool more)
{
    return zmq_send (socket, data, size, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) >= 0;
}
