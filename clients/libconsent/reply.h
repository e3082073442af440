/* Messages that come from the registry. */
#pragma once
#include "call.h"

enum {
    REQUEST_MAX = 65536,            /* bytes of a message that the registry reads */
    REQUEST_TOGETHER_MAX = 1 << 20, /* the same, where all or nothing is disclosed */
    REPLY_MAX = 145 * 65536,        /* bytes of a message that we read: it can answer a whole batch of checks */
};

/* Unpacks at most REPLY_MAX bytes, into memory of at most a fixed multiple of that: 64 KiB of input could unpack
   to sixty times as much. NULL if it is not a reply of version 1, or is too large. Caller must free it with
   consentd__reply__free_unpacked (reply, NULL). */
Consentd__Reply *reply_unpack (const void *data, size_t size);
