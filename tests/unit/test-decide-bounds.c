/* The disclosure check where something is the last, the first, the most, or just not: what scripts/mutate showed
   that the other tests of section 3 do not look at. */
#include <string.h>
#include "fixture_policy.h"

/* C3. */
static void test_the_first_kind_that_the_pack_does_not_know_has_no_agreement (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    f->policy.kind_count = fixture_party (f, "horizon")->kind + 1;
    assert_outcome (f, &one, "consent");
    f->policy.kind_count--;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
}

/* The answer has as many items as were asked. */
static void test_nothing_is_said_of_items_that_were_not_asked (void **state)
{
    struct fixture *f = *state;
    fixture_usual_consent (f);
    struct item_decision untouched;
    memset (&untouched, 0x5a, sizeof untouched);
    f->decision.items[2] = untouched;
    f->decision.items[2].permit = true;
    untouched = f->decision.items[2];
    struct check one = fixture_support_check (f, "naw bsn");
    one.all_or_nothing = true;
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_DENY);
    assert_memory_equal (&f->decision.items[2], &untouched, sizeof untouched);
    assert_int_equal (f->decision.item_count, 2);
}

static void test_a_decision_does_not_look_at_what_an_earlier_one_left (void **state)
{
    struct fixture *f = *state;
    struct statement *once = fixture_consent (f, "kernteam", "wijkteam", "justitie", "ondersteuning");
    once->one_time = true;
    fixture_usual_consent (f);
    struct check two = fixture_support_check (f, "naw justitie");
    assert_int_equal (fixture_decide (f, &two)->verdict, VERDICT_PERMIT);
    assert_true (f->decision.one_time);
    struct check one = fixture_support_check (f, "naw");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PERMIT);
    assert_false (f->decision.one_time);
}

static void test_the_most_items_are_decided_alike (void **state)
{
    struct fixture *f = *state;
    fixture_usual_consent (f);
    struct check one = fixture_support_check (f, "naw");
    one.all_or_nothing = true;
    one.item_count = DECIDE_ITEMS;
    for (size_t i = 1; i < DECIDE_ITEMS; i++)
        one.items[i] = one.items[0];
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PERMIT);
    one.items[DECIDE_ITEMS - 1].category = policy_category (&f->policy, "bsn");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_DENY);
    assert_string_equal (fixture_codes (f, &f->decision.items[0].reasons), "ALL_OR_NOTHING");
    assert_string_equal (fixture_codes (f, &f->decision.items[DECIDE_ITEMS - 1].reasons), "CATEGORY_NOT_NEEDED");
    one.all_or_nothing = false;
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PARTIAL);
}

static void test_few_statements_and_one_more_are_decided_alike (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw");
    while (f->statement_count < 20) {
        fixture_usual_consent (f);
        assert_outcome (f, &one, "consent");
        assert_int_equal (f->decision.items[0].consent, f->statement_count - 1);
    }
}

/* until. */
static void test_until_knows_the_begin_and_the_end_of_either_partys_agreement (void **state)
{
    struct fixture *f = *state;
    struct party *horizon = fixture_party (f, "horizon");
    fixture_consent (f, "horizon", "kernteam", "naw", "integraal-plan")->valid_until = MOMENT_NEVER;
    struct check provides = fixture_check (f, "horizon", "kernteam", "integraal-plan", "naw");
    horizon->agreement_from = f->now + HOUR;
    assert_outcome (f, &provides, "AGREEMENT_MISSING");
    assert_int_equal (f->decision.until, f->now + HOUR);
    horizon->agreement_from = f->now;
    horizon->agreement_until = f->now + 2 * HOUR;
    assert_outcome (f, &provides, "consent");
    assert_int_equal (f->decision.until, f->now + 2 * HOUR);
}

/* G10, and the reasons of C7. */
static void test_a_near_miss_is_not_named_from_the_moment_it_is_superseded (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "school", "naw", "ondersteuning");
    struct statement *later = fixture_consent (f, "kernteam", "school", "naw", "ondersteuning");
    later->used_at = 1;
    later->valid_from = f->now + 1;
    struct check one = fixture_support_check (f, "naw");
    assert_outcome (f, &one, "RECIPIENT_NOT_CONSENTED");
    later->valid_from = f->now;
    assert_outcome (f, &one, "NO_CONSENT");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_the_first_kind_that_the_pack_does_not_know_has_no_agreement),
        FIXTURE_TEST (test_nothing_is_said_of_items_that_were_not_asked),
        FIXTURE_TEST (test_a_decision_does_not_look_at_what_an_earlier_one_left),
        FIXTURE_TEST (test_the_most_items_are_decided_alike),
        FIXTURE_TEST (test_few_statements_and_one_more_are_decided_alike),
        FIXTURE_TEST (test_until_knows_the_begin_and_the_end_of_either_partys_agreement),
        FIXTURE_TEST (test_a_near_miss_is_not_named_from_the_moment_it_is_superseded),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
