/* The part of libconsent that only this project's own tools use: any request of the protocol, not just those of
   consent.h. */
#pragma once
#include "consent.h"
#include "envelope.pb-c.h"

/* Sends a request and waits for its reply, as consent_check does. The same bytes are sent again after a time-out,
   and while the registry says UNAVAILABLE or RETRY. Sets version, idempotency key and required revision in the
   request that is sent: an epoch that the caller has set is not kept, a key of 16 bytes is. `request` is lent for
   the call; what it points to stays the caller's. CONSENT_OK: *reply_p is the reply, of whatever status: look at
   (*reply_p)->status. Caller must free it with consentd__reply__free_unpacked (*reply_p, NULL). Otherwise *reply_p
   is NULL and consent_last_error says why: CONSENT_TIMEOUT, CONSENT_KEY_REFUSED, CONSENT_BAD_REPLY,
   CONSENT_INVALID (larger than a message may be), -errno; with consent_set_absent CONSENT_ABSENT,
   CONSENT_STRANGER. */
int consent_call (consent_t *self, const Consentd__Request *request, Consentd__Reply **reply_p);

/* Sends a request without waiting, and gives its ticket (never 0). What it does with `request` is what consent_call
   does. Requests of one connection come to the registry in this order, but one that is sent again comes later than
   those that had an answer meanwhile. CONSENT_OK; CONSENT_BUSY: CONSENT_OUTSTANDING_MAX of them have no answer yet,
   take one first; CONSENT_INVALID (larger than a message may be); -errno. */
int consent_call_send (consent_t *self, const Consentd__Request *request, uint64_t *ticket);

/* Waits for the next reply to a request of consent_call_send; replies come in any order. Each request gets exactly
   one. CONSENT_OK and CONSENT_TIMEOUT to -errno are as of consent_call, for the request with *ticket. CONSENT_NO_EVENT:
   every request has been answered. Not on a connection that has questions of consent_ask out. */
int consent_call_next (consent_t *self, uint64_t *ticket, Consentd__Reply **reply_p);

/* For who is patient, and should know for what. Calls `tell` once while a request waits, when it has waited for a
   second: `why` is a clause ("nobody listens there"); "": it listens, and does not answer. `met`: it has answered
   on this connection before, or at least proved that it is the registry of the key file. */
typedef void consent_waiting_handler (void *context, const char *endpoint, const char *why, bool met);
void consent_tell_waiting (consent_t *self, consent_waiting_handler *tell, void *context);

/* Where requests go: `operators` of the key file, else `requests`. Valid until the connection is closed. */
const char *consent_endpoint (const consent_t *self);

/* For a tool that listened as the consumer `former` in an earlier version, and is one of its own now:
   consent_subscribe goes on from a position file of that one too. The file says whose it is now from the first
   acknowledgement on. `former` is lent while the connection is open. Call it before consent_subscribe. */
void consent_set_former_consumer (consent_t *self, const char *former);
/* True after such a subscription: the position was that of the former one. */
bool consent_was_former_consumer (const consent_t *self);

/* The name on the wire of a code, status, verdict or obligation: "NO_CONSENT", or "UNKNOWN". Static. `descriptor`
   is a generated one, such as consentd__code__descriptor. */
const char *consent_name (const ProtobufCEnumDescriptor *descriptor, int value);

/* Bytes as lower-case hexadecimal digits. `text` holds 2 x size + 1 characters. No bytes give "". */
void consent_hex (const void *data, size_t size, char *text);

/* An identifier as 16 bytes. False if `text` is not 32 hexadecimal digits. */
bool consent_unhex (const char *text, uint8_t id[16]);
