/* Section 3 of the rules: the disclosure check. Each code has a failing case beside a passing one. */
#include <string.h>
#include "fixture_policy.h"

static const char *heard (struct fixture *f, size_t item)
{
    return fixture_codes (f, &f->decision.items[item].heard);
}

/* A consent and the check that it carries: kernteam > wijkteam, naw, ondersteuning; no statute there. */
static struct statement *consent (struct fixture *f)
{
    return fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
}

static struct check check (struct fixture *f)
{
    return fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw/wmo");
}

static void statute_first (struct fixture *f)
{
    f->policy.grounds[0] = POLICY_STATUTE;
    f->policy.grounds[1] = POLICY_CONSENT;
}

static void restrict_from (struct fixture *f, const char *day)
{
    static struct restriction whole = {.category = ""};
    whole.since = fixture_at (day);
    f->subject.restrictions = &whole;
    f->subject.restriction_count = 1;
}

/* C3. */
static void test_an_agreement_must_be_in_force (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &one, "consent");
    fixture_party (f, "horizon")->agreement_until = f->now;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    fixture_party (f, "horizon")->agreement_until = f->now + 1;
    assert_outcome (f, &one, "consent");
    fixture_party (f, "horizon")->agreement_from = f->now + 1;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    assert_string_equal (heard (f, 0), "AGREEMENT_MISSING");
    fixture_party (f, "horizon")->agreement_from = f->now;
    assert_outcome (f, &one, "consent");
}

static void test_an_agreement_is_asked_of_both_and_only_where_the_pack_does (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam horizon", "kernteam horizon", "naw", "ondersteuning");
    struct check one = fixture_check (f, "horizon", "kernteam", "integraal-plan", "naw");
    assert_outcome (f, &one, "consent");
    fixture_party (f, "kernteam")->agreement_from = MOMENT_NEVER;
    assert_outcome (f, &one, "consent");
    fixture_party (f, "horizon")->agreement_from = MOMENT_NEVER;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
}

static void test_a_party_that_is_not_active_has_no_agreement (void **state)
{
    struct fixture *f = *state;
    consent (f);
    struct check one = check (f);
    assert_outcome (f, &one, "consent");
    fixture_party (f, "wijkteam")->active = false;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    fixture_party (f, "wijkteam")->active = true;
    fixture_party (f, "kernteam")->active = false;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
}

static void test_a_kind_that_the_pack_does_not_know_has_nothing (void **state)
{
    struct fixture *f = *state;
    consent (f);
    struct check one = check (f);
    fixture_party (f, "wijkteam")->kind = CODE_NONE;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
}

static void test_a_statute_that_passes_a_restriction_needs_no_agreement (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "kernteam", "meldpunt", "escalatie", "naw/wmo");
    fixture_party (f, "meldpunt")->active = false;
    assert_outcome (f, &one, "statute");
    /* Another statute does need one, and no consent makes up for it. */
    struct check other = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    statute_first (f);
    assert_outcome (f, &other, "statute");
    fixture_party (f, "horizon")->active = false;
    assert_outcome (f, &other, "AGREEMENT_MISSING");
}

static void test_under_a_missing_agreement_a_flow_is_still_needed (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "kernteam", "meldpunt", "escalatie", "bsn");
    assert_outcome (f, &one, "CATEGORY_NOT_NEEDED");
    fixture_party (f, "meldpunt")->active = false;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
}

/* C4. */
static void test_a_flow_must_join_the_kinds_the_purpose_and_the_category (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "school", "kernteam", "ondersteuning", "naw");
    assert_outcome (f, &one, "NO_FLOW");
    one = fixture_check (f, "kernteam", "wijkteam", "toekenning", "naw");
    assert_outcome (f, &one, "PURPOSE_NOT_IN_FLOW");
    one = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "bsn");
    assert_outcome (f, &one, "CATEGORY_NOT_NEEDED");
    assert_string_equal (heard (f, 0), "CATEGORY_NOT_NEEDED");
    one = check (f);
    assert_outcome (f, &one, "NO_CONSENT");
}

static void test_an_item_without_a_flow_is_denied_whatever_was_consented (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "cak", "naw rapportage", "eigen-bijdrage");
    struct check one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw rapportage");
    const struct decision *decision = fixture_decide (f, &one);
    assert_int_equal (decision->verdict, VERDICT_PARTIAL);
    assert_true (decision->items[0].permit);
    /* A special category does not flow to the cak, though the flow's row names it. */
    assert_string_equal (fixture_codes (f, &decision->items[1].reasons), "CATEGORY_NOT_NEEDED");
}

/* C5. */
static void test_a_restriction_blocks (void **state)
{
    struct fixture *f = *state;
    consent (f);
    struct check one = check (f);
    assert_outcome (f, &one, "consent");
    restrict_from (f, "2026-04-15");
    assert_outcome (f, &one, "RESTRICTED");
    assert_string_equal (heard (f, 0), "RESTRICTED");
    /* Without any consent that is still the only reason. */
    f->statement_count = 0;
    assert_outcome (f, &one, "RESTRICTED");
    one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &one, "RESTRICTED");
    f->subject.restriction_count = 0;
    assert_outcome (f, &one, "statute");
}

static void test_a_consent_recorded_after_the_restriction_passes (void **state)
{
    struct fixture *f = *state;
    consent (f);
    restrict_from (f, "2026-04-15");
    struct check one = check (f);
    struct statement *later = consent (f);
    f->subject.restrictions[0].next_order = later->order + 1;
    assert_outcome (f, &one, "RESTRICTED");
    f->subject.restrictions[0].next_order = later->order;
    assert_outcome (f, &one, "consent");
    /* Whatever the clock said: it stood, or went back (C14). */
    later->recorded_at = f->subject.restrictions[0].since;
    assert_outcome (f, &one, "consent");
    later->recorded_at -= HOUR;
    assert_outcome (f, &one, "consent");
    later->recorded_at = f->now;
    f->subject.restrictions[0].next_order = later->order + 1;
    assert_outcome (f, &one, "RESTRICTED");
    /* Where the order is not known, that the time says so is not enough. */
    f->subject.restrictions[0].next_order = 0;
    assert_outcome (f, &one, "RESTRICTED");
    f->subject.restrictions[0].next_order = later->order;
    /* But not where the agreement is missing as well; then that is the code. */
    fixture_party (f, "wijkteam")->active = false;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
}

