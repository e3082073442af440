/* Transactions and scans of the store. */
#include <endian.h>
#include <errno.h>
#include <string.h>
#include "scratch_store.h"
#include "testing.h"

static void test_what_is_committed_is_there_after_reopening (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    assert_int_equal (store_put (self->txn, STORE_CONSENT, TEXT ("a"), TEXT ("one")), 0);
    assert_int_equal (store_put (self->txn, STORE_CONSENT, TEXT ("a"), TEXT ("two")), 0);
    assert_int_equal (store_put (self->txn, STORE_CURSOR, TEXT ("b"), (struct bytes){NULL, 0}), 0);
    scratch_commit (self);
    store_close (&self->store);
    assert_int_equal (scratch_open_again (self), 0);
    scratch_begin (self);
    scratch_assert_holds (self, STORE_CONSENT, "a", "two");
    scratch_assert_holds (self, STORE_CURSOR, "b", "");
    scratch_assert_lacks (self, STORE_SUBJECT, "a");
}

static void test_what_is_aborted_has_never_been (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    store_put (self->txn, STORE_EVENT, TEXT ("a"), TEXT ("one"));
    scratch_assert_holds (self, STORE_EVENT, "a", "one");
    store_abort (&self->txn);
    assert_null (self->txn);
    scratch_begin (self);
    scratch_assert_lacks (self, STORE_EVENT, "a");
}

static void test_a_transaction_left_open_is_aborted_by_closing_the_store (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    store_put (self->txn, STORE_EVENT, TEXT ("a"), TEXT ("one"));
    self->txn = NULL;
    store_close (&self->store);
    assert_int_equal (scratch_open_again (self), 0);
    scratch_begin (self);
    scratch_assert_lacks (self, STORE_EVENT, "a");
}

static void test_there_is_one_transaction_at_a_time (void **state)
{
    struct scratch_store *self = *state;
    struct store_txn *second = NULL;
    scratch_begin (self);
    assert_int_equal (store_begin (self->store, &second), -EBUSY);
    assert_null (second);
    scratch_commit (self);
    scratch_begin (self);
}

static void test_a_failure_sticks_and_nothing_of_the_transaction_is_kept (void **state)
{
    struct scratch_store *self = *state;
    char long_key[600] = {0};
    struct bytes value;
    uint64_t count;
    scratch_begin (self);
    assert_int_equal (store_put (self->txn, STORE_CURSOR, TEXT ("before"), TEXT ("x")), 0);
    int failure = store_put (self->txn, STORE_CURSOR, (struct bytes){long_key, sizeof long_key}, TEXT ("x"));
    assert_true (failure < 0);
    assert_int_equal (store_put (self->txn, STORE_CURSOR, TEXT ("after"), TEXT ("x")), failure);
    assert_int_equal (store_append (self->txn, STORE_CURSOR, TEXT ("z"), TEXT ("x")), failure);
    assert_int_equal (store_delete (self->txn, STORE_CURSOR, TEXT ("before")), failure);
    assert_int_equal (store_get (self->txn, STORE_CURSOR, TEXT ("before"), &value), failure);
    assert_int_equal (store_count (self->txn, STORE_CURSOR, &count), failure);
    assert_int_equal (store_last (self->txn, STORE_CURSOR, TEXT (""), &value, &value), failure);
    assert_int_equal (store_commit (&self->txn), failure);
    assert_null (self->txn);
    scratch_begin (self);
    scratch_assert_lacks (self, STORE_CURSOR, "before");
}

static void test_an_absent_key_is_an_answer_and_no_failure (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    scratch_assert_lacks (self, STORE_META, "nothing");
    assert_int_equal (store_delete (self->txn, STORE_META, TEXT ("nothing")), STORE_NOT_FOUND);
    assert_int_equal (store_put (self->txn, STORE_META, TEXT ("epoch"), TEXT ("e")), 0);
    assert_int_equal (store_delete (self->txn, STORE_META, TEXT ("epoch")), 0);
    scratch_assert_lacks (self, STORE_META, "epoch");
    scratch_commit (self);
}

