/* Section 4 of the rules: who exercises the subject's rights. */
#include "fixture_policy.h"
#include "rules/represent.h"

/* "subject", "representatives", "both" or "nobody". */
static const char *signers_on (struct fixture *f, const char *day)
{
    struct signers signers = represent_signers (&f->policy, &f->subject, fixture_at (day));
    assert_int_equal (signers.nobody, !signers.subject && !signers.representatives);
    if (signers.nobody)
        return "nobody";
    if (signers.subject)
        return signers.representatives ? "both" : "subject";
    return "representatives";
}

/* A child born 2014-06-15 with a mother who has authority: 12 on 2026-06-15, 16 on 2030-06-15. */
static struct representative *child (struct fixture *f)
{
    f->subject.birth = fixture_day ("2014-06-15");
    return fixture_representative (f, "moeder", "ouder-met-gezag", "2014-06-15");
}

static void incapable_from (struct fixture *f, const char *day)
{
    f->subject.capabilities = arena_array (f->arena, 2, sizeof (struct capability));
    f->subject.capabilities[0] = (struct capability){fixture_day (day), false};
    f->subject.capability_count = 1;
}

static void capable_again_from (struct fixture *f, const char *day)
{
    f->subject.capabilities[1] = (struct capability){fixture_day (day), true};
    f->subject.capability_count = 2;
}

/* A consent without any signature, to sign. */
static struct statement *unsigned_consent (struct fixture *f)
{
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->signature_count = 0;
    return one;
}

static bool is_signed (struct fixture *f, const struct statement *one)
{
    return represent_is_signed (&f->policy, &f->subject, one->signatures, one->signature_count);
}

static void assert_lapses (struct fixture *f, const struct statement *one, const char *day)
{
    moment expected = day == NULL ? MOMENT_NEVER : fixture_at (day);
    assert_int_equal (represent_lapses_at (&f->policy, &f->subject, one), expected);
}

static void assert_never_counted (struct fixture *f, const struct statement *one)
{
    assert_true (represent_lapses_at (&f->policy, &f->subject, one) == MOMENT_ALWAYS);
}

/* M1, M2, M3. */
static void test_age_says_who_signs_from_the_start_of_the_birthday (void **state)
{
    struct fixture *f = *state;
    child (f);
    assert_string_equal (signers_on (f, "2026-06-14"), "representatives");
    assert_string_equal (signers_on (f, "2026-06-15"), "both");
    assert_string_equal (signers_on (f, "2030-06-14"), "both");
    assert_string_equal (signers_on (f, "2030-06-15"), "subject");
    moment birthday = fixture_at ("2026-06-15");
    assert_false (represent_has_age (&f->subject, 12, birthday - 1));
    assert_true (represent_has_age (&f->subject, 12, birthday));
}

static void test_the_pack_may_let_a_child_of_twelve_sign_alone (void **state)
{
    struct fixture *f = *state;
    child (f);
    f->ages[1].representatives = false;
    assert_string_equal (signers_on (f, "2026-06-14"), "representatives");
    assert_string_equal (signers_on (f, "2026-06-15"), "subject");
}

/* M4. */
static void test_for_the_incapable_representatives_sign_at_any_age (void **state)
{
    struct fixture *f = *state;
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    incapable_from (f, "2025-01-01");
    capable_again_from (f, "2026-01-01");
    assert_string_equal (signers_on (f, "2024-12-31"), "subject");
    assert_string_equal (signers_on (f, "2025-01-01"), "representatives");
    assert_string_equal (signers_on (f, "2025-12-31"), "representatives");
    assert_string_equal (signers_on (f, "2026-01-01"), "subject");
    assert_true (represent_is_capable (&f->subject, fixture_at ("2024-12-31")));
    assert_false (represent_is_capable (&f->subject, fixture_at ("2025-06-01")));
    assert_true (represent_is_capable (&f->subject, fixture_at ("2026-06-01")));
}

