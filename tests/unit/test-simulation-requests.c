/* Consents that are asked for (G1): who may ask for what, by which rules, and how many. */
#include <string.h>
#include "registry/consent_request.h"
#include "simulated_requests.h"

static const moment day = 86400000;

static void test_G1_only_a_role_that_may_request_asks_for_a_consent (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .by = "zorgaanbieder-horizon"), "OK");
    assert_string_equal (ASK (sim, .by = "toezicht"), "FORBIDDEN");
    assert_string_equal (ASK (sim, .by = "kernteam"), "FORBIDDEN");
    assert_int_equal (simulation_waiting (sim, ""), 1);
}

static void test_G1_who_asks_is_provider_or_recipient_unless_it_may_check_for_others (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .by = "cak"), "FORBIDDEN");
    assert_string_equal (ASK (sim, .by = "wmo-team", .from = "kernteam wmo-team"), "OK");
    assert_string_equal (ASK (sim, .by = "loket"), "OK");
}

static void test_G2_a_blanket_request_is_refused_before_anything_else (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .categories = "alle"), "REJECTED BLANKET_CONSENT");
    assert_string_equal (ASK (sim, .from = "*", .to = "onbekend"), "REJECTED BLANKET_CONSENT");
    assert_string_equal (ASK (sim, .to = ""), "REJECTED BLANKET_CONSENT");
}

static void test_G2_a_request_names_what_is_known_and_says_why (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .from = "kernteam onbekend"), "INVALID ask.scope.providers[1]");
    assert_string_equal (ASK (sim, .categories = "schoenmaat"), "INVALID ask.scope.categories[0]");
    assert_string_equal (ASK (sim, .purpose = "nieuwsgierigheid"), "INVALID ask.scope.purpose");
    assert_string_equal (ASK (sim, .motivation = ""), "INVALID ask.motivation");
    assert_int_equal (simulation_waiting (sim, ""), 0);
}

static void test_G3_what_no_flow_could_use_is_not_asked (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .categories = "naw gezondheid"), "REJECTED NOT_NEEDED");
}

static void test_G6_a_request_has_an_end_within_the_longest_validity (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .valid_until = NO_END), "REJECTED TOO_LONG");
    assert_string_equal (ASK (sim, .valid_until = AT ("2027-05-02")), "OK");
    assert_string_equal (ASK (sim, .valid_until = AT ("2027-05-03")), "REJECTED TOO_LONG");
    assert_string_equal (ASK (sim, .valid_until = sim->wall), "INVALID ask.valid_until");
}

static void test_G7_what_must_be_one_time_is_asked_for_once (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .by = "zorgaanbieder-geest", .from = "zorgaanbieder-geest", .to = "kernteam",
                              .purpose = "monitoring"),
                         "REJECTED MUST_BE_ONE_TIME");
    assert_string_equal (ASK (sim, .by = "zorgaanbieder-geest", .from = "zorgaanbieder-geest", .to = "kernteam",
                              .purpose = "monitoring", .one_time = true),
                         "OK");
    assert_string_equal (ASK (sim, .to = "zorgaanbieder-horizon zorgaanbieder-delta", .one_time = true),
                         "REJECTED ONE_TIME_TOO_WIDE");
}

static void test_G9_a_request_for_what_a_statute_carries_is_warned_of (void **state)
{
    struct simulation *sim = *state;
    Consentd__Reply *reply = ASK_REPLY (sim, .by = "cak", .to = "cak", .purpose = "eigen-bijdrage");
    assert_string_equal (simulation_said (sim, reply), "OK CONSENT_NOT_THE_GROUND");
    assert_string_equal (reply->refusals[0]->rule, "G9");
    assert_int_equal (simulation_waiting (sim, ""), 1);
}

static void test_G9_or_refused_as_the_pack_says (void **state)
{
    (void)state;
    struct simulation *sim = simulation_new (&(struct simulation_options){.policy = "wmo-jeugdwet-2026"});
    assert_string_equal (ASK (sim, .by = "cak", .to = "cak", .purpose = "eigen-bijdrage"),
                         "REJECTED CONSENT_NOT_THE_GROUND");
    assert_int_equal (simulation_waiting (sim, ""), 0);
    assert_string_equal (ASK (sim, .by = "cak", .to = "cak", .purpose = "eigen-bijdrage", .origins = "wgs"), "OK");
    simulation_destroy (&sim);
}

/* No form, notice or signature is there yet, nor need the subject be old enough to sign (G4, G5, G8). */
static void test_G1_form_notice_and_signature_come_with_the_answer (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "2022-01-01"), "OK");
    assert_string_equal (ASK (sim, .categories = "naw deskundigenadvies"), "OK");
}

