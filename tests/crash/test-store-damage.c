/* What lies in the files of a store is changed behind its back: bits flip, pages fall back to what they were,
   whole files are put back from a copy. The start refuses it, or what is read is right; it never dies of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include "disk.h"
#include "judge.h"
#include "store/store_copy.h"
#include "turns.h"

enum {
    SIZE = TURNS_SIZE,
    TURNS = LARGE_EVERY + TURNS_KEPT + 5, /* of which one needs a checkpoint of its own, and makes room again */
    PAGE = 4096,
};

static char work[64], scratch[64];
static uint64_t series = 2015, expected = TURNS; /* of images; the newest turn in them */
/* What a process leaves that is killed after so many turns; and what one leaves that stops. */
static struct disk_state after[TURNS + 1], closed;

/* A process that is forked reads what was written of it: to copy the page tables of all states, for each of
   thousands of processes, takes as long as what these do. */
static void keep_from_children (const struct disk_state *state)
{
    for (int i = 0; i < DISK_FILES; i++) {
        uintptr_t data = (uintptr_t)state->files[i].data;
        uintptr_t from = (data + PAGE - 1) / PAGE * PAGE, end = (data + state->files[i].size) / PAGE * PAGE;
        if (from < end)
            assert_int_equal (madvise ((void *)from, end - from, MADV_DONTFORK), 0);
    }
}

static int make_stores (void **state)
{
    (void)state;
    char error[256];
    scratch_make (work, "damage");
    scratch_make (scratch, "image");
    struct store *store = turns_open (work, SIZE, error);
    assert_non_null (store);
    disk_state_read (&after[0], work);
    for (uint64_t turn = 1; turn <= TURNS; turn++) {
        assert_int_equal (turns_write (store, turn), 0);
        if (turn == LARGE_EVERY - 1) /* as when nobody asks anything */
            assert_int_equal (store_checkpoint (store), 0);
        disk_state_read (&after[turn], work);
    }
    store_close (&store);
    disk_state_read (&closed, work);
    for (int turn = 0; turn <= TURNS; turn++)
        keep_from_children (&after[turn]);
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    for (int turn = 0; turn <= TURNS; turn++)
        disk_state_free (&after[turn]);
    disk_state_free (&closed);
    scratch_remove (work);
    scratch_remove (scratch);
    return 0;
}

/* Where LMDB is led astray in a memmove, the address sanitizer would end the process before the kernel does, and
   the daemon's own way to end could not be seen. */
const char *__asan_default_options (void);
const char *__asan_default_options (void)
{
    return "replace_intrin=0";
}

/* --- What comes of it --------------------------------------------------------------------------------- */

enum outcome { RIGHT, REFUSED, ENDED, LAST_LOST, LOST, WRONG, DIED, OUTCOMES };

static const char *const outcomes[OUTCOMES] = {
    "right", "refused", "ended with a sentence", "the last turn lost", "more lost", "wrong", "died"};

/* What is there is whole; is it all? */
static enum outcome compare_newest (uint64_t newest)
{
    if (newest == expected)
        return RIGHT;
    return newest + 1 == expected ? LAST_LOST : newest < expected ? LOST : WRONG;
}

enum { CODES = 10 }; /* exit codes of outcomes begin here: a sanitizer has others */

/* Reads and writes what is in the scratch directory. */
static enum outcome use (void)
{
    char error[256];
    uint64_t newest;
    struct store *store = turns_open (scratch, SIZE, error);
    if (store == NULL)
        return error[0] != 0 ? REFUSED : WRONG;
    enum outcome outcome = turns_compare (store, &newest) != NULL ? WRONG : compare_newest (newest);
    if (outcome != WRONG && turns_write (store, newest + 1) != 0)
        outcome = WRONG;
    store_close (&store);
    return outcome;
}

static uint64_t bit_of_map; /* that is changed while the store is open */

static void change_open_map (void)
{
    char path[128];
    uint8_t byte;
    snprintf (path, sizeof path, "%s/consentd.mdb", scratch);
    int fd = open (path, O_RDWR | O_CLOEXEC);
    off_t at = (off_t)(bit_of_map / 8);
    if (fd < 0 || pread (fd, &byte, 1, at) != 1)
        abort ();
    byte ^= (uint8_t)(1 << bit_of_map % 8);
    if (pwrite (fd, &byte, 1, at) != 1)
        abort ();
    close (fd);
}

