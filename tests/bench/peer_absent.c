/* For a build without libpq. */
#include "peer.h"
#include <stdio.h>

struct peer *peer_open (const char *socket_directory, const char *sql_directory)
{
    (void)socket_directory, (void)sql_directory;
    fprintf (stderr, "bench: built without libpq-dev, so PostgreSQL is not measured\n");
    return NULL;
}

void peer_close (struct peer **self_p)
{
    (void)self_p;
}

void peer_grow (struct peer *self, struct people people, size_t consents)
{
    (void)self, (void)people, (void)consents;
}

void peer_settle (struct peer *self)
{
    (void)self;
}

void peer_run (struct peer *self, struct peer_load *load)
{
    (void)self, (void)load;
}

size_t peer_run_single (struct peer *self, const struct peer_load *load)
{
    (void)self, (void)load;
    return 0;
}
