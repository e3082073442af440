#include "packs.h"

#include <string.h>
#include "rules/policy.h"

enum { KEY_SIZE = PACKS_HASH + 2 };

static struct bytes make_key (const uint8_t hash[PACKS_HASH], unsigned part, uint8_t key[KEY_SIZE])
{
    memcpy (key, hash, PACKS_HASH);
    key[PACKS_HASH] = (uint8_t)(part >> 8);
    key[PACKS_HASH + 1] = (uint8_t)part;
    return (struct bytes){key, KEY_SIZE};
}

static int get_part (struct turn *turn, const uint8_t hash[PACKS_HASH], unsigned part, struct bytes *bytes)
{
    uint8_t key[KEY_SIZE];
    return part > UINT16_MAX ? STORE_NOT_FOUND
                             : store_get (turn->txn, STORE_PACK, make_key (hash, part, key), bytes);
}

int packs_keep (struct turn *turn)
{
    const struct policy *policy = turn->policy;
    struct bytes known;
    int rc = get_part (turn, policy->hash, 0, &known);
    if (rc != STORE_NOT_FOUND)
        return rc;
    rc = 0;
    for (size_t at = 0, part = 0; rc == 0 && at < policy->whole_size; at += PACKS_PART, part++) {
        size_t left = policy->whole_size - at;
        uint8_t key[KEY_SIZE];
        rc = store_put (turn->txn, STORE_PACK, make_key (policy->hash, (unsigned)part, key),
                        (struct bytes){policy->whole + at, left < PACKS_PART ? left : PACKS_PART});
    }
    return rc;
}

int packs_find (struct turn *turn, const uint8_t hash[PACKS_HASH], unsigned part, struct bytes *bytes, bool *more)
{
    struct bytes next;
    int rc = get_part (turn, hash, part + 1, &next);
    *more = rc == 0;
    if (rc == 0 || rc == STORE_NOT_FOUND)
        rc = get_part (turn, hash, part, bytes);
    return rc;
}