/* M6. */
static void test_nobody_signs_where_representatives_are_needed_and_none_is_registered (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = child (f);
    mother->until = fixture_day ("2026-01-01");
    assert_string_equal (signers_on (f, "2025-12-31"), "representatives");
    assert_string_equal (signers_on (f, "2026-01-01"), "nobody");
    /* From 12 too, while both are needed; not any more from 16. */
    assert_string_equal (signers_on (f, "2026-06-15"), "nobody");
    assert_string_equal (signers_on (f, "2030-06-15"), "subject");
}

static void test_only_kinds_that_the_pack_counts_are_representatives (void **state)
{
    struct fixture *f = *state;
    child (f)->kind = "bewindvoerder";
    assert_string_equal (signers_on (f, "2026-01-01"), "nobody");
    f->subject.representatives[0].kind = "buurman";
    assert_string_equal (signers_on (f, "2026-01-01"), "nobody");
    f->subject.representatives[0].kind = "mentor";
    assert_string_equal (signers_on (f, "2026-01-01"), "representatives");
}

static void test_a_representative_counts_while_he_has_authority (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = child (f);
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
    assert_string_equal (signers_on (f, "2026-05-01"), "subject");
    f->subject.birth = fixture_day ("2026-05-02");
    assert_string_equal (signers_on (f, "2026-05-01"), "nobody");
    f->subject.birth.month = 0;
    assert_string_equal (signers_on (f, "2026-05-01"), "nobody");
    assert_false (represent_has_age (&f->subject, 0, f->now));
}

/* M7. */
static void test_a_refused_representative_is_neither_needed_nor_counted (void **state)
{
    struct fixture *f = *state;
    child (f);
    struct representative *father = fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    assert_false (is_signed (f, one));
    father->refused_from = fixture_day ("2026-04-01");
    assert_true (is_signed (f, one));
    father->refused_from = fixture_day ("2026-04-02");
    assert_false (is_signed (f, one));
    /* Counted no more: his signature alone makes nothing. */
    father->refused_from = fixture_day ("2026-03-01");
    one->signature_count = 0;
    fixture_sign (f, one, "vader", fixture_at ("2026-04-01"));
    assert_false (is_signed (f, one));
}

static void test_where_all_are_refused_a_capable_subject_from_twelve_signs_alone (void **state)
{
    struct fixture *f = *state;
    child (f)->refused_from = fixture_day ("2026-01-01");
    assert_string_equal (signers_on (f, "2025-12-31"), "representatives");
    assert_string_equal (signers_on (f, "2026-06-14"), "nobody");
    assert_string_equal (signers_on (f, "2026-06-15"), "subject");
    incapable_from (f, "2026-07-01");
    assert_string_equal (signers_on (f, "2026-06-30"), "subject");
    assert_string_equal (signers_on (f, "2026-07-01"), "nobody");
}

static void test_a_subject_whose_representatives_are_refused_signs_though_his_band_does_not_ask_him (void **state)
{
    struct fixture *f = *state;
    f->ages[1].subject = false;
    child (f)->refused_from = fixture_day ("2026-09-01");
    assert_string_equal (signers_on (f, "2026-08-31"), "representatives");
    assert_string_equal (signers_on (f, "2026-09-01"), "subject");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-08-01"));
    assert_lapses (f, one, "2026-09-01");
}

/* M10. */
static void test_from_the_death_on_nobody_signs_or_withdraws (void **state)
{
    struct fixture *f = *state;
    f->subject.death = fixture_day ("2026-05-02");
    assert_string_equal (signers_on (f, "2026-05-01"), "subject");
    assert_string_equal (signers_on (f, "2026-05-02"), "nobody");
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-05-01")));
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-05-02")));
    /* Nor does the social team: there is nothing left to withdraw. */
    assert_false (represent_nobody_can (&f->policy, &f->subject, fixture_at ("2026-05-02")));
}

