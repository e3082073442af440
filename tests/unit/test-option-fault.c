/* What is said of an option that a program does not know, or that lacks its value: the option that was likely
   meant, and never what was typed. */
#include "testing.h"

#include <stdio.h>
#include "text/option_fault.h"

static const struct option options[] = {
    {"key", required_argument, NULL, 'k'},
    {"report", required_argument, NULL, 1000},
    {"json", no_argument, NULL, 1001},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* What is said of the first word that is wrong. */
static const char *said_of (const char *first, const char *second)
{
    char words[3][64];
    char *argv[] = {words[0], words[1], words[2], NULL};
    snprintf (words[0], sizeof words[0], "program");
    snprintf (words[1], sizeof words[1], "%s", first);
    snprintf (words[2], sizeof words[2], "%s", second ? second : "");
    int count = second ? 3 : 2;
    argv[count] = NULL;
    opterr = 0;
    optind = 0;
    for (int option; (option = getopt_long (count, argv, "k:h", options, NULL)) != -1;)
        if (option == '?')
            return option_fault (argv, "k:h", options);
    return "nothing";
}

static void test_an_option_without_its_value_is_named (void **state)
{
    (void)state;
    assert_string_equal (said_of ("--key", NULL), "--key needs a value; see --help");
    assert_string_equal (said_of ("--json", "--repor"), "--report needs a value; see --help");
    assert_string_equal (said_of ("-k", NULL), "-k needs a value; see --help");
    assert_string_equal (said_of ("--json=1", NULL), "--json takes no value; see --help");
    assert_string_equal (said_of ("--key", "a"), "nothing");
}

static void test_what_was_likely_meant_is_named (void **state)
{
    (void)state;
    assert_string_equal (said_of ("--hlep", NULL), "unknown option: did you mean --help?; see --help");
    assert_string_equal (said_of ("--raport=x", NULL), "unknown option: did you mean --report?; see --help");
}

static void test_what_was_typed_is_not_repeated (void **state)
{
    (void)state;
    assert_string_equal (said_of ("--999996770", NULL), "unknown option; see --help");
    assert_string_equal (said_of ("-z", NULL), "unknown option; see --help");
    assert_string_equal (said_of ("-zh", NULL), "unknown option; see --help");
    assert_string_equal (said_of ("--json", "-z"), "unknown option; see --help");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_an_option_without_its_value_is_named),
        cmocka_unit_test (test_what_was_likely_meant_is_named),
        cmocka_unit_test (test_what_was_typed_is_not_repeated),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
