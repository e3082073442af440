/* A registry gets another vault key: wherever the machine stops meanwhile, with both keys everything opens, and
   then with the new one alone; the former one opens nothing of it any more. */
#include "keyring_root.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "testing.h"

enum { HEAD = 10, LIMIT = 8 << 20 };

struct content {
    uint8_t *data;
    size_t size; /* 0: there is no such file */
};

struct fixture {
    char directory[64], first[96], second[96], keys[128], root[128], folder[96], error[512];
    uint8_t id[VAULT_ID_SIZE];
    struct vault_key system, wraps; /* as they were from the beginning */
};

static const uint8_t anna[VAULT_ID_SIZE] = {0x12, 0x34, 1};

static struct vault *open_vault (struct fixture *self, const char *path, const char *former)
{
    struct vault *vault;
    assert_int_equal (vault_open_both (&vault, path, former, self->error, sizeof self->error), 0);
    return vault;
}

static struct keyring_place place_of (struct fixture *self, struct vault *vault)
{
    return (struct keyring_place){vault, self->first, self->error, sizeof self->error};
}

static int set_up (void **state)
{
    struct fixture *self = calloc (1, sizeof *self);
    strcpy (self->directory, "/tmp/test-keyring-root-XXXXXX");
    assert_non_null (mkdtemp (self->directory));
    snprintf (self->first, sizeof self->first, "%s/vault.key", self->directory);
    snprintf (self->second, sizeof self->second, "%s/vault-2.key", self->directory);
    snprintf (self->keys, sizeof self->keys, "%s/" KEYRING_NAME, self->directory);
    snprintf (self->root, sizeof self->root, "%s/" KEYRING_ROOT_NAME, self->directory);
    snprintf (self->folder, sizeof self->folder, "%s/subjects", self->directory);
    assert_int_equal (vault_create (self->first), 0);
    assert_int_equal (vault_create (self->second), 0);
    struct vault *vault = open_vault (self, self->first, NULL);
    struct keyring_place place = place_of (self, vault);
    struct keyring *keyring;
    assert_int_equal (keyring_create (&place), 0);
    assert_int_equal (keyring_open (&keyring, &place), 0);
    self->system = *vault_system_key (vault);
    self->wraps = *keyring_key (keyring, anna);
    keyring_destroy (&keyring);
    vault_destroy (&vault);
    *state = self;
    return 0;
}

static int tear_down (void **state)
{
    struct fixture *self = *state;
    unlink (self->root);
    unlink (self->keys);
    rmdir (self->folder);
    unlink (self->first);
    unlink (self->second);
    assert_int_equal (rmdir (self->directory), 0);
    free (self);
    return 0;
}

static struct content read_all (const char *path)
{
    struct content content = {calloc (1, LIMIT), 0};
    FILE *file = fopen (path, "r");
    if (file == NULL)
        return content;
    content.size = fread (content.data, 1, LIMIT, file);
    fclose (file);
    return content;
}

