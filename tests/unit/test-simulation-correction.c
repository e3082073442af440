/* KB 14: a consent of which the scope was recorded wrongly is recorded as it was signed. There are two consents
   then: the wrong one counts for nothing, and the other one stands in its place. */
#include <string.h>
#include "simulated_duties.h"
#include "simulated_rights.h"

static const char delta[] = "zorgaanbieder-delta", cak[] = "cak";

enum { RECTIFICATION = CONSENTD__RIGHTS_KIND__RIGHTS_RECTIFICATION };

#define CORRECTING(sim, wrong, number, ...) \
    correcting (sim, wrong, number, &(struct simulated_statement){__VA_ARGS__})
#define CORRECT(sim, wrong, number, ...) \
    simulation_answer (sim, TEAM, CORRECTING (sim, wrong, number, __VA_ARGS__))

/* Only the scope is said; what was signed is left out. */
static Consentd__Request *correcting (struct simulation *sim, const uint8_t *wrong, uint64_t number,
                                      const struct simulated_statement *said)
{
    Consentd__Request *request = simulation_statement (sim, said, false);
    Consentd__GrantRequest *grant = request->grant;
    grant->form = CONSENTD__FORM__FORM_UNSPECIFIED;
    grant->evidence = NULL;
    grant->notice = NULL;
    grant->n_signatures = 0;
    grant->valid_from = grant->valid_until = 0;
    grant->motivation = simulated_text (sim, NULL, "");
    grant->corrects = (ProtobufCBinaryData){16, arena_memdup (sim->arena, wrong, 16)};
    grant->request = number;
    grant->correction_reason = simulated_text (sim, NULL, "verkeerd overgenomen van het formulier");
    return request;
}

static const uint8_t *corrected (struct simulation *sim, Consentd__Request *request)
{
    return simulation_granted (sim, simulation_ask (sim, TEAM, request));
}

static const Consentd__Consent *shown_to (struct simulation *sim, const char *party, const uint8_t *id)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->consent_id = (ProtobufCBinaryData){16, arena_memdup (sim->arena, id, 16)};
    Consentd__Reply *reply = simulation_ask (sim, party, request);
    assert_string_equal (simulation_said (sim, reply), "OK");
    return reply->consent_show->consent;
}

static const Consentd__Consent *shown (struct simulation *sim, const uint8_t *id)
{
    return shown_to (sim, TEAM, id);
}

static void test_KB14_it_counts_as_it_was_signed_and_both_are_kept (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *wrong = GRANTED (sim, .categories = "naw bsn");
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    sim->wall += 60000;
    const uint8_t *right = corrected (sim, CORRECTING (sim, wrong, number, .categories = "naw telefoon"));
    for (int back = 0; back < 2; back++) {
        assert_string_equal (CHECK (sim, .items = "naw telefoon bsn", .advise = true),
                             "consent, consent, CATEGORY_NOT_CONSENTED");
        const Consentd__Consent *old = shown (sim, wrong), *new = shown (sim, right);
        assert_int_equal (old->state, CONSENTD__CONSENT__STATE__SUPERSEDED);
        assert_memory_equal (old->corrected_by.data, right, 16);
        assert_int_equal (old->corrected_at, sim->wall);
        assert_string_equal (simulation_words (sim, old->scope->categories, old->scope->n_categories), "bsn naw");
        assert_int_equal (new->state, CONSENTD__CONSENT__STATE__GRANTED);
        assert_memory_equal (new->corrects.data, wrong, 16);
        assert_string_equal (new->correction_reason, "verkeerd overgenomen van het formulier");
        assert_string_equal (new->evidence->reference, old->evidence->reference);
        assert_memory_equal (new->evidence->sha256.data, old->evidence->sha256.data, 32);
        assert_int_equal (new->n_signatures, old->n_signatures);
        assert_int_equal (new->signatures[0]->given_at, old->signatures[0]->given_at);
        assert_string_equal (new->motivation, old->motivation);
        assert_int_equal (new->valid_from, old->valid_from);
        assert_int_equal (new->valid_until, old->valid_until);
        assert_int_equal (shown_to (sim, horizon, right)->corrects.len, 0); /* V2: no other part is told of */
        simulation_restart (sim);
    }
    const Consentd__RightsRequest *request = simulated_rights_shown (sim, number);
    assert_int_equal (request->n_followed, 1);
    assert_string_equal (request->followed[0]->action, "grant");
    assert_string_equal (simulation_coming (sim, "toezicht", AT ("2026-08-01"), 0),
                         "ends 2026-06-30"); /* the wrong one is due for nothing */
}

