/* What the registry says on the events endpoint, and what it means.

   Numbers have no gaps, and an epoch gives each number once. So a doubt is one of two things. A fresh subscription
   from the same number may put it right (stream_drop). Or a withdrawal may have been missed: then the stream ends,
   and whoever holds data must ask again (stream_end). */
#include "events.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "attempt.h"
#include "former.h"
#include "identifier.h"
#include "log_watch.h"
#include "problem.h"

enum {
    STALLED_MAX = 2,    /* heartbeats: one may have crossed an event on its way, two cannot */
    CREDIT_MOST = 1024, /* given at once, and not used up: the registry takes no more in one request */
    CREDIT_LOW = CREDIT_MOST / 2,
};

static void set_live (struct event_stream *stream, bool live)
{
    if (stream->live != live)
        stream->changed_at = attempt_now ();
    if (live)
        stream->why[0] = 0;
    stream->live = live;
}

static int end (consent_t *self, int status)
{
    link_close (&self->events);
    set_live (&self->stream, false);
    return self->stream.final = status;
}

int stream_end (consent_t *self, int status, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (self->error, sizeof self->error, format, arguments);
    va_end (arguments);
    return end (self, status);
}

int stream_end_unmet (consent_t *self, int status)
{
    return end (self, connection_fail_to_meet (self, status, self->key.events));
}

void stream_drop (consent_t *self)
{
    struct event_stream *stream = &self->stream;
    if (stream->gap[0]) {
        stream_end (self, CONSENT_GAP, "%s", stream->gap);
        return;
    }
    link_close (&self->events);
    set_live (stream, false);
    stream->reopen_at = attempt_now () + attempt_pause (++stream->attempts);
}

void stream_drop_because (consent_t *self, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (self->stream.why, sizeof self->stream.why, format, arguments);
    va_end (arguments);
    stream_drop (self);
}

int stream_send (consent_t *self, Consentd__Request *request, uint8_t key[ID_BYTES])
{
    uint8_t bytes[2048];
    request->version = 1;
    request->idempotency_key = (ProtobufCBinaryData){ID_BYTES, key};
    if (consentd__request__get_packed_size (request) > sizeof bytes)
        return -EMSGSIZE;
    return link_send (&self->events, bytes, consentd__request__pack (request, bytes));
}

/* Every request needs a key. Those about events are never sent again: they are asked anew, with another key. */
static int send_request (consent_t *self, Consentd__Request *request, uint8_t key[ID_BYTES])
{
    attempt_random (key, ID_BYTES);
    return stream_send (self, request, key);
}

/* How many more events the registry may push: with those on their way and those not yet acknowledged, no more than
   the window. */
static uint32_t free_credit (const consent_t *self)
{
    const struct event_stream *stream = &self->stream;
    uint64_t taken = stream->credit + (stream->delivered - stream->position.number);
    uint64_t room = taken < self->window ? self->window - taken : 0;
    uint64_t most = stream->credit < CREDIT_MOST ? CREDIT_MOST - stream->credit : 0;
    return (uint32_t)(room < most ? room : most);
}

/* The number with which the stream goes on; 0: the one after those that the registry knows to be handled. */
static uint64_t wanted (const struct event_stream *stream)
{
    if (stream->placed)
        return stream->delivered + 1;
    return stream->stored ? stream->stored + 1 : stream->from;
}

int stream_open (consent_t *self)
{
    struct event_stream *stream = &self->stream;
    int result = link_open (&self->events, self->context, &self->key, self->key.events);
    if (result)
        return result;
    stream->credit = 0;
    stream->stalled = 0;
    self->log = (struct log_watch){.errands = 0};
    Consentd__SubscribeRequest subscribe;
    consentd__subscribe_request__init (&subscribe);
    subscribe.from = wanted (stream);
    subscribe.consumer = self->consumer;
    subscribe.effects = self->effects;
    subscribe.credit = free_credit (self);
    if (!subscribe.credit)
        subscribe.credit = 1; /* a subscription needs some credit; one more than the window does no harm */
    stream->credit = subscribe.credit;
    Consentd__Request request;
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_SUBSCRIBE;
    request.subscribe = &subscribe;
    stream->heard_at = attempt_now ();
    return send_request (self, &request, stream->subscribe_key);
}

bool stream_is_untold (const consent_t *self)
{
    const struct event_stream *stream = &self->stream;
    return stream->live && stream->confirmed < stream->position.number;
}

void stream_tell (consent_t *self)
{
    struct event_stream *stream = &self->stream;
    Consentd__AcknowledgeRequest acknowledge = CONSENTD__ACKNOWLEDGE_REQUEST__INIT;
    acknowledge.number = stream->position.number;
    acknowledge.credit = free_credit (self);
    Consentd__Request request;
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_ACKNOWLEDGE;
    request.acknowledge = &acknowledge;
    uint8_t key[ID_BYTES];
    stream->credit += acknowledge.credit;
    stream->told_at = attempt_now ();
    if (send_request (self, &request, key))
        stream_drop (self);
}

