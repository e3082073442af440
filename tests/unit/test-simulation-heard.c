/* Who has heard of a withdrawal (V8): by its line, wherever that is kept; in an answer that is bounded; and who
   has left it unheard for too long. */
#include <stdio.h>
#include <string.h>
#include "big_endian.h"
#include "codec/codec.h"
#include "events/consumers.h"
#include "events/unheard.h"
#include "simulated_archive.h"

enum { HOUR = 3600000, DAY = 24 * HOUR };

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

/* The consumer is there, and has acknowledged so much. */
static void heard_until (struct simulation *sim, const char *party, const char *name, uint64_t number)
{
    struct turn turn;
    struct cursor cursor;
    struct consumer consumer;
    begin (sim, &turn);
    assert_int_equal (outbox_cursor (&turn, party, &cursor), 0);
    assert_int_equal (consumers_begin (&turn, &(struct consumer_start){party, name, 0}, &cursor, &consumer), 0);
    assert_int_equal (consumers_acknowledge (&turn, party, &consumer, number), 0);
    end (sim, &turn);
}

static void forget (struct simulation *sim, const char *party, const char *name)
{
    struct turn turn;
    struct consumer consumer;
    begin (sim, &turn);
    assert_int_equal (consumers_forget (&turn, party, name, &consumer), 0);
    end (sim, &turn);
}

static Consentd__Consent *shown (struct simulation *sim, const uint8_t *consent)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->consent_id = (ProtobufCBinaryData){16, arena_memdup (sim->arena, consent, 16)};
    const Consentd__Reply *reply = simulation_ask (sim, "kernteam", request);
    assert_string_equal (simulation_said (sim, reply), "OK");
    return reply->consent_show->consent;
}

/* "zorgaanbieder-horizon/portaal waits, kernteam/ unknown": of the newest withdrawal. */
static const char *listed (struct simulation *sim, const uint8_t *consent)
{
    const Consentd__Consent *one = shown (sim, consent);
    const Consentd__Withdrawal *newest = one->withdrawals[one->n_withdrawals - 1];
    const char *said = "";
    for (size_t i = 0; i < newest->n_heard_by; i++) {
        const Consentd__Hearing *hearing = newest->heard_by[i];
        assert_true (!hearing->heard || (hearing->since == 0 && hearing->heard_at >= newest->recorded_at));
        assert_true (hearing->heard || (hearing->since == newest->recorded_at && hearing->heard_at == 0));
        said = arena_printf (sim->arena, "%s%s%s/%s %s%s", said, *said != '\0' ? ", " : "", hearing->party,
                             hearing->consumer,
                             hearing->unknown   ? "unknown"
                             : hearing->heard   ? "heard"
                             : hearing->dropped ? "dropped"
                                                : "waits",
                             hearing->forgotten_at != 0 ? " forgotten" : "");
    }
    return said;
}

static const uint8_t *withdrawn (struct simulation *sim)
{
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    return consent;
}

/* --- Who has heard ------------------------------------------------------------------------------------ */

static void test_each_consumer_that_it_is_for_is_listed_those_that_wait_first (void **state)
{
    struct simulation *sim = *state;
    heard_until (sim, horizon, "backoffice", 0);
    heard_until (sim, horizon, "portaal", 0);
    heard_until (sim, horizon, "weg", 0);
    const uint8_t *consent = withdrawn (sim);
    uint64_t number = simulation_newest_of_all (sim, horizon);
    heard_until (sim, horizon, "backoffice", number);
    assert_string_equal (listed (sim, consent),
                         "kernteam/ waits, zorgaanbieder-horizon/portaal waits, zorgaanbieder-horizon/weg waits, "
                         "zorgaanbieder-horizon/backoffice heard");
    forget (sim, horizon, "backoffice");
    forget (sim, horizon, "weg");
    heard_until (sim, "kernteam", "default", simulation_newest_of_all (sim, "kernteam"));
    simulation_restart (sim);
    assert_string_equal (listed (sim, consent), "zorgaanbieder-horizon/portaal waits, kernteam/default heard, "
                                                "zorgaanbieder-horizon/backoffice heard forgotten");
}

/* What waits for too long is dropped (V7). */
static void test_what_was_dropped_is_never_told_as_heard (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    struct cursor cursor;
    heard_until (sim, horizon, "portaal", 0);
    const uint8_t *consent = withdrawn (sim), *later = withdrawn (sim);
    uint64_t newest = simulation_newest_of_all (sim, horizon);
    begin (sim, &turn);
    assert_int_equal (outbox_cursor (&turn, horizon, &cursor), 0);
    assert_int_equal (outbox_clear (&turn, horizon, newest - 1, &cursor), 0);
    end (sim, &turn);
    const char *dropped = "kernteam/ waits, zorgaanbieder-horizon/portaal dropped";
    assert_string_equal (listed (sim, consent), dropped);
    heard_until (sim, horizon, "portaal", newest);
    assert_string_equal (listed (sim, consent), dropped);
    assert_string_equal (listed (sim, later), "kernteam/ waits, zorgaanbieder-horizon/portaal heard");
}

