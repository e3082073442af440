/* What is said in a message of the protocol, as JSON on one line: Details of docs/json.md. It is
   document_of_message without what is empty (null, "", [], 0, false), written as text at once: the log is listed
   by the million lines. */
#pragma once
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

/* A text that grows. Begin with zeroes; the owner frees `text`. */
struct said {
    char *text; /* no NUL at its end */
    size_t size, room;
};

/* These bytes as they are. */
void said_put (struct said *self, const void *bytes, size_t size);
/* A string, in its quotes. null: it is not UTF-8. */
void said_put_string (struct said *self, const char *text);
/* An object. */
void said_put_message (struct said *self, const ProtobufCMessage *message);
