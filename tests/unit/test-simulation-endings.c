/* What time brings: consents that end are made known to whom they concern, once, and whatever happens (V5, V6, M5,
   M10, C14). */
#include <stdio.h>
#include <string.h>
#include "audit/log.h"
#include "registry/agenda.h"
#include "registry/ending.h"
#include "simulation_verbs.h"

/* Time passes up to then, and nothing comes. */
static void pass_until (struct simulation *sim, const char *when)
{
    sim->wall = simulation_at (when);
    assert_int_equal (simulation_pass (sim), 0);
}

/* Of 11, with one parent; 12 on 10 June. */
static void a_child (struct simulation *sim)
{
    assert_string_equal (PERSON (sim, .born = "2014-06-10", .representatives = "ouder-1"), "OK");
}

static void an_adult_too (struct simulation *sim)
{
    assert_string_equal (PERSON (sim, .bsn = simulation_bsn (sim, 1), .born = "1980-05-17"), "OK");
}

/* "expired" or whatever the party heard as event `number`; "" if there is none. */
static const char *heard (struct simulation *sim, const char *party, uint64_t number)
{
    const Consentd__EventPush *event = simulation_event (sim, party, number);
    if (event == NULL)
        return "";
    switch (event->kind) {
    case CONSENTD__EVENT_KIND__CONSENT_REVOKED:
        return "revoked";
    case CONSENTD__EVENT_KIND__CONSENT_EXPIRED:
        return "expired";
    case CONSENTD__EVENT_KIND__CONSENT_USED:
        return "used";
    case CONSENTD__EVENT_KIND__CONSENT_LAPSED:
        return "lapsed";
    default:
        return "?";
    }
}

static void assert_heard (struct simulation *sim, const char *first, const char *second)
{
    static const char *const parties[] = {"kernteam", "zorgaanbieder-horizon"};
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal (heard (sim, parties[i], 1), first);
        assert_string_equal (heard (sim, parties[i], 2), second);
    }
}

/* The newest line of the log: "expire ok". */
static const char *newest_line (struct simulation *sim)
{
    struct turn turn;
    struct audit_record record;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (audit_read (&turn, sim->state.audit_number, &record), 0);
    assert_true (record.head.has_object);
    assert_string_equal (record.head.party, "");
    const char *said = arena_printf (sim->arena, "%s %s", record.head.action, record.head.result);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return said;
}

static void test_V5_the_end_of_a_consent_is_told_at_its_end_to_the_parties_that_it_names (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    const uint8_t *consent = GRANTED (sim, .categories = "naw bsn", .valid_until = simulation_at ("2026-06-01"));
    uint64_t revision = sim->state.revision;
    pass_until (sim, "2026-05-31 23:59:59.999");
    assert_heard (sim, "", "");
    assert_int_equal (sim->state.agenda_at, simulation_at ("2026-06-01")); /* until then no turn looks for it */
    pass_until (sim, "2026-06-01");
    assert_heard (sim, "expired", "");
    assert_int_equal (sim->state.agenda_at, MOMENT_NEVER);
    assert_string_equal (heard (sim, "wmo-team", 1), "");
    const Consentd__EventPush *event = simulation_event (sim, horizon, 1);
    assert_memory_equal (event->consent_id.data, consent, 16);
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "bsn naw");
    assert_string_equal (event->purpose, "toekenning");
    assert_true (event->whole);
    assert_int_equal (event->time, sim->wall);
    assert_int_equal (event->revision, revision + 1);
    assert_int_equal (sim->state.revision, revision + 1);
    assert_string_equal (newest_line (sim), "expire ok");
    assert_string_equal (CHECK (sim, .items = "naw"), "EXPIRED");
}

static void test_V5_no_end_is_told_twice (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    pass_until (sim, "2026-06-01");
    uint64_t lines = sim->state.audit_number;
    pass_until (sim, "2026-06-01 00:01");
    simulation_restart (sim);
    pass_until (sim, "2026-07-01");
    assert_heard (sim, "expired", "");
    assert_int_equal (sim->state.audit_number, lines);
    assert_int_equal (sim->state.agenda_at, MOMENT_NEVER);
}

static void test_V5_what_ended_while_the_registry_was_off_is_told_when_it_is_on_again (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    sim->wall = simulation_at ("2026-06-20");
    simulation_restart (sim);
    assert_int_equal (simulation_pass (sim), 0);
    assert_heard (sim, "expired", "");
}

