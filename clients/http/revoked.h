/* Which certificates their authorities have taken back: the lists of `tls/crl`. In doubt a certificate is taken
   back: where its authority has no list, or one that has ended. */
#pragma once
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <time.h>
#include "bridge.h"

struct revoked;

/* Reads the lists, if the configuration names any. NULL with one sentence in `error`, as revoked_read. Caller owns
   the return value and must destroy it. The bridge must stay. */
struct revoked *revoked_new (const struct bridge *bridge, char *error, size_t size);
void revoked_destroy (struct revoked **self_p);

/* Reads them anew. False with one sentence, which names the file: one cannot be read, is not signed by an
   authority of the configuration, is not in force, or is a part only; or an authority has none. From then on no
   certificate passes, until they can be read. */
bool revoked_read (struct revoked *self, char *error, size_t size);
/* Certificates on the lists. */
size_t revoked_count (struct revoked *self);
/* Another number after each reading. */
unsigned revoked_generation (struct revoked *self);

/* Whether none of these, a certificate and those between it and its authority, is taken back. *until is put back
   to the moment at which that must be asked again, if it is later. */
bool revoked_passes (struct revoked *self, const gnutls_datum_t *chain, unsigned count, time_t *until);
/* The lists were in force when they were read, and one of them is no more. */
bool revoked_has_ended (struct revoked *self);