static void test_a_transaction_knows_whether_it_has_written (void **state)
{
    struct scratch_store *self = *state;
    struct bytes value;
    scratch_begin (self);
    assert_int_equal (store_get (self->txn, STORE_META, TEXT ("a"), &value), STORE_NOT_FOUND);
    assert_int_equal (store_delete (self->txn, STORE_META, TEXT ("a")), STORE_NOT_FOUND);
    assert_int_equal (store_writes (self->txn), 0);
    assert_int_equal (store_put (self->txn, STORE_META, TEXT ("a"), TEXT ("1")), 0);
    assert_int_equal (store_append (self->txn, STORE_AUDIT, TEXT ("a"), TEXT ("1")), 0);
    assert_int_equal (store_delete (self->txn, STORE_META, TEXT ("a")), 0);
    assert_int_equal (store_writes (self->txn), 3);
    scratch_commit (self);
    scratch_begin (self);
    assert_int_equal (store_writes (self->txn), 0);
    store_abort (&self->txn);
}

static void test_an_append_has_to_go_upwards (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    assert_int_equal (store_append (self->txn, STORE_AUDIT, TEXT ("1"), TEXT ("a")), 0);
    assert_int_equal (store_append (self->txn, STORE_AUDIT, TEXT ("2"), TEXT ("b")), 0);
    assert_true (store_append (self->txn, STORE_AUDIT, TEXT ("2"), TEXT ("c")) < 0);
    assert_true (store_commit (&self->txn) < 0);
}

static uint64_t number_of (struct bytes key)
{
    uint64_t number;
    assert_int_equal (key.size, sizeof number);
    memcpy (&number, key.data, sizeof number);
    return be64toh (number);
}

static void test_a_scan_goes_upwards_from_its_start (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    scratch_put_numbers (self, STORE_EVENT, 10, 5000, 10);
    const uint64_t starts[] = {0, 10, 11, 4990, 5000, 5001};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        uint64_t from = htobe64 (starts[i]), expected = starts[i] <= 10 ? 10 : (starts[i] + 9) / 10 * 10;
        struct store_scan *scan;
        struct bytes key, value;
        assert_int_equal (store_scan_open (self->txn, STORE_EVENT, (struct bytes){&from, sizeof from}, &scan), 0);
        from = 0; /* the scan keeps its own copy */
        for (; expected <= 5000; expected += 10) {
            assert_int_equal (store_scan_next (scan, &key, &value), 0);
            assert_int_equal (number_of (key), expected);
            assert_memory_equal (value.data, &expected, sizeof expected);
        }
        assert_int_equal (store_scan_next (scan, &key, &value), STORE_NOT_FOUND);
        assert_int_equal (store_scan_next (scan, &key, &value), STORE_NOT_FOUND);
        store_scan_close (&scan);
        assert_null (scan);
    }
    scratch_commit (self);
}

static void test_a_scan_without_a_start_begins_at_the_first_key (void **state)
{
    struct scratch_store *self = *state;
    struct store_scan *scan;
    struct bytes key, value;
    scratch_begin (self);
    assert_int_equal (store_scan_open (self->txn, STORE_EVENT, (struct bytes){NULL, 0}, &scan), 0);
    assert_int_equal (store_scan_next (scan, &key, &value), STORE_NOT_FOUND);
    store_scan_close (&scan);
    scratch_put_numbers (self, STORE_EVENT, 7, 9, 1);
    assert_int_equal (store_scan_open (self->txn, STORE_EVENT, (struct bytes){NULL, 0}, &scan), 0);
    assert_int_equal (store_scan_next (scan, &key, &value), 0);
    assert_int_equal (number_of (key), 7);
    store_scan_close (&scan);
    scratch_commit (self);
}

