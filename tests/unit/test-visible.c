/* Whether a text shows anything (G2), whatever the script. */
#include <string.h>
#include "text/visible.h"
#include "testing.h"
#include "text/utf8.h"

static void test_texts_that_people_write_show_something (void **state)
{
    (void)state;
    const char *const texts[] = {"a",
                                 " .",
                                 "\xC3\xA9",
                                 "e\xCC\x81",
                                 "\xE5\xAF\xA9",
                                 "\xD8\xB9",
                                 "\xE0\xA4\x95",
                                 "\xF0\x9F\x98\x80",
                                 "-",
                                 "\xE2\x80\x8E\xD7\x90",
                                 "\t\n x",
                                 "\xEF\xBF\xBD" /* the sign for what could not be read */,
                                 "\xE1\x84\x80" /* a Hangul letter beside the fillers */,
                                 "\xE2\xA0\x81" /* Braille, not the blank */};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true (visible_has_any (texts[i]));
}

static void test_of_these_nothing_is_visible (void **state)
{
    (void)state;
    const char *const texts[] = {
        "",
        " ",
        "\t\r\n \x0B\x0C",
        "\x1F\x7F",
        "\xC2\xA0",                             /* no-break space */
        "\xC2\x85\xC2\x80",                     /* C1 */
        "\xC2\xAD",                             /* soft hyphen */
        "\xCD\x8F\xCC\x81",                     /* grapheme joiner, an accent on nothing */
        "\xE1\x85\x9F\xE1\x85\xA0",             /* Hangul fillers */
        "\xE3\x85\xA4\xEF\xBE\xA0",             /* and two more */
        "\xE1\x9A\x80\xE3\x80\x80",             /* Ogham and ideographic space */
        "\xE1\xA0\x8E",                         /* Mongolian vowel separator */
        "\xE2\x80\x8B\xE2\x80\x8D\xE2\x80\x8F", /* zero width space, joiner, mark */
        "\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAE", /* separators, override */
        "\xE2\x81\xA0\xE2\x81\xA6\xE2\x81\xA9", /* word joiner, isolates */
        "\xE2\xA0\x80",                         /* Braille blank */
        "\xEE\x80\x80",                         /* private use */
        "\xEF\xB7\x90\xEF\xBF\xBE",             /* no characters */
        "\xEF\xB8\x8F",                         /* variation selector */
        "\xEF\xBB\xBF",                         /* byte order mark */
        "\xEF\xBF\xBC",                         /* object replacement */
        "\xF0\x9D\x85\xB3",                     /* control of musical notation */
        "\xF3\xA0\x80\xA0\xF3\xA0\x84\x80",     /* tag, variation selector */
        "\xF4\x8F\xBF\xBD",                     /* private use */
        "\xF0\x9F\xBF\xBE",                     /* no character at the end of a plane */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (visible_has_any (texts[i]))
            fail_msg ("text %zu shows something", i);
}

static void test_what_is_not_utf_8_is_not_decoded (void **state)
{
    (void)state;
    const char *const texts[] = {"\x80",
                                 "\xC3",
                                 "\xC0\x80",
                                 "\xC1\xBF",
                                 "\xE0\x80\x80",
                                 "\xED\xA0\x80",
                                 "\xF0\x80\x80\x80",
                                 "\xF4\x90\x80\x80",
                                 "\xF8\x88\x80\x80",
                                 "\xFF",
                                 "\xE2\x28\xA1"};
    uint32_t point;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal (utf8_decode (texts[i], strlen (texts[i]), &point), 0);
        assert_false (visible_has_any (texts[i]));
    }
}

/* Every code point there is, against what its bytes say. */
static void test_every_code_point_is_decoded (void **state)
{
    (void)state;
    for (uint32_t want = 1; want <= 0x10FFFF; want++) {
        char text[5] = {0};
        size_t size = want < 0x80 ? 1 : want < 0x800 ? 2 : want < 0x10000 ? 3 : 4;
        static const unsigned lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (size_t i = size; i-- > 0;)
            text[i] = (char)(i > 0 ? 0x80 | (want >> (6 * (size - 1 - i)) & 0x3F)
                                   : lead[size] | want >> (6 * (size - 1)));
        uint32_t point = 0;
        size_t got = utf8_decode (text, size, &point);
        if (want >= 0xD800 && want <= 0xDFFF) {
            assert_int_equal (got, 0);
            continue;
        }
        assert_int_equal (got, size);
        assert_int_equal (point, want);
        assert_int_equal (size == 1 ? 0 : utf8_decode (text, size - 1, &point), 0);
        assert_int_equal (visible_has_any (text), visible_is_shown (want));
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_texts_that_people_write_show_something),
        cmocka_unit_test (test_of_these_nothing_is_visible),
        cmocka_unit_test (test_what_is_not_utf_8_is_not_decoded),
        cmocka_unit_test (test_every_code_point_is_decoded),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