static void test_a_statute_marked_so_passes_a_restriction (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "jansen", "meldpunt", "escalatie", "justitie");
    restrict_from (f, "2026-04-15");
    assert_outcome (f, &one, "statute");
    fixture_party (f, "meldpunt")->active = false;
    assert_outcome (f, &one, "statute");
}

static void test_need_comes_before_restriction (void **state)
{
    struct fixture *f = *state;
    restrict_from (f, "2026-04-15");
    struct check one = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "bsn");
    assert_outcome (f, &one, "CATEGORY_NOT_NEEDED");
}

/* C6. */
static void test_a_statute_covers_the_origin (void **state)
{
    struct fixture *f = *state;
    statute_first (f);
    struct check one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw/wmo");
    assert_outcome (f, &one, "statute");
    assert_int_equal (f->decision.items[0].statute, 0);
    one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw/brp");
    assert_outcome (f, &one, "statute");
    one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw/jeugdwet");
    assert_outcome (f, &one, "STATUTE_NOT_FOR_ORIGIN NO_CONSENT");
}

static void test_a_disclose_needs_the_origin_and_an_advice_takes_the_default (void **state)
{
    struct fixture *f = *state;
    statute_first (f);
    struct check one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw");
    assert_outcome (f, &one, "ORIGIN_UNKNOWN NO_CONSENT");
    one.mode = MODE_ADVISE;
    assert_outcome (f, &one, "statute");
    /* A statute for every origin needs none. */
    one = fixture_check (f, "kernteam", "meldpunt", "escalatie", "naw");
    assert_outcome (f, &one, "statute");
}

/* The verdict stays, and its ground does not: that, too, is something else to hear. */
static void test_until_is_when_another_statute_becomes_the_ground (void **state)
{
    struct fixture *f = *state;
    struct policy_statute statutes[3];
    assert_int_equal (f->policy.statute_count, 3);
    memcpy (statutes, f->policy.statutes, sizeof statutes);
    f->policy.statutes = statutes;
    statute_first (f);
    struct check check = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_string_equal (fixture_outcome (f, &check), "statute");
    code before = f->decision.items[0].statute;
    /* From the end of the agreement on only the other one holds: it passes what failed. */
    statutes[1].passes_restriction = true;
    fixture_party (f, "horizon")->agreement_until = fixture_at ("2026-06-20");
    assert_string_equal (fixture_outcome (f, &check), "statute");
    assert_int_equal (f->decision.items[0].statute, before);
    assert_int_equal (f->decision.until, fixture_at ("2026-06-20"));
    f->now = fixture_at ("2026-06-20");
    assert_string_equal (fixture_outcome (f, &check), "statute");
    assert_int_not_equal (f->decision.items[0].statute, before);
}

static void test_an_unknown_origin_fails_the_statute_and_not_the_item (void **state)
{
    struct fixture *f = *state;
    statute_first (f);
    fixture_consent (f, "kernteam", "cak", "naw", "eigen-bijdrage");
    struct check one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw");
    assert_outcome (f, &one, "consent");
}

static void test_a_statute_carries_what_is_special_or_not (void **state)
{
    struct fixture *f = *state;
    statute_first (f);
    struct check one =
        fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo rapportage/wmo justitie/wmo");
    const struct decision *decision = fixture_decide (f, &one);
    assert_int_equal (decision->items[0].statute, 0);
    /* The second of the flow carries health. */
    assert_true (decision->items[1].permit);
    assert_int_equal (decision->items[1].statute, 1);
    assert_string_equal (fixture_codes (f, &decision->items[2].reasons), "STATUTE_NOT_FOR_SPECIAL NO_CONSENT");
}

static void test_a_statute_must_break_professional_secrecy (void **state)
{
    struct fixture *f = *state;
    statute_first (f);
    struct check one = fixture_check (f, "jansen", "kernteam", "toekenning", "naw/wmo");
    assert_outcome (f, &one, "SECRECY NO_CONSENT");
    fixture_party (f, "jansen")->secrecy = SECRECY_OFFICIAL;
    assert_outcome (f, &one, "statute");
    one = fixture_check (f, "jansen", "meldpunt", "escalatie", "naw/wmo");
    fixture_party (f, "jansen")->secrecy = SECRECY_PROFESSIONAL;
    assert_outcome (f, &one, "statute");
}

static void test_the_code_is_of_the_condition_at_which_no_statute_was_left (void **state)
{
    struct fixture *f = *state;
    statute_first (f);
    /* From the brp: wmo covers that and does not carry health; zorgwet carries it and is not for that origin. */
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "rapportage/brp");
    assert_outcome (f, &one, "STATUTE_NOT_FOR_SPECIAL NO_CONSENT");
    fixture_party (f, "kernteam")->secrecy = SECRECY_PROFESSIONAL;
    assert_outcome (f, &one, "STATUTE_NOT_FOR_SPECIAL NO_CONSENT");
    one = fixture_check (f, "kernteam", "horizon", "toekenning", "rapportage/wmo");
    assert_outcome (f, &one, "SECRECY NO_CONSENT");
    one = fixture_check (f, "kernteam", "horizon", "toekenning", "rapportage/jeugdwet");
    assert_outcome (f, &one, "STATUTE_NOT_FOR_ORIGIN NO_CONSENT");
}

static void test_a_statute_out_of_scope_is_as_if_not_named (void **state)
{
    struct fixture *f = *state;
    statute_first (f);
    /* To a general practitioner only zorgwet is in scope: wmo would cover the brp. */
    struct check one = fixture_check (f, "kernteam", "jansen", "toekenning", "naw/brp");
    assert_outcome (f, &one, "STATUTE_NOT_FOR_ORIGIN NO_CONSENT");
    one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/brp");
    assert_outcome (f, &one, "statute");
    /* Where none is in scope the ground was not tried, and has no reason. */
    struct policy_flow_statute for_cak[] = {f->policy.flows[2].statutes[0]};
    code_set_add (&for_cak[0].to, policy_kind (&f->policy, "cak"));
    for_cak[0].to.word[0] &= ~(UINT64_C (1) << policy_kind (&f->policy, "zorgaanbieder"));
    struct policy_flow flows[] = {f->policy.flows[2]};
    flows[0].statutes = for_cak;
    flows[0].statute_count = 1;
    f->policy.flows = flows;
    f->policy.flow_count = 1;
    assert_outcome (f, &one, "NO_CONSENT");
    for_cak[0].to = (code_set){{0}};
    code_set_add (&for_cak[0].by, policy_kind (&f->policy, "huisarts"));
    assert_outcome (f, &one, "NO_CONSENT");
    code_set_add (&for_cak[0].by, policy_kind (&f->policy, "kernteam"));
    assert_outcome (f, &one, "statute");
}