/* G8, M5, M6. */
static void test_all_who_must_sign_must_sign (void **state)
{
    struct fixture *f = *state;
    child (f);
    fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    fixture_representative (f, "bewind", "bewindvoerder", "2014-06-15");
    struct statement *one = unsigned_consent (f);
    assert_false (is_signed (f, one));
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-20"));
    assert_false (is_signed (f, one));
    fixture_sign (f, one, "vader", fixture_at ("2026-06-20"));
    assert_false (is_signed (f, one));
    fixture_sign (f, one, "subject", fixture_at ("2026-06-20"));
    assert_true (is_signed (f, one));
}

static void test_the_pack_may_be_content_with_any_one_representative (void **state)
{
    struct fixture *f = *state;
    child (f);
    fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "vader", fixture_at ("2026-04-01"));
    assert_false (is_signed (f, one));
    f->policy.any_representative = true;
    assert_true (is_signed (f, one));
    /* But one it must be. */
    one->signature_count = 0;
    fixture_sign (f, one, "subject", fixture_at ("2026-06-20"));
    assert_false (is_signed (f, one));
}

static void test_a_signature_is_judged_at_its_own_moment (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = child (f);
    mother->until = fixture_day ("2026-04-02");
    /* She had authority when she signed, the day before it ended. */
    struct statement *before = unsigned_consent (f);
    fixture_sign (f, before, "moeder", fixture_at ("2026-04-01"));
    assert_true (is_signed (f, before));
    struct statement *after = unsigned_consent (f);
    fixture_sign (f, after, "moeder", fixture_at ("2026-04-02"));
    assert_false (is_signed (f, after));
}

static void test_a_signature_before_the_twelfth_birthday_is_not_the_subjects_own (void **state)
{
    struct fixture *f = *state;
    child (f);
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "subject", fixture_at ("2026-06-14"));
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-16"));
    assert_false (is_signed (f, one));
    one->signatures[0].given_at = fixture_at ("2026-06-15");
    assert_true (is_signed (f, one));
}

static void test_a_childs_signature_beside_the_parents_does_no_harm (void **state)
{
    struct fixture *f = *state;
    child (f);
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    fixture_sign (f, one, "subject", fixture_at ("2026-04-02"));
    assert_true (is_signed (f, one));
    /* It does not keep the consent alive either. */
    assert_lapses (f, one, "2026-06-15");
}

static void test_who_must_sign_is_judged_when_the_last_signature_is_given (void **state)
{
    struct fixture *f = *state;
    child (f);
    fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-14"));
    fixture_sign (f, one, "vader", fixture_at ("2026-06-14"));
    assert_true (is_signed (f, one));
    one->signatures[1].given_at = fixture_at ("2026-06-16");
    assert_false (is_signed (f, one));
}

static void test_the_last_signature_is_the_latest_whatever_the_order_of_the_list (void **state)
{
    struct fixture *f = *state;
    child (f);
    fixture_representative (f, "vader", "ouder-met-gezag", "2014-06-15");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "vader", fixture_at ("2026-06-16"));
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-14"));
    assert_false (is_signed (f, one));
    one->signatures[0].given_at = fixture_at ("2026-06-13");
    assert_true (is_signed (f, one));
}

static void test_a_signature_that_does_not_stand_is_not_the_last (void **state)
{
    struct fixture *f = *state;
    child (f);
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-14"));
    fixture_sign (f, one, "buurvrouw", fixture_at ("2026-06-16"));
    assert_true (is_signed (f, one));
    fixture_representative (f, "buurvrouw", "ouder-met-gezag", "2026-06-15");
    assert_false (is_signed (f, one));
}

static void test_a_representative_may_have_had_authority_more_than_once (void **state)
{
    struct fixture *f = *state;
    child (f)->until = fixture_day ("2020-01-01");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2025-01-01");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    assert_true (is_signed (f, one));
    one->signatures[0].given_at = fixture_at ("2022-04-01");
    assert_false (is_signed (f, one));
}

