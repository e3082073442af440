/* Obligations from the decision that makes them to their reporting done, and what is coming (C10, M5). */
#include <string.h>
#include "registry/agenda.h"
#include "simulation_verbs.h"

#define FEE .to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo" /* on a statute of the pack */

enum {
    SUBJECT = CONSENTD__OBLIGATION__INFORM_SUBJECT,
    RECORD = CONSENTD__OBLIGATION__RECORD_IN_PLAN,
    WHY = CONSENTD__OBLIGATION__RECORD_AGAINST_WILL,
    SOURCE = CONSENTD__OBLIGATION__INFORM_OF_SOURCE,
};

static const char cak[] = "cak", kernteam[] = "kernteam";

static char *copy (struct simulation *sim, const char *text)
{
    return arena_strdup (sim->arena, text);
}

static Consentd__Request *done (struct simulation *sim, uint64_t decision, unsigned kind, moment when)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_OBLIGATION_DONE);
    request->obligation_done->decision = decision;
    request->obligation_done->kind = (Consentd__Obligation)kind;
    request->obligation_done->done_at = when;
    request->obligation_done->user = copy (sim, "medewerker-3");
    return request;
}

static Consentd__Request *defer (struct simulation *sim, uint64_t decision, unsigned kind, moment until)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_OBLIGATION_DEFER);
    request->obligation_defer->decision = decision;
    request->obligation_defer->kind = (Consentd__Obligation)kind;
    request->obligation_defer->until = until;
    request->obligation_defer->reason = copy (sim, "het onderzoek loopt nog");
    request->obligation_defer->user = copy (sim, "medewerker-3");
    return request;
}

static const char *day_of (struct simulation *sim, moment when)
{
    char day[11];
    calendar_format (calendar_day (when), day);
    return arena_strdup (sim->arena, day);
}

/* "SUBJECT 2026-05-16 of kernteam", with " deferrable", " deferred", " done". */
static const char *duty_text (struct simulation *sim, const Consentd__Duty *duty)
{
    static const char *const kinds[] = {"",      "",       "",    "SUBJECT", "REPRESENTATIVE",
                                        "YOUTH", "RECORD", "WHY", "SOURCE"};
    return arena_printf (sim->arena, "%s %s of %s%s%s%s", kinds[duty->kind], day_of (sim, duty->due), duty->holder,
                         duty->deferrable ? " deferrable" : "", duty->deferred_at != 0 ? " deferred" : "",
                         duty->done_at != 0 ? " done" : "");
}

static const char *duties_of (struct simulation *sim, Consentd__Duty *const *duties, size_t count)
{
    const char *said = "";
    for (size_t i = 0; i < count; i++)
        said = arena_printf (sim->arena, "%s%s%s", said, i > 0 ? ", " : "", duty_text (sim, duties[i]));
    return said;
}

static Consentd__ObligationListReply *list_page (struct simulation *sim, const char *party, unsigned limit,
                                                 ProtobufCBinaryData after)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_OBLIGATION_LIST);
    request->obligation_list->bsn = copy (sim, "999900006");
    request->obligation_list->limit = limit;
    request->obligation_list->after = after;
    Consentd__Reply *reply = simulation_ask (sim, party, request);
    assert_string_equal (simulation_said (sim, reply), "OK");
    return reply->obligation_list;
}

/* What the party sees of the subject. */
static const char *listed (struct simulation *sim, const char *party)
{
    Consentd__ObligationListReply *reply = list_page (sim, party, 0, (ProtobufCBinaryData){0, NULL});
    assert_false (reply->more);
    return duties_of (sim, reply->duties, reply->n_duties);
}

static Consentd__Request *due_request (struct simulation *sim, moment until, unsigned limit,
                                       ProtobufCBinaryData after)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_DUE_LIST);
    request->due_list->until = until;
    request->due_list->limit = limit;
    request->due_list->after = after;
    return request;
}

