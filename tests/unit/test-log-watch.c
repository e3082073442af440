/* How a subscriber watches the log: what it asks, what it keeps before it says that it saw it, and how each
   contradiction ends its stream for good, with the evidence beside the position. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "attempt.h"
#include "events.h"
#include "fake_link.h"
#include "identifier.h"
#include "log_watch.h"
#include "reply.h"
#include "signed_log.h"
#include "testing.h"

#define ORIGIN signed_log_origin
enum { KEY = 1, OTHER_KEY = 2 };

static uint8_t EPOCH[ID_BYTES] = "0123456789abcde";
static uint8_t OTHER_EPOCH[ID_BYTES] = "fedcba987654321";
static uint8_t NO_EPOCH[ID_BYTES];

struct state {
    consent_t *self;
    struct fake_link link;
    char directory[PATH_MAX], position[PATH_MAX + 16];
    uint8_t asked[ID_BYTES]; /* key of the request that was taken last */
    struct merkle_hash proof[MERKLE_PATH_LIMIT];
    char note[SIGNED_LOG_NOTE], key[NOTE_KEY_TEXT_SIZE];
};

/* A subscriber that is placed at event 7, with a position file. */
static int set_up (void **state)
{
    struct state *all = calloc (1, sizeof *all);
    snprintf (all->directory, sizeof all->directory, "%s/test-log-watch.XXXXXX",
              getenv ("TMPDIR") ? getenv ("TMPDIR") : "/tmp");
    if (!mkdtemp (all->directory))
        return -1;
    snprintf (all->position, sizeof all->position, "%s/position", all->directory);
    all->self = calloc (1, sizeof *all->self);
    consent_set_silence (all->self, 15000);
    all->self->timeout = 2000;
    struct event_stream *stream = &all->self->stream;
    stream->begun = stream->placed = stream->has_epoch = true;
    stream->position_file = strdup (all->position);
    memcpy (stream->position.epoch, EPOCH, ID_BYTES);
    stream->position.number = stream->delivered = stream->confirmed = 7;
    fake_link_open (&all->link, all->self);
    *state = all;
    return 0;
}

static int tear_down (void **state)
{
    struct state *all = *state;
    fake_link_close (&all->link, all->self);
    char name[2 * PATH_MAX];
    DIR *directory = opendir (all->directory);
    for (struct dirent *one; (one = readdir (directory));) {
        snprintf (name, sizeof name, "%s/%s", all->directory, one->d_name);
        unlink (name);
    }
    closedir (directory);
    rmdir (all->directory);
    free (all->self->stream.position_file);
    free (all->self->witness);
    free (all->self);
    free (all);
    return 0;
}

/* --- What the registry says --------------------------------------------------------------------------- */

static Consentd__Reply make_reply (Consentd__Status status, uint8_t *epoch)
{
    Consentd__Reply reply;
    consentd__reply__init (&reply);
    reply.version = 1;
    reply.status = status;
    reply.epoch = (ProtobufCBinaryData){ID_BYTES, epoch};
    return reply;
}

static int hear (struct state *all, const Consentd__Reply *reply)
{
    size_t size = consentd__reply__get_packed_size (reply);
    uint8_t *bytes = malloc (size);
    consentd__reply__pack (reply, bytes);
    Consentd__Reply *heard = reply_unpack (bytes, size);
    free (bytes);
    assert_non_null (heard);
    struct consent_event *event = NULL;
    int result = stream_handle (all->self, heard, &event);
    assert_null (event);
    return result;
}

/* The answer to the last request, with a body or without. */
static int answer (struct state *all, Consentd__Reply *reply)
{
    reply->idempotency_key = (ProtobufCBinaryData){ID_BYTES, all->asked};
    return hear (all, reply);
}

static int refuse_in (struct state *all, Consentd__Status status, char *field, uint8_t *epoch)
{
    Consentd__Reply reply = make_reply (status, epoch);
    reply.field = field;
    reply.message = (char[]){"as the test wants it"};
    return answer (all, &reply);
}

static int refuse (struct state *all, Consentd__Status status, const char *field)
{
    char copy[64];
    snprintf (copy, sizeof copy, "%s", field);
    return refuse_in (all, status, copy, EPOCH);
}

