/* Section 2 of the rules: what may be recorded. Each code has a failing case beside a passing one. */
#include <string.h>
#include "fixture_policy.h"

static struct grant_outcome judge (struct fixture *f, struct statement *statement)
{
    struct grant_facts facts = {
        .policy = &f->policy, .subject = &f->subject, .parties = {fixture_find_party, f}, .now = f->now};
    struct grant_outcome outcome;
    grant_judge (&facts, statement, f->arena, &outcome);
    return outcome;
}

/* "" if admitted, "INVALID field", or the codes with their rules: "G3 NOT_NEEDED, G6 TOO_LONG". */
static const char *outcome_of (struct fixture *f, struct statement *statement)
{
    struct grant_outcome outcome = judge (f, statement);
    if (outcome.invalid_field != NULL) {
        assert_non_null (outcome.invalid_message);
        assert_int_equal (outcome.refusal_count, 0);
        return arena_printf (f->arena, "INVALID %s", outcome.invalid_field);
    }
    const char *text = "";
    for (size_t i = 0; i < outcome.refusal_count; i++)
        text = arena_printf (f->arena, "%s%s%s %s", text, i == 0 ? "" : ", ", outcome.refusals[i].rule,
                             rule_code_name (outcome.refusals[i].code));
    return text;
}

static const char *details_of (struct fixture *f, struct statement *statement)
{
    struct grant_outcome outcome = judge (f, statement);
    const char *text = "";
    assert_int_equal (outcome.refusal_count, 1);
    for (size_t i = 0; i < outcome.refusals[0].detail_count; i++)
        text = arena_printf (f->arena, "%s%s%s", text, i == 0 ? "" : ", ", outcome.refusals[0].details[i]);
    return text;
}

/* A consent that is admitted: recorded now, signed and notified now. */
static struct statement *consent (struct fixture *f, const char *provider, const char *recipient,
                                  const char *categories, const char *purpose)
{
    struct statement *one = fixture_consent (f, provider, recipient, categories, purpose);
    one->recorded_at = one->valid_from = one->notice.given_at = one->signatures[0].given_at = f->now;
    one->valid_until = fixture_at ("2026-08-01");
    return one;
}

static struct statement *refusal (struct fixture *f)
{
    struct statement *one = fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    one->recorded_at = one->signatures[0].given_at = f->now;
    return one;
}

static void test_a_consent_that_fails_nothing_is_admitted (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "horizon", "bsn naw rapportage", "toekenning")),
                         "");
}

static void test_an_admitted_consent_is_resolved_and_begins_when_recorded (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "bsn naw", "toekenning");
    one->valid_from = 0;
    one->scope.origins = fixture_set (f, "jeugdwet");
    assert_string_equal (outcome_of (f, one), "");
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
            struct statement *one = consent (f, lists[0], lists[1], lists[2], lists[4]);
            one->scope.origins = fixture_set (f, lists[3]);
            one->signature_count = 0;
            one->valid_until = 0;
            assert_true (grant_is_blanket (one));
            assert_string_equal (outcome_of (f, one), "G2 BLANKET_CONSENT");
            lists[place] = kept;
        }
    }
}

static void test_an_empty_list_is_blanket (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (outcome_of (f, consent (f, "", "horizon", "naw", "toekenning")), "G2 BLANKET_CONSENT");
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "", "naw", "toekenning")), "G2 BLANKET_CONSENT");
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "horizon", "", "toekenning")),
                         "G2 BLANKET_CONSENT");
    /* No origins is not: then it is for whatever origin. */
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "horizon", "naw", "toekenning")), "");
}

static void test_more_than_32_categories_are_blanket (void **state)
{
    struct fixture *f = *state;
    const char *words = "c0";
    for (int i = 1; i < 32; i++)
        words = arena_printf (f->arena, "%s c%d", words, i);
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "horizon", words, "toekenning")),
                         "INVALID scope.categories[0]");
    words = arena_printf (f->arena, "%s c32", words);
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "horizon", words, "toekenning")),
                         "G2 BLANKET_CONSENT");
}

static void test_blanket_is_judged_before_what_is_invalid (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (outcome_of (f, consent (f, "nobody", "alle", "nothing", "")), "G2 BLANKET_CONSENT");
    struct statement *one = refusal (f);
    one->scope.categories = fixture_set (f, "alles");
    assert_string_equal (outcome_of (f, one), "G2 BLANKET_CONSENT");
}

