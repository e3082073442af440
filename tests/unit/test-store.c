#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SIZE = 4 * 1024 * 1024,
    RESERVE = 1024 * 1024,
};

struct fixture {
    char directory[64];
    char path[96];
    char error[256];
    struct store_options options;
    struct store *store;
    struct store_txn *txn;
};

#define TEXT(text) ((struct bytes){(text), strlen (text)})

static int open_again (struct fixture *fixture)
{
    fixture->error[0] = '\0';
    return store_open (&fixture->store, &fixture->options, fixture->error, sizeof fixture->error);
}

/* A directory of its own, with a fresh store that is open. */
static int set_up (void **state)
{
    struct fixture *fixture = calloc (1, sizeof *fixture);
    strcpy (fixture->directory, "/tmp/test-store-XXXXXX");
    assert_non_null (mkdtemp (fixture->directory));
    snprintf (fixture->path, sizeof fixture->path, "%s/consentd.mdb", fixture->directory);
    fixture->options = (struct store_options){.directory = fixture->directory, .size = SIZE, .reserve = RESERVE};
    assert_int_equal (open_again (fixture), 0);
    *state = fixture;
    return 0;
}

static int tear_down (void **state)
{
    struct fixture *fixture = *state;
    store_abort (&fixture->txn);
    store_close (&fixture->store);
    assert_null (fixture->store);
    const char *const names[] = {"consentd.mdb", "consentd.mdb-lock", "consentd.lock", "elsewhere"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[96];
        snprintf (path, sizeof path, "%s/%s", fixture->directory, names[i]);
        unlink (path);
    }
    assert_int_equal (rmdir (fixture->directory), 0); /* so a store leaves nothing else behind */
    free (fixture);
    return 0;
}

static void begin (struct fixture *fixture)
{
    assert_int_equal (store_begin (fixture->store, &fixture->txn), 0);
}

static void commit (struct fixture *fixture)
{
    assert_int_equal (store_commit (&fixture->txn), 0);
    assert_null (fixture->txn);
}

static void assert_holds (struct fixture *fixture, enum store_table table, const char *key, const char *expected)
{
    struct bytes value;
    assert_int_equal (store_get (fixture->txn, table, TEXT (key), &value), 0);
    assert_int_equal (value.size, strlen (expected));
    assert_memory_equal (value.data, expected, value.size);
}

static void assert_lacks (struct fixture *fixture, enum store_table table, const char *key)
{
    struct bytes value;
    assert_int_equal (store_get (fixture->txn, table, TEXT (key), &value), STORE_NOT_FOUND);
}

/* --- Transactions --- */

static void test_what_is_committed_is_there_after_reopening (void **state)
{
    struct fixture *fixture = *state;
    begin (fixture);
    assert_int_equal (store_put (fixture->txn, STORE_CONSENT, TEXT ("a"), TEXT ("one")), 0);
    assert_int_equal (store_put (fixture->txn, STORE_CONSENT, TEXT ("a"), TEXT ("two")), 0);
    assert_int_equal (store_put (fixture->txn, STORE_CURSOR, TEXT ("b"), (struct bytes){NULL, 0}), 0);
    commit (fixture);
    store_close (&fixture->store);
    assert_int_equal (open_again (fixture), 0);
    begin (fixture);
    assert_holds (fixture, STORE_CONSENT, "a", "two");
    assert_holds (fixture, STORE_CURSOR, "b", "");
    assert_lacks (fixture, STORE_SUBJECT, "a");
}

static void test_what_is_aborted_has_never_been (void **state)
{
    struct fixture *fixture = *state;
    begin (fixture);
    store_put (fixture->txn, STORE_EVENT, TEXT ("a"), TEXT ("one"));
    assert_holds (fixture, STORE_EVENT, "a", "one");
    store_abort (&fixture->txn);
    assert_null (fixture->txn);
    begin (fixture);
    assert_lacks (fixture, STORE_EVENT, "a");
}

static void test_a_transaction_left_open_is_aborted_by_closing_the_store (void **state)
{
    struct fixture *fixture = *state;
    begin (fixture);
    store_put (fixture->txn, STORE_EVENT, TEXT ("a"), TEXT ("one"));
    fixture->txn = NULL;
    store_close (&fixture->store);
    assert_int_equal (open_again (fixture), 0);
    begin (fixture);
    assert_lacks (fixture, STORE_EVENT, "a");
}

static void test_there_is_one_transaction_at_a_time (void **state)
{
    struct fixture *fixture = *state;
    struct store_txn *second = NULL;
    begin (fixture);
    assert_int_equal (store_begin (fixture->store, &second), -EBUSY);
    assert_null (second);
    commit (fixture);
    begin (fixture);
}

