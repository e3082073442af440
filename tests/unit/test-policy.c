#include "policy/policy_read.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../small-pack.h"
#include "changed_pack.h"
#include "policy/policy_print.h"
#include "testing.h"

/* Order and content both count; good enough to see whether what is hashed differs. */
static void toy_hash (const void *a, size_t a_size, const void *b, size_t b_size, uint8_t hash[32])
{
    uint64_t sum = UINT64_C (0xcbf29ce484222325);
    for (size_t i = 0; i < a_size + b_size; i++)
        sum = (sum ^ (i < a_size ? ((const uint8_t *)a)[i] : ((const uint8_t *)b)[i - a_size])) *
              UINT64_C (0x100000001b3);
    memset (hash, 0, 32);
    memcpy (hash, &sum, sizeof sum);
}

/* Packs in memory: the small pack with one thing changed */

static int read_changed (struct policy **policy_p, const struct change *change, struct policy_error *error)
{
    return changed_pack_try (policy_p, change, 1, toy_hash, error);
}

static struct policy *read_good (const struct change *change)
{
    return changed_pack_read (change, change != NULL, toy_hash);
}

/* G3. */
static void test_a_flow_may_say_that_consent_never_carries_it (void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        bool no_consent, urgent_reasons;
    } cases[] = {{" admits consent", false, false},
                 {" consent yes\n admits consent", false, false},
                 {" consent no", true, false},
                 {" consent no\n admits urgent-reasons", true, true}};
    for (size_t i = 0; i < COUNT (cases); i++) {
        const struct change change = {"flows.txt", " admits consent", cases[i].lines};
        struct policy *policy = read_good (&change);
        assert_int_equal (policy->flows[0].no_consent, cases[i].no_consent);
        assert_int_equal (policy->flows[0].urgent_reasons, cases[i].urgent_reasons);
        policy_destroy (&policy);
    }
}

static void test_a_long_label_is_printed_on_several_lines (void **state)
{
    (void)state;
    const struct change change = {
        "flows.txt", " nl N\n",
        " nl Een lange omschrijving van wat er in deze rij van de tabel tussen wie en wie wordt uitgewisseld,\n"
        "   en nog langer dan wat in de breedte van een afgedrukte bladzijde past\n"};
    struct policy *policy = read_good (&change);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, out);
    fclose (out);
    assert_non_null (strstr (text, "wordt uitgewisseld,\n    en nog langer"));
    free (text);
    policy_destroy (&policy);
}

static char *printed (const struct change *changes, size_t count)
{
    struct policy *policy = changed_pack_read (changes, count, NULL);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, out);
    fclose (out);
    policy_destroy (&policy);
    return text;
}

static void assert_printed (const struct change *changes, size_t count, const char *expected)
{
    char *text = printed (changes, count);
    if (strstr (text, expected) == NULL)
        fail_msg ("\"%s\" is not printed; what is printed:\n%s", expected, text);
    free (text);
}

static void test_the_printed_pack_says_what_a_flow_admits (void **state)
{
    (void)state;
    static const struct {
        struct change change;
        const char *expected;
    } cases[] = {
        {{"flows.txt", " to cak", " by team to cak"}, "besides     wmo-2015 by team to cak\n"},
        {{"flows.txt", " to cak", " by team"}, "besides     wmo-2015 by team\n"},
        {{"flows.txt", " statute wmo-2015 to cak\n", ""}, "besides     nothing\n"},
        {{"flows.txt", "consent\n", "consent, written-request\n"},
         "besides     wmo-2015 to cak; written request\n"},
        {{"flows.txt", "consent\n", "consent, urgent-reasons\n"}, "besides     wmo-2015 to cak; urgent reasons\n"},
        {{"flows.txt", "flow A1", "flow 1a"}, "Outside the areas\n-----------------\n\n1a  N\n"},
        {{"flows.txt", "flow A1", "flow a1"}, "Outside the areas\n-----------------\n\na1  N\n"},
    };
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_printed (&cases[i].change, 1, cases[i].expected);
}

