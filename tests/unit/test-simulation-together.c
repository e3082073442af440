/* Batches that disclose all that their checks ask, or nothing (C11): against the same checks one by one, and where
   a turn fails. */
#include <stdio.h>
#include "random_pick.h"
#include "simulation_verbs.h"
#include "text/burgerservicenummer.h"

enum { ROUNDS = 100, PEOPLE = 3, CHECKS = 4, STATEMENTS = 4 };

static Consentd__Request *together (struct simulation *sim, const struct simulated_check *checks, size_t count)
{
    Consentd__Request *request = simulation_batch (sim, checks, count);
    request->batch->all_or_nothing = true;
    return request;
}

#define TOGETHER(sim, ...)                                        \
    together (sim, (const struct simulated_check[]){__VA_ARGS__}, \
              sizeof ((const struct simulated_check[]){__VA_ARGS__}) / sizeof (struct simulated_check))

static const char *answers (struct simulation *sim, const Consentd__Reply *reply)
{
    const char *said = "";
    assert_int_equal (reply->body_case, CONSENTD__REPLY__BODY_BATCH);
    for (size_t i = 0; i < reply->batch->n_answers; i++)
        said = arena_printf (sim->arena, "%s%s%s", said, i > 0 ? "; " : "", simulation_said_at (sim, reply, i));
    return said;
}

static const char *ask (struct simulation *sim, Consentd__Request *request)
{
    return answers (sim, simulation_ask (sim, "kernteam", request));
}

static void test_all_go_or_none_and_what_is_sent_again_is_the_same (void **state)
{
    struct simulation *sim = *state;
    const char *other = simulation_bsn (sim, 1);
    GRANTED (sim, .one_time = true);
    Consentd__Request *in_vain = TOGETHER (sim, {.items = "naw"}, {.bsn = other, .items = "naw"});
    assert_string_equal (ask (sim, in_vain), "ALL_OR_NOTHING; NO_CONSENT");
    GRANTED (sim, .bsn = other, .one_time = true);
    assert_string_equal (ask (sim, in_vain), "ALL_OR_NOTHING again; NO_CONSENT again");
    Consentd__Request *whole = TOGETHER (sim, {.items = "naw"}, {.bsn = other, .items = "naw"});
    assert_string_equal (ask (sim, whole), "consent; consent");
    assert_string_equal (ask (sim, whole), "consent again; consent again");
    assert_string_equal (CHECK (sim, .items = "naw"), "USED_UP");
}

static void test_a_turn_that_fails_has_disclosed_nothing (void **state)
{
    struct simulation *sim = *state;
    const char *other = simulation_bsn (sim, 1);
    GRANTED (sim, .one_time = true);
    GRANTED (sim, .bsn = other, .one_time = true);
    Consentd__Request *whole = TOGETHER (sim, {.items = "naw"}, {.bsn = other, .items = "naw"});
    uint64_t before = sim->state.audit_number;
    sim->fail_commit = true;
    simulation_ask_in_vain (sim, "kernteam", whole);
    sim->fail_commit = false;
    assert_int_equal (sim->state.audit_number, before);
    assert_string_equal (ask (sim, whole), "consent; consent");
}

/* With an allowance of next to nothing other batches take many turns; this one takes one. */
static void test_it_is_decided_in_one_turn_whatever_it_costs (void **state)
{
    struct simulation *sim = *state;
    struct batch *batch = NULL;
    GRANTED (sim, .categories = "naw");
    Consentd__Request *request = TOGETHER (sim, {.items = "naw"}, {.items = "naw"}, {.items = "naw"});
    Consentd__Reply *reply = simulation_step (sim, "kernteam", request, &batch, 1);
    assert_non_null (reply);
    assert_string_equal (answers (sim, reply), "consent; consent; consent");
}

static void test_a_step_that_fails_is_done_again_from_the_beginning (void **state)
{
    struct simulation *sim = *state;
    struct batch *batch = NULL;
    GRANTED (sim, .one_time = true);
    Consentd__Request *request = TOGETHER (sim, {.items = "naw"});
    sim->fail_commit = true;
    assert_null (simulation_step (sim, "kernteam", request, &batch, UINT64_MAX));
    sim->fail_commit = false;
    assert_string_equal (answers (sim, simulation_step (sim, "kernteam", request, &batch, UINT64_MAX)), "consent");
}

/* The one whom the batch is about, and the one whom each check alone is about. */
static const char *const categories[] = {"naw", "bsn", "naw", "naw bsn", "naw telefoon", "naw bsn telefoon"};

