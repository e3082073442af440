/* What a decision tells of its own steps: what was looked at, in which order, and what came of it. */
#include <stdio.h>
#include <string.h>

#include "fixture_policy.h"
#include "rules/trace.h"

struct told {
    struct fixture *fixture;
    char text[4096];
};

/* "0 agreement 1 passes; 0 flow - fails NO_FLOW; ..." */
static void write_down (void *reader, const struct trace_step *step)
{
    static const char *const abouts[] = {"agreement", "flow",  "restriction", "statute", "refusal",
                                         "consent",   "claim", "whole",       "will",    "manager"};
    static const char *const outcomes[] = {"passes",   "fails",     "out-of-scope", "behind-gate", "superseded",
                                           "shut-out", "shuts-out", "not-claimed",  "not-admitted"};
    struct told *told = reader;
    char position[16] = "-";
    if (step->position != TRACE_NO_POSITION)
        snprintf (position, sizeof position, "%ld", step->position);
    size_t used = strlen (told->text);
    snprintf (told->text + used, sizeof told->text - used, "%s%zu %s %s %s%s%s", used > 0 ? "; " : "", step->item,
              abouts[step->about], position, outcomes[step->outcome], step->codes.count > 0 ? " " : "",
              fixture_codes (told->fixture, &step->codes));
}

/* Everything told of this check. */
static const char *told_of (struct fixture *f, const struct check *check)
{
    static struct told told;
    told = (struct told){.fixture = f};
    fixture_decide (f, check); /* resolves the statements */
    struct decide_facts facts = fixture_facts (f);
    struct trace trace = {.tell = write_down, .reader = &told};
    struct decision silent = f->decision;
    decide_told (&facts, check, &trace, &f->decision);
    assert_int_equal (f->decision.verdict, silent.verdict);
    return told.text;
}

#define GATES "0 agreement 0 passes; 0 agreement 1 passes; 0 flow 0 passes; 0 restriction - passes; "

static void test_gates_are_told_first_for_both_parties (void **state)
{
    struct fixture *f = *state;
    struct check check = fixture_usual_check (f);
    assert_string_equal (told_of (f, &check), GATES "0 consent - fails NO_CONSENT; 0 claim - not-claimed");
}

static void test_a_missing_agreement_is_told_of_the_party_that_lacks_it (void **state)
{
    struct fixture *f = *state;
    struct check check = fixture_check (f, "kernteam", "horizon", "ondersteuning", "naw/wmo");
    check.purpose = policy_purpose (&f->policy, "toekenning");
    fixture_party (f, "horizon")->agreement_from = MOMENT_NEVER;
    const char *told = told_of (f, &check);
    assert_non_null (
        strstr (told, "0 agreement 0 passes; 0 agreement 1 fails AGREEMENT_MISSING; 0 flow 2 passes; "));
    /* The grounds that the gate shuts out are told as such. */
    assert_non_null (strstr (told, "0 statute 0 behind-gate"));
    fixture_party (f, "kernteam")->active = false;
    assert_non_null (strstr (told_of (f, &check), "0 agreement 0 fails AGREEMENT_MISSING; 0 agreement 1 fails"));
}

static void test_where_no_flow_carries_the_item_nothing_further_is_tried (void **state)
{
    struct fixture *f = *state;
    struct check check = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "bsn/wmo");
    assert_string_equal (told_of (f, &check),
                         "0 agreement 0 passes; 0 agreement 1 passes; 0 flow - fails CATEGORY_NOT_NEEDED");
}

static void test_a_restriction_is_told_and_who_stands_behind_it (void **state)
{
    struct fixture *f = *state;
    struct restriction whole = {.category = "", .since = fixture_at ("2026-04-15")};
    f->subject.restrictions = &whole;
    f->subject.restriction_count = 1;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct check check = fixture_usual_check (f);
    const char *told = told_of (f, &check);
    assert_non_null (strstr (told, "0 restriction - fails RESTRICTED; 0 consent 0 behind-gate"));
    whole.next_order = 1;
    assert_non_null (strstr (told_of (f, &check), "0 restriction - fails RESTRICTED; 0 consent 0 passes"));
}

static void test_that_a_flow_is_never_carried_by_consent_is_told (void **state)
{
    struct fixture *f = *state;
    struct policy_flow flows[16];
    memcpy (flows, f->policy.flows, f->policy.flow_count * sizeof *flows);
    f->policy.flows = flows;
    flows[0].no_consent = true;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct check check = fixture_usual_check (f);
    assert_string_equal (told_of (f, &check),
                         GATES "0 consent - not-admitted; 0 consent - fails NO_CONSENT; 0 claim - not-claimed");
}

