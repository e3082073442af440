#include "vault.h"
#include "testing.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KNOWN_KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

struct fixture {
    char directory[64];
    char path[80], other_path[80];
    char error[256];
    struct vault *vault;
};

static void write_file (const char *path, const char *text, mode_t mode)
{
    int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true (fd >= 0);
    assert_int_equal (write (fd, text, strlen (text)), (ssize_t)strlen (text));
    assert_int_equal (fchmod (fd, mode), 0);
    assert_int_equal (close (fd), 0);
}

/* A directory of its own, and a vault from a known key. */
static int set_up (void **state)
{
    struct fixture *fixture = calloc (1, sizeof *fixture);
    strcpy (fixture->directory, "/tmp/test-vault-XXXXXX");
    assert_non_null (mkdtemp (fixture->directory));
    snprintf (fixture->path, sizeof fixture->path, "%s/key", fixture->directory);
    snprintf (fixture->other_path, sizeof fixture->other_path, "%s/other", fixture->directory);
    write_file (fixture->path, KNOWN_KEY "\n", 0600);
    assert_int_equal (vault_open (&fixture->vault, fixture->path, fixture->error, sizeof fixture->error), 0);
    *state = fixture;
    return 0;
}

static int tear_down (void **state)
{
    struct fixture *fixture = *state;
    vault_destroy (&fixture->vault);
    assert_null (fixture->vault);
    unlink (fixture->path);
    unlink (fixture->other_path);
    assert_int_equal (rmdir (fixture->directory), 0);
    free (fixture);
    return 0;
}

/* --- The key file --- */

static void test_a_created_key_opens_and_is_for_its_owner_alone (void **state)
{
    struct fixture *fixture = *state;
    mode_t mask = umask (0);
    assert_int_equal (vault_create (fixture->other_path), 0);
    umask (mask);
    struct stat status;
    assert_int_equal (stat (fixture->other_path, &status), 0);
    assert_int_equal (status.st_mode & 07777, 0600);
    assert_int_equal (status.st_size, 65);
    struct vault *other = NULL;
    assert_int_equal (vault_open (&other, fixture->other_path, fixture->error, sizeof fixture->error), 0);
    uint8_t mine[VAULT_ID_SIZE], theirs[VAULT_ID_SIZE];
    vault_subject_id (fixture->vault, "999900006", mine);
    vault_subject_id (other, "999900006", theirs);
    assert_memory_not_equal (mine, theirs, sizeof mine);
    vault_destroy (&other);
}

static void test_a_key_is_never_replaced (void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal (vault_create (fixture->path), -EEXIST);
    char line[66] = {0};
    int fd = open (fixture->path, O_RDONLY);
    assert_int_equal (read (fd, line, 65), 65);
    close (fd);
    assert_string_equal (line, KNOWN_KEY "\n");
}

static void assert_refused (struct fixture *fixture, const char *path)
{
    struct vault *vault = NULL;
    fixture->error[0] = '\0';
    assert_int_equal (vault_open (&vault, path, fixture->error, sizeof fixture->error), VAULT_INVALID);
    assert_null (vault);
    assert_non_null (strstr (fixture->error, path));
    assert_null (strstr (fixture->error, "0001020304"));
}

static void test_a_key_file_that_is_open_to_others_is_refused (void **state)
{
    struct fixture *fixture = *state;
    const mode_t modes[] = {0640, 0620, 0610, 0604, 0602, 0601, 0644, 0666};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal (chmod (fixture->path, modes[i]), 0);
        assert_refused (fixture, fixture->path);
    }
    struct vault *vault = NULL;
    assert_int_equal (chmod (fixture->path, 0400), 0);
    assert_int_equal (vault_open (&vault, fixture->path, fixture->error, sizeof fixture->error), 0);
    vault_destroy (&vault);
}

static void test_a_key_file_of_somebody_else_is_refused (void **state)
{
    struct fixture *fixture = *state;
    if (geteuid () != 0)
        skip (); /* only root can give a file away */
    assert_int_equal (chown (fixture->path, 65534, (gid_t)-1), 0);
    assert_refused (fixture, fixture->path);
    assert_int_equal (chown (fixture->path, 0, (gid_t)-1), 0);
    struct vault *vault = NULL;
    assert_int_equal (vault_open (&vault, fixture->path, fixture->error, sizeof fixture->error), 0);
    vault_destroy (&vault);
}

