/* Each call of the journal, of LMDB and of the witness fails once: with an error and nothing done, with an error
   though it was done, half done, and with everything after it failing too. Afterwards the store goes on, or says
   that it is dead. The next start has all that was acknowledged and nothing half; and so has the disk, if the
   power is cut later: what a failed sync has lost of the disk is still in the kernel's memory, and may not be
   believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "disk.h"
#include "judge.h"
#include "turns.h"

enum {
    BEFORE = 24, /* turns in the store that the faults meet; the last ones only in its journal */
    MORE = 5,    /* turns that are tried; LARGE_EVERY lies between */
    CUTS = 3,    /* images for each fault */
};

static char work[64], scratch[64];
static struct disk_state store_before, nothing;
static uint64_t series = 2015; /* of images; it runs on from one fault to the next */

static const struct fault {
    const char *name;
    enum disk_fault fault;
    int error;
} faults[] = {
    {"EIO", DISK_FAILS, EIO},
    {"ENOSPC", DISK_FAILS, ENOSPC},
    {"EIO, though done", DISK_FAILS_LATE, EIO},
    {"EIO from then on", DISK_FAILS_ALL, EIO},
    {"EIO from then on, though the first was done", DISK_FAILS_LATE_ALL, EIO},
    {"half", DISK_IS_SHORT, 0},
};

enum { FAULTS = sizeof faults / sizeof *faults };

/* A store as a process leaves it that is killed. */
static int make_store (void **state)
{
    (void)state;
    char error[256];
    scratch_make (work, "faults");
    scratch_make (scratch, "image");
    struct store *store = turns_open (work, TURNS_SIZE, error);
    assert_non_null (store);
    for (uint64_t turn = 1; turn <= BEFORE; turn++)
        assert_int_equal (turns_write (store, turn), 0);
    disk_state_read (&store_before, work);
    store_close (&store);
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    disk_state_free (&store_before);
    scratch_remove (work);
    scratch_remove (scratch);
    return 0;
}

/* --- A life that a fault may end ---------------------------------------------------------------------- */

/* A turn that fails did not happen, and can be tried again; or the store is dead. False: it is. */
static bool write_turn (struct store *store, uint64_t turn, bool all_fail)
{
    int rc = -1;
    for (int attempt = 0; attempt < 2 && rc != 0 && rc != STORE_DEAD; attempt++) {
        disk_mark (DISK_BEGUN, turn);
        rc = turns_write (store, turn);
        if (rc != STORE_DEAD)
            disk_mark (rc == 0 ? DISK_TOLD : DISK_BEGUN, rc == 0 ? turn : turn - 1);
    }
    assert_true (rc == 0 || rc == STORE_DEAD || all_fail);
    return rc == 0;
}

static bool grow (struct store *store)
{
    char error[256] = "";
    const struct store_options larger = {.directory = work, .size = 2 * TURNS_SIZE};
    int rc = store_resize (store, &larger, error, sizeof error);
    assert_true (rc == 0 || rc == STORE_DEAD || error[0] != 0);
    return rc != STORE_DEAD;
}

/* Takes up the journal, writes, undoes, brings checkpoints, grows. */
static void live (uint64_t last, bool all_fail)
{
    char error[256];
    uint64_t newest;
    struct store *store = turns_open (work, TURNS_SIZE, error);
    if (store == NULL) {
        assert_true (error[0] != 0);
        return;
    }
    bool alive = turns_compare (store, &newest) == NULL;
    for (uint64_t turn = newest + 1; alive && turn <= last; turn++) {
        if (turn % 3 == 0)
            turns_undo (store, turn);
        alive = write_turn (store, turn, all_fail) && (turn != LARGE_EVERY + 1 || grow (store));
    }
    store_close (&store);
}

/* The next process, which meets no fault. */
static void live_again (const char *when)
{
    char error[256];
    uint64_t newest;
    struct store *store = turns_open (work, TURNS_SIZE, error);
    if (store == NULL)
        fail_msg ("%s: %s", when, error);
    const char *wrong = turns_compare (store, &newest);
    if (wrong != NULL)
        fail_msg ("%s: %s", when, wrong);
    disk_mark (DISK_TOLD, newest);
    for (uint64_t turn = newest + 1; turn <= newest + 2; turn++)
        assert_true (write_turn (store, turn, false));
    assert_true (disk_end_watch ());
    store_close (&store);
}

/* What the process found, and what the disk may have at any moment after the fault. */
static void assert_is_right (const struct disk_trace *trace, const char *when)
{
    struct disk disk;
    disk_start (&disk, trace);
    disk.seed = disk_random (&series);
    for (uint64_t told = disk.told; disk_step (&disk); told = disk.told) {
        const struct disk_step *last = &trace->steps[disk.at - 1];
        if (last->kind == DISK_TOLD && last->turn < told)
            fail_msg ("%s: the next start lost turns", when);
        if (last->kind == DISK_TOLD && last->turn > disk.begun)
            fail_msg ("%s: the next start has a turn that was never begun", when);
    }
    disk_free (&disk);
    for (int cut = 0; cut < CUTS; cut++) {
        size_t until = trace->count - disk_random (&series) % (trace->count < 40 ? trace->count : 40);
        disk_start (&disk, trace);
        disk.seed = disk_random (&series);
        while (disk.at < until && disk_step (&disk))
            ;
        disk_cut (&disk, disk_random (&series), scratch);
        const char *wrong = judge_store (scratch, disk.told, disk.begun);
        if (wrong != NULL)
            fail_msg ("%s, and a cut after step %zu of %zu, turn %llu being acknowledged: %s", when, disk.at,
                      trace->count, (unsigned long long)disk.told, wrong);
        disk_free (&disk);
    }
}

/* Makes call number `call` fail. False: there were not so many. */
static bool try_fault (const struct disk_state *before, uint64_t turns, const struct fault *fault, long call)
{
    struct disk_trace trace;
    bool failed;
    char when[96];
    snprintf (when, sizeof when, "call %ld: %s", call, fault->name);
    disk_state_write (before, work);
    disk_watch (&trace, work);
    trace.told = trace.begun = turns;
    disk_fail (call, fault->fault, fault->error);
    live (turns + MORE, fault->fault == DISK_FAILS_ALL || fault->fault == DISK_FAILS_LATE_ALL);
    disk_end_fail (&failed);
    live_again (when);
    assert_is_right (&trace, when);
    disk_trace_free (&trace);
    return failed;
}

static void try_all (const struct disk_state *before, uint64_t turns)
{
    for (int i = 0; i < FAULTS; i++) {
        long call = 0;
        while (try_fault (before, turns, &faults[i], call))
            call++;
        print_message ("%s: %ld calls\n", faults[i].name, call);
        assert_true (call > 30);
    }
}

static void test_a_store_that_meets_a_fault_goes_on_or_is_dead_and_loses_nothing (void **state)
{
    (void)state;
    try_all (&store_before, BEFORE);
}

static void test_a_fault_in_creation_leaves_no_store_or_a_whole_one (void **state)
{
    (void)state;
    try_all (&nothing, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_store_that_meets_a_fault_goes_on_or_is_dead_and_loses_nothing),
        cmocka_unit_test (test_a_fault_in_creation_leaves_no_store_or_a_whole_one),
    };
    return cmocka_run_group_tests_name ("store and faults", tests, make_store, tear_down);
}
