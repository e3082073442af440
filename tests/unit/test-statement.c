/* A statement by itself: what its withdrawals leave of it, and what one covers of another (V2, G10). */
#include <string.h>
#include "fixture_policy.h"

enum { MOST = 32 };

/* Words "NAME-00" and so on. */
static const char *many (struct fixture *f, const char *name, unsigned count)
{
    const char *words = "";
    for (unsigned i = 0; i < count; i++)
        words = arena_printf (f->arena, "%s %s-%02u", words, name, i);
    return words;
}

static bool is_wholly_withdrawn (struct fixture *f, unsigned providers, unsigned recipients, unsigned categories)
{
    struct statement *one = fixture_consent (f, many (f, "zorg", providers), many (f, "team", recipients),
                                             many (f, "soort", categories), "ondersteuning");
    fixture_withdraw (f, one, f->now);
    return fixture_is_withdrawn (one, f->now);
}

static void test_the_widest_statement_is_wholly_withdrawn_and_a_wider_one_never (void **state)
{
    struct fixture *f = *state;
    assert_true (is_wholly_withdrawn (f, MOST, MOST, MOST));
    assert_false (is_wholly_withdrawn (f, MOST + 1, 1, 1));
    assert_false (is_wholly_withdrawn (f, 1, MOST + 1, 1));
    assert_false (is_wholly_withdrawn (f, 1, 1, MOST + 1));
}

static void test_every_item_of_the_widest_is_looked_at (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, many (f, "zorg", MOST), many (f, "team", MOST),
                                             many (f, "soort", MOST), "ondersteuning");
    struct withdrawal *all = fixture_withdraw (f, one, f->now);
    const struct withdrawal whole = *all;
    all->providers = fixture_set (f, many (f, "zorg", MOST - 1));
    assert_false (fixture_is_withdrawn (one, f->now));
    *all = whole;
    all->recipients = fixture_set (f, many (f, "team", MOST - 1));
    assert_false (fixture_is_withdrawn (one, f->now));
    *all = whole;
    all->categories = fixture_set (f, many (f, "soort", MOST - 1));
    assert_false (fixture_is_withdrawn (one, f->now));
    struct withdrawal *rest = fixture_withdraw (f, one, f->now);
    rest->categories = fixture_set (f, "soort-31");
    assert_true (fixture_is_withdrawn (one, f->now));
    rest->providers = fixture_set (f, "zorg-31");
    assert_false (fixture_is_withdrawn (one, f->now));
}

static void test_the_codes_of_a_statement_are_the_packs (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam", "bsn naw", "ondersteuning");
    code naw = policy_category (&f->policy, "naw"), bsn = policy_category (&f->policy, "bsn");
    statement_resolve (one, &f->policy);
    assert_false (one->scope.names_origins);
    assert_true (code_set_has (&one->scope.category_set, naw) && code_set_has (&one->scope.category_set, bsn));
    one->scope.origins = fixture_set (f, "onbekend");
    statement_resolve (one, &f->policy);
    assert_true (one->scope.names_origins && code_set_is_empty (&one->scope.origin_set));
}

static void test_one_that_names_more_origins_covers_one_that_names_some (void **state)
{
    struct fixture *f = *state;
    struct statement *earlier = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct statement *later = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    later->scope.origins = fixture_set (f, "brp wmo");
    assert_false (fixture_is_superseded (f, earlier));
    earlier->scope.origins = fixture_set (f, "wmo");
    assert_true (fixture_is_superseded (f, earlier));
    earlier->scope.origins = fixture_set (f, "jeugdwet");
    assert_false (fixture_is_superseded (f, earlier));
    earlier->scope.origins = fixture_set (f, "brp wmo");
    assert_true (fixture_is_superseded (f, earlier));
    earlier->scope.origins = fixture_set (f, "brp jeugdwet wmo");
    assert_false (fixture_is_superseded (f, earlier));
}

static void test_it_is_superseded_at_the_very_moment_of_the_later_ones_begin (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    moment begins = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning")->valid_from = f->now;
    struct decide_facts facts = fixture_facts (f);
    assert_int_equal (statement_superseded_from (&f->policy, facts.statements, 2, 0), begins);
    assert_int_equal (statement_superseded_from (&f->policy, facts.statements, 2, 1), MOMENT_NEVER);
}

/* G10: what was good for one disclosure by someone bound by secrecy is not replaced by what is not. */
static void test_one_under_secrecy_is_superseded_only_by_one_that_is_too (void **state)
{
    struct fixture *f = *state;
    static const struct {
        bool earlier, later, superseded;
    } cases[] = {{false, false, true}, {false, true, true}, {true, false, false}, {true, true, true}};
    struct statement *earlier = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct statement *later = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    earlier->one_time = later->one_time = true;
    struct decide_facts facts = fixture_facts (f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        earlier->under_secrecy = cases[i].earlier;
        later->under_secrecy = cases[i].later;
        assert_int_equal (statement_superseded_from (&f->policy, facts.statements, 2, 0) != MOMENT_NEVER,
                          cases[i].superseded);
    }
}

