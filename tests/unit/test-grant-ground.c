/* What is needed (G3), and what a statute carries, so that consent is not the ground (G9). */
#include <string.h>
#include "fixture_grant.h"

/* G3. */
static void test_what_no_flow_could_ever_use_is_refused_and_named (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "cak horizon", "bsn rapportage", "toekenning");
    assert_string_equal (fixture_grant_outcome (f, one), "G3 NOT_NEEDED");
    assert_string_equal (fixture_grant_details (f, one), "kernteam > cak: bsn, kernteam > cak: rapportage");
    /* Known to the pack, and in no flow. */
    one = fixture_new_consent (f, "kernteam", "horizon", "naw vrije-tekst", "toekenning");
    assert_string_equal (fixture_grant_details (f, one), "kernteam > horizon: vrije-tekst");
}

static void test_a_special_category_is_not_needed_by_who_may_not_have_it (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "cak", "naw", "eigen-bijdrage")), "");
    struct statement *one = fixture_new_consent (f, "kernteam", "cak", "naw rapportage", "eigen-bijdrage");
    assert_string_equal (fixture_grant_details (f, one), "kernteam > cak: rapportage");
}

static void test_a_flow_for_a_compatible_purpose_will_do (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "horizon", "kernteam", "naw", "ondersteuning")), "");
    /* Not the other way round. */
    struct statement *one = fixture_new_consent (f, "kernteam", "wijkteam", "justitie", "integraal-plan");
    one->valid_until = fixture_at ("2026-06-01");
    assert_string_equal (fixture_grant_outcome (f, one), "G3 NOT_NEEDED");
}

static void test_a_party_with_itself_is_passed_over (void **state)
{
    struct fixture *f = *state;
    /* kernteam > horizon and horizon > kernteam: only what is between two is judged. */
    struct statement *one = fixture_new_consent (f, "horizon kernteam", "horizon kernteam", "naw", "toekenning");
    assert_string_equal (fixture_grant_details (f, one), "horizon > kernteam: naw");
}

static void test_the_details_are_bounded (void **state)
{
    struct fixture *f = *state;
    struct statement *one =
        fixture_new_consent (f, "cak horizon jansen meldpunt school", "cak horizon jansen meldpunt school",
                             "bsn justitie naw vrije-tekst", "escalatie");
    struct grant_outcome outcome = fixture_judge_grant (f, one);
    assert_int_equal (outcome.refusals[0].code, NOT_NEEDED);
    assert_int_equal (outcome.refusals[0].details.count, 64);
}

/* G9. "" no word of it, "refused" or "warned", with the statutes. */
static const char *ground_of (struct fixture *f, struct statement *statement)
{
    struct grant_outcome outcome = fixture_judge_grant (f, statement);
    assert_null (outcome.invalid_field);
    assert_true (outcome.refusal_count + outcome.has_warning <= 1);
    if (outcome.refusal_count + outcome.has_warning == 0)
        return "";
    const struct grant_refusal *one = outcome.has_warning ? &outcome.warning : &outcome.refusals[0];
    assert_int_equal (one->code, CONSENT_NOT_THE_GROUND);
    assert_string_equal (one->rule, "G9");
    const char *text = outcome.has_warning ? "warned" : "refused";
    for (size_t i = 0; i < one->details.count; i++)
        text = arena_printf (f->arena, "%s %s", text, one->details.item[i]);
    return text;
}

static void test_a_consent_that_changes_nothing_is_refused_or_warned_of_as_the_pack_says (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "bsn naw", "toekenning");
    assert_string_equal (ground_of (f, one), "warned wmo");
    f->policy.refuse_consent_not_the_ground = true;
    assert_string_equal (ground_of (f, one), "refused wmo");
    assert_string_equal (fixture_grant_outcome (f, one), "G9 CONSENT_NOT_THE_GROUND");
    assert_string_equal (ground_of (f, fixture_new_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning")),
                         "");
    /* The first that holds, for each item. */
    assert_string_equal (
        ground_of (f, fixture_new_consent (f, "kernteam", "horizon", "naw rapportage", "toekenning")),
        "refused wmo zorgwet");
}

