/* A process that uses the store is killed: at any moment, and before each of its system calls in turn.

   The kernel outlives it, so this shows that the order of the steps is right and that nothing is half-done. What
   the disk has after a power cut is shown by test-store-power.c. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    SIZE = 8 * 1024 * 1024,
    ENTRIES = 8, /* that each commit writes to each of two tables */
    KILLS = 500, /* at random moments */
    WINDOW = 50, /* commits whose entries are kept: the older are deleted, so that pages come free */
};

static char directory[64];

static int make_directory (void **state)
{
    (void)state;
    /* In memory where that is possible: the kernel outlives the process either way. */
    snprintf (directory, sizeof directory, "%s/test-store-crash-XXXXXX",
              access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    return mkdtemp (directory) ? 0 : -1;
}

static void empty_directory (void)
{
    DIR *entries = opendir (directory);
    assert_non_null (entries);
    for (struct dirent *entry; (entry = readdir (entries));)
        if (entry->d_name[0] != '.')
            unlinkat (dirfd (entries), entry->d_name, 0);
    closedir (entries);
}

static int remove_directory (void **state)
{
    (void)state;
    empty_directory ();
    return rmdir (directory);
}

static bool exists (const char *name)
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", directory, name);
    return access (path, F_OK) == 0;
}

static struct store *open_store (void)
{
    const struct store_options options = {.directory = directory, .size = SIZE, .reserve = SIZE / 8, .upgrade = true};
    struct store *store = NULL;
    char error[256] = "";
    if (store_open (&store, &options, error, sizeof error) != 0)
        fprintf (stderr, "store_open: %s\n", error);
    return store;
}

/* --- What one commit writes, and how to know that it is there, whole --- */

struct entry {
    uint64_t key[2]; /* commit, entry; big-endian */
    uint8_t value[600];
    size_t size;
};

static struct entry entry_of (uint64_t commit, uint64_t number)
{
    struct entry entry = {.key = {htobe64 (commit), htobe64 (number)},
                          .size = 1 + (commit * 7 + number * 61) % 600};
    memset (entry.value, (int)((commit * 31 + number) % 256), entry.size);
    return entry;
}

static void write_entries (struct store_txn *txn, uint64_t commit)
{
    for (uint64_t i = 0; i < ENTRIES; i++) {
        struct entry entry = entry_of (commit, i);
        struct bytes key = {entry.key, sizeof entry.key}, value = {entry.value, entry.size};
        store_append (txn, STORE_AUDIT, key, value);
        store_put (txn, STORE_CONSENT, key, value);
        struct entry old = entry_of (commit - WINDOW, i);
        if (commit > WINDOW)
            store_delete (txn, STORE_AUDIT, (struct bytes){old.key, sizeof old.key});
        if (commit > WINDOW)
            store_delete (txn, STORE_CONSENT, (struct bytes){old.key, sizeof old.key});
    }
    const uint64_t newest = htobe64 (commit);
    store_put (txn, STORE_META, (struct bytes){"revision", 8}, (struct bytes){&newest, sizeof newest});
}

static int write_commit_soon (struct store *store, uint64_t commit, uint64_t *number)
{
    struct store_txn *txn;
    int r = store_begin (store, &txn);
    if (r != 0)
        return r;
    write_entries (txn, commit);
    return store_commit_soon (&txn, number);
}

static int write_commit (struct store *store, uint64_t commit)
{
    uint64_t number;
    int r = write_commit_soon (store, commit, &number);
    return r == 0 ? store_sync (store) : r;
}

static int undo_commit (struct store *store, uint64_t commit)
{
    struct store_txn *txn;
    int r = store_begin (store, &txn);
    if (r != 0)
        return r;
    write_entries (txn, commit);
    store_abort (&txn);
    return 0;
}

static uint64_t newest_commit (struct store_txn *txn)
{
    struct bytes value;
    uint64_t newest = 0;
    int r = store_get (txn, STORE_META, (struct bytes){"revision", 8}, &value);
    if (r == STORE_NOT_FOUND)
        return 0;
    assert_int_equal (r, 0);
    assert_int_equal (value.size, sizeof newest);
    memcpy (&newest, value.data, sizeof newest);
    return be64toh (newest);
}

