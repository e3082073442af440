/* Rates and bursts of a party (L3), with a clock of its own. */
#include "limits/allowance.h"
#include "testing.h"

static const struct allowance_rates rates = {
    .requests_per_second = 10, .requests_burst = 20, .log_per_second = 100, .log_burst = 10000};

static int setup (void **state)
{
    struct allowance *self = allowance_new ();
    allowance_set_time (self, 1000);
    *state = self;
    return 0;
}

static int teardown (void **state)
{
    struct allowance *self = *state;
    allowance_destroy (&self);
    return 0;
}

static unsigned admitted_of (struct allowance *self, const char *party, unsigned tries)
{
    unsigned admitted = 0;
    for (unsigned i = 0; i < tries; i++)
        admitted += allowance_admit (self, party, &rates, 1) == 0;
    return admitted;
}

static void test_a_burst_passes_and_then_the_rate (void **state)
{
    struct allowance *self = *state;
    assert_int_equal (admitted_of (self, "cak", 100), 20);
    allowance_set_time (self, 2000);
    assert_int_equal (admitted_of (self, "cak", 100), 10);
    allowance_set_time (self, 2050);
    assert_int_equal (admitted_of (self, "cak", 100), 0);
    allowance_set_time (self, 2100);
    assert_int_equal (admitted_of (self, "cak", 100), 1);
}

static void test_a_bucket_holds_no_more_than_its_burst (void **state)
{
    struct allowance *self = *state;
    assert_int_equal (admitted_of (self, "cak", 100), 20);
    allowance_set_time (self, 1000 + INT64_C (1000) * 3600 * 24 * 365 * 100);
    assert_int_equal (admitted_of (self, "cak", 100), 20);
}

static void test_one_party_takes_nothing_from_another (void **state)
{
    struct allowance *self = *state;
    assert_int_equal (admitted_of (self, "cak", 100), 20);
    assert_int_equal (admitted_of (self, "svb", 100), 20);
}

static void test_a_batch_is_taken_whole_and_paid_for_afterwards (void **state)
{
    struct allowance *self = *state;
    assert_int_equal (allowance_admit (self, "cak", &rates, 256), 0);
    assert_int_equal (allowance_admit (self, "cak", &rates, 1), 23700); /* a debt of 236, and one more */
    allowance_set_time (self, 1000 + 23699);
    assert_int_not_equal (allowance_admit (self, "cak", &rates, 1), 0);
    allowance_set_time (self, 1000 + 23700);
    assert_int_equal (allowance_admit (self, "cak", &rates, 1), 0);
}

static void test_those_who_wait_are_told_different_moments_at_which_each_is_let_through (void **state)
{
    struct allowance *self = *state;
    uint32_t waits[50];
    assert_int_equal (admitted_of (self, "cak", 20), 20);
    for (unsigned i = 0; i < 50; i++) {
        waits[i] = allowance_admit (self, "cak", &rates, 1);
        assert_int_equal (waits[i], 100 * (i + 1));
    }
    for (unsigned i = 0; i < 50; i++) {
        allowance_set_time (self, 1000 + waits[i]);
        assert_int_equal (allowance_admit (self, "cak", &rates, 1), 0);
    }
}

static void test_nobody_waits_much_longer_for_others_that_never_come_back (void **state)
{
    struct allowance *self = *state;
    uint32_t wait = 0;
    assert_int_equal (admitted_of (self, "cak", 20), 20);
    for (unsigned i = 0; i < 100000; i++)
        wait = allowance_admit (self, "cak", &rates, 1);
    assert_int_equal (wait, 100 + ALLOWANCE_SPREAD);
    allowance_set_time (self, 1100);
    assert_int_equal (allowance_admit (self, "cak", &rates, 1), 0); /* whoever is there when there is room */
}

static void test_what_it_wrote_into_the_log_keeps_a_party_waiting_too (void **state)
{
    struct allowance *self = *state;
    assert_int_equal (allowance_admit (self, "cak", &rates, 1), 0);
    allowance_take_log (self, "cak", 9999);
    assert_false (allowance_is_spent (self, "cak", &rates));
    assert_int_equal (allowance_admit (self, "cak", &rates, 1), 0);
    allowance_take_log (self, "cak", 12001);
    assert_true (allowance_is_spent (self, "cak", &rates));
    assert_int_equal (allowance_admit (self, "cak", &rates, 1), 120010); /* a debt of 12,000 bytes, and one more */
    assert_int_equal (allowance_admit (self, "svb", &rates, 1), 0);
    allowance_set_time (self, 1000 + 120010);
    assert_false (allowance_is_spent (self, "cak", &rates));
    assert_int_equal (allowance_admit (self, "cak", &rates, 1), 0);
}

static void test_a_turn_that_fails_charges_nothing (void **state)
{
    struct allowance *self = *state;
    assert_int_equal (admitted_of (self, "cak", 20), 20);
    allowance_take_log (self, "cak", 50000);
    allowance_settle (self, false);
    assert_int_equal (admitted_of (self, "cak", 20), 20);
    allowance_settle (self, true);
    allowance_settle (self, false); /* what stands is not taken back */
    assert_int_equal (admitted_of (self, "cak", 20), 0);
}

static void test_a_new_configuration_counts_at_once (void **state)
{
    struct allowance *self = *state;
    const struct allowance_rates fewer = {10, 5, 100, 10000}, more = {1000, 2000, 100, 10000};
    assert_int_equal (allowance_admit (self, "cak", &rates, 1), 0);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal (allowance_admit (self, "cak", &fewer, 1), 0);
    assert_int_not_equal (allowance_admit (self, "cak", &fewer, 1), 0);
    allowance_set_time (self, 1001);
    assert_int_equal (allowance_admit (self, "cak", &more, 1), 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_a_burst_passes_and_then_the_rate, setup, teardown),
        cmocka_unit_test_setup_teardown (test_a_bucket_holds_no_more_than_its_burst, setup, teardown),
        cmocka_unit_test_setup_teardown (test_one_party_takes_nothing_from_another, setup, teardown),
        cmocka_unit_test_setup_teardown (test_a_batch_is_taken_whole_and_paid_for_afterwards, setup, teardown),
        cmocka_unit_test_setup_teardown (
            test_those_who_wait_are_told_different_moments_at_which_each_is_let_through, setup, teardown),
        cmocka_unit_test_setup_teardown (test_nobody_waits_much_longer_for_others_that_never_come_back, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_what_it_wrote_into_the_log_keeps_a_party_waiting_too, setup,
                                         teardown),
        cmocka_unit_test_setup_teardown (test_a_turn_that_fails_charges_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown (test_a_new_configuration_counts_at_once, setup, teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
