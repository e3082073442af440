/* What people are shown of others' text. */
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include "text/escape.h"
#include "text/utf8.h"
#include "testing.h"

static void assert_shown (const char *text, const char *expected)
{
    char *shown = escape_text (text);
    assert_string_equal (shown, expected);
    free (shown);
}

static void test_what_people_write_is_shown_as_it_is (void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "hulp bij het huishouden",
                                        "één cliënt: “ja” — 3 €",
                                        "Ελληνικά",
                                        "العربية",
                                        "हिन्दी",
                                        "漢字",
                                        "a\\b",
                                        "\u0600",
                                        "e\u0301"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_shown (texts[i], texts[i]);
}

static void test_what_is_not_seen_or_turns_the_line_is_escaped (void **state)
{
    (void)state;
    assert_shown ("a\033[2Jb\nc\td\re", "a\\x1b[2Jb\\nc\\td\\re");
    assert_shown ("\x7f", "\\x7f");
    assert_shown ("\xc2\x85\xc2\x9b", "\\u0085\\u009b");
    assert_shown ("\u061c\u200e\u200f", "\\u061c\\u200e\\u200f");
    assert_shown ("\u202a\u202b\u202c\u202d\u202e", "\\u202a\\u202b\\u202c\\u202d\\u202e");
    assert_shown ("\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069");
    assert_shown ("\u2028\u2029", "\\u2028\\u2029");
    assert_shown ("\u00ad\u200b\u200c\u200d\u2060\ufeff", "\\u00ad\\u200b\\u200c\\u200d\\u2060\\ufeff");
    assert_shown ("\u034f\u180e\u3164\uffa0\ufe0f", "\\u034f\\u180e\\u3164\\uffa0\\ufe0f");
    assert_shown ("\U000e0041\U000e0100", "\\U000e0041\\U000e0100");
    assert_shown ("\ue000\U0010ffff\uffff", "\\ue000\\U0010ffff\\uffff");
}

static void test_bytes_that_are_no_utf8_are_shown_one_by_one (void **state)
{
    (void)state;
    assert_shown ("a\xff"
                  "b",
                  "a\\xffb");
    assert_shown ("\xc0\xaf", "\\xc0\\xaf");          /* too long a way to say '/' */
    assert_shown ("\xed\xa0\x80", "\\xed\\xa0\\x80"); /* half of a pair */
    assert_shown ("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
    assert_shown ("\xe2\x80", "\\xe2\\x80"); /* cut off */
}

static void test_json_says_the_same_and_shows_all_of_it (void **state)
{
    (void)state;
    static const char text[] = "\u202e\xc2\x85\x7f\U000e0041 één\n";
    json_t *object = json_pack ("{s:s}", "motivation", text);
    char *shown = escape_json (json_dumps (object, JSON_INDENT (2)));
    assert_string_equal (shown, "{\n  \"motivation\": \"\\u202e\\u0085\\u007f\\udb40\\udc41 één\\n\"\n}");
    json_t *again = json_loads (shown, 0, NULL);
    assert_true (json_equal (object, again));
    json_decref (object);
    json_decref (again);
    free (shown);
    assert_null (escape_json (NULL));
}

static void test_a_line_stays_one_line (void **state)
{
    (void)state;
    char *made = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&made, &size);
    escape_line (out, "x: %s", "een\nx: twee");
    escape_put (out, "\u2028");
    fclose (out);
    assert_string_equal (made, "x: een\\nx: twee\n\\u2028");
    free (made);
}

static void test_utf8_is_known_wherever_a_character_stands (void **state)
{
    (void)state;
    enum { SIZE = 21 };
    char text[SIZE];
    for (size_t at = 0; at + 1 < SIZE; at++) {
        memset (text, 'a', SIZE);
        assert_true (utf8_is_valid (text, SIZE));
        memcpy (text + at, "\xc3\xa9", 2);
        assert_true (utf8_is_valid (text, SIZE));
        assert_false (utf8_is_valid (text, at + 1));
        text[at] = 'a';
        assert_false (utf8_is_valid (text, SIZE));
    }
    assert_true (utf8_is_valid ("", 0));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_people_write_is_shown_as_it_is),
        cmocka_unit_test (test_what_is_not_seen_or_turns_the_line_is_escaped),
        cmocka_unit_test (test_bytes_that_are_no_utf8_are_shown_one_by_one),
        cmocka_unit_test (test_json_says_the_same_and_shows_all_of_it),
        cmocka_unit_test (test_a_line_stays_one_line),
        cmocka_unit_test (test_utf8_is_known_wherever_a_character_stands),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