static void test_a_failure_sticks_and_nothing_of_the_transaction_is_kept (void **state)
{
    struct fixture *fixture = *state;
    char long_key[600] = {0};
    struct bytes value;
    uint64_t count;
    begin (fixture);
    assert_int_equal (store_put (fixture->txn, STORE_CURSOR, TEXT ("before"), TEXT ("x")), 0);
    int failure = store_put (fixture->txn, STORE_CURSOR, (struct bytes){long_key, sizeof long_key}, TEXT ("x"));
    assert_true (failure < 0);
    assert_int_equal (store_failure (fixture->txn), failure);
    assert_int_equal (store_put (fixture->txn, STORE_CURSOR, TEXT ("after"), TEXT ("x")), failure);
    assert_int_equal (store_append (fixture->txn, STORE_CURSOR, TEXT ("z"), TEXT ("x")), failure);
    assert_int_equal (store_delete (fixture->txn, STORE_CURSOR, TEXT ("before")), failure);
    assert_int_equal (store_get (fixture->txn, STORE_CURSOR, TEXT ("before"), &value), failure);
    assert_int_equal (store_count (fixture->txn, STORE_CURSOR, &count), failure);
    assert_int_equal (store_last (fixture->txn, STORE_CURSOR, TEXT (""), &value, &value), failure);
    assert_int_equal (store_commit (&fixture->txn), failure);
    assert_null (fixture->txn);
    begin (fixture);
    assert_int_equal (store_failure (fixture->txn), 0);
    assert_lacks (fixture, STORE_CURSOR, "before");
}

static void test_an_absent_key_is_an_answer_and_no_failure (void **state)
{
    struct fixture *fixture = *state;
    begin (fixture);
    assert_lacks (fixture, STORE_META, "nothing");
    assert_int_equal (store_delete (fixture->txn, STORE_META, TEXT ("nothing")), STORE_NOT_FOUND);
    assert_int_equal (store_failure (fixture->txn), 0);
    assert_int_equal (store_put (fixture->txn, STORE_META, TEXT ("epoch"), TEXT ("e")), 0);
    assert_int_equal (store_delete (fixture->txn, STORE_META, TEXT ("epoch")), 0);
    assert_lacks (fixture, STORE_META, "epoch");
    commit (fixture);
}

static void test_an_append_has_to_go_upwards (void **state)
{
    struct fixture *fixture = *state;
    begin (fixture);
    assert_int_equal (store_append (fixture->txn, STORE_AUDIT, TEXT ("1"), TEXT ("a")), 0);
    assert_int_equal (store_append (fixture->txn, STORE_AUDIT, TEXT ("2"), TEXT ("b")), 0);
    assert_true (store_append (fixture->txn, STORE_AUDIT, TEXT ("2"), TEXT ("c")) < 0);
    assert_true (store_commit (&fixture->txn) < 0);
}

/* --- Scans --- */

static void put_numbers (struct fixture *fixture, enum store_table table, uint64_t first, uint64_t last,
                         uint64_t step)
{
    for (uint64_t number = first; number <= last; number += step) {
        uint64_t key = htobe64 (number);
        assert_int_equal (store_put (fixture->txn, table, (struct bytes){&key, sizeof key},
                                     (struct bytes){&number, sizeof number}),
                          0);
    }
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
    struct fixture *fixture = *state;
    begin (fixture);
    put_numbers (fixture, STORE_EVENT, 10, 5000, 10);
    const uint64_t starts[] = {0, 10, 11, 4990, 5000, 5001};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        uint64_t from = htobe64 (starts[i]), expected = starts[i] <= 10 ? 10 : (starts[i] + 9) / 10 * 10;
        struct store_scan *scan;
        struct bytes key, value;
        assert_int_equal (store_scan_open (fixture->txn, STORE_EVENT, (struct bytes){&from, sizeof from}, &scan),
                          0);
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
    commit (fixture);
}

static void test_a_scan_without_a_start_begins_at_the_first_key (void **state)
{
    struct fixture *fixture = *state;
    struct store_scan *scan;
    struct bytes key, value;
    begin (fixture);
    assert_int_equal (store_scan_open (fixture->txn, STORE_EVENT, (struct bytes){NULL, 0}, &scan), 0);
    assert_int_equal (store_scan_next (scan, &key, &value), STORE_NOT_FOUND);
    store_scan_close (&scan);
    put_numbers (fixture, STORE_EVENT, 7, 9, 1);
    assert_int_equal (store_scan_open (fixture->txn, STORE_EVENT, (struct bytes){NULL, 0}, &scan), 0);
    assert_int_equal (store_scan_next (scan, &key, &value), 0);
    assert_int_equal (number_of (key), 7);
    store_scan_close (&scan);
    commit (fixture);
}

static void test_writes_to_other_tables_leave_a_scan_alone (void **state)
{
    struct fixture *fixture = *state;
    struct store_scan *scan;
    struct bytes key, value;
    begin (fixture);
    put_numbers (fixture, STORE_CURSOR, 1, 300, 1);
    assert_int_equal (store_scan_open (fixture->txn, STORE_CURSOR, (struct bytes){NULL, 0}, &scan), 0);
    for (uint64_t i = 1; i <= 300; i++) {
        assert_int_equal (store_scan_next (scan, &key, &value), 0);
        assert_int_equal (number_of (key), i);
        put_numbers (fixture, STORE_EVENT, i * 100, i * 100 + 20, 1);
    }
    store_scan_close (&scan);
    commit (fixture);
}

