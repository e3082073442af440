/* R7: the list beside the keyring. Whatever of it is cut off, damaged, swapped or another's is noticed, and what
   is being written never stands in the place of what was there before it is whole. */
#include "keyring_list.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "testing.h"

enum { MANY = 5000, LIMIT = 4 << 20 };

struct fixture {
    char directory[64], vault_key[96], list[128], draft[144], keys[128], folder[96], error[512];
    struct vault *vault;
    struct keyring_place place;
    struct keyring *keyring;
};

static int set_up (void **state)
{
    struct fixture *self = calloc (1, sizeof *self);
    strcpy (self->directory, "/tmp/test-keyring-list-XXXXXX");
    assert_non_null (mkdtemp (self->directory));
    snprintf (self->vault_key, sizeof self->vault_key, "%s/vault.key", self->directory);
    snprintf (self->list, sizeof self->list, "%s/" KEYRING_LIST_NAME, self->directory);
    snprintf (self->draft, sizeof self->draft, "%s.new", self->list);
    snprintf (self->keys, sizeof self->keys, "%s/" KEYRING_NAME, self->directory);
    snprintf (self->folder, sizeof self->folder, "%s/subjects", self->directory);
    assert_int_equal (vault_create (self->vault_key), 0);
    assert_int_equal (vault_open (&self->vault, self->vault_key, self->error, sizeof self->error), 0);
    self->place = (struct keyring_place){self->vault, self->vault_key, self->error, sizeof self->error};
    assert_int_equal (keyring_create (&self->place), 0);
    assert_int_equal (keyring_open (&self->keyring, &self->place), 0);
    *state = self;
    return 0;
}

static int tear_down (void **state)
{
    struct fixture *self = *state;
    keyring_destroy (&self->keyring);
    vault_destroy (&self->vault);
    unlink (self->vault_key);
    unlink (self->list);
    unlink (self->keys);
    assert_int_equal (rmdir (self->folder), 0); /* nothing is left beside */
    assert_int_equal (rmdir (self->directory), 0);
    free (self);
    return 0;
}

/* Entry `number` of a list of MANY: two erased people, then keys, of which one has a long value. */
static struct keyring_listed entry_at (unsigned number, unsigned salt)
{
    static uint8_t key[32], value[KEYRING_LIST_VALUE_LIMIT];
    memset (key, 0, sizeof key);
    key[0] = (uint8_t)number;
    key[1] = (uint8_t)(number >> 8);
    memset (value, (int)(number + salt), sizeof value);
    if (number < 2)
        return (struct keyring_listed){.round = number + 2, .key = {key, VAULT_ID_SIZE}};
    return (struct keyring_listed){.table = (uint8_t)(number % 7),
                                   .key = {key, 16 + number % 17},
                                   .value = {value, number == 2 ? sizeof value : 72}};
}

static int write_list (struct fixture *self, unsigned count, unsigned salt)
{
    struct keyring_list_draft *draft;
    int rc = keyring_list_begin (&draft, self->keyring);
    for (unsigned i = 0; i < count && rc == 0; i++) {
        struct keyring_listed entry = entry_at (i, salt);
        rc = keyring_list_put (draft, &entry);
    }
    if (rc == 0)
        rc = keyring_list_finish (draft);
    keyring_list_drop (&draft);
    return rc;
}

/* How many entries there are, which must be as they were written; or, below 0, what is wrong: minus the outcome.
 */
static int read_list (struct fixture *self, unsigned salt)
{
    struct keyring_list *list;
    struct keyring_listed entry;
    int rc = keyring_list_open (&list, self->keyring), count = 0;
    while (rc == 0 && (rc = keyring_list_next (list, &entry)) == 0) {
        struct keyring_listed expected = entry_at ((unsigned)count++, salt);
        assert_int_equal (entry.round, expected.round);
        assert_int_equal (entry.table, expected.table);
        assert_int_equal (entry.key.size, expected.key.size);
        assert_memory_equal (entry.key.data, expected.key.data, entry.key.size);
        assert_int_equal (entry.value.size, expected.value.size);
        if (entry.value.size > 0)
            assert_memory_equal (entry.value.data, expected.value.data, entry.value.size);
    }
    keyring_list_close (&list);
    return rc == KEYRING_LIST_END ? count : -rc;
}

