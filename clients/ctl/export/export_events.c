/* The events of the party of the key, as they come. They go out first, and are acknowledged then: the registry
   keeps them until that. What went out and was not acknowledged comes again, and is known by its number. */
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "call.h"
#include "delivery/cloudevent.h"
#include "delivery/stopping.h"
#include "export.h"
#include "position.h"

enum {
    LOOK = 500,
    QUIET = 1000, /* ms without an event: there are no more */
    NO_ANSWER = 15000,
    CONTRADICTED = 79, /* beside the exit codes of sysexits.h, as of consent-watch */
};

struct events {
    const struct export_order *order;
    struct export_tally *tally;
    consent_t *registry;
    json_t *batch;
    uint64_t newest; /* the last event that is out, or in the batch; 0: none */
    long waited;     /* ms for the next event */
};

static int exit_code (int status)
{
    switch (status) {
    case CONSENT_ENDED:
        return EX_TEMPFAIL;
    case CONSENT_KEY_REFUSED:
    case CONSENT_FORBIDDEN:
        return EX_NOPERM;
    case CONSENT_INVALID:
        return EX_CONFIG;
    case CONSENT_CONTRADICTED:
        return CONTRADICTED;
    default:
        return status < 0 ? EX_IOERR : EX_PROTOCOL;
    }
}

static int fail_library (const struct events *self, int status)
{
    if (status == CONSENT_ABSENT || status == CONSENT_STRANGER)
        return ask_fail (self->order->ctl, status);
    return ctl_fail (exit_code (status), "%s", consent_last_error (self->registry));
}

/* Puts out what is gathered, and then says so. */
static int settle (struct events *self)
{
    size_t count = json_array_size (self->batch);
    int error = count > 0 ? self->order->sink->put (self->order->sink, self->batch) : 0;
    if (error || self->newest == self->tally->until)
        return error;
    json_array_clear (self->batch);
    self->tally->records += count;
    self->tally->until = self->newest;
    int status = consent_acknowledge (self->registry, self->newest);
    return status == CONSENT_OK ? 0 : fail_library (self, status);
}

/* Takes an event, unless it is in the file already. The first one must be the one after what is there. */
static int take (struct events *self, const struct consent_event *event)
{
    const struct export_mark *last = &self->order->last;
    if (self->newest == 0 && last->number > 0 && strcmp (event->epoch, last->epoch) != 0)
        return ctl_fail (EX_PROTOCOL, "%s has events of before the registry was put back: begin a new file",
                         self->order->to);
    if (self->newest == 0 && last->number > 0 && event->number > last->number + 1)
        return ctl_fail (EX_PROTOCOL,
                         "%s ends with event %" PRIu64 ", and the registry goes on with %" PRIu64
                         ": those between were acknowledged elsewhere. Begin a new file",
                         self->order->to, last->number, event->number);
    if (event->number > last->number)
        json_array_append_new (self->batch,
                               cloudevent_of (event, consent_party (self->registry), self->order->source));
    self->newest = event->number;
    self->waited = 0;
    return 0;
}

/* Nothing came. Who does not follow is done when nothing is left; *done says so. */
static int wait_on (struct events *self, long waited, bool *done)
{
    char epoch[CONSENT_ID_SIZE];
    uint64_t revision;
    self->waited += waited;
    if (self->order->follow)
        return 0;
    consent_revision (self->registry, epoch, &revision);
    *done = *epoch && self->waited >= QUIET;
    if (!*epoch && self->waited >= NO_ANSWER)
        return ctl_fail (EX_UNAVAILABLE, "the registry does not answer");
    return 0;
}

static int next (struct events *self, bool *done)
{
    struct consent_event *event;
    bool has_batch = json_array_size (self->batch) > 0 || self->newest != self->tally->until;
    int timeout = has_batch ? 0 : LOOK;
    int status = consent_next_event (self->registry, timeout, &event);
    if (status == CONSENT_NO_EVENT || status == CONSENT_INTERRUPTED)
        return has_batch ? settle (self) : wait_on (self, LOOK, done);
    if (status != CONSENT_OK)
        return fail_library (self, status);
    int error = take (self, event);
    consent_event_destroy (&event);
    if (!error && json_array_size (self->batch) >= CONSENT_WINDOW / 2)
        error = settle (self);
    return error;
}

/* The export is a consumer of its own, whatever else listens: each hears all, and none acknowledges what another
   has not stored. An earlier version was the one named "default", and its position goes on. */
static int name_consumer (const struct events *self)
{
    const char *name = self->order->consumer;
    if (!name)
        consent_set_former_consumer (self->registry, "default");
    return consent_set_consumer (self->registry, name ? name : EXPORT_CONSUMER) == CONSENT_OK
               ? 0
               : ctl_fail (EX_USAGE, "--consumer: %s", consent_last_error (self->registry));
}

/* The registry deletes what was acknowledged: a line of the log can be exported again, and an event cannot.
   Two parties have events of the same numbers: by those of another one ours would be passed over. */
static int judge_place (const struct events *self)
{
    const struct export_mark *last = &self->order->last;
    if (self->order->sink->is_passing)
        return ctl_fail (
            EX_USAGE, "standard output is no file: what is in a pipe is lost with whoever reads it, so no event "
                      "could be acknowledged. Give --out FILE, or use consent-watch --ack stdin");
    if (last->number == 0 || strcmp (last->party, consent_party (self->registry)) == 0)
        return 0;
    return ctl_fail (EX_DATAERR, "%s has the events of %s; nothing is added to it", self->order->to, last->party);
}

/* The file may be further than the position, from an export that was given none. */
static int go_on_from_file (const struct events *self)
{
    const struct export_mark *last = &self->order->last;
    int status = consent_set_stored (self->registry, last->epoch, last->number);
    return status == CONSENT_OK ? consent_acknowledge (self->registry, last->number) : status;
}

/* Where it begins is said only where nothing says it: no position, and no event in the file. */
static int subscribe (const struct events *self)
{
    const struct export_order *order = self->order;
    struct export_position unused;
    bool has_position = order->position && export_position_read (&unused, order->position) != EXPORT_POSITION_NONE;
    bool is_new = order->last.number == 0 && !has_position;
    int status = consent_subscribe (self->registry, order->position, is_new ? order->from : 0);
    if (status == CONSENT_OK && has_position && order->last.number > 0)
        status = go_on_from_file (self);
    if (status != CONSENT_OK)
        return fail_library (self, status);
    if (consent_was_former_consumer (self->registry))
        ctl_fail (
            0,
            "%s is of the consumer \"default\", as which an earlier version listened: it goes on from there as "
            "\"" EXPORT_CONSUMER "\". Unless another system of the party is \"default\", forget that one: "
            "consentctl events forget %s default",
            order->position, consent_party (self->registry));
    return 0;
}

int export_events (const struct export_order *order, struct export_tally *tally)
{
    int error = ask_open (order->ctl);
    if (error)
        return error;
    struct events self = {.order = order, .tally = tally, .registry = order->ctl->registry};
    bool done = false;
    if (order->follow) /* it outlives a restart of the registry, so it outwaits one at its own start */
        consent_set_absent (self.registry, CONSENT_ABSENT_WAIT);
    error = judge_place (&self);
    if (!error)
        error = name_consumer (&self);
    if (!error)
        error = subscribe (&self);
    self.batch = json_array ();
    while (!error && !done && !stopping_is_asked ())
        error = next (&self, &done);
    if (!error)
        error = settle (&self);
    json_decref (self.batch);
    if (tally->until == 0)
        tally->until = order->last.number;
    return error == SINK_STOPPED ? 0 : error;
}
