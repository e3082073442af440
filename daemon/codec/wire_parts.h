/* The walk over a message from within: shared by wire.c and wire_store.c, and included by nothing else. */
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
    struct syntax *syntax; /* of what is stored; else NULL */
    uint8_t *bytes;        /* that are walked, where they may be changed */
};

/* One message on the walk. */
struct level {
    const ProtobufCMessageDescriptor *descriptor;
    struct wire_cursor bytes;
    const struct place *place; /* NULL: the outermost */
    unsigned depth;
    bool has_lists;
    unsigned last;               /* index of the last field that was found */
    const struct joined *joined; /* by which it is stored; NULL: it is only checked */
    char *to;                    /* the struct */
    uint32_t seen[WIRE_FIELDS];  /* how often each field occurs; for a list its elements */
};

/* Stores one value, which was checked. */
void wire_store (const struct walk *walk, const struct level *level, const struct place *place,
                 const struct wire_field *value);
/* Says where a message that stands at `place` is stored. */
void wire_enter (const struct walk *walk, const struct level *outer, const struct place *place,
                 struct level *inner);
/* What can be said of a message when all of it was stored. */
void wire_leave (const struct walk *walk, const struct level *level);
