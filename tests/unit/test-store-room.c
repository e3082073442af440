/* The room of the store: the shares of its reserve, what is full, and how it grows. */
#include <endian.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "scratch_store.h"
#include "testing.h"

static uint64_t sum_of_taken (const struct store_info *info)
{
    uint64_t sum = 0;
    for (int i = 0; i < STORE_SHARES; i++)
        sum += info->taken[i];
    return sum;
}

static void test_what_is_general_never_reaches_into_the_reserve (void **state)
{
    struct scratch_store *self = *state;
    const size_t value_sizes[] = {200, 5000}; /* in leaf pages, and in overflow pages of their own */
    uint64_t number = 0;
    for (int i = 0; i < 2; i++) {
        number += scratch_fill (self, number, value_sizes[i], STORE_GENERAL);
        struct store_info info = scratch_info (self);
        assert_int_equal (info.size, SCRATCH_SIZE);
        assert_int_equal (info.reserve, SCRATCH_RESERVE);
        assert_int_equal (info.general, SCRATCH_SIZE - SCRATCH_RESERVE);
        assert_true (info.used <= SCRATCH_SIZE - SCRATCH_RESERVE);
        assert_true (info.used > SCRATCH_SIZE - SCRATCH_RESERVE - 64 * 4096);
        assert_int_equal (sum_of_taken (&info), 0);
    }
}

static void test_every_share_can_be_filled_when_all_others_are_full (void **state)
{
    struct scratch_store *self = *state;
    static const enum store_share orders[][3] = {{STORE_OPERATORS, STORE_WITHDRAWALS, STORE_OWN},
                                                 {STORE_WITHDRAWALS, STORE_OWN, STORE_OPERATORS},
                                                 {STORE_OWN, STORE_OPERATORS, STORE_WITHDRAWALS}};
    for (size_t order = 0; order < 3; order++) {
        scratch_tear_down (state);
        scratch_set_up (state);
        self = *state;
        uint64_t number = scratch_fill (self, 0, 200, STORE_GENERAL);
        for (int i = 0; i < 3; i++) {
            enum store_share share = orders[order][i];
            number += scratch_fill (self, number, 200, share);
            struct store_info info = scratch_info (self);
            assert_true (info.taken[share] <= info.shares[share]);
            assert_true (info.taken[share] + 8 * 4096 > info.shares[share]);
            assert_int_equal (info.used - info.general, sum_of_taken (&info));
            scratch_begin (self);
            assert_int_equal (store_put (self->txn, STORE_CONSENT, TEXT ("grant"), TEXT ("x")), STORE_FULL);
            assert_int_equal (store_commit (&self->txn), STORE_FULL);
        }
        struct store_info info = scratch_info (self);
        assert_true (info.used <
                     SCRATCH_SIZE - SCRATCH_RESERVE / 8); /* what commits need while they replace pages */
    }
}

