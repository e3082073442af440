/* Connections that hear of each new checkpoint of the log (A4). In memory only, and each ends with its connection:
   witnesses come back by themselves.

   They are apart from the subscriptions to events (outbox.h): they need no credit, and nothing is kept for them,
   since each checkpoint says all that the ones before it said. */
#pragma once
#include <stdbool.h>
#include "caller.h"

struct watcher {
    char party[33];
    char key[41];       /* public key of its connection; the party may have another key by now */
    uint8_t route[256]; /* the routing id of its connection; never shown to anyone */
    size_t route_size;
    struct connection_id connection;
    bool is_new; /* in this turn */
};

struct watchers;
/* Caller owns it. */
struct watchers *watchers_new (void);
void watchers_destroy (struct watchers **self_p);

/* The caller's connection watches. False: it did already. */
bool watchers_add (struct watchers *self, const struct caller *caller);
/* The caller's connection watches, and did so before this turn. */
bool watchers_has (const struct watchers *self, const struct caller *caller);
/* A connection of this party watches. */
bool watchers_has_party (const struct watchers *self, const char *party);
/* Ends the turn. What was added in it stays, or, if it is not durable, is taken back. */
void watchers_settle (struct watchers *self, bool durable);
/* Index from 0, NULL past the last. Lent until one is added or dropped. */
const struct watcher *watchers_at (const struct watchers *self, size_t index);
/* Drops the one at this index; the last one takes its place. */
void watchers_drop (struct watchers *self, size_t index);
/* A connection is gone. To be called between turns. */
void watchers_connection_gone (struct watchers *self, const struct connection_id *gone);
