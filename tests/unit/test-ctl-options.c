/* consentctl's command line: what is taken, what is refused, and that nothing typed is ever repeated. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "bsn.h"
#include "ctl.h"
#include "help.h"
#include "options.h"
#include "run.h"
#include "testing.h"

static int ran;

static int run_nothing (struct ctl *ctl, const struct options *options)
{
    (void)ctl;
    (void)options;
    ran++;
    return 0;
}

static const struct option sample_options[] = {
    {"name", "TEXT", "a name", OPTION_REQUIRED},
    {"part", "TEXT", "a part", OPTION_REPEATED},
    {"count", "N", "a number", 0},
    {"flag", NULL, "a flag", 0},
    {"file", "FILE", "all of it from a file", OPTION_INSTEAD},
    {NULL, NULL, NULL, 0},
};
static const struct command sample = {"sample", "ID", "for the test", NULL, sample_options, run_nothing};

/* What a function writes to standard error while `code` runs. */
static char errors[4096];

static int catch_errors (int (*run) (const char *const *words, size_t count), const char *const *words,
                         size_t count)
{
    int ends[2], before = dup (STDERR_FILENO);
    assert_int_equal (pipe (ends), 0);
    dup2 (ends[1], STDERR_FILENO);
    int code = run (words, count);
    dup2 (before, STDERR_FILENO);
    close (ends[1]);
    close (before);
    ssize_t size = read (ends[0], errors, sizeof errors - 1);
    errors[size > 0 ? size : 0] = '\0';
    close (ends[0]);
    return code;
}

static struct options parsed;

static int parse_sample (const char *const *words, size_t count)
{
    return options_parse (&parsed, &sample, words, count);
}

#define PARSE(...)                                             \
    catch_errors (parse_sample, (const char *[]){__VA_ARGS__}, \
                  sizeof ((const char *[]){__VA_ARGS__}) / sizeof (char *))
#define RUN(...)                                            \
    catch_errors (run_words, (const char *[]){__VA_ARGS__}, \
                  sizeof ((const char *[]){__VA_ARGS__}) / sizeof (char *))

static void test_options_and_arguments_are_taken_in_any_order (void **state)
{
    (void)state;
    assert_int_equal (PARSE ("--part", "a", "x", "--name=n", "--part=b", "--flag", "--json"), 0);
    assert_string_equal (parsed.arguments[0], "x");
    assert_string_equal (options_text (&parsed, "name"), "n");
    assert_true (options_has (&parsed, "flag"));
    assert_true (options_has (&parsed, "json"));
    assert_null (options_text (&parsed, "count"));
    struct arena *arena = arena_new (4096);
    size_t count;
    char **parts = options_list (&parsed, "part", arena, &count);
    assert_int_equal (count, 2);
    assert_string_equal (parts[0], "a");
    assert_string_equal (parts[1], "b");
    arena_destroy (&arena);
}

static void test_what_is_required_may_be_left_out_where_another_option_stands_instead (void **state)
{
    (void)state;
    assert_int_equal (PARSE ("x", "--flag"), EX_USAGE);
    assert_non_null (strstr (errors, "sample needs --name"));
    assert_int_equal (PARSE ("x", "--flag", "--file", "f"), 0);
    assert_null (options_text (&parsed, "name"));
    assert_int_equal (PARSE ("--file", "f"), EX_USAGE); /* arguments are not options */
}

static void test_what_follows_two_dashes_is_an_argument (void **state)
{
    (void)state;
    assert_int_equal (PARSE ("--name", "n", "--", "--flag"), 0);
    assert_string_equal (parsed.arguments[0], "--flag");
    assert_false (options_has (&parsed, "flag"));
}

static void test_an_empty_text_is_no_value (void **state)
{
    (void)state;
    assert_int_equal (PARSE ("x", "--name", ""), EX_USAGE);
    assert_non_null (strstr (errors, "--name is given as an empty text"));
    assert_int_equal (PARSE ("x", "--name="), EX_USAGE);
    assert_int_equal (PARSE ("", "--name", "n"), EX_USAGE);
    assert_non_null (strstr (errors, "an empty text is none"));
    assert_int_equal (
        RUN ("check", "--provider", "a", "--recipient", "b", "--purpose", "c", "--item", "naw", "--case", ""),
        EX_USAGE);
    assert_non_null (strstr (errors, "--case is given as an empty text"));
    assert_int_equal (RUN ("check", "--provider", "a", "--recipient", "b", "--purpose", "c", "--item", "naw:"),
                      EX_USAGE);
    assert_non_null (strstr (errors, "--item"));
    assert_int_equal (RUN ("--key", "", "status"), EX_USAGE);
}