static void test_the_printed_pack_says_its_choices (void **state)
{
    (void)state;
    static const struct {
        struct change changes[2];
        const char *expected;
    } cases[] = {
        {{{"pack.txt", "value team", "value none"}}, "Special categories flow only to:\n                none\n"},
        {{{"pack.txt", "value all", "value any"}}, "representatives     any one of them\n"},
        {{{"statutes.txt", NULL, ""}, {"flows.txt", " statute wmo-2015 to cak\n", ""}},
         "Statutes\n--------\nnone\n"},
        {{{"statutes.txt", "carries-special none", "carries-special health"}}, "    special     health\n"},
    };
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_printed (cases[i].changes, 2, cases[i].expected);
}

static void test_a_statute_may_hold_by_some_and_to_some (void **state)
{
    (void)state;
    const struct change change = {"flows.txt", " statute wmo-2015 to cak\n",
                                  " statute wmo-2015 by team to cak\n statute wmo-2015 to team\n"};
    struct policy *policy = read_good (&change);
    const struct policy_flow *flow = &policy->flows[0];
    assert_int_equal (flow->statute_count, 2);
    assert_true (code_set_has (&flow->statutes[0].by, policy_kind (policy, "team")));
    assert_true (code_set_has (&flow->statutes[0].to, policy_kind (policy, "cak")));
    assert_false (code_set_has (&flow->statutes[0].to, policy_kind (policy, "team")));
    assert_true (code_set_is_empty (&flow->statutes[1].by));
    policy_destroy (&policy);
    assert_null (policy);
}

/* What the pack of 2026 needs beyond that of 2015. */
static void test_a_statute_may_cover_all_origins_and_break_secrecy (void **state)
{
    (void)state;
    const struct change change = {"statutes.txt", NULL,
                                  "statute wmo-5.2.6\n nl N\n en E\n source Wmo 5.2.6\n origins all\n"
                                  " carries-special all\n breaks-secrecy yes\n passes-restriction yes\n"
                                  " informing-deferrable yes\nstatute wmo-2015\n nl N\n en E\n source S\n"
                                  " origins wmo\n carries-special health\n breaks-secrecy no\n"
                                  " passes-restriction no\n informing-deferrable no\n"};
    struct policy *policy = read_good (&change);
    assert_true (policy->statutes[0].all_origins);
    assert_int_equal (policy->statutes[0].carries, CARRIES_ALL);
    assert_true (policy->statutes[0].breaks_secrecy && policy->statutes[0].passes_restriction &&
                 policy->statutes[0].inform_deferrable);
    assert_int_equal (policy->statutes[1].carries, CARRIES_HEALTH);
    policy_destroy (&policy);
}

static void test_comments_blank_lines_and_continuations_read_as_one_value (void **state)
{
    (void)state;
    const struct change change = {
        "origins.txt", NULL,
        "\xEF\xBB\xBF# comment\r\norigin wmo # the act\r\n    nl\r\n        Wet  maat-\r\n"
        "\r\n        # between\r\n        schappelijke #1 \r\n    en  E#1\r\n  # low\r\n"
        "    source S"};
    struct policy *policy = read_good (&change);
    assert_string_equal (policy->origins[0].entry.code, "wmo");
    assert_string_equal (policy->origins[0].entry.label_nl, "Wet maat- schappelijke");
    assert_string_equal (policy->origins[0].entry.label_en, "E#1");
    assert_string_equal (policy->origins[0].entry.source, "S");
    policy_destroy (&policy);
}

static void test_notices_are_known_by_id_version_and_language (void **state)
{
    (void)state;
    const struct change change = {
        "notices.txt", NULL, "notice folder\n version 1\n language nl\nnotice folder\n version 1\n language en\n"};
    struct policy *policy = read_good (&change);
    assert_int_equal (policy->notice_count, 2);
    assert_string_equal (policy->notices[1].id, "folder");
    assert_string_equal (policy->notices[1].language, "en");
    policy_destroy (&policy);
}

