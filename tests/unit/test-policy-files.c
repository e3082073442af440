/* The files of a pack, in memory and in a directory: which there must be, and how large they may be. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../small-pack.h"
#include "changed_pack.h"
#include "policy/policy_read.h"
#include "testing.h"

static int read_changed (struct policy **policy_p, const struct change *change, struct policy_error *error)
{
    return changed_pack_try (policy_p, change, 1, changed_pack_hash, error);
}

static void assert_refused (int rc, const struct policy *policy, const struct policy_error *error,
                            const char *file, unsigned line, const char *message)
{
    assert_int_equal (rc, POLICY_INVALID);
    assert_null (policy);
    assert_string_equal (error->file, file);
    if (error->line != line || strncmp (error->message, message, strlen (message)) != 0)
        fail_msg ("expected %u: %s; got %u: %s", line, message, error->line, error->message);
}

static void test_more_codes_than_fit_are_refused (void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    for (unsigned i = 0; i < 256; i++)
        fprintf (out, "origin %s%u\n nl N\n en E\n source S\n", i == 0 ? "wmo" : "o", i);
    fclose (out);
    const struct change change = {"origins.txt", NULL, text};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = read_changed (&policy, &change, &error);
    assert_refused (rc, policy, &error, "origins.txt", 255 * 4 + 1, "more than 255 of \"origin\"");
    free (text);
}

static void test_a_nul_byte_is_refused (void **state)
{
    (void)state;
    struct policy_text files[SMALL_PACK_FILES];
    for (size_t i = 0; i < SMALL_PACK_FILES; i++)
        files[i] = (struct policy_text){small_pack[i][0], small_pack[i][1], strlen (small_pack[i][1])};
    files[4] = (struct policy_text){"origins.txt", "origin wmo\n nl \0N\n", 18};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, SMALL_PACK_FILES, NULL, &error);
    assert_refused (rc, policy, &error, "origins.txt", 2, "a NUL byte");
}

static void test_a_file_given_twice_is_refused (void **state)
{
    (void)state;
    const struct policy_text files[] = {{"ages.txt", "", 0}, {"ages.txt", "", 0}};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
    assert_refused (rc, policy, &error, "ages.txt", 0, "given twice");
}

static void test_a_file_that_is_unknown_is_refused_on_one_line (void **state)
{
    (void)state;
    const struct policy_text files[] = {{"flows\n.txt", "", 0}};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
    assert_refused (rc, policy, &error, "flows?.txt", 0, "no file of a pack; did you mean \"flows.txt\"?");
}

/* The name of a file may hold any byte; what is said of it is whole characters that a terminal shows as they are.
 */
static void test_the_name_of_an_unknown_file_is_made_presentable (void **state)
{
    (void)state;
    static const char *const names[][2] = {{"fl\x7Fow.txt", "fl?ow.txt"},
                                           {"fl\x80ow.txt", "flow.txt"},
                                           {"flow\xC3.txt", "flow.txt"},
                                           {"fl\xC3\xAB.txt", "fl\xC3\xAB.txt"},
                                           {"\xF0\x9F\x98\x80.txt", "\xF0\x9F\x98\x80.txt"},
                                           {"flow\xF0\x9F", "flow"}};
    for (size_t i = 0; i < COUNT (names); i++) {
        const struct policy_text files[] = {{names[i][0], "", 0}};
        struct policy *policy = NULL;
        struct policy_error error = {.message = ""};
        int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
        assert_refused (rc, policy, &error, names[i][1], 0, "no file of a pack");
    }
}

static void test_a_file_that_is_not_given_is_refused (void **state)
{
    (void)state;
    const struct policy_text files[] = {{"ages.txt", "", 0}};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
    assert_refused (rc, policy, &error, "categories.txt", 0, "missing");
}

static void test_a_large_file_in_memory_is_refused (void **state)
{
    (void)state;
    const struct policy_text files[] = {{"ages.txt", "", POLICY_FILE_LIMIT + 1}};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
    assert_refused (rc, policy, &error, "ages.txt", 0, "larger than 1 MiB");
}

static void test_a_long_message_ends_in_a_whole_character (void **state)
{
    (void)state;
    /* 47 letters and then a character of three bytes: cut at 48 bytes, it would be half of it. */
    const struct change change = {"flows.txt", "origin wmo",
                                  "origin aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xE2\x82\xAC"};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = read_changed (&policy, &change, &error);
    assert_refused (rc, policy, &error, "flows.txt", 9,
                    "unknown origin \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"");
}

struct directory {
    char path[64];
};

static void write_file (const struct directory *directory, const char *name, const char *text)
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", directory->path, name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (text, file);
    assert_int_equal (fclose (file), 0);
}

/* `name` is a file, a link or an empty directory. */
static void remove_file (const struct directory *directory, const char *name)
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", directory->path, name);
    remove (path);
}

static int make_directory (void **state)
{
    static struct directory directory;
    snprintf (directory.path, sizeof directory.path, "/tmp/test-policy-XXXXXX");
    if (mkdtemp (directory.path) == NULL)
        return -1;
    for (size_t i = 0; i < SMALL_PACK_FILES; i++)
        write_file (&directory, small_pack[i][0], small_pack[i][1]);
    *state = &directory;
    return 0;
}