static void test_what_is_not_a_key_is_refused_without_being_quoted (void **state)
{
    struct fixture *fixture = *state;
    const char *const contents[] = {
        "",
        "\n",
        "0001020304",
        (KNOWN_KEY "\n\n"),
        (KNOWN_KEY " "),
        (KNOWN_KEY "00"),
        (" " KNOWN_KEY),
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g\n",
        "000102030405060708090a0b0c0d0e0f:101112131415161718191a1b1c1d1e1\n",
        "0000000000000000000000000000000000000000000000000000000000000000\n",
    };
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        write_file (fixture->other_path, contents[i], 0600);
        assert_refused (fixture, fixture->other_path);
    }
    struct vault *vault = NULL;
    write_file (fixture->other_path, KNOWN_KEY, 0600); /* an editor may have dropped the newline */
    assert_int_equal (vault_open (&vault, fixture->other_path, fixture->error, sizeof fixture->error), 0);
    vault_destroy (&vault);
}

static void test_a_key_path_that_is_no_regular_file_is_refused (void **state)
{
    struct fixture *fixture = *state;
    assert_refused (fixture, fixture->other_path); /* nothing there */
    assert_refused (fixture, fixture->directory);
    assert_int_equal (symlink (fixture->path, fixture->other_path), 0);
    assert_refused (fixture, fixture->other_path);
    assert_int_equal (unlink (fixture->other_path), 0);
    assert_int_equal (mkfifo (fixture->other_path, 0600), 0);
    assert_refused (fixture, fixture->other_path); /* and does not wait for a writer */
}

/* --- Pseudonyms --- */

static void test_a_pseudonym_depends_on_person_and_key_only (void **state)
{
    struct fixture *fixture = *state;
    struct vault *same = NULL;
    assert_int_equal (vault_open (&same, fixture->path, fixture->error, sizeof fixture->error), 0);
    uint8_t one[VAULT_ID_SIZE], again[VAULT_ID_SIZE], other[VAULT_ID_SIZE];
    vault_subject_id (fixture->vault, "999900006", one);
    vault_subject_id (same, "999900006", again);
    vault_subject_id (fixture->vault, "999996770", other);
    assert_memory_equal (one, again, sizeof one);
    assert_memory_not_equal (one, other, sizeof one);
    vault_destroy (&same);
}

static void test_pseudonyms_never_change_between_releases (void **state)
{
    struct fixture *fixture = *state;
    /* Made by this same derivation with Python's hashlib.blake2b: key = blake2b (b"", key=master, digest_size=32,
       salt=number as le64, person=b"consentd"), id = blake2b (bsn, key=key, digest_size=16). */
    const uint8_t expected[VAULT_ID_SIZE] = {0xbf, 0xb3, 0x03, 0xb1, 0x93, 0x06, 0xea, 0xf7,
                                             0xc9, 0xe2, 0x1e, 0x6b, 0x8b, 0xa3, 0xea, 0x5a};
    uint8_t id[VAULT_ID_SIZE];
    vault_subject_id (fixture->vault, "999900006", id);
    assert_memory_equal (id, expected, sizeof id);
}

static void test_two_parties_know_a_subject_by_different_references (void **state)
{
    struct fixture *fixture = *state;
    uint8_t id[VAULT_ID_SIZE], cak[VAULT_ID_SIZE], svb[VAULT_ID_SIZE], again[VAULT_ID_SIZE];
    vault_subject_id (fixture->vault, "999900006", id);
    vault_subject_ref (fixture->vault, id, "cak", cak);
    vault_subject_ref (fixture->vault, id, "svb", svb);
    vault_subject_ref (fixture->vault, id, "cak", again);
    assert_memory_equal (cak, again, sizeof cak);
    assert_memory_not_equal (cak, svb, sizeof cak);
    assert_memory_not_equal (cak, id, sizeof cak);
}

/* --- Sealing --- */

static const struct vault_binding binding = {
    .table = "consent", .version = 1, .key = "0123456789abcdef", .key_size = 16};

static void test_a_sealed_record_opens_to_what_it_was (void **state)
{
    struct fixture *fixture = *state;
    const struct vault_key *key = vault_system_key (fixture->vault);
    for (size_t size = 0; size < 600; size += 1 + size / 5) {
        uint8_t plain[600], sealed[600 + VAULT_SEAL_OVERHEAD], opened[600] = {0};
        memset (plain, 0x5a, sizeof plain);
        vault_seal (key, &binding, plain, size, sealed);
        assert_int_equal (vault_unseal (key, &binding, sealed, size + VAULT_SEAL_OVERHEAD, opened), 0);
        assert_memory_equal (opened, plain, size);
        assert_null (memmem (sealed, size + VAULT_SEAL_OVERHEAD, "\x5a\x5a\x5a\x5a\x5a\x5a", 6));
    }
    uint8_t sealed[VAULT_SEAL_OVERHEAD];
    vault_seal (key, &binding, NULL, 0, sealed);
    assert_int_equal (vault_unseal (key, &binding, sealed, sizeof sealed, NULL), 0);
    sealed[0] ^= 1;
    assert_int_equal (vault_unseal (key, &binding, sealed, sizeof sealed, NULL), VAULT_TAMPERED);
}