static void test_a_wrong_command_line_is_refused_and_not_repeated (void **state)
{
    (void)state;
    assert_int_equal (PARSE ("x", "--name", "n", "--surname", "Jansen"), EX_USAGE);
    assert_null (strstr (errors, "surname"));
    assert_int_equal (PARSE ("x", "--name", "n", "Jansen"), EX_USAGE);
    assert_null (strstr (errors, "Jansen"));
    assert_int_equal (PARSE ("x", "--name", "n", "-n"), EX_USAGE);
    assert_int_equal (PARSE ("x", "--name", "n", "--nam", "n"), EX_USAGE);
    assert_int_equal (PARSE ("x", "--name", "n", "--name", "m"), EX_USAGE);
    assert_non_null (strstr (errors, "--name is given twice"));
    assert_int_equal (PARSE ("x", "--name", "n", "--flag=yes"), EX_USAGE);
    assert_non_null (strstr (errors, "--flag takes no value"));
    assert_int_equal (PARSE ("x", "--name"), EX_USAGE);
    assert_non_null (strstr (errors, "--name needs a value: TEXT"));
}

static void test_what_a_command_needs_is_named (void **state)
{
    (void)state;
    assert_int_equal (PARSE ("--name", "n"), EX_USAGE);
    assert_non_null (strstr (errors, "needs ID"));
    assert_int_equal (PARSE ("x"), EX_USAGE);
    assert_non_null (strstr (errors, "needs --name TEXT"));
    assert_int_equal (PARSE ("--help"), 0);
}

static void test_a_number_keeps_to_its_bounds (void **state)
{
    (void)state;
    static const char *const wrong[] = {"0", "11", "-1", "+5", "5x", " ", " 5", "99999999999999999999999"};
    unsigned long number = 7;
    assert_int_equal (PARSE ("x", "--name", "n"), 0);
    assert_int_equal (options_number (&parsed, "count", 1, 10, &number), 0);
    assert_int_equal (number, 7);
    assert_int_equal (PARSE ("x", "--name", "n", "--count", "10"), 0);
    assert_int_equal (options_number (&parsed, "count", 1, 10, &number), 0);
    assert_int_equal (number, 10);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal (PARSE ("x", "--name", "n", "--count", wrong[i]), 0);
        assert_int_equal (options_number (&parsed, "count", 1, 10, &number), EX_USAGE);
    }
}

static void test_a_bsn_anywhere_on_the_command_line_is_refused_and_not_repeated (void **state)
{
    (void)state;
    assert_int_equal (RUN ("consent", "list", "999990019"), EX_USAGE);
    assert_non_null (strstr (errors, "a BSN does not belong on a command line"));
    assert_null (strstr (errors, "999990019"));
    assert_int_equal (RUN ("check", "--bsn=999996770"), EX_USAGE);
    assert_null (strstr (errors, "999996770"));
    assert_int_equal (RUN ("help", "999996770"), EX_USAGE);
    assert_non_null (strstr (errors, "a BSN does not belong"));
    assert_int_equal (RUN ("status", "--user", "klant:999900006/x"), EX_USAGE);
    assert_non_null (strstr (errors, "a BSN does not belong"));
}

static void test_other_numbers_are_no_bsn (void **state)
{
    (void)state;
    static const char *const fine[] = {"999990018", "9999900190", "a999990019",  "99999001",
                                       "000000000", "2026-11-21", "999990019f3a"};
    assert_false (bsn_is_among (fine, sizeof fine / sizeof *fine));
}

static void test_a_command_that_does_not_exist_is_a_usage_error (void **state)
{
    (void)state;
    assert_int_equal (RUN ("Jansen"), EX_USAGE);
    assert_non_null (strstr (errors, "there is no such command"));
    assert_null (strstr (errors, "Jansen"));
    assert_int_equal (RUN ("consent", "Jansen"), EX_USAGE);
    assert_null (strstr (errors, "Jansen"));
    assert_int_equal (RUN ("consent"), EX_USAGE);
    assert_non_null (strstr (errors, "consent grant"));
}

