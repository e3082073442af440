/* Consents and refusals beside and after each other: withdrawal, superseding, refusal, use, case and origin. */
#include <string.h>
#include "simulation_verbs.h"

static const char *checked_at (struct simulation *sim, const char *text, const char *items)
{
    sim->wall = AT (text);
    return CHECK (sim, .items = items, .advise = true);
}

static void minutes_pass (struct simulation *sim)
{
    sim->wall += 600000;
}

/* The consent on which a check rests. */
static void assert_rests_on (struct simulation *sim, const uint8_t *consent)
{
    Consentd__Reply *reply = CHECK_REPLY (sim, .advise = true);
    assert_string_equal (simulation_said (sim, reply), "consent");
    assert_memory_equal (reply->check->items[0]->consent_id.data, consent, 16);
}

/* Revocation (V2, V3, C13) */

static void test_the_very_next_check_sees_a_revocation (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw bsn");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, consent");
    struct round_trip turn[] = {
        {"kernteam", simulation_check (sim, &(struct simulated_check){.items = "naw"}), NULL},
        {"kernteam", simulation_revocation (sim, &(struct simulated_revocation){.consent = consent}), NULL},
        {"zorgaanbieder-horizon", simulation_check (sim, &(struct simulated_check){.items = "naw"}), NULL},
    };
    assert_int_equal (simulation_turn (sim, turn, 3), 0);
    assert_string_equal (simulation_said (sim, turn[0].reply), "consent");
    assert_string_equal (simulation_said (sim, turn[1].reply), "OK");
    assert_string_equal (simulation_said (sim, turn[2].reply), "REVOKED");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "REVOKED, REVOKED");
}

static void test_a_part_is_withdrawn_and_the_rest_stays_in_force (void **state)
{
    struct simulation *sim = *state;
    const char *to = "zorgaanbieder-horizon zorgaanbieder-delta";
    sim->wall = AT ("2026-06-02");
    const uint8_t *consent = GRANTED (sim, .to = to, .categories = "naw bsn telefoon");
    assert_string_equal (REVOKE (sim, .consent = consent, .to = "zorgaanbieder-horizon", .categories = "naw bsn"),
                         "OK");
    assert_string_equal (CHECK (sim, .items = "naw bsn telefoon"), "REVOKED, REVOKED, consent");
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-delta", .items = "naw bsn telefoon"),
                         "consent, consent, consent");
    assert_string_equal (REVOKE (sim, .consent = consent, .categories = "telefoon"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw telefoon"), "REVOKED, REVOKED");
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-delta", .items = "naw telefoon"), "consent, REVOKED");
}

static void test_a_revocation_tells_what_still_covers_the_withdrawn (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *wide = GRANTED (sim, .categories = "naw bsn");
    const uint8_t *narrow = GRANTED (sim, .categories = "naw");
    Consentd__Reply *reply = REVOKE_REPLY (sim, .consent = wide, .categories = "bsn");
    assert_int_equal (reply->revoke->n_still_covered_by, 0);
    reply = REVOKE_REPLY (sim, .consent = wide, .categories = "naw");
    assert_int_equal (reply->revoke->n_still_covered_by, 1);
    assert_memory_equal (reply->revoke->still_covered_by[0].data, narrow, 16);
    assert_rests_on (sim, narrow);
}

static void test_what_served_a_compatible_purpose_long_enough_covers_it_no_more (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .from = "wmo-team", .to = "kernteam", .categories = "naw", .purpose = "ondersteuning",
             .valid_until = simulation_at ("2027-05-02"));
    sim->wall = simulation_at ("2026-08-02") - 1;
    const uint8_t *before =
        GRANTED (sim, .from = "wmo-team", .to = "kernteam", .categories = "naw", .purpose = "integraal-plan");
    assert_int_equal (REVOKE_REPLY (sim, .consent = before)->revoke->n_still_covered_by, 1);
    const uint8_t *later =
        GRANTED (sim, .from = "wmo-team", .to = "kernteam", .categories = "naw", .purpose = "integraal-plan");
    sim->wall++;
    assert_int_equal (REVOKE_REPLY (sim, .consent = later)->revoke->n_still_covered_by, 0);
}