static void assert_does_not_open (const struct vault_key *key, const struct vault_binding *bound,
                                  const uint8_t *sealed, size_t size)
{
    uint8_t plain[64], zero[64] = {0};
    memset (plain, 0xee, sizeof plain);
    assert_int_equal (vault_unseal (key, bound, sealed, size, plain), VAULT_TAMPERED);
    if (size > VAULT_SEAL_OVERHEAD)
        assert_memory_equal (plain, zero, size - VAULT_SEAL_OVERHEAD);
}

static void test_any_flipped_bit_and_any_cut_is_noticed (void **state)
{
    struct fixture *fixture = *state;
    const struct vault_key *key = vault_system_key (fixture->vault);
    uint8_t sealed[20 + VAULT_SEAL_OVERHEAD], opened[20];
    vault_seal (key, &binding, "wmo and jeugdhulp ok", 20, sealed);
    for (size_t bit = 0; bit < sizeof sealed * 8; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_does_not_open (key, &binding, sealed, sizeof sealed);
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t size = 0; size < sizeof sealed; size++)
        assert_does_not_open (key, &binding, sealed, size);
    assert_int_equal (vault_unseal (key, &binding, sealed, sizeof sealed, opened), 0);
}

static void test_a_record_opens_nowhere_but_in_its_own_place (void **state)
{
    struct fixture *fixture = *state;
    const struct vault_key *key = vault_system_key (fixture->vault);
    uint8_t sealed[4 + VAULT_SEAL_OVERHEAD], opened[4];
    vault_seal (key, &binding, "data", 4, sealed);
    const struct vault_binding elsewhere[] = {
        {.table = "subject", .version = 1, .key = "0123456789abcdef", .key_size = 16},
        {.table = "consent", .version = 2, .key = "0123456789abcdef", .key_size = 16},
        {.table = "consent", .version = 256, .key = "0123456789abcdef", .key_size = 16},
        {.table = "consent", .version = 1, .key = "0123456789abcdeg", .key_size = 16},
        {.table = "consent", .version = 1, .key = "0123456789abcde", .key_size = 15},
        {.table = "consen", .version = 1, .key = "t0123456789abcdef", .key_size = 17},
        {.table = "consent", .version = 1},
    };
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        assert_does_not_open (key, &elsewhere[i], sealed, sizeof sealed);
    assert_int_equal (vault_unseal (key, &binding, sealed, sizeof sealed, opened), 0);
}

/* --- The key of one record --- */

static void test_the_key_of_a_record_opens_it_to_what_it_was (void **state)
{
    struct fixture *fixture = *state;
    const struct vault_key *key = vault_system_key (fixture->vault);
    for (size_t size = 0; size < 600; size += 1 + size / 5) {
        uint8_t plain[600], sealed[600 + VAULT_SEAL_OVERHEAD], opened[600] = {0};
        struct vault_key own;
        vault_random (plain, sizeof plain);
        vault_seal (key, &binding, plain, size, sealed);
        vault_record_key (key, sealed, &own);
        assert_int_equal (vault_unseal_record (&own, &binding, sealed, size + VAULT_SEAL_OVERHEAD, opened), 0);
        assert_memory_equal (opened, plain, size);
        assert_memory_not_equal (own.bytes, key->bytes, sizeof own.bytes);
    }
}

static void assert_does_not_open_alone (const struct vault_key *own, const struct vault_binding *bound,
                                        const uint8_t *sealed, size_t size)
{
    uint8_t plain[64], zero[64] = {0};
    memset (plain, 0xee, sizeof plain);
    assert_int_equal (vault_unseal_record (own, bound, sealed, size, plain), VAULT_TAMPERED);
    if (size > VAULT_SEAL_OVERHEAD)
        assert_memory_equal (plain, zero, size - VAULT_SEAL_OVERHEAD);
}

