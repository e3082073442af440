/* What a consent must have: a notice (G4), a form (G5), an end (G6), and signatures (G8). And where it must be for
   one time (G7). */
#include <string.h>
#include "fixture_grant.h"

/* G4. */
static void test_the_subject_is_informed_before_the_consent (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->notice.given_at = one->signatures[0].given_at + 1;
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED");
    one->notice.given_at = 0;
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED");
    one->notice.given_at = one->signatures[0].given_at - 1;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->signatures[0].given_at -= 2;
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED");
}

static void test_a_notice_has_a_moment (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->notice.given_at = 1;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->notice.given_at = 0;
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED");
}

static void test_a_notice_has_id_version_and_language (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->notice.id = "";
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED");
    one->notice.id = "toestemming";
    one->notice.version = "";
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED");
    one->notice.version = "1";
    one->notice.language = "";
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED");
}

static void test_a_pack_that_lists_notices_admits_only_those (void **state)
{
    struct fixture *f = *state;
    struct policy_notice notices[] = {
        {"toestemming", "2", "nl"}, {"toestemming", "1", "en"}, {"folder", "1", "nl"}};
    f->policy.notices = notices;
    f->policy.notice_count = 3;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED");
    one->notice.language = "en";
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->notice.language = "nl";
    one->notice.version = "2"; /* the first of the list */
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->notice.id = "folder";
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED");
}

/* G5. */
static void test_special_categories_need_paper_with_evidence (void **state)
{
    struct fixture *f = *state;
    struct statement *one =
        fixture_new_consent (f, "kernteam", "wijkteam", "justitie naw rapportage", "ondersteuning");
    one->form = FORM_ORAL;
    assert_string_equal (fixture_grant_outcome (f, one), "G5 FORM_INSUFFICIENT");
    assert_string_equal (fixture_grant_details (f, one), "justitie, rapportage");
    one->form = FORM_DIGITAL;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->has_evidence = false;
    assert_string_equal (fixture_grant_outcome (f, one), "G5 FORM_INSUFFICIENT");
    /* An oral consent is enough for what is not special, within the controller's authority. */
    one = fixture_new_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->form = FORM_ORAL;
    one->has_evidence = false;
    assert_string_equal (fixture_grant_outcome (f, one), "");
}

static void test_third_parties_need_paper_with_evidence (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon jansen", "naw", "toekenning");
    one->form = FORM_ORAL;
    assert_string_equal (fixture_grant_details (f, one), "horizon, jansen");
    one->form = FORM_WRITTEN;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->has_evidence = false;
    assert_string_equal (fixture_grant_outcome (f, one), "G5 FORM_INSUFFICIENT");
}

static void test_only_a_special_category_that_is_named_needs_paper (void **state)
{
    struct fixture *f = *state;
    struct policy_category *categories = arena_array (f->arena, f->policy.category_count, sizeof *categories);
    memcpy (categories, f->policy.categories, f->policy.category_count * sizeof *categories);
    categories[policy_category (&f->policy, "naw")].special = SPECIAL_HEALTH;
    categories[policy_category (&f->policy, "rapportage")].special = SPECIAL_NO;
    f->policy.categories = categories;
    struct statement *one = fixture_new_consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning");
    one->form = FORM_ORAL;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one = fixture_new_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->form = FORM_ORAL;
    assert_string_equal (fixture_grant_details (f, one), "naw");
}

static void test_a_recipient_of_a_kind_that_the_pack_does_not_know_needs_paper (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->form = FORM_ORAL;
    one->has_evidence = false;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    fixture_party (f, "wijkteam")->kind = (code)f->policy.kind_count;
    assert_string_equal (fixture_grant_outcome (f, one), "G3 NOT_NEEDED, G5 FORM_INSUFFICIENT");
}

/* G6. */
static void test_a_consent_has_an_end_within_the_purposes_longest_validity (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->valid_until = 0;
    assert_string_equal (fixture_grant_outcome (f, one), "G6 TOO_LONG");
    /* Recorded on 1 May 2026: up to and including 1 May 2027. */
    one->valid_until = fixture_at ("2027-05-02");
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->valid_until++;
    assert_string_equal (fixture_grant_outcome (f, one), "G6 TOO_LONG");
}

static void test_the_longest_validity_counts_from_the_earlier_of_begin_and_recording (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->valid_from = fixture_at ("2026-06-01");
    one->valid_until = fixture_at ("2027-05-02");
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->valid_until++;
    assert_string_equal (fixture_grant_outcome (f, one), "G6 TOO_LONG");
    one->valid_from = fixture_at ("2026-04-20");
    one->valid_until = fixture_at ("2027-04-21");
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->valid_until++;
    assert_string_equal (fixture_grant_outcome (f, one), "G6 TOO_LONG");
}

