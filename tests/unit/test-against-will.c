/* C15: what is disclosed against the subject's will, and the manager without whom nobody escalates. */
#include <string.h>
#include "fixture_policy.h"

/* By statute, whatever was refused: kernteam > horizon, naw. */
static struct check grant_of (struct fixture *f)
{
    return fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
}

static bool is_against_will (struct fixture *f, const struct check *check)
{
    const struct item_decision *item = &fixture_decide (f, check)->items[0];
    assert_true (item->permit);
    assert_int_equal (item->against_will_heard, item->against_will); /* the listener hears all */
    return item->against_will;
}

/* The pack wants a manager first. */
static void want_a_manager (struct fixture *f)
{
    static struct policy_purpose purposes[8];
    memcpy (purposes, f->policy.purposes, f->policy.purpose_count * sizeof *purposes);
    f->policy.purposes = purposes;
    purposes[policy_purpose (&f->policy, "escalatie")].manager_first = true;
    purposes[policy_purpose (&f->policy, "toekenning")].manager_first = true;
}

/* C15. */
static void test_a_statute_over_a_refusal_that_stands_is_against_the_will (void **state)
{
    struct fixture *f = *state;
    struct check one = grant_of (f);
    assert_false (is_against_will (f, &one));
    struct statement *refusal = fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    assert_true (is_against_will (f, &one));
    /* One that does not cover the item says nothing of it. */
    refusal->scope.categories = fixture_set (f, "bsn");
    assert_false (is_against_will (f, &one));
    refusal->scope.categories = fixture_set (f, "naw");
    refusal->scope.case_ref = "zaak-1";
    assert_true (is_against_will (f, &one));
    one.case_ref = "zaak-2";
    assert_false (is_against_will (f, &one));
}

static void test_a_later_consent_lifts_a_refusal_unless_it_was_withdrawn (void **state)
{
    struct fixture *f = *state;
    struct check one = grant_of (f);
    fixture_refusal (f, "kernteam", "horizon", "bsn naw", "toekenning");
    struct statement *consent = fixture_consent (f, "kernteam", "horizon", "bsn naw", "toekenning");
    consent->valid_until = f->now; /* expired: he said yes all the same */
    assert_false (is_against_will (f, &one));
    struct withdrawal *part = fixture_withdraw (f, consent, f->now);
    part->categories = fixture_set (f, "bsn");
    assert_false (is_against_will (f, &one));
    part->categories = fixture_set (f, "naw");
    assert_true (is_against_will (f, &one));
    /* One for another item lifts nothing, nor does one from before. */
    consent->withdrawal_count = 0;
    consent->scope.recipients = fixture_set (f, "school");
    assert_true (is_against_will (f, &one));
    consent->scope.recipients = fixture_set (f, "horizon");
    assert_false (is_against_will (f, &one));
    f->statement_count = 0;
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning")->valid_until = f->now;
    fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    assert_true (is_against_will (f, &one));
}

static void test_a_consent_that_never_counted_lifts_no_refusal (void **state)
{
    struct fixture *f = *state;
    struct check one = grant_of (f);
    fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    struct statement *consent = fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    consent->valid_from = fixture_at ("2026-04-20");
    assert_false (is_against_will (f, &one));
    f->subject.death = fixture_day ("2026-04-25");
    assert_false (is_against_will (f, &one));
    f->subject.death = fixture_day ("2026-04-15"); /* before it began */
    assert_true (is_against_will (f, &one));
}

static void test_a_written_request_given_after_the_refusal_is_not_against_the_will (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "horizon", "kernteam", "integraal-plan", "naw");
    struct statement *refusal = fixture_refusal (f, "horizon", "kernteam", "naw", "integraal-plan");
    fixture_claim_request (f, &one, "subject");
    one.claim.given_at = refusal->recorded_at + 1;
    assert_outcome (f, &one, "written request");
    assert_false (is_against_will (f, &one));
    one.claim.given_at = refusal->recorded_at;
    assert_true (is_against_will (f, &one));
    /* Urgent reasons are, whenever they arose. */
    fixture_claim_urgency (f, &one, "zorg");
    one.claim.given_at = f->now;
    assert_outcome (f, &one, "zorg");
    assert_true (is_against_will (f, &one));
}

