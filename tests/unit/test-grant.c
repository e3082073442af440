/* Section 2 of the rules: what may be recorded. What is blanket (G2) or invalid, refusals (G12), requests (G1).
   Its conditions and its ground are in test-grant-*.c. Each code has a failing case beside a passing one. */
#include <string.h>
#include "fixture_grant.h"

static void test_a_consent_that_fails_nothing_is_admitted (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "horizon",
                                                                        "bsn naw rapportage", "toekenning")),
                         "");
}

static void test_an_admitted_consent_is_resolved_and_begins_when_recorded (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "bsn naw", "toekenning");
    one->valid_from = 0;
    one->scope.origins = fixture_set (f, "jeugdwet");
    assert_string_equal (fixture_grant_outcome (f, one), "");
    assert_int_equal (one->valid_from, f->now);
    assert_true (code_set_has (&one->scope.category_set, policy_category (&f->policy, "bsn")));
    assert_false (code_set_has (&one->scope.category_set, policy_category (&f->policy, "rapportage")));
    assert_true (one->scope.names_origins);
    assert_true (code_set_has (&one->scope.origin_set, policy_origin (&f->policy, "jeugdwet")));
    assert_int_equal (one->scope.purpose_code, policy_purpose (&f->policy, "toekenning"));
}

/* G2. */
static void test_a_blanket_consent_is_refused_and_nothing_else_is_judged (void **state)
{
    struct fixture *f = *state;
    static const char *const wildcards[] = {"*", "ALL", "alle", "Alles", "any", "everyone", "Iedereen", "zorg*"};
    for (size_t i = 0; i < sizeof wildcards / sizeof *wildcards; i++) {
        const char *lists[5] = {"kernteam", "horizon", "naw", "wmo", "toekenning"};
        for (size_t place = 0; place < 5; place++) {
            f->statement_count = 0;
            const char *kept = lists[place];
            lists[place] = place == 4 ? wildcards[i] : arena_printf (f->arena, "%s %s", kept, wildcards[i]);
            struct statement *one = fixture_new_consent (f, lists[0], lists[1], lists[2], lists[4]);
            one->scope.origins = fixture_set (f, lists[3]);
            one->signature_count = 0;
            one->valid_until = 0;
            assert_true (grant_is_blanket (one));
            assert_string_equal (fixture_grant_outcome (f, one), "G2 BLANKET_CONSENT");
            lists[place] = kept;
        }
    }
}

static void test_an_empty_list_is_blanket (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (fixture_grant_outcome (f, fixture_new_consent (f, "", "horizon", "naw", "toekenning")),
                         "G2 BLANKET_CONSENT");
    assert_string_equal (fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "", "naw", "toekenning")),
                         "G2 BLANKET_CONSENT");
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "horizon", "", "toekenning")),
        "G2 BLANKET_CONSENT");
    /* No origins is not: then it is for whatever origin. */
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning")), "");
}

static void test_more_than_32_categories_are_blanket (void **state)
{
    struct fixture *f = *state;
    const char *words = "c0";
    for (int i = 1; i < 32; i++)
        words = arena_printf (f->arena, "%s c%d", words, i);
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "horizon", words, "toekenning")),
        "INVALID scope.categories[0]");
    words = arena_printf (f->arena, "%s c32", words);
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "horizon", words, "toekenning")),
        "G2 BLANKET_CONSENT");
}

static void test_blanket_is_judged_before_what_is_invalid (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (fixture_grant_outcome (f, fixture_new_consent (f, "nobody", "alle", "nothing", "")),
                         "G2 BLANKET_CONSENT");
    struct statement *one = fixture_new_refusal (f);
    one->scope.categories = fixture_set (f, "alles");
    assert_string_equal (fixture_grant_outcome (f, one), "G2 BLANKET_CONSENT");
}

/* INVALID, with the field. */
static void test_an_unknown_name_is_invalid (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam nobody", "horizon", "naw", "toekenning")),
        "INVALID scope.providers[1]");
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "nobody", "naw", "toekenning")),
        "INVALID scope.recipients[0]");
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "horizon", "naw gossip", "toekenning")),
        "INVALID scope.categories[1]");
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "horizon", "naw", "curiosity")),
        "INVALID scope.purpose");
    assert_string_equal (fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "horizon", "naw", "")),
                         "INVALID scope.purpose");
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->scope.origins = fixture_set (f, "wmo hearsay");
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID scope.origins[1]");
}

static void test_a_kind_of_party_is_no_party (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "zorgaanbieder", "naw", "toekenning");
    struct grant_outcome outcome = fixture_judge_grant (f, one);
    assert_string_equal (outcome.invalid_field, "scope.recipients[0]");
    assert_non_null (strstr (outcome.invalid_message, "kind"));
    outcome = fixture_judge_grant (f, fixture_new_consent (f, "kernteam", "nobody", "naw", "toekenning"));
    assert_null (strstr (outcome.invalid_message, "kind"));
}