/* The first subscription of all: its answer gives our position. It is kept at once, so that a restored backup of
   the registry is noticed even before the first event. */
static int place (consent_t *self, const Consentd__SubscribeReply *subscribed)
{
    struct event_stream *stream = &self->stream;
    stream->position.number = stream->delivered = subscribed->next - 1;
    if (stream->stored)
        stream->position.number =
            stream->from > subscribed->acknowledged ? stream->from - 1 : subscribed->acknowledged;
    int result = former_take (self);
    if (!result && stream->position_file)
        result = position_write (&stream->position, stream->position_file);
    if (result)
        return stream_end (self, result, "%s: %s", stream->position_file, problem_words (result));
    stream->placed = true;
    return STREAM_NOTHING;
}

/* Events were missed. A registry that was put back has fewer events, and fewer lines in its log too: what was seen
   of that is evidence, so it is looked at first. */
static int find_gap (consent_t *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
static int find_gap (consent_t *self, const char *format, ...)
{
    struct event_stream *stream = &self->stream;
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (stream->gap, sizeof stream->gap, format, arguments);
    va_end (arguments);
    if (!stream->position.log.note_size)
        return stream_end (self, CONSENT_GAP, "%s", stream->gap);
    log_watch_begin (self);
    return STREAM_NOTHING;
}

static int find_dropped (consent_t *self, uint64_t first, uint64_t last)
{
    self->stream.was_dropped = true;
    self->stream.kept_from = last + 1;
    return find_gap (
        self, "the registry dropped events %" PRIu64 " to %" PRIu64 ": they waited too long, or too many did",
        first, last);
}

static int handle_subscribed (consent_t *self, const Consentd__SubscribeReply *subscribed)
{
    struct event_stream *stream = &self->stream;
    uint64_t asked = wanted (stream);
    if (!subscribed->next || (asked && subscribed->next != asked) || subscribed->newest < subscribed->next - 1)
        return find_gap (self, "event %" PRIu64 " was asked for, and %" PRIu64 " of %" PRIu64 " would come", asked,
                         subscribed->next, subscribed->newest);
    if (subscribed->last_dropped && (!asked || subscribed->last_dropped >= asked))
        return find_dropped (self, subscribed->first_dropped, subscribed->last_dropped);
    int result = stream->placed ? STREAM_NOTHING : place (self, subscribed);
    if (result != STREAM_NOTHING)
        return result;
    set_live (stream, true);
    stream->newest = subscribed->newest;
    stream->attempts = 0;
    stream->confirmed = subscribed->acknowledged;
    if (stream_is_untold (self))
        stream_tell (self);
    if (stream->live)
        log_watch_begin (self);
    return STREAM_NOTHING;
}

/* A heartbeat comes in order with the events. If it counts events that we did not get, though the registry had
   credit for them, they were lost on the way. The registry still has them. */
static int handle_heartbeat (consent_t *self, uint64_t newest)
{
    struct event_stream *stream = &self->stream;
    if (newest < stream->delivered)
        return stream_end (self, CONSENT_GAP, "the newest event is %" PRIu64 ", but %" PRIu64 " was here already",
                           newest, stream->delivered);
    stream->newest = newest;
    bool behind = newest > stream->delivered && stream->credit && !stream_is_untold (self);
    stream->stalled = behind ? stream->stalled + 1 : 0;
    if (stream->stalled == STALLED_MAX)
        stream_drop (self);
    return STREAM_NOTHING;
}

static void have_heard (consent_t *self, const Consentd__Reply *reply)
{
    if (self->hear)
        self->hear (self->hearer, reply);
}

/* Takes over the reply if it returns CONSENT_OK. */
static int handle_push (consent_t *self, Consentd__Reply *reply, struct consent_event **event_p)
{
    struct event_stream *stream = &self->stream;
    const Consentd__EventPush *push = reply->event;
    if (push->kind == CONSENTD__EVENT_KIND__ENDED)
        return stream_end (self, CONSENT_ENDED, "the registry ended the subscription: %s", reply->message);
    if (!stream->live) {
        stream_drop (self); /* nobody has asked for events on this link yet */
        return STREAM_NOTHING;
    }
    if (push->kind == CONSENTD__EVENT_KIND__HEARTBEAT) {
        connection_hear_key (self, push->server_key_next);
        have_heard (self, reply);
        return handle_heartbeat (self, push->number);
    }
    if (push->kind == CONSENTD__EVENT_KIND__EVENTS_DROPPED)
        return find_dropped (self, push->first_dropped, push->number);
    if (push->number != stream->delivered + 1)
        return stream_end (self, CONSENT_GAP, "event %" PRIu64 " came where %" PRIu64 " was due", push->number,
                           stream->delivered + 1);
    /* An event that we cannot tell the caller may not be passed over either. */
    if (!consent_event_is_known (push))
        return stream_end (self, CONSENT_BAD_REPLY,
                           "event %" PRIu64 " is of a sort that this library does not know", push->number);
    stream->delivered = push->number;
    stream->credit -= stream->credit > 0;
    stream->stalled = 0;
    have_heard (self, reply);
    *event_p = consent_event_new (reply);
    /* A wide window is not given at once. Its next part comes before the last one is used up. */
    if (stream->credit < CREDIT_LOW && free_credit (self) >= CREDIT_LOW)
        stream_tell (self);
    return CONSENT_OK;
}

int stream_refused (consent_t *self, const Consentd__Reply *reply)
{
    int status = connection_fail_reply (self, reply);
    link_close (&self->events);
    set_live (&self->stream, false);
    return self->stream.final = status;
}

/* Numbers of events belong to an epoch: in another one they may be other events. */
static bool is_epoch (struct event_stream *stream, const Consentd__Reply *reply)
{
    if (reply->epoch.len != ID_BYTES)
        return false;
    if (!stream->has_epoch) {
        memcpy (stream->position.epoch, reply->epoch.data, ID_BYTES);
        stream->has_epoch = true;
    }
    return !memcmp (stream->position.epoch, reply->epoch.data, ID_BYTES);
}

static int say_other_epoch (consent_t *self)
{
    self->stream.is_other_epoch = true;
    return stream_end (self, CONSENT_GAP, "the registry has another epoch than before: a backup was restored");
}

/* It does not have the event with which we would go on. */
static int handle_no_place (consent_t *self, const Consentd__Reply *reply)
{
    const Consentd__SubscribeReply *says =
        reply->body_case == CONSENTD__REPLY__BODY_SUBSCRIBE ? reply->subscribe : NULL;
    self->stream.was_dropped = false;
    if (says && !is_epoch (&self->stream, reply))
        return say_other_epoch (self);
    if (says && says->last_dropped >= wanted (&self->stream))
        return find_dropped (self, says->first_dropped, says->last_dropped);
    return find_gap (self, "the registry cannot resume with event %" PRIu64 ": %s", wanted (&self->stream),
                     reply->message);
}

/* The registry refuses what we asked. */
static int handle_refusal (consent_t *self, const Consentd__Reply *reply)
{
    bool subscribing = reply->idempotency_key.len == ID_BYTES &&
                       !memcmp (reply->idempotency_key.data, self->stream.subscribe_key, ID_BYTES);
    switch (reply->status) {
    case CONSENTD__STATUS__UNAVAILABLE:
    case CONSENTD__STATUS__RETRY:
        stream_drop_because (self, "it says %s", reply->message[0] ? reply->message : "that it cannot now");
        return STREAM_NOTHING;
    case CONSENTD__STATUS__INVALID:
        if (subscribing && strstr (reply->field, "from"))
            return handle_no_place (self, reply);
        if (!strcmp (reply->field,
                     "acknowledge")) { /* it has dropped the subscription: we did not take what it sent */
            stream_drop (self);
            return STREAM_NOTHING;
        }
        break;
    default:
        break;
    }
    return stream_refused (self, reply);
}

/* What is said of the log of another epoch is not about what was seen. A request that was refused unread hears an
   epoch of zeroes. */
static int handle_log (consent_t *self, const Consentd__Reply *reply)
{
    static const uint8_t none[ID_BYTES];
    bool is_unread = reply->status != CONSENTD__STATUS__OK &&
                     (reply->epoch.len != ID_BYTES || !memcmp (reply->epoch.data, none, ID_BYTES));
    if (!is_unread && !is_epoch (&self->stream, reply))
        return say_other_epoch (self);
    return log_watch_handle (self, reply);
}

static int handle_reply (consent_t *self, Consentd__Reply *reply, struct consent_event **event_p)
{
    struct event_stream *stream = &self->stream;
    if (log_watch_is_reply (self, reply))
        return handle_log (self, reply);
    stream->heard_at = attempt_now ();
    if (reply->status != CONSENTD__STATUS__OK && reply->body_case != CONSENTD__REPLY__BODY_EVENT)
        return handle_refusal (self, reply);
    if (!is_epoch (stream, reply))
        return say_other_epoch (self);
    connection_note (self, reply);
    switch (reply->body_case) {
    case CONSENTD__REPLY__BODY_EVENT:
        return handle_push (self, reply, event_p);
    case CONSENTD__REPLY__BODY_SUBSCRIBE:
        return stream->live ? STREAM_NOTHING : handle_subscribed (self, reply->subscribe);
    case CONSENTD__REPLY__BODY_ACKNOWLEDGE:
        if (reply->acknowledge->acknowledged > stream->confirmed)
            stream->confirmed = reply->acknowledge->acknowledged;
        return STREAM_NOTHING;
    default:
        return STREAM_NOTHING;
    }
}

int stream_handle (consent_t *self, Consentd__Reply *reply, struct consent_event **event_p)
{
    int result = handle_reply (self, reply, event_p);
    if (result != CONSENT_OK)
        consentd__reply__free_unpacked (reply, NULL);
    return result;
}
