/* `until` of a claim (C8): when informing comes too late, and the days on which others ask in writing. */
#include "fixture_policy.h"

/* `until`. */
static moment until (struct fixture *f, const struct check *check, const char *expected)
{
    assert_outcome (f, check, expected);
    return f->decision.until;
}

static void test_until_knows_when_informing_comes_too_late (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw");
    struct triage *triage = fixture_claim_and_inform_after (f, &one);
    assert_int_equal (until (f, &one, "zorg"), triage->inform_by);
    f->now = triage->inform_by - 1;
    assert_outcome (f, &one, "zorg");
    f->now++;
    assert_int_equal (until (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE"), MOMENT_NEVER);
    triage->inform = INFORM_BEFORE;
    assert_int_equal (until (f, &one, "zorg"), MOMENT_NEVER);
}

static void test_until_knows_when_informing_comes_within_reach (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw");
    struct triage *triage = fixture_claim_and_inform_after (f, &one);
    const moment ends[] = {fixture_at ("2026-06-01"), fixture_at ("2026-06-01") + 1,
                           fixture_at ("2026-11-01") + HOUR};
    const char *reached[] = {"2026-05-17", "2026-05-18", "2026-10-18"};
    for (size_t i = 0; i < COUNT (ends); i++) {
        f->now = fixture_at ("2026-05-01") + HOUR;
        triage->inform_by = ends[i];
        assert_int_equal (until (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE"), fixture_at (reached[i]));
        f->now = fixture_at (reached[i]) - 1;
        assert_int_equal (until (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE"), fixture_at (reached[i]));
        f->now++;
        assert_int_equal (until (f, &one, "zorg"), ends[i]);
    }
}

static void test_until_knows_that_something_else_is_missing (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw");
    struct triage *triage = fixture_claim_and_inform_after (f, &one);
    triage->necessity = "";
    assert_int_equal (until (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE"), triage->inform_by);
    assert_string_equal (fixture_missing (f), "necessity");
    /* Where the triage decision is not what stands in the way, nobody hears of it. */
    one.items[0].category = policy_category (&f->policy, "justitie");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), MOMENT_NEVER);
}

static void test_until_knows_the_birthdays_of_who_asks_in_writing (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_plan_check (f, "naw");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2000-01-01");
    f->subject.birth = fixture_day ("2014-07-01");
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), fixture_at ("2030-07-01"));
    fixture_claim_request (f, &one, "moeder");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-07-01"));
    fixture_claim_request (f, &one, "moeder subject");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), fixture_at ("2026-07-01"));
    f->now = fixture_at ("2026-07-01");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2030-07-01"));
    f->now = fixture_at ("2030-07-01");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), MOMENT_NEVER);
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (until (f, &one, "written request"), MOMENT_NEVER);
}

static void test_until_knows_the_days_of_capability_representatives_and_death (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_plan_check (f, "naw");
    struct capability changes[] = {{fixture_day ("2026-06-01"), false}, {fixture_day ("2026-09-01"), true}};
    f->subject.capabilities = changes;
    f->subject.capability_count = 2;
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-06-01"));
    fixture_claim_request (f, &one, "mentor-1");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), MOMENT_NEVER);
    struct representative *mentor = fixture_representative (f, "mentor-1", "mentor", "2026-07-01");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), fixture_at ("2026-07-01"));
    f->now = fixture_at ("2026-07-01");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-09-01"));
    mentor->until = fixture_day ("2026-08-20");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-08-20"));
    mentor->refused_from = fixture_day ("2026-08-10");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-08-10"));
    f->subject.death = fixture_day ("2026-08-01");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-08-01"));
}

/* M7: who takes the place of representatives that are all refused, from the age of withdrawing on. */
static void test_until_knows_when_the_subject_takes_their_place (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_plan_check (f, "naw");
    f->ages[1].from = 16;
    f->ages[1].representatives = false;
    f->policy.age_count = 2;
    f->subject.birth = fixture_day ("2014-07-01");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2000-01-01")->refused_from =
        fixture_day ("2026-01-01");
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), fixture_at ("2026-07-01"));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_until_knows_when_informing_comes_too_late),
        FIXTURE_TEST (test_until_knows_when_informing_comes_within_reach),
        FIXTURE_TEST (test_until_knows_that_something_else_is_missing),
        FIXTURE_TEST (test_until_knows_the_birthdays_of_who_asks_in_writing),
        FIXTURE_TEST (test_until_knows_the_days_of_capability_representatives_and_death),
        FIXTURE_TEST (test_until_knows_when_the_subject_takes_their_place),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