/* The log as this key signs it, to who asked the proof from `earlier` on. */
static int show_by (struct state *all, const struct signed_log *log, uint64_t earlier, unsigned key)
{
    struct note_signer signer = signed_log_signer (ORIGIN, NOTE_ED25519, key);
    Consentd__LogCheckpointReply body;
    consentd__log_checkpoint_reply__init (&body);
    body.checkpoint.data = (uint8_t *)all->note;
    body.checkpoint.len = signed_log_note (log, &signer, 1, all->note);
    body.size = log->lines;
    body.proof.data = (uint8_t *)all->proof;
    body.proof.len = earlier > 0 && earlier < log->lines ? signed_log_proof (log, earlier, all->proof) : 0;
    note_key_write (&signer.key, all->key);
    char *keys[] = {all->key};
    body.keys = keys;
    body.n_keys = 1;
    Consentd__Reply reply = make_reply (CONSENTD__STATUS__OK, EPOCH);
    reply.body_case = CONSENTD__REPLY__BODY_LOG_CHECKPOINT;
    reply.log_checkpoint = &body;
    return answer (all, &reply);
}

static int show (struct state *all, uint64_t lines, uint64_t earlier)
{
    return show_by (all, &(struct signed_log){ORIGIN, lines, 0}, earlier, KEY);
}

static int push (struct state *all, uint64_t lines)
{
    Consentd__LogPushed body;
    consentd__log_pushed__init (&body);
    body.size = lines;
    Consentd__Reply reply = make_reply (CONSENTD__STATUS__OK, EPOCH);
    reply.body_case = CONSENTD__REPLY__BODY_LOG_PUSHED;
    reply.log_pushed = &body;
    return hear (all, &reply);
}

static int hear_subscribed (struct state *all)
{
    Consentd__SubscribeReply body;
    consentd__subscribe_reply__init (&body);
    body.next = 8;
    body.newest = body.acknowledged = 7;
    Consentd__Reply reply = make_reply (CONSENTD__STATUS__OK, EPOCH);
    reply.body_case = CONSENTD__REPLY__BODY_SUBSCRIBE;
    reply.subscribe = &body;
    return hear (all, &reply);
}

static int take_cosignature (struct state *all)
{
    Consentd__LogCosignReply body;
    consentd__log_cosign_reply__init (&body);
    Consentd__Reply reply = make_reply (CONSENTD__STATUS__OK, EPOCH);
    reply.body_case = CONSENTD__REPLY__BODY_LOG_COSIGN;
    reply.log_cosign = &body;
    return answer (all, &reply);
}

/* --- What it asks ------------------------------------------------------------------------------------- */

static void assert_quiet (struct state *all)
{
    assert_null (fake_link_take (&all->link));
}

/* The next request is of this sort, and asks for this. */
static void assert_asks (struct state *all, Consentd__Request__BodyCase body, uint64_t lines)
{
    Consentd__Request *request = fake_link_take (&all->link);
    assert_non_null (request);
    assert_int_equal (request->body_case, body);
    if (body == CONSENTD__REQUEST__BODY_LOG_WATCH)
        assert_int_equal (request->log_watch->earlier, lines);
    else if (body == CONSENTD__REQUEST__BODY_LOG_CHECKPOINT)
        assert_int_equal (request->log_checkpoint->earlier, lines);
    else
        assert_int_equal (request->log_cosign->size, lines);
    assert_int_equal (request->idempotency_key.len, ID_BYTES);
    memcpy (all->asked, request->idempotency_key.data, ID_BYTES);
    consentd__request__free_unpacked (request, NULL);
}

#define WATCHES(all, lines) assert_asks (all, CONSENTD__REQUEST__BODY_LOG_WATCH, lines)
#define ASKS(all, lines) assert_asks (all, CONSENTD__REQUEST__BODY_LOG_CHECKPOINT, lines)
#define COSIGNS(all, lines) assert_asks (all, CONSENTD__REQUEST__BODY_LOG_COSIGN, lines)

static uint64_t lines_kept (struct state *all)
{
    struct position *found = malloc (sizeof *found);
    int result = position_read (found, all->position);
    uint64_t lines = result == 0 && found->log.note_size > 0 ? found->log.checkpoint.size : 0;
    free (found);
    return lines;
}

static uint64_t lines_seen (struct state *all)
{
    struct consent_checkpoint checkpoint;
    int result = consent_checkpoint (all->self, &checkpoint);
    assert_int_equal (result, checkpoint.size > 0 ? CONSENT_OK : CONSENT_NOT_FOUND);
    return checkpoint.size;
}

