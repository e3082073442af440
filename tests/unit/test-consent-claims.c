/* What libconsent says of a claim and hears of its answer: written requests, urgent reasons, managers, duties. */
#include <string.h>
#include "scripted_registry.h"
#include "testing.h"

static const uint8_t SHA256[32] = "het ondertekende formulier, 32..";
static const char *const ASKING[] = {"ouder-1", "subject", NULL};
static const struct consent_written_request WRITTEN = {ASKING, 1700000000000, "dossier-14", SHA256};
static const struct consent_urgent_reasons URGENT = {
    .reason = "vitaal-belang",
    .necessity = "a",
    .subsidiarity = "b",
    .proportionality = "c",
    .purpose_limitation = "d",
    .objections = "j",
    .manager_consulted = "manager-3",
    .serious_situation = true,
    .urgent_support = true,
    .inform = CONSENT_INFORM_AFTER,
    .inform_by = 1800000000000,
    .inform_why = "e",
    .consent_sought = "f",
    .no_other_way = "g",
    .serious_harm = "h",
    .conflict_of_duties = "i",
};

static void on_written_request (Consentd__Reply *reply)
{
    for (size_t i = 0; i < reply->check->n_items; i++)
        reply->check->items[i]->ground = CONSENTD__GROUND__WRITTEN_REQUEST;
}

static void on_urgent_reasons (Consentd__Reply *reply)
{
    static char reason[] = "vitaal-belang";
    for (size_t i = 0; i < reply->check->n_items; i++) {
        reply->check->items[i]->ground = CONSENTD__GROUND__URGENT_REASONS;
        reply->check->items[i]->urgent_reason = reason;
    }
}

static void on_another_reason (Consentd__Reply *reply)
{
    static char reason[] = "bemoeizorg";
    on_urgent_reasons (reply);
    reply->check->items[1]->urgent_reason = reason;
}

/* What the registry heard of a question; the caller frees it. */
static Consentd__Request *heard_request (void)
{
    Consentd__Request *request = consentd__request__unpack (NULL, scripted.last_size, scripted.last);
    assert_non_null (request);
    assert_int_equal (request->body_case, CONSENTD__REQUEST__BODY_CHECK);
    return request;
}

static void with_duties (Consentd__Reply *reply)
{
    static Consentd__Duty duties[2];
    static Consentd__Duty *list[] = {&duties[0], &duties[1]};
    static Consentd__Obligation obligations[] = {CONSENTD__OBLIGATION__KEEP_SECRET,
                                                 CONSENTD__OBLIGATION__INFORM_SUBJECT,
                                                 CONSENTD__OBLIGATION__RECORD_IN_PLAN};
    for (size_t i = 0; i < 2; i++) {
        consentd__duty__init (&duties[i]);
        duties[i].kind = obligations[i + 1];
        duties[i].due = 1800000000000 + (int64_t)i;
    }
    duties[0].deferrable = true;
    duties[1].done_at = 1700000000000;
    static char manager[] = "manager_consulted", *asked[] = {manager};
    reply->check->n_asked = 1;
    reply->check->asked = asked;
    reply->check->items[0]->against_will = true;
    reply->check->n_obligations = 3;
    reply->check->obligations = obligations;
    reply->check->n_duties = 2;
    reply->check->duties = list;
}

static void test_what_is_to_be_reported_done_comes_with_its_date (void **state)
{
    struct consent_answer *got = scripted_ask (*state, with_duties, &scripted_question);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    assert_string_equal (got->obligations[1], "INFORM_SUBJECT");
    assert_int_equal (got->duty_count, 2);
    assert_string_equal (got->duties[0].kind, "INFORM_SUBJECT");
    assert_int_equal (got->duties[0].due, 1800000000000);
    assert_true (got->duties[0].deferrable);
    assert_false (got->duties[0].done);
    assert_string_equal (got->duties[1].kind, "RECORD_IN_PLAN");
    assert_false (got->duties[1].deferrable);
    assert_true (got->duties[1].done);
    assert_string_equal (got->asked[0], "manager_consulted");
    assert_null (got->asked[1]);
    assert_true (got->items[0].against_will);
    consent_answer_destroy (&got);
}

