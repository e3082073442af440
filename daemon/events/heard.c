#include "heard.h"
#include <string.h>
#include "big_endian.h"
#include "kept.h"

enum {
    KEY_LIMIT = VAULT_PARTY_LIMIT + 1 + CONSUMER_NAME_LIMIT + 1 + 8,
    VALUE_SIZE = 8 + VAULT_SEAL_OVERHEAD,
    ENTRY_VERSION = 1,
};

/* The key: party, NUL, number of the event. Of another consumer than "default", which has the keys of before
   consumers had names: party, NUL, its name, NUL, number. Both are told apart by their sizes: a name has at least
   one byte and a NUL behind it, and a number has eight bytes. */
static struct bytes make_key (const char *party, const char *consumer, uint64_t number, uint8_t key[KEY_LIMIT])
{
    size_t size = strnlen (party, VAULT_PARTY_LIMIT);
    memcpy (key, party, size);
    key[size++] = 0;
    if (strcmp (consumer, CONSUMER_DEFAULT) != 0) {
        size_t length = strnlen (consumer, CONSUMER_NAME_LIMIT);
        memcpy (key + size, consumer, length);
        size += length;
        key[size++] = 0;
    }
    put_be64 (key + size, number);
    return (struct bytes){key, size + 8};
}

static int note (struct turn *turn, struct bytes key, moment when)
{
    uint8_t plain[8], value[VALUE_SIZE];
    struct vault_binding binding = {"heard", ENTRY_VERSION, key.data, key.size};
    put_be64 (plain, (uint64_t)when);
    vault_seal (vault_system_key (turn->vault), &binding, plain, sizeof plain, value);
    return store_put (turn->txn, STORE_HEARD, key, (struct bytes){value, sizeof value});
}

int heard_note (struct turn *turn, const char *party, const char *consumer, uint64_t number)
{
    uint8_t buffer[KEY_LIMIT];
    if (!store_has_room (turn->txn, STORE_GENERAL, KEY_LIMIT + VALUE_SIZE))
        return 0;
    return note (turn, make_key (party, consumer, number, buffer), turn->now);
}

int heard_note_dropped (struct turn *turn, const char *party, const char *consumer, uint64_t number)
{
    uint8_t buffer[KEY_LIMIT];
    return note (turn, make_key (party, consumer, number, buffer), HEARD_DROPPED);
}

int heard_find (struct turn *turn, const char *party, const char *consumer, uint64_t number, moment *when)
{
    uint8_t buffer[KEY_LIMIT], plain[8];
    struct bytes from = make_key (party, consumer, number, buffer), key, value;
    struct store_scan *scan = NULL;
    *when = 0;
    int rc = store_scan_open (turn->txn, STORE_HEARD, from, &scan);
    while (rc == 0 && *when == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        struct vault_binding binding = {"heard", ENTRY_VERSION, key.data, key.size};
        if (key.size != from.size || memcmp (key.data, from.data, from.size - 8) != 0)
            break; /* of the next consumer */
        if (value.size == VALUE_SIZE &&
            vault_unseal (vault_system_key (turn->vault), &binding, value.data, value.size, plain) == 0)
            *when = (moment)get_be64 (plain);
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}