/* --- G10: what has ended keeps its own end ------------------------------------------------------------- */

/* Recorded in line 10, of April 1; and in line 20, of May 1, from now on. */
static struct statement *earlier_of_two (struct fixture *f)
{
    struct statement *earlier = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct statement *later = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    earlier->number = 10;
    later->number = 20;
    later->recorded_at = later->valid_from = f->now;
    return earlier;
}

static enum statement_state state_at (struct fixture *f, moment now)
{
    struct decide_facts facts = fixture_facts (f);
    facts.now = now;
    return decide_state (&facts, 0);
}

static void test_G10_what_had_ended_when_the_later_one_came_keeps_its_end (void **state)
{
    struct fixture *f = *state;
    struct statement *one = earlier_of_two (f);
    assert_int_equal (state_at (f, f->now), STATE_SUPERSEDED);
    const struct statement whole = *one;
    one->valid_until = f->now - 1;
    assert_int_equal (state_at (f, f->now), STATE_EXPIRED);
    *one = whole;
    one->used_at = f->now - 1;
    one->used_by = 15;
    assert_int_equal (state_at (f, f->now), STATE_USED_UP);
    *one = whole;
    fixture_withdraw (f, one, f->now - 1)->number = 15;
    assert_int_equal (state_at (f, f->now), STATE_REVOKED);
    *one = whole;
    f->subject.death = fixture_day ("2026-04-20");
    assert_int_equal (state_at (f, f->now), STATE_LAPSED);
}

static void test_G10_what_ends_a_consent_after_it_was_superseded_changes_nothing (void **state)
{
    struct fixture *f = *state;
    struct statement *one = earlier_of_two (f);
    moment later = f->now + 1000;
    one->valid_until = later;
    assert_int_equal (state_at (f, later), STATE_SUPERSEDED);
    one->valid_until = MOMENT_NEVER;
    one->used_at = later;
    one->used_by = 25;
    assert_int_equal (state_at (f, later), STATE_SUPERSEDED);
    one->used_at = 0;
    fixture_withdraw (f, one, later)->number = 25;
    assert_int_equal (state_at (f, later), STATE_SUPERSEDED);
    f->subject.death = fixture_day ("2026-05-02");
    assert_int_equal (state_at (f, fixture_at ("2026-05-03")), STATE_SUPERSEDED);
}

/* What the clock ends at this very moment has ended as it begins; of what is recorded in it the order decides. */
static void test_G10_within_one_moment_the_order_of_recording_decides (void **state)
{
    struct fixture *f = *state;
    struct statement *one = earlier_of_two (f);
    const struct statement whole = *one;
    one->valid_until = f->now;
    assert_int_equal (state_at (f, f->now), STATE_EXPIRED);
    *one = whole;
    one->used_at = f->now;
    one->used_by = 19;
    assert_int_equal (state_at (f, f->now), STATE_USED_UP);
    one->used_by = 21;
    assert_int_equal (state_at (f, f->now), STATE_SUPERSEDED);
    *one = whole;
    struct withdrawal *taken = fixture_withdraw (f, one, f->now);
    taken->number = 19;
    assert_int_equal (state_at (f, f->now), STATE_REVOKED);
    taken->number = 21;
    assert_int_equal (state_at (f, f->now), STATE_SUPERSEDED);
    /* Used and withdrawn in one moment. */
    f->statement_count = 1;
    one->used_at = f->now;
    one->used_by = 20;
    assert_int_equal (state_at (f, f->now), STATE_USED_UP);
    one->used_by = 22;
    assert_int_equal (state_at (f, f->now), STATE_REVOKED);
}

static void test_G10_the_moment_is_the_later_of_begin_and_recording (void **state)
{
    struct fixture *f = *state;
    struct statement *one = earlier_of_two (f), *later = one + 1;
    /* It says that it began before it was recorded: what ended between the two had ended. */
    later->valid_from = f->now - 5000;
    one->valid_until = f->now - 1000;
    assert_int_equal (state_at (f, f->now), STATE_EXPIRED);
    one->valid_until = MOMENT_NEVER;
    assert_int_equal (state_at (f, f->now), STATE_SUPERSEDED);
    /* It begins later: what ends between the two ends by itself. */
    later->valid_from = f->now + 5000;
    one->valid_until = f->now + 1000;
    assert_int_equal (state_at (f, f->now + 9000), STATE_EXPIRED);
    one->valid_until = f->now + 6000;
    assert_int_equal (state_at (f, f->now + 4999), STATE_GRANTED);
    assert_int_equal (state_at (f, f->now + 9000), STATE_SUPERSEDED);
}