static void test_V5_a_request_finds_what_came_due_before_it_told_before_it (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    const uint8_t *other = GRANTED (sim, .categories = "bsn");
    sim->wall = simulation_at ("2026-06-02");
    assert_string_equal (REVOKE (sim, .consent = other), "OK");
    assert_heard (sim, "expired", "revoked");
}

/* V6. */
static void test_V6_each_party_hears_its_own_part_of_what_ended (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    const uint8_t *consent =
        GRANTED (sim, .to = "zorgaanbieder-horizon zorgaanbieder-geest", .categories = "naw bsn",
                 .valid_until = simulation_at ("2026-06-01"), .purpose = "toekenning");
    assert_string_equal (REVOKE (sim, .consent = consent, .to = horizon, .categories = "bsn"), "OK");
    pass_until (sim, "2026-06-01");
    const Consentd__EventPush *event = simulation_event (sim, horizon, 2);
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "naw");
    assert_string_equal (simulation_words (sim, event->recipients, event->n_recipients), horizon);
    event = simulation_event (sim, "zorgaanbieder-geest", 1);
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "bsn naw");
    assert_string_equal (simulation_words (sim, event->recipients, event->n_recipients), "zorgaanbieder-geest");
}

static void test_V5_what_ended_otherwise_does_not_expire (void **state)
{
    struct simulation *sim = *state;
    moment end = simulation_at ("2026-06-01");
    simulation_adult (sim);
    const uint8_t *consent = GRANTED (sim, .categories = "naw", .valid_until = end);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    GRANTED (sim, .categories = "bsn", .one_time = true, .valid_until = end);
    assert_string_equal (CHECK (sim, .items = "bsn"), "consent");
    GRANTED (sim, .categories = "email", .valid_until = end);
    GRANTED (sim, .categories = "email"); /* supersedes it */
    assert_heard (sim, "revoked", "used");
    pass_until (sim, "2026-06-02");
    assert_string_equal (heard (sim, horizon, 3), "");
}

static void test_M5_a_parents_consent_lapses_as_the_12th_birthday_begins (void **state)
{
    struct simulation *sim = *state;
    a_child (sim);
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    pass_until (sim, "2026-06-09 23:59:59.999");
    assert_heard (sim, "", "");
    pass_until (sim, "2026-06-10");
    assert_heard (sim, "lapsed", "");
    assert_string_equal (newest_line (sim), "lapse ok");
    assert_string_equal (CHECK (sim, .items = "naw"), "REPRESENTATION_LAPSED");
    /* What has lapsed does not expire as well. */
    pass_until (sim, "2026-08-01");
    assert_heard (sim, "lapsed", "");
}

static void test_M5_a_lapse_that_moved_is_told_at_its_new_moment_only (void **state)
{
    struct simulation *sim = *state;
    a_child (sim);
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    assert_string_equal (PERSON (sim, .born = "2014-06-20", .representatives = "ouder-1"), "OK");
    pass_until (sim, "2026-06-19 23:59:59.999");
    assert_heard (sim, "", "");
    pass_until (sim, "2026-06-20");
    assert_heard (sim, "lapsed", "");
    assert_string_equal (PERSON (sim, .born = "2014-06-15", .representatives = "ouder-1"), "OK");
    pass_until (sim, "2026-06-21");
    assert_heard (sim, "lapsed", "");
}

static void test_M5_a_birth_date_that_was_wrong_makes_a_consent_lapse_at_once (void **state)
{
    struct simulation *sim = *state;
    a_child (sim);
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    assert_string_equal (PERSON (sim, .born = "2012-01-01", .representatives = "ouder-1"), "OK");
    pass_until (sim, "2026-05-01 12:01");
    assert_heard (sim, "lapsed", "");
}

static void test_M5_a_lapse_that_will_not_be_is_not_told (void **state)
{
    struct simulation *sim = *state;
    a_child (sim);
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    assert_string_equal (PERSON (sim, .born = "2020-06-10", .representatives = "ouder-1"), "OK");
    pass_until (sim, "2026-06-10");
    assert_heard (sim, "", "");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_M10_death_ends_consents_and_is_told_so (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw");
    assert_string_equal (PERSON (sim, .born = "1980-05-17", .died = "2026-04-30"), "OK");
    pass_until (sim, "2026-05-01 12:01");
    assert_heard (sim, "lapsed", "");
}

/* At one moment the lapse is what ended it, as the state of the consent says. */
static void test_V5_a_death_that_is_recorded_late_ends_nothing_twice (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw", .one_time = true, .valid_until = simulation_at ("2026-06-01"));
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    GRANTED (sim, .categories = "bsn", .valid_until = simulation_at ("2026-06-01"));
    pass_until (sim, "2026-06-05");
    assert_heard (sim, "used", "expired");
    assert_string_equal (PERSON (sim, .born = "1980-05-17", .died = "2026-04-20"), "OK");
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest (sim, horizon), 2);
    assert_int_equal (sim->state.agenda_at, MOMENT_NEVER);
}