/* Every entry of the last WINDOW commits as it was written, and not one more in either table. */
static uint64_t assert_whole (struct store *store)
{
    struct store_txn *txn;
    assert_int_equal (store_begin (store, &txn), 0);
    uint64_t newest = newest_commit (txn), oldest = newest > WINDOW ? newest - WINDOW + 1 : 1;
    const enum store_table tables[] = {STORE_AUDIT, STORE_CONSENT};
    for (int t = 0; t < 2; t++) {
        struct store_scan *scan;
        struct bytes key, value;
        assert_int_equal (store_scan_open (txn, tables[t], (struct bytes){NULL, 0}, &scan), 0);
        for (uint64_t commit = oldest; commit <= newest; commit++) {
            for (uint64_t i = 0; i < ENTRIES; i++) {
                struct entry entry = entry_of (commit, i);
                assert_int_equal (store_scan_next (scan, &key, &value), 0);
                assert_int_equal (key.size, sizeof entry.key);
                assert_memory_equal (key.data, entry.key, key.size);
                assert_int_equal (value.size, entry.size);
                assert_memory_equal (value.data, entry.value, value.size);
            }
        }
        assert_int_equal (store_scan_next (scan, &key, &value), STORE_NOT_FOUND);
        store_scan_close (&scan);
    }
    store_abort (&txn);
    return newest;
}

/* --- At random moments --- */

/* Commits until it is killed, and acknowledges what is durable. Every other commit is written while the one before
   it is synced. Now and then something is undone, or there is a checkpoint. */
_Noreturn static void write_until_killed (uint64_t commit, int acknowledgements)
{
    uint64_t number, durable;
    struct store *store = open_store ();
    if (!store)
        _exit (1);
    for (;; commit += 2) {
        if (write_commit_soon (store, commit, &number) != 0 || store_sync_begin (store) != 0 ||
            write_commit_soon (store, commit + 1, &number) != 0 || store_sync (store) != 0 ||
            store_durable (store, &durable) != 0 || durable < number)
            _exit (2);
        const uint64_t told[] = {commit, commit + 1};
        if (write (acknowledgements, told, sizeof told) != sizeof told)
            _exit (3);
        if (commit % 7 == 0 && undo_commit (store, commit + 2) != 0)
            _exit (4);
        if (commit % 16 == 0 && store_checkpoint (store) != 0)
            _exit (5);
    }
}

static uint64_t last_acknowledged (int acknowledgements, uint64_t before)
{
    uint64_t commit, last = before;
    while (read (acknowledgements, &commit, sizeof commit) == sizeof commit) {
        assert_int_equal (commit, last + 1);
        last = commit;
    }
    return last;
}

static void test_every_acknowledged_commit_survives_a_kill_at_any_moment (void **state)
{
    (void)state;
    uint64_t newest = 0, unacknowledged = 0;
    unsigned seed = 2015;
    empty_directory ();
    int kills = 0;
    /* A slow disk gets more attempts, until pages have come free and been used again. */
    for (; kills < KILLS || (newest <= 2 * WINDOW && kills < 20 * KILLS); kills++) {
        int ends[2];
        assert_int_equal (pipe (ends), 0);
        pid_t writer = fork ();
        assert_true (writer >= 0);
        if (writer == 0) {
            close (ends[0]);
            write_until_killed (newest + 1, ends[1]);
        }
        close (ends[1]);
        seed = seed * 1103515245u + 12345u;
        nanosleep (&(struct timespec){.tv_nsec = 1000000 + (seed >> 8) % 20000000}, NULL);
        kill (writer, SIGKILL);
        int status;
        assert_int_equal (waitpid (writer, &status, 0), writer);
        assert_true (WIFSIGNALED (status)); /* it did not fail by itself */
        uint64_t acknowledged = last_acknowledged (ends[0], newest);
        close (ends[0]);

        struct store *store = open_store ();
        assert_non_null (store);
        newest = assert_whole (store);
        store_close (&store);
        assert_true (newest >= acknowledged);
        assert_true (newest <= acknowledged + 2);
        unacknowledged += newest - acknowledged;
    }
    assert_true (newest > 2 * WINDOW);
    print_message ("%llu commits, %d kills; %llu commits were durable before their acknowledgement was out\n",
                   (unsigned long long)newest, KILLS, (unsigned long long)unacknowledged);
}

