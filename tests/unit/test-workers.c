/* Work that is shared is done once, all of it, however many threads there are. */
#include <stdatomic.h>
#include "spool/workers.h"
#include "testing.h"

enum { PARTS = 2000, ROUNDS = 50, THREADS = 5 };

static atomic_uint done[PARTS];

static void note (void *context, size_t number)
{
    atomic_uint *parts = context;
    parts[number]++;
}

static void assert_done (unsigned times, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal (done[i], times);
}

static void test_each_part_is_done_once (void **state)
{
    (void)state;
    for (size_t threads = 0; threads < THREADS; threads++) {
        struct workers *workers = workers_new (threads, false);
        for (size_t i = 0; i < PARTS; i++)
            done[i] = 0;
        for (unsigned round = 1; round <= ROUNDS; round++) {
            workers_share (workers, PARTS, note, done);
            assert_done (round, PARTS);
        }
        workers_share (workers, 0, note, done);
        assert_done (ROUNDS, PARTS);
        workers_destroy (&workers);
        assert_null (workers);
    }
}

static void test_parts_may_come_one_by_one (void **state)
{
    (void)state;
    for (size_t threads = 0; threads < THREADS; threads++) {
        struct workers *workers = workers_new (threads, false);
        for (size_t i = 0; i < PARTS; i++)
            done[i] = 0;
        workers_begin (workers, note, done);
        for (unsigned round = 1; round <= ROUNDS; round++) {
            for (size_t i = 0; i < PARTS; i++)
                workers_add (workers);
            workers_wait (workers);
            assert_done (round, PARTS);
        }
        workers_destroy (&workers);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_each_part_is_done_once),
        cmocka_unit_test (test_parts_may_come_one_by_one),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