/* Gives out a copy, and writes a turn in the midst of it: what that turn writes over is given before. */
static enum outcome copy (void)
{
    char error[256];
    struct store *store = turns_open (scratch, SIZE, error);
    if (store == NULL)
        return error[0] != 0 ? REFUSED : WRONG;
    change_open_map ();
    struct store_piece piece = {.is_last = false};
    int rc = 0;
    store_copy_begin (store);
    for (uint64_t from = 0; rc == 0 && !piece.is_last; from += piece.bytes.size) {
        struct store_txn *txn;
        rc = store_begin (store, &txn);
        if (rc == 0) {
            rc = store_copy_read (txn, from, &piece);
            store_abort (&txn);
        }
        if (rc == 0 && from == 0)
            rc = turns_write (store, expected + 1);
    }
    return rc == 0 ? RIGHT : REFUSED; /* and the process ends, without a checkpoint of what is damaged */
}

/* The daemon's own way to end, where LMDB follows a damaged page to where nothing is. */
static bool is_sentence (const char *said)
{
    return strncmp (said, "consentd: /", 11) == 0 && strstr (said, "consentd.mdb: a page of it ") != NULL &&
           strchr (said, '\n') == said + strlen (said) - 1;
}

static enum outcome try_to (enum outcome (*act) (void), const struct disk_state *state)
{
    int status, ends[2];
    char said[512] = "";
    disk_state_write (state, scratch);
    assert_int_equal (pipe (ends), 0);
    pid_t child = fork ();
    assert_true (child >= 0);
    if (child == 0) {
        judge_die_silently ();
        dup2 (ends[1], STDERR_FILENO);
        _exit (CODES + (int)act ());
    }
    close (ends[1]);
    assert_true (read (ends[0], said, sizeof said - 1) >= 0);
    close (ends[0]);
    assert_int_equal (waitpid (child, &status, 0), child);
    if (WIFEXITED (status) && (WEXITSTATUS (status) == EX_CONFIG || WEXITSTATUS (status) == EX_IOERR))
        return is_sentence (said) ? ENDED : DIED;
    int code = WIFEXITED (status) ? WEXITSTATUS (status) : 0;
    return code >= CODES && code < CODES + OUTCOMES ? (enum outcome) (code - CODES) : DIED;
}

static enum outcome try (const struct disk_state *state)
{
    return try_to (use, state);
}

static struct disk_content *file_of (struct disk_state *state, const char *name)
{
    for (int i = 0; i < DISK_FILES; i++)
        if (strcmp (state->names[i].name, name) == 0)
            return &state->files[state->names[i].file];
    fail_msg ("there is no %s", name);
    return NULL;
}

static void print_counts (const char *what, const unsigned counts[OUTCOMES])
{
    print_message ("%s:", what);
    for (int i = 0; i < OUTCOMES; i++)
        print_message (" %u %s%s", counts[i], outcomes[i], i + 1 < OUTCOMES ? "," : "\n");
}

static unsigned all_of (const unsigned counts[OUTCOMES])
{
    unsigned all = 0;
    for (int i = 0; i < OUTCOMES; i++)
        all += counts[i];
    return all;
}

static const char map[] = "consentd.mdb", journal[] = "consentd.journal", witness[] = "consentd.witness";

/* --- Whole files -------------------------------------------------------------------------------------- */

static enum outcome try_file_of (const struct disk_state *present, int turn, const char *name, const char *other)
{
    struct disk_state mixed = *present; /* it borrows the contents */
    *file_of (&mixed, name) = *file_of (&after[turn], name);
    if (other != NULL)
        *file_of (&mixed, other) = *file_of (&after[turn], other);
    return try (&mixed);
}

static void try_files_of_before (const struct disk_state *present, const char *name, const char *other,
                                 unsigned counts[OUTCOMES])
{
    memset (counts, 0, OUTCOMES * sizeof *counts);
    for (int turn = 0; turn < TURNS; turn++)
        counts[try_file_of (present, turn, name, other)]++;
}

static void test_an_older_map_is_refused_or_brought_up_by_the_journal (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES];
    try_files_of_before (&after[TURNS], map, NULL, counts);
    print_counts ("map of before", counts);
    assert_int_equal (counts[RIGHT] + counts[REFUSED], TURNS);
    try_files_of_before (&closed, map, NULL, counts);
    print_counts ("map of before, after a stop", counts);
    assert_int_equal (counts[RIGHT] + counts[REFUSED], TURNS);
    /* Who puts back the witness too is still found out by a journal that has gone on. */
    try_files_of_before (&after[TURNS], map, witness, counts);
    print_counts ("map and witness of before", counts);
    assert_int_equal (counts[RIGHT] + counts[REFUSED], TURNS);
}