static void test_a_pack_may_do_without_statutes_reasons_and_notices (void **state)
{
    (void)state;
    const struct change changes[] = {{"urgent-reasons.txt", NULL, ""}, {"notices.txt", NULL, "# none\n"}};
    for (size_t i = 0; i < COUNT (changes); i++) {
        struct policy *policy = read_good (&changes[i]);
        assert_int_equal (i == 0 ? policy->urgent_reason_count : policy->notice_count, 0);
        policy_destroy (&policy);
    }
}

/* The neighbours of what is refused as invisible are not. */
static void test_letters_of_every_size_are_kept (void **state)
{
    (void)state;
    static const char *const letters[] = {"\xC2\xA0",         "\xC3\xAB",        "\xE2\x80\x8A", "\xE2\x80\xA7",
                                          "\xE2\x80\xB0",     "\xE2\x82\xAC",    "\xEE\x80\x80", "\xEF\xBF\xBD",
                                          "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"};
    for (size_t i = 0; i < COUNT (letters); i++) {
        char value[16];
        snprintf (value, sizeof value, " en E%s", letters[i]);
        const struct change change = {"origins.txt", " en E", value};
        struct policy *policy = read_good (&change);
        assert_string_equal (policy->origins[0].entry.label_en, value + 4);
        policy_destroy (&policy);
    }
}

static void test_flows_of_one_purpose_may_share_all_but_one_side_of_their_cells (void **state)
{
    (void)state;
    static const char *const sides[] = {"providers cak\n recipients cak\n categories naw",
                                        "providers team\n recipients gp\n categories naw",
                                        "providers team\n recipients team\n categories other"};
    static const char kinds[] =
        "kind gp\n nl N\n en E\n source S\n secrecy none\n third-party yes\n needs-agreement no\nkind cak";
    static const char categories[] =
        "category other\n nl N\n en E\n source S\n area none\n special no\ncategory health";
    for (size_t i = 0; i < COUNT (sides); i++) {
        char flow[256];
        snprintf (flow, sizeof flow,
                  "flow A2\n nl N\n en E\n source S\n %s\n purpose help\n origin wmo\n admits consent\nflow A1",
                  sides[i]);
        const struct change changes[] = {{"parties.txt", "kind cak", kinds},
                                         {"categories.txt", "category health", categories},
                                         {"flows.txt", "flow A1", flow}};
        struct policy *policy = changed_pack_read (changes, COUNT (changes), NULL);
        assert_int_equal (policy->flow_count, 2);
        policy_destroy (&policy);
    }
}

static void test_a_statute_may_be_named_again_for_other_parties (void **state)
{
    (void)state;
    static const char *const again[] = {" statute wmo-2015 to cak\n statute wmo-2015 by team to cak\n",
                                        " statute wmo-2015 to cak\n statute wmo-2015 to team\n",
                                        " statute wmo-2015 by team to cak\n statute wmo-2015 to cak\n"};
    for (size_t i = 0; i < COUNT (again); i++) {
        const struct change change = {"flows.txt", " statute wmo-2015 to cak\n", again[i]};
        struct policy *policy = read_good (&change);
        assert_int_equal (policy->flows[0].statute_count, 2);
        policy_destroy (&policy);
    }
}

static void test_groups_stand_for_their_members_wherever_they_are_declared (void **state)
{
    (void)state;
    const struct change changes[] = {
        {"parties.txt", "kind team", "group everybody\n members team, cak\nkind team"},
        {"flows.txt", "recipients team, cak", "recipients everybody"}};
    struct policy *policy = changed_pack_read (changes, COUNT (changes), NULL);
    assert_true (code_set_has (&policy->flows[0].recipients, policy_kind (policy, "team")));
    assert_true (code_set_has (&policy->flows[0].recipients, policy_kind (policy, "cak")));
    assert_int_equal (policy->kind_count, 2);
    policy_destroy (&policy);
}