/* It watches, and has seen 100 lines. */
static void see_100 (struct state *all)
{
    assert_int_equal (hear_subscribed (all), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_int_equal (show (all, 100, 0), STREAM_NOTHING);
    assert_int_equal (lines_kept (all), 100);
}

static void be_witness (struct state *all)
{
    all->self->witness = malloc (sizeof *all->self->witness);
    *all->self->witness = signed_log_signer ("svb.voorbeeld.nl", NOTE_COSIGNATURE, 9);
}

/* The stream comes back on another link, as after a restart of the registry. */
static void come_back (struct state *all)
{
    all->self->stream.live = false;
    assert_int_equal (hear_subscribed (all), STREAM_NOTHING);
}

static void assert_contradicted (struct state *all, int result, const char *why)
{
    struct consent_event *event;
    assert_int_equal (result, CONSENT_CONTRADICTED);
    assert_int_equal (consent_next_event (all->self, 0, &event), CONSENT_CONTRADICTED);
    assert_null (event);
    if (!strstr (consent_last_error (all->self), why))
        fail_msg ("\"%s\" has no \"%s\"", consent_last_error (all->self), why);
    assert_false (link_is_open (&all->self->events));
}

/* The text of a file beside the position. Caller must free it. */
static char *read_beside (struct state *all, const char *suffix)
{
    char path[PATH_MAX + 64];
    snprintf (path, sizeof path, "%s.%s", all->position, suffix);
    FILE *file = fopen (path, "r");
    if (!file)
        return NULL;
    char *text = calloc (1, 65536);
    assert_true (fread (text, 1, 65535, file) > 0);
    fclose (file);
    return text;
}

static void test_what_was_seen_is_on_the_disk_and_asked_to_be_continued (void **state)
{
    struct state *all = *state;
    see_100 (all);
    assert_quiet (all);
    assert_int_equal (push (all, 150), STREAM_NOTHING);
    ASKS (all, 100);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (lines_kept (all), 150);
    assert_int_equal (lines_seen (all), 150);
    assert_quiet (all);
    assert_true (all->self->stream.live);
}

static void test_pushes_while_an_answer_is_out_are_one_more_request (void **state)
{
    struct state *all = *state;
    see_100 (all);
    for (uint64_t lines = 110; lines < 160; lines += 10)
        assert_int_equal (push (all, lines), STREAM_NOTHING);
    ASKS (all, 100);
    assert_quiet (all);
    assert_int_equal (show (all, 120, 100), STREAM_NOTHING);
    ASKS (all, 120);
    assert_quiet (all);
    assert_int_equal (show (all, 150, 120), STREAM_NOTHING);
    assert_quiet (all);
}

static void test_events_go_on_while_nothing_is_said_of_the_log (void **state)
{
    struct state *all = *state;
    uint8_t id[ID_BYTES] = "an id of 16 byte";
    assert_int_equal (hear_subscribed (all), STREAM_NOTHING);
    Consentd__EventPush body;
    consentd__event_push__init (&body);
    body.kind = CONSENTD__EVENT_KIND__CONSENT_REVOKED;
    body.number = 8;
    body.consent_id = body.subject_ref = (ProtobufCBinaryData){ID_BYTES, id};
    Consentd__Reply reply = make_reply (CONSENTD__STATUS__OK, EPOCH);
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
    struct state *all = *state;
    see_100 (all);
    all->self->stream.heard_at = 1;
    assert_int_equal (push (all, 150), STREAM_NOTHING);
    ASKS (all, 100);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (all->self->stream.heard_at, 1);
}

/* --- No log ------------------------------------------------------------------------------------------- */

static void test_a_registry_without_a_log_is_gone_on_with (void **state)
{
    struct state *all = *state;
    static const struct {
        Consentd__Status status;
        const char *field;
    } answers[] = {{CONSENTD__STATUS__NOT_FOUND, ""},
                   {CONSENTD__STATUS__INVALID, "request"}, /* of an earlier version, which knows no such request */
                   {CONSENTD__STATUS__FORBIDDEN, ""}};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        come_back (all);
        WATCHES (all, 0);
        assert_int_equal (refuse (all, answers[i].status, answers[i].field), STREAM_NOTHING);
        assert_true (all->self->stream.live);
        assert_int_equal (log_watch_due (all->self), INT64_MAX); /* it is not asked again and again */
    }
    assert_int_equal (lines_seen (all), 0);
    struct consent_checkpoint none;
    assert_int_equal (consent_checkpoint (all->self, &none), CONSENT_NOT_FOUND);
    assert_true (none.unanswered_since == 0); /* it owes nothing */
}

