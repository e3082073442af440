/* The stream of events: what events.c (what the caller does) and stream.c (what the registry says) share. */
#pragma once
#include "connection.h"

enum {
    STREAM_NOTHING = -1, /* handled; there is nothing for the caller in it */
};

/* event.c: the event is of a sort that this library knows, and whole. */
bool consent_event_is_known (const Consentd__EventPush *push);
/* event.c: takes over a reply that carries such a push. Caller owns what is returned. */
struct consent_event *consent_event_new (Consentd__Reply *reply);

/* stream.c: opens the link and asks for the events from where we are. 0 or -errno. */
int stream_open (consent_t *self);

/* stream.c: drops the link, to be opened again after a pause. */
void stream_drop (consent_t *self);

/* stream.c: ends the stream for good, with a sentence. Returns `status`, which is from then on the only one. */
int stream_end (consent_t *self, int status, const char *format, ...) __attribute__ ((format (printf, 3, 4)));

/* stream.c: what a reply means for the stream; takes it over. STREAM_NOTHING; CONSENT_OK with an event that the
   caller owns; or what the stream ended with. */
int stream_handle (consent_t *self, Consentd__Reply *reply, struct consent_event **event_p);

/* stream.c: tells the registry up to where events were handled, and gives credit for as many again. */
void stream_tell (consent_t *self);

/* stream.c: whether it has yet to say that it knows. */
bool stream_is_untold (const consent_t *self);
