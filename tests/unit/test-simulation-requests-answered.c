/* What may answer a request for a consent (G1), once (G11), and who hears of the answer (V5). */
#include <string.h>
#include "simulated_requests.h"

static const moment day = 86400000;

static const char *field_message (struct simulation *sim, const Consentd__Reply *reply)
{
    return arena_printf (sim->arena, "%s: %s", reply->field, reply->message);
}

static const uint8_t *asked_narrowly (struct simulation *sim)
{
    return ASKED (sim, .from = "kernteam", .to = "zorgaanbieder-horizon", .categories = "bsn naw",
                  .origins = "wmo", .case_ref = "zaak-1", .valid_from = AT ("2026-05-10"),
                  .valid_until = AT ("2026-07-01"), .one_time = true);
}

static const char *answer (struct simulation *sim, struct simulated_statement said)
{
    return simulation_said (sim, simulation_ask (sim, "kernteam", simulation_statement (sim, &said, false)));
}

static void test_G1_nothing_more_is_granted_than_was_asked (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    struct simulated_statement asked = {
        .answers = asked_narrowly (sim),
        .categories = "bsn naw",
        .origins = "wmo",
        .case_ref = "zaak-1",
        .valid_from = AT ("2026-05-10"),
        .valid_until = AT ("2026-07-01"),
        .one_time = true,
    };
    struct simulated_statement wider;
#define WIDER(member, value, said) \
    wider = asked;                 \
    wider.member = value;          \
    assert_string_equal (answer (sim, wider), "INVALID grant." said)
    WIDER (from, "wmo-team", "scope.providers[0]");
    WIDER (to, "zorgaanbieder-delta", "scope.recipients[0]");
    WIDER (categories, "bsn doel naw", "scope.categories[1]");
    WIDER (purpose, "registratie-hulpvraag", "scope.purpose");
    WIDER (origins, "wmo jeugdwet", "scope.origins[0]");
    WIDER (origins, "", "scope.origins");
    WIDER (case_ref, "", "scope.case_ref");
    WIDER (case_ref, "zaak-2", "scope.case_ref");
    WIDER (valid_from, AT ("2026-05-10") - 1, "valid_from");
    WIDER (valid_from, 0, "valid_from");
    WIDER (valid_until, AT ("2026-07-01") + 1, "valid_until");
    WIDER (one_time, false, "one_time");
    assert_int_equal (simulation_newest (sim, horizon), 0);
    assert_int_equal (simulation_waiting (sim, ""), 1);
    assert_string_equal (answer (sim, asked), "OK");
}

static void test_G1_less_than_was_asked_may_be_granted (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const char *to = "zorgaanbieder-delta zorgaanbieder-horizon", *from = "kernteam wmo-team";
    const uint8_t *request = ASKED (sim, .from = from, .to = to, .categories = "bsn naw");
    assert_string_equal (GRANT (sim, .answers = request, .from = "wmo-team", .to = to, .categories = "bsn naw"),
                         "OK");
    request = ASKED (sim, .from = from, .to = to, .categories = "bsn naw");
    assert_string_equal (GRANT (sim, .answers = request, .from = "kernteam", .to = horizon, .categories = "naw",
                                .origins = "wmo", .case_ref = "zaak-1", .one_time = true,
                                .valid_from = sim->wall + day, .valid_until = sim->wall + 2 * day),
                         "OK");
}

static void test_G1_a_refusal_keeps_to_what_was_asked (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = asked_narrowly (sim);
    assert_string_equal (
        REFUSE (sim, .answers = request, .categories = "doel", .origins = "wmo", .case_ref = "zaak-1"),
        "INVALID refuse.scope.categories[0]");
    assert_string_equal (REFUSE (sim, .answers = request, .categories = "naw", .origins = "wmo"),
                         "INVALID refuse.scope.case_ref");
    assert_string_equal (REFUSE (sim, .answers = request, .categories = "naw", .case_ref = "zaak-1"),
                         "INVALID refuse.scope.origins");
    assert_string_equal (
        REFUSE (sim, .answers = request, .categories = "naw", .origins = "wmo", .case_ref = "zaak-1"), "OK");
}

