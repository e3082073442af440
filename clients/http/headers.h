/* The headers of a request. What two readers could understand in two ways is refused: between this and the client
   there may be another, which must find the same body. */
#pragma once
#include <microhttpd.h>
#include <stdbool.h>
#include "refusal.h"

/* Those that mean something here, each at most once; NULL: it is not there. Valid while the request is. */
struct headers {
    const char *type, *length, *encoding, *id, *key, *coding, *host;
    bool is_double;  /* one of them is there twice */
    bool is_strange; /* a name is none */
    bool is_folded;  /* one goes on in a line of its own */
    bool is_query;   /* the path has a query */
};

void headers_read (struct headers *self, struct MHD_Connection *connection);
/* False with the refusal: of a request of this version of HTTP it is not sure where its body ends. */
bool headers_judge (const struct headers *self, const char *version, struct refusal *refusal);