static void test_the_first_checkpoint_of_a_registry_that_had_none_is_seen (void **state)
{
    struct state *all = *state;
    assert_int_equal (hear_subscribed (all), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_int_equal (refuse (all, CONSENTD__STATUS__NOT_FOUND, ""), STREAM_NOTHING);
    assert_int_equal (push (all, 3), STREAM_NOTHING);
    ASKS (all, 0);
    assert_int_equal (show (all, 3, 0), STREAM_NOTHING);
    assert_int_equal (lines_kept (all), 3);
}

static void test_a_log_that_is_shown_no_more_is_a_contradiction (void **state)
{
    struct state *all = *state;
    see_100 (all);
    come_back (all);
    WATCHES (all, 100);
    assert_contradicted (all, refuse (all, CONSENTD__STATUS__NOT_FOUND, ""), "no checkpoint of its log any more");
}

static void test_a_registry_that_knows_no_log_any_more_is_a_contradiction (void **state)
{
    struct state *all = *state;
    see_100 (all);
    come_back (all);
    WATCHES (all, 100);
    assert_contradicted (all, refuse (all, CONSENTD__STATUS__INVALID, "request"),
                         "no checkpoint of its log any more");
}

static void test_a_key_that_was_removed_is_no_contradiction (void **state)
{
    struct state *all = *state;
    struct consent_event *event;
    see_100 (all);
    come_back (all);
    WATCHES (all, 100);
    assert_int_equal (refuse_in (all, CONSENTD__STATUS__FORBIDDEN, (char[]){""}, NO_EPOCH), CONSENT_FORBIDDEN);
    assert_int_equal (consent_next_event (all->self, 0, &event), CONSENT_FORBIDDEN);
    assert_null (read_beside (all, "contradiction"));
}

static void test_what_cannot_be_answered_now_is_asked_again_later (void **state)
{
    struct state *all = *state;
    see_100 (all);
    come_back (all);
    WATCHES (all, 100);
    assert_int_equal (refuse_in (all, CONSENTD__STATUS__UNAVAILABLE, (char[]){""}, NO_EPOCH), STREAM_NOTHING);
    int64_t wait = log_watch_due (all->self) - attempt_now ();
    assert_true (wait > 14000 && wait <= 15000);
    log_watch_tick (all->self);
    assert_quiet (all);
    all->self->log.asked.due = attempt_now ();
    log_watch_tick (all->self);
    WATCHES (all, 100);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (lines_kept (all), 150);
}

static void test_what_has_no_answer_is_sent_again (void **state)
{
    struct state *all = *state;
    see_100 (all);
    assert_int_equal (push (all, 150), STREAM_NOTHING);
    ASKS (all, 100);
    all->self->log.asked.due = attempt_now ();
    log_watch_tick (all->self);
    ASKS (all, 100);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING); /* the answer to the other one */
    assert_int_equal (refuse (all, CONSENTD__STATUS__INVALID, "request"), STREAM_NOTHING);
    assert_int_equal (lines_kept (all), 150);
}

/* A registry that would rather say nothing: no other connection, and no other refusal, makes it forgotten. */
static void test_since_when_an_answer_is_owed_is_told_until_it_comes (void **state)
{
    struct state *all = *state;
    struct consent_checkpoint checkpoint;
    see_100 (all);
    consent_checkpoint (all->self, &checkpoint);
    assert_true (checkpoint.unanswered_since == 0);
    come_back (all);
    WATCHES (all, 100);
    all->self->unanswered_since = 1764000000000;
    assert_int_equal (refuse (all, CONSENTD__STATUS__UNAVAILABLE, ""), STREAM_NOTHING);
    come_back (all);
    WATCHES (all, 100);
    assert_int_equal (refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_int_equal (show (all, 150, 0), STREAM_NOTHING);
    ASKS (all, 100);
    consent_checkpoint (all->self, &checkpoint);
    assert_true (checkpoint.unanswered_since == 1764000000000);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING);
    consent_checkpoint (all->self, &checkpoint);
    assert_true (checkpoint.unanswered_since == 0);
    assert_int_equal (push (all, 200), STREAM_NOTHING);
    ASKS (all, 150);
    consent_checkpoint (all->self, &checkpoint);
    assert_true (checkpoint.unanswered_since > 1764000000000);
}

