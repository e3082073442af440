/* Parties in the store: changed in the turn, effective with its commit, and known as they were (A1, A2, C3, L4).
 */
#include <stdio.h>
#include <string.h>
#include "parties/parties.h"
#include "registry/history.h"
#include "registry/party_table.h"
#include "simulation_verbs.h"

static const char delta[] = "zorgaanbieder-delta";

/* The party as it is, to be changed and sent back. */
static Consentd__Party *party_of (struct simulation *sim, const char *id)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_PARTY_LIST);
    request->party_list->id = arena_strdup (sim->arena, id);
    Consentd__Reply *reply = simulation_ask (sim, "operator", request);
    assert_int_equal (reply->party_list->n_parties, 1);
    Consentd__Party *party = arena_memdup (sim->arena, reply->party_list->parties[0], sizeof *party);
    party->keys = arena_memdup (sim->arena, party->keys, party->n_keys * sizeof *party->keys);
    for (size_t i = 0; i < party->n_keys; i++)
        party->keys[i] = arena_memdup (sim->arena, party->keys[i], sizeof **party->keys);
    return party;
}

static Consentd__Request *applying (struct simulation *sim, Consentd__Party *party, bool trial)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_PARTY_APPLY);
    Consentd__PartyApplyRequest *body = request->party_apply;
    body->parties = arena_array (sim->arena, 1, sizeof *body->parties);
    body->parties[0] = party;
    body->n_parties = 1;
    body->trial = trial;
    return request;
}

static const char *apply (struct simulation *sim, Consentd__Party *party)
{
    return simulation_said (sim, simulation_ask (sim, "operator", applying (sim, party, false)));
}

static Consentd__Request *removing (struct simulation *sim, const char *id)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_PARTY_REMOVE);
    request->party_remove->id = arena_strdup (sim->arena, id);
    return request;
}

/* delta with an agreement since 2020: until now it has one from 2026-06-01 on only. */
static Consentd__Party *delta_agreed (struct simulation *sim)
{
    Consentd__Party *party = party_of (sim, delta);
    party->agreement_from = arena_strdup (sim->arena, "2020-01-01");
    return party;
}

static Consentd__Request *check_of_delta (struct simulation *sim)
{
    return simulation_check (sim, &(struct simulated_check){.to = delta, .items = "naw"});
}

/* Turns */

static void test_a_change_counts_for_what_follows_in_the_same_turn_and_not_for_what_came_before (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .to = delta, .categories = "naw");
    Consentd__Party *party = delta_agreed (sim);
    simulation_ask (sim, "kernteam", check_of_delta (sim)); /* the subject is opened already */
    struct round_trip turn[] = {{"kernteam", check_of_delta (sim), NULL},
                                {"operator", applying (sim, party, false), NULL},
                                {"kernteam", check_of_delta (sim), NULL}};
    assert_int_equal (simulation_turn (sim, turn, 3), 0);
    assert_string_equal (simulation_said (sim, turn[0].reply), "AGREEMENT_MISSING");
    assert_string_equal (simulation_said (sim, turn[1].reply), "OK");
    assert_string_equal (simulation_said (sim, turn[2].reply), "consent");
    simulation_restart (sim);
    assert_string_equal (CHECK (sim, .to = delta, .items = "naw"), "consent");
}

static void test_a_change_whose_turn_fails_has_not_been_made (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .to = delta, .categories = "naw");
    Consentd__Party *party = delta_agreed (sim);
    uint8_t before[PARTIES_HASH];
    memcpy (before, parties_hash (sim->registry.parties), sizeof before);
    uint64_t lines = sim->state.audit_number;
    sim->fail_commit = true;
    assert_int_not_equal (simulation_ask_in_vain (sim, "operator", applying (sim, party, false)), 0);
    sim->fail_commit = true;
    assert_int_not_equal (simulation_ask_in_vain (sim, "operator", removing (sim, horizon)), 0);
    assert_int_equal (sim->state.audit_number, lines);
    assert_memory_equal (parties_hash (sim->registry.parties), before, sizeof before);
    assert_string_equal (CHECK (sim, .to = delta, .items = "naw"), "AGREEMENT_MISSING");
    simulation_restart (sim);
    assert_memory_equal (parties_hash (sim->registry.parties), before, sizeof before);
    assert_string_equal (apply (sim, party), "OK");
    assert_string_equal (CHECK (sim, .to = delta, .items = "naw"), "consent");
}

