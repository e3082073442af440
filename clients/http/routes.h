/* What is asked at which path. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "bridge.h"
#include "evaluate.h"
#include "pool.h"

/* One request, of somebody who is known. */
struct call {
    const struct bridge *bridge;
    struct pool *pool;
    const struct bridge_party *party;
    const char *key;  /* Idempotency-Key; NULL: none */
    const char *body; /* as it came; of a POST */
    size_t size;
};

struct route {
    const char *path;
    const char *endpoint; /* its name in the metadata */
    /* Asks the registry what a body asks; NULL: there is no body, and the metadata are the answer. */
    void (*answer) (consent_t *registry, const struct call *call, const json_t *body, struct reply *reply);
};

/* NULL: there is nothing at this path. */
const struct route *route_of (const char *path);
/* The only one: POST, or GET where there is no body. */
const char *route_method (const struct route *self);
/* Sets the reply. */
void route_answer (const struct route *self, const struct call *call, struct reply *reply);
