/* When a consent lapses that others signed (M5, M10), and when it has never counted (M6). */
#include "fixture_represent.h"

/* M5. */
static void test_a_parents_consent_lapses_on_the_twelfth_birthday (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    fixture_assert_lapses (f, one, "2026-06-15");
    f->subject.birth = fixture_day ("2012-02-29");
    one->signatures[0].given_at = fixture_at ("2023-01-01");
    fixture_assert_lapses (f, one, "2024-02-29");
    f->ages[1].subject = false;
    f->subject.birth = fixture_day ("2011-03-01");
    fixture_assert_lapses (f, one, "2027-03-01");
}

static void test_a_consent_lapses_on_a_birthday_in_january_too (void **state)
{
    struct fixture *f = *state;
    fixture_child (f)->from = fixture_day ("2014-01-10");
    f->subject.birth = fixture_day ("2014-01-10");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-01-09"));
    fixture_assert_lapses (f, one, "2026-01-10");
}

static void test_a_consent_lapses_where_the_packs_only_band_begins (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    f->ages[0] = (struct policy_age_band){16, true, false};
    f->policy.age_count = 1;
    fixture_incapable_from (f, "2020-01-01"); /* below the band nobody knows who signs (M6) */
    fixture_capable_again_from (f, "2031-01-01");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2030-06-16"));
    fixture_assert_lapses (f, one, "2031-01-01");
    one->signatures[0].given_at = fixture_at ("2026-06-14");
    fixture_assert_never_counted (f, one);
}

static void test_a_consent_that_the_subject_gave_stays_when_he_becomes_incapable (void **state)
{
    struct fixture *f = *state;
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    fixture_incapable_from (f, "2026-04-15");
    struct statement *own = fixture_unsigned_consent (f);
    fixture_sign (f, own, "subject", fixture_at ("2026-04-01"));
    assert_true (fixture_is_signed (f, own));
    fixture_assert_lapses (f, own, NULL);
}

static void test_a_mentors_consent_lapses_for_good_when_the_subject_becomes_capable (void **state)
{
    struct fixture *f = *state;
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    fixture_incapable_from (f, "2025-01-01");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "mentor", fixture_at ("2026-04-01"));
    assert_true (fixture_is_signed (f, one));
    fixture_assert_lapses (f, one, NULL);
    fixture_capable_again_from (f, "2026-04-20");
    fixture_assert_lapses (f, one, "2026-04-20");
    /* What he signed while he was not capable does not stand. */
    fixture_sign (f, one, "subject", fixture_at ("2026-04-02"));
    fixture_assert_lapses (f, one, "2026-04-20");
    fixture_sign (f, one, "subject", fixture_at ("2026-04-20"));
    fixture_assert_lapses (f, one, NULL);
}

static void test_the_earliest_moment_of_his_own_signature_counts (void **state)
{
    struct fixture *f = *state;
    fixture_child (f);
    fixture_incapable_from (f, "2024-01-01");
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    fixture_assert_lapses (f, one, NULL);
    /* Capable on the very day that he turns 14: later than 12, sooner than 16. */
    fixture_capable_again_from (f, "2028-06-15");
    fixture_assert_lapses (f, one, "2028-06-15");
}

static void test_what_is_not_signed_by_all_who_must_never_counted (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_unsigned_consent (f);
    fixture_assert_never_counted (f, one);
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    fixture_sign (f, one, "mentor", fixture_at ("2026-04-10"));
    fixture_assert_never_counted (f, one);
    fixture_incapable_from (f, "2026-04-10");
    fixture_assert_lapses (f, one, NULL);
}

static void test_a_change_of_today_holds_from_its_recording_on (void **state)
{
    struct fixture *f = *state;
    moment today = fixture_at ("2026-05-01"), at_two = today + 14 * HOUR;
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    fixture_incapable_from (f, "2026-05-01");
    f->subject.capabilities[0].recorded = at_two;
    assert_true (represent_signers (&f->policy, &f->subject, at_two - 1).subject);
    assert_true (represent_signers (&f->policy, &f->subject, at_two).representatives);
    assert_true (represent_is_capable (&f->subject, at_two - 1));
    assert_false (represent_is_capable (&f->subject, at_two));
    assert_int_equal (represent_next_change (&f->policy, &f->subject, today), at_two);
    f->subject.death = fixture_day ("2026-05-01");
    f->subject.death_recorded = at_two;
    assert_false (represent_is_dead (&f->subject, at_two - 1));
    assert_true (represent_is_dead (&f->subject, at_two));
    /* Recorded on another day it holds from the beginning of its own. */
    f->subject.capabilities[0].recorded = at_two + 24 * HOUR;
    assert_true (represent_signers (&f->policy, &f->subject, today).representatives);
    assert_false (represent_signers (&f->policy, &f->subject, today - 1).representatives);
}