static const char *due_text (struct simulation *sim, const Consentd__DueListReply *reply)
{
    const char *said = "";
    for (size_t i = 0; i < reply->n_entries; i++) {
        const Consentd__Due *due = reply->entries[i];
        const char *what = due->kind == CONSENTD__DUE_KIND__OBLIGATION_DUE
                               ? duty_text (sim, due->duty)
                               : arena_printf (sim->arena, "%s %s%s",
                                               due->kind == CONSENTD__DUE_KIND__CONSENT_ENDS ? "ends" : "lapses",
                                               day_of (sim, due->when), due->birthday ? " birthday" : "");
        assert_int_equal (due->consent_id.len, due->duty != NULL ? 0 : 16);
        assert_int_equal (due->subject_ref.len, 16);
        said = arena_printf (sim->arena, "%s%s%s", said, i > 0 ? ", " : "", what);
    }
    return said;
}

/* Everything that the party sees coming, a page of so many at a time. */
static const char *coming (struct simulation *sim, const char *party, moment until, unsigned limit)
{
    const char *said = "";
    ProtobufCBinaryData after = {0, NULL};
    for (bool more = true; more;) {
        Consentd__Reply *reply = simulation_ask (sim, party, due_request (sim, until, limit, after));
        assert_string_equal (simulation_said (sim, reply), "OK");
        const char *page = due_text (sim, reply->due_list);
        said = arena_printf (sim->arena, "%s%s%s", said, said[0] != 0 && page[0] != 0 ? ", " : "", page);
        more = reply->due_list->more;
        assert_int_equal (more, reply->due_list->next.len > 0);
        after = reply->due_list->next;
    }
    return said;
}

/* A disclosure on a statute; the number of its decision. */
static uint64_t disclosed (struct simulation *sim)
{
    Consentd__Reply *reply = CHECK_REPLY (sim, FEE);
    assert_string_equal (simulation_said (sim, reply), "wmo-2015");
    assert_int_equal (reply->check->n_duties, 1);
    return reply->check->decision;
}

static void test_C10_a_disclosure_on_a_statute_obliges_its_provider_to_inform (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    Consentd__Reply *reply = CHECK_REPLY (sim, FEE);
    assert_string_equal (duties_of (sim, reply->check->duties, reply->check->n_duties),
                         "SUBJECT 2026-05-16 of kernteam");
    assert_int_equal (reply->check->duties[0]->decision, reply->check->decision);
    assert_int_equal (reply->check->n_obligations, 2);
    assert_int_equal (reply->check->obligations[0], CONSENTD__OBLIGATION__KEEP_SECRET);
    assert_int_equal (reply->check->obligations[1], SUBJECT);
    const Consentd__Duty *kept = list_page (sim, kernteam, 0, (ProtobufCBinaryData){0, NULL})->duties[0];
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
    assert_string_equal (listed (sim, "wmo-team"), whole);
    assert_string_equal (listed (sim, "toezicht"), whole);
    assert_string_equal (listed (sim, kernteam), whole); /* it may explain */
    assert_string_equal (listed (sim, cak), "");
    assert_string_equal (coming (sim, "wmo-team", 0, 0), whole);
    assert_string_equal (coming (sim, "operator", 0, 0), whole);
    assert_string_equal (coming (sim, cak, 0, 0), "");
}