/* Who was given a key of the log knows that there is one, and so does who is to sign it. */
static void test_a_log_that_there_must_be_is_owed (void **state)
{
    struct state *all = *state;
    static const Consentd__Status answers[] = {CONSENTD__STATUS__NOT_FOUND, CONSENTD__STATUS__INVALID,
                                               CONSENTD__STATUS__FORBIDDEN};
    struct consent_checkpoint checkpoint;
    for (size_t i = 0; i < 2 * sizeof answers / sizeof *answers; i++) {
        all->self->key.log_keys.count = i % 2;
        if (i % 2 == 0 && !all->self->witness)
            be_witness (all);
        come_back (all);
        WATCHES (all, 0);
        all->self->unanswered_since = 1764000000000;
        assert_int_equal (refuse (all, answers[i / 2], "request"), STREAM_NOTHING);
        assert_true (all->self->stream.live);
        consent_checkpoint (all->self, &checkpoint);
        assert_true (checkpoint.unanswered_since == 1764000000000);
    }
}

static void test_lines_that_are_pushed_and_not_shown_are_asked_for_once (void **state)
{
    struct state *all = *state;
    see_100 (all);
    assert_int_equal (push (all, 150), STREAM_NOTHING);
    ASKS (all, 100);
    assert_int_equal (push (all, UINT64_MAX), STREAM_NOTHING);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING);
    ASKS (all, 150);
    assert_int_equal (show (all, 150, 150), STREAM_NOTHING);
    assert_quiet (all);
}

/* Whoever waits for events for ever is woken for it. */
static void test_waiting_for_an_event_sends_again_what_has_no_answer (void **state)
{
    struct state *all = *state;
    struct consent_event *event;
    see_100 (all);
    consent_set_silence (all->self, 20);
    assert_int_equal (push (all, 150), STREAM_NOTHING);
    ASKS (all, 100);
    consent_set_silence (all->self, 15000);
    all->self->stream.heard_at = attempt_now ();
    assert_int_equal (consent_next_event (all->self, 500, &event), CONSENT_NO_EVENT);
    ASKS (all, 100);
    assert_quiet (all);
}

/* --- Contradictions ----------------------------------------------------------------------------------- */

