/* Section 4 of the rules: who signs for the subject, who consents and who withdraws (M1 to M4, M6 to M8, M10). */
#include "fixture_represent.h"

/* M1, M2, M3. */
static void test_age_says_who_signs_from_the_start_of_the_birthday (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    assert_string_equal (fixture_signers_on (f, "2026-06-14"), "representatives");
    assert_string_equal (fixture_signers_on (f, "2026-06-15"), "both");
    assert_string_equal (fixture_signers_on (f, "2030-06-14"), "both");
    assert_string_equal (fixture_signers_on (f, "2030-06-15"), "subject");
    moment birthday = fixture_at ("2026-06-15");
    assert_false (represent_has_age (&f->subject, 12, birthday - 1));
    assert_true (represent_has_age (&f->subject, 12, birthday));
}

static void test_the_pack_may_let_a_child_of_twelve_sign_alone (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    f->ages[1].representatives = false;
    assert_string_equal (fixture_signers_on (f, "2026-06-14"), "representatives");
    assert_string_equal (fixture_signers_on (f, "2026-06-15"), "subject");
}

/* M4. */
static void test_for_the_incapable_representatives_sign_at_any_age (void **state)
{
    struct fixture *f = *state;
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    fixture_incapable_from (f, "2025-01-01");
    fixture_capable_again_from (f, "2026-01-01");
    assert_string_equal (fixture_signers_on (f, "2024-12-31"), "subject");
    assert_string_equal (fixture_signers_on (f, "2025-01-01"), "representatives");
    assert_string_equal (fixture_signers_on (f, "2025-12-31"), "representatives");
    assert_string_equal (fixture_signers_on (f, "2026-01-01"), "subject");
    assert_true (represent_is_capable (&f->subject, fixture_at ("2024-12-31")));
    assert_false (represent_is_capable (&f->subject, fixture_at ("2025-06-01")));
    assert_true (represent_is_capable (&f->subject, fixture_at ("2026-06-01")));
}

/* M6. */
static void test_nobody_signs_where_representatives_are_needed_and_none_is_registered (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = fixture_child (f);
    mother->until = fixture_day ("2026-01-01");
    assert_string_equal (fixture_signers_on (f, "2025-12-31"), "representatives");
    assert_string_equal (fixture_signers_on (f, "2026-01-01"), "nobody");
    /* From 12 too, while both are needed; not any more from 16. */
    assert_string_equal (fixture_signers_on (f, "2026-06-15"), "nobody");
    assert_string_equal (fixture_signers_on (f, "2030-06-15"), "subject");
}

static void test_only_kinds_that_the_pack_counts_are_representatives (void **state)
{
    struct fixture *f = *state;
    fixture_child (f)->kind = "bewindvoerder";
    assert_string_equal (fixture_signers_on (f, "2026-01-01"), "nobody");
    f->subject.representatives[0].kind = "buurman";
    assert_string_equal (fixture_signers_on (f, "2026-01-01"), "nobody");
    f->subject.representatives[0].kind = "mentor";
    assert_string_equal (fixture_signers_on (f, "2026-01-01"), "representatives");
}

static void test_a_representative_counts_while_he_has_authority (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = fixture_child (f);
    mother->from = fixture_day ("2020-01-01");
    mother->until = fixture_day ("2021-01-01");
    assert_false (represent_counts (&f->policy, mother, fixture_at ("2019-12-31")));
    assert_true (represent_counts (&f->policy, mother, fixture_at ("2020-01-01")));
    assert_true (represent_counts (&f->policy, mother, fixture_at ("2020-12-31")));
    assert_false (represent_counts (&f->policy, mother, fixture_at ("2021-01-01")));
    mother->from.month = 0;
    assert_false (represent_counts (&f->policy, mother, fixture_at ("2020-06-01")));
}

static void test_nobody_signs_while_the_birth_date_is_not_known_or_to_come (void **state)
{
    struct fixture *f = *state;
    assert_string_equal (fixture_signers_on (f, "2026-05-01"), "subject");
    f->subject.birth = fixture_day ("2026-05-02");
    assert_string_equal (fixture_signers_on (f, "2026-05-01"), "nobody");
    f->subject.birth.month = 0;
    assert_string_equal (fixture_signers_on (f, "2026-05-01"), "nobody");
    assert_false (represent_has_age (&f->subject, 0, f->now));
}