static void test_one_item_that_no_statute_carries_makes_the_consent_the_ground (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    /* Special otherwise than statutes carry; first and last of the items. */
    assert_string_equal (
        ground_of (f, fixture_new_consent (f, "kernteam", "horizon", "justitie naw", "toekenning")), "");
    assert_string_equal (
        ground_of (f, fixture_new_consent (f, "kernteam", "horizon", "naw justitie", "toekenning")), "");
    /* To jansen zorgwet is in scope alone. */
    assert_string_equal (ground_of (f, fixture_new_consent (f, "kernteam", "horizon jansen", "naw", "toekenning")),
                         "refused wmo zorgwet");
    assert_string_equal (ground_of (f, fixture_new_consent (f, "kernteam", "jansen", "justitie", "toekenning")),
                         "");
    fixture_party (f, "kernteam")->secrecy = SECRECY_PROFESSIONAL;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->one_time = true;
    assert_string_equal (ground_of (f, one), "");
}

static void test_every_origin_that_the_consent_is_for_must_be_carried (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    one->scope.origins = fixture_set (f, "brp wmo");
    assert_string_equal (ground_of (f, one), "refused wmo");
    one->scope.origins = fixture_set (f, "brp jeugdwet wmo");
    assert_string_equal (ground_of (f, one), "");
    one->scope.origins = fixture_set (f, "jeugdwet");
    assert_string_equal (ground_of (f, one), "");
    /* zorgwet is not for what is from the brp, and wmo carries nothing special. */
    one = fixture_new_consent (f, "kernteam", "horizon", "rapportage", "toekenning");
    one->scope.origins = fixture_set (f, "wmo");
    assert_string_equal (ground_of (f, one), "refused zorgwet");
    one->scope.origins = fixture_set (f, "brp wmo");
    assert_string_equal (ground_of (f, one), "");
}

static void test_where_none_is_named_the_flows_default_origin_counts (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "rapportage", "toekenning");
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

/* G9: and a statute that does not break secrecy does not carry it. */
static void test_under_secrecy_consent_is_the_ground_where_no_statute_breaks_it (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_string_equal (ground_of (f, one), "refused wmo");
    one->under_secrecy = one->one_time = true;
    assert_string_equal (ground_of (f, one), "");
    one = fixture_new_consent (f, "kernteam", "meldpunt", "naw", "escalatie");
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
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "bsn naw", "toekenning");
    assert_string_equal (fixture_grant_outcome (f, one), "G3 NOT_NEEDED");
    assert_string_equal (fixture_grant_details (f, one), "kernteam > horizon: bsn, kernteam > horizon: naw");
    assert_string_equal (fixture_grant_outcome (f, fixture_new_refusal (f)), "");
    /* Another flow, of its own or a compatible purpose, may carry it. */
    struct statement *plan = fixture_new_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    flows[0].no_consent = true;
    assert_string_equal (fixture_grant_outcome (f, plan), "");
    flows[1].no_consent = true;
    assert_string_equal (fixture_grant_outcome (f, plan), "G3 NOT_NEEDED");
}

/* G9 speaks of every item, also of those that are not the subject's to give: a statute carries them, so the
   consent is not the ground. */
static void test_what_a_statute_carries_and_consent_cannot_is_refused_for_both (void **state)
{
    struct fixture *f = *state;
    struct policy_flow flows[16];
    memcpy (flows, f->policy.flows, f->policy.flow_count * sizeof *flows);
    f->policy.flows = flows;
    f->policy.refuse_consent_not_the_ground = true;
    flows[2].no_consent = true;
    struct statement *one = fixture_new_consent (f, "kernteam", "horizon", "bsn naw", "toekenning");
    assert_string_equal (fixture_grant_outcome (f, one), "G3 NOT_NEEDED, G9 CONSENT_NOT_THE_GROUND");
    struct grant_outcome outcome = fixture_judge_grant (f, one);
    assert_int_equal (outcome.refusals[1].details.count, 1);
    assert_string_equal (outcome.refusals[1].details.item[0], "wmo");
    /* An item that no statute carries is not among the statutes' items, so it is not every item. */
    one = fixture_new_consent (f, "kernteam", "horizon", "justitie naw", "toekenning");
    assert_string_equal (fixture_grant_outcome (f, one), "G3 NOT_NEEDED");
    /* The pack may let it pass with a warning: what is not needed is refused all the same. */
    f->policy.refuse_consent_not_the_ground = false;
    one = fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning");
    outcome = fixture_judge_grant (f, one);
    assert_int_equal (outcome.refusal_count, 1);
    assert_int_equal (outcome.warning.code, CONSENT_NOT_THE_GROUND);
    assert_true (outcome.has_warning);
}

