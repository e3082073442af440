/* What holds of every answer whatever was stated before, tried through dispatch on random histories of several
   subjects under both packs: the same in every run. test-decide-properties.c tries the decision alone, on states
   that no history leads to as well.

     a change of what one subject stated never turns an answer about another
     a revocation, or a refusal, never turns a denial into a permit
     a request for less is never answered wider, item by item
     the order of the items does not matter
     time only closes: what nothing else opens is not permitted later if it was not before, and past the
     valid_until of all consents nothing rests on consent */
#include <string.h>
#include "random_pick.h"
#include "simulation_verbs.h"

enum { SUBJECTS = 3, ROUNDS = 24, CONSENTS = 64, DAY = 24 * 60 * 60 * 1000, ITEMS = 8 };

/* What is asked of each subject: everything that the statements below could open, and what they could not. */
static const struct simulated_check probes[] = {
    {.items = "naw/wmo naw/zvw bsn/jeugdwet bsn/zvw deskundigenadvies/aanbieder budget/zvw"},
    {.items = "naw/zvw bsn/zvw budget/zvw naw/", .case_ref = "zaak-1"},
    {.items = "naw/zvw bsn/jeugdwet", .case_ref = "zaak-2"},
    {.to = "zorgaanbieder-geest", .items = "naw/zvw bsn/zvw budget/zvw"},
    {.from = "wmo-team", .items = "naw/zvw bsn/zvw"},
    {.to = "school-brug", .purpose = "extern-overleg", .items = "naw/wmo geboortedatum/wmo"},
    {.purpose = "extern-overleg", .items = "naw/wmo geboortedatum/jeugdwet"},
    {.from = "wmo-team", .to = "kernteam", .purpose = "integraal-plan", .items = "naw/wmo gezondheid/wmo"},
    {.from = "huisarts-dorp", .to = "kernteam", .purpose = "integraal-plan", .items = "naw/aanbieder"},
    {.to = "wmo-team", .purpose = "ondersteuning", .items = "gespreksverslag/wmo integraal-plan/participatiewet"},
    {.to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo naw/zvw bsn/"},
};
enum { PROBES = sizeof probes / sizeof *probes };

static const struct simulated_statement templates[] = {
    {.categories = "naw"},
    {.categories = "naw bsn budget"},
    {.from = "kernteam wmo-team", .categories = "naw bsn deskundigenadvies"},
    {.to = "zorgaanbieder-horizon zorgaanbieder-geest", .categories = "naw budget"},
    {.one_time = true, .categories = "naw bsn"},
    {.to = "school-brug", .purpose = "extern-overleg", .one_time = true, .categories = "naw geboortedatum"},
    {.purpose = "extern-overleg", .one_time = true, .categories = "naw"},
    {.from = "wmo-team", .to = "kernteam", .purpose = "integraal-plan", .categories = "naw gezondheid"},
    {.from = "huisarts-dorp",
     .to = "kernteam",
     .purpose = "integraal-plan",
     .one_time = true,
     .categories = "naw"},
    {.to = "wmo-team", .purpose = "ondersteuning", .categories = "gespreksverslag integraal-plan"},
    {.to = "cak", .purpose = "eigen-bijdrage", .categories = "naw bsn"},
};

struct person {
    const char *bsn;
    const uint8_t *consents[CONSENTS];
    size_t count;
};

struct town {
    struct simulation *sim;
    struct person people[SUBJECTS];
    unsigned next_bsn;
    bool from_now_on; /* statements begin when they are recorded */
};

/* New subjects, of whom nothing is stated yet. */
static void new_people (struct town *town)
{
    struct round_trip turn[SUBJECTS];
    for (size_t i = 0; i < SUBJECTS; i++) {
        struct simulated_person adult = {.bsn = simulation_bsn (town->sim, town->next_bsn++),
                                         .born = "1980-05-17"};
        town->people[i] = (struct person){.bsn = adult.bsn};
        turn[i] = (struct round_trip){"kernteam", simulation_person (town->sim, &adult), NULL};
    }
    assert_int_equal (simulation_turn (town->sim, turn, SUBJECTS), 0);
}

static Consentd__Request *some_statement (struct town *town, const struct person *person, bool refusal)
{
    static const char *const origins[] = {"", "", "zvw", "jeugdwet zvw aanbieder"};
    static const char *const cases[] = {"", "", "", "zaak-1", "zaak-2"};
    struct simulation *sim = town->sim;
    struct simulated_statement said = templates[random_pick (sizeof templates / sizeof *templates)];
    said.bsn = person->bsn;
    said.origins = origins[random_pick (4)];
    said.case_ref = cases[random_pick (5)];
    if (!town->from_now_on && random_pick (3) == 0)
        said.valid_from = sim->wall + (int64_t)(1 + random_pick (20)) * DAY;
    said.valid_until = sim->wall + (int64_t)(25 + random_pick (50)) * DAY;
    return simulation_statement (sim, &said, refusal);
}

/* NULL where there is nothing to withdraw. */
static Consentd__Request *some_revocation (struct town *town, const struct person *person)
{
    if (person->count == 0)
        return NULL;
    struct simulated_revocation said = {.consent = person->consents[random_pick ((unsigned)person->count)]};
    if (random_pick (3) == 0)
        said.categories = "naw";
    return simulation_revocation (town->sim, &said);
}

static struct round_trip some_disclosure (struct town *town, const struct person *person)
{
    struct simulated_check asked = probes[random_pick (PROBES)];
    asked.bsn = person->bsn;
    asked.all_or_nothing = random_pick (3) == 0;
    return (struct round_trip){simulation_asker (&asked), simulation_check (town->sim, &asked), NULL};
}

static void note_consent (struct person *person, const struct round_trip *made)
{
    if (made->request->body_case == CONSENTD__REQUEST__BODY_GRANT && made->reply->status == CONSENTD__STATUS__OK &&
        person->count < CONSENTS)
        person->consents[person->count++] = made->reply->consent_recorded->consent_id.data;
}

static void state_something (struct town *town, struct person *person, bool refusal)
{
    struct round_trip made = {"kernteam", some_statement (town, person, refusal), NULL};
    assert_int_equal (simulation_turn (town->sim, &made, 1), 0);
    note_consent (person, &made);
}

/* True if it withdrew something. */
static bool revoke_something (struct town *town, struct person *person)
{
    Consentd__Request *request = some_revocation (town, person);
    Consentd__Reply *reply = request != NULL ? simulation_ask (town->sim, "kernteam", request) : NULL;
    return reply != NULL && reply->status == CONSENTD__STATUS__OK && !reply->revoke->already;
}

static struct round_trip some_act (struct town *town, const struct person *person)
{
    unsigned what = random_pick (20);
    Consentd__Request *revocation = what >= 15 && what < 18 ? some_revocation (town, person) : NULL;
    if (revocation != NULL)
        return (struct round_trip){"kernteam", revocation, NULL};
    if (what >= 18)
        return some_disclosure (town, person);
    return (struct round_trip){"kernteam", some_statement (town, person, what >= 11 && what < 15), NULL};
}

/* New subjects, of whom much is stated, in few turns, over some weeks. */
static void make_history (struct town *town)
{
    enum { TURNS = 6, ACTS = 3 * SUBJECTS };
    struct round_trip turn[ACTS];
    new_people (town);
    for (int i = 0; i < TURNS; i++) {
        for (size_t j = 0; j < ACTS; j++)
            turn[j] = some_act (town, &town->people[j % SUBJECTS]);
        assert_int_equal (simulation_turn (town->sim, turn, ACTS), 0);
        for (size_t j = 0; j < ACTS; j++)
            note_consent (&town->people[j % SUBJECTS], &turn[j]);
        town->sim->wall += (int64_t)random_pick (6) * DAY + 60000;
    }
}

/* The answers to all probes, in one turn, to one who hears every reason. */
struct answers {
    const Consentd__CheckReply *check[PROBES];
    const char *said[PROBES];
};

static void ask_about (struct town *town, const struct person *people, size_t count, struct answers *answers)
{
    struct round_trip turn[SUBJECTS * PROBES];
    for (size_t i = 0; i < count * PROBES; i++) {
        struct simulated_check asked = probes[i % PROBES];
        asked.bsn = people[i / PROBES].bsn;
        asked.advise = true;
        turn[i] = (struct round_trip){"toezicht", simulation_check (town->sim, &asked), NULL};
    }
    assert_int_equal (simulation_turn (town->sim, turn, count * PROBES), 0);
    for (size_t i = 0; i < count * PROBES; i++) {
        answers[i / PROBES].said[i % PROBES] = simulation_said (town->sim, turn[i].reply);
        answers[i / PROBES].check[i % PROBES] = turn[i].reply->check;
        assert_non_null (turn[i].reply->check);
    }
}

static struct answers ask (struct town *town, const struct person *person)
{
    struct answers answers;
    ask_about (town, person, 1, &answers);
    return answers;
}

static bool is_permitted (const struct answers *answers, size_t probe, size_t item)
{
    return answers->check[probe]->items[item]->verdict == CONSENTD__VERDICT__PERMIT;
}

/* How many items are permitted, of those by consent. */
static unsigned count_permits (const struct answers *answers, bool by_consent)
{
    unsigned count = 0;
    for (size_t i = 0; i < PROBES; i++)
        for (size_t j = 0; j < answers->check[i]->n_items; j++)
            count += is_permitted (answers, i, j) &&
                     (!by_consent || answers->check[i]->items[j]->ground == CONSENTD__GROUND__CONSENT);
    return count;
}

static void assert_not_wider (const struct answers *before, const struct answers *after)
{
    for (size_t i = 0; i < PROBES; i++)
        for (size_t j = 0; j < after->check[i]->n_items; j++)
            if (is_permitted (after, i, j) && !is_permitted (before, i, j))
                fail_msg ("\"%s\" became \"%s\"", before->said[i], after->said[i]);
}

static void assert_the_same (const struct answers *before, const struct answers *after)
{
    for (size_t i = 0; i < PROBES; i++) {
        assert_string_equal (before->said[i], after->said[i]);
        assert_int_equal (before->check[i]->until, after->check[i]->until);
    }
}

/* The properties */

static void test_what_one_subject_states_never_turns_an_answer_about_another (void **state)
{
    struct town *town = *state;
    unsigned turned = 0;
    for (int round = 0; round < ROUNDS; round++) {
        make_history (town);
        const struct person *one = &town->people[0];
        struct answers before[SUBJECTS], after[SUBJECTS];
        ask_about (town, town->people, SUBJECTS, before);
        struct round_trip turn[12];
        for (size_t i = 0; i < 12; i++)
            turn[i] = some_act (town, one);
        assert_int_equal (simulation_turn (town->sim, turn, 12), 0);
        ask_about (town, town->people, SUBJECTS, after);
        for (size_t i = 1; i < SUBJECTS; i++)
            assert_the_same (&before[i], &after[i]);
        for (size_t i = 0; i < PROBES; i++)
            turned += strcmp (before[0].said[i], after[0].said[i]) != 0;
    }
    assert_true (turned > 3 * ROUNDS); /* about himself they did */
}

static void test_a_revocation_never_turns_a_denial_into_a_permit (void **state)
{
    struct town *town = *state;
    unsigned closed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        make_history (town);
        for (size_t i = 0; i < SUBJECTS; i++) {
            struct answers before = ask (town, &town->people[i]);
            while (revoke_something (town, &town->people[i])) {
                struct answers after = ask (town, &town->people[i]);
                assert_not_wider (&before, &after);
                closed += count_permits (&after, false) < count_permits (&before, false);
                before = after;
            }
        }
    }
    assert_true (closed > ROUNDS / 2);
}