static void test_what_was_written_is_read (void **state)
{
    struct fixture *self = *state;
    struct stat about;
    assert_int_equal (read_list (self, 0), -KEYRING_LIST_MISSING);
    for (unsigned count = 0; count <= MANY; count = count * 10 + (count == 0)) {
        assert_int_equal (write_list (self, count, count), 0);
        assert_int_equal (read_list (self, count), count);
    }
    assert_int_equal (write_list (self, MANY, 0), 0);
    assert_int_equal (read_list (self, 0), MANY);
    assert_int_equal (stat (self->list, &about), 0);
    assert_int_equal (about.st_mode & 07777, 0600);
    assert_int_not_equal (access (self->draft, F_OK), 0);
}

/* --- The file as bytes --- */

struct content {
    uint8_t *data;
    size_t size;
};

static struct content read_all (struct fixture *self)
{
    struct content content = {malloc (LIMIT), 0};
    FILE *file = fopen (self->list, "r");
    assert_non_null (file);
    content.size = fread (content.data, 1, LIMIT, file);
    fclose (file);
    return content;
}

static void write_all (struct fixture *self, const uint8_t *data, size_t size)
{
    int file = open (self->list, O_WRONLY | O_TRUNC | O_CREAT, 0600);
    assert_true (file >= 0);
    assert_int_equal (write (file, data, size), (ssize_t)size);
    close (file);
}

static void test_nobody_reads_a_pseudonym_in_it (void **state)
{
    struct fixture *self = *state;
    assert_int_equal (write_list (self, MANY, 0), 0);
    struct content content = read_all (self);
    struct keyring_listed entry = entry_at (0x1234, 0);
    assert_null (memmem (content.data, content.size, entry.key.data, entry.key.size));
    free (content.data);
}

static void refused (struct fixture *self, int outcome, const char *why)
{
    assert_int_equal (read_list (self, 0), -outcome);
    if (strstr (self->error, why) == NULL || strstr (self->error, "subjects.list") == NULL)
        fail_msg ("not \"%s\" but \"%s\"", why, self->error);
}

/* Every size that it can be cut off at is tried near its ends and in between, and every byte in steps. */
static void test_what_is_cut_off_or_damaged_is_noticed (void **state)
{
    struct fixture *self = *state;
    assert_int_equal (write_list (self, MANY, 0), 0);
    struct content content = read_all (self);
    assert_int_equal (read_list (self, 0), MANY); /* the control */
    for (size_t size = 0; size < content.size; size += size < 200 || size + 200 > content.size ? 1 : 9973) {
        write_all (self, content.data, size);
        refused (self, KEYRING_LIST_DAMAGED, "damaged");
    }
    for (size_t at = 0; at < content.size; at += at < 300 ? 1 : 4999) {
        content.data[at] ^= 0x40;
        write_all (self, content.data, content.size);
        assert_true (read_list (self, 0) < 0); /* in the keyring's id it is another's */
        content.data[at] ^= 0x40;
    }
    content.data = realloc (content.data, content.size + 1);
    content.data[content.size] = 0;
    write_all (self, content.data, content.size + 1);
    refused (self, KEYRING_LIST_DAMAGED, "damaged");
    write_all (self, content.data, content.size);
    assert_int_equal (read_list (self, 0), MANY);
    free (content.data);
}

