/* Subscriptions as turns change them, and what is collected for them. */
#include <string.h>
#include "big_endian.h"
#include "events/outbox.h"
#include "broker/push.h"
#include "simulation_verbs.h"

static Consentd__Request *subscribe (struct simulation *sim, unsigned credit)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBSCRIBE);
    request->subscribe->credit = credit;
    return request;
}

static Consentd__Request *acknowledge (struct simulation *sim, uint64_t number, unsigned credit)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_ACKNOWLEDGE);
    request->acknowledge->number = number;
    request->acknowledge->credit = credit;
    return request;
}

static void subscribed (struct simulation *sim, const char *party, unsigned credit)
{
    assert_string_equal (simulation_said (sim, simulation_ask (sim, party, subscribe (sim, credit))), "OK");
}

static struct subscription *subscription_of (struct simulation *sim, const char *party)
{
    return outbox_find (sim->registry.outbox, party, CONSUMER_DEFAULT);
}

/* What one turn collects and sends to nobody. */
static bool collected (struct simulation *sim, bool heartbeat)
{
    struct turn turn;
    bool more = false;
    struct push_list *pushes = push_list_new ();
    if (heartbeat)
        outbox_beat (sim->registry.outbox);
    int rc = registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn);
    if (rc == 0)
        rc = push_collect (pushes, &turn, &more);
    assert_int_equal (registry_end (&sim->registry, &turn, rc), 0);
    push_list_destroy (&pushes);
    return more;
}

static void revoke_one (struct simulation *sim)
{
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    assert_string_equal (REVOKE (sim, .consent = GRANTED (sim, .categories = "naw")), "OK");
}

static void damage_event (struct simulation *sim, const char *party, uint64_t number)
{
    struct turn turn;
    uint8_t key[64];
    size_t size = strlen (party) + 1;
    memcpy (key, party, size);
    put_be64 (key + size, number);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (store_put (turn.txn, STORE_EVENT, (struct bytes){key, size + 8}, (struct bytes){"?", 1}), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
}

/* Turns that fail */

static void test_a_subscription_in_a_turn_that_fails_was_never_made (void **state)
{
    struct simulation *sim = *state;
    sim->fail_commit = true;
    assert_true (simulation_ask_in_vain (sim, horizon, subscribe (sim, 8)) < 0);
    assert_null (subscription_of (sim, horizon));
    assert_null (outbox_at (sim->registry.outbox, 0));
    subscribed (sim, horizon, 8);
    assert_int_equal (subscription_of (sim, horizon)->credit, 8);
}

static void test_credit_given_in_a_turn_that_fails_does_not_add_up (void **state)
{
    struct simulation *sim = *state;
    subscribed (sim, horizon, 2);
    Consentd__Request *request = acknowledge (sim, 0, 5);
    sim->fail_commit = true;
    assert_true (simulation_ask_in_vain (sim, horizon, request) < 0);
    assert_int_equal (subscription_of (sim, horizon)->credit, 2);
    assert_string_equal (simulation_answer (sim, horizon, request), "OK");
    assert_int_equal (subscription_of (sim, horizon)->credit, 7);
}

static void subscribe_elsewhere (struct simulation *sim)
{
    struct caller caller = {
        .party = parties_find (sim->registry.parties, horizon), .key = "", .route = "elsewhere", .route_size = 9};
    outbox_subscribe (sim->registry.outbox, &caller, CONSUMER_DEFAULT, &(struct cursor){.newest = 0});
}

static void test_a_replaced_subscription_lives_on_if_the_turn_that_replaced_it_fails (void **state)
{
    struct simulation *sim = *state;
    subscribed (sim, horizon, 2);
    struct subscription *first = subscription_of (sim, horizon);
    subscribe_elsewhere (sim);
    assert_true (first->ended);
    outbox_settle (sim->registry.outbox, false);
    assert_ptr_equal (subscription_of (sim, horizon), first);
    assert_false (first->ended);
    assert_null (outbox_at (sim->registry.outbox, 1));
    subscribe_elsewhere (sim);
    outbox_settle (sim->registry.outbox, true);
    assert_true (first->ended);
    assert_ptr_not_equal (subscription_of (sim, horizon), first);
}

/* What is collected */

static void test_what_was_collected_takes_credit_once_and_in_order (void **state)
{
    struct simulation *sim = *state;
    subscribed (sim, horizon, 2);
    for (int i = 0; i < 3; i++)
        revoke_one (sim);
    assert_false (collected (sim, false));
    assert_int_equal (subscription_of (sim, horizon)->credit, 0);
    assert_int_equal (subscription_of (sim, horizon)->next, 3);
}

static void test_a_damaged_event_ends_its_own_subscription_and_no_other (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    GRANTED (sim, .categories = "naw");
    damage_event (sim, horizon, 1);
    subscribed (sim, horizon, 8);
    subscribed (sim, "kernteam", 8);
    assert_false (collected (sim, false));
    assert_null (subscription_of (sim, horizon));
    assert_int_equal (subscription_of (sim, "kernteam")->next, 2);
    assert_string_equal (REVOKE (sim, .consent = GRANTED (sim, .categories = "naw")), "OK");
}

static void damage_cursor (struct simulation *sim, const char *party)
{
    struct turn turn;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (
        store_put (turn.txn, STORE_CURSOR, (struct bytes){party, strlen (party)}, (struct bytes){"?", 1}), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
}

static Consentd__PartyLag *lag_of (struct simulation *sim, const char *party)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_EVENTS_LAG);
    Consentd__Reply *reply = simulation_ask (sim, "operator", request);
    assert_int_equal (reply->status, CONSENTD__STATUS__OK);
    for (size_t i = 0; i < reply->events_lag->n_parties; i++)
        if (strcmp (reply->events_lag->parties[i]->party, party) == 0)
            return reply->events_lag->parties[i];
    fail_msg ("%s is not listed", party);
    return NULL;
}

