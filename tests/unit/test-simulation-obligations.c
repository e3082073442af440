/* What a disclosure obliges to, and whom (C10, C15): from the decision that makes it. */
#include <string.h>
#include "simulated_duties.h"

static const char cak[] = "cak", kernteam[] = "kernteam";

static void test_C10_a_disclosure_on_a_statute_obliges_its_provider_to_inform (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    Consentd__Reply *reply = CHECK_REPLY (sim, FEE);
    assert_string_equal (simulation_duties (sim, reply->check->duties, reply->check->n_duties),
                         "SUBJECT 2026-05-16 of kernteam");
    assert_int_equal (reply->check->duties[0]->decision, reply->check->decision);
    assert_int_equal (reply->check->n_obligations, 2);
    assert_int_equal (reply->check->obligations[0], CONSENTD__OBLIGATION__KEEP_SECRET);
    assert_int_equal (reply->check->obligations[1], SUBJECT);
    const Consentd__Duty *kept =
        simulation_duties_page (sim, kernteam, 0, (ProtobufCBinaryData){0, NULL})->duties[0];
    assert_int_equal (kept->decision, reply->check->decision);
    assert_string_equal (kept->recipient, cak);
    assert_string_equal (kept->purpose, "eigen-bijdrage");
    assert_int_equal (kept->ground, CONSENTD__GROUND__STATUTE);
    assert_string_equal (kept->basis, "wmo-2015");
    assert_int_equal (kept->made_at, sim->wall);
    assert_memory_equal (kept->subject_ref.data, reply->check->subject_ref.data, 16);
}

static void test_C10_obligations_are_seen_by_their_holder_and_by_who_may_explain (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    assert_string_equal (CHECK (sim, .from = "wmo-team", FEE), "wmo-2015");
    static const char whole[] = "SUBJECT 2026-05-16 of wmo-team";
    assert_string_equal (simulation_listed (sim, "wmo-team"), whole);
    assert_string_equal (simulation_listed (sim, "toezicht"), whole);
    assert_string_equal (simulation_listed (sim, kernteam), whole); /* it may explain */
    assert_string_equal (simulation_listed (sim, cak), "");
    assert_string_equal (simulation_coming (sim, "wmo-team", 0, 0), whole);
    assert_string_equal (simulation_coming (sim, "operator", 0, 0), whole);
    assert_string_equal (simulation_coming (sim, cak, 0, 0), "");
}