static const char *twin (unsigned round, unsigned person, bool alone)
{
    static char bsns[ROUNDS * PEOPLE * 2][10];
    static unsigned number = 999910000;
    char *bsn = bsns[(round * PEOPLE + person) * 2 + alone];
    while (!bsn_is_valid (bsn))
        snprintf (bsn, sizeof *bsns, "%u", number++);
    return bsn;
}

/* Something is recorded of both, and the same. */
static void record (struct simulation *sim, unsigned round, unsigned person)
{
    struct simulated_statement said = {.categories = ANY (categories), .one_time = random_pick (3) > 0};
    bool refusal = random_pick (8) == 0;
    for (unsigned alone = 0; alone < 2; alone++) {
        said.bsn = twin (round, person, alone);
        assert_string_equal (simulation_answer (sim, "kernteam", simulation_statement (sim, &said, refusal)),
                             "OK");
    }
}

static void live (struct simulation *sim, unsigned round)
{
    for (unsigned person = 0; person < PEOPLE; person++) {
        PERSON (sim, .bsn = twin (round, person, false));
        PERSON (sim, .bsn = twin (round, person, true));
        for (unsigned i = 1 + random_pick (STATEMENTS); i > 0; i--)
            record (sim, round, person);
    }
}

/* What stands for the people of this round. */
static const char *standing (struct simulation *sim, unsigned round, bool alone)
{
    const char *all = "";
    for (unsigned person = 0; person < PEOPLE; person++)
        for (size_t i = 0; i < 3; i++)
            all = arena_printf (
                sim->arena, "%s%s|", all,
                CHECK (sim, .bsn = twin (round, person, alone), .items = categories[i], .advise = true));
    return all;
}

struct asked {
    struct simulated_check checks[CHECKS];
    unsigned people[CHECKS];
    size_t count;
};

static struct asked some_checks (void)
{
    struct asked asked = {.count = 1 + random_pick (CHECKS)};
    for (size_t i = 0; i < asked.count; i++) {
        asked.people[i] = random_pick (PEOPLE);
        asked.checks[i] = (struct simulated_check){.items = ANY (categories)};
        if (random_pick (4) == 0)
            asked.checks[i] =
                (struct simulated_check){.to = "cak", .purpose = "eigen-bijdrage", .items = "naw/wmo"};
        asked.checks[i].all_or_nothing = random_pick (4) == 0;
    }
    return asked;
}

static const char *ask_alone (struct simulation *sim, unsigned round, struct asked *asked, bool *whole)
{
    const char *said = "";
    *whole = true;
    for (size_t i = 0; i < asked->count; i++) {
        asked->checks[i].bsn = twin (round, asked->people[i], true);
        Consentd__Reply *reply = simulation_ask (sim, "kernteam", simulation_check (sim, &asked->checks[i]));
        *whole = *whole && reply->check->verdict == CONSENTD__VERDICT__PERMIT;
        said = arena_printf (sim->arena, "%s%s%s", said, i > 0 ? "; " : "", simulation_said (sim, reply));
    }
    return said;
}

static void test_a_batch_is_what_its_checks_are_one_after_the_other_or_nothing (void **state)
{
    struct simulation *sim = *state;
    unsigned went = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct arena_mark mark = arena_mark (sim->arena);
        bool whole;
        live (sim, round);
        struct asked asked = some_checks ();
        const char *before = standing (sim, round, false);
        for (size_t i = 0; i < asked.count; i++)
            asked.checks[i].bsn = twin (round, asked.people[i], false);
        Consentd__Reply *reply = simulation_ask (sim, "kernteam", together (sim, asked.checks, asked.count));
        const char *said = answers (sim, reply), *alone = ask_alone (sim, round, &asked, &whole);
        if (whole) {
            assert_string_equal (said, alone);
            assert_string_equal (standing (sim, round, false), standing (sim, round, true));
        } else {
            for (size_t i = 0; i < asked.count; i++)
                assert_int_equal (reply->batch->answers[i]->check->verdict, CONSENTD__VERDICT__DENY);
            assert_string_equal (standing (sim, round, false), before);
        }
        went += whole;
        arena_release (sim->arena, mark);
    }
    assert_in_range (went, ROUNDS / 10, ROUNDS - ROUNDS / 10);
}

static int setup (void **state)
{
    if (simulation_setup_adult (state) != 0)
        return -1;
    PERSON (*state, .bsn = simulation_bsn (*state, 1));
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_all_go_or_none_and_what_is_sent_again_is_the_same),
        TEST (test_a_turn_that_fails_has_disclosed_nothing),
        TEST (test_it_is_decided_in_one_turn_whatever_it_costs),
        TEST (test_a_step_that_fails_is_done_again_from_the_beginning),
        TEST (test_a_batch_is_what_its_checks_are_one_after_the_other_or_nothing),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
