#include "broker/metrics_text.h"
#include "meters.h"
#include "testing.h"
#include <stdlib.h>
#include <string.h>

static void test_a_turn_that_did_not_happen_counts_nothing (void **state)
{
    (void)state;
    struct meters meters = {.results = {NULL}};
    char deny[] = "deny"; /* the same word elsewhere in memory is the same word */
    meters_note (&meters, VERB_CHECK, "permit");
    meters_note (&meters, VERB_CHECK, "deny");
    meters_settle (&meters, false);
    meters_note (&meters, VERB_CHECK, deny);
    meters_note (&meters, VERB_CHECK, "deny");
    meters_note (&meters, VERB_REVOKE, "deny");
    meters_settle (&meters, true);
    meters_settle (&meters, true);
    assert_string_equal (meters.results[0], "permit");
    assert_string_equal (meters.results[1], "deny");
    assert_null (meters.results[2]);
    assert_int_equal (meters.requests[VERB_CHECK][0], 0);
    assert_int_equal (meters.requests[VERB_CHECK][1], 2);
    assert_int_equal (meters.requests[VERB_REVOKE][1], 1);
    meters_release (&meters);
    meters_note (NULL, VERB_CHECK, "deny"); /* nobody counts */
}

static void test_words_beyond_the_table_are_counted_together (void **state)
{
    (void)state;
    struct meters meters = {.results = {NULL}};
    static char words[METERS_RESULTS + 8][16];
    for (int i = 0; i < METERS_RESULTS + 8; i++) {
        snprintf (words[i], sizeof words[i], "w%d", i);
        meters_note (&meters, VERB_CHECK, words[i]);
    }
    meters_settle (&meters, true);
    assert_string_equal (meters.results[METERS_RESULTS - 1], "other");
    assert_int_equal (meters.requests[VERB_CHECK][0], 1);
    assert_int_equal (meters.requests[VERB_CHECK][METERS_RESULTS - 1], 9);
    meters_release (&meters);
}

static void test_a_time_is_in_the_first_bucket_that_has_room_for_it (void **state)
{
    (void)state;
    struct histogram histogram = {.sum = 0};
    histogram_add (&histogram, -1); /* a clock that went back is no time */
    histogram_add (&histogram, 500);
    histogram_add (&histogram, 501);
    histogram_add (&histogram, 10000000);
    histogram_add (&histogram, 10000001);
    assert_int_equal (histogram.counts[0], 2);
    assert_int_equal (histogram.counts[1], 1);
    assert_int_equal (histogram.counts[HISTOGRAM_BOUNDS - 1], 1);
    assert_int_equal (histogram.counts[HISTOGRAM_BOUNDS], 1);
    assert_int_equal (histogram.sum, 20001002);
    assert_string_equal (histogram_bounds[0], "0.0005");
    assert_string_equal (histogram_bounds[HISTOGRAM_BOUNDS - 1], "10.0");
}

static void test_a_label_is_read_back_as_it_was (void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    struct metrics out = {open_memstream (&text, &size), "a\"b\\c\nd"};
    struct histogram histogram = {.counts = {1, 2}, .sum = 1500001};
    metrics_number (&out, "n", (const char *[]){"party", "x", NULL}, 3);
    metrics_histogram (&out, "h", NULL, &histogram);
    fclose (out.file);
    assert_ptr_equal (strstr (text, "n{registry=\"a\\\"b\\\\c\\nd\",party=\"x\"} 3\n"), text);
    assert_non_null (strstr (text, "h_bucket{registry=\"a\\\"b\\\\c\\nd\",le=\"0.0005\"} 1\n"));
    assert_non_null (strstr (text, ",le=\"+Inf\"} 3\n"));
    assert_non_null (strstr (text, "h_sum{registry=\"a\\\"b\\\\c\\nd\"} 1.500001\n"));
    free (text);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_turn_that_did_not_happen_counts_nothing),
        cmocka_unit_test (test_words_beyond_the_table_are_counted_together),
        cmocka_unit_test (test_a_time_is_in_the_first_bucket_that_has_room_for_it),
        cmocka_unit_test (test_a_label_is_read_back_as_it_was),
    };
    return cmocka_run_group_tests_name ("meters", tests, NULL, NULL);
}
