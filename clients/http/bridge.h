/* The configuration of the bridge: where it listens, its own certificate, and which certificate is which party. */
#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "config/settings.h"

enum {
    BRIDGE_PARTIES = 256,
    BRIDGE_CERTIFICATES = 8, /* of a party, at most */
    BRIDGE_PIN = 32,         /* bytes: SHA-256 of a SubjectPublicKeyInfo */
};

struct bridge_party {
    const char *id;
    char *key; /* path of its key file */
    uint8_t pins[BRIDGE_CERTIFICATES][BRIDGE_PIN];
    size_t pin_count;
};

struct bridge {
    const char *path;          /* of the file; lent while it is read */
    struct settings *settings; /* has the texts */
    struct sockaddr_storage address;
    const char *listen;                    /* the same as text */
    const char *url;                       /* without a slash at its end */
    char *certificate, *key, *authorities; /* PEM */
    char *revoked;                         /* path of the lists of revoked certificates; NULL: there are none */
    unsigned connections;                  /* of clients, at once */
    unsigned per_party;                    /* connections of each party to the registry */
    int timeout;                           /* ms, of one attempt to ask the registry */
    int64_t first, idle; /* ms until a request must be there: the first one of a connection, and the next */
    struct bridge_party *parties;
    size_t party_count;
};

/* 0, or SETTINGS_INVALID or negative with the error, which names file and line and quotes no key. End it with
   bridge_free in any case. */
int bridge_read (struct bridge *self, const char *path, struct settings_error *error);
void bridge_free (struct bridge *self);

/* The party whose certificate has this SHA-256 of its SubjectPublicKeyInfo. NULL: nobody's. */
const struct bridge_party *bridge_find (const struct bridge *self, const uint8_t pin[BRIDGE_PIN]);
