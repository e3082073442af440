/* A copy of the store from before an erasure is put back, with the newest keys (R7): nobody innocent is lost, the
   erased are taken out of it whole, and nothing counts as damaged; cut off at any moment, it is the same in the
   end. Where the list that this needs is missing, damaged or not the newest, nothing is believed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include "audit/log.h"
#include "copied_files.h"
#include "keyring_list.h"
#include "record/guard.h"
#include "registry/erasing.h"
#include "registry/store_keyring.h"
#include "simulated_erasure.h"
#include "simulated_rights.h"

static void identify (struct simulation *sim, const char *bsn, uint8_t id[VAULT_ID_SIZE])
{
    vault_subject_id (sim->registry.vault, bsn, id);
}

/* Something in every table that can be about somebody. */
static void live (struct simulation *sim, const char *bsn)
{
    ASKED (sim, .bsn = bsn, .categories = "email");
    OPENED (sim, .bsn = bsn);
    assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1975-01-03"), "OK"); /* a correction */
    assert_string_equal (CHECK (sim, .bsn = bsn, .items = "naw"), "consent");
}

static int setup (void **state)
{
    int rc = simulated_erasure_setup (state);
    struct simulation *sim = *state;
    live (sim, erased);
    live (sim, neighbour);
    return rc;
}

static void erase (struct simulation *sim, const char *bsn)
{
    assert_int_equal (mark (sim, bsn), 0);
    go_to_end (sim);
}

static void start (struct simulation *sim)
{
    if (simulation_start (sim) != 0)
        fail_msg ("%s", sim->refusal);
}

/* The copy with this ending, and the newest keys. */
static void put_back (struct simulation *sim, const char *ending)
{
    simulation_stop (sim);
    copy_store (sim, ending, "");
    start (sim);
}

static void refused (struct simulation *sim, const char *why)
{
    assert_true (simulation_start (sim) > 0);
    if (strstr (sim->refusal, why) == NULL)
        fail_msg ("not \"%s\" but \"%s\"", why, sim->refusal);
    simulation_stop (sim);
}

/* How many entries name the subject in clear, in tables where an erasure leaves none. */
static size_t entries_about (struct simulation *sim, const char *bsn)
{
    struct turn turn;
    struct store_scan *scan;
    struct bytes key, value;
    uint8_t id[VAULT_ID_SIZE];
    size_t count = 0;
    identify (sim, bsn, id);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (int table = 0; table < STORE_TABLES; table++) {
        enum erased_by how = erasing_of ((enum store_table)table);
        if (how == ERASED_NONE || how == ERASED_BY_KEY || how == ERASED_TO_A_MARK || how == ERASED_LATER)
            continue;
        assert_int_equal (store_scan_open (turn.txn, (enum store_table)table, (struct bytes){"", 0}, &scan), 0);
        while (store_scan_next (scan, &key, &value) == 0)
            count += memmem (key.data, key.size, id, VAULT_ID_SIZE) != NULL ||
                     (value.size > 0 && memmem (value.data, value.size, id, VAULT_ID_SIZE) != NULL);
        store_scan_close (&scan);
    }
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return count;
}

/* All lines of the log that are sealed under this subject's key; how many open. */
static size_t lines_that_open (struct simulation *sim, const char *bsn, size_t *all)
{
    struct turn turn;
    uint8_t id[VAULT_ID_SIZE];
    size_t count = 0;
    identify (sim, bsn, id);
    *all = 0;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (uint64_t number = 1; number <= turn.state.audit_number; number++) {
        struct audit_record record;
        struct evidence evidence;
        assert_int_equal (audit_find (&turn, number, &record), 0);
        if (!record.head.subject_key || memcmp (record.head.object, id, VAULT_ID_SIZE) != 0)
            continue;
        int rc = audit_open (&turn, &record, &evidence);
        assert_true (rc == 0 || rc == AUDIT_NOT_FOUND);
        ++*all;
        count += rc == 0;
    }
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return count;
}