static void test_a_damaged_cursor_is_made_anew_from_the_events_that_wait (void **state)
{
    struct simulation *sim = *state;
    for (int i = 0; i < 3; i++)
        revoke_one (sim);
    uint64_t newest = simulation_newest_of_all (sim, horizon);
    simulation_listen (sim, horizon);
    assert_string_equal (simulation_said (sim, simulation_ask (sim, horizon, acknowledge (sim, 1, 0))), "OK");
    damage_cursor (sim, horizon);
    assert_int_equal (lag_of (sim, horizon)->newest, newest);
    assert_int_equal (lag_of (sim, horizon)->acknowledged, 1);
    revoke_one (sim);
    assert_true (simulation_newest_of_all (sim, horizon) > newest);
    assert_non_null (simulation_event_of_all (sim, horizon, newest + 1));
    subscribed (sim, horizon, 8);
    assert_int_equal (subscription_of (sim, horizon)->next, 2);
}

/* All were acknowledged: which number it was at is lost, and its subscriber must see that. */
static void test_a_damaged_cursor_keeps_no_withdrawal_and_no_other_party_from_anything (void **state)
{
    struct simulation *sim = *state;
    revoke_one (sim);
    uint64_t before = simulation_newest_of_all (sim, horizon), other = simulation_newest_of_all (sim, "kernteam");
    simulation_listen (sim, horizon);
    assert_string_equal (simulation_said (sim, simulation_ask (sim, horizon, acknowledge (sim, before, 0))), "OK");
    damage_cursor (sim, horizon);
    assert_true (lag_of (sim, horizon)->damaged);
    assert_false (lag_of (sim, "kernteam")->damaged);
    assert_int_equal (lag_of (sim, "kernteam")->newest, other);
    subscribed (sim, "kernteam", 8);
    revoke_one (sim);
    assert_true (simulation_newest_of_all (sim, "kernteam") > other);
    uint64_t number = simulation_newest_of_all (sim, horizon);
    assert_true (number > before + 2); /* never one that was given before */
    assert_non_null (simulation_event_of_all (sim, horizon, number));
    assert_false (lag_of (sim, horizon)->damaged);
    simulation_listen (sim, horizon);
    assert_string_equal (simulation_said (sim, simulation_ask (sim, horizon, acknowledge (sim, number, 0))), "OK");
}