/* What the mentor signed or refused in the morning stands, though the subject is capable from that day; and so
   does what the subject himself did. */
static void test_a_change_of_today_ends_nothing_of_the_morning (void **state)
{
    struct fixture *f = *state;
    moment morning = fixture_at ("2026-05-01") + 10 * HOUR, at_two = fixture_at ("2026-05-01") + 14 * HOUR;
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    fixture_incapable_from (f, "2026-01-01");
    fixture_capable_again_from (f, "2026-05-01");
    f->subject.capabilities[1].recorded = at_two;
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "mentor", morning);
    assert_true (fixture_is_signed (f, one));
    assert_int_equal (represent_lapses_at (&f->policy, &f->subject, one), at_two);
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "mentor", morning));
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "mentor", at_two));
    one->signatures[0].given_at = at_two;
    assert_false (fixture_is_signed (f, one));
    fixture_assert_never_counted (f, one);
    /* His own word counts from the morning on. */
    one->signatures[0] = (struct signature){"subject", morning};
    assert_true (fixture_is_signed (f, one));
    fixture_assert_lapses (f, one, NULL);
}

/* Where the pack lets nobody below fourteen withdraw but who must consent. */
static void test_the_subject_takes_back_what_he_signed_in_the_morning (void **state)
{
    struct fixture *f = *state;
    moment morning = fixture_at ("2026-07-01") + 10 * HOUR, at_two = fixture_at ("2026-07-01") + 14 * HOUR;
    fixture_child (f);
    f->policy.withdraws_from = 14;
    struct statement *one = fixture_unsigned_consent (f);
    fixture_sign (f, one, "subject", morning);
    fixture_sign (f, one, "moeder", morning);
    fixture_incapable_from (f, "2026-07-01");
    f->subject.capabilities[0].recorded = at_two;
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "subject", morning));
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "subject", at_two));
    assert_true (represent_may_take_back (&f->policy, &f->subject, one, "subject", at_two));
    one->signatures[0].given_at = at_two;
    assert_false (represent_may_take_back (&f->policy, &f->subject, one, "subject", at_two));
}

/* M10. */
static void test_death_ends_a_consent (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    fixture_assert_lapses (f, one, NULL);
    f->subject.death = fixture_day ("2026-04-20");
    fixture_assert_lapses (f, one, "2026-04-20");
}

/* M6: then nobody can tell who had to sign. */
static void test_without_a_birth_date_no_consent_counts (void **state)
{
    struct fixture *f = *state;
    struct statement *own = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    fixture_assert_lapses (f, own, NULL);
    f->subject.birth.month = 0;
    fixture_assert_never_counted (f, own);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_a_parents_consent_lapses_on_the_twelfth_birthday),
        FIXTURE_TEST (test_a_consent_lapses_on_a_birthday_in_january_too),
        FIXTURE_TEST (test_a_consent_lapses_where_the_packs_only_band_begins),
        FIXTURE_TEST (test_a_consent_that_the_subject_gave_stays_when_he_becomes_incapable),
        FIXTURE_TEST (test_a_mentors_consent_lapses_for_good_when_the_subject_becomes_capable),
        FIXTURE_TEST (test_the_earliest_moment_of_his_own_signature_counts),
        FIXTURE_TEST (test_what_is_not_signed_by_all_who_must_never_counted),
        FIXTURE_TEST (test_a_change_of_today_holds_from_its_recording_on),
        FIXTURE_TEST (test_a_change_of_today_ends_nothing_of_the_morning),
        FIXTURE_TEST (test_the_subject_takes_back_what_he_signed_in_the_morning),
        FIXTURE_TEST (test_death_ends_a_consent),
        FIXTURE_TEST (test_without_a_birth_date_no_consent_counts),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
