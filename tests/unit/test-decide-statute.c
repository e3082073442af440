/* C6: the statutes of a flow. */
#include "fixture_policy.h"

static void test_a_statute_covers_the_origin (void **state)
{
    struct fixture *f = *state;
    fixture_statute_first (f);
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
    fixture_statute_first (f);
    struct check one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw");
    assert_outcome (f, &one, "ORIGIN_UNKNOWN NO_CONSENT");
    one.mode = MODE_ADVISE;
    assert_outcome (f, &one, "statute");
    /* A statute for every origin needs none. */
    one = fixture_check (f, "kernteam", "meldpunt", "escalatie", "naw");
    assert_outcome (f, &one, "statute");
}

static void test_an_unknown_origin_fails_the_statute_and_not_the_item (void **state)
{
    struct fixture *f = *state;
    fixture_statute_first (f);
    fixture_consent (f, "kernteam", "cak", "naw", "eigen-bijdrage");
    struct check one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw");
    assert_outcome (f, &one, "consent");
}

static void test_a_statute_carries_what_is_special_or_not (void **state)
{
    struct fixture *f = *state;
    fixture_statute_first (f);
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
    fixture_statute_first (f);
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
    fixture_statute_first (f);
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
    fixture_statute_first (f);
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

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_a_statute_covers_the_origin),
        FIXTURE_TEST (test_a_disclose_needs_the_origin_and_an_advice_takes_the_default),
        FIXTURE_TEST (test_an_unknown_origin_fails_the_statute_and_not_the_item),
        FIXTURE_TEST (test_a_statute_carries_what_is_special_or_not),
        FIXTURE_TEST (test_a_statute_must_break_professional_secrecy),
        FIXTURE_TEST (test_the_code_is_of_the_condition_at_which_no_statute_was_left),
        FIXTURE_TEST (test_a_statute_out_of_scope_is_as_if_not_named),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