static void test_a_written_request_is_claimed_as_it_was_given (void **state)
{
    struct consent_question question = scripted_question;
    question.written_request = &WRITTEN;
    struct consent_answer *got = scripted_ask (*state, on_written_request, &question);
    assert_int_equal (got->status, CONSENT_OK);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    assert_int_equal (got->items[0].ground, CONSENT_GROUND_WRITTEN_REQUEST);
    assert_string_equal (got->items[0].urgent_reason, "");
    consent_answer_destroy (&got);
    Consentd__Request *heard = heard_request ();
    assert_null (heard->check->urgent_reasons);
    assert_int_equal (heard->check->written_request->n_by, 2);
    assert_string_equal (heard->check->written_request->by[0], "ouder-1");
    assert_string_equal (heard->check->written_request->by[1], "subject");
    assert_int_equal (heard->check->written_request->given_at, 1700000000000);
    assert_string_equal (heard->check->written_request->evidence->reference, "dossier-14");
    assert_int_equal (heard->check->written_request->evidence->sha256.len, 32);
    assert_memory_equal (heard->check->written_request->evidence->sha256.data, SHA256, 32);
    consentd__request__free_unpacked (heard, NULL);
    /* What was left out is the registry's to refuse. */
    question.written_request = &(const struct consent_written_request){.by = NULL};
    got = scripted_ask (*state, on_written_request, &question);
    consent_answer_destroy (&got);
    heard = heard_request ();
    assert_int_equal (heard->check->written_request->n_by, 0);
    assert_int_equal (heard->check->written_request->evidence->sha256.len, 0);
    consentd__request__free_unpacked (heard, NULL);
}

static void test_the_manager_and_secrecy_are_said_as_they_were_given (void **state)
{
    struct consent_question question = scripted_question;
    question.manager_consulted = "chef-3";
    question.under_secrecy = true;
    struct consent_answer *got = scripted_ask (*state, scripted_honest, &question);
    assert_null (got->asked[0]);
    consent_answer_destroy (&got);
    Consentd__Request *heard = heard_request ();
    assert_string_equal (heard->check->manager_consulted, "chef-3");
    assert_string_equal (heard->check->no_manager, "");
    assert_true (heard->check->under_secrecy);
    consentd__request__free_unpacked (heard, NULL);
    question = scripted_question;
    question.no_manager = "niemand was bereikbaar";
    got = scripted_ask (*state, scripted_honest, &question);
    consent_answer_destroy (&got);
    heard = heard_request ();
    assert_string_equal (heard->check->no_manager, "niemand was bereikbaar");
    assert_false (heard->check->under_secrecy);
    consentd__request__free_unpacked (heard, NULL);
}

static void test_urgent_reasons_are_claimed_as_they_were_given (void **state)
{
    struct consent_question question = scripted_question;
    question.urgent_reasons = &URGENT;
    struct consent_answer *got = scripted_ask (*state, on_urgent_reasons, &question);
    assert_int_equal (got->status, CONSENT_OK);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    assert_int_equal (got->items[1].ground, CONSENT_GROUND_URGENT_REASONS);
    assert_string_equal (got->items[1].urgent_reason, "vitaal-belang");
    consent_answer_destroy (&got);
    Consentd__Request *heard = heard_request ();
    assert_null (heard->check->written_request);
    assert_string_equal (heard->check->urgent_reasons->reason, "vitaal-belang");
    const Consentd__Triage *triage = heard->check->urgent_reasons->triage;
    assert_string_equal (triage->necessity, "a");
    assert_string_equal (triage->subsidiarity, "b");
    assert_string_equal (triage->proportionality, "c");
    assert_string_equal (triage->purpose_limitation, "d");
    assert_string_equal (triage->manager_consulted, "manager-3");
    assert_true (triage->serious_situation);
    assert_true (triage->urgent_support);
    assert_int_equal (triage->inform, CONSENTD__INFORM__AFTER);
    assert_int_equal (triage->inform_by, 1800000000000);
    assert_string_equal (triage->inform_why, "e");
    assert_string_equal (triage->consent_sought, "f");
    assert_string_equal (triage->no_other_way, "g");
    assert_string_equal (triage->serious_harm, "h");
    assert_string_equal (triage->conflict_of_duties, "i");
    consentd__request__free_unpacked (heard, NULL);
    struct consent_urgent_reasons little = {.reason = "vitaal-belang", .inform = CONSENT_INFORM_BEFORE};
    question.urgent_reasons = &little;
    for (int said = 0; said < 2; said++) {
        got = scripted_ask (*state, on_urgent_reasons, &question);
        consent_answer_destroy (&got);
        heard = heard_request ();
        assert_string_equal (heard->check->urgent_reasons->triage->necessity, "");
        assert_false (heard->check->urgent_reasons->triage->serious_situation);
        assert_int_equal (heard->check->urgent_reasons->triage->inform,
                          said == 0 ? CONSENTD__INFORM__BEFORE : CONSENTD__INFORM__INFORM_UNSPECIFIED);
        consentd__request__free_unpacked (heard, NULL);
        little.inform = 0;
    }
}

