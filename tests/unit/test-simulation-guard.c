/* The sums that guard consents, subjects and cursors (record/guard.h), after lives in which many turns failed: a
   registry that nobody damaged is never called damaged. */
#include <string.h>
#include "random_pick.h"
#include "simulation_verbs.h"

enum { LIVES = 6, TURNS = 250, SUBJECTS = 12, CONSENTS = 400, ROUND_TRIPS = 4, STEP = 60 * 1000 };

struct life {
    struct simulation *sim;
    const char *bsns[SUBJECTS];
    const uint8_t *consents[CONSENTS];
    size_t count;
};

static const char *const parties[] = {"kernteam", "wijkteam", "zorgaanbieder-horizon", "huisarts-dorp", "cak"};

/* A request of any sort, which may well be refused. */
static struct round_trip some_request (struct life *self)
{
    struct simulation *sim = self->sim;
    const char *bsn = self->bsns[random_pick (SUBJECTS)];
    struct round_trip made = {.party = "kernteam"};
    switch (random_pick (6)) {
    case 0:
    case 1:
        made.request = simulation_statement (
            sim,
            &(struct simulated_statement){.bsn = bsn, .categories = "naw bsn", .one_time = random_pick (3) == 0},
            random_pick (4) == 0);
        break;
    case 2:
        made.request = simulation_check (sim, &(struct simulated_check){.bsn = bsn, .items = "naw bsn"});
        break;
    case 3:
        made.request = simulation_person (sim, &(struct simulated_person){.bsn = bsn, .born = "1980-05-17"});
        break;
    case 4:
        made.party = "zorgaanbieder-horizon";
        made.request = simulation_asking (sim, CONSENTD__REQUEST__BODY_ACKNOWLEDGE);
        made.request->acknowledge->number = 1 + random_pick (40);
        simulation_listen (sim, made.party);
        break;
    default:
        if (self->count == 0)
            return some_request (self);
        made.request = simulation_revocation (
            sim, &(struct simulated_revocation){.consent = self->consents[random_pick ((unsigned)self->count)]});
    }
    return made;
}

static void note_consent (struct life *self, const Consentd__Reply *reply)
{
    if (reply != NULL && reply->consent_recorded != NULL &&
        reply->body_case == CONSENTD__REPLY__BODY_CONSENT_RECORDED &&
        reply->consent_recorded->consent_id.len == 16 && self->count < CONSENTS)
        self->consents[self->count++] =
            arena_memdup (self->sim->arena, reply->consent_recorded->consent_id.data, 16);
}

static void live_turn (struct life *self)
{
    struct round_trip all[ROUND_TRIPS];
    size_t count = 1 + random_pick (ROUND_TRIPS);
    for (size_t i = 0; i < count; i++)
        all[i] = some_request (self);
    self->sim->wall += STEP;
    self->sim->fail_commit = random_pick (3) == 0;
    bool fails = self->sim->fail_commit;
    int rc = simulation_turn (self->sim, all, count);
    self->sim->fail_commit = false;
    if (!fails)
        assert_int_equal (rc, 0);
    for (size_t i = 0; i < count && rc == 0; i++)
        note_consent (self, all[i].reply);
}

/* Whoever starts reads all sums; and each bucket is compared with its sum when it is first used. */
static void assert_nothing_is_damaged (struct life *self)
{
    struct simulation *sim = self->sim;
    simulation_restart (sim);
    for (size_t i = 0; i < self->count; i++) {
        Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
        request->consent_show->consent_id.data = arena_memdup (sim->arena, self->consents[i], 16);
        request->consent_show->consent_id.len = 16;
        assert_string_equal (simulation_answer (sim, "operator", request), "OK");
    }
    for (size_t i = 0; i < SUBJECTS; i++)
        assert_int_not_equal (
            simulation_ask (
                sim, "kernteam",
                simulation_check (sim, &(struct simulated_check){.bsn = self->bsns[i], .items = "naw"}))
                ->status,
            CONSENTD__STATUS__UNAVAILABLE);
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++)
        simulation_newest (sim, parties[i]);
}

static void test_lives_with_failing_turns_leave_every_sum_as_it_must_be (void **state)
{
    (void)state;
    random_begin (20261128);
    for (unsigned life = 0; life < LIVES; life++) {
        struct life self = {.sim = simulation_new (NULL)};
        for (unsigned i = 0; i < SUBJECTS; i++)
            self.bsns[i] = simulation_bsn (self.sim, 1 + i);
        for (unsigned turn = 0; turn < TURNS; turn++) {
            live_turn (&self);
            if (random_pick (60) == 0)
                simulation_restart (self.sim);
        }
        assert_true (self.count > 20);
        assert_nothing_is_damaged (&self);
        simulation_destroy (&self.sim);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_lives_with_failing_turns_leave_every_sum_as_it_must_be),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