static void test_the_lag_of_all_is_listed_where_an_event_of_one_is_damaged (void **state)
{
    struct simulation *sim = *state;
    revoke_one (sim);
    uint64_t newest = simulation_newest_of_all (sim, horizon);
    damage_event (sim, horizon, 1);
    assert_true (lag_of (sim, horizon)->damaged);
    assert_int_equal (lag_of (sim, horizon)->newest, newest);
    assert_false (lag_of (sim, "kernteam")->damaged);
    assert_true (lag_of (sim, "kernteam")->oldest_waiting > 0);
}

static const char *pass_over (struct simulation *sim, const char *party, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_EVENTS_SKIP);
    request->events_skip->party = arena_strdup (sim->arena, party);
    request->events_skip->number = number;
    request->events_skip->reason = arena_strdup (sim->arena, "the disk lost it");
    request->events_skip->user = arena_strdup (sim->arena, "beheer-1");
    return simulation_answer (sim, "operator", request);
}

/* V7: passed over by an operator, with the reason in the log; and only what cannot be read. */
static void test_an_event_that_cannot_be_read_is_passed_over_and_the_subscription_goes_on (void **state)
{
    struct simulation *sim = *state;
    for (int i = 0; i < 3; i++)
        revoke_one (sim);
    assert_string_equal (pass_over (sim, horizon, 2), "INVALID events_skip.number");
    damage_event (sim, horizon, 2);
    uint64_t newest = simulation_newest_of_all (sim, horizon);
    assert_string_equal (pass_over (sim, horizon, newest + 1), "INVALID events_skip.number");
    assert_string_equal (pass_over (sim, "nobody", 2), "NOT_FOUND");
    subscribed (sim, horizon, 8);
    collected (sim, false);
    assert_null (subscription_of (sim, horizon));
    assert_string_equal (pass_over (sim, horizon, 2), "OK");
    assert_string_equal (pass_over (sim, horizon, 2), "INVALID events_skip.number");
    const Consentd__EventPush *passed = simulation_event_of_all (sim, horizon, 2);
    assert_int_equal (passed->kind, CONSENTD__EVENT_KIND__EVENT_PASSED_OVER);
    assert_int_equal (passed->subject_ref.len, 0);
    subscribed (sim, horizon, 64);
    collected (sim, false);
    assert_int_equal (subscription_of (sim, horizon)->next, newest + 1);
    simulation_listen (sim, horizon);
    assert_string_equal (simulation_said (sim, simulation_ask (sim, horizon, acknowledge (sim, newest, 0))), "OK");
}

