#include "watched_log.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "events.h"
#include "log_watch.h"
#include "testing.h"

#define ORIGIN signed_log_origin

uint8_t watched_epoch[ID_BYTES] = "0123456789abcde";
uint8_t watched_other_epoch[ID_BYTES] = "fedcba987654321";
uint8_t watched_no_epoch[ID_BYTES];

/* A subscriber that is placed at event 7, with a position file. */
int watched_set_up (void **state)
{
    struct watched *all = calloc (1, sizeof *all);
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
    memcpy (stream->position.epoch, watched_epoch, ID_BYTES);
    stream->position.number = stream->delivered = stream->confirmed = 7;
    fake_link_open (&all->link, all->self);
    *state = all;
    return 0;
}

int watched_tear_down (void **state)
{
    struct watched *all = *state;
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

Consentd__Reply watched_make_reply (Consentd__Status status, uint8_t *epoch)
{
    Consentd__Reply reply;
    consentd__reply__init (&reply);
    reply.version = 1;
    reply.status = status;
    reply.epoch = (ProtobufCBinaryData){ID_BYTES, epoch};
    return reply;
}

int watched_hear (struct watched *all, const Consentd__Reply *reply)
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
int watched_answer (struct watched *all, Consentd__Reply *reply)
{
    reply->idempotency_key = (ProtobufCBinaryData){ID_BYTES, all->asked};
    return watched_hear (all, reply);
}

int watched_refuse_in (struct watched *all, Consentd__Status status, char *field, uint8_t *epoch)
{
    Consentd__Reply reply = watched_make_reply (status, epoch);
    reply.field = field;
    reply.message = (char[]){"as the test wants it"};
    return watched_answer (all, &reply);
}

int watched_refuse (struct watched *all, Consentd__Status status, const char *field)
{
    char copy[64];
    snprintf (copy, sizeof copy, "%s", field);
    return watched_refuse_in (all, status, copy, watched_epoch);
}

/* The log as this key signs it, to who asked the proof from `earlier` on. */
int watched_show_by (struct watched *all, const struct signed_log *log, uint64_t earlier, unsigned key)
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
    Consentd__Reply reply = watched_make_reply (CONSENTD__STATUS__OK, watched_epoch);
    reply.body_case = CONSENTD__REPLY__BODY_LOG_CHECKPOINT;
    reply.log_checkpoint = &body;
    return watched_answer (all, &reply);
}

int watched_show (struct watched *all, uint64_t lines, uint64_t earlier)
{
    return watched_show_by (all, &(struct signed_log){ORIGIN, lines, 0}, earlier, WATCHED_KEY);
}

int watched_push (struct watched *all, uint64_t lines)
{
    Consentd__LogPushed body;
    consentd__log_pushed__init (&body);
    body.size = lines;
    Consentd__Reply reply = watched_make_reply (CONSENTD__STATUS__OK, watched_epoch);
    reply.body_case = CONSENTD__REPLY__BODY_LOG_PUSHED;
    reply.log_pushed = &body;
    return watched_hear (all, &reply);
}

int watched_subscribe (struct watched *all)
{
    Consentd__SubscribeReply body;
    consentd__subscribe_reply__init (&body);
    body.next = 8;
    body.newest = body.acknowledged = 7;
    Consentd__Reply reply = watched_make_reply (CONSENTD__STATUS__OK, watched_epoch);
    reply.body_case = CONSENTD__REPLY__BODY_SUBSCRIBE;
    reply.subscribe = &body;
    return watched_hear (all, &reply);
}

/* --- What it asks ------------------------------------------------------------------------------------- */

void watched_assert_quiet (struct watched *all)
{
    assert_null (fake_link_take (&all->link));
}

/* The next request is of this sort, and asks for this. */
void watched_assert_asks (struct watched *all, Consentd__Request__BodyCase body, uint64_t lines)
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

uint64_t watched_lines_kept (struct watched *all)
{
    struct position *found = malloc (sizeof *found);
    int result = position_read (found, all->position);
    uint64_t lines = result == 0 && found->log.note_size > 0 ? found->log.checkpoint.size : 0;
    free (found);
    return lines;
}

uint64_t watched_lines_seen (struct watched *all)
{
    struct consent_checkpoint checkpoint;
    int result = consent_checkpoint (all->self, &checkpoint);
    assert_int_equal (result, checkpoint.size > 0 ? CONSENT_OK : CONSENT_NOT_FOUND);
    return checkpoint.size;
}

/* It watches, and has seen 100 lines. */
void watched_see_100 (struct watched *all)
{
    assert_int_equal (watched_subscribe (all), STREAM_NOTHING);
    ASSERT_WATCHES (all, 0);
    assert_int_equal (watched_show (all, 100, 0), STREAM_NOTHING);
    assert_int_equal (watched_lines_kept (all), 100);
}

void watched_be_witness (struct watched *all)
{
    all->self->witness = malloc (sizeof *all->self->witness);
    *all->self->witness = signed_log_signer ("svb.voorbeeld.nl", NOTE_COSIGNATURE, 9);
}

/* The stream comes back on another link, as after a restart of the registry. */
void watched_come_back (struct watched *all)
{
    all->self->stream.live = false;
    assert_int_equal (watched_subscribe (all), STREAM_NOTHING);
}

void watched_assert_contradicted (struct watched *all, int result, const char *why)
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
char *watched_read_beside (struct watched *all, const char *suffix)
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
