/* JSON for programs, by the one convention of docs/json.md. For consentctl, consent-watch, the reports of the
   adapters, and what the log shows. */
#pragma once
#include <jansson.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

/* Makes JSON of a message of the protocol, by its descriptor. The keys are the field names of proto/. Bytes become
   hexadecimal digits, an int64 a time, and an enumeration its name. Every key is there, but of a oneof only the
   one that is set. Caller owns the return value and must json_decref it. */
json_t *document_of_message (const ProtobufCMessage *message);

/* The field is the status of a check of a batch: a number on the wire, a name wherever it is shown. */
bool document_is_status (const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field);

/* A time in ms since 1970. null for 0, and for a year that has not four digits. Caller owns it. */
json_t *document_time (int64_t when);
/* A text. "" for NULL; null for a text that is not UTF-8: no daemon sends that, but a file may have such a name.
   Caller owns it. */
json_t *document_string (const char *text);

/* The document as text. What is not visible is escaped (escape.h). Each level is indented by `indent`; 0: all on
   one line. Takes over the caller's reference. Caller owns the return value and must free it. Aborts without
   memory. */
char *document_text (json_t *document, size_t indent);
/* Prints the document on stdout, indented. Takes over the caller's reference. */
void document_print (json_t *document);
/* This process has printed one. */
bool document_is_printed (void);
