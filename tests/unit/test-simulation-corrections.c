/* Corrections of a subject's record are judged as if they had always been known; a change of today ends nothing
   before it was recorded (M5). What that does to consents is told (V5), and marked where an answer is given again
   (G11). */
#include <string.h>
#include "simulation_verbs.h"

#define LAPSED "REPRESENTATION_LAPSED"

/* What it heard since, in order: "lapsed restored". */
static const char *heard (struct simulation *sim, uint64_t *since)
{
    const char *all = "";
    assert_int_equal (simulation_pass (sim), 0);
    for (uint64_t newest = simulation_newest (sim, horizon); *since < newest;) {
        const Consentd__EventPush *event = simulation_event (sim, horizon, ++*since);
        const char *one = event->kind == CONSENTD__EVENT_KIND__CONSENT_LAPSED     ? "lapsed"
                          : event->kind == CONSENTD__EVENT_KIND__CONSENT_RESTORED ? "restored"
                          : event->kind == CONSENTD__EVENT_KIND__CONSENT_EXPIRED  ? "expired"
                          : event->kind == CONSENTD__EVENT_KIND__CONSENT_REVOKED  ? "revoked"
                                                                                  : "another";
        all = arena_printf (sim->arena, "%s%s%s", all, *all != 0 ? " " : "", one);
    }
    return all;
}

static const char *check (struct simulation *sim)
{
    return CHECK (sim, .items = "naw", .advise = true);
}

/* The issue's own example. */
static void test_who_signed_alone_as_an_adult_and_turns_out_to_have_been_ten_did_not_consent (void **state)
{
    struct simulation *sim = *state;
    uint64_t since = 0;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *consent = GRANTED (sim, .valid_until = AT ("2027-01-01"));
    assert_string_equal (check (sim), "consent");
    sim->wall = AT ("2026-05-20");
    Consentd__Reply *reply = simulation_ask (
        sim, "kernteam", simulation_person (sim, &(struct simulated_person){.born = "2015-12-31"}));
    assert_int_equal (reply->subject_show->n_ended, 1);
    assert_memory_equal (reply->subject_show->ended[0].data, consent, 16);
    assert_string_equal (check (sim), LAPSED);
    assert_string_equal (heard (sim, &since), "lapsed");
    /* Corrected again it stands again. */
    reply = simulation_ask (sim, "kernteam",
                            simulation_person (sim, &(struct simulated_person){.born = "2005-12-31"}));
    assert_int_equal (reply->subject_show->n_restored, 1);
    assert_memory_equal (reply->subject_show->restored[0].data, consent, 16);
    assert_string_equal (check (sim), "consent");
    assert_string_equal (heard (sim, &since), "restored");
    const Consentd__EventPush *event = simulation_event (sim, horizon, since);
    assert_memory_equal (event->consent_id.data, consent, 16);
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "naw");
    assert_false (event->whole);
    /* And ends as any other. */
    sim->wall = AT ("2027-01-01");
    assert_string_equal (heard (sim, &since), "expired");
}

static void test_without_a_birth_date_nobody_consented (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    GRANTED (sim, .categories = "naw");
    PERSON (sim, .born = "");
    assert_string_equal (check (sim), LAPSED);
    PERSON (sim, .born = "1980-05-17");
    assert_string_equal (check (sim), "consent");
}

/* What was told before a second correction came is told again; what was not, is not. */
static void test_a_correction_that_is_taken_back_before_it_was_told_is_not_told (void **state)
{
    struct simulation *sim = *state;
    uint64_t since = 0;
    PERSON (sim, .born = "1980-05-17");
    GRANTED (sim, .categories = "naw");
    struct round_trip twice[2];
    twice[0] = (struct round_trip){
        "kernteam", simulation_person (sim, &(struct simulated_person){.born = "2015-12-31"}), NULL};
    twice[1] = (struct round_trip){
        "kernteam", simulation_person (sim, &(struct simulated_person){.born = "1980-05-17"}), NULL};
    twice[1].request->subject_set->expected.len = 0; /* that of the record in between is not known yet */
    twice[1].request->subject_set->whole = false;
    assert_int_equal (simulation_turn (sim, twice, 2), 0);
    assert_int_equal (twice[1].reply->status, CONSENTD__STATUS__INVALID);
    PERSON (sim, .born = "1980-05-17"); /* a pass comes before it */
    assert_string_equal (heard (sim, &since), "lapsed restored");
    PERSON (sim, .born = "2015-12-31");
    sim->state.agenda_at = sim->registry.state.agenda_at = INT64_MAX; /* as where the pass is late */
    PERSON (sim, .born = "1980-05-17");
    assert_string_equal (heard (sim, &since), "");
    PERSON (sim, .born = "2015-12-31");
    assert_string_equal (heard (sim, &since), "lapsed");
    PERSON (sim, .born = "1980-05-17");
    sim->state.agenda_at = sim->registry.state.agenda_at = INT64_MAX;
    PERSON (sim, .born = "2015-12-31");
    assert_string_equal (heard (sim, &since), "");
    assert_string_equal (check (sim), LAPSED);
}