/* The order of the grounds. */
static void test_grounds_are_tried_in_the_packs_order (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &one, "consent");
    statute_first (f);
    assert_outcome (f, &one, "statute");
    f->policy.grounds[0] = POLICY_WITHOUT_CONSENT;
    f->policy.grounds[2] = POLICY_STATUTE;
    assert_outcome (f, &one, "consent");
}

static void test_the_reasons_of_all_grounds_are_given_in_the_packs_order (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/jeugdwet");
    assert_outcome (f, &one, "NO_CONSENT STATUTE_NOT_FOR_ORIGIN");
    assert_string_equal (heard (f, 0), "NO_CONSENT STATUTE_NOT_FOR_ORIGIN");
    statute_first (f);
    assert_outcome (f, &one, "STATUTE_NOT_FOR_ORIGIN NO_CONSENT");
    f->policy.grounds[1] = POLICY_GROUNDS;
    assert_outcome (f, &one, "STATUTE_NOT_FOR_ORIGIN");
}

/* C7: what the consent names. */
static void test_a_consent_names_provider_recipient_category_and_purpose (void **state)
{
    struct fixture *f = *state;
    struct check one = check (f);
    assert_outcome (f, &one, "NO_CONSENT");
    consent (f);
    assert_outcome (f, &one, "consent");
    assert_int_equal (f->decision.items[0].consent, 0);
    assert_string_equal (heard (f, 0), "");
}

static void test_a_consent_that_fails_in_one_thing_is_named_for_it (void **state)
{
    struct fixture *f = *state;
    struct check one = check (f);
    struct statement *consented = fixture_consent (f, "horizon", "wijkteam", "naw", "ondersteuning");
    assert_outcome (f, &one, "PROVIDER_NOT_CONSENTED");
    consented->scope.providers = fixture_set (f, "kernteam");
    consented->scope.recipients = fixture_set (f, "horizon");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    consented->scope.recipients = fixture_set (f, "wijkteam");
    consented->scope.categories = fixture_set (f, "rapportage");
    assert_outcome (f, &one, "CATEGORY_NOT_CONSENTED");
    consented->scope.categories = fixture_set (f, "naw");
    consented->scope.purpose = "toekenning";
    assert_outcome (f, &one, "WRONG_PURPOSE");
    consented->scope.purpose = "ondersteuning";
    assert_outcome (f, &one, "consent");
}

static void test_a_consent_that_fails_in_two_things_is_not_named (void **state)
{
    struct fixture *f = *state;
    struct check one = check (f);
    struct statement *consented = fixture_consent (f, "horizon", "school", "naw", "ondersteuning");
    assert_outcome (f, &one, "NO_CONSENT");
    consented->scope.providers = fixture_set (f, "kernteam");
    consented->scope.categories = fixture_set (f, "rapportage");
    assert_outcome (f, &one, "NO_CONSENT");
    consented->scope.recipients = fixture_set (f, "wijkteam");
    consented->valid_until = f->now;
    assert_outcome (f, &one, "NO_CONSENT");
    consented->valid_until++;
    assert_outcome (f, &one, "CATEGORY_NOT_CONSENTED");
    fixture_withdraw (f, consented, f->now)->categories = fixture_set (f, "rapportage");
    assert_outcome (f, &one, "NO_CONSENT");
    consented->withdrawals[0].recorded_at = f->now + 1;
    assert_outcome (f, &one, "CATEGORY_NOT_CONSENTED");
    /* Superseded by one for more parties. */
    struct statement *later = fixture_consent (f, "kernteam", "wijkteam horizon", "rapportage", "ondersteuning");
    later->valid_until = f->now;
    assert_outcome (f, &one, "NO_CONSENT");
}

/* C7: the item that differs in the one thing must be one that still stands. */
static void test_a_near_miss_of_which_that_part_was_withdrawn_is_not_named (void **state)
{
    static const struct {
        const char *providers, *recipients, *categories, *named;
    } cases[] = {{"horizon jansen", "wijkteam", "naw", "PROVIDER_NOT_CONSENTED"},
                 {"kernteam", "horizon school", "naw", "RECIPIENT_NOT_CONSENTED"},
                 {"kernteam", "wijkteam", "bsn rapportage", "CATEGORY_NOT_CONSENTED"}};
    struct fixture *f = *state;
    struct check one = check (f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        f->statement_count = 0;
        struct statement *consented =
            fixture_consent (f, cases[i].providers, cases[i].recipients, cases[i].categories, "ondersteuning");
        const struct scope *scope = &consented->scope;
        assert_outcome (f, &one, cases[i].named);
        for (size_t last = 0; last < 2; last++) {
            struct withdrawal *part = fixture_withdraw (f, consented, f->now);
            if (scope->providers.count > 1)
                part->providers = fixture_set (f, scope->providers.item[last]);
            if (scope->recipients.count > 1)
                part->recipients = fixture_set (f, scope->recipients.item[last]);
            if (scope->categories.count > 1)
                part->categories = fixture_set (f, scope->categories.item[last]);
            assert_outcome (f, &one, last ? "NO_CONSENT" : cases[i].named);
        }
    }
    f->statement_count = 0;
    fixture_withdraw (f, fixture_consent (f, "kernteam", "wijkteam", "naw", "toekenning"), f->now);
    assert_outcome (f, &one, "NO_CONSENT");
}

static void test_a_near_miss_of_which_that_part_was_refused_is_not_named (void **state)
{
    struct fixture *f = *state;
    struct check one = check (f);
    one.case_ref = "zaak-1";
    struct statement *consented = fixture_consent (f, "kernteam", "horizon", "naw", "ondersteuning");
    struct statement *refusal = fixture_refusal (f, "kernteam", "horizon", "naw", "ondersteuning");
    assert_outcome (f, &one, "NO_CONSENT");
    /* One that does not reach the item leaves it. */
    refusal->scope.recipients = fixture_set (f, "school");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.recipients = fixture_set (f, "horizon");
    refusal->scope.providers = fixture_set (f, "jansen");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.providers = fixture_set (f, "kernteam");
    refusal->scope.categories = fixture_set (f, "bsn");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.categories = fixture_set (f, "naw");
    refusal->scope.purpose = "toekenning";
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.purpose = "ondersteuning";
    refusal->scope.case_ref = "zaak-2";
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.case_ref = "zaak-1";
    assert_outcome (f, &one, "NO_CONSENT");
    refusal->scope.origins = fixture_set (f, "jeugdwet");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    refusal->scope.origins = fixture_set (f, "wmo");
    assert_outcome (f, &one, "NO_CONSENT");
    refusal->scope.origins = fixture_set (f, "jeugdwet");
    one.items[0].origin = CODE_NONE;
    assert_outcome (f, &one, "NO_CONSENT");
    /* The older one was lifted by the consent. */
    uint64_t order = refusal->order;
    struct statement older = *refusal;
    older.order = 1;
    f->statements[1] = *consented;
    f->statements[1].order = order;
    f->statements[0] = older;
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
}