static void test_a_notice_may_be_listed_in_other_versions_and_languages (void **state)
{
    (void)state;
    const struct change change = {
        "notices.txt", NULL,
        "notice folder\n version 1\n language nl\nnotice folder\n version 2\n language nl\n"
        "notice folder\n version 1\n language en\nnotice leaflet\n version 1\n language nl\n"};
    struct policy *policy = read_good (&change);
    assert_int_equal (policy->notice_count, 4);
    policy_destroy (&policy);
}

static void test_the_consent_itself_may_have_a_retention_beside_the_record (void **state)
{
    (void)state;
    const struct change change = {
        "retention.txt", "source S\n",
        "source S\nretention consents\n held-by team\n law wmo\n period longest-record\n source S\n"};
    struct policy *policy = read_good (&change);
    assert_int_equal (policy->retention_count, 2);
    assert_true (policy->retentions[1].longest_record);
    policy_destroy (&policy);
}

static void test_no_kind_may_be_a_recipient_of_special_categories (void **state)
{
    (void)state;
    const struct change change = {"pack.txt", "value team", "value none"};
    struct policy *policy = read_good (&change);
    assert_true (code_set_is_empty (&policy->special_recipients));
    policy_destroy (&policy);
    policy_destroy (&policy); /* once more is nothing */
}

static void test_the_hash_is_of_every_byte_and_of_its_place (void **state)
{
    (void)state;
    struct policy *plain = read_good (NULL);
    struct policy *same = read_good (NULL);
    assert_memory_equal (plain->hash, same->hash, 32);
    policy_destroy (&same);
    const struct change changes[] = {{"flows.txt", "source S", "source T"},
                                     {"flows.txt", "flow A1", "# a comment\nflow A1"},
                                     {"notices.txt", NULL, "notice folder\n version 1\n language nl"}};
    for (size_t i = 0; i < COUNT (changes); i++) {
        struct policy *changed = read_good (&changes[i]);
        assert_memory_not_equal (plain->hash, changed->hash, 32);
        policy_destroy (&changed);
    }
    policy_destroy (&plain);
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

/* Directories */

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

/* `name` is a file, a link or an empty directory. */
static void remove_file (const struct directory *directory, const char *name)
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", directory->path, name);
    remove (path);
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
    assert_int_equal (policy_read (&policy, directory->path, toy_hash, &error), 0);
    struct policy *same = read_good (NULL);
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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_flow_may_say_that_consent_never_carries_it),
    cmocka_unit_test (test_a_long_label_is_printed_on_several_lines),
    cmocka_unit_test (test_the_printed_pack_says_what_a_flow_admits),
    cmocka_unit_test (test_the_printed_pack_says_its_choices),
    cmocka_unit_test (test_a_statute_may_hold_by_some_and_to_some),
    cmocka_unit_test (test_a_statute_may_cover_all_origins_and_break_secrecy),
    cmocka_unit_test (test_comments_blank_lines_and_continuations_read_as_one_value),
    cmocka_unit_test (test_notices_are_known_by_id_version_and_language),
    cmocka_unit_test (test_a_pack_may_do_without_statutes_reasons_and_notices),
    cmocka_unit_test (test_letters_of_every_size_are_kept),
    cmocka_unit_test (test_flows_of_one_purpose_may_share_all_but_one_side_of_their_cells),
    cmocka_unit_test (test_a_statute_may_be_named_again_for_other_parties),
    cmocka_unit_test (test_groups_stand_for_their_members_wherever_they_are_declared),
    cmocka_unit_test (test_a_notice_may_be_listed_in_other_versions_and_languages),
    cmocka_unit_test (test_the_consent_itself_may_have_a_retention_beside_the_record),
    cmocka_unit_test (test_no_kind_may_be_a_recipient_of_special_categories),
    cmocka_unit_test (test_the_hash_is_of_every_byte_and_of_its_place),
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

int main (void)
{
    return cmocka_run_group_tests_name ("policy", tests, NULL, NULL);
}