/* Coming birthdays follow the birth date as it now is (C10, M5). */
static void test_a_consent_that_comes_back_lapses_on_the_birthday_that_is_right (void **state)
{
    struct simulation *sim = *state;
    uint64_t since = 0;
    PERSON (sim, .born = "2014-06-10", .representatives = "ouder-1");
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    PERSON (sim, .born = "2012-01-01", .representatives = "ouder-1");
    assert_string_equal (heard (sim, &since), "lapsed");
    PERSON (sim, .born = "2014-06-20", .representatives = "ouder-1");
    assert_string_equal (heard (sim, &since), "restored");
    assert_int_equal (sim->state.agenda_at, AT ("2026-06-20"));
    sim->wall = AT ("2026-06-20") - 1;
    assert_string_equal (heard (sim, &since), "");
    sim->wall++;
    assert_string_equal (heard (sim, &since), "lapsed");
    sim->wall = AT ("2026-12-01");
    assert_string_equal (heard (sim, &since), "");
}

/* Of representatives. */

static void test_a_parent_who_had_authority_all_along_should_have_signed (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1");
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    sim->wall = AT ("2026-05-10 15:00");
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1 ouder-2");
    assert_string_equal (check (sim), LAPSED);
    /* One who has it from today ends nothing. */
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1 ouder-2:ouder-met-gezag:2026-05-10");
    assert_string_equal (check (sim), "consent");
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1 ouder-2:ouder-met-gezag:2026-05-02");
    assert_string_equal (check (sim), "consent"); /* it was signed the day before */
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1 ouder-2:ouder-met-gezag:2026-05-01");
    assert_string_equal (check (sim), LAPSED);
}

static void test_who_had_no_authority_did_not_sign (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1");
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    sim->wall = AT ("2026-05-10 15:00");
    static const struct {
        const char *representatives, *said;
    } records[] = {
        {"ouder-1:ouder-met-gezag:2000-01-01:2026-05-10", "consent"},
        {"ouder-1:ouder-met-gezag:2000-01-01:2026-05-02", "consent"},
        {"ouder-1:ouder-met-gezag:2000-01-01:2026-05-01", LAPSED},
        {"ouder-1:ouder-met-gezag:2026-05-02", LAPSED},
        {"ouder-1:bewindvoerder", LAPSED},
        {NULL, LAPSED},
        {"ouder-1:voogd", "consent"},
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        PERSON (sim, .born = "2018-03-01", .representatives = records[i].representatives);
        assert_string_equal (check (sim), records[i].said);
    }
}

/* A change of today, recorded at three in the afternoon. */

static void test_what_ends_today_ends_with_its_recording (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1");
    GRANTED (sim, .categories = "naw", .signers = "ouder-1"); /* a minute before twelve */
    sim->wall = AT ("2026-05-01 15:00");
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1:ouder-met-gezag:2000-01-01:2026-05-01");
    assert_string_equal (check (sim), "consent");
    assert_string_equal (GRANT (sim, .signers = "ouder-1", .signed_at = AT ("2026-05-01 15:00")),
                         "REJECTED REPRESENTATION_MISSING");
    /* What was signed before is signed. */
    assert_string_equal (GRANT (sim, .signers = "ouder-1", .signed_at = AT ("2026-05-01 15:00") - 1), "OK");
    sim->wall = AT ("2026-05-02");
    assert_string_equal (check (sim), "consent");
}

