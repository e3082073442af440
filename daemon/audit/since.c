#include "since.h"
#include <string.h>
#include "big_endian.h"
#include "packs.h"
#include "record/guard.h"
#include "rules/policy.h"

enum { KEY_SIZE = 1 + 8, POLICY_HASH_SIZE = sizeof ((struct registry_state *)0)->noted_policy };

static void make_key (enum since what, uint64_t line, uint8_t key[KEY_SIZE])
{
    key[0] = (uint8_t)what;
    put_be64 (key + 1, line);
}

int since_find (struct turn *turn, enum since what, uint64_t line, struct bytes *value)
{
    uint8_t behind[KEY_SIZE];
    struct bytes key;
    make_key (what, line + 1, behind);
    int rc = guard_check (turn, STORE_SINCE, (struct bytes){behind, KEY_SIZE});
    if (rc == 0)
        rc = store_last (turn->txn, STORE_SINCE, (struct bytes){behind, KEY_SIZE}, &key, value);
    if (rc == 0 && (key.size != KEY_SIZE || *(const uint8_t *)key.data != what))
        return STORE_NOT_FOUND;
    return rc;
}

int since_note (struct turn *turn, enum since what, struct bytes value)
{
    uint64_t next = turn->state.audit_number + 1;
    uint8_t key[KEY_SIZE];
    struct bytes known;
    int rc = since_find (turn, what, next, &known);
    if (rc == 0 && known.size == value.size && memcmp (known.data, value.data, value.size) == 0)
        return 0;
    if (rc != 0 && rc != STORE_NOT_FOUND && rc != RECORD_DAMAGED) /* what is new is noted in any case */
        return rc;
    make_key (what, next, key);
    return guard_put (turn, STORE_SINCE, (struct bytes){key, KEY_SIZE}, value);
}

int since_note_policy (struct turn *turn)
{
    const struct policy *policy = turn->policy;
    size_t size = POLICY_HASH_SIZE + strlen (policy->id);
    if (memcmp (turn->state.noted_policy, policy->hash, POLICY_HASH_SIZE) == 0)
        return 0;
    uint8_t *value = arena_alloc (turn->arena, size);
    memcpy (value, policy->hash, POLICY_HASH_SIZE);
    memcpy (value + POLICY_HASH_SIZE, policy->id, size - POLICY_HASH_SIZE);
    int rc = since_note (turn, SINCE_POLICY, (struct bytes){value, size});
    if (rc == 0)
        rc = packs_keep (turn);
    if (rc == 0)
        memcpy (turn->state.noted_policy, policy->hash, POLICY_HASH_SIZE);
    return rc;
}
