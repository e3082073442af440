#include "replay.h"
#include <string.h>
#include "../big_endian.h"

enum { KEY_SIZE = 2 + VAULT_ID_SIZE, VALUE_SIZE = VAULT_ID_SIZE + 8 };

static const moment day_length = 24 * 3600 * INT64_C (1000);

static void write_key (moment day, const uint8_t fingerprint[VAULT_ID_SIZE], uint8_t key[KEY_SIZE])
{
    key[0] = (uint8_t) (day >> 8);
    key[1] = (uint8_t) day;
    memcpy (key + 2, fingerprint, VAULT_ID_SIZE);
}

struct replay replay_of (const struct turn *turn, const char *party, const uint8_t idempotency_key[16], struct bytes body)
{
    struct replay made;
    vault_fingerprint (turn->vault, "idempotency-key", party, strlen (party), idempotency_key, 16, made.key);
    vault_fingerprint (turn->vault, "idempotency-body", body.data, body.size, NULL, 0, made.body);
    return made;
}

int replay_find (struct turn *turn, const struct replay *replay, uint64_t *number)
{
    moment today = turn->now / day_length;
    for (moment day = today; day >= today - 1; day--) {
        uint8_t key[KEY_SIZE];
        write_key (day, replay->key, key);
        struct bytes value;
        int rc = store_get (turn->txn, STORE_IDEMPOTENCY, (struct bytes){key, sizeof key}, &value);
        if (rc == STORE_NOT_FOUND)
            continue;
        if (rc != 0)
            return rc;
        if (value.size != VALUE_SIZE || !vault_equal (value.data, replay->body, VAULT_ID_SIZE))
            return REPLAY_CONFLICT;
        *number = get_be64 ((const uint8_t *) value.data + VAULT_ID_SIZE);
        return 0;
    }
    return REPLAY_NONE;
}

int replay_put (struct turn *turn, const struct replay *replay, uint64_t number)
{
    uint8_t key[KEY_SIZE], value[VALUE_SIZE];
    write_key (turn->now / day_length, replay->key, key);
    memcpy (value, replay->body, VAULT_ID_SIZE);
    put_be64 (value + VAULT_ID_SIZE, number);
    return store_put (turn->txn, STORE_IDEMPOTENCY, (struct bytes){key, sizeof key}, (struct bytes){value, sizeof value});
}

int replay_clear (struct turn *turn, unsigned limit)
{
    moment yesterday = turn->now / day_length - 1;
    uint8_t keys[64][KEY_SIZE];
    unsigned count = 0;
    struct store_scan *scan = NULL;
    int rc = store_scan_open (turn->txn, STORE_IDEMPOTENCY, (struct bytes){"", 0}, &scan);
    struct bytes key, value;
    while (rc == 0 && count < limit && count < 64 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        const uint8_t *data = key.data;
        if (key.size != KEY_SIZE || (data[0] << 8 | data[1]) >= yesterday)
            break;
        memcpy (keys[count++], data, KEY_SIZE);
    }
    store_scan_close (&scan);
    if (rc == STORE_NOT_FOUND)
        rc = 0;
    for (unsigned i = 0; i < count && rc == 0; i++)
        rc = store_delete (turn->txn, STORE_IDEMPOTENCY, (struct bytes){keys[i], KEY_SIZE});
    if (count > 0)
        turn->changed = true;
    return rc;
}