/* M7. */
static void test_a_refused_representative_is_neither_needed_nor_counted (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    struct representative *father = fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    assert_false (fixture_is_signed (f, one));
    father->refused_from = fixture_day ("2026-04-01");
    assert_true (fixture_is_signed (f, one));
    father->refused_from = fixture_day ("2026-04-02");
    assert_false (fixture_is_signed (f, one));
    /* Counted no more: his signature alone makes nothing. */
    father->refused_from = fixture_day ("2026-03-01");
    one->signature_count = 0;
    fixture_sign (f, one, "vader", fixture_at ("2026-04-01"));
    assert_false (fixture_is_signed (f, one));
}

static void test_where_all_are_refused_a_capable_subject_from_twelve_signs_alone (void **state)
{
    struct fixture *f = *state;
    fixture_child (f)->refused_from = fixture_day ("2026-01-01");
    assert_string_equal (fixture_signers_on (f, "2025-12-31"), "representatives");
    assert_string_equal (fixture_signers_on (f, "2026-06-14"), "nobody");
    assert_string_equal (fixture_signers_on (f, "2026-06-15"), "subject");
    fixture_incapable_from (f, "2026-07-01");
    assert_string_equal (fixture_signers_on (f, "2026-06-30"), "subject");
    assert_string_equal (fixture_signers_on (f, "2026-07-01"), "nobody");
}

static void test_a_subject_whose_representatives_are_refused_signs_though_his_band_does_not_ask_him (void **state)
{
    struct fixture *f = *state;
    f->ages[1].subject = false;
    fixture_child (f)->refused_from = fixture_day ("2026-09-01");
    assert_string_equal (fixture_signers_on (f, "2026-08-31"), "representatives");
    assert_string_equal (fixture_signers_on (f, "2026-09-01"), "subject");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-08-01"));
    fixture_assert_lapses (f, one, "2026-09-01");
}

/* M10. */
static void test_from_the_death_on_nobody_signs_or_withdraws (void **state)
{
    struct fixture *f = *state;
    f->subject.death = fixture_day ("2026-05-02");
    assert_string_equal (fixture_signers_on (f, "2026-05-01"), "subject");
    assert_string_equal (fixture_signers_on (f, "2026-05-02"), "nobody");
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-05-01")));
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-05-02")));
    /* Nor does the social team: there is nothing left to withdraw. */
    assert_false (represent_nobody_can (&f->policy, &f->subject, fixture_at ("2026-05-02")));
}

/* M8. */
static void test_the_subject_withdraws_from_twelve_capable_or_not (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    fixture_incapable_from (f, "2020-01-01");
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-06-14")));
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-06-15")));
}

static void test_a_subject_who_must_sign_may_withdraw (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    f->policy.withdraws_from = 14;
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-06-14")));
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-06-15")));
}

static void test_any_one_of_those_who_must_consent_may_withdraw (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15")->refused_from =
        fixture_day ("2026-01-01");
    moment when = fixture_at ("2026-04-01");
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "moeder", when));
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "vader", when));
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "oma", when));
    /* From 16 on she is not one of those any more. */
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "moeder", fixture_at ("2030-06-15")));
}

static bool must_consent (struct fixture *f, const char *who, const char *day)
{
    struct text_set set = fixture_set (f, who);
    return represent_are_signers (&f->policy, &f->subject, &set, fixture_at (day));
}

static void test_those_who_must_consent_are_all_of_them_and_nobody_else (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    fixture_representative (f, "bewind", "bewindvoerder", "2014-06-15");
    assert_true (must_consent (f, "moeder", "2026-06-14"));
    assert_false (must_consent (f, "subject", "2026-06-14"));
    assert_false (must_consent (f, "bewind", "2026-06-14"));
    assert_false (must_consent (f, "vader", "2026-06-14"));
    assert_false (must_consent (f, "moeder", "2026-06-15"));
    assert_false (must_consent (f, "subject", "2026-06-15"));
    assert_true (must_consent (f, "moeder subject", "2026-06-15"));
    assert_false (must_consent (f, "bewind moeder subject", "2026-06-15"));
    /* One that is registered for several periods is one person. */
    fixture_representative (f, "moeder", "ouder-met-gezag", "2031-01-01");
    assert_true (must_consent (f, "moeder subject", "2026-06-15"));
    assert_false (must_consent (f, "", "2026-06-15"));
    assert_false (must_consent (f, "", "2026-06-14"));
    assert_false (must_consent (f, "moeder", "2030-06-15"));
    assert_true (must_consent (f, "subject", "2030-06-15"));
    /* Withdrawing is another matter: the subject may from twelve, capable or not (M8). */
    fixture_incapable_from (f, "2026-06-15");
    assert_false (must_consent (f, "subject", "2026-07-01"));
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-07-01")));
    f->subject.representatives[0].refused_from = fixture_day ("2026-07-01");
    assert_false (must_consent (f, "moeder", "2026-07-01"));
    f->subject.death = fixture_day ("2026-06-20");
    assert_true (must_consent (f, "moeder", "2026-06-19"));
    assert_false (must_consent (f, "moeder", "2026-06-20"));
}

