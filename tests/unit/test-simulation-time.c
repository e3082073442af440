/* What time alone does to a disclosure: beginnings, ends, longest validities, agreements, and a clock set back. */
#include "simulation_verbs.h"

/* The last millisecond before `moment` says `before`, and `moment` itself says `after`. */
#define TURNS_AT(sim, moment, before, after, ...)               \
    do {                                                        \
        (sim)->wall = (moment)-1;                               \
        assert_string_equal (CHECK (sim, __VA_ARGS__), before); \
        (sim)->wall = (moment);                                 \
        assert_string_equal (CHECK (sim, __VA_ARGS__), after);  \
    } while (0)

/* C7: now in [valid_from, valid_until) */

static void test_a_consent_ends_at_the_very_start_of_the_day_after_its_last (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2026-07-01"));
    TURNS_AT (sim, AT ("2026-07-01"), "consent", "EXPIRED", .items = "naw");
}

static void test_a_consent_that_ends_as_winter_time_begins_lasts_the_day_of_25_hours (void **state)
{
    struct simulation *sim = *state;
    moment start = AT ("2026-10-25"), end = AT ("2026-10-26");
    assert_int_equal (end - start, 25 * 3600000);
    GRANTED (sim, .valid_until = end);
    sim->wall = start + 24 * 3600000;
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    TURNS_AT (sim, end, "consent", "EXPIRED", .items = "naw");
}

static void test_a_consent_that_ends_as_summer_time_begins_ends_after_23_hours (void **state)
{
    struct simulation *sim = *state;
    moment start = AT ("2027-03-28"), end = AT ("2027-03-29");
    assert_int_equal (end - start, 23 * 3600000);
    GRANTED (sim, .valid_until = end);
    TURNS_AT (sim, end, "consent", "EXPIRED", .items = "naw");
}

static void test_a_consent_does_nothing_before_it_begins (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_from = AT ("2026-06-01"), .valid_until = AT ("2026-07-01"));
    assert_string_equal (CHECK (sim, .items = "naw"), "NOT_YET_VALID");
    TURNS_AT (sim, AT ("2026-06-01"), "NOT_YET_VALID", "consent", .items = "naw");
}

/* G6 */

static void test_twelve_months_end_with_the_same_calendar_day_and_not_a_millisecond_later (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (GRANT (sim, .valid_until = AT ("2027-05-02") + 1), "REJECTED TOO_LONG");
    assert_string_equal (GRANT (sim, .valid_until = AT ("2027-05-02")), "OK");
    TURNS_AT (sim, AT ("2027-05-02"), "consent", "EXPIRED", .items = "naw");
}

static void test_three_months_across_the_change_of_the_clock_are_calendar_days (void **state)
{
    struct simulation *sim = *state;
    sim->wall = AT ("2026-09-15 12:00");
    assert_string_equal (
        GRANT (sim, .purpose = "extern-overleg", .one_time = true, .valid_until = AT ("2026-12-16") + 1),
        "REJECTED TOO_LONG");
    assert_string_equal (
        GRANT (sim, .purpose = "extern-overleg", .one_time = true, .valid_until = AT ("2026-12-16")), "OK");
}

static void test_months_are_clipped_to_the_end_of_a_shorter_month (void **state)
{
    struct simulation *sim = *state;
    sim->wall = AT ("2026-11-30 23:59:59.999");
    assert_string_equal (
        GRANT (sim, .purpose = "extern-overleg", .one_time = true, .valid_until = AT ("2027-03-01") + 1),
        "REJECTED TOO_LONG");
    assert_string_equal (
        GRANT (sim, .purpose = "extern-overleg", .one_time = true, .valid_until = AT ("2027-03-01")), "OK");
}

static void test_months_are_counted_from_the_recording_where_that_is_earlier (void **state)
{
    struct simulation *sim = *state;
    moment later = AT ("2026-08-01");
    assert_string_equal (GRANT (sim, .valid_from = later, .valid_until = AT ("2027-05-02") + 1),
                         "REJECTED TOO_LONG");
    assert_string_equal (GRANT (sim, .valid_from = later, .valid_until = AT ("2027-05-02")), "OK");
}

static void test_an_end_that_is_reversed_or_past_is_invalid (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (GRANT (sim, .valid_from = AT ("2026-06-02"), .valid_until = AT ("2026-06-01")),
                         "INVALID grant.valid_until");
    assert_string_equal (GRANT (sim, .valid_until = sim->wall - 1), "INVALID grant.valid_until");
}

/* C7: a compatible purpose, no longer than its own longest validity */

static void test_a_consent_for_support_serves_the_plan_for_three_months_only (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .from = "wmo-team wijkteam", .to = "kernteam", .categories = "naw", .purpose = "ondersteuning",
             .valid_until = AT ("2027-05-02"));
    TURNS_AT (sim, AT ("2026-08-02"), "consent", "EXPIRED", .from = "wmo-team", .to = "kernteam",
              .purpose = "integraal-plan");
    assert_string_equal (CHECK (sim, .from = "wijkteam", .to = "kernteam", .purpose = "ondersteuning"), "consent");
}