static void test_G1_the_answer_does_not_tell_who_is_registered (void **state)
{
    struct simulation *sim = *state;
    const char *known = simulation_bsn (sim, 1), *unknown = simulation_bsn (sim, 2);
    assert_string_equal (PERSON (sim, .bsn = known), "OK");
    GRANTED (sim, .bsn = known);
    uint64_t revision = sim->state.revision;
    Consentd__Reply *first = ASK_REPLY (sim, .bsn = known), *second = ASK_REPLY (sim, .bsn = unknown);
    assert_string_equal (simulation_said (sim, first), "OK");
    assert_string_equal (simulation_said (sim, second), "OK");
    assert_int_equal (first->revision, revision + 1);
    assert_int_equal (second->revision, revision + 2);
    assert_int_equal (consentd__reply__get_packed_size (first), consentd__reply__get_packed_size (second));
    assert_int_equal (first->consent_recorded->n_superseded, 0);
    /* Nor does what is refused: nothing is opened for it. */
    assert_string_equal (ASK (sim, .bsn = simulation_bsn (sim, 3), .categories = "gezondheid"),
                         ASK (sim, .bsn = known, .categories = "gezondheid"));
}

static void test_G1_a_request_permits_nothing (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "NO_CONSENT");
    assert_string_equal (CHECK (sim, .by = "toezicht", .items = "naw"), "NO_CONSENT");
    assert_string_equal (DEFER (sim, request), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "NO_CONSENT");
    assert_string_equal (REVOKE (sim, .consent = request), "NOT_FOUND");
    assert_string_equal (GRANT (sim, .answers = request), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_G1_a_refused_request_is_a_refusal (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    GRANTED (sim, .categories = "naw bsn");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, consent");
    assert_string_equal (REFUSE (sim, .answers = request), "OK");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "REFUSED, consent");
}

static void test_a_party_leaves_room_for_others_about_one_subject (void **state)
{
    struct simulation *sim = *state;
    static const char *const parties[] = {"zorgaanbieder-horizon", "zorgaanbieder-delta", "wmo-team", "cak",
                                          "svb"};
    for (size_t i = 0; i < 4; i++) {
        const char *to = i < 2 ? parties[i] : horizon, *from = i == 2 ? "wmo-team" : "kernteam";
        for (int j = 0; j < 16; j++)
            assert_string_equal (
                i == 3 ? ASK (sim, .by = "loket") : ASK (sim, .by = parties[i], .from = from, .to = to), "OK");
        if (i < 3)
            assert_string_equal (ASK (sim, .by = parties[i], .from = from, .to = to), "INVALID ask.bsn");
    }
    assert_int_equal (simulation_waiting (sim, ""), 64);
    assert_string_equal (ASK (sim, .by = "huisarts-dorp", .from = "huisarts-dorp", .to = "kernteam",
                              .purpose = "integraal-plan", .one_time = true),
                         "INVALID ask.bsn");
    assert_string_equal (ASK (sim, .by = horizon, .bsn = simulation_bsn (sim, 3)), "OK");
}

static void test_an_answer_or_the_time_makes_room (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *first = ASKED (sim, .categories = "naw");
    for (int i = 0; i < 15; i++)
        ASKED (sim, .valid_until = sim->wall + day);
    assert_string_equal (ASK (sim, .categories = "bsn"), "INVALID ask.bsn");
    GRANT (sim, .answers = first);
    assert_string_equal (ASK (sim, .categories = "bsn"), "OK");
    assert_string_equal (ASK (sim, .categories = "bsn"), "INVALID ask.bsn");
    sim->wall += day;
    for (int i = 0; i < 15; i++)
        assert_string_equal (ASK (sim, .categories = "bsn"), "OK");
    assert_string_equal (ASK (sim, .categories = "bsn"), "INVALID ask.bsn");
}

