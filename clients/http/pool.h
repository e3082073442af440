/* Connections to the registry, of each party a few: a consent_t serves one thread at a time. */
#pragma once
#include <stddef.h>
#include "bridge.h"
#include "consent.h"

struct pool;

/* Opens all of them; none waits for the registry. NULL with one sentence in `error`: a key file cannot be used, or
   is of another party than the configuration says. Caller owns the return value and must destroy it. */
struct pool *pool_new (const struct bridge *bridge, char *error, size_t size);
void pool_destroy (struct pool **self_p);

/* A connection of this party that nobody uses; waits for one as long as an answer of the registry may take. NULL:
   none became free. Give it back with pool_give. `party` is of the bridge of the pool. */
consent_t *pool_take (struct pool *self, const struct bridge_party *party);
void pool_give (struct pool *self, const struct bridge_party *party, consent_t *connection);