static void test_the_key_of_a_record_opens_no_other (void **state)
{
    struct fixture *fixture = *state;
    const struct vault_key *key = vault_system_key (fixture->vault);
    uint8_t sealed[4 + VAULT_SEAL_OVERHEAD], other[4 + VAULT_SEAL_OVERHEAD], opened[4];
    struct vault_key own, wrong;
    vault_seal (key, &binding, "data", 4, sealed);
    vault_seal (key, &binding, "data", 4, other);
    vault_record_key (key, sealed, &own);
    vault_record_key (key, other, &wrong);
    assert_does_not_open_alone (&own, &binding, other, sizeof other);
    assert_does_not_open_alone (&wrong, &binding, sealed, sizeof sealed);
    assert_does_not_open_alone (key, &binding, sealed, sizeof sealed);
    assert_does_not_open (&own, &binding, sealed, sizeof sealed); /* it is no key of more than one */
    for (size_t bit = 0; bit < sizeof own.bytes * 8; bit++) {
        wrong = own;
        wrong.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_does_not_open_alone (&wrong, &binding, sealed, sizeof sealed);
    }
    assert_int_equal (vault_unseal_record (&own, &binding, sealed, sizeof sealed, opened), 0);
    assert_memory_equal (opened, "data", 4);
}

/* The first part of the nonce has become the key, and is not looked at again: a record is bound by its key. */
static void test_any_flipped_bit_and_any_cut_is_noticed_with_the_key_of_a_record (void **state)
{
    struct fixture *fixture = *state;
    const struct vault_key *key = vault_system_key (fixture->vault);
    uint8_t sealed[20 + VAULT_SEAL_OVERHEAD], opened[20];
    struct vault_key own;
    vault_seal (key, &binding, "wmo and jeugdhulp ok", 20, sealed);
    vault_record_key (key, sealed, &own);
    for (size_t bit = (size_t)16 * 8; bit < sizeof sealed * 8; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_does_not_open_alone (&own, &binding, sealed, sizeof sealed);
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t size = 0; size < sizeof sealed; size++)
        assert_does_not_open_alone (&own, &binding, sealed, size);
    const struct vault_binding elsewhere = {.table = "consent", .version = 1, .key = "x", .key_size = 1};
    assert_does_not_open_alone (&own, &elsewhere, sealed, sizeof sealed);
    assert_int_equal (vault_unseal_record (&own, &binding, sealed, sizeof sealed, opened), 0);
}

static void test_nonces_do_not_repeat (void **state)
{
    struct fixture *fixture = *state;
    enum { COUNT = 2000, PREFIX = 8 };
    static uint8_t sealed[COUNT][1 + VAULT_SEAL_OVERHEAD];
    for (int i = 0; i < COUNT; i++)
        vault_seal (vault_system_key (fixture->vault), &binding, "x", 1, sealed[i]);
    for (int i = 0; i < COUNT; i++)
        for (int j = i + 1; j < COUNT; j++)
            assert_true (memcmp (sealed[i], sealed[j], PREFIX) != 0);
}

static void test_random_bytes_of_any_size_fill_what_they_are_given_and_no_more (void **state)
{
    (void)state;
    for (size_t size = 0; size < 200; size++) {
        uint8_t bytes[202] = {0};
        bool changed = size == 0;
        for (int attempt = 0; attempt < 20 && !changed; attempt++) {
            vault_random (bytes + 1, size);
            changed = bytes[1] != 0 && bytes[size] != 0;
        }
        assert_true (changed);
        assert_int_equal (bytes[0], 0);
        assert_int_equal (bytes[size + 1], 0);
    }
}

static void test_a_subject_key_opens_only_for_its_own_subject (void **state)
{
    struct fixture *fixture = *state;
    uint8_t subject[VAULT_ID_SIZE], other[VAULT_ID_SIZE], wrapped[VAULT_WRAPPED_KEY_SIZE];
    vault_subject_id (fixture->vault, "999900006", subject);
    vault_subject_id (fixture->vault, "999996770", other);
    struct vault_key made, second, unwrapped = {{0}};
    const struct vault_key none = {{0}}, *under = vault_system_key (fixture->vault);
    vault_subject_key_new (&second);
    vault_subject_key_new (&made);
    assert_false (vault_equal (&made, &second, sizeof made));
    vault_subject_key_wrap (under, subject, &made, wrapped);
    assert_int_equal (vault_subject_key_unwrap (under, subject, wrapped, &unwrapped), 0);
    assert_true (vault_equal (&made, &unwrapped, sizeof made));
    assert_int_equal (vault_subject_key_unwrap (under, other, wrapped, &unwrapped), VAULT_TAMPERED);
    assert_true (vault_equal (&unwrapped, &none, sizeof none));
    assert_int_equal (vault_subject_key_unwrap (&second, subject, wrapped, &unwrapped), VAULT_TAMPERED);
    assert_null (memmem (wrapped, sizeof wrapped, made.bytes, 8));
    vault_key_wipe (&made);
    assert_true (vault_equal (&made, &none, sizeof none));
}

