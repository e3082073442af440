/* Requests by which a subject exercises rights (R2, KB 13-15): numbered, due, put off, listed with what is due,
   and told to whoever keeps the list. What is decided on them: test-simulation-rights-decided.c. */
#include <errno.h>
#include <string.h>
#include "simulated_rights.h"

static const char subject[] = "999900006", other[] = "999996770", nobody[] = "999900018";

/* --- Opened and listed -------------------------------------------------------------------------------- */

static void test_R2_a_request_has_a_number_a_due_date_and_is_told (void **state)
{
    struct simulation *sim = *state;
    uint64_t before = simulation_newest_of_all (sim, TEAM), of_clerk = simulation_newest_of_all (sim, CLERK);
    uint64_t of_horizon = simulation_newest_of_all (sim, horizon);
    uint64_t number = OPENED (sim, .bsn = subject);
    const Consentd__RightsRequest *one = simulated_rights_shown (sim, number);
    assert_string_equal (simulated_state_of (sim, number), "open 2026-05-29");
    assert_string_equal (one->received, "2026-05-01");
    assert_string_equal (one->by, "subject");
    assert_string_equal (one->wish, "alles over de hulp van vorig jaar");
    assert_string_equal (one->opened_by, TEAM);
    assert_string_equal (one->bsn, "999900006");
    assert_int_equal (one->opened_at, sim->wall);
    assert_int_equal (one->subject_ref.len, 16);
    assert_int_equal (simulation_newest_of_all (sim, TEAM), before + 1);
    simulated_rights_assert_event (sim, TEAM, before + 1, CONSENTD__EVENT_KIND__RIGHTS_OPENED, number);
    simulated_rights_assert_event (sim, CLERK, of_clerk + 1, CONSENTD__EVENT_KIND__RIGHTS_OPENED, number);
    assert_int_equal (simulation_newest_of_all (sim, horizon), of_horizon);
    assert_int_equal (simulation_newest_of_all (sim, "operator"), 0); /* has no events */
}

static void test_R2_what_is_due_is_listed_with_the_person_for_who_may_see_him (void **state)
{
    struct simulation *sim = *state;
    uint64_t first = OPENED (sim, .bsn = subject), second = OPENED (sim, .bsn = other, .received = "2026-04-20");
    moment until = simulation_at ("2026-05-30");
    assert_string_equal (simulated_rights_due (sim, TEAM, until),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-18 999996770, RIGHTS %llu 2026-05-29 999900006",
                                  (unsigned long long)second, (unsigned long long)first));
    assert_string_equal (simulated_rights_due (sim, CLERK, until),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-18, RIGHTS %llu 2026-05-29",
                                  (unsigned long long)second, (unsigned long long)first));
    assert_string_equal (simulated_rights_due (sim, TEAM, simulation_at ("2026-05-29")),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-18 999996770", (unsigned long long)second));
    assert_string_equal (simulated_rights_due (sim, horizon, until), "");
    assert_string_equal (DECIDE (sim, second, GRANTED_WHOLE, NULL), "OK");
    assert_string_equal (simulated_rights_due (sim, TEAM, until),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-29 999900006", (unsigned long long)first));
    sim->wall = simulation_at ("2026-07-01"); /* overdue, and listed still */
    assert_string_equal (simulated_rights_due (sim, TEAM, 0),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-29 999900006", (unsigned long long)first));
}

static void test_R2_requests_are_listed_of_one_subject_and_all_that_are_open (void **state)
{
    struct simulation *sim = *state;
    uint64_t a = OPENED (sim, .bsn = subject), b = OPENED (sim, .received = "2026-04-10"),
             c = OPENED (sim, .bsn = other);
    uint64_t d = OPENED (sim, .received = "2026-04-10");
    assert_string_equal (DECIDE (sim, a, WITHDRAWN, NULL), "OK");
    const char *own =
        NUMBERS (sim, "%llu %llu %llu", (unsigned long long)a, (unsigned long long)b, (unsigned long long)d);
    const char *open =
        NUMBERS (sim, "%llu %llu %llu", (unsigned long long)b, (unsigned long long)d, (unsigned long long)c);
    for (unsigned limit = 0; limit < 5; limit++) {
        assert_string_equal (simulated_rights_list (sim, TEAM, "999900006", limit), own);
        assert_string_equal (simulated_rights_list (sim, CLERK, NULL, limit), open);
    }
    assert_string_equal (simulated_rights_list (sim, TEAM, nobody, 0), "");
    simulation_restart (sim);
    assert_string_equal (simulated_rights_list (sim, TEAM, "999900006", 1), own);
    assert_string_equal (simulated_rights_list (sim, TEAM, NULL, 1), open);
}

static void test_R2_whoever_has_not_the_permission_learns_nothing (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject);
    const char *const parties[] = {horizon, "toezicht", "loket", "cak"};
    for (size_t i = 0; i < COUNT (parties); i++) {
        assert_string_equal (simulation_answer (sim, parties[i], simulated_showing (sim, number)), "FORBIDDEN");
        assert_string_equal (simulation_answer (sim, parties[i], simulated_showing (sim, number + 1000)),
                             "FORBIDDEN");
        assert_string_equal (
            simulation_answer (sim, parties[i], simulated_deciding (sim, number, GRANTED_WHOLE, NULL)),
            "FORBIDDEN");
    }
    assert_string_equal (simulation_answer (sim, TEAM, simulated_showing (sim, 1)), "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, TEAM, simulated_showing (sim, number + 1000)), "NOT_FOUND");
    Consentd__Reply *seen = simulation_look (sim, CLERK, simulated_showing (sim, number));
    assert_string_equal (simulation_said (sim, seen), "OK");
    assert_string_equal (seen->rights->request->bsn, "");
}

/* G1, C2: and no answer tells who is registered to somebody without permission. */
static void test_R2_about_somebody_who_is_not_known_access_can_be_answered (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .bsn = nobody, .kind = 4)),
                         "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .bsn = nobody, .by = "ouder-1")),
                         "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (simulated_rights_list (sim, TEAM, nobody, 0), "");
    uint64_t number = OPENED (sim, .bsn = nobody);
    assert_string_equal (simulated_state_of (sim, number), "open 2026-05-29");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, NULL), "OK");
    uint64_t objection = OPENED (sim, .bsn = nobody, .kind = 6, .against = number);
    assert_string_equal (DECIDE (sim, objection, GRANTED_WHOLE, NULL), "OK");
}

