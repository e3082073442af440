/* Properties of many generated situations: an answer holds until exactly the moment that it names, and what is
   kept in memory changes no answer. */
#include <string.h>
#include "simulation_verbs.h"

enum { SITUATIONS = 250, STEPS = 14, QUESTIONS = 6, SUBJECTS = 8, CONSENTS = 512, OPERATIONS = 1500 };

static const moment day = 86400000;

/* The same numbers at every run (xorshift64*). */
static uint64_t draw_next (uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C (2685821657736338717);
}

static unsigned draw (uint64_t *seed, unsigned below)
{
    return (unsigned)((draw_next (seed) >> 33) % below);
}

static bool chance (uint64_t *seed, unsigned percent)
{
    return draw (seed, 100) < percent;
}

#define ONE_OF(seed, list) ((list)[draw (seed, sizeof (list) / sizeof *(list))])

/* Situations */

static const char *draw_day (struct simulation *sim, uint64_t *seed, int year)
{
    return arena_printf (sim->arena, "%04d-%02u-%02u", year, 1 + draw (seed, 12), 1 + draw (seed, 28));
}

/* Somebody whose signatures may lapse, come back or not be needed, and who signs for him. */
static const char *draw_person (struct simulation *sim, uint64_t *seed, struct simulated_person *person)
{
    static const int years[] = {1980, 1980, 2014, 2014, 2015, 2012, 2010, 2011};
    static const char *const refused[] = {NULL, NULL, NULL, "ouder-1", "ouder-2", "ouder-1 ouder-2"};
    int year = ONE_OF (seed, years);
    person->born = draw_day (sim, seed, year);
    if (year == 1980 && chance (seed, 50))
        return "subject";
    person->representatives = "ouder-1 ouder-2";
    person->refused = ONE_OF (seed, refused);
    person->refused_from = draw_day (sim, seed, 2026);
    if (chance (seed, 40))
        person->incapable_from = draw_day (sim, seed, 2026);
    if (person->incapable_from != NULL && chance (seed, 60))
        person->capable_from = draw_day (sim, seed, 2027);
    return "subject ouder-1 ouder-2";
}

struct route {
    const char *from, *to, *purpose;
};

static const struct route routes[] = {
    {"kernteam", "zorgaanbieder-horizon", "toekenning"},
    {"kernteam wmo-team", "zorgaanbieder-horizon zorgaanbieder-delta", "toekenning"},
    {"wmo-team", "zorgaanbieder-delta", "toekenning"},
    {"kernteam", "cak", "eigen-bijdrage"},
    {"wmo-team", "kernteam", "ondersteuning"},
    {"wmo-team", "kernteam", "integraal-plan"},
    {"kernteam", "zorgaanbieder-horizon", "extern-overleg"},
};

static const char *const category_lists[] = {"naw", "naw", "bsn", "naw bsn", "naw integraal-plan", "naw telefoon"};
static const char *const cases[] = {NULL, NULL, NULL, NULL, "zaak-1", "zaak-2"};
static const char *const origins[] = {NULL, NULL, NULL, NULL, "wmo", "jeugdwet brp"};

static void draw_statement (struct simulation *sim, uint64_t *seed, struct simulated_statement *said)
{
    const struct route *route = &ONE_OF (seed, routes);
    said->from = route->from;
    said->to = route->to;
    said->purpose = route->purpose;
    said->categories = ONE_OF (seed, category_lists);
    said->case_ref = ONE_OF (seed, cases);
    said->origins = ONE_OF (seed, origins);
    said->one_time = chance (seed, strcmp (route->purpose, "extern-overleg") == 0 ? 95 : 15);
    bool brief = strcmp (route->purpose, "extern-overleg") == 0 || strcmp (route->purpose, "integraal-plan") == 0;
    said->valid_until = sim->wall + (1 + draw (seed, brief ? 88 : 360)) * day + draw (seed, (unsigned)day);
    if (chance (seed, 35))
        said->valid_from = sim->wall + draw (seed, 80) * day + draw (seed, (unsigned)day);
    if (said->valid_from >= said->valid_until)
        said->valid_from = 0;
}

