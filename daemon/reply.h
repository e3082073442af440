/* An answer before the codec packs it. Memory is the arena's, the policy's or the party table's. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "request.h"
#include "rules/grant.h"

enum status { /* the numbers of Status in proto/envelope.proto */
              STATUS_OK = 1,
              STATUS_REJECTED,
              STATUS_FORBIDDEN,
              STATUS_INVALID,
              STATUS_NOT_FOUND,
              STATUS_CONFLICT,
              STATUS_RETRY,
              STATUS_UNAVAILABLE,
};

struct reply {
    uint8_t idempotency_key[16];
    bool has_key; /* the request's key could be read */
    enum status status;
    const struct grant_refusal *refusals;
    size_t refusal_count;
    const char *field, *message; /* NULL: none */
    uint8_t epoch[16];
    uint64_t revision;
    moment time;
    bool replayed, revoked_since;
    uint32_t retry_after;      /* ms; if UNAVAILABLE because the party is over a limit (L3), else 0 */
    bool more;                 /* of a listing: there is another page */
    struct listing_place next; /* and it begins here */
    struct bytes listing;      /* and this is the ticket for it; else size 0 */
    enum reply_body body;
    union told as;
};
