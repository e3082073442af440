/* All open connections, at every endpoint: whose they are, when they were last used, and how they are closed (L4).

   ZeroMQ hides connections behind its sockets. Three things together show them. Its monitor tells of each file
   descriptor that was accepted or lost. Each sign-in has a number, which comes back with every message of the
   connection that signed in. And each message tells the descriptor on which it came. A descriptor is given to
   another connection as soon as it is free, so a connection is always named by the pair: `struct connection_id`.

   Of a connection that has signed in and said nothing yet, only the descriptor is known, and of its party only how
   many such connections it has. Times are those of a clock that never stands still. Nothing here is stored. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "channel.h"
#include "rules/calendar.h"

enum {
    CONNECTION_SILENT_MS = 300000, /* a connection that has said nothing for so long is closed */
    CONNECTION_GRACE_MS = 300, /* between the decision to close and the closing, so that a last answer can leave */
    CONNECTION_ROUTE_SIZE = 5, /* bytes of a routing id that an endpoint gave: 0 and a number (be32) */
};

struct connection {
    struct connection_id id; /* number 0: no message has come yet */
    char key[41];            /* Z85 */
    char party[33];          /* "": not known yet */
    bool chose_its_route;    /* its routing id was not given by the endpoint */
    uint64_t used;           /* counts when it was accepted, heard or answered; by this, as a moment has many uses */
    moment close_at;         /* MOMENT_NEVER: not to be closed */
    uint64_t signed_in;      /* how many sign-ins there were before it was accepted; its own has a higher number */
    ino_t inode;             /* of its descriptor; tells whether it is still the same socket */
    bool heard;              /* a message has come since it was last checked for one without end */
    uint64_t received;       /* bytes from its peer that messages or heartbeats account for */
};

struct connections;

/* Caller owns it. */
struct connections *connections_new (void);
/* To be called before the sockets that it watches are closed. */
void connections_destroy (struct connections **self_p);

/* Watches the ROUTER socket of an endpoint. To be called before the socket is bound. It finds out the first
   routing id, so that ids chosen by peers can be recognised. 0 or -errno. */
int connections_watch (struct connections *self, void *context, void *socket, enum channel channel);
/* For polling: readable when a connection came or went. Borrowed. */
void *connections_monitor (const struct connections *self, enum channel channel);
/* Takes in what the endpoints tell. The other functions know what the last call took in, unless they say that they
   follow first. */
void connections_follow (struct connections *self, moment steady);
/* Takes one of the connections that are gone since; each is told once. False: there are no more. */
bool connections_take_gone (struct connections *self, struct connection_id *gone);
/* The monitor tells that a descriptor was accepted, or lost. */
void connections_accepted (struct connections *self, enum channel channel, int fd, moment steady);
void connections_lost (struct connections *self, enum channel channel, int fd);

/* Lets a party in. Returns the number that its messages must have as their property "Sign-In". Follows first. */
uint64_t connections_sign_in (struct connections *self, enum channel channel, const char *key, moment steady);
/* How many connections with this key have signed in and said nothing yet. Some of them may have left since. */
size_t connections_silent (const struct connections *self, const char *key);

/* What ZeroMQ tells of a message: the number of the sign-in, the descriptor, the key and the routing id.
   `declared` is the id that the peer gave itself, up to its first 0 byte; NULL or "": none. */
struct connection_message {
    struct connection_id id;
    const char *key, *declared;
    const void *route;
    size_t route_size;
};
/* The connection of a message, borrowed until the next call of connections_follow. NULL: it is gone, and nobody
   would hear an answer. Follows first if this is the connection's first message. */
const struct connection *connections_find (struct connections *self, const struct connection_message *message,
                                           moment steady);
/* Notes whose connection it is, and that it is in use. If it is new to the party, and the party then has more than
   `most`, the one not used for the longest time is closed. True if one was closed. */
bool connections_use (struct connections *self, const struct connection_id *id, const char *party, size_t most,
                      moment steady);
/* Notes that something was sent on it. */
void connections_touch (struct connections *self, const struct connection_id *id);

/* Closes it, after CONNECTION_GRACE_MS. */
void connections_close (struct connections *self, const struct connection_id *id, moment steady);
/* Closes it at once. What is on its way to it is lost. */
void connections_cut (struct connections *self, const struct connection_id *id);
/* Closes, after CONNECTION_GRACE_MS, each connection that was heard and that the judge does not let stay. */
void connections_close_unless (struct connections *self,
                               bool (*may_stay) (const void *, const struct connection *), const void *judge,
                               moment steady);
/* Does what is due: closes connections that are to be closed, and those that said nothing for too long. Follows
   first. */
void connections_tend (struct connections *self, moment steady);
/* Closes connections that send a message without end. ZeroMQ keeps the frames of a message until the last one has
   come, without a bound, and tells nothing of them. So a connection is closed if megabytes came on it, and not one
   message in all that time. This works over TCP only, because the kernel counts bytes for nothing else. Returns
   how many were closed since the start. */
uint64_t connections_cut_endless (struct connections *self, moment steady);
/* When connections_tend, and connections_cut_endless, may have something to do. MOMENT_NEVER: nothing. */
moment connections_due (const struct connections *self);
moment connections_endless_due (const struct connections *self);