/* G7. */
static void test_a_provider_bound_by_secrecy_needs_a_one_time_consent (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "jansen", "kernteam", "naw", "ondersteuning");
    assert_string_equal (fixture_grant_outcome (f, one), "G7 MUST_BE_ONE_TIME");
    one->one_time = true;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    /* A party's own setting may raise its secrecy. */
    one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_string_equal (fixture_grant_outcome (f, one), "");
    fixture_party (f, "kernteam")->secrecy = SECRECY_PROFESSIONAL;
    assert_string_equal (fixture_grant_outcome (f, one), "G7 MUST_BE_ONE_TIME");
}

static void test_a_flow_may_need_a_one_time_consent (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "school", "naw", "extern-overleg");
    assert_string_equal (fixture_grant_outcome (f, one), "G7 MUST_BE_ONE_TIME");
    one->one_time = true;
    assert_string_equal (fixture_grant_outcome (f, one), "");
}

static void test_the_flow_of_its_own_purpose_says_whether_it_is_one_time (void **state)
{
    struct fixture *f = *state;
    struct policy_flow flows[] = {f->policy.flows[0], f->policy.flows[1]};
    f->policy.flows = flows;
    f->policy.flow_count = 2;
    struct statement *one = fixture_new_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    flows[1].one_time = true; /* of integraal-plan, which is compatible */
    assert_string_equal (fixture_grant_outcome (f, one), "");
    flows[0].one_time = true;
    assert_string_equal (fixture_grant_outcome (f, one), "G7 MUST_BE_ONE_TIME");
    /* Where there is none of its own, the compatible one does. */
    f->policy.flows = flows + 1;
    f->policy.flow_count = 1;
    assert_string_equal (fixture_grant_outcome (f, one), "G7 MUST_BE_ONE_TIME");
    flows[1].one_time = false;
    assert_string_equal (fixture_grant_outcome (f, one), "");
}

static void test_of_several_compatible_flows_the_first_says_whether_it_is_one_time (void **state)
{
    struct fixture *f = *state;
    /* A consent for toekenning, whose own flow is away, would serve extern-overleg and integraal-plan. */
    struct policy_purpose purposes[8];
    memcpy (purposes, f->policy.purposes, f->policy.purpose_count * sizeof *purposes);
    code granting = policy_purpose (&f->policy, "toekenning");
    code_set_add (&purposes[granting].serves, policy_purpose (&f->policy, "integraal-plan"));
    code_set_add (&purposes[granting].serves, policy_purpose (&f->policy, "extern-overleg"));
    f->policy.purposes = purposes;
    struct policy_flow flows[] = {f->policy.flows[1], f->policy.flows[5]};
    flows[1].providers = flows[0].providers;
    flows[1].recipients = flows[0].recipients;
    f->policy.flows = flows;
    f->policy.flow_count = 2;
    struct statement *one = fixture_new_consent (f, "kernteam", "wijkteam", "naw", "toekenning");
    assert_string_equal (fixture_grant_outcome (f, one), "");
    struct policy_flow kept = flows[0];
    flows[0] = flows[1];
    flows[1] = kept;
    assert_string_equal (fixture_grant_outcome (f, one), "G7 MUST_BE_ONE_TIME");
}

static void test_a_one_time_consent_names_one_provider_and_one_recipient (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon school", "naw", "extern-overleg");
    assert_string_equal (fixture_grant_outcome (f, one), "G7 MUST_BE_ONE_TIME");
    one->one_time = true;
    assert_string_equal (fixture_grant_outcome (f, one), "G7 ONE_TIME_TOO_WIDE");
    one = fixture_new_consent (f, "kernteam wijkteam", "school", "naw", "extern-overleg");
    one->one_time = true;
    assert_string_equal (fixture_grant_outcome (f, one), "G7 ONE_TIME_TOO_WIDE");
}

/* G8. */
static void test_who_must_consent_must_sign (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signature_count = 0;
    assert_string_equal (fixture_grant_outcome (f, one), "G8 REPRESENTATION_MISSING");
    one->signature_count = 1;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    f->subject.birth.month = 0;
    assert_string_equal (fixture_grant_outcome (f, one), "G8 REPRESENTATION_MISSING");
}

