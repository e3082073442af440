#include <inttypes.h>
#include <stdlib.h>
#include "collector.h"
#include "delivery/pause.h"
#include "delivery/stopping.h"

enum {
    MOST = 512,
    TRIES = 6, /* of who is not patient */
};

struct collector_sink {
    struct sink base;
    struct sink_collector where;
    struct collector *collector;
    struct sink *kept; /* what was rejected; opened when something is */
};

/* --- What is rejected ---------------------------------------------------------------------------------- */

/* A collector does not say which of them it rejects, and OTLP forbids to send those again. So all that went
   together are kept where somebody can look at them. */
static int keep_rejected (struct collector_sink *self, json_t *records, const struct collector_answer *answer)
{
    struct export_mark mark, first = {.number = 0}, last = first;
    int error = 0;
    ldv_form.read (json_array_get (records, 0), &first);
    ldv_form.read (json_array_get (records, json_array_size (records) - 1), &last);
    if (!self->kept)
        self->kept = sink_to_file (self->where.kept, &ldv_form, &mark, &error);
    if (!error)
        error = self->kept->put (self->kept, records);
    self->base.rejected += answer->rejected;
    ctl_fail (0,
              "the collector rejects %" PRIu64 " of the records of lines %" PRIu64 " to %" PRIu64
              ": %s; they are in %s",
              answer->rejected, first.number, last.number,
              *answer->message ? answer->message : "it does not say why", self->where.kept);
    return error;
}

/* --- Trying -------------------------------------------------------------------------------------------- */

/* Sends them until it is known what became of them. */
static void send_until_known (struct collector_sink *self, const char *body, struct collector_answer *answer)
{
    for (unsigned tries = 1;; tries++) {
        collector_post (self->collector, body, answer);
        if (answer->outcome != COLLECTOR_LATER || (!self->where.patient && tries == TRIES))
            return;
        long pause = pause_after (tries, answer->pause);
        ctl_fail (0, "the collector %s; the same again in %.1f s", answer->message, (double)pause / 1000);
        stopping_pause (pause);
        if (stopping_is_asked ()) {
            answer->outcome = COLLECTOR_STOPPED;
            return;
        }
    }
}

static int put (struct sink *base, json_t *records);

static int put_range (struct collector_sink *self, json_t *records, size_t from, size_t until)
{
    json_t *part = json_array ();
    for (size_t i = from; i < until; i++)
        json_array_append (part, json_array_get (records, i));
    int error = put (&self->base, part);
    json_decref (part);
    return error;
}

static int put_halves (struct collector_sink *self, json_t *records)
{
    size_t size = json_array_size (records), half = size / 2;
    int error = put_range (self, records, 0, half);
    return error ? error : put_range (self, records, half, size);
}

static int put (struct sink *base, json_t *records)
{
    struct collector_sink *self = (struct collector_sink *)base;
    struct collector_answer answer;
    char *body = otlp_request (records);
    send_until_known (self, body, &answer);
    free (body);
    switch (answer.outcome) {
    case COLLECTOR_TOOK:
        if (answer.rejected > 0)
            return keep_rejected (self, records, &answer);
        if (*answer.message)
            ctl_fail (0, "note: the collector says: %s", answer.message);
        return 0;
    case COLLECTOR_STOPPED:
        return SINK_STOPPED;
    case COLLECTOR_TOO_BIG:
        if (json_array_size (records) > 1)
            return put_halves (self, records);
        /* fall through */
    case COLLECTOR_REFUSES:
    case COLLECTOR_LATER:
        break;
    }
    return ctl_fail (answer.outcome == COLLECTOR_LATER ? EX_UNAVAILABLE : EX_PROTOCOL,
                     "the collector %s; what it did not take stays to be sent", answer.message);
}

/* --- Opening ------------------------------------------------------------------------------------------- */

static void close_collector (struct sink *base)
{
    struct collector_sink *self = (struct collector_sink *)base;
    collector_destroy (&self->collector);
    sink_close (&self->kept);
}

struct sink *sink_to_collector (const struct sink_collector *where, int *error)
{
    struct collector_sink *self = calloc (1, sizeof *self);
    if (!self)
        abort ();
    self->base = (struct sink){.most = MOST, .put = put, .close = close_collector};
    self->where = *where;
    self->collector = collector_new (where, error);
    if (self->collector)
        return &self->base;
    free (self);
    return NULL;
}
