/* What is coming: obligations that fall due, and consents that end or lapse (C10, M5). */
#include <string.h>
#include "registry/agenda.h"
#include "simulated_duties.h"

static const char cak[] = "cak", kernteam[] = "kernteam";

static void test_M5_coming_birthdays_and_ends_are_listed_ahead (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "2014-06-10", .representatives = "ouder-1"), "OK");
    GRANTED (sim, .categories = "naw", .signers = "ouder-1", .valid_until = simulation_at ("2026-06-25"));
    GRANTED (sim, .categories = "bsn", .signers = "ouder-1", .valid_until = simulation_at ("2026-06-01"));
    static const char whole[] = "ends 2026-06-01, ends 2026-06-25, lapses 2026-06-10 birthday";
    moment until = simulation_at ("2026-06-25");
    assert_string_equal (simulation_coming (sim, kernteam, until, 0), whole);
    assert_string_equal (simulation_coming (sim, kernteam, until, 1), whole);
    assert_string_equal (simulation_coming (sim, kernteam, until - 1, 0),
                         "ends 2026-06-01, lapses 2026-06-10 birthday");
    assert_string_equal (simulation_coming (sim, kernteam, 0, 0), "ends 2026-06-01"); /* 30 days on */
    assert_string_equal (simulation_coming (sim, "zorgaanbieder-horizon", until, 0), "");
    /* M10: what ends for another reason than a birthday. */
    assert_string_equal (
        PERSON (sim, .born = "2014-06-12", .representatives = "ouder-1", .incapable_from = "2026-05-01"), "OK");
    assert_string_equal (simulation_coming (sim, kernteam, until, 0), "ends 2026-06-01, ends 2026-06-25");
}

/* As where another pack has other ages than the one under which the lapse was entered. */
static void test_M5_a_lapse_is_listed_at_the_moment_of_the_consent_only (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    assert_string_equal (PERSON (sim, .born = "2014-06-10", .representatives = "ouder-1"), "OK");
    const uint8_t *consent = GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    struct agenda_entry entry = {.kind = AGENDA_LAPSES, .when = simulation_at ("2026-06-05")};
    memcpy (entry.id, consent, sizeof entry.id);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    vault_subject_id (turn.vault, "999900006", entry.subject);
    assert_int_equal (agenda_put (&turn, &entry), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    assert_string_equal (simulation_coming (sim, kernteam, simulation_at ("2026-06-20"), 0),
                         "lapses 2026-06-10 birthday");
}

static void test_M5_what_ended_otherwise_is_no_longer_coming (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    const uint8_t *consent = GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    GRANTED (sim, .categories = "bsn", .valid_until = simulation_at ("2026-06-02"), .one_time = true);
    moment until = simulation_at ("2026-07-01");
    assert_string_equal (simulation_coming (sim, kernteam, until, 0), "ends 2026-06-01, ends 2026-06-02");
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    assert_string_equal (CHECK (sim, .items = "bsn"), "consent");
    assert_string_equal (simulation_coming (sim, kernteam, until, 0), "");
}

static void test_C10_what_is_overdue_is_listed_first_and_stays (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    simulation_disclosed (sim);
    sim->wall = simulation_at ("2026-08-01");
    CHECK (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo");
    assert_string_equal (simulation_coming (sim, kernteam, 0, 1),
                         "SUBJECT 2026-05-16 of kernteam, SUBJECT 2026-08-16 of kernteam");
}

/* C9: a page of others' obligations tells nothing of them. */
static void test_C9_a_cursor_leads_who_sees_less_by_now_to_no_consents (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-05-10"));
    GRANTED (sim, .categories = "bsn", .valid_until = simulation_at ("2026-05-11"));
    Consentd__Reply *first =
        simulation_ask (sim, "kernteam", simulation_due_list (sim, 0, 1, (ProtobufCBinaryData){0, NULL}));
    assert_string_equal (simulation_due (sim, first->due_list), "ends 2026-05-10");
    simulation_write_party (sim, kernteam, kernteam, "partner", "");
    assert_string_equal (
        simulation_said (sim,
                         simulation_ask (sim, "kernteam", simulation_due_list (sim, 0, 1, first->due_list->next))),
        "INVALID due_list.after");
}

static void test_C9_a_cursor_is_its_partys_own_and_tells_nothing (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    simulation_disclosed (sim);
    CHECK (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo");
    Consentd__Reply *reply =
        simulation_ask (sim, kernteam, simulation_due_list (sim, 0, 1, (ProtobufCBinaryData){0, NULL}));
    assert_true (reply->due_list->more);
    assert_string_equal (
        simulation_answer (sim, "toezicht", simulation_due_list (sim, 0, 1, reply->due_list->next)),
        "INVALID due_list.after");
    reply->due_list->next.data[30] ^= 1;
    assert_string_equal (simulation_answer (sim, kernteam, simulation_due_list (sim, 0, 1, reply->due_list->next)),
                         "INVALID due_list.after");
    uint8_t odd[25] = {3};
    assert_string_equal (
        simulation_answer (sim, cak, simulation_due_list (sim, 0, 1, (ProtobufCBinaryData){sizeof odd, odd})),
        "INVALID due_list.after");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_M5_coming_birthdays_and_ends_are_listed_ahead),
        SIMULATION_TEST (test_M5_a_lapse_is_listed_at_the_moment_of_the_consent_only),
        SIMULATION_TEST (test_M5_what_ended_otherwise_is_no_longer_coming),
        SIMULATION_TEST (test_C10_what_is_overdue_is_listed_first_and_stays),
        SIMULATION_TEST (test_C9_a_cursor_leads_who_sees_less_by_now_to_no_consents),
        SIMULATION_TEST (test_C9_a_cursor_is_its_partys_own_and_tells_nothing),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
