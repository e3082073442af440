/* Who is at the other end of a TLS connection. */
#pragma once
#include <gnutls/gnutls.h>
#include "bridge.h"

/* TLS 1.3, or 1.2 with forward secrecy and authenticated ciphers. No session is resumed: each proves its key. */
#define IDENTITY_PRIORITIES                                                                                   \
    "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:" \
    "+AES-128-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE"

/* Before the handshake: a certificate is required, of the authorities that the server was given, in force now, and
   for clients. A handshake without it fails. */
void identity_demand (gnutls_session_t session);
/* After it: the party that has this certificate. NULL: nobody's. */
const struct bridge_party *identity_of (const struct bridge *bridge, gnutls_session_t session);