/* V4, V5: each of either hears its own. */
static void test_KB14_the_parties_of_either_are_told (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *wrong = GRANTED (sim, .categories = "naw");
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    sim->wall = AT ("2026-06-10"); /* delta has an agreement by now */
    uint64_t of_horizon = simulation_newest_of_all (sim, horizon),
             of_delta = simulation_newest_of_all (sim, delta);
    const uint8_t *right = corrected (sim, CORRECTING (sim, wrong, number, .to = delta, .categories = "naw"));
    const Consentd__EventPush *event = simulation_event_of_all (sim, horizon, of_horizon + 1);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_CORRECTED);
    assert_memory_equal (event->consent_id.data, wrong, 16);
    assert_true (event->whole);
    assert_int_equal (simulation_newest_of_all (sim, horizon), of_horizon + 1);
    event = simulation_event_of_all (sim, delta, of_delta + 1);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_GRANTED);
    assert_memory_equal (event->consent_id.data, right, 16);
    assert_int_equal (simulation_newest_of_all (sim, delta), of_delta + 1);
    assert_string_equal (CHECK (sim, .items = "naw"), "RECIPIENT_NOT_CONSENTED");
    assert_string_equal (CHECK (sim, .to = delta, .items = "naw"), "consent");
}

/* R4, AVG 19: who received what was never agreed to. */
static void test_R4_who_received_what_was_not_signed_has_to_put_that_right (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *wrong = GRANTED (sim, .categories = "naw telefoon bsn");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, consent");
    assert_string_equal (CHECK (sim, FEE), "wmo-2015"); /* cak has bsn on another ground */
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    corrected (sim, CORRECTING (sim, wrong, number, .categories = "naw email"));
    assert_string_equal (simulation_listed (sim, horizon), "RECTIFY 2026-05-30 of zorgaanbieder-horizon");
    const Consentd__Duty *duty =
        simulation_duties_page (sim, horizon, 0, (ProtobufCBinaryData){0, NULL})->duties[0];
    assert_string_equal (simulation_words (sim, duty->categories, duty->n_categories), "bsn");
    assert_string_equal (simulation_listed (sim, cak), "");
    const uint8_t *other = GRANTED (sim, .categories = "naw", .case_ref = "zaak-1");
    corrected (sim, CORRECTING (sim, other, number, .categories = "naw", .case_ref = "zaak-2"));
    duty = simulation_duties_page (sim, horizon, 0, (ProtobufCBinaryData){0, NULL})->duties[1];
    assert_string_equal (simulation_words (sim, duty->categories, duty->n_categories), "naw");
}

static void test_G10_it_stands_where_the_wrong_one_stood (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *first = GRANTED (sim, .categories = "telefoon");
    const uint8_t *wrong = GRANTED (sim, .categories = "naw telefoon");
    assert_string_equal (
        simulation_answer (sim, TEAM,
                           simulation_statement (sim, &(struct simulated_statement){.categories = "email"}, true)),
        "OK");
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    assert_int_equal (shown (sim, first)->state, CONSENTD__CONSENT__STATE__SUPERSEDED);
    uint64_t told = simulation_newest_of_all (sim, horizon);
    const uint8_t *right = corrected (sim, CORRECTING (sim, wrong, number, .categories = "naw email"));
    /* The refusal came after what was signed: it is no new yes. */
    assert_string_equal (CHECK (sim, .items = "naw email", .advise = true), "consent, REFUSED");
    /* What was signed first was never replaced, and comes back. */
    assert_int_equal (shown (sim, first)->state, CONSENTD__CONSENT__STATE__GRANTED);
    assert_string_equal (CHECK (sim, .items = "telefoon", .advise = true), "consent");
    for (int i = 0; i < 4; i++)
        assert_int_equal (simulation_pass (sim), 0);
    bool restored = false;
    for (uint64_t event = told + 1; event <= simulation_newest_of_all (sim, horizon); event++) {
        const Consentd__EventPush *one = simulation_event_of_all (sim, horizon, event);
        restored = restored || (one->kind == CONSENTD__EVENT_KIND__CONSENT_RESTORED &&
                                memcmp (one->consent_id.data, first, 16) == 0);
    }
    assert_true (restored);
    /* And a later yes replaces it, as it would have replaced the wrong one. */
    GRANTED (sim, .categories = "naw email");
    assert_int_equal (shown (sim, right)->state, CONSENTD__CONSENT__STATE__SUPERSEDED);
    assert_string_equal (CHECK (sim, .items = "email", .advise = true), "consent");
}

