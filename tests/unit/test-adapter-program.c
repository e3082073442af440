/* The command line of the adapters, as far as it goes without a registry: what is wrong ends before anything is
   asked, with the right exit code, and nothing is passed on. */
#include <czmq.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "output.h"
#include "program.h"
#include "testing.h"

static const struct program cak = {.name = "cak",
                                   .summary = "",
                                   .recipient = "cak",
                                   .mappings = "wmo301-eigen-bijdrage.map jw301-eigen-bijdrage.map",
                                   .more_usage = ""};

static char directory[] = "/tmp/test-adapter-program-XXXXXX";
static char key[64], message[64], out[64];

static void write_file (const char *file, const char *text)
{
    assert_int_equal (output_write (file, text, strlen (text)), 0);
}

static int set_up (void **state)
{
    (void)state;
    assert_non_null (mkdtemp (directory));
    snprintf (key, sizeof key, "%s/key", directory);
    snprintf (message, sizeof message, "%s/message.xml", directory);
    snprintf (out, sizeof out, "%s/out.xml", directory);
    write_file (key, "metadata\n    party = \"kernteam\"\n    requests = \"tcp://127.0.0.1:9\"\n"
                     "    server-key = \"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"\n"
                     "curve\n    public-key = \"Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID\"\n"
                     "    secret-key = \"D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\"\n");
    write_file (message, "<a>999996770</a>");
    return setenv ("CONSENTD_ADAPTERS", CONFIG_DIR "/adapters", 1);
}

static int tear_down (void **state)
{
    (void)state;
    unlink (key);
    unlink (message);
    unlink (out);
    return rmdir (directory);
}

/* Arguments end with NULL. */
static int run (const char *first, ...)
{
    char *words[16] = {strdup ("cak")};
    int count = 1;
    va_list list;
    va_start (list, first);
    for (const char *word = first; word; word = va_arg (list, const char *))
        words[count++] = strdup (word);
    va_end (list);
    optind = 0;
    int code = program_run (&cak, count, words);
    for (int i = 0; i < count; i++)
        free (words[i]);
    return code;
}

static void test_a_wrong_command_line_is_a_usage_error (void **state)
{
    (void)state;
    assert_int_equal (run (NULL), EX_USAGE);
    assert_int_equal (run (message, NULL), EX_USAGE);
    assert_int_equal (run ("--key", key, "--nonsense", NULL), EX_USAGE);
    assert_int_equal (run ("--key", key, message, message, NULL), EX_USAGE);
}

static void test_a_wrong_set_up_is_a_configuration_error (void **state)
{
    (void)state;
    assert_int_equal (run ("--key", "/nonexistent", message, NULL), EX_CONFIG);
    assert_int_equal (run ("--key", key, "--mapping", "/nonexistent", message, NULL), EX_CONFIG);
    assert_int_equal (run ("--key", key, "--mapping", message, message, NULL), EX_CONFIG);
}

static void test_a_key_that_others_can_read_is_refused (void **state)
{
    (void)state;
    assert_int_equal (chmod (key, 0644), 0);
    assert_int_equal (run ("--key", key, message, NULL), EX_CONFIG);
    assert_int_equal (chmod (key, 0600), 0);
    assert_int_equal (run ("--key", key, message, NULL), EX_DATAERR);
}

static void test_a_message_that_is_not_there_and_one_that_is_another (void **state)
{
    (void)state;
    assert_int_equal (run ("--key", key, "/nonexistent.xml", NULL), EX_NOINPUT);
    assert_int_equal (run ("--key", key, "--out", out, message, NULL), EX_DATAERR);
    assert_int_equal (access (out, F_OK), -1);
}

static void test_output_is_for_its_owner_only_and_whole_or_not_there (void **state)
{
    (void)state;
    struct stat status;
    write_file (out, "first");
    write_file (out, "second");
    assert_int_equal (stat (out, &status), 0);
    assert_int_equal (status.st_mode & 0777, 0600);
    assert_int_equal (status.st_size, 6);
    assert_int_equal (output_write ("/nonexistent/out", "x", 1), -ENOENT);
}

static bool is_there (const char *file)
{
    return access (file, F_OK) == 0;
}

/* Two runs to the same place: what one stored is not what the other lets go, or takes away. */
static void test_output_that_another_run_replaced_does_not_go (void **state)
{
    (void)state;
    struct output *one, *other;
    char beside[PATH_MAX];
    snprintf (beside, sizeof beside, "%s.part", out);
    unlink (out);
    assert_int_equal (output_store (out, "one", 3, &one), 0);
    assert_int_equal (output_store (out, "other", 5, &other), 0);
    assert_int_equal (output_let_go (one), -EEXIST);
    output_drop (&one);
    assert_false (is_there (out));
    assert_true (is_there (beside));
    assert_int_equal (output_let_go (other), 0);
    write_file (beside, "of a third run");
    output_drop (&other);
    assert_true (is_there (out));
    assert_true (is_there (beside));
    unlink (beside);
}

static void test_output_that_is_not_let_go_leaves_nothing (void **state)
{
    (void)state;
    struct output *output;
    char beside[PATH_MAX];
    snprintf (beside, sizeof beside, "%s.part", out);
    unlink (out);
    assert_int_equal (output_store (out, "one", 3, &output), 0);
    assert_true (is_there (beside));
    output_drop (&output);
    assert_false (is_there (out));
    assert_false (is_there (beside));
}

/* Replacing it would take the device away from everyone on the machine. */
static void test_output_to_a_pipe_leaves_it_a_pipe (void **state)
{
    (void)state;
    char text[16] = "";
    struct stat info;
    unlink (out);
    assert_int_equal (mkfifo (out, 0600), 0);
    int reader = open (out, O_RDONLY | O_NONBLOCK);
    assert_true (reader >= 0);
    assert_int_equal (output_write (out, "naar de pijp", 12), 0);
    assert_int_equal (read (reader, text, sizeof text - 1), 12);
    assert_string_equal (text, "naar de pijp");
    close (reader);
    assert_int_equal (stat (out, &info), 0);
    assert_true (S_ISFIFO (info.st_mode));
    unlink (out);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_wrong_command_line_is_a_usage_error),
        cmocka_unit_test (test_a_wrong_set_up_is_a_configuration_error),
        cmocka_unit_test (test_a_key_that_others_can_read_is_refused),
        cmocka_unit_test (test_a_message_that_is_not_there_and_one_that_is_another),
        cmocka_unit_test (test_output_is_for_its_owner_only_and_whole_or_not_there),
        cmocka_unit_test (test_output_that_another_run_replaced_does_not_go),
        cmocka_unit_test (test_output_that_is_not_let_go_leaves_nothing),
        cmocka_unit_test (test_output_to_a_pipe_leaves_it_a_pipe),
    };
    return cmocka_run_group_tests_name ("adapter-program", tests, set_up, tear_down);
}
