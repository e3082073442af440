/* One connection to NATS, from the look at what the stream has until it fails. */
#pragma once
#include <stdbool.h>
#include "consent.h"
#include "mark.h"
#include "relay.h"
#include "settling.h"
#include "standing.h"

enum {
    SESSION_AGAIN = 1, /* the connection is of no more use, or the stream is not what it was: begin anew */
    SESSION_STOPPED,
};

/* What outlasts it. */
struct relay {
    struct relay_order order; /* `from` is 0 as soon as it has been followed */
    char *mark_file;
    char *subject;
    struct settling *settling;
    char nats_why[320]; /* why NATS cannot be used, as it was said; "": it can, or nothing was said */
    bool registry_away; /* as it was said */
    bool is_drop_told;  /* of a stream that drops its oldest, that was said */
};

struct session {
    struct relay *relay;
    consent_t *registry;
    struct jetstream *stream;
    struct jetstream_look look;
    struct mark mark;
    struct shelf *shelf;
    bool placed; /* the position file is there */
    char epoch[CONSENT_ID_SIZE];
    uint64_t last; /* sequence of the last message with our subject; 0: there is none */
    int64_t look_at;
};

/* session_begin.c: connects, and looks what the stream has. 0, SESSION_AGAIN or an exit code; a sentence was
   printed. To be ended in any case. */
int session_begin (struct session *self, struct relay *relay);
void session_end (struct session *self);

/* session.c: publishes and acknowledges until something ends that. SESSION_AGAIN, SESSION_STOPPED or an exit code.
 */
int session_follow (struct session *self);

/* session_say.c: all that is said on stderr. */
/* Returns the code. */
int say (int code, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* NATS cannot be used, for this reason: said once, until it can. Returns SESSION_AGAIN. */
int say_nats_away (struct relay *relay, const char *why);
void say_nats_there (struct relay *relay);
/* Says once that the registry is not there, and once that it is back. */
void say_registry (struct relay *relay, consent_t *registry);
/* The stream of events has ended with this status. Returns the exit code. */
int say_end (consent_t *registry, int status);
/* The stream lacks what it had, or has what it should not. Returns the exit code. */
int say_standing (const struct standing *standing, enum standing_verdict verdict);