/* A piece of another list of the same keyring, at the same place. */
static void test_pieces_of_two_lists_are_not_one (void **state)
{
    struct fixture *self = *state;
    const uint16_t bucket = 7;
    assert_int_equal (write_list (self, MANY, 0), 0);
    struct content first = read_all (self);
    assert_int_equal (keyring_replace (self->keyring, &bucket, 1), 0);
    assert_int_equal (keyring_destroy_former (self->keyring), 0);
    assert_int_equal (write_list (self, MANY, 0), 0);
    struct content second = read_all (self);
    assert_int_equal (first.size, second.size);
    write_all (self, second.data, second.size);
    assert_int_equal (read_list (self, 0), MANY);
    memcpy (second.data + second.size / 2, first.data + second.size / 2, second.size - second.size / 2);
    write_all (self, second.data, second.size);
    refused (self, KEYRING_LIST_DAMAGED, "damaged");
    free (first.data);
    free (second.data);
}

static void test_what_is_another_keyrings_or_no_list_is_refused (void **state)
{
    struct fixture *self = *state;
    assert_int_equal (write_list (self, 3, 0), 0);
    keyring_destroy (&self->keyring);
    unlink (self->keys);
    assert_int_equal (keyring_create (&self->place), 0);
    assert_int_equal (keyring_open (&self->keyring, &self->place), 0);
    refused (self, KEYRING_LIST_OTHER, "other keys");
    assert_int_equal (write_list (self, 3, 0), 0);
    assert_int_equal (read_list (self, 0), 3);
    assert_int_equal (chmod (self->list, 0622), 0);
    refused (self, KEYRING_LIST_DAMAGED, "damaged");
    unlink (self->list);
    assert_int_equal (mkdir (self->list, 0700), 0);
    refused (self, KEYRING_LIST_DAMAGED, "damaged");
    rmdir (self->list);
    assert_int_equal (symlink ("elsewhere", self->list), 0);
    assert_true (read_list (self, 0) != 0);
}

/* As a full disk: at every write the one before stays, and nothing is left beside it. */
static void test_a_list_that_cannot_be_written_leaves_the_one_before (void **state)
{
    struct fixture *self = *state;
    struct rlimit before, less;
    assert_int_equal (write_list (self, MANY, 1), 0);
    struct content content = read_all (self);
    signal (SIGXFSZ, SIG_IGN);
    assert_int_equal (getrlimit (RLIMIT_FSIZE, &before), 0);
    for (size_t left = 0; left < content.size; left += left < 64 ? 1 : 20011) {
        less = (struct rlimit){left, before.rlim_max};
        assert_int_equal (setrlimit (RLIMIT_FSIZE, &less), 0);
        int rc = write_list (self, MANY, 2);
        assert_int_equal (setrlimit (RLIMIT_FSIZE, &before), 0);
        assert_true (rc < 0);
        assert_non_null (strstr (self->error, "subjects.list"));
        assert_int_not_equal (access (self->draft, F_OK), 0);
        assert_int_equal (read_list (self, 1), MANY);
    }
    assert_int_equal (write_list (self, MANY, 2), 0);
    assert_int_equal (read_list (self, 2), MANY);
    free (content.data);
}

/* What a process that was killed left of its draft is in nobody's way. */
static void test_a_draft_of_a_process_before_is_written_over (void **state)
{
    struct fixture *self = *state;
    struct keyring_list_draft *draft;
    assert_int_equal (write_list (self, 5, 1), 0);
    FILE *left = fopen (self->draft, "w");
    assert_non_null (left);
    fputs ("half of it", left);
    fclose (left);
    assert_int_equal (read_list (self, 1), 5);
    assert_int_equal (keyring_list_begin (&draft, self->keyring), 0);
    assert_int_equal (read_list (self, 1), 5);
    keyring_list_drop (&draft); /* given up */
    assert_int_equal (read_list (self, 1), 5);
    assert_int_equal (write_list (self, 6, 2), 0);
    assert_int_equal (read_list (self, 2), 6);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_what_was_written_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_nobody_reads_a_pseudonym_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_cut_off_or_damaged_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_pieces_of_two_lists_are_not_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_another_keyrings_or_no_list_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_list_that_cannot_be_written_leaves_the_one_before, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_draft_of_a_process_before_is_written_over, set_up, tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