/* A1: one line that cannot be read, or is gone, hides no other. */
static void test_a_damaged_line_of_the_log_is_named_and_the_others_are_listed (void **state)
{
    struct simulation *sim = *state;
    for (int i = 0; i < 3; i++)
        revoke_one (sim);
    uint64_t newest = sim->state.audit_number;
    struct turn turn;
    uint8_t damaged[8], missing[8];
    put_be64 (damaged, 3);
    put_be64 (missing, 5);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (store_put (turn.txn, STORE_AUDIT, (struct bytes){damaged, 8}, (struct bytes){"?", 1}), 0);
    assert_int_equal (store_delete (turn.txn, STORE_AUDIT, (struct bytes){missing, 8}), 0);
    assert_int_equal (store_commit (&turn.txn), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);

    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->limit = 100;
    request->audit_list->raw = true;
    Consentd__Reply *reply = simulation_ask (sim, "operator", request);
    assert_int_equal (reply->status, CONSENTD__STATUS__OK);
    assert_true (reply->audit_list->n_entries >= newest);
    for (size_t i = 0; i < reply->audit_list->n_entries; i++) {
        const Consentd__AuditEntry *entry = reply->audit_list->entries[i];
        assert_int_equal (entry->number, i + 1);
        bool whole = entry->number != 3 && entry->number != 5;
        assert_true (whole == (entry->raw.len > 0));
        if (!whole)
            assert_string_equal (entry->result, entry->number == 3 ? "damaged" : "missing");
    }
    /* Put back, for the chain that is checked at the end, is what cannot be: so this log is thrown away. */
    sim->state.audit_number = sim->registry.state.audit_number = 0;
    memset (sim->state.audit_hash, 0, sizeof sim->state.audit_hash);
}

static void test_nothing_goes_to_a_key_or_a_role_that_the_party_no_longer_has (void **state)
{
    struct simulation *sim = *state;
    subscribed (sim, horizon, 8);
    subscribed (sim, "cak", 8);
    strcpy (subscription_of (sim, horizon)->key, "of long ago");
    simulation_write_party (sim, "cak", "cak", "loket", "agreement-from = \"2020-01-01\"\n");
    revoke_one (sim);
    collected (sim, true);
    assert_null (subscription_of (sim, horizon));
    assert_null (subscription_of (sim, "cak"));
}

static void test_every_subscriber_has_its_heartbeat_however_many_there_are (void **state)
{
    struct simulation *sim = *state;
    enum { MANY = 300 };
    for (int i = 0; i < MANY; i++)
        simulation_write_party (sim, arena_printf (sim->arena, "huisarts-%d", i), "huisarts", "partner", "");
    for (int i = 0; i < MANY; i++)
        subscribed (sim, arena_printf (sim->arena, "huisarts-%d", i), 1);
    for (bool more = collected (sim, true); more;)
        more = collected (sim, false);
    struct subscription *one;
    size_t count = 0;
    while ((one = outbox_at (sim->registry.outbox, count)) != NULL) {
        assert_false (one->heartbeat_due);
        count++;
    }
    assert_int_equal (count, MANY);
}

/* V4, L1: what one has credit for delays no other. */
static void test_a_backlog_of_one_leaves_the_others_their_turn (void **state)
{
    struct simulation *sim = *state;
    for (unsigned i = 0; i < 300; i++) {
        const char *bsn = simulation_bsn (sim, i / 100); /* there is a bound to what one subject states */
        assert_string_equal (PERSON (sim, .bsn = bsn, .born = "1980-05-17"), "OK");
        GRANTED (sim, .bsn = bsn);
    }
    subscribed (sim, horizon, 1024);
    for (int i = 0; i < 3; i++)
        collected (sim, false);
    uint64_t next = subscription_of (sim, horizon)->next;
    assert_true (next > 1 && next < simulation_newest_of_all (sim, horizon));
    subscribed (sim, "kernteam", 1024);
    assert_true (collected (sim, false));
    assert_true (subscription_of (sim, "kernteam")->next > 1);
    assert_true (subscription_of (sim, horizon)->next > next);
    for (bool more = true; more;)
        more = collected (sim, false);
    assert_int_equal (subscription_of (sim, horizon)->next, simulation_newest_of_all (sim, horizon) + 1);
    assert_int_equal (subscription_of (sim, "kernteam")->next, simulation_newest_of_all (sim, "kernteam") + 1);
}

