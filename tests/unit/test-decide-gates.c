/* What comes before every ground: the agreement (C3), the need (C4) and restrictions (C5). */
#include "fixture_policy.h"

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
    assert_string_equal (fixture_heard (f, 0), "AGREEMENT_MISSING");
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
    fixture_usual_consent (f);
    struct check one = fixture_usual_check (f);
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
    fixture_usual_consent (f);
    struct check one = fixture_usual_check (f);
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
    fixture_statute_first (f);
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
    assert_string_equal (fixture_heard (f, 0), "CATEGORY_NOT_NEEDED");
    one = fixture_usual_check (f);
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
    fixture_usual_consent (f);
    struct check one = fixture_usual_check (f);
    assert_outcome (f, &one, "consent");
    fixture_restrict (f, "", "2026-04-15");
    assert_outcome (f, &one, "RESTRICTED");
    assert_string_equal (fixture_heard (f, 0), "RESTRICTED");
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
    fixture_usual_consent (f);
    fixture_restrict (f, "", "2026-04-15");
    struct check one = fixture_usual_check (f);
    struct statement *later = fixture_usual_consent (f);
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
    fixture_restrict (f, "", "2026-04-15");
    assert_outcome (f, &one, "statute");
    fixture_party (f, "meldpunt")->active = false;
    assert_outcome (f, &one, "statute");
}

static void test_need_comes_before_restriction (void **state)
{
    struct fixture *f = *state;
    fixture_restrict (f, "", "2026-04-15");
    struct check one = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "bsn");
    assert_outcome (f, &one, "CATEGORY_NOT_NEEDED");
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
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
