/* What is said of one person is recorded in the order in which it was said, or not at all. */
#include <string.h>
#include "import_order.h"
#include "testing.h"

/* Somebody says yes or no on a day, as record `number`. */
struct said {
    struct import_statement statement;
    struct import_line line;
};

static struct said say (uint8_t person, bool is_refusal, moment day, uint64_t number)
{
    struct said said = {.statement = {.signed_at = day}, .line = {.number = number, .is_refusal = is_refusal}};
    memset (said.statement.said, (int)(100 + number), IMPORT_MARK);
    memset (said.statement.person, person, IMPORT_MARK);
    memset (said.statement.yes, person + 10, IMPORT_MARK);
    memset (said.statement.no, person + 20, IMPORT_MARK);
    return said;
}

/* True: nothing stands against its being recorded. */
static bool may (struct import_seen *seen, struct said said)
{
    bool finished, is_passed_over;
    assert_int_equal (import_order_judge (seen, &said.statement, &said.line, &finished), 0);
    assert_int_equal (import_order_has_passed_over (seen, &said.statement, &is_passed_over), 0);
    assert_true (finished == (said.line.outcome != IMPORT_ACCEPTED));
    return !finished && !is_passed_over;
}

static int make (void **state)
{
    struct import_seen *seen;
    int r = import_seen_open (&seen, "/tmp/x", 100);
    *state = seen;
    return r;
}

static int drop (void **state)
{
    import_seen_close ((struct import_seen **)state);
    return 0;
}

static void test_the_opposite_is_not_recorded_behind_what_was_signed_later (void **state)
{
    assert_true (may (*state, say (1, false, 5, 1)));
    assert_false (may (*state, say (1, true, 4, 2)));
    assert_true (may (*state, say (1, true, 6, 3)));
    assert_false (may (*state, say (1, true, 7, 3))); /* it says the same as record 3 */
    assert_true (may (*state, say (2, true, 4, 4)));
}

static void test_what_follows_on_something_that_was_passed_over_is_passed_over_too (void **state)
{
    struct said first = say (1, false, 5, 1);
    assert_true (may (*state, first));
    assert_int_equal (import_order_pass_over (*state, &first.statement, &first.line), 0);
    assert_int_equal (first.line.outcome, IMPORT_UNAVAILABLE);
    for (int is_refusal = 0; is_refusal < 2; is_refusal++) {
        struct said next = say (1, is_refusal, 6, 2 + (uint64_t)is_refusal);
        assert_false (may (*state, next));
        assert_int_not_equal (next.line.outcome, IMPORT_BAD); /* it is tried again */
    }
    assert_true (may (*state, say (2, false, 5, 9)));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_the_opposite_is_not_recorded_behind_what_was_signed_later, make,
                                         drop),
        cmocka_unit_test_setup_teardown (test_what_follows_on_something_that_was_passed_over_is_passed_over_too,
                                         make, drop),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
