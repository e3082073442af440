/* What holds of the registry whatever is decided: answers given again, revisions, events, failing turns and
   damage. */
#include <string.h>
#include "record/record.h"
#include "registry/subject_cache.h"
#include "simulation_verbs.h"

enum { HOUR = 3600000 };

static Consentd__Request *keyed (Consentd__Request *request, const char key[static 16])
{
    request->idempotency_key.data = (uint8_t *)(uintptr_t)key;
    request->idempotency_key.len = 16;
    return request;
}

static Consentd__Request *check (struct simulation *sim, const char *items)
{
    return simulation_check (sim, &(struct simulated_check){.items = items});
}

/* G11 */

static void test_the_same_key_and_body_give_the_recorded_answer_for_a_day (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "een sleutel van16";
    GRANTED (sim, .one_time = true);
    moment then = sim->wall;
    Consentd__Reply *first = simulation_ask (sim, "kernteam", keyed (check (sim, "naw"), key));
    assert_string_equal (simulation_said (sim, first), "consent");
    sim->wall += 23 * HOUR;
    Consentd__Reply *again = simulation_ask (sim, "kernteam", keyed (check (sim, "naw"), key));
    assert_string_equal (simulation_said (sim, again), "consent again");
    assert_int_equal (again->time, then);
    assert_int_equal (again->revision, first->revision);
    assert_int_equal (again->check->decision, first->check->decision);
    assert_int_equal (sim->state.revision, first->revision);
    sim->wall = then + 24 * HOUR + 60000;
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)), "USED_UP");
}

static void test_a_statement_sent_twice_is_recorded_once (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "een sleutel van16";
    Consentd__Request *request =
        simulation_statement (sim, &(struct simulated_statement){.categories = "naw"}, false);
    const uint8_t *consent = simulation_granted (sim, simulation_ask (sim, "kernteam", keyed (request, key)));
    uint64_t revision = sim->state.revision, order = sim->state.order;
    simulation_restart (sim);
    Consentd__Reply *again = simulation_ask (sim, "kernteam", request);
    assert_string_equal (simulation_said (sim, again), "OK again");
    assert_memory_equal (again->consent_recorded->consent_id.data, consent, 16);
    assert_int_equal (sim->state.revision, revision);
    assert_int_equal (sim->state.order, order);
}

static void test_a_key_with_another_body_is_a_conflict_and_keys_are_each_partys_own (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "een sleutel van16";
    GRANTED (sim, .categories = "naw bsn");
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)), "consent");
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "bsn"), key)),
                         "CONFLICT idempotency_key");
    assert_string_equal (simulation_answer (sim, "zorgaanbieder-horizon", keyed (check (sim, "bsn"), key)),
                         "consent");
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)), "consent again");
}

static void test_an_answer_given_again_says_that_what_it_rested_on_was_revoked (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "een sleutel van16";
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)), "consent");
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)), "consent again");
    REVOKE (sim, .consent = consent);
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)),
                         "consent again revoked");
    simulation_restart (sim);
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)),
                         "consent again revoked");
}

static void test_an_answer_given_again_says_nothing_of_what_was_revoked_before_it (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "een sleutel van16";
    const uint8_t *consent = GRANTED (sim, .categories = "naw bsn telefoon");
    REVOKE (sim, .consent = consent, .categories = "bsn");
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)), "consent");
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)), "consent again");
    Consentd__Request *revocation = keyed (
        simulation_revocation (sim, &(struct simulated_revocation){.consent = consent, .categories = "telefoon"}),
        "zijn sleutel v16");
    assert_string_equal (simulation_answer (sim, "kernteam", revocation), "OK");
    assert_string_equal (simulation_answer (sim, "kernteam", revocation), "OK again revoked");
    /* Nor of what it did not rest on. */
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)), "consent again");
    REVOKE (sim, .consent = consent, .categories = "naw");
    assert_string_equal (simulation_answer (sim, "kernteam", keyed (check (sim, "naw"), key)),
                         "consent again revoked");
}