static void assert_whole (struct simulation *sim, const char *bsn)
{
    size_t all, opened = lines_that_open (sim, bsn, &all);
    assert_true (can_be_read (sim, bsn));
    assert_true (all > 0);
    assert_int_equal (opened, all);
}

static void assert_gone (struct simulation *sim, const char *bsn)
{
    size_t all;
    assert_int_equal (open_key (sim, bsn), SUBJECT_FILE_NOT_FOUND);
    assert_int_equal (entries_about (sim, bsn), 0);
    size_t kept = lines_that_open (sim, bsn, &all); /* a disclosure, and the consent that it rested on */
    assert_int_equal (kept, strcmp (bsn, erased) == 0 || strcmp (bsn, neighbour) == 0 ? 2 : 0);
    assert_true (all > kept);
}

static void assert_nothing_is_damaged (struct simulation *sim)
{
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (guard_untold (sim->registry.guard), STORE_TABLES);
}

static void assert_as_it_must_be (struct simulation *sim)
{
    assert_gone (sim, erased);
    assert_whole (sim, neighbour);
    assert_whole (sim, stranger);
    assert_nothing_is_damaged (sim);
}

/* --- A copy from before ------------------------------------------------------------------------------- */

static void test_nobody_innocent_is_lost_and_the_erased_are_gone (void **state)
{
    struct simulation *sim = *state;
    copy_store (sim, "", ".before");
    assert_true (entries_about (sim, erased) >= 10);
    erase (sim, erased);
    assert_as_it_must_be (sim);
    put_back (sim, ".before");
    assert_as_it_must_be (sim);
    assert_string_equal (simulation_logged (sim, "erase"), "{\"note\":\"after the copy that was put back\"}");
    kill_and_start (sim); /* and so it stays */
    assert_as_it_must_be (sim);
    record (sim, erased); /* who may come back */
    assert_true (can_be_read (sim, erased));
    put_back (sim, ".before"); /* and the same copy may be put back again */
    assert_as_it_must_be (sim);
}

/* Without the list it would be as it was until now: this is what the list is for. */
static void test_without_the_list_neighbours_would_be_lost (void **state)
{
    struct simulation *sim = *state;
    copy_store (sim, "", ".before");
    erase (sim, erased);
    simulation_stop (sim);
    copy_store (sim, ".before", "");
    assert_int_equal (unlink (path_of (sim, KEYRING_LIST_NAME, "")), 0);
    refused (sim, "is missing, and the store is from before an erasure");
    refused (sim, "--without-list");
    sim->without_list = true;
    start (sim);
    assert_int_equal (open_key (sim, neighbour), RECORD_DAMAGED);
    assert_int_equal (open_key (sim, erased), RECORD_DAMAGED);
    assert_false (can_be_read (sim, neighbour));
    assert_true (can_be_read (sim, stranger));
    sim->without_list = false;
    go_to_end (sim); /* a list is made of what is there, */
    kill_and_start (sim);
    assert_true (can_be_read (sim, stranger)); /* and the next start needs no option */
}

/* A copy may be made at any moment of a round, too. */
static void test_a_copy_from_within_a_round_is_put_back (void **state)
{
    struct simulation *sim = *state;
    int copies = 0;
    assert_int_equal (mark (sim, erased), 0);
    do {
        copy_store (sim, "", arena_printf (sim->arena, ".%d", copies++));
        step (sim);
    } while (erasure_is_due (&sim->registry));
    copy_store (sim, "", arena_printf (sim->arena, ".%d", copies++));
    for (int i = 0; i < copies; i++) {
        put_back (sim, arena_printf (sim->arena, ".%d", i));
        assert_as_it_must_be (sim);
        assert_false (erasure_is_due (&sim->registry)); /* nobody is marked any more */
    }
}

