/* What is out, and what becomes of it:

   log_watch ── OK, NOT_FOUND ──> watching: a push tells of each new checkpoint ── log_checkpoint ──> its proof
      │                                                                              │
      └ INVALID: the registry has fewer lines than we saw, or no log that it shows    └ verified: kept, then
   cosigned

   What cannot be answered now is asked again after the silence that a stream may have. */
#include "log_watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attempt.h"
#include "events.h"
#include "evidence.h"
#include "problem.h"

enum {
    DOUBTS_MAX = 2
}; /* times that it says it has fewer lines: once, and shows more, a checkpoint came in between */

/* --- Sending ------------------------------------------------------------------------------------------ */

/* A key by which its answer is known. */
static void begin_errand (struct log_watch *watch, struct log_errand *errand)
{
    memcpy (errand->key, watch->mark, sizeof watch->mark);
    uint64_t number = ++watch->errands;
    memcpy (errand->key + sizeof watch->mark, &number, sizeof number);
    errand->is_out = true;
}

static void end_errand (struct log_errand *errand)
{
    errand->is_out = false;
    errand->due = INT64_MAX;
}

static bool is_answer_to (const struct log_errand *errand, const Consentd__Reply *reply)
{
    return errand->is_out && !memcmp (errand->key, reply->idempotency_key.data, ID_BYTES);
}

/* What was sent has so long for its answer, and what was refused waits as long. */
static void wait_for (consent_t *self, struct log_errand *errand, int64_t at_least)
{
    errand->due = attempt_now () + (at_least > self->silence ? at_least : self->silence);
}

static void send_ask (consent_t *self)
{
    struct log_watch *watch = &self->log;
    Consentd__LogWatchRequest begin = CONSENTD__LOG_WATCH_REQUEST__INIT;
    Consentd__LogCheckpointRequest newest = CONSENTD__LOG_CHECKPOINT_REQUEST__INIT;
    Consentd__Request request;
    consentd__request__init (&request);
    begin.earlier = newest.earlier = watch->earlier;
    if (watch->watching) {
        request.body_case = CONSENTD__REQUEST__BODY_LOG_CHECKPOINT;
        request.log_checkpoint = &newest;
    } else {
        request.body_case = CONSENTD__REQUEST__BODY_LOG_WATCH;
        request.log_watch = &begin;
    }
    wait_for (self, &watch->asked, 0);
    if (stream_send (self, &request, watch->asked.key))
        stream_drop (self);
}

/* The wall's clock, in ms. */
static int64_t wall_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Asks for the newest checkpoint, with the proof that it begins with so many lines. */
static void ask (consent_t *self, uint64_t earlier)
{
    self->log.earlier = earlier;
    if (!self->unanswered_since) /* nor does another connection make it forget */
        self->unanswered_since = wall_now ();
    begin_errand (&self->log, &self->log.asked);
    send_ask (self);
}

static uint64_t lines_seen (const consent_t *self)
{
    const struct log_seen *seen = &self->stream.position.log;
    return seen->note_size > 0 ? seen->checkpoint.size : 0;
}

void log_watch_begin (consent_t *self)
{
    self->log = (struct log_watch){.asked.due = INT64_MAX, .cosigning.due = INT64_MAX};
    attempt_random (self->log.mark, sizeof self->log.mark);
    ask (self, lines_seen (self));
}

/* --- Cosigning ---------------------------------------------------------------------------------------- */

/* The line by which this witness says that it has seen what is in the position. */
static bool sign (const consent_t *self, char line[NOTE_LINE_SIZE])
{
    const struct log_seen *seen = &self->stream.position.log;
    struct note note;
    struct checkpoint checkpoint;
    if (log_note_read ((struct bytes){seen->note, seen->note_size}, &note, &checkpoint) != NULL)
        return false;
    size_t size = note_sign (self->witness, note.text, (uint64_t)time (NULL), line, NOTE_LINE_SIZE);
    if (size > 0)
        line[size - 1] = 0;
    return size > 0;
}

static void send_cosignature (consent_t *self)
{
    struct log_watch *watch = &self->log;
    Consentd__LogCosignRequest cosign;
    Consentd__Request request;
    char key[NOTE_KEY_TEXT_SIZE], line[NOTE_LINE_SIZE];
    end_errand (&watch->cosigning);
    if (!sign (self, line))
        return;
    note_key_write (&self->witness->key, key);
    consentd__log_cosign_request__init (&cosign);
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_LOG_COSIGN;
    request.log_cosign = &cosign;
    cosign.key = key;
    cosign.signature = line;
    cosign.size = watch->cosigned_size = lines_seen (self);
    begin_errand (watch, &watch->cosigning);
    wait_for (self, &watch->cosigning, 0);
    if (stream_send (self, &request, watch->cosigning.key))
        stream_drop (self);
}