/* INVALID, with the field. */
static void test_an_unknown_name_is_invalid (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (outcome_of (f, consent (f, "kernteam nobody", "horizon", "naw", "toekenning")),
                         "INVALID scope.providers[1]");
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "nobody", "naw", "toekenning")),
                         "INVALID scope.recipients[0]");
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "horizon", "naw gossip", "toekenning")),
                         "INVALID scope.categories[1]");
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "horizon", "naw", "curiosity")),
                         "INVALID scope.purpose");
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "horizon", "naw", "")), "INVALID scope.purpose");
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->scope.origins = fixture_set (f, "wmo hearsay");
    assert_string_equal (outcome_of (f, one), "INVALID scope.origins[1]");
}

static void test_a_kind_of_party_is_no_party (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "zorgaanbieder", "naw", "toekenning");
    struct grant_outcome outcome = judge (f, one);
    assert_string_equal (outcome.invalid_field, "scope.recipients[0]");
    assert_non_null (strstr (outcome.invalid_message, "kind"));
    outcome = judge (f, consent (f, "kernteam", "nobody", "naw", "toekenning"));
    assert_null (strstr (outcome.invalid_message, "kind"));
}

static void test_a_party_and_nobody_but_itself_is_invalid (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "kernteam", "naw", "ondersteuning")),
                         "INVALID scope.recipients");
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "kernteam wijkteam", "naw", "ondersteuning")), "");
    assert_string_equal (outcome_of (f, consent (f, "kernteam wijkteam", "kernteam", "naw", "ondersteuning")), "");
}

static void test_more_than_32_parties_are_invalid (void **state)
{
    struct fixture *f = *state;
    const char *words = "p0";
    for (int i = 1; i < 32; i++)
        words = arena_printf (f->arena, "%s p%d", words, i);
    assert_string_equal (outcome_of (f, consent (f, words, "horizon", "naw", "toekenning")),
                         "INVALID scope.providers[0]");
    words = arena_printf (f->arena, "%s p32", words);
    assert_string_equal (outcome_of (f, consent (f, words, "horizon", "naw", "toekenning")),
                         "INVALID scope.providers");
}

static void test_motivation_and_form_are_required (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->motivation = "";
    assert_string_equal (outcome_of (f, one), "INVALID motivation");
    one->motivation = "om te helpen";
    one->form = FORM_NONE;
    assert_string_equal (outcome_of (f, one), "INVALID form");
}

static void test_signatures_that_cannot_be_are_invalid (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    fixture_sign (f, one, "buurvrouw", f->now);
    /* Who is not registered may sign; it does not count (M6), and hides nothing from the caller. */
    assert_string_equal (outcome_of (f, one), "");
    one->signatures[1].given_at = f->now + 1;
    assert_string_equal (outcome_of (f, one), "INVALID signatures[1].given_at");
    one->signatures[1].given_at = 0;
    assert_string_equal (outcome_of (f, one), "INVALID signatures[1].given_at");
    one->signatures[1] = one->signatures[0];
    assert_string_equal (outcome_of (f, one), "INVALID signatures[1].signer");
}

static void test_every_signature_is_looked_at_from_the_first_on (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signatures[0].given_at = f->now + 1;
    assert_string_equal (outcome_of (f, one), "INVALID signatures[0].given_at");
    one->signatures[0].given_at = 0;
    assert_string_equal (outcome_of (f, one), "INVALID signatures[0].given_at");
    /* Long ago is a moment too, though not one at which this subject could sign. */
    one->signatures[0].given_at = 1;
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED, G8 REPRESENTATION_MISSING");
}

static void test_what_is_invalid_is_not_judged_further (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "gossip naw", "toekenning");
    one->valid_until = 0;
    one->notice.id = "";
    assert_string_equal (outcome_of (f, one), "INVALID scope.categories[0]");
    one->scope.categories = fixture_set (f, "naw");
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED, G6 TOO_LONG");
    one->scope.recipients = fixture_set (f, "nobody");
    assert_string_equal (outcome_of (f, one), "INVALID scope.recipients[0]");
}

static void test_a_stranger_does_not_sign_for_the_subject (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signatures[0].signer = "buurvrouw";
    assert_string_equal (outcome_of (f, one), "G8 REPRESENTATION_MISSING");
    one->signatures[0].signer = "subject";
    assert_string_equal (outcome_of (f, one), "");
}