static void test_advice_is_never_given_again (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "een sleutel van16";
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    Consentd__Request *request =
        keyed (simulation_check (sim, &(struct simulated_check){.items = "naw", .advise = true}), key);
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent");
    REVOKE (sim, .consent = consent);
    assert_string_equal (simulation_answer (sim, "kernteam", request), "REVOKED");
}

/* C13 */

static void test_the_revision_rises_with_changes_and_only_then (void **state)
{
    struct simulation *sim = *state;
    uint64_t before = sim->state.revision;
    CHECK (sim, .advise = true);
    GRANT (sim, .categories = "vrije-tekst");
    assert_int_equal (sim->state.revision, before);
    Consentd__Reply *granted = GRANT_REPLY (sim, .one_time = true);
    assert_true (granted->revision > before);
    Consentd__Reply *used = CHECK_REPLY (sim, .items = "naw");
    assert_true (used->revision > granted->revision);
    Consentd__Reply *revoked = REVOKE_REPLY (sim, .consent = granted->consent_recorded->consent_id.data);
    assert_true (revoked->revision > used->revision);
    assert_int_equal (revoked->revision, sim->state.revision);
    assert_memory_equal (revoked->epoch.data, granted->epoch.data, 16);
}

static void test_a_request_waits_for_the_revision_it_asks_for (void **state)
{
    struct simulation *sim = *state;
    Consentd__Reply *granted = GRANT_REPLY (sim, .categories = "naw");
    Consentd__Request *request = check (sim, "naw");
    request->at_least_revision = granted->revision;
    request->at_least_epoch = granted->epoch;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent");
    request = check (sim, "naw");
    request->at_least_revision = granted->revision + 1;
    request->at_least_epoch = granted->epoch;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "RETRY");
    REVOKE (sim, .consent = granted->consent_recorded->consent_id.data);
    assert_string_equal (simulation_answer (sim, "kernteam", request),
                         "REVOKED"); /* the same key: RETRY is not kept */
    simulation_restart (sim);
    request = check (sim, "naw");
    request->at_least_revision = granted->revision + 1;
    request->at_least_epoch = granted->epoch;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "REVOKED");
    static uint8_t other[16] = "nooit gezien";
    request->at_least_epoch.data = other;
    request->idempotency_key.len = 0;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "INVALID at_least_epoch");
}

/* V4, V6, V7 */

static void assert_event (struct simulation *sim, const char *party, uint64_t number, const char *about,
                          bool whole)
{
    Consentd__EventPush *event = simulation_event (sim, party, number);
    assert_non_null (event);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_REVOKED);
    const char *said =
        arena_printf (sim->arena, "%s > %s: %s", simulation_words (sim, event->providers, event->n_providers),
                      simulation_words (sim, event->recipients, event->n_recipients),
                      simulation_words (sim, event->categories, event->n_categories));
    assert_string_equal (said, about);
    assert_string_equal (event->purpose, "toekenning");
    assert_int_equal (event->whole, whole);
    assert_int_equal (event->time, sim->wall);
    assert_int_equal (event->revision, sim->state.revision);
}

