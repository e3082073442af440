/* The walk over a message. For wire.c and wire_store.c alone. */
#pragma once
#include <stdbool.h>
#include "fields/joined.h"
#include "syntax.h"
#include "wire.h"

/* Where the walk is: in a field and, if the field is a list, at a position in it. */
struct place {
    const struct place *outer; /* NULL: in the outermost message */
    const ProtobufCFieldDescriptor *field;
    size_t index;
};

/* "check.items[2].category"; NULL: "request". In the arena. */
const char *place_path (const struct place *place, struct arena *arena);

struct walk {
    const struct wire_limits *limits;
    struct arena *arena;
    struct wire_fault *fault;
    struct syntax *syntax; /* judges what is stored; NULL: the message is only checked */
    uint8_t *bytes;        /* a copy of the message, whose texts are moved; NULL: the message is only checked */
};

/* One message on the walk. */
struct level {
    const ProtobufCMessageDescriptor *descriptor;
    struct wire_cursor bytes;
    const struct place *place; /* NULL: the outermost */
    unsigned depth;
    bool has_lists;
    unsigned last;               /* index of the last field that was found */
    const struct joined *joined; /* the table by which it is stored; NULL: it is only checked */
    char *to;                    /* the struct */
    uint32_t seen[WIRE_FIELDS];  /* how often each field occurs; for a list its elements */
};

/* Stores a value that was checked. */
void wire_store (const struct walk *walk, const struct level *level, const struct place *place,
                 const struct wire_field *value);
/* Sets where the message at `place` is stored: `joined` and `to` of `inner`. */
void wire_enter (const struct walk *walk, const struct level *outer, const struct place *place,
                 struct level *inner);
/* Judges what can be judged only when all of a message is stored. */
void wire_leave (const struct walk *walk, const struct level *level);