static void test_it_is_said_to_who_may_hear_of_the_refusal (void **state)
{
    struct fixture *f = *state;
    struct check one = grant_of (f);
    fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    f->listener = (struct listener){.party = "horizon"};
    fixture_decide (f, &one);
    assert_true (f->decision.items[0].against_will && f->decision.items[0].against_will_heard);
    f->listener.party = "cak";
    fixture_decide (f, &one);
    assert_true (f->decision.items[0].against_will);
    assert_false (f->decision.items[0].against_will_heard);
    /* And of a denial it is not. */
    one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw");
    assert_outcome (f, &one, "REFUSED ORIGIN_UNKNOWN");
    assert_false (f->decision.items[0].against_will);
}

static void test_it_is_no_part_of_until (void **state)
{
    struct fixture *f = *state;
    struct check one = grant_of (f);
    one.mode = MODE_ADVISE;
    fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    struct statement *consent = fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    consent->valid_until = f->now;
    fixture_withdraw (f, consent, f->now + 1000);
    assert_int_equal (fixture_decide (f, &one)->until, fixture_at ("2028-01-01")); /* of the agreement */
}

/* The manager. */
static struct check escalation (struct fixture *f, const char *items)
{
    return fixture_check (f, "kernteam", "meldpunt", "escalatie", items);
}

static void test_without_a_manager_nothing_is_disclosed_whatever_the_ground (void **state)
{
    struct fixture *f = *state;
    struct check one = grant_of (f);
    assert_outcome (f, &one, "statute");
    want_a_manager (f);
    assert_outcome (f, &one, "TRIAGE_INCOMPLETE");
    assert_true (f->decision.items[0].manager_missing);
    assert_false (f->decision.manager_asked); /* that is for an advice to say */
    assert_int_equal (f->decision.triage_missing, 0);
    assert_int_equal (f->decision.verdict, VERDICT_DENY);
    assert_string_equal (fixture_codes (f, &f->decision.items[0].heard), "TRIAGE_INCOMPLETE");
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_outcome (f, &one, "TRIAGE_INCOMPLETE");
    fixture_claim_request (f, &one, "subject");
    one.items[0].origin = CODE_NONE;
    f->statement_count = 0;
    assert_outcome (f, &one, "TRIAGE_INCOMPLETE");
    one.manager_consulted = true;
    assert_outcome (f, &one, "written request");
    one.manager_consulted = false;
    one.no_manager = true;
    assert_outcome (f, &one, "written request");
    /* What would be denied is denied for its own reasons. */
    one.no_manager = false;
    one.claim.kind = CLAIM_NONE;
    assert_outcome (f, &one, "NO_CONSENT ORIGIN_UNKNOWN");
    assert_false (f->decision.items[0].manager_missing);
}

static void test_a_statute_that_passes_a_restriction_waits_for_no_manager (void **state)
{
    struct fixture *f = *state;
    struct check one = escalation (f, "naw");
    want_a_manager (f);
    assert_outcome (f, &one, "statute");
    assert_false (f->decision.manager_asked);
}

static void test_the_manager_of_a_triage_decision_serves_and_the_other_way_round (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw");
    want_a_manager (f);
    struct triage *triage = fixture_claim_urgency (f, &one, "zorg");
    assert_outcome (f, &one, "zorg");
    triage->manager_consulted = " \n";
    assert_outcome (f, &one, "NO_CONSENT ORIGIN_UNKNOWN TRIAGE_INCOMPLETE");
    assert_false (f->decision.items[0].manager_missing);
    one.manager_consulted = true;
    assert_outcome (f, &one, "zorg");
    /* To say why there was none completes no triage decision. */
    one.manager_consulted = false;
    one.no_manager = true;
    assert_outcome (f, &one, "NO_CONSENT ORIGIN_UNKNOWN TRIAGE_INCOMPLETE");
    /* That of a triage decision serves whatever the ground turns out to be. */
    one.no_manager = false;
    triage->manager_consulted = "manager-3";
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_outcome (f, &one, "consent");
}

