/* Whether a consumer has left an event unheard for too long (events/overdue.h): against a model that looks at all
   events at once. */
#include "events/overdue.h"
#include "random_pick.h"
#include "testing.h"

enum { EVENTS = 40, ROUNDS = 20000, LIMIT = 24 };

struct history {
    struct event events[EVENTS + 1]; /* by their number */
    uint64_t newest, acknowledged;
    moment now;
};

static enum event_kind any_kind (void)
{
    static const enum event_kind kinds[] = {EVENT_CONSENT_REVOKED,  EVENT_CONSENT_GRANTED, EVENT_OBLIGATION_AROSE,
                                            EVENT_REGISTRY_ALARM,   EVENT_DATA_RESTRICTED, EVENT_CONSENT_RESTORED,
                                            EVENT_OBLIGATION_AROSE, EVENT_PASSED_OVER};
    return ANY (kinds);
}

static void go_on (struct history *self)
{
    self->now += random_pick (10);
    if (self->newest < EVENTS && random_pick (2) == 0) {
        uint64_t number = ++self->newest;
        self->events[number] = (struct event){.number = number, .kind = any_kind (), .time = self->now};
    }
    if (random_pick (3) == 0)
        self->acknowledged += random_pick ((unsigned)(self->newest - self->acknowledged + 1));
}

/* The number of the oldest that is overdue; 0: none is. */
static uint64_t find_oldest (const struct history *self)
{
    for (uint64_t i = self->acknowledged + 1; i <= self->newest; i++)
        if (event_protects (self->events[i].kind) && self->events[i].time <= self->now - LIMIT)
            return i;
    return 0;
}

/* A look at up to `most` events. Whether it was whole. */
static bool look (const struct history *history, struct overdue *overdue, unsigned most)
{
    bool goes_on = true;
    overdue_pass (overdue, history->acknowledged);
    for (; most > 0 && goes_on && overdue->looked < history->newest; most--)
        goes_on = overdue_take (overdue, &history->events[overdue->looked + 1], history->now - LIMIT);
    return !goes_on || overdue->looked >= history->newest;
}

static void test_the_oldest_that_is_overdue_is_found_and_told_once (void **state)
{
    unsigned begun = 0, ended = 0;
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct history history = {.now = 1000};
        struct overdue overdue = {0};
        uint64_t told = 0;
        for (unsigned i = 0; i < 2 * EVENTS; i++) {
            go_on (&history);
            bool is_whole = look (&history, &overdue, 1 + random_pick (4));
            uint64_t oldest = find_oldest (&history);
            if (overdue.number != 0 || is_whole)
                assert_int_equal (overdue.number, oldest);
            if (overdue.number != 0)
                assert_int_equal (overdue.since, history.events[oldest].time);
            enum overdue_word word = overdue_judge (&overdue, told, is_whole);
            assert_true (word != OVERDUE_BEGINS || (told == 0 && oldest != 0));
            assert_true (word != OVERDUE_ENDS || (told != 0 && oldest == 0));
            if (is_whole)
                assert_true ((word == OVERDUE_BEGINS) == (told == 0 && oldest != 0));
            begun += word == OVERDUE_BEGINS;
            ended += word == OVERDUE_ENDS;
            if (word != OVERDUE_NOTHING)
                told = overdue.number;
        }
    }
    assert_true (begun > ROUNDS / 2);
    assert_true (ended > ROUNDS / 4);
}

static void test_what_only_tells_alarms_nobody_and_an_alarm_does_not_feed_itself (void **state)
{
    (void)state;
    assert_true (event_protects (EVENT_CONSENT_REVOKED));
    assert_true (event_protects (EVENT_SUBJECT_ERASED));
    assert_true (event_protects (EVENT_PASSED_OVER)); /* it may have been one */
    assert_false (event_protects (EVENT_CONSENT_GRANTED));
    assert_false (event_protects (EVENT_REGISTRY_ALARM));
    assert_false (event_protects (EVENT_HEARTBEAT));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_the_oldest_that_is_overdue_is_found_and_told_once),
        cmocka_unit_test (test_what_only_tells_alarms_nobody_and_an_alarm_does_not_feed_itself),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
