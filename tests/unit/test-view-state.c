/* When a view believes what it knows: what was heard late, never, of another registry or in the wrong order
   permits nothing, whatever comes after it. */
#include "testing.h"
#include "view_state.h"

enum { SILENCE = 15000, BEAT = 5000 };

/* The registry's clock less this machine's: nobody knows it but the test. */
static const int64_t AHEAD = 1700000000000;

static struct view_state placed (void)
{
    struct view_state state = {.silence = SILENCE};
    const struct view_start start = {
        .number = 7, .revision = 70, .basis = 3, .as_of = AHEAD + 1040, .asked = 1000};
    assert_int_equal (view_state_judge (&state, 0), CONSENT_VIEW_CATCHING_UP);
    assert_int_equal (view_state_age (&state, 0), -1);
    view_state_place (&state, &start);
    return state;
}

/* A heartbeat that was sent at `sent` and is looked at at `at`, both by this machine's clock. */
static enum view_news beat (struct view_state *state, uint64_t newest, int64_t sent, int64_t at)
{
    const struct view_heard heard = {.number = newest, .revision = 70, .basis = 3, .time = AHEAD + sent, .at = at};
    return view_state_hear (state, &heard);
}

static enum view_news event (struct view_state *state, uint64_t number, int64_t at)
{
    const struct view_heard heard = {
        .is_event = true, .number = number, .revision = 71, .basis = 3, .time = AHEAD + at, .at = at};
    return view_state_hear (state, &heard);
}

static void test_it_believes_for_as_long_as_it_hears (void **state)
{
    (void)state;
    struct view_state view = placed ();
    assert_int_equal (view_state_judge (&view, 1100), CONSENT_VIEW_NOT_PERMITTED);
    assert_int_equal (view_state_judge (&view, 1000 + SILENCE), CONSENT_VIEW_NOT_PERMITTED);
    assert_int_equal (view_state_judge (&view, 1000 + SILENCE + 1), CONSENT_VIEW_SILENT);
    for (int64_t at = 6000; at < 600000; at += BEAT) {
        assert_int_equal (beat (&view, 7, at, at + 2), VIEW_NO_NEWS);
        assert_int_equal (view_state_judge (&view, at + BEAT), CONSENT_VIEW_NOT_PERMITTED);
        assert_in_range (view_state_age (&view, at + 100), 98, 100 + 40); /* 2 ms are on the way */
    }
    assert_int_equal (view_state_judge (&view, 600000 + SILENCE + 1), CONSENT_VIEW_SILENT);
    assert_int_equal (beat (&view, 7, 700000, 700000), VIEW_NO_NEWS);
    assert_int_equal (view_state_judge (&view, 700001), CONSENT_VIEW_NOT_PERMITTED);
}

/* A process that was stopped, or a link that was cut, gives at once what was sent long ago. */
static void test_what_was_held_up_is_as_old_as_it_is (void **state)
{
    (void)state;
    struct view_state view = placed ();
    for (int64_t sent = 6000; sent <= 16000; sent += BEAT)
        assert_int_equal (beat (&view, 7, sent, 60000), VIEW_NO_NEWS);
    assert_int_equal (view_state_judge (&view, 60000), CONSENT_VIEW_SILENT);
    assert_in_range (view_state_age (&view, 60000), 44000, 44040);
    assert_int_equal (beat (&view, 7, 60001, 60001), VIEW_NO_NEWS);
    assert_int_equal (view_state_judge (&view, 60002), CONSENT_VIEW_NOT_PERMITTED);
}

static void test_a_heartbeat_that_counts_more_is_waited_for (void **state)
{
    (void)state;
    struct view_state view = placed ();
    assert_int_equal (beat (&view, 9, 6000, 6000), VIEW_NO_NEWS);
    assert_int_equal (view_state_judge (&view, 6000), CONSENT_VIEW_CATCHING_UP);
    assert_in_range (view_state_age (&view, 6000), 4960, 5040); /* of the snapshot: nothing more is known yet */
    assert_int_equal (event (&view, 8, 6001), VIEW_APPLY);
    assert_int_equal (view_state_judge (&view, 6001), CONSENT_VIEW_CATCHING_UP);
    assert_int_equal (event (&view, 9, 6002), VIEW_APPLY);
    assert_int_equal (view_state_judge (&view, 6002), CONSENT_VIEW_NOT_PERMITTED);
    assert_in_range (view_state_age (&view, 6002), 0, 42); /* all was known as of that heartbeat */
    assert_int_equal (view.revision, 71);
}

/* An event says nothing of those behind it. */
static void test_events_alone_do_not_make_it_fresh (void **state)
{
    (void)state;
    struct view_state view = placed ();
    for (uint64_t number = 8; number < 30; number++)
        assert_int_equal (event (&view, number, 1000 + 1000 * (int64_t)(number - 7)), VIEW_APPLY);
    assert_int_equal (view_state_judge (&view, 23000), CONSENT_VIEW_SILENT);
}

static void test_what_is_in_the_snapshot_is_not_applied (void **state)
{
    (void)state;
    struct view_state view = placed ();
    for (uint64_t number = 1; number <= 7; number++)
        assert_int_equal (event (&view, number, 1100), VIEW_NO_NEWS);
    assert_int_equal (event (&view, 8, 1100), VIEW_APPLY);
    assert_int_equal (event (&view, 8, 1100), VIEW_NO_NEWS);
    assert_int_equal (view.number, 8);
}

