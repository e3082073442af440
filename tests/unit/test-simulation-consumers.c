/* The systems of a party (V7): each with a position of its own, also in a store of before, and where records are
   damaged; what is kept for them, and what becomes of them when they or their party are gone. */
#include <string.h>
#include "big_endian.h"
#include "broker/push.h"
#include "config/config.h"
#include "events/backlog.h"
#include "events/heard.h"
#include "record/guard.h"
#include "simulation_verbs.h"
#include "unconst.h"

enum { DAY = 24 * 3600000 };

/* --- What a test does --------------------------------------------------------------------------------- */

static void begin (struct simulation *sim, struct turn *turn)
{
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, turn), 0);
}

static void end (struct simulation *sim, struct turn *turn)
{
    assert_int_equal (registry_end (&sim->registry, turn, 0), 0);
    sim->state = sim->registry.state;
}

/* Each grant is one event for the party. */
static void tell (struct simulation *sim, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        GRANTED (sim, .categories = "naw");
}

static struct cursor cursor_of (struct simulation *sim)
{
    struct turn turn;
    struct cursor cursor;
    begin (sim, &turn);
    assert_int_equal (outbox_cursor (&turn, horizon, &cursor), 0);
    end (sim, &turn);
    return cursor;
}

/* A consumer that is there, or comes to be. */
static struct consumer consumer_of (struct simulation *sim, const char *name)
{
    struct turn turn;
    struct cursor cursor;
    struct consumer consumer;
    begin (sim, &turn);
    assert_int_equal (outbox_cursor (&turn, horizon, &cursor), 0);
    assert_int_equal (consumers_begin (&turn, &(struct consumer_start){horizon, name, 0}, &cursor, &consumer), 0);
    end (sim, &turn);
    return consumer;
}

static void acknowledge (struct simulation *sim, const char *name, uint64_t number)
{
    struct turn turn;
    struct consumer consumer = consumer_of (sim, name);
    begin (sim, &turn);
    assert_int_equal (consumers_acknowledge (&turn, horizon, &consumer, number), 0);
    end (sim, &turn);
}

static int forget (struct simulation *sim, const char *name)
{
    struct turn turn;
    struct consumer consumer;
    begin (sim, &turn);
    int rc = consumers_forget (&turn, horizon, name, &consumer);
    end (sim, &turn);
    return rc;
}

/* What the broker looks at from time to time. */
struct looked {
    unsigned near, dropped;
};

static struct looked look (struct simulation *sim)
{
    struct turn turn;
    struct cursor cursor;
    struct consumers all;
    struct backlog_cleared cleared;
    struct backlog_found found;
    struct looked looked = {0, 0};
    begin (sim, &turn);
    assert_int_equal (outbox_cursor (&turn, horizon, &cursor), 0);
    assert_int_equal (consumers_list (&turn, horizon, &cursor, &all), 0);
    assert_int_equal (backlog_clear (&turn, horizon, &cursor, &all, &cleared), 0);
    for (size_t i = 0; i < all.count; i++)
        if (all.item[i].forgotten_at == 0) {
            assert_int_equal (backlog_look (&turn, horizon, &all.item[i], &cursor, &found), 0);
            looked.near += found.is_near;
            looked.dropped += found.is_dropped;
        }
    end (sim, &turn);
    return looked;
}

static void keep (struct simulation *sim, uint64_t events)
{
    ((struct config *)unconst (sim->in_force.config))->events_keep = events;
}

/* --- Positions ---------------------------------------------------------------------------------------- */

static void test_what_is_kept_is_what_the_slowest_has_not_acknowledged (void **state)
{
    struct simulation *sim = *state;
    consumer_of (sim, "portaal");
    consumer_of (sim, "backoffice");
    tell (sim, 3);
    acknowledge (sim, "portaal", 3);
    assert_int_equal (cursor_of (sim).acknowledged, 0);
    acknowledge (sim, "backoffice", 2);
    assert_int_equal (cursor_of (sim).acknowledged, 2);
    assert_non_null (simulation_event_of_all (sim, horizon, 3));
    simulation_restart (sim);
    assert_int_equal (consumer_of (sim, "portaal").acknowledged, 3);
    assert_int_equal (consumer_of (sim, "backoffice").acknowledged, 2);
}