static void test_G10_a_part_that_was_withdrawn_leaves_a_consent_to_supersede (void **state)
{
    struct fixture *f = *state;
    struct statement *one = earlier_of_two (f);
    one->scope.categories = one[1].scope.categories = fixture_set (f, "bsn naw");
    fixture_withdraw (f, one, f->now - 1000)->categories = fixture_set (f, "bsn");
    assert_int_equal (state_at (f, f->now), STATE_SUPERSEDED);
    /* The rest in the same moment as the later one, recorded before it. */
    struct withdrawal *rest = fixture_withdraw (f, one, f->now);
    rest->categories = fixture_set (f, "naw");
    rest->number = 19;
    assert_int_equal (state_at (f, f->now), STATE_REVOKED);
    rest->number = 21;
    assert_int_equal (state_at (f, f->now), STATE_SUPERSEDED);
}

/* The last of it was taken by the last that was recorded, and what is withdrawn again later was withdrawn already. */
static void test_G10_of_several_withdrawals_the_one_that_took_the_last_counts (void **state)
{
    struct fixture *f = *state;
    struct statement *one = earlier_of_two (f);
    one->scope.categories = one[1].scope.categories = fixture_set (f, "bsn naw");
    struct withdrawal *part = fixture_withdraw (f, one, f->now);
    part->categories = fixture_set (f, "bsn");
    part->number = 19;
    struct withdrawal *rest = fixture_withdraw (f, one, f->now);
    rest->categories = fixture_set (f, "naw");
    rest->number = 21;
    assert_int_equal (state_at (f, f->now), STATE_SUPERSEDED);
    one->withdrawals[1].number = 18;
    assert_int_equal (state_at (f, f->now), STATE_REVOKED);
    one->withdrawals[0].recorded_at = one->withdrawals[1].recorded_at = f->now - 1000;
    fixture_withdraw (f, one, f->now - 100)->number = 30;
    one->used_at = f->now - 500;
    one->used_by = 15;
    assert_int_equal (state_at (f, f->now), STATE_REVOKED);
}

static const char *outcome (struct fixture *f)
{
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw");
    return fixture_outcome (f, &asked);
}

/* Withdrawn or lapsed before it begins: it leaves the earlier one, and a refusal, as they were. */
static void test_G10_what_had_ended_before_it_began_supersedes_nothing_and_lifts_no_refusal (void **state)
{
    struct fixture *f = *state;
    earlier_of_two (f);
    struct statement *refusal = fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct statement *last = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_string_equal (outcome (f), "consent");
    last->valid_from = f->now + 1000;
    last->recorded_at = f->now - 1000;
    refusal->recorded_at = refusal->valid_from = f->now - 2000;
    fixture_withdraw (f, last, f->now);
    f->now += 2000;
    assert_int_equal (state_at (f, f->now), STATE_SUPERSEDED); /* by the second */
    assert_string_equal (outcome (f), "REVOKED REFUSED");
    /* Withdrawn as it begins: it had superseded, and lifted the refusal. */
    last->withdrawals[0].recorded_at = last->valid_from;
    assert_string_equal (outcome (f), "REVOKED");
    /* What began with its recording cannot be withdrawn before, whatever the clock said. */
    last->valid_from = last->recorded_at;
    last->withdrawals[0].recorded_at = last->recorded_at - 1;
    assert_string_equal (outcome (f), "REVOKED");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_the_widest_statement_is_wholly_withdrawn_and_a_wider_one_never),
        FIXTURE_TEST (test_every_item_of_the_widest_is_looked_at),
        FIXTURE_TEST (test_one_that_names_more_origins_covers_one_that_names_some),
        FIXTURE_TEST (test_it_is_superseded_at_the_very_moment_of_the_later_ones_begin),
        FIXTURE_TEST (test_one_under_secrecy_is_superseded_only_by_one_that_is_too),
        FIXTURE_TEST (test_G10_what_had_ended_when_the_later_one_came_keeps_its_end),
        FIXTURE_TEST (test_G10_what_ends_a_consent_after_it_was_superseded_changes_nothing),
        FIXTURE_TEST (test_G10_within_one_moment_the_order_of_recording_decides),
        FIXTURE_TEST (test_G10_the_moment_is_the_later_of_begin_and_recording),
        FIXTURE_TEST (test_G10_a_part_that_was_withdrawn_leaves_a_consent_to_supersede),
        FIXTURE_TEST (test_G10_of_several_withdrawals_the_one_that_took_the_last_counts),
        FIXTURE_TEST (test_G10_what_had_ended_before_it_began_supersedes_nothing_and_lifts_no_refusal),
        FIXTURE_TEST (test_the_codes_of_a_statement_are_the_packs),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
