/* What passes for the number of a citizen, and what holds one (section 3, A3). */
#include <string.h>
#include "text/burgerservicenummer.h"
#include "testing.h"

static void test_eight_or_nine_digits_that_pass_the_test_are_a_number (void **state)
{
    (void)state;
    const char *const good[] = {"999996770", "999990007", "999900006"};
    const char *const bad[] = {"",         "999996771", "99999677",  "9999967700", "000000000",
                               "00000000", "99999677a", "999996 70", "-99996770",  "999.996.770"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true (bsn_is_valid (good[i]));
        assert_true (bsn_is_alike (good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false (bsn_is_valid (bad[i]));
}

static void test_eight_digits_are_an_id_and_zeroes_are_none (void **state)
{
    (void)state;
    /* 2 x 1 - 2: no number of the range for tests begins with the 0 that eight digits leave out. */
    assert_true (bsn_is_valid ("00000012"));
    assert_false (bsn_is_alike ("00000012"));
    assert_true (bsn_is_alike ("000000012"));
    assert_true (bsn_is_alike ("000000000"));
    assert_false (bsn_is_alike ("999996771"));
}

static void test_a_reference_that_holds_a_number_is_found_also_in_groups (void **state)
{
    (void)state;
    const char *const within[] = {"999996770",   "zaak-999996770",    "999996770:2",  "2026999996770",
                                  "999-996-770", "9.9.9.9.9.6.7.7.0", "a_99999-6770b"};
    const char *const without[] = {"", "999996771", "99999677", "z999-99-6771", "99999a6770"};
    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        assert_true (bsn_is_within (within[i], "999996770"));
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        assert_false (bsn_is_within (without[i], "999996770"));
    assert_true (bsn_is_within ("zaak.00.00.00.12", "000000012"));
}

static bool finds (const char *text, const char *number)
{
    char found[BSN_SIZE + 1];
    for (size_t at = 0; bsn_next (text, &at, found);)
        if (strcmp (found, number) == 0)
            return true;
    return false;
}

static void test_every_number_within_a_text_is_found (void **state)
{
    (void)state;
    assert_true (finds ("999996770", "999996770"));
    assert_true (finds ("x999990007.999996770", "999990007"));
    assert_true (finds ("x999990007.999996770", "999996770"));
    assert_true (finds ("12999-996-77034", "999996770"));
    assert_true (finds ("00000012", "000000012"));
    assert_true (finds ("000000012", "000000012"));
    assert_false (finds ("999996771", "999996771"));
    assert_false (finds ("000000000", "000000000"));
    assert_false (finds ("", ""));
    /* Longer than any reference: passed over whole. */
    assert_false (
        finds ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa999996770", "999996770"));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_eight_or_nine_digits_that_pass_the_test_are_a_number),
        cmocka_unit_test (test_eight_digits_are_an_id_and_zeroes_are_none),
        cmocka_unit_test (test_a_reference_that_holds_a_number_is_found_also_in_groups),
        cmocka_unit_test (test_every_number_within_a_text_is_found),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