static void test_the_last_key_below_a_bound_is_found (void **state)
{
    struct fixture *fixture = *state;
    const struct bytes none = {NULL, 0};
    struct bytes key, value;
    begin (fixture);
    assert_int_equal (store_last (fixture->txn, STORE_AUDIT, none, &key, &value), STORE_NOT_FOUND);
    put_numbers (fixture, STORE_AUDIT, 10, 5000, 10);
    assert_int_equal (store_last (fixture->txn, STORE_AUDIT, none, &key, &value), 0);
    assert_int_equal (number_of (key), 5000);
    const uint64_t bounds[][2] = {{11, 10},     {20, 10},     {21, 20},     {2505, 2500},
                                  {5000, 4990}, {5001, 5000}, {~0ULL, 5000}};
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        uint64_t below = htobe64 (bounds[i][0]);
        assert_int_equal (
            store_last (fixture->txn, STORE_AUDIT, (struct bytes){&below, sizeof below}, &key, &value), 0);
        assert_int_equal (number_of (key), bounds[i][1]);
        assert_memory_equal (value.data, &bounds[i][1], sizeof (uint64_t));
    }
    uint64_t first = htobe64 (10);
    assert_int_equal (store_last (fixture->txn, STORE_AUDIT, (struct bytes){&first, sizeof first}, &key, &value),
                      STORE_NOT_FOUND);
    commit (fixture);
}

static void test_a_table_is_counted (void **state)
{
    struct fixture *fixture = *state;
    uint64_t count = 99;
    begin (fixture);
    assert_int_equal (store_count (fixture->txn, STORE_SUBJECT, &count), 0);
    assert_int_equal (count, 0);
    put_numbers (fixture, STORE_SUBJECT, 1, 777, 1);
    assert_int_equal (store_count (fixture->txn, STORE_SUBJECT, &count), 0);
    assert_int_equal (count, 777);
}

/* --- Room --- */

/* Commits audit entries of `value_size`, 20 a transaction, until one does not commit; how many did. */
static uint64_t fill (struct fixture *fixture, uint64_t from, size_t value_size, enum store_share share)
{
    static const char filler[8192];
    for (uint64_t number = from;; number += 20) {
        begin (fixture);
        store_use_share (fixture->txn, share);
        for (uint64_t i = 0; i < 20; i++) {
            uint64_t key = htobe64 (number + i);
            store_append (fixture->txn, STORE_AUDIT, (struct bytes){&key, sizeof key},
                          (struct bytes){filler, value_size});
        }
        int r = store_commit (&fixture->txn);
        if (r != 0) {
            assert_int_equal (r, STORE_FULL);
            return number - from;
        }
    }
}

static struct store_info info_of (struct fixture *fixture)
{
    struct store_info info;
    assert_int_equal (store_info (fixture->store, &info), 0);
    return info;
}

static uint64_t sum_of_taken (const struct store_info *info)
{
    uint64_t sum = 0;
    for (int i = 0; i < STORE_SHARES; i++)
        sum += info->taken[i];
    return sum;
}

static void test_what_is_general_never_reaches_into_the_reserve (void **state)
{
    struct fixture *fixture = *state;
    const size_t value_sizes[] = {200, 5000}; /* in leaf pages, and in overflow pages of their own */
    uint64_t number = 0;
    for (int i = 0; i < 2; i++) {
        number += fill (fixture, number, value_sizes[i], STORE_GENERAL);
        struct store_info info = info_of (fixture);
        assert_int_equal (info.size, SIZE);
        assert_int_equal (info.reserve, RESERVE);
        assert_int_equal (info.general, SIZE - RESERVE);
        assert_true (info.used <= SIZE - RESERVE);
        assert_true (info.used > SIZE - RESERVE - 64 * 4096);
        assert_int_equal (sum_of_taken (&info), 0);
    }
}

static void test_every_share_can_be_filled_when_all_others_are_full (void **state)
{
    struct fixture *fixture = *state;
    static const enum store_share orders[][3] = {{STORE_OPERATORS, STORE_WITHDRAWALS, STORE_OWN},
                                                 {STORE_WITHDRAWALS, STORE_OWN, STORE_OPERATORS},
                                                 {STORE_OWN, STORE_OPERATORS, STORE_WITHDRAWALS}};
    for (size_t order = 0; order < 3; order++) {
        tear_down (state);
        set_up (state);
        fixture = *state;
        uint64_t number = fill (fixture, 0, 200, STORE_GENERAL);
        for (int i = 0; i < 3; i++) {
            enum store_share share = orders[order][i];
            number += fill (fixture, number, 200, share);
            struct store_info info = info_of (fixture);
            assert_true (info.taken[share] <= info.shares[share]);
            assert_true (info.taken[share] + 8 * 4096 > info.shares[share]);
            assert_int_equal (info.used - info.general, sum_of_taken (&info));
            begin (fixture);
            assert_int_equal (store_put (fixture->txn, STORE_CONSENT, TEXT ("grant"), TEXT ("x")), STORE_FULL);
            assert_int_equal (store_commit (&fixture->txn), STORE_FULL);
        }
        struct store_info info = info_of (fixture);
        assert_true (info.used < SIZE - RESERVE / 8); /* what commits need while they replace pages */
    }
}

