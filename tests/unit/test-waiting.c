/* Who is next (L1, L2): shares of a turn, by cost, that no other load can take. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "broker/waiting.h"
#include "testing.h"

enum { MOST = 20000 };

/* A thing that waits, with what it will cost. */
struct thing {
    struct waiter waiter;
    const char *name;
    uint64_t cost;
};

static struct thing things[MOST];
static size_t count;
static struct waiting *queue;
static uint64_t deaf; /* a connection that does not read its answers */

static bool may_answer (const void *context, const struct connection_id *connection)
{
    (void)context;
    return connection->number != deaf;
}

static int setup (void **state)
{
    (void)state;
    count = deaf = 0;
    queue = waiting_new (may_answer, NULL);
    return 0;
}

static int teardown (void **state)
{
    (void)state;
    while (waiting_drop_any (queue) != NULL) {
    }
    waiting_destroy (&queue);
    return 0;
}

static int add (const char *party, uint64_t connection, enum lane lane, const char *name, uint64_t cost)
{
    struct thing *thing = &things[count++];
    assert_in_range (count, 1, MOST);
    *thing = (struct thing){
        .waiter = {.lane = lane,
                   .connection = {connection, (int)connection, CHANNEL_REQUESTS},
                   .bytes = 300,
                   .checks = 1},
        .name = name,
        .cost = cost,
    };
    return waiting_add (queue, &thing->waiter, party);
}

/* One turn of at most `most`, all of which succeed: the names of what was served, in order. */
static const char *turn (size_t most)
{
    static char said[4096];
    struct waiter *waiter;
    uint64_t allowance;
    said[0] = 0;
    waiting_begin_turn (queue, most);
    while ((waiter = waiting_take (queue, &allowance)) != NULL) {
        struct thing *thing = (struct thing *)(void *)waiter;
        waiting_charge (queue, waiter, thing->cost, true);
        waiting_finish (queue, waiter);
        snprintf (said + strlen (said), sizeof said - strlen (said), "%s%s", said[0] != 0 ? " " : "", thing->name);
    }
    return said;
}

/* Two parties ask, so that from then on neither is alone. */
static void let_two_ask (void)
{
    add ("one", 98, LANE_REST, "1", 1);
    add ("two", 99, LANE_REST, "2", 1);
    assert_string_equal (turn (256), "1 2");
    count = 0;
}

/* Fewer and longer turns cost less, and nobody waits for their end. */
static void test_a_party_that_is_alone_has_longer_turns_until_another_asks (void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4 * WAITING_ALONE; i++)
        add ("greedy", 1, LANE_REST, "g", WAITING_QUANTUM);
    assert_int_equal (strlen (turn (256)), 2 * WAITING_ALONE - 1);
    add ("operator", 2, LANE_OPERATORS, "o", 1);
    assert_string_equal (turn (256), "o"); /* which does not count: operators look now and then */
    assert_int_equal (strlen (turn (256)), 2 * WAITING_ALONE - 1);
    add ("modest", 50, LANE_REST, "m", 1);
    assert_string_equal (turn (256), "m");
    for (unsigned i = 0; i < 20; i++)
        assert_string_equal (turn (256), "g");
}

static void test_a_party_is_alone_again_long_after_another_asked (void **state)
{
    (void)state;
    let_two_ask ();
    for (unsigned turns = 0; turns < 17000; turns++) {
        turn (256);
        if (turns != 16000 && turns != 16500)
            continue;
        add ("two", 99, LANE_REST, "g", WAITING_QUANTUM);
        add ("two", 99, LANE_REST, "g", WAITING_QUANTUM);
        assert_string_equal (turn (256), turns == 16000 ? "g" : "g g");
    }
}

static void test_a_party_with_much_to_do_keeps_no_other_waiting (void **state)
{
    (void)state;
    let_two_ask ();
    for (unsigned i = 0; i < 100; i++)
        add ("greedy", 1 + i % 40, LANE_REST, "g", WAITING_QUANTUM);
    assert_string_equal (turn (256), "g");
    add ("modest", 50, LANE_REST, "m", 30);
    assert_string_equal (turn (256), "m"); /* and its answer leaves, before the work of others */
    assert_string_equal (turn (256), "g");
    add ("modest", 50, LANE_REST, "m", 30);
    assert_string_equal (turn (256), "m");
    add ("modest", 50, LANE_REST, "m", 30);
    assert_string_equal (turn (256), "m g"); /* but no more than every other turn is so short */
    add ("modest", 50, LANE_REST, "m", 30);
    assert_string_equal (turn (256), "m");
}