static int remove_directory (void **state)
{
    const struct directory *directory = *state;
    for (size_t i = 0; i < SMALL_PACK_FILES; i++)
        remove_file (directory, small_pack[i][0]);
    remove_file (directory, "flow.txt");
    remove_file (directory, "zones.txt");
    remove_file (directory, "zebra.txt");
    remove_file (directory, "kinds.txt");
    remove_file (directory, "README.md");
    return rmdir (directory->path);
}

static void assert_directory_refused (const struct directory *directory, const char *file, const char *message)
{
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read (&policy, directory->path, NULL, &error);
    assert_refused (rc, policy, &error, file, 0, message);
}

static void test_a_directory_reads_as_its_files_do (void **state)
{
    const struct directory *directory = *state;
    write_file (directory, "README.md", "not looked at");
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    assert_int_equal (policy_read (&policy, directory->path, changed_pack_hash, &error), 0);
    struct policy *same = changed_pack_good (NULL);
    assert_string_equal (policy->id, "small/1");
    assert_memory_equal (policy->hash, same->hash, 32);
    policy_destroy (&same);
    policy_destroy (&policy);
}

static void test_a_missing_file_is_refused (void **state)
{
    const struct directory *directory = *state;
    remove_file (directory, "notices.txt");
    assert_directory_refused (directory, "notices.txt", "missing");
}

static void test_an_extra_text_file_is_refused (void **state)
{
    const struct directory *directory = *state;
    /* Whatever the order in which the directory lists them, the first by name is told. */
    write_file (directory, "zones.txt", "");
    write_file (directory, "flow.txt", "");
    write_file (directory, "zebra.txt", "");
    write_file (directory, "kinds.txt", "");
    assert_directory_refused (directory, "flow.txt", "no file of a pack; did you mean \"flows.txt\"?");
}

static void test_a_ten_megabyte_file_is_refused (void **state)
{
    const struct directory *directory = *state;
    char path[128];
    snprintf (path, sizeof path, "%s/flows.txt", directory->path);
    assert_int_equal (truncate (path, 10 << 20), 0);
    assert_directory_refused (directory, "flows.txt", "larger than 1 MiB");
}

static void test_a_directory_in_place_of_a_file_is_refused (void **state)
{
    const struct directory *directory = *state;
    char path[128];
    snprintf (path, sizeof path, "%s/flows.txt", directory->path);
    assert_int_equal (unlink (path), 0);
    assert_int_equal (mkdir (path, 0700), 0);
    assert_directory_refused (directory, "flows.txt", "not a file");
}

static void test_what_cannot_be_read_is_told_apart_from_what_is_wrong (void **state)
{
    const struct directory *directory = *state;
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    char path[128];
    snprintf (path, sizeof path, "%s/ages.txt", directory->path);
    assert_int_equal (unlink (path), 0);
    assert_int_equal (symlink ("ages.txt", path), 0);
    assert_int_equal (policy_read (&policy, directory->path, NULL, &error), -ELOOP);
    assert_string_equal (error.file, "ages.txt");
    assert_int_equal (strncmp (error.message, "cannot open it: ", 16), 0);
    assert_int_equal (unlink (path), 0);
    assert_int_equal (symlink ("/proc/self/mem", path), 0); /* a file that opens and cannot be read */
    assert_int_equal (policy_read (&policy, directory->path, NULL, &error), -EIO);
    assert_int_equal (strncmp (error.message, "cannot read it: ", 16), 0);
    assert_int_equal (policy_read (&policy, "/nonexistent", NULL, &error), -ENOENT);
    assert_string_equal (error.file, "/nonexistent");
    assert_null (policy);
}

#define TEST_DIRECTORY(function) cmocka_unit_test_setup_teardown (function, make_directory, remove_directory)

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_more_codes_than_fit_are_refused),
        cmocka_unit_test (test_a_nul_byte_is_refused),
        cmocka_unit_test (test_a_file_given_twice_is_refused),
        cmocka_unit_test (test_a_file_that_is_unknown_is_refused_on_one_line),
        cmocka_unit_test (test_the_name_of_an_unknown_file_is_made_presentable),
        cmocka_unit_test (test_a_file_that_is_not_given_is_refused),
        cmocka_unit_test (test_a_large_file_in_memory_is_refused),
        cmocka_unit_test (test_a_long_message_ends_in_a_whole_character),
        TEST_DIRECTORY (test_a_directory_reads_as_its_files_do),
        TEST_DIRECTORY (test_a_missing_file_is_refused),
        TEST_DIRECTORY (test_an_extra_text_file_is_refused),
        TEST_DIRECTORY (test_a_ten_megabyte_file_is_refused),
        TEST_DIRECTORY (test_a_directory_in_place_of_a_file_is_refused),
        TEST_DIRECTORY (test_what_cannot_be_read_is_told_apart_from_what_is_wrong),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
