#include "identity.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

enum { AGAIN = 60 /* s */ };

/* *until is put back to the end of the first of them. */
static bool mind_end (const gnutls_datum_t *chain, unsigned count, time_t *until)
{
    for (unsigned i = 0; i < count; i++) {
        gnutls_x509_crt_t read;
        if (gnutls_x509_crt_init (&read) != 0)
            return false;
        bool is_read = gnutls_x509_crt_import (read, &chain[i], GNUTLS_X509_FMT_DER) == 0;
        time_t end = is_read ? gnutls_x509_crt_get_expiration_time (read) : (time_t)-1;
        gnutls_x509_crt_deinit (read);
        if (end == (time_t)-1)
            return false;
        if (end < *until)
            *until = end;
    }
    return true;
}

/* SHA-256 of the SubjectPublicKeyInfo. */
static bool pin_of (const gnutls_datum_t *certificate, uint8_t pin[BRIDGE_PIN])
{
    gnutls_x509_crt_t read;
    size_t size = BRIDGE_PIN;
    if (gnutls_x509_crt_init (&read) != 0)
        return false;
    bool has_pin = gnutls_x509_crt_import (read, certificate, GNUTLS_X509_FMT_DER) == 0 &&
                   gnutls_x509_crt_get_key_id (read, GNUTLS_KEYID_USE_SHA256, pin, &size) == 0 &&
                   size == BRIDGE_PIN;
    gnutls_x509_crt_deinit (read);
    return has_pin;
}

/* Whether the certificate of the other end counts now; whose it is, and up to when at most. */
static bool judge (struct identity *self, gnutls_session_t session)
{
    static gnutls_typed_vdata_st purpose = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, .size = 0};
    unsigned count = 0, faults = ~0u;
    uint8_t pin[BRIDGE_PIN];
    const gnutls_datum_t *chain = gnutls_certificate_get_peers (session, &count);
    self->party = NULL;
    self->since = time (NULL);
    self->until = self->since + AGAIN;
    self->generation = revoked_generation (self->revoked);
    if (!chain || count == 0 || gnutls_certificate_verify_peers (session, &purpose, 1, &faults) != 0 ||
        faults != 0 || !mind_end (chain, count, &self->until) ||
        !revoked_passes (self->revoked, chain, count, &self->until) || !pin_of (&chain[0], pin))
        return false;
    self->party = bridge_find (self->bridge, pin);
    return true;
}

/* One that counts and is nobody's is told so after the handshake. */
static int verify (gnutls_session_t session)
{
    return judge (gnutls_db_get_ptr (session), session) ? 0 : -1;
}

void identity_demand (struct identity *self, gnutls_session_t session)
{
    gnutls_certificate_server_set_request (session, GNUTLS_CERT_REQUIRE);
    gnutls_db_set_ptr (session, self); /* which it does not need else: it is resumed from no database */
    gnutls_session_set_verify_function (session, verify);
}

const struct bridge_party *identity_of (struct identity *self, gnutls_session_t session)
{
    time_t present = time (NULL);
    if (present < self->since || present >= self->until || self->generation != revoked_generation (self->revoked))
        judge (self, session);
    return self->party;
}
