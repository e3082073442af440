#include "rules/calendar.h"
#include "testing.h"

static struct day day (const char *text)
{
    struct day result = {0, 0, 0};
    assert_true (calendar_parse (text, &result));
    return result;
}

static void assert_day (struct day found, const char *expected)
{
    char text[11];
    calendar_format (found, text);
    assert_string_equal (text, expected);
}

static void test_a_day_is_read_and_written (void **state)
{
    (void)state;
    assert_day (day ("2026-02-28"), "2026-02-28");
    assert_day (day ("2024-02-29"), "2024-02-29");
    assert_day (day ("2000-02-29"), "2000-02-29");
    assert_day (day ("1600-01-01"), "1600-01-01");
    assert_day (day ("9999-12-31"), "9999-12-31");
}

static void test_what_is_no_day_is_refused (void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           "2026",       "2026-02-2",   "2026-02-290", "2026-02-29", "1900-02-29", "2026-13-01",
        "2026-00-01", "2026-04-31", "2026-04-00",  "2026/04/01",  "2026-04/01", "26-04-01",   "2026-4-001",
        "1599-12-31", "+026-04-01", "2026-04-01 ", " 2026-04-01", "2026-0a-01", "2026-04-0:", "2026-04-0/",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct day untouched = {1, 2, 3};
        assert_false (calendar_parse (wrong[i], &untouched));
        assert_int_equal (untouched.year, 1);
    }
}

static void test_days_are_ordered (void **state)
{
    (void)state;
    assert_true (calendar_compare (day ("2025-12-31"), day ("2026-01-01")) < 0);
    assert_true (calendar_compare (day ("2026-02-01"), day ("2026-01-31")) > 0);
    assert_true (calendar_compare (day ("2026-01-01"), day ("2026-02-01")) < 0);
    assert_true (calendar_compare (day ("2026-01-01"), day ("2026-01-02")) < 0);
    assert_true (calendar_compare (day ("2027-01-01"), day ("2026-01-02")) > 0);
    assert_true (calendar_compare (day ("2026-01-03"), day ("2026-01-02")) > 0);
    assert_int_equal (calendar_compare (day ("2026-01-02"), day ("2026-01-02")), 0);
}

/* Milliseconds of `date -ud ... +%s`. */
static void test_a_day_starts_by_the_clock_of_amsterdam (void **state)
{
    (void)state;
    assert_int_equal (calendar_start (day ("1970-01-01")), -3600000);
    assert_int_equal (calendar_start (day ("2026-01-01")), 1767222000000); /* 2025-12-31T23:00Z */
    assert_int_equal (calendar_start (day ("2026-07-01")), 1782856800000); /* 2026-06-30T22:00Z */
    assert_int_equal (calendar_start (day ("2027-04-01")), 1806530400000); /* 2027-03-31T22:00Z */
}

static void test_the_clock_changes_in_the_night (void **state)
{
    (void)state;
    /* 28 March 2027 has 23 hours, 25 October 2026 has 25. */
    assert_int_equal (calendar_start (day ("2027-03-28")), 1806188400000); /* 23:00Z the day before */
    assert_int_equal (calendar_start (day ("2027-03-29")) - calendar_start (day ("2027-03-28")), 23 * 3600000);
    assert_int_equal (calendar_start (day ("2026-10-25")), 1792879200000); /* 22:00Z the day before */
    assert_int_equal (calendar_start (day ("2026-10-26")) - calendar_start (day ("2026-10-25")), 25 * 3600000);
    assert_int_equal (calendar_start (day ("2026-10-27")) - calendar_start (day ("2026-10-26")), 24 * 3600000);
}

/* The days on which summer time began and ended, as tzdata has them. */
static const char *const changes[][2] = {
    {"1977-04-03", "1977-09-25"}, {"1978-04-02", "1978-10-01"}, {"1979-04-01", "1979-09-30"},
    {"1980-04-06", "1980-09-28"}, {"1981-03-29", "1981-09-27"}, {"1982-03-28", "1982-09-26"},
    {"1983-03-27", "1983-09-25"}, {"1984-03-25", "1984-09-30"}, {"1985-03-31", "1985-09-29"},
    {"1986-03-30", "1986-09-28"}, {"1987-03-29", "1987-09-27"}, {"1988-03-27", "1988-09-25"},
    {"1989-03-26", "1989-09-24"}, {"1990-03-25", "1990-09-30"}, {"1991-03-31", "1991-09-29"},
    {"1992-03-29", "1992-09-27"}, {"1993-03-28", "1993-09-26"}, {"1994-03-27", "1994-09-25"},
    {"1995-03-26", "1995-09-24"}, {"1996-03-31", "1996-10-27"}, {"1997-03-30", "1997-10-26"},
    {"1998-03-29", "1998-10-25"}, {"1999-03-28", "1999-10-31"}, {"2000-03-26", "2000-10-29"},
    {"2001-03-25", "2001-10-28"}, {"2002-03-31", "2002-10-27"}, {"2026-03-29", "2026-10-25"},
    {"2027-03-28", "2027-10-31"}, {"2028-03-26", "2028-10-29"},
};

