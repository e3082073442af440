/* consent-watch: hears that consents are withdrawn and requests answered. It passes each event on, and then
   acknowledges it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "codec/document.h"
#include "consent.h"
#include "deliver.h"
#include "delivery/cloudevent.h"
#include "delivery/event_json.h"
#include "delivery/stopping.h"
#include "options.h"
#include "presence.h"
#include "standing.h"
#include "streams.h"
#include "text/escape.h"
#include "witness.h"

enum {
    LOOK = 250,               /* ms between two looks at whether we must stop, and whether the registry is there */
    TIME_LIMIT_PROGRAM = 60,  /* s */
    TIME_LIMIT_RECEIVER = 30, /* s */
    EX_CONTRADICTED = 79,     /* beside those of sysexits.h */
    KEY_SIZE = 41,            /* of a server key, with the NUL */
};

/* --- Where events go ----------------------------------------------------------------------------------- */

static const char SHOWN[] =
    "standard output is a terminal, which keeps nothing: events are shown, and not acknowledged";
static const char REFUSED[] =
    "standard output is %s: what is in it is lost with whoever reads it, so no event could be acknowledged. With "
    "--ack stdin the reader answers the number of each event that it has stored (--help has one of six lines); "
    "or "
    "write to a file, or give --exec or --http";
static const char NOWHERE[] = "standard output keeps nothing, so no event could be acknowledged: write to a file";

/* NULL with *fault: an event that goes there is not stored. */
static struct destination *open_output (struct watch_options *options, struct fault *fault)
{
    struct stat about;
    if (fstat (STDOUT_FILENO, &about) != 0)
        about = (struct stat){.st_mode = 0};
    bool is_file = S_ISREG (about.st_mode);
    bool is_pipe = S_ISFIFO (about.st_mode) || S_ISSOCK (about.st_mode);
    if (options->ack == ACK_STDIN && is_file)
        fault_set (fault, EX_USAGE, "--ack stdin is for a pipe: in a file events are stored, and acknowledged");
    else if (options->ack == ACK_STDIN)
        return destination_pipe (fault);
    else if (options->ack == ACK_NONE)
        return destination_shown (fault);
    else if (is_file)
        return destination_file (fault);
    else if (is_pipe)
        fault_set (fault, EX_USAGE, REFUSED, S_ISFIFO (about.st_mode) ? "a pipe" : "a socket");
    else if (isatty (STDOUT_FILENO) && !options->position) {
        complain (0, SHOWN, "");
        options->ack = ACK_NONE;
        return destination_shown (fault);
    } else
        fault_set (fault, EX_USAGE, NOWHERE);
    return NULL;
}

static struct destination *open_destination (struct watch_options *options, struct fault *fault)
{
    long limit = (long)options->time_limit;
    if (options->program)
        return destination_program (options->program, (limit ? limit : TIME_LIMIT_PROGRAM) * 1000, fault);
    if (!options->url)
        return open_output (options, fault);
    const struct destination_receiver receiver = {
        .url = options->url,
        .ca = options->ca,
        .headers = options->headers,
        .limit = (limit ? limit : TIME_LIMIT_RECEIVER) * 1000,
    };
    return destination_http (&receiver, fault);
}

/* 0, or an exit code with its line printed. End it with deliver_close in any case. */
static int open_deliver (struct deliver *deliver, struct watch_options *options)
{
    struct fault fault = {.code = 0};
    *deliver = (struct deliver){.destination = open_destination (options, &fault)};
    if (!deliver->destination)
        return complain (fault.code, fault.sentence, "");
    bool is_patient = deliver->destination->is_patient;
    deliver->tries = options->tries ? options->tries : is_patient ? 0 : TRIES_DEFAULT;
    if (options->set_aside && deliver_aside (deliver, options->set_aside, &fault))
        return complain (fault.code, fault.sentence, "");
    return 0;
}

/* --- Watching ------------------------------------------------------------------------------------------ */

/* The exit code for the status with which the stream ended. */
static int exit_code (int status)
{
    switch (status) {
    case CONSENT_ENDED:
        return EX_TEMPFAIL;
    case CONSENT_CONTRADICTED:
        return EX_CONTRADICTED;
    case CONSENT_KEY_REFUSED:
    case CONSENT_FORBIDDEN:
        return EX_NOPERM;
    default:
        return status < 0 ? EX_IOERR : EX_PROTOCOL;
    }
}