/* Nor is what ended while nothing could be told kept from them. */
static void test_V5_a_death_that_is_recorded_before_the_end_was_told_is_told_once (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    sim->wall = simulation_at ("2026-06-05");
    struct round_trip died = {
        "kernteam",
        simulation_person (sim, &(struct simulated_person){.born = "1980-05-17", .died = "2026-05-20"}), NULL};
    sim->state.agenda_at = sim->registry.state.agenda_at = MOMENT_NEVER; /* the pass before the turn misses it */
    assert_int_equal (simulation_turn (sim, &died, 1), 0);
    assert_int_equal (simulation_pass (sim), 0);
    assert_heard (sim, "lapsed", "");
}

static void test_M5_what_lapses_and_ends_at_once_is_told_once_as_lapsed (void **state)
{
    struct simulation *sim = *state;
    a_child (sim);
    GRANTED (sim, .categories = "naw", .signers = "ouder-1", .valid_until = simulation_at ("2026-06-10"));
    pass_until (sim, "2026-06-11");
    assert_heard (sim, "lapsed", "");
}

static void test_V7_what_ended_first_is_told_first (void **state)
{
    struct simulation *sim = *state;
    a_child (sim);
    GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    GRANTED (sim, .categories = "bsn", .signers = "ouder-1", .valid_until = simulation_at ("2026-06-01"));
    pass_until (sim, "2026-06-12");
    assert_heard (sim, "expired", "lapsed");
}

static void test_C14_nothing_ends_by_a_clock_that_is_in_doubt (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    sim->registry.state.clock_stopped = true;
    pass_until (sim, "2026-06-02");
    assert_heard (sim, "", "");
    sim->registry.state.clock_stopped = false;
    pass_until (sim, "2026-06-02");
    assert_heard (sim, "expired", "");
}

static void test_C14_what_a_reset_brings_back_ends_again_and_is_told_again (void **state)
{
    struct simulation *sim = *state;
    a_child (sim);
    an_adult_too (sim);
    moment then = sim->wall;
    GRANTED (sim, .categories = "naw", .signers = "ouder-1", .valid_until = simulation_at ("2026-08-01"));
    GRANTED (sim, .bsn = simulation_bsn (sim, 1), .categories = "naw",
             .valid_until = simulation_at ("2026-06-01"));
    GRANTED (sim, .bsn = simulation_bsn (sim, 1), .categories = "bsn",
             .valid_until = simulation_at ("2026-05-03"));
    sim->wall = simulation_at ("2026-05-02");
    const uint8_t *revoked = GRANTED (sim, .bsn = simulation_bsn (sim, 1), .categories = "telefoon",
                                      .valid_until = simulation_at ("2026-05-04"));
    REVOKE (sim, .consent = revoked);
    assert_heard (sim, "revoked", "");
    pass_until (sim, "2026-09-01");
    assert_int_equal (simulation_newest (sim, horizon), 4);
    sim->wall = then;
    simulation_reset_clock (sim);
    simulation_restart (sim);
    for (int i = 0; i < 4; i++) /* consents, what waits for an answer, obligations, requests of subjects */
        assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest (sim, horizon), 4);
    assert_int_equal (sim->state.agenda_at, simulation_at ("2026-05-03"));
    static const struct {
        const char *when, *heard;
    } ends[] = {{"2026-05-03", "expired"}, {"2026-06-01", "expired"}, {"2026-06-10", "lapsed"}};
    for (size_t i = 0; i < 3; i++) {
        pass_until (sim, ends[i].when);
        assert_int_equal (simulation_newest (sim, horizon), 5 + i);
        assert_string_equal (heard (sim, horizon, 5 + i), ends[i].heard);
    }
    pass_until (sim, "2026-09-01");
    assert_int_equal (simulation_newest (sim, horizon), 7);
}

