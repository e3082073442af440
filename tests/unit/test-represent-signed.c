/* Whose signatures make a statement signed (G8, M5, M6): each is judged at its own moment. */
#include "fixture_represent.h"

static void test_all_who_must_sign_must_sign (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    fixture_representative (f, "bewind", "bewindvoerder", "2014-06-15");
    struct statement *one = fixture_unsigned_consent (f);
    assert_false (fixture_is_signed (f, one));
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-20"));
    assert_false (fixture_is_signed (f, one));
    fixture_sign (f, one, "vader", fixture_at ("2026-06-20"));
    assert_false (fixture_is_signed (f, one));
    fixture_sign (f, one, "subject", fixture_at ("2026-06-20"));
    assert_true (fixture_is_signed (f, one));
}

static void test_the_pack_may_be_content_with_any_one_representative (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "vader", fixture_at ("2026-04-01"));
    assert_false (fixture_is_signed (f, one));
    f->policy.any_representative = true;
    assert_true (fixture_is_signed (f, one));
    /* But one it must be. */
    one->signature_count = 0;
    fixture_sign (f, one, "subject", fixture_at ("2026-06-20"));
    assert_false (fixture_is_signed (f, one));
}

static void test_a_signature_is_judged_at_its_own_moment (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = fixture_child (f);
    mother->until = fixture_day ("2026-04-02");
    /* She had authority when she signed, the day before it ended. */
    struct statement *before = fixture_unsigned_consent (f);
    fixture_sign (f, before, "moeder", fixture_at ("2026-04-01"));
    assert_true (fixture_is_signed (f, before));
    struct statement *after = fixture_unsigned_consent (f);
    fixture_sign (f, after, "moeder", fixture_at ("2026-04-02"));
    assert_false (fixture_is_signed (f, after));
}

static void test_a_signature_before_the_twelfth_birthday_is_not_the_subjects_own (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "subject", fixture_at ("2026-06-14"));
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-16"));
    assert_false (fixture_is_signed (f, one));
    one->signatures[0].given_at = fixture_at ("2026-06-15");
    assert_true (fixture_is_signed (f, one));
}

static void test_a_childs_signature_beside_the_parents_does_no_harm (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    fixture_sign (f, one, "subject", fixture_at ("2026-04-02"));
    assert_true (fixture_is_signed (f, one));
    /* It does not keep the consent alive either. */
    fixture_assert_lapses (f, one, "2026-06-15");
}

static void test_who_must_sign_is_judged_when_the_last_signature_is_given (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-14"));
    fixture_sign (f, one, "vader", fixture_at ("2026-06-14"));
    assert_true (fixture_is_signed (f, one));
    one->signatures[1].given_at = fixture_at ("2026-06-16");
    assert_false (fixture_is_signed (f, one));
}

static void test_the_last_signature_is_the_latest_whatever_the_order_of_the_list (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "vader", fixture_at ("2026-06-16"));
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-14"));
    assert_false (fixture_is_signed (f, one));
    one->signatures[0].given_at = fixture_at ("2026-06-13");
    assert_true (fixture_is_signed (f, one));
}

static void test_a_signature_that_does_not_stand_is_not_the_last (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-14"));
    fixture_sign (f, one, "buurvrouw", fixture_at ("2026-06-16"));
    assert_true (fixture_is_signed (f, one));
    fixture_representative (f, "buurvrouw", "ouder-met-gezag", "2026-06-15");
    assert_false (fixture_is_signed (f, one));
}

static void test_a_representative_may_have_had_authority_more_than_once (void **state)
{
    struct fixture *f = *state;
    fixture_child (f)->until = fixture_day ("2020-01-01");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2025-01-01");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    assert_true (fixture_is_signed (f, one));
    one->signatures[0].given_at = fixture_at ("2022-04-01");
    assert_false (fixture_is_signed (f, one));
}

static void test_nobody_signs_at_the_moment_that_counts (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = fixture_child (f);
    mother->until = fixture_day ("2026-06-16");
    /* From 12 both must; when the subject signs no representative is left. */
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-15"));
    fixture_sign (f, one, "subject", fixture_at ("2026-06-17"));
    assert_false (fixture_is_signed (f, one));
    one->signatures[1].given_at = fixture_at ("2026-06-15");
    assert_true (fixture_is_signed (f, one));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_all_who_must_sign_must_sign),
        FIXTURE_TEST (test_the_pack_may_be_content_with_any_one_representative),
        FIXTURE_TEST (test_a_signature_is_judged_at_its_own_moment),
        FIXTURE_TEST (test_a_signature_before_the_twelfth_birthday_is_not_the_subjects_own),
        FIXTURE_TEST (test_a_childs_signature_beside_the_parents_does_no_harm),
        FIXTURE_TEST (test_who_must_sign_is_judged_when_the_last_signature_is_given),
        FIXTURE_TEST (test_the_last_signature_is_the_latest_whatever_the_order_of_the_list),
        FIXTURE_TEST (test_a_signature_that_does_not_stand_is_not_the_last),
        FIXTURE_TEST (test_a_representative_may_have_had_authority_more_than_once),
        FIXTURE_TEST (test_nobody_signs_at_the_moment_that_counts),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
