/* The sockets that the daemon listens on: one ROUTER a channel, each with CURVE and a domain of its own. */
#pragma once
#include "config.h"
#include "dispatch.h"

enum { CHANNELS = CHANNEL_OPERATORS + 1, ENDPOINTS_CANNOT_BIND = 1 };

/* Indexed by enum channel. */
struct endpoints {
    void *sockets[CHANNELS];
};

/* Makes and binds every socket; after the ZAP handler. 0, or ENDPOINTS_CANNOT_BIND with one line in `error`.
   Close them also after a failure. */
int endpoints_bind (struct endpoints *self, void *context, const struct config *config, const char *server_secret,
                    struct settings_error *error);
/* Takes no new connections; those that are open go on. */
void endpoints_unbind (struct endpoints *self, const struct config *config);
/* Closes them once the last answers have left, or after a second. */
void endpoints_close (struct endpoints *self);
