/* A link of libconsent's stream to nobody but the test: what the stream sends is taken from it, and what the
   registry would say is told to stream_handle. */
#pragma once
#include "connection.h"

struct fake_link {
    void *context, *socket;
};

/* Opens the link of the events of this connection. */
void fake_link_open (struct fake_link *self, consent_t *connection);
/* The next request that was sent; NULL: none was. Caller must free it with consentd__request__free_unpacked. */
Consentd__Request *fake_link_take (struct fake_link *self);
void fake_link_close (struct fake_link *self, consent_t *connection);
