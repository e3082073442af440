#include "identity.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>

void identity_demand (gnutls_session_t session)
{
    static gnutls_typed_vdata_st purpose = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, .size = 0};
    gnutls_certificate_server_set_request (session, GNUTLS_CERT_REQUIRE);
    gnutls_session_set_verify_cert2 (session, &purpose, 1, 0);
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

const struct bridge_party *identity_of (const struct bridge *bridge, gnutls_session_t session)
{
    unsigned count = 0, faults = ~0u;
    uint8_t pin[BRIDGE_PIN];
    const gnutls_datum_t *chain = gnutls_certificate_get_peers (session, &count);
    /* The handshake has verified it: this is for a library that does not do what identity_demand asked. */
    if (!chain || count == 0 || gnutls_certificate_verify_peers2 (session, &faults) != 0 || faults != 0)
        return NULL;
    return pin_of (&chain[0], pin) ? bridge_find (bridge, pin) : NULL;
}
