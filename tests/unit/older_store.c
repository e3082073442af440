#include "older_store.h"
#include <stdio.h>
#include <unistd.h>
#include "registry/subject_cache.h"

struct bytes older_copied (struct simulation *sim, struct bytes lent)
{
    return (struct bytes){arena_memdup (sim->arena, lent.data, lent.size), lent.size};
}

struct bytes older_altered (struct simulation *sim, struct bytes value, size_t at)
{
    uint8_t *made = arena_memdup (sim->arena, value.data, value.size);
    made[at] ^= 4;
    return (struct bytes){made, value.size};
}

void older_read_table (struct simulation *sim, struct store_txn *txn, enum store_table table,
                       struct older_content *content)
{
    struct store_scan *scan;
    struct bytes key, value;
    content->count = 0;
    assert_int_equal (store_scan_open (txn, table, (struct bytes){"", 0}, &scan), 0);
    while (store_scan_next (scan, &key, &value) == 0) {
        assert_in_range (content->count, 0, OLDER_ENTRIES - 1);
        content->keys[content->count] = older_copied (sim, key);
        content->values[content->count++] = older_copied (sim, value);
    }
    store_scan_close (&scan);
}

struct older_contents *older_copy_of_all (struct simulation *sim)
{
    struct older_contents *made = arena_alloc (sim->arena, sizeof *made);
    struct store_txn *txn;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    for (int table = 0; table < STORE_TABLES; table++)
        older_read_table (sim, txn, (enum store_table)table, &made->tables[table]);
    store_abort (&txn);
    return made;
}

void older_put_table (struct simulation *sim, struct store_txn *txn, enum store_table table,
                      const struct older_content *content)
{
    static struct older_content now;
    older_read_table (sim, txn, table, &now);
    for (size_t i = 0; i < now.count; i++)
        assert_int_equal (store_delete (txn, table, now.keys[i]), 0);
    for (size_t i = 0; i < content->count; i++)
        assert_int_equal (store_put (txn, table, content->keys[i], content->values[i]), 0);
}

static struct vault *vault; /* while the store is open here */

struct store *older_unwitnessed (struct simulation *sim)
{
    struct registry_options options = simulation_registry_options (sim);
    char path[96], error[256];
    struct store *store;
    snprintf (path, sizeof path, "%s/consentd.witness", options.store.directory);
    assert_int_equal (unlink (path), 0);
    options.store.restored = true;
    assert_int_equal (vault_open (&vault, options.vault_key, error, sizeof error), 0);
    options.store.journal_key = vault_journal_key (vault);
    assert_int_equal (store_open (&store, &options.store, error, sizeof error), 0);
    return store;
}

void older_close (struct store **store)
{
    store_close (store);
    vault_destroy (&vault);
}

void older_put_one (struct simulation *sim, enum store_table table, struct bytes key, const struct bytes *value)
{
    struct store_txn *txn;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (value != NULL ? store_put (txn, table, key, *value) : store_delete (txn, table, key), 0);
    assert_int_equal (store_commit (&txn), 0);
    subject_cache_clear (sim->registry.cache);
}

struct bytes older_value_of (struct simulation *sim, enum store_table table, struct bytes key)
{
    struct store_txn *txn;
    struct bytes value;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, table, key, &value), 0);
    value = older_copied (sim, value);
    store_abort (&txn);
    return value;
}
