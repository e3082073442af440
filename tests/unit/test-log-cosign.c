/* A subscriber that is a witness: what it cosigns of the log, and when. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "attempt.h"
#include "events.h"
#include "log_watch.h"
#include "testing.h"
#include "watched_log.h"

#define ORIGIN signed_log_origin

static int take_cosignature (struct watched *all)
{
    Consentd__LogCosignReply body;
    consentd__log_cosign_reply__init (&body);
    Consentd__Reply reply = watched_make_reply (CONSENTD__STATUS__OK, watched_epoch);
    reply.body_case = CONSENTD__REPLY__BODY_LOG_COSIGN;
    reply.log_cosign = &body;
    return watched_answer (all, &reply);
}

static void test_only_what_is_on_the_disk_is_cosigned (void **state)
{
    struct watched *all = *state;
    watched_be_witness (all);
    assert_int_equal (watched_subscribe (all), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    assert_int_equal (watched_show (all, 100, 0), STREAM_NOTHING);
    assert_int_equal (watched_lines_kept (all), 100);
    ASSERT_COSIGNS (all, 100);
    watched_assert_quiet (all);
    assert_int_equal (take_cosignature (all), STREAM_NOTHING);
    struct consent_checkpoint checkpoint;
    assert_int_equal (consent_checkpoint (all->self, &checkpoint), CONSENT_OK);
    assert_int_equal (checkpoint.cosigned, 100);
    assert_string_equal (checkpoint.refused, "");
    assert_string_equal (checkpoint.origin, ORIGIN);
    assert_string_equal (checkpoint.keys[0], all->key);
    assert_null (checkpoint.keys[1]);
}

static void test_what_cannot_be_kept_is_not_cosigned (void **state)
{
    struct watched *all = *state;
    watched_be_witness (all);
    assert_int_equal (watched_subscribe (all), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    assert_int_equal (mkdir (all->position, 0700), 0); /* no file can take its place */
    assert_true (watched_show (all, 100, 0) < 0);
    watched_assert_quiet (all);
    assert_int_equal (rmdir (all->position), 0);
}

static void test_a_cosignature_verifies (void **state)
{
    struct watched *all = *state;
    watched_be_witness (all);
    watched_see_100 (all);
    Consentd__Request *request = fake_link_take (&all->link);
    struct note_key key;
    struct note note;
    uint64_t when;
    char *whole;
    assert_int_equal (request->body_case, CONSENTD__REQUEST__BODY_LOG_COSIGN);
    assert_true (note_key_read (&key, request->log_cosign->key));
    assert_true (asprintf (&whole, "%s%s\n", all->note, request->log_cosign->signature) > 0);
    assert_int_equal (note_read (&note, (struct bytes){whole, strlen (whole)}), NOTE_OK);
    assert_int_equal (note_verify (&note, &key, &when), NOTE_OK);
    assert_true (when > 1764000000);
    free (whole);
    consentd__request__free_unpacked (request, NULL);
}

static void test_a_newer_one_is_cosigned_when_the_one_before_was_taken (void **state)
{
    struct watched *all = *state;
    uint8_t cosigning[ID_BYTES];
    watched_be_witness (all);
    watched_see_100 (all);
    ASSERT_COSIGNS (all, 100);
    memcpy (cosigning, all->asked, ID_BYTES);
    assert_int_equal (watched_push (all, 150), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING);
    watched_assert_quiet (all);
    memcpy (all->asked, cosigning, ID_BYTES);
    assert_int_equal (take_cosignature (all), STREAM_NOTHING);
    ASSERT_COSIGNS (all, 150);
}

/* A witness that was killed between writing and cosigning, or whose word was lost, says it again. */
static void test_what_was_kept_and_not_cosigned_is_cosigned_after_a_start (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_be_witness (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    watched_assert_quiet (all); /* not before the registry shows that it is still so */
    assert_int_equal (watched_show (all, 100, 100), STREAM_NOTHING);
    ASSERT_COSIGNS (all, 100);
}

static void test_a_contradiction_is_not_cosigned (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_be_witness (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    watched_assert_contradicted (
        all, watched_show_by (all, &(struct signed_log){ORIGIN, 100, 7}, 100, WATCHED_KEY), "does not begin");
    watched_assert_quiet (all);
}

static void test_a_cosignature_that_is_not_taken_is_said_and_ends_nothing (void **state)
{
    struct watched *all = *state;
    struct consent_checkpoint checkpoint;
    watched_be_witness (all);
    watched_see_100 (all);
    ASSERT_COSIGNS (all, 100);
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__INVALID, "log_cosign.signature"), STREAM_NOTHING);
    assert_true (all->self->stream.live);
    consent_checkpoint (all->self, &checkpoint);
    assert_string_equal (checkpoint.refused, "INVALID at log_cosign.signature: as the test wants it");
    assert_int_equal (checkpoint.cosigned, 0);
    assert_int_equal (log_watch_due (all->self), INT64_MAX); /* the same again would be refused again */
    assert_int_equal (watched_push (all, 150), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING);
    ASSERT_COSIGNS (all, 150);
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__UNAVAILABLE, ""), STREAM_NOTHING);
    int64_t wait = log_watch_due (all->self) - attempt_now ();
    assert_true (wait > 14000 && wait <= 15000);
    all->self->log.cosigning.due = attempt_now ();
    log_watch_tick (all->self);
    ASSERT_COSIGNS (all, 150);
    assert_int_equal (take_cosignature (all), STREAM_NOTHING);
    consent_checkpoint (all->self, &checkpoint);
    assert_string_equal (checkpoint.refused, "");
    assert_int_equal (checkpoint.cosigned, 150);
}

static void test_a_witness_without_a_position_file_is_none (void **state)
{
    struct watched *all = *state;
    watched_be_witness (all);
    all->self->stream.begun = false;
    snprintf (all->self->key.events, sizeof all->self->key.events, "tcp://127.0.0.1:1");
    assert_int_equal (consent_subscribe (all->self, NULL, 0), CONSENT_INVALID);
    assert_non_null (strstr (consent_last_error (all->self), "position file"));
    all->self->stream.begun = true;
    assert_int_equal (consent_set_witness (all->self, "/nowhere"), CONSENT_INVALID);
    assert_non_null (strstr (consent_last_error (all->self), "before the subscription"));
    all->self->stream.begun = false;
    assert_int_equal (consent_set_witness (all->self, "/nowhere"), CONSENT_INVALID);
    assert_non_null (strstr (consent_last_error (all->self), "/nowhere"));
    assert_null (all->self->witness);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, watched_set_up, watched_tear_down)
    const struct CMUnitTest tests[] = {
        TEST (test_only_what_is_on_the_disk_is_cosigned),
        TEST (test_what_cannot_be_kept_is_not_cosigned),
        TEST (test_a_cosignature_verifies),
        TEST (test_a_newer_one_is_cosigned_when_the_one_before_was_taken),
        TEST (test_what_was_kept_and_not_cosigned_is_cosigned_after_a_start),
        TEST (test_a_contradiction_is_not_cosigned),
        TEST (test_a_cosignature_that_is_not_taken_is_said_and_ends_nothing),
        TEST (test_a_witness_without_a_position_file_is_none),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
