/* Obligations are reported done, or put off, by those who may (C10). */
#include "simulated_duties.h"

static const char cak[] = "cak", kernteam[] = "kernteam";

static void test_C10_what_is_done_is_no_longer_due (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    uint64_t decision = simulation_disclosed (sim);
    uint64_t revision = sim->state.revision;
    Consentd__Reply *reply = simulation_ask (sim, kernteam, simulation_done (sim, decision, SUBJECT, 0));
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_string_equal (simulation_duty (sim, reply->obligation->duty), "SUBJECT 2026-05-16 of kernteam done");
    assert_int_equal (reply->obligation->duty->done_at, sim->wall);
    assert_string_equal (reply->obligation->duty->done_by, "medewerker-3");
    assert_int_equal (sim->state.revision, revision + 1);
    assert_string_equal (simulation_coming (sim, kernteam, 0, 0), "");
    simulation_restart (sim);
    assert_string_equal (simulation_listed (sim, kernteam), "SUBJECT 2026-05-16 of kernteam done");
}

static void test_C10_reporting_done_twice_changes_nothing (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    uint64_t decision = simulation_disclosed (sim);
    moment first = sim->wall - 1000;
    assert_string_equal (simulation_answer (sim, kernteam, simulation_done (sim, decision, SUBJECT, first)), "OK");
    uint64_t revision = sim->state.revision;
    sim->wall += 60000;
    Consentd__Reply *reply = simulation_ask (sim, kernteam, simulation_done (sim, decision, SUBJECT, 0));
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_int_equal (reply->obligation->duty->done_at, first);
    assert_int_equal (sim->state.revision, revision);
}

static void test_C10_done_is_reported_by_the_holder_or_who_may_explain (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    Consentd__Reply *reply = CHECK_REPLY (sim, .from = "wmo-team", FEE);
    uint64_t decision = reply->check->decision;
    assert_string_equal (simulation_answer (sim, cak, simulation_done (sim, decision, SUBJECT, 0)), "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "loket", simulation_done (sim, decision, SUBJECT, 0)),
                         "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "wmo-team", simulation_done (sim, decision, RECORD, 0)),
                         "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "wmo-team", simulation_done (sim, decision + 1, SUBJECT, 0)),
                         "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "wmo-team", simulation_done (sim, 99999, SUBJECT, 0)),
                         "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, cak, simulation_put_off (sim, decision, SUBJECT, sim->wall + 1)),
                         "NOT_FOUND");
    assert_string_equal (simulation_listed (sim, "wmo-team"), "SUBJECT 2026-05-16 of wmo-team");
    assert_string_equal (simulation_answer (sim, "toezicht", simulation_done (sim, decision, SUBJECT, 0)), "OK");
    assert_string_equal (simulation_listed (sim, "wmo-team"), "SUBJECT 2026-05-16 of wmo-team done");
}

static void test_C10_what_cannot_be_reported_so_names_its_field (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    uint64_t decision = simulation_disclosed (sim);
    assert_string_equal (
        simulation_answer (sim, kernteam, simulation_done (sim, decision, SUBJECT, sim->wall + 1)),
        "INVALID obligation_done.done_at");
    assert_string_equal (simulation_answer (sim, kernteam, simulation_done (sim, 0, SUBJECT, 0)),
                         "INVALID obligation_done.decision");
    assert_string_equal (
        simulation_answer (sim, kernteam, simulation_done (sim, decision, CONSENTD__OBLIGATION__KEEP_SECRET, 0)),
        "INVALID obligation_done.kind");
    assert_string_equal (
        simulation_answer (sim, kernteam, simulation_put_off (sim, decision, SUBJECT, sim->wall + 86400000L * 30)),
        "INVALID obligation_defer.kind");
    Consentd__Request *request = simulation_put_off (sim, decision, SUBJECT, sim->wall + 86400000L * 30);
    request->obligation_defer->reason = arena_strdup (sim->arena, "");
    assert_string_equal (simulation_answer (sim, kernteam, request), "INVALID obligation_defer.reason");
    request = simulation_done (sim, decision, SUBJECT, 0);
    request->obligation_done->user = arena_strdup (sim->arena, "");
    assert_string_equal (simulation_answer (sim, kernteam, request), "INVALID obligation_done.user");
    assert_string_equal (simulation_listed (sim, kernteam), "SUBJECT 2026-05-16 of kernteam");
}

