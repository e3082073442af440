#include "session.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "text/escape.h"

int say (int code, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (text, sizeof text, format, arguments);
    va_end (arguments);
    escape_line (stderr, "consent-relay: %s", text);
    return code;
}

int say_nats_away (struct relay *relay, const char *why)
{
    const struct jetstream_to *to = &relay->order.to;
    if (strncmp (relay->nats_why, why, sizeof relay->nats_why - 1) != 0)
        say (0, "stream %s at %s cannot be used: %s; events wait in the registry", to->stream, to->url, why);
    snprintf (relay->nats_why, sizeof relay->nats_why, "%s", why);
    return SESSION_AGAIN;
}

void say_nats_there (struct relay *relay)
{
    if (relay->nats_why[0])
        say (0, "stream %s at %s can be used again", relay->order.to.stream, relay->order.to.url);
    relay->nats_why[0] = 0;
}

void say_registry (struct relay *relay, consent_t *registry)
{
    enum { PATIENCE = 1000 }; /* ms, in which it may be back before anybody wonders */
    struct consent_stream_state state;
    if (consent_stream_state (registry, &state) != CONSENT_OK)
        return;
    if (state.live && relay->registry_away)
        say (0, "the registry at %s is there", state.endpoint);
    else if (!state.live && !relay->registry_away && state.since >= PATIENCE)
        say (0, "the registry at %s is not there%s%s; it is tried until it is", state.endpoint,
             *state.why ? ": " : "", state.why);
    if (state.live || state.since >= PATIENCE)
        relay->registry_away = !state.live;
}

int say_end (consent_t *registry, int status)
{
    const char *why = consent_last_error (registry);
    switch (status) {
    case CONSENT_ENDED:
        return say (EX_TEMPFAIL, "%s", why);
    case CONSENT_CONTRADICTED:
        say (0, "CONTRADICTION: %s", why);
        return say (79,
                    "this registry was put back or rewritten. Believe nothing of it, keep the evidence and the "
                    "position file, and ask who runs it what happened");
    case CONSENT_KEY_REFUSED:
    case CONSENT_FORBIDDEN:
        return say (EX_NOPERM, "%s", why);
    default:
        return say (status < 0 ? EX_IOERR : EX_PROTOCOL, "%s", why);
    }
}

int say_standing (const struct standing *standing, enum standing_verdict verdict)
{
    uint64_t kept = standing->mark.event.number > standing->acknowledged ? standing->mark.event.number
                                                                         : standing->acknowledged;
    switch (verdict) {
    case STANDING_FOREIGN:
        return say (EX_CONFIG,
                    "the last message with this subject is not from consent-relay: the subject must be the "
                    "relay's alone");
    case STANDING_OTHER_EPOCH:
        return say (EX_PROTOCOL,
                    "the stream has events of another epoch of the registry than the position: one of them "
                    "was put back. Who reads the stream must ask again about all data that he holds; then "
                    "start with --from");
    case STANDING_ANEW:
    case STANDING_PUT_BACK:
        say (0,
             "the stream was %s: it lacks events up to %" PRIu64
             " that it had, and that the registry need not keep "
             "any more",
             verdict == STANDING_ANEW ? "made anew" : "put back", kept);
        return say (EX_PROTOCOL,
                    "who reads the stream must ask again about all data that he holds; then start with "
                    "--from %" PRIu64,
                    kept + 1);
    default:
        return EX_SOFTWARE;
    }
}
