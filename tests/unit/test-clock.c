/* The clock on the wall against the monotonic one (C14), with readings that the test makes up. */
#include "broker/clock.h"
#include "testing.h"

static const moment hour = 3600 * INT64_C (1000), begin = INT64_C (1800000000000),
                    limit = 24 * 3600 * INT64_C (1000);
static const struct clock_limits limits = {24 * 3600 * INT64_C (1000), 45 * 24 * 3600 * INT64_C (1000)};

/* The wall and the monotonic clock, so long after the beginning. */
static struct clock_reading after (moment wall, moment steady)
{
    return (struct clock_reading){.wall = begin + wall, .steady = 5000 + steady};
}

static struct clock started (void)
{
    struct clock clock;
    clock_start (&clock, &limits, after (0, 0), begin, false);
    assert_int_equal (clock.stopped, CLOCK_GOES_ON);
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
    clock = started ();
    assert_false (clock_judge (&clock, after (1000 - limit, 1000)));
    assert_int_equal (clock_now (&clock, 6000), begin + 1000 - limit);
}

static void test_jumps_add_up_within_a_day_ahead_or_back (void **state)
{
    (void)state;
    const moment steps[][3] = {
        {23 * hour, 46 * hour, 69 * hour}, {-23 * hour, -46 * hour, -69 * hour}, {23 * hour, 0, 23 * hour}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct clock clock = started ();
        assert_false (clock_judge (&clock, after (steps[i][0] + 1000, 1000)));
        assert_true (clock_judge (&clock, after (steps[i][1] + 2000, 2000)));
        assert_int_equal (clock.stopped, CLOCK_JUMPED);
        assert_int_equal (clock_now (&clock, 7000), begin + steps[i][0] + 2000); /* as before that jump */
    }
}

static void test_many_small_jumps_add_up_as_one_does (void **state)
{
    (void)state;
    struct clock clock = started ();
    moment ahead = 0, steady = 0;
    /* Each is less than a step; a look takes no time, as in a busy registry. */
    while (!clock_judge (&clock, after (ahead + steady, steady))) {
        ahead += CLOCK_STEP_MS / 2 - 1;
        steady += 1;
        assert_true (ahead <= limit + 2 * CLOCK_STEP_MS);
    }
    assert_true (ahead > limit);
}

static void test_jumps_of_the_day_before_count_no_more (void **state)
{
    (void)state;
    struct clock clock = started ();
    moment ahead = 0;
    for (moment day = 0; day < 10; day++) {
        ahead += 23 * hour;
        assert_false (clock_judge (&clock, after (ahead + day * 25 * hour, day * 25 * hour)));
    }
    /* A day of the monotonic clock must have passed since, to the hour. */
    assert_true (
        clock_judge (&clock, after (ahead + 23 * hour + 9 * 25 * hour + 23 * hour, 9 * 25 * hour + 23 * hour)));
}

static void test_how_the_clocks_are_rounded_and_slewed_does_not_add_up (void **state)
{
    (void)state;
    struct clock clock = started ();
    for (moment i = 1; i < 1000000; i++)
        assert_false (clock_judge (&clock, after (i / 10 + i % 2, i / 10)));
    /* 500 parts in a million is the most that adjtime and NTP slew by. */
    for (moment i = 1; i < 10 * 24; i++)
        assert_false (clock_judge (&clock, after (100000 + i * hour + i * hour / 2000, 100000 + i * hour)));
}

static void test_a_jump_ahead_stops_and_time_goes_on_by_the_monotonic_clock (void **state)
{
    (void)state;
    struct clock clock = started ();
    assert_true (clock_judge (&clock, after (limit + 1001, 1000)));
    assert_int_not_equal (clock.stopped, CLOCK_GOES_ON);
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
    assert_int_not_equal (clock.stopped, CLOCK_GOES_ON);
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
    assert_int_equal (clock.stopped, CLOCK_GOES_ON);
    assert_int_equal (clock_now (&clock, 7000), begin + 100 * hour + 1000);
    assert_false (clock_judge (&clock, after (100 * hour + 2000, 3000)));
    assert_false (clock_judge (&clock, after (123 * hour, 3000))); /* what was before it counts no more */
    assert_true (clock_judge (&clock, after (3000, 4000)));
}

static void test_at_the_start_a_wall_far_behind_the_kept_time_stops (void **state)
{
    (void)state;
    struct clock clock;
    clock_start (&clock, &limits, after (0, 0), begin + limit, false);
    assert_int_equal (clock.stopped, CLOCK_GOES_ON);
    clock_start (&clock, &limits, after (0, 0), begin + limit + 1, false);
    assert_int_not_equal (clock.stopped, CLOCK_GOES_ON);
    assert_int_equal (clock_now (&clock, 5000), begin + limit + 1);
}

static void test_at_the_start_a_wall_ahead_of_the_kept_time_is_believed_for_so_many_days (void **state)
{
    (void)state;
    struct clock clock;
    clock_start (&clock, &limits, after (limits.absence, 0), begin, false);
    assert_int_equal (clock.stopped, CLOCK_GOES_ON);
    clock_start (&clock, &limits, after (limits.absence + 1, 0), begin, false);
    assert_int_equal (clock.stopped, CLOCK_AHEAD);
    assert_int_equal (clock_now (&clock, 6000), begin + 1000);
    clock_start (&clock, &limits, after (0, 0), 0, false); /* a new registry */
    assert_int_equal (clock.stopped, CLOCK_GOES_ON);
    assert_int_equal (clock_now (&clock, 5000), begin);
}

static void test_a_restart_is_no_confirmation (void **state)
{
    (void)state;
    struct clock clock;
    clock_start (&clock, &limits, after (100 * hour, 0), begin, true);
    assert_int_not_equal (clock.stopped, CLOCK_GOES_ON);
    assert_int_equal (clock_now (&clock, 6000), begin + 1000);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_clock_that_goes_as_it_should_is_followed),
        cmocka_unit_test (test_a_jump_of_no_more_than_the_limit_is_followed),
        cmocka_unit_test (test_jumps_add_up_within_a_day_ahead_or_back),
        cmocka_unit_test (test_many_small_jumps_add_up_as_one_does),
        cmocka_unit_test (test_jumps_of_the_day_before_count_no_more),
        cmocka_unit_test (test_how_the_clocks_are_rounded_and_slewed_does_not_add_up),
        cmocka_unit_test (test_a_jump_ahead_stops_and_time_goes_on_by_the_monotonic_clock),
        cmocka_unit_test (test_a_jump_back_stops_too),
        cmocka_unit_test (test_time_that_passes_between_two_looks_is_no_jump),
        cmocka_unit_test (test_it_says_once_that_it_stops_and_does_not_start_by_itself),
        cmocka_unit_test (test_what_is_between_two_looks_is_not_believed_yet),
        cmocka_unit_test (test_confirmed_it_goes_by_the_wall_again),
        cmocka_unit_test (test_at_the_start_a_wall_far_behind_the_kept_time_stops),
        cmocka_unit_test (test_at_the_start_a_wall_ahead_of_the_kept_time_is_believed_for_so_many_days),
        cmocka_unit_test (test_a_restart_is_no_confirmation),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
