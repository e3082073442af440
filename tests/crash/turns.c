#include "turns.h"
#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

enum {
    ENTRIES = 2,
    SMALL = 600,        /* bytes of a value, at most */
    LARGE = 260 * 1024, /* more than the journal of TURNS_SIZE has room for */
    KEY_WORDS = 2,
};

struct entry {
    uint64_t key[KEY_WORDS]; /* turn, entry; big-endian */
    uint8_t *value;
    size_t size;
};

static uint8_t room[LARGE];
static const struct bytes newest_key = {"revision", 8};

static struct entry entry_of (uint64_t turn, uint64_t number)
{
    struct entry entry = {
        .key = {htobe64 (turn), htobe64 (number)}, .value = room, .size = 1 + (turn * 7 + number * 61) % SMALL};
    if (turn % LARGE_EVERY == 0 && number == 0)
        entry.size = LARGE;
    memset (entry.value, (int)((turn * 31 + number) % 256), entry.size);
    return entry;
}

static struct bytes key_of (const struct entry *entry)
{
    return (struct bytes){entry->key, sizeof entry->key};
}

struct store *turns_open (const char *directory, uint64_t size, char error[256])
{
    const struct store_options options = {.directory = directory, .size = size};
    struct store *store = NULL;
    error[0] = 0;
    return store_open (&store, &options, error, 256) == 0 ? store : NULL;
}

/* A failure shows at the commit. */
static void write_entries (struct store_txn *txn, uint64_t turn, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        struct entry entry = entry_of (turn, i), old = entry_of (turn - TURNS_KEPT, i);
        entry = entry_of (turn, i); /* its value is in the one room */
        struct bytes value = {entry.value, entry.size};
        store_append (txn, STORE_AUDIT, key_of (&entry), value);
        if (entry.size < LARGE)
            store_put (txn, STORE_CONSENT, key_of (&entry), value);
        if (turn <= TURNS_KEPT)
            continue;
        store_delete (txn, STORE_AUDIT, key_of (&old));
        if (old.size < LARGE)
            store_delete (txn, STORE_CONSENT, key_of (&old));
    }
}

int turns_write_soon (struct store *store, uint64_t turn, uint64_t *number)
{
    struct store_txn *txn;
    int rc = store_begin (store, &txn);
    if (rc != 0)
        return rc;
    write_entries (txn, turn, ENTRIES);
    const uint64_t newest = htobe64 (turn);
    store_put (txn, STORE_META, newest_key, (struct bytes){&newest, sizeof newest});
    return store_commit_soon (&txn, number);
}

int turns_write (struct store *store, uint64_t turn)
{
    uint64_t number;
    int rc = turns_write_soon (store, turn, &number);
    return rc == 0 ? store_sync (store) : rc;
}

int turns_undo (struct store *store, uint64_t turn)
{
    struct store_txn *txn;
    int rc = store_begin (store, &txn);
    if (rc != 0)
        return rc;
    write_entries (txn, turn, ENTRIES / 2);
    store_abort (&txn);
    return 0;
}

static bool is_next (struct store_scan *scan, const struct entry *entry)
{
    struct bytes key, value;
    return store_scan_next (scan, &key, &value) == 0 && key.size == sizeof entry->key &&
           memcmp (key.data, entry->key, key.size) == 0 && value.size == entry->size &&
           memcmp (value.data, entry->value, value.size) == 0;
}

static const char *compare_table (struct store_txn *txn, enum store_table table, uint64_t newest)
{
    struct store_scan *scan;
    struct bytes key, value;
    const char *wrong = NULL;
    if (store_scan_open (txn, table, (struct bytes){NULL, 0}, &scan) != 0)
        return "a table cannot be read";
    for (uint64_t turn = newest > TURNS_KEPT ? newest - TURNS_KEPT + 1 : 1; turn <= newest; turn++)
        for (uint64_t i = 0; wrong == NULL && i < ENTRIES; i++) {
            struct entry entry = entry_of (turn, i);
            bool is_here = table == STORE_AUDIT || entry.size < LARGE;
            if (is_here && !is_next (scan, &entry))
                wrong = "an entry is missing or another";
        }
    if (wrong == NULL && store_scan_next (scan, &key, &value) != STORE_NOT_FOUND)
        wrong = "an entry is there that should not be";
    store_scan_close (&scan);
    return wrong;
}

static const char *compare (struct store_txn *txn, uint64_t *newest)
{
    struct bytes value;
    int rc = store_get (txn, STORE_META, newest_key, &value);
    *newest = 0;
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return "the newest turn cannot be read";
    if (rc == 0 && value.size != sizeof *newest)
        return "the newest turn is damaged";
    if (rc == 0)
        memcpy (newest, value.data, sizeof *newest);
    *newest = be64toh (*newest);
    const char *wrong = compare_table (txn, STORE_AUDIT, *newest);
    return wrong != NULL ? wrong : compare_table (txn, STORE_CONSENT, *newest);
}

const char *turns_compare (struct store *store, uint64_t *newest)
{
    struct store_txn *txn;
    if (store_begin (store, &txn) != 0)
        return "no transaction can begin";
    const char *wrong = compare (txn, newest);
    store_abort (&txn);
    return wrong;
}
