/* Who may connect: the ZAP handler, which every CURVE handshake on every endpoint asks, and which fails closed.

   A connection is known by its public key from then on (the messages' User-Id), and the live table of parties says
   at every message whose that key is now: a removed key is refused on a connection that is already open. */
#pragma once
#include <stdbool.h>
#include "connections.h"
#include "turn.h"
#include "parties/parties.h"

struct auth;

/* A handshake that waits for its answer. */
struct sign_in;

/* Reads the secret half of the daemon's CURVE key pair: a certificate file of CZMQ, mode 0600. 0, or
 * SETTINGS_INVALID with the reason. */
int auth_read_server_key (const char *path, char secret_key[41], struct settings_error *error);

/* Binds the handler; before any endpoint is bound. `context` is ZeroMQ's. 0 or -errno. Caller owns *self_p. */
int auth_new (struct auth **self_p, void *context);
void auth_destroy (struct auth **self_p);
/* For polling; borrowed. */
void *auth_socket (struct auth *self);

/* The party of this key at `now`, the registry's time, where it may come in at this endpoint; or NULL. */
const struct party_entry *auth_party (const struct parties *parties, const char *key, enum channel channel,
                                      moment now);

/* Takes the next handshake that waits, judged by the table of parties at `now`; NULL if there is none. Caller
   answers it. Who has as many connections of which nothing was heard as it may have at all is told to try again
   (L4); who is let in gets the number of its sign-in. `steady` is of a clock that never stands still. */
struct sign_in *auth_receive (struct auth *self, const struct parties *parties, struct connections *connections,
                              const struct config *config, moment now, moment steady);
/* Writes its line of the log, or counts it (A1). 0 or a failure. */
int auth_log (struct turn *turn, const struct sign_in *sign_in);
/* Counts a message that is refused whatever it holds: of a key that is no party's any more ("": refused), or on a
   connection that chose its routing id. 0 or a failure. */
int auth_log_refused (struct turn *turn, const char *party, enum channel channel, const char *result);
/* Answers, and forgets it. `logged` false: its line could not be written, so the peer is told to try again (A2).
 */
void auth_answer (struct auth *self, struct sign_in **sign_in_p, bool logged);
