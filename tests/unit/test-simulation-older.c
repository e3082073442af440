/* What is in the store is sealed and as it was written, only it is not the newest: a page that fell back, a file
   or a part of one that was put back. Nothing of that may bring back what was withdrawn, refused or used up, and
   no event may be lost or told under another number. */
#include <string.h>
#include "events/outbox.h"
#include "older_store.h"
#include "record/guard.h"
#include "simulation_verbs.h"

static const enum store_table older_tables[] = {STORE_META,  STORE_SUBJECT, STORE_CONSENT, STORE_GENERATION,
                                                STORE_GUARD, STORE_CURSOR,  STORE_AGENDA};
enum { TABLES = sizeof older_tables / sizeof *older_tables };

/* While it is stopped, puts back what `some` of the tables held before, and in all others what they held `now`. */
static void put_back (struct simulation *sim, const struct older_contents *before,
                      const struct older_contents *now, unsigned some)
{
    struct store *store = older_unwitnessed (sim);
    struct store_txn *txn;
    struct arena_mark mark = arena_mark (sim->arena);
    assert_int_equal (store_begin (store, &txn), 0);
    for (int table = 0; table < STORE_TABLES; table++)
        older_put_table (sim, txn, (enum store_table)table, &now->tables[table]);
    for (int i = 0; i < TABLES; i++)
        if ((some >> i & 1) != 0)
            older_put_table (sim, txn, older_tables[i], &before->tables[older_tables[i]]);
    assert_int_equal (store_commit (&txn), 0);
    older_close (&store);
    arena_release (sim->arena, mark);
}

/* What comes of the check: "no start", "unreadable", or what is answered. */
static const char *outcome (struct simulation *sim)
{
    struct round_trip asked = {
        "kernteam", simulation_check (sim, &(struct simulated_check){.items = "naw", .advise = true}), NULL};
    int rc = simulation_start (sim);
    if (rc != 0)
        return "no start";
    rc = simulation_turn (sim, &asked, 1);
    assert_true (rc == 0 || rc == RECORD_DAMAGED);
    return rc == 0 ? simulation_said (sim, asked.reply) : "unreadable";
}

/* Every combination of tables is put back to what it was `before`. */
static void assert_never_permits (struct simulation *sim, const struct older_contents *before, const char *truth)
{
    const struct older_contents *now = older_copy_of_all (sim);
    unsigned refused = 0, unreadable = 0;
    simulation_stop (sim);
    for (unsigned some = 1; some < 1U << TABLES; some++) {
        put_back (sim, before, now, some);
        const char *said = outcome (sim);
        refused += strcmp (said, "no start") == 0;
        unreadable += strcmp (said, "unreadable") == 0;
        if (strcmp (said, "no start") != 0 && strcmp (said, "unreadable") != 0)
            assert_string_equal (said, truth);
        simulation_stop (sim);
    }
    assert_true (refused > 0 && unreadable > 0);
    put_back (sim, before, now, 0); /* and what is the newest is believed */
    assert_string_equal (outcome (sim), truth);
}

static void test_what_was_withdrawn_does_not_come_back (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    const struct older_contents *before = older_copy_of_all (sim);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    assert_never_permits (sim, before, "REVOKED");
}

static void test_what_was_refused_is_not_overruled_by_what_was_before (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    const struct older_contents *before = older_copy_of_all (sim);
    REFUSE (sim, .categories = "naw");
    assert_never_permits (sim, before, "REFUSED");
}

static void test_what_was_used_up_is_not_used_again (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw", .one_time = true);
    const struct older_contents *before = older_copy_of_all (sim);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_never_permits (sim, before, "USED_UP");
}

/* A refusal is all that is known of the subject: where it is gone, the subject would be one of whom nothing is. */
static void test_a_subject_of_whom_something_was_recorded_does_not_become_unknown (void **state)
{
    struct simulation *sim = *state;
    const struct older_contents *before = older_copy_of_all (sim);
    const char *other = "999996770";
    assert_string_equal (PERSON (sim, .bsn = other, .born = "1980-05-17"), "OK");
    REFUSE (sim, .bsn = other, .categories = "naw");
    const struct older_contents *now = older_copy_of_all (sim);
    Consentd__Request *asked =
        simulation_check (sim, &(struct simulated_check){.bsn = other, .items = "naw", .advise = true});
    simulation_stop (sim);
    for (unsigned some = 1; some < 1U << TABLES; some++) {
        struct round_trip round_trip = {"kernteam", asked, NULL};
        put_back (sim, before, now, some);
        if (simulation_start (sim) == 0 && simulation_turn (sim, &round_trip, 1) == 0)
            assert_string_equal (simulation_said (sim, round_trip.reply), "REFUSED");
        simulation_stop (sim);
    }
    put_back (sim, before, now, 0);
    assert_int_equal (simulation_start (sim), 0);
    assert_string_equal (CHECK (sim, .bsn = other, .items = "naw"), "REFUSED");
}