static void test_the_shares_and_what_is_nobodys_are_the_whole_reserve (void **state)
{
    struct fixture *fixture = *state;
    const uint64_t mebibyte = 1024 * 1024;
    const struct {
        uint64_t reserve, operators;
    } cases[] = {{mebibyte, 0}, {64 * mebibyte, 0}, {64 * mebibyte, 32 * mebibyte}, {64 * 1024, 0}, {0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture->options.size = 128 * mebibyte;
        fixture->options.reserve = cases[i].reserve;
        fixture->options.operators = cases[i].operators;
        store_close (&fixture->store);
        assert_int_equal (open_again (fixture), 0);
        struct store_info info = info_of (fixture);
        uint64_t shares = info.shares[STORE_OPERATORS] + info.shares[STORE_WITHDRAWALS] + info.shares[STORE_OWN];
        assert_int_equal (info.shares[STORE_GENERAL], 0);
        assert_true (shares <= cases[i].reserve - cases[i].reserve / 8);
        assert_true (shares + 3 * 4096 >= cases[i].reserve / 2);
        assert_true (info.shares[STORE_WITHDRAWALS] * 16 >= info.reserve * 5); /* the most is for withdrawals */
        if (cases[i].operators != 0)
            assert_int_equal (info.shares[STORE_OPERATORS], cases[i].operators);
    }
}

static void test_what_a_share_has_taken_is_remembered_over_a_restart (void **state)
{
    struct fixture *fixture = *state;
    uint64_t number = fill (fixture, 0, 200, STORE_GENERAL);
    number += fill (fixture, number, 200, STORE_OPERATORS);
    struct store_info before = info_of (fixture);
    store_close (&fixture->store);
    assert_int_equal (open_again (fixture), 0);
    assert_true (fill (fixture, number, 200, STORE_OPERATORS) < 40); /* what a half-filled page still holds */
    assert_true (fill (fixture, number + 40, 200, STORE_WITHDRAWALS) > 500);
    struct store_info after = info_of (fixture);
    assert_true (after.taken[STORE_OPERATORS] <= before.shares[STORE_OPERATORS]);
    assert_true (after.taken[STORE_OPERATORS] >= before.taken[STORE_OPERATORS]);
}

static void test_what_is_not_committed_is_nobodys (void **state)
{
    struct fixture *fixture = *state;
    static const char big[64 * 1024];
    fill (fixture, 0, 200, STORE_GENERAL);
    begin (fixture);
    store_use_share (fixture->txn, STORE_WITHDRAWALS);
    assert_int_equal (store_put (fixture->txn, STORE_EVENT, TEXT ("a"), (struct bytes){big, sizeof big}), 0);
    assert_true (store_share_taken (fixture->txn, STORE_WITHDRAWALS) >= sizeof big);
    store_abort (&fixture->txn);
    struct store_info info = info_of (fixture);
    assert_int_equal (sum_of_taken (&info), 0);
    begin (fixture);
    assert_int_equal (store_share_taken (fixture->txn, STORE_WITHDRAWALS), 0);
    assert_int_equal (store_share_left (fixture->txn, STORE_WITHDRAWALS), info.shares[STORE_WITHDRAWALS]);
}

static void test_whether_there_is_room_is_told_before_it_is_taken (void **state)
{
    struct fixture *fixture = *state;
    begin (fixture);
    for (int share = 0; share < STORE_SHARES; share++) {
        assert_true (store_has_room (fixture->txn, (enum store_share)share, SIZE / 2));
        assert_false (store_has_room (fixture->txn, (enum store_share)share, SIZE));
    }
    commit (fixture);
    uint64_t number = fill (fixture, 0, 200, STORE_GENERAL);
    begin (fixture);
    assert_false (store_has_room (fixture->txn, STORE_GENERAL, 64 * 1024));
    assert_true (store_has_room (fixture->txn, STORE_WITHDRAWALS, 64 * 1024));
    assert_true (store_has_room (fixture->txn, STORE_OPERATORS, 64 * 1024));
    commit (fixture);
    fill (fixture, number, 200, STORE_OPERATORS);
    begin (fixture);
    assert_true (store_has_room (fixture->txn, STORE_WITHDRAWALS, 64 * 1024));
    assert_false (store_has_room (fixture->txn, STORE_OPERATORS, 64 * 1024));
}

static void test_what_a_withdrawal_frees_is_its_own_again (void **state)
{
    struct fixture *fixture = *state;
    static const char event[300];
    fill (fixture, 0, 200, STORE_GENERAL);
    for (uint64_t round = 0; round < 20; round++) { /* many times what the share holds */
        begin (fixture);
        store_use_share (fixture->txn, STORE_WITHDRAWALS);
        for (uint64_t i = 0; i < 500; i++) {
            uint64_t key = htobe64 (i);
            assert_int_equal (store_put (fixture->txn, STORE_EVENT, (struct bytes){&key, sizeof key},
                                         (struct bytes){event, sizeof event}),
                              0);
        }
        commit (fixture);
        begin (fixture);
        store_use_share (fixture->txn, STORE_WITHDRAWALS);
        for (uint64_t i = 0; i < 500; i++) {
            uint64_t key = htobe64 (i);
            assert_int_equal (store_delete (fixture->txn, STORE_EVENT, (struct bytes){&key, sizeof key}), 0);
        }
        assert_true (store_share_taken (fixture->txn, STORE_WITHDRAWALS) < 8 * 4096);
        commit (fixture);
    }
}

static void test_privilege_ends_with_its_transaction (void **state)
{
    struct fixture *fixture = *state;
    uint64_t number = fill (fixture, 0, 200, STORE_GENERAL);
    static const char big[64 * 1024];
    begin (fixture);
    store_use_share (fixture->txn, STORE_WITHDRAWALS);
    assert_int_equal (store_put (fixture->txn, STORE_EVENT, TEXT ("revoked"), (struct bytes){big, sizeof big}), 0);
    commit (fixture);
    begin (fixture);
    assert_int_equal (store_put (fixture->txn, STORE_EVENT, TEXT ("another"), (struct bytes){big, sizeof big}),
                      STORE_FULL);
    store_abort (&fixture->txn);
    assert_true (number > 0);
}

static int resize (struct fixture *fixture, uint64_t size, uint64_t reserve)
{
    struct store_options options = {.directory = fixture->directory, .size = size, .reserve = reserve};
    fixture->error[0] = '\0';
    return store_resize (fixture->store, &options, fixture->error, sizeof fixture->error);
}

static void test_a_full_store_that_grows_takes_more_at_once (void **state)
{
    struct fixture *fixture = *state;
    struct stat status;
    uint64_t number = fill (fixture, 0, 200, STORE_GENERAL);
    number += fill (fixture, number, 200, STORE_WITHDRAWALS);
    assert_int_equal (resize (fixture, 2 * SIZE, RESERVE), 0);
    assert_int_equal (stat (fixture->path, &status), 0);
    assert_int_equal (status.st_size, 2 * SIZE);
    assert_true ((uint64_t)status.st_blocks * 512 >= 2 * SIZE);
    struct store_info info = info_of (fixture);
    assert_int_equal (info.size, 2 * SIZE);
    uint64_t more = fill (fixture, number, 200, STORE_GENERAL);
    assert_true (more * 200 > SIZE / 2);
    info = info_of (fixture);
    assert_int_equal (sum_of_taken (&info), 0); /* and the reserve is whole again */
    store_close (&fixture->store);
    assert_int_equal (open_again (fixture), 0); /* with the former size in the options */
    assert_int_equal (info_of (fixture).size, 2 * SIZE);
    uint64_t count;
    begin (fixture);
    assert_int_equal (store_count (fixture->txn, STORE_AUDIT, &count), 0);
    assert_int_equal (count, number + more);
}

static void test_a_store_that_cannot_grow_is_as_it_was (void **state)
{
    struct fixture *fixture = *state;
    struct stat status;
    uint64_t number = fill (fixture, 0, 200, STORE_GENERAL);
    struct store_info before = info_of (fixture);
    const uint64_t sizes[][2] = {{UINT64_C (1) << 60, RESERVE}, {2 * SIZE, 3 * SIZE / 2}, {SIZE, SIZE}};
    for (size_t i = 0; i < 3; i++) {
        assert_true (resize (fixture, sizes[i][0], sizes[i][1]) < 0);
        assert_true (fixture->error[0] != '\0');
        assert_int_equal (stat (fixture->path, &status), 0);
        assert_int_equal (status.st_size, SIZE);
        struct store_info after = info_of (fixture);
        assert_memory_equal (&before, &after, sizeof before);
    }
    begin (fixture);
    assert_true (resize (fixture, 2 * SIZE, RESERVE) < 0);
    store_abort (&fixture->txn);
    assert_int_equal (fill (fixture, number, 200, STORE_GENERAL), 0);
    assert_true (fill (fixture, number, 200, STORE_WITHDRAWALS) > 0);
}

static void test_a_smaller_size_changes_nothing_and_a_larger_reserve_does (void **state)
{
    struct fixture *fixture = *state;
    uint64_t number = fill (fixture, 0, 200, STORE_GENERAL);
    assert_int_equal (resize (fixture, SIZE / 2, RESERVE / 2), 0);
    assert_int_equal (info_of (fixture).size, SIZE);
    assert_int_equal (info_of (fixture).general, SIZE - RESERVE / 2);
    number += fill (fixture, number, 200, STORE_GENERAL);
    assert_int_equal (resize (fixture, SIZE, RESERVE), 0);
    assert_int_equal (fill (fixture, number, 200, STORE_GENERAL), 0);
    struct store_info info = info_of (fixture);
    begin (fixture);
    assert_int_equal (store_share_taken (fixture->txn, STORE_WITHDRAWALS), 0);
    assert_true (store_share_taken (fixture->txn, STORE_GENERAL) > 0); /* what was there before */
    assert_int_equal (store_share_taken (fixture->txn, STORE_GENERAL), info.used - info.general);
}

static void test_deleting_makes_room_again (void **state)
{
    struct fixture *fixture = *state;
    uint64_t number = fill (fixture, 0, 200, STORE_GENERAL);
    struct store_info full, after;
    assert_int_equal (store_info (fixture->store, &full), 0);
    begin (fixture);
    for (uint64_t i = 0; i < number / 2; i++) {
        uint64_t key = htobe64 (i);
        assert_int_equal (store_delete (fixture->txn, STORE_AUDIT, (struct bytes){&key, sizeof key}), 0);
    }
    commit (fixture);
    assert_int_equal (store_info (fixture->store, &after), 0);
    assert_true (after.used < full.used * 3 / 4);
    assert_true (fill (fixture, number, 200, STORE_GENERAL) > number / 4);
}

static void test_the_store_can_be_asked_while_a_transaction_is_under_way (void **state)
{
    struct fixture *fixture = *state;
    struct store_info before, meanwhile, after;
    assert_int_equal (store_info (fixture->store, &before), 0);
    begin (fixture);
    put_numbers (fixture, STORE_EVENT, 1, 1000, 1);
    assert_int_equal (store_info (fixture->store, &meanwhile), 0);
    commit (fixture);
    assert_int_equal (store_info (fixture->store, &after), 0);
    assert_int_equal (before.used, meanwhile.used);
    assert_true (after.used > before.used);
}

/* --- Opening --- */

static void test_a_fresh_store_is_set_aside_whole_and_closed_to_others (void **state)
{
    struct fixture *fixture = *state;
    struct stat status;
    assert_int_equal (stat (fixture->path, &status), 0);
    assert_int_equal (status.st_mode & 07777, 0600);
    assert_int_equal (status.st_size, SIZE);
    assert_true (status.st_blocks * 512 >= SIZE);
}

static void test_a_store_grows_to_a_larger_size_and_never_shrinks (void **state)
{
    struct fixture *fixture = *state;
    const uint64_t sizes[][2] = {{2 * SIZE, 2 * SIZE}, {SIZE, 2 * SIZE}};
    for (size_t i = 0; i < 2; i++) {
        struct stat status;
        struct store_info info;
        store_close (&fixture->store);
        fixture->options.size = sizes[i][0];
        assert_int_equal (open_again (fixture), 0);
        assert_int_equal (stat (fixture->path, &status), 0);
        assert_int_equal (status.st_size, sizes[i][1]);
        assert_true ((uint64_t)status.st_blocks * 512 >= sizes[i][1]);
        assert_int_equal (store_info (fixture->store, &info), 0);
        assert_int_equal (info.size, sizes[i][1]);
    }
}

static void assert_refused (struct fixture *fixture, const char *why)
{
    assert_int_equal (open_again (fixture), STORE_INVALID);
    assert_null (fixture->store);
    assert_non_null (strstr (fixture->error, fixture->path));
    if (!strstr (fixture->error, why))
        fail_msg ("'%s' is not in '%s'", why, fixture->error);
}

static void test_a_second_opener_is_refused_until_the_first_is_gone (void **state)
{
    struct fixture *fixture = *state;
    struct store *first = fixture->store;
    fixture->store = NULL;
    assert_int_equal (open_again (fixture), STORE_IN_USE);
    assert_non_null (strstr (fixture->error, "in use"));
    store_close (&first);
    assert_int_equal (open_again (fixture), 0);
}

static void test_a_store_that_others_may_open_is_refused (void **state)
{
    struct fixture *fixture = *state;
    store_close (&fixture->store);
    const mode_t modes[] = {0640, 0620, 0604, 0602, 0666};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal (chmod (fixture->path, modes[i]), 0);
        assert_refused (fixture, "open to others");
    }
    assert_int_equal (chmod (fixture->path, 0600), 0);
    assert_int_equal (open_again (fixture), 0);
}

