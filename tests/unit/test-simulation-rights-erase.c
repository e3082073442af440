/* rights_erase (R7): what a turn has of it, whole or not at all, and what else may come in the same turn. Whole
   lives are in tests/behaviour/test_erasure.py. */
#include <string.h>
#include "simulated_keeping.h"
#include "simulated_rights.h"

static const char adult[] = "999900006", other[] = "999996770";
static char same_key[] = "the same, again.";

static uint64_t granted_erasure (struct simulation *sim, const char *bsn)
{
    uint64_t number = OPENED (sim, .bsn = bsn, .kind = CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE);
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "OK");
    return number;
}

static Consentd__Request *erasing (struct simulation *sim, uint64_t number, bool dry_run)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_ERASE);
    request->rights_erase->number = number;
    request->rights_erase->dry_run = dry_run;
    request->rights_erase->user = simulated_text (sim, NULL, "medewerker-5");
    return request;
}

static Consentd__Request *checking (struct simulation *sim, const char *bsn)
{
    return simulation_check (sim, &(struct simulated_check){.bsn = bsn, .items = "naw", .advise = true});
}

/* From the answer on, also for what is asked behind it in the same turn; and not before. */
static void test_R7_what_comes_behind_it_in_its_turn_is_not_answered (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    uint64_t number = granted_erasure (sim, adult);
    struct round_trip turn[] = {{"kernteam", checking (sim, adult), NULL},
                                {TEAM, erasing (sim, number, false), NULL},
                                {"kernteam", checking (sim, adult), NULL},
                                {TEAM, erasing (sim, number, true), NULL}};
    assert_int_equal (simulation_turn (sim, turn, 4), 0);
    assert_string_equal (simulation_said (sim, turn[0].reply), "consent");
    assert_true (turn[1].reply->rights_erase->done);
    assert_string_equal (simulation_said (sim, turn[2].reply), "UNAVAILABLE");
    assert_string_equal (simulation_said (sim, turn[3].reply), "UNAVAILABLE");
    simulated_rounds (sim);
    assert_string_equal (CHECK (sim, .bsn = adult, .items = "naw"), "NO_CONSENT");
}

/* C13: its first answers were decided before the erasure, and leave after it. */
static void test_R7_a_batch_that_was_half_decided_permits_nothing_of_the_erased (void **state)
{
    struct simulation *sim = *state;
    const struct simulated_check checks[] = {
        {.items = "naw", .advise = true}, {.items = "naw"}, {.bsn = other, .items = "naw"}};
    struct batch *batch = NULL;
    assert_string_equal (PERSON (sim, .bsn = other, .born = "1975-01-02"), "OK");
    GRANTED (sim, .categories = "naw");
    GRANTED (sim, .bsn = other, .categories = "naw");
    uint64_t number = granted_erasure (sim, adult);
    Consentd__Request *request = simulation_batch (sim, checks, 3);
    assert_null (simulation_step (sim, "kernteam", request, &batch, 1));
    assert_true (simulation_ask (sim, TEAM, erasing (sim, number, false))->rights_erase->done);
    Consentd__Reply *reply;
    while ((reply = simulation_step (sim, "kernteam", request, &batch, 1)) == NULL)
        ;
    assert_string_equal (simulation_said_at (sim, reply, 0), "UNAVAILABLE");
    assert_string_equal (simulation_said_at (sim, reply, 1), "UNAVAILABLE");
    assert_string_equal (simulation_said_at (sim, reply, 2), "consent");
}

static void test_R7_a_turn_that_fails_has_begun_nothing (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    uint64_t number = granted_erasure (sim, adult), told = simulation_newest_of_all (sim, horizon);
    Consentd__Request *request = erasing (sim, number, false);
    request->idempotency_key = (ProtobufCBinaryData){16, (uint8_t *)same_key};
    struct round_trip failed = {TEAM, request, NULL};
    sim->fail_commit = true;
    assert_int_not_equal (simulation_turn (sim, &failed, 1), 0);
    sim->fail_commit = false;
    assert_false (erasure_is_due (&sim->registry));
    assert_true (simulated_rights_shown (sim, number)->to_be_erased);
    assert_int_equal (simulation_newest_of_all (sim, horizon), told);
    Consentd__Reply *reply = simulation_ask (sim, TEAM, request);
    assert_true (reply->rights_erase->done && !reply->replayed);
    assert_int_equal (simulation_newest_of_all (sim, horizon), told + 1);
    simulated_rounds (sim);
    assert_string_equal (simulation_said (sim, simulation_ask (sim, TEAM, request)), "OK again");
}

static void test_R7_where_too_many_wait_it_is_asked_again_later (void **state)
{
    struct simulation *sim = *state;
    struct erasure_mark one = {.kind = ERASURE_OF_SUBJECT};
    struct turn turn;
    uint64_t number = granted_erasure (sim, adult);
    int rc = 0;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (int i = 0; i < ERASURE_MARKS && rc == 0; i++) {
        vault_random (one.subject, sizeof one.subject);
        rc = marks_add (&turn, &one);
    }
    assert_int_equal (registry_end (&sim->registry, &turn, rc), 0);
    Consentd__Request *request = erasing (sim, number, false);
    request->idempotency_key = (ProtobufCBinaryData){16, (uint8_t *)same_key};
    assert_string_equal (simulation_answer (sim, TEAM, request), "UNAVAILABLE");
    assert_true (simulated_rights_shown (sim, number)->to_be_erased); /* nothing of it was done */
    simulated_rounds (sim);
    assert_string_equal (simulation_answer (sim, TEAM, request), "OK");
    simulated_rounds (sim);
    assert_string_equal (simulation_said (sim, simulation_look (sim, TEAM, simulated_showing (sim, number))),
                         "NOT_FOUND");
}

/* R2: an erasure that was granted and is forgotten is told as any request that is overdue. */
static void test_R2_one_that_is_not_carried_out_is_told_when_it_is_overdue (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .bsn = other, .born = "1975-01-02"), "OK");
    uint64_t number = granted_erasure (sim, adult), of_other = granted_erasure (sim, other);
    uint64_t told = simulation_newest_of_all (sim, CLERK);
    assert_true (simulation_ask (sim, TEAM, erasing (sim, of_other, false))->rights_erase->done);
    simulated_rounds (sim);
    assert_string_equal (simulated_rights_list (sim, TEAM, "", 0),
                         NUMBERS (sim, "%llu", (unsigned long long)number));
    sim->wall = simulated_rights_shown (sim, number)->due;
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest_of_all (sim, CLERK), told + 1);
    const Consentd__EventPush *event = simulation_event_of_all (sim, CLERK, told + 1);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE);
    assert_int_equal (event->request, number);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        RIGHTS_TEST (test_R7_what_comes_behind_it_in_its_turn_is_not_answered),
        RIGHTS_TEST (test_R7_a_batch_that_was_half_decided_permits_nothing_of_the_erased),
        RIGHTS_TEST (test_R7_a_turn_that_fails_has_begun_nothing),
        RIGHTS_TEST (test_R7_where_too_many_wait_it_is_asked_again_later),
        RIGHTS_TEST (test_R2_one_that_is_not_carried_out_is_told_when_it_is_overdue),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