static void test_writes_to_other_tables_leave_a_scan_alone (void **state)
{
    struct scratch_store *self = *state;
    struct store_scan *scan;
    struct bytes key, value;
    scratch_begin (self);
    scratch_put_numbers (self, STORE_CURSOR, 1, 300, 1);
    assert_int_equal (store_scan_open (self->txn, STORE_CURSOR, (struct bytes){NULL, 0}, &scan), 0);
    for (uint64_t i = 1; i <= 300; i++) {
        assert_int_equal (store_scan_next (scan, &key, &value), 0);
        assert_int_equal (number_of (key), i);
        scratch_put_numbers (self, STORE_EVENT, i * 100, i * 100 + 20, 1);
    }
    store_scan_close (&scan);
    scratch_commit (self);
}

static void test_the_last_key_below_a_bound_is_found (void **state)
{
    struct scratch_store *self = *state;
    const struct bytes none = {NULL, 0};
    struct bytes key, value;
    scratch_begin (self);
    assert_int_equal (store_last (self->txn, STORE_AUDIT, none, &key, &value), STORE_NOT_FOUND);
    scratch_put_numbers (self, STORE_AUDIT, 10, 5000, 10);
    assert_int_equal (store_last (self->txn, STORE_AUDIT, none, &key, &value), 0);
    assert_int_equal (number_of (key), 5000);
    const uint64_t bounds[][2] = {{11, 10},     {20, 10},     {21, 20},     {2505, 2500},
                                  {5000, 4990}, {5001, 5000}, {~0ULL, 5000}};
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        uint64_t below = htobe64 (bounds[i][0]);
        assert_int_equal (store_last (self->txn, STORE_AUDIT, (struct bytes){&below, sizeof below}, &key, &value),
                          0);
        assert_int_equal (number_of (key), bounds[i][1]);
        assert_memory_equal (value.data, &bounds[i][1], sizeof (uint64_t));
    }
    uint64_t first = htobe64 (10);
    assert_int_equal (store_last (self->txn, STORE_AUDIT, (struct bytes){&first, sizeof first}, &key, &value),
                      STORE_NOT_FOUND);
    scratch_commit (self);
}

static void test_a_table_is_counted (void **state)
{
    struct scratch_store *self = *state;
    uint64_t count = 99;
    scratch_begin (self);
    assert_int_equal (store_count (self->txn, STORE_SUBJECT, &count), 0);
    assert_int_equal (count, 0);
    scratch_put_numbers (self, STORE_SUBJECT, 1, 777, 1);
    assert_int_equal (store_count (self->txn, STORE_SUBJECT, &count), 0);
    assert_int_equal (count, 777);
}

static void test_the_store_can_be_asked_while_a_transaction_is_under_way (void **state)
{
    struct scratch_store *self = *state;
    struct store_info before, meanwhile, after;
    assert_int_equal (store_info (self->store, &before), 0);
    scratch_begin (self);
    scratch_put_numbers (self, STORE_EVENT, 1, 1000, 1);
    assert_int_equal (store_info (self->store, &meanwhile), 0);
    scratch_commit (self);
    assert_int_equal (store_info (self->store, &after), 0);
    assert_int_equal (before.used, meanwhile.used);
    assert_true (after.used > before.used);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST (test_what_is_committed_is_there_after_reopening),
        SCRATCH_TEST (test_what_is_aborted_has_never_been),
        SCRATCH_TEST (test_a_transaction_left_open_is_aborted_by_closing_the_store),
        SCRATCH_TEST (test_there_is_one_transaction_at_a_time),
        SCRATCH_TEST (test_a_failure_sticks_and_nothing_of_the_transaction_is_kept),
        SCRATCH_TEST (test_an_absent_key_is_an_answer_and_no_failure),
        SCRATCH_TEST (test_a_transaction_knows_whether_it_has_written),
        SCRATCH_TEST (test_an_append_has_to_go_upwards),
        SCRATCH_TEST (test_a_scan_goes_upwards_from_its_start),
        SCRATCH_TEST (test_a_scan_without_a_start_begins_at_the_first_key),
        SCRATCH_TEST (test_writes_to_other_tables_leave_a_scan_alone),
        SCRATCH_TEST (test_the_last_key_below_a_bound_is_found),
        SCRATCH_TEST (test_a_table_is_counted),
        SCRATCH_TEST (test_the_store_can_be_asked_while_a_transaction_is_under_way),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