/* A bounded part at a time, and what ends meanwhile is not missed. */
static void test_C14_after_a_reset_many_are_entered_again (void **state)
{
    struct simulation *sim = *state;
    enum { MANY = 90 };
    moment then = sim->wall;
    for (unsigned i = 0; i < MANY; i++) {
        assert_string_equal (PERSON (sim, .bsn = simulation_bsn (sim, i), .born = "1980-05-17"), "OK");
        GRANTED (sim, .bsn = simulation_bsn (sim, i), .categories = "naw",
                 .valid_until = i % 2 == 0 ? then + 10000 : simulation_at ("2026-06-01"));
    }
    pass_until (sim, "2026-07-01");
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest (sim, horizon), MANY);
    sim->wall = then;
    simulation_reset_clock (sim);
    simulation_restart (sim);
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (sim->state.agenda_at, sim->wall); /* there is more to enter */
    simulation_restart (sim);
    for (; sim->wall < then + 20000; sim->wall += 2500)
        assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest (sim, horizon), MANY + MANY / 2);
    pass_until (sim, "2026-06-01");
    assert_int_equal (simulation_newest (sim, horizon), MANY + MANY);
    assert_int_equal (sim->state.agenda_at, MOMENT_NEVER);
}

static void test_V7_what_could_not_be_made_known_waits_and_is_told_once (void **state)
{
    struct simulation *sim = *state;
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    sim->wall = simulation_at ("2026-06-01");
    sim->fail_commit = true;
    assert_true (simulation_pass (sim) < 0);
    assert_heard (sim, "", "");
    assert_int_equal (simulation_pass (sim), 0);
    assert_heard (sim, "expired", "");
}

/* One thing of this size more in the store, or one less. */
static int put_or_delete (struct simulation *sim, bool full, unsigned number, size_t size)
{
    static uint8_t something[32768];
    struct turn turn;
    char name[32];
    snprintf (name, sizeof name, "fill-%zu-%u", size, number);
    struct bytes key = {name, strlen (name)};
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    int rc = full ? store_put (turn.txn, STORE_META, key, (struct bytes){something, size})
                  : store_delete (turn.txn, STORE_META, key);
    return registry_end (&sim->registry, &turn, rc);
}

/* Fills the store until there is no room outside the reserve, or takes all of that out again. */
static void fill (struct simulation *sim, bool full)
{
    static const size_t sizes[] = {32768, 1500, 200};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int rc = 0;
        for (unsigned number = 0; rc == 0; number++)
            rc = put_or_delete (sim, full, number, sizes[i]);
        assert_int_equal (rc, full ? STORE_FULL : STORE_NOT_FOUND);
    }
}

/* A full store keeps what time ends waiting, and nothing else: withdrawals go on in the reserve. So many that what
   is told of them fits in no page that is there already. */
static void test_C12_without_room_what_ended_waits_and_keeps_nobody_else_waiting (void **state)
{
    enum { MANY = 60 };
    struct simulation *sim = *state;
    simulation_adult (sim);
    for (unsigned i = 0; i < MANY; i++)
        GRANTED (sim, .categories = "naw", .case_ref = arena_printf (sim->arena, "zaak-%u", i),
                 .valid_until = simulation_at ("2026-06-01"));
    const uint8_t *other = GRANTED (sim, .categories = "bsn");
    fill (sim, true);
    sim->wall = simulation_at ("2026-06-01");
    assert_int_equal (simulation_pass (sim), STORE_FULL);
    assert_heard (sim, "", "");
    assert_string_equal (REVOKE (sim, .consent = other), "OK");
    assert_heard (sim, "revoked", "");
    fill (sim, false);
    assert_int_equal (simulation_pass (sim), 0);
    assert_heard (sim, "revoked", "expired");
    assert_int_equal (simulation_newest (sim, horizon), 1 + MANY);
}