static void test_each_party_hears_what_concerns_it_and_no_more (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .from = "kernteam wmo-team",
                                      .to = "zorgaanbieder-horizon zorgaanbieder-delta", .categories = "naw bsn");
    Consentd__Reply *reply =
        REVOKE_REPLY (sim, .consent = consent, .from = "kernteam", .to = "zorgaanbieder-horizon");
    assert_string_equal (simulation_words (sim, reply->revoke->informed, reply->revoke->n_informed),
                         "kernteam zorgaanbieder-horizon");
    assert_event (sim, "kernteam", 1, "kernteam > zorgaanbieder-horizon: bsn naw", false);
    assert_event (sim, "zorgaanbieder-horizon", 1, "kernteam > zorgaanbieder-horizon: bsn naw", false);
    assert_int_equal (simulation_newest (sim, "zorgaanbieder-delta"), 0);
    assert_int_equal (simulation_newest (sim, "wmo-team"), 0);
    assert_int_equal (simulation_newest (sim, "cak"), 0);

    REVOKE (sim, .consent = consent, .to = "zorgaanbieder-horizon");
    assert_event (sim, "zorgaanbieder-horizon", 2, "wmo-team > zorgaanbieder-horizon: bsn naw", true);
    assert_event (sim, "wmo-team", 1, "wmo-team > zorgaanbieder-horizon: bsn naw", false);
    assert_int_equal (simulation_newest (sim, "kernteam"), 1);

    REVOKE (sim, .consent = consent);
    assert_event (sim, "zorgaanbieder-delta", 1, "kernteam wmo-team > zorgaanbieder-delta: bsn naw", true);
    assert_event (sim, "kernteam", 2, "kernteam > zorgaanbieder-delta: bsn naw", true);
    assert_event (sim, "wmo-team", 2, "wmo-team > zorgaanbieder-delta: bsn naw", true);
    assert_int_equal (simulation_newest (sim, "zorgaanbieder-horizon"), 2);
    assert_null (simulation_event (sim, "zorgaanbieder-horizon", 3));
}

/* Between a party and itself there is nothing to withdraw (G3). */
static void test_two_teams_that_give_to_each_other_hear_when_nothing_is_left (void **state)
{
    struct simulation *sim = *state;
    const char *teams = "kernteam wmo-team";
    const uint8_t *consent = GRANTED (sim, .from = teams, .to = teams, .purpose = "registratie-hulpvraag");
    Consentd__Reply *reply = REVOKE_REPLY (sim, .consent = consent, .from = "kernteam", .to = "wmo-team");
    assert_false (reply->revoke->already);
    Consentd__EventPush *event = simulation_event (sim, "wmo-team", 1);
    assert_string_equal (simulation_words (sim, event->recipients, event->n_recipients), "wmo-team");
    assert_false (event->whole);
    assert_true (REVOKE_REPLY (sim, .consent = consent, .from = "kernteam", .to = "kernteam")->revoke->already);

    REVOKE (sim, .consent = consent);
    event = simulation_event (sim, "wmo-team", 2);
    assert_string_equal (simulation_words (sim, event->providers, event->n_providers), "wmo-team");
    assert_string_equal (simulation_words (sim, event->recipients, event->n_recipients), "kernteam");
    assert_true (event->whole);
    assert_true (REVOKE_REPLY (sim, .consent = consent)->revoke->already);
    assert_int_equal (simulation_newest (sim, "wmo-team"), 2);
    assert_int_equal (simulation_newest (sim, "kernteam"), 2);
}

static void test_an_event_names_the_subject_as_checks_of_that_party_do (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    Consentd__Reply *own = CHECK_REPLY (sim, .by = "zorgaanbieder-horizon");
    Consentd__Reply *others = CHECK_REPLY (sim, .by = "kernteam");
    REVOKE (sim, .consent = consent);
    Consentd__EventPush *event = simulation_event (sim, "zorgaanbieder-horizon", 1);
    assert_memory_equal (event->consent_id.data, consent, 16);
    assert_memory_equal (event->subject_ref.data, own->check->subject_ref.data, 16);
    assert_memory_not_equal (event->subject_ref.data, others->check->subject_ref.data, 16);
}

static Consentd__Request *events_request (struct simulation *sim, bool subscribe, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, subscribe ? CONSENTD__REQUEST__BODY_SUBSCRIBE
                                                                   : CONSENTD__REQUEST__BODY_ACKNOWLEDGE);
    if (subscribe) {
        request->subscribe->from = number;
        request->subscribe->credit = 8;
    } else {
        request->acknowledge->number = number;
    }
    return request;
}

static void test_withdrawing_twice_is_told_once (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    assert_false (REVOKE_REPLY (sim, .consent = consent)->revoke->already);
    assert_true (REVOKE_REPLY (sim, .consent = consent)->revoke->already); /* V3 */
    assert_int_equal (simulation_newest (sim, "zorgaanbieder-horizon"), 1);
}