static void test_nobody_signs_at_the_moment_that_counts (void **state)
{
    struct fixture *f = *state;
    struct representative *mother = child (f);
    mother->until = fixture_day ("2026-06-16");
    /* From 12 both must; when the subject signs no representative is left. */
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-06-15"));
    fixture_sign (f, one, "subject", fixture_at ("2026-06-17"));
    assert_false (is_signed (f, one));
    one->signatures[1].given_at = fixture_at ("2026-06-15");
    assert_true (is_signed (f, one));
}

/* M5. */
static void test_a_parents_consent_lapses_on_the_twelfth_birthday (void **state)
{
    struct fixture *f = *state;
    child (f);
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    assert_lapses (f, one, "2026-06-15");
    f->subject.birth = fixture_day ("2012-02-29");
    one->signatures[0].given_at = fixture_at ("2023-01-01");
    assert_lapses (f, one, "2024-02-29");
    f->ages[1].subject = false;
    f->subject.birth = fixture_day ("2011-03-01");
    assert_lapses (f, one, "2027-03-01");
}

static void test_a_consent_lapses_on_a_birthday_in_january_too (void **state)
{
    struct fixture *f = *state;
    child (f)->from = fixture_day ("2014-01-10");
    f->subject.birth = fixture_day ("2014-01-10");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-01-09"));
    assert_lapses (f, one, "2026-01-10");
}

static void test_a_consent_lapses_where_the_packs_only_band_begins (void **state)
{
    struct fixture *f = *state;
    child (f);
    f->ages[0] = (struct policy_age_band){16, true, false};
    f->policy.age_count = 1;
    incapable_from (f, "2020-01-01"); /* below the band nobody knows who signs (M6) */
    capable_again_from (f, "2031-01-01");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2030-06-16"));
    assert_lapses (f, one, "2031-01-01");
    one->signatures[0].given_at = fixture_at ("2026-06-14");
    assert_never_counted (f, one);
}

static void test_a_consent_that_the_subject_gave_stays_when_he_becomes_incapable (void **state)
{
    struct fixture *f = *state;
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    incapable_from (f, "2026-04-15");
    struct statement *own = unsigned_consent (f);
    fixture_sign (f, own, "subject", fixture_at ("2026-04-01"));
    assert_true (is_signed (f, own));
    assert_lapses (f, own, NULL);
}

static void test_a_mentors_consent_lapses_for_good_when_the_subject_becomes_capable (void **state)
{
    struct fixture *f = *state;
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    incapable_from (f, "2025-01-01");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "mentor", fixture_at ("2026-04-01"));
    assert_true (is_signed (f, one));
    assert_lapses (f, one, NULL);
    capable_again_from (f, "2026-04-20");
    assert_lapses (f, one, "2026-04-20");
    /* What he signed while he was not capable does not stand. */
    fixture_sign (f, one, "subject", fixture_at ("2026-04-02"));
    assert_lapses (f, one, "2026-04-20");
    fixture_sign (f, one, "subject", fixture_at ("2026-04-20"));
    assert_lapses (f, one, NULL);
}

static void test_the_earliest_moment_of_his_own_signature_counts (void **state)
{
    struct fixture *f = *state;
    child (f);
    incapable_from (f, "2024-01-01");
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "moeder", fixture_at ("2026-04-01"));
    assert_lapses (f, one, NULL);
    /* Capable on the very day that he turns 14: later than 12, sooner than 16. */
    capable_again_from (f, "2028-06-15");
    assert_lapses (f, one, "2028-06-15");
}

static void test_what_is_not_signed_by_all_who_must_never_counted (void **state)
{
    struct fixture *f = *state;
    struct statement *one = unsigned_consent (f);
    assert_never_counted (f, one);
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    fixture_sign (f, one, "mentor", fixture_at ("2026-04-10"));
    assert_never_counted (f, one);
    incapable_from (f, "2026-04-10");
    assert_lapses (f, one, NULL);
}

/* M5: a change of the day on which it was recorded, at two in the afternoon of 1 May. */