/* What is in the newest store and list is the same, wherever the copy comes from. */
static void test_copies_from_many_rounds_are_put_back (void **state)
{
    struct simulation *sim = *state;
    record (sim, simulation_bsn (sim, 1));
    copy_store (sim, "", ".0");
    erase (sim, simulation_bsn (sim, 1)); /* another bucket */
    copy_store (sim, "", ".1");
    erase (sim, erased);
    copy_store (sim, "", ".2");
    record (sim, erased); /* comes back: another life, under another key */
    copy_store (sim, "", ".3");
    erase (sim, neighbour); /* and this life is wrapped anew */
    copy_store (sim, "", ".4");
    for (int i = 4; i >= 0; i--) {
        put_back (sim, arena_printf (sim->arena, ".%d", i));
        assert_gone (sim, neighbour);
        assert_true (can_be_read (sim, stranger));
        if (i >= 3)
            assert_true (can_be_read (sim, erased)); /* who had come back by then */
        else
            assert_gone (sim, erased);
        if (i == 0)
            assert_gone (sim, simulation_bsn (sim, 1));
        assert_nothing_is_damaged (sim);
    }
}

/* The copy knows of the first erasure, and not of the second. */
static void test_who_came_back_and_was_erased_again_is_gone (void **state)
{
    struct simulation *sim = *state;
    erase (sim, erased);
    record (sim, erased);
    copy_store (sim, "", ".back");
    erase (sim, erased);
    put_back (sim, ".back");
    assert_as_it_must_be (sim);
}

/* After a restore rounds go on, and the list knows what it knew. */
static void test_a_round_after_a_restore_forgets_nobody (void **state)
{
    struct simulation *sim = *state;
    const char *later = simulation_bsn (sim, 1);
    copy_store (sim, "", ".before");
    record (sim, later);
    copy_store (sim, "", ".between");
    erase (sim, later);
    erase (sim, erased);
    put_back (sim, ".before"); /* has nothing of the later one, and nobody but the list knows of the erasure */
    assert_as_it_must_be (sim);
    record (sim, later); /* comes to this store for the first time */
    erase (sim, later);
    record (sim, erased);
    erase (sim, erased);
    put_back (sim, ".between");
    assert_gone (sim, later);
    assert_as_it_must_be (sim);
}

/* --- Cut off ------------------------------------------------------------------------------------------ */

/* The disk takes so many writes more, and of the one after them a half: as a process that is killed leaves it. */
enum { ALL_WRITES = -1 };
static long writes_left = ALL_WRITES;

static bool is_killed (void)
{
    if (writes_left > 0)
        writes_left--;
    else if (writes_left == 0) {
        errno = EIO;
        return true;
    }
    return false;
}

ssize_t __real_write (int file, const void *data, size_t size);
ssize_t __wrap_write (int file, const void *data, size_t size);
ssize_t __wrap_write (int file, const void *data, size_t size)
{
    bool is_first = writes_left == 0;
    if (!is_killed ())
        return __real_write (file, data, size);
    (void)!(is_first && __real_write (file, data, size / 2));
    errno = EIO;
    return -1;
}

ssize_t __real_pwritev64 (int file, const struct iovec *parts, int count, off_t offset);
ssize_t __wrap_pwritev64 (int file, const struct iovec *parts, int count, off_t offset);
ssize_t __wrap_pwritev64 (int file, const struct iovec *parts, int count, off_t offset)
{
    return is_killed () ? -1 : __real_pwritev64 (file, parts, count, offset);
}

int __real_rename (const char *from, const char *to);
int __wrap_rename (const char *from, const char *to);
int __wrap_rename (const char *from, const char *to)
{
    return is_killed () ? -1 : __real_rename (from, to);
}

/* Stops as where the process was killed, and starts with what that left. */
static void start_after_kill (struct simulation *sim)
{
    copy_store (sim, "", ".killed");
    copy_keys (sim, "", ".killed");
    writes_left = ALL_WRITES;
    simulation_stop (sim);
    copy_store (sim, ".killed", "");
    copy_keys (sim, ".killed", "");
    start (sim);
}