static void test_a_turn_of_many_changes_keeps_all_of_them_or_none (void **state)
{
    struct simulation *sim = *state;
    enum { MANY = 100 };
    struct round_trip turn[MANY];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++) {
            Consentd__Party *party = party_of (sim, "huisarts-dorp");
            party->id = arena_printf (sim->arena, "huisarts-%d", i);
            party->keys[0]->public_key = arena_printf (sim->arena, "%040d", 5000 + i);
            turn[i] = (struct round_trip){"operator", applying (sim, party, false), NULL};
        }
        size_t before = parties_count (sim->registry.parties);
        sim->fail_commit = round == 0;
        assert_int_equal (simulation_turn (sim, turn, MANY) == 0, round == 1);
        assert_int_equal (parties_count (sim->registry.parties), before + (round == 1 ? MANY : 0));
    }
    simulation_restart (sim);
    assert_non_null (parties_find (sim->registry.parties, "huisarts-99"));
}

static void test_on_trial_nothing_is_changed_and_it_is_said_what_would_be (void **state)
{
    struct simulation *sim = *state;
    Consentd__Party *party = delta_agreed (sim);
    uint64_t revision = sim->state.revision;
    Consentd__Reply *reply = simulation_ask (sim, "operator", applying (sim, party, true));
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_int_equal (reply->party_apply->n_changes, 1);
    assert_string_equal (reply->party_apply->changes[0]->change, "changed");
    assert_string_equal (reply->party_apply->changes[0]->what, "agreement-from 2026-06-01 -> 2020-01-01");
    assert_int_equal (sim->state.revision, revision);
    assert_string_equal (party_of (sim, delta)->agreement_from, "2026-06-01");
    Consentd__Request *again = applying (sim, party, false);
    assert_string_equal (simulation_said (sim, simulation_ask (sim, "operator", again)), "OK");
    assert_string_equal (simulation_said (sim, simulation_ask (sim, "operator", again)), "OK again");
    assert_string_equal (apply (sim, party), "OK"); /* it is so already */
    assert_int_equal (sim->state.revision, revision + 1);
}

/* What is kept */

static struct party_text party_at (struct simulation *sim, const char *id, uint64_t number)
{
    struct turn turn;
    struct party_text party;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (history_party_at (&turn, id, number, &party), 0);
    party = party_text_copy (&party, sim->arena);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return party;
}

static void test_a_decision_is_explained_by_the_parties_as_they_were_at_its_line (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .to = delta, .categories = "naw");
    Consentd__Party *party = delta_agreed (sim);
    struct round_trip turn[] = {{"kernteam", check_of_delta (sim), NULL},
                                {"operator", applying (sim, party, false), NULL},
                                {"kernteam", check_of_delta (sim), NULL},
                                {"operator", removing (sim, delta), NULL},
                                {"kernteam", check_of_delta (sim), NULL}};
    assert_int_equal (simulation_turn (sim, turn, 5), 0);
    assert_string_equal (party_at (sim, delta, turn[0].reply->check->decision).agreement_from, "2026-06-01");
    assert_string_equal (party_at (sim, delta, turn[2].reply->check->decision).agreement_from, "2020-01-01");
    assert_true (party_at (sim, delta, turn[2].reply->check->decision).active);
    assert_false (party_at (sim, delta, turn[4].reply->check->decision).active);
    assert_string_equal (simulation_said (sim, turn[4].reply), "AGREEMENT_MISSING");
}