static void test_a_change_of_today_holds_from_its_recording_on (void **state)
{
    struct fixture *f = *state;
    moment today = fixture_at ("2026-05-01"), at_two = today + 14 * HOUR;
    fixture_representative (f, "mentor", "mentor", "2020-01-01");
    incapable_from (f, "2026-05-01");
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
    incapable_from (f, "2026-01-01");
    capable_again_from (f, "2026-05-01");
    f->subject.capabilities[1].recorded = at_two;
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "mentor", morning);
    assert_true (is_signed (f, one));
    assert_int_equal (represent_lapses_at (&f->policy, &f->subject, one), at_two);
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "mentor", morning));
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "mentor", at_two));
    one->signatures[0].given_at = at_two;
    assert_false (is_signed (f, one));
    assert_never_counted (f, one);
    /* His own word counts from the morning on. */
    one->signatures[0] = (struct signature){"subject", morning};
    assert_true (is_signed (f, one));
    assert_lapses (f, one, NULL);
}

/* Where the pack lets nobody below fourteen withdraw but who must consent. */
static void test_the_subject_takes_back_what_he_signed_in_the_morning (void **state)
{
    struct fixture *f = *state;
    moment morning = fixture_at ("2026-07-01") + 10 * HOUR, at_two = fixture_at ("2026-07-01") + 14 * HOUR;
    child (f);
    f->policy.withdraws_from = 14;
    struct statement *one = unsigned_consent (f);
    fixture_sign (f, one, "subject", morning);
    fixture_sign (f, one, "moeder", morning);
    incapable_from (f, "2026-07-01");
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
    assert_lapses (f, one, NULL);
    f->subject.death = fixture_day ("2026-04-20");
    assert_lapses (f, one, "2026-04-20");
}

/* M6: then nobody can tell who had to sign. */
static void test_without_a_birth_date_no_consent_counts (void **state)
{
    struct fixture *f = *state;
    struct statement *own = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_lapses (f, own, NULL);
    f->subject.birth.month = 0;
    assert_never_counted (f, own);
}

/* M8. */
static void test_the_subject_withdraws_from_twelve_capable_or_not (void **state)
{
    struct fixture *f = *state;
    child (f);
    incapable_from (f, "2020-01-01");
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-06-14")));
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-06-15")));
}

static void test_a_subject_who_must_sign_may_withdraw (void **state)
{
    struct fixture *f = *state;
    child (f);
    f->policy.withdraws_from = 14;
    assert_false (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-06-14")));
    assert_true (represent_may_withdraw (&f->policy, &f->subject, "subject", fixture_at ("2026-06-15")));
}

static void test_any_one_of_those_who_must_consent_may_withdraw (void **state)
{
    struct fixture *f = *state;
    child (f);
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
    child (f);
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
    incapable_from (f, "2026-06-15");
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
    struct representative *mother = child (f);
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
    incapable_from (f, "2026-10-01");
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
    struct representative *mother = child (f);
    assert_false (represent_nobody_can (&f->policy, &f->subject, fixture_at ("2026-04-01")));
    mother->until = fixture_day ("2026-01-01");
    assert_true (represent_nobody_can (&f->policy, &f->subject, fixture_at ("2026-04-01")));
    /* From 12 nobody can consent, and yet the subject may withdraw. */
    assert_string_equal (signers_on (f, "2026-06-15"), "nobody");
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
        FIXTURE_TEST (test_the_subject_withdraws_from_twelve_capable_or_not),
        FIXTURE_TEST (test_a_subject_who_must_sign_may_withdraw),
        FIXTURE_TEST (test_any_one_of_those_who_must_consent_may_withdraw),
        FIXTURE_TEST (test_those_who_must_consent_are_all_of_them_and_nobody_else),
        FIXTURE_TEST (test_the_days_on_which_others_may_have_to_consent_are_known),
        FIXTURE_TEST (test_nobody_can_where_neither_subject_nor_representative_may),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
