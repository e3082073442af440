/* How a subscriber watches the log: what it asks, and what it keeps before it says that it saw it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "attempt.h"
#include "events.h"
#include "log_watch.h"
#include "testing.h"
#include "watched_log.h"

static void test_what_was_seen_is_on_the_disk_and_asked_to_be_continued (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_assert_quiet (all);
    assert_int_equal (watched_push (all, 150), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (watched_lines_kept (all), 150);
    assert_int_equal (watched_lines_seen (all), 150);
    watched_assert_quiet (all);
    assert_true (all->self->stream.live);
}

static void test_pushes_while_an_answer_is_out_are_one_more_request (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    for (uint64_t lines = 110; lines < 160; lines += 10)
        assert_int_equal (watched_push (all, lines), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    watched_assert_quiet (all);
    assert_int_equal (watched_show (all, 120, 100), STREAM_NOTHING);
    ASSERT_ASKS (all, 120);
    watched_assert_quiet (all);
    assert_int_equal (watched_show (all, 150, 120), STREAM_NOTHING);
    watched_assert_quiet (all);
}

static void test_events_go_on_while_nothing_is_said_of_the_log (void **state)
{
    struct watched *all = *state;
    uint8_t id[ID_BYTES] = "an id of 16 byte";
    assert_int_equal (watched_subscribe (all), STREAM_NOTHING);
    Consentd__EventPush body;
    consentd__event_push__init (&body);
    body.kind = CONSENTD__EVENT_KIND__CONSENT_REVOKED;
    body.number = 8;
    body.consent_id = body.subject_ref = (ProtobufCBinaryData){ID_BYTES, id};
    Consentd__Reply reply = watched_make_reply (CONSENTD__STATUS__OK, watched_epoch);
    reply.body_case = CONSENTD__REPLY__BODY_EVENT;
    reply.event = &body;
    uint8_t bytes[512];
    size_t size = consentd__reply__pack (&reply, bytes);
    struct consent_event *event = NULL;
    assert_int_equal (stream_handle (all->self, reply_unpack (bytes, size), &event), CONSENT_OK);
    assert_int_equal (event->number, 8);
    consent_event_destroy (&event);
}

/* What the registry says of its log is no sign that it still sends events. */
static void test_the_log_breaks_no_silence (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    all->self->stream.heard_at = 1;
    assert_int_equal (watched_push (all, 150), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (all->self->stream.heard_at, 1);
}

/* --- No log ------------------------------------------------------------------------------------------- */

static void test_a_registry_without_a_log_is_gone_on_with (void **state)
{
    struct watched *all = *state;
    static const struct {
        Consentd__Status status;
        const char *field;
    } answers[] = {{CONSENTD__STATUS__NOT_FOUND, ""},
                   {CONSENTD__STATUS__INVALID, "request"}, /* of an earlier version, which knows no such request */
                   {CONSENTD__STATUS__FORBIDDEN, ""}};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        watched_come_back (all);
        ASSERT_WATCHES (all, 0);
        assert_int_equal (watched_refuse (all, answers[i].status, answers[i].field), STREAM_NOTHING);
        assert_true (all->self->stream.live);
        assert_int_equal (log_watch_due (all->self), INT64_MAX); /* it is not asked again and again */
    }
    assert_int_equal (watched_lines_seen (all), 0);
    struct consent_checkpoint none;
    assert_int_equal (consent_checkpoint (all->self, &none), CONSENT_NOT_FOUND);
    assert_true (none.unanswered_since == 0); /* it owes nothing */
}

static void test_the_first_checkpoint_of_a_registry_that_had_none_is_seen (void **state)
{
    struct watched *all = *state;
    assert_int_equal (watched_subscribe (all), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__NOT_FOUND, ""), STREAM_NOTHING);
    assert_int_equal (watched_push (all, 3), STREAM_NOTHING);
    ASSERT_ASKS (all, 0);
    assert_int_equal (watched_show (all, 3, 0), STREAM_NOTHING);
    assert_int_equal (watched_lines_kept (all), 3);
}

static void test_a_log_that_is_shown_no_more_is_a_contradiction (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    watched_assert_contradicted (all, watched_refuse (all, CONSENTD__STATUS__NOT_FOUND, ""),
                                 "no checkpoint of its log any more");
}

static void test_a_registry_that_knows_no_log_any_more_is_a_contradiction (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    watched_assert_contradicted (all, watched_refuse (all, CONSENTD__STATUS__INVALID, "request"),
                                 "no checkpoint of its log any more");
}

