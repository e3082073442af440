/* Answers that are made, and that their peers have not read: their number, so that none finds ZeroMQ's queue full
   and is dropped, and their bytes, since a reply to a batch may be nine mebibytes. Nothing is decided for a peer that
   does not read: its requests wait until it has read, and no more of them wait than may (waiting.h). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <zmq.h>
#include "bytes.h"
#include "channel.h"

enum {
    REPLIES_CONNECTION_COUNT = 1024, /* unread by one connection; beyond that nothing is decided for it */
    REPLIES_QUEUE = 2048, /* that ZeroMQ may have for a connection: with what was refused without being decided */
    REPLIES_CONNECTION_BYTES = 1 << 20, /* the same in bytes */
    REPLIES_PARTY_BYTES = 8 << 20,      /* unread by all connections of a party */
};

struct replies;

/* Caller owns it. */
struct replies *replies_new (void);
/* Messages that are still on their way may live longer. */
void replies_destroy (struct replies **self_p);

/* Notes a connection of this party. */
void replies_open (struct replies *self, const struct connection_id *connection, const char *party);
/* The connection is gone. */
void replies_close (struct replies *self, const struct connection_id *connection);
/* The connection has read enough to be answered. True for one that is not known. */
bool replies_may_answer (const struct replies *self, const struct connection_id *connection);
/* The connection can still be told that something of it is refused. If not, ZeroMQ would drop that. */
bool replies_may_refuse (const struct replies *self, const struct connection_id *connection);
/* Makes `message` a copy of the answer. It counts as unread by the connection until ZeroMQ releases it: because it
   was written to the network, or its peer is gone. */
void replies_message (struct replies *self, const struct connection_id *connection, struct bytes answer,
                      zmq_msg_t *message);
