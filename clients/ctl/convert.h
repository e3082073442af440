/* Turns messages of the protocol into structs of the daemon, and back, by the tables of daemon/fields. */
#pragma once
#include "arena.h"
#include "fields/fields.h"

/* Fills the struct `to`, whose texts and lists are the arena's. Members without a field in the message are zero.
   False: the message is no such struct. */
bool convert_from_message (struct message *table, const ProtobufCMessage *message, struct arena *arena, void *to);
/* Makes the message of a struct. All of it is the arena's. */
void *convert_to_message (struct message *table, const void *from, struct arena *arena);