/* The cursor of a store of before consumers had names, and of none after. */
static void test_a_position_of_before_is_that_of_the_consumer_default (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    tell (sim, 3);
    acknowledge (sim, CONSUMER_DEFAULT, 1);
    begin (sim, &turn);
    char key[64];
    size_t size = strlen (horizon) + 1;
    memcpy (key, horizon, size);
    memcpy (key + size, CONSUMER_DEFAULT, strlen (CONSUMER_DEFAULT));
    assert_int_equal (guard_delete (&turn, STORE_CONSUMER, (struct bytes){key, size + strlen (CONSUMER_DEFAULT)}),
                      0);
    assert_int_equal (outbox_put_cursor (&turn, horizon, &(struct cursor){3, 1}), 0);
    end (sim, &turn);
    simulation_restart (sim);
    assert_int_equal (consumer_of (sim, "nieuw").acknowledged, 1);
    assert_int_equal (cursor_of (sim).live, 2);
    acknowledge (sim, "nieuw", 3);
    assert_int_equal (cursor_of (sim).acknowledged, 1); /* the one of before has not heard them */
    assert_int_equal (consumer_of (sim, CONSUMER_DEFAULT).acknowledged, 1);
    acknowledge (sim, CONSUMER_DEFAULT, 3);
    assert_int_equal (cursor_of (sim).acknowledged, 3);
}

static void damage (struct simulation *sim, const char *name, bool remove)
{
    struct turn turn;
    char key[64];
    size_t size = strlen (horizon) + 1, length = strlen (name);
    memcpy (key, horizon, size);
    memcpy (key + size, name, length);
    struct bytes whole = {key, size + length};
    begin (sim, &turn);
    assert_int_equal (remove ? store_delete (turn.txn, STORE_CONSUMER, whole)
                             : store_put (turn.txn, STORE_CONSUMER, whole, (struct bytes){"?", 1}),
                      0);
    end (sim, &turn);
    simulation_restart (sim);
}

static void test_a_consumer_whose_record_is_damaged_or_gone_misses_nothing (void **state)
{
    struct simulation *sim = *state;
    for (int gone = 0; gone < 2; gone++) {
        consumer_of (sim, "portaal");
        consumer_of (sim, "backoffice");
        tell (sim, 4);
        uint64_t newest = cursor_of (sim).newest;
        acknowledge (sim, "backoffice", newest - 3);
        acknowledge (sim, "portaal", newest - 3);
        acknowledge (sim, "portaal", newest - 1);
        damage (sim, "portaal", gone == 1);
        acknowledge (sim, "backoffice", newest);
        assert_int_equal (cursor_of (sim).acknowledged, newest - 3); /* it counts as one that has not heard them */
        assert_int_equal (consumer_of (sim, "portaal").acknowledged, newest - 3);
        acknowledge (sim, "portaal", newest);
        if (gone == 1) { /* that the one that came is the one that is gone nobody can know */
            assert_int_equal (cursor_of (sim).acknowledged, newest - 3);
            assert_int_equal (forget (sim, "die-weg-is"), 0);
        }
        assert_int_equal (cursor_of (sim).acknowledged, newest);
    }
    assert_int_equal (forget (sim, "die-er-nooit-was"), CONSUMERS_NONE);
}

/* --- Those that are gone ------------------------------------------------------------------------------ */