static void test_a_party_and_nobody_but_itself_is_invalid (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "kernteam", "naw", "ondersteuning")),
        "INVALID scope.recipients");
    assert_string_equal (fixture_grant_outcome (
                             f, fixture_new_consent (f, "kernteam", "kernteam wijkteam", "naw", "ondersteuning")),
                         "");
    assert_string_equal (fixture_grant_outcome (
                             f, fixture_new_consent (f, "kernteam wijkteam", "kernteam", "naw", "ondersteuning")),
                         "");
}

static void test_more_than_32_parties_are_invalid (void **state)
{
    struct fixture *f = *state;
    const char *words = "p0";
    for (int i = 1; i < 32; i++)
        words = arena_printf (f->arena, "%s p%d", words, i);
    assert_string_equal (fixture_grant_outcome (f, fixture_new_consent (f, words, "horizon", "naw", "toekenning")),
                         "INVALID scope.providers[0]");
    words = arena_printf (f->arena, "%s p32", words);
    assert_string_equal (fixture_grant_outcome (f, fixture_new_consent (f, words, "horizon", "naw", "toekenning")),
                         "INVALID scope.providers");
}

static void test_motivation_and_form_are_required (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->motivation = "";
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID motivation");
    one->motivation = "om te helpen";
    one->form = FORM_NONE;
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID form");
}

static void test_signatures_that_cannot_be_are_invalid (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    fixture_sign (f, one, "buurvrouw", f->now);
    /* Who is not registered may sign; it does not count (M6), and hides nothing from the caller. */
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->signatures[1].given_at = f->now + 1;
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID signatures[1].given_at");
    one->signatures[1].given_at = 0;
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID signatures[1].given_at");
    one->signatures[1] = one->signatures[0];
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID signatures[1].signer");
}

static void test_every_signature_is_looked_at_from_the_first_on (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signatures[0].given_at = f->now + 1;
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID signatures[0].given_at");
    one->signatures[0].given_at = 0;
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID signatures[0].given_at");
    /* Long ago is a moment too, though not one at which this subject could sign. */
    one->signatures[0].given_at = 1;
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED, G8 REPRESENTATION_MISSING");
}

static void test_what_is_invalid_is_not_judged_further (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "gossip naw", "toekenning");
    one->valid_until = 0;
    one->notice.id = "";
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID scope.categories[0]");
    one->scope.categories = fixture_set (f, "naw");
    assert_string_equal (fixture_grant_outcome (f, one), "G4 NOT_INFORMED, G6 TOO_LONG");
    one->scope.recipients = fixture_set (f, "nobody");
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID scope.recipients[0]");
}

static void test_a_stranger_does_not_sign_for_the_subject (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signatures[0].signer = "buurvrouw";
    assert_string_equal (fixture_grant_outcome (f, one), "G8 REPRESENTATION_MISSING");
    one->signatures[0].signer = "subject";
    assert_string_equal (fixture_grant_outcome (f, one), "");
}

static void test_an_end_that_is_reversed_or_past_is_invalid (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->valid_from = fixture_at ("2026-06-01");
    one->valid_until = one->valid_from;
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID valid_until");
    one->valid_until++;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->valid_from = fixture_at ("2026-04-01");
    one->valid_until = f->now;
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID valid_until");
    one->valid_until++;
    assert_string_equal (fixture_grant_outcome (f, one), "");
}

static void test_every_code_that_fails_is_listed_in_rule_order (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "jansen", "kernteam", "justitie", "toekenning");
    one->form = FORM_ORAL;
    one->notice.id = "";
    one->valid_until = 0;
    one->signature_count = 0;
    assert_string_equal (fixture_grant_outcome (f, one),
                         "G3 NOT_NEEDED, G4 NOT_INFORMED, G5 FORM_INSUFFICIENT, G6 TOO_LONG, "
                         "G7 MUST_BE_ONE_TIME, G8 REPRESENTATION_MISSING");
}

/* G12. */
static void test_a_refusal_needs_no_form_no_notice_and_no_end (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_refusal (f);
    one->valid_from = one->valid_until = 0;
    one->one_time = true;
    assert_string_equal (fixture_grant_outcome (f, one), "");
    assert_int_equal (one->valid_from, one->recorded_at);
    assert_int_equal (one->valid_until, MOMENT_NEVER);
    assert_false (one->one_time);
    /* Nor a flow: the subject may refuse what nobody would ask. */
    one->scope.categories = fixture_set (f, "vrije-tekst");
    assert_string_equal (fixture_grant_outcome (f, one), "");
    one->motivation = "";
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID motivation");
}

static void test_a_refusal_needs_the_word_of_one_who_may_withdraw (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_refusal (f);
    one->signature_count = 0;
    assert_string_equal (fixture_grant_outcome (f, one), "G12 REPRESENTATION_MISSING");
    f->subject.birth = fixture_day ("2020-01-01");
    one->signature_count = 1;
    assert_string_equal (fixture_grant_outcome (f, one), "G12 REPRESENTATION_MISSING");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2020-01-01");
    fixture_representative (f, "vader", "ouder-met-gezag", "2020-01-01");
    fixture_sign (f, one, "vader", f->now);
    assert_string_equal (fixture_grant_outcome (f, one), "");
}

