/* The relay's decisions between a registry and a server of NATS that loses power: whatever happens when, no event
   that was acknowledged is lost, and each is once in the stream. The model of the server is what was measured of
   nats-server 2.9.10 (docs/relay.md): it says that it has a message, and syncs every two minutes of its own work;
   of what an earlier process of it stored, the kernel's writing back is all that is known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "random_pick.h"
#include "relay/standing.h"

#define EPOCH "0123456789abcdef0123456789abcdef"

enum {
    STEP = 500, /* ms */
    SYNC = 120000,
    WRITTEN_BACK = 60000, /* by the kernel, at the latest */
    MESSAGES = 60000,
    STEPS = 12000,
};

struct message {
    uint64_t number;
    int64_t written;
};

static struct world {
    int64_t now, settle;
    struct message message[MESSAGES]; /* the sequence is the index and one */
    size_t count, durable;            /* and so many of them survive */
    size_t orphans; /* of an earlier process, which the server syncs only with what it writes anew */
    bool stopped;
    int64_t worked;
    uint64_t newest, acknowledged; /* of the registry */
    struct mark mark;
    bool connected;
    struct settling *settling;
    struct shelf *shelf;
    uint64_t last, next;             /* as the relay sees it */
    uint64_t late_number, late_last; /* a message that is still on its way; 0: none */
    unsigned published, cuts, lost, refused;
} world;

/* --- The server --------------------------------------------------------------------------------------- */

static bool server_takes (uint64_t number, uint64_t expected)
{
    if (world.count != expected || world.count == MESSAGES)
        return false;
    world.message[world.count++] = (struct message){number, world.now};
    world.published++;
    return true;
}

static void server_works (void)
{
    if (!world.stopped)
        world.worked += STEP;
    if (!world.stopped && world.worked % SYNC == 0 && world.count > world.orphans)
        world.durable = world.count;
    while (world.durable < world.orphans && world.now - world.message[world.durable].written >= WRITTEN_BACK)
        world.durable++;
    if (world.late_number > 0 && !world.stopped && random_pick (20) == 0) {
        server_takes (world.late_number, world.late_last);
        world.late_number = 0;
    }
}

/* Another process: what is not durable it has from the kernel, or, without power, only as far as that came. */
static void server_restarts (bool without_power)
{
    if (without_power) {
        world.count = world.durable + random_pick ((unsigned)(world.count - world.durable) + 1);
        world.cuts++;
    }
    world.orphans = world.count;
    world.worked = 0;
    world.stopped = world.connected = false;
    world.late_number = 0;
    for (uint64_t number = 1; without_power && number <= world.acknowledged; number++) {
        bool found = false;
        for (size_t i = 0; i < world.count && !found; i++)
            found = world.message[i].number == number;
        world.lost += !found;
    }
}

/* --- The relay ---------------------------------------------------------------------------------------- */

static void id_of (size_t index, char id[128])
{
    snprintf (id, 128, EPOCH "-cak-%llu", (unsigned long long)world.message[index].number);
}

static void begin_at (const struct standing *standing)
{
    char id[128], epoch[CONSENT_ID_SIZE];
    shelf_destroy (&world.shelf);
    world.shelf = shelf_new (standing);
    for (uint64_t sequence = world.last; sequence > shelf_until (world.shelf); sequence--) {
        id_of (sequence - 1, id);
        uint64_t number = shelf_note (world.shelf, sequence, id);
        if (number > 0 && number <= shelf_base (world.shelf))
            break;
    }
    settling_begin (world.settling, world.now);
    struct settled through = shelf_through (world.shelf, epoch);
    if (through.sequence > 0)
        settling_add (world.settling, through, world.now);
    world.next = (through.number > world.acknowledged ? through.number : world.acknowledged) + 1;
    world.connected = true;
}