static void test_the_log_names_who_changed_which_party_and_how (void **state)
{
    struct simulation *sim = *state;
    uint64_t before = sim->state.audit_number;
    struct turn turn;
    struct audit_record record;
    struct evidence evidence;
    assert_string_equal (apply (sim, delta_agreed (sim)), "OK");
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (audit_read (&turn, before + 2, &record), 0); /* after that of the listing */
    assert_string_equal (record.head.action, "party");
    assert_string_equal (record.head.result, "changed");
    assert_string_equal (record.head.party, "operator");
    assert_int_equal (record.head.origin, AUDIT_OPERATORS);
    assert_int_equal (audit_open (&turn, &record, &evidence), 0);
    assert_string_equal (evidence.note, "zorgaanbieder-delta: agreement-from 2026-06-01 -> 2020-01-01");
    assert_int_equal (audit_read (&turn, before + 3, &record), 0);
    assert_string_equal (record.head.action, "party-apply");
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
}

/* Keys */

static void test_a_key_counts_from_its_first_day_up_to_its_last_by_the_time_of_the_registry (void **state)
{
    struct simulation *sim = *state;
    Consentd__Party *party = party_of (sim, horizon);
    party->keys[0]->since = "2026-05-10";
    party->keys[0]->until = "2026-05-12";
    assert_string_equal (apply (sim, party), "OK");
    const char *key = party->keys[0]->public_key;
    const struct parties *table = sim->registry.parties;
    assert_null (parties_by_key (table, key, simulation_at ("2026-05-09 23:59:59.999")));
    assert_non_null (parties_by_key (table, key, simulation_at ("2026-05-10")));
    assert_string_equal (parties_by_key (table, key, simulation_at ("2026-05-11 23:59:59.999"))->text.id, horizon);
    assert_null (parties_by_key (table, key, simulation_at ("2026-05-12")));
}

static void test_a_key_of_a_removed_party_may_be_anothers_and_one_of_an_active_party_may_not (void **state)
{
    struct simulation *sim = *state;
    Consentd__Party *party = party_of (sim, delta);
    party->keys[0]->public_key = party_of (sim, "cak")->keys[0]->public_key;
    assert_string_equal (apply (sim, party), "INVALID party_apply.parties[0].keys[0].public_key");
    assert_string_equal (simulation_said (sim, simulation_ask (sim, "operator", removing (sim, "cak"))), "OK");
    assert_string_equal (apply (sim, party), "OK");
    assert_string_equal (parties_by_key (sim->registry.parties, party->keys[0]->public_key, sim->wall)->text.id,
                         delta);
}

static void test_an_identifier_is_of_one_active_party_of_a_kind (void **state)
{
    struct simulation *sim = *state;
    Consentd__Party *one = party_of (sim, horizon), *other = party_of (sim, delta);
    Consentd__Party *team = party_of (sim, "huisarts-dorp");
    one->agb = other->agb = team->agb = "01234567";
    assert_string_equal (apply (sim, one), "OK");
    assert_string_equal (apply (sim, other), "INVALID party_apply.parties[0].agb");
    assert_string_equal (apply (sim, team), "OK"); /* of another kind */
    assert_string_equal (simulation_said (sim, simulation_ask (sim, "operator", removing (sim, horizon))), "OK");
    assert_string_equal (apply (sim, other), "OK");
}

static void test_an_operator_stays_one_with_the_key_that_it_asks_with (void **state)
{
    struct simulation *sim = *state;
    Consentd__Party *party = party_of (sim, "operator");
    char *key = party->keys[0]->public_key;
    party->role = "partner";
    assert_string_equal (apply (sim, party), "INVALID party_apply.parties[0]");
    party->role = "operator";
    party->keys[0]->public_key = "0000000000000000000000000000000000009999";
    assert_string_equal (apply (sim, party), "INVALID party_apply.parties[0]");
    party->keys[0]->public_key = key;
    party->keys[0]->until = "2026-05-01"; /* today */
    assert_string_equal (apply (sim, party), "INVALID party_apply.parties[0]");
    party->keys[0]->until = "2026-05-02";
    assert_string_equal (apply (sim, party), "OK");
    party->active = false;
    assert_string_equal (apply (sim, party), "INVALID party_apply.parties[0]");
}

/* What does not fit */

