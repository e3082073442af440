/* Checks the bytes of a protobuf message by its descriptor, and reads it by a table.

   Generated code accepts what the protocol forbids: unknown fields and enum values, a field given twice, invalid
   UTF-8, embedded NULs, numbers that do not fit. A message that passes here is read as its sender meant it, in
   bounded memory. */
#pragma once
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "outcome.h"

struct arena;
struct joined;
struct syntax;

enum {
    WIRE_DEPTH = 8,   /* of nested messages */
    WIRE_FIELDS = 128, /* at most, in a message of the schema */
};

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_LENGTH = 2, WIRE_FIXED32 = 5 };

/* The most elements of a list of these messages. */
struct wire_most {
    const ProtobufCMessageDescriptor *element;
    size_t most;
};

struct wire_limits {
    size_t longest; /* bytes of a string or bytes field */
    size_t most;    /* elements of a list that `lists` does not name */
    const struct wire_most *lists;
    size_t list_count;
    /* Elements of lists of these messages are passed over: each will be checked as part of a message of its own.
       NULL: none. */
    const ProtobufCMessageDescriptor *passed_over;
};

struct wire_fault {
    const char *field;   /* path: "check.items[2].category"; "request": the whole; in the arena */
    const char *message; /* one sentence, without any value; in the arena */
};

/* A message that is checked and read in one walk. Its values are stored by its table. A fault of syntax (syntax.h)
   does not end the walk, because a fault of the bytes that is found later goes before it. */
struct wire_reading {
    struct bytes bytes;
    const ProtobufCMessageDescriptor *descriptor;
    const ProtobufCFieldDescriptor *field; /* that holds this message; NULL: this is the outermost */
    const struct joined *joined;           /* NULL: it is only checked */
    void *to;                              /* zeroed */
    const struct wire_limits *limits;
    struct syntax *syntax; /* its arena keeps all that is read */
};
/* 0, or WIRE_BAD: `fault` says what is wrong. */
int wire_read (const struct wire_reading *reading, struct wire_fault *fault);

/* How many elements of this list there may be. */
size_t wire_most_of (const struct wire_limits *limits, const ProtobufCFieldDescriptor *list);

/* One field of a message. `start` and `data` are borrowed from its bytes. */
struct wire_field {
    uint32_t number;
    enum wire_type type;
    uint64_t value;       /* of a varint */
    const uint8_t *start; /* its tag */
    const uint8_t *data;  /* of the other types */
    size_t size;          /* of `data` */
};

struct wire_cursor {
    const uint8_t *at, *end;
};

/* Begins to read a message. `data` may be NULL if `size` is 0. */
static inline struct wire_cursor wire_begin (const void *data, size_t size)
{
    const uint8_t *bytes = size > 0 ? data : (const uint8_t *)"";
    return (struct wire_cursor){bytes, bytes + size};
}

/* Reads the next field of a message of any schema. 0; WIRE_END: there is none; WIRE_BAD: the bytes are cut off, or
   are no field. */
int wire_next (struct wire_cursor *cursor, struct wire_field *field);