/* The event as one object of JSON. The caller frees it. */
static char *text_of (const consent_t *registry, const struct watch_options *options,
                      const struct consent_event *event)
{
    return document_text (options->format == FORMAT_CLOUDEVENTS
                              ? cloudevent_of (event, consent_party (registry), options->source)
                              : event_document (event),
                          0);
}

struct watch {
    consent_t *registry;
    const struct watch_options *options;
    struct deliver *deliver;
};

/* Passes the event on, then acknowledges it. 0, DELIVER_STOPPED, or an exit code. */
static int hand_on (const struct watch *self, const struct consent_event *event)
{
    char *text = text_of (self->registry, self->options, event);
    int result = deliver (self->deliver, text, event->number);
    free (text);
    if (result || self->options->ack == ACK_NONE)
        return result;
    if (consent_acknowledge (self->registry, event->number))
        return complain (EX_IOERR, consent_last_error (self->registry), "");
    return 0;
}

/* Says why the stream has ended. Returns the exit code. */
static int say_end (consent_t *registry, int status)
{
    if (status != CONSENT_CONTRADICTED)
        return complain (exit_code (status), consent_last_error (registry), "");
    witness_shout (registry);
    return exit_code (status);
}

/* How many events there are to be. 0: no end. The registry sends no more than a window of those that nobody
   acknowledges. */
static uint64_t count_of (const struct watch_options *options)
{
    bool is_more = options->count == 0 || options->count > CONSENT_WINDOW;
    return options->ack == ACK_NONE && is_more ? CONSENT_WINDOW : options->count;
}

/* Once for each key. */
static void tell_key (const consent_t *registry, char told[KEY_SIZE])
{
    const char *key = consent_server_key_to_come (registry);
    if (*key && strcmp (key, told) != 0)
        complain (0, "the registry is to have another server key; put it into the key file as server-key-next",
                  key);
    snprintf (told, KEY_SIZE, "%s", key);
}

static int watch (const struct watch *self)
{
    char told_key[KEY_SIZE] = "";
    struct witness_told told = {.former = false};
    struct presence presence = {.is_away = false};
    uint64_t count = count_of (self->options), handled = 0;
    while (!stopping_is_asked () && (!count || handled < count)) {
        struct consent_event *event;
        int result = consent_next_event (self->registry, LOOK, &event);
        witness_tell (self->registry, &told);
        presence_tell (self->registry, &presence);
        tell_key (self->registry, told_key);
        if (result == CONSENT_OK) {
            result = hand_on (self, event);
            consent_event_destroy (&event);
            handled++;
        } else
            result = result == CONSENT_NO_EVENT || result == CONSENT_INTERRUPTED
                         ? deliver_look (self->deliver)
                         : say_end (self->registry, result);
        if (result)
            return result == DELIVER_STOPPED ? 0 : result;
    }
    if (handled == count && count != self->options->count)
        complain (0, "no more are sent until those that were shown are acknowledged", "");
    return 0;
}

static int listen_to (consent_t *registry, const struct watch_options *options, struct deliver *deliver)
{
    uint64_t from = options->from;
    int result = 0;
    if ((options->consumer && consent_set_consumer (registry, options->consumer)) ||
        (options->witness && consent_set_witness (registry, options->witness)))
        return complain (EX_CONFIG, consent_last_error (registry), "");
    if (options->snapshot)
        result = standing_deliver (registry, deliver, &from);
    if (result)
        return result == DELIVER_STOPPED ? 0 : result;
    if (consent_subscribe (registry, options->position, from))
        return complain (EX_CONFIG, consent_last_error (registry), "");
    return watch (&(struct watch){registry, options, deliver});
}

int main (int argc, char **argv)
{
    struct watch_options options = {.key = NULL};
    struct deliver deliver = {.destination = NULL};
    streams_hold ();
    int result = options_read (&options, argc, argv);
    if (result)
        return result == OPTIONS_DONE ? EX_OK : result;
    if (options.new_key)
        return witness_make_key (options.new_key, options.name);
    stopping_begin ();
    result = open_deliver (&deliver, &options);
    char error[512];
    consent_t *registry = result ? NULL : consent_open (options.key, error, sizeof error);
    if (registry)
        result = listen_to (registry, &options, &deliver);
    else if (!result)
        result = complain (EX_CONFIG, error, "");
    consent_close (&registry);
    deliver_close (&deliver);
    return result;
}
