/* Files that are there whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/file_write.h"
#include "testing.h"

static char directory[] = "/tmp/test-file-write-XXXXXX", path[PATH_MAX], other[PATH_MAX];

static int make_directory (void **state)
{
    (void)state;
    strcpy (directory + sizeof directory - 7, "XXXXXX");
    assert_non_null (mkdtemp (directory));
    snprintf (path, sizeof path, "%s/file", directory);
    snprintf (other, sizeof other, "%s/other", directory);
    return 0;
}

static int remove_directory (void **state)
{
    (void)state;
    unlink (path);
    unlink (other);
    return rmdir (directory); /* fails where something is left beside */
}

static void assert_holds (const char *file, const char *expected, size_t size)
{
    static char text[1 << 20];
    FILE *in = fopen (file, "r");
    assert_non_null (in);
    assert_int_equal (fread (text, 1, sizeof text, in), size);
    fclose (in);
    assert_memory_equal (text, expected, size);
}

/* As a full disk. */
static struct rlimit fill_disk (rlim_t left)
{
    struct rlimit before, none;
    signal (SIGXFSZ, SIG_IGN);
    assert_int_equal (getrlimit (RLIMIT_FSIZE, &before), 0);
    none = (struct rlimit){left, before.rlim_max};
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &none), 0);
    return before;
}

static void test_a_new_file_is_whole_and_for_its_owner_alone (void **state)
{
    (void)state;
    static char large[300000];
    memset (large, 'x', sizeof large);
    mode_t before = umask (0277);
    assert_int_equal (file_create (path, large, sizeof large), 0);
    umask (before);
    struct stat about;
    assert_int_equal (stat (path, &about), 0);
    assert_int_equal (about.st_mode & 07777, 0600);
    assert_holds (path, large, sizeof large);
    assert_int_equal (file_create (other, "", 0), 0);
    assert_holds (other, "", 0);
}

static void test_what_has_the_name_stays (void **state)
{
    (void)state;
    assert_int_equal (file_create (path, "first", 5), 0);
    assert_int_equal (file_create (path, "second", 6), -EEXIST);
    assert_holds (path, "first", 5);
    assert_int_equal (symlink ("nowhere", other), 0);
    assert_int_equal (file_create (other, "second", 6), -EEXIST);
    struct stat about;
    assert_int_equal (lstat (other, &about), 0);
    assert_true (S_ISLNK (about.st_mode));
}

static void test_a_file_takes_the_place_of_another_and_of_none (void **state)
{
    (void)state;
    assert_int_equal (file_replace (path, "a longer one", 12), 0);
    assert_int_equal (file_replace (path, "short", 5), 0);
    assert_holds (path, "short", 5);
    /* A link is replaced, and not followed. */
    assert_int_equal (symlink (path, other), 0);
    assert_int_equal (file_replace (other, "own", 3), 0);
    assert_holds (path, "short", 5);
    assert_holds (other, "own", 3);
}

static void test_what_does_not_fit_leaves_the_old_one_or_none (void **state)
{
    (void)state;
    assert_int_equal (file_create (path, "old", 3), 0);
    struct rlimit before = fill_disk (4);
    int created = file_create (other, "too long", 8), replaced = file_replace (path, "too long", 8);
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &before), 0);
    assert_int_equal (created, -EFBIG);
    assert_int_equal (replaced, -EFBIG);
    assert_false (file_is_no_name (created));
    assert_holds (path, "old", 3);
    assert_int_equal (access (other, F_OK), -1);
}

static void test_where_no_file_can_be_that_is_said (void **state)
{
    (void)state;
    char within[PATH_MAX + 8];
    snprintf (within, sizeof within, "%s/file", other);
    assert_int_equal (file_create (within, "x", 1), -ENOENT);
    assert_int_equal (file_create (other, "x", 1), 0);
    assert_int_equal (file_replace (within, "x", 1), -ENOTDIR);
    assert_true (file_is_no_name (-ENOENT) && file_is_no_name (-ENOTDIR) && file_is_no_name (-EEXIST));
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, make_directory, remove_directory)
    const struct CMUnitTest tests[] = {
        TEST (test_a_new_file_is_whole_and_for_its_owner_alone),
        TEST (test_what_has_the_name_stays),
        TEST (test_a_file_takes_the_place_of_another_and_of_none),
        TEST (test_what_does_not_fit_leaves_the_old_one_or_none),
        TEST (test_where_no_file_can_be_that_is_said),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