static void test_the_shares_and_what_is_nobodys_are_the_whole_reserve (void **state)
{
    struct scratch_store *self = *state;
    const uint64_t mebibyte = 1024 * 1024;
    const struct {
        uint64_t reserve, operators;
    } cases[] = {{mebibyte, 0}, {64 * mebibyte, 0}, {64 * mebibyte, 32 * mebibyte}, {64 * 1024, 0}, {0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        self->options.size = 128 * mebibyte;
        self->options.reserve = cases[i].reserve;
        self->options.operators = cases[i].operators;
        store_close (&self->store);
        assert_int_equal (scratch_open_again (self), 0);
        struct store_info info = scratch_info (self);
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
    struct scratch_store *self = *state;
    uint64_t number = scratch_fill (self, 0, 200, STORE_GENERAL);
    number += scratch_fill (self, number, 200, STORE_OPERATORS);
    struct store_info before = scratch_info (self);
    store_close (&self->store);
    assert_int_equal (scratch_open_again (self), 0);
    assert_true (scratch_fill (self, number, 200, STORE_OPERATORS) < 40); /* what a half-filled page still holds */
    assert_true (scratch_fill (self, number + 40, 200, STORE_WITHDRAWALS) > 500);
    struct store_info after = scratch_info (self);
    assert_true (after.taken[STORE_OPERATORS] <= before.shares[STORE_OPERATORS]);
    assert_true (after.taken[STORE_OPERATORS] >= before.taken[STORE_OPERATORS]);
}

static void test_what_is_not_committed_is_nobodys (void **state)
{
    struct scratch_store *self = *state;
    static const char big[64 * 1024];
    scratch_fill (self, 0, 200, STORE_GENERAL);
    scratch_begin (self);
    store_use_share (self->txn, STORE_WITHDRAWALS);
    assert_int_equal (store_put (self->txn, STORE_EVENT, TEXT ("a"), (struct bytes){big, sizeof big}), 0);
    assert_true (store_share_taken (self->txn, STORE_WITHDRAWALS) >= sizeof big);
    store_abort (&self->txn);
    struct store_info info = scratch_info (self);
    assert_int_equal (sum_of_taken (&info), 0);
    scratch_begin (self);
    assert_int_equal (store_share_taken (self->txn, STORE_WITHDRAWALS), 0);
    assert_int_equal (store_share_left (self->txn, STORE_WITHDRAWALS), info.shares[STORE_WITHDRAWALS]);
}

static void test_whether_there_is_room_is_told_before_it_is_taken (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    for (int share = 0; share < STORE_SHARES; share++) {
        assert_true (store_has_room (self->txn, (enum store_share)share, SCRATCH_SIZE / 2));
        assert_false (store_has_room (self->txn, (enum store_share)share, SCRATCH_SIZE));
    }
    scratch_commit (self);
    uint64_t number = scratch_fill (self, 0, 200, STORE_GENERAL);
    scratch_begin (self);
    assert_false (store_has_room (self->txn, STORE_GENERAL, 64 * 1024));
    assert_true (store_has_room (self->txn, STORE_WITHDRAWALS, 64 * 1024));
    assert_true (store_has_room (self->txn, STORE_OPERATORS, 64 * 1024));
    scratch_commit (self);
    scratch_fill (self, number, 200, STORE_OPERATORS);
    scratch_begin (self);
    assert_true (store_has_room (self->txn, STORE_WITHDRAWALS, 64 * 1024));
    assert_false (store_has_room (self->txn, STORE_OPERATORS, 64 * 1024));
}

static void test_what_a_withdrawal_frees_is_its_own_again (void **state)
{
    struct scratch_store *self = *state;
    static const char event[300];
    scratch_fill (self, 0, 200, STORE_GENERAL);
    for (uint64_t round = 0; round < 20; round++) { /* many times what the share holds */
        scratch_begin (self);
        store_use_share (self->txn, STORE_WITHDRAWALS);
        for (uint64_t i = 0; i < 500; i++) {
            uint64_t key = htobe64 (i);
            assert_int_equal (store_put (self->txn, STORE_EVENT, (struct bytes){&key, sizeof key},
                                         (struct bytes){event, sizeof event}),
                              0);
        }
        scratch_commit (self);
        scratch_begin (self);
        store_use_share (self->txn, STORE_WITHDRAWALS);
        for (uint64_t i = 0; i < 500; i++) {
            uint64_t key = htobe64 (i);
            assert_int_equal (store_delete (self->txn, STORE_EVENT, (struct bytes){&key, sizeof key}), 0);
        }
        assert_true (store_share_taken (self->txn, STORE_WITHDRAWALS) < 8 * 4096);
        scratch_commit (self);
    }
}

static void test_privilege_ends_with_its_transaction (void **state)
{
    struct scratch_store *self = *state;
    uint64_t number = scratch_fill (self, 0, 200, STORE_GENERAL);
    static const char big[64 * 1024];
    scratch_begin (self);
    store_use_share (self->txn, STORE_WITHDRAWALS);
    assert_int_equal (store_put (self->txn, STORE_EVENT, TEXT ("revoked"), (struct bytes){big, sizeof big}), 0);
    scratch_commit (self);
    scratch_begin (self);
    assert_int_equal (store_put (self->txn, STORE_EVENT, TEXT ("another"), (struct bytes){big, sizeof big}),
                      STORE_FULL);
    store_abort (&self->txn);
    assert_true (number > 0);
}

static void test_a_full_store_that_grows_takes_more_at_once (void **state)
{
    struct scratch_store *self = *state;
    struct stat status;
    uint64_t number = scratch_fill (self, 0, 200, STORE_GENERAL);
    number += scratch_fill (self, number, 200, STORE_WITHDRAWALS);
    assert_int_equal (scratch_resize (self, 2 * SCRATCH_SIZE, SCRATCH_RESERVE), 0);
    assert_int_equal (stat (self->path, &status), 0);
    assert_int_equal (status.st_size, 2 * SCRATCH_SIZE);
    assert_true ((uint64_t)status.st_blocks * 512 >= 2 * SCRATCH_SIZE);
    struct store_info info = scratch_info (self);
    assert_int_equal (info.size, 2 * SCRATCH_SIZE);
    uint64_t more = scratch_fill (self, number, 200, STORE_GENERAL);
    assert_true (more * 200 > SCRATCH_SIZE / 2);
    info = scratch_info (self);
    assert_int_equal (sum_of_taken (&info), 0); /* and the reserve is whole again */
    store_close (&self->store);
    assert_int_equal (scratch_open_again (self), 0); /* with the former size in the options */
    assert_int_equal (scratch_info (self).size, 2 * SCRATCH_SIZE);
    uint64_t count;
    scratch_begin (self);
    assert_int_equal (store_count (self->txn, STORE_AUDIT, &count), 0);
    assert_int_equal (count, number + more);
}

static void test_a_store_that_cannot_grow_is_as_it_was (void **state)
{
    struct scratch_store *self = *state;
    struct stat status;
    uint64_t number = scratch_fill (self, 0, 200, STORE_GENERAL);
    struct store_info before = scratch_info (self);
    const uint64_t sizes[][2] = {{UINT64_C (1) << 60, SCRATCH_RESERVE},
                                 {2 * SCRATCH_SIZE, 3 * SCRATCH_SIZE / 2},
                                 {SCRATCH_SIZE, SCRATCH_SIZE}};
    for (size_t i = 0; i < 3; i++) {
        assert_true (scratch_resize (self, sizes[i][0], sizes[i][1]) < 0);
        assert_true (self->error[0] != '\0');
        assert_int_equal (stat (self->path, &status), 0);
        assert_int_equal (status.st_size, SCRATCH_SIZE);
        struct store_info after = scratch_info (self);
        assert_memory_equal (&before, &after, sizeof before);
    }
    scratch_begin (self);
    assert_true (scratch_resize (self, 2 * SCRATCH_SIZE, SCRATCH_RESERVE) < 0);
    store_abort (&self->txn);
    assert_int_equal (scratch_fill (self, number, 200, STORE_GENERAL), 0);
    assert_true (scratch_fill (self, number, 200, STORE_WITHDRAWALS) > 0);
}

static void test_a_smaller_size_changes_nothing_and_a_larger_reserve_does (void **state)
{
    struct scratch_store *self = *state;
    uint64_t number = scratch_fill (self, 0, 200, STORE_GENERAL);
    assert_int_equal (scratch_resize (self, SCRATCH_SIZE / 2, SCRATCH_RESERVE / 2), 0);
    assert_int_equal (scratch_info (self).size, SCRATCH_SIZE);
    assert_int_equal (scratch_info (self).general, SCRATCH_SIZE - SCRATCH_RESERVE / 2);
    number += scratch_fill (self, number, 200, STORE_GENERAL);
    assert_int_equal (scratch_resize (self, SCRATCH_SIZE, SCRATCH_RESERVE), 0);
    assert_int_equal (scratch_fill (self, number, 200, STORE_GENERAL), 0);
    struct store_info info = scratch_info (self);
    scratch_begin (self);
    assert_int_equal (store_share_taken (self->txn, STORE_WITHDRAWALS), 0);
    assert_true (store_share_taken (self->txn, STORE_GENERAL) > 0); /* what was there before */
    assert_int_equal (store_share_taken (self->txn, STORE_GENERAL), info.used - info.general);
}

static void test_deleting_makes_room_again (void **state)
{
    struct scratch_store *self = *state;
    uint64_t number = scratch_fill (self, 0, 200, STORE_GENERAL);
    struct store_info full, after;
    assert_int_equal (store_info (self->store, &full), 0);
    scratch_begin (self);
    for (uint64_t i = 0; i < number / 2; i++) {
        uint64_t key = htobe64 (i);
        assert_int_equal (store_delete (self->txn, STORE_AUDIT, (struct bytes){&key, sizeof key}), 0);
    }
    scratch_commit (self);
    assert_int_equal (store_info (self->store, &after), 0);
    assert_true (after.used < full.used * 3 / 4);
    assert_true (scratch_fill (self, number, 200, STORE_GENERAL) > number / 4);
}

/* Fills each share of the store to its last page. How many lines that were. */
static uint64_t fill_all (struct scratch_store *self)
{
    static const enum store_share shares[] = {STORE_GENERAL, STORE_OPERATORS, STORE_WITHDRAWALS, STORE_OWN};
    uint64_t count = 0;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        count += scratch_fill (self, count, 200, shares[i]);
    return count;
}

/* One transaction of the share of withdrawals, which writes anew so many of the lines, each on a page of its own,
   and the last one so often that it writes that many bytes at least. How it ended. */
static int write_much (struct scratch_store *self, uint64_t lines, unsigned count, uint64_t bytes)
{
    static uint64_t next;
    static const char value[200];
    int rc = store_begin (self->store, &self->txn);
    if (rc != 0)
        return rc;
    store_use_share (self->txn, STORE_WITHDRAWALS);
    for (uint64_t i = 0; i < count || i * sizeof value < bytes; i++) {
        next += i < count ? 7919 : 0;
        uint64_t key = htobe64 (next % lines);
        store_put (self->txn, STORE_AUDIT, (struct bytes){&key, sizeof key}, (struct bytes){value, sizeof value});
    }
    return store_commit (&self->txn);
}

static int write_scattered (struct scratch_store *self, uint64_t lines, unsigned count)
{
    return write_much (self, lines, count, 0);
}

static void test_a_full_store_takes_a_withdrawal_after_one_that_touched_many_pages (void **state)
{
    struct scratch_store *self = *state;
    uint64_t lines = fill_all (self);
    for (unsigned many = 10; many < 200; many += 10) {
        int rc = write_scattered (self, lines, many);
        assert_true (rc == 0 || rc == STORE_FULL);
        for (unsigned i = 0; i < 5; i++)
            assert_int_equal (write_scattered (self, lines, 1), 0);
        assert_int_equal (store_checkpoint (self->store), 0);
    }
}

/* What is larger than the journal becomes durable by a checkpoint, which may find no page. Then it has not
   happened, and what protects is recorded by the next transaction, which is smaller. */
static void test_a_full_store_takes_a_withdrawal_after_a_transaction_larger_than_its_journal (void **state)
{
    struct scratch_store *self = *state;
    uint64_t lines = fill_all (self);
    unsigned taken = 0, full = 0;
    for (unsigned many = 10; many < 400; many += 10) {
        int rc = write_much (self, lines, many, SCRATCH_SIZE / 2);
        assert_true (rc == 0 || rc == STORE_FULL);
        taken += rc == 0;
        full += rc == STORE_FULL;
        for (unsigned i = 0; i < 5; i++)
            assert_int_equal (write_scattered (self, lines, 1), 0);
    }
    assert_true (taken > 0 && full > 0);
}

static void test_a_full_store_that_was_killed_starts_and_takes_withdrawals (void **state)
{
    struct scratch_store *self = *state;
    uint64_t lines = fill_all (self);
    for (unsigned round = 0; round < 8; round++) {
        store_close (&self->store);
        fflush (stdout);
        pid_t child = fork ();
        if (child == 0) {
            int rc = scratch_open_again (self);
            for (unsigned i = 0; rc == 0 && i <= 3 * round; i++)
                rc = write_scattered (self, lines, 8);
            _exit (rc == 0 ? 0 : 1);
        }
        int status;
        assert_int_equal (waitpid (child, &status, 0), child);
        assert_int_equal (status, 0);
        assert_int_equal (scratch_open_again (self), 0);
        for (unsigned i = 0; i < 40; i++)
            assert_int_equal (write_scattered (self, lines, 8), 0);
    }
    assert_int_equal (scratch_resize (self, 2 * SCRATCH_SIZE, SCRATCH_RESERVE), 0);
    assert_int_equal (write_scattered (self, lines, 400), 0);
}

/* The journal has it, and LMDB does not yet. */
static void test_what_was_committed_since_the_checkpoint_is_there_after_growing (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    assert_int_equal (store_put (self->txn, STORE_CONSENT, TEXT ("a"), TEXT ("before")), 0);
    scratch_commit (self);
    assert_int_equal (scratch_resize (self, 2 * SCRATCH_SIZE, SCRATCH_RESERVE), 0);
    scratch_begin (self);
    scratch_assert_holds (self, STORE_CONSENT, "a", "before");
    assert_int_equal (store_put (self->txn, STORE_CONSENT, TEXT ("b"), TEXT ("after")), 0);
    scratch_commit (self);
    store_close (&self->store);
    assert_int_equal (scratch_open_again (self), 0);
    scratch_begin (self);
    scratch_assert_holds (self, STORE_CONSENT, "a", "before");
    scratch_assert_holds (self, STORE_CONSENT, "b", "after");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST (test_what_is_general_never_reaches_into_the_reserve),
        SCRATCH_TEST (test_every_share_can_be_filled_when_all_others_are_full),
        SCRATCH_TEST (test_the_shares_and_what_is_nobodys_are_the_whole_reserve),
        SCRATCH_TEST (test_what_a_share_has_taken_is_remembered_over_a_restart),
        SCRATCH_TEST (test_what_is_not_committed_is_nobodys),
        SCRATCH_TEST (test_whether_there_is_room_is_told_before_it_is_taken),
        SCRATCH_TEST (test_what_a_withdrawal_frees_is_its_own_again),
        SCRATCH_TEST (test_a_full_store_that_grows_takes_more_at_once),
        SCRATCH_TEST (test_a_store_that_cannot_grow_is_as_it_was),
        SCRATCH_TEST (test_a_smaller_size_changes_nothing_and_a_larger_reserve_does),
        SCRATCH_TEST (test_privilege_ends_with_its_transaction),
        SCRATCH_TEST (test_deleting_makes_room_again),
        SCRATCH_TEST (test_a_full_store_takes_a_withdrawal_after_one_that_touched_many_pages),
        SCRATCH_TEST (test_a_full_store_takes_a_withdrawal_after_a_transaction_larger_than_its_journal),
        SCRATCH_TEST (test_a_full_store_that_was_killed_starts_and_takes_withdrawals),
        SCRATCH_TEST (test_what_was_committed_since_the_checkpoint_is_there_after_growing),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
