/* One request of HTTP, from its headers to its answer, for libmicrohttpd. */
#pragma once
#include <microhttpd.h>
#include "server.h"

enum {
    REQUEST_BODY = 128 * 1024,         /* bytes */
    REQUEST_PASSED = 8 * REQUEST_BODY, /* of a larger one, before the connection is closed */
    REQUEST_ID = 128,                  /* characters of X-Request-ID and of Idempotency-Key */
};

/* The handler of the library: `server` is a struct server. */
enum MHD_Result request_handle (void *server, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *data, size_t *size,
                                void **request_p);
/* Its end, whatever came of it. */
void request_end (void *server, struct MHD_Connection *connection, void **request_p,
                  enum MHD_RequestTerminationCode how);