static void test_a_registry_that_was_put_back_shows_how_far_it_is (void **state)
{
    struct state *all = *state;
    see_100 (all);
    come_back (all);
    WATCHES (all, 100);
    assert_int_equal (refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_contradicted (all, show (all, 99, 0), "the registry's log has 99 lines, and it signed 100 on 20");
    char *evidence = read_beside (all, "contradiction");
    assert_non_null (evidence);
    assert_non_null (strstr (evidence, "consent-contradiction 1\nwhat the registry's log has 99 lines"));
    assert_non_null (strstr (evidence, "\nlog-key gemeente-voorbeeld.nl/toestemmingen+"));
    assert_non_null (strstr (evidence, "\ngemeente-voorbeeld.nl/toestemmingen\n100\n"));
    assert_non_null (strstr (evidence, "\ngemeente-voorbeeld.nl/toestemmingen\n99\n"));
    assert_non_null (strstr (consent_last_error (all->self), "the evidence is in "));
    assert_int_equal (lines_kept (all), 100); /* what was seen stays seen */
    free (evidence);
}

static void test_a_log_that_was_rewritten_is_kept_with_what_it_showed_for_a_proof (void **state)
{
    struct state *all = *state;
    see_100 (all);
    assert_int_equal (push (all, 150), STREAM_NOTHING);
    ASKS (all, 100);
    assert_contradicted (all, show_by (all, &(struct signed_log){ORIGIN, 150, 50}, 100, KEY),
                         "the registry's log of 150 lines does not begin with the 100 that it signed on 20");
    char *evidence = read_beside (all, "contradiction");
    int hashes = 0;
    for (const char *at = evidence; (at = strstr (at, "\nproof ")); at++)
        hashes++;
    assert_true (hashes > 3);
    assert_int_equal (lines_kept (all), 100);
    free (evidence);
}

static void test_a_key_that_is_not_known_is_a_contradiction (void **state)
{
    struct state *all = *state;
    see_100 (all);
    assert_int_equal (push (all, 150), STREAM_NOTHING);
    ASKS (all, 100);
    assert_contradicted (all, show_by (all, &(struct signed_log){ORIGIN, 150, 0}, 100, OTHER_KEY),
                         "is not signed by a known key");
}

static void test_the_key_file_says_whom_to_believe_at_first (void **state)
{
    struct state *all = *state;
    all->self->key.log_keys.key[all->self->key.log_keys.count++] =
        signed_log_signer (ORIGIN, NOTE_ED25519, KEY).key;
    assert_int_equal (hear_subscribed (all), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_contradicted (all, show_by (all, &(struct signed_log){ORIGIN, 100, 0}, 0, OTHER_KEY),
                         "is not signed by a known key");
    assert_int_equal (lines_kept (all), 0);
}

/* The registry says that it has fewer lines, and shows more: a checkpoint may have been made meanwhile, but not
 * always. */
static void test_answers_that_never_go_together_are_a_contradiction (void **state)
{
    struct state *all = *state;
    see_100 (all);
    come_back (all);
    WATCHES (all, 100);
    assert_int_equal (refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_int_equal (show (all, 150, 0), STREAM_NOTHING);
    ASKS (all, 100);
    assert_contradicted (all, refuse (all, CONSENTD__STATUS__INVALID, "log_checkpoint.earlier"), "");
}

static void test_a_checkpoint_that_was_made_meanwhile_is_none (void **state)
{
    struct state *all = *state;
    see_100 (all);
    come_back (all);
    WATCHES (all, 100);
    assert_int_equal (refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_int_equal (show (all, 150, 0), STREAM_NOTHING);
    ASKS (all, 100);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING);
    assert_int_equal (lines_kept (all), 150);
}

/* The same evidence is one file; other evidence is another, and none takes the place of one before. */
static void test_evidence_is_never_overwritten (void **state)
{
    struct state *all = *state;
    static const uint64_t lines[] = {99, 99, 98};
    see_100 (all);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        fake_link_close (&all->link, all->self);
        fake_link_open (&all->link, all->self);
        all->self->stream.final = 0;
        come_back (all);
        WATCHES (all, 100);
        assert_contradicted (all, show (all, lines[i], 0), i < 2 ? ".contradiction" : ".contradiction-2");
    }
    char *first = read_beside (all, "contradiction"), *second = read_beside (all, "contradiction-2");
    assert_non_null (strstr (first, "has 99 lines"));
    assert_non_null (strstr (second, "has 98 lines"));
    assert_null (read_beside (all, "contradiction-3"));
    free (first);
    free (second);
}

static void test_without_a_position_file_a_contradiction_is_only_said (void **state)
{
    struct state *all = *state;
    free (all->self->stream.position_file);
    all->self->stream.position_file = NULL;
    assert_int_equal (hear_subscribed (all), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_int_equal (show (all, 100, 0), STREAM_NOTHING);
    assert_int_equal (lines_seen (all), 100);
    come_back (all);
    WATCHES (all, 100);
    assert_contradicted (all, show (all, 99, 0), "has 99 lines");
    assert_null (strstr (consent_last_error (all->self), "evidence"));
}

static void test_another_epoch_is_a_gap_and_no_contradiction (void **state)
{
    struct state *all = *state;
    see_100 (all);
    come_back (all);
    WATCHES (all, 100);
    assert_int_equal (refuse_in (all, CONSENTD__STATUS__INVALID, (char[]){"log_watch.earlier"}, OTHER_EPOCH),
                      CONSENT_GAP);
    assert_null (read_beside (all, "contradiction"));
}

/* --- A gap in the events ------------------------------------------------------------------------------ */

/* The registry has no event 8 to go on from. */
static int cannot_resume (struct state *all)
{
    all->self->stream.live = false;
    Consentd__Reply reply = make_reply (CONSENTD__STATUS__INVALID, EPOCH);
    reply.field = (char[]){"subscribe.from"};
    reply.idempotency_key = (ProtobufCBinaryData){ID_BYTES, all->self->stream.subscribe_key};
    return hear (all, &reply);
}

static void test_a_gap_is_said_at_once_where_no_log_was_seen (void **state)
{
    assert_int_equal (cannot_resume (*state), CONSENT_GAP);
}

static void test_a_gap_of_a_registry_that_was_put_back_is_a_contradiction (void **state)
{
    struct state *all = *state;
    see_100 (all);
    assert_int_equal (cannot_resume (all), STREAM_NOTHING);
    WATCHES (all, 100);
    assert_int_equal (refuse (all, CONSENTD__STATUS__INVALID, "log_watch.earlier"), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_contradicted (all, show (all, 99, 0), "has 99 lines");
}

static void test_a_gap_stays_one_whatever_else_the_log_says (void **state)
{
    struct state *all = *state;
    see_100 (all);
    for (int i = 0; i < 3; i++) {
        fake_link_close (&all->link, all->self);
        fake_link_open (&all->link, all->self);
        all->self->stream.final = 0;
        all->self->stream.gap[0] = 0;
        assert_int_equal (cannot_resume (all), STREAM_NOTHING);
        WATCHES (all, 100);
        if (i == 0)
            assert_int_equal (show (all, 100, 100), CONSENT_GAP);
        else if (i == 1)
            assert_int_equal (refuse (all, CONSENTD__STATUS__UNAVAILABLE, ""), CONSENT_GAP);
        else
            stream_drop (all->self); /* it says nothing */
        struct consent_event *event;
        assert_int_equal (consent_next_event (all->self, 0, &event), CONSENT_GAP);
        assert_non_null (strstr (consent_last_error (all->self), "cannot resume"));
    }
}

/* --- Cosigning ---------------------------------------------------------------------------------------- */

static void test_only_what_is_on_the_disk_is_cosigned (void **state)
{
    struct state *all = *state;
    be_witness (all);
    assert_int_equal (hear_subscribed (all), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_int_equal (show (all, 100, 0), STREAM_NOTHING);
    assert_int_equal (lines_kept (all), 100);
    COSIGNS (all, 100);
    assert_quiet (all);
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
    struct state *all = *state;
    be_witness (all);
    assert_int_equal (hear_subscribed (all), STREAM_NOTHING);
    WATCHES (all, 0);
    assert_int_equal (mkdir (all->position, 0700), 0); /* no file can take its place */
    assert_true (show (all, 100, 0) < 0);
    assert_quiet (all);
    assert_int_equal (rmdir (all->position), 0);
}

static void test_a_cosignature_verifies (void **state)
{
    struct state *all = *state;
    be_witness (all);
    see_100 (all);
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
    struct state *all = *state;
    uint8_t cosigning[ID_BYTES];
    be_witness (all);
    see_100 (all);
    COSIGNS (all, 100);
    memcpy (cosigning, all->asked, ID_BYTES);
    assert_int_equal (push (all, 150), STREAM_NOTHING);
    ASKS (all, 100);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING);
    assert_quiet (all);
    memcpy (all->asked, cosigning, ID_BYTES);
    assert_int_equal (take_cosignature (all), STREAM_NOTHING);
    COSIGNS (all, 150);
}

/* A witness that was killed between writing and cosigning, or whose word was lost, says it again. */
static void test_what_was_kept_and_not_cosigned_is_cosigned_after_a_start (void **state)
{
    struct state *all = *state;
    see_100 (all);
    be_witness (all);
    come_back (all);
    WATCHES (all, 100);
    assert_quiet (all); /* not before the registry shows that it is still so */
    assert_int_equal (show (all, 100, 100), STREAM_NOTHING);
    COSIGNS (all, 100);
}

static void test_a_contradiction_is_not_cosigned (void **state)
{
    struct state *all = *state;
    see_100 (all);
    be_witness (all);
    come_back (all);
    WATCHES (all, 100);
    assert_contradicted (all, show_by (all, &(struct signed_log){ORIGIN, 100, 7}, 100, KEY), "does not begin");
    assert_quiet (all);
}

static void test_a_cosignature_that_is_not_taken_is_said_and_ends_nothing (void **state)
{
    struct state *all = *state;
    struct consent_checkpoint checkpoint;
    be_witness (all);
    see_100 (all);
    COSIGNS (all, 100);
    assert_int_equal (refuse (all, CONSENTD__STATUS__INVALID, "log_cosign.signature"), STREAM_NOTHING);
    assert_true (all->self->stream.live);
    consent_checkpoint (all->self, &checkpoint);
    assert_string_equal (checkpoint.refused, "INVALID at log_cosign.signature: as the test wants it");
    assert_int_equal (checkpoint.cosigned, 0);
    assert_int_equal (log_watch_due (all->self), INT64_MAX); /* the same again would be refused again */
    assert_int_equal (push (all, 150), STREAM_NOTHING);
    ASKS (all, 100);
    assert_int_equal (show (all, 150, 100), STREAM_NOTHING);
    COSIGNS (all, 150);
    assert_int_equal (refuse (all, CONSENTD__STATUS__UNAVAILABLE, ""), STREAM_NOTHING);
    int64_t wait = log_watch_due (all->self) - attempt_now ();
    assert_true (wait > 14000 && wait <= 15000);
    all->self->log.cosigning.due = attempt_now ();
    log_watch_tick (all->self);
    COSIGNS (all, 150);
    assert_int_equal (take_cosignature (all), STREAM_NOTHING);
    consent_checkpoint (all->self, &checkpoint);
    assert_string_equal (checkpoint.refused, "");
    assert_int_equal (checkpoint.cosigned, 150);
}

static void test_a_witness_without_a_position_file_is_none (void **state)
{
    struct state *all = *state;
    be_witness (all);
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

/* --- A position that begins anew ---------------------------------------------------------------------- */

/* --from, with the position file that `see_100` left, in a registry of this epoch. */
static int begin_anew (struct state *all, uint8_t *epoch)
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
    Consentd__Reply reply = make_reply (CONSENTD__STATUS__OK, epoch);
    reply.body_case = CONSENTD__REPLY__BODY_SUBSCRIBE;
    reply.subscribe = &body;
    return hear (all, &reply);
}

static void test_in_the_same_epoch_what_was_seen_still_counts (void **state)
{
    struct state *all = *state;
    see_100 (all);
    assert_int_equal (begin_anew (all, EPOCH), STREAM_NOTHING);
    assert_string_equal (consent_former_position (all->self), "");
    assert_int_equal (lines_kept (all), 100);
    WATCHES (all, 100);
    assert_contradicted (all, show (all, 99, 0), "has 99 lines");
}

static void test_the_position_of_another_epoch_is_kept_aside_each_time (void **state)
{
    struct state *all = *state;
    for (int time = 1; time < 3; time++) {
        memcpy (all->self->stream.position.epoch, EPOCH, ID_BYTES);
        all->self->stream.has_epoch = all->self->stream.placed = true;
        all->self->stream.live = false;
        all->self->stream.delivered = all->self->stream.position.number = 7;
        all->self->stream.position.log.note_size = all->self->stream.position.log.keys.count = 0;
        see_100 (all);
        assert_int_equal (begin_anew (all, OTHER_EPOCH), STREAM_NOTHING);
        assert_int_equal (lines_kept (all), 0);
        WATCHES (all, 0); /* another history: nothing is known of it */
        const char *suffix =
            time == 1 ? "before-30313233343536373839616263646500" : "before-30313233343536373839616263646500-2";
        assert_non_null (strstr (consent_former_position (all->self), suffix));
        char *kept = read_beside (all, suffix);
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
    struct state *all = *state;
    FILE *file = fopen (all->position, "w");
    fputs ("consent-position 2\nthe rest was lost", file);
    fclose (file);
    assert_int_equal (begin_anew (all, EPOCH), STREAM_NOTHING);
    char *kept = read_beside (all, "damaged");
    assert_string_equal (kept, "consent-position 2\nthe rest was lost");
    free (kept);
    free (all->self->former_file);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
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
        TEST (test_only_what_is_on_the_disk_is_cosigned),
        TEST (test_what_cannot_be_kept_is_not_cosigned),
        TEST (test_a_cosignature_verifies),
        TEST (test_a_newer_one_is_cosigned_when_the_one_before_was_taken),
        TEST (test_what_was_kept_and_not_cosigned_is_cosigned_after_a_start),
        TEST (test_a_contradiction_is_not_cosigned),
        TEST (test_a_cosignature_that_is_not_taken_is_said_and_ends_nothing),
        TEST (test_a_witness_without_a_position_file_is_none),
        TEST (test_in_the_same_epoch_what_was_seen_still_counts),
        TEST (test_the_position_of_another_epoch_is_kept_aside_each_time),
        TEST (test_what_was_no_position_is_kept_aside_too),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