static void test_for_one_that_was_forgotten_nothing_is_kept (void **state)
{
    struct simulation *sim = *state;
    consumer_of (sim, "portaal");
    consumer_of (sim, "weg");
    tell (sim, 2);
    acknowledge (sim, "portaal", 2);
    assert_int_equal (cursor_of (sim).acknowledged, 0);
    assert_int_equal (forget (sim, "weg"), 0);
    assert_int_equal (forget (sim, "weg"), 0); /* twice is not an error, and changes nothing */
    assert_int_equal (cursor_of (sim).acknowledged, 2);
    assert_int_equal (forget (sim, "portaal"), 0);
    tell (sim, 2);
    assert_int_equal (cursor_of (sim).newest, 4);
    assert_int_equal (cursor_of (sim).acknowledged, 4); /* nobody is left */
    assert_int_equal (consumer_of (sim, "weg").acknowledged, 4);
    tell (sim, 1);
    assert_int_equal (cursor_of (sim).acknowledged, 4);
    assert_non_null (simulation_event_of_all (sim, horizon, 5));
}

static void test_a_party_that_was_removed_and_never_listened_keeps_nothing (void **state)
{
    struct simulation *sim = *state;
    tell (sim, 2);
    const uint8_t *consent = GRANTED (sim, .categories = "budget");
    assert_int_equal (cursor_of (sim).acknowledged, 0);
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_PARTY_REMOVE);
    request->party_remove->id = arena_strdup (sim->arena, horizon);
    assert_string_equal (simulation_answer (sim, "operator", request), "OK");
    look (sim);
    assert_int_equal (cursor_of (sim).acknowledged, 3);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    assert_int_equal (cursor_of (sim).newest, 4);
    assert_int_equal (cursor_of (sim).acknowledged, 4);
}

/* --- Limits ------------------------------------------------------------------------------------------- */

static void test_what_waits_beyond_a_limit_is_dropped_and_told (void **state)
{
    struct simulation *sim = *state;
    consumer_of (sim, "vlot");
    consumer_of (sim, "traag");
    tell (sim, 8);
    keep (sim, 1000);
    assert_int_equal (look (sim).near, 0);
    keep (sim, 5);
    acknowledge (sim, "vlot", 8);
    struct looked looked = look (sim);
    assert_int_equal (looked.dropped, 1);
    assert_int_equal (look (sim).dropped, 0); /* once */
    assert_int_equal (cursor_of (sim).acknowledged, 3);
    struct consumer slow = consumer_of (sim, "traag");
    assert_int_equal (slow.first_dropped, 1);
    assert_int_equal (slow.last_dropped, 3);
    assert_int_equal (consumer_of (sim, "vlot").last_dropped, 0);
    simulation_restart (sim);
    acknowledge (sim, "traag", 8);
    assert_int_equal (consumer_of (sim, "traag").last_dropped, 0);
    struct turn turn;
    moment when[2];
    begin (sim, &turn);
    assert_int_equal (heard_find (&turn, horizon, "traag", 2, &when[0]), 0);
    assert_int_equal (heard_find (&turn, horizon, "traag", 4, &when[1]), 0);
    end (sim, &turn);
    assert_int_equal (when[0],
                      HEARD_DROPPED); /* what it never had it has not heard, whatever it acknowledged since */
    assert_true (when[1] > 0);
}

static moment heard_at (struct simulation *sim, const char *name, uint64_t number)
{
    struct turn turn;
    moment when;
    begin (sim, &turn);
    assert_int_equal (heard_find (&turn, horizon, name, number, &when), 0);
    end (sim, &turn);
    return when;
}

/* Whoever goes on behind a gap says first that it stored all up to there, which it never had. */
static void test_what_was_dropped_is_not_heard_by_acknowledging_it (void **state)
{
    struct simulation *sim = *state;
    consumer_of (sim, "traag");
    tell (sim, 8);
    keep (sim, 5);
    look (sim);
    acknowledge (sim, "traag", 2);
    assert_int_equal (heard_at (sim, "traag", 1), HEARD_DROPPED);
    acknowledge (sim, "traag", 3);
    assert_int_equal (consumer_of (sim, "traag").last_dropped, 0);
    acknowledge (sim, "traag", 5);
    for (uint64_t number = 1; number <= 3; number++)
        assert_int_equal (heard_at (sim, "traag", number), HEARD_DROPPED);
    assert_true (heard_at (sim, "traag", 4) > 0);
}

