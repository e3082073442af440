/* One CURVE connection to one endpoint of the registry, and what happens to it. */
#pragma once
#include <stdint.h>
#include "inner.h"
#include "key_file.h"
#include "reply.h"

struct link {
    void *socket;
    void *monitor;
    bool met;    /* the registry has proved that it has the `server-key`, and let us in; from then on what was sent
                    may    have come there */
    bool lost;   /* it was secure, and is so no more */
    int strange; /* so many connections in a row ended before that. Once may be a registry that stops just then */
};

/* Connects. Messages that are sent before the connection exists wait for it. 0 or -errno. Caller must close the
   link before the context is ended. */
int link_open (struct link *self, void *context, const struct key_file *key, const char *endpoint);

/* Drops the connection and the messages on it. Does no harm to a link that is not open. */
void link_close (struct link *self);

bool link_is_open (const struct link *self);

/* Sends one message, without waiting. A message that cannot be sent is lost, as one on its way may be. 0 or
   -errno. */
int link_send (struct link *self, const void *data, size_t size);

/* Takes note of what happened so far, without waiting. True: its connection was lost or refused, and there is no
   other yet. */
bool link_is_lost (struct link *self);

/* Waits at most `timeout` ms (0: only looks) for the first thing that happens. One of LINK_SILENT to LINK_SIGNAL,
   or -errno; LINK_SILENT also where `met`, `lost` or `strange` changed. A link that is not open only waits. */
int link_wait (struct link *self, int64_t timeout);

/* Whether link_wait would find a message, or may: only looks. */
bool link_has_something (struct link *self);

/* Takes a message that waits. 0 and the reply, which the caller must free with consentd__reply__free_unpacked
   (*reply_p, NULL); LINK_SILENT: none waits; LINK_UNREADABLE; -errno. */
int link_receive (struct link *self, Consentd__Reply **reply_p);
