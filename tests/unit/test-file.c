#include "config/file.h"
#include "testing.h"
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64];

static const char *within (const char *name)
{
    static char path[4][128];
    static unsigned next;
    char *made = path[next++ % 4];
    snprintf (made, sizeof path[0], "%s/%s", directory, name);
    return made;
}

static void write_file (const char *name, const char *text, mode_t mode)
{
    int fd = open (within (name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true (fd >= 0);
    assert_int_equal (write (fd, text, strlen (text)), strlen (text));
    assert_int_equal (fchmod (fd, mode), 0);
    close (fd);
}

static int set_up (void **state)
{
    (void)state;
    strcpy (directory, "/tmp/test-file-XXXXXX");
    return mkdtemp (directory) != NULL ? 0 : -1;
}

static int delete_one (const char *path, const struct stat *found, int kind, struct FTW *place)
{
    (void)found, (void)kind, (void)place;
    return remove (path);
}

static int tear_down (void **state)
{
    (void)state;
    return nftw (directory, delete_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void assert_read (const char *name, const char *expected)
{
    struct file_why why = {""};
    char *text = NULL;
    size_t size = 0;
    assert_int_equal (file_read (within (name), 10, &text, &size, &why), 0);
    assert_int_equal (size, strlen (expected));
    assert_string_equal (text, expected);
    free (text);
}

static void assert_not_read (const char *name, const char *because)
{
    struct file_why why = {""};
    char *text = NULL;
    size_t size = 0;
    alarm (5); /* it must not wait */
    assert_int_equal (file_read (within (name), 10, &text, &size, &why), FILE_REFUSED);
    alarm (0);
    assert_null (text);
    if (strstr (why.text, because) == NULL)
        fail_msg ("'%s' is not in '%s'", because, why.text);
}

static void test_a_regular_file_is_read_whole (void **state)
{
    (void)state;
    write_file ("a",
                "tien tekens"
                "\0",
                0600);
    assert_not_read ("a", "larger than 10 bytes");
    write_file ("a", "tien teken", 0600);
    assert_read ("a", "tien teken");
    write_file ("a", "", 0600);
    assert_read ("a", "");
    assert_int_equal (symlink ("a", within ("link")), 0);
    assert_read ("link", "");
}

static void test_what_is_no_regular_file_is_refused_without_waiting (void **state)
{
    (void)state;
    assert_int_equal (mkfifo (within ("fifo"), 0600), 0);
    assert_not_read ("fifo", "not a regular file");
    assert_int_equal (symlink ("fifo", within ("link")), 0);
    assert_not_read ("link", "not a regular file");
    assert_int_equal (symlink ("/dev/zero", within ("device")), 0);
    assert_not_read ("device", "not a regular file");
    assert_int_equal (mkdir (within ("directory"), 0700), 0);
    assert_not_read ("directory", "not a regular file");
    assert_int_equal (symlink ("round", within ("round")), 0);
    assert_not_read ("round", "cannot be read");
    assert_not_read ("nothing", "No such file");
}

static void assert_safe (const char *name)
{
    struct file_why why = {""};
    assert_int_equal (file_check_writers (within (name), &why), 0);
    assert_string_equal (why.text, "");
}

static void assert_unsafe (const char *name, const char *culprit)
{
    struct file_why why = {""};
    assert_int_equal (file_check_writers (within (name), &why), FILE_REFUSED);
    if (strstr (why.text, within (culprit)) == NULL)
        fail_msg ("'%s' is not in '%s'", within (culprit), why.text);
}

static void test_what_others_may_write_is_refused_and_so_is_all_below_it (void **state)
{
    (void)state;
    assert_int_equal (mkdir (within ("open"), 0700), 0);
    assert_int_equal (mkdir (within ("open/closed"), 0700), 0);
    write_file ("open/closed/file", "x", 0644);
    assert_safe ("open/closed/file");
    assert_safe ("open/closed");
    const mode_t modes[] = {0720, 0702, 0777};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal (chmod (within ("open"), modes[i]), 0);
        assert_unsafe ("open", "open");
        assert_unsafe ("open/closed", "open");
        assert_unsafe ("open/closed/file", "open");
        assert_unsafe ("open/not-there", "open"); /* anybody could make it */
        assert_int_equal (chmod (within ("open"), modes[i] | S_ISVTX), 0);
        assert_safe ("open/closed/file");
        assert_unsafe ("open", "open"); /* itself is what is trusted */
    }
    assert_int_equal (chmod (within ("open"), 0755), 0);
    assert_int_equal (chmod (within ("open/closed/file"), 0664), 0);
    assert_unsafe ("open/closed/file", "open/closed/file");
}

static void test_a_link_is_judged_by_where_it_leads (void **state)
{
    (void)state;
    assert_int_equal (mkdir (within ("open"), 0700), 0);
    write_file ("open/file", "x", 0600);
    assert_int_equal (symlink ("open/file", within ("link")), 0);
    assert_safe ("link");
    assert_int_equal (chmod (within ("open"), 0777), 0);
    assert_unsafe ("link", "open");
}

static void test_what_belongs_to_somebody_else_is_refused (void **state)
{
    (void)state;
    if (geteuid () != 0)
        skip (); /* only root can give a file away */
    write_file ("file", "x", 0600);
    assert_int_equal (chown (within ("file"), 65534, (gid_t)-1), 0);
    assert_unsafe ("file", "file");
}

static int read_itself (const char *name, struct file_why *why)
{
    char *text = NULL;
    size_t size = 0;
    int rc = file_read_itself (within (name), 10, &text, &size, why);
    if (rc == 0)
        assert_string_equal (text, "inhoud");
    else
        assert_null (text);
    free (text);
    return rc;
}

static void test_a_file_that_must_be_one_itself_is_no_link (void **state)
{
    (void)state;
    struct file_why why;
    write_file ("file", "inhoud", 0600);
    assert_int_equal (read_itself ("file", &why), 0);
    assert_int_equal (symlink ("file", within ("link")), 0);
    assert_int_equal (mkfifo (within ("fifo"), 0600), 0);
    write_file ("long", "tien tekens en meer", 0600);
    const char *const refused[] = {"link", "fifo", ".", "none", "long"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_equal (read_itself (refused[i], &why), FILE_REFUSED);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (test_a_regular_file_is_read_whole),
        TEST (test_what_is_no_regular_file_is_refused_without_waiting),
        TEST (test_what_others_may_write_is_refused_and_so_is_all_below_it),
        TEST (test_a_link_is_judged_by_where_it_leads),
        TEST (test_what_belongs_to_somebody_else_is_refused),
        TEST (test_a_file_that_must_be_one_itself_is_no_link),
    };
    return cmocka_run_group_tests_name ("file", tests, NULL, NULL);
}