static void test_an_end_that_is_reversed_or_past_is_invalid (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->valid_from = fixture_at ("2026-06-01");
    one->valid_until = one->valid_from;
    assert_string_equal (outcome_of (f, one), "INVALID valid_until");
    one->valid_until++;
    assert_string_equal (outcome_of (f, one), "");
    one->valid_from = fixture_at ("2026-04-01");
    one->valid_until = f->now;
    assert_string_equal (outcome_of (f, one), "INVALID valid_until");
    one->valid_until++;
    assert_string_equal (outcome_of (f, one), "");
}

/* G3. */
static void test_what_no_flow_could_ever_use_is_refused_and_named (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "cak horizon", "bsn rapportage", "toekenning");
    assert_string_equal (outcome_of (f, one), "G3 NOT_NEEDED");
    assert_string_equal (details_of (f, one), "kernteam > cak: bsn, kernteam > cak: rapportage");
    /* Known to the pack, and in no flow. */
    one = consent (f, "kernteam", "horizon", "naw vrije-tekst", "toekenning");
    assert_string_equal (details_of (f, one), "kernteam > horizon: vrije-tekst");
}

static void test_a_special_category_is_not_needed_by_who_may_not_have_it (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "cak", "naw", "eigen-bijdrage")), "");
    struct statement *one = consent (f, "kernteam", "cak", "naw rapportage", "eigen-bijdrage");
    assert_string_equal (details_of (f, one), "kernteam > cak: rapportage");
}

static void test_a_flow_for_a_compatible_purpose_will_do (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (outcome_of (f, consent (f, "horizon", "kernteam", "naw", "ondersteuning")), "");
    /* Not the other way round. */
    struct statement *one = consent (f, "kernteam", "wijkteam", "justitie", "integraal-plan");
    one->valid_until = fixture_at ("2026-06-01");
    assert_string_equal (outcome_of (f, one), "G3 NOT_NEEDED");
}

static void test_a_party_with_itself_is_passed_over (void **state)
{
    struct fixture *f = *state;
    /* kernteam > horizon and horizon > kernteam: only what is between two is judged. */
    struct statement *one = consent (f, "horizon kernteam", "horizon kernteam", "naw", "toekenning");
    assert_string_equal (details_of (f, one), "horizon > kernteam: naw");
}

static void test_the_details_are_bounded (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "cak horizon jansen meldpunt school", "cak horizon jansen meldpunt school",
                                     "bsn justitie naw vrije-tekst", "escalatie");
    struct grant_outcome outcome = judge (f, one);
    assert_int_equal (outcome.refusals[0].code, NOT_NEEDED);
    assert_int_equal (outcome.refusals[0].detail_count, 64);
}

/* G4. */
static void test_the_subject_is_informed_before_the_consent (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->notice.given_at = one->signatures[0].given_at + 1;
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED");
    one->notice.given_at = 0;
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED");
    one->notice.given_at = one->signatures[0].given_at - 1;
    assert_string_equal (outcome_of (f, one), "");
    one->signatures[0].given_at -= 2;
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED");
}

static void test_a_notice_has_a_moment (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->notice.given_at = 1;
    assert_string_equal (outcome_of (f, one), "");
    one->notice.given_at = 0;
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED");
}

static void test_a_notice_has_id_version_and_language (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->notice.id = "";
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED");
    one->notice.id = "toestemming";
    one->notice.version = "";
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED");
    one->notice.version = "1";
    one->notice.language = "";
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED");
}

static void test_a_pack_that_lists_notices_admits_only_those (void **state)
{
    struct fixture *f = *state;
    struct policy_notice notices[] = {
        {"toestemming", "2", "nl"}, {"toestemming", "1", "en"}, {"folder", "1", "nl"}};
    f->policy.notices = notices;
    f->policy.notice_count = 3;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED");
    one->notice.language = "en";
    assert_string_equal (outcome_of (f, one), "");
    one->notice.language = "nl";
    one->notice.version = "2"; /* the first of the list */
    assert_string_equal (outcome_of (f, one), "");
    one->notice.id = "folder";
    assert_string_equal (outcome_of (f, one), "G4 NOT_INFORMED");
}