/* --- Before every system call in turn --- */

static bool tracing_is_allowed (void)
{
    pid_t child = fork ();
    if (child == 0)
        _exit (ptrace (PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : 1);
    int status;
    return child > 0 && waitpid (child, &status, 0) == child && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* Runs `work` in a child and kills it where it would enter system call number `call` (from 0) of it.
   False: it ended by itself before that. */
static bool kill_at_call (int call, void (*work) (void *), void *context)
{
    pid_t child = fork ();
    assert_true (child >= 0);
    if (child == 0) {
        ptrace (PTRACE_TRACEME, 0, NULL, NULL);
        raise (SIGSTOP);
        work (context);
        _exit (0);
    }
    int status;
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFSTOPPED (status));
    assert_int_equal (ptrace (PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL), 0);
    for (int stops = 0; stops <= 2 * call;) { /* a stop before each call and one after it */
        assert_int_equal (ptrace (PTRACE_SYSCALL, child, NULL, NULL), 0);
        assert_int_equal (waitpid (child, &status, 0), child);
        if (WIFEXITED (status)) {
            assert_int_equal (WEXITSTATUS (status), 0);
            return false;
        }
        assert_true (WIFSTOPPED (status));
        if (WSTOPSIG (status) == (SIGTRAP | 0x80))
            stops++;
    }
    kill (child, SIGKILL);
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFSIGNALED (status));
    return true;
}

static void create_store (void *context)
{
    (void)context;
    struct store *store = open_store ();
    if (!store)
        _exit (1);
}

static void test_a_kill_before_any_step_of_creation_leaves_no_store_or_a_whole_one (void **state)
{
    (void)state;
    if (!tracing_is_allowed ())
        skip ();
    int call = 0, without = 0, halfway = 0, with = 0;
    for (bool killed = true; killed; call++) {
        empty_directory ();
        killed = kill_at_call (call, create_store, NULL);
        halfway += exists ("consentd.mdb.new");
        if (exists ("consentd.mdb"))
            with++;
        else
            without++;
        struct store *store = open_store ();
        assert_non_null (store);
        assert_int_equal (assert_whole (store), 0);
        assert_int_equal (write_commit (store, 1), 0);
        assert_int_equal (assert_whole (store), 1);
        store_close (&store);
        assert_false (exists ("consentd.mdb.new"));
        /* And what a dead process made is not made anew. */
        store = open_store ();
        assert_int_equal (assert_whole (store), 1);
        store_close (&store);
    }
    assert_true (without > 0 && halfway > 0 && with > 0);
    print_message ("%d kills: %d before the store had its name (%d with a file beside), %d after\n", call - 1,
                   without, halfway, with - 1);
}

static void commit_next (void *context)
{
    const uint64_t *newest = context;
    struct store *store = open_store ();
    if (!store || write_commit (store, *newest + 1) != 0)
        _exit (1);
}

static void test_a_kill_before_any_step_of_a_commit_leaves_all_of_it_or_nothing (void **state)
{
    (void)state;
    if (!tracing_is_allowed ())
        skip ();
    empty_directory ();
    struct store *store = open_store ();
    assert_non_null (store);
    uint64_t newest = 0;
    while (newest < WINDOW + 3)
        assert_int_equal (write_commit (store, ++newest), 0);
    store_close (&store);

    int call = 0, nothing = 0, all = 0;
    for (bool killed = true; killed; call++) {
        killed = kill_at_call (call, commit_next, &newest);
        store = open_store ();
        assert_non_null (store);
        uint64_t found = assert_whole (store);
        store_close (&store);
        assert_true (found == newest || found == newest + 1);
        if (found == newest)
            nothing++;
        else
            all++;
        newest = found;
    }
    assert_true (nothing > 0 && all > 0);
    print_message ("%d kills: %d left nothing of the commit, %d all of it\n", call - 1, nothing, all - 1);
}

