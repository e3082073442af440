/* Who asks: the party whose key the connection has. Nothing in the message plays a part. */
#pragma once
#include "channel.h"
#include "parties/parties.h"

struct caller {
    const struct party_entry *party; /* active; an entry of the live table */
    const char *key;                 /* public key of the connection (Z85); one of the party's keys */
    enum channel channel;
    const void *route; /* of the connection, for subscriptions */
    size_t route_size;
    struct connection_id connection; /* of the same connection */
};
