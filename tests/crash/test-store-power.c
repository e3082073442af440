/* The power is cut at any moment. Whatever the disk then has of what was not synced, the store opens, has every
   turn that was acknowledged, whole and in order, and besides at most what was written after it; and it goes on.

   What the store asks of its files is recorded (disk.h), and images are made of it: all that was synced is there,
   and of the rest any sectors. POWER_IMAGES says how many, and POWER_SEED which. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "disk.h"
#include "journal/journal.h"
#include "judge.h"
#include "turns.h"

enum { IMAGES = 4200, CONTROL_IMAGES = 250, TURNS = 70 };

static char work[64], scratch[64]; /* where the store is that is recorded, and where images are */
static uint64_t seed = 2015;
static unsigned long images = IMAGES, made;

static int set_up (void **state)
{
    (void)state;
    const char *count = getenv ("POWER_IMAGES"), *chosen = getenv ("POWER_SEED");
    images = count != NULL ? strtoul (count, NULL, 10) : IMAGES;
    seed = chosen != NULL ? strtoull (chosen, NULL, 10) : seed;
    print_message ("seed %llu\n", (unsigned long long)seed);
    scratch_make (work, "power");
    scratch_make (scratch, "image");
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    scratch_remove (work);
    scratch_remove (scratch);
    print_message ("%lu images\n", made);
    return 0;
}

/* --- What is seen in a trace -------------------------------------------------------------------------- */

static void assert_survives (const struct disk_trace *trace, unsigned long count)
{
    unsigned long cuts = assert_survives_cuts (trace, seed, count, scratch);
    made += cuts;
    print_message ("%lu images of %zu steps\n", cuts, trace->count);
}

/* A control: without these syncs acknowledged turns are lost. */
static void assert_fails_without (const struct disk_trace *trace, const char *sync)
{
    struct disk disk;
    uint64_t series = seed;
    unsigned long wrong = 0, cuts = 0;
    size_t distance = trace->count / CONTROL_IMAGES + 1;
    disk_start (&disk, trace);
    disk.ignores = sync;
    do {
        if (disk.at % distance != 0)
            continue;
        disk_cut (&disk, disk_random (&series), scratch);
        wrong += judge_is_wrong (scratch, disk.told, disk.begun);
        cuts++;
    } while (disk_step (&disk));
    disk_free (&disk);
    print_message ("without the sync of %s: %lu of %lu images are wrong\n", sync, wrong, cuts);
    assert_true (wrong > cuts / 20);
}

static bool is_of (const struct disk_trace *trace, const struct disk_step *step, const char *name)
{
    return strncmp (trace->first_name[step->file], name, strlen (name)) == 0;
}

/* No write touches a page of the journal that has something durable of after the last checkpoint. So a frame that
   was acknowledged is never in danger, and one that is not whole was not acknowledged. */
static void assert_leaves_durable_pages_alone (const struct disk_trace *trace)
{
    enum { PAGES = 1024 };
    size_t written[PAGES] = {0}; /* the step, and 1 more */
    bool durable[PAGES] = {false};
    for (size_t i = 0; i < trace->count; i++) {
        const struct disk_step *step = &trace->steps[i];
        if (step->kind == DISK_SYNC_RANGE && is_of (trace, step, "consentd.mdb"))
            memset (durable, 0, sizeof durable), memset (written, 0, sizeof written);
        if (!is_of (trace, step, "consentd.journal"))
            continue;
        for (size_t page = 0; step->kind == DISK_SYNC && page < PAGES; page++)
            durable[page] = durable[page] || (written[page] != 0 && written[page] <= step->since);
        for (uint64_t at = step->offset; step->kind == DISK_WRITE && at < step->offset + step->size;
             at += JOURNAL_PAGE) {
            assert_false (durable[at / JOURNAL_PAGE]);
            written[at / JOURNAL_PAGE] = i + 1;
        }
    }
}

/* Frames that were written while the one before them was on its way to the disk. */
static unsigned overlapping (const struct disk_trace *trace)
{
    unsigned count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct disk_step *sync = &trace->steps[i];
        for (size_t j = sync->since; sync->kind == DISK_SYNC && j < i; j++)
            count += trace->steps[j].kind == DISK_WRITE && trace->steps[j].file == sync->file;
    }
    return count;
}

/* --- What is recorded --------------------------------------------------------------------------------- */

static struct store *begin (uint64_t size)
{
    char error[256];
    struct store *store = turns_open (work, size, error);
    if (store == NULL)
        fail_msg ("%s", error);
    return store;
}

static struct store *begin_watch (struct disk_trace *trace, uint64_t size)
{
    scratch_empty (work);
    struct store *store = begin (size);
    store_close (&store);
    disk_watch (trace, work);
    return begin (size);
}

/* With a store that was not closed: nothing would be different on the disk. */
static void end_watch (struct store *store)
{
    assert_true (disk_end_watch ());
    store_close (&store);
}

static void write_durably (struct store *store, uint64_t turn)
{
    disk_mark (DISK_BEGUN, turn);
    assert_int_equal (turns_write (store, turn), 0);
    disk_mark (DISK_TOLD, turn);
}

/* Checkpoints, the journal begun anew and written over, frames larger than it, and turns that are undone. */
static void record_turns (struct disk_trace *trace)
{
    struct store *store = begin_watch (trace, TURNS_SIZE);
    for (uint64_t turn = 1; turn <= TURNS; turn++) {
        if (turn % 6 == 0)
            assert_int_equal (turns_undo (store, turn), 0);
        write_durably (store, turn);
    }
    store_close (&store);
    assert_true (disk_end_watch ());
}