static void test_withdrawing_twice_is_no_error_and_changes_nothing (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw bsn");
    assert_false (REVOKE_REPLY (sim, .consent = consent, .categories = "naw")->revoke->already);
    assert_true (REVOKE_REPLY (sim, .consent = consent, .categories = "naw")->revoke->already);
    assert_false (REVOKE_REPLY (sim, .consent = consent)->revoke->already); /* bsn was left */
    Consentd__Reply *reply = REVOKE_REPLY (sim, .consent = consent);
    assert_true (reply->revoke->already);
    assert_int_equal (reply->revoke->n_informed, 0);
}

/* V1 */

static void test_a_party_named_in_the_consent_passes_a_withdrawal_on_and_another_may_not (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    assert_string_not_equal (REVOKE (sim, .consent = consent, .by = "school-brug"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_string_equal (REVOKE (sim, .consent = consent, .by = "zorgaanbieder-horizon"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

/* Superseding (G10) */

static void test_a_later_consent_takes_over_from_its_beginning_on_for_good (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *first = GRANTED (sim, .valid_until = AT ("2027-01-01"));
    minutes_pass (sim);
    Consentd__Reply *reply = GRANT_REPLY (sim, .categories = "naw bsn", .valid_from = AT ("2026-06-01"),
                                          .valid_until = AT ("2026-07-01"));
    const uint8_t *second = simulation_granted (sim, reply);
    assert_int_equal (reply->consent_recorded->n_superseded, 1);
    assert_memory_equal (reply->consent_recorded->superseded[0].data, first, 16);
    sim->wall = AT ("2026-06-01") - 1;
    assert_rests_on (sim, first);
    sim->wall = AT ("2026-06-01");
    assert_rests_on (sim, second);
    assert_string_equal (checked_at (sim, "2026-07-01", "naw"), "EXPIRED");
    assert_string_equal (checked_at (sim, "2026-12-01", "naw"), "EXPIRED");
}

static void test_a_superseded_consent_gives_no_reason (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2027-01-01"));
    minutes_pass (sim);
    GRANTED (sim, .valid_from = AT ("2026-06-01"), .valid_until = AT ("2026-07-01"));
    assert_string_equal (checked_at (sim, "2026-06-30", "bsn"), "CATEGORY_NOT_CONSENTED");
    assert_string_equal (checked_at (sim, "2026-07-01", "bsn"), "NO_CONSENT");
}

static void test_what_is_superseded_does_not_come_back_when_the_later_one_is_withdrawn (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2027-01-01"));
    minutes_pass (sim);
    const uint8_t *second = GRANTED (sim, .valid_from = AT ("2026-06-01"), .valid_until = AT ("2026-07-01"));
    assert_string_equal (checked_at (sim, "2026-06-02", "naw"), "consent");
    REVOKE (sim, .consent = second);
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

static void test_a_consent_that_is_withdrawn_before_it_begins_supersedes_nothing (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *first = GRANTED (sim, .valid_until = AT ("2027-01-01"));
    minutes_pass (sim);
    const uint8_t *second = GRANTED (sim, .valid_from = AT ("2026-06-01"), .valid_until = AT ("2026-07-01"));
    sim->wall = AT ("2026-05-20");
    REVOKE (sim, .consent = second);
    sim->wall = AT ("2026-06-02");
    assert_rests_on (sim, first);
}

/* At its very valid_from it has already superseded; the same moment comes again where the clock was set back
   (C14). */
static void test_a_consent_that_is_withdrawn_as_it_begins_has_superseded (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2027-01-01"));
    minutes_pass (sim);
    const uint8_t *second = GRANTED (sim, .valid_from = AT ("2026-06-01"), .valid_until = AT ("2026-07-01"));
    sim->wall = AT ("2026-06-01");
    assert_rests_on (sim, second);
    sim->wall = AT ("2026-05-20");
    REVOKE (sim, .consent = second);
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
    sim->wall = AT ("2026-06-02");
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

static Consentd__Consent__State state_of (struct simulation *sim, const uint8_t *consent)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->consent_id = (ProtobufCBinaryData){16, arena_memdup (sim->arena, consent, 16)};
    return simulation_ask (sim, "kernteam", request)->consent_show->consent->state;
}

/* A turn has one moment: what was recorded first decides. */
static void test_what_ended_in_the_turn_of_its_successor_ended_by_what_was_recorded_first (void **state)
{
    struct simulation *sim = *state;
    for (int first = 0; first < 2; first++) {
        const uint8_t *consent = GRANTED (sim, .categories = "naw");
        minutes_pass (sim);
        struct round_trip turn[2];
        turn[first] = (struct round_trip){
            "kernteam", simulation_revocation (sim, &(struct simulated_revocation){.consent = consent}), NULL};
        turn[1 - first] = (struct round_trip){
            "kernteam", simulation_statement (sim, &(struct simulated_statement){.categories = "naw"}, false),
            NULL};
        assert_int_equal (simulation_turn (sim, turn, 2), 0);
        assert_int_equal (turn[1 - first].reply->consent_recorded->n_superseded, first);
        for (int restarted = 0; restarted < 2; restarted++) {
            assert_int_equal (state_of (sim, consent), first == 0 ? CONSENTD__CONSENT__STATE__REVOKED
                                                                  : CONSENTD__CONSENT__STATE__SUPERSEDED);
            simulation_restart (sim);
        }
        REVOKE (sim, .consent = turn[1 - first].reply->consent_recorded->consent_id.data);
    }
}

static void test_what_was_used_up_or_ended_stays_so_when_a_new_consent_comes (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *used = GRANTED (sim, .categories = "naw", .one_time = true);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    const uint8_t *ended = GRANTED (sim, .categories = "naw", .valid_until = AT ("2026-05-02"));
    sim->wall = AT ("2026-05-02");
    const uint8_t *revoked = GRANTED (sim, .categories = "naw");
    REVOKE (sim, .consent = revoked);
    minutes_pass (sim);
    Consentd__Reply *reply = GRANT_REPLY (sim, .categories = "naw");
    assert_int_equal (reply->consent_recorded->n_superseded, 0);
    assert_int_equal (state_of (sim, used), CONSENTD__CONSENT__STATE__USED_UP);
    assert_int_equal (state_of (sim, ended), CONSENTD__CONSENT__STATE__EXPIRED);
    assert_int_equal (state_of (sim, revoked), CONSENTD__CONSENT__STATE__REVOKED);
    /* Their reasons are told as well, where the new one does not hold any more. */
    REVOKE (sim, .consent = reply->consent_recorded->consent_id.data);
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED EXPIRED USED_UP");
}

static void test_a_consent_that_covers_less_supersedes_nothing (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw bsn", .valid_until = AT ("2027-01-01"));
    minutes_pass (sim);
    GRANTED (sim, .categories = "naw telefoon", .valid_until = AT ("2026-07-01"));
    GRANTED (sim, .categories = "naw bsn", .origins = "wmo", .valid_until = AT ("2026-07-01"));
    GRANTED (sim, .categories = "naw bsn", .case_ref = "zaak-1", .valid_until = AT ("2026-07-01"));
    assert_string_equal (checked_at (sim, "2026-07-02", "naw bsn"), "consent, consent");
}

static void test_a_one_time_consent_does_not_supersede_a_reusable_one (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *reusable = GRANTED (sim, .valid_until = AT ("2027-01-01"));
    minutes_pass (sim);
    GRANTED (sim, .one_time = true, .valid_until = AT ("2026-07-01"));
    assert_rests_on (sim, reusable); /* C7: a reusable one before a one-time one */
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_string_equal (checked_at (sim, "2026-07-02", "naw"), "consent");
}

static void test_among_several_the_latest_recorded_is_the_ground (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw bsn");
    minutes_pass (sim);
    const uint8_t *latest = GRANTED (sim, .categories = "naw telefoon");
    assert_rests_on (sim, latest);
}

/* Refusals (G10, G12) */

static void test_the_latest_refusal_wins_and_a_later_consent_reinstates (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2027-01-01"));
    minutes_pass (sim);
    assert_string_equal (REFUSE (sim, .categories = "naw"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "REFUSED");
    minutes_pass (sim);
    const uint8_t *later = GRANTED (sim, .valid_until = AT ("2026-12-01"));
    assert_rests_on (sim, later);
    /* The older consent stays shut out. */
    REVOKE (sim, .consent = later);
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

static void test_a_refusal_has_no_end (void **state)
{
    struct simulation *sim = *state;
    REFUSE (sim, .categories = "naw");
    assert_string_equal (checked_at (sim, "2031-05-01", "naw"), "REFUSED");
}

static void test_a_refusal_shuts_out_what_it_names_and_nothing_else (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw bsn");
    minutes_pass (sim);
    REFUSE (sim, .categories = "bsn");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, REFUSED");
}

static void test_a_refusal_covers_a_compatible_purpose_and_not_the_other_way_round (void **state)
{
    struct simulation *sim = *state;
    const char *from = "wmo-team", *to = "kernteam";
    /* No flow of 2015 has both purposes between the same parties: the other way round is seen with a team. */
    GRANTED (sim, .from = "wmo-team wijkteam", .to = to, .purpose = "ondersteuning");
    minutes_pass (sim);
    REFUSE (sim, .from = "wmo-team wijkteam", .to = to, .purpose = "integraal-plan");
    assert_string_equal (CHECK (sim, .from = from, .to = to, .purpose = "integraal-plan"), "REFUSED");
    assert_string_equal (CHECK (sim, .from = "wijkteam", .to = to, .purpose = "ondersteuning"), "consent");
    minutes_pass (sim);
    GRANTED (sim, .from = from, .to = to, .purpose = "integraal-plan");
    assert_string_equal (CHECK (sim, .from = from, .to = to, .purpose = "integraal-plan"), "consent");
    minutes_pass (sim);
    REFUSE (sim, .from = from, .to = to, .purpose = "ondersteuning");
    assert_string_equal (CHECK (sim, .from = from, .to = to, .purpose = "integraal-plan"), "REFUSED");
}

static void test_a_refusal_bound_to_a_case_covers_that_case_and_what_names_none (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    minutes_pass (sim);
    REFUSE (sim, .case_ref = "zaak-1");
    assert_string_equal (CHECK (sim, .case_ref = "zaak-1"), "REFUSED");
    assert_string_equal (CHECK (sim, .items = "naw"), "REFUSED");
    assert_string_equal (CHECK (sim, .case_ref = "zaak-2"), "consent");
}

static void test_a_refusal_that_names_origins_covers_those_and_items_without (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    minutes_pass (sim);
    REFUSE (sim, .origins = "jeugdwet zvw");
    assert_string_equal (CHECK (sim, .items = "naw/wmo naw/jeugdwet naw/zvw naw/"),
                         "consent, REFUSED, REFUSED, REFUSED");
}

/* One-time (C11) */

static void test_a_one_time_consent_is_used_up_by_the_first_disclosure_as_a_whole (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw bsn telefoon", .one_time = true);
    assert_string_equal (CHECK (sim, .items = "naw bsn", .advise = true), "consent, consent");
    Consentd__Reply *reply = CHECK_REPLY (sim, .items = "naw bsn");
    assert_string_equal (simulation_said (sim, reply), "consent, consent");
    assert_int_equal (reply->check->n_obligations, 2);
    assert_int_equal (reply->check->obligations[1], CONSENTD__OBLIGATION__ONE_TIME);
    assert_string_equal (CHECK (sim, .items = "naw telefoon"), "USED_UP, USED_UP");
}

static void test_of_two_disclosures_at_once_exactly_one_rests_on_a_one_time_consent (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .one_time = true);
    struct round_trip turn[3];
    for (size_t i = 0; i < 3; i++)
        turn[i] = (struct round_trip){"kernteam",
                                      simulation_check (sim, &(struct simulated_check){.items = "naw"}), NULL};
    assert_int_equal (simulation_turn (sim, turn, 3), 0);
    assert_string_equal (simulation_said (sim, turn[0].reply), "consent");
    assert_string_equal (simulation_said (sim, turn[1].reply), "USED_UP");
    assert_string_equal (simulation_said (sim, turn[2].reply), "USED_UP");
}

static void test_all_or_nothing_uses_nothing_where_it_would_be_partial (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .one_time = true);
    assert_string_equal (CHECK (sim, .items = "naw vrije-tekst", .all_or_nothing = true),
                         "ALL_OR_NOTHING, CATEGORY_NOT_NEEDED");
    assert_string_equal (CHECK (sim, .items = "naw vrije-tekst", .all_or_nothing = true, .advise = true),
                         "consent, CATEGORY_NOT_NEEDED");
    assert_string_equal (CHECK (sim, .items = "naw", .all_or_nothing = true), "consent");
    assert_string_equal (CHECK (sim, .items = "naw"), "USED_UP");
}

/* Case and origin (C7) */

static void test_a_consent_bound_to_a_case_serves_that_case_only (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .case_ref = "zaak-1");
    assert_string_equal (CHECK (sim, .case_ref = "zaak-1"), "consent");
    assert_string_equal (CHECK (sim, .case_ref = "zaak-2"), "OTHER_CASE");
    assert_string_equal (CHECK (sim, .items = "naw"), "OTHER_CASE");
}

static void test_a_consent_for_an_origin_serves_data_of_that_origin_only (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .origins = "wmo brp");
    assert_string_equal (CHECK (sim, .items = "naw/wmo naw/brp naw/jeugdwet naw/"),
                         "consent, consent, ORIGIN_NOT_CONSENTED, ORIGIN_NOT_CONSENTED");
}

static void test_a_consent_gives_every_condition_that_it_fails (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent =
        GRANTED (sim, .case_ref = "zaak-1", .origins = "wmo", .valid_until = AT ("2026-07-01"));
    REVOKE (sim, .consent = consent);
    sim->wall = AT ("2026-07-02");
    assert_string_equal (CHECK (sim, .items = "naw/zvw"), "REVOKED EXPIRED OTHER_CASE ORIGIN_NOT_CONSENTED");
}

static void test_a_consent_that_would_serve_but_for_one_of_four_says_which (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "bsn"), "CATEGORY_NOT_CONSENTED");
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-geest"), "RECIPIENT_NOT_CONSENTED");
    assert_string_equal (CHECK (sim, .by = "zorgaanbieder-horizon", .from = "wmo-team"), "PROVIDER_NOT_CONSENTED");
    assert_string_equal (CHECK (sim, .purpose = "registratie-hulpvraag"), "WRONG_PURPOSE");
    assert_string_equal (CHECK (sim, .purpose = "registratie-hulpvraag", .items = "bsn"), "NO_CONSENT");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_the_very_next_check_sees_a_revocation),
        ADULT_TEST (test_a_part_is_withdrawn_and_the_rest_stays_in_force),
        ADULT_TEST (test_a_revocation_tells_what_still_covers_the_withdrawn),
        ADULT_TEST (test_what_served_a_compatible_purpose_long_enough_covers_it_no_more),
        ADULT_TEST (test_withdrawing_twice_is_no_error_and_changes_nothing),
        ADULT_TEST (test_a_party_named_in_the_consent_passes_a_withdrawal_on_and_another_may_not),
        ADULT_TEST (test_a_later_consent_takes_over_from_its_beginning_on_for_good),
        ADULT_TEST (test_a_superseded_consent_gives_no_reason),
        ADULT_TEST (test_what_is_superseded_does_not_come_back_when_the_later_one_is_withdrawn),
        ADULT_TEST (test_a_consent_that_is_withdrawn_before_it_begins_supersedes_nothing),
        ADULT_TEST (test_a_consent_that_is_withdrawn_as_it_begins_has_superseded),
        ADULT_TEST (test_what_ended_in_the_turn_of_its_successor_ended_by_what_was_recorded_first),
        ADULT_TEST (test_what_was_used_up_or_ended_stays_so_when_a_new_consent_comes),
        ADULT_TEST (test_a_consent_that_covers_less_supersedes_nothing),
        ADULT_TEST (test_a_one_time_consent_does_not_supersede_a_reusable_one),
        ADULT_TEST (test_among_several_the_latest_recorded_is_the_ground),
        ADULT_TEST (test_the_latest_refusal_wins_and_a_later_consent_reinstates),
        ADULT_TEST (test_a_refusal_has_no_end),
        ADULT_TEST (test_a_refusal_shuts_out_what_it_names_and_nothing_else),
        ADULT_TEST (test_a_refusal_covers_a_compatible_purpose_and_not_the_other_way_round),
        ADULT_TEST (test_a_refusal_bound_to_a_case_covers_that_case_and_what_names_none),
        ADULT_TEST (test_a_refusal_that_names_origins_covers_those_and_items_without),
        ADULT_TEST (test_a_one_time_consent_is_used_up_by_the_first_disclosure_as_a_whole),
        ADULT_TEST (test_of_two_disclosures_at_once_exactly_one_rests_on_a_one_time_consent),
        ADULT_TEST (test_all_or_nothing_uses_nothing_where_it_would_be_partial),
        ADULT_TEST (test_a_consent_bound_to_a_case_serves_that_case_only),
        ADULT_TEST (test_a_consent_for_an_origin_serves_data_of_that_origin_only),
        ADULT_TEST (test_a_consent_gives_every_condition_that_it_fails),
        ADULT_TEST (test_a_consent_that_would_serve_but_for_one_of_four_says_which),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
