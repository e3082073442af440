/* Messages of the protocol as structs of the house, and back, by the tables of daemon/fields. */
#pragma once
#include "arena.h"
#include "fields/fields.h"

/* Fills the struct `to`, whose texts and lists are the arena's. What the message has no field for is zero. False:
   the message cannot be such a struct. */
bool convert_from_message (struct message *table, const ProtobufCMessage *message, struct arena *arena, void *to);
/* The message of a struct, all of it the arena's. */
void *convert_to_message (struct message *table, const void *from, struct arena *arena);
