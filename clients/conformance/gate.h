/* Who is let in to the man in the middle (ZAP, RFC 27): everybody, or nobody any more. Of one ZeroMQ context. */
#pragma once
#include <stdbool.h>

struct gate {
    void *socket; /* NULL: it is not open */
    bool refuses; /* with status 400 */
    unsigned refused;
};

/* False: it cannot, and zmq_errno says why. gate_close must follow in either case. */
bool gate_open (struct gate *self, void *context);
void gate_close (struct gate *self);
/* Answers one who is at the gate. False: nobody is. */
bool gate_turn (struct gate *self);
