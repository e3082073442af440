/* The position file of a subscriber: whole or not at all, and never taken for what it is not. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "position.h"
#include "testing.h"

static char directory[PATH_MAX];
static char path[PATH_MAX + 16];

static const struct position POSITION = {
    {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}, 1042};

static int make_directory (void **state)
{
    (void)state;
    snprintf (directory, sizeof directory, "%s/test-position.XXXXXX",
              getenv ("TMPDIR") ? getenv ("TMPDIR") : "/tmp");
    if (!mkdtemp (directory))
        return -1;
    snprintf (path, sizeof path, "%s/position", directory);
    return 0;
}

static int remove_directory (void **state)
{
    (void)state;
    unlink (path);
    return rmdir (directory);
}

static void write_text (const char *text, size_t size)
{
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    assert_int_equal (fwrite (text, 1, size, file), size);
    assert_int_equal (fclose (file), 0);
}

static size_t read_text (char *text, size_t size)
{
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    size_t length = fread (text, 1, size - 1, file);
    fclose (file);
    text[length] = 0;
    return length;
}

static void test_no_file_is_a_new_start (void **state)
{
    (void)state;
    struct position found = POSITION;
    assert_int_equal (position_read (&found, path), POSITION_NONE);
    assert_int_equal (found.number, 0);
}

static void test_a_position_is_read_back_as_it_was_written (void **state)
{
    (void)state;
    const uint64_t numbers[] = {0, 1, 1042, UINT64_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct position written = POSITION, found;
        written.number = numbers[i];
        assert_int_equal (position_write (&written, path), 0);
        assert_int_equal (position_read (&found, path), 0);
        assert_memory_equal (&found, &written, sizeof found);
    }
}

static void test_only_its_owner_can_read_it (void **state)
{
    (void)state;
    assert_int_equal (position_write (&POSITION, path), 0);
    struct stat about;
    assert_int_equal (stat (path, &about), 0);
    assert_int_equal (about.st_mode & 0777, 0600);
}

static void test_a_file_cut_short_is_no_position (void **state)
{
    (void)state;
    assert_int_equal (position_write (&POSITION, path), 0);
    char text[256];
    size_t length = read_text (text, sizeof text);
    for (size_t size = 0; size < length; size++) {
        write_text (text, size);
        struct position found;
        assert_int_equal (position_read (&found, path), POSITION_INVALID);
        assert_int_equal (found.number, 0);
    }
    write_text (text, length);
    struct position found;
    assert_int_equal (position_read (&found, path), 0);
}

static void test_what_is_almost_a_position_is_none (void **state)
{
    (void)state;
#define HEAD "consent-position 1\nepoch 00112233445566778899aabbccddeeff\n"
    const char *const texts[] = {
        "consent-position 2\nepoch 00112233445566778899aabbccddeeff\nnumber 7\n",
        "consent-position 1\nepoch 00112233445566778899AABBCCDDEEFF\nnumber 7\n",
        "consent-position 1\nepoch 00112233445566778899aabbccddeef\nnumber 7\n",
        HEAD "number 07\n",
        HEAD "number -7\n",
        HEAD "number  7\n",
        HEAD "number 7\nnumber 8\n",
        HEAD "number 18446744073709551616\n",
        HEAD "number 99999999999999999999\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_text (texts[i], strlen (texts[i]));
        struct position found;
        assert_int_equal (position_read (&found, path), POSITION_INVALID);
    }
    write_text (HEAD "number 7\n", strlen (HEAD "number 7\n"));
    struct position found;
    assert_int_equal (position_read (&found, path), 0);
    assert_int_equal (found.number, 7);
#undef HEAD
}

static void test_a_write_that_fails_leaves_the_old_position (void **state)
{
    (void)state;
    assert_int_equal (position_write (&POSITION, path), 0);
    struct position next = POSITION, found;
    next.number++;
    struct rlimit before, none = {0};
    signal (SIGXFSZ, SIG_IGN);
    assert_int_equal (getrlimit (RLIMIT_FSIZE, &before), 0);
    none.rlim_max = before.rlim_max;
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &none), 0); /* as a full disk */
    assert_int_equal (position_write (&next, path), -EFBIG);
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &before), 0);
    assert_int_equal (position_read (&found, path), 0);
    assert_int_equal (found.number, POSITION.number);
}

static void test_a_fifo_in_its_place_is_not_waited_for (void **state)
{
    (void)state;
    struct position found;
    assert_int_equal (mkfifo (path, 0600), 0);
    assert_int_equal (position_read (&found, path), POSITION_INVALID);
    assert_int_equal (position_write (&POSITION, path), 0);
    assert_int_equal (position_read (&found, path), 0);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, make_directory, remove_directory)
    const struct CMUnitTest tests[] = {
        TEST (test_no_file_is_a_new_start),
        TEST (test_a_position_is_read_back_as_it_was_written),
        TEST (test_only_its_owner_can_read_it),
        TEST (test_a_file_cut_short_is_no_position),
        TEST (test_what_is_almost_a_position_is_none),
        TEST (test_a_write_that_fails_leaves_the_old_position),
        TEST (test_a_fifo_in_its_place_is_not_waited_for),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