/* What was verified on this link, and is in the position file. */
static void cosign_newest (consent_t *self)
{
    struct log_watch *watch = &self->log;
    if (self->witness && !watch->cosigning.is_out && watch->cosigned_size != lines_seen (self))
        send_cosignature (self);
}

static int handle_cosigned (consent_t *self, const Consentd__Reply *reply)
{
    struct log_watch *watch = &self->log;
    end_errand (&watch->cosigning);
    if (reply->status == CONSENTD__STATUS__OK) {
        self->cosigned = watch->cosigned_size;
        self->cosign_refused[0] = 0;
        cosign_newest (self); /* a newer one, if there is */
        return STREAM_NOTHING;
    }
    snprintf (self->cosign_refused, sizeof self->cosign_refused, "%s%s%s: %s",
              consent_name (&consentd__status__descriptor, (int)reply->status), reply->field[0] ? " at " : "",
              reply->field, reply->message);
    if (reply->status == CONSENTD__STATUS__UNAVAILABLE || reply->status == CONSENTD__STATUS__RETRY)
        wait_for (self, &watch->cosigning, reply->retry_after_ms);
    return STREAM_NOTHING;
}

/* --- Judging ------------------------------------------------------------------------------------------ */

/* For good: what the registry signed before, and what it shows now, cannot both be. */
static int contradict (consent_t *self, const struct log_finding *found, const struct log_told *told)
{
    const struct log_seen *seen = &self->stream.position.log;
    char sentence[LOG_SENTENCE_SIZE], *name = NULL;
    const struct contradiction evidence = {.seen = seen, .told = told, .sentence = sentence};
    log_seen_sentence (seen, found, sentence);
    if (!self->stream.position_file)
        return stream_end (self, CONSENT_CONTRADICTED, "%s", sentence);
    int result = evidence_write (self->stream.position_file, &evidence, &name);
    if (result)
        return stream_end (self, CONSENT_CONTRADICTED, "%s; the evidence could not be kept: %s", sentence,
                           problem_words (result));
    stream_end (self, CONSENT_CONTRADICTED, "%s; the evidence is in %s", sentence, name);
    free (name);
    return CONSENT_CONTRADICTED;
}

static bool is_news (const struct log_seen *before, const struct log_seen *now)
{
    return before->note_size == 0 || before->checkpoint.size != now->checkpoint.size ||
           before->keys.count != now->keys.count ||
           memcmp (before->keys.key, now->keys.key, now->keys.count * sizeof *now->keys.key) != 0;
}

/* It continues what was seen. It is in the position file before anything is said about it. */
static int adopt (consent_t *self, const struct log_seen *next)
{
    struct event_stream *stream = &self->stream;
    bool must_write = is_news (&stream->position.log, next);
    stream->position.log = *next;
    int result =
        must_write && stream->position_file ? position_write (&stream->position, stream->position_file) : 0;
    if (result)
        return stream_end (self, result, "%s: %s", stream->position_file, problem_words (result));
    self->log.doubts = 0;
    if (stream->gap[0])
        return stream_end (self, CONSENT_GAP, "%s", stream->gap);
    cosign_newest (self);
    bool is_told_of_more = self->log.pushed > next->checkpoint.size;
    self->log.pushed = 0; /* whoever says there is more, and shows none, is not asked again for it */
    if (is_told_of_more)
        ask (self, next->checkpoint.size);
    return STREAM_NOTHING;
}

/* Nothing is known of a log, or not now. */
static int go_on_without (consent_t *self)
{
    const char *gap = self->stream.gap;
    return gap[0] ? stream_end (self, CONSENT_GAP, "%s", gap) : STREAM_NOTHING;
}

/* Who was given a key of the log, or is to sign it, was told that there is one. */
static bool knows_of_a_log (const consent_t *self)
{
    return self->key.log_keys.count > 0 || self->witness;
}

static int judge (consent_t *self, const struct log_told *told)
{
    const struct log_seen *seen = &self->stream.position.log;
    struct log_finding found;
    log_seen_judge (seen, &self->key.log_keys, told, &found);
    if (found.verdict == LOG_UNPROVEN) {
        ask (self, lines_seen (self));
        return STREAM_NOTHING;
    }
    if (found.verdict != LOG_NOTHING || !knows_of_a_log (self))
        self->unanswered_since = 0;
    if (log_is_contradiction (found.verdict))
        return contradict (self, &found, told);
    return found.verdict == LOG_NOTHING ? go_on_without (self) : adopt (self, &found.next);
}