static void test_a_store_of_somebody_else_is_refused (void **state)
{
    struct fixture *fixture = *state;
    if (geteuid () != 0)
        skip (); /* only root can give a file away */
    store_close (&fixture->store);
    assert_int_equal (chown (fixture->path, 65534, (gid_t)-1), 0);
    assert_refused (fixture, "another user");
}

static void test_a_truncated_store_is_refused_wherever_it_is_cut (void **state)
{
    struct fixture *fixture = *state;
    begin (fixture);
    put_numbers (fixture, STORE_AUDIT, 1, 5000, 1);
    commit (fixture);
    struct store_info info;
    assert_int_equal (store_info (fixture->store, &info), 0);
    store_close (&fixture->store);
    const off_t cuts[] = {(off_t)info.used - 1, (off_t)info.used / 2, 8192, 8191, 4096, 100, 0};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        assert_int_equal (truncate (fixture->path, cuts[i]), 0);
        assert_refused (fixture, cuts[i] >= 8191 ? "truncated" : "not a store");
    }
}

static void test_a_store_cut_in_its_unused_part_is_whole_and_set_aside_again (void **state)
{
    struct fixture *fixture = *state;
    begin (fixture);
    put_numbers (fixture, STORE_AUDIT, 1, 1000, 1);
    commit (fixture);
    store_close (&fixture->store);
    assert_int_equal (truncate (fixture->path, SIZE / 2), 0);
    assert_int_equal (open_again (fixture), 0);
    struct stat status;
    assert_int_equal (stat (fixture->path, &status), 0);
    assert_int_equal (status.st_size, SIZE);
    uint64_t count;
    begin (fixture);
    assert_int_equal (store_count (fixture->txn, STORE_AUDIT, &count), 0);
    assert_int_equal (count, 1000);
}