static void test_a_line_that_cannot_be_read_leaves_it_unknown_and_breaks_nothing (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = withdrawn (sim);
    uint64_t number = shown (sim, consent)->withdrawals[0]->number;
    struct store_txn *txn;
    uint8_t place[8];
    struct bytes value;
    put_be64 (place, number);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_AUDIT, (struct bytes){place, 8}, &value), 0);
    struct bytes whole = {arena_memdup (sim->arena, value.data, value.size), value.size};
    assert_int_equal (store_put (txn, STORE_AUDIT, (struct bytes){place, 8}, (struct bytes){"kapot", 5}), 0);
    assert_int_equal (store_commit (&txn), 0);
    assert_string_equal (listed (sim, consent), "kernteam/ unknown, zorgaanbieder-horizon/ unknown");
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_put (txn, STORE_AUDIT, (struct bytes){place, 8}, whole), 0);
    assert_int_equal (store_commit (&txn), 0);
    assert_string_equal (listed (sim, consent), "kernteam/ waits, zorgaanbieder-horizon/ waits");
}

static void test_a_line_in_the_archive_says_the_same_and_one_that_is_lost_leaves_it_unknown (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = withdrawn (sim);
    heard_until (sim, horizon, "backoffice", simulation_newest_of_all (sim, horizon));
    const char *before = listed (sim, consent);
    assert_string_equal (before, "kernteam/ waits, zorgaanbieder-horizon/backoffice heard");
    simulated_archive_age (sim, BUNDLE + 7);
    simulated_archive_leave (sim, BUNDLE);
    assert_int_equal (simulated_archive_count (sim), BUNDLE);
    assert_string_equal (listed (sim, consent), before);
    const char *file = simulated_archive_path (sim, 0), *aside = arena_printf (sim->arena, "%s-aside", file);
    assert_int_equal (rename (file, aside), 0);
    simulated_archive_restart (sim);
    assert_string_equal (listed (sim, consent), "kernteam/ unknown, zorgaanbieder-horizon/ unknown");
    assert_int_equal (rename (aside, file), 0);
    assert_string_equal (listed (sim, consent), before);
}

/* Seven parties of 16 consumers, and six withdrawals: more than fits. */
static const uint8_t *withdrawn_often (struct simulation *sim)
{
    static const char *const parts[] = {"naw", "toewijzing", "doel", "budget", "omvang", "periode"};
    const char *to = "";
    for (unsigned i = 0; i < 7; i++) {
        const char *party = arena_printf (sim->arena, "zorgaanbieder-nummer-%u", i);
        simulation_write_party (sim, party, "zorgaanbieder", "partner", "agreement-from = \"2020-01-01\"\n");
        to = arena_printf (sim->arena, "%s%s%s", to, i > 0 ? " " : "", party);
        for (unsigned j = 0; j < CONSUMERS_OF_PARTY; j++)
            heard_until (sim, party, arena_printf (sim->arena, "systeem-%u-met-een-lange-naam", 10 + j), 0);
    }
    const uint8_t *consent = GRANTED (sim, .to = to, .categories = "naw toewijzing doel budget omvang periode");
    for (size_t i = 0; i < COUNT (parts); i++)
        assert_string_equal (REVOKE (sim, .consent = consent, .categories = parts[i]), "OK");
    return consent;
}

static void test_an_answer_is_bounded_newer_withdrawals_come_first_and_the_others_are_counted (void **state)
{
    enum { HEARD = 8, ALL = 7 * CONSUMERS_OF_PARTY + 1 };
    static const char party[] = "zorgaanbieder-nummer-3";
    struct simulation *sim = *state;
    const uint8_t *consent = withdrawn_often (sim);
    for (unsigned j = 0; j < HEARD; j++)
        heard_until (sim, party, arena_printf (sim->arena, "systeem-%u-met-een-lange-naam", 10 + j),
                     simulation_newest_of_all (sim, party));
    const Consentd__Consent *one = shown (sim, consent);
    size_t whole = 0, cut = 0;
    assert_in_range (consentd__consent__get_packed_size (one), CODEC_ANSWER_LIMIT / 2, CODEC_ANSWER_LIMIT);
    for (size_t i = one->n_withdrawals; i-- > 0;) {
        const Consentd__Withdrawal *part = one->withdrawals[i];
        uint32_t of_heard = part->heard_left_out;
        for (size_t j = 0; j < part->n_heard_by; j++) {
            of_heard += part->heard_by[j]->heard;
            assert_true (j == 0 || part->heard_by[j]->heard >= part->heard_by[j - 1]->heard);
        }
        assert_int_equal (part->n_heard_by + part->unheard_left_out + part->heard_left_out, ALL);
        assert_int_equal (of_heard, HEARD);
        assert_true (cut == 0 || part->n_heard_by == 0);
        whole += part->n_heard_by == ALL;
        cut += part->n_heard_by < ALL;
    }
    assert_true (whole > 2);
    assert_true (cut > 0);
}