/* Whoever listens and has nothing to hear costs nothing. */
static void test_only_who_may_have_something_to_hear_is_looked_at (void **state)
{
    struct simulation *sim = *state;
    subscribed (sim, horizon, 1);
    subscribed (sim, "cak", 1);
    collected (sim, false);
    assert_null (outbox_due (sim->registry.outbox));
    revoke_one (sim);
    assert_ptr_equal (outbox_due (sim->registry.outbox), subscription_of (sim, horizon));
    assert_int_equal (outbox_due_count (sim->registry.outbox), 1);
    assert_false (collected (sim, false)); /* the grant; for the withdrawal there is no credit */
    assert_null (outbox_due (sim->registry.outbox));
    assert_string_equal (simulation_said (sim, simulation_ask (sim, horizon, acknowledge (sim, 1, 1))), "OK");
    assert_non_null (outbox_due (sim->registry.outbox));
    collected (sim, false);
    assert_int_equal (subscription_of (sim, horizon)->next, 3);
}

static void test_an_event_of_a_turn_that_fails_was_never_known (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    subscribed (sim, horizon, 8);
    collected (sim, false);
    Consentd__Request *request = simulation_revocation (sim, &(struct simulated_revocation){.consent = consent});
    sim->fail_commit = true;
    assert_true (simulation_ask_in_vain (sim, "kernteam", request) < 0);
    collected (sim, false);
    assert_true (subscription_of (sim, horizon)->live);
    assert_int_equal (subscription_of (sim, horizon)->next, 2);
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
    collected (sim, false);
    assert_int_equal (subscription_of (sim, horizon)->next, 3);
}

static void test_what_was_collected_in_a_turn_that_fails_is_collected_again (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    bool more = false;
    struct push_list *pushes = push_list_new ();
    revoke_one (sim);
    uint64_t newest = simulation_newest_of_all (sim, horizon);
    subscribed (sim, horizon, 8);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (push_collect (pushes, &turn, &more), 0);
    assert_int_equal (subscription_of (sim, horizon)->credit, 8 - newest);
    assert_int_equal (registry_end (&sim->registry, &turn, STORE_FULL), STORE_FULL);
    push_settle (pushes, false, NULL);
    assert_true (push_is_empty (pushes));
    assert_int_equal (subscription_of (sim, horizon)->credit, 8);
    assert_int_equal (subscription_of (sim, horizon)->next, 1);
    push_list_destroy (&pushes);
    collected (sim, false);
    assert_int_equal (subscription_of (sim, horizon)->next, newest + 1);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_a_backlog_of_one_leaves_the_others_their_turn),
        SIMULATION_TEST (test_only_who_may_have_something_to_hear_is_looked_at),
        SIMULATION_TEST (test_an_event_of_a_turn_that_fails_was_never_known),
        SIMULATION_TEST (test_what_was_collected_in_a_turn_that_fails_is_collected_again),
        SIMULATION_TEST (test_a_subscription_in_a_turn_that_fails_was_never_made),
        SIMULATION_TEST (test_credit_given_in_a_turn_that_fails_does_not_add_up),
        SIMULATION_TEST (test_a_replaced_subscription_lives_on_if_the_turn_that_replaced_it_fails),
        SIMULATION_TEST (test_what_was_collected_takes_credit_once_and_in_order),
        SIMULATION_TEST (test_a_damaged_event_ends_its_own_subscription_and_no_other),
        SIMULATION_TEST (test_a_damaged_cursor_is_made_anew_from_the_events_that_wait),
        SIMULATION_TEST (test_a_damaged_cursor_keeps_no_withdrawal_and_no_other_party_from_anything),
        SIMULATION_TEST (test_the_lag_of_all_is_listed_where_an_event_of_one_is_damaged),
        SIMULATION_TEST (test_an_event_that_cannot_be_read_is_passed_over_and_the_subscription_goes_on),
        SIMULATION_TEST (test_a_damaged_line_of_the_log_is_named_and_the_others_are_listed),
        SIMULATION_TEST (test_nothing_goes_to_a_key_or_a_role_that_the_party_no_longer_has),
        SIMULATION_TEST (test_every_subscriber_has_its_heartbeat_however_many_there_are),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