static void test_a_key_that_was_removed_is_no_contradiction (void **state)
{
    struct watched *all = *state;
    struct consent_event *event;
    watched_see_100 (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    assert_int_equal (watched_refuse_in (all, CONSENTD__STATUS__FORBIDDEN, (char[]){""}, watched_no_epoch),
                      CONSENT_FORBIDDEN);
    assert_int_equal (consent_next_event (all->self, 0, &event), CONSENT_FORBIDDEN);
    assert_null (watched_read_beside (all, "contradiction"));
}

static void test_what_cannot_be_answered_now_is_asked_again_later (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    assert_int_equal (watched_refuse_in (all, CONSENTD__STATUS__UNAVAILABLE, (char[]){""}, watched_no_epoch),
                      STREAM_NOTHING);
    int64_t wait = log_watch_due (all->self) - attempt_now ();
    assert_true (wait > 14000 && wait <= 15000);
    log_watch_tick (all->self);
    watched_assert_quiet (all);
    all->self->log.asked.due = attempt_now ();
    log_watch_tick (all->self);
    ASSERT_WATCHES (all, 100);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (watched_lines_kept (all), 150);
}

static void test_what_has_no_answer_is_sent_again (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    assert_int_equal (watched_push (all, 150), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    all->self->log.asked.due = attempt_now ();
    log_watch_tick (all->self);
    ASSERT_ASKS (all, 100);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING); /* the answer to the other one */
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__INVALID, "request"), STREAM_NOTHING);
    assert_int_equal (watched_lines_kept (all), 150);
}

/* A registry that would rather say nothing: no other connection, and no other refusal, makes it forgotten. */
static void test_since_when_an_answer_is_owed_is_told_until_it_comes (void **state)
{
    struct watched *all = *state;
    struct consent_checkpoint checkpoint;
    watched_see_100 (all);
    consent_checkpoint (all->self, &checkpoint);
    assert_true (checkpoint.unanswered_since == 0);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    all->self->unanswered_since = 1764000000000;
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__UNAVAILABLE, ""), STREAM_NOTHING);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    assert_int_equal (watched_show (all, 150, 0), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    consent_checkpoint (all->self, &checkpoint);
    assert_true (checkpoint.unanswered_since == 1764000000000);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING);
    consent_checkpoint (all->self, &checkpoint);
    assert_true (checkpoint.unanswered_since == 0);
    assert_int_equal (watched_push (all, 200), STREAM_NOTHING);
    ASSERT_ASKS (all, 150);
    consent_checkpoint (all->self, &checkpoint);
    assert_true (checkpoint.unanswered_since > 1764000000000);
}

/* Who was given a key of the log knows that there is one, and so does who is to sign it. */
static void test_a_log_that_there_must_be_is_owed (void **state)
{
    struct watched *all = *state;
    static const Consentd__Status answers[] = {CONSENTD__STATUS__NOT_FOUND, CONSENTD__STATUS__INVALID,
                                               CONSENTD__STATUS__FORBIDDEN};
    struct consent_checkpoint checkpoint;
    for (size_t i = 0; i < 2 * sizeof answers / sizeof *answers; i++) {
        all->self->key.log_keys.count = i % 2;
        if (i % 2 == 0 && !all->self->witness)
            watched_be_witness (all);
        watched_come_back (all);
        ASSERT_WATCHES (all, 0);
        all->self->unanswered_since = 1764000000000;
        assert_int_equal (watched_refuse (all, answers[i / 2], "request"), STREAM_NOTHING);
        assert_true (all->self->stream.live);
        consent_checkpoint (all->self, &checkpoint);
        assert_true (checkpoint.unanswered_since == 1764000000000);
    }
}

static void test_lines_that_are_pushed_and_not_shown_are_asked_for_once (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    assert_int_equal (watched_push (all, 150), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    assert_int_equal (watched_push (all, UINT64_MAX), STREAM_NOTHING);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING);
    ASSERT_ASKS (all, 150);
    assert_int_equal (watched_show (all, 150, 150), STREAM_NOTHING);
    watched_assert_quiet (all);
}

