/* Where a message came in, and by which connection. */
#pragma once
#include <stdint.h>

/* The numbers are those of enum audit_origin. */
enum channel { CHANNEL_REQUESTS = 1, CHANNEL_EVENTS = 2, CHANNEL_OPERATORS = 3 };

enum { CHANNELS = CHANNEL_OPERATORS + 1 };

/* A file descriptor is used again once it is free. Together with the number of its sign-in it names one connection
   for ever. */
struct connection_id {
    uint64_t number; /* of its sign-in, from 1; 0: none, as in a simulation */
    int fd;
    enum channel channel;
};
