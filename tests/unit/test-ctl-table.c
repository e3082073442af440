/* Tables for people: columns line up, and at a terminal nothing is wider than that. */
#include <locale.h>
#include <string.h>
#include "arena.h"
#include "table.h"
#include "table_fit.h"
#include "testing.h"

#define ONE "3f2a9c0155d1e0aa90b0c1d2e3f40516"
#define OTHER "3f2a9c0f55d1e0aa90b0c1d2e3f40516"
#define FAR "77777777777777777777777777777777"

static const char *print_within (const struct table *table, size_t room)
{
    static char text[4096];
    memset (text, 0, sizeof text);
    FILE *out = fmemopen (text, sizeof text - 1, "w");
    table_print_within (table, out, room);
    fclose (out);
    return text;
}

static void test_columns_line_up_whatever_the_characters (void **state)
{
    static const char *const headings[] = {"NAAM", ">AANTAL", "SLOT"};
    struct table table = table_start (*state, headings, 3);
    table_add (&table, (const char *[]){"cliënt", "7", "a"});
    table_add (&table, (const char *[]){"漢字", "1234", ""});
    table_add (&table, (const char *[]){"x", NULL, "b"});
    assert_string_equal (print_within (&table, 0), "NAAM    AANTAL  SLOT\n"
                                                   "cliënt       7  a\n"
                                                   "漢字      1234  -\n"
                                                   "x            -  b\n");
}

static void test_what_does_not_fit_is_wrapped_at_words (void **state)
{
    static const char *const headings[] = {"WIE", ">N", "WAT"};
    struct table table = table_start (*state, headings, 3);
    table_add (&table, (const char *[]){"jan", "7", "naw, indicatie, zorgplan, gezinssituatie"});
    table_add (&table, (const char *[]){"piet", "12", "wmo"});
    assert_string_equal (print_within (&table, 80), "WIE    N  WAT\n"
                                                    "jan    7  naw, indicatie, zorgplan, gezinssituatie\n"
                                                    "piet  12  wmo\n");
    assert_string_equal (print_within (&table, 30), "WIE    N  WAT\n"
                                                    "jan    7  naw, indicatie,\n"
                                                    "          zorgplan,\n"
                                                    "          gezinssituatie\n"
                                                    "piet  12  wmo\n");
}

/* Behind a hyphen within a code, and never within a day. Only where the narrowest table is too wide within a word.
 */
static void test_words_break_only_where_they_must (void **state)
{
    size_t size;
    const char *code = "werk-en-inkomen", *day = "2026-11-21 20:04+01", *word = "gezinssituatie";
    assert_string_equal (table_fit_wrap (code, 9, &size), "inkomen");
    assert_int_equal (size, 8);
    assert_string_equal (table_fit_wrap (day, 12, &size), "20:04+01");
    assert_int_equal (size, 10);
    assert_string_equal (table_fit_wrap ("wmo:naw", 5, &size), "naw");
    assert_string_equal (table_fit_wrap (word, 6, &size), "situatie");
    assert_string_equal (table_fit_wrap ("漢字", 1, &size), "字"); /* one wider than the column is not left out */
    static const char *const headings[] = {"A", "B"};
    struct table table = table_start (*state, headings, 2);
    table_add (&table, (const char *[]){"abcdefghijkl", "xy"});
    assert_string_equal (print_within (&table, 10), "A       B\n"
                                                    "abcdef  xy\n"
                                                    "ghijkl\n");
}

static void test_columns_that_can_be_missed_are_left_out_and_named (void **state)
{
    static const char *const headings[] = {"EERST", "-TWEEDE", "-->DERDE", "-VIERDE"};
    struct table table = table_start (*state, headings, 4);
    table_add (&table, (const char *[]){"aaaaaaaa", "bbbbbbbb", "3", "dddddddd"});
    assert_string_equal (print_within (&table, 0), "EERST     TWEEDE    DERDE  VIERDE\n"
                                                   "aaaaaaaa  bbbbbbbb      3  dddddddd\n");
    assert_string_equal (print_within (&table, 30), "EERST     TWEEDE    VIERDE\n"
                                                    "aaaaaaaa  bbbbbbbb  dddddddd\n"
                                                    "Not shown: DERDE (--wide)\n");
    assert_string_equal (print_within (&table, 20), "EERST     TWEEDE\n"
                                                    "aaaaaaaa  bbbbbbbb\n"
                                                    "Not shown: DERDE, VIERDE (--wide)\n");
}