/* G5. */
static void test_special_categories_need_paper_with_evidence (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "wijkteam", "justitie naw rapportage", "ondersteuning");
    one->form = FORM_ORAL;
    assert_string_equal (outcome_of (f, one), "G5 FORM_INSUFFICIENT");
    assert_string_equal (details_of (f, one), "justitie, rapportage");
    one->form = FORM_DIGITAL;
    assert_string_equal (outcome_of (f, one), "");
    one->has_evidence = false;
    assert_string_equal (outcome_of (f, one), "G5 FORM_INSUFFICIENT");
    /* An oral consent is enough for what is not special, within the controller's authority. */
    one = consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->form = FORM_ORAL;
    one->has_evidence = false;
    assert_string_equal (outcome_of (f, one), "");
}

static void test_third_parties_need_paper_with_evidence (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon jansen", "naw", "toekenning");
    one->form = FORM_ORAL;
    assert_string_equal (details_of (f, one), "horizon, jansen");
    one->form = FORM_WRITTEN;
    assert_string_equal (outcome_of (f, one), "");
    one->has_evidence = false;
    assert_string_equal (outcome_of (f, one), "G5 FORM_INSUFFICIENT");
}

static void test_only_a_special_category_that_is_named_needs_paper (void **state)
{
    struct fixture *f = *state;
    struct policy_category *categories = arena_array (f->arena, f->policy.category_count, sizeof *categories);
    memcpy (categories, f->policy.categories, f->policy.category_count * sizeof *categories);
    categories[policy_category (&f->policy, "naw")].special = SPECIAL_HEALTH;
    categories[policy_category (&f->policy, "rapportage")].special = SPECIAL_NO;
    f->policy.categories = categories;
    struct statement *one = consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning");
    one->form = FORM_ORAL;
    assert_string_equal (outcome_of (f, one), "");
    one = consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->form = FORM_ORAL;
    assert_string_equal (details_of (f, one), "naw");
}

static void test_a_recipient_of_a_kind_that_the_pack_does_not_know_needs_paper (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->form = FORM_ORAL;
    one->has_evidence = false;
    assert_string_equal (outcome_of (f, one), "");
    fixture_party (f, "wijkteam")->kind = (code)f->policy.kind_count;
    assert_string_equal (outcome_of (f, one), "G3 NOT_NEEDED, G5 FORM_INSUFFICIENT");
}

/* G6. */
static void test_a_consent_has_an_end_within_the_purposes_longest_validity (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->valid_until = 0;
    assert_string_equal (outcome_of (f, one), "G6 TOO_LONG");
    /* Recorded on 1 May 2026: up to and including 1 May 2027. */
    one->valid_until = fixture_at ("2027-05-02");
    assert_string_equal (outcome_of (f, one), "");
    one->valid_until++;
    assert_string_equal (outcome_of (f, one), "G6 TOO_LONG");
}

static void test_the_longest_validity_counts_from_the_earlier_of_begin_and_recording (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->valid_from = fixture_at ("2026-06-01");
    one->valid_until = fixture_at ("2027-05-02");
    assert_string_equal (outcome_of (f, one), "");
    one->valid_until++;
    assert_string_equal (outcome_of (f, one), "G6 TOO_LONG");
    one->valid_from = fixture_at ("2026-04-20");
    one->valid_until = fixture_at ("2027-04-21");
    assert_string_equal (outcome_of (f, one), "");
    one->valid_until++;
    assert_string_equal (outcome_of (f, one), "G6 TOO_LONG");
}

/* G7. */
static void test_a_provider_bound_by_secrecy_needs_a_one_time_consent (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "jansen", "kernteam", "naw", "ondersteuning");
    assert_string_equal (outcome_of (f, one), "G7 MUST_BE_ONE_TIME");
    one->one_time = true;
    assert_string_equal (outcome_of (f, one), "");
    /* A party's own setting may raise its secrecy. */
    one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_string_equal (outcome_of (f, one), "");
    fixture_party (f, "kernteam")->secrecy = SECRECY_PROFESSIONAL;
    assert_string_equal (outcome_of (f, one), "G7 MUST_BE_ONE_TIME");
}

static void test_a_flow_may_need_a_one_time_consent (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "school", "naw", "extern-overleg");
    assert_string_equal (outcome_of (f, one), "G7 MUST_BE_ONE_TIME");
    one->one_time = true;
    assert_string_equal (outcome_of (f, one), "");
}