static void test_what_begins_today_counts_from_the_morning_and_asks_nothing_of_it (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1");
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    sim->wall = AT ("2026-05-01 15:00");
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1 ouder-2:ouder-met-gezag:2026-05-01");
    assert_string_equal (check (sim), "consent");
    assert_string_equal (GRANT (sim, .signers = "ouder-1 ouder-2", .signed_at = AT ("2026-05-01 09:00")), "OK");
    /* Of this afternoon both are asked. */
    assert_string_equal (GRANT (sim, .signers = "ouder-1"), "OK");
    sim->wall += 120000;
    assert_string_equal (GRANT (sim, .signers = "ouder-1"), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (GRANT (sim, .signers = "ouder-1 ouder-2"), "OK");
}

static void test_a_mentor_of_today_signs_from_the_morning_on (void **state)
{
    struct simulation *sim = *state;
    uint64_t since = 0;
    PERSON (sim, .born = "1950-01-01");
    GRANTED (sim, .categories = "bsn");
    sim->wall = AT ("2026-05-01 15:00");
    PERSON (sim, .born = "1950-01-01", .representatives = "mentor-1:mentor:2026-05-01",
            .incapable_from = "2026-05-01");
    assert_string_equal (GRANT (sim, .signers = "mentor-1", .signed_at = AT ("2026-05-01 10:00")), "OK");
    assert_string_equal (CHECK (sim, .items = "naw bsn", .advise = true), "consent, consent");
    /* Capable after all, from today: his word is needed from the recording on, and not before. */
    sim->wall = AT ("2026-05-04 15:00");
    PERSON (sim, .born = "1950-01-01", .representatives = "mentor-1:mentor:2026-05-01",
            .incapable_from = "2026-05-01", .capable_from = "2026-05-04");
    assert_string_equal (check (sim), LAPSED);
    assert_string_equal (heard (sim, &since), "lapsed");
    assert_string_equal (GRANT (sim, .signers = "subject", .signed_at = AT ("2026-05-04 09:00")), "OK");
    assert_string_equal (check (sim), "consent");
}

static void test_death_of_today_ends_from_its_recording_and_an_earlier_one_from_its_day (void **state)
{
    struct simulation *sim = *state;
    uint64_t since = 0;
    PERSON (sim, .born = "1940-01-01");
    GRANTED (sim, .categories = "naw");
    sim->wall = AT ("2026-05-10 15:00");
    const uint8_t *later = GRANTED (sim, .categories = "bsn");
    sim->wall += 60000;
    PERSON (sim, .born = "1940-01-01", .died = "2026-05-10");
    assert_string_equal (CHECK (sim, .items = "naw bsn", .advise = true), LAPSED ", " LAPSED);
    assert_string_equal (heard (sim, &since), "lapsed lapsed");
    /* It was another who died. */
    PERSON (sim, .born = "1940-01-01");
    assert_string_equal (CHECK (sim, .items = "naw bsn", .advise = true), "consent, consent");
    assert_string_equal (heard (sim, &since), "restored restored");
    REVOKE (sim, .consent = later);
    assert_string_equal (heard (sim, &since), "revoked");
    PERSON (sim, .born = "1940-01-01", .died = "2026-05-09");
    assert_string_equal (heard (sim, &since), "lapsed"); /* that the other has ended is known */
}

/* Capability, corrected. */
static void test_who_was_not_capable_did_not_sign (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1950-01-01", .representatives = "mentor-1:mentor");
    GRANTED (sim, .categories = "naw");
    sim->wall = AT ("2026-05-10");
    PERSON (sim, .born = "1950-01-01", .representatives = "mentor-1:mentor", .incapable_from = "2026-05-10");
    assert_string_equal (check (sim), "consent");
    PERSON (sim, .born = "1950-01-01", .representatives = "mentor-1:mentor", .incapable_from = "2026-05-02");
    assert_string_equal (check (sim), "consent");
    PERSON (sim, .born = "1950-01-01", .representatives = "mentor-1:mentor", .incapable_from = "2026-05-01");
    assert_string_equal (check (sim), LAPSED);
    PERSON (sim, .born = "1950-01-01", .representatives = "mentor-1:mentor", .incapable_from = "2026-05-01",
            .capable_from = "2026-05-02");
    assert_string_equal (check (sim), LAPSED);
    PERSON (sim, .born = "1950-01-01", .representatives = "mentor-1:mentor");
    assert_string_equal (check (sim), "consent");
}

/* Refusals and withdrawals stand. */
static void test_what_was_refused_or_withdrawn_stays_so (void **state)
{
    struct simulation *sim = *state;
    uint64_t since = 0;
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1 ouder-2");
    const uint8_t *consent = GRANTED (sim, .categories = "naw", .signers = "ouder-1 ouder-2");
    GRANTED (sim, .categories = "bsn", .signers = "ouder-1 ouder-2");
    REVOKE (sim, .consent = consent, .withdrawn_by = "ouder-2");
    REFUSE (sim, .categories = "bsn", .signers = "ouder-2");
    assert_string_equal (CHECK (sim, .items = "naw bsn", .advise = true), "REVOKED, REFUSED");
    heard (sim, &since);
    /* It turns out that the second never had authority. */
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1");
    assert_string_equal (CHECK (sim, .items = "naw bsn", .advise = true), "REVOKED, REFUSED");
    assert_string_equal (heard (sim, &since), "");
}

/* G10: as if it had not been recorded. */
static void test_what_never_counted_supersedes_nothing_and_lifts_no_refusal (void **state)
{
    struct simulation *sim = *state;
    uint64_t since = 0;
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1");
    const uint8_t *first = GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    GRANTED (sim, .categories = "bsn", .signers = "ouder-1");
    REFUSE (sim, .categories = "bsn", .signers = "ouder-1");
    sim->wall = AT ("2026-05-04");
    Consentd__Reply *second = GRANT_REPLY (sim, .categories = "naw bsn", .signers = "ouder-1");
    assert_int_equal (second->consent_recorded->n_superseded, 2);
    assert_string_equal (CHECK (sim, .items = "naw bsn", .advise = true), "consent, consent");
    /* In between a second parent had got authority. */
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1 ouder-2:ouder-met-gezag:2026-05-03");
    Consentd__Reply *reply = CHECK_REPLY (sim, .items = "naw bsn", .advise = true);
    assert_string_equal (simulation_said (sim, reply), "consent, " LAPSED " REFUSED");
    assert_memory_equal (reply->check->items[0]->consent_id.data, first, 16);
    assert_string_equal (heard (sim, &since), "lapsed restored restored"); /* the second, and the two before */
    PERSON (sim, .born = "2018-03-01", .representatives = "ouder-1");
    assert_string_equal (CHECK (sim, .items = "naw bsn", .advise = true), "consent, consent");
    assert_string_equal (heard (sim, &since), "restored");
}

/* G11. */
static void test_an_answer_given_again_says_that_what_it_rested_on_never_counted (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2014-06-10", .representatives = "ouder-1");
    struct simulated_check asked = {.items = "naw"};
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    Consentd__Request *request = simulation_check (sim, &asked);
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent");
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent again");
    PERSON (sim, .born = "2012-06-10", .representatives = "ouder-1");
    assert_string_equal (simulation_answer (sim, "kernteam", request),
                         "consent again revoked");
    PERSON (sim, .born = "2014-05-02", .representatives = "ouder-1");
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent again");
    /* The birthday, corrected, lies between the answer and now. */
    sim->wall = AT ("2026-05-02 09:00");
    assert_string_equal (simulation_answer (sim, "kernteam", request),
                         "consent again revoked");
}

/* A birthday that was known is no correction. */
static void test_an_answer_given_again_says_nothing_of_a_birthday (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2014-05-02", .representatives = "ouder-1");
    struct simulated_check asked = {.items = "naw"};
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    Consentd__Request *request = simulation_check (sim, &asked);
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent");
    sim->wall = AT ("2026-05-02 09:00");
    assert_string_equal (check (sim), LAPSED);
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent again");
}

/* After a restart all is as it was. */
static void test_when_a_change_was_recorded_is_kept (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1950-01-01");
    GRANTED (sim, .categories = "naw");
    sim->wall = AT ("2026-05-01 15:00");
    PERSON (sim, .born = "1950-01-01", .representatives = "mentor-1:mentor:2026-05-01:2026-08-01",
            .incapable_from = "2026-05-01");
    simulation_restart (sim);
    assert_string_equal (check (sim), "consent");
    sim->wall = AT ("2026-05-03 15:00");
    /* What is recorded again as it was, was recorded when it was. */
    PERSON (sim, .born = "1950-01-02", .representatives = "mentor-1:mentor:2026-05-01:2026-08-01",
            .incapable_from = "2026-05-01");
    simulation_restart (sim);
    assert_string_equal (check (sim), "consent");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_who_signed_alone_as_an_adult_and_turns_out_to_have_been_ten_did_not_consent),
        SIMULATION_TEST (test_without_a_birth_date_nobody_consented),
        SIMULATION_TEST (test_a_correction_that_is_taken_back_before_it_was_told_is_not_told),
        SIMULATION_TEST (test_a_consent_that_comes_back_lapses_on_the_birthday_that_is_right),
        SIMULATION_TEST (test_a_parent_who_had_authority_all_along_should_have_signed),
        SIMULATION_TEST (test_who_had_no_authority_did_not_sign),
        SIMULATION_TEST (test_what_ends_today_ends_with_its_recording),
        SIMULATION_TEST (test_what_begins_today_counts_from_the_morning_and_asks_nothing_of_it),
        SIMULATION_TEST (test_a_mentor_of_today_signs_from_the_morning_on),
        SIMULATION_TEST (test_death_of_today_ends_from_its_recording_and_an_earlier_one_from_its_day),
        SIMULATION_TEST (test_who_was_not_capable_did_not_sign),
        SIMULATION_TEST (test_what_was_refused_or_withdrawn_stays_so),
        SIMULATION_TEST (test_what_never_counted_supersedes_nothing_and_lifts_no_refusal),
        SIMULATION_TEST (test_an_answer_given_again_says_that_what_it_rested_on_never_counted),
        SIMULATION_TEST (test_an_answer_given_again_says_nothing_of_a_birthday),
        SIMULATION_TEST (test_when_a_change_was_recorded_is_kept),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