static void test_a_near_miss_for_another_purpose_is_judged_for_that_purpose (void **state)
{
    struct fixture *f = *state;
    struct check one = check (f);
    fixture_consent (f, "kernteam", "wijkteam", "naw", "toekenning");
    assert_outcome (f, &one, "WRONG_PURPOSE");
    struct statement *refusal = fixture_refusal (f, "kernteam", "wijkteam", "naw", "toekenning");
    assert_outcome (f, &one, "NO_CONSENT");
    refusal->scope.purpose = "eigen-bijdrage";
    assert_outcome (f, &one, "WRONG_PURPOSE");
    /* One for a purpose that the pack does not know (any more) tells nothing. */
    f->statements[0].scope.purpose = "vroeger";
    assert_outcome (f, &one, "NO_CONSENT");
}

/* C9: that all is known of a reason is not that the caller has heard it. */
static void test_a_near_miss_that_is_heard_is_looked_for_behind_one_that_is_not (void **state)
{
    static const char *const providers[] = {"jansen", "horizon", "school", "horizon"};
    struct fixture *f = *state;
    struct check one = check (f);
    f->listener = (struct listener){.party = "horizon"};
    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++) {
        fixture_consent (f, providers[i], "wijkteam", "naw", "ondersteuning");
        assert_outcome (f, &one, "PROVIDER_NOT_CONSENTED");
        assert_string_equal (heard (f, 0), i == 0 ? "NO_CONSENT" : "PROVIDER_NOT_CONSENTED");
    }
}

static void test_between_a_party_and_itself_there_is_no_near_miss (void **state)
{
    struct fixture *f = *state;
    struct check one = check (f);
    struct statement *consented = fixture_consent (f, "wijkteam", "wijkteam horizon", "naw", "ondersteuning");
    assert_outcome (f, &one, "NO_CONSENT");
    consented->scope.providers = fixture_set (f, "jansen wijkteam");
    assert_outcome (f, &one, "PROVIDER_NOT_CONSENTED");
    consented->scope.providers = fixture_set (f, "kernteam");
    consented->scope.recipients = fixture_set (f, "kernteam");
    assert_outcome (f, &one, "NO_CONSENT");
}

/* G7: the professional who acts. */
static void test_under_secrecy_the_provider_is_bound_for_this_check (void **state)
{
    struct fixture *f = *state;
    struct check one = check (f);
    struct statement *consented = consent (f);
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
    struct check one = check (f);
    struct statement *consented = consent (f);
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
    struct check one = check (f);
    struct statement *consented = consent (f);
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
    consent (f);
    assert_outcome (f, &one, "NO_CONSENT");
}

static void test_several_near_misses_are_all_named_in_the_rules_order (void **state)
{
    struct fixture *f = *state;
    struct check one = check (f);
    fixture_consent (f, "kernteam", "wijkteam", "naw", "toekenning");
    fixture_consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning");
    fixture_consent (f, "horizon", "wijkteam", "naw", "ondersteuning");
    fixture_consent (f, "kernteam", "school", "naw", "ondersteuning");
    assert_outcome (f, &one,
                    "PROVIDER_NOT_CONSENTED RECIPIENT_NOT_CONSENTED CATEGORY_NOT_CONSENTED WRONG_PURPOSE");
    /* They speak only where no statement covers the item. */
    consent (f)->valid_until = f->now;
    assert_outcome (f, &one, "EXPIRED");
    f->statement_count--;
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_outcome (f, &one, "REFUSED");
}

/* C7: the conditions. */
static void test_a_consent_holds_from_its_begin_until_its_end (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f);
    struct check asked = check (f);
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
    struct statement *one = consent (f);
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "integraal-plan", "naw");
    /* Recorded on 1 April: up to and including 1 July. */
    f->now = fixture_at ("2026-07-02") - 1;
    assert_outcome (f, &asked, "consent");
    f->now++;
    assert_outcome (f, &asked, "EXPIRED");
    struct check own = check (f);
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
    struct statement *one = consent (f);
    struct check asked = check (f);
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
    struct statement *one = consent (f);
    struct check asked = check (f);
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
    struct statement *one = consent (f);
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
    consent (f)->signatures[0].signer = "moeder";
    struct check asked = check (f);
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
    struct check asked = check (f);
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

/* G10: refusals. */
static void test_a_refusal_shuts_out_every_older_consent (void **state)
{
    struct fixture *f = *state;
    consent (f);
    fixture_consent (f, "kernteam", "wijkteam horizon", "naw rapportage", "ondersteuning");
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw rapportage");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    const struct decision *decision = fixture_decide (f, &asked);
    assert_string_equal (fixture_codes (f, &decision->items[0].reasons), "REFUSED");
    assert_true (decision->items[1].permit);
}

static void test_only_a_later_consent_reinstates (void **state)
{
    struct fixture *f = *state;
    consent (f);
    struct statement *refusal = fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct check asked = check (f);
    assert_outcome (f, &asked, "REFUSED");
    consent (f);
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, 2);
    refusal->order = 9;
    assert_outcome (f, &asked, "REFUSED");
    /* One that is later and fails says why; the refusal then says nothing. */
    refusal->order = 2;
    f->statements[2].valid_until = f->now;
    assert_outcome (f, &asked, "EXPIRED");
    /* One that was shut out and fails besides says so too. */
    refusal->order = 9;
    assert_outcome (f, &asked, "EXPIRED REFUSED");
}

static void test_a_refusal_covers_a_compatible_purpose (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "integraal-plan");
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "integraal-plan", "naw");
    assert_outcome (f, &asked, "consent");
    struct statement *refusal = fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_outcome (f, &asked, "REFUSED");
    refusal->scope.purpose = "toekenning";
    assert_outcome (f, &asked, "consent");
}