static void test_a_share_is_of_cost_and_not_of_requests (void **state)
{
    (void)state;
    let_two_ask ();
    for (unsigned i = 0; i < 40; i++) {
        add ("heavy", 1, LANE_REST, "H", WAITING_QUANTUM / 2);
        add ("light", 2, LANE_REST, "l", WAITING_QUANTUM / 8);
    }
    assert_string_equal (turn (256), "H H l l l l l l l l");
}

/* Known afterwards only: who took too much waits until it is made up for, but never where nobody else waits. */
static void test_what_cost_too_much_is_made_up_for (void **state)
{
    (void)state;
    let_two_ask ();
    add ("a", 1, LANE_REST, "A", 5 * WAITING_QUANTUM / 2);
    add ("a", 1, LANE_REST, "A", 10);
    add ("b", 2, LANE_REST, "b", WAITING_QUANTUM);
    add ("b", 2, LANE_REST, "b", WAITING_QUANTUM);
    add ("b", 2, LANE_REST, "b", WAITING_QUANTUM);
    assert_string_equal (turn (256), "A b");
    assert_string_equal (turn (256), "b");
    assert_string_equal (turn (256), "b A");
    add ("a", 1, LANE_REST, "A", 100 * WAITING_QUANTUM);
    add ("a", 1, LANE_REST, "A", 10);
    assert_string_equal (turn (256), "A");
    assert_string_equal (turn (256), "A");
}

/* L2 */
static void test_operators_and_withdrawals_are_served_whatever_else_waits (void **state)
{
    (void)state;
    let_two_ask ();
    for (unsigned i = 0; i < 1000; i++)
        add ("greedy", 1, LANE_REST, "g", WAITING_QUANTUM);
    for (unsigned i = 0; i < 3; i++) {
        add ("operator", 2, LANE_OPERATORS, "o", 30);
        add ("kernteam", 3, LANE_PROTECTION, "w", 30);
    }
    assert_string_equal (turn (256), "o o o w w w g");
}

static void test_nor_does_one_of_these_lanes_take_the_whole_of_a_turn (void **state)
{
    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        add ("operator", 2, LANE_OPERATORS, "o", 1);
        add ("flooding", 3, LANE_PROTECTION, "w", 1);
        add ("modest", 4, LANE_REST, "m", 1);
    }
    add ("kernteam", 5, LANE_PROTECTION, "k", 1);
    assert_string_equal (turn (8), "o o w w m m m m");
    assert_string_equal (turn (8), "o o w w m m m m");
}

static void test_in_turns_of_one_request_each_lane_has_its_turn (void **state)
{
    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        add ("operator", 2, LANE_OPERATORS, "o", 1);
        add ("kernteam", 3, LANE_PROTECTION, "w", 1);
        add ("modest", 4, LANE_REST, "m", 1);
    }
    unsigned seen[256] = {0};
    for (unsigned i = 0; i < 9; i++) {
        const char *said = turn (1);
        assert_int_equal (strlen (said), 1);
        seen[(unsigned char)said[0]]++;
    }
    assert_int_equal (seen['o'], 3);
    assert_int_equal (seen['w'], 3);
    assert_int_equal (seen['m'], 3);
}

static void test_of_one_party_its_connections_have_their_turns_and_each_its_order (void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        add ("a", 1, LANE_REST, i == 0 ? "1a" : i == 1 ? "1b" : "1c", 1);
    add ("a", 2, LANE_REST, "2a", 1);
    add ("a", 2, LANE_REST, "2b", 1);
    assert_string_equal (turn (256), "1a 2a 1b 2b 1c");
}

static void test_what_is_not_whole_gives_way_and_goes_on_before_its_connection_does (void **state)
{
    (void)state;
    uint64_t allowance;
    let_two_ask ();
    add ("a", 1, LANE_REST, "batch", 0);
    add ("a", 1, LANE_REST, "after", 1);
    add ("a", 2, LANE_REST, "beside", 1);
    waiting_begin_turn (queue, 256);
    struct waiter *batch = waiting_take (queue, &allowance);
    assert_ptr_equal (batch, &things[0].waiter);
    assert_int_equal (allowance, WAITING_QUANTUM / 2); /* two connections share what the party has */
    waiting_charge (queue, batch, allowance, false);
    struct waiter *beside = waiting_take (queue, &allowance);
    assert_ptr_equal (beside, &things[2].waiter);
    waiting_charge (queue, beside, 1, true);
    assert_null (waiting_take (queue, &allowance)); /* not what came after the batch */
    waiting_finish (queue, beside);
    waiting_give_back (queue, batch);
    waiting_begin_turn (queue, 256);
    assert_ptr_equal (waiting_take (queue, &allowance), batch);
    waiting_charge (queue, batch, 1, true);
    waiting_finish (queue, batch);
    assert_string_equal (turn (256), "after");
}