static void test_C10_of_a_statute_the_subject_is_informed_once_for_a_recipient_and_purpose (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    simulation_disclosed (sim);
    Consentd__Reply *again = CHECK_REPLY (sim, FEE);
    assert_int_equal (again->check->n_duties, 0);
    assert_int_equal (again->check->n_obligations, 1);
    assert_int_equal (CHECK_REPLY (sim, .from = "wmo-team", FEE)->check->n_duties, 0);
    simulation_restart (sim);
    assert_int_equal (CHECK_REPLY (sim, FEE)->check->n_duties, 0);
    assert_int_equal (CHECK_REPLY (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo")->check->n_duties, 1);
    assert_string_equal (simulation_listed (sim, kernteam),
                         "SUBJECT 2026-05-16 of kernteam, SUBJECT 2026-05-16 of kernteam");
}

/* Also where the data themselves are nothing new to the recipient. */
static void test_C10_what_was_told_on_consent_before_is_informed_of_once_on_a_statute (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    const uint8_t *consent =
        GRANTED (sim, .to = "cak", .purpose = "eigen-bijdrage", .categories = "bsn", .origins = "wmo");
    assert_int_equal (CHECK_REPLY (sim, FEE)->check->n_duties, 0);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    simulation_disclosed (sim);
    assert_int_equal (CHECK_REPLY (sim, FEE)->check->n_duties, 0);
}

static void test_C10_an_advice_says_what_a_disclosure_would_bring_and_makes_nothing (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    for (int i = 0; i < 2; i++) {
        Consentd__Reply *reply = CHECK_REPLY (sim, FEE, .advise = true);
        assert_int_equal (reply->check->n_duties, 1);
        assert_int_equal (reply->check->duties[0]->decision, 0);
        assert_string_equal (simulation_duty (sim, reply->check->duties[0]), "SUBJECT 2026-05-16 of kernteam");
    }
    assert_string_equal (simulation_listed (sim, kernteam), "");
    assert_string_equal (simulation_coming (sim, kernteam, 0, 0), "");
}

/* Whom to inform tells of age and representatives: who only receives need not know. */
static void test_C9_a_recipient_that_asks_hears_nothing_of_the_providers_duties (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "2014-01-10", .representatives = "ouder-1"), "OK");
    Consentd__Reply *reply = CHECK_REPLY (sim, FEE, .by = cak);
    assert_string_equal (simulation_said (sim, reply), "wmo-2015");
    assert_int_equal (reply->check->n_duties, 0);
    assert_int_equal (reply->check->n_obligations, 1);
    assert_int_equal (reply->check->obligations[0], CONSENTD__OBLIGATION__KEEP_SECRET);
    static const char whole[] = "SUBJECT 2026-05-16 of kernteam, REPRESENTATIVE 2026-05-16 of kernteam, "
                                "YOUTH 2026-05-16 of kernteam";
    assert_string_equal (simulation_listed (sim, kernteam), whole);
    reply = CHECK_REPLY (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo", .by = "toezicht", .advise = true);
    assert_string_equal (simulation_duties (sim, reply->check->duties, reply->check->n_duties), whole);
    reply = CHECK_REPLY (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo", .by = "loket", .advise = true);
    assert_int_equal (reply->check->n_duties, 0);
}

/* What comes from outside: the recipient tells the subject, once a source and purpose, whoever received it. */
#define CLAIM_OF_HORIZON \
    .from = "zorgaanbieder-horizon", .to = "gemeente", .purpose = "declaratie", .items = "bsn/wmo"

static void test_C10_the_recipient_tells_from_whom_it_has_the_data_once (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    static const char own[] = "SUBJECT 2026-05-16 of zorgaanbieder-horizon",
                      source[] = "SOURCE 2026-05-02 of gemeente";
    Consentd__Reply *reply = CHECK_REPLY (sim, CLAIM_OF_HORIZON, .by = "gemeente", .advise = true);
    assert_string_equal (simulation_duties (sim, reply->check->duties, reply->check->n_duties), source);
    reply = CHECK_REPLY (sim, CLAIM_OF_HORIZON);
    assert_string_equal (simulation_duties (sim, reply->check->duties, reply->check->n_duties), own);
    assert_string_equal (simulation_listed (sim, "zorgaanbieder-horizon"), own);
    assert_string_equal (simulation_listed (sim, "gemeente"), source);
    assert_string_equal (simulation_coming (sim, "gemeente", 0, 0), source);
    /* Once: also where another of the controller receives it, and after a restart. */
    simulation_restart (sim);
    CHECK_REPLY (sim, CLAIM_OF_HORIZON);
    CHECK_REPLY (sim, .from = "zorgaanbieder-horizon", .to = "toezicht", .purpose = "declaratie",
                 .items = "bsn/wmo");
    assert_string_equal (simulation_listed (sim, "gemeente"), source);
    assert_string_equal (
        simulation_listed (sim, "zorgaanbieder-horizon"),
        "SUBJECT 2026-05-16 of zorgaanbieder-horizon, SUBJECT 2026-05-16 of zorgaanbieder-horizon");
    /* Another source is told of. */
    CHECK_REPLY (sim, .from = "zorgaanbieder-geest", .to = "gemeente", .purpose = "declaratie",
                 .items = "bsn/wmo");
    CHECK_REPLY (sim, .from = "svb", .to = "gemeente", .purpose = "verantwoording-pgb", .items = "bsn/wmo");
    assert_string_equal (simulation_listed (sim, "gemeente"),
                         "SOURCE 2026-05-02 of gemeente, SOURCE 2026-05-02 of gemeente");
    /* It is the recipient's to report, and nobody else's. */
    assert_string_equal (
        simulation_answer (sim, "zorgaanbieder-horizon", simulation_done (sim, reply->check->decision, SOURCE, 0)),
        "NOT_FOUND");
    assert_string_equal (
        simulation_answer (sim, "gemeente", simulation_done (sim, reply->check->decision, SOURCE, 0)), "OK");
    assert_string_equal (
        simulation_answer (sim, "gemeente", simulation_done (sim, reply->check->decision, SUBJECT, 0)),
        "NOT_FOUND");
}

static Consentd__Request *report (struct simulation *sim, uint64_t decision, const char *reason, const char *file,
                                  const char *manager)
{
    Consentd__Request *request = simulation_done (sim, decision, WHY, 0);
    request->obligation_done->reason = arena_strdup (sim->arena, reason);
    request->obligation_done->file = arena_strdup (sim->arena, file);
    request->obligation_done->manager_consulted = arena_strdup (sim->arena, manager);
    return request;
}

static void test_C15_what_went_against_the_will_is_said_and_reported (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    assert_false (CHECK_REPLY (sim, FEE, .advise = true)->check->items[0]->against_will);
    REFUSE (sim, .to = "cak", .purpose = "eigen-bijdrage", .categories = "bsn");
    Consentd__Reply *reply = CHECK_REPLY (sim, FEE, .by = cak, .advise = true);
    assert_true (reply->check->items[0]->against_will);
    assert_int_equal (reply->check->n_duties, 0);
    assert_false (CHECK_REPLY (sim, FEE, .by = "loket", .advise = true)->check->items[0]->against_will);
    reply = CHECK_REPLY (sim, FEE);
    assert_true (reply->check->items[0]->against_will);
    assert_string_equal (simulation_duties (sim, reply->check->duties, reply->check->n_duties),
                         "SUBJECT 2026-05-16 of kernteam, WHY 2026-05-16 of kernteam");
    uint64_t decision = reply->check->decision;
    assert_string_equal (simulation_answer (sim, kernteam, report (sim, decision, "", "dossier-14", "chef-3")),
                         "INVALID obligation_done.reason");
    assert_string_equal (simulation_answer (sim, kernteam, report (sim, decision, " ", "dossier-14", "chef-3")),
                         "INVALID obligation_done.reason");
    assert_string_equal (
        simulation_answer (sim, kernteam, report (sim, decision, "het kon niet anders", "", "chef-3")),
        "INVALID obligation_done.file");
    assert_string_equal (
        simulation_answer (sim, kernteam, report (sim, decision, "het kon niet anders", "dossier-14", "")),
        "INVALID obligation_done.manager_consulted");
    assert_string_equal (
        simulation_answer (sim, kernteam, report (sim, decision, "het kon niet anders", "999900006", "chef-3")),
        "INVALID obligation_done.file");
    Consentd__Request *other = report (sim, decision, "het kon niet anders", "", "");
    other->obligation_done->kind = CONSENTD__OBLIGATION__INFORM_SUBJECT;
    assert_string_equal (simulation_answer (sim, kernteam, other), "INVALID obligation_done.reason");
    assert_string_equal (
        simulation_answer (sim, cak, report (sim, decision, "het kon niet anders", "dossier-14", "chef-3")),
        "NOT_FOUND");
    assert_string_equal (
        simulation_answer (sim, kernteam, simulation_put_off (sim, decision, WHY, simulation_at ("2026-06-16"))),
        "INVALID obligation_defer.kind");
    reply = simulation_ask (sim, kernteam, report (sim, decision, "het kon niet anders", "dossier-14", "chef-3"));
    assert_string_equal (simulation_said (sim, reply), "OK");
    simulation_restart (sim);
    const Consentd__ObligationListReply *list =
        simulation_duties_page (sim, kernteam, 0, (ProtobufCBinaryData){0, NULL});
    const Consentd__DutyReport *kept = list->duties[1]->report;
    assert_null (list->duties[0]->report);
    assert_string_equal (kept->reason, "het kon niet anders");
    assert_string_equal (kept->file, "dossier-14");
    assert_string_equal (kept->manager_consulted, "chef-3");
    assert_string_equal (simulation_listed (sim, cak), "");
}

#define ESCALATE .to = "veiligheidshuis", .purpose = "escalatie"

static void test_C15_nobody_escalates_without_a_manager_or_unknown_to_the_subject (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, ESCALATE, .categories = "naw");
    Consentd__Reply *reply = CHECK_REPLY (sim, ESCALATE);
    assert_string_equal (simulation_said (sim, reply), "TRIAGE_INCOMPLETE(manager_consulted)");
    assert_string_equal (reply->check->items[0]->reasons[0]->rule, "C15");
    reply = CHECK_REPLY (sim, ESCALATE, .advise = true);
    assert_string_equal (simulation_said (sim, reply), "consent");
    assert_int_equal (reply->check->n_asked, 1);
    assert_string_equal (reply->check->asked[0], "manager_consulted");
    assert_int_equal (CHECK_REPLY (sim, ESCALATE, .manager = "chef-3", .advise = true)->check->n_asked, 0);
    assert_string_equal (CHECK (sim, ESCALATE, .no_manager = " "), "INVALID check.no_manager");
    assert_string_equal (CHECK (sim, ESCALATE, .manager = "chef-3", .no_manager = "niemand was bereikbaar"),
                         "INVALID check.no_manager");
    assert_string_equal (CHECK (sim, ESCALATE, .manager = "999900006"), "INVALID check.manager_consulted");
    assert_string_equal (simulation_listed (sim, kernteam), "");
    /* On consent, and each time. */
    static const char duties[] = "SUBJECT 2026-05-16 of kernteam, RECORD 2026-05-16 of kernteam";
    for (int i = 0; i < 2; i++) {
        reply = CHECK_REPLY (sim, ESCALATE, .no_manager = "niemand was bereikbaar");
        assert_string_equal (simulation_said (sim, reply), "consent");
        assert_string_equal (simulation_duties (sim, reply->check->duties, reply->check->n_duties), duties);
    }
    assert_string_equal (CHECK (sim, ESCALATE, .urgent = "vitaal-belang"), "consent");
}

static void test_C11_a_disclosure_that_failed_obliges_to_nothing (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    struct simulated_check asked = {FEE};
    sim->fail_commit = true;
    assert_true (simulation_ask_in_vain (sim, kernteam, simulation_check (sim, &asked)) < 0);
    assert_string_equal (simulation_listed (sim, kernteam), "");
    assert_string_equal (simulation_coming (sim, kernteam, 0, 0), "");
    simulation_disclosed (sim);
}

static void test_G11_a_disclosure_given_again_obliges_once (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    struct simulated_check asked = {FEE};
    Consentd__Request *request = simulation_check (sim, &asked);
    simulation_ask (sim, kernteam, request);
    Consentd__Reply *again = simulation_ask (sim, kernteam, request);
    assert_true (again->replayed);
    assert_int_equal (again->check->n_duties, 1);
    assert_string_equal (simulation_listed (sim, kernteam), "SUBJECT 2026-05-16 of kernteam");
}

static void test_a_listing_of_obligations_comes_in_pages (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    simulation_disclosed (sim);
    CHECK (sim, .from = "wmo-team", .to = "svb", .purpose = "pgb", .items = "bsn/wmo");
    CHECK (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo"); /* informed already */
    CHECK (sim, .to = "veiligheidshuis", .purpose = "escalatie", .urgent = "vitaal-belang");
    Consentd__ObligationListReply *page =
        simulation_duties_page (sim, "toezicht", 3, (ProtobufCBinaryData){0, NULL});
    assert_int_equal (page->n_duties, 3);
    assert_true (page->more);
    page = simulation_duties_page (sim, "toezicht", 3, page->next);
    assert_int_equal (page->n_duties, 1);
    assert_false (page->more);
    assert_int_equal (page->next.len, 0);
    /* C9: that others follow which it may not see it does not hear. */
    page = simulation_duties_page (sim, "wmo-team", 1, (ProtobufCBinaryData){0, NULL});
    assert_int_equal (page->n_duties, 1);
    assert_false (page->more);
    uint8_t odd[8] = {0};
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_OBLIGATION_LIST);
    request->obligation_list->bsn = arena_strdup (sim->arena, "999900006");
    request->obligation_list->after = (ProtobufCBinaryData){sizeof odd, odd};
    assert_string_equal (simulation_answer (sim, kernteam, request), "INVALID obligation_list.after");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_C10_a_disclosure_on_a_statute_obliges_its_provider_to_inform),
        SIMULATION_TEST (test_C10_obligations_are_seen_by_their_holder_and_by_who_may_explain),
        SIMULATION_TEST (test_C10_of_a_statute_the_subject_is_informed_once_for_a_recipient_and_purpose),
        SIMULATION_TEST (test_C10_what_was_told_on_consent_before_is_informed_of_once_on_a_statute),
        SIMULATION_TEST (test_C10_an_advice_says_what_a_disclosure_would_bring_and_makes_nothing),
        SIMULATION_TEST (test_C9_a_recipient_that_asks_hears_nothing_of_the_providers_duties),
        SIMULATION_TEST (test_C10_the_recipient_tells_from_whom_it_has_the_data_once),
        SIMULATION_TEST (test_C15_what_went_against_the_will_is_said_and_reported),
        SIMULATION_TEST (test_C15_nobody_escalates_without_a_manager_or_unknown_to_the_subject),
        SIMULATION_TEST (test_C11_a_disclosure_that_failed_obliges_to_nothing),
        SIMULATION_TEST (test_G11_a_disclosure_given_again_obliges_once),
        SIMULATION_TEST (test_a_listing_of_obligations_comes_in_pages),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