/* Under the pack of 2026 who reports to Veilig Thuis on its statute may put informing off. */
static void test_C10_informing_is_put_off_with_a_reason_where_the_statute_lets_it (void **state)
{
    (void)state;
    struct simulation *sim = simulation_new (&(struct simulation_options){.policy = "wmo-jeugdwet-2026"});
    simulation_adult (sim);
    Consentd__Reply *reply = CHECK_REPLY (sim, .to = "veilig-thuis", .purpose = "escalatie", .items = "naw/wmo");
    assert_string_equal (simulation_said (sim, reply), "wmo-5.2.6");
    assert_string_equal (simulation_duties (sim, reply->check->duties, reply->check->n_duties),
                         "SUBJECT 2026-05-16 of kernteam deferrable, RECORD 2026-05-16 of kernteam");
    uint64_t decision = reply->check->decision;
    moment due = simulation_at ("2026-05-16");
    assert_string_equal (simulation_answer (sim, kernteam, simulation_put_off (sim, decision, SUBJECT, due)),
                         "INVALID obligation_defer.until");
    assert_string_equal (simulation_answer (sim, kernteam, simulation_put_off (sim, decision, SUBJECT, sim->wall)),
                         "INVALID obligation_defer.until");
    assert_string_equal (
        simulation_answer (sim, kernteam,
                           simulation_put_off (sim, decision, RECORD, simulation_at ("2026-07-01"))),
        "INVALID obligation_defer.kind");
    assert_string_equal (
        simulation_answer (sim, kernteam,
                           simulation_put_off (sim, decision, SUBJECT, simulation_at ("2026-05-30"))),
        "OK");
    assert_string_equal (simulation_coming (sim, kernteam, 0, 0),
                         "RECORD 2026-05-16 of kernteam, SUBJECT 2026-05-30 of kernteam deferrable deferred");
    /* Overdue by now: it cannot be put off into the past. */
    sim->wall = simulation_at ("2026-06-10");
    assert_string_equal (
        simulation_answer (sim, kernteam,
                           simulation_put_off (sim, decision, SUBJECT, simulation_at ("2026-06-01"))),
        "INVALID obligation_defer.until");
    assert_string_equal (simulation_answer (sim, kernteam, simulation_done (sim, decision, SUBJECT, 0)), "OK");
    assert_string_equal (
        simulation_answer (sim, kernteam,
                           simulation_put_off (sim, decision, SUBJECT, simulation_at ("2026-07-01"))),
        "INVALID obligation_defer.kind");
    assert_string_equal (simulation_coming (sim, kernteam, 0, 0), "RECORD 2026-05-16 of kernteam");
    simulation_destroy (&sim);
}

static void test_C10_who_was_informed_before_has_that_behind_it (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    Consentd__Reply *reply =
        CHECK_REPLY (sim, .to = "veiligheidshuis", .purpose = "escalatie", .urgent = "vitaal-belang");
    assert_string_equal (simulation_duties (sim, reply->check->duties, reply->check->n_duties),
                         "SUBJECT 2026-05-01 of kernteam done, RECORD 2026-05-16 of kernteam");
    assert_string_equal (simulation_listed (sim, kernteam),
                         "SUBJECT 2026-05-01 of kernteam done, RECORD 2026-05-16 of kernteam");
    assert_string_equal (simulation_coming (sim, kernteam, 0, 0), "RECORD 2026-05-16 of kernteam");
}

static void test_C14_nothing_is_reported_by_a_clock_that_is_in_doubt (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    uint64_t decision = simulation_disclosed (sim);
    sim->registry.state.clock_stopped = true;
    assert_string_equal (simulation_answer (sim, kernteam, simulation_done (sim, decision, SUBJECT, 0)),
                         "UNAVAILABLE");
    assert_string_equal (simulation_coming (sim, kernteam, 0, 0), "SUBJECT 2026-05-16 of kernteam");
    sim->registry.state.clock_stopped = false;
    assert_string_equal (simulation_answer (sim, kernteam, simulation_done (sim, decision, SUBJECT, 0)), "OK");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_C10_what_is_done_is_no_longer_due),
        SIMULATION_TEST (test_C10_reporting_done_twice_changes_nothing),
        SIMULATION_TEST (test_C10_done_is_reported_by_the_holder_or_who_may_explain),
        SIMULATION_TEST (test_C10_what_cannot_be_reported_so_names_its_field),
        SIMULATION_TEST (test_C10_informing_is_put_off_with_a_reason_where_the_statute_lets_it),
        SIMULATION_TEST (test_C10_who_was_informed_before_has_that_behind_it),
        SIMULATION_TEST (test_C14_nothing_is_reported_by_a_clock_that_is_in_doubt),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