static void test_a_party_cannot_flood_the_list (void **state)
{
    struct simulation *sim = *state;
    for (unsigned i = 0; i < CONSENT_REQUESTS_BY_PARTY;) {
        struct round_trip round_trips[SIMULATION_TURN];
        for (size_t j = 0; j < SIMULATION_TURN; j++, i++)
            round_trips[j] = (struct round_trip){
                horizon,
                simulation_request (sim, &(struct simulated_request){.bsn = simulation_bsn (sim, i / 16)}), NULL};
        assert_int_equal (simulation_turn (sim, round_trips, SIMULATION_TURN), 0);
        for (size_t j = 0; j < SIMULATION_TURN; j++)
            assert_string_equal (simulation_said (sim, round_trips[j].reply), "OK");
    }
    const char *unknown = simulation_bsn (sim, 2000);
    assert_string_equal (ASK (sim, .bsn = unknown), "INVALID ask.bsn");
    assert_string_equal (ASK (sim, .bsn = unknown, .by = "zorgaanbieder-delta", .to = "zorgaanbieder-delta"),
                         "OK");
    /* An answer makes room, and so does the time. */
    PERSON (sim, .bsn = simulation_bsn (sim, 0));
    const uint8_t *answered =
        simulation_waiting_page (sim, simulation_bsn (sim, 0), NULL, 1)->requests[0]->consent_id.data;
    assert_string_equal (GRANT (sim, .bsn = simulation_bsn (sim, 0), .answers = answered), "OK");
    assert_string_equal (ASK (sim, .bsn = unknown), "OK");
    assert_string_equal (ASK (sim, .bsn = unknown), "INVALID ask.bsn");
    sim->wall += 60 * day;
    assert_string_equal (ASK (sim, .bsn = unknown), "OK");
    assert_int_equal (simulation_waiting (sim, ""), 1);
}

static void test_G11_a_request_sent_twice_is_made_once (void **state)
{
    struct simulation *sim = *state;
    Consentd__Request *request = simulation_request (sim, &(struct simulated_request){.categories = "naw"});
    Consentd__Reply *first = simulation_ask (sim, horizon, request);
    simulation_restart (sim);
    Consentd__Reply *again = simulation_ask (sim, horizon, request);
    assert_string_equal (simulation_said (sim, again), "OK again");
    assert_memory_equal (again->consent_recorded->consent_id.data, first->consent_recorded->consent_id.data, 16);
    assert_int_equal (simulation_waiting (sim, ""), 1);
}

static void test_C14_nothing_is_asked_or_answered_while_the_clock_is_stopped (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *request = ASKED (sim, .categories = "naw");
    sim->registry.state.clock_stopped = true;
    assert_string_equal (ASK (sim, .categories = "naw"), "UNAVAILABLE");
    assert_string_equal (DEFER (sim, request), "UNAVAILABLE");
    sim->wall += 90 * day; /* which nobody believes yet: what waits is not dropped for it */
    assert_int_equal (simulation_waiting (sim, ""), 1);
}

static void test_C14_a_request_of_a_clock_that_was_ahead_is_answered_like_any_other (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    moment then = sim->wall;
    const uint8_t *before = ASKED (sim, .valid_until = then + day);
    sim->wall += 2 * day;
    const uint8_t *ahead = ASKED (sim, .categories = "bsn", .valid_until = then + 3 * day);
    assert_int_equal (simulation_waiting (sim, ""), 1); /* the first seemed past its time */
    sim->wall = then + 1000;
    simulation_reset_clock (sim);
    assert_string_equal (GRANT (sim, .answers = before, .valid_until = then + day), "OK");
    assert_string_equal (GRANT (sim, .answers = ahead, .categories = "bsn", .valid_until = then + day), "OK");
    assert_int_equal (simulation_waiting (sim, ""), 0);
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, consent");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_G1_only_a_role_that_may_request_asks_for_a_consent),
        SIMULATION_TEST (test_G1_who_asks_is_provider_or_recipient_unless_it_may_check_for_others),
        SIMULATION_TEST (test_G2_a_blanket_request_is_refused_before_anything_else),
        SIMULATION_TEST (test_G2_a_request_names_what_is_known_and_says_why),
        SIMULATION_TEST (test_G3_what_no_flow_could_use_is_not_asked),
        SIMULATION_TEST (test_G6_a_request_has_an_end_within_the_longest_validity),
        SIMULATION_TEST (test_G7_what_must_be_one_time_is_asked_for_once),
        SIMULATION_TEST (test_G9_a_request_for_what_a_statute_carries_is_warned_of),
        SIMULATION_TEST (test_G9_or_refused_as_the_pack_says),
        SIMULATION_TEST (test_G1_form_notice_and_signature_come_with_the_answer),
        SIMULATION_TEST (test_G1_the_answer_does_not_tell_who_is_registered),
        SIMULATION_TEST (test_G1_a_request_permits_nothing),
        SIMULATION_TEST (test_G1_a_refused_request_is_a_refusal),
        SIMULATION_TEST (test_a_party_leaves_room_for_others_about_one_subject),
        SIMULATION_TEST (test_an_answer_or_the_time_makes_room),
        SIMULATION_TEST (test_a_party_cannot_flood_the_list),
        SIMULATION_TEST (test_G11_a_request_sent_twice_is_made_once),
        SIMULATION_TEST (test_C14_nothing_is_asked_or_answered_while_the_clock_is_stopped),
        SIMULATION_TEST (test_C14_a_request_of_a_clock_that_was_ahead_is_answered_like_any_other),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
