/* The schema of a store: an earlier one is taken up once, and every other is refused. */
#include <endian.h>
#include <lmdb.h>
#include <string.h>
#include <unistd.h>
#include "scratch_store.h"
#include "testing.h"

static void write_schema (struct scratch_store *self, struct bytes schema)
{
    scratch_begin (self);
    assert_int_equal (store_put (self->txn, STORE_META, TEXT ("schema"), schema), 0);
    scratch_commit (self);
    store_close (&self->store);
}

static void test_a_store_of_another_version_is_refused (void **state)
{
    struct scratch_store *self = *state;
    write_schema (self, (struct bytes){"\0\0\0\1", 4});
    scratch_assert_refused (self, "schema version 1");
}

static void test_a_store_of_a_later_version_is_refused (void **state)
{
    struct scratch_store *self = *state;
    write_schema (self, (struct bytes){"\0\0\0\5", 4});
    scratch_assert_refused (self, "schema version 5");
}

/* Makes the store one of schema 2, as an earlier program would have left it, but for the table `without`. */
static void make_store_of_schema_2 (struct scratch_store *self, const char *without)
{
    static const char *const tables[] = {
        "meta",
        "subject",
        "consent",
        "consent_by_subject",
        "event",
        "cursor",
        "audit",
        "party",
        "subject_before",
        "party_since",
        "received",
        "obligation",
        "agenda",
        "request",
        "request_waiting",
        "request_by_subject",
        "request_by_party",
    };
    MDB_env *env;
    MDB_txn *txn;
    MDB_val key = {.mv_size = 6, .mv_data = "schema"}, value = {.mv_size = 4, .mv_data = "\0\0\0\2"};
    store_close (&self->store);
    assert_int_equal (unlink (self->path), 0);
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 32), 0);
    assert_int_equal (mdb_env_set_mapsize (env, SCRATCH_SIZE), 0);
    assert_int_equal (mdb_env_open (env, self->path, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
    assert_int_equal (mdb_txn_begin (env, NULL, 0, &txn), 0);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        MDB_dbi table;
        if (strcmp (tables[i], without) == 0)
            continue;
        assert_int_equal (mdb_dbi_open (txn, tables[i], MDB_CREATE, &table), 0);
        if (strcmp (tables[i], "meta") == 0)
            assert_int_equal (mdb_put (txn, table, &key, &value, 0), 0);
        if (strcmp (tables[i], "consent") == 0)
            assert_int_equal (mdb_put (txn, table, &key, &value, 0), 0);
    }
    assert_int_equal (mdb_txn_commit (txn), 0);
    mdb_env_close (env);
}

/* What it holds is taken up by registry/upgrade.c, in many transactions. So between the first and the last of them no
   program takes it for its own. */
static void test_a_store_of_an_earlier_schema_is_refused_until_all_of_it_is_taken_up (void **state)
{
    struct scratch_store *self = *state;
    make_store_of_schema_2 (self, "");
    struct bytes value;
    for (int i = 0; i < 2; i++) {
        self->options.upgrade = false;
        scratch_assert_refused (self, "--upgrade");
        self->options.upgrade = true;
        assert_int_equal (scratch_open_again (self), 0);
        assert_true (store_is_earlier (self->store));
        scratch_begin (self);
        assert_int_equal (store_put (self->txn, STORE_COUNTED, TEXT ("a"), TEXT ("one")), 0);
        assert_int_equal (store_put (self->txn, STORE_GUARD, TEXT ("b"), TEXT ("two")), 0);
        assert_int_equal (store_get (self->txn, STORE_META, TEXT ("schema"), &value), 0);
        assert_memory_not_equal (value.data, "\0\0\0\2", 4); /* an earlier program refuses it */
        assert_memory_not_equal (value.data, "\0\0\0\3", 4);
        assert_int_equal (store_get (self->txn, STORE_CONSENT, TEXT ("schema"), &value), 0);
        assert_memory_equal (value.data, "\0\0\0\2", 4); /* what it held is as it was */
        scratch_commit (self);
        store_close (&self->store);
    }
    assert_int_equal (scratch_open_again (self), 0);
    scratch_begin (self);
    assert_int_equal (store_finish_upgrade (self->txn), 0);
    scratch_commit (self);
    store_close (&self->store);
    self->options.upgrade = false;
    assert_int_equal (scratch_open_again (self), 0);
    assert_false (store_is_earlier (self->store));
    scratch_begin (self);
    assert_int_equal (store_get (self->txn, STORE_META, TEXT ("schema"), &value), 0);
    assert_memory_equal (value.data, "\0\0\0\4", 4);
    scratch_commit (self);
}