/* --- Who asks ----------------------------------------------------------------------------------------- */

static void test_M7_who_may_ask_is_judged_as_of_the_receipt_and_again_at_the_grant (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .bsn = other, .born = "2016-05-01", .representatives = "ouder-1 ouder-2"),
                         "OK");
    uint64_t number = OPENED (sim, .bsn = other, .by = "ouder-1");
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .bsn = other)), "REJECTED REPRESENTATION_MISSING");
    sim->wall = simulation_at ("2026-05-03 10:00");
    assert_string_equal (PERSON (sim, .bsn = other, .born = "2016-05-01", .representatives = "ouder-1 ouder-2",
                                 .refused = "ouder-1", .refused_from = "2026-05-03"),
                         "OK");
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .bsn = other, .by = "ouder-1")),
                         "REJECTED REPRESENTATION_MISSING");
    OPENED (sim, .bsn = other, .by = "ouder-1", .received = "2026-05-02"); /* before he was refused */
    OPENED (sim, .bsn = other, .by = "ouder-2");
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (DECIDE (sim, number, IN_PART, NULL), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (simulated_state_of (sim, number), "open 2026-05-29");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, NULL), "OK");
}

static void test_M3_on_the_sixteenth_birthday_a_parents_request_is_granted_no_more (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .bsn = other, .born = "2010-05-10", .representatives = "ouder-1"), "OK");
    uint64_t parents = OPENED (sim, .bsn = other, .by = "ouder-1"), own = OPENED (sim, .bsn = other);
    sim->wall = simulation_at ("2026-05-10");
    assert_string_equal (DECIDE (sim, parents, GRANTED_WHOLE, NULL), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (DECIDE (sim, own, GRANTED_WHOLE, NULL), "OK");
}

/* --- Dates -------------------------------------------------------------------------------------------- */

static void test_R2_the_day_of_receipt_counts_and_its_last_day_is_whole (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .received = "2026-05-02")),
                         "INVALID rights_open.received");
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .received = "2025-04-30")),
                         "INVALID rights_open.received");
    assert_string_equal (simulated_rights_list (sim, TEAM, "999900006", 0), "");
    uint64_t number = OPENED (sim, .received = "2026-04-10");
    assert_string_equal (simulated_state_of (sim, number), "open 2026-05-08");
    assert_int_equal (simulated_rights_shown (sim, number)->due, simulation_at ("2026-05-09"));
    sim->wall = simulation_at ("2026-05-01 23:59:59.999");
    uint64_t last = OPENED (sim, .bsn = subject);
    sim->wall += 1;
    uint64_t next = OPENED (sim, .bsn = subject);
    assert_string_equal (simulated_state_of (sim, last), "open 2026-05-29");
    assert_string_equal (simulated_state_of (sim, next), "open 2026-05-30");
}

static void test_R2_what_is_overdue_is_told_once (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), heard = simulation_newest_of_all (sim, CLERK);
    sim->wall = simulation_at ("2026-05-30") - 1;
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest_of_all (sim, CLERK), heard);
    sim->wall += 1;
    sim->fail_commit = true; /* undone: it is told by the next turn */
    assert_int_equal (simulation_pass (sim), -EIO);
    assert_int_equal (simulation_newest_of_all (sim, CLERK), heard);
    assert_int_equal (simulation_pass (sim), 0);
    simulated_rights_assert_event (sim, CLERK, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    simulation_restart (sim);
    sim->wall = simulation_at ("2026-06-03");
    assert_int_equal (simulation_pass (sim), 0);
    assert_string_equal (HEAR (sim, number, simulation_at ("2026-06-10"), 0), "OK"); /* stays told */
    sim->wall = simulation_at ("2026-06-04");
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest_of_all (sim, CLERK), heard + 1);
}