static void test_a_refusal_never_turns_a_denial_into_a_permit (void **state)
{
    struct town *town = *state;
    unsigned closed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        make_history (town);
        for (size_t i = 0; i < SUBJECTS; i++) {
            struct answers before = ask (town, &town->people[i]);
            for (int j = 0; j < 3; j++) {
                state_something (town, &town->people[i], true);
                struct answers after = ask (town, &town->people[i]);
                assert_not_wider (&before, &after);
                closed += count_permits (&after, true) < count_permits (&before, true);
                before = after;
            }
        }
    }
    assert_true (closed > ROUNDS / 2);
}

/* The check with these of its items, `order` being their places. */
static Consentd__Request *check_for (struct town *town, const struct person *person, size_t probe,
                                     const unsigned *order, size_t count)
{
    struct simulated_check asked = probes[probe];
    asked.bsn = person->bsn;
    asked.advise = true;
    Consentd__Request *request = simulation_check (town->sim, &asked);
    Consentd__Item *items[ITEMS];
    assert_in_range (request->check->n_items, count, ITEMS);
    for (size_t i = 0; i < count; i++)
        items[i] = request->check->items[order[i]];
    memcpy (request->check->items, items, count * sizeof *items);
    request->check->n_items = count;
    return request;
}

static void assert_same_item (const Consentd__ItemVerdict *one, const Consentd__ItemVerdict *other)
{
    assert_string_equal (one->category, other->category);
    assert_string_equal (one->origin, other->origin);
    assert_int_equal (one->verdict, other->verdict);
    assert_int_equal (one->ground, other->ground);
    assert_string_equal (one->statute, other->statute);
    assert_int_equal (one->consent_id.len, other->consent_id.len);
    assert_memory_equal (one->consent_id.data, other->consent_id.data, one->consent_id.len);
    assert_int_equal (one->n_reasons, other->n_reasons);
    for (size_t i = 0; i < one->n_reasons; i++)
        assert_int_equal (one->reasons[i]->code, other->reasons[i]->code);
}

