/* A table joined with a message: where each field of the message lies in the struct. For what reads and writes by
   tables. */
#pragma once
#include "fields.h"

enum { JOINED_FIELDS = 64 }; /* most of a message */

/* One field of the message. */
struct slot {
    const struct field *field;
    const ProtobufCFieldDescriptor *wire;
    const struct joined *inner; /* of a message, or a list of them */
    uint32_t offset, beside;    /* from the start of the struct; or of what is reached */
    int32_t via;                /* through the pointer that lies here; -1: through none */
    bool in_full;
};

struct joined {
    const struct fields *fields;
    const ProtobufCMessageDescriptor *descriptor;
    bool has_lists;
    unsigned count;
    struct slot slot[]; /* in order of their numbers */
};

/* The joined message; the process ends where it does not fit. */
const struct joined *message_joined (struct message *self);
/* The slot of a field's number, NULL if the message has none. `hint` is where it is likely: the one found before.
 */
const struct slot *joined_slot (const struct joined *self, uint32_t number, unsigned *hint);

static inline bool slot_is_list (const struct slot *self)
{
    return self->wire->label == PROTOBUF_C_LABEL_REPEATED;
}
