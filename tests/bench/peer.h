/* PostgreSQL that does the job of a check: finds the subject by a keyed hash, weighs its consents, writes a line
   of a log, commits, answers. It need not do what else consentd does: no sealing, no chain of lines, no
   idempotency, no events, no cryptography on the connection. peer_schema.sql and peer_check.sql are what it does.
 */
#pragma once
#include "requests.h"

struct peer;

/* Connects to the server whose socket is in this directory, and makes its tables by the SQL in the other. NULL,
   with a sentence on standard error: this program was built without libpq. */
struct peer *peer_open (const char *socket_directory, const char *sql_directory);
void peer_close (struct peer **self_p);

/* Adds the consents of these people. */
void peer_grow (struct peer *self, struct people people, size_t consents);
/* What the load has changed is brought to where it stays, so that a checkpoint hits no measurement by chance. */
void peer_settle (struct peer *self);

enum { PEER_CLIENTS = 256 };

struct peer_load {
    size_t clients; /* each on a connection of its own, with one request outstanding; not more than PEER_CLIENTS */
    struct people people;
    size_t first; /* number of the first request */
    size_t total; /* it ends after so many requests, if not 0, or after `ms`, if that is not 0 */
    int64_t ms;
    double per_second; /* out */
};

void peer_run (struct peer *self, struct peer_load *load);
/* One outstanding: fills `load_times`, and returns how many. */
size_t peer_run_single (struct peer *self, const struct peer_load *load);
