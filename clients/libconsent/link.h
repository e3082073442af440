/* One CURVE connection to one endpoint of the registry, and news of what becomes of it. */
#pragma once
#include <stdint.h>
#include "key_file.h"
#include "reply.h"

enum {
    LINK_SILENT = 1,     /* nothing within the time given */
    LINK_MESSAGE = 2,    /* a message can be received */
    LINK_LOST = 3,       /* the connection was there and is gone; what was sent may be, too */
    LINK_REFUSED = 4,    /* the registry does not admit our key; it will not on this link */
    LINK_SIGNAL = 5,     /* a signal was handled */
    LINK_UNREADABLE = 6, /* what came is not a reply */
};

struct link {
    void *socket;
    void *monitor;
};

/* Connects; whatever is sent before the connection is there waits for it. 0 or -errno.
   Caller must close the link before the context is ended. */
int link_open (struct link *self, void *context, const struct key_file *key, const char *endpoint);

/* Drops the connection and all that is under way; harmless on a link that is not open. */
void link_close (struct link *self);

bool link_is_open (const struct link *self);

/* Sends one message, without waiting; what cannot be sent is lost, as it may be on the way. 0 or -errno. */
int link_send (struct link *self, const void *data, size_t size);

/* Waits at most `timeout` ms (0: just looks) for what happens first. One of LINK_SILENT to LINK_SIGNAL, or -errno.
   A link that is not open only waits. */
int link_wait (struct link *self, int64_t timeout);

/* Takes a message that waits. 0 and the reply, that the caller must free with consentd__reply__free_unpacked
   (*reply_p, NULL); LINK_SILENT where none waits; LINK_UNREADABLE; -errno. */
int link_receive (struct link *self, Consentd__Reply **reply_p);