static void test_the_flow_of_its_own_purpose_says_whether_it_is_one_time (void **state)
{
    struct fixture *f = *state;
    struct policy_flow flows[] = {f->policy.flows[0], f->policy.flows[1]};
    f->policy.flows = flows;
    f->policy.flow_count = 2;
    struct statement *one = consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    flows[1].one_time = true; /* of integraal-plan, which is compatible */
    assert_string_equal (outcome_of (f, one), "");
    flows[0].one_time = true;
    assert_string_equal (outcome_of (f, one), "G7 MUST_BE_ONE_TIME");
    /* Where there is none of its own, the compatible one does. */
    f->policy.flows = flows + 1;
    f->policy.flow_count = 1;
    assert_string_equal (outcome_of (f, one), "G7 MUST_BE_ONE_TIME");
    flows[1].one_time = false;
    assert_string_equal (outcome_of (f, one), "");
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
    struct statement *one = consent (f, "kernteam", "wijkteam", "naw", "toekenning");
    assert_string_equal (outcome_of (f, one), "");
    struct policy_flow kept = flows[0];
    flows[0] = flows[1];
    flows[1] = kept;
    assert_string_equal (outcome_of (f, one), "G7 MUST_BE_ONE_TIME");
}

static void test_a_one_time_consent_names_one_provider_and_one_recipient (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon school", "naw", "extern-overleg");
    assert_string_equal (outcome_of (f, one), "G7 MUST_BE_ONE_TIME");
    one->one_time = true;
    assert_string_equal (outcome_of (f, one), "G7 ONE_TIME_TOO_WIDE");
    one = consent (f, "kernteam wijkteam", "school", "naw", "extern-overleg");
    one->one_time = true;
    assert_string_equal (outcome_of (f, one), "G7 ONE_TIME_TOO_WIDE");
}

/* G8. */
static void test_who_must_consent_must_sign (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signature_count = 0;
    assert_string_equal (outcome_of (f, one), "G8 REPRESENTATION_MISSING");
    one->signature_count = 1;
    assert_string_equal (outcome_of (f, one), "");
    f->subject.birth.month = 0;
    assert_string_equal (outcome_of (f, one), "G8 REPRESENTATION_MISSING");
}

static void test_nothing_is_recorded_for_the_dead (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signatures[0].given_at = one->notice.given_at = fixture_at ("2026-04-20");
    f->subject.death = fixture_day ("2026-05-02");
    assert_string_equal (outcome_of (f, one), "");
    f->subject.death = fixture_day ("2026-04-21");
    assert_string_equal (outcome_of (f, one), "G8 REPRESENTATION_MISSING");
    one = refusal (f);
    one->signatures[0].given_at = fixture_at ("2026-04-20");
    assert_string_equal (outcome_of (f, one), "G12 REPRESENTATION_MISSING");
    f->subject.death = fixture_day ("2026-05-02");
    assert_string_equal (outcome_of (f, one), "");
}

static void test_a_consent_that_has_lapsed_already_is_not_recorded (void **state)
{
    struct fixture *f = *state;
    f->subject.birth = fixture_day ("2014-05-01");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2014-05-01");
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->signatures[0] = (struct signature){"moeder", fixture_at ("2026-04-30")};
    one->notice.given_at = fixture_at ("2026-04-30");
    assert_string_equal (outcome_of (f, one), "G8 REPRESENTATION_MISSING");
    f->subject.birth = fixture_day ("2014-05-02");
    assert_string_equal (outcome_of (f, one), "");
}

static void test_a_birthday_or_a_death_counts_from_the_very_start_of_the_day (void **state)
{
    struct fixture *f = *state;
    f->now = fixture_at ("2026-05-01");
    struct statement *consents = consent (f, "kernteam", "horizon", "naw", "toekenning");
    struct statement *refuses = refusal (f);
    consents->signatures[0].given_at = consents->notice.given_at = refuses->signatures[0].given_at = f->now - 1;
    f->subject.death = fixture_day ("2026-05-02");
    assert_string_equal (outcome_of (f, consents), "");
    assert_string_equal (outcome_of (f, refuses), "");
    f->subject.death = fixture_day ("2026-05-01");
    assert_string_equal (outcome_of (f, consents), "G8 REPRESENTATION_MISSING");
    assert_string_equal (outcome_of (f, refuses), "G12 REPRESENTATION_MISSING");
}

