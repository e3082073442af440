/* How each contradiction ends the stream of a subscriber for good, with the evidence beside the position; and what
   is none. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "events.h"
#include "testing.h"
#include "watched_log.h"

#define ORIGIN signed_log_origin

/* --- Contradictions ----------------------------------------------------------------------------------- */

static void test_a_registry_that_was_put_back_shows_how_far_it_is (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    watched_assert_contradicted (all, watched_show (all, 99, 0),
                                 "the registry's log has 99 lines, and it signed 100 on 20");
    char *evidence = watched_read_beside (all, "contradiction");
    assert_non_null (evidence);
    assert_non_null (strstr (evidence, "consent-contradiction 1\nwhat the registry's log has 99 lines"));
    assert_non_null (strstr (evidence, "\nlog-key gemeente-voorbeeld.nl/toestemmingen+"));
    assert_non_null (strstr (evidence, "\ngemeente-voorbeeld.nl/toestemmingen\n100\n"));
    assert_non_null (strstr (evidence, "\ngemeente-voorbeeld.nl/toestemmingen\n99\n"));
    assert_non_null (strstr (consent_last_error (all->self), "the evidence is in "));
    assert_int_equal (watched_lines_kept (all), 100); /* what was seen stays seen */
    free (evidence);
}

static void test_a_log_that_was_rewritten_is_kept_with_what_it_showed_for_a_proof (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    assert_int_equal (watched_push (all, 150), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    watched_assert_contradicted (
        all, watched_show_by (all, &(struct signed_log){ORIGIN, 150, 50}, 100, WATCHED_KEY),
        "the registry's log of 150 lines does not begin with the 100 that it signed on 20");
    char *evidence = watched_read_beside (all, "contradiction");
    int hashes = 0;
    for (const char *at = evidence; (at = strstr (at, "\nproof ")); at++)
        hashes++;
    assert_true (hashes > 3);
    assert_int_equal (watched_lines_kept (all), 100);
    free (evidence);
}

static void test_a_key_that_is_not_known_is_a_contradiction (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    assert_int_equal (watched_push (all, 150), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    watched_assert_contradicted (
        all, watched_show_by (all, &(struct signed_log){ORIGIN, 150, 0}, 100, WATCHED_OTHER_KEY),
        "is not signed by a known key");
}

static void test_the_key_file_says_whom_to_believe_at_first (void **state)
{
    struct watched *all = *state;
    all->self->key.log_keys.key[all->self->key.log_keys.count++] =
        signed_log_signer (ORIGIN, NOTE_ED25519, WATCHED_KEY).key;
    assert_int_equal (watched_subscribe (all), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    watched_assert_contradicted (all,
                                 watched_show_by (all, &(struct signed_log){ORIGIN, 100, 0}, 0, WATCHED_OTHER_KEY),
                                 "is not signed by a known key");
    assert_int_equal (watched_lines_kept (all), 0);
}

/* The registry says that it has fewer lines, and shows more: a checkpoint may have been made meanwhile, but not
 * always. */
static void test_answers_that_never_go_together_are_a_contradiction (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    assert_int_equal (watched_show (all, 150, 0), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    watched_assert_contradicted (all, watched_refuse (all, CONSENTD__STATUS__INVALID, "log_checkpoint.earlier"),
                                 "");
}

static void test_a_checkpoint_that_was_made_meanwhile_is_none (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    assert_int_equal (watched_show (all, 150, 0), STREAM_NOTHING);
    ASSERT_ASKS (all, 100);
    assert_int_equal (watched_show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (watched_lines_kept (all), 150);
}

/* The same evidence is one file; other evidence is another, and none takes the place of one before. */
static void test_evidence_is_never_overwritten (void **state)
{
    struct watched *all = *state;
    static const uint64_t lines[] = {99, 99, 98};
    watched_see_100 (all);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        fake_link_close (&all->link, all->self);
        fake_link_open (&all->link, all->self);
        all->self->stream.final = 0;
        watched_come_back (all);
        ASSERT_WATCHES (all, 100);
        watched_assert_contradicted (all, watched_show (all, lines[i], 0),
                                     i < 2 ? ".contradiction" : ".contradiction-2");
    }
    char *first = watched_read_beside (all, "contradiction"),
         *second = watched_read_beside (all, "contradiction-2");
    assert_non_null (strstr (first, "has 99 lines"));
    assert_non_null (strstr (second, "has 98 lines"));
    assert_null (watched_read_beside (all, "contradiction-3"));
    free (first);
    free (second);
}

static void test_without_a_position_file_a_contradiction_is_only_said (void **state)
{
    struct watched *all = *state;
    free (all->self->stream.position_file);
    all->self->stream.position_file = NULL;
    assert_int_equal (watched_subscribe (all), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    assert_int_equal (watched_show (all, 100, 0), STREAM_NOTHING);
    assert_int_equal (watched_lines_seen (all), 100);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    watched_assert_contradicted (all, watched_show (all, 99, 0), "has 99 lines");
    assert_null (strstr (consent_last_error (all->self), "evidence"));
}

static void test_another_epoch_is_a_gap_and_no_contradiction (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    watched_come_back (all);
    ASSERT_WATCHES (all, 100);
    assert_int_equal (
        watched_refuse_in (all, CONSENTD__STATUS__INVALID, (char[]){"log_watch.earlier"}, watched_other_epoch),
        CONSENT_GAP);
    assert_null (watched_read_beside (all, "contradiction"));
}

/* --- A gap in the events ------------------------------------------------------------------------------ */

/* The registry has no event 8 to go on from. */
static int cannot_resume (struct watched *all)
{
    all->self->stream.live = false;
    Consentd__Reply reply = watched_make_reply (CONSENTD__STATUS__INVALID, watched_epoch);
    reply.field = (char[]){"subscribe.from"};
    reply.idempotency_key = (ProtobufCBinaryData){ID_BYTES, all->self->stream.subscribe_key};
    return watched_hear (all, &reply);
}

static void test_a_gap_is_said_at_once_where_no_log_was_seen (void **state)
{
    assert_int_equal (cannot_resume (*state), CONSENT_GAP);
}

static void test_a_gap_of_a_registry_that_was_put_back_is_a_contradiction (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    assert_int_equal (cannot_resume (all), STREAM_NOTHING);
    ASSERT_WATCHES (all, 100);
    assert_int_equal (watched_refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    watched_assert_contradicted (all, watched_show (all, 99, 0), "has 99 lines");
}

static void test_a_gap_stays_one_whatever_else_the_log_says (void **state)
{
    struct watched *all = *state;
    watched_see_100 (all);
    for (int i = 0; i < 3; i++) {
        fake_link_close (&all->link, all->self);
        fake_link_open (&all->link, all->self);
        all->self->stream.final = 0;
        all->self->stream.gap[0] = 0;
        assert_int_equal (cannot_resume (all), STREAM_NOTHING);
        ASSERT_WATCHES (all, 100);
        if (i == 0)
            assert_int_equal (watched_show (all, 100, 100), CONSENT_GAP);
        else if (i == 1)
            assert_int_equal (watched_refuse (all, CONSENTD__STATUS__UNAVAILABLE, ""), CONSENT_GAP);
        else
            stream_drop (all->self); /* it says nothing */
        struct consent_event *event;
        assert_int_equal (consent_next_event (all->self, 0, &event), CONSENT_GAP);
        assert_non_null (strstr (consent_last_error (all->self), "cannot resume"));
    }
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, watched_set_up, watched_tear_down)
    const struct CMUnitTest tests[] = {
        TEST (test_a_registry_that_was_put_back_shows_how_far_it_is),
        TEST (test_a_log_that_was_rewritten_is_kept_with_what_it_showed_for_a_proof),
        TEST (test_a_key_that_is_not_known_is_a_contradiction),
        TEST (test_the_key_file_says_whom_to_believe_at_first),
        TEST (test_answers_that_never_go_together_are_a_contradiction),
        TEST (test_a_checkpoint_that_was_made_meanwhile_is_none),
        TEST (test_evidence_is_never_overwritten),
        TEST (test_without_a_position_file_a_contradiction_is_only_said),
        TEST (test_another_epoch_is_a_gap_and_no_contradiction),
        TEST (test_a_gap_is_said_at_once_where_no_log_was_seen),
        TEST (test_a_gap_of_a_registry_that_was_put_back_is_a_contradiction),
        TEST (test_a_gap_stays_one_whatever_else_the_log_says),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