static void test_an_advice_asks_for_the_manager_and_permits (void **state)
{
    struct fixture *f = *state;
    struct check one = grant_of (f);
    one.mode = MODE_ADVISE;
    want_a_manager (f);
    assert_outcome (f, &one, "statute");
    assert_true (f->decision.manager_asked);
    one.manager_consulted = true;
    assert_outcome (f, &one, "statute");
    assert_false (f->decision.manager_asked);
    one.manager_consulted = false;
    fixture_party (f, "horizon")->active = false;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    assert_false (f->decision.manager_asked);
}

static void test_the_manager_comes_before_all_or_nothing (void **state)
{
    struct fixture *f = *state;
    struct check one = escalation (f, "naw rapportage");
    struct policy_flow_statute statute[] = {
        f->policy.flows[4].statutes[0]}; /* wmo carries naw, and not rapportage */
    struct policy_flow flows[16];
    memcpy (flows, f->policy.flows, f->policy.flow_count * sizeof *flows);
    f->policy.flows = flows;
    want_a_manager (f);
    one.all_or_nothing = true;
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PERMIT); /* both on meldrecht */
    flows[6].statutes = statute;
    one.items[0].origin = policy_origin (&f->policy, "wmo");
    fixture_consent (f, "kernteam", "meldpunt", "rapportage", "escalatie");
    fixture_decide (f, &one);
    assert_string_equal (fixture_codes (f, &f->decision.items[0].reasons), "TRIAGE_INCOMPLETE");
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "TRIAGE_INCOMPLETE");
    /* One passes, the other waits for the manager: then the first is withheld. */
    static struct policy_statute statutes[4];
    memcpy (statutes, f->policy.statutes, f->policy.statute_count * sizeof *statutes);
    f->policy.statutes = statutes;
    statutes[statute[0].statute].passes_restriction = true;
    fixture_decide (f, &one);
    assert_string_equal (fixture_codes (f, &f->decision.items[0].reasons), "ALL_OR_NOTHING");
    assert_false (f->decision.items[0].manager_missing);
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "TRIAGE_INCOMPLETE");
    assert_true (f->decision.items[1].manager_missing);
}

/* Of whom the manager is missing now, the triage decision is when the consent has ended: another reason. */
static void test_for_whose_want_a_triage_is_incomplete_is_part_of_until (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw");
    want_a_manager (f);
    fixture_claim_urgency (f, &one, "zorg")->manager_consulted = "";
    struct statement *consent = fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    consent->valid_until = f->now + 1000;
    assert_outcome (f, &one, "TRIAGE_INCOMPLETE");
    assert_int_equal (f->decision.until, f->now + 1000);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_a_statute_over_a_refusal_that_stands_is_against_the_will),
        FIXTURE_TEST (test_a_later_consent_lifts_a_refusal_unless_it_was_withdrawn),
        FIXTURE_TEST (test_a_consent_that_never_counted_lifts_no_refusal),
        FIXTURE_TEST (test_a_written_request_given_after_the_refusal_is_not_against_the_will),
        FIXTURE_TEST (test_it_is_said_to_who_may_hear_of_the_refusal),
        FIXTURE_TEST (test_it_is_no_part_of_until),
        FIXTURE_TEST (test_without_a_manager_nothing_is_disclosed_whatever_the_ground),
        FIXTURE_TEST (test_a_statute_that_passes_a_restriction_waits_for_no_manager),
        FIXTURE_TEST (test_the_manager_of_a_triage_decision_serves_and_the_other_way_round),
        FIXTURE_TEST (test_an_advice_asks_for_the_manager_and_permits),
        FIXTURE_TEST (test_the_manager_comes_before_all_or_nothing),
        FIXTURE_TEST (test_for_whose_want_a_triage_is_incomplete_is_part_of_until),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