static void test_a_restore_that_is_killed_at_any_write_goes_on (void **state)
{
    struct simulation *sim = *state;
    bool is_over = false;
    int kills = 0;
    copy_store (sim, "", ".before");
    erase (sim, erased);
    for (; !is_over; kills++) {
        simulation_stop (sim);
        copy_store (sim, ".before", "");
        writes_left = kills;
        is_over = simulation_start (sim) == 0;
        start_after_kill (sim);
        assert_as_it_must_be (sim);
    }
    assert_true (kills > 8);
}

/* And a copy from before can be put back, whatever the kill left of list and keyring. */
static void test_a_round_that_is_killed_at_any_write_goes_on (void **state)
{
    struct simulation *sim = *state;
    bool is_over = false;
    int kills = 0;
    record (sim, simulation_bsn (sim, 1));
    erase (sim, simulation_bsn (sim, 1)); /* there is a list to copy */
    copy_store (sim, "", ".before");
    assert_int_equal (mark (sim, erased), 0);
    copy_store (sim, "", ".marked");
    copy_keys (sim, "", ".marked");
    for (; !is_over; kills++) {
        simulation_stop (sim);
        copy_store (sim, ".marked", "");
        copy_keys (sim, ".marked", "");
        start (sim);
        writes_left = kills;
        while (erasure_is_due (&sim->registry) && erasure_go_on (&sim->registry, &sim->in_force, sim->wall) == 0)
            ;
        is_over = !erasure_is_due (&sim->registry);
        start_after_kill (sim);
        assert_true (can_be_read (sim, neighbour));
        go_to_end (sim);
        assert_as_it_must_be (sim);
        put_back (sim, ".before");
        assert_as_it_must_be (sim);
    }
    assert_true (kills >= 10);
}

/* --- The list ----------------------------------------------------------------------------------------- */

static void damage_list (struct simulation *sim)
{
    FILE *file = fopen (path_of (sim, KEYRING_LIST_NAME, ""), "r+");
    assert_non_null (file);
    assert_int_equal (fseek (file, 60, SEEK_SET), 0);
    int byte = fgetc (file);
    assert_int_equal (fseek (file, 60, SEEK_SET), 0);
    fputc (byte ^ 1, file);
    fclose (file);
}

static void test_an_older_or_damaged_list_is_refused_with_a_copy_from_before (void **state)
{
    struct simulation *sim = *state;
    copy_store (sim, "", ".before");
    erase (sim, stranger);
    copy_keys (sim, "", ".first");
    erase (sim, erased);
    copy_keys (sim, "", ".newest");
    simulation_stop (sim);
    copy_store (sim, ".before", "");
    copy_file (path_of (sim, KEYRING_LIST_NAME, ".first"), path_of (sim, KEYRING_LIST_NAME, ""));
    refused (sim, "is older than the keys beside it, and the store is from before an erasure");
    copy_keys (sim, ".newest", "");
    damage_list (sim);
    refused (sim, "is damaged, cut off, or of another vault key, and the store is from before an erasure");
    copy_keys (sim, ".newest", "");
    start (sim);
    assert_gone (sim, erased);
    assert_gone (sim, stranger);
    assert_whole (sim, neighbour);
}

/* Both are copies of before, but for the list. */
static void test_keys_that_are_older_than_the_list_are_refused (void **state)
{
    struct simulation *sim = *state;
    copy_store (sim, "", ".before");
    copy_keys (sim, "", ".before");
    erase (sim, erased);
    simulation_stop (sim);
    copy_store (sim, ".before", "");
    copy_file (path_of (sim, KEYRING_NAME, ".before"), path_of (sim, KEYRING_NAME, ""));
    refused (sim, "the keys beside it are older");
    sim->without_list = true;
    refused (sim, "the keys beside it are older"); /* it is there, and says what would be undone */
    copy_file (path_of (sim, KEYRING_LIST_NAME, ".before"), path_of (sim, KEYRING_LIST_NAME, ""));
    sim->without_list = false;
    start (sim); /* where nothing is left that knows of the erasure, nobody can tell */
    assert_true (can_be_read (sim, erased));
}

