/* What copiers tell of their copies of the log, and of which operators hear. */
#include <string.h>
#include "config/config.h"
#include "registry/log_copies.h"
#include "testing.h"

enum { LAG = 1000 };

static const struct connection_id here = {1, 10, CHANNEL_OPERATORS}, there = {2, 11, CHANNEL_OPERATORS};
static const uint8_t one[16] = {1}, other[16] = {2};

/* A registry that expects these copies, at the moment 100, with 50 lines. */
static struct turn registry_with (const char *first, const char *second)
{
    struct turn turn = {.steady = 100, .now = 5000, .state.audit_number = 50};
    struct config config = {.log_copies = {(char *)(uintptr_t)first, (char *)(uintptr_t)second},
                            .log_copy_count = second != NULL ? 2 : 1};
    log_copies_expect (&turn.copies, &config, turn.steady);
    return turn;
}

static enum log_copies_outcome tell (struct turn *turn, const uint8_t *copier, uint64_t number, const char *fault)
{
    const struct log_copied told = {"a", fault, copier, number};
    return log_copies_note (turn, &told, &here);
}

/* The name of the copy of which operators are to be told now, which is then done. */
static const char *told (struct turn *turn)
{
    struct log_copy *copy = log_copies_changed (&turn->copies, LAG, turn->steady);
    if (copy == NULL)
        return "";
    copy->is_behind = !copy->is_behind;
    return copy->name;
}

static void test_only_what_is_expected_is_noted (void **state)
{
    (void)state;
    struct turn turn = registry_with ("b", NULL);
    assert_int_equal (tell (&turn, one, 5, ""), LOG_COPIES_UNEXPECTED);
    assert_int_equal (turn.copies.count, 1);
    assert_false (turn.copies.copy[0].is_heard);
}

static void test_one_copier_has_a_name_until_its_connection_is_gone (void **state)
{
    (void)state;
    struct turn turn = registry_with ("a", "b");
    assert_int_equal (tell (&turn, one, 5, ""), LOG_COPIES_NEW);
    assert_int_equal (tell (&turn, one, 6, ""), LOG_COPIES_NOTED);
    assert_int_equal (tell (&turn, other, 1, ""), LOG_COPIES_TAKEN);
    assert_int_equal (turn.copies.copy[0].number, 6);
    log_copies_connection_gone (&turn.copies, &there);
    assert_int_equal (tell (&turn, other, 1, ""), LOG_COPIES_TAKEN);
    log_copies_connection_gone (&turn.copies, &here);
    assert_int_equal (tell (&turn, other, 1, ""), LOG_COPIES_NEW);
    assert_int_equal (tell (&turn, one, 7, ""), LOG_COPIES_TAKEN);
    assert_int_equal (turn.copies.copy[0].heard_at, 5000);
}

static void test_another_fault_is_news (void **state)
{
    (void)state;
    struct turn turn = registry_with ("a", NULL);
    tell (&turn, one, 50, "");
    assert_string_equal (told (&turn), "");
    assert_int_equal (tell (&turn, one, 50, "full"), LOG_COPIES_NEW);
    assert_int_equal (tell (&turn, one, 50, "full"), LOG_COPIES_NOTED);
    assert_string_equal (told (&turn), "a");
    assert_string_equal (told (&turn), "");
    assert_int_equal (tell (&turn, one, 50, ""), LOG_COPIES_NEW);
    assert_string_equal (told (&turn), "a");
    assert_false (turn.copies.copy[0].is_behind);
}

static void test_who_is_not_heard_is_behind_after_the_lag (void **state)
{
    (void)state;
    struct turn turn = registry_with ("a", NULL);
    assert_int_equal (log_copies_due (&turn.copies, LAG), 100 + LAG);
    turn.steady = 100 + LAG - 1;
    assert_string_equal (told (&turn), "");
    turn.steady++;
    assert_string_equal (told (&turn), "a");
    assert_string_equal (told (&turn), "");
    assert_int_equal (log_copies_due (&turn.copies, LAG), MOMENT_NEVER);
    assert_int_equal (log_copy_behind_for (&turn.copies.copy[0], 50, turn.steady), LAG);
}

/* Each report finds more lines in the log than the copy has, and yet it is never further behind than one report.
 */
static void test_a_copy_that_follows_a_busy_log_is_not_behind (void **state)
{
    (void)state;
    struct turn turn = registry_with ("a", NULL);
    for (unsigned i = 0; i < 50; i++) {
        turn.steady += LAG / 4;
        tell (&turn, one, turn.state.audit_number, "");
        turn.state.audit_number += 1000;
        assert_string_equal (told (&turn), "");
    }
    assert_in_range (log_copy_behind_for (&turn.copies.copy[0], turn.state.audit_number, turn.steady), 0, LAG / 4);
}

static void test_a_copy_that_is_slower_than_the_log_is_behind_and_comes_back (void **state)
{
    (void)state;
    struct turn turn = registry_with ("a", NULL);
    uint64_t number = 50;
    tell (&turn, one, number, "");
    unsigned reports = 0;
    while (strcmp (told (&turn), "") == 0) {
        turn.steady += LAG / 4;
        turn.state.audit_number += 1000;
        tell (&turn, one, number += 100, "");
        assert_in_range (++reports, 1, 20);
    }
    assert_true (turn.copies.copy[0].is_behind);
    assert_in_range (reports, 4, 6);
    tell (&turn, one, turn.state.audit_number - 1, ""); /* all but one that has just come */
    turn.steady += LAG / 4;
    tell (&turn, one, turn.state.audit_number, "");
    assert_string_equal (told (&turn), "a");
    assert_false (turn.copies.copy[0].is_behind);
    assert_int_equal (log_copy_behind_for (&turn.copies.copy[0], turn.state.audit_number, turn.steady), 0);
}

static void test_a_reload_keeps_what_is_known (void **state)
{
    (void)state;
    struct turn turn = registry_with ("a", "b");
    tell (&turn, one, 9, "");
    struct config config = {.log_copies = {(char[]){"c"}, (char[]){"a"}}, .log_copy_count = 2};
    log_copies_expect (&turn.copies, &config, 700);
    assert_string_equal (turn.copies.copy[0].name, "c");
    assert_int_equal (turn.copies.copy[0].whole_at, 700);
    assert_string_equal (turn.copies.copy[1].name, "a");
    assert_int_equal (turn.copies.copy[1].number, 9);
    assert_int_equal (turn.copies.copy[1].whole_at, 100);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_only_what_is_expected_is_noted),
        cmocka_unit_test (test_one_copier_has_a_name_until_its_connection_is_gone),
        cmocka_unit_test (test_another_fault_is_news),
        cmocka_unit_test (test_who_is_not_heard_is_behind_after_the_lag),
        cmocka_unit_test (test_a_copy_that_follows_a_busy_log_is_not_behind),
        cmocka_unit_test (test_a_copy_that_is_slower_than_the_log_is_behind_and_comes_back),
        cmocka_unit_test (test_a_reload_keeps_what_is_known),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
