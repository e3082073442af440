#include "heard.h"
#include <string.h>
#include "big_endian.h"

enum {
    KEY_LIMIT = VAULT_PARTY_LIMIT + 1 + 8,
    VALUE_SIZE = 8 + VAULT_SEAL_OVERHEAD,
    ENTRY_VERSION = 1,
};

/* The key: party, NUL, number of the event. */
static struct bytes make_key (const char *party, uint64_t number, uint8_t key[KEY_LIMIT])
{
    size_t size = strnlen (party, VAULT_PARTY_LIMIT);
    memcpy (key, party, size);
    key[size] = 0;
    put_be64 (key + size + 1, number);
    return (struct bytes){key, size + 1 + 8};
}

int heard_note (struct turn *turn, const char *party, uint64_t number)
{
    uint8_t buffer[KEY_LIMIT], plain[8], value[VALUE_SIZE];
    struct bytes key = make_key (party, number, buffer);
    struct vault_binding binding = {"heard", ENTRY_VERSION, key.data, key.size};
    if (!store_has_room (turn->txn, STORE_GENERAL, sizeof buffer + sizeof value))
        return 0;
    put_be64 (plain, (uint64_t)turn->now);
    vault_seal (vault_system_key (turn->vault), &binding, plain, sizeof plain, value);
    return store_put (turn->txn, STORE_HEARD, key, (struct bytes){value, sizeof value});
}

int heard_find (struct turn *turn, const char *party, uint64_t number, moment *when)
{
    uint8_t buffer[KEY_LIMIT], plain[8];
    struct bytes from = make_key (party, number, buffer), key, value;
    struct store_scan *scan = NULL;
    *when = 0;
    int rc = store_scan_open (turn->txn, STORE_HEARD, from, &scan);
    while (rc == 0 && *when == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        struct vault_binding binding = {"heard", ENTRY_VERSION, key.data, key.size};
        if (key.size != from.size || memcmp (key.data, from.data, from.size - 8) != 0)
            break; /* of the next party */
        if (value.size == VALUE_SIZE &&
            vault_unseal (vault_system_key (turn->vault), &binding, value.data, value.size, plain) == 0)
            *when = (moment)get_be64 (plain);
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}