/* V5: to each party that it names its own part, whatever else ends nothing of it. */
static void test_what_is_granted_or_refused_is_told_to_each_party_that_it_names (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent =
        GRANTED (sim, .to = "zorgaanbieder-horizon zorgaanbieder-delta", .categories = "naw bsn");
    assert_string_equal (REFUSE (sim, .to = "zorgaanbieder-delta", .categories = "naw"), "OK");
    const struct {
        const char *party;
        uint64_t number;
        Consentd__EventKind kind;
        const char *to, *categories;
    } told[] = {
        {"kernteam", 1, CONSENTD__EVENT_KIND__CONSENT_GRANTED, "zorgaanbieder-delta zorgaanbieder-horizon",
         "bsn naw"},
        {"kernteam", 2, CONSENTD__EVENT_KIND__CONSENT_REFUSED, "zorgaanbieder-delta", "naw"},
        {"zorgaanbieder-horizon", 1, CONSENTD__EVENT_KIND__CONSENT_GRANTED, "zorgaanbieder-horizon", "bsn naw"},
        {"zorgaanbieder-delta", 1, CONSENTD__EVENT_KIND__CONSENT_GRANTED, "zorgaanbieder-delta", "bsn naw"},
        {"zorgaanbieder-delta", 2, CONSENTD__EVENT_KIND__CONSENT_REFUSED, "zorgaanbieder-delta", "naw"},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const Consentd__EventPush *event = simulation_event_of_all (sim, told[i].party, told[i].number);
        assert_int_equal (event->kind, told[i].kind);
        assert_int_equal (event->number, told[i].number);
        assert_false (event->whole);
        assert_string_equal (simulation_words (sim, event->providers, event->n_providers), "kernteam");
        assert_string_equal (simulation_words (sim, event->recipients, event->n_recipients), told[i].to);
        assert_string_equal (simulation_words (sim, event->categories, event->n_categories), told[i].categories);
        if (event->kind == CONSENTD__EVENT_KIND__CONSENT_GRANTED)
            assert_memory_equal (event->consent_id.data, consent, 16);
    }
    assert_int_equal (simulation_newest_of_all (sim, "zorgaanbieder-horizon"), 1);
    assert_int_equal (simulation_newest_of_all (sim, "wmo-team"), 0);
}

static void test_events_are_numbered_without_gaps_and_kept_until_acknowledged (void **state)
{
    struct simulation *sim = *state;
    for (uint64_t number = 1; number <= 5; number++) {
        GRANTED (sim, .categories = "naw");
        assert_int_equal (simulation_newest_of_all (sim, "zorgaanbieder-horizon"), number);
        assert_int_equal (simulation_event_of_all (sim, "zorgaanbieder-horizon", number)->number, number);
    }
    simulation_restart (sim);
    const char *party = "zorgaanbieder-horizon";
    Consentd__Reply *reply = simulation_ask (sim, party, events_request (sim, true, 0));
    assert_int_equal (reply->subscribe->next, 1);
    assert_int_equal (reply->subscribe->newest, 5);
    simulation_listen (sim, party); /* and was sent all */
    reply = simulation_ask (sim, party, events_request (sim, false, 3));
    assert_int_equal (reply->acknowledge->acknowledged, 3);
    assert_null (simulation_event_of_all (sim, party, 3));
    assert_non_null (simulation_event_of_all (sim, party, 4));
    reply = simulation_ask (sim, party, events_request (sim, false, 1));
    assert_int_equal (reply->acknowledge->acknowledged, 3); /* never goes back */
    assert_int_equal (simulation_ask (sim, party, events_request (sim, false, 6))->status,
                      CONSENTD__STATUS__INVALID);
    assert_string_equal (simulation_answer (sim, party, events_request (sim, true, 3)), "INVALID subscribe.from");
    assert_string_equal (simulation_answer (sim, party, events_request (sim, true, 7)), "INVALID subscribe.from");
    reply = simulation_ask (sim, party, events_request (sim, true, 6));
    assert_int_equal (reply->subscribe->next, 6);
    simulation_restart (sim);
    reply = simulation_ask (sim, party, events_request (sim, true, 0));
    assert_int_equal (reply->subscribe->next, 4);
    assert_int_equal (reply->subscribe->acknowledged, 3);
}