static void test_a_refusal_covers_what_it_names (void **state)
{
    struct fixture *f = *state;
    consent (f);
    struct check asked = check (f);
    struct statement *refusal = fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    refusal->scope.providers = fixture_set (f, "horizon");
    assert_outcome (f, &asked, "consent");
    refusal->scope.providers = fixture_set (f, "horizon kernteam");
    refusal->scope.recipients = fixture_set (f, "horizon");
    assert_outcome (f, &asked, "consent");
    refusal->scope.recipients = fixture_set (f, "horizon wijkteam");
    refusal->scope.categories = fixture_set (f, "rapportage");
    assert_outcome (f, &asked, "consent");
    refusal->scope.categories = fixture_set (f, "rapportage naw");
    assert_outcome (f, &asked, "REFUSED");
}

static void test_a_refusal_bound_to_a_case_also_covers_a_request_that_names_none (void **state)
{
    struct fixture *f = *state;
    consent (f);
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning")->scope.case_ref = "Z-1";
    struct check asked = check (f);
    assert_outcome (f, &asked, "REFUSED");
    asked.case_ref = "Z-1";
    assert_outcome (f, &asked, "REFUSED");
    asked.case_ref = "Z-2";
    assert_outcome (f, &asked, "consent");
}

static void test_a_refusal_that_names_origins_covers_those_and_an_unknown_one (void **state)
{
    struct fixture *f = *state;
    consent (f);
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning")->scope.origins =
        fixture_set (f, "jeugdwet");
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw/jeugdwet");
    assert_outcome (f, &asked, "REFUSED");
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw");
    assert_outcome (f, &asked, "REFUSED");
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw/wmo");
    assert_outcome (f, &asked, "consent");
}

static void test_the_latest_of_several_refusals_speaks (void **state)
{
    struct fixture *f = *state;
    /* A caller that is named in neither refusal's company hears what the latest may tell it: both name it here. */
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    consent (f);
    struct check asked = check (f);
    assert_outcome (f, &asked, "consent");
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_outcome (f, &asked, "REFUSED");
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    f->statements[3].order = 1;
    f->statements[0].order = 4;
    assert_outcome (f, &asked, "REFUSED");
}

static void test_a_refusal_does_not_stop_a_statute (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    struct check asked = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &asked, "statute");
    asked = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/jeugdwet");
    assert_outcome (f, &asked, "REFUSED STATUTE_NOT_FOR_ORIGIN");
}

/* G10: superseded. */
static void test_a_later_consent_that_covers_all_of_it_supersedes_for_good (void **state)
{
    struct fixture *f = *state;
    consent (f);
    struct statement *later =
        fixture_consent (f, "kernteam", "wijkteam horizon", "naw rapportage", "ondersteuning");
    struct check asked = check (f);
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, 1);
    /* Whatever becomes of the later one, the earlier stays superseded, and says nothing. */
    later->valid_until = f->now;
    assert_outcome (f, &asked, "EXPIRED");
    later->valid_until = MOMENT_NEVER;
    fixture_withdraw (f, later, f->now);
    assert_outcome (f, &asked, "REVOKED");
}

static void test_it_is_superseded_from_the_later_ones_begin (void **state)
{
    struct fixture *f = *state;
    consent (f);
    struct statement *later = consent (f);
    later->valid_from = f->now + HOUR;
    struct check asked = check (f);
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, 0);
    assert_int_equal (f->decision.until, f->now + HOUR);
    f->now += HOUR;
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, 1);
    /* One wholly withdrawn before its begin supersedes nothing. */
    fixture_withdraw (f, later, f->now - 1);
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, 0);
    later->withdrawals[0].recorded_at++;
    assert_outcome (f, &asked, "REVOKED");
}

static bool is_superseded (struct fixture *f, size_t index)
{
    struct decide_facts facts = fixture_facts (f);
    return facts.now >= facts.statements[index].superseded_from;
}

static void test_what_does_not_cover_the_whole_does_not_supersede (void **state)
{
    struct fixture *f = *state;
    struct statement *earlier =
        fixture_consent (f, "horizon kernteam", "cak wijkteam", "bsn naw", "ondersteuning");
    struct statement *later = fixture_consent (f, "horizon kernteam", "cak wijkteam", "bsn naw", "ondersteuning");
    assert_true (is_superseded (f, 0));
    assert_false (is_superseded (f, 1));
    later->scope.providers = fixture_set (f, "kernteam");
    assert_false (is_superseded (f, 0));
    later->scope.providers = fixture_set (f, "kernteam school horizon");
    later->scope.recipients = fixture_set (f, "wijkteam school");
    assert_false (is_superseded (f, 0));
    later->scope.recipients = earlier->scope.recipients;
    later->scope.categories = fixture_set (f, "naw rapportage");
    assert_false (is_superseded (f, 0));
    later->scope.categories = fixture_set (f, "bsn naw rapportage");
    assert_true (is_superseded (f, 0));
    /* Origins: none named is all of them. */
    later->scope.origins = fixture_set (f, "wmo");
    assert_false (is_superseded (f, 0));
    earlier->scope.origins = fixture_set (f, "jeugdwet wmo");
    assert_false (is_superseded (f, 0));
    later->scope.origins = fixture_set (f, "jeugdwet wmo");
    assert_true (is_superseded (f, 0));
    later->scope.origins = fixture_set (f, "");
    assert_true (is_superseded (f, 0));
    /* Case. */
    later->scope.case_ref = "Z-1";
    assert_false (is_superseded (f, 0));
    earlier->scope.case_ref = "Z-1";
    assert_true (is_superseded (f, 0));
    later->scope.case_ref = "";
    assert_true (is_superseded (f, 0));
    /* Purpose. */
    earlier->scope.purpose = "integraal-plan";
    assert_true (is_superseded (f, 0));
    later->scope.purpose = "toekenning";
    assert_false (is_superseded (f, 0));
    later->scope.purpose = "of another pack";
    assert_false (is_superseded (f, 0));
    earlier->scope.purpose = "of another pack, too";
    assert_false (is_superseded (f, 0));
    later->scope.purpose = "integraal-plan";
    assert_false (is_superseded (f, 0));
    earlier->scope.purpose = "of another pack";
    later->scope.purpose = "of another pack";
    assert_true (is_superseded (f, 0));
}

