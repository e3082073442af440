/* Who asks: the party of the connection's key, and nothing that the message says. */
#pragma once
#include "channel.h"
#include "parties/parties.h"

struct caller {
    const struct party_entry *party; /* active, of the live table */
    const char *key;                 /* public key of its connection (Z85), one of the party's */
    enum channel channel;
    const void *route; /* of its connection: for subscriptions */
    size_t route_size;
    struct connection_id connection; /* the same */
};
