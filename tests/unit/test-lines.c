/* The lines that the formats of C2SP are made of: each number and each base64 is read in the one way in which it
   is written. */
#include <stdlib.h>
#include <string.h>
#include "merkle/lines.h"
#include "testing.h"

/* In a block of its own, so that a byte behind it that is read is noticed. */
static bool read_base64 (const char *text, size_t size, uint8_t *out, size_t limit, size_t *made)
{
    char *block = malloc (size + (size == 0));
    assert_non_null (block);
    memcpy (block, text, size);
    bool is_read = lines_base64 ((struct bytes){block, size}, out, limit, made);
    free (block);
    return is_read;
}

static void test_a_line_ends_in_a_newline (void **state)
{
    (void)state;
    struct bytes rest = {"ab\n\nc", 5}, line;
    assert_true (lines_next (&rest, &line));
    assert_int_equal (line.size, 2);
    assert_true (lines_next (&rest, &line));
    assert_int_equal (line.size, 0);
    assert_false (lines_next (&rest, &line));
    assert_int_equal (rest.size, 1);
    rest = (struct bytes){"\n", 1};
    assert_true (lines_next (&rest, &line));
    assert_int_equal (rest.size, 0);
    rest = (struct bytes){NULL, 0};
    assert_false (lines_next (&rest, &line));
}

static bool is_number (const char *text)
{
    uint64_t unused;
    return lines_number ((struct bytes){text, strlen (text)}, &unused);
}

static void test_a_number_is_decimal_and_less_than_2_63 (void **state)
{
    (void)state;
    static const char *const numbers[] = {"0", "1", "9", "10", "9223372036854775807"};
    static const char *const others[] = {"",
                                         "00",
                                         "01",
                                         "-1",
                                         "+1",
                                         " 1",
                                         "1 ",
                                         "1:",
                                         "1/",
                                         ":",
                                         "/",
                                         "1a",
                                         "0x1",
                                         "9223372036854775808",
                                         "9999999999999999999",
                                         "18446744073709551615",
                                         "18446744073709551617",
                                         "10000000000000000000000"};
    for (size_t i = 0; i < COUNT (numbers); i++) {
        uint64_t made;
        assert_true (lines_number ((struct bytes){numbers[i], strlen (numbers[i])}, &made));
        assert_int_equal (made, strtoull (numbers[i], NULL, 10));
    }
    for (size_t i = 0; i < COUNT (others); i++)
        assert_false (is_number (others[i]));
    uint64_t unused;
    assert_false (lines_number ((struct bytes){"1\0", 2}, &unused));
}

static void test_base64_has_one_form (void **state)
{
    (void)state;
    static const char *const others[] = {"AA",
                                         "AAA",
                                         "AA=",
                                         "A===",
                                         "=AAA",
                                         "AAAA=",
                                         "AAB=",
                                         "AB==",
                                         "AA A",
                                         "AAAA ",
                                         " AAAA",
                                         "AAAA\n",
                                         "AA-A",
                                         "AA_A",
                                         "A\xc3\xa9"
                                         "A",
                                         "\xc3\xa9"
                                         "AA",
                                         "AA\xc3\xa9",
                                         "\xff\xff\xff\xff",
                                         "AA\x7f\x7f"};
    uint8_t out[3];
    size_t made;
    assert_true (read_base64 ("AQID", 4, out, 3, &made));
    assert_int_equal (made, 3);
    assert_memory_equal (out, "\1\2\3", 3);
    assert_true (read_base64 ("AQ==", 4, out, 1, &made));
    assert_int_equal (made, 1);
    assert_true (read_base64 ("", 0, out, 0, &made));
    assert_int_equal (made, 0);
    assert_false (read_base64 ("AQID", 4, out, 2, &made)); /* too long for its place */
    for (size_t i = 0; i < COUNT (others); i++)
        assert_false (read_base64 (others[i], strlen (others[i]), out, sizeof out, &made));
    assert_false (read_base64 ("AA\0A", 4, out, sizeof out, &made));
    for (unsigned byte = 0x7f; byte <= 0xff; byte++)
        for (size_t at = 0; at < 4; at++) {
            char text[] = "AAAA";
            text[at] = (char)byte;
            assert_false (read_base64 (text, 4, out, sizeof out, &made));
        }
}

/* 44 digits, of which the last may say that there are fewer bytes. */
static void test_a_hash_has_32_bytes (void **state)
{
    (void)state;
    static const char hash[] = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=";
    struct merkle_hash read;
    char text[LINES_HASH_SIZE], changed[LINES_HASH_SIZE];
    assert_true (lines_hash ((struct bytes){hash, sizeof hash - 1}, &read));
    lines_put_hash (&read, text);
    assert_string_equal (text, hash);
    assert_false (lines_hash ((struct bytes){hash, sizeof hash - 2}, &read));
    memcpy (changed, hash, sizeof hash);
    memcpy (changed + 41, "A==", 3); /* 31 bytes */
    assert_false (lines_hash ((struct bytes){changed, sizeof hash - 1}, &read));
    memcpy (changed + 41, "AAA", 3); /* 33 */
    assert_false (lines_hash ((struct bytes){changed, sizeof hash - 1}, &read));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_line_ends_in_a_newline),
        cmocka_unit_test (test_a_number_is_decimal_and_less_than_2_63),
        cmocka_unit_test (test_base64_has_one_form),
        cmocka_unit_test (test_a_hash_has_32_bytes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