static void test_every_code_that_fails_is_listed_in_rule_order (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "jansen", "kernteam", "justitie", "toekenning");
    one->form = FORM_ORAL;
    one->notice.id = "";
    one->valid_until = 0;
    one->signature_count = 0;
    assert_string_equal (outcome_of (f, one), "G3 NOT_NEEDED, G4 NOT_INFORMED, G5 FORM_INSUFFICIENT, G6 TOO_LONG, "
                                              "G7 MUST_BE_ONE_TIME, G8 REPRESENTATION_MISSING");
}

/* G12. */
static void test_a_refusal_needs_no_form_no_notice_and_no_end (void **state)
{
    struct fixture *f = *state;
    struct statement *one = refusal (f);
    one->valid_from = one->valid_until = 0;
    one->one_time = true;
    assert_string_equal (outcome_of (f, one), "");
    assert_int_equal (one->valid_from, one->recorded_at);
    assert_int_equal (one->valid_until, MOMENT_NEVER);
    assert_false (one->one_time);
    /* Nor a flow: the subject may refuse what nobody would ask. */
    one->scope.categories = fixture_set (f, "vrije-tekst");
    assert_string_equal (outcome_of (f, one), "");
    one->motivation = "";
    assert_string_equal (outcome_of (f, one), "INVALID motivation");
}

static void test_a_refusal_needs_the_word_of_one_who_may_withdraw (void **state)
{
    struct fixture *f = *state;
    struct statement *one = refusal (f);
    one->signature_count = 0;
    assert_string_equal (outcome_of (f, one), "G12 REPRESENTATION_MISSING");
    f->subject.birth = fixture_day ("2020-01-01");
    one->signature_count = 1;
    assert_string_equal (outcome_of (f, one), "G12 REPRESENTATION_MISSING");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2020-01-01");
    fixture_representative (f, "vader", "ouder-met-gezag", "2020-01-01");
    fixture_sign (f, one, "vader", f->now);
    assert_string_equal (outcome_of (f, one), "");
}

/* G9. "" no word of it, "refused" or "warned", with the statutes. */
static const char *ground_of (struct fixture *f, struct statement *statement)
{
    struct grant_outcome outcome = judge (f, statement);
    assert_null (outcome.invalid_field);
    assert_true (outcome.refusal_count + outcome.has_warning <= 1);
    if (outcome.refusal_count + outcome.has_warning == 0)
        return "";
    const struct grant_refusal *one = outcome.has_warning ? &outcome.warning : &outcome.refusals[0];
    assert_int_equal (one->code, CONSENT_NOT_THE_GROUND);
    assert_string_equal (one->rule, "G9");
    const char *text = outcome.has_warning ? "warned" : "refused";
    for (size_t i = 0; i < one->detail_count; i++)
        text = arena_printf (f->arena, "%s %s", text, one->details[i]);
    return text;
}

static void test_a_consent_that_changes_nothing_is_refused_or_warned_of_as_the_pack_says (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "bsn naw", "toekenning");
    assert_string_equal (ground_of (f, one), "warned wmo");
    f->policy.refuse_consent_not_the_ground = true;
    assert_string_equal (ground_of (f, one), "refused wmo");
    assert_string_equal (outcome_of (f, one), "G9 CONSENT_NOT_THE_GROUND");
    assert_string_equal (ground_of (f, consent (f, "kernteam", "wijkteam", "naw", "ondersteuning")), "");
    /* The first that holds, for each item. */
    assert_string_equal (ground_of (f, consent (f, "kernteam", "horizon", "naw rapportage", "toekenning")),
                         "refused wmo zorgwet");
}

static void test_one_item_that_no_statute_carries_makes_the_consent_the_ground (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    /* Special otherwise than statutes carry; first and last of the items. */
    assert_string_equal (ground_of (f, consent (f, "kernteam", "horizon", "justitie naw", "toekenning")), "");
    assert_string_equal (ground_of (f, consent (f, "kernteam", "horizon", "naw justitie", "toekenning")), "");
    /* To jansen zorgwet is in scope alone. */
    assert_string_equal (ground_of (f, consent (f, "kernteam", "horizon jansen", "naw", "toekenning")),
                         "refused wmo zorgwet");
    assert_string_equal (ground_of (f, consent (f, "kernteam", "jansen", "justitie", "toekenning")), "");
    fixture_party (f, "kernteam")->secrecy = SECRECY_PROFESSIONAL;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->one_time = true;
    assert_string_equal (ground_of (f, one), "");
}