static void test_C10_of_a_statute_the_subject_is_informed_once_for_a_recipient_and_purpose (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    disclosed (sim);
    Consentd__Reply *again = CHECK_REPLY (sim, FEE);
    assert_int_equal (again->check->n_duties, 0);
    assert_int_equal (again->check->n_obligations, 1);
    assert_int_equal (CHECK_REPLY (sim, .from = "wmo-team", FEE)->check->n_duties, 0);
    simulation_restart (sim);
    assert_int_equal (CHECK_REPLY (sim, FEE)->check->n_duties, 0);
    assert_int_equal (CHECK_REPLY (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo")->check->n_duties, 1);
    assert_string_equal (listed (sim, kernteam), "SUBJECT 2026-05-16 of kernteam, SUBJECT 2026-05-16 of kernteam");
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
    disclosed (sim);
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
        assert_string_equal (duty_text (sim, reply->check->duties[0]), "SUBJECT 2026-05-16 of kernteam");
    }
    assert_string_equal (listed (sim, kernteam), "");
    assert_string_equal (coming (sim, kernteam, 0, 0), "");
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
    assert_string_equal (listed (sim, kernteam), whole);
    reply = CHECK_REPLY (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo", .by = "toezicht", .advise = true);
    assert_string_equal (duties_of (sim, reply->check->duties, reply->check->n_duties), whole);
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
    assert_string_equal (duties_of (sim, reply->check->duties, reply->check->n_duties), source);
    reply = CHECK_REPLY (sim, CLAIM_OF_HORIZON);
    assert_string_equal (duties_of (sim, reply->check->duties, reply->check->n_duties), own);
    assert_string_equal (listed (sim, "zorgaanbieder-horizon"), own);
    assert_string_equal (listed (sim, "gemeente"), source);
    assert_string_equal (coming (sim, "gemeente", 0, 0), source);
    /* Once: also where another of the controller receives it, and after a restart. */
    simulation_restart (sim);
    CHECK_REPLY (sim, CLAIM_OF_HORIZON);
    CHECK_REPLY (sim, .from = "zorgaanbieder-horizon", .to = "toezicht", .purpose = "declaratie",
                 .items = "bsn/wmo");
    assert_string_equal (listed (sim, "gemeente"), source);
    assert_string_equal (
        listed (sim, "zorgaanbieder-horizon"),
        "SUBJECT 2026-05-16 of zorgaanbieder-horizon, SUBJECT 2026-05-16 of zorgaanbieder-horizon");
    /* Another source is told of. */
    CHECK_REPLY (sim, .from = "zorgaanbieder-geest", .to = "gemeente", .purpose = "declaratie",
                 .items = "bsn/wmo");
    CHECK_REPLY (sim, .from = "svb", .to = "gemeente", .purpose = "verantwoording-pgb", .items = "bsn/wmo");
    assert_string_equal (listed (sim, "gemeente"), "SOURCE 2026-05-02 of gemeente, SOURCE 2026-05-02 of gemeente");
    /* It is the recipient's to report, and nobody else's. */
    assert_string_equal (
        simulation_answer (sim, "zorgaanbieder-horizon", done (sim, reply->check->decision, SOURCE, 0)),
        "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "gemeente", done (sim, reply->check->decision, SOURCE, 0)), "OK");
    assert_string_equal (simulation_answer (sim, "gemeente", done (sim, reply->check->decision, SUBJECT, 0)),
                         "NOT_FOUND");
}

static Consentd__Request *report (struct simulation *sim, uint64_t decision, const char *reason, const char *file,
                                  const char *manager)
{
    Consentd__Request *request = done (sim, decision, WHY, 0);
    request->obligation_done->reason = copy (sim, reason);
    request->obligation_done->file = copy (sim, file);
    request->obligation_done->manager_consulted = copy (sim, manager);
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
    assert_string_equal (duties_of (sim, reply->check->duties, reply->check->n_duties),
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
        simulation_answer (sim, kernteam, defer (sim, decision, WHY, simulation_at ("2026-06-16"))),
        "INVALID obligation_defer.kind");
    reply = simulation_ask (sim, kernteam, report (sim, decision, "het kon niet anders", "dossier-14", "chef-3"));
    assert_string_equal (simulation_said (sim, reply), "OK");
    simulation_restart (sim);
    const Consentd__ObligationListReply *list = list_page (sim, kernteam, 0, (ProtobufCBinaryData){0, NULL});
    const Consentd__DutyReport *kept = list->duties[1]->report;
    assert_null (list->duties[0]->report);
    assert_string_equal (kept->reason, "het kon niet anders");
    assert_string_equal (kept->file, "dossier-14");
    assert_string_equal (kept->manager_consulted, "chef-3");
    assert_string_equal (listed (sim, cak), "");
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
    assert_string_equal (listed (sim, kernteam), "");
    /* On consent, and each time. */
    static const char duties[] = "SUBJECT 2026-05-16 of kernteam, RECORD 2026-05-16 of kernteam";
    for (int i = 0; i < 2; i++) {
        reply = CHECK_REPLY (sim, ESCALATE, .no_manager = "niemand was bereikbaar");
        assert_string_equal (simulation_said (sim, reply), "consent");
        assert_string_equal (duties_of (sim, reply->check->duties, reply->check->n_duties), duties);
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
    assert_string_equal (listed (sim, kernteam), "");
    assert_string_equal (coming (sim, kernteam, 0, 0), "");
    disclosed (sim);
}

static void test_C10_what_is_done_is_no_longer_due (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    uint64_t decision = disclosed (sim);
    uint64_t revision = sim->state.revision;
    Consentd__Reply *reply = simulation_ask (sim, kernteam, done (sim, decision, SUBJECT, 0));
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_string_equal (duty_text (sim, reply->obligation->duty), "SUBJECT 2026-05-16 of kernteam done");
    assert_int_equal (reply->obligation->duty->done_at, sim->wall);
    assert_string_equal (reply->obligation->duty->done_by, "medewerker-3");
    assert_int_equal (sim->state.revision, revision + 1);
    assert_string_equal (coming (sim, kernteam, 0, 0), "");
    simulation_restart (sim);
    assert_string_equal (listed (sim, kernteam), "SUBJECT 2026-05-16 of kernteam done");
}

static void test_C10_reporting_done_twice_changes_nothing (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    uint64_t decision = disclosed (sim);
    moment first = sim->wall - 1000;
    assert_string_equal (simulation_answer (sim, kernteam, done (sim, decision, SUBJECT, first)), "OK");
    uint64_t revision = sim->state.revision;
    sim->wall += 60000;
    Consentd__Reply *reply = simulation_ask (sim, kernteam, done (sim, decision, SUBJECT, 0));
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_int_equal (reply->obligation->duty->done_at, first);
    assert_int_equal (sim->state.revision, revision);
}

static void test_C10_done_is_reported_by_the_holder_or_who_may_explain (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    Consentd__Reply *reply = CHECK_REPLY (sim, .from = "wmo-team", FEE);
    uint64_t decision = reply->check->decision;
    assert_string_equal (simulation_answer (sim, cak, done (sim, decision, SUBJECT, 0)), "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "loket", done (sim, decision, SUBJECT, 0)), "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "wmo-team", done (sim, decision, RECORD, 0)), "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "wmo-team", done (sim, decision + 1, SUBJECT, 0)), "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "wmo-team", done (sim, 99999, SUBJECT, 0)), "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, cak, defer (sim, decision, SUBJECT, sim->wall + 1)), "NOT_FOUND");
    assert_string_equal (listed (sim, "wmo-team"), "SUBJECT 2026-05-16 of wmo-team");
    assert_string_equal (simulation_answer (sim, "toezicht", done (sim, decision, SUBJECT, 0)), "OK");
    assert_string_equal (listed (sim, "wmo-team"), "SUBJECT 2026-05-16 of wmo-team done");
}

static void test_C10_what_cannot_be_reported_so_names_its_field (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    uint64_t decision = disclosed (sim);
    assert_string_equal (simulation_answer (sim, kernteam, done (sim, decision, SUBJECT, sim->wall + 1)),
                         "INVALID obligation_done.done_at");
    assert_string_equal (simulation_answer (sim, kernteam, done (sim, 0, SUBJECT, 0)),
                         "INVALID obligation_done.decision");
    assert_string_equal (
        simulation_answer (sim, kernteam, done (sim, decision, CONSENTD__OBLIGATION__KEEP_SECRET, 0)),
        "INVALID obligation_done.kind");
    assert_string_equal (
        simulation_answer (sim, kernteam, defer (sim, decision, SUBJECT, sim->wall + 86400000L * 30)),
        "INVALID obligation_defer.kind");
    Consentd__Request *request = defer (sim, decision, SUBJECT, sim->wall + 86400000L * 30);
    request->obligation_defer->reason = copy (sim, "");
    assert_string_equal (simulation_answer (sim, kernteam, request), "INVALID obligation_defer.reason");
    request = done (sim, decision, SUBJECT, 0);
    request->obligation_done->user = copy (sim, "");
    assert_string_equal (simulation_answer (sim, kernteam, request), "INVALID obligation_done.user");
    assert_string_equal (listed (sim, kernteam), "SUBJECT 2026-05-16 of kernteam");
}

/* Under the pack of 2026 who reports to Veilig Thuis on its statute may put informing off. */
static void test_C10_informing_is_put_off_with_a_reason_where_the_statute_lets_it (void **state)
{
    (void)state;
    struct simulation *sim = simulation_new (&(struct simulation_options){.policy = "wmo-jeugdwet-2026"});
    simulation_adult (sim);
    Consentd__Reply *reply = CHECK_REPLY (sim, .to = "veilig-thuis", .purpose = "escalatie", .items = "naw/wmo");
    assert_string_equal (simulation_said (sim, reply), "wmo-5.2.6");
    assert_string_equal (duties_of (sim, reply->check->duties, reply->check->n_duties),
                         "SUBJECT 2026-05-16 of kernteam deferrable, RECORD 2026-05-16 of kernteam");
    uint64_t decision = reply->check->decision;
    moment due = simulation_at ("2026-05-16");
    assert_string_equal (simulation_answer (sim, kernteam, defer (sim, decision, SUBJECT, due)),
                         "INVALID obligation_defer.until");
    assert_string_equal (simulation_answer (sim, kernteam, defer (sim, decision, SUBJECT, sim->wall)),
                         "INVALID obligation_defer.until");
    assert_string_equal (
        simulation_answer (sim, kernteam, defer (sim, decision, RECORD, simulation_at ("2026-07-01"))),
        "INVALID obligation_defer.kind");
    assert_string_equal (
        simulation_answer (sim, kernteam, defer (sim, decision, SUBJECT, simulation_at ("2026-05-30"))), "OK");
    assert_string_equal (coming (sim, kernteam, 0, 0),
                         "RECORD 2026-05-16 of kernteam, SUBJECT 2026-05-30 of kernteam deferrable deferred");
    /* Overdue by now: it cannot be put off into the past. */
    sim->wall = simulation_at ("2026-06-10");
    assert_string_equal (
        simulation_answer (sim, kernteam, defer (sim, decision, SUBJECT, simulation_at ("2026-06-01"))),
        "INVALID obligation_defer.until");
    assert_string_equal (simulation_answer (sim, kernteam, done (sim, decision, SUBJECT, 0)), "OK");
    assert_string_equal (
        simulation_answer (sim, kernteam, defer (sim, decision, SUBJECT, simulation_at ("2026-07-01"))),
        "INVALID obligation_defer.kind");
    assert_string_equal (coming (sim, kernteam, 0, 0), "RECORD 2026-05-16 of kernteam");
    simulation_destroy (&sim);
}

static void test_C10_who_was_informed_before_has_that_behind_it (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    Consentd__Reply *reply =
        CHECK_REPLY (sim, .to = "veiligheidshuis", .purpose = "escalatie", .urgent = "vitaal-belang");
    assert_string_equal (duties_of (sim, reply->check->duties, reply->check->n_duties),
                         "SUBJECT 2026-05-01 of kernteam done, RECORD 2026-05-16 of kernteam");
    assert_string_equal (listed (sim, kernteam),
                         "SUBJECT 2026-05-01 of kernteam done, RECORD 2026-05-16 of kernteam");
    assert_string_equal (coming (sim, kernteam, 0, 0), "RECORD 2026-05-16 of kernteam");
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
    assert_string_equal (listed (sim, kernteam), "SUBJECT 2026-05-16 of kernteam");
}

static void test_a_listing_of_obligations_comes_in_pages (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    disclosed (sim);
    CHECK (sim, .from = "wmo-team", .to = "svb", .purpose = "pgb", .items = "bsn/wmo");
    CHECK (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo"); /* informed already */
    CHECK (sim, .to = "veiligheidshuis", .purpose = "escalatie", .urgent = "vitaal-belang");
    Consentd__ObligationListReply *page = list_page (sim, "toezicht", 3, (ProtobufCBinaryData){0, NULL});
    assert_int_equal (page->n_duties, 3);
    assert_true (page->more);
    page = list_page (sim, "toezicht", 3, page->next);
    assert_int_equal (page->n_duties, 1);
    assert_false (page->more);
    assert_int_equal (page->next.len, 0);
    /* C9: that others follow which it may not see it does not hear. */
    page = list_page (sim, "wmo-team", 1, (ProtobufCBinaryData){0, NULL});
    assert_int_equal (page->n_duties, 1);
    assert_false (page->more);
    uint8_t odd[8] = {0};
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_OBLIGATION_LIST);
    request->obligation_list->bsn = copy (sim, "999900006");
    request->obligation_list->after = (ProtobufCBinaryData){sizeof odd, odd};
    assert_string_equal (simulation_answer (sim, kernteam, request), "INVALID obligation_list.after");
}

static void test_M5_coming_birthdays_and_ends_are_listed_ahead (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "2014-06-10", .representatives = "ouder-1"), "OK");
    GRANTED (sim, .categories = "naw", .signers = "ouder-1", .valid_until = simulation_at ("2026-06-25"));
    GRANTED (sim, .categories = "bsn", .signers = "ouder-1", .valid_until = simulation_at ("2026-06-01"));
    static const char whole[] = "ends 2026-06-01, ends 2026-06-25, lapses 2026-06-10 birthday";
    moment until = simulation_at ("2026-06-25");
    assert_string_equal (coming (sim, kernteam, until, 0), whole);
    assert_string_equal (coming (sim, kernteam, until, 1), whole);
    assert_string_equal (coming (sim, kernteam, until - 1, 0), "ends 2026-06-01, lapses 2026-06-10 birthday");
    assert_string_equal (coming (sim, kernteam, 0, 0), "ends 2026-06-01"); /* 30 days on */
    assert_string_equal (coming (sim, "zorgaanbieder-horizon", until, 0), "");
    /* M10: what ends for another reason than a birthday. */
    assert_string_equal (
        PERSON (sim, .born = "2014-06-12", .representatives = "ouder-1", .incapable_from = "2026-05-01"), "OK");
    assert_string_equal (coming (sim, kernteam, until, 0), "ends 2026-06-01, ends 2026-06-25");
}

/* As where another pack has other ages than the one under which the lapse was entered. */
static void test_M5_a_lapse_is_listed_at_the_moment_of_the_consent_only (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    assert_string_equal (PERSON (sim, .born = "2014-06-10", .representatives = "ouder-1"), "OK");
    const uint8_t *consent = GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    struct agenda_entry entry = {.kind = AGENDA_LAPSES, .when = simulation_at ("2026-06-05")};
    memcpy (entry.id, consent, sizeof entry.id);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    vault_subject_id (turn.vault, "999900006", entry.subject);
    assert_int_equal (agenda_put (&turn, &entry), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    assert_string_equal (coming (sim, kernteam, simulation_at ("2026-06-20"), 0), "lapses 2026-06-10 birthday");
}

static void test_M5_what_ended_otherwise_is_no_longer_coming (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    const uint8_t *consent = GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    GRANTED (sim, .categories = "bsn", .valid_until = simulation_at ("2026-06-02"), .one_time = true);
    moment until = simulation_at ("2026-07-01");
    assert_string_equal (coming (sim, kernteam, until, 0), "ends 2026-06-01, ends 2026-06-02");
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    assert_string_equal (CHECK (sim, .items = "bsn"), "consent");
    assert_string_equal (coming (sim, kernteam, until, 0), "");
}

static void test_C10_what_is_overdue_is_listed_first_and_stays (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    disclosed (sim);
    sim->wall = simulation_at ("2026-08-01");
    CHECK (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo");
    assert_string_equal (coming (sim, kernteam, 0, 1),
                         "SUBJECT 2026-05-16 of kernteam, SUBJECT 2026-08-16 of kernteam");
}

/* C9: a page of others' obligations tells nothing of them. */
static void test_C9_a_cursor_leads_who_sees_less_by_now_to_no_consents (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-05-10"));
    GRANTED (sim, .categories = "bsn", .valid_until = simulation_at ("2026-05-11"));
    Consentd__Reply *first =
        simulation_ask (sim, "kernteam", due_request (sim, 0, 1, (ProtobufCBinaryData){0, NULL}));
    assert_string_equal (due_text (sim, first->due_list), "ends 2026-05-10");
    simulation_write_party (sim, kernteam, kernteam, "partner", "");
    assert_string_equal (
        simulation_said (sim, simulation_ask (sim, "kernteam", due_request (sim, 0, 1, first->due_list->next))),
        "INVALID due_list.after");
}

static void test_C9_a_cursor_is_its_partys_own_and_tells_nothing (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    disclosed (sim);
    CHECK (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo");
    Consentd__Reply *reply =
        simulation_ask (sim, kernteam, due_request (sim, 0, 1, (ProtobufCBinaryData){0, NULL}));
    assert_true (reply->due_list->more);
    assert_string_equal (simulation_answer (sim, "toezicht", due_request (sim, 0, 1, reply->due_list->next)),
                         "INVALID due_list.after");
    reply->due_list->next.data[30] ^= 1;
    assert_string_equal (simulation_answer (sim, kernteam, due_request (sim, 0, 1, reply->due_list->next)),
                         "INVALID due_list.after");
    uint8_t odd[25] = {3};
    assert_string_equal (
        simulation_answer (sim, cak, due_request (sim, 0, 1, (ProtobufCBinaryData){sizeof odd, odd})),
        "INVALID due_list.after");
}

static void test_C14_nothing_is_reported_by_a_clock_that_is_in_doubt (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    uint64_t decision = disclosed (sim);
    sim->registry.state.clock_stopped = true;
    assert_string_equal (simulation_answer (sim, kernteam, done (sim, decision, SUBJECT, 0)), "UNAVAILABLE");
    assert_string_equal (coming (sim, kernteam, 0, 0), "SUBJECT 2026-05-16 of kernteam");
    sim->registry.state.clock_stopped = false;
    assert_string_equal (simulation_answer (sim, kernteam, done (sim, decision, SUBJECT, 0)), "OK");
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
        SIMULATION_TEST (test_C10_what_is_done_is_no_longer_due),
        SIMULATION_TEST (test_C10_reporting_done_twice_changes_nothing),
        SIMULATION_TEST (test_C10_done_is_reported_by_the_holder_or_who_may_explain),
        SIMULATION_TEST (test_C10_what_cannot_be_reported_so_names_its_field),
        SIMULATION_TEST (test_C10_informing_is_put_off_with_a_reason_where_the_statute_lets_it),
        SIMULATION_TEST (test_C10_who_was_informed_before_has_that_behind_it),
        SIMULATION_TEST (test_G11_a_disclosure_given_again_obliges_once),
        SIMULATION_TEST (test_a_listing_of_obligations_comes_in_pages),
        SIMULATION_TEST (test_M5_coming_birthdays_and_ends_are_listed_ahead),
        SIMULATION_TEST (test_M5_a_lapse_is_listed_at_the_moment_of_the_consent_only),
        SIMULATION_TEST (test_M5_what_ended_otherwise_is_no_longer_coming),
        SIMULATION_TEST (test_C10_what_is_overdue_is_listed_first_and_stays),
        SIMULATION_TEST (test_C9_a_cursor_leads_who_sees_less_by_now_to_no_consents),
        SIMULATION_TEST (test_C9_a_cursor_is_its_partys_own_and_tells_nothing),
        SIMULATION_TEST (test_C14_nothing_is_reported_by_a_clock_that_is_in_doubt),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