/* G1: requests. */
static const char *request_outcome (struct fixture *f, struct statement *statement)
{
    struct grant_facts facts = {
        .policy = &f->policy, .subject = &f->subject, .parties = {fixture_find_party, f}, .now = f->now};
    struct grant_outcome outcome;
    grant_judge_request (&facts, statement, f->arena, &outcome);
    if (outcome.invalid_field != NULL)
        return arena_printf (f->arena, "INVALID %s", outcome.invalid_field);
    const char *text = outcome.has_warning ? "warned " : "";
    for (size_t i = 0; i < outcome.refusal_count; i++)
        text = arena_printf (f->arena, "%s%s ", text, outcome.refusals[i].rule);
    return text;
}

static struct statement *request (struct fixture *f, const char *provider, const char *recipient,
                                  const char *categories, const char *purpose)
{
    struct statement *one = fixture_new_consent (f, provider, recipient, categories, purpose);
    one->form = FORM_NONE;
    one->has_evidence = false;
    one->notice.id = "";
    one->signature_count = 0;
    return one;
}

static void test_a_request_needs_no_form_no_notice_and_no_signature_yet (void **state)
{
    struct fixture *f = *state;
    struct statement *one = request (f, "kernteam", "wijkteam", "naw rapportage", "ondersteuning");
    one->valid_from = 0;
    assert_string_equal (request_outcome (f, one), "");
    assert_int_equal (one->valid_from, f->now);
    assert_int_equal (one->scope.purpose_code, policy_purpose (&f->policy, "ondersteuning"));
    /* Recorded as a consent it would. */
    assert_string_equal (fixture_grant_outcome (f, one), "INVALID form");
    f->subject.birth = fixture_day ("2020-01-01");
    assert_string_equal (request_outcome (f, one), "");
}

static void test_a_request_is_judged_on_what_it_asks_for (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (request_outcome (f, request (f, "kernteam", "alle", "naw", "ondersteuning")), "G2 ");
    assert_string_equal (request_outcome (f, request (f, "kernteam", "niemand", "naw", "ondersteuning")),
                         "INVALID scope.recipients[0]");
    assert_string_equal (request_outcome (f, request (f, "kernteam", "wijkteam", "bsn", "ondersteuning")), "G3 ");
    struct statement *one = request (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->valid_until = 0;
    assert_string_equal (request_outcome (f, one), "G6 ");
    one->valid_until = f->now;
    assert_string_equal (request_outcome (f, one), "INVALID valid_until");
    one = request (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->motivation = "";
    assert_string_equal (request_outcome (f, one), "INVALID motivation");
    assert_string_equal (request_outcome (f, request (f, "jansen", "kernteam", "naw", "integraal-plan")), "G7 ");
    one = request (f, "kernteam wijkteam", "kernteam wijkteam", "naw", "ondersteuning");
    one->one_time = true;
    assert_string_equal (request_outcome (f, one), "G7 ");
    assert_string_equal (request_outcome (f, request (f, "kernteam", "horizon", "naw", "toekenning")), "warned ");
    f->policy.refuse_consent_not_the_ground = true;
    one = request (f, "kernteam", "horizon", "naw", "toekenning");
    assert_string_equal (request_outcome (f, one), "G9 ");
    one->valid_until = 0;
    assert_string_equal (request_outcome (f, one), "G6 G9 ");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_a_consent_that_fails_nothing_is_admitted),
        FIXTURE_TEST (test_an_admitted_consent_is_resolved_and_begins_when_recorded),
        FIXTURE_TEST (test_a_blanket_consent_is_refused_and_nothing_else_is_judged),
        FIXTURE_TEST (test_an_empty_list_is_blanket),
        FIXTURE_TEST (test_more_than_32_categories_are_blanket),
        FIXTURE_TEST (test_blanket_is_judged_before_what_is_invalid),
        FIXTURE_TEST (test_an_unknown_name_is_invalid),
        FIXTURE_TEST (test_a_kind_of_party_is_no_party),
        FIXTURE_TEST (test_a_party_and_nobody_but_itself_is_invalid),
        FIXTURE_TEST (test_more_than_32_parties_are_invalid),
        FIXTURE_TEST (test_motivation_and_form_are_required),
        FIXTURE_TEST (test_signatures_that_cannot_be_are_invalid),
        FIXTURE_TEST (test_every_signature_is_looked_at_from_the_first_on),
        FIXTURE_TEST (test_what_is_invalid_is_not_judged_further),
        FIXTURE_TEST (test_a_stranger_does_not_sign_for_the_subject),
        FIXTURE_TEST (test_an_end_that_is_reversed_or_past_is_invalid),
        FIXTURE_TEST (test_every_code_that_fails_is_listed_in_rule_order),
        FIXTURE_TEST (test_a_refusal_needs_no_form_no_notice_and_no_end),
        FIXTURE_TEST (test_a_refusal_needs_the_word_of_one_who_may_withdraw),
        FIXTURE_TEST (test_a_request_needs_no_form_no_notice_and_no_signature_yet),
        FIXTURE_TEST (test_a_request_is_judged_on_what_it_asks_for),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
