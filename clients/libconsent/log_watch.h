/* Watching the registry's log on the connection of the events, and cosigning it (A4). What is seen is judged in
   log_seen.h, and kept in the position. Events never wait for it: its requests and answers go between them. */
#pragma once
#include "connection.h"

/* The subscription is there: begins to watch on this link. */
void log_watch_begin (consent_t *self);

/* The reply answers a request of this file, or tells of a new checkpoint. */
bool log_watch_is_reply (const consent_t *self, const Consentd__Reply *reply);

/* Handles such a reply, which is lent. STREAM_NOTHING, or the status with which the stream ended. */
int log_watch_handle (consent_t *self, const Consentd__Reply *reply);

/* Sends again what has no answer, or was to be tried later. */
void log_watch_tick (consent_t *self);
/* When that is due, by attempt_now. INT64_MAX: nothing is. */
int64_t log_watch_due (const consent_t *self);