static void test_a_record_that_falls_back_while_the_registry_runs_is_not_believed (void **state)
{
    struct simulation *sim = *state;
    uint8_t id[VAULT_ID_SIZE];
    struct bytes key = {id, sizeof id};
    vault_subject_id (sim->registry.vault, "999900006", id);
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    struct bytes before = older_value_of (sim, STORE_SUBJECT, key);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    struct bytes now = older_value_of (sim, STORE_SUBJECT, key);
    Consentd__Request *asked = simulation_check (sim, &(struct simulated_check){.items = "naw"});
    older_put_one (sim, STORE_SUBJECT, key, &before);
    assert_int_equal (simulation_ask_in_vain (sim, "kernteam", asked), RECORD_DAMAGED);
    older_put_one (sim, STORE_SUBJECT, key, NULL);
    assert_int_equal (simulation_ask_in_vain (sim, "kernteam", asked), RECORD_DAMAGED);
    older_put_one (sim, STORE_SUBJECT, key, &now);
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

/* Another subject's record and generation are as they were, so only those who share a bucket are in doubt. */
static void test_a_generation_that_is_missing_or_older_is_not_believed (void **state)
{
    struct simulation *sim = *state;
    uint8_t id[VAULT_ID_SIZE];
    struct bytes key = {id, sizeof id};
    vault_subject_id (sim->registry.vault, "999900006", id);
    GRANTED (sim, .categories = "naw");
    struct bytes now = older_value_of (sim, STORE_GENERATION, key);
    const char *other = "999996770";
    assert_string_equal (PERSON (sim, .bsn = other, .born = "1980-05-17"), "OK");
    GRANTED (sim, .bsn = other, .categories = "naw");
    Consentd__Request *asked = simulation_check (sim, &(struct simulated_check){.items = "naw", .advise = true});
    for (int missing = 0; missing < 2; missing++) {
        struct bytes older = older_altered (sim, now, now.size - 1);
        older_put_one (sim, STORE_GENERATION, key, missing ? NULL : &older);
        simulation_restart (sim);
        assert_int_equal (simulation_ask_in_vain (sim, "kernteam", asked), RECORD_DAMAGED);
        assert_string_equal (CHECK (sim, .bsn = other, .items = "naw", .advise = true), "consent");
        older_put_one (sim, STORE_GENERATION, key, &now);
        simulation_restart (sim);
        assert_string_equal (simulation_said (sim, simulation_ask (sim, "kernteam", asked)), "consent");
    }
}

/* Whoever passes on a withdrawal is not told that there is no such consent, where the store lost its entry. */
static void test_a_withdrawal_of_a_consent_whose_entry_is_lost_is_not_answered (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    struct bytes key = {consent, 16}, now = older_value_of (sim, STORE_CONSENT, key);
    Consentd__Request *revocation =
        simulation_revocation (sim, &(struct simulated_revocation){.consent = consent});
    older_put_one (sim, STORE_CONSENT, key, NULL);
    simulation_restart (sim);
    assert_int_equal (simulation_ask_in_vain (sim, "kernteam", revocation), RECORD_DAMAGED);
    older_put_one (sim, STORE_CONSENT, key, &now);
    simulation_restart (sim);
    assert_string_equal (simulation_said (sim, simulation_ask (sim, "kernteam", revocation)), "OK");
    uint8_t never[16] = {0};
    assert_string_equal (REVOKE (sim, .consent = never), "NOT_FOUND");
}

/* The numbers of the lines of the log whose record is older than they say. */
static const char *older_lines (struct simulation *sim)
{
    const char *text = "";
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->raw = true;
    request->audit_list->limit = 100;
    const Consentd__AuditListReply *list = simulation_look (sim, "operator", request)->audit_list;
    for (size_t i = 0; i < list->n_entries; i++)
        if (list->entries[i]->record_is_older)
            text = arena_printf (sim->arena, "%s %s", text, list->entries[i]->action);
    return text;
}

static void test_whoever_verifies_the_log_is_told_which_records_are_older_than_it (void **state)
{
    struct simulation *sim = *state;
    uint8_t id[VAULT_ID_SIZE];
    struct bytes key = {id, sizeof id};
    vault_subject_id (sim->registry.vault, "999900006", id);
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    struct bytes before = older_value_of (sim, STORE_SUBJECT, key),
                 generation = older_value_of (sim, STORE_GENERATION, key);
    CHECK (sim, .items = "naw", .advise = true);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    assert_string_equal (older_lines (sim), "");
    older_put_one (sim, STORE_SUBJECT, key, &before);
    assert_string_equal (older_lines (sim), " subject-set grant revoke"); /* it cannot be read */
    /* Whatever vouches for the record fell back with it, as far as this process can tell. */
    older_put_one (sim, STORE_GENERATION, key, &generation);
    assert_string_equal (older_lines (sim), " revoke");
}

/* An older consent does not overrule a refusal that was answered OK, because the end of the log is cut off. */
static void test_a_log_whose_end_is_cut_off_is_not_started_on (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    REFUSE (sim, .categories = "naw");
    uint8_t number[8] = {0};
    number[6] = (uint8_t)(sim->state.audit_number >> 8);
    number[7] = (uint8_t)sim->state.audit_number;
    struct bytes key = {number, sizeof number}, last = older_value_of (sim, STORE_AUDIT, key);
    older_put_one (sim, STORE_AUDIT, key, NULL);
    simulation_stop (sim);
    struct store *store = older_unwitnessed (sim);
    older_close (&store);
    assert_int_equal (simulation_start (sim), REGISTRY_CANNOT_OPEN);
    assert_non_null (strstr (sim->refusal, "older than the rest"));
    struct store_txn *txn;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_put (txn, STORE_AUDIT, key, last), 0);
    assert_int_equal (store_commit (&txn), 0);
    simulation_restart (sim);
    assert_string_equal (CHECK (sim, .items = "naw"), "REFUSED");
}

