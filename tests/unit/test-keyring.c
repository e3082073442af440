/* R7: the keys that are destroyed in order to erase. What was destroyed lies nowhere in the file, whenever the
   machine stopped; what was not destroyed is always there. */
#include "keyring.h"
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "testing.h"

enum { HEAD = 10, LIMIT = 8 << 20 };

struct fixture {
    char directory[64], vault_key[96], file[128], folder[96], error[256];
    struct vault *vault;
    struct keyring_place place;
};

static const uint8_t anna[VAULT_ID_SIZE] = {0x12, 0x34, 1}, beside_anna[VAULT_ID_SIZE] = {0x12, 0x34, 2},
                     bert[VAULT_ID_SIZE] = {0x12, 0x35, 1};

static void open_vault (struct fixture *fixture, const char *name, struct vault **vault)
{
    char path[96];
    snprintf (path, sizeof path, "%.60s/%s", fixture->directory, name);
    assert_int_equal (vault_create (path), 0);
    assert_int_equal (vault_open (vault, path, fixture->error, sizeof fixture->error), 0);
    unlink (path);
}

static int set_up (void **state)
{
    struct fixture *fixture = calloc (1, sizeof *fixture);
    strcpy (fixture->directory, "/tmp/test-keyring-XXXXXX");
    assert_non_null (mkdtemp (fixture->directory));
    snprintf (fixture->vault_key, sizeof fixture->vault_key, "%s/vault.key", fixture->directory);
    snprintf (fixture->file, sizeof fixture->file, "%s/" KEYRING_NAME, fixture->directory);
    snprintf (fixture->folder, sizeof fixture->folder, "%s/subjects", fixture->directory);
    open_vault (fixture, "vault.key", &fixture->vault);
    fixture->place =
        (struct keyring_place){fixture->vault, fixture->vault_key, fixture->error, sizeof fixture->error};
    assert_int_equal (keyring_create (&fixture->place), 0);
    *state = fixture;
    return 0;
}

static int tear_down (void **state)
{
    struct fixture *fixture = *state;
    vault_destroy (&fixture->vault);
    unlink (fixture->file);
    rmdir (fixture->folder);
    assert_int_equal (rmdir (fixture->directory), 0);
    free (fixture);
    return 0;
}

static struct keyring *opened (struct fixture *fixture)
{
    struct keyring *keyring;
    if (keyring_open (&keyring, &fixture->place) != 0)
        fail_msg ("%s", fixture->error);
    return keyring;
}

static struct vault_key key_of (struct fixture *fixture, const uint8_t id[VAULT_ID_SIZE])
{
    struct keyring *keyring = opened (fixture);
    struct vault_key key = *keyring_key (keyring, id);
    keyring_destroy (&keyring);
    return key;
}

/* --- The file as bytes --- */

struct content {
    uint8_t *data;
    size_t size;
};

static struct content read_all (struct fixture *fixture)
{
    struct content content = {malloc (LIMIT), 0};
    FILE *file = fopen (fixture->file, "r");
    assert_non_null (file);
    content.size = fread (content.data, 1, LIMIT, file);
    fclose (file);
    return content;
}

static void write_all (struct fixture *fixture, const struct content *content)
{
    int file = open (fixture->file, O_WRONLY | O_TRUNC);
    assert_true (file >= 0);
    assert_int_equal (write (file, content->data, content->size), (ssize_t)content->size);
    close (file);
}

static size_t copy_size (const struct content *content)
{
    return (content->size - HEAD) / 2;
}

/* In how many of the two copies the key stands. */
static unsigned copies_with (struct fixture *fixture, const struct vault_key *key)
{
    struct content content = read_all (fixture);
    const struct vault_binding binding = {"keyring", 1, content.data, HEAD};
    size_t size = copy_size (&content);
    uint8_t *plain = malloc (size);
    unsigned found = 0;
    for (unsigned i = 0; i < 2; i++) {
        int rc = vault_unseal (vault_keyring_key (fixture->vault), &binding, content.data + HEAD + i * size, size,
                               plain);
        assert_int_equal (rc, 0);
        found += memmem (plain, size - VAULT_SEAL_OVERHEAD, key->bytes, sizeof key->bytes) != NULL;
    }
    free (plain);
    free (content.data);
    return found;
}

static bool is_same (const struct vault_key *one, const struct vault_key *other)
{
    return memcmp (one, other, sizeof *one) == 0;
}

/* --- Tests --- */