static void relay_begins (void)
{
    char id[128] = "";
    if (world.count > 0)
        id_of (world.count - 1, id);
    world.last = world.count;
    struct standing standing = {
        .party = "cak",
        .mark = world.mark,
        .placed = true,
        .epoch = EPOCH,
        .acknowledged = world.acknowledged,
        .created = 1,
        .first = 1,
        .last = world.count,
        .last_of_ours = world.count,
        .last_id = id,
    };
    if (standing_judge (&standing) != STANDING_GOES_ON) {
        world.refused++; /* an operator comes */
        standing.from = world.acknowledged + 1;
        world.mark.stream[0] = 0;
    }
    begin_at (&standing);
}

static void relay_publishes (void)
{
    for (unsigned left = random_pick (4); left > 0 && world.connected && world.next <= world.newest; left--) {
        uint64_t sequence = shelf_find (world.shelf, EPOCH, world.next);
        unsigned fate = random_pick (100);
        if (sequence == 0 && fate == 0) { /* it is lost, or late, or only its acknowledgement is */
            world.connected = false;
            world.late_number = world.next;
            world.late_last = world.last;
            if (random_pick (2) == 0)
                server_takes (world.next, world.last);
            return;
        }
        if (sequence == 0 && !server_takes (world.next, world.last)) {
            world.connected = false; /* another is the last: it looks again */
            return;
        }
        if (sequence == 0)
            sequence = world.last = world.count;
        settling_add (world.settling, (struct settled){world.next++, sequence}, world.now);
    }
}

static void relay_works (void)
{
    if (world.stopped)
        world.connected = false;
    else if (!world.connected && random_pick (4) == 0)
        relay_begins ();
    if (!world.connected)
        return;
    if (world.count != world.last) {
        world.connected = false;
        return;
    }
    settling_heard (world.settling, world.now);
    struct settled settled = settling_take (world.settling, world.settle);
    if (settled.number > 0) {
        world.mark = (struct mark){.stream = "EVENTS", .created = 1, .epoch = EPOCH, .event = settled};
        world.acknowledged = settled.number > world.acknowledged ? settled.number : world.acknowledged;
    }
    relay_publishes ();
}

/* --- What happens ------------------------------------------------------------------------------------- */

static void step (bool faults)
{
    world.now += STEP;
    server_works ();
    unsigned what = faults ? random_pick (2000) : 2000;
    if (what == 0)
        server_restarts (true);
    else if (what == 1)
        server_restarts (false);
    else if (what < 4)
        world.stopped = true;
    else if (what < 50)
        world.stopped = false;
    else if (what < 53)
        world.connected = false; /* the relay dies: it keeps nothing but its files */
    relay_works ();
}

static void live (uint64_t seed, int64_t settle)
{
    memset (&world, 0, sizeof world);
    random_begin (seed);
    world.settle = settle;
    world.settling = settling_new ();
    for (size_t i = 0; i < STEPS; i++) {
        world.newest += random_pick (20) == 0 ? random_pick (4) : 0;
        step (true);
    }
    world.stopped = false;
    for (size_t i = 0; i < 2000; i++)
        step (false);
    settling_destroy (&world.settling);
    shelf_destroy (&world.shelf);
}

static void test_no_acknowledged_event_is_lost_and_each_is_there_once (void **state)
{
    (void)state;
    unsigned cuts = 0, again = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        live (seed, 150000);
        assert_int_equal (world.lost, 0);
        assert_int_equal (world.refused, 0);
        assert_int_equal (world.acknowledged, world.newest);
        assert_int_equal (world.count, world.newest);
        for (size_t i = 0; i < world.count; i++)
            assert_int_equal (world.message[i].number, i + 1);
        cuts += world.cuts;
        again += world.published - (unsigned)world.count;
    }
    assert_true (cuts > 150 && again > 300); /* there was something to survive */
}

/* Without it the test above would prove nothing. */
static void test_control_with_a_settling_time_that_is_too_short_events_are_lost (void **state)
{
    (void)state;
    unsigned lost = 0, refused = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        live (seed, 30000);
        lost += world.lost;
        refused += world.refused;
    }
    assert_true (lost > 0);
    assert_true (refused > 0); /* and the relay said so */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_no_acknowledged_event_is_lost_and_each_is_there_once),
        cmocka_unit_test (test_control_with_a_settling_time_that_is_too_short_events_are_lost),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
