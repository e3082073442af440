#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "attempt.h"
#include "identifier.h"
#include "inner.h"
#include "position.h"
#include "problem.h"

/* Opens the way to the registry; nothing is asked of it yet. 0 or an exit code. */
static int open_registry (struct session *self)
{
    struct relay *relay = self->relay;
    char error[512];
    self->registry = consent_open (relay->order.key, error, sizeof error);
    if (self->registry == NULL)
        return say (EX_CONFIG, "%s", error);
    if (relay->order.to.subject == NULL) {
        if (asprintf (&relay->subject, "consent.%s.events", consent_party (self->registry)) < 0)
            abort ();
        relay->order.to.subject = relay->subject;
    }
    consent_set_window (self->registry, RELAY_WINDOW);
    if (consent_set_consumer (self->registry, relay->order.consumer))
        return say (EX_USAGE, "--consumer: %s", consent_last_error (self->registry));
    return 0;
}

/* What may not be, if each event is to be found again. 0 or an exit code. */
static int judge_stream (const struct session *self)
{
    const char *name = self->relay->order.to.stream;
    const struct jetstream_look *look = &self->look;
    if (!look->is_limits)
        return say (
            EX_CONFIG,
            "stream %s does not keep what was read (its retention is not \"limits\"): what it lost could not "
            "be told from that",
            name);
    if (!look->is_file && look->replicas < 3)
        return say (EX_CONFIG, "stream %s is in memory: every restart of the server would lose it", name);
    if (look->is_closed)
        return say (EX_CONFIG, "stream %s is sealed, is a mirror, or acknowledges nothing", name);
    if (look->drops_oldest && !self->relay->is_drop_told)
        say (0,
             "stream %s drops its oldest at its limits: an event that nobody has read by then is lost "
             "(docs/relay.md: discard new)",
             name);
    self->relay->is_drop_told = true;
    return 0;
}

/* Our side. 0 or an exit code. */
static int read_position (struct session *self, struct standing *standing)
{
    const struct relay_order *order = &self->relay->order;
    struct position position;
    int result = position_read (&position, order->position);
    if (result == POSITION_INVALID)
        return say (EX_CONFIG, "%s: not a position file", order->position);
    if (result < 0)
        return say (EX_CONFIG, "%s: %s", order->position, problem_words (result));
    self->placed = standing->placed = result == 0;
    consent_hex (position.epoch, sizeof position.epoch, standing->epoch);
    standing->acknowledged = position.number;
    result = mark_read (&self->mark, self->relay->mark_file);
    if (result == MARK_INVALID)
        return say (EX_CONFIG, "%s: not what consent-relay writes", self->relay->mark_file);
    if (result < 0)
        return say (EX_CONFIG, "%s: %s", self->relay->mark_file, problem_words (result));
    if (self->mark.stream[0] && strcmp (self->mark.stream, order->to.stream) != 0)
        return say (EX_CONFIG, "%s is about stream %s: a relay to another stream needs a position of its own",
                    self->relay->mark_file, self->mark.stream);
    standing->mark = self->mark;
    standing->party = consent_party (self->registry);
    standing->from = order->from;
    return 0;
}

/* The stream's side. 0, SESSION_AGAIN or an exit code. */
static int look_at_stream (struct session *self, struct standing *standing, struct jetstream_message *last)
{
    int result = jetstream_look (self->stream, &self->look);
    if (result == JETSTREAM_NO_STREAM)
        return say_nats_away (self->relay, "there is no such stream: it is to be made (docs/relay.md)");
    if (result != 0)
        return say_nats_away (self->relay, jetstream_why (self->stream));
    if ((result = judge_stream (self)) != 0)
        return result;
    result = jetstream_last (self->stream, last);
    if (result == JETSTREAM_AWAY)
        return say_nats_away (self->relay, jetstream_why (self->stream));
    self->last = result == 0 ? last->sequence : 0;
    standing->created = self->look.created;
    standing->first = self->look.first;
    standing->last = self->look.last;
    standing->last_of_ours = self->last;
    standing->last_id = result == 0 ? last->id : "";
    return 0;
}

/* Finds which of our events are there. 0 or SESSION_AGAIN. */
static int walk (struct session *self)
{
    struct jetstream_message message;
    uint64_t lowest =
        self->look.first > shelf_until (self->shelf) ? self->look.first : shelf_until (self->shelf) + 1;
    for (uint64_t sequence = self->last; sequence >= lowest && sequence > 0; sequence--) {
        int result = jetstream_read (self->stream, sequence, &message);
        if (result == JETSTREAM_AWAY)
            return say_nats_away (self->relay, jetstream_why (self->stream));
        if (result != 0 || !message.is_ours)
            continue;
        uint64_t number = shelf_note (self->shelf, sequence, message.id);
        if (number > 0 && number <= shelf_base (self->shelf))
            break;
    }
    return 0;
}

/* Has the registry go on where the stream ends. 0 or an exit code. */
static int subscribe (struct session *self)
{
    const struct relay_order *order = &self->relay->order;
    struct settled through = shelf_through (self->shelf, self->epoch);
    if (consent_subscribe (self->registry, order->position, order->from))
        return say (EX_CONFIG, "%s", consent_last_error (self->registry));
    if (order->from > 0 || *self->epoch == 0 || through.number == 0)
        return 0;
    int result = consent_set_stored (self->registry, self->epoch, through.number);
    if (result != CONSENT_OK)
        return say (EX_PROTOCOL, "%s", consent_last_error (self->registry));
    if (through.sequence > 0)
        settling_add (self->relay->settling, through, attempt_now ());
    return 0;
}

static int connect_stream (struct session *self)
{
    char error[256];
    bool is_wrong;
    self->stream = jetstream_connect (&self->relay->order.to, &is_wrong, error, sizeof error);
    if (self->stream != NULL)
        return 0;
    return is_wrong ? say (EX_CONFIG, "%s", error) : say_nats_away (self->relay, error);
}

int session_begin (struct session *self, struct relay *relay)
{
    struct standing standing = {.last_id = ""};
    struct jetstream_message last;
    *self = (struct session){.relay = relay};
    int result = open_registry (self);
    if (result == 0)
        result = read_position (self, &standing);
    if (result == 0)
        result = connect_stream (self);
    settling_begin (relay->settling, attempt_now ());
    if (result == 0)
        result = look_at_stream (self, &standing, &last);
    if (result != 0)
        return result;
    enum standing_verdict verdict = standing_judge (&standing);
    if (verdict != STANDING_GOES_ON)
        return say_standing (&standing, verdict);
    self->shelf = shelf_new (&standing);
    result = walk (self);
    if (result == 0)
        result = subscribe (self);
    if (result == 0)
        say_nats_there (relay);
    return result;
}

void session_end (struct session *self)
{
    jetstream_destroy (&self->stream);
    consent_close (&self->registry);
    shelf_destroy (&self->shelf);
}
