/* JSON for programs, by the one convention of docs/json.md: of consentctl, of consent-watch, of the reports of the
   adapters, and of what the log shows. */
#pragma once
#include <jansson.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

/* What of a message is told. NULL in place of it: everything. */
struct document_rule {
    bool (*is_shown) (const ProtobufCMessageDescriptor *message, const char *field);
    bool only_said; /* what is empty is left out, as it is on the wire */
};

/* A message of the protocol, by its descriptor: the field names of proto/ are its keys. Bytes are hexadecimal
   digits, an int64 is a time, an enumeration its name. Every key is there, but of a oneof only the one that is
   set. Caller owns the return value and must json_decref it. */
json_t *document_of_message (const ProtobufCMessage *message, const struct document_rule *rule);

/* A time, in ms since 1970; null for 0, and for what is no year of four digits. Caller owns it. */
json_t *document_time (int64_t when);
/* A text; "" for NULL, null for what is not UTF-8, which no daemon sends. Caller owns it. */
json_t *document_string (const char *text);

/* The document as text, with what is not visible escaped (escape.h); `indent` is of each level, 0: all on one
   line. Takes over the caller's reference. Caller owns the return value and must free it. Aborts without memory.
 */
char *document_text (json_t *document, size_t indent);
/* Prints the document on standard output, indented, and takes over the caller's reference. */
void document_print (json_t *document);