static void assert_next_change (struct fixture *f, const char *after, const char *next)
{
    moment expected = next == NULL ? MOMENT_NEVER : fixture_at (next);
    assert_int_equal (represent_next_change (&f->policy, &f->subject, fixture_at (after)), expected);
    assert_int_equal (represent_next_change (&f->policy, &f->subject, fixture_at (after) + 3600000), expected);
}

static void test_the_days_on_which_others_may_have_to_consent_are_known (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = fixture_child (f);
    mother->from = fixture_day ("2014-01-01");
    assert_next_change (f, "2014-06-14", "2014-06-15"); /* the birth */
    assert_next_change (f, "2014-06-15", "2026-06-15");
    assert_next_change (f, "2026-06-14", "2026-06-15");
    assert_next_change (f, "2026-06-15", "2030-06-15");
    assert_next_change (f, "2030-06-15", NULL);
    mother->until = fixture_day ("2027-01-01");
    assert_next_change (f, "2026-06-15", "2027-01-01");
    mother->refused_from = fixture_day ("2026-12-01");
    assert_next_change (f, "2026-06-15", "2026-12-01");
    fixture_representative (f, "vader", "ouder-met-gezag", "2026-11-01");
    assert_next_change (f, "2026-06-15", "2026-11-01");
    fixture_incapable_from (f, "2026-10-01");
    assert_next_change (f, "2026-06-15", "2026-10-01");
    f->subject.death = fixture_day ("2026-09-01");
    assert_next_change (f, "2026-06-15", "2026-09-01");
    /* The age from which one withdraws counts where all representatives are refused (M7). */
    f->policy.withdraws_from = 13;
    assert_next_change (f, "2027-01-01", "2027-06-15");
    /* Without a birth date there are no birthdays. */
    f->subject.birth.month = 0;
    assert_next_change (f, "2026-06-15", "2026-09-01");
    assert_next_change (f, "2027-01-01", NULL);
}

static void test_nobody_can_where_neither_subject_nor_representative_may (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = fixture_child (f);
    assert_false (represent_nobody_can (&f->policy, &f->subject, fixture_at ("2026-04-01")));
    mother->until = fixture_day ("2026-01-01");
    assert_true (represent_nobody_can (&f->policy, &f->subject, fixture_at ("2026-04-01")));
    /* From 12 nobody can consent, and yet the subject may withdraw. */
    assert_string_equal (fixture_signers_on (f, "2026-06-15"), "nobody");
    assert_false (represent_nobody_can (&f->policy, &f->subject, fixture_at ("2026-06-15")));
    f->subject.birth.month = 0;
    assert_true (represent_nobody_can (&f->policy, &f->subject, fixture_at ("2026-06-15")));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_age_says_who_signs_from_the_start_of_the_birthday),
        FIXTURE_TEST (test_the_pack_may_let_a_child_of_twelve_sign_alone),
        FIXTURE_TEST (test_for_the_incapable_representatives_sign_at_any_age),
        FIXTURE_TEST (test_nobody_signs_where_representatives_are_needed_and_none_is_registered),
        FIXTURE_TEST (test_only_kinds_that_the_pack_counts_are_representatives),
        FIXTURE_TEST (test_a_representative_counts_while_he_has_authority),
        FIXTURE_TEST (test_nobody_signs_while_the_birth_date_is_not_known_or_to_come),
        FIXTURE_TEST (test_a_refused_representative_is_neither_needed_nor_counted),
        FIXTURE_TEST (test_where_all_are_refused_a_capable_subject_from_twelve_signs_alone),
        FIXTURE_TEST (test_a_subject_whose_representatives_are_refused_signs_though_his_band_does_not_ask_him),
        FIXTURE_TEST (test_from_the_death_on_nobody_signs_or_withdraws),
        FIXTURE_TEST (test_the_subject_withdraws_from_twelve_capable_or_not),
        FIXTURE_TEST (test_a_subject_who_must_sign_may_withdraw),
        FIXTURE_TEST (test_any_one_of_those_who_must_consent_may_withdraw),
        FIXTURE_TEST (test_those_who_must_consent_are_all_of_them_and_nobody_else),
        FIXTURE_TEST (test_the_days_on_which_others_may_have_to_consent_are_known),
        FIXTURE_TEST (test_nobody_can_where_neither_subject_nor_representative_may),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