static void test_a_record_does_not_open_under_another_key (void **state)
{
    struct fixture *fixture = *state;
    uint8_t sealed[4 + VAULT_SEAL_OVERHEAD];
    struct vault_key key;
    vault_subject_key_new (&key);
    vault_seal (&key, &binding, "data", 4, sealed);
    assert_does_not_open (vault_system_key (fixture->vault), &binding, sealed, sizeof sealed);
}

/* --- Hashes --- */

static void test_a_hash_is_blake2b_over_both_parts_in_a_row (void **state)
{
    (void)state;
    /* BLAKE2b-256 of "abc". */
    const uint8_t expected[VAULT_HASH_SIZE] = {0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef,
                                               0x3f, 0xee, 0x98, 0x57, 0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb,
                                               0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19};
    uint8_t whole[VAULT_HASH_SIZE], parts[VAULT_HASH_SIZE];
    vault_hash ("abc", 3, NULL, 0, whole);
    assert_memory_equal (whole, expected, sizeof whole);
    for (size_t cut = 0; cut <= 3; cut++) {
        vault_hash ("abc", cut, &"abc"[cut], 3 - cut, parts);
        assert_memory_equal (parts, expected, sizeof parts);
    }
    vault_hash ("abd", 3, NULL, 0, parts);
    assert_memory_not_equal (parts, expected, sizeof parts);
}

static void test_a_fingerprint_tells_its_parts_apart (void **state)
{
    struct fixture *fixture = *state;
    const struct {
        const char *label, *a, *b;
    } inputs[] = {
        {"key", "ab", "c"}, {"key", "a", "bc"}, {"key", "", "abc"}, {"keya", "b", "c"}, {"body", "ab", "c"}};
    enum { COUNT = sizeof inputs / sizeof *inputs };
    uint8_t prints[COUNT][VAULT_ID_SIZE], again[VAULT_ID_SIZE];
    for (int i = 0; i < COUNT; i++)
        vault_fingerprint (fixture->vault, inputs[i].label, (struct bytes){inputs[i].a, strlen (inputs[i].a)},
                           (struct bytes){inputs[i].b, strlen (inputs[i].b)}, prints[i]);
    for (int i = 0; i < COUNT; i++)
        for (int j = i + 1; j < COUNT; j++)
            assert_memory_not_equal (prints[i], prints[j], VAULT_ID_SIZE);
    vault_fingerprint (fixture->vault, "key", (struct bytes){"ab", 2}, (struct bytes){"c", 1}, again);
    assert_memory_equal (prints[0], again, sizeof again);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (test_a_created_key_opens_and_is_for_its_owner_alone),
        TEST (test_a_key_is_never_replaced),
        TEST (test_a_key_file_that_is_open_to_others_is_refused),
        TEST (test_a_key_file_of_somebody_else_is_refused),
        TEST (test_what_is_not_a_key_is_refused_without_being_quoted),
        TEST (test_a_key_path_that_is_no_regular_file_is_refused),
        TEST (test_a_pseudonym_depends_on_person_and_key_only),
        TEST (test_pseudonyms_never_change_between_releases),
        TEST (test_two_parties_know_a_subject_by_different_references),
        TEST (test_a_sealed_record_opens_to_what_it_was),
        TEST (test_any_flipped_bit_and_any_cut_is_noticed),
        TEST (test_a_record_opens_nowhere_but_in_its_own_place),
        TEST (test_the_key_of_a_record_opens_it_to_what_it_was),
        TEST (test_the_key_of_a_record_opens_no_other),
        TEST (test_any_flipped_bit_and_any_cut_is_noticed_with_the_key_of_a_record),
        TEST (test_nonces_do_not_repeat),
        TEST (test_random_bytes_of_any_size_fill_what_they_are_given_and_no_more),
        TEST (test_a_subject_key_opens_only_for_its_own_subject),
        TEST (test_a_record_does_not_open_under_another_key),
        TEST (test_a_hash_is_blake2b_over_both_parts_in_a_row),
        TEST (test_a_fingerprint_tells_its_parts_apart),
    };
    return cmocka_run_group_tests_name ("vault", tests, NULL, NULL);
}