/* Whoever waits for events for ever is woken for it. */
static void test_waiting_for_an_event_sends_again_what_has_no_answer (void **state)
{
    struct watched *all = *state;
    struct consent_event *event;
    watched_see_100 (all);
    consent_set_silence (all->self, 20);
    assert_int_equal (watched_push (all, 150), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    consent_set_silence (all->self, 15000);
    all->self->stream.heard_at = attempt_now ();
    assert_int_equal (consent_next_event (all->self, 500, &event), CONSENT_NO_EVENT);
    ASSERT_ASKS (all, 100);
    watched_assert_quiet (all);
}

/* --- A position that begins anew ---------------------------------------------------------------------- */

/* --from, with the position file that `watched_see_100` left, in a registry of this epoch. */
static int begin_anew (struct watched *all, uint8_t *epoch)
{
    struct event_stream *stream = &all->self->stream;
    free (stream->position_file);
    *stream = (struct event_stream){.begun = false};
    snprintf (all->self->key.events, sizeof all->self->key.events, "tcp://127.0.0.1:1");
    assert_int_equal (consent_subscribe (all->self, all->position, 8), CONSENT_OK);
    Consentd__SubscribeReply body;
    consentd__subscribe_reply__init (&body);
    body.next = 8;
    body.newest = 9;
    body.acknowledged = 7;
    Consentd__Reply reply = watched_make_reply (CONSENTD__STATUS__OK, epoch);
    reply.body_case = CONSENTD__REPLY__BODY_SUBSCRIBE;
    reply.subscribe = &body;
    return watched_hear (all, &reply);
}

static void test_in_the_same_epoch_what_was_seen_still_counts (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    assert_int_equal (begin_anew (all, watched_epoch), STREAM_NOTHING);
    assert_string_equal (consent_former_position (all->self), "");
    assert_int_equal (watched_lines_kept (all), 100);
    ASSERT_WATCHES (all, 100);
    watched_assert_contradicted (all, watched_show (all, 99, 0), "has 99 lines");
}

static void test_the_position_of_another_epoch_is_kept_aside_each_time (void **state)
{
    struct watched *all = *state;
    for (int time = 1; time < 3; time++) {
        memcpy (all->self->stream.position.epoch, watched_epoch, ID_BYTES);
        all->self->stream.has_epoch = all->self->stream.placed = true;
        all->self->stream.live = false;
        all->self->stream.delivered = all->self->stream.position.number = 7;
        all->self->stream.position.log.note_size = all->self->stream.position.log.keys.count = 0;
        watched_see_100 (all);
        assert_int_equal (begin_anew (all, watched_other_epoch), STREAM_NOTHING);
        assert_int_equal (watched_lines_kept (all), 0);
        ASSERT_WATCHES (all, 0); /* another history: nothing is known of it */
        const char *suffix =
            time == 1 ? "before-30313233343536373839616263646500" : "before-30313233343536373839616263646500-2";
        assert_non_null (strstr (consent_former_position (all->self), suffix));
        char *kept = watched_read_beside (all, suffix);
        assert_non_null (strstr (kept, "\nnumber 7\n"));
        assert_non_null (strstr (kept, "\n100\n"));
        free (kept);
        free (all->self->former_file);
        all->self->former_file = NULL;
        unlink (all->position);
    }
}

static void test_what_was_no_position_is_kept_aside_too (void **state)
{
    struct watched *all = *state;
    FILE *file = fopen (all->position, "w");
    fputs ("consent-position 2\nthe rest was lost", file);
    fclose (file);
    assert_int_equal (begin_anew (all, watched_epoch), STREAM_NOTHING);
    char *kept = watched_read_beside (all, "damaged");
    assert_string_equal (kept, "consent-position 2\nthe rest was lost");
    free (kept);
    free (all->self->former_file);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, watched_set_up, watched_tear_down)
    const struct CMUnitTest tests[] = {
        TEST (test_what_was_seen_is_on_the_disk_and_asked_to_be_continued),
        TEST (test_pushes_while_an_answer_is_out_are_one_more_request),
        TEST (test_events_go_on_while_nothing_is_said_of_the_log),
        TEST (test_the_log_breaks_no_silence),
        TEST (test_a_registry_without_a_log_is_gone_on_with),
        TEST (test_the_first_checkpoint_of_a_registry_that_had_none_is_seen),
        TEST (test_a_log_that_is_shown_no_more_is_a_contradiction),
        TEST (test_a_registry_that_knows_no_log_any_more_is_a_contradiction),
        TEST (test_a_key_that_was_removed_is_no_contradiction),
        TEST (test_what_cannot_be_answered_now_is_asked_again_later),
        TEST (test_what_has_no_answer_is_sent_again),
        TEST (test_a_log_that_there_must_be_is_owed),
        TEST (test_lines_that_are_pushed_and_not_shown_are_asked_for_once),
        TEST (test_waiting_for_an_event_sends_again_what_has_no_answer),
        TEST (test_since_when_an_answer_is_owed_is_told_until_it_comes),
        TEST (test_in_the_same_epoch_what_was_seen_still_counts),
        TEST (test_the_position_of_another_epoch_is_kept_aside_each_time),
        TEST (test_what_was_no_position_is_kept_aside_too),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