static void test_each_bucket_has_a_key_of_its_own_which_is_kept (void **state)
{
    struct fixture *fixture = *state;
    struct vault_key first = key_of (fixture, anna), again = key_of (fixture, anna),
                     beside = key_of (fixture, beside_anna), other = key_of (fixture, bert);
    assert_true (is_same (&first, &again));
    assert_true (is_same (&first, &beside));
    assert_false (is_same (&first, &other));
    assert_int_equal (copies_with (fixture, &first), 2);
    struct stat about;
    assert_int_equal (stat (fixture->file, &about), 0);
    assert_int_equal (about.st_mode & 07777, 0600);
    assert_int_equal (stat (fixture->folder, &about), 0);
    assert_int_equal (about.st_mode & 07777, 0700);
    struct content content = read_all (fixture);
    assert_null (memmem (content.data, content.size, first.bytes, 8)); /* it is sealed */
    free (content.data);
}

static void test_a_keyring_is_never_made_over_another (void **state)
{
    struct fixture *fixture = *state;
    struct vault_key before = key_of (fixture, anna);
    assert_true (keyring_create (&fixture->place) < 0);
    assert_non_null (strstr (fixture->error, "subjects.keys"));
    struct vault_key after = key_of (fixture, anna);
    assert_true (is_same (&before, &after));
}

static void test_a_key_that_is_replaced_is_kept_until_it_is_destroyed (void **state)
{
    struct fixture *fixture = *state;
    struct keyring *keyring = opened (fixture);
    struct vault_key former = *keyring_key (keyring, anna), other = *keyring_key (keyring, bert);
    const uint16_t buckets[] = {keyring_bucket (anna)}, *replaced;
    assert_int_equal (keyring_generation (keyring), 1);
    assert_null (keyring_former_key (keyring, anna));
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 0)
            assert_int_equal (keyring_replace (keyring, buckets, 1), 0);
        else {
            keyring_destroy (&keyring);
            keyring = opened (fixture);
        }
        assert_int_equal (keyring_generation (keyring), 2);
        assert_int_equal (keyring_formers (keyring, &replaced), 1);
        assert_int_equal (replaced[0], 0x1234);
        assert_false (is_same (keyring_key (keyring, anna), &former));
        assert_true (is_same (keyring_former_key (keyring, beside_anna), &former));
        assert_null (keyring_former_key (keyring, bert));
        assert_true (is_same (keyring_key (keyring, bert), &other));
    }
    assert_int_equal (copies_with (fixture, &former), 2);
    struct vault_key now = *keyring_key (keyring, anna);
    assert_int_equal (keyring_destroy_former (keyring), 0);
    assert_int_equal (keyring_formers (keyring, &replaced), 0);
    assert_null (keyring_former_key (keyring, anna));
    keyring_destroy (&keyring);
    assert_int_equal (copies_with (fixture, &former), 0);
    struct vault_key after = key_of (fixture, anna);
    assert_true (is_same (&now, &after));
    after = key_of (fixture, bert);
    assert_true (is_same (&other, &after));
}

/* The file as it is where the process ended between the two copies: the first is new, the second is old; and where
   it ended within the first. */
static void stop_between (struct fixture *fixture, const struct content *before, const struct content *after,
                          size_t written)
{
    struct content mixed = {malloc (before->size), before->size};
    memcpy (mixed.data, before->data, before->size);
    memcpy (mixed.data + HEAD, after->data + HEAD, written);
    write_all (fixture, &mixed);
    free (mixed.data);
}

static void test_a_machine_that_stops_while_keys_are_destroyed_has_destroyed_them_or_not (void **state)
{
    struct fixture *fixture = *state;
    struct keyring *keyring = opened (fixture);
    struct vault_key former = *keyring_key (keyring, anna);
    const uint16_t buckets[] = {keyring_bucket (anna)}, *replaced;
    assert_int_equal (keyring_replace (keyring, buckets, 1), 0);
    struct vault_key now = *keyring_key (keyring, anna);
    struct content before = read_all (fixture);
    assert_int_equal (keyring_destroy_former (keyring), 0);
    keyring_destroy (&keyring);
    struct content after = read_all (fixture);
    const size_t copy = copy_size (&before),
                 written[] = {0, 1, 4096, copy / 2, copy - 1, copy, copy + 1, 2 * copy};
    for (size_t i = 0; i < COUNT (written); i++) {
        bool is_done = written[i] >= copy;
        stop_between (fixture, &before, &after, written[i]);
        keyring = opened (fixture);
        assert_int_equal (keyring_formers (keyring, &replaced), is_done ? 0 : 1);
        assert_true (is_same (keyring_key (keyring, anna), &now));
        keyring_destroy (&keyring);
        assert_int_equal (copies_with (fixture, &former), is_done ? 0 : 2);
    }
    free (before.data);
    free (after.data);
}