static void shuffle (unsigned *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = (unsigned)i;
    for (size_t i = count; i > 1; i--) {
        unsigned j = random_pick ((unsigned)i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

/* Some of the items, in any order: each is answered as among all of them, and the whole as its items are. `all`:
   in another order only, and the answer is good for as long. */
static void ask_again (struct town *town, bool all)
{
    unsigned seen[4] = {0}, order[PROBES][ITEMS];
    struct round_trip turn[PROBES];
    for (int round = 0; round < ROUNDS; round++) {
        make_history (town);
        const struct person *person = &town->people[0];
        struct answers answers = ask (town, person);
        for (size_t i = 0; i < PROBES; i++) {
            size_t count = answers.check[i]->n_items;
            shuffle (order[i], count);
            count = all ? count : 1 + random_pick ((unsigned)count);
            turn[i] = (struct round_trip){"toezicht", check_for (town, person, i, order[i], count), NULL};
        }
        assert_int_equal (simulation_turn (town->sim, turn, PROBES), 0);
        for (size_t i = 0; i < PROBES; i++) {
            simulation_said (town->sim, turn[i].reply); /* sees whether its verdicts agree */
            const Consentd__CheckReply *again = turn[i].reply->check;
            assert_int_equal (again->n_items, turn[i].request->check->n_items);
            for (size_t j = 0; j < again->n_items; j++)
                assert_same_item (again->items[j], answers.check[i]->items[order[i][j]]);
            if (answers.check[i]->verdict != CONSENTD__VERDICT__PARTIAL || all)
                assert_int_equal (again->verdict, answers.check[i]->verdict);
            if (all)
                assert_int_equal (again->until, answers.check[i]->until);
            seen[again->verdict]++;
        }
    }
    assert_true (seen[CONSENTD__VERDICT__PERMIT] > ROUNDS && seen[CONSENTD__VERDICT__DENY] > ROUNDS);
    assert_true (seen[CONSENTD__VERDICT__PARTIAL] > ROUNDS);
}

static void test_a_request_for_less_is_never_answered_wider (void **state)
{
    ask_again (*state, false);
}

static void test_the_order_of_the_items_does_not_matter (void **state)
{
    ask_again (*state, true);
}

/* No statement here begins later than it is recorded, no agreement begins, and nobody is asked for: so nothing may
   open. Statutes stay. */
static void test_time_past_valid_until_only_closes (void **state)
{
    struct town *town = *state;
    unsigned closed = 0;
    town->from_now_on = true;
    for (int round = 0; round < ROUNDS / 2; round++) {
        make_history (town);
        struct answers before[SUBJECTS], after[SUBJECTS];
        ask_about (town, town->people, SUBJECTS, before);
        for (int days = 0; days < 80; days += 4) { /* the longest is valid for 75 */
            town->sim->wall += (int64_t)4 * DAY;
            ask_about (town, town->people, SUBJECTS, after);
            for (size_t i = 0; i < SUBJECTS; i++) {
                assert_not_wider (&before[i], &after[i]);
                closed += count_permits (&after[i], true) < count_permits (&before[i], true);
                before[i] = after[i];
            }
        }
        for (size_t i = 0; i < SUBJECTS; i++) {
            assert_int_equal (count_permits (&before[i], true), 0);
            for (size_t j = 0; j < PROBES; j++)
                assert_int_equal (before[i].check[j]->until, 0); /* and nothing is to come */
        }
    }
    assert_true (closed > ROUNDS);
}

static int setup (void **state, const char *policy)
{
    static struct town town;
    const struct simulation_options options = {.size = 96 << 20, .reserve = 1 << 20, .policy = policy};
    random_begin (UINT64_C (0x9E3779B97F4A7C15));
    town = (struct town){.sim = simulation_new (&options)};
    *state = &town;
    return 0;
}

static int setup_2015 (void **state)
{
    return setup (state, "kaag-en-braassem-2015");
}

static int setup_2026 (void **state)
{
    return setup (state, "wmo-jeugdwet-2026");
}

static int teardown (void **state)
{
    struct town *town = *state;
    simulation_destroy (&town->sim);
    return 0;
}

int main (void)
{
#define TEST(test)                                                \
    cmocka_unit_test_setup_teardown (test, setup_2015, teardown), \
        cmocka_unit_test_setup_teardown (test, setup_2026, teardown)
    const struct CMUnitTest tests[] = {
        TEST (test_what_one_subject_states_never_turns_an_answer_about_another),
        TEST (test_a_revocation_never_turns_a_denial_into_a_permit),
        TEST (test_a_refusal_never_turns_a_denial_into_a_permit),
        TEST (test_a_request_for_less_is_never_answered_wider),
        TEST (test_the_order_of_the_items_does_not_matter),
        TEST (test_time_past_valid_until_only_closes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