/* Where another flow has the item by consent, that flow alone says whether the consent is of use. */
static void test_a_flow_without_consent_neither_makes_nor_spoils_the_ground (void **state)
{
    struct fixture *f = *state;
    struct policy_flow flows[16];
    memcpy (flows, f->policy.flows, f->policy.flow_count * sizeof *flows);
    struct policy_flow_statute wmo[] = {f->policy.flows[4].statutes[0]};
    f->policy.flows = flows;
    f->policy.refuse_consent_not_the_ground = true;
    struct statement *one = fixture_new_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    flows[0].no_consent = true;
    flows[1].statutes = wmo;
    flows[1].statute_count = 1;
    assert_string_equal (ground_of (f, one), "refused wmo");
    flows[0].statutes = wmo;
    flows[0].statute_count = 1;
    assert_string_equal (ground_of (f, one), "refused wmo");
    flows[1].statute_count = 0;
    assert_string_equal (ground_of (f, one), "");
}

static void test_an_item_under_a_restriction_needs_a_statute_that_passes_it (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    struct restriction restriction = {.category = "bsn", .since = 1};
    f->subject.restrictions = &restriction;
    f->subject.restriction_count = 1;
    assert_string_equal (ground_of (f, fixture_new_consent (f, "kernteam", "horizon", "bsn naw", "toekenning")),
                         "");
    assert_string_equal (ground_of (f, fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning")),
                         "refused wmo");
    restriction.category = "";
    assert_string_equal (ground_of (f, fixture_new_consent (f, "kernteam", "horizon", "naw", "toekenning")), "");
    assert_string_equal (ground_of (f, fixture_new_consent (f, "kernteam", "meldpunt", "naw", "escalatie")),
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
    struct statement *one = fixture_new_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct statement *plan = fixture_new_consent (f, "kernteam", "wijkteam", "naw", "integraal-plan");
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
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "cak", "rapportage", "eigen-bijdrage")),
        "G3 NOT_NEEDED");
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "cak", "naw", "eigen-bijdrage")),
        "G9 CONSENT_NOT_THE_GROUND");
    /* A party with itself is no item. */
    assert_string_equal (
        fixture_grant_outcome (f, fixture_new_consent (f, "kernteam", "cak kernteam", "naw", "eigen-bijdrage")),
        "G9 CONSENT_NOT_THE_GROUND");
}

static void test_a_refusal_is_the_subjects_own_whatever_the_ground (void **state)
{
    struct fixture *f = *state;
    f->policy.refuse_consent_not_the_ground = true;
    assert_string_equal (ground_of (f, fixture_new_refusal (f)), "");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_what_no_flow_could_ever_use_is_refused_and_named),
        FIXTURE_TEST (test_a_special_category_is_not_needed_by_who_may_not_have_it),
        FIXTURE_TEST (test_a_flow_for_a_compatible_purpose_will_do),
        FIXTURE_TEST (test_a_party_with_itself_is_passed_over),
        FIXTURE_TEST (test_the_details_are_bounded),
        FIXTURE_TEST (test_a_consent_that_changes_nothing_is_refused_or_warned_of_as_the_pack_says),
        FIXTURE_TEST (test_one_item_that_no_statute_carries_makes_the_consent_the_ground),
        FIXTURE_TEST (test_every_origin_that_the_consent_is_for_must_be_carried),
        FIXTURE_TEST (test_where_none_is_named_the_flows_default_origin_counts),
        FIXTURE_TEST (test_under_secrecy_consent_is_the_ground_where_no_statute_breaks_it),
        FIXTURE_TEST (test_what_only_flows_without_consent_carry_is_not_needed),
        FIXTURE_TEST (test_what_a_statute_carries_and_consent_cannot_is_refused_for_both),
        FIXTURE_TEST (test_a_flow_without_consent_neither_makes_nor_spoils_the_ground),
        FIXTURE_TEST (test_an_item_under_a_restriction_needs_a_statute_that_passes_it),
        FIXTURE_TEST (test_a_flow_for_a_compatible_purpose_must_be_carried_too),
        FIXTURE_TEST (test_what_no_flow_needs_is_not_carried_by_statute_either),
        FIXTURE_TEST (test_a_refusal_is_the_subjects_own_whatever_the_ground),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