static void test_no_flipped_bit_in_the_sums_or_the_seal_is_started_on (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    const struct older_contents *now = older_copy_of_all (sim);
    static const enum store_table tables[] = {STORE_GUARD, STORE_META};
    for (int i = 0; i < 2; i++)
        for (size_t entry = 0; entry < now->tables[tables[i]].count; entry++) {
            const struct older_content *content = &now->tables[tables[i]];
            struct bytes key = content->keys[entry];
            if (tables[i] == STORE_META && memcmp (key.data, "seal", 4) != 0)
                continue;
            struct bytes flipped = older_altered (sim, content->values[entry], content->values[entry].size / 2);
            older_put_one (sim, tables[i], key, &flipped);
            simulation_stop (sim);
            assert_int_equal (simulation_start (sim), REGISTRY_CANNOT_OPEN);
            older_put_one (sim, tables[i], key, &content->values[entry]);
            simulation_restart (sim);
        }
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

/* --- Cursors ------------------------------------------------------------------------------------------ */

static struct cursor cursor_of (struct simulation *sim, const char *party)
{
    struct turn turn;
    struct cursor cursor;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (outbox_cursor (&turn, party, &cursor), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
    return cursor;
}

static void acknowledge (struct simulation *sim, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_ACKNOWLEDGE);
    request->acknowledge->number = number;
    simulation_listen (sim, horizon);
    assert_int_equal (simulation_ask (sim, horizon, request)->status, CONSENTD__STATUS__OK);
}

/* Each grant is one event for the party. */
static void tell (struct simulation *sim, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        GRANTED (sim, .categories = "naw");
}

static void test_no_flipped_bit_of_a_cursor_loses_an_event (void **state)
{
    struct simulation *sim = *state;
    struct bytes key = {horizon, strlen (horizon)};
    tell (sim, 5);
    acknowledge (sim, 1);
    struct bytes now = older_value_of (sim, STORE_CURSOR, key);
    for (size_t at = 0; at <= now.size; at++) {
        struct bytes flipped = older_altered (sim, now, at < now.size ? at : 0);
        older_put_one (sim, STORE_CURSOR, key, at < now.size ? &flipped : NULL);
        simulation_restart (sim);
        struct cursor found = cursor_of (sim, horizon);
        assert_int_equal (found.newest, 5);
        assert_int_equal (found.acknowledged, 1);
        older_put_one (sim, STORE_CURSOR, key, &now);
    }
}

/* Where all events were acknowledged there is nothing to see from where it was. A number is not given twice. */
static void test_an_older_cursor_gives_no_number_twice_and_skips_no_event (void **state)
{
    struct simulation *sim = *state;
    struct bytes key = {horizon, strlen (horizon)};
    tell (sim, 3);
    acknowledge (sim, 3);
    struct bytes before = older_value_of (sim, STORE_CURSOR, key);
    tell (sim, 4);
    struct bytes waiting = older_value_of (sim, STORE_CURSOR, key);
    older_put_one (sim, STORE_CURSOR, key, &before);
    simulation_restart (sim);
    assert_int_equal (cursor_of (sim, horizon).newest, 7);
    assert_int_equal (cursor_of (sim, horizon).acknowledged, 3);
    older_put_one (sim, STORE_CURSOR, key, &waiting);
    simulation_restart (sim);
    acknowledge (sim, 7);
    uint64_t line = sim->state.audit_number;
    older_put_one (sim, STORE_CURSOR, key, &before);
    simulation_restart (sim);
    tell (sim, 1);
    assert_in_range (cursor_of (sim, horizon).newest, line, sim->state.audit_number);
    simulation_restart (sim); /* it was mended: what stands there is believed again */
    tell (sim, 1);
    assert_int_equal (cursor_of (sim, horizon).newest - cursor_of (sim, horizon).acknowledged, 2);
}

/* A turn that mended a cursor and then failed leaves it in doubt. */
static void test_a_turn_that_fails_mends_no_cursor (void **state)
{
    struct simulation *sim = *state;
    struct bytes key = {horizon, strlen (horizon)};
    tell (sim, 3);
    acknowledge (sim, 1);
    struct bytes before = older_value_of (sim, STORE_CURSOR, key);
    tell (sim, 2);
    older_put_one (sim, STORE_CURSOR, key, &before);
    simulation_restart (sim);
    Consentd__Request *grant =
        simulation_statement (sim, &(struct simulated_statement){.categories = "naw"}, false);
    sim->fail_commit = true;
    simulation_ask_in_vain (sim, "kernteam", grant);
    assert_int_equal (cursor_of (sim, horizon).newest, 5);
    tell (sim, 1);
    assert_int_equal (cursor_of (sim, horizon).newest, 6);
}

/* Who starts sees it, before anybody asks for it. */
static void test_a_cursor_that_nobody_wrote_is_found_at_the_start (void **state)
{
    struct simulation *sim = *state;
    struct bytes key = {horizon, strlen (horizon)}, of_nobody = {"cak", 3};
    tell (sim, 1);
    simulation_restart (sim);
    assert_false (guard_is_damaged (sim->registry.guard, STORE_CURSOR));
    struct bytes cursor = older_value_of (sim, STORE_CURSOR, key);
    older_put_one (sim, STORE_CURSOR, of_nobody, &cursor);
    simulation_restart (sim);
    assert_true (guard_is_damaged (sim->registry.guard, STORE_CURSOR));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_what_was_withdrawn_does_not_come_back),
        ADULT_TEST (test_what_was_refused_is_not_overruled_by_what_was_before),
        ADULT_TEST (test_what_was_used_up_is_not_used_again),
        ADULT_TEST (test_a_subject_of_whom_something_was_recorded_does_not_become_unknown),
        ADULT_TEST (test_a_record_that_falls_back_while_the_registry_runs_is_not_believed),
        ADULT_TEST (test_a_generation_that_is_missing_or_older_is_not_believed),
        ADULT_TEST (test_a_withdrawal_of_a_consent_whose_entry_is_lost_is_not_answered),
        ADULT_TEST (test_whoever_verifies_the_log_is_told_which_records_are_older_than_it),
        ADULT_TEST (test_a_log_whose_end_is_cut_off_is_not_started_on),
        ADULT_TEST (test_no_flipped_bit_in_the_sums_or_the_seal_is_started_on),
        ADULT_TEST (test_no_flipped_bit_of_a_cursor_loses_an_event),
        ADULT_TEST (test_an_older_cursor_gives_no_number_twice_and_skips_no_event),
        ADULT_TEST (test_a_turn_that_fails_mends_no_cursor),
        ADULT_TEST (test_a_cursor_that_nobody_wrote_is_found_at_the_start),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