static void write_all (const char *path, const struct content *content)
{
    unlink (path);
    if (content->size == 0)
        return;
    int file = open (path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true (file >= 0);
    assert_int_equal (write (file, content->data, content->size), (ssize_t)content->size);
    close (file);
}

/* As a start does it: where the vault went back, all is opened under the former key, and then changed. 0, and all
   is as it was from the beginning; or what was refused. */
static int start (struct fixture *self, const char *key, const char *former)
{
    struct vault *vault = open_vault (self, key, former), *fresh = open_vault (self, key, former);
    struct keyring_place place = place_of (self, vault);
    struct keyring *keyring = NULL;
    int rc = keyring_root_find (vault, &place);
    if (rc == 0)
        rc = keyring_open (&keyring, &place);
    if (rc == 0) {
        assert_memory_equal (vault_system_key (vault), &self->system, sizeof self->system);
        assert_memory_equal (keyring_key (keyring, anna), &self->wraps, sizeof self->wraps);
    }
    if (rc == 0 && !vault_is_keyed_as (fresh, vault)) {
        assert_true (vault_was_keyed_as (fresh, vault));
        vault_exchange_keys (vault, fresh);
        assert_int_equal (keyring_root_keep (&place), 0);
        assert_int_equal (keyring_seal_anew (keyring), 0);
    }
    keyring_destroy (&keyring);
    vault_destroy (&vault);
    vault_destroy (&fresh);
    return rc;
}

/* As a reload does it, up to the second step. */
static void change (struct fixture *self, bool both)
{
    struct vault *vault = open_vault (self, self->first, NULL),
                 *fresh = open_vault (self, self->second, self->first);
    struct keyring_place place = place_of (self, vault);
    struct keyring *keyring;
    assert_int_equal (keyring_root_find (vault, &place), 0);
    assert_int_equal (keyring_open (&keyring, &place), 0);
    assert_true (vault_was_keyed_as (fresh, vault));
    assert_false (vault_was_keyed_as (vault, fresh) || vault_is_keyed_as (vault, fresh));
    vault_exchange_keys (vault, fresh);
    assert_memory_equal (vault_system_key (vault), &self->system, sizeof self->system);
    assert_int_equal (keyring_root_keep (&place), 0);
    if (both)
        assert_int_equal (keyring_seal_anew (keyring), 0);
    keyring_destroy (&keyring);
    vault_destroy (&vault);
    vault_destroy (&fresh);
}

static void opens_under_the_new_key_alone (struct fixture *self)
{
    assert_int_equal (start (self, self->second, NULL), 0);
    assert_int_equal (start (self, self->first, NULL), VAULT_INVALID);
    assert_non_null (strstr (self->error, "another vault key"));
}

static void test_a_registry_with_another_vault_key_goes_on_with_all_it_had (void **state)
{
    struct fixture *self = *state;
    assert_int_equal (start (self, self->second, NULL), VAULT_INVALID);
    change (self, true);
    opens_under_the_new_key_alone (self);
    struct content root = read_all (self->root);
    assert_null (memmem (root.data, root.size, self->system.bytes, 8));
    free (root.data);
}

static void test_a_start_with_both_keys_changes_them_too (void **state)
{
    struct fixture *self = *state;
    assert_int_equal (start (self, self->second, self->first), 0);
    opens_under_the_new_key_alone (self);
    assert_int_equal (start (self, self->first, self->second), 0); /* and back again */
    assert_int_equal (start (self, self->first, NULL), 0);
    assert_int_equal (start (self, self->second, NULL), VAULT_INVALID);
}

/* Root and keyring as they are after a stop at each moment: before, with the root kept, within and between the
   copies of the keyring, and after. */
static void test_a_machine_that_stops_while_the_key_changes_opens_with_both (void **state)
{
    struct fixture *self = *state;
    struct content none = {NULL, 0}, keys = read_all (self->keys);
    change (self, true);
    struct content root = read_all (self->root), sealed = read_all (self->keys);
    const size_t copy = (keys.size - HEAD) / 2, written[] = {0, 1, copy / 2, copy, copy + 1, 2 * copy};
    for (size_t i = 0; i < COUNT (written); i++)
        for (int has_root = i == 0 ? 0 : 1; has_root < 2; has_root++) {
            struct content mixed = {malloc (keys.size), keys.size};
            memcpy (mixed.data, keys.data, keys.size);
            memcpy (mixed.data + HEAD, sealed.data + HEAD, written[i]);
            write_all (self->keys, &mixed);
            write_all (self->root, has_root ? &root : &none);
            assert_int_equal (start (self, self->second, self->first), 0);
            opens_under_the_new_key_alone (self);
            free (mixed.data);
        }
    free (keys.data);
    free (root.data);
    free (sealed.data);
}

/* What a process that ended then had written must open with the key that it still had. */
static void test_a_root_that_is_kept_before_the_keyring_is_sealed_anew_opens_with_both (void **state)
{
    struct fixture *self = *state;
    change (self, false);
    assert_int_equal (start (self, self->second, self->first), 0);
    opens_under_the_new_key_alone (self);
}

/* That it changes is to be in the log first, which is opened with what is opened here. */
static void test_what_is_under_the_former_key_is_opened_and_stays_so_until_it_is_changed (void **state)
{
    struct fixture *self = *state;
    for (int has_root = 0; has_root < 2; has_root++) {
        const char *key = has_root ? self->first : self->second, *former = has_root ? self->second : self->first;
        struct content keys = read_all (self->keys), root = read_all (self->root), after;
        struct vault *vault = open_vault (self, key, former), *old = open_vault (self, former, NULL);
        struct keyring_place place = place_of (self, vault);
        struct keyring *keyring;
        assert_int_equal (root.size > 0, has_root);
        assert_int_equal (keyring_root_find (vault, &place), 0);
        assert_int_equal (keyring_open (&keyring, &place), 0);
        assert_memory_equal (vault_system_key (vault), &self->system, sizeof self->system);
        assert_true (vault_is_keyed_as (vault, old));
        assert_memory_equal ((after = read_all (self->keys)).data, keys.data, keys.size);
        free (after.data);
        assert_memory_equal ((after = read_all (self->root)).data, root.data, LIMIT);
        free (after.data);
        free (keys.data);
        free (root.data);
        keyring_destroy (&keyring);
        vault_destroy (&vault);
        vault_destroy (&old);
        if (!has_root)
            change (self, true);
    }
}

/* A change that failed went back: the root is under the first key again, and not yet all of the keyring. */
static void test_a_change_that_went_back_halfway_is_gone_back_whole (void **state)
{
    struct fixture *self = *state;
    change (self, true);
    struct content root = read_all (self->root);
    assert_int_equal (start (self, self->first, self->second), 0);
    struct content before = read_all (self->keys);
    change (self, true);
    struct content keys = read_all (self->keys);
    memcpy (keys.data + HEAD, before.data + HEAD, (keys.size - HEAD) / 2);
    write_all (self->keys, &keys);
    assert_int_equal (start (self, self->first, self->second), 0);
    write_all (self->root, &root);
    assert_int_equal (start (self, self->first, self->second), 0);
    assert_int_equal (start (self, self->first, NULL), 0);
    free (keys.data);
    free (before.data);
    free (root.data);
}

static void test_a_new_registry_has_a_root_that_no_key_file_leads_to (void **state)
{
    struct fixture *self = *state;
    assert_int_equal (unlink (self->keys), 0);
    assert_int_equal (rmdir (self->folder), 0);
    struct vault *vault = open_vault (self, self->first, NULL);
    struct keyring_place place = place_of (self, vault);
    struct keyring *keyring;
    assert_false (vault_has_own_root (vault));
    assert_int_equal (keyring_root_make (vault, &place), 0);
    assert_true (vault_has_own_root (vault));
    assert_memory_not_equal (vault_system_key (vault), &self->system, sizeof self->system);
    self->system = *vault_system_key (vault);
    vault_destroy (&vault);
    place.vault = vault = open_vault (self, self->first, NULL);
    assert_int_equal (keyring_root_make (vault, &place), 0); /* as after a start that got no further */
    assert_memory_equal (vault_system_key (vault), &self->system, sizeof self->system);
    assert_int_equal (keyring_create (&place), 0);
    assert_int_equal (keyring_open (&keyring, &place), 0);
    self->wraps = *keyring_key (keyring, anna);
    keyring_destroy (&keyring);
    vault_destroy (&vault);
    change (self, true);
    opens_under_the_new_key_alone (self);
    place.vault = vault = open_vault (self, self->second, NULL);
    assert_int_equal (keyring_root_find (vault, &place), 0);
    assert_true (vault_has_own_root (vault));
    vault_destroy (&vault);
}

/* Its store may be lost, and be put back. */
static void test_a_registry_whose_keyring_is_there_is_no_new_one (void **state)
{
    struct fixture *self = *state;
    struct vault *vault = open_vault (self, self->first, NULL);
    struct keyring_place place = place_of (self, vault);
    assert_int_equal (keyring_root_make (vault, &place), 0);
    assert_memory_equal (vault_system_key (vault), &self->system, sizeof self->system);
    assert_int_equal (access (self->root, F_OK), -1);
    vault_destroy (&vault);
}

static void test_a_root_that_is_damaged_is_refused (void **state)
{
    struct fixture *self = *state;
    change (self, true);
    struct content root = read_all (self->root);
    const size_t at[] = {0, 9, HEAD, root.size - 1};
    for (size_t i = 0; i < COUNT (at); i++) {
        root.data[at[i]] ^= 1;
        write_all (self->root, &root);
        assert_int_equal (start (self, self->second, NULL), VAULT_INVALID);
        assert_non_null (strstr (self->error, "subjects.root"));
        root.data[at[i]] ^= 1;
    }
    root.size--;
    write_all (self->root, &root);
    assert_int_equal (start (self, self->second, NULL), VAULT_INVALID);
    free (root.data);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_a_registry_with_another_vault_key_goes_on_with_all_it_had, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_start_with_both_keys_changes_them_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_machine_that_stops_while_the_key_changes_opens_with_both, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (
            test_a_root_that_is_kept_before_the_keyring_is_sealed_anew_opens_with_both, set_up, tear_down),
        cmocka_unit_test_setup_teardown (
            test_what_is_under_the_former_key_is_opened_and_stays_so_until_it_is_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_change_that_went_back_halfway_is_gone_back_whole, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_new_registry_has_a_root_that_no_key_file_leads_to, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_registry_whose_keyring_is_there_is_no_new_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_root_that_is_damaged_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