static void test_many_that_end_at_once_are_told_a_bounded_part_at_a_time (void **state)
{
    struct simulation *sim = *state;
    enum { MANY = 70 };
    for (unsigned i = 0; i < MANY; i++) {
        const char *bsn = simulation_bsn (sim, i);
        assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1980-05-17"), "OK");
        GRANTED (sim, .bsn = bsn, .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    }
    pass_until (sim, "2026-06-01");
    assert_int_equal (simulation_newest (sim, horizon), 64);
    pass_until (sim, "2026-06-01");
    assert_int_equal (simulation_newest (sim, horizon), MANY);
}

static void test_C12_a_consent_that_cannot_be_read_keeps_no_other_from_being_told (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    assert_string_equal (PERSON (sim, .bsn = "999996770", .born = "1980-05-17"), "OK");
    GRANTED (sim, .bsn = "999996770", .categories = "naw", .valid_until = simulation_at ("2026-06-01"));
    simulation_adult (sim);
    GRANTED (sim, .categories = "bsn", .valid_until = simulation_at ("2026-06-01"));
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    uint8_t id[VAULT_ID_SIZE];
    struct bytes key = {id, sizeof id}, value;
    vault_subject_id (turn.vault, "999996770", id);
    assert_int_equal (store_get (turn.txn, STORE_SUBJECT, key, &value), 0);
    uint8_t *changed = arena_memdup (sim->arena, value.data, value.size);
    changed[value.size - 1] ^= 1;
    assert_int_equal (store_put (turn.txn, STORE_SUBJECT, key, (struct bytes){changed, value.size}), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    simulation_restart (sim); /* what was opened before is forgotten */
    pass_until (sim, "2026-06-01");
    assert_heard (sim, "expired", "");
    const Consentd__EventPush *event = simulation_event (sim, horizon, 1);
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "bsn");
}

/* As where another pack has other ages than the one under which it was entered. */
static void test_M5_an_entry_that_came_too_early_waits_for_the_moment_of_the_consent (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    a_child (sim);
    const uint8_t *consent = GRANTED (sim, .categories = "naw", .signers = "ouder-1");
    struct agenda_entry entry = {.kind = AGENDA_LAPSES, .when = simulation_at ("2026-06-10")};
    memcpy (entry.id, consent, sizeof entry.id);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    vault_subject_id (turn.vault, "999900006", entry.subject);
    assert_int_equal (agenda_remove (&turn, &entry), 0);
    entry.when = simulation_at ("2026-06-05");
    assert_int_equal (agenda_put (&turn, &entry), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    pass_until (sim, "2026-06-05");
    assert_heard (sim, "", "");
    pass_until (sim, "2026-06-10");
    assert_heard (sim, "lapsed", "");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_V5_the_end_of_a_consent_is_told_at_its_end_to_the_parties_that_it_names),
        SIMULATION_TEST (test_V5_no_end_is_told_twice),
        SIMULATION_TEST (test_V5_what_ended_while_the_registry_was_off_is_told_when_it_is_on_again),
        SIMULATION_TEST (test_V5_a_request_finds_what_came_due_before_it_told_before_it),
        SIMULATION_TEST (test_V6_each_party_hears_its_own_part_of_what_ended),
        SIMULATION_TEST (test_V5_what_ended_otherwise_does_not_expire),
        SIMULATION_TEST (test_M5_a_parents_consent_lapses_as_the_12th_birthday_begins),
        SIMULATION_TEST (test_M5_a_lapse_that_moved_is_told_at_its_new_moment_only),
        SIMULATION_TEST (test_M5_a_birth_date_that_was_wrong_makes_a_consent_lapse_at_once),
        SIMULATION_TEST (test_M5_a_lapse_that_will_not_be_is_not_told),
        SIMULATION_TEST (test_M10_death_ends_consents_and_is_told_so),
        SIMULATION_TEST (test_V5_a_death_that_is_recorded_late_ends_nothing_twice),
        SIMULATION_TEST (test_V5_a_death_that_is_recorded_before_the_end_was_told_is_told_once),
        SIMULATION_TEST (test_M5_what_lapses_and_ends_at_once_is_told_once_as_lapsed),
        SIMULATION_TEST (test_V7_what_ended_first_is_told_first),
        SIMULATION_TEST (test_C14_nothing_ends_by_a_clock_that_is_in_doubt),
        SIMULATION_TEST (test_C14_what_a_reset_brings_back_ends_again_and_is_told_again),
        SIMULATION_TEST (test_C14_after_a_reset_many_are_entered_again),
        SIMULATION_TEST (test_V7_what_could_not_be_made_known_waits_and_is_told_once),
        SIMULATION_TEST (test_C12_without_room_what_ended_waits_and_keeps_nobody_else_waiting),
        SIMULATION_TEST (test_many_that_end_at_once_are_told_a_bounded_part_at_a_time),
        SIMULATION_TEST (test_C12_a_consent_that_cannot_be_read_keeps_no_other_from_being_told),
        SIMULATION_TEST (test_M5_an_entry_that_came_too_early_waits_for_the_moment_of_the_consent),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
