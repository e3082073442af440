/* Listening: what the caller asks for, and the waiting in between. */
#include "events.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "allocate.h"
#include "attempt.h"
#include "former.h"
#include "log_watch.h"
#include "problem.h"

/* --- Whose position it is ------------------------------------------------------------------------------ */

void consent_set_former_consumer (consent_t *self, const char *former)
{
    self->former_consumer = former;
}

bool consent_was_former_consumer (const consent_t *self)
{
    return self->stream.was_former;
}

/* False: it says nothing of this consumer. */
static bool is_ours (consent_t *self, const struct position *position)
{
    if (position_is_of (position, self->key.party, self->consumer))
        return true;
    self->stream.was_former =
        self->former_consumer && position_is_of (position, self->key.party, self->former_consumer);
    return self->stream.was_former;
}

/* The position is that of the position file, unless the caller gives one. */
static int find_position (consent_t *self, const char *position_file, uint64_t from)
{
    struct event_stream *stream = &self->stream;
    if (from && position_file)
        former_read (self, position_file);
    if (from || !position_file)
        return 0;
    int result = position_read (&stream->position, position_file);
    if (result == POSITION_NONE)
        return 0;
    if (result == POSITION_INVALID)
        return connection_fail (self, CONSENT_INVALID, "%s: not a position file", position_file);
    if (result)
        return connection_fail (self, result, "%s: %s", position_file, problem_words (result));
    if (!is_ours (self, &stream->position))
        return connection_fail (
            self, CONSENT_INVALID,
            "%s: the position of %s%s%s, which says nothing of this one: each has a file of its own",
            position_file, stream->position.party, *stream->position.party ? " as " : "consumer ",
            *stream->position.party ? stream->position.consumer : "default");
    stream->delivered = stream->position.number;
    stream->has_epoch = stream->placed = true;
    return 0;
}

/* --- Listening ----------------------------------------------------------------------------------------- */

int consent_set_consumer (consent_t *self, const char *name)
{
    size_t size = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (self->stream.begun)
        return connection_fail (self, CONSENT_INVALID, "a consumer must be named before the subscription");
    if (size == 0 || size >= sizeof self->consumer || name[size] != '\0' || name[0] == '-')
        return connection_fail (self, CONSENT_INVALID,
                                "the name of a consumer is 1-32 of a-z, 0-9 and -, the first not a -");
    memcpy (self->consumer, name, size + 1);
    return CONSENT_OK;
}

int consent_subscribe (consent_t *self, const char *position_file, uint64_t from)
{
    if (self->stream.begun)
        return connection_fail (self, -EALREADY, "there is a subscription on this connection already");
    if (!self->key.events[0])
        return connection_fail (self, CONSENT_INVALID, "the key file names no events endpoint");
    if (self->witness && !position_file)
        return connection_fail (self, CONSENT_INVALID,
                                "a witness needs a position file: what it cosigned must be kept");
    int result = find_position (self, position_file, from);
    if (result)
        return result;
    position_name (&self->stream.position, self->key.party, self->consumer);
    self->stream.from = from;
    self->stream.position_file = position_file ? allocate_text (position_file) : NULL;
    self->stream.begun = true;
    self->stream.changed_at = attempt_now ();
    return CONSENT_OK;
}

int consent_set_effects (consent_t *self, bool wanted)
{
    if (self->stream.begun)
        return connection_fail (self, CONSENT_INVALID, "effects must be asked for before the subscription");
    self->effects = wanted;
    return CONSENT_OK;
}

void events_begin_anew (consent_t *self, uint64_t from)
{
    struct event_stream *stream = &self->stream;
    struct event_stream fresh = {.begun = true, .position_file = stream->position_file, .from = from};
    link_close (&self->events);
    free (stream->former);
    if (!stream->position_file && !memcmp (stream->position.epoch, self->epoch, ID_BYTES))
        fresh.position.log = stream->position.log;
    *stream = fresh;
    if (stream->position_file)
        former_read (self, stream->position_file);
}

int consent_set_stored (consent_t *self, const char *epoch, uint64_t number)
{
    struct event_stream *stream = &self->stream;
    uint8_t id[ID_BYTES];
    if (!stream->begun || stream->final || link_is_open (&self->events) || !consent_unhex (epoch, id))
        return connection_fail (self, CONSENT_INVALID,
                                "what is stored is said after consent_subscribe, before the first event");
    if (stream->has_epoch && memcmp (stream->position.epoch, id, ID_BYTES) != 0)
        return connection_fail (self, CONSENT_GAP, "what is stored is of another epoch than the position");
    if (number < stream->position.number || (stream->from && number < stream->from))
        return CONSENT_OK;
    memcpy (stream->position.epoch, id, ID_BYTES);
    stream->has_epoch = true;
    stream->stored = number;
    if (stream->placed)
        stream->delivered = number;
    return CONSENT_OK;
}

/* Takes one message that waits, if there is one. Returns as stream_handle. */
static int take_message (consent_t *self, struct consent_event **event_p)
{
    Consentd__Reply *reply;
    int result = link_receive (&self->events, &reply);
    if (!result)
        return stream_handle (self, reply, event_p);
    if (result < 0)
        return stream_end (self, result, "the events endpoint: %s", problem_words (result));
    if (result == LINK_UNREADABLE)
        stream_drop (self);
    return STREAM_NOTHING;
}