/* What was told so far: all turns of which the number is durable. */
static void tell (struct store *store, const uint64_t *numbers, uint64_t *told, uint64_t newest)
{
    uint64_t durable;
    assert_int_equal (store_durable (store, &durable), 0);
    while (*told < newest && numbers[*told + 1] <= durable)
        ++*told;
    disk_mark (DISK_TOLD, *told);
}

/* Three turns, of which the last two are written while the first one is synced. */
static void write_three (struct store *store, uint64_t first, uint64_t *numbers, uint64_t *told)
{
    disk_hold ();
    for (uint64_t turn = first; turn < first + 3; turn++) {
        disk_mark (DISK_BEGUN, turn);
        assert_int_equal (turns_write_soon (store, turn, &numbers[turn]), 0);
        if (turn > first)
            continue;
        assert_int_equal (store_sync_begin (store), 0);
        if (store_is_syncing (store))
            disk_await_held ();
    }
    disk_release ();
    while (store_is_syncing (store))
        sched_yield ();
    tell (store, numbers, told, first + 2);
}

static void record_overlap (struct disk_trace *trace)
{
    uint64_t numbers[TURNS + 3], told = 0;
    struct store *store = begin_watch (trace, 2 * TURNS_SIZE); /* so that not every turn brings a checkpoint */
    for (uint64_t turn = 1; turn <= TURNS; turn += 3) {
        if (turn % 4 == 0)
            assert_int_equal (turns_undo (store, turn), 0);
        write_three (store, turn, numbers, &told);
    }
    end_watch (store);
}

/* --- The tests ---------------------------------------------------------------------------------------- */

static void test_creation_leaves_no_store_or_a_whole_one (void **state)
{
    (void)state;
    struct disk_trace trace;
    scratch_empty (work);
    disk_watch (&trace, work);
    struct store *store = begin (TURNS_SIZE);
    for (uint64_t turn = 1; turn <= 3; turn++)
        write_durably (store, turn);
    end_watch (store);
    assert_survives (&trace, images / 6);
    disk_trace_free (&trace);
}

static void test_turns_that_were_acknowledged_are_there (void **state)
{
    (void)state;
    struct disk_trace trace;
    record_turns (&trace);
    assert_leaves_durable_pages_alone (&trace);
    assert_survives (&trace, images / 4);
    disk_trace_free (&trace);
}

static void test_turns_that_overlap_are_a_beginning_of_what_happened (void **state)
{
    (void)state;
    struct disk_trace trace;
    record_overlap (&trace);
    print_message ("%u frames written during a sync\n", overlapping (&trace));
    assert_true (overlapping (&trace) > TURNS / 4);
    assert_leaves_durable_pages_alone (&trace);
    assert_survives (&trace, images / 4);
    disk_trace_free (&trace);
}

static void test_growth_loses_nothing (void **state)
{
    (void)state;
    struct disk_trace trace;
    char error[256];
    struct store *store = begin_watch (&trace, TURNS_SIZE);
    for (uint64_t turn = 1; turn <= 12; turn++) {
        const struct store_options larger = {.directory = work, .size = TURNS_SIZE * (1 + turn / 4)};
        if (turn % 4 == 0)
            assert_int_equal (store_resize (store, &larger, error, sizeof error), 0);
        write_durably (store, turn);
    }
    end_watch (store);
    assert_survives (&trace, images / 6);
    disk_trace_free (&trace);
}

/* A start after a cut takes up what the journal has, cuts off what is not whole, and goes on behind it. Then the
   power is cut again. */
static unsigned long cut_again (const struct disk *disk, uint64_t image)
{
    struct disk_trace trace;
    uint64_t newest;
    disk_cut (disk, image, work);
    disk_watch (&trace, work);
    trace.told = disk->told;
    trace.begun = disk->begun;
    struct store *store = begin (TURNS_SIZE);
    assert_null (turns_compare (store, &newest));
    disk_mark (DISK_TOLD, newest);
    for (uint64_t turn = newest + 1; turn <= newest + 3; turn++)
        write_durably (store, turn);
    end_watch (store);
    unsigned long cuts = assert_survives_cuts (&trace, image, 0, scratch);
    disk_trace_free (&trace);
    return cuts;
}

static void test_a_cut_in_the_start_after_a_cut_loses_nothing (void **state)
{
    (void)state;
    struct disk_trace trace;
    struct disk disk;
    uint64_t series = seed;
    unsigned long cuts = 0, first = 0;
    record_overlap (&trace);
    disk_start (&disk, &trace);
    size_t distance = trace.count * 50 / images + 1;
    do
        if (disk.at % distance == 0) {
            cuts += cut_again (&disk, disk_random (&series));
            first++;
        }
    while (disk_step (&disk));
    disk_free (&disk);
    disk_trace_free (&trace);
    made += cuts;
    print_message ("%lu images of %lu starts\n", cuts, first);
}

static void test_without_the_syncs_acknowledged_turns_are_lost (void **state)
{
    (void)state;
    struct disk_trace trace;
    record_turns (&trace);
    assert_fails_without (&trace, "consentd.journal");
    assert_fails_without (&trace, "consentd.mdb");
    disk_trace_free (&trace);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_creation_leaves_no_store_or_a_whole_one),
        cmocka_unit_test (test_turns_that_were_acknowledged_are_there),
        cmocka_unit_test (test_turns_that_overlap_are_a_beginning_of_what_happened),
        cmocka_unit_test (test_growth_loses_nothing),
        cmocka_unit_test (test_a_cut_in_the_start_after_a_cut_loses_nothing),
        cmocka_unit_test (test_without_the_syncs_acknowledged_turns_are_lost),
    };
    return cmocka_run_group_tests_name ("store and power cuts", tests, set_up, tear_down);
}