/* A consent that was recorded wrongly lifts no refusal, and a correction may be corrected. */
static void test_G10_a_refusal_that_only_the_wrong_one_lifted_stands_again (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (REFUSE (sim, .categories = "bsn"), "OK");
    const uint8_t *wrong = GRANTED (sim, .categories = "naw bsn");
    assert_string_equal (CHECK (sim, .items = "bsn", .advise = true), "consent");
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    const uint8_t *right = corrected (sim, CORRECTING (sim, wrong, number, .categories = "naw"));
    assert_string_equal (CHECK (sim, .items = "bsn naw", .advise = true), "REFUSED, consent");
    assert_string_equal (CORRECT (sim, wrong, number, .categories = "bsn"), "INVALID grant.corrects");
    corrected (sim, CORRECTING (sim, right, number, .categories = "naw bsn"));
    assert_string_equal (CHECK (sim, .items = "bsn naw", .advise = true), "consent, consent");
}

/* C5: it is no consent of after the restriction. */
static void test_C5_a_correction_passes_no_restriction_that_the_wrong_one_did_not_pass (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *wrong = GRANTED (sim, .categories = "naw");
    Consentd__Request *restrict_all = simulation_asking (sim, CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    restrict_all->restrict_data->bsn = simulated_text (sim, NULL, "999900006");
    restrict_all->restrict_data->whole = true;
    restrict_all->restrict_data->reason = simulated_text (sim, NULL, "de juistheid wordt betwist");
    restrict_all->restrict_data->user = simulated_text (sim, NULL, "medewerker-5");
    assert_string_equal (simulation_answer (sim, TEAM, restrict_all), "OK");
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    corrected (sim, CORRECTING (sim, wrong, number, .categories = "naw telefoon"));
    assert_string_equal (CHECK (sim, .items = "naw telefoon", .advise = true), "RESTRICTED, RESTRICTED");
}

static void test_KB14_what_was_withdrawn_does_not_come_back (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *wrong = GRANTED (sim, .categories = "naw bsn");
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    assert_string_equal (REVOKE (sim, .consent = wrong, .categories = "bsn"), "OK");
    assert_string_equal (CORRECT (sim, wrong, number, .categories = "naw bsn telefoon"), "INVALID grant.scope");
    const uint8_t *right = corrected (sim, CORRECTING (sim, wrong, number, .categories = "naw telefoon"));
    /* Who passes on a withdrawal of the wrong one hears which consent is in its place. */
    Consentd__Reply *reply = REVOKE_REPLY (sim, .consent = wrong);
    assert_int_equal (reply->revoke->n_still_covered_by, 1);
    assert_memory_equal (reply->revoke->still_covered_by[0].data, right, 16);
    assert_string_equal (REVOKE (sim, .consent = right), "OK");
    assert_string_equal (CORRECT (sim, right, number, .categories = "naw"),
                         "INVALID grant.corrects"); /* it ended */
}

/* Nothing that was signed differs, and nobody knows less of it than of another consent. */
static void test_KB14_another_evidence_is_another_consent (void **state)
{
    struct simulation *sim = *state;
    static const uint8_t hash[32] = {1};
    const uint8_t *wrong = GRANTED (sim, .categories = "naw");
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    for (int what = 0; what < 11; what++) {
        Consentd__Request *request = CORRECTING (sim, wrong, number, .categories = "naw telefoon");
        Consentd__Request *whole =
            simulation_statement (sim, &(struct simulated_statement){.categories = "naw telefoon"}, false);
        Consentd__GrantRequest *grant = request->grant;
        uint64_t revision = sim->state.revision;
        const char *field = "";
        switch (what) {
        case 0:
            grant->form = CONSENTD__FORM__ORAL;
            field = "form";
            break;
        case 1:
            grant->evidence = whole->grant->evidence;
            grant->evidence->reference = simulated_text (sim, NULL, "zaak-9");
            field = "evidence.reference";
            break;
        case 2:
            grant->evidence = whole->grant->evidence;
            grant->evidence->sha256 = (ProtobufCBinaryData){32, arena_memdup (sim->arena, hash, 32)};
            field = "evidence.sha256";
            break;
        case 3:
            grant->notice = whole->grant->notice;
            grant->notice->version = simulated_text (sim, NULL, "2");
            field = "notice.id";
            break;
        case 4:
            grant->notice = whole->grant->notice;
            grant->notice->given_at -= 1;
            field = "notice.given_at";
            break;
        case 5:
            grant->signatures = whole->grant->signatures;
            grant->n_signatures = 1;
            grant->signatures[0]->given_at += 1;
            field = "signatures[0]";
            break;
        case 6:
            grant->signatures =
                simulation_statement (sim, &(struct simulated_statement){.signers = "subject ouder-1"}, false)
                    ->grant->signatures;
            grant->n_signatures = 2;
            field = "signatures";
            break;
        case 7:
            grant->valid_from = sim->wall + 1000;
            field = "valid_from";
            break;
        case 8:
            grant->valid_until = whole->grant->valid_until + 86400000L;
            field = "valid_until";
            break;
        case 9:
            grant->correction_reason = simulated_text (sim, NULL, "");
            field = "correction_reason";
            break;
        default:
            grant->request = 0;
            field = "request";
        }
        assert_string_equal (simulation_answer (sim, TEAM, request), NUMBERS (sim, "INVALID grant.%s", field));
        assert_int_equal (sim->state.revision, revision); /* nothing half done */
    }
    assert_string_equal (CORRECT (sim, wrong, number, .categories = "naw"), "INVALID grant.scope"); /* no change */
    assert_string_equal (CORRECT (sim, wrong, 99999, .categories = "naw telefoon"), "INVALID grant.request");
    assert_string_equal (CORRECT (sim, (const uint8_t *)"no such consent!", number, .categories = "naw telefoon"),
                         "INVALID grant.corrects");
    assert_string_equal (CORRECT (sim, wrong, number, .categories = "naw gezondheid"), "REJECTED NOT_NEEDED");
    assert_string_equal (CORRECT (sim, wrong, number, .categories = ""), "REJECTED BLANKET_CONSENT");
    assert_int_equal (shown (sim, wrong)->state, CONSENTD__CONSENT__STATE__GRANTED);
    /* What was given and is the same is accepted. */
    Consentd__Request *request = CORRECTING (sim, wrong, number, .categories = "naw telefoon");
    Consentd__GrantRequest *same =
        simulation_statement (sim, &(struct simulated_statement){.categories = "naw telefoon"}, false)->grant;
    request->grant->evidence = same->evidence;
    request->grant->notice = same->notice;
    request->grant->signatures = same->signatures;
    request->grant->n_signatures = same->n_signatures;
    request->grant->form = same->form;
    corrected (sim, request);
}

static void test_R2_a_correction_is_done_on_a_request_and_a_request_is_for_a_correction (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .kind = RECTIFICATION), erasure = OPENED (sim, .kind = 4);
    const uint8_t *wrong = GRANTED (sim, .categories = "naw");
    Consentd__Request *ordinary =
        simulation_statement (sim, &(struct simulated_statement){.categories = "telefoon"}, false);
    ordinary->grant->request = number;
    assert_string_equal (simulation_answer (sim, TEAM, ordinary), "INVALID grant.request");
    ordinary->grant->request = 0;
    ordinary->grant->correction_reason = simulated_text (sim, NULL, "zomaar");
    assert_string_equal (simulation_answer (sim, TEAM, ordinary), "INVALID grant.correction_reason");
    assert_string_equal (CORRECT (sim, wrong, erasure, .categories = "naw telefoon"), "INVALID grant.request");
    Consentd__Request *refusal =
        simulation_statement (sim, &(struct simulated_statement){.categories = "bsn"}, true);
    const uint8_t *no = simulation_granted (sim, simulation_ask (sim, TEAM, refusal));
    assert_string_equal (CORRECT (sim, no, number, .categories = "naw"), "INVALID grant.corrects");
}

