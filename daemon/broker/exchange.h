/* One message of a peer and what becomes of it: taken off a socket as far as the protocol goes, kept until it is
   decided, and answered. */
#pragma once
#include <stdbool.h>
#include <zmq.h>
#include "bytes.h"
#include "connections.h"
#include "outcome.h"
#include "replies.h"
#include "waiting.h"

struct batch;

struct exchange {
    struct waiter waiter; /* first: one is found by the other; the caller fills it */
    enum channel channel;
    bool chose_its_route; /* the caller finds it out */
    bool delimiter;       /* of a REQ peer: given back */
    zmq_msg_t route, payload, answer;
    bool answered;
    struct batch *batch; /* under way, or NULL; owned */
};

/* A socket on which messages come in. */
struct inlet {
    void *socket; /* a ROUTER, borrowed */
    enum channel channel;
    struct connections *connections; /* borrowed */
    bool reading_away;               /* the rest of a message that is not kept */
    uint64_t cut_off;                /* messages of more frames than the protocol has, since the start */
};

/* Takes one message: [route] [empty]? [payload]. One of another shape has an empty or an unreadable payload, and
   is answered INVALID. One of more frames than that is read away without being kept, some thousands of frames at a
   time, and its connection is closed. 0: `self` is taken, and the caller closes it; EXCHANGE_NONE or
   EXCHANGE_AWAY: it is not. */
int exchange_receive (struct exchange *self, struct inlet *inlet, moment steady);
void exchange_close (struct exchange *self);

/* Lent as long as the exchange. */
struct bytes exchange_payload (struct exchange *self);
/* The public key of its connection (Z85), or "". Lent. */
const char *exchange_key (struct exchange *self);

/* What ZeroMQ tells of where it came from, lent as long as the exchange. */
struct connection_message exchange_origin (struct exchange *self);

/* Puts the answer to it, which counts as unread from here on. Copies. */
void exchange_answer (struct exchange *self, struct bytes answer, struct replies *replies);
/* Takes it back. */
void exchange_unanswer (struct exchange *self);
/* Sends the answer, if there is one. A peer that is gone, or whose queue is full, does not get it: it will ask
   again with the same key. */
void exchange_send (struct exchange *self, void *socket);