static void test_every_origin_that_the_consent_is_for_must_be_carried (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->scope.origins = fixture_set (f, "brp wmo");
    assert_string_equal (ground_of (f, one), "refused wmo");
    one->scope.origins = fixture_set (f, "brp jeugdwet wmo");
    assert_string_equal (ground_of (f, one), "");
    one->scope.origins = fixture_set (f, "jeugdwet");
    assert_string_equal (ground_of (f, one), "");
    /* zorgwet is not for what is from the brp, and wmo carries nothing special. */
    one = consent (f, "kernteam", "horizon", "rapportage", "toekenning");
    one->scope.origins = fixture_set (f, "wmo");
    assert_string_equal (ground_of (f, one), "refused zorgwet");
    one->scope.origins = fixture_set (f, "brp wmo");
    assert_string_equal (ground_of (f, one), "");
}

static void test_where_none_is_named_the_flows_default_origin_counts (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    struct statement *one = consent (f, "kernteam", "horizon", "rapportage", "toekenning");
    assert_string_equal (ground_of (f, one), "refused zorgwet");
    struct policy_flow flows[16];
    memcpy (flows, f->policy.flows, f->policy.flow_count * sizeof *flows);
    flows[2].default_origin = policy_origin (&f->policy, "brp");
    f->policy.flows = flows;
    assert_string_equal (ground_of (f, one), "");
    /* A pack that has none leaves it in doubt: then the consent stays. */
    flows[2].default_origin = CODE_NONE;
    assert_string_equal (ground_of (f, one), "");
}

/* G7: the professional who acts raises every provider for this statement. */
static void test_under_secrecy_a_consent_must_be_one_time (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_string_equal (outcome_of (f, one), "");
    one->under_secrecy = true;
    assert_string_equal (outcome_of (f, one), "G7 MUST_BE_ONE_TIME");
    one->one_time = true;
    assert_string_equal (outcome_of (f, one), "");
    one = consent (f, "kernteam wijkteam", "horizon", "naw", "toekenning");
    one->under_secrecy = one->one_time = true;
    assert_string_equal (outcome_of (f, one), "G7 ONE_TIME_TOO_WIDE");
    struct statement *doctors = consent (f, "jansen", "kernteam", "naw", "toekenning");
    doctors->under_secrecy = false;
    assert_string_equal (outcome_of (f, doctors), "G7 MUST_BE_ONE_TIME");
}

/* G9: and a statute that does not break secrecy does not carry it. */
static void test_under_secrecy_consent_is_the_ground_where_no_statute_breaks_it (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    struct statement *one = consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_string_equal (ground_of (f, one), "refused wmo");
    one->under_secrecy = one->one_time = true;
    assert_string_equal (ground_of (f, one), "");
    one = consent (f, "kernteam", "meldpunt", "naw", "escalatie");
    one->under_secrecy = one->one_time = true;
    assert_string_equal (ground_of (f, one), "refused meldrecht");
}

/* G3: what only flows with `consent no` carry is not the subject's to give; to refuse it is. */
static void test_what_only_flows_without_consent_carry_is_not_needed (void **state)
{
    struct fixture *f = *state;
    struct policy_flow flows[16];
    memcpy (flows, f->policy.flows, f->policy.flow_count * sizeof *flows);
    f->policy.flows = flows;
    flows[2].no_consent = true;
    struct statement *one = consent (f, "kernteam", "horizon", "bsn naw", "toekenning");
    assert_string_equal (outcome_of (f, one), "G3 NOT_NEEDED");
    assert_string_equal (details_of (f, one), "kernteam > horizon: bsn, kernteam > horizon: naw");
    assert_string_equal (outcome_of (f, refusal (f)), "");
    /* Another flow, of its own or a compatible purpose, may carry it. */
    struct statement *plan = consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    flows[0].no_consent = true;
    assert_string_equal (outcome_of (f, plan), "");
    flows[1].no_consent = true;
    assert_string_equal (outcome_of (f, plan), "G3 NOT_NEEDED");
}

