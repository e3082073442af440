/* Help at a narrow terminal: wrapped at its words, in its column. */
#include <stdlib.h>
#include "text/help_page.h"
#include "testing.h"

static void expect (const char *text, size_t room, const char *expected)
{
    char *fitted = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&fitted, &size);
    assert_non_null (out);
    help_page_fit (text, room, out);
    fclose (out);
    assert_string_equal (fitted, expected);
    free (fitted);
}

static void test_what_fits_stays (void **state)
{
    (void)state;
    const char *text =
        "program: does it.\n\nUsage: program [OPTIONS]\n       program help\n\nSome text\nof two lines.\n"
        "  --key FILE    who asks\n                (else nobody)\n";
    expect (text, 40, text);
    expect ("no end of the line", 40, "no end of the line");
    expect ("", 40, "");
}

static void test_an_explanation_goes_on_in_its_column (void **state)
{
    (void)state;
    expect (
        "  --key FILE    who asks, and where the registry is\n                (else nobody)\n  --json        x\n",
        44,
        "  --key FILE    who asks, and where the\n                registry is (else nobody)\n  --json        x\n");
    expect ("  health    whether all of it is well, in one line\n", 40,
            "  health    whether all of it is well,\n            in one line\n");
}

static void test_where_nothing_is_left_of_the_line_it_moves_to_the_left (void **state)
{
    (void)state;
    expect ("  --a-very-long-option    explained in more words\n", 40,
            "  --a-very-long-option    explained in\n      more words\n");
}

static void test_a_paragraph_is_wrapped_as_one (void **state)
{
    (void)state;
    expect ("one two three four five six seven eight nine\nten eleven\n\nnext\n", 30,
            "one two three four five six\nseven eight nine ten eleven\n\nnext\n");
}

static void test_ways_to_call_it_stay_apart (void **state)
{
    (void)state;
    expect (
        "Usage: program [OPTION]... [--one VALUE | --two VALUE]\n       program help\n", 30,
        "Usage: program [OPTION]...\n           [--one VALUE |\n           --two VALUE]\n       program help\n");
    expect ("Usage: program\n       program with what takes more than this\n", 30,
            "Usage: program\n       program with what takes\n           more than this\n");
}

static void test_columns_of_a_row_stay_whole (void **state)
{
    (void)state;
    expect ("  0 it is done    1 it is denied    64 wrong usage\n", 40,
            "  0 it is done    1 it is denied\n  64 wrong usage\n");
    expect ("  revoked    6.2  it hears of the withdrawal, and then says no\n", 50,
            "  revoked    6.2  it hears of the withdrawal, and\n                  then says no\n");
}

static void test_a_word_that_is_longer_than_the_line_stays_whole (void **state)
{
    (void)state;
    expect ("see https://example.org/a/very/long/place for more\n", 20,
            "see\nhttps://example.org/a/very/long/place\nfor more\n");
    expect ("  --uri URI    such as\n               urn:nld:oin:00000001234567890000:systeem\n", 44,
            "  --uri URI    such as\n    urn:nld:oin:00000001234567890000:systeem\n");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_fits_stays),
        cmocka_unit_test (test_an_explanation_goes_on_in_its_column),
        cmocka_unit_test (test_where_nothing_is_left_of_the_line_it_moves_to_the_left),
        cmocka_unit_test (test_a_paragraph_is_wrapped_as_one),
        cmocka_unit_test (test_ways_to_call_it_stay_apart),
        cmocka_unit_test (test_columns_of_a_row_stay_whole),
        cmocka_unit_test (test_a_word_that_is_longer_than_the_line_stays_whole),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