static void test_what_is_not_a_store_is_refused (void **state)
{
    struct fixture *fixture = *state;
    char elsewhere[96];
    snprintf (elsewhere, sizeof elsewhere, "%s/elsewhere", fixture->directory);
    store_close (&fixture->store);

    assert_int_equal (rename (fixture->path, elsewhere), 0);
    assert_int_equal (symlink ("elsewhere", fixture->path), 0);
    assert_refused (fixture, "symbolic link");
    assert_int_equal (unlink (fixture->path), 0);

    assert_int_equal (mkfifo (fixture->path, 0600), 0);
    assert_refused (fixture, "not a regular file");
    assert_int_equal (unlink (fixture->path), 0);

    char junk[16384];
    memset (junk, 'j', sizeof junk);
    int fd = open (fixture->path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal (write (fd, junk, sizeof junk), sizeof junk);
    close (fd);
    assert_refused (fixture, "not a store");
    assert_int_equal (rename (elsewhere, fixture->path), 0);
    assert_int_equal (open_again (fixture), 0);
}

static void write_schema (struct fixture *fixture, struct bytes schema)
{
    begin (fixture);
    assert_int_equal (store_put (fixture->txn, STORE_META, TEXT ("schema"), schema), 0);
    commit (fixture);
    store_close (&fixture->store);
}

static void test_a_store_of_another_version_is_refused (void **state)
{
    struct fixture *fixture = *state;
    write_schema (fixture, (struct bytes){"\0\0\0\1", 4});
    assert_refused (fixture, "schema version 1");
}

static void test_a_store_of_a_later_version_is_refused (void **state)
{
    struct fixture *fixture = *state;
    write_schema (fixture, (struct bytes){"\0\0\0\4", 4});
    assert_refused (fixture, "schema version 4");
}

/* Makes the store one of schema 2, as an earlier program would have left it, but for the table `without`. */
static void make_store_of_schema_2 (struct fixture *fixture, const char *without)
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
    store_close (&fixture->store);
    assert_int_equal (unlink (fixture->path), 0);
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 32), 0);
    assert_int_equal (mdb_env_set_mapsize (env, SIZE), 0);
    assert_int_equal (mdb_env_open (env, fixture->path, MDB_NOSUBDIR, 0600), 0);
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