static void test_a_day_has_24_hours_but_for_those_on_which_the_clock_changes (void **state)
{
    (void)state;
    size_t found = 0;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct day one = day (changes[i][0]);
        const int16_t year = one.year;
        for (one = (struct day){year, 1, 1}; one.year == year; one = calendar_next (one)) {
            moment hours = (calendar_start (calendar_next (one)) - calendar_start (one)) / 3600000;
            bool begins = calendar_compare (one, day (changes[i][0])) == 0;
            bool ends = calendar_compare (one, day (changes[i][1])) == 0;
            assert_int_equal (hours, begins ? 23 : ends ? 25 : 24);
            assert_int_equal (calendar_compare (calendar_day (calendar_start (one)), one), 0);
            assert_true (calendar_compare (calendar_day (calendar_start (one) - 1), one) < 0);
            found += begins + ends;
        }
    }
    assert_int_equal (found, 2 * (sizeof changes / sizeof *changes));
}

static void test_a_day_that_does_not_exist_is_found_among_other_words (void **state)
{
    (void)state;
    static const char *const none[] = {"2026-02-30",       "2026-13-01",           "2026-00-10",
                                       "2026-04-00",       "1600-02-30",           "/2026-02-30",
                                       ":2026-02-30/",     "2026-02-30:",          "ref:kind:2027-02-29",
                                       "2026-02-30 20:04", "2026-06-15:2026-06-31"};
    static const char *const other[] = {"",
                                        "2026-02-28",
                                        "gisteren",
                                        "2026-2-30",
                                        "02026-02-30",
                                        "92026-02-30",
                                        "2026-02-300",
                                        "2026-02-309",
                                        "1599-02-30",
                                        "2026/02/30",
                                        "2026-13/01",
                                        "2026-1x-40",
                                        "2026-13-x1",
                                        "2026-06-15:2026-06-30",
                                        "x2026-02-3"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_true (calendar_is_no_day (none[i]));
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_false (calendar_is_no_day (other[i]));
}

static void test_before_1977_there_is_no_summer_time (void **state)
{
    (void)state;
    for (struct day one = day ("1968-01-01"); one.year < 1977; one = calendar_next (one))
        assert_int_equal (calendar_start (calendar_next (one)) - calendar_start (one), 24 * 3600000);
    assert_int_equal (calendar_start (day ("1970-01-02")), 23 * 3600000);
    assert_int_equal (calendar_start (day ("1970-01-03")), 47 * 3600000);
}

static void test_a_moment_lies_on_its_day (void **state)
{
    (void)state;
    static const char *const days[] = {"1912-02-29", "1969-12-31", "1970-01-01", "1977-04-03", "1978-10-01",
                                       "1980-04-06", "1981-03-29", "1995-09-24", "1996-10-27", "2026-03-29",
                                       "2026-10-25", "2027-03-28", "2100-02-28"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        moment start = calendar_start (day (days[i]));
        assert_day (calendar_day (start), days[i]);
        assert_true (calendar_compare (calendar_day (start - 1), day (days[i])) < 0);
        moment end = calendar_start (calendar_next (day (days[i])));
        assert_day (calendar_day (end - 1), days[i]);
    }
}

static void test_every_day_follows_the_one_before (void **state)
{
    (void)state;
    struct day one = day ("1600-01-01");
    moment start = calendar_start (one);
    for (int i = 0; i < 400 * 366; i++) {
        one = calendar_next (one);
        moment next = calendar_start (one);
        assert_true (next - start >= 23 * 3600000 && next - start <= 25 * 3600000);
        assert_int_equal (calendar_compare (calendar_day (next), one), 0);
        start = next;
    }
}

static void test_what_lies_outside_the_calendar_is_put_on_its_edge (void **state)
{
    (void)state;
    assert_day (calendar_day (INT64_MIN), "1600-01-01");
    assert_day (calendar_day (MOMENT_NEVER), "9999-12-31");
    assert_day (calendar_next (day ("9999-12-31")), "9999-12-31");
    assert_day (calendar_next (day ("9999-01-31")), "9999-02-01");
    assert_day (calendar_add_months (day ("9998-12-01"), 1), "9999-01-01");
    assert_day (calendar_add_months (day ("9999-12-01"), 4000000000U), "9999-12-31");
    assert_day (calendar_birthday (day ("9990-02-28"), 4000000000U), "9999-12-31");
    assert_day (calendar_birthday (day ("9996-02-29"), 101), "9999-12-31");
}

static void test_months_are_clipped_at_their_end (void **state)
{
    (void)state;
    assert_day (calendar_add_months (day ("2026-08-31"), 6), "2027-02-28");
    assert_day (calendar_add_months (day ("2027-08-31"), 6), "2028-02-29");
    assert_day (calendar_add_months (day ("2026-01-31"), 1), "2026-02-28");
    assert_day (calendar_add_months (day ("2026-01-31"), 3), "2026-04-30");
    assert_day (calendar_add_months (day ("2024-02-29"), 12), "2025-02-28");
    assert_day (calendar_add_months (day ("2026-12-15"), 12), "2027-12-15");
    assert_day (calendar_add_months (day ("2026-12-15"), 0), "2026-12-15");
    assert_day (calendar_add_months (day ("2026-12-31"), 2), "2027-02-28");
}

static void test_a_birthday_on_29_february_is_kept_on_1_march (void **state)
{
    (void)state;
    assert_day (calendar_birthday (day ("2012-02-29"), 12), "2024-02-29");
    assert_day (calendar_birthday (day ("2012-02-29"), 16), "2028-02-29");
    assert_day (calendar_birthday (day ("2012-02-29"), 15), "2027-03-01");
    assert_day (calendar_birthday (day ("2000-02-29"), 100), "2100-03-01");
    assert_day (calendar_birthday (day ("2012-03-01"), 12), "2024-03-01");
    assert_day (calendar_birthday (day ("2012-02-28"), 11), "2023-02-28");
}

static void test_the_last_day_of_a_period_is_within_it (void **state)
{
    (void)state;
    /* Twelve months from 31 March 2026: up to and including 31 March 2027. */
    assert_int_equal (calendar_end_after_months (calendar_start (day ("2026-03-31")), 12),
                      calendar_start (day ("2027-04-01")));
    /* Whatever the hour of the day. */
    assert_int_equal (calendar_end_after_months (calendar_start (day ("2026-04-01")) - 1, 12),
                      calendar_start (day ("2027-04-01")));
    assert_int_equal (calendar_end_after_months (calendar_start (day ("2026-11-30")), 3),
                      calendar_start (day ("2027-03-01")));
}

static void test_a_period_of_days_ends_after_its_last_day (void **state)
{
    (void)state;
    const moment minute = 60000;
    /* Fourteen days from 1 May: up to and including the 15th, whatever the hour. */
    assert_int_equal (calendar_end_after_days (calendar_start (day ("2026-05-01")), 14),
                      calendar_start (day ("2026-05-16")));
    assert_int_equal (calendar_end_after_days (calendar_start (day ("2026-05-02")) - 1, 14),
                      calendar_start (day ("2026-05-16")));
    assert_int_equal (calendar_end_after_days (calendar_start (day ("2026-05-01")), 0),
                      calendar_start (day ("2026-05-02")));
    /* By the calendar, over a change of the clock and the end of a year. */
    assert_int_equal (calendar_end_after_days (calendar_start (day ("2026-10-20")) + minute, 14),
                      calendar_start (day ("2026-11-04")));
    assert_int_equal (calendar_end_after_days (calendar_start (day ("2027-12-31")), 60),
                      calendar_start (day ("2028-03-01")));
    assert_int_equal (calendar_end_after_days (calendar_start (day ("9999-12-20")), 14),
                      calendar_start (day ("9999-12-31")));
}

/* The first moment is the very start of a day, and the one before does not reach the end. */
static void test_an_end_comes_within_so_many_days_at_the_start_of_a_day (void **state)
{
    (void)state;
    const moment ends[] = {calendar_start (day ("2026-05-16")), calendar_start (day ("2026-05-16")) + 1,
                           calendar_start (day ("2026-05-16")) - 1, calendar_start (day ("2026-03-30")),
                           calendar_start (day ("2026-10-26")) + 3600000};
    const char *first[] = {"2026-05-01", "2026-05-02", "2026-05-01", "2026-03-15", "2026-10-12"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        moment at = calendar_first_within_days (ends[i], 14);
        assert_int_equal (at, calendar_start (day (first[i])));
        assert_true (calendar_end_after_days (at, 14) >= ends[i]);
        assert_true (calendar_end_after_days (at - 1, 14) < ends[i]);
    }
    assert_int_equal (calendar_first_within_days (calendar_start (day ("1600-01-03")), 14),
                      calendar_start (day ("1600-01-01")));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_day_is_read_and_written),
        cmocka_unit_test (test_what_is_no_day_is_refused),
        cmocka_unit_test (test_a_day_that_does_not_exist_is_found_among_other_words),
        cmocka_unit_test (test_days_are_ordered),
        cmocka_unit_test (test_a_day_starts_by_the_clock_of_amsterdam),
        cmocka_unit_test (test_the_clock_changes_in_the_night),
        cmocka_unit_test (test_a_day_has_24_hours_but_for_those_on_which_the_clock_changes),
        cmocka_unit_test (test_before_1977_there_is_no_summer_time),
        cmocka_unit_test (test_a_moment_lies_on_its_day),
        cmocka_unit_test (test_every_day_follows_the_one_before),
        cmocka_unit_test (test_what_lies_outside_the_calendar_is_put_on_its_edge),
        cmocka_unit_test (test_months_are_clipped_at_their_end),
        cmocka_unit_test (test_a_birthday_on_29_february_is_kept_on_1_march),
        cmocka_unit_test (test_the_last_day_of_a_period_is_within_it),
        cmocka_unit_test (test_a_period_of_days_ends_after_its_last_day),
        cmocka_unit_test (test_an_end_comes_within_so_many_days_at_the_start_of_a_day),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