static void test_the_three_months_are_counted_from_the_recording_where_that_is_earlier (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .from = "wmo-team", .to = "kernteam", .purpose = "ondersteuning",
             .valid_from = AT ("2026-07-01"), .valid_until = AT ("2027-05-02"));
    TURNS_AT (sim, AT ("2026-07-01"), "NOT_YET_VALID", "consent", .from = "wmo-team", .to = "kernteam",
              .purpose = "integraal-plan");
    TURNS_AT (sim, AT ("2026-08-02"), "consent", "EXPIRED", .from = "wmo-team", .to = "kernteam",
              .purpose = "integraal-plan");
}

/* C3 */

static void test_an_agreement_carries_from_its_first_day_to_its_last (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .to = "zorgaanbieder-delta", .valid_until = AT ("2027-01-01"));
    TURNS_AT (sim, AT ("2026-06-01"), "AGREEMENT_MISSING", "consent", .to = "zorgaanbieder-delta");
    TURNS_AT (sim, AT ("2026-09-01"), "consent", "AGREEMENT_MISSING", .to = "zorgaanbieder-delta");
}

static void test_a_party_that_is_no_longer_active_has_no_agreement_whatever_its_kind (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .to = "wmo-team", .purpose = "registratie-hulpvraag");
    assert_string_equal (CHECK (sim, .to = "wmo-team", .purpose = "registratie-hulpvraag"), "consent");
    simulation_write_party (sim, "wmo-team", "wmo-team", "partner", "active = \"no\"\n");
    assert_string_equal (CHECK (sim, .to = "wmo-team", .purpose = "registratie-hulpvraag"), "AGREEMENT_MISSING");
}

/* C14 */

static void test_a_clock_set_back_does_not_bring_back_what_has_ended (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2026-07-01"));
    sim->wall = AT ("2026-07-01");
    assert_string_equal (CHECK (sim, .items = "naw"), "EXPIRED");
    sim->wall = AT ("2026-05-02");
    Consentd__Reply *reply = CHECK_REPLY (sim, .items = "naw");
    assert_string_equal (simulation_said (sim, reply), "EXPIRED");
    assert_int_equal (reply->time, AT ("2026-07-01"));
    assert_int_equal (reply->check->evaluated_at, AT ("2026-07-01"));
    simulation_restart (sim);
    assert_string_equal (CHECK (sim, .items = "naw"), "EXPIRED");
}

static void test_a_clock_set_back_does_not_give_more_time_to_sign (void **state)
{
    struct simulation *sim = *state;
    sim->wall = AT ("2026-07-01");
    assert_string_equal (CHECK (sim, .items = "naw"), "NO_CONSENT");
    sim->wall = AT ("2026-05-02");
    assert_string_equal (GRANT (sim, .valid_until = AT ("2026-06-30")), "INVALID grant.valid_until");
}

static void test_the_same_answer_comes_through_a_restart (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2026-07-01"));
    simulation_restart (sim);
    TURNS_AT (sim, AT ("2026-07-01"), "consent", "EXPIRED", .items = "naw");
}

/* Every test has an adult on record who signs alone. */
int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_a_consent_ends_at_the_very_start_of_the_day_after_its_last),
        ADULT_TEST (test_a_consent_that_ends_as_winter_time_begins_lasts_the_day_of_25_hours),
        ADULT_TEST (test_a_consent_that_ends_as_summer_time_begins_ends_after_23_hours),
        ADULT_TEST (test_a_consent_does_nothing_before_it_begins),
        ADULT_TEST (test_twelve_months_end_with_the_same_calendar_day_and_not_a_millisecond_later),
        ADULT_TEST (test_three_months_across_the_change_of_the_clock_are_calendar_days),
        ADULT_TEST (test_months_are_clipped_to_the_end_of_a_shorter_month),
        ADULT_TEST (test_months_are_counted_from_the_recording_where_that_is_earlier),
        ADULT_TEST (test_an_end_that_is_reversed_or_past_is_invalid),
        ADULT_TEST (test_a_consent_for_support_serves_the_plan_for_three_months_only),
        ADULT_TEST (test_the_three_months_are_counted_from_the_recording_where_that_is_earlier),
        ADULT_TEST (test_an_agreement_carries_from_its_first_day_to_its_last),
        ADULT_TEST (test_a_party_that_is_no_longer_active_has_no_agreement_whatever_its_kind),
        ADULT_TEST (test_a_clock_set_back_does_not_bring_back_what_has_ended),
        ADULT_TEST (test_a_clock_set_back_does_not_give_more_time_to_sign),
        ADULT_TEST (test_the_same_answer_comes_through_a_restart),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