static void test_a_store_of_the_schema_before_is_taken_up_once (void **state)
{
    struct fixture *fixture = *state;
    make_store_of_schema_2 (fixture, "");
    for (int i = 0; i < 2; i++) {
        assert_int_equal (open_again (fixture), 0);
        begin (fixture);
        assert_int_equal (store_put (fixture->txn, STORE_COUNTED, TEXT ("a"), TEXT ("one")), 0);
        assert_holds (fixture, STORE_COUNTED, "a", "one");
        struct bytes value;
        assert_int_equal (store_get (fixture->txn, STORE_META, TEXT ("schema"), &value), 0);
        assert_memory_equal (value.data, "\0\0\0\3", 4);
        assert_int_equal (store_get (fixture->txn, STORE_CONSENT, TEXT ("schema"), &value), 0);
        assert_memory_equal (value.data, "\0\0\0\2", 4); /* what it held is as it was */
        commit (fixture);
        store_close (&fixture->store);
    }
}

/* L5: an earlier program could fill all of it, and then did not start any more. */
static void test_a_store_of_the_schema_before_that_is_full_to_its_last_page_is_taken_up (void **state)
{
    struct fixture *fixture = *state;
    static char filler[2000];
    MDB_env *env;
    unsigned failures = 0; /* what one leaves, the next may still use */
    make_store_of_schema_2 (fixture, "");
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 32), 0);
    assert_int_equal (mdb_env_set_mapsize (env, SIZE), 0);
    assert_int_equal (mdb_env_open (env, fixture->path, MDB_NOSUBDIR, 0600), 0);
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
    assert_int_equal (open_again (fixture), 0);
    begin (fixture);
    assert_false (store_has_room (fixture->txn, STORE_WITHDRAWALS, 1));
    store_abort (&fixture->txn);
    assert_int_equal (resize (fixture, 2 * SIZE, RESERVE), 0); /* and is mended as any that is full */
    begin (fixture);
    assert_int_equal (store_put (fixture->txn, STORE_EVENT, TEXT ("revoked"), TEXT ("x")), 0);
    commit (fixture);
}