/* G11, C13: an answer that rested on the wrong one says that this is no more so. */
static void test_G11_what_rested_on_the_wrong_one_says_so_when_it_is_asked_again (void **state)
{
    struct simulation *sim = *state;
    static const uint8_t key[16] = "wrong-and-right1", again[16] = "corrected-again1";
    const uint8_t *wrong = GRANTED (sim, .categories = "naw bsn");
    Consentd__Request *check = simulation_check (sim, &(struct simulated_check){.items = "bsn"});
    check->idempotency_key = (ProtobufCBinaryData){16, arena_memdup (sim->arena, key, 16)};
    Consentd__Reply *reply = simulation_ask (sim, TEAM, check);
    assert_string_equal (simulation_said (sim, reply), "consent");
    uint64_t decision = reply->check->decision, number = OPENED (sim, .kind = RECTIFICATION);
    Consentd__Request *request = CORRECTING (sim, wrong, number, .categories = "naw");
    request->idempotency_key = (ProtobufCBinaryData){16, arena_memdup (sim->arena, again, 16)};
    const uint8_t *right = corrected (sim, request);
    uint64_t told = simulation_newest_of_all (sim, horizon);
    for (int back = 0; back < 2; back++) {
        assert_string_equal (simulation_answer (sim, TEAM, check), "consent again revoked");
        reply = simulation_ask (sim, TEAM, request);
        assert_true (reply->replayed);
        assert_memory_equal (reply->consent_recorded->consent_id.data, right, 16);
        assert_int_equal (simulation_newest_of_all (sim, horizon), told);
        simulation_restart (sim);
    }
    /* What was decided before is explained as it was. */
    Consentd__Request *explain = simulation_asking (sim, CONSENTD__REQUEST__BODY_DECISION_SHOW);
    explain->decision_show->number = decision;
    explain->decision_show->statements = true;
    reply = simulation_ask (sim, TEAM, explain);
    assert_int_equal (reply->decision_show->n_statements, 1);
    assert_memory_equal (reply->decision_show->statements[0]->consent_id.data, wrong, 16);
    assert_int_equal (reply->decision_show->statements[0]->state, CONSENTD__CONSENT__STATE__GRANTED);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        RIGHTS_TEST (test_KB14_it_counts_as_it_was_signed_and_both_are_kept),
        RIGHTS_TEST (test_KB14_the_parties_of_either_are_told),
        RIGHTS_TEST (test_R4_who_received_what_was_not_signed_has_to_put_that_right),
        RIGHTS_TEST (test_G10_it_stands_where_the_wrong_one_stood),
        RIGHTS_TEST (test_G10_a_refusal_that_only_the_wrong_one_lifted_stands_again),
        RIGHTS_TEST (test_C5_a_correction_passes_no_restriction_that_the_wrong_one_did_not_pass),
        RIGHTS_TEST (test_KB14_what_was_withdrawn_does_not_come_back),
        RIGHTS_TEST (test_KB14_another_evidence_is_another_consent),
        RIGHTS_TEST (test_R2_a_correction_is_done_on_a_request_and_a_request_is_for_a_correction),
        RIGHTS_TEST (test_G11_what_rested_on_the_wrong_one_says_so_when_it_is_asked_again),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