static void test_an_item_under_a_restriction_needs_a_statute_that_passes_it (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    struct restriction restriction = {.category = "bsn", .since = 1};
    f->subject.restrictions = &restriction;
    f->subject.restriction_count = 1;
    assert_string_equal (ground_of (f, consent (f, "kernteam", "horizon", "bsn naw", "toekenning")), "");
    assert_string_equal (ground_of (f, consent (f, "kernteam", "horizon", "naw", "toekenning")), "refused wmo");
    restriction.category = "";
    assert_string_equal (ground_of (f, consent (f, "kernteam", "horizon", "naw", "toekenning")), "");
    assert_string_equal (ground_of (f, consent (f, "kernteam", "meldpunt", "naw", "escalatie")),
                         "refused meldrecht");
}

static void test_a_flow_for_a_compatible_purpose_must_be_carried_too (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    /* ondersteuning and integraal-plan both carry naw from team to team; give each the statute in turn. */
    struct policy_flow flows[16];
    memcpy (flows, f->policy.flows, f->policy.flow_count * sizeof *flows);
    struct policy_flow_statute wmo[] = {f->policy.flows[4].statutes[0]};
    f->policy.flows = flows;
    struct statement *one = consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct statement *plan = consent (f, "kernteam", "wijkteam", "naw", "integraal-plan");
    assert_string_equal (ground_of (f, one), "");
    flows[0].statutes = wmo;
    flows[0].statute_count = 1;
    assert_string_equal (ground_of (f, one), "");
    flows[1].statutes = wmo;
    flows[1].statute_count = 1;
    assert_string_equal (ground_of (f, one), "refused wmo");
    flows[0].statute_count = 0;
    assert_string_equal (ground_of (f, one), "");
    /* The other way round they are not compatible. */
    assert_string_equal (ground_of (f, plan), "refused wmo");
}

static void test_what_no_flow_needs_is_not_carried_by_statute_either (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "cak", "rapportage", "eigen-bijdrage")),
                         "G3 NOT_NEEDED");
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "cak", "naw", "eigen-bijdrage")),
                         "G9 CONSENT_NOT_THE_GROUND");
    /* A party with itself is no item. */
    assert_string_equal (outcome_of (f, consent (f, "kernteam", "cak kernteam", "naw", "eigen-bijdrage")),
                         "G9 CONSENT_NOT_THE_GROUND");
}

static void test_a_refusal_is_the_subjects_own_whatever_the_ground (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    assert_string_equal (ground_of (f, refusal (f)), "");
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
    struct statement *one = consent (f, provider, recipient, categories, purpose);
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
    assert_string_equal (outcome_of (f, one), "INVALID form");
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
        FIXTURE_TEST (test_what_no_flow_could_ever_use_is_refused_and_named),
        FIXTURE_TEST (test_a_special_category_is_not_needed_by_who_may_not_have_it),
        FIXTURE_TEST (test_a_flow_for_a_compatible_purpose_will_do),
        FIXTURE_TEST (test_a_party_with_itself_is_passed_over),
        FIXTURE_TEST (test_the_details_are_bounded),
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
        FIXTURE_TEST (test_every_code_that_fails_is_listed_in_rule_order),
        FIXTURE_TEST (test_a_refusal_needs_no_form_no_notice_and_no_end),
        FIXTURE_TEST (test_a_refusal_needs_the_word_of_one_who_may_withdraw),
        FIXTURE_TEST (test_a_consent_that_changes_nothing_is_refused_or_warned_of_as_the_pack_says),
        FIXTURE_TEST (test_one_item_that_no_statute_carries_makes_the_consent_the_ground),
        FIXTURE_TEST (test_every_origin_that_the_consent_is_for_must_be_carried),
        FIXTURE_TEST (test_where_none_is_named_the_flows_default_origin_counts),
        FIXTURE_TEST (test_under_secrecy_a_consent_must_be_one_time),
        FIXTURE_TEST (test_under_secrecy_consent_is_the_ground_where_no_statute_breaks_it),
        FIXTURE_TEST (test_what_only_flows_without_consent_carry_is_not_needed),
        FIXTURE_TEST (test_an_item_under_a_restriction_needs_a_statute_that_passes_it),
        FIXTURE_TEST (test_a_flow_for_a_compatible_purpose_must_be_carried_too),
        FIXTURE_TEST (test_what_no_flow_needs_is_not_carried_by_statute_either),
        FIXTURE_TEST (test_a_refusal_is_the_subjects_own_whatever_the_ground),
        FIXTURE_TEST (test_a_request_needs_no_form_no_notice_and_no_signature_yet),
        FIXTURE_TEST (test_a_request_is_judged_on_what_it_asks_for),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