/* L5: an earlier program could fill all of it, and then did not start any more. */
static void test_a_store_of_the_schema_before_that_is_full_to_its_last_page_is_taken_up (void **state)
{
    struct scratch_store *self = *state;
    static char filler[2000];
    MDB_env *env;
    unsigned failures = 0; /* what one leaves, the next may still use */
    make_store_of_schema_2 (self, "");
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 32), 0);
    assert_int_equal (mdb_env_set_mapsize (env, SCRATCH_SIZE), 0);
    assert_int_equal (mdb_env_open (env, self->path, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
    for (uint64_t number = 0; failures < 10; number++) {
        MDB_txn *txn;
        MDB_dbi audit;
        uint64_t big = htobe64 (number);
        MDB_val key = {.mv_size = sizeof big, .mv_data = &big};
        MDB_val value = {.mv_size = sizeof filler, .mv_data = filler};
        assert_int_equal (mdb_txn_begin (env, NULL, 0, &txn), 0);
        assert_int_equal (mdb_dbi_open (txn, "audit", 0, &audit), 0);
        int r = mdb_put (txn, audit, &key, &value, MDB_APPEND);
        if (r == 0)
            r = mdb_txn_commit (txn);
        else
            mdb_txn_abort (txn);
        assert_true (r == 0 || r == MDB_MAP_FULL);
        failures = r == 0 ? 0 : failures + 1;
    }
    mdb_env_close (env);
    self->options.upgrade = true;
    assert_int_equal (scratch_open_again (self), 0);
    scratch_begin (self);
    assert_false (store_has_room (self->txn, STORE_WITHDRAWALS, 1));
    store_abort (&self->txn);
    assert_int_equal (scratch_resize (self, 2 * SCRATCH_SIZE, SCRATCH_RESERVE),
                      0); /* and is mended as any that is full */
    scratch_begin (self);
    assert_int_equal (store_put (self->txn, STORE_EVENT, TEXT ("revoked"), TEXT ("x")), 0);
    scratch_commit (self);
}

/* An earlier program's store without one of its own tables is damaged: empty in its place would be a permit. */
static void test_a_store_of_the_schema_before_that_lacks_a_table_of_its_own_is_refused (void **state)
{
    struct scratch_store *self = *state;
    self->options.upgrade = true;
    make_store_of_schema_2 (self, "consent");
    scratch_assert_refused (self, "no table consent");
    make_store_of_schema_2 (self, "request_by_party");
    scratch_assert_refused (self, "no table request_by_party");
}

/* As the program left it that had this schema first. */
static void take_away_table (struct scratch_store *self, const char *name)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi table;
    store_close (&self->store);
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 32), 0);
    assert_int_equal (mdb_env_set_mapsize (env, SCRATCH_SIZE), 0);
    assert_int_equal (mdb_env_open (env, self->path, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
    assert_int_equal (mdb_txn_begin (env, NULL, 0, &txn), 0);
    assert_int_equal (mdb_dbi_open (txn, name, 0, &table), 0);
    assert_int_equal (mdb_drop (txn, table, 1), 0);
    assert_int_equal (mdb_txn_commit (txn), 0);
    mdb_env_close (env);
}

/* L5: also one that is full. */
static void test_a_store_of_this_schema_is_given_the_table_that_came_after_it (void **state)
{
    struct scratch_store *self = *state;
    for (uint64_t full = 0; full < 2; full++) {
        if (full)
            assert_true (scratch_fill (self, 1, 2000, STORE_GENERAL) > 0);
        take_away_table (self, "unknown");
        assert_int_equal (scratch_open_again (self), 0);
        assert_false (store_is_earlier (self->store));
        scratch_begin (self);
        scratch_assert_lacks (self, STORE_UNKNOWN, "somebody");
        store_use_share (self->txn, STORE_OPERATORS);
        assert_int_equal (store_put (self->txn, STORE_UNKNOWN, TEXT ("somebody"), TEXT ("key")), 0);
        scratch_commit (self);
        store_close (&self->store);
        assert_int_equal (scratch_open_again (self), 0); /* and keeps it */
        scratch_begin (self);
        scratch_assert_holds (self, STORE_UNKNOWN, "somebody", "key");
        scratch_commit (self);
    }
    take_away_table (self, "heard");
    scratch_assert_refused (self, "no table heard");
}

static void test_a_store_with_a_damaged_version_is_refused (void **state)
{
    struct scratch_store *self = *state;
    write_schema (self, (struct bytes){"1", 1});
    scratch_assert_refused (self, "no schema version");
}

/* Another program's database, or one from before a table was added, is left as it was found. */
static void test_a_database_without_our_tables_is_refused (void **state)
{
    struct scratch_store *self = *state;
    store_close (&self->store);
    assert_int_equal (unlink (self->path), 0);
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi table;
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 2), 0);
    assert_int_equal (mdb_env_open (env, self->path, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
    assert_int_equal (mdb_txn_begin (env, NULL, 0, &txn), 0);
    assert_int_equal (mdb_dbi_open (txn, "somebody", MDB_CREATE, &table), 0);
    assert_int_equal (mdb_txn_commit (txn), 0);
    mdb_env_close (env);
    scratch_assert_refused (self, "no table meta");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST (test_a_store_of_another_version_is_refused),
        SCRATCH_TEST (test_a_store_of_a_later_version_is_refused),
        SCRATCH_TEST (test_a_store_of_an_earlier_schema_is_refused_until_all_of_it_is_taken_up),
        SCRATCH_TEST (test_a_store_of_the_schema_before_that_is_full_to_its_last_page_is_taken_up),
        SCRATCH_TEST (test_a_store_of_the_schema_before_that_lacks_a_table_of_its_own_is_refused),
        SCRATCH_TEST (test_a_store_of_this_schema_is_given_the_table_that_came_after_it),
        SCRATCH_TEST (test_a_store_with_a_damaged_version_is_refused),
        SCRATCH_TEST (test_a_database_without_our_tables_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