/* One that is always about as far behind is one alarm, not one at each acknowledgement. */
static void test_an_alarm_does_not_come_and_go_around_its_limit (void **state)
{
    struct simulation *sim = *state;
    moment age = sim->in_force.config->events_age;
    consumer_of (sim, "traag");
    tell (sim, 1);
    sim->wall += age / 100 * 20;
    tell (sim, 1);
    sim->wall += age / 100 * 62;
    assert_int_equal (look (sim).near, 1);
    acknowledge (sim, "traag", 1);
    assert_int_equal (look (sim).near, 0);
    sim->wall += age / 100 * 20;
    assert_int_equal (look (sim).near, 0);
    assert_true (consumer_of (sim, "traag").waiting_told > 0);
    acknowledge (sim, "traag", cursor_of (sim).newest);
    look (sim);
    assert_int_equal (consumer_of (sim, "traag").waiting_told, 0);
}

static void test_what_waits_too_long_is_dropped_and_said_well_before (void **state)
{
    struct simulation *sim = *state;
    moment age = sim->in_force.config->events_age;
    consumer_of (sim, "traag");
    tell (sim, 2);
    assert_int_equal (look (sim).near, 0);
    sim->wall += age - DAY;
    assert_int_equal (look (sim).near, 1);
    assert_int_equal (look (sim).near, 0); /* once an episode, also over a restart */
    simulation_restart (sim);
    assert_int_equal (look (sim).near, 0);
    tell (sim, 1);
    sim->wall += 2 * DAY;
    assert_int_equal (look (sim).dropped, 1);
    assert_int_equal (cursor_of (sim).acknowledged, 2);
    assert_non_null (simulation_event_of_all (sim, horizon, 3));
}

/* A gap is told before what comes behind it, and takes no credit. */
static void test_a_subscription_hears_of_a_gap_first (void **state)
{
    struct simulation *sim = *state;
    tell (sim, 4);
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBSCRIBE);
    request->subscribe->credit = 1;
    assert_string_equal (simulation_answer (sim, horizon, request), "OK");
    keep (sim, 2);
    look (sim);
    struct turn turn;
    bool more = false;
    struct push_list *pushes = push_list_new ();
    begin (sim, &turn);
    assert_int_equal (push_collect (pushes, &turn, &more), 0);
    end (sim, &turn);
    push_list_destroy (&pushes);
    assert_int_equal (outbox_find (sim->registry.outbox, horizon, CONSUMER_DEFAULT)->next, 4);
    assert_int_equal (outbox_find (sim->registry.outbox, horizon, CONSUMER_DEFAULT)->credit, 0);
    Consentd__Reply *reply = simulation_ask (sim, horizon, request);
    assert_int_equal (reply->subscribe->next, 3);
    assert_int_equal (reply->subscribe->first_dropped, 1);
    assert_int_equal (reply->subscribe->last_dropped, 2);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_what_is_kept_is_what_the_slowest_has_not_acknowledged),
        ADULT_TEST (test_a_position_of_before_is_that_of_the_consumer_default),
        ADULT_TEST (test_a_consumer_whose_record_is_damaged_or_gone_misses_nothing),
        ADULT_TEST (test_for_one_that_was_forgotten_nothing_is_kept),
        ADULT_TEST (test_a_party_that_was_removed_and_never_listened_keeps_nothing),
        ADULT_TEST (test_what_waits_beyond_a_limit_is_dropped_and_told),
        ADULT_TEST (test_what_was_dropped_is_not_heard_by_acknowledging_it),
        ADULT_TEST (test_an_alarm_does_not_come_and_go_around_its_limit),
        ADULT_TEST (test_what_waits_too_long_is_dropped_and_said_well_before),
        ADULT_TEST (test_a_subscription_hears_of_a_gap_first),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