/* The journal never had such a turn: its frames before and after it must not fit without it. */
static void test_a_map_of_before_a_turn_that_is_larger_than_the_journal_is_refused (void **state)
{
    (void)state;
    unsigned refused = 0;
    for (expected = LARGE_EVERY; expected < LARGE_EVERY + 4; expected++)
        for (int turn = LARGE_EVERY - 4; turn < LARGE_EVERY; turn++) {
            enum outcome outcome = try_file_of (&after[expected], turn, map, witness);
            assert_true (outcome == REFUSED || (outcome == LAST_LOST && expected == LARGE_EVERY));
            refused += outcome == REFUSED;
        }
    expected = TURNS;
    assert_true (refused >= 12);
}

/* The witness knows what was acknowledged after the last checkpoint. */
static void test_an_older_journal_is_refused (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES];
    try_files_of_before (&after[TURNS], journal, NULL, counts);
    print_counts ("journal of before", counts);
    assert_int_equal (counts[REFUSED], TURNS);
    try_files_of_before (&closed, journal, NULL, counts);
    print_counts ("journal of before, after a stop", counts);
    assert_int_equal (counts[RIGHT], TURNS);
}

static void test_an_older_witness_harms_nothing (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES];
    try_files_of_before (&after[TURNS], witness, NULL, counts);
    print_counts ("witness of before", counts);
    assert_int_equal (counts[RIGHT], TURNS);
}

/* --- Pages -------------------------------------------------------------------------------------------- */

/* Each page of the journal as it was at each time before. `last` counts the pages of the last frame of which that
   is lost, and nothing else. */
static void try_pages_of_journal (struct disk_state *state, unsigned counts[OUTCOMES], unsigned *last)
{
    struct disk_content *present = file_of (state, journal);
    uint8_t kept[PAGE], *before = file_of (&after[TURNS - 1], journal)->data;
    memset (counts, 0, OUTCOMES * sizeof *counts);
    *last = 0;
    for (uint64_t at = 0; at < present->size; at += PAGE) {
        bool is_last = memcmp (present->data + at, before + at, PAGE) != 0;
        memcpy (kept, present->data + at, PAGE);
        for (int turn = 0; turn < TURNS; turn++) {
            const uint8_t *older = file_of (&after[turn], journal)->data + at;
            if (memcmp (older, kept, PAGE) == 0)
                continue;
            memcpy (present->data + at, older, PAGE);
            enum outcome outcome = try (state);
            counts[outcome]++;
            *last += outcome == LAST_LOST && is_last;
        }
        memcpy (present->data + at, kept, PAGE);
    }
}

static void test_a_page_of_the_journal_that_falls_back_is_noticed (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES], last;
    try_pages_of_journal (&after[TURNS], counts, &last);
    print_counts ("a page of the journal", counts);
    assert_true (counts[REFUSED] > 0);
    assert_int_equal (counts[RIGHT] + counts[REFUSED] + counts[ENDED], all_of (counts));
}

/* Where a power cut has taken what the kernel had of the witness, a page of the last frame is taken for one that
   the cut has torn; every other is known to have been durable. To know the last one too would take a second sync.
 */
static void test_after_a_power_cut_a_page_of_the_last_frame_is_what_is_not_noticed (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES], last;
    struct disk_state cut = after[TURNS];
    *file_of (&cut, witness) = *file_of (&after[LARGE_EVERY], witness);
    try_pages_of_journal (&cut, counts, &last);
    print_counts ("a page of the journal, after a power cut", counts);
    assert_true (counts[REFUSED] > 0 && counts[LAST_LOST] > 0);
    assert_int_equal (counts[LAST_LOST], last);
    assert_int_equal (counts[RIGHT] + counts[REFUSED] + counts[ENDED] + last, all_of (counts));
}

/* --- Bits --------------------------------------------------------------------------------------------- */

static enum outcome try_flip (const struct disk_state *present, const char *name, uint64_t bit)
{
    struct disk_state state = *present;
    struct disk_content *content = file_of (&state, name);
    content->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    enum outcome outcome = try (&state);
    content->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    return outcome;
}

/* Bits of the file up to `size`, at random, half of them in the first bytes of a page, where its structure is. */
static void flip_many (struct disk_state *present, const char *name, uint64_t size, unsigned count,
                       unsigned counts[OUTCOMES])
{
    memset (counts, 0, OUTCOMES * sizeof *counts);
    for (unsigned i = 0; i < count; i++) {
        uint64_t page = disk_random (&series) % (size / PAGE);
        uint64_t at = disk_random (&series) % (i % 2 == 0 ? 128 * 8 : PAGE * 8);
        counts[try_flip (present, name, page * PAGE * 8 + at)]++;
    }
}