static void write_role (struct simulation *sim, const char *from, const char *to)
{
    const char *path = arena_printf (sim->arena, "%s/consentd.conf", sim->directory);
    char text[8192];
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    text[fread (text, 1, sizeof text - 1, file)] = 0;
    fclose (file);
    char *at = strstr (text, from);
    assert_non_null (at);
    const char *changed = arena_printf (sim->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen (from));
    file = fopen (path, "w");
    assert_non_null (file);
    fputs (changed, file);
    assert_int_equal (fclose (file), 0);
}

/* 0 if what is written now could be taken up; else PARTY_TABLE_INVALID with what stands in the way. */
static int judge (struct simulation *sim, struct settings_error *error)
{
    struct in_force fresh;
    struct parties *judged = NULL;
    assert_int_equal (in_force_read (&fresh, arena_printf (sim->arena, "%s/consentd.conf", sim->directory), error),
                      0);
    int rc = party_table_judge (sim->registry.parties, &fresh, &judged, error);
    parties_destroy (&judged);
    in_force_release (&fresh);
    return rc;
}

static void test_a_party_that_would_not_fit_refuses_a_reload_by_name_unless_it_is_removed (void **state)
{
    struct simulation *sim = *state;
    struct settings_error error = {""};
    write_role (sim, "    loket = ", "    balie-2 = ");
    assert_int_equal (judge (sim, &error), PARTY_TABLE_INVALID);
    assert_non_null (strstr (error.text, "loket (role)"));
    assert_string_equal (simulation_said (sim, simulation_ask (sim, "operator", removing (sim, "loket"))), "OK");
    assert_int_equal (judge (sim, &error), 0);
    simulation_reload (sim);
    assert_string_equal (party_of (sim, "loket")->unfit, "");
}