static void test_a_reusable_consent_is_not_superseded_by_a_one_time_one (void **state)
{
    struct fixture *f = *state;
    struct statement *earlier = consent (f);
    struct statement *later = consent (f);
    assert_true (is_superseded (f, 0));
    later->one_time = true;
    assert_false (is_superseded (f, 0));
    earlier->one_time = true;
    assert_true (is_superseded (f, 0));
    later->one_time = false;
    assert_true (is_superseded (f, 0));
    /* A refusal neither supersedes nor is superseded: it shuts out. */
    later->refusal = true;
    assert_false (is_superseded (f, 0));
    later->refusal = false;
    earlier->refusal = true;
    assert_false (is_superseded (f, 0));
}

static void test_wholly_withdrawn_is_every_part_between_two_parties (void **state)
{
    struct fixture *f = *state;
    struct statement *one =
        fixture_consent (f, "horizon kernteam", "kernteam wijkteam", "bsn naw", "ondersteuning");
    assert_false (statement_is_wholly_withdrawn (one, f->now));
    fixture_withdraw (f, one, f->now)->providers = fixture_set (f, "horizon");
    assert_false (statement_is_wholly_withdrawn (one, f->now));
    fixture_withdraw (f, one, f->now)->categories = fixture_set (f, "naw");
    assert_false (statement_is_wholly_withdrawn (one, f->now));
    struct withdrawal *last = fixture_withdraw (f, one, f->now);
    last->recipients = fixture_set (f, "wijkteam");
    last->categories = fixture_set (f, "bsn");
    assert_true (statement_is_wholly_withdrawn (one, f->now));
    assert_false (statement_is_wholly_withdrawn (one, f->now - 1));
}

/* C9. */
static void test_a_caller_hears_only_statements_that_name_it (void **state)
{
    struct fixture *f = *state;
    f->listener.explain = false;
    consent (f)->valid_until = f->now;
    struct check asked = check (f);
    assert_outcome (f, &asked, "EXPIRED");
    assert_string_equal (heard (f, 0), "EXPIRED");
    f->listener.party = "wijkteam";
    fixture_decide (f, &asked);
    assert_string_equal (heard (f, 0), "EXPIRED");
    /* One that checks for others is named in nothing. */
    f->listener.party = "school";
    fixture_decide (f, &asked);
    assert_string_equal (fixture_codes (f, &f->decision.items[0].reasons), "EXPIRED");
    assert_string_equal (heard (f, 0), "NO_CONSENT");
    f->listener.explain = true;
    fixture_decide (f, &asked);
    assert_string_equal (heard (f, 0), "EXPIRED");
}

static void test_a_caller_does_not_hear_of_consents_between_others (void **state)
{
    struct fixture *f = *state;
    f->listener.explain = false;
    f->listener.party = "wijkteam";
    fixture_consent (f, "kernteam", "school", "naw", "ondersteuning");
    struct check asked = check (f);
    assert_outcome (f, &asked, "RECIPIENT_NOT_CONSENTED");
    assert_string_equal (heard (f, 0), "NO_CONSENT");
    f->listener.party = "kernteam";
    fixture_decide (f, &asked);
    assert_string_equal (heard (f, 0), "RECIPIENT_NOT_CONSENTED");
    /* What may be heard is heard, the rest is not. */
    f->listener.party = "wijkteam";
    fixture_consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning");
    assert_outcome (f, &asked, "RECIPIENT_NOT_CONSENTED CATEGORY_NOT_CONSENTED");
    assert_string_equal (heard (f, 0), "CATEGORY_NOT_CONSENTED");
}

static void test_the_reasons_of_statutes_are_heard_by_all (void **state)
{
    struct fixture *f = *state;
    f->listener.explain = false;
    f->listener.party = "school";
    struct check asked = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/jeugdwet");
    fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    assert_outcome (f, &asked, "REFUSED STATUTE_NOT_FOR_ORIGIN");
    assert_string_equal (heard (f, 0), "NO_CONSENT STATUTE_NOT_FOR_ORIGIN");
}

/* The verdict. */
static void test_the_verdict_is_permit_partial_or_deny (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw rapportage", "ondersteuning");
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw rapportage");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw justitie rapportage");
    const struct decision *decision = fixture_decide (f, &asked);
    assert_int_equal (decision->verdict, VERDICT_PARTIAL);
    assert_int_equal (decision->item_count, 3);
    assert_true (decision->items[0].permit && !decision->items[1].permit && decision->items[2].permit);
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "justitie bsn");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_DENY);
}

static void test_all_or_nothing_discloses_nothing_of_a_partial (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->one_time = true;
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw justitie");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PARTIAL);
    assert_true (f->decision.one_time);
    asked.all_or_nothing = true;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_DENY);
    assert_false (f->decision.one_time);
    assert_false (f->decision.items[0].permit);
    assert_string_equal (fixture_codes (f, &f->decision.items[0].reasons), "ALL_OR_NOTHING");
    assert_string_equal (heard (f, 0), "ALL_OR_NOTHING");
    assert_string_equal (heard (f, 1), "CATEGORY_NOT_CONSENTED");
    /* When the consent ends, that item is denied for another reason: the answer differs. */
    assert_int_equal (f->decision.until, one->valid_until);
    asked.mode = MODE_ADVISE;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PARTIAL);
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw");
    asked.all_or_nothing = true;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
}

/* until. */
static void test_until_is_the_first_known_moment_at_which_the_answer_differs (void **state)
{
    struct fixture *f = *state;
    struct check asked = check (f);
    fixture_decide (f, &asked);
    assert_int_equal (f->decision.until, MOMENT_NEVER);
    struct statement *one = consent (f);
    fixture_decide (f, &asked);
    assert_int_equal (f->decision.until, one->valid_until);
    one->valid_from = f->now + HOUR;
    assert_outcome (f, &asked, "NOT_YET_VALID");
    assert_int_equal (f->decision.until, f->now + HOUR);
    /* Its own use is not counted. */
    one->one_time = true;
    one->valid_from = f->now;
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.until, one->valid_until);
}

static void test_until_passes_over_moments_that_change_nothing (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam horizon", "naw", "ondersteuning")->valid_until = f->now + HOUR;
    fixture_consent (f, "kernteam", "wijkteam school", "naw", "ondersteuning")->valid_until = f->now + 2 * HOUR;
    struct check asked = check (f);
    assert_outcome (f, &asked, "consent");
    /* The first ends sooner, and is not the ground. */
    assert_int_equal (f->decision.until, f->now + 2 * HOUR);
    f->statements[1].valid_until = f->now + HOUR;
    f->statements[0].valid_until = f->now + 2 * HOUR;
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.until, f->now + HOUR);
}