static void draw_check (uint64_t *seed, struct simulated_check *asked)
{
    static const char *const froms[] = {"kernteam", "kernteam", "wmo-team"};
    static const char *const items[] = {"naw", "naw bsn", "naw/jeugdwet", "naw/ integraal-plan", "bsn/zvw naw"};
    static const char *const askers[] = {NULL, NULL, "toezicht", "loket"};
    const struct route *route = &ONE_OF (seed, routes);
    asked->purpose = route->purpose;
    asked->to = strchr (route->to, ' ') != NULL ? "zorgaanbieder-delta" : route->to;
    asked->from = strcmp (asked->to, "kernteam") == 0 ? "wmo-team" : ONE_OF (seed, froms);
    asked->items = ONE_OF (seed, items);
    asked->case_ref = ONE_OF (seed, cases);
    asked->by = ONE_OF (seed, askers);
}

/* Records what happened before the first question. Not all of it is admitted, which is as well. */
static void make_situation (struct simulation *sim, uint64_t *seed)
{
    struct simulated_person person = {.bsn = NULL};
    const char *signers = draw_person (sim, seed, &person);
    simulation_ask (sim, "kernteam", simulation_person (sim, &person));
    unsigned statements = 1 + draw (seed, 5);
    for (unsigned i = 0; i < statements; i++) {
        struct simulated_statement said = {.signers = signers};
        draw_statement (sim, seed, &said);
        bool refusal = chance (seed, 20);
        Consentd__Reply *reply = simulation_ask (sim, "kernteam", simulation_statement (sim, &said, refusal));
        bool recorded = reply->status == CONSENTD__STATUS__OK;
        sim->wall += draw (seed, 5) * day + 1000;
        if (recorded && !refusal && chance (seed, 25))
            simulation_ask (sim, "kernteam",
                            simulation_revocation (sim, &(struct simulated_revocation){
                                                            .consent = reply->consent_recorded->consent_id.data,
                                                            .categories = chance (seed, 50) ? "naw" : NULL}));
        if (chance (seed, 15)) {
            struct simulated_check disclosed = {.by = NULL};
            draw_check (seed, &disclosed);
            simulation_ask (sim, simulation_asker (&disclosed), simulation_check (sim, &disclosed));
        }
    }
}

/* `until` */

struct question {
    struct simulated_check asked;
    const char *answer; /* the last one: grounds with their consents, or the reasons heard */
    moment until;
};

static const char *answer_of (struct simulation *sim, const Consentd__Reply *reply)
{
    const char *said = simulation_said (sim, reply);
    if (reply->body_case != CONSENTD__REPLY__BODY_CHECK)
        return said;
    for (size_t i = 0; i < reply->check->n_items; i++) {
        const ProtobufCBinaryData *id = &reply->check->items[i]->consent_id;
        for (size_t at = 0; at < id->len; at++)
            said = arena_printf (sim->arena, "%s%s%02x", said, at == 0 ? " " : "", id->data[at]);
    }
    return said;
}

/* Asks all again, in one turn. Unless it is the first time: what a question named this very moment for differs,
   and all else has stayed the same. */
static void ask_all (struct simulation *sim, struct question *questions, bool first)
{
    struct round_trip turn[QUESTIONS];
    for (size_t i = 0; i < QUESTIONS; i++)
        turn[i] = (struct round_trip){simulation_asker (&questions[i].asked),
                                      simulation_check (sim, &questions[i].asked), NULL};
    assert_int_equal (simulation_turn (sim, turn, QUESTIONS), 0);
    for (size_t i = 0; i < QUESTIONS; i++) {
        struct question *question = &questions[i];
        const char *answer = answer_of (sim, turn[i].reply);
        moment until = turn[i].reply->body_case == CONSENTD__REPLY__BODY_CHECK ? turn[i].reply->check->until : 0;
        if (!first && question->until == sim->wall) {
            if (strcmp (answer, question->answer) == 0)
                fail_msg ("at %lld question %zu still says %s", (long long)sim->wall, i, answer);
        } else if (!first) {
            if (strcmp (answer, question->answer) != 0)
                fail_msg ("at %lld, before %lld, question %zu (%s > %s, %s: %s, by %s) says %s and no longer %s",
                          (long long)sim->wall, (long long)question->until, i, question->asked.from,
                          question->asked.to, question->asked.purpose, question->asked.items,
                          question->asked.by != NULL ? question->asked.by : "provider", answer, question->answer);
            assert_int_equal (until, question->until);
        }
        question->answer = answer;
        question->until = until;
    }
}