static void assert_lost (struct view_state *view, enum view_news news, enum consent_view_why why)
{
    assert_int_equal (news, VIEW_LOST);
    assert_int_equal (view_state_judge (view, 7000), why);
    assert_int_equal (view_state_age (view, 7000), -1);
    assert_int_equal (beat (view, 7, 7000, 7000), VIEW_NO_NEWS); /* nothing mends it */
    assert_int_equal (event (view, 8, 7000), VIEW_NO_NEWS);
    assert_int_equal (view_state_judge (view, 7000), why);
    *view = placed (); /* but a snapshot */
    assert_int_equal (view_state_judge (view, 7000), CONSENT_VIEW_NOT_PERMITTED);
}

static void test_a_gap_or_another_basis_ends_it (void **state)
{
    (void)state;
    struct view_state view = placed ();
    assert_lost (&view, event (&view, 9, 6000), CONSENT_VIEW_GAP);
    const struct view_heard other = {.number = 7, .revision = 70, .basis = 4, .time = AHEAD + 6000, .at = 6000};
    assert_lost (&view, view_state_hear (&view, &other), CONSENT_VIEW_OTHER_BASIS);
    const struct view_heard before = {.number = 6, .revision = 60, .basis = 2, .time = AHEAD + 900, .at = 1100};
    assert_int_equal (view_state_hear (&view, &before), VIEW_NO_NEWS); /* sent before the snapshot */
    assert_int_equal (view_state_judge (&view, 1100), CONSENT_VIEW_NOT_PERMITTED);
    view_state_end (&view, CONSENT_VIEW_CONTRADICTED);
    assert_int_equal (view_state_judge (&view, 1100), CONSENT_VIEW_CONTRADICTED);
}

/* The registry's clock was put back, or stands: it says the same time again and again. Then nothing ever ends. */
static void test_a_clock_that_stands_is_noticed (void **state)
{
    (void)state;
    struct view_state view = placed ();
    enum view_news news = VIEW_NO_NEWS;
    int64_t at = 1000;
    while (news == VIEW_NO_NEWS && at < 60000) {
        at += BEAT;
        news = beat (&view, 7, 1100, at);
        if (at > 1100 + SILENCE)
            assert_int_not_equal (view_state_judge (&view, at), CONSENT_VIEW_NOT_PERMITTED);
    }
    assert_int_equal (news, VIEW_LOST);
    assert_in_range (at, 1100 + SILENCE, 1100 + SILENCE + 2 * BEAT + 1);
    assert_int_equal (view_state_judge (&view, at), CONSENT_VIEW_CLOCK);
}

/* What cannot have been sent yet: how old anything is, is not known. */
static void test_a_message_from_the_future_is_not_believed (void **state)
{
    (void)state;
    struct view_state view = placed ();
    assert_int_equal (beat (&view, 7, 6000 + VIEW_DISAGREE, 6000), VIEW_NO_NEWS);
    view = placed ();
    assert_lost (&view, beat (&view, 7, 6000 + 2 * VIEW_DISAGREE, 6000), CONSENT_VIEW_CLOCK);
}

/* A clock that goes somewhat faster or slower than the other is none of these. */
static void test_clocks_may_drift (void **state)
{
    (void)state;
    for (int64_t part = -10000; part <= 10000; part += 20000) { /* 100 ppm */
        struct view_state view = placed ();
        for (int64_t at = 6000; at < INT64_C (10) * 86400000; at += BEAT) {
            assert_int_equal (beat (&view, 7, at + at / part, at + 3), VIEW_NO_NEWS);
            assert_int_equal (view_state_judge (&view, at + BEAT), CONSENT_VIEW_NOT_PERMITTED);
        }
    }
}

static void test_it_says_no_while_the_registry_does_not_decide (void **state)
{
    (void)state;
    struct view_state view = placed ();
    const struct view_heard stopped = {
        .number = 7, .revision = 70, .basis = 3, .stopped = true, .time = AHEAD + 6000, .at = 6000};
    assert_int_equal (view_state_hear (&view, &stopped), VIEW_NO_NEWS);
    assert_int_equal (view_state_judge (&view, 6000), CONSENT_VIEW_CLOCK);
    assert_int_equal (beat (&view, 7, 7000, 7000), VIEW_NO_NEWS);
    assert_int_equal (view_state_judge (&view, 7000), CONSENT_VIEW_NOT_PERMITTED);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_it_believes_for_as_long_as_it_hears),
        cmocka_unit_test (test_what_was_held_up_is_as_old_as_it_is),
        cmocka_unit_test (test_a_heartbeat_that_counts_more_is_waited_for),
        cmocka_unit_test (test_events_alone_do_not_make_it_fresh),
        cmocka_unit_test (test_what_is_in_the_snapshot_is_not_applied),
        cmocka_unit_test (test_a_gap_or_another_basis_ends_it),
        cmocka_unit_test (test_a_clock_that_stands_is_noticed),
        cmocka_unit_test (test_a_message_from_the_future_is_not_believed),
        cmocka_unit_test (test_clocks_may_drift),
        cmocka_unit_test (test_it_says_no_while_the_registry_does_not_decide),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