static void test_each_consent_is_told_with_all_that_it_fails (void **state)
{
    struct fixture *f = *state;
    struct statement *consent = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct check check = fixture_usual_check (f);
    assert_string_equal (told_of (f, &check), GATES "0 consent 0 passes");
    fixture_withdraw (f, consent, f->now - 1);
    consent->valid_until = f->now;
    assert_string_equal (told_of (f, &check), GATES "0 consent 0 fails REVOKED EXPIRED; "
                                                    "0 claim - not-claimed");
    /* A later one that holds is told beside it. */
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_string_equal (told_of (f, &check), GATES "0 consent 0 superseded; 0 consent 1 passes");
}

static void test_a_refusal_is_told_before_the_consents_that_it_shuts_out (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct check check = fixture_usual_check (f);
    assert_string_equal (told_of (f, &check), GATES "0 refusal 1 shuts-out; 0 consent 0 shut-out; "
                                                    "0 claim - not-claimed");
    /* With what it fails besides. */
    f->statements[0].valid_until = f->now;
    assert_non_null (strstr (told_of (f, &check), "0 consent 0 shut-out EXPIRED"));
}

static void test_a_near_miss_is_told_instead_of_no_consent (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "naw", "ondersteuning");
    struct check check = fixture_usual_check (f);
    assert_string_equal (told_of (f, &check), GATES "0 consent 0 fails RECIPIENT_NOT_CONSENTED; "
                                                    "0 claim - not-claimed");
}

/* Though the second adds nothing to the answer. */
static void test_every_near_miss_is_told (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "naw", "ondersteuning");
    fixture_consent (f, "kernteam", "school", "naw", "ondersteuning");
    struct check check = fixture_usual_check (f);
    assert_string_equal (told_of (f, &check), GATES "0 consent 1 fails RECIPIENT_NOT_CONSENTED; "
                                                    "0 consent 0 fails RECIPIENT_NOT_CONSENTED; "
                                                    "0 claim - not-claimed");
}

static void test_a_consent_that_misses_more_is_not_told (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "rapportage", "ondersteuning");
    struct check check = fixture_usual_check (f);
    assert_string_equal (told_of (f, &check), GATES "0 consent - fails NO_CONSENT; 0 claim - not-claimed");
}

static void test_what_all_or_nothing_withholds_is_told_last_of_each_item (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct check check = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "bsn/wmo naw/wmo");
    check.all_or_nothing = true;
    assert_string_equal (told_of (f, &check),
                         "0 agreement 0 passes; 0 agreement 1 passes; 0 flow - fails CATEGORY_NOT_NEEDED; "
                         "1 agreement 0 passes; 1 agreement 1 passes; 1 flow 0 passes; 1 restriction - passes; "
                         "1 consent 0 passes; 1 whole - fails ALL_OR_NOTHING");
}

/* C15. */
static void test_what_is_against_the_will_and_the_manager_it_needs_are_told_behind_the_ground (void **state)
{
    struct fixture *f = *state;
    static struct policy_purpose purposes[8];
    memcpy (purposes, f->policy.purposes, f->policy.purpose_count * sizeof *purposes);
    purposes[policy_purpose (&f->policy, "toekenning")].manager_first = true;
    f->policy.purposes = purposes;
    fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    struct check check = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    check.manager_consulted = true;
    const char *told = told_of (f, &check);
    assert_string_equal (strstr (told, "0 will"), "0 will 0 passes; 0 manager - passes");
    check.manager_consulted = false;
    told = told_of (f, &check);
    assert_string_equal (strstr (told, "0 will"), "0 will 0 passes; 0 manager - fails TRIAGE_INCOMPLETE");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_gates_are_told_first_for_both_parties),
        FIXTURE_TEST (test_a_missing_agreement_is_told_of_the_party_that_lacks_it),
        FIXTURE_TEST (test_where_no_flow_carries_the_item_nothing_further_is_tried),
        FIXTURE_TEST (test_a_restriction_is_told_and_who_stands_behind_it),
        FIXTURE_TEST (test_that_a_flow_is_never_carried_by_consent_is_told),
        FIXTURE_TEST (test_each_consent_is_told_with_all_that_it_fails),
        FIXTURE_TEST (test_a_refusal_is_told_before_the_consents_that_it_shuts_out),
        FIXTURE_TEST (test_a_near_miss_is_told_instead_of_no_consent),
        FIXTURE_TEST (test_every_near_miss_is_told),
        FIXTURE_TEST (test_a_consent_that_misses_more_is_not_told),
        FIXTURE_TEST (test_what_is_against_the_will_and_the_manager_it_needs_are_told_behind_the_ground),
        FIXTURE_TEST (test_what_all_or_nothing_withholds_is_told_last_of_each_item),
    };
    return cmocka_run_group_tests_name ("trace", tests, NULL, NULL);
}