/* An earlier program's store without one of its own tables is damaged: empty in its place would be a permit. */
static void test_a_store_of_the_schema_before_that_lacks_a_table_of_its_own_is_refused (void **state)
{
    struct fixture *fixture = *state;
    make_store_of_schema_2 (fixture, "consent");
    assert_refused (fixture, "no table consent");
    make_store_of_schema_2 (fixture, "request_by_party");
    assert_refused (fixture, "no table request_by_party");
}

static void test_a_store_with_a_damaged_version_is_refused (void **state)
{
    struct fixture *fixture = *state;
    write_schema (fixture, (struct bytes){"1", 1});
    assert_refused (fixture, "no schema version");
}

/* Another program's database, or one from before a table was added, is left as it was found. */
static void test_a_database_without_our_tables_is_refused (void **state)
{
    struct fixture *fixture = *state;
    store_close (&fixture->store);
    assert_int_equal (unlink (fixture->path), 0);
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi table;
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 2), 0);
    assert_int_equal (mdb_env_open (env, fixture->path, MDB_NOSUBDIR, 0600), 0);
    assert_int_equal (mdb_txn_begin (env, NULL, 0, &txn), 0);
    assert_int_equal (mdb_dbi_open (txn, "somebody", MDB_CREATE, &table), 0);
    assert_int_equal (mdb_txn_commit (txn), 0);
    mdb_env_close (env);
    assert_refused (fixture, "no table meta");
}

static void test_impossible_sizes_are_refused (void **state)
{
    struct fixture *fixture = *state;
    store_close (&fixture->store);
    fixture->options.size = 4096;
    assert_int_equal (open_again (fixture), -EINVAL);
    fixture->options = (struct store_options){.directory = fixture->directory, .size = SIZE, .reserve = SIZE};
    assert_int_equal (open_again (fixture), -EINVAL);
    assert_non_null (strstr (fixture->error, "reserve"));
}

static void test_a_missing_directory_is_named (void **state)
{
    struct fixture *fixture = *state;
    store_close (&fixture->store);
    fixture->options.directory = "/nonexistent/registry";
    assert_int_equal (open_again (fixture), -ENOENT);
    assert_non_null (strstr (fixture->error, "/nonexistent/registry"));
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (test_what_is_committed_is_there_after_reopening),
        TEST (test_what_is_aborted_has_never_been),
        TEST (test_a_transaction_left_open_is_aborted_by_closing_the_store),
        TEST (test_there_is_one_transaction_at_a_time),
        TEST (test_a_failure_sticks_and_nothing_of_the_transaction_is_kept),
        TEST (test_an_absent_key_is_an_answer_and_no_failure),
        TEST (test_an_append_has_to_go_upwards),
        TEST (test_a_scan_goes_upwards_from_its_start),
        TEST (test_a_scan_without_a_start_begins_at_the_first_key),
        TEST (test_writes_to_other_tables_leave_a_scan_alone),
        TEST (test_the_last_key_below_a_bound_is_found),
        TEST (test_a_table_is_counted),
        TEST (test_what_is_general_never_reaches_into_the_reserve),
        TEST (test_every_share_can_be_filled_when_all_others_are_full),
        TEST (test_the_shares_and_what_is_nobodys_are_the_whole_reserve),
        TEST (test_what_a_share_has_taken_is_remembered_over_a_restart),
        TEST (test_what_is_not_committed_is_nobodys),
        TEST (test_whether_there_is_room_is_told_before_it_is_taken),
        TEST (test_what_a_withdrawal_frees_is_its_own_again),
        TEST (test_a_full_store_that_grows_takes_more_at_once),
        TEST (test_a_store_that_cannot_grow_is_as_it_was),
        TEST (test_a_smaller_size_changes_nothing_and_a_larger_reserve_does),
        TEST (test_privilege_ends_with_its_transaction),
        TEST (test_deleting_makes_room_again),
        TEST (test_the_store_can_be_asked_while_a_transaction_is_under_way),
        TEST (test_a_fresh_store_is_set_aside_whole_and_closed_to_others),
        TEST (test_a_store_grows_to_a_larger_size_and_never_shrinks),
        TEST (test_a_second_opener_is_refused_until_the_first_is_gone),
        TEST (test_a_store_that_others_may_open_is_refused),
        TEST (test_a_store_of_somebody_else_is_refused),
        TEST (test_a_truncated_store_is_refused_wherever_it_is_cut),
        TEST (test_a_store_cut_in_its_unused_part_is_whole_and_set_aside_again),
        TEST (test_what_is_not_a_store_is_refused),
        TEST (test_a_store_of_another_version_is_refused),
        TEST (test_a_store_of_a_later_version_is_refused),
        TEST (test_a_store_of_the_schema_before_is_taken_up_once),
        TEST (test_a_store_of_the_schema_before_that_is_full_to_its_last_page_is_taken_up),
        TEST (test_a_store_of_the_schema_before_that_lacks_a_table_of_its_own_is_refused),
        TEST (test_a_store_with_a_damaged_version_is_refused),
        TEST (test_a_database_without_our_tables_is_refused),
        TEST (test_impossible_sizes_are_refused),
        TEST (test_a_missing_directory_is_named),
    };
    return cmocka_run_group_tests_name ("store", tests, NULL, NULL);
}