static void test_a_registry_starts_without_the_party_that_does_not_fit_and_permits_it_nothing (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .to = horizon, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    write_role (sim, "    partner = ", "    aanbieder = ");
    struct settings_error error = {""};
    in_force_release (&sim->in_force);
    assert_int_equal (
        in_force_read (&sim->in_force, arena_printf (sim->arena, "%s/consentd.conf", sim->directory), &error), 0);
    simulation_restart (sim);
    const struct party_entry *entry = parties_find (sim->registry.parties, horizon);
    assert_string_equal (entry->unfit.name, "role");
    assert_int_equal (entry->permissions, 0);
    assert_null (parties_by_key (sim->registry.parties, entry->text.keys[0].public_key, sim->wall));
    assert_string_equal (CHECK (sim, .items = "naw"), "AGREEMENT_MISSING");
    assert_string_equal (party_of (sim, horizon)->unfit, "The configuration has no such role.");
    Consentd__Party *party = party_of (sim, horizon);
    party->role = "aanbieder"; /* mended while it runs */
    assert_string_equal (apply (sim, party), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

/* As the looks at what waits for each do (broker_consumers.c). */
static void test_who_goes_through_all_parties_meets_each_once_while_one_comes (void **state)
{
    struct simulation *sim = *state;
    const struct party_entry *next;
    const char *last = "";
    size_t met = 0, before = parties_count (sim->registry.parties);
    while ((next = parties_behind (sim->registry.parties, last)) != NULL) {
        last = arena_strdup (sim->arena, next->text.id);
        assert_ptr_equal (next, parties_find (sim->registry.parties, last));
        if (++met != 5)
            continue;
        Consentd__Party *party = party_of (sim, "cak");
        party->id = "aaa-eerste";
        party->keys[0]->public_key = arena_printf (sim->arena, "%040d", 5000);
        assert_string_equal (apply (sim, party), "OK");
    }
    assert_int_equal (parties_count (sim->registry.parties), before + 1);
    assert_int_equal (met, before);
    assert_string_equal (parties_behind (sim->registry.parties, "")->text.id, "aaa-eerste");
}

static void test_a_removed_party_of_a_kind_that_is_gone_is_known_and_stands_in_nobodys_way (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .to = horizon, .categories = "naw");
    /* As it would lie there after a pack that had such a kind. */
    const struct party_author nobody = {"", "", AUDIT_DAEMON};
    const struct party_text gone = {.id = horizon, .kind = "kapper", .role = "koning"};
    struct turn turn;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (party_table_change (&turn, &nobody, &gone, 1), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    struct settings_error error = {""};
    assert_int_equal (judge (sim, &error), 0);
    simulation_restart (sim);
    assert_null (parties_find (sim->registry.parties, horizon)->unfit.message);
    assert_string_equal (CHECK (sim, .items = "naw"), "INVALID check.recipient");
    Consentd__Party *party = party_of (sim, horizon);
    assert_string_equal (party->kind, "kapper");
    assert_false (party->active);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    assert_string_equal (apply (sim, party), "OK"); /* what it is already */
    party->active = true;
    assert_string_equal (apply (sim, party), "INVALID party_apply.parties[0].keys");
}

/* Turns over one byte of the newest record of a party. */
static void damage (struct simulation *sim, const char *id)
{
    struct turn turn;
    struct store_scan *scan;
    struct bytes key, value, last_key = {0}, last = {0};
    size_t size = strlen (id) + 1;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (store_scan_open (turn.txn, STORE_PARTY_SINCE, (struct bytes){id, size}, &scan), 0);
    while (store_scan_next (scan, &key, &value) == 0 && key.size == size + 8 && memcmp (key.data, id, size) == 0) {
        last_key = (struct bytes){arena_memdup (sim->arena, key.data, key.size), key.size};
        last = (struct bytes){arena_memdup (sim->arena, value.data, value.size), value.size};
    }
    store_scan_close (&scan);
    assert_true (last.size > 0);
    uint8_t *copy = arena_memdup (sim->arena, last.data, last.size);
    copy[last.size - 1] ^= 1;
    assert_int_equal (store_put (turn.txn, STORE_PARTY_SINCE, last_key, (struct bytes){copy, last.size}), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
}

static void test_a_damaged_record_of_a_party_permits_that_party_nothing_and_stops_no_other (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .to = horizon, .categories = "naw");
    GRANTED (sim, .to = "cak", .categories = "naw", .purpose = "eigen-bijdrage");
    Consentd__Party *party = party_of (sim, horizon);
    damage (sim, horizon);
    simulation_restart (sim);
    assert_string_equal (party_of (sim, horizon)->unfit, "Its record cannot be read.");
    assert_string_equal (CHECK (sim, .items = "naw"), "INVALID check.recipient");
    assert_string_not_equal (CHECK (sim, .to = "cak", .items = "naw", .purpose = "eigen-bijdrage"),
                             "AGREEMENT_MISSING");
    assert_string_equal (apply (sim, party), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    simulation_restart (sim);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

/* With an adult, whom the consents are of. */
int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_a_change_counts_for_what_follows_in_the_same_turn_and_not_for_what_came_before),
        ADULT_TEST (test_a_change_whose_turn_fails_has_not_been_made),
        ADULT_TEST (test_a_turn_of_many_changes_keeps_all_of_them_or_none),
        ADULT_TEST (test_on_trial_nothing_is_changed_and_it_is_said_what_would_be),
        ADULT_TEST (test_a_decision_is_explained_by_the_parties_as_they_were_at_its_line),
        ADULT_TEST (test_the_log_names_who_changed_which_party_and_how),
        ADULT_TEST (test_a_key_counts_from_its_first_day_up_to_its_last_by_the_time_of_the_registry),
        ADULT_TEST (test_a_key_of_a_removed_party_may_be_anothers_and_one_of_an_active_party_may_not),
        ADULT_TEST (test_an_identifier_is_of_one_active_party_of_a_kind),
        ADULT_TEST (test_an_operator_stays_one_with_the_key_that_it_asks_with),
        ADULT_TEST (test_a_party_that_would_not_fit_refuses_a_reload_by_name_unless_it_is_removed),
        ADULT_TEST (test_a_registry_starts_without_the_party_that_does_not_fit_and_permits_it_nothing),
        ADULT_TEST (test_who_goes_through_all_parties_meets_each_once_while_one_comes),
        ADULT_TEST (test_a_removed_party_of_a_kind_that_is_gone_is_known_and_stands_in_nobodys_way),
        ADULT_TEST (test_a_damaged_record_of_a_party_permits_that_party_nothing_and_stops_no_other),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
