/* A table joined with a message: where each field of the message is in the struct. For code that reads and writes
   by tables. */
#pragma once
#include "fields.h"

enum {
    JOINED_FIELDS = 128, /* the most fields of a message: there is a bit for each */
    JOINED_LOW = 64,     /* a field with a lower number is found at once */
};

/* One field of the message. */
struct slot {
    const struct field *field;
    const ProtobufCFieldDescriptor *wire;
    const struct joined *inner; /* if it is a message, or a list of messages */
    uint32_t offset, beside;    /* from the beginning of the struct, or of what `via` points to */
    int32_t via;                /* the offset of the pointer that leads to it; -1: none */
    bool in_full;
};

/* A bit for each slot. */
__extension__ typedef unsigned __int128 slot_bits;

static inline slot_bits slot_bit (size_t index)
{
    return (slot_bits)1 << index;
}

/* The index of the lowest bit; there is one. */
static inline unsigned slot_lowest (slot_bits bits)
{
    uint64_t low = (uint64_t)bits;
    return low != 0 ? (unsigned)__builtin_ctzll (low) : 64 + (unsigned)__builtin_ctzll ((uint64_t)(bits >> 64));
}

struct joined {
    const struct fields *fields;
    const ProtobufCMessageDescriptor *descriptor;
    unsigned count;
    bool has_words;          /* one of its fields is FIELD_WORDS */
    slot_bits texts, needed; /* FIELD_TEXT; must be there, or the struct is not whole */
    uint8_t low[JOINED_LOW]; /* by number: the place of its slot, and 1; 0: the message has none */
    struct slot slot[];      /* in the order of their numbers */
};

/* The joined message. If it does not fit, the process ends. */
const struct joined *message_joined (struct message *self);
/* Writes the struct, as fields_write (). */
struct bytes joined_write (const struct joined *self, const void *from, struct arena *arena);
/* The slot of the field with this number. NULL if the message has none. */
static inline const struct slot *joined_slot (const struct joined *self, uint32_t number)
{
    if (number < JOINED_LOW)
        return self->low[number] > 0 ? &self->slot[self->low[number] - 1] : NULL;
    for (unsigned i = self->count; i > 0 && self->slot[i - 1].wire->id >= number; i--)
        if (self->slot[i - 1].wire->id == number)
            return &self->slot[i - 1];
    return NULL;
}

/* The log shows the field. It shows no message whose table is not known here, and not one of several (ONE_OF) of
   which it would show nothing. */
bool slot_is_in_log (const struct slot *self);

static inline bool slot_is_list (const struct slot *self)
{
    return self->wire->label == PROTOBUF_C_LABEL_REPEATED;
}