/* C11, A2: a turn that fails has not been */

static void test_a_failed_turn_leaves_no_consent_behind (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "een sleutel van16";
    Consentd__Request *request =
        simulation_statement (sim, &(struct simulated_statement){.categories = "naw"}, false);
    struct registry_state before = sim->state;
    sim->fail_commit = true;
    simulation_ask_in_vain (sim, "kernteam", keyed (request, key));
    assert_memory_equal (&sim->state, &before, sizeof before);
    assert_string_equal (CHECK (sim, .items = "naw"), "NO_CONSENT");
    /* Sent again it is done, and not given again. */
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_a_failed_turn_withdraws_nothing_and_makes_no_event (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    struct round_trip turn[] = {
        {"kernteam", simulation_revocation (sim, &(struct simulated_revocation){.consent = consent}), NULL},
        {"kernteam", check (sim, "naw"), NULL}, /* reads what is not yet true, into the cache too */
    };
    sim->fail_commit = true;
    assert_int_not_equal (simulation_turn (sim, turn, 2), 0);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_int_equal (simulation_newest (sim, "zorgaanbieder-horizon"), 0);
    assert_string_equal (simulation_answer (sim, "kernteam", turn[0].request), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
    assert_int_equal (simulation_newest (sim, "zorgaanbieder-horizon"), 1);
}

static void test_a_failed_turn_uses_no_one_time_consent (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .one_time = true);
    Consentd__Request *request = check (sim, "naw");
    sim->fail_commit = true;
    simulation_ask_in_vain (sim, "kernteam", request);
    assert_string_equal (CHECK (sim, .advise = true), "consent");
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent");
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent again");
    assert_string_equal (CHECK (sim, .items = "naw"), "USED_UP");
}

static void test_a_failed_turn_changes_no_subject (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    sim->fail_commit = true;
    simulation_ask_in_vain (
        sim, "kernteam",
        simulation_person (sim, &(struct simulated_person){.born = "1980-05-17", .died = "2026-04-01"}));
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    sim->fail_commit = true;
    simulation_ask_in_vain (sim, "kernteam",
                            simulation_statement (sim, &(struct simulated_statement){.categories = "naw"}, true));
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

/* C12 */

static struct bytes record (struct simulation *sim, struct store_txn *txn, enum store_table table,
                            struct bytes *key)
{
    struct store_scan *scan;
    struct bytes value, lent;
    assert_int_equal (store_scan_open (txn, table, (struct bytes){"", 0}, &scan), 0);
    assert_int_equal (store_scan_next (scan, &lent, &value), 0);
    *key = (struct bytes){arena_memdup (sim->arena, lent.data, lent.size), lent.size};
    value.data = arena_memdup (sim->arena, value.data, value.size);
    store_scan_close (&scan);
    return value;
}

/* The byte at `at` is changed, or all from there on is cut off. */
enum damage { DAMAGE_CHANGE, DAMAGE_CUT };

static void put (struct simulation *sim, enum store_table table, struct bytes key, struct bytes value)
{
    struct store_txn *txn;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_put (txn, table, key, value), 0);
    assert_int_equal (store_commit (&txn), 0);
    subject_cache_clear (sim->registry.cache); /* what was read before is not in doubt */
}

static void put_damaged (struct simulation *sim, enum store_table table, struct bytes key, struct bytes value,
                         enum damage how, size_t at)
{
    uint8_t *changed = arena_memdup (sim->arena, value.data, value.size);
    changed[at] ^= 0x20;
    put (sim, table, key, (struct bytes){changed, how == DAMAGE_CUT ? at : value.size});
}

static void damage_everywhere (struct simulation *sim, enum store_table table)
{
    struct store_txn *txn;
    struct bytes key;
    GRANTED (sim, .categories = "naw");
    Consentd__Request *request = check (sim, "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_int_equal (store_begin (sim->store, &txn), 0);
    struct bytes value = record (sim, txn, table, &key);
    store_abort (&txn);
    for (enum damage how = DAMAGE_CHANGE; how <= DAMAGE_CUT; how++)
        for (size_t at = 0; at < value.size; at += how == DAMAGE_CUT ? 7 : 1) {
            put_damaged (sim, table, key, value, how, at);
            assert_int_equal (simulation_ask_in_vain (sim, "kernteam", request), RECORD_DAMAGED);
        }
    put (sim, table, key, value);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_no_permit_rests_on_a_damaged_record (void **state)
{
    damage_everywhere (*state, STORE_SUBJECT);
}

static void test_a_record_in_the_place_of_another_is_not_taken_for_it (void **state)
{
    struct simulation *sim = *state;
    struct store_txn *txn;
    struct store_scan *scan;
    struct bytes keys[2], values[2];
    const char *second = "999996770";
    assert_string_equal (PERSON (sim, .bsn = second, .born = "1980-05-17"), "OK");
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    REVOKE (sim, .consent = consent);
    GRANTED (sim, .bsn = second, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_scan_open (txn, STORE_SUBJECT, (struct bytes){"", 0}, &scan), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal (store_scan_next (scan, &keys[i], &values[i]), 0);
        keys[i].data = arena_memdup (sim->arena, keys[i].data, keys[i].size);
        values[i].data = arena_memdup (sim->arena, values[i].data, values[i].size);
    }
    store_scan_close (&scan);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal (store_put (txn, STORE_SUBJECT, keys[i], values[1 - i]), 0);
    assert_int_equal (store_commit (&txn), 0);
    simulation_restart (sim);
    assert_int_equal (simulation_ask_in_vain (sim, "kernteam", check (sim, "naw")), RECORD_DAMAGED);
    assert_int_equal (
        simulation_ask_in_vain (sim, "kernteam",
                                simulation_check (sim, &(struct simulated_check){.bsn = second, .items = "naw"})),
        RECORD_DAMAGED);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_the_same_key_and_body_give_the_recorded_answer_for_a_day),
        ADULT_TEST (test_a_statement_sent_twice_is_recorded_once),
        ADULT_TEST (test_a_key_with_another_body_is_a_conflict_and_keys_are_each_partys_own),
        ADULT_TEST (test_an_answer_given_again_says_that_what_it_rested_on_was_revoked),
        ADULT_TEST (test_an_answer_given_again_says_nothing_of_what_was_revoked_before_it),
        ADULT_TEST (test_advice_is_never_given_again),
        ADULT_TEST (test_the_revision_rises_with_changes_and_only_then),
        ADULT_TEST (test_a_request_waits_for_the_revision_it_asks_for),
        ADULT_TEST (test_each_party_hears_what_concerns_it_and_no_more),
        ADULT_TEST (test_two_teams_that_give_to_each_other_hear_when_nothing_is_left),
        ADULT_TEST (test_an_event_names_the_subject_as_checks_of_that_party_do),
        ADULT_TEST (test_withdrawing_twice_is_told_once),
        ADULT_TEST (test_what_is_granted_or_refused_is_told_to_each_party_that_it_names),
        ADULT_TEST (test_events_are_numbered_without_gaps_and_kept_until_acknowledged),
        ADULT_TEST (test_a_failed_turn_leaves_no_consent_behind),
        ADULT_TEST (test_a_failed_turn_withdraws_nothing_and_makes_no_event),
        ADULT_TEST (test_a_failed_turn_uses_no_one_time_consent),
        ADULT_TEST (test_a_failed_turn_changes_no_subject),
        ADULT_TEST (test_no_permit_rests_on_a_damaged_record),
        ADULT_TEST (test_a_record_in_the_place_of_another_is_not_taken_for_it),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
