/* Who may connect: the ZAP handler. Every CURVE handshake on every endpoint asks it, and it refuses in doubt.

   From then on a connection is known by its public key (the messages' User-Id). At every message the live table of
   parties says whose that key is now. So a removed key is refused, even on a connection that is already open. */
#pragma once
#include <stdbool.h>
#include "connections.h"
#include "turn.h"
#include "parties/parties.h"

struct auth;

/* A handshake that waits for its answer. */
struct sign_in;

/* Binds the handler. To be called before any endpoint is bound. `context` is ZeroMQ's. 0 or -errno. Caller
   owns *self_p. */
int auth_new (struct auth **self_p, void *context);
void auth_destroy (struct auth **self_p);
/* For polling; borrowed. */
void *auth_socket (struct auth *self);

/* The party of this key at `now`, the registry's time, if it may come in at this endpoint. Else NULL. */
const struct party_entry *auth_party (const struct parties *parties, const char *key, enum channel channel,
                                      moment now);

/* What handshakes are judged by. */
struct auth_basis {
    const struct parties *parties;
    struct connections *connections;
    const struct config *config;
    moment now;    /* the registry's */
    moment steady; /* of a clock that never stands still */
};

/* Takes the next handshake that waits, and judges it. NULL if there is none. The caller must answer it. A party
   whose silent connections are as many as it may have connections is told to try again (L4). A connection that is
   let in gets the number of its sign-in. */
struct sign_in *auth_receive (struct auth *self, const struct auth_basis *basis);
/* Writes the line of the log for the sign-in, or counts it (A1). 0 or a failure. */
int auth_log (struct turn *turn, const struct sign_in *sign_in);
/* Counts a message that is refused whatever it holds: its key is no party's any more (`party` ""), or its
   connection chose its own routing id. 0 or a failure. */
int auth_log_refused (struct turn *turn, const char *party, enum channel channel, const char *result);
/* Answers the handshake, and destroys it. `logged` false: its line could not be written, so the peer is told to
   try again (A2). */
void auth_answer (struct auth *self, struct sign_in **sign_in_p, bool logged);