static moment first_until (const struct question *questions)
{
    moment first = 0;
    for (size_t i = 0; i < QUESTIONS; i++)
        if (questions[i].until != 0 && (first == 0 || questions[i].until < first))
            first = questions[i].until;
    return first;
}

/* Walks from one named moment to the next until nothing is known to change any more. Returns how many there were.
 */
static unsigned walk (struct simulation *sim, uint64_t *seed, struct question *questions)
{
    unsigned steps = 0;
    ask_all (sim, questions, true);
    for (moment next; steps < STEPS && (next = first_until (questions)) != 0; steps++) {
        assert_true (next > sim->wall);
        moment between = sim->wall + (moment)(draw_next (seed) % (uint64_t)(next - sim->wall));
        if (between < next - 1) {
            sim->wall = between;
            ask_all (sim, questions, false);
        }
        if (next - 1 > sim->wall) {
            sim->wall = next - 1;
            ask_all (sim, questions, false);
        }
        sim->wall = next;
        ask_all (sim, questions, false);
    }
    if (first_until (questions) == 0) {
        sim->wall += 1 + draw (seed, 4000) * day;
        ask_all (sim, questions, false);
    }
    return steps;
}

static void test_an_answer_holds_until_exactly_the_moment_that_it_names (void **state)
{
    unsigned steps = 0;
    for (unsigned number = 1; number <= SITUATIONS; number++) {
        uint64_t seed = number * UINT64_C (0x9e3779b97f4a7c15);
        struct simulation *sim = *state = simulation_new (NULL);
        struct question questions[QUESTIONS] = {{.answer = ""}};
        make_situation (sim, &seed);
        for (size_t i = 0; i < QUESTIONS; i++) {
            draw_check (&seed, &questions[i].asked);
            questions[i].asked.advise = true;
        }
        steps += walk (sim, &seed, questions);
        simulation_destroy (&sim);
        *state = NULL;
    }
    print_message ("%u moments in %u situations\n", steps, SITUATIONS);
    assert_true (steps > SITUATIONS); /* else the situations are too dull to show anything */
}

/* The cache */

struct script {
    struct simulation *sim;
    uint64_t seed;
    const uint8_t *consents[CONSENTS];
    size_t consent_count;
    struct round_trip sent[32]; /* some of what was asked before, to ask again */
};

/* Everything that is held about a subject: either half of it. */
static Consentd__Request *draw_listing (struct simulation *sim, uint64_t *seed, const char *bsn)
{
    if (chance (seed, 50)) {
        Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
        request->subject_show->bsn = arena_strdup (sim->arena, bsn);
        return request;
    }
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_LIST);
    request->consent_list->bsn = arena_strdup (sim->arena, bsn);
    request->consent_list->limit = 1 + draw (seed, 32);
    return request;
}

static struct round_trip draw_round_trip (struct script *self)
{
    struct simulation *sim = self->sim;
    uint64_t *seed = &self->seed;
    const char *bsn = simulation_bsn (sim, draw (seed, SUBJECTS));
    unsigned what = draw (seed, 100);
    if (what < 4) {
        struct simulated_person person = {.bsn = bsn};
        draw_person (sim, seed, &person);
        return (struct round_trip){"kernteam", simulation_person (sim, &person), NULL};
    }
    if (what < 34) {
        struct simulated_statement said = {.bsn = bsn,
                                           .signers = chance (seed, 70) ? "subject" : "subject ouder-1"};
        draw_statement (sim, seed, &said);
        return (struct round_trip){"kernteam", simulation_statement (sim, &said, what < 8), NULL};
    }
    if (what < 42 && self->consent_count > 0) {
        struct simulated_revocation said = {.consent = self->consents[draw (seed, (unsigned)self->consent_count)],
                                            .categories = chance (seed, 50) ? "naw" : NULL};
        return (struct round_trip){"kernteam", simulation_revocation (sim, &said), NULL};
    }
    if (what < 50)
        return (struct round_trip){"kernteam", draw_listing (sim, seed, bsn), NULL};
    struct round_trip *earlier = &self->sent[draw (seed, 32)];
    if (what < 58 && earlier->request != NULL)
        return *earlier;
    struct simulated_check asked = {.bsn = bsn, .advise = chance (seed, 30), .all_or_nothing = chance (seed, 20)};
    draw_check (seed, &asked);
    return *earlier = (struct round_trip){simulation_asker (&asked), simulation_check (sim, &asked), NULL};
}

