/* C7: the conditions of a consent that covers the item, and which of several is the ground. */
#include <string.h>
#include "fixture_policy.h"

/* G7: the professional who acts. */
static void test_under_secrecy_the_provider_is_bound_for_this_check (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    struct statement *consented = fixture_usual_consent (f);
    one.under_secrecy = true;
    assert_outcome (f, &one, "FORM_INSUFFICIENT");
    consented->one_time = true;
    assert_outcome (f, &one, "consent");
    /* A statute must break it. */
    struct check report = fixture_check (f, "kernteam", "meldpunt", "escalatie", "naw");
    struct check grant = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &grant, "statute");
    grant.under_secrecy = report.under_secrecy = true;
    assert_outcome (f, &grant, "NO_CONSENT SECRECY");
    assert_outcome (f, &report, "statute");
    /* It raises, and never lowers. */
    struct check doctor = fixture_check (f, "jansen", "kernteam", "toekenning", "naw/wmo");
    assert_outcome (f, &doctor, "NO_CONSENT SECRECY");
    doctor.under_secrecy = true;
    assert_outcome (f, &doctor, "NO_CONSENT SECRECY");
}

static void test_a_consent_under_secrecy_is_good_only_if_it_is_one_time (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_usual_check (f);
    struct statement *consented = fixture_usual_consent (f);
    consented->under_secrecy = true;
    assert_outcome (f, &one, "FORM_INSUFFICIENT");
    consented->one_time = true;
    assert_outcome (f, &one, "consent");
}

/* G3: about other persons. */
static void test_a_flow_marked_so_is_never_carried_by_consent (void **state)
{
    struct fixture *f = *state;
    struct policy_flow flows[16];
    struct check one = fixture_usual_check (f);
    struct statement *consented = fixture_usual_consent (f);
    memcpy (flows, f->policy.flows, f->policy.flow_count * sizeof *flows);
    f->policy.flows = flows;
    assert_outcome (f, &one, "consent");
    flows[0].no_consent = true;
    assert_outcome (f, &one, "NO_CONSENT");
    /* It gives no reason either, and is no near miss. */
    consented->valid_until = f->now;
    assert_outcome (f, &one, "NO_CONSENT");
    consented->valid_until++;
    consented->scope.recipients = fixture_set (f, "horizon");
    assert_outcome (f, &one, "NO_CONSENT");
    consented->scope.recipients = fixture_set (f, "wijkteam");
    /* A refusal counts, until the subject says otherwise; a statute or an urgent reason carries it all the same.
     */
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_outcome (f, &one, "REFUSED");
    struct policy_flow_statute wmo[] = {f->policy.flows[4].statutes[0]};
    flows[0].statutes = wmo;
    flows[0].statute_count = 1;
    assert_outcome (f, &one, "statute");
    flows[0].statute_count = 0;
    fixture_usual_consent (f);
    assert_outcome (f, &one, "NO_CONSENT");
}

/* C7: the conditions. */
static void test_a_consent_holds_from_its_begin_until_its_end (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_usual_consent (f);
    struct check asked = fixture_usual_check (f);
    one->valid_from = f->now + 1;
    assert_outcome (f, &asked, "NOT_YET_VALID");
    one->valid_from = f->now;
    assert_outcome (f, &asked, "consent");
    one->valid_until = f->now;
    assert_outcome (f, &asked, "EXPIRED");
    one->valid_until = f->now + 1;
    assert_outcome (f, &asked, "consent");
}

static void test_a_compatible_purpose_is_served_no_longer_than_its_own_longest_validity (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_usual_consent (f);
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "integraal-plan", "naw");
    /* Recorded on 1 April: up to and including 1 July. */
    f->now = fixture_at ("2026-07-02") - 1;
    assert_outcome (f, &asked, "consent");
    f->now++;
    assert_outcome (f, &asked, "EXPIRED");
    struct check own = fixture_usual_check (f);
    assert_outcome (f, &own, "consent");
    /* Counted from its begin where that is earlier, and never beyond its own end. */
    f->now = fixture_at ("2026-06-21");
    one->valid_from = fixture_at ("2026-03-20");
    assert_outcome (f, &asked, "EXPIRED");
    f->now--;
    assert_outcome (f, &asked, "consent");
    one->valid_until = f->now;
    assert_outcome (f, &asked, "EXPIRED");
    /* Not the other way round. */
    one->scope.purpose = "integraal-plan";
    one->valid_until = MOMENT_NEVER;
    assert_outcome (f, &own, "WRONG_PURPOSE");
}

