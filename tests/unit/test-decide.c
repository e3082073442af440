/* Section 3 of the rules, the disclosure check, as a whole: the order of the grounds, what a caller hears, the
   verdict. Its gates and grounds are in test-decide-*.c. Each code has a failing case beside a passing one. */
#include <string.h>
#include "fixture_policy.h"

/* The order of the grounds. */
static void test_grounds_are_tried_in_the_packs_order (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &one, "consent");
    fixture_statute_first (f);
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
    assert_string_equal (fixture_heard (f, 0), "NO_CONSENT STATUTE_NOT_FOR_ORIGIN");
    fixture_statute_first (f);
    assert_outcome (f, &one, "STATUTE_NOT_FOR_ORIGIN NO_CONSENT");
    f->policy.grounds[1] = POLICY_GROUNDS;
    assert_outcome (f, &one, "STATUTE_NOT_FOR_ORIGIN");
}

/* C9. */
static void test_a_caller_hears_only_statements_that_name_it (void **state)
{
    struct fixture *f = *state;
    f->listener.explain = false;
    fixture_usual_consent (f)->valid_until = f->now;
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "EXPIRED");
    assert_string_equal (fixture_heard (f, 0), "EXPIRED");
    f->listener.party = "wijkteam";
    fixture_decide (f, &asked);
    assert_string_equal (fixture_heard (f, 0), "EXPIRED");
    /* One that checks for others is named in nothing. */
    f->listener.party = "school";
    fixture_decide (f, &asked);
    assert_string_equal (fixture_codes (f, &f->decision.items[0].reasons), "EXPIRED");
    assert_string_equal (fixture_heard (f, 0), "NO_CONSENT");
    f->listener.explain = true;
    fixture_decide (f, &asked);
    assert_string_equal (fixture_heard (f, 0), "EXPIRED");
}

static void test_a_caller_does_not_hear_of_consents_between_others (void **state)
{
    struct fixture *f = *state;
    f->listener.explain = false;
    f->listener.party = "wijkteam";
    fixture_consent (f, "kernteam", "school", "naw", "ondersteuning");
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "RECIPIENT_NOT_CONSENTED");
    assert_string_equal (fixture_heard (f, 0), "NO_CONSENT");
    f->listener.party = "kernteam";
    fixture_decide (f, &asked);
    assert_string_equal (fixture_heard (f, 0), "RECIPIENT_NOT_CONSENTED");
    /* What may be heard is heard, the rest is not. */
    f->listener.party = "wijkteam";
    fixture_consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning");
    assert_outcome (f, &asked, "RECIPIENT_NOT_CONSENTED CATEGORY_NOT_CONSENTED");
    assert_string_equal (fixture_heard (f, 0), "CATEGORY_NOT_CONSENTED");
}

static void test_the_reasons_of_statutes_are_heard_by_all (void **state)
{
    struct fixture *f = *state;
    f->listener.explain = false;
    f->listener.party = "school";
    struct check asked = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/jeugdwet");
    fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    assert_outcome (f, &asked, "REFUSED STATUTE_NOT_FOR_ORIGIN");
    assert_string_equal (fixture_heard (f, 0), "NO_CONSENT STATUTE_NOT_FOR_ORIGIN");
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
    assert_string_equal (fixture_heard (f, 0), "ALL_OR_NOTHING");
    assert_string_equal (fixture_heard (f, 1), "CATEGORY_NOT_CONSENTED");
    /* When the consent ends, that item is denied for another reason: the answer differs. */
    assert_int_equal (f->decision.until, one->valid_until);
    asked.mode = MODE_ADVISE;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PARTIAL);
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw");
    asked.all_or_nothing = true;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
}

static void test_what_is_withheld_for_its_batch_is_denied_though_all_of_it_would_be_permitted (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->one_time = true;
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw");
    asked.withheld = true;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_DENY);
    assert_false (f->decision.one_time);
    assert_string_equal (fixture_heard (f, 0), "ALL_OR_NOTHING");
    assert_int_equal (f->decision.until, one->valid_until);
    asked.mode = MODE_ADVISE;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
    /* Of a partial what is permitted is withheld. What is denied keeps its reasons. */
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw justitie");
    asked.withheld = true;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_DENY);
    assert_string_equal (fixture_heard (f, 0), "ALL_OR_NOTHING");
    assert_string_equal (fixture_heard (f, 1), "CATEGORY_NOT_CONSENTED");
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "justitie");
    asked.withheld = true;
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_DENY);
    assert_string_equal (fixture_heard (f, 0), "CATEGORY_NOT_CONSENTED");
}

static void test_more_statements_than_usual_are_decided_alike (void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < FIXTURE_STATEMENTS - 1; i++)
        fixture_usual_consent (f)->used_at = 1;
    fixture_usual_consent (f);
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, FIXTURE_STATEMENTS - 1);
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
        FIXTURE_TEST (test_grounds_are_tried_in_the_packs_order),
        FIXTURE_TEST (test_the_reasons_of_all_grounds_are_given_in_the_packs_order),
        FIXTURE_TEST (test_a_caller_hears_only_statements_that_name_it),
        FIXTURE_TEST (test_a_caller_does_not_hear_of_consents_between_others),
        FIXTURE_TEST (test_the_reasons_of_statutes_are_heard_by_all),
        FIXTURE_TEST (test_the_verdict_is_permit_partial_or_deny),
        FIXTURE_TEST (test_all_or_nothing_discloses_nothing_of_a_partial),
        FIXTURE_TEST (test_what_is_withheld_for_its_batch_is_denied_though_all_of_it_would_be_permitted),
        FIXTURE_TEST (test_more_statements_than_usual_are_decided_alike),
        FIXTURE_TEST (test_every_code_has_a_name_and_a_rule),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
