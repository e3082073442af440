/* Opening a store: what is refused as none, damaged or open to others, and how large it is. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "scratch_store.h"
#include "testing.h"

static void test_a_fresh_store_is_set_aside_whole_and_closed_to_others (void **state)
{
    struct scratch_store *self = *state;
    struct stat status;
    assert_int_equal (stat (self->path, &status), 0);
    assert_int_equal (status.st_mode & 07777, 0600);
    assert_int_equal (status.st_size, SCRATCH_SIZE);
    assert_true (status.st_blocks * 512 >= SCRATCH_SIZE);
}

static void test_a_store_grows_to_a_larger_size_and_never_shrinks (void **state)
{
    struct scratch_store *self = *state;
    const uint64_t sizes[][2] = {{2 * SCRATCH_SIZE, 2 * SCRATCH_SIZE}, {SCRATCH_SIZE, 2 * SCRATCH_SIZE}};
    for (size_t i = 0; i < 2; i++) {
        struct stat status;
        struct store_info info;
        store_close (&self->store);
        self->options.size = sizes[i][0];
        assert_int_equal (scratch_open_again (self), 0);
        assert_int_equal (stat (self->path, &status), 0);
        assert_int_equal (status.st_size, sizes[i][1]);
        assert_true ((uint64_t)status.st_blocks * 512 >= sizes[i][1]);
        assert_int_equal (store_info (self->store, &info), 0);
        assert_int_equal (info.size, sizes[i][1]);
    }
}

static void test_a_second_opener_is_refused_until_the_first_is_gone (void **state)
{
    struct scratch_store *self = *state;
    struct store *first = self->store;
    self->store = NULL;
    assert_int_equal (scratch_open_again (self), STORE_IN_USE);
    assert_non_null (strstr (self->error, "in use"));
    store_close (&first);
    assert_int_equal (scratch_open_again (self), 0);
}

static void test_a_store_that_others_may_open_is_refused (void **state)
{
    struct scratch_store *self = *state;
    store_close (&self->store);
    const mode_t modes[] = {0640, 0620, 0604, 0602, 0666};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal (chmod (self->path, modes[i]), 0);
        scratch_assert_refused (self, "open to others");
    }
    assert_int_equal (chmod (self->path, 0600), 0);
    assert_int_equal (scratch_open_again (self), 0);
}

static void test_a_store_of_somebody_else_is_refused (void **state)
{
    struct scratch_store *self = *state;
    if (geteuid () != 0)
        skip (); /* only root can give a file away */
    store_close (&self->store);
    assert_int_equal (chown (self->path, 65534, (gid_t)-1), 0);
    scratch_assert_refused (self, "another user");
}

static void test_a_truncated_store_is_refused_wherever_it_is_cut (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    scratch_put_numbers (self, STORE_AUDIT, 1, 5000, 1);
    scratch_commit (self);
    struct store_info info;
    assert_int_equal (store_info (self->store, &info), 0);
    store_close (&self->store);
    const off_t cuts[] = {(off_t)info.used - 1, (off_t)info.used / 2, 8192, 8191, 4096, 100, 0};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        assert_int_equal (truncate (self->path, cuts[i]), 0);
        scratch_assert_refused (self, cuts[i] >= 8191 ? "truncated" : "not a store");
    }
}

static void test_a_store_cut_in_its_unused_part_is_whole_and_set_aside_again (void **state)
{
    struct scratch_store *self = *state;
    scratch_begin (self);
    scratch_put_numbers (self, STORE_AUDIT, 1, 1000, 1);
    scratch_commit (self);
    store_close (&self->store);
    assert_int_equal (truncate (self->path, SCRATCH_SIZE / 2), 0);
    assert_int_equal (scratch_open_again (self), 0);
    struct stat status;
    assert_int_equal (stat (self->path, &status), 0);
    assert_int_equal (status.st_size, SCRATCH_SIZE);
    uint64_t count;
    scratch_begin (self);
    assert_int_equal (store_count (self->txn, STORE_AUDIT, &count), 0);
    assert_int_equal (count, 1000);
}

static void test_what_is_not_a_store_is_refused (void **state)
{
    struct scratch_store *self = *state;
    char elsewhere[96];
    snprintf (elsewhere, sizeof elsewhere, "%s/elsewhere", self->directory);
    store_close (&self->store);

    assert_int_equal (rename (self->path, elsewhere), 0);
    assert_int_equal (symlink ("elsewhere", self->path), 0);
    scratch_assert_refused (self, "symbolic link");
    assert_int_equal (unlink (self->path), 0);

    assert_int_equal (mkfifo (self->path, 0600), 0);
    scratch_assert_refused (self, "not a regular file");
    assert_int_equal (unlink (self->path), 0);

    char junk[16384];
    memset (junk, 'j', sizeof junk);
    int fd = open (self->path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal (write (fd, junk, sizeof junk), sizeof junk);
    close (fd);
    scratch_assert_refused (self, "not a store");
    assert_int_equal (rename (elsewhere, self->path), 0);
    assert_int_equal (scratch_open_again (self), 0);
}

static void test_impossible_sizes_are_refused (void **state)
{
    struct scratch_store *self = *state;
    store_close (&self->store);
    self->options.size = 4096;
    assert_int_equal (scratch_open_again (self), -EINVAL);
    self->options =
        (struct store_options){.directory = self->directory, .size = SCRATCH_SIZE, .reserve = SCRATCH_SIZE};
    assert_int_equal (scratch_open_again (self), -EINVAL);
    assert_non_null (strstr (self->error, "reserve"));
}

static void test_a_missing_directory_is_named (void **state)
{
    struct scratch_store *self = *state;
    store_close (&self->store);
    self->options.directory = "/nonexistent/registry";
    assert_int_equal (scratch_open_again (self), -ENOENT);
    assert_non_null (strstr (self->error, "/nonexistent/registry"));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST (test_a_fresh_store_is_set_aside_whole_and_closed_to_others),
        SCRATCH_TEST (test_a_store_grows_to_a_larger_size_and_never_shrinks),
        SCRATCH_TEST (test_a_second_opener_is_refused_until_the_first_is_gone),
        SCRATCH_TEST (test_a_store_that_others_may_open_is_refused),
        SCRATCH_TEST (test_a_store_of_somebody_else_is_refused),
        SCRATCH_TEST (test_a_truncated_store_is_refused_wherever_it_is_cut),
        SCRATCH_TEST (test_a_store_cut_in_its_unused_part_is_whole_and_set_aside_again),
        SCRATCH_TEST (test_what_is_not_a_store_is_refused),
        SCRATCH_TEST (test_impossible_sizes_are_refused),
        SCRATCH_TEST (test_a_missing_directory_is_named),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
