/* Which consents a later statement supersedes (G10), the state as people see it, and which are in force. */
#include "fixture_policy.h"

/* G10: superseded. */
static void test_a_later_consent_that_covers_all_of_it_supersedes_for_good (void **state)
{
    struct fixture *f = *state;
    fixture_usual_consent (f);
    struct statement *later =
        fixture_consent (f, "kernteam", "wijkteam horizon", "naw rapportage", "ondersteuning");
    struct check asked = fixture_usual_check (f);
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
    fixture_usual_consent (f);
    struct statement *later = fixture_usual_consent (f);
    later->valid_from = f->now + HOUR;
    struct check asked = fixture_usual_check (f);
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

static void test_what_does_not_cover_the_whole_does_not_supersede (void **state)
{
    struct fixture *f = *state;
    struct statement *earlier =
        fixture_consent (f, "horizon kernteam", "cak wijkteam", "bsn naw", "ondersteuning");
    struct statement *later = fixture_consent (f, "horizon kernteam", "cak wijkteam", "bsn naw", "ondersteuning");
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    assert_false (fixture_is_superseded (f, &f->statements[1]));
    later->scope.providers = fixture_set (f, "kernteam");
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    later->scope.providers = fixture_set (f, "kernteam school horizon");
    later->scope.recipients = fixture_set (f, "wijkteam school");
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    later->scope.recipients = earlier->scope.recipients;
    later->scope.categories = fixture_set (f, "naw rapportage");
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    later->scope.categories = fixture_set (f, "bsn naw rapportage");
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    /* Origins: none named is all of them. */
    later->scope.origins = fixture_set (f, "wmo");
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    earlier->scope.origins = fixture_set (f, "jeugdwet wmo");
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    later->scope.origins = fixture_set (f, "jeugdwet wmo");
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    later->scope.origins = fixture_set (f, "");
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    /* Case. */
    later->scope.case_ref = "Z-1";
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    earlier->scope.case_ref = "Z-1";
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    later->scope.case_ref = "";
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    /* Purpose. */
    earlier->scope.purpose = "integraal-plan";
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    later->scope.purpose = "toekenning";
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    later->scope.purpose = "of another pack";
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    earlier->scope.purpose = "of another pack, too";
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    later->scope.purpose = "integraal-plan";
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    earlier->scope.purpose = "of another pack";
    later->scope.purpose = "of another pack";
    assert_true (fixture_is_superseded (f, &f->statements[0]));
}

static void test_a_reusable_consent_is_not_superseded_by_a_one_time_one (void **state)
{
    struct fixture *f = *state;
    struct statement *earlier = fixture_usual_consent (f);
    struct statement *later = fixture_usual_consent (f);
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    later->one_time = true;
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    earlier->one_time = true;
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    later->one_time = false;
    assert_true (fixture_is_superseded (f, &f->statements[0]));
    /* A refusal neither supersedes nor is superseded: it shuts out. */
    later->refusal = true;
    assert_false (fixture_is_superseded (f, &f->statements[0]));
    later->refusal = false;
    earlier->refusal = true;
    assert_false (fixture_is_superseded (f, &f->statements[0]));
}

static void test_wholly_withdrawn_is_every_part_between_two_parties (void **state)
{
    struct fixture *f = *state;
    struct statement *one =
        fixture_consent (f, "horizon kernteam", "kernteam wijkteam", "bsn naw", "ondersteuning");
    assert_false (fixture_is_withdrawn (one, f->now));
    fixture_withdraw (f, one, f->now)->providers = fixture_set (f, "horizon");
    assert_false (fixture_is_withdrawn (one, f->now));
    fixture_withdraw (f, one, f->now)->categories = fixture_set (f, "naw");
    assert_false (fixture_is_withdrawn (one, f->now));
    struct withdrawal *last = fixture_withdraw (f, one, f->now);
    last->recipients = fixture_set (f, "wijkteam");
    last->categories = fixture_set (f, "bsn");
    assert_true (fixture_is_withdrawn (one, f->now));
    assert_false (fixture_is_withdrawn (one, f->now - 1));
}

static void test_the_state_says_what_ended_a_consent_first (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_usual_consent (f);
    assert_int_equal (fixture_state (f, 0), STATE_GRANTED);
    one->valid_until = f->now;
    assert_int_equal (fixture_state (f, 0), STATE_EXPIRED);
    f->subject.death = fixture_day ("2026-05-01");
    assert_int_equal (fixture_state (f, 0), STATE_LAPSED);
    one->used_at = fixture_at ("2026-04-30");
    assert_int_equal (fixture_state (f, 0), STATE_USED_UP);
    fixture_usual_consent (f)->valid_from = fixture_at ("2026-04-25");
    assert_int_equal (fixture_state (f, 0), STATE_SUPERSEDED);
    fixture_withdraw (f, one, fixture_at ("2026-04-20"));
    assert_int_equal (fixture_state (f, 0), STATE_REVOKED);
    fixture_withdraw (f, one, fixture_at ("2026-04-26"));
    assert_int_equal (fixture_state (f, 0), STATE_REVOKED);
    /* Withdrawn after it had been superseded. */
    one->withdrawals[0].recorded_at = fixture_at ("2026-04-28");
    assert_int_equal (fixture_state (f, 0), STATE_SUPERSEDED);
    /* A part is no whole. */
    one->withdrawals[0].recorded_at = fixture_at ("2026-04-20");
    one->withdrawals[0].categories = fixture_set (f, "bsn");
    assert_int_equal (fixture_state (f, 0), STATE_SUPERSEDED);
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_int_equal (fixture_state (f, 2), STATE_REFUSAL);
}

/* V2: what was withdrawn of a party's part by the time another consent takes its place, was withdrawn. */
static void test_the_state_of_a_partys_part_says_what_ended_that_part_first (void **state)
{
    struct fixture *f = *state;
    moment then = fixture_at ("2026-04-20");
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam horizon", "naw", "ondersteuning");
    fixture_withdraw (f, one, then)->recipients = fixture_set (f, "horizon");
    fixture_consent (f, "kernteam", "wijkteam horizon", "naw", "ondersteuning")->valid_from = then;
    struct decide_facts facts = fixture_facts (f);
    assert_int_equal (decide_state (&facts, 0), STATE_SUPERSEDED);
    assert_int_equal (decide_state_for (&facts, 0, "wijkteam"), STATE_SUPERSEDED);
    assert_int_equal (decide_state_for (&facts, 0, "horizon"), STATE_REVOKED);
    one->withdrawals[0].recorded_at++;
    facts = fixture_facts (f);
    assert_int_equal (decide_state_for (&facts, 0, "horizon"), STATE_SUPERSEDED);
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

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_a_later_consent_that_covers_all_of_it_supersedes_for_good),
        FIXTURE_TEST (test_it_is_superseded_from_the_later_ones_begin),
        FIXTURE_TEST (test_what_does_not_cover_the_whole_does_not_supersede),
        FIXTURE_TEST (test_a_reusable_consent_is_not_superseded_by_a_one_time_one),
        FIXTURE_TEST (test_wholly_withdrawn_is_every_part_between_two_parties),
        FIXTURE_TEST (test_the_state_says_what_ended_a_consent_first),
        FIXTURE_TEST (test_the_state_of_a_partys_part_says_what_ended_that_part_first),
        FIXTURE_TEST (test_in_force_is_granted_begun_not_withdrawn_and_not_shut_out),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
