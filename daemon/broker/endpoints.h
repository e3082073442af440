/* The sockets on which the daemon listens: one ROUTER for each channel, with CURVE and a domain of its own. */
#pragma once
#include "config/config.h"
#include "connections.h"
#include "outcome.h"

/* Indexed by enum channel. */
struct endpoints {
    void *sockets[CHANNELS];
};

/* Makes every socket, with the daemon's CURVE key, and has it watched. The ZAP handler must be bound before. 0 or
   -errno. Close the endpoints also after a failure. */
int endpoints_open (struct endpoints *self, void *context, struct connections *connections, const char *secret);
/* Binds every socket. 0, or ENDPOINTS_CANNOT_BIND with one line in `error`. */
int endpoints_bind (struct endpoints *self, const struct config *config, struct settings_error *error);
/* Closes the sockets once the last answers have left, or after a second. */
void endpoints_close (struct endpoints *self);