static void test_a_bit_of_the_journal_is_noticed (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES];
    uint64_t used = 12 * PAGE; /* about as much as there is between two checkpoints */
    flip_many (&closed, journal, used, 150, counts);
    print_counts ("a bit of the journal, after a stop", counts);
    assert_int_equal (counts[RIGHT] + counts[REFUSED], all_of (counts));
    flip_many (&after[TURNS], journal, used, 300, counts);
    print_counts ("a bit of the journal, after a kill", counts);
    assert_true (counts[REFUSED] > 0);
    assert_int_equal (counts[RIGHT] + counts[REFUSED], all_of (counts));
}

static void test_a_bit_of_the_witness_harms_nothing (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES];
    flip_many (&after[TURNS], witness, file_of (&closed, witness)->size, 150, counts);
    print_counts ("a bit of the witness", counts);
    assert_int_equal (counts[LAST_LOST] + counts[LOST] + counts[WRONG] + counts[DIED], 0);
}

/* LMDB has no checksums, and believes what is on its pages; what is sealed in them is found out by whoever opens
   it. Here it is only that the process does not die of it. */
static void test_a_bit_of_the_map_is_not_what_the_process_dies_of (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES];
    const char *more = getenv ("DAMAGE_FLIPS");
    flip_many (&closed, map, file_of (&closed, map)->size, more != NULL ? (unsigned)atoi (more) : 800, counts);
    print_counts ("a bit of the map", counts);
    assert_int_equal (counts[DIED], 0);
}

/* The same of whole pages as they once were. LMDB's pages do not say of when they are. */
static void test_a_page_of_the_map_that_falls_back_is_not_what_the_process_dies_of (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES] = {0}, tries = 0;
    struct disk_content *present = file_of (&closed, map);
    uint8_t kept[PAGE];
    while (tries < 300) {
        uint64_t at = disk_random (&series) % (present->size / PAGE) * PAGE;
        const uint8_t *older = file_of (&after[disk_random (&series) % TURNS], map)->data + at;
        if (memcmp (older, present->data + at, PAGE) == 0)
            continue;
        memcpy (kept, present->data + at, PAGE);
        memcpy (present->data + at, older, PAGE);
        counts[try (&closed)]++;
        memcpy (present->data + at, kept, PAGE);
        tries++;
    }
    print_counts ("a page of the map", counts);
    assert_true (counts[ENDED] > 0);
    assert_int_equal (counts[DIED], 0);
}

/* A backup reads pages that nobody has asked for since the start. */
static void test_a_bit_of_the_map_is_not_what_a_backup_dies_of (void **state)
{
    (void)state;
    unsigned counts[OUTCOMES] = {0};
    struct disk_content *present = file_of (&closed, map);
    uint64_t pages = present->size / PAGE;
    static const uint8_t empty[PAGE];
    while (memcmp (present->data + (pages - 1) * PAGE, empty, PAGE) == 0)
        pages--; /* those that were never used */
    for (unsigned i = 0; i < 800; i++) {
        uint64_t page = 2 + disk_random (&series) % (pages - 2), at = disk_random (&series) % (128 * 8);
        bit_of_map = page * PAGE * 8 + at;
        counts[try_to (copy, &closed)]++;
    }
    print_counts ("a bit of the map, in a backup", counts);
    assert_true (counts[RIGHT] > 0 && counts[REFUSED] > 0 && counts[ENDED] > 0);
    assert_int_equal (counts[DIED], 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_bit_of_the_map_is_not_what_a_backup_dies_of),
        cmocka_unit_test (test_an_older_map_is_refused_or_brought_up_by_the_journal),
        cmocka_unit_test (test_a_map_of_before_a_turn_that_is_larger_than_the_journal_is_refused),
        cmocka_unit_test (test_an_older_journal_is_refused),
        cmocka_unit_test (test_an_older_witness_harms_nothing),
        cmocka_unit_test (test_a_page_of_the_journal_that_falls_back_is_noticed),
        cmocka_unit_test (test_after_a_power_cut_a_page_of_the_last_frame_is_what_is_not_noticed),
        cmocka_unit_test (test_a_bit_of_the_journal_is_noticed),
        cmocka_unit_test (test_a_bit_of_the_witness_harms_nothing),
        cmocka_unit_test (test_a_bit_of_the_map_is_not_what_the_process_dies_of),
        cmocka_unit_test (test_a_page_of_the_map_that_falls_back_is_not_what_the_process_dies_of),
    };
    return cmocka_run_group_tests_name ("store and damage", tests, make_stores, tear_down);
}
