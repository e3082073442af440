/* One message of a peer and its answer: read from a socket as far as the protocol goes, kept until it is decided,
   and answered. */
#pragma once
#include <stdbool.h>
#include <zmq.h>
#include "bodies.h"
#include "bytes.h"
#include "connections.h"
#include "outcome.h"
#include "replies.h"
#include "waiting.h"

struct batch;

struct exchange {
    struct waiter waiter; /* first, so that each is found by the other; the caller fills it */
    enum channel channel;
    bool chose_its_route; /* the caller finds this out */
    bool delimiter;       /* the peer is a REQ socket: its delimiter is sent back */
    zmq_msg_t route, payload, answer;
    bool answered;
    enum verb verb;        /* that it asks, as far as that can be read */
    int64_t came_at;       /* when it was read, by histogram_clock */
    bool is_last;          /* its connection is closed when the answer has left */
    struct batch *batch;   /* the batch that is being decided, or NULL; owned */
    uint64_t rests_on;     /* the last turn that its answer knows of, as store_commit_soon numbers them */
    struct exchange *next; /* among those that depart (broker_depart.c) */
};

/* A socket on which messages come in. */
struct inlet {
    void *socket; /* a ROUTER, borrowed */
    enum channel channel;
    struct connections *connections; /* borrowed */
    bool reading_away;               /* reads the rest of a message that is not kept */
    uint64_t cut_off;                /* messages with more frames than the protocol has, since the start */
};

/* Takes one message: [route] [empty]? [payload]. A message of another shape has an empty or an unreadable payload,
   and is answered INVALID. A message with more frames is read to its end without being kept, some thousands of
   frames at a time, and its connection is closed. 0: `self` is filled, and the caller closes it; EXCHANGE_NONE or
   EXCHANGE_AWAY: it is not. */
int exchange_receive (struct exchange *self, struct inlet *inlet, moment steady);
void exchange_close (struct exchange *self);
/* Closes and frees one that was allocated. */
void exchange_destroy (struct exchange **self_p);
/* The exchange that waits. */
struct exchange *exchange_of (struct waiter *waiter);

/* Lent as long as the exchange. */
struct bytes exchange_payload (struct exchange *self);
/* The public key of its connection (Z85), or "". Lent. */
const char *exchange_key (struct exchange *self);

/* What ZeroMQ tells of its origin, lent as long as the exchange. */
struct connection_message exchange_origin (struct exchange *self);

/* Sets the answer, which counts as unread from here on. Copies it. */
void exchange_answer (struct exchange *self, struct bytes answer, struct replies *replies);
/* Takes the answer back. */
void exchange_unanswer (struct exchange *self);
/* Lets go of the message and of its batch, which may be a mebibyte: it has its answer, and only waits to send it.
 */
void exchange_forget_message (struct exchange *self);
/* Sends the answer, if there is one. A peer that is gone, or whose queue is full, does not get it: it will ask
   again with the same key. */
void exchange_send (struct exchange *self, void *socket);