/* The moment at which the silence is too long, whether we wait for an answer or for a heartbeat. */
static int64_t patience_ends (const consent_t *self)
{
    const struct event_stream *stream = &self->stream;
    if (!link_is_open (&self->events))
        return stream->reopen_at;
    if (!stream->live)
        return stream->heard_at + self->timeout;
    int64_t ends = stream->heard_at + self->silence;
    if (stream_is_untold (self) && stream->told_at + self->silence < ends)
        ends = stream->told_at + self->silence;
    return ends;
}

/* The registry is not there, for whom that is an answer. */
static bool is_absent (consent_t *self)
{
    return connection_is_wary (self) && attempt_now () - self->stream.changed_at >= self->absent &&
           presence_look (self->key.events, self->timeout, self->absent_why) == PRESENCE_ABSENT;
}

/* Waits for one thing to happen, until `deadline` at most; it always looks once. What waits on the link is read
   before the silence is judged: if the caller was away for long, the registry is not to blame. Returns as
   stream_handle. */
static int step (consent_t *self, int64_t deadline, struct consent_event **event_p)
{
    struct event_stream *stream = &self->stream;
    if (!link_is_open (&self->events) && stream->reopen_at <= attempt_now ()) {
        if (is_absent (self))
            return stream_end_unmet (self, CONSENT_ABSENT);
        int result = stream_open (self);
        if (result)
            return stream_end (self, result, "%s: %s", self->key.events, problem_words (result));
    }
    log_watch_tick (self);
    int64_t patience = patience_ends (self), wake = log_watch_due (self);
    wake = patience < wake ? patience : wake;
    int happened = link_wait (&self->events, (wake < deadline ? wake : deadline) - attempt_now ());
    self->has_met |= self->events.met;
    if (connection_turns (self, &self->events)) {
        stream_drop_because (self, "its key is another than `server-key` of the key file");
        return STREAM_NOTHING;
    }
    if (connection_is_wary (self) && self->events.strange > 0)
        return stream_end_unmet (self, CONSENT_STRANGER);
    switch (happened) {
    case LINK_MESSAGE:
        return take_message (self, event_p);
    case LINK_REFUSED:
        return stream_end (self, CONSENT_KEY_REFUSED, "the registry does not admit the key of %s",
                           self->key.party);
    case LINK_SIGNAL:
        return CONSENT_INTERRUPTED;
    case LINK_LOST:
        stream_drop_because (self, "the connection was lost");
        return STREAM_NOTHING;
    case LINK_SILENT:
        if (link_is_open (&self->events) && patience <= attempt_now ())
            stream_drop_because (self, stream->live ? "it was silent for too long" : "it does not answer");
        return STREAM_NOTHING;
    default:
        return stream_end (self, happened, "the events endpoint: %s", problem_words (happened));
    }
}

int consent_next_event (consent_t *self, int timeout, struct consent_event **event_p)
{
    *event_p = NULL;
    struct event_stream *stream = &self->stream;
    if (!stream->begun)
        return connection_fail (self, CONSENT_INVALID, "there is no subscription on this connection");
    int64_t deadline = timeout < 0 ? INT64_MAX : attempt_now () + timeout;
    int result = stream->final;
    while (!result) {
        result = step (self, deadline, event_p);
        if (result != STREAM_NOTHING)
            return result;
        result = stream->final ? stream->final : attempt_now () < deadline ? 0 : CONSENT_NO_EVENT;
    }
    return result;
}

int consent_acknowledge (consent_t *self, uint64_t number)
{
    struct event_stream *stream = &self->stream;
    if (number > stream->delivered || !stream->placed)
        return connection_fail (self, CONSENT_INVALID, "event %" PRIu64 " was not delivered", number);
    if (number <= stream->position.number)
        return CONSENT_OK;
    struct position handled = stream->position;
    handled.number = number;
    int result = stream->position_file ? position_write (&handled, stream->position_file) : 0;
    if (result)
        return connection_fail (self, result, "%s: %s", stream->position_file, problem_words (result));
    stream->position = handled;
    if (stream->live)
        stream_tell (self);
    return CONSENT_OK;
}

int consent_stream_state (const consent_t *self, struct consent_stream_state *state)
{
    const struct event_stream *stream = &self->stream;
    int64_t now = attempt_now ();
    *state = (struct consent_stream_state){.endpoint = self->key.events, .why = stream->why};
    if (!stream->begun)
        return CONSENT_INVALID;
    state->live = stream->live;
    state->since = now - stream->changed_at;
    state->silent = now - stream->heard_at;
    return CONSENT_OK;
}

bool events_are_all_here (const consent_t *self)
{
    return self->stream.live && self->stream.delivered >= self->stream.newest;
}

void events_end (consent_t *self)
{
    int64_t deadline = attempt_now () + self->timeout;
    while (stream_is_untold (self) && attempt_now () < deadline) {
        struct consent_event *event = NULL;
        step (self, deadline, &event);
        consent_event_destroy (&event);
    }
    link_close (&self->events);
    free (self->stream.position_file);
    free (self->stream.former);
    self->stream.position_file = NULL;
    self->stream.former = NULL;
}