static void test_G1_all_rules_are_judged_at_the_answer (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *request = ASKED (sim, .categories = "naw");
    /* G8: the birth date is not known yet. */
    assert_string_equal (GRANT (sim, .answers = request), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (REFUSE (sim, .answers = request, .signers = "buurman"),
                         "REJECTED REPRESENTATION_MISSING");
    PERSON (sim, .born = "1980-05-17");
    /* G5: a third party. G6. G2. */
    assert_string_equal (GRANT (sim, .answers = request, .no_evidence = true), "REJECTED FORM_INSUFFICIENT");
    assert_string_equal (GRANT (sim, .answers = request, .valid_until = NO_END), "REJECTED TOO_LONG");
    assert_string_equal (GRANT (sim, .answers = request, .categories = "*"), "REJECTED BLANKET_CONSENT");
    assert_int_equal (simulation_waiting (sim, ""), 1);
    assert_int_equal (simulation_newest (sim, horizon), 0);
    assert_string_equal (GRANT (sim, .answers = request), "OK");
}

static void test_G1_an_answer_names_a_request_about_this_subject_that_waits (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    PERSON (sim, .bsn = simulation_bsn (sim, 1));
    const uint8_t *request = ASKED (sim, .categories = "naw"), *consent = GRANTED (sim, .categories = "naw");
    assert_string_equal (GRANT (sim, .answers = consent), "INVALID grant.answers");
    Consentd__Reply *other = GRANT_REPLY (sim, .answers = request, .bsn = simulation_bsn (sim, 1));
    assert_string_equal (simulation_said (sim, other), "INVALID grant.answers");
    Consentd__Reply *none = GRANT_REPLY (sim, .answers = (const uint8_t *)"geen verzoek, 16");
    assert_string_equal (field_message (sim, other), field_message (sim, none));
    assert_string_equal (GRANT (sim, .answers = request), "OK");
    assert_string_equal (GRANT (sim, .answers = request), "INVALID grant.answers");
    assert_string_equal (REFUSE (sim, .answers = request), "INVALID refuse.answers");
    assert_string_equal (DEFER (sim, request), "INVALID defer.consent_id");
}

static void test_G1_the_statement_that_answers_has_the_requests_id (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_memory_equal (GRANTED (sim, .answers = request), request, 16);
    simulation_restart (sim);
    Consentd__Reply *reply = CHECK_REPLY (sim, .items = "naw");
    assert_memory_equal (reply->check->items[0]->consent_id.data, request, 16);
}

static void test_G11_an_answer_sent_twice_answers_once (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "een sleutel van16";
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_string_equal (GRANT (sim, .answers = request, .key = key), "OK");
    assert_string_equal (GRANT (sim, .answers = request, .key = key), "OK again");
    assert_int_equal (simulation_newest (sim, horizon), 1);
}

static void test_G1_a_deferred_request_can_still_become_either (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *granted = ASKED (sim, .categories = "naw"), *refused = ASKED (sim, .categories = "bsn");
    for (int i = 0; i < 2; i++) {
        sim->wall += 1000;
        assert_string_equal (DEFER (sim, granted), "OK");
        assert_string_equal (DEFER (sim, refused), "OK");
    }
    assert_int_equal (simulation_waiting_page (sim, "", NULL, 0)->requests[0]->deferred_at, sim->wall);
    assert_string_equal (GRANT (sim, .answers = granted, .valid_until = sim->wall + day), "OK");
    assert_string_equal (REFUSE (sim, .answers = refused, .categories = "bsn"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, REFUSED");
}

static void test_G1_who_may_defer_and_what (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_string_equal (
        simulation_said (sim, simulation_ask (sim, horizon, simulation_defer (sim, request, "nee"))), "FORBIDDEN");
    assert_string_equal (DEFER (sim, (const uint8_t *)"geen verzoek, 16"), "NOT_FOUND");
    assert_string_equal (
        simulation_said (sim, simulation_ask (sim, "kernteam", simulation_defer (sim, request, ""))),
        "INVALID defer.reason");
}

static void test_V5_each_answer_is_told_to_whoever_asked_and_nobody_else (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    Consentd__Reply *asked = ASK_REPLY (sim, .from = "kernteam wmo-team", .categories = "bsn naw");
    const uint8_t *granted = asked->consent_recorded->consent_id.data,
                  *refused = ASKED (sim, .categories = "email");
    DEFER (sim, granted);
    assert_string_equal (GRANT (sim, .answers = granted), "OK");
    assert_string_equal (REFUSE (sim, .answers = refused, .categories = "email"), "OK");
    assert_int_equal (simulation_newest (sim, horizon), 3);
    assert_int_equal (simulation_newest (sim, "kernteam"), 0);
    assert_int_equal (simulation_newest (sim, "wmo-team"), 0);

    const Consentd__EventPush *event = simulation_event (sim, horizon, 1);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_ANSWERED);
    assert_int_equal (event->answer, CONSENTD__ANSWER__ANSWER_DEFERRED);
    assert_memory_equal (event->consent_id.data, granted, 16);
    assert_memory_equal (event->subject_ref.data, asked->consent_recorded->subject_ref.data, 16);
    assert_int_equal (event->n_providers + event->n_recipients + event->n_categories, 0);
    assert_string_equal (event->purpose, "");

    event = simulation_event (sim, horizon, 2);
    assert_int_equal (event->answer, CONSENTD__ANSWER__ANSWER_GRANTED);
    assert_memory_equal (event->consent_id.data, granted, 16);
    assert_string_equal (simulation_words (sim, event->providers, event->n_providers), "kernteam");
    assert_string_equal (simulation_words (sim, event->recipients, event->n_recipients), horizon);
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "naw");
    assert_string_equal (event->purpose, "toekenning");
    assert_false (event->whole);

    event = simulation_event (sim, horizon, 3);
    assert_int_equal (event->answer, CONSENTD__ANSWER__ANSWER_REFUSED);
    assert_memory_equal (event->consent_id.data, refused, 16);
    assert_int_equal (event->n_providers + event->n_recipients + event->n_categories, 0);
    assert_int_equal (event->revision, sim->state.revision);
}

static void test_V5_answer_and_event_are_one (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    sim->fail_commit = true;
    assert_true (simulation_ask_in_vain (
                     sim, "kernteam",
                     simulation_statement (sim, &(struct simulated_statement){.answers = request}, false)) < 0);
    assert_int_equal (simulation_newest (sim, horizon), 0);
    assert_int_equal (simulation_waiting (sim, ""), 1);
    assert_string_equal (CHECK (sim, .items = "naw"), "NO_CONSENT");
    assert_string_equal (GRANT (sim, .answers = request), "OK");
}

static void test_V4_a_later_withdrawal_is_told_as_always (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    GRANT (sim, .answers = request);
    assert_string_equal (REVOKE (sim, .consent = request), "OK");
    assert_int_equal (simulation_event (sim, horizon, 2)->kind, CONSENTD__EVENT_KIND__CONSENT_REVOKED);
    assert_int_equal (simulation_event (sim, "kernteam", 1)->kind, CONSENTD__EVENT_KIND__CONSENT_REVOKED);
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_G1_nothing_more_is_granted_than_was_asked),
        SIMULATION_TEST (test_G1_less_than_was_asked_may_be_granted),
        SIMULATION_TEST (test_G1_a_refusal_keeps_to_what_was_asked),
        SIMULATION_TEST (test_G1_all_rules_are_judged_at_the_answer),
        SIMULATION_TEST (test_G1_an_answer_names_a_request_about_this_subject_that_waits),
        SIMULATION_TEST (test_G1_the_statement_that_answers_has_the_requests_id),
        SIMULATION_TEST (test_G11_an_answer_sent_twice_answers_once),
        SIMULATION_TEST (test_G1_a_deferred_request_can_still_become_either),
        SIMULATION_TEST (test_G1_who_may_defer_and_what),
        SIMULATION_TEST (test_V5_each_answer_is_told_to_whoever_asked_and_nobody_else),
        SIMULATION_TEST (test_V5_answer_and_event_are_one),
        SIMULATION_TEST (test_V4_a_later_withdrawal_is_told_as_always),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