static void test_until_knows_agreements_and_compatible_purposes (void **state)
{
    struct fixture *f = *state;
    struct check asked = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw/wmo");
    struct party *cak = fixture_party (f, "cak");
    assert_outcome (f, &asked, "statute");
    assert_int_equal (f->decision.until, cak->agreement_until);
    cak->agreement_from = f->now + HOUR;
    assert_outcome (f, &asked, "AGREEMENT_MISSING");
    assert_int_equal (f->decision.until, f->now + HOUR);
    cak->agreement_from = MOMENT_NEVER;
    assert_outcome (f, &asked, "AGREEMENT_MISSING");
    assert_int_equal (f->decision.until, MOMENT_NEVER);
    consent (f);
    asked = fixture_check (f, "kernteam", "wijkteam", "integraal-plan", "naw");
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.until, fixture_at ("2026-07-02"));
}

static void test_until_is_what_the_caller_hears (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "school", "naw", "ondersteuning")->valid_until = f->now + HOUR;
    struct check asked = check (f);
    assert_outcome (f, &asked, "RECIPIENT_NOT_CONSENTED");
    assert_int_equal (f->decision.until, f->now + HOUR);
    f->listener.explain = false;
    f->listener.party = "wijkteam";
    assert_outcome (f, &asked, "RECIPIENT_NOT_CONSENTED");
    assert_string_equal (heard (f, 0), "NO_CONSENT");
    assert_int_equal (f->decision.until, MOMENT_NEVER);
    /* Another number of reasons is another answer, too: this one will not be a near miss only, but expired. */
    consent (f)->used_at = 1;
    f->statements[1].valid_until = f->now + 2 * HOUR;
    assert_outcome (f, &asked, "USED_UP");
    assert_int_equal (f->decision.until, f->now + 2 * HOUR);
}

static void test_until_tells_one_reason_from_another (void **state)
{
    struct fixture *f = *state;
    f->statement_count = 0;
    struct statement *one = consent (f);
    one->valid_from = f->now + HOUR;
    one->valid_until = f->now + HOUR;
    struct check asked = check (f);
    assert_outcome (f, &asked, "NOT_YET_VALID");
    assert_int_equal (f->decision.until, f->now + HOUR);
    /* From consent to statute the verdict stays. */
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning")->valid_until = f->now + HOUR;
    asked = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.until, f->now + HOUR);
    /* And of two items one may change while the verdict stays. */
    one = fixture_consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning");
    one->valid_until = f->now + HOUR;
    f->statements[0].valid_from = f->now;
    f->statements[0].valid_until = f->now + 2 * HOUR;
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw justitie rapportage");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PARTIAL);
    assert_int_equal (f->decision.until, f->now + HOUR);
}

static void test_more_statements_than_usual_are_decided_alike (void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < FIXTURE_STATEMENTS - 1; i++)
        consent (f)->used_at = 1;
    consent (f);
    struct check asked = check (f);
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, FIXTURE_STATEMENTS - 1);
}

/* The state as people see it. */
static enum statement_state state_of (struct fixture *f, size_t index)
{
    struct decide_facts facts = fixture_facts (f);
    return decide_state (&facts, index);
}

static void test_the_state_says_what_ended_a_consent_first (void **state)
{
    struct fixture *f = *state;
    struct statement *one = consent (f);
    assert_int_equal (state_of (f, 0), STATE_GRANTED);
    one->valid_until = f->now;
    assert_int_equal (state_of (f, 0), STATE_EXPIRED);
    f->subject.death = fixture_day ("2026-05-01");
    assert_int_equal (state_of (f, 0), STATE_LAPSED);
    one->used_at = fixture_at ("2026-04-30");
    assert_int_equal (state_of (f, 0), STATE_USED_UP);
    consent (f)->valid_from = fixture_at ("2026-04-25");
    assert_int_equal (state_of (f, 0), STATE_SUPERSEDED);
    fixture_withdraw (f, one, fixture_at ("2026-04-20"));
    assert_int_equal (state_of (f, 0), STATE_REVOKED);
    fixture_withdraw (f, one, fixture_at ("2026-04-26"));
    assert_int_equal (state_of (f, 0), STATE_REVOKED);
    /* Withdrawn after it had been superseded. */
    one->withdrawals[0].recorded_at = fixture_at ("2026-04-28");
    assert_int_equal (state_of (f, 0), STATE_SUPERSEDED);
    /* A part is no whole. */
    one->withdrawals[0].recorded_at = fixture_at ("2026-04-20");
    one->withdrawals[0].categories = fixture_set (f, "bsn");
    assert_int_equal (state_of (f, 0), STATE_SUPERSEDED);
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_int_equal (state_of (f, 2), STATE_REFUSAL);
}

static bool in_force (struct fixture *f, size_t index)
{
    struct decide_facts facts = fixture_facts (f);
    const bool flag = true;
    struct decide_grid grid = {fixture_set (f, "kernteam"), fixture_set (f, "wijkteam"), fixture_set (f, "naw"),
                               &flag, facts.statements[index].scope.purpose_code};
    bool found[64] = {false};
    assert_in_range (facts.statement_count, 1, 64);
    decide_in_force (&facts, &grid, found);
    return found[index];
}

static void test_in_force_is_granted_begun_not_withdrawn_and_not_shut_out (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam", "bsn naw", "ondersteuning");
    assert_true (in_force (f, 0));
    one->used_at = f->now;
    assert_false (in_force (f, 0));
    one->used_at = 0;
    one->valid_from = f->now + 1;
    assert_false (in_force (f, 0));
    one->valid_from = f->now;
    struct withdrawal *part = fixture_withdraw (f, one, f->now);
    part->categories = fixture_set (f, "bsn");
    assert_true (in_force (f, 0));
    part->categories = fixture_set (f, "naw");
    assert_false (in_force (f, 0));
    one->withdrawal_count = 0;
    struct statement *refusal = fixture_refusal (f, "kernteam", "horizon wijkteam", "naw", "ondersteuning");
    assert_false (in_force (f, 0));
    /* A refusal for one case leaves the others. */
    refusal->scope.case_ref = "Z-1";
    assert_true (in_force (f, 0));
    refusal->scope.case_ref = "";
    refusal->order = 0;
    assert_true (in_force (f, 0));
    refusal->order = 9;
    refusal->refusal = false;
    refusal->valid_from = f->now + 1;
    assert_true (in_force (f, 0));
}