static int judge_reply (consent_t *self, const Consentd__LogCheckpointReply *reply)
{
    const struct log_told told = {
        .note = {reply->checkpoint.data, reply->checkpoint.len},
        .proof = {reply->proof.data, reply->proof.len},
        .earlier = self->log.earlier,
        .keys = reply->keys,
        .key_count = reply->n_keys,
        .at = wall_now (),
    };
    self->log.watching = true;
    return judge (self, &told);
}

/* It has fewer lines than we have seen, or so it says: asks what it has, which is then the evidence. */
static int ask_what_it_has (consent_t *self)
{
    const struct log_told nothing = {.earlier = self->log.earlier};
    if (++self->log.doubts >= DOUBTS_MAX)
        return judge (self, &nothing);
    ask (self, 0);
    return STREAM_NOTHING;
}

static bool is_about_earlier (const char *field)
{
    const char *name = strrchr (field, '.');
    return name && !strcmp (name, ".earlier");
}

/* The registry shows no checkpoint, each status for its own reason. */
static int handle_refusal (consent_t *self, const Consentd__Reply *reply)
{
    struct log_watch *watch = &self->log;
    const struct log_told nothing = {.earlier = watch->earlier};
    switch (reply->status) {
    case CONSENTD__STATUS__UNAVAILABLE:
    case CONSENTD__STATUS__RETRY:
        wait_for (self, &watch->asked, reply->retry_after_ms);
        return go_on_without (self);
    case CONSENTD__STATUS__FORBIDDEN: /* of a key that was removed; of a registry from before this none is watched
                                       */
        return lines_seen (self) ? stream_refused (self, reply) : judge (self, &nothing);
    case CONSENTD__STATUS__INVALID:
        if (watch->earlier > 0 && is_about_earlier (reply->field))
            return ask_what_it_has (self);
        return judge (self, &nothing);
    default:
        watch->watching = reply->status == CONSENTD__STATUS__NOT_FOUND;
        return judge (self, &nothing);
    }
}

/* --- Replies ------------------------------------------------------------------------------------------ */

bool log_watch_is_reply (const consent_t *self, const Consentd__Reply *reply)
{
    const struct log_watch *watch = &self->log;
    return reply->body_case == CONSENTD__REPLY__BODY_LOG_PUSHED ||
           (watch->errands > 0 && reply->idempotency_key.len == ID_BYTES &&
            !memcmp (reply->idempotency_key.data, watch->mark, sizeof watch->mark));
}

/* There is a newer checkpoint. If we are waiting for an answer, that may have it already. */
static int handle_pushed (consent_t *self, const Consentd__LogPushed *pushed)
{
    struct log_watch *watch = &self->log;
    watch->pushed = pushed->size;
    if (watch->watching && !watch->asked.is_out && pushed->size != lines_seen (self))
        ask (self, lines_seen (self));
    return STREAM_NOTHING;
}

int log_watch_handle (consent_t *self, const Consentd__Reply *reply)
{
    struct log_watch *watch = &self->log;
    if (reply->status == CONSENTD__STATUS__OK && reply->body_case == CONSENTD__REPLY__BODY_LOG_PUSHED)
        return handle_pushed (self, reply->log_pushed);
    if (is_answer_to (&watch->cosigning, reply))
        return handle_cosigned (self, reply);
    if (!is_answer_to (&watch->asked, reply))
        return STREAM_NOTHING; /* it was sent twice */
    end_errand (&watch->asked);
    if (reply->status != CONSENTD__STATUS__OK)
        return handle_refusal (self, reply);
    if (reply->body_case != CONSENTD__REPLY__BODY_LOG_CHECKPOINT)
        return stream_end (self, CONSENT_BAD_REPLY,
                           "the registry gave an answer about its log that cannot be used");
    return judge_reply (self, reply->log_checkpoint);
}

/* --- Time --------------------------------------------------------------------------------------------- */

int64_t log_watch_due (const consent_t *self)
{
    const struct log_watch *watch = &self->log;
    if (!watch->errands || !link_is_open (&self->events))
        return INT64_MAX;
    return watch->asked.due < watch->cosigning.due ? watch->asked.due : watch->cosigning.due;
}

void log_watch_tick (consent_t *self)
{
    struct log_watch *watch = &self->log;
    if (!watch->errands || !link_is_open (&self->events))
        return;
    int64_t now = attempt_now ();
    if (watch->asked.due <= now) {
        if (!watch->asked.is_out)
            begin_errand (watch, &watch->asked);
        send_ask (self);
    }
    if (watch->cosigning.due <= now && link_is_open (&self->events))
        send_cosignature (self);
}
