/* Which statements are in force for a grid of items (V2), and what ended a consent. */
#include <stdlib.h>
#include <string.h>
#include "fixture_policy.h"

/* A grid: words, and for each item '1' where it is asked. */
struct asked {
    const char *providers, *recipients, *categories, *flags;
};

/* The statements that are in force, a digit each. They lie in memory of just their size, as does the answer. */
static const char *in_force (struct fixture *f, struct asked asked, const char *purpose)
{
    struct decide_facts facts = fixture_facts (f);
    size_t size = facts.statement_count * sizeof *facts.statements;
    struct statement *statements = malloc (size);
    bool *found = calloc (facts.statement_count, sizeof *found);
    size_t items = strlen (asked.flags);
    bool *flags = calloc (items, sizeof *flags);
    assert_true (statements != NULL && found != NULL && flags != NULL);
    memcpy (statements, facts.statements, size);
    facts.statements = statements;
    for (size_t i = 0; i < items; i++)
        flags[i] = asked.flags[i] == '1';
    struct decide_grid grid = {fixture_set (f, asked.providers), fixture_set (f, asked.recipients),
                               fixture_set (f, asked.categories), flags, policy_purpose (&f->policy, purpose)};
    assert_int_equal (grid.providers.count * grid.recipients.count * grid.categories.count, items);
    decide_in_force (&facts, &grid, found);
    char *digits = arena_strdup (f->arena, "........................................");
    digits[facts.statement_count] = '\0';
    for (size_t i = 0; i < facts.statement_count; i++)
        digits[i] = found[i] ? '1' : '0';
    free (flags);
    free (found);
    free (statements);
    return digits;
}

#define assert_in_force(f, expected, ...) \
    assert_string_equal (in_force (f, (struct asked){__VA_ARGS__}, "ondersteuning"), expected)

static void test_only_the_items_that_are_asked_count (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_in_force (f, "1", "kernteam horizon", "wijkteam school", "naw bsn", "10000000");
    assert_in_force (f, "0", "kernteam horizon", "wijkteam school", "naw bsn", "01000000");
    assert_in_force (f, "0", "kernteam horizon", "wijkteam school", "naw bsn", "00100000");
    assert_in_force (f, "0", "kernteam horizon", "wijkteam school", "naw bsn", "00001000");
    assert_in_force (f, "0", "kernteam horizon", "wijkteam school", "naw bsn", "01111111");
    assert_in_force (f, "1", "horizon kernteam", "school wijkteam", "bsn naw", "00000001");
    assert_in_force (f, "0", "horizon kernteam", "school wijkteam", "bsn naw", "11111110");
}

static void test_every_statement_is_answered_for_itself (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    fixture_consent (f, "kernteam", "wijkteam", "bsn", "ondersteuning");
    fixture_consent (f, "horizon", "wijkteam", "naw bsn", "ondersteuning");
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_in_force (f, "0000", "kernteam", "wijkteam", "naw", "1");
    assert_in_force (f, "0100", "kernteam", "wijkteam", "bsn", "1");
    assert_in_force (f, "0110", "horizon kernteam", "wijkteam", "bsn naw", "1111");
}

static void test_a_consent_for_another_purpose_is_not_in_force (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct asked one = {"kernteam", "wijkteam", "naw", "1"};
    assert_string_equal (in_force (f, one, "ondersteuning"), "1");
    assert_string_equal (in_force (f, one, "integraal-plan"), "1"); /* compatible */
    assert_string_equal (in_force (f, one, "toekenning"), "0");
}

static void test_a_part_that_is_withdrawn_is_not_in_force_and_the_rest_is (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "horizon kernteam", "school wijkteam", "bsn naw", "ondersteuning");
    struct withdrawal *part = fixture_withdraw (f, one, f->now);
    part->providers = fixture_set (f, "horizon");
    assert_in_force (f, "0", "horizon", "wijkteam", "naw", "1");
    assert_in_force (f, "1", "kernteam", "wijkteam", "naw", "1");
    part->providers.count = 0;
    part->recipients = fixture_set (f, "school");
    assert_in_force (f, "0", "kernteam", "school", "naw", "1");
    assert_in_force (f, "1", "kernteam", "wijkteam", "naw", "1");
    part->recipients.count = 0;
    part->categories = fixture_set (f, "bsn");
    assert_in_force (f, "0", "kernteam", "school", "bsn", "1");
    assert_in_force (f, "1", "kernteam", "school", "naw", "1");
    part->recorded_at = f->now + 1;
    assert_in_force (f, "1", "kernteam", "school", "bsn", "1");
}

