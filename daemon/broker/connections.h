/* Every connection that is open, at every endpoint: whose it is, when it was last used, and the closing of it
   (L4).

   ZeroMQ hides connections behind its sockets. Three things together show them. Its monitor tells of each file
   descriptor that was accepted or lost. Every sign-in has a number, which comes back with every message of the
   connection that signed in. And every message tells the descriptor on which it came. A descriptor is given again
   to another connection as soon as it is free, so what is meant is always the pair: `struct connection_id`.

   A connection that has signed in and said nothing yet is known by its descriptor only, and its party only by the
   number of such connections. Times are of a clock that never stands still. Nothing here is stored. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "channel.h"
#include "rules/calendar.h"

enum {
    CONNECTION_SILENT_MS = 300000, /* who has said nothing for so long is closed */
    CONNECTION_GRACE_MS = 300,     /* from the decision to close until it is done: a last answer can leave */
    CONNECTION_ROUTE_SIZE = 5,     /* bytes of a routing id that an endpoint gave: 0 and a number (be32) */
};

struct connection {
    struct connection_id id; /* number 0: nothing was heard from it yet */
    char key[41];            /* Z85 */
    char party[33];          /* "": not known yet */
    bool chose_its_route;    /* its routing id is not one that the endpoint gave it */
    moment used_at;          /* accepted, heard or answered */
    moment close_at;         /* MOMENT_NEVER: it stays */
    uint64_t signed_in;      /* sign-ins before it was accepted: its own has a higher number */
    ino_t inode;             /* of its descriptor: is it still the same socket? */
    bool heard;              /* since it was last looked at for what has no end */
    uint64_t received;       /* bytes from its peer that are accounted for */
};

struct connections;

/* Caller owns it. */
struct connections *connections_new (void);
/* Before the sockets that it watches are closed. */
void connections_destroy (struct connections **self_p);

/* Watches the ROUTER socket of an endpoint. Before it is bound: its first routing id is asked for, by which those
   that peers choose are known. 0 or -errno. */
int connections_watch (struct connections *self, void *context, void *socket, enum channel channel);
/* For polling: readable when someone came or went. Borrowed. */
void *connections_monitor (const struct connections *self, enum channel channel);
/* Takes what the endpoints tell. Everything else is as of the last call, unless it says that it follows first. */
void connections_follow (struct connections *self, moment steady);
/* One of those that are gone since; each is told once. False: no more. */
bool connections_take_gone (struct connections *self, struct connection_id *gone);
/* What the monitor tells: a descriptor was accepted, or lost. */
void connections_accepted (struct connections *self, enum channel channel, int fd, moment steady);
void connections_lost (struct connections *self, enum channel channel, int fd);

/* A party is let in: the number that its messages are to bear, as their property "Sign-In". Follows first. */
uint64_t connections_sign_in (struct connections *self, enum channel channel, const char *key, moment steady);
/* How many connections of this key have signed in and said nothing yet; those that left since may be among them.
 */
size_t connections_silent (const struct connections *self, const char *key);

/* A message as ZeroMQ tells of it: who signed in, on which descriptor, as whom, by which routing id. `declared` is
   the id that the peer gave itself, which ends at its first 0 byte; NULL or "": none. */
struct connection_message {
    struct connection_id id;
    const char *key, *declared;
    const void *route;
    size_t route_size;
};
/* The connection that it came on, borrowed until the next call of connections_follow; NULL: it is gone, and nobody
   would hear an answer. Follows first where nothing was heard on it before. */
const struct connection *connections_find (struct connections *self, const struct connection_message *message,
                                           moment steady);
/* Says whose it is, and that it is in use. Where it is new to that party, which now has more than `most`, the one
   that was not used for the longest is closed: true. */
bool connections_use (struct connections *self, const struct connection_id *id, const char *party, size_t most,
                      moment steady);
/* Something was sent on it. */
void connections_touch (struct connections *self, const struct connection_id *id, moment steady);

/* Closes it, after the grace. */
void connections_close (struct connections *self, const struct connection_id *id, moment steady);
/* Closes it at once: what is on its way to it is lost. */
void connections_cut (struct connections *self, const struct connection_id *id);
/* Closes, after the grace, each that was heard and that the judge does not let stay. */
void connections_close_unless (struct connections *self,
                               bool (*may_stay) (const void *, const struct connection *), const void *judge,
                               moment steady);
/* Does what is due: closes who was to be closed, and who said nothing for too long. Follows first. */
void connections_tend (struct connections *self, moment steady);
/* Closes who sends what never comes to an end: ZeroMQ keeps the frames of a message until the last of them is
   there, without a bound, and tells nothing of them. So a connection from which megabytes came, and in all that
   time not one message, is closed; over TCP only, since the kernel counts for nothing else. How many that were
   since the start. */
uint64_t connections_cut_endless (struct connections *self, moment steady);
/* When connections_tend, and connections_cut_endless, may have something to do; MOMENT_NEVER. */
moment connections_due (const struct connections *self);
moment connections_endless_due (const struct connections *self);