static void test_a_permit_on_what_was_not_claimed_is_none (void **state)
{
    scripted_assert_no_permit (*state, on_written_request, CONSENT_BAD_REPLY);
    scripted_assert_no_permit (*state, on_urgent_reasons, CONSENT_BAD_REPLY);
    struct consent_question question = scripted_question;
    question.urgent_reasons = &URGENT;
    struct consent_answer *got = scripted_ask (*state, on_another_reason, &question);
    assert_int_equal (got->status, CONSENT_BAD_REPLY);
    consent_answer_destroy (&got);
    got = scripted_ask (*state, on_written_request, &question);
    assert_int_equal (got->status, CONSENT_BAD_REPLY);
    consent_answer_destroy (&got);
    got = scripted_ask (*state, scripted_honest, &question);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    consent_answer_destroy (&got);
}

static void denied_with_details (Consentd__Reply *reply)
{
    static char *lacking[] = {"necessity", "inform_by"};
    static Consentd__Reason reasons[3];
    static Consentd__Reason *list[] = {&reasons[0], &reasons[1], &reasons[2]};
    for (size_t i = 0; i < 3; i++) {
        consentd__reason__init (&reasons[i]);
        reasons[i].code = CONSENTD__CODE__NO_CONSENT;
    }
    reasons[1].code = CONSENTD__CODE__TRIAGE_INCOMPLETE;
    reasons[1].details = lacking;
    reasons[1].n_details = 2;
    for (size_t i = 0; i < 2; i++) {
        reply->check->items[i]->verdict = CONSENTD__VERDICT__DENY;
        reply->check->items[i]->reasons = list;
        reply->check->items[i]->n_reasons = 3;
    }
    reply->check->verdict = CONSENTD__VERDICT__DENY;
}

static void test_what_is_missing_is_told_with_the_reason (void **state)
{
    struct consent_answer *got = scripted_ask (*state, denied_with_details, &scripted_question);
    assert_int_equal (got->status, CONSENT_OK);
    for (size_t i = 0; i < 2; i++) {
        const struct consent_reason *reasons = got->items[i].reasons;
        assert_int_equal (got->items[i].reason_count, 3);
        assert_null (reasons[0].details[0]);
        assert_string_equal (reasons[1].code, "TRIAGE_INCOMPLETE");
        assert_string_equal (reasons[1].details[0], "necessity");
        assert_string_equal (reasons[1].details[1], "inform_by");
        assert_null (reasons[1].details[2]);
        assert_null (reasons[2].details[0]);
    }
    consent_answer_destroy (&got);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST (test_a_written_request_is_claimed_as_it_was_given),
        SCRIPTED_TEST (test_the_manager_and_secrecy_are_said_as_they_were_given),
        SCRIPTED_TEST (test_urgent_reasons_are_claimed_as_they_were_given),
        SCRIPTED_TEST (test_a_permit_on_what_was_not_claimed_is_none),
        SCRIPTED_TEST (test_what_is_missing_is_told_with_the_reason),
        SCRIPTED_TEST (test_what_is_to_be_reported_done_comes_with_its_date),
    };
    return cmocka_run_group_tests (tests, scripted_start, scripted_stop);
}
