/* Answers for programs: any message of the protocol as JSON, with the field names of proto/ as keys.

   Bytes are hexadecimal digits. An int64 is always a time there: RFC 3339 in UTC, and null for none. Enumerations
   are their names. Every field is there, but of a oneof only the one that is set. */
#pragma once
#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

/* Caller owns the return value and must json_decref it. */
json_t *json_from_message (const ProtobufCMessage *message);
/* Prints the document and a newline on standard output, and takes over the caller's reference. */
void json_print (json_t *document);
