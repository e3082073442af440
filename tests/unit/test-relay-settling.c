/* When the relay may acknowledge: after the settling time of a server that is known to work, in order, and no
 * sooner. */
#include "relay/settling.h"
#include "testing.h"

enum { SETTLE = 150000 };

static struct settling *self;

static int begin (void **state)
{
    (void)state;
    self = settling_new ();
    settling_begin (self, 1000);
    return 0;
}

static int end (void **state)
{
    (void)state;
    settling_destroy (&self);
    assert_null (self);
    return 0;
}

/* The server answers each second, up to this moment. */
static void works (int64_t from, int64_t until)
{
    for (int64_t now = from; now <= until; now += 1000)
        settling_heard (self, now);
}

static uint64_t take (void)
{
    return settling_take (self, SETTLE).number;
}

static void test_an_event_settles_when_the_server_worked_long_enough (void **state)
{
    (void)state;
    settling_add (self, (struct settled){7, 70}, 1000);
    works (2000, 1000 + SETTLE - 1000);
    assert_int_equal (take (), 0);
    settling_heard (self, 1000 + SETTLE - 1);
    assert_int_equal (take (), 0);
    settling_heard (self, 1000 + SETTLE);
    struct settled settled = settling_take (self, SETTLE);
    assert_int_equal (settled.number, 7);
    assert_int_equal (settled.sequence, 70);
    assert_int_equal (take (), 0);
}

static void test_the_time_before_it_was_taken_does_not_count (void **state)
{
    (void)state;
    works (2000, 100000);
    settling_add (self, (struct settled){7, 70}, 100900); /* asked and answered between two looks */
    works (101000, 100000 + SETTLE);
    assert_int_equal (take (), 0);
    settling_heard (self, 100900 + SETTLE);
    assert_int_equal (take (), 7);
}

static void test_a_server_that_is_silent_settles_nothing (void **state)
{
    (void)state;
    settling_add (self, (struct settled){7, 70}, 1000);
    settling_heard (self, 1000 + SETTLING_SILENCE);
    settling_heard (self, 2 * SETTLE); /* it was stopped in between, or we were */
    assert_int_equal (take (), 0);
    works (2 * SETTLE + 1000, 3 * SETTLE - SETTLING_SILENCE - 1000);
    assert_int_equal (take (), 0);
    works (3 * SETTLE - SETTLING_SILENCE, 3 * SETTLE - SETTLING_SILENCE);
    assert_int_equal (take (), 7);
}

static void test_a_new_connection_begins_anew (void **state)
{
    (void)state;
    settling_add (self, (struct settled){7, 70}, 1000);
    works (2000, 100000);
    settling_begin (self, 100000);
    assert_int_equal (settling_last (self).number, 0);
    settling_add (self, (struct settled){7, 70}, 100000);
    works (101000, 1000 + SETTLE);
    assert_int_equal (take (), 0);
    works (2000 + SETTLE, 100000 + SETTLE);
    assert_int_equal (take (), 7);
}

static void test_events_settle_in_order_however_many_there_are (void **state)
{
    (void)state;
    for (uint64_t number = 1; number <= 3000; number++)
        settling_add (self, (struct settled){number, 2 * number}, 1000 + (int64_t)number * 100);
    settling_add (self, (struct settled){2999, 1}, 301000); /* that was one of them */
    assert_int_equal (settling_last (self).number, 3000);
    works (2000, 1000 + SETTLE + 100000);
    assert_int_equal (take (), 1000);
    settling_add (self, (struct settled){3001, 6002}, 1000 + SETTLE + 100000);
    works (1000 + SETTLE + 100000, 1000 + SETTLE + 300000 - SETTLE / 2);
    assert_int_equal (take (), 2250);
    works (1000 + SETTLE + 300000 - SETTLE / 2, 1000 + 2 * SETTLE + 150000);
    assert_int_equal (take (), 3001);
}

static void test_on_a_replicated_stream_and_without_a_settling_time_it_is_at_once (void **state)
{
    (void)state;
    settling_add (self, (struct settled){7, 70}, 1000);
    settling_add (self, (struct settled){8, 71}, 1000);
    assert_int_equal (settling_take (self, 0).number, 8);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST (test_an_event_settles_when_the_server_worked_long_enough),
        TEST (test_the_time_before_it_was_taken_does_not_count),
        TEST (test_a_server_that_is_silent_settles_nothing),
        TEST (test_a_new_connection_begins_anew),
        TEST (test_events_settle_in_order_however_many_there_are),
        TEST (test_on_a_replicated_stream_and_without_a_settling_time_it_is_at_once),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
