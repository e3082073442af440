/* A statement by itself: what its withdrawals leave of it, and what one covers of another (V2, G10). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
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
    return statement_is_wholly_withdrawn (one, f->now);
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
    assert_false (statement_is_wholly_withdrawn (one, f->now));
    *all = whole;
    all->recipients = fixture_set (f, many (f, "team", MOST - 1));
    assert_false (statement_is_wholly_withdrawn (one, f->now));
    *all = whole;
    all->categories = fixture_set (f, many (f, "soort", MOST - 1));
    assert_false (statement_is_wholly_withdrawn (one, f->now));
    struct withdrawal *rest = fixture_withdraw (f, one, f->now);
    rest->categories = fixture_set (f, "soort-31");
    assert_true (statement_is_wholly_withdrawn (one, f->now));
    rest->providers = fixture_set (f, "zorg-31");
    assert_false (statement_is_wholly_withdrawn (one, f->now));
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
    struct statement *later = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct statement *earlier = fixture_consent (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    later->scope.origins = fixture_set (f, "brp wmo");
    assert_false (statement_covers (&f->policy, later, earlier));
    earlier->scope.origins = fixture_set (f, "wmo");
    assert_true (statement_covers (&f->policy, later, earlier));
    earlier->scope.origins = fixture_set (f, "jeugdwet");
    assert_false (statement_covers (&f->policy, later, earlier));
    earlier->scope.origins = fixture_set (f, "brp wmo");
    assert_true (statement_covers (&f->policy, later, earlier));
    earlier->scope.origins = fixture_set (f, "brp jeugdwet wmo");
    assert_false (statement_covers (&f->policy, later, earlier));
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

#define TEST(name) cmocka_unit_test_setup_teardown (name, fixture_setup, fixture_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_the_widest_statement_is_wholly_withdrawn_and_a_wider_one_never),
        TEST (test_every_item_of_the_widest_is_looked_at),
        TEST (test_one_that_names_more_origins_covers_one_that_names_some),
        TEST (test_it_is_superseded_at_the_very_moment_of_the_later_ones_begin),
        TEST (test_one_under_secrecy_is_superseded_only_by_one_that_is_too),
        TEST (test_the_codes_of_a_statement_are_the_packs),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