static void test_one_damaged_copy_is_mended_by_the_other (void **state)
{
    struct fixture *fixture = *state;
    struct vault_key before = key_of (fixture, anna);
    for (int copy = 0; copy < 2; copy++) {
        struct content content = read_all (fixture);
        content.data[HEAD + copy_size (&content) * (size_t)copy + 5000] ^= 1;
        write_all (fixture, &content);
        free (content.data);
        struct vault_key after = key_of (fixture, anna);
        assert_true (is_same (&before, &after));
        assert_int_equal (copies_with (fixture, &before), 2);
    }
}

static void refuses (struct fixture *fixture, int outcome, const char *why)
{
    struct keyring *keyring;
    assert_int_equal (keyring_open (&keyring, &fixture->place), outcome);
    assert_null (keyring);
    if (why != NULL && strstr (fixture->error, why) == NULL)
        fail_msg ("not \"%s\" but \"%s\"", why, fixture->error);
}

static void test_what_is_no_keyring_of_this_vault_is_refused (void **state)
{
    struct fixture *fixture = *state;
    struct content content = read_all (fixture);
    struct vault *other;
    open_vault (fixture, "other.key", &other);
    fixture->place.vault = other;
    refuses (fixture, VAULT_INVALID, "another vault key");
    fixture->place.vault = fixture->vault;
    vault_destroy (&other);
    assert_int_equal (chmod (fixture->file, 0622), 0);
    refuses (fixture, VAULT_INVALID, "written by others");
    assert_int_equal (chmod (fixture->file, 0600), 0);
    content.data[HEAD + 100] ^= 1;
    content.data[HEAD + copy_size (&content) + 100] ^= 1;
    write_all (fixture, &content);
    refuses (fixture, VAULT_INVALID, "damaged");
    content.data[0] ^= 1;
    write_all (fixture, &content);
    refuses (fixture, VAULT_INVALID, "not the keys");
    content.size--;
    write_all (fixture, &content);
    refuses (fixture, VAULT_INVALID, "truncated");
    unlink (fixture->file);
    refuses (fixture, KEYRING_MISSING, NULL);
    assert_int_equal (mkdir (fixture->file, 0700), 0);
    refuses (fixture, VAULT_INVALID, "regular file");
    rmdir (fixture->file);
    free (content.data);
}

static void test_keys_that_cannot_be_written_are_not_replaced (void **state)
{
    struct fixture *fixture = *state;
    struct keyring *keyring = opened (fixture);
    struct vault_key before = *keyring_key (keyring, anna);
    char aside[160];
    const uint16_t buckets[] = {keyring_bucket (anna)};
    snprintf (aside, sizeof aside, "%s.aside", fixture->file);
    assert_int_equal (rename (fixture->file, aside), 0);
    assert_true (keyring_replace (keyring, buckets, 1) < 0);
    assert_non_null (strstr (fixture->error, "cannot be written"));
    assert_true (is_same (keyring_key (keyring, anna), &before));
    assert_null (keyring_former_key (keyring, anna));
    assert_int_equal (keyring_generation (keyring), 1);
    assert_int_equal (rename (aside, fixture->file), 0);
    assert_int_equal (keyring_replace (keyring, buckets, 1), 0);
    assert_int_equal (rename (fixture->file, aside), 0);
    assert_true (keyring_destroy_former (keyring) < 0);
    assert_true (is_same (keyring_former_key (keyring, anna), &before));
    assert_int_equal (rename (aside, fixture->file), 0);
    assert_int_equal (keyring_destroy_former (keyring), 0);
    keyring_destroy (&keyring);
    assert_int_equal (copies_with (fixture, &before), 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_each_bucket_has_a_key_of_its_own_which_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_keyring_is_never_made_over_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_key_that_is_replaced_is_kept_until_it_is_destroyed, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (
            test_a_machine_that_stops_while_keys_are_destroyed_has_destroyed_them_or_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_one_damaged_copy_is_mended_by_the_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_no_keyring_of_this_vault_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_keys_that_cannot_be_written_are_not_replaced, set_up, tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