/* With something to take up from the journal at the start, and all that brings it to LMDB's file, or back. */
static void commit_undo_and_checkpoint (void *context)
{
    const uint64_t *newest = context;
    struct store *store = open_store ();
    if (!store || write_commit (store, *newest + 1) != 0 || undo_commit (store, *newest + 2) != 0 ||
        store_checkpoint (store) != 0 || write_commit (store, *newest + 2) != 0)
        _exit (1);
}

/* As a process leaves them that dies. */
static void leave_two_in_the_journal (uint64_t newest)
{
    pid_t child = fork ();
    assert_true (child >= 0);
    if (child == 0) {
        struct store *store = open_store ();
        _exit (store && write_commit (store, newest + 1) == 0 && write_commit (store, newest + 2) == 0 ? 0 : 1);
    }
    int status;
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void test_a_kill_before_any_step_of_an_undo_or_a_checkpoint_loses_nothing (void **state)
{
    (void)state;
    if (!tracing_is_allowed ())
        skip ();
    empty_directory ();
    uint64_t newest = 0;
    int call = 0, found_of[3] = {0};
    for (bool killed = true; killed; call++) {
        killed = kill_at_call (call, commit_undo_and_checkpoint, &newest);
        struct store *store = open_store ();
        assert_non_null (store);
        uint64_t found = assert_whole (store);
        assert_true (found >= newest && found <= newest + 2);
        found_of[found - newest]++;
        newest = found;
        store_close (&store);
        leave_two_in_the_journal (newest);
        newest += 2;
    }
    assert_true (found_of[0] > 0 && found_of[1] > 0 && found_of[2] > 0);
    print_message ("%d kills: %d left none of two commits, %d one, %d both\n", call - 1, found_of[0], found_of[1],
                   found_of[2] - 1);
}

/* --- Growing --- */

static void grow_and_commit (void *context)
{
    const uint64_t *newest = context;
    const struct store_options larger = {.directory = directory, .size = 2 * SIZE, .reserve = SIZE / 8};
    char error[256];
    struct store *store = open_store ();
    if (!store || store_resize (store, &larger, error, sizeof error) != 0 ||
        write_commit (store, *newest + 1) != 0)
        _exit (1);
}

static void test_a_kill_before_any_step_of_growing_leaves_a_whole_store (void **state)
{
    (void)state;
    if (!tracing_is_allowed ())
        skip ();
    int call = 0, smaller = 0, larger = 0;
    for (bool killed = true; killed; call++) {
        char path[128];
        struct stat status;
        uint64_t newest = 3;
        empty_directory ();
        struct store *store = open_store ();
        for (uint64_t commit = 1; commit <= newest; commit++)
            assert_int_equal (write_commit (store, commit), 0);
        store_close (&store);
        killed = kill_at_call (call, grow_and_commit, &newest);
        snprintf (path, sizeof path, "%s/consentd.mdb", directory);
        assert_int_equal (stat (path, &status), 0);
        assert_true (status.st_size == SIZE || status.st_size == 2 * SIZE);
        smaller += status.st_size == SIZE;
        larger += status.st_size != SIZE;
        store = open_store ();
        assert_non_null (store);
        uint64_t found = assert_whole (store);
        assert_true (found == newest || found == newest + 1);
        assert_int_equal (write_commit (store, found + 1), 0);
        store_close (&store);
    }
    assert_true (smaller > 0 && larger > 0);
    print_message ("%d kills: %d before the store had its new size, %d after\n", call - 1, smaller, larger - 1);
}

/* --- A store of an earlier schema --- */

/* Takes the store back to how a program of schema 2 left it: without the tables that came later. */
static void take_back_to_schema_2 (void)
{
    char path[128];
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi meta, later;
    MDB_val key = {.mv_size = 6, .mv_data = "schema"}, value = {.mv_size = 4, .mv_data = "\0\0\0\2"};
    snprintf (path, sizeof path, "%s/consentd.mdb", directory);
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 32), 0);
    assert_int_equal (mdb_env_open (env, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
    assert_int_equal (mdb_txn_begin (env, NULL, 0, &txn), 0);
    assert_int_equal (mdb_dbi_open (txn, "meta", 0, &meta), 0);
    assert_int_equal (mdb_put (txn, meta, &key, &value, 0), 0);
    static const char *const tables[] = {"counted", "generation", "guard"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        assert_int_equal (mdb_dbi_open (txn, tables[i], 0, &later), 0);
        assert_int_equal (mdb_drop (txn, later, 1), 0);
    }
    assert_int_equal (mdb_txn_commit (txn), 0);
    mdb_env_close (env);
}

/* The schema as it lies in the file, and whether the table that came with 3 is there. */
static uint32_t schema_on_disk (bool *has_table)
{
    char path[128];
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi meta, counted;
    MDB_val key = {.mv_size = 6, .mv_data = "schema"}, value;
    snprintf (path, sizeof path, "%s/consentd.mdb", directory);
    assert_int_equal (mdb_env_create (&env), 0);
    assert_int_equal (mdb_env_set_maxdbs (env, 32), 0);
    assert_int_equal (mdb_env_open (env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_RDONLY, 0600), 0);
    assert_int_equal (mdb_txn_begin (env, NULL, MDB_RDONLY, &txn), 0);
    assert_int_equal (mdb_dbi_open (txn, "meta", 0, &meta), 0);
    assert_int_equal (mdb_get (txn, meta, &key, &value), 0);
    uint32_t schema;
    memcpy (&schema, value.mv_data, sizeof schema);
    schema = be32toh (schema);
    *has_table = mdb_dbi_open (txn, "counted", 0, &counted) == 0;
    mdb_txn_abort (txn);
    mdb_env_close (env);
    return schema;
}

/* What the store holds is taken up by registry/upgrade.c. Here it gets its tables and its journal, and from then on
   it is of no schema that any program starts on. */
static void test_a_kill_before_any_step_of_beginning_an_upgrade_leaves_it_or_begins_it (void **state)
{
    (void)state;
    if (!tracing_is_allowed ())
        skip ();
    enum { BETWEEN = 1 << 30 };
    int call = 0, left = 0, begun = 0;
    for (bool killed = true; killed; call++) {
        empty_directory ();
        struct store *store = open_store ();
        for (uint64_t commit = 1; commit <= 3; commit++)
            assert_int_equal (write_commit (store, commit), 0);
        store_close (&store);
        take_back_to_schema_2 ();
        bool has_table;
        assert_int_equal (schema_on_disk (&has_table), 2);
        assert_false (has_table);

        killed = kill_at_call (call, create_store, NULL);
        uint32_t schema = schema_on_disk (&has_table);
        assert_true (has_table == (schema == BETWEEN)); /* the tables and the version come together */
        left += schema == 2;
        begun += schema == BETWEEN;
        store = open_store ();
        assert_non_null (store);
        assert_int_equal (assert_whole (store), 3);
        assert_true (store_is_earlier (store));
        assert_int_equal (write_commit (store, 4), 0);
        store_close (&store);
        assert_int_equal (schema_on_disk (&has_table), BETWEEN);
    }
    assert_true (left > 0 && begun > 0);
    print_message ("%d kills: %d left the store of schema 2, %d one whose upgrade has begun\n", call - 1, left,
                   begun - 1);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_every_acknowledged_commit_survives_a_kill_at_any_moment),
        cmocka_unit_test (test_a_kill_before_any_step_of_creation_leaves_no_store_or_a_whole_one),
        cmocka_unit_test (test_a_kill_before_any_step_of_a_commit_leaves_all_of_it_or_nothing),
        cmocka_unit_test (test_a_kill_before_any_step_of_an_undo_or_a_checkpoint_loses_nothing),
        cmocka_unit_test (test_a_kill_before_any_step_of_growing_leaves_a_whole_store),
        cmocka_unit_test (test_a_kill_before_any_step_of_beginning_an_upgrade_leaves_it_or_begins_it),
    };
    return cmocka_run_group_tests_name ("store crash", tests, make_directory, remove_directory);
}