static void test_what_a_failed_turn_gives_back_keeps_its_order (void **state)
{
    (void)state;
    struct waiter *taken[4];
    uint64_t allowance;
    for (unsigned i = 0; i < 4; i++)
        add ("a", 1, LANE_REST, i == 0 ? "1" : i == 1 ? "2" : i == 2 ? "3" : "4", 1);
    waiting_begin_turn (queue, 3);
    for (unsigned i = 0; i < 3; i++)
        taken[i] = waiting_take (queue, &allowance);
    assert_null (waiting_take (queue, &allowance));
    for (unsigned i = 3; i > 0; i--)
        waiting_give_back (queue, taken[i - 1]);
    assert_string_equal (turn (256), "1 2 3 4");
}

static void test_what_may_wait_of_a_party_is_bounded_and_leaves_others_their_room (void **state)
{
    (void)state;
    size_t taken = 0;
    for (size_t i = 0; i < 64; i++) {
        struct thing *large = &things[count++];
        *large = (struct thing){.waiter = {.connection = {1, 1, CHANNEL_REQUESTS}}, .name = "large", .cost = 1};
        large->waiter.lane = LANE_REST;
        large->waiter.bytes = 1 << 20;
        large->waiter.checks = 256;
        taken += waiting_add (queue, &large->waiter, "greedy") == 0;
    }
    assert_int_equal (taken, WAITING_SHARE_BYTES >> 20);
    assert_int_equal (add ("modest", 2, LANE_REST, "m", 1), 0);
    assert_int_equal (add ("greedy", 1, LANE_PROTECTION, "w", 1),
                      0); /* its withdrawals have a room of their own */
    for (unsigned i = 0; i < WAITING_SHARE_CHECKS - 1; i++)
        assert_int_equal (add ("modest", 2, LANE_REST, "m", 1), 0);
    assert_int_equal (add ("modest", 2, LANE_REST, "m", 1), WAITING_FULL);
}

static void test_what_waits_for_who_is_gone_is_let_go_and_nothing_else (void **state)
{
    (void)state;
    add ("a", 1, LANE_REST, "1", 1);
    add ("a", 2, LANE_REST, "2", 1);
    add ("a", 1, LANE_PROTECTION, "w", 1);
    add ("a", 1, LANE_REST, "1", 1);
    unsigned dropped = 0;
    while (waiting_drop (queue, &things[0].waiter.connection) != NULL)
        dropped++;
    assert_int_equal (dropped, 3);
    assert_string_equal (turn (256), "2");
    assert_false (waiting_any (queue));
}

static void test_who_does_not_read_is_passed_over_until_it_does (void **state)
{
    (void)state;
    deaf = 1;
    add ("a", 1, LANE_REST, "1", 1);
    add ("b", 2, LANE_REST, "2", 1);
    assert_string_equal (turn (256), "2");
    assert_string_equal (turn (256), "");
    assert_true (waiting_any (queue));
    deaf = 0;
    assert_string_equal (turn (256), "1");
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_a_party_that_is_alone_has_longer_turns_until_another_asks),
        TEST (test_a_party_is_alone_again_long_after_another_asked),
        TEST (test_a_party_with_much_to_do_keeps_no_other_waiting),
        TEST (test_a_share_is_of_cost_and_not_of_requests),
        TEST (test_what_cost_too_much_is_made_up_for),
        TEST (test_operators_and_withdrawals_are_served_whatever_else_waits),
        TEST (test_nor_does_one_of_these_lanes_take_the_whole_of_a_turn),
        TEST (test_in_turns_of_one_request_each_lane_has_its_turn),
        TEST (test_of_one_party_its_connections_have_their_turns_and_each_its_order),
        TEST (test_what_is_not_whole_gives_way_and_goes_on_before_its_connection_does),
        TEST (test_what_a_failed_turn_gives_back_keeps_its_order),
        TEST (test_what_may_wait_of_a_party_is_bounded_and_leaves_others_their_room),
        TEST (test_what_waits_for_who_is_gone_is_let_go_and_nothing_else),
        TEST (test_who_does_not_read_is_passed_over_until_it_does),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
