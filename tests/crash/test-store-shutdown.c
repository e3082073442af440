/* A real file system is shut down while the store is at work on it: from then on nothing reaches its disk. It is
   unmounted, mounted again, and everything that was acknowledged is there. ext4, and xfs where there is mkfs.xfs.
   SHUTDOWN_ROUNDS says how often.

   The control lets each fdatasync come back without doing anything: then acknowledged turns are lost. Where no
   file system can be mounted the tests are skipped. */
#undef _FORTIFY_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "turns.h"

/* linux/fs/ext4/ext4.h and xfs_fs.h have the same: how much of its own log is still written. */
#define SHUT_DOWN _IOR ('X', 125, uint32_t)
enum { LOG_FLUSHED = 1, NOTHING_FLUSHED = 2 };

enum { ROUNDS = 6, SIZE = 4 * TURNS_SIZE };

static char place[64], mount_point[96], image[96], data[128];
static const char *type = "ext4";
static const char *cannot; /* why there is nothing to test on; NULL: there is */
static unsigned random_state = 2015;
static bool lies; /* fdatasync */

int fdatasync (int fd)
{
    static int (*next) (int);
    if (next == NULL)
        *(void **)&next = dlsym (RTLD_NEXT, "fdatasync");
    return lies ? 0 : next (fd);
}

static bool run (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

static bool run (const char *format, ...)
{
    char command[512];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (command, sizeof command, format, arguments);
    va_end (arguments);
    return system (command) == 0; /* NOLINT: fixed words and our own paths */
}

static bool mount_image (void)
{
    return run ("mount -o loop %s %s 2>/dev/null", image, mount_point);
}

static int make_file_system (void **state)
{
    (void)state;
    cannot = NULL;
    strcpy (place, "/tmp/test-shutdown-XXXXXX");
    if (mkdtemp (place) == NULL)
        return -1;
    snprintf (mount_point, sizeof mount_point, "%s/mount", place);
    snprintf (image, sizeof image, "%s/image", place);
    snprintf (data, sizeof data, "%s/data", mount_point);
    if (mkdir (mount_point, 0700) < 0)
        return -1;
    if (unshare (CLONE_NEWNS) < 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        cannot = "no file system can be mounted without root";
    else if (!run ("truncate -s 320M %s && PATH=$PATH:/sbin:/usr/sbin mkfs.%s -q %s >/dev/null 2>&1", image, type,
                   image))
        cannot = "there is no mkfs for it";
    else if (!mount_image () || mkdir (data, 0700) < 0)
        cannot = "no loop device can be mounted";
    else if (umount (mount_point) < 0)
        return -1;
    if (cannot != NULL)
        print_message ("%s skipped: %s\n", type, cannot);
    return 0;
}

static int remove_file_system (void **state)
{
    (void)state;
    umount2 (mount_point, MNT_DETACH);
    unlink (image);
    rmdir (mount_point);
    return rmdir (place);
}

/* --- A round ------------------------------------------------------------------------------------------ */

/* Writes turns, every other one while the one before is synced, until the disk fails or it is killed. */
_Noreturn static void write_turns (uint64_t turn, int acknowledgements)
{
    char error[256];
    uint64_t number, durable, newest;
    struct store *store = turns_open (data, SIZE, error);
    if (store == NULL)
        _exit (1);
    for (;; turn += 2) {
        if (turns_write_soon (store, turn, &number) != 0 || store_sync_begin (store) != 0 ||
            turns_write_soon (store, turn + 1, &number) != 0 || store_sync (store) != 0 ||
            store_durable (store, &durable) != 0 || durable < number)
            _exit (0);
        newest = turn + 1;
        if (write (acknowledgements, &newest, sizeof newest) != sizeof newest)
            _exit (2);
    }
}

static uint64_t last_acknowledged (int acknowledgements, uint64_t before)
{
    uint64_t turn;
    while (read (acknowledgements, &turn, sizeof turn) == sizeof turn)
        before = turn;
    return before;
}

static void shut_down (void)
{
    uint32_t how = (random_state >> 20) % 2 == 0 ? LOG_FLUSHED : NOTHING_FLUSHED;
    int fd = open (mount_point, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true (fd >= 0);
    assert_int_equal (ioctl (fd, SHUT_DOWN, &how), 0);
    close (fd);
}

/* Returns the newest turn that was acknowledged. Nothing is mounted before and after. */
static uint64_t write_until_shut_down (uint64_t newest)
{
    int ends[2];
    assert_true (mount_image ());
    assert_int_equal (pipe (ends), 0);
    pid_t writer = fork ();
    assert_true (writer >= 0);
    if (writer == 0) {
        close (ends[0]);
        write_turns (newest + 1, ends[1]);
    }
    close (ends[1]);
    random_state = random_state * 1103515245u + 12345u;
    nanosleep (&(struct timespec){.tv_nsec = 100000000 + (random_state >> 8) % 300000000}, NULL);
    shut_down ();
    nanosleep (&(struct timespec){.tv_nsec = 50000000}, NULL);
    kill (writer, SIGKILL);
    assert_int_equal (waitpid (writer, NULL, 0), writer);
    uint64_t told = last_acknowledged (ends[0], newest);
    close (ends[0]);
    assert_int_equal (umount (mount_point), 0);
    return told;
}

/* NULL, or what is wrong. In `newest` the newest turn that is there. */
static const char *look (uint64_t *newest)
{
    static char error[256];
    struct store *store = turns_open (data, SIZE, error);
    if (store == NULL)
        return error;
    const char *wrong = turns_compare (store, newest);
    store_close (&store);
    return wrong;
}

static void test_what_was_acknowledged_outlives_the_file_system (void **state)
{
    (void)state;
    uint64_t newest = 0, told = 0;
    const char *rounds = getenv ("SHUTDOWN_ROUNDS");
    if (cannot != NULL)
        skip ();
    for (long round = rounds != NULL ? atol (rounds) : ROUNDS; round > 0; round--) {
        told = write_until_shut_down (newest);
        assert_true (mount_image ());
        const char *wrong = look (&newest);
        if (wrong != NULL)
            fail_msg ("turn %llu was acknowledged: %s", (unsigned long long)told, wrong);
        assert_true (newest >= told);
        assert_true (newest <= told + 2);
        assert_int_equal (umount (mount_point), 0);
    }
    assert_true (newest > 20);
    print_message ("%llu turns\n", (unsigned long long)newest);
}

static void test_without_syncs_it_is_lost (void **state)
{
    (void)state;
    if (cannot != NULL)
        skip ();
    bool lost = false;
    for (int round = 0; round < ROUNDS && !lost; round++) {
        uint64_t newest = 0;
        assert_true (mount_image ());
        assert_true (run ("rm -f %s/*", data));
        assert_int_equal (umount (mount_point), 0);
        lies = true;
        uint64_t told = write_until_shut_down (0);
        lies = false;
        assert_true (mount_image ());
        lost = told > 0 && (look (&newest) != NULL || newest < told);
        assert_int_equal (umount (mount_point), 0);
    }
    assert_true (lost);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_was_acknowledged_outlives_the_file_system),
        cmocka_unit_test (test_without_syncs_it_is_lost),
    };
    int failed = cmocka_run_group_tests_name ("store on an ext4 that is shut down", tests, make_file_system,
                                              remove_file_system);
    type = "xfs";
    return failed + cmocka_run_group_tests_name ("store on an xfs that is shut down", tests, make_file_system,
                                                 remove_file_system);
}
