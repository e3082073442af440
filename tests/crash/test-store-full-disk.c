/* The file system is full: what the store has set aside still takes commits, and the reserve still takes
   revocations. On a small tmpfs in a mount namespace of its own; skipped where the machine does not let one mount.
 */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DISK = 12 * 1024 * 1024,
    SIZE = 8 * 1024 * 1024,
    RESERVE = 2 * 1024 * 1024,
    BATCH = 20,
};

static char mount_point[64], filler_path[96];
static bool mounted;

static bool write_text (const char *path, const char *text)
{
    int fd = open (path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write (fd, text, strlen (text)) == (ssize_t)strlen (text);
    if (fd >= 0)
        close (fd);
    return written;
}

/* Without root a namespace of users makes one root within it, where the kernel allows that. */
static bool become_root_of_own_namespace (void)
{
    char users[64], groups[64];
    snprintf (users, sizeof users, "0 %lu 1", (unsigned long)geteuid ());
    snprintf (groups, sizeof groups, "0 %lu 1", (unsigned long)getegid ());
    return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0 && write_text ("/proc/self/uid_map", users) &&
           write_text ("/proc/self/setgroups", "deny") && write_text ("/proc/self/gid_map", groups);
}

static bool enter_own_mounts (void)
{
    if (unshare (CLONE_NEWNS) < 0 && !become_root_of_own_namespace ())
        return false;
    return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static int mount_small_disk (void **state)
{
    (void)state;
    char options[64];
    strcpy (mount_point, "/tmp/test-store-full-XXXXXX");
    if (!mkdtemp (mount_point))
        return -1;
    snprintf (filler_path, sizeof filler_path, "%s/filler", mount_point);
    snprintf (options, sizeof options, "size=%d,mode=0700", DISK);
    mounted = enter_own_mounts () && mount ("tmpfs", mount_point, "tmpfs", 0, options) == 0;
    return 0;
}

static int unmount_small_disk (void **state)
{
    (void)state;
    if (mounted)
        umount2 (mount_point, MNT_DETACH);
    return rmdir (mount_point);
}

static int open_store (struct store **store)
{
    const struct store_options options = {.directory = mount_point, .size = SIZE, .reserve = RESERVE};
    char error[256];
    return store_open (store, &options, error, sizeof error);
}

/* Leaves `keep` bytes or less. */
static void fill_disk (off_t keep)
{
    static const char block[4096];
    int fd = open (filler_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true (fd >= 0);
    while (write (fd, block, sizeof block) == sizeof block)
        ;
    assert_int_equal (errno, ENOSPC);
    off_t size = lseek (fd, 0, SEEK_CUR);
    assert_true (size > keep);
    assert_int_equal (ftruncate (fd, size - keep), 0);
    close (fd);
}

static int commit_batch (struct store *store, enum store_table table, uint64_t first, bool privileged)
{
    static const char value[300];
    struct store_txn *txn;
    assert_int_equal (store_begin (store, &txn), 0);
    if (privileged)
        store_use_share (txn, STORE_WITHDRAWALS);
    for (uint64_t i = 0; i < BATCH; i++) {
        uint64_t key = htobe64 (first + i);
        store_append (txn, table, (struct bytes){&key, sizeof key}, (struct bytes){value, sizeof value});
    }
    return store_commit (&txn);
}

static uint64_t count (struct store *store, enum store_table table)
{
    struct store_txn *txn;
    uint64_t number;
    assert_int_equal (store_begin (store, &txn), 0);
    assert_int_equal (store_count (txn, table, &number), 0);
    store_abort (&txn);
    return number;
}

static void test_a_store_that_does_not_fit_is_not_made (void **state)
{
    (void)state;
    if (!mounted)
        skip ();
    struct store *store = NULL;
    char path[96];
    fill_disk (SIZE / 2);
    assert_int_equal (open_store (&store), -ENOSPC);
    assert_null (store);
    snprintf (path, sizeof path, "%s/consentd.mdb", mount_point);
    assert_int_equal (access (path, F_OK), -1);
    strcat (path, ".new");
    assert_int_equal (access (path, F_OK), -1);
    assert_int_equal (unlink (filler_path), 0);
    assert_int_equal (open_store (&store), 0);
    store_close (&store);
}

static void test_on_a_full_disk_a_revocation_still_commits_when_nothing_else_does (void **state)
{
    (void)state;
    if (!mounted)
        skip ();
    struct store *store = NULL;
    assert_int_equal (open_store (&store), 0);
    fill_disk (0);

    uint64_t ordinary = 0;
    int r;
    while ((r = commit_batch (store, STORE_AUDIT, ordinary, false)) == 0)
        ordinary += BATCH;
    assert_int_equal (r, STORE_FULL);
    assert_true (ordinary * 300 > (SIZE - RESERVE) / 2); /* all of it on a disk with not a block left */

    uint64_t privileged = 0;
    for (; privileged < 1000; privileged += BATCH) {
        assert_int_equal (commit_batch (store, STORE_EVENT, privileged, true), 0);
        assert_int_equal (commit_batch (store, STORE_AUDIT, ordinary + privileged, false), STORE_FULL);
    }
    store_close (&store);

    /* Still full: it opens, and has every commit and nothing of those that were refused. */
    assert_int_equal (open_store (&store), 0);
    assert_int_equal (count (store, STORE_AUDIT), ordinary);
    assert_int_equal (count (store, STORE_EVENT), privileged);
    assert_int_equal (commit_batch (store, STORE_EVENT, privileged, true), 0);
    store_close (&store);
}

static void test_on_a_full_disk_a_store_does_not_grow_and_goes_on_as_it_was (void **state)
{
    (void)state;
    if (!mounted)
        skip ();
    struct store *store = NULL;
    struct store_info before, after;
    char error[256];
    const struct store_options larger = {.directory = mount_point, .size = 2 * SIZE, .reserve = RESERVE};
    assert_int_equal (open_store (&store), 0);
    fill_disk (0);
    uint64_t had = count (store, STORE_EVENT);
    assert_int_equal (store_info (store, &before), 0);
    assert_int_equal (store_resize (store, &larger, error, sizeof error), -ENOSPC);
    assert_non_null (strstr (error, "No space left"));
    assert_int_equal (store_info (store, &after), 0);
    assert_memory_equal (&before, &after, sizeof before);
    assert_int_equal (commit_batch (store, STORE_EVENT, had, true), 0);
    store_close (&store);
    assert_int_equal (open_store (&store), 0);
    assert_int_equal (count (store, STORE_EVENT), had + BATCH);
    store_close (&store);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_store_that_does_not_fit_is_not_made),
        cmocka_unit_test (test_on_a_full_disk_a_revocation_still_commits_when_nothing_else_does),
        cmocka_unit_test (test_on_a_full_disk_a_store_does_not_grow_and_goes_on_as_it_was),
    };
    return cmocka_run_group_tests_name ("store on a full disk", tests, mount_small_disk, unmount_small_disk);
}