static void test_nothing_is_recorded_for_the_dead (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signatures[0].given_at = one->notice.given_at = fixture_at ("2026-04-20");
    f->subject.death = fixture_day ("2026-05-02");
    assert_string_equal (fixture_grant_outcome (f, one), "");
    f->subject.death = fixture_day ("2026-04-21");
    assert_string_equal (fixture_grant_outcome (f, one), "G8 REPRESENTATION_MISSING");
    one = fixture_new_refusal (f);
    one->signatures[0].given_at = fixture_at ("2026-04-20");
    assert_string_equal (fixture_grant_outcome (f, one), "G12 REPRESENTATION_MISSING");
    f->subject.death = fixture_day ("2026-05-02");
    assert_string_equal (fixture_grant_outcome (f, one), "");
}

static void test_a_consent_that_has_lapsed_already_is_not_recorded (void **state)
{
    struct fixture *f = *state;
    f->subject.birth = fixture_day ("2014-05-01");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2014-05-01");
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signatures[0] = (struct signature){"moeder", fixture_at ("2026-04-30")};
    one->notice.given_at = fixture_at ("2026-04-30");
    assert_string_equal (fixture_grant_outcome (f, one), "G8 REPRESENTATION_MISSING");
    f->subject.birth = fixture_day ("2014-05-02");
    assert_string_equal (fixture_grant_outcome (f, one), "");
}

static void test_a_birthday_or_a_death_counts_from_the_very_start_of_the_day (void **state)
{
    struct fixture *f = *state;
    f->now = fixture_at ("2026-05-01");
    struct statement *consents = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    struct statement *refuses = fixture_new_refusal (f);
    consents->signatures[0].given_at = consents->notice.given_at = refuses->signatures[0].given_at = f->now - 1;
    f->subject.death = fixture_day ("2026-05-02");
    assert_string_equal (fixture_grant_outcome (f, consents), "");
    assert_string_equal (fixture_grant_outcome (f, refuses), "");
    f->subject.death = fixture_day ("2026-05-01");
    assert_string_equal (fixture_grant_outcome (f, consents), "G8 REPRESENTATION_MISSING");
    assert_string_equal (fixture_grant_outcome (f, refuses), "G12 REPRESENTATION_MISSING");
}

/* G7: the professional who acts raises every provider for this statement. */
static void test_under_secrecy_a_consent_must_be_one_time (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->under_secrecy = true;
    assert_string_equal (fixture_grant_outcome (f, one), "G7 MUST_BE_ONE_TIME");
    one->one_time = true;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one = fixture_new_consent (f, "kernteam wijkteam", "horizon", "naw", "toekenning");
    one->under_secrecy = one->one_time = true;
    assert_string_equal (fixture_grant_outcome (f, one), "G7 ONE_TIME_TOO_WIDE");
    struct statement *doctors = fixture_new_consent (f, "jansen", "kernteam", "naw", "toekenning");
    doctors->under_secrecy = false;
    assert_string_equal (fixture_grant_outcome (f, doctors), "G7 MUST_BE_ONE_TIME");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_the_subject_is_informed_before_the_consent),
        FIXTURE_TEST (test_a_notice_has_a_moment),
        FIXTURE_TEST (test_a_notice_has_id_version_and_language),
        FIXTURE_TEST (test_a_pack_that_lists_notices_admits_only_those),
        FIXTURE_TEST (test_special_categories_need_paper_with_evidence),
        FIXTURE_TEST (test_only_a_special_category_that_is_named_needs_paper),
        FIXTURE_TEST (test_third_parties_need_paper_with_evidence),
        FIXTURE_TEST (test_a_recipient_of_a_kind_that_the_pack_does_not_know_needs_paper),
        FIXTURE_TEST (test_a_consent_has_an_end_within_the_purposes_longest_validity),
        FIXTURE_TEST (test_the_longest_validity_counts_from_the_earlier_of_begin_and_recording),
        FIXTURE_TEST (test_a_provider_bound_by_secrecy_needs_a_one_time_consent),
        FIXTURE_TEST (test_a_flow_may_need_a_one_time_consent),
        FIXTURE_TEST (test_the_flow_of_its_own_purpose_says_whether_it_is_one_time),
        FIXTURE_TEST (test_of_several_compatible_flows_the_first_says_whether_it_is_one_time),
        FIXTURE_TEST (test_a_one_time_consent_names_one_provider_and_one_recipient),
        FIXTURE_TEST (test_who_must_consent_must_sign),
        FIXTURE_TEST (test_nothing_is_recorded_for_the_dead),
        FIXTURE_TEST (test_a_consent_that_has_lapsed_already_is_not_recorded),
        FIXTURE_TEST (test_a_birthday_or_a_death_counts_from_the_very_start_of_the_day),
        FIXTURE_TEST (test_under_secrecy_a_consent_must_be_one_time),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