static void test_a_list_that_is_lost_is_made_anew_of_the_store (void **state)
{
    struct simulation *sim = *state;
    copy_store (sim, "", ".before");
    erase (sim, stranger);
    record (sim, stranger);
    copy_keys (sim, "", ".first");
    erase (sim, erased);
    for (int how = 0; how < 3; how++) {
        simulation_stop (sim);
        if (how == 0)
            assert_int_equal (unlink (path_of (sim, KEYRING_LIST_NAME, "")), 0);
        else if (how == 1)
            damage_list (sim);
        else
            copy_file (path_of (sim, KEYRING_LIST_NAME, ".first"), path_of (sim, KEYRING_LIST_NAME, ""));
        start (sim);
        assert_true (can_be_read (sim, neighbour)); /* meanwhile all goes on */
        go_to_end (sim);
        copy_store (sim, "", ".newest");
        put_back (sim, ".before");
        assert_gone (sim, erased);
        assert_gone (sim, stranger);
        assert_whole (sim, neighbour);
        put_back (sim, ".newest");
        assert_true (can_be_read (sim, stranger)); /* who had come back */
    }
}

/* While it is made a round may begin, and makes all of it. */
static void test_a_list_that_is_lost_is_made_by_a_round_too (void **state)
{
    struct simulation *sim = *state;
    copy_store (sim, "", ".before");
    erase (sim, stranger);
    simulation_stop (sim);
    assert_int_equal (unlink (path_of (sim, KEYRING_LIST_NAME, "")), 0);
    start (sim);
    step (sim);
    step (sim); /* it is begun */
    erase (sim, erased);
    put_back (sim, ".before");
    assert_gone (sim, erased);
    assert_gone (sim, stranger);
    assert_whole (sim, neighbour);
}

/* A registry that never erased has none, and needs none: as all had before. */
static void test_who_never_erased_needs_no_list (void **state)
{
    struct simulation *sim = *state;
    copy_store (sim, "", ".before");
    put_back (sim, ".before");
    assert_int_not_equal (access (path_of (sim, KEYRING_LIST_NAME, ""), F_OK), 0);
    assert_false (erasure_is_due (&sim->registry));
    assert_whole (sim, erased);
    assert_nothing_is_damaged (sim);
}

#define RESTORED_TEST(name) cmocka_unit_test_setup_teardown (name, setup, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        RESTORED_TEST (test_nobody_innocent_is_lost_and_the_erased_are_gone),
        RESTORED_TEST (test_without_the_list_neighbours_would_be_lost),
        RESTORED_TEST (test_a_copy_from_within_a_round_is_put_back),
        RESTORED_TEST (test_copies_from_many_rounds_are_put_back),
        RESTORED_TEST (test_who_came_back_and_was_erased_again_is_gone),
        RESTORED_TEST (test_a_round_after_a_restore_forgets_nobody),
        RESTORED_TEST (test_a_restore_that_is_killed_at_any_write_goes_on),
        RESTORED_TEST (test_a_round_that_is_killed_at_any_write_goes_on),
        RESTORED_TEST (test_an_older_or_damaged_list_is_refused_with_a_copy_from_before),
        RESTORED_TEST (test_keys_that_are_older_than_the_list_are_refused),
        RESTORED_TEST (test_a_list_that_is_lost_is_made_anew_of_the_store),
        RESTORED_TEST (test_a_list_that_is_lost_is_made_by_a_round_too),
        RESTORED_TEST (test_who_never_erased_needs_no_list),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