static void test_every_code_has_a_name_and_a_rule (void **state)
{
    (void)state;
    struct rule_codes codes = {.count = 0};
    for (unsigned one = AGREEMENT_MISSING; one <= CONSENT_NOT_THE_GROUND; one++) {
        if (one > GROUND_NOT_ALLOWED && one < BLANKET_CONSENT) {
            assert_string_equal (rule_code_name (one), "UNKNOWN");
            assert_string_equal (rule_code_rule (one), "");
            continue;
        }
        assert_string_not_equal (rule_code_name (one), "UNKNOWN");
        assert_true (strlen (rule_code_rule (one)) >= 2);
        assert_false (rule_codes_has (&codes, one));
        rule_codes_add (&codes, one);
        rule_codes_add (&codes, one);
        assert_true (rule_codes_has (&codes, one));
    }
    assert_int_equal (codes.count, 34);
    assert_string_equal (rule_code_name (NO_FLOW), "NO_FLOW");
    assert_string_equal (rule_code_rule (NO_FLOW), "C4");
    /* Full: one more finds no place and does no harm. */
    rule_codes_add (&codes, 60);
    assert_int_equal (codes.count, 34);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_an_agreement_must_be_in_force),
        FIXTURE_TEST (test_an_agreement_is_asked_of_both_and_only_where_the_pack_does),
        FIXTURE_TEST (test_a_party_that_is_not_active_has_no_agreement),
        FIXTURE_TEST (test_a_kind_that_the_pack_does_not_know_has_nothing),
        FIXTURE_TEST (test_a_statute_that_passes_a_restriction_needs_no_agreement),
        FIXTURE_TEST (test_under_a_missing_agreement_a_flow_is_still_needed),
        FIXTURE_TEST (test_a_flow_must_join_the_kinds_the_purpose_and_the_category),
        FIXTURE_TEST (test_an_item_without_a_flow_is_denied_whatever_was_consented),
        FIXTURE_TEST (test_a_restriction_blocks),
        FIXTURE_TEST (test_a_consent_recorded_after_the_restriction_passes),
        FIXTURE_TEST (test_a_statute_marked_so_passes_a_restriction),
        FIXTURE_TEST (test_need_comes_before_restriction),
        FIXTURE_TEST (test_a_statute_covers_the_origin),
        FIXTURE_TEST (test_a_disclose_needs_the_origin_and_an_advice_takes_the_default),
        FIXTURE_TEST (test_until_is_when_another_statute_becomes_the_ground),
        FIXTURE_TEST (test_an_unknown_origin_fails_the_statute_and_not_the_item),
        FIXTURE_TEST (test_a_statute_carries_what_is_special_or_not),
        FIXTURE_TEST (test_a_statute_must_break_professional_secrecy),
        FIXTURE_TEST (test_the_code_is_of_the_condition_at_which_no_statute_was_left),
        FIXTURE_TEST (test_a_statute_out_of_scope_is_as_if_not_named),
        FIXTURE_TEST (test_grounds_are_tried_in_the_packs_order),
        FIXTURE_TEST (test_the_reasons_of_all_grounds_are_given_in_the_packs_order),
        FIXTURE_TEST (test_a_consent_names_provider_recipient_category_and_purpose),
        FIXTURE_TEST (test_a_consent_that_fails_in_one_thing_is_named_for_it),
        FIXTURE_TEST (test_a_consent_that_fails_in_two_things_is_not_named),
        FIXTURE_TEST (test_several_near_misses_are_all_named_in_the_rules_order),
        FIXTURE_TEST (test_a_near_miss_of_which_that_part_was_withdrawn_is_not_named),
        FIXTURE_TEST (test_a_near_miss_of_which_that_part_was_refused_is_not_named),
        FIXTURE_TEST (test_a_near_miss_for_another_purpose_is_judged_for_that_purpose),
        FIXTURE_TEST (test_a_near_miss_that_is_heard_is_looked_for_behind_one_that_is_not),
        FIXTURE_TEST (test_between_a_party_and_itself_there_is_no_near_miss),
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
        FIXTURE_TEST (test_a_refusal_shuts_out_every_older_consent),
        FIXTURE_TEST (test_only_a_later_consent_reinstates),
        FIXTURE_TEST (test_a_refusal_covers_a_compatible_purpose),
        FIXTURE_TEST (test_a_refusal_covers_what_it_names),
        FIXTURE_TEST (test_a_refusal_bound_to_a_case_also_covers_a_request_that_names_none),
        FIXTURE_TEST (test_a_refusal_that_names_origins_covers_those_and_an_unknown_one),
        FIXTURE_TEST (test_the_latest_of_several_refusals_speaks),
        FIXTURE_TEST (test_a_refusal_does_not_stop_a_statute),
        FIXTURE_TEST (test_a_later_consent_that_covers_all_of_it_supersedes_for_good),
        FIXTURE_TEST (test_it_is_superseded_from_the_later_ones_begin),
        FIXTURE_TEST (test_what_does_not_cover_the_whole_does_not_supersede),
        FIXTURE_TEST (test_a_reusable_consent_is_not_superseded_by_a_one_time_one),
        FIXTURE_TEST (test_wholly_withdrawn_is_every_part_between_two_parties),
        FIXTURE_TEST (test_a_caller_hears_only_statements_that_name_it),
        FIXTURE_TEST (test_a_caller_does_not_hear_of_consents_between_others),
        FIXTURE_TEST (test_the_reasons_of_statutes_are_heard_by_all),
        FIXTURE_TEST (test_the_verdict_is_permit_partial_or_deny),
        FIXTURE_TEST (test_all_or_nothing_discloses_nothing_of_a_partial),
        FIXTURE_TEST (test_until_is_the_first_known_moment_at_which_the_answer_differs),
        FIXTURE_TEST (test_until_passes_over_moments_that_change_nothing),
        FIXTURE_TEST (test_until_knows_agreements_and_compatible_purposes),
        FIXTURE_TEST (test_until_is_what_the_caller_hears),
        FIXTURE_TEST (test_until_tells_one_reason_from_another),
        FIXTURE_TEST (test_more_statements_than_usual_are_decided_alike),
        FIXTURE_TEST (test_the_state_says_what_ended_a_consent_first),
        FIXTURE_TEST (test_in_force_is_granted_begun_not_withdrawn_and_not_shut_out),
        FIXTURE_TEST (test_every_code_has_a_name_and_a_rule),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
