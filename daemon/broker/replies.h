/* Answers that were given to ZeroMQ and are still in its hands, in bytes: it counts messages, and a reply to a
   batch may be a mebibyte. Who does not read is not decided for: what it asks waits until it has read, and then no
   more of that waits than it may (waiting.h). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <zmq.h>
#include "bytes.h"
#include "channel.h"

enum {
    REPLIES_CONNECTION_BYTES = 1 << 20, /* unread by one connection: no more is decided for it */
    REPLIES_PARTY_BYTES = 8 << 20,      /* by all of a party */
};

struct replies;

/* Caller owns it. */
struct replies *replies_new (void);
/* Messages that are still on their way may outlive it. */
void replies_destroy (struct replies **self_p);

/* A connection of this party is known from here on. */
void replies_open (struct replies *self, const struct connection_id *connection, const char *party);
/* It is gone. */
void replies_close (struct replies *self, const struct connection_id *connection);
/* Whether it has read enough to be answered. One that is not known may be. */
bool replies_may_answer (const struct replies *self, const struct connection_id *connection);
/* Makes `message` a copy of the answer, counted as unread by the connection until ZeroMQ lets go of it: because it
   was written to the network, or its peer is gone. */
void replies_message (struct replies *self, const struct connection_id *connection, struct bytes answer,
                      zmq_msg_t *message);
