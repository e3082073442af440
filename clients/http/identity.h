/* Who is at the other end of a TLS connection. */
#pragma once
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <time.h>
#include "bridge.h"
#include "revoked.h"

/* TLS 1.3, or 1.2 with forward secrecy and authenticated ciphers. No session is resumed: each proves its key. */
#define IDENTITY_PRIORITIES                                                                                   \
    "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:" \
    "+AES-128-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE"

/* What is known of one connection. */
struct identity {
    const struct bridge *bridge;
    struct revoked *revoked;
    const struct bridge_party *party; /* NULL: nobody's */
    time_t since, until;              /* between these that is not looked at again */
    unsigned generation;              /* of the lists by which it was judged */
};

/* Before the handshake: a certificate is required, of the authorities that the server was given, in force now, for
   clients, and not taken back. A handshake without it fails. `self` has its bridge and revoked, all else of it
   zero; it must stay where it is while the session is. */
void identity_demand (struct identity *self, gnutls_session_t session);
/* After it: the party that has this certificate. NULL: nobody's, or it counts no more. What a certificate must be
   is judged again when one of it ends, when the lists were read anew, and every minute. */
const struct bridge_party *identity_of (struct identity *self, gnutls_session_t session);
