/* The stream of events: what events.c (what the caller does) and stream.c (what the registry says) share. */
#pragma once
#include "connection.h"
#include "inner.h"

/* event.c: the library knows events of this sort, and the event is complete. */
bool consent_event_is_known (const Consentd__EventPush *push);
/* event.c: takes over a reply that carries such an event. Caller owns the return value. */
struct consent_event *consent_event_new (Consentd__Reply *reply);

/* events.c: begins a stream that has begun before anew, at that number, of the registry as it is now. What was
   seen of its log is kept, unless it is of another epoch; then it is kept beside, where there is a position file.
 */
void events_begin_anew (consent_t *self, uint64_t from);

/* stream.c: opens the link, and asks for the events from our position. 0 or -errno. */
int stream_open (consent_t *self);

/* stream.c: drops the link. It is opened again after a pause; or, after a gap, the stream has ended. */
void stream_drop (consent_t *self);

/* stream.c: the same, and keeps a clause that says why. */
void stream_drop_because (consent_t *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* stream.c: ends the stream for good, with a sentence. Returns `status`; every later call returns it too. */
int stream_end (consent_t *self, int status, const char *format, ...) __attribute__ ((format (printf, 3, 4)));

/* stream.c: ends it for good with CONSENT_ABSENT or CONSENT_STRANGER, in their words. Returns `status`. */
int stream_end_unmet (consent_t *self, int status);

/* stream.c: sends a request with this key on the link. 0 or -errno. */
int stream_send (consent_t *self, Consentd__Request *request, uint8_t key[ID_BYTES]);

/* stream.c: ends the stream for good with the status and the words of a reply that is not OK. Returns the status.
 */
int stream_refused (consent_t *self, const Consentd__Reply *reply);

/* stream.c: handles a reply, and takes it over. STREAM_NOTHING; CONSENT_OK with an event that the caller owns; or
   the status with which the stream ended. */
int stream_handle (consent_t *self, Consentd__Reply *reply, struct consent_event **event_p);

/* stream.c: tells the registry which events were handled, and gives it credit for as many again. */
void stream_tell (consent_t *self);

/* stream.c: the registry has not yet said that it knows what was handled. */
bool stream_is_untold (const consent_t *self);
