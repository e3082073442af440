/* Messages that the scratch registry would not send when a case wants them. */
#pragma once
#include "trial.h"

/* Answers the check with this key: the status, and after how many ms it may come again. False: it heard nothing.
 */
bool forge_status (struct trial *self, const uint8_t key[16], Consentd__Status status, uint32_t retry_after);
/* Tells who subscribes with this key that it is not possible now. */
void forge_busy (struct trial *self, const uint8_t key[16]);
/* What the registry says of a request with this key on a connection whose key was removed: to a check, or to who
   subscribes. */
void forge_removed (struct trial *self, const uint8_t key[16], bool is_stream);
/* An answer with this key that permits all that is asked. */
void forge_permit (struct trial *self, const uint8_t key[16], const uint8_t sent_to[16]);
/* A push on the stream, in this epoch: ENDED, EVENTS_DROPPED up to `number`, or HEARTBEAT. */
void forge_push (struct trial *self, const ProtobufCBinaryData *epoch, Consentd__EventKind kind, uint64_t number);