static void test_a_withdrawn_consent_does_not_hold_from_the_recording_on (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_usual_consent (f);
    struct check asked = fixture_usual_check (f);
    fixture_withdraw (f, one, f->now + 1)->withdrawn_at = f->now - HOUR;
    assert_outcome (f, &asked, "consent");
    f->now++;
    assert_outcome (f, &asked, "REVOKED");
}

static void test_a_part_is_withdrawn_and_the_rest_holds (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam horizon", "naw rapportage", "ondersteuning");
    struct withdrawal *part = fixture_withdraw (f, one, f->now);
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw rapportage");
    part->categories = fixture_set (f, "rapportage");
    const struct decision *decision = fixture_decide (f, &asked);
    assert_int_equal (decision->verdict, VERDICT_PARTIAL);
    assert_true (decision->items[0].permit);
    assert_string_equal (fixture_codes (f, &decision->items[1].reasons), "REVOKED");
    part->recipients = fixture_set (f, "horizon");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
    part->recipients = fixture_set (f, "wijkteam");
    part->providers = fixture_set (f, "horizon");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
    part->providers = fixture_set (f, "kernteam");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PARTIAL);
}

static void test_a_one_time_consent_holds_until_it_is_used (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "school", "naw", "extern-overleg");
    one->one_time = true;
    struct check asked = fixture_check (f, "kernteam", "school", "extern-overleg", "naw");
    assert_outcome (f, &asked, "consent");
    one->used_at = f->now;
    assert_outcome (f, &asked, "USED_UP");
}

static void test_a_consent_bound_to_a_case_serves_that_case (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_usual_consent (f);
    struct check asked = fixture_usual_check (f);
    asked.case_ref = "Z-1";
    assert_outcome (f, &asked, "consent");
    one->scope.case_ref = "Z-1";
    assert_outcome (f, &asked, "consent");
    asked.case_ref = "Z-2";
    assert_outcome (f, &asked, "OTHER_CASE");
    asked.case_ref = "";
    assert_outcome (f, &asked, "OTHER_CASE");
}

static void test_a_consent_that_names_origins_serves_those (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_usual_consent (f);
    one->scope.origins = fixture_set (f, "jeugdwet");
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw/jeugdwet");
    assert_outcome (f, &asked, "consent");
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw/wmo");
    assert_outcome (f, &asked, "ORIGIN_NOT_CONSENTED");
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw");
    assert_outcome (f, &asked, "ORIGIN_NOT_CONSENTED");
    /* Origins of another pack match nothing, and are not "whatever the origin". */
    one->scope.origins = fixture_set (f, "armenwet");
    assert_outcome (f, &asked, "ORIGIN_NOT_CONSENTED");
    one->scope.origins = fixture_set (f, "");
    assert_outcome (f, &asked, "consent");
}

static void test_the_form_must_suffice_for_the_category_and_the_recipient (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam school", "naw rapportage", "ondersteuning");
    one->form = FORM_ORAL;
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw rapportage");
    fixture_decide (f, &asked);
    assert_true (f->decision.items[0].permit);
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "FORM_INSUFFICIENT");
    one->form = FORM_DIGITAL;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
    one->has_evidence = false;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PARTIAL);
    /* A third party. */
    one = fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->form = FORM_ORAL;
    asked = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/jeugdwet");
    assert_outcome (f, &asked, "FORM_INSUFFICIENT STATUTE_NOT_FOR_ORIGIN");
    one->form = FORM_WRITTEN;
    assert_outcome (f, &asked, "consent");
}

static void test_secrecy_and_some_flows_need_a_one_time_consent (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "jansen", "kernteam", "naw", "integraal-plan");
    struct check asked = fixture_check (f, "jansen", "kernteam", "integraal-plan", "naw");
    assert_outcome (f, &asked, "FORM_INSUFFICIENT");
    one->one_time = true;
    assert_outcome (f, &asked, "consent");
    one = fixture_consent (f, "kernteam", "school", "naw", "extern-overleg");
    asked = fixture_check (f, "kernteam", "school", "extern-overleg", "naw");
    assert_outcome (f, &asked, "FORM_INSUFFICIENT");
    one->one_time = true;
    assert_outcome (f, &asked, "consent");
}