/* Random ids and the epoch differ between two registries: each becomes its place in the order of recording. So do
   the tickets of listings, which are made of them. */
static struct bytes comparable (struct script *self, Consentd__Reply *reply)
{
    if (reply->body_case == CONSENTD__REPLY__BODY_CONSENT_RECORDED && !reply->replayed &&
        self->consent_count < CONSENTS)
        self->consents[self->consent_count++] = reply->consent_recorded->consent_id.data;
    size_t size = consentd__reply__get_packed_size (reply);
    uint8_t *data = arena_alloc (self->sim->arena, size), *found;
    consentd__reply__pack (reply, data);
    for (size_t i = 0; i < self->consent_count; i++)
        while ((found = memmem (data, size, self->consents[i], 16)) != NULL)
            memset (found, (int)(i & 0x7f), 16);
    if ((found = memmem (data, size, reply->epoch.data, 16)) != NULL)
        memset (found, 0xee, 16);
    if (reply->listing.len > 0 && (found = memmem (data, size, reply->listing.data, reply->listing.len)) != NULL)
        memset (found, 0xee, reply->listing.len);
    return (struct bytes){data, size};
}

/* One turn of a few requests, which now and then fails or is followed by a restart. */
static size_t play (struct script *self, struct bytes *answers)
{
    struct round_trip turn[4];
    uint64_t *seed = &self->seed;
    size_t count = 1 + draw (seed, 4);
    for (size_t i = 0; i < count; i++)
        turn[i] = draw_round_trip (self);
    self->sim->fail_commit = chance (seed, 8);
    bool done = simulation_turn (self->sim, turn, count) == 0;
    for (size_t i = 0; i < count && done; i++)
        answers[i] = comparable (self, turn[i].reply);
    self->sim->wall += draw (seed, 3 * (unsigned)day / 2);
    if (chance (seed, 1))
        simulation_restart (self->sim);
    return done ? count : 0;
}

static void test_what_is_kept_in_memory_changes_no_answer (void **state)
{
    struct simulation_options options[] = {{.cache_limit = 1, .size = 32 << 20, .reserve = 1 << 20},
                                           {.cache_limit = 64 << 20, .size = 32 << 20, .reserve = 1 << 20}};
    static struct script scripts[2];
    for (size_t i = 0; i < 2; i++)
        scripts[i] = (struct script){.sim = simulation_new (&options[i]), .seed = 20260501};
    *state = NULL;
    unsigned held = 0;
    for (unsigned operation = 0; operation < OPERATIONS; operation++) {
        struct bytes answers[2][4];
        size_t count = play (&scripts[0], answers[0]);
        assert_int_equal (play (&scripts[1], answers[1]), count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal (answers[0][i].size, answers[1][i].size);
            assert_memory_equal (answers[0][i].data, answers[1][i].data, answers[0][i].size);
        }
        held += count > 0;
    }
    print_message ("%zu statements, %u turns that held\n", scripts[0].consent_count, held);
    assert_true (scripts[0].consent_count > 100);
    for (size_t i = 0; i < 2; i++)
        simulation_destroy (&scripts[i].sim);
}

static int tear_down (void **state)
{
    struct simulation *sim = *state;
    if (sim != NULL)
        simulation_destroy (&sim);
    return 0;
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown (test_an_answer_holds_until_exactly_the_moment_that_it_names, tear_down),
        cmocka_unit_test_teardown (test_what_is_kept_in_memory_changes_no_answer, tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