static void test_C14_what_was_told_while_the_clock_was_ahead_is_told_when_it_is_so (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), decided = OPENED (sim, .bsn = subject);
    uint64_t heard = simulation_newest_of_all (sim, CLERK);
    assert_string_equal (DECIDE (sim, decided, GRANTED_WHOLE, NULL), "OK");
    sim->wall = simulation_at ("2026-06-05"); /* and nobody noticed */
    assert_int_equal (simulation_pass (sim), 0);
    simulated_rights_assert_event (sim, CLERK, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    sim->wall = simulation_at ("2026-05-02");
    simulation_reset_clock (sim);
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest_of_all (sim, CLERK), heard + 1);
    sim->wall = simulation_at ("2026-05-30");
    assert_int_equal (simulation_pass (sim), 0);
    simulated_rights_assert_event (sim, CLERK, heard + 2, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    assert_int_equal (simulation_newest_of_all (sim, CLERK), heard + 2);
}

static void test_R2_what_was_decided_in_time_is_never_overdue (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), heard = simulation_newest_of_all (sim, CLERK);
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "OK");
    sim->wall = simulation_at ("2026-06-30");
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest_of_all (sim, CLERK), heard);
    assert_string_equal (simulated_rights_due (sim, TEAM, 0), "");
}

static void test_R2_one_that_came_long_ago_is_overdue_at_once (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .received = "2025-06-01"), heard = simulation_newest_of_all (sim, CLERK);
    assert_int_equal (simulation_pass (sim), 0);
    simulated_rights_assert_event (sim, CLERK, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    assert_string_equal (EXTEND (sim, number, 0), "INVALID rights_extend.number");
}

static void test_R2_the_pack_of_2015_lets_nothing_be_put_off (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject);
    assert_string_equal (EXTEND (sim, number, 0), "INVALID rights_extend.number");
    assert_string_equal (EXTEND (sim, number, simulation_at ("2026-06-01")), "INVALID rights_extend.number");
    assert_string_equal (simulated_state_of (sim, number), "open 2026-05-29");
}

static void test_R2_it_is_put_off_once_with_a_reason_before_it_is_due (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), late = OPENED (sim, .bsn = subject),
             heard = simulation_newest_of_all (sim, CLERK);
    assert_string_equal (EXTEND (sim, number, simulation_at ("2026-05-30")), "INVALID rights_extend.until");
    assert_string_equal (EXTEND (sim, number, simulation_at ("2026-07-30") + 1), "INVALID rights_extend.until");
    assert_string_equal (EXTEND (sim, number, 0), "OK");
    assert_string_equal (simulated_state_of (sim, number), "open 2026-07-29");
    assert_string_equal (simulated_rights_shown (sim, number)->extension_reason, "het dossier is groot");
    assert_int_equal (simulated_rights_shown (sim, number)->due_before, simulation_at ("2026-05-30"));
    assert_string_equal (EXTEND (sim, number, simulation_at ("2026-07-30")), "INVALID rights_extend.number");
    sim->wall = simulation_at ("2026-05-30");
    assert_string_equal (EXTEND (sim, late, 0), "INVALID rights_extend.number");
    simulated_rights_assert_event (sim, CLERK, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE,
                                   late); /* not the other */
    assert_int_equal (simulation_newest_of_all (sim, CLERK), heard + 1);
    sim->wall = simulation_at ("2026-07-30");
    assert_int_equal (simulation_pass (sim), 0);
    simulated_rights_assert_event (sim, CLERK, heard + 2, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "OK");
    assert_string_equal (EXTEND (sim, number, 0), "INVALID rights_extend.number");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        RIGHTS_TEST (test_R2_a_request_has_a_number_a_due_date_and_is_told),
        RIGHTS_TEST (test_R2_what_is_due_is_listed_with_the_person_for_who_may_see_him),
        RIGHTS_TEST (test_R2_requests_are_listed_of_one_subject_and_all_that_are_open),
        RIGHTS_TEST (test_R2_whoever_has_not_the_permission_learns_nothing),
        RIGHTS_TEST (test_R2_about_somebody_who_is_not_known_access_can_be_answered),
        RIGHTS_TEST (test_M7_who_may_ask_is_judged_as_of_the_receipt_and_again_at_the_grant),
        RIGHTS_TEST (test_M3_on_the_sixteenth_birthday_a_parents_request_is_granted_no_more),
        RIGHTS_TEST (test_R2_the_day_of_receipt_counts_and_its_last_day_is_whole),
        RIGHTS_TEST (test_R2_what_is_overdue_is_told_once),
        RIGHTS_TEST (test_C14_what_was_told_while_the_clock_was_ahead_is_told_when_it_is_so),
        RIGHTS_TEST (test_R2_what_was_decided_in_time_is_never_overdue),
        RIGHTS_TEST_2026 (test_R2_one_that_came_long_ago_is_overdue_at_once),
        RIGHTS_TEST (test_R2_the_pack_of_2015_lets_nothing_be_put_off),
        RIGHTS_TEST_2026 (test_R2_it_is_put_off_once_with_a_reason_before_it_is_due),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