static void test_two_parts_withdrawn_may_be_all_that_is_asked (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "horizon kernteam", "wijkteam", "bsn naw", "ondersteuning");
    fixture_withdraw (f, one, f->now + 1);
    fixture_withdraw (f, one, f->now)->providers = fixture_set (f, "horizon");
    assert_in_force (f, "1", "horizon kernteam", "wijkteam", "naw", "11");
    struct withdrawal *part = fixture_withdraw (f, one, f->now);
    part->providers = fixture_set (f, "kernteam");
    part->categories = fixture_set (f, "naw");
    assert_in_force (f, "0", "horizon kernteam", "wijkteam", "naw", "11");
    assert_in_force (f, "1", "horizon kernteam", "wijkteam", "bsn naw", "1111");
}

static void test_several_refusals_may_shut_out_all_that_is_asked (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "school wijkteam", "naw", "ondersteuning");
    fixture_refusal (f, "kernteam", "school", "naw", "ondersteuning");
    assert_in_force (f, "10", "kernteam", "school wijkteam", "naw", "11");
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_in_force (f, "000", "kernteam", "school wijkteam", "naw", "11");
    /* A later consent is in force again, and shuts nothing out itself. */
    fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_in_force (f, "0001", "kernteam", "school wijkteam", "naw", "11");
}

/* Words "name-0" and so on. */
static const char *many (struct fixture *f, const char *name, unsigned count)
{
    const char *words = "";
    for (unsigned i = 0; i < count; i++)
        words = arena_printf (f->arena, "%s %s-%02u", words, name, i);
    return words;
}

static void test_thirty_two_of_each_are_looked_at_and_no_more (void **state)
{
    struct fixture *f = *state;
    enum { MOST = 32 };
    char flags[MOST + 2];
    memset (flags, '1', sizeof flags);
    flags[MOST + 1] = '\0';
    const char *parties = many (f, "zorg", MOST + 1);
    fixture_consent (f, "zorg-31", "wijkteam", "naw", "ondersteuning");
    fixture_consent (f, "zorg-32", "wijkteam", "naw", "ondersteuning");
    assert_in_force (f, "10", parties, "wijkteam", "naw", flags);
    f->statement_count = 0;
    fixture_consent (f, "kernteam", "zorg-31", "naw", "ondersteuning");
    fixture_consent (f, "kernteam", "zorg-32", "naw", "ondersteuning");
    assert_in_force (f, "10", "kernteam", parties, "naw", flags);
    f->statement_count = 0;
    fixture_consent (f, "kernteam", "wijkteam", "soort-31", "ondersteuning");
    fixture_consent (f, "kernteam", "wijkteam", "soort-32", "ondersteuning");
    assert_in_force (f, "10", "kernteam", "wijkteam", many (f, "soort", MOST + 1), flags);
}

/* What the clock ends has ended as its moment begins; of what is recorded in it the line of the log decides. */
static void test_of_two_ends_at_once_the_one_that_came_first_is_said (void **state)
{
    struct fixture *f = *state;
    struct statement *one = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    one->used_at = f->now;
    one->used_by = 7;
    assert_int_equal (fixture_state (f, 0), STATE_USED_UP);
    struct withdrawal *taken = fixture_withdraw (f, one, f->now);
    taken->number = 8;
    assert_int_equal (fixture_state (f, 0), STATE_USED_UP);
    taken->number = 6;
    assert_int_equal (fixture_state (f, 0), STATE_REVOKED);
    one->valid_until = f->now;
    assert_int_equal (fixture_state (f, 0), STATE_EXPIRED);
    f->subject.death = calendar_day (f->now);
    one->valid_until = calendar_start (f->subject.death);
    assert_int_equal (fixture_state (f, 0), STATE_LAPSED);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_only_the_items_that_are_asked_count),
        FIXTURE_TEST (test_every_statement_is_answered_for_itself),
        FIXTURE_TEST (test_a_consent_for_another_purpose_is_not_in_force),
        FIXTURE_TEST (test_a_part_that_is_withdrawn_is_not_in_force_and_the_rest_is),
        FIXTURE_TEST (test_two_parts_withdrawn_may_be_all_that_is_asked),
        FIXTURE_TEST (test_several_refusals_may_shut_out_all_that_is_asked),
        FIXTURE_TEST (test_thirty_two_of_each_are_looked_at_and_no_more),
        FIXTURE_TEST (test_of_two_ends_at_once_the_one_that_came_first_is_said),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