static void test_a_lapsed_consent_does_not_hold (void **state)
{
    struct fixture *f = *state;
    f->subject.birth = fixture_day ("2014-06-15");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2014-06-15");
    fixture_usual_consent (f)->signatures[0].signer = "moeder";
    struct check asked = fixture_usual_check (f);
    f->now = fixture_at ("2026-06-15") - 1;
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.until, fixture_at ("2026-06-15"));
    f->now++;
    assert_outcome (f, &asked, "REPRESENTATION_LAPSED");
}

static void test_a_consent_gives_every_condition_that_it_fails (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning");
    one->signature_count = 0;
    one->form = FORM_ORAL;
    one->scope.origins = fixture_set (f, "brp");
    one->scope.case_ref = "Z-1";
    one->used_at = f->now;
    one->valid_from = f->now + 2;
    one->valid_until = f->now;
    fixture_withdraw (f, one, f->now);
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "rapportage");
    assert_outcome (f, &asked,
                    "REVOKED EXPIRED NOT_YET_VALID USED_UP OTHER_CASE ORIGIN_NOT_CONSENTED FORM_INSUFFICIENT "
                    "REPRESENTATION_LAPSED");
    /* Several consents together, in the same order and each code once. */
    fixture_consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning")->valid_until = f->now;
    f->statements[0] = f->statements[1];
    f->statements[1].order++;
    f->statements[1].valid_until = MOMENT_NEVER;
    f->statements[1].used_at = 1;
    f->statements[1].scope.origins = fixture_set (f, "wmo");
    assert_outcome (f, &asked, "EXPIRED USED_UP ORIGIN_NOT_CONSENTED");
}

static void test_among_several_a_reusable_one_then_the_latest (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam horizon", "naw", "ondersteuning");
    fixture_consent (f, "kernteam", "wijkteam school", "naw", "ondersteuning");
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning")->one_time = true;
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, 1);
    assert_false (f->decision.one_time);
    f->statements[0].order = 9;
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, 0);
    f->statements[0].valid_until = f->statements[1].valid_until = f->now;
    f->statements[2].order = 10;
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, 2);
    assert_true (f->decision.one_time);
}

static void test_all_items_may_rest_on_one_one_time_consent (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw rapportage", "ondersteuning")->one_time = true;
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw rapportage");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
    assert_true (f->decision.one_time);
    /* An advice says what a DISCLOSE would bring. */
    asked.mode = MODE_ADVISE;
    assert_true (fixture_decide (f, &asked)->one_time);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_under_secrecy_the_provider_is_bound_for_this_check),
        FIXTURE_TEST (test_a_consent_under_secrecy_is_good_only_if_it_is_one_time),
        FIXTURE_TEST (test_a_flow_marked_so_is_never_carried_by_consent),
        FIXTURE_TEST (test_a_consent_holds_from_its_begin_until_its_end),
        FIXTURE_TEST (test_a_compatible_purpose_is_served_no_longer_than_its_own_longest_validity),
        FIXTURE_TEST (test_a_withdrawn_consent_does_not_hold_from_the_recording_on),
        FIXTURE_TEST (test_a_part_is_withdrawn_and_the_rest_holds),
        FIXTURE_TEST (test_a_one_time_consent_holds_until_it_is_used),
        FIXTURE_TEST (test_a_consent_bound_to_a_case_serves_that_case),
        FIXTURE_TEST (test_a_consent_that_names_origins_serves_those),
        FIXTURE_TEST (test_the_form_must_suffice_for_the_category_and_the_recipient),
        FIXTURE_TEST (test_secrecy_and_some_flows_need_a_one_time_consent),
        FIXTURE_TEST (test_a_lapsed_consent_does_not_hold),
        FIXTURE_TEST (test_a_consent_gives_every_condition_that_it_fails),
        FIXTURE_TEST (test_among_several_a_reusable_one_then_the_latest),
        FIXTURE_TEST (test_all_items_may_rest_on_one_one_time_consent),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