/* It is as if it were not there. But where all of it fits, everything is. */
static void test_a_column_with_nothing_in_it_makes_room_first (void **state)
{
    static const char *const headings[] = {"EERST", "LEEG", "-DERDE"};
    struct table table = table_start (*state, headings, 3);
    table_add (&table, (const char *[]){"een twee", "", "drie vier"});
    assert_string_equal (print_within (&table, 25), "EERST     LEEG  DERDE\n"
                                                    "een twee  -     drie vier\n");
    assert_string_equal (print_within (&table, 24), "EERST     DERDE\n"
                                                    "een twee  drie vier\n"
                                                    "Not shown: LEEG (--wide)\n");
}

static void test_identifiers_are_as_long_as_it_takes_to_tell_them_apart (void **state)
{
    static const char *const headings[] = {"#ID", "#OVER"};
    struct table table = table_start (*state, headings, 2);
    table_add (&table, (const char *[]){FAR, "toestemming " FAR});
    table_add (&table, (const char *[]){ONE, "besluit 7"});
    assert_string_equal (print_within (&table, 60), "ID        OVER\n"
                                                    "77777777  toestemming 77777777\n"
                                                    "3f2a9c01  besluit 7\n");
    table_add (&table, (const char *[]){OTHER, ONE});
    table_add (&table, (const char *[]){ONE, ""});
    assert_string_equal (print_within (&table, 60), "ID        OVER\n"
                                                    "77777777  toestemming 77777777\n"
                                                    "3f2a9c01  besluit 7\n"
                                                    "3f2a9c0f  3f2a9c01\n"
                                                    "3f2a9c01  -\n");
    table_add (&table, (const char *[]){"3f2a9c0157d1e0aa90b0c1d2e3f40516", ""});
    assert_non_null (strstr (print_within (&table, 60), "3f2a9c0155  besluit 7\n"));
    assert_non_null (
        strstr (print_within (&table, 0), ONE "  besluit 7\n")); /* whole where nobody types it back */
}

/* Nobody could type them back: nine digits that might be a person's are refused on a command line. */
static void test_what_is_shown_of_an_identifier_is_no_bsn (void **state)
{
    static const char *const headings[] = {"#ID"};
    struct table table = table_start (*state, headings, 1);
    table_add (&table, (const char *[]){"999900006d1e0aa90b0c1d2e3f405160"});
    table_add (&table, (const char *[]){"99990000a5d1e0aa90b0c1d2e3f40516"});
    assert_string_equal (print_within (&table, 60), "ID\n"
                                                    "999900006d\n"
                                                    "99990000a\n");
}

static void test_of_a_name_and_its_value_the_value_is_wrapped (void **state)
{
    struct table table = table_start (*state, NULL, 2);
    table_add_fact (&table, "valid until", "2027-03-31");
    table_add_fact (&table, "motivation", "de cliënt wil dat wij het samen doen");
    table_add_fact (&table, "empty", "");
    assert_string_equal (print_within (&table, 32), "valid until  2027-03-31\n"
                                                    "motivation   de cliënt wil dat\n"
                                                    "             wij het samen doen\n");
}

/* Whatever is in it: no line is wider than the terminal, and each word is there. */
static void test_no_table_is_wider_than_the_terminal (void **state)
{
    static const char *const headings[] = {"#ID", "WAT", "->GETAL", "LANG", "A", "B", "C", "D"};
    struct table table = table_start (*state, headings, 8);
    table_add (&table, (const char *[]){ONE, "漢字漢字漢字漢字 cliënten", "123456789", FAR FAR, "een twee drie",
                                        "x", "2026-11-21 20:04+01", "   "});
    for (size_t room = 30; room < 200; room++) {
        const char *line = print_within (&table, room);
        while (*line) {
            size_t size = strcspn (line, "\n");
            if (strncmp (line, "Not shown", 9) != 0)
                assert_in_range (table_width (line, size), 0, room);
            line += size + 1;
        }
    }
}

static int set_up (void **state)
{
    *state = arena_new (1 << 20);
    return 0;
}

static int tear_down (void **state)
{
    struct arena *arena = *state;
    arena_destroy (&arena);
    return 0;
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_columns_line_up_whatever_the_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_does_not_fit_is_wrapped_at_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_words_break_only_where_they_must, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_columns_that_can_be_missed_are_left_out_and_named, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_column_with_nothing_in_it_makes_room_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_identifiers_are_as_long_as_it_takes_to_tell_them_apart, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_shown_of_an_identifier_is_no_bsn, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_of_a_name_and_its_value_the_value_is_wrapped, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_no_table_is_wider_than_the_terminal, set_up, tear_down),
    };
    setlocale (LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests (tests, NULL, NULL);
}
