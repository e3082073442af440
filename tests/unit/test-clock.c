/* The clock on the wall against the monotonic one (C14), with readings that the test makes up. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "clock.h"

static const moment hour = 3600 * INT64_C (1000), begin = INT64_C (1800000000000),
                    limit = 24 * 3600 * INT64_C (1000);

/* The wall and the monotonic clock, so long after the beginning. */
static struct clock_reading after (moment wall, moment steady)
{
    return (struct clock_reading){.wall = begin + wall, .steady = 5000 + steady};
}

static struct clock started (void)
{
    struct clock clock;
    clock_start (&clock, limit, after (0, 0), begin, false);
    assert_false (clock.stopped);
    return clock;
}

static void test_a_clock_that_goes_as_it_should_is_followed (void **state)
{
    (void)state;
    struct clock clock = started ();
    for (moment i = 1; i < 100; i++) {
        assert_false (clock_judge (&clock, after (i * hour, i * hour)));
        assert_int_equal (clock_now (&clock, 5000 + i * hour), begin + i * hour);
    }
}

static void test_a_jump_of_no_more_than_the_limit_is_followed (void **state)
{
    (void)state;
    struct clock clock = started ();
    assert_false (clock_judge (&clock, after (limit + 1000, 1000)));
    assert_int_equal (clock_now (&clock, 6000), begin + limit + 1000);
    assert_false (clock_judge (&clock, after (2000, 2000)));
    assert_int_equal (clock_now (&clock, 7000), begin + 2000);
}

static void test_a_jump_ahead_stops_and_time_goes_on_by_the_monotonic_clock (void **state)
{
    (void)state;
    struct clock clock = started ();
    assert_true (clock_judge (&clock, after (limit + 1001, 1000)));
    assert_true (clock.stopped);
    assert_int_equal (clock_now (&clock, 6000), begin + 1000);
    assert_int_equal (clock_now (&clock, 6000 + hour), begin + 1000 + hour);
}

static void test_a_jump_back_stops_too (void **state)
{
    (void)state;
    struct clock clock = started ();
    assert_true (clock_judge (&clock, after (1000 - limit - 1, 1000)));
    assert_int_equal (clock_now (&clock, 6000), begin + 1000);
}

static void test_time_that_passes_between_two_looks_is_no_jump (void **state)
{
    (void)state;
    struct clock clock = started ();
    assert_false (clock_judge (&clock, after (1000 * hour, 1000 * hour)));
    /* A wall that stood still meanwhile is one. */
    assert_true (clock_judge (&clock, after (1000 * hour, 2000 * hour)));
}

static void test_it_says_once_that_it_stops_and_does_not_start_by_itself (void **state)
{
    (void)state;
    struct clock clock = started ();
    assert_true (clock_judge (&clock, after (100 * hour, 1000)));
    assert_false (clock_judge (&clock, after (100 * hour + 1000, 2000)));
    assert_false (clock_judge (&clock, after (3000, 3000)));
    assert_true (clock.stopped);
    assert_int_equal (clock_now (&clock, 8000), begin + 3000);
}

static void test_what_is_between_two_looks_is_not_believed_yet (void **state)
{
    (void)state;
    struct clock clock = started ();
    assert_false (clock_judge (&clock, after (1000, 1000)));
    assert_int_equal (clock_now (&clock, 6500), begin + 1500); /* whatever the wall says by now */
}

static void test_confirmed_it_goes_by_the_wall_again (void **state)
{
    (void)state;
    struct clock clock = started ();
    assert_true (clock_judge (&clock, after (100 * hour, 1000)));
    clock_confirm (&clock, after (100 * hour + 1000, 2000));
    assert_false (clock.stopped);
    assert_int_equal (clock_now (&clock, 7000), begin + 100 * hour + 1000);
    assert_false (clock_judge (&clock, after (100 * hour + 2000, 3000)));
    assert_true (clock_judge (&clock, after (3000, 4000)));
}

static void test_at_the_start_a_wall_far_behind_the_kept_time_stops (void **state)
{
    (void)state;
    struct clock clock;
    clock_start (&clock, limit, after (0, 0), begin + limit, false);
    assert_false (clock.stopped);
    clock_start (&clock, limit, after (0, 0), begin + limit + 1, false);
    assert_true (clock.stopped);
    assert_int_equal (clock_now (&clock, 5000), begin + limit + 1);
}

static void test_at_the_start_a_wall_ahead_of_the_kept_time_is_believed (void **state)
{
    (void)state;
    struct clock clock;
    clock_start (&clock, limit, after (10000 * hour, 0), begin, false);
    assert_false (clock.stopped);
    clock_start (&clock, limit, after (0, 0), 0, false); /* a new registry */
    assert_false (clock.stopped);
    assert_int_equal (clock_now (&clock, 5000), begin);
}

static void test_a_restart_is_no_confirmation (void **state)
{
    (void)state;
    struct clock clock;
    clock_start (&clock, limit, after (100 * hour, 0), begin, true);
    assert_true (clock.stopped);
    assert_int_equal (clock_now (&clock, 6000), begin + 1000);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_clock_that_goes_as_it_should_is_followed),
        cmocka_unit_test (test_a_jump_of_no_more_than_the_limit_is_followed),
        cmocka_unit_test (test_a_jump_ahead_stops_and_time_goes_on_by_the_monotonic_clock),
        cmocka_unit_test (test_a_jump_back_stops_too),
        cmocka_unit_test (test_time_that_passes_between_two_looks_is_no_jump),
        cmocka_unit_test (test_it_says_once_that_it_stops_and_does_not_start_by_itself),
        cmocka_unit_test (test_what_is_between_two_looks_is_not_believed_yet),
        cmocka_unit_test (test_confirmed_it_goes_by_the_wall_again),
        cmocka_unit_test (test_at_the_start_a_wall_far_behind_the_kept_time_stops),
        cmocka_unit_test (test_at_the_start_a_wall_ahead_of_the_kept_time_is_believed),
        cmocka_unit_test (test_a_restart_is_no_confirmation),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