static void test_commands_are_found_by_their_words (void **state)
{
    (void)state;
    size_t used;
    assert_string_equal (command_find ((const char *[]){"consent", "grant"}, 2, &used)->name, "consent grant");
    assert_int_equal (used, 2);
    assert_string_equal (command_find ((const char *[]){"status"}, 1, &used)->name, "status");
    assert_null (command_find ((const char *[]){"consent"}, 1, &used));
    assert_null (command_find ((const char *[]){"consent", "gran"}, 2, &used));
    assert_null (command_find (NULL, 0, &used));
}

/* The parser takes each option that the help shows, for both read one table; this looks at the tables themselves.
 */
static void test_every_command_is_told_in_the_help_and_has_no_option_twice (void **state)
{
    (void)state;
    char text[16384] = "";
    FILE *out = fmemopen (text, sizeof text - 1, "w");
    help_print_overview (out);
    fclose (out);
    size_t commands = 0;
    for (size_t i = 0; command_families[i]; i++) {
        for (const struct command *one = command_families[i]; one->name; one++, commands++) {
            assert_non_null (strstr (text, one->name));
            assert_non_null (one->run);
            for (const struct option *a = one->options; a && a->name; a++) {
                for (const struct option *b = one->options; b != a; b++)
                    assert_string_not_equal (a->name, b->name);
                for (const struct option *b = global_options; b->name; b++)
                    assert_string_not_equal (a->name, b->name);
            }
        }
    }
    assert_true (commands > 20); /* the list is not cut short */
}

static int read_bsn (const char *text, char bsn[BSN_TEXT])
{
    return bsn_read_text (text, strlen (text), bsn);
}

static void test_a_bsn_is_read_with_blanks_around_it (void **state)
{
    (void)state;
    char bsn[BSN_TEXT];
    assert_true (read_bsn ("999990019\n", bsn));
    assert_string_equal (bsn, "999990019");
    assert_true (read_bsn (" 999990019\r\n", bsn));
    assert_string_equal (bsn, "999990019");
    static const char *const wrong[] = {"",           "\n",        "999990018",   "9999900190",
                                        "99999-0019", "000000000", "99999001x\n", "999990019\n999996770",
                                        "0999990019", "99990000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false (read_bsn (wrong[i], bsn));
}

static void test_an_invalid_bsn_on_standard_input_is_refused_and_not_repeated (void **state)
{
    (void)state;
    static const char typed[] = "123456789\n";
    int ends[2], before = dup (STDIN_FILENO);
    assert_int_equal (pipe (ends), 0);
    assert_int_equal (write (ends[1], typed, sizeof typed - 1), sizeof typed - 1);
    close (ends[1]);
    dup2 (ends[0], STDIN_FILENO);
    assert_int_equal (RUN ("consent", "list"), EX_DATAERR);
    assert_non_null (strstr (errors, "standard input"));
    assert_null (strstr (errors, "1234"));
    assert_int_equal (RUN ("consent", "list"), EX_NOINPUT);
    dup2 (before, STDIN_FILENO);
    close (before);
    close (ends[0]);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_options_and_arguments_are_taken_in_any_order),
        cmocka_unit_test (test_what_is_required_may_be_left_out_where_another_option_stands_instead),
        cmocka_unit_test (test_what_follows_two_dashes_is_an_argument),
        cmocka_unit_test (test_an_empty_text_is_no_value),
        cmocka_unit_test (test_a_wrong_command_line_is_refused_and_not_repeated),
        cmocka_unit_test (test_what_a_command_needs_is_named),
        cmocka_unit_test (test_a_number_keeps_to_its_bounds),
        cmocka_unit_test (test_a_bsn_anywhere_on_the_command_line_is_refused_and_not_repeated),
        cmocka_unit_test (test_other_numbers_are_no_bsn),
        cmocka_unit_test (test_a_command_that_does_not_exist_is_a_usage_error),
        cmocka_unit_test (test_commands_are_found_by_their_words),
        cmocka_unit_test (test_every_command_is_told_in_the_help_and_has_no_option_twice),
        cmocka_unit_test (test_a_bsn_is_read_with_blanks_around_it),
        cmocka_unit_test (test_an_invalid_bsn_on_standard_input_is_refused_and_not_repeated),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