/* --- Overdue ------------------------------------------------------------------------------------------ */

static bool look (struct simulation *sim, const char *party, const char *name)
{
    struct turn turn;
    struct cursor cursor;
    struct consumers all;
    struct unheard_found found;
    begin (sim, &turn);
    assert_int_equal (outbox_cursor (&turn, party, &cursor), 0);
    assert_int_equal (consumers_list (&turn, party, &cursor, &all), 0);
    struct consumer nobody = {.acknowledged = cursor.acknowledged, .unheard_told = cursor.unheard_told};
    struct consumer *one = name[0] != '\0' ? consumers_of_name (&all, name) : &nobody;
    assert_int_equal (unheard_look (&turn, party, one, &cursor, &found), 0);
    end (sim, &turn);
    return found.is_told;
}

static size_t count_unheard (struct simulation *sim)
{
    struct consumer_warning list[8];
    return unheard_list (sim->registry.unheard, list, COUNT (list));
}

/* `name` "": the party never listened. */
static void is_told_once (struct simulation *sim, const char *party, const char *name)
{
    moment begun = sim->wall;
    withdrawn (sim);
    sim->wall = begun + DAY - HOUR;
    assert_false (look (sim, party, name));
    assert_int_equal (count_unheard (sim), 0);
    sim->wall = begun + DAY;
    assert_true (look (sim, party, name));
    assert_int_equal (count_unheard (sim), 1);
    assert_false (look (sim, party, name));
    simulation_restart (sim);
    assert_false (look (sim, party, name));
    assert_int_equal (count_unheard (sim), 1);
    withdrawn (sim);
    name = name[0] != '\0' ? name : "default";
    heard_until (sim, party, name, simulation_newest_of_all (sim, party));
    assert_false (look (sim, party, name));
    withdrawn (sim);
    sim->wall += DAY;
    assert_true (look (sim, party, name)); /* another episode */
}

static void test_it_is_told_once_an_episode_also_over_a_restart (void **state)
{
    heard_until (*state, horizon, "portaal", 0);
    is_told_once (*state, horizon, "portaal");
}

static void test_a_party_that_never_listened_is_told_of_in_the_same_way (void **state)
{
    is_told_once (*state, "kernteam", "");
}

static void test_nobody_waits_for_a_party_that_was_removed_or_while_the_clock_is_in_doubt (void **state)
{
    struct simulation *sim = *state;
    heard_until (sim, horizon, "portaal", 0);
    withdrawn (sim);
    sim->wall += 2 * DAY;
    sim->registry.state.clock_stopped = true;
    assert_false (look (sim, horizon, "portaal"));
    sim->registry.state.clock_stopped = false;
    simulation_write_party (sim, horizon, "zorgaanbieder", "partner", "active = \"no\"\n");
    assert_false (look (sim, horizon, "portaal"));
    assert_int_equal (count_unheard (sim), 0);
    simulation_write_party (sim, horizon, "zorgaanbieder", "partner", "");
    assert_true (look (sim, horizon, "portaal")); /* the control */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_each_consumer_that_it_is_for_is_listed_those_that_wait_first),
        ADULT_TEST (test_what_was_dropped_is_never_told_as_heard),
        ADULT_TEST (test_a_line_that_cannot_be_read_leaves_it_unknown_and_breaks_nothing),
        cmocka_unit_test_setup_teardown (
            test_a_line_in_the_archive_says_the_same_and_one_that_is_lost_leaves_it_unknown,
            simulated_archive_setup, simulated_archive_teardown),
        ADULT_TEST (test_an_answer_is_bounded_newer_withdrawals_come_first_and_the_others_are_counted),
        ADULT_TEST (test_it_is_told_once_an_episode_also_over_a_restart),
        ADULT_TEST (test_a_party_that_never_listened_is_told_of_in_the_same_way),
        ADULT_TEST (test_nobody_waits_for_a_party_that_was_removed_or_while_the_clock_is_in_doubt),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
