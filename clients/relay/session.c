#include "session.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "attempt.h"
#include "codec/document.h"
#include "delivery/cloudevent.h"
#include "delivery/stopping.h"
#include "identifier.h"
#include "inner.h"
#include "position.h"

enum {
    LOOK_EVERY = 1000, /* ms */
    LOOK_OFTEN = 200,  /* where events settle soon */
    FULL_PAUSE = 1000,
};

/* The relay may acknowledge as soon as libconsent knows a position. */
static bool is_placed (struct session *self)
{
    struct position position;
    if (!self->placed)
        self->placed = position_read (&position, self->relay->order.position) == 0;
    return self->placed;
}

/* Keeps how far the stream has what it will not lose. 0 or an exit code. */
static int keep_mark (struct session *self, struct settled event)
{
    struct mark *mark = &self->mark;
    snprintf (mark->stream, sizeof mark->stream, "%s", self->relay->order.to.stream);
    memcpy (mark->epoch, self->epoch, sizeof mark->epoch);
    mark->created = self->look.created;
    mark->event = event;
    int result = mark_write (mark, self->relay->mark_file);
    return result == 0 ? 0 : say (EX_IOERR, "%s: %s", self->relay->mark_file, strerror (-result));
}

/* The operator's --from was followed, and the position is written anew: the stream is judged by that from now on,
   also at a start without --from. 0 or an exit code. */
static int follow_from (struct session *self)
{
    struct consent_stream_state state;
    struct position position;
    struct relay_order *order = &self->relay->order;
    if (order->from == 0 || consent_stream_state (self->registry, &state) != CONSENT_OK || !state.live ||
        position_read (&position, order->position) != 0)
        return 0;
    consent_hex (position.epoch, sizeof position.epoch, self->epoch);
    order->from = 0;
    return keep_mark (self, shelf_before (self->shelf, self->epoch, self->look.last));
}

/* First it is kept where that is in the stream, then the registry may forget it. 0 or an exit code. */
static int acknowledge (struct session *self, struct settled settled)
{
    int result = keep_mark (self, settled);
    if (result != 0)
        return result;
    if (consent_acknowledge (self->registry, settled.number))
        return say (EX_IOERR, "%s", consent_last_error (self->registry));
    return 0;
}

/* Whether the stream is still the one that was looked at, and has what it took. 0 or SESSION_AGAIN. */
static int look (struct session *self)
{
    struct jetstream_look now;
    struct jetstream_message last;
    if (jetstream_look (self->stream, &now) != 0)
        return say_nats_away (self->relay, jetstream_why (self->stream));
    if (now.created != self->look.created || now.last < settling_last (self->relay->settling).sequence)
        return say (SESSION_AGAIN, "the stream was put back or made anew: it is looked at again");
    self->look = now;
    int result = jetstream_last (self->stream, &last);
    if (result == JETSTREAM_AWAY)
        return say_nats_away (self->relay, jetstream_why (self->stream));
    if (result == 0 && last.sequence != self->last)
        return say (SESSION_AGAIN,
                    "the last event in the stream is not the one that was published last: it is looked at again");
    if (result != 0)
        self->last = 0; /* it grew too old for the stream */
    return 0;
}

/* Looks at the stream when it is time, and acknowledges what has settled. 0, SESSION_AGAIN or an exit code. */
static int tick (struct session *self)
{
    int64_t settle = self->relay->order.settle, asked = attempt_now ();
    if (asked < self->look_at)
        return 0;
    self->look_at = asked + (settle < 4 * LOOK_EVERY ? LOOK_OFTEN : LOOK_EVERY);
    int result = look (self);
    if (result != 0)
        return result;
    settling_heard (self->relay->settling, asked);
    if (!is_placed (self) || !(self->look.is_file || self->look.is_replicated)) /* in memory nothing settles */
        return 0;
    struct settled settled = settling_take (self->relay->settling, self->look.is_replicated ? 0 : settle);
    return settled.number > 0 ? acknowledge (self, settled) : 0;
}

/* The stream is full, or cannot take this event for another reason: waits, and acknowledges meanwhile what
   settles. 0, SESSION_AGAIN, SESSION_STOPPED or an exit code. */
static int wait_for_room (struct session *self)
{
    int result = 0;
    say_nats_away (self->relay, jetstream_why (self->stream));
    for (int waited = 0; result == 0 && waited < FULL_PAUSE; waited += LOOK_OFTEN) {
        stopping_pause (LOOK_OFTEN);
        result = stopping_is_asked () ? SESSION_STOPPED : tick (self);
    }
    return result;
}

/* 0 and the sequence of its message, SESSION_AGAIN, SESSION_STOPPED or an exit code. */
static int publish (struct session *self, const struct jetstream_text *text, uint64_t *sequence)
{
    for (;;) {
        switch (jetstream_publish (self->stream, text, self->last, sequence)) {
        case 0:
            say_nats_there (self->relay);
            if (*sequence > self->last)
                self->last = *sequence;
            return 0;
        case JETSTREAM_REFUSED: {
            int result = wait_for_room (self);
            if (result != 0)
                return result;
            break;
        }
        case JETSTREAM_OTHER_LAST:
            return say (SESSION_AGAIN, "another message came before this event: the stream is looked at again");
        default:
            return say_nats_away (self->relay, jetstream_why (self->stream));
        }
    }
}

/* Puts the event into the stream, unless it is there. 0, or as publish. */
static int hand_on (struct session *self, const struct consent_event *event)
{
    const char *party = consent_party (self->registry);
    uint64_t sequence = shelf_find (self->shelf, event->epoch, event->number);
    int result = 0;
    memcpy (self->epoch, event->epoch, sizeof self->epoch);
    if (sequence == 0) {
        char *id = mark_id (event->epoch, party, event->number);
        char *text = document_text (cloudevent_of (event, party, self->relay->order.source), 0);
        result = publish (self, &(struct jetstream_text){id, text}, &sequence);
        free (text);
        free (id);
    }
    if (result != 0)
        return result;
    settling_add (self->relay->settling, (struct settled){event->number, sequence}, attempt_now ());
    return 0;
}

int session_follow (struct session *self)
{
    for (;;) {
        int result = stopping_is_asked () ? SESSION_STOPPED : tick (self);
        if (result != 0)
            return result;
        struct consent_event *event;
        int64_t wait = self->look_at - attempt_now ();
        result = consent_next_event (self->registry, wait > 0 ? (int)wait : 0, &event);
        say_registry (self->relay, self->registry);
        int followed = follow_from (self);
        if (followed == 0 && (result == CONSENT_NO_EVENT || result == CONSENT_INTERRUPTED))
            continue;
        if (followed == 0 && result != CONSENT_OK)
            return say_end (self->registry, result);
        result = followed != 0 ? followed : hand_on (self, event);
        consent_event_destroy (&event);
        if (result != 0)
            return result;
    }
}
