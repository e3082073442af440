/* Numbers and fields in the bytes of a protobuf message, whatever its schema. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum raw_type { RAW_VARINT = 0, RAW_FIXED64 = 1, RAW_LENGTH = 2, RAW_FIXED32 = 5 };

/* The rest of a message. */
struct raw {
    const uint8_t *at, *end;
};

/* One field. `data` is borrowed from the bytes. */
struct raw_field {
    uint32_t number;
    enum raw_type type;
    uint64_t value;      /* of a varint */
    const uint8_t *data; /* of the other types */
    size_t size;         /* of `data` */
};

static inline bool raw_number (struct raw *raw, uint64_t *number)
{
    if (raw->at < raw->end && *raw->at < 0x80) { /* most numbers are one byte */
        *number = *raw->at++;
        return true;
    }
    *number = 0;
    for (unsigned shift = 0; shift < 64 && raw->at < raw->end; shift += 7) {
        uint8_t byte = *raw->at++;
        if (shift == 63 && byte > 1)
            return false; /* more than 64 bits */
        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

enum { RAW_NUMBER_SIZE = 10 }; /* the most bytes that a number takes */

/* Writes a number, for which there must be room. Returns the place behind it. */
static inline uint8_t *raw_put_number (uint8_t *to, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *to++ = (uint8_t)(number | 0x80);
    *to++ = (uint8_t)number;
    return to;
}

/* Reads the next field; there must be one. False: it is cut off, or is no field. */
static inline bool raw_next (struct raw *raw, struct raw_field *field)
{
    uint64_t tag, size = 0;
    if (!raw_number (raw, &tag) || tag > UINT32_MAX || tag >> 3 == 0)
        return false;
    *field = (struct raw_field){.number = (uint32_t)(tag >> 3), .type = (enum raw_type) (tag & 7)};
    switch (field->type) {
    case RAW_VARINT:
        return raw_number (raw, &field->value);
    case RAW_FIXED64:
        size = 8;
        break;
    case RAW_FIXED32:
        size = 4;
        break;
    case RAW_LENGTH:
        if (!raw_number (raw, &size))
            return false;
        break;
    default: /* groups are no part of proto3 */
        return false;
    }
    if (size > (size_t)(raw->end - raw->at))
        return false;
    field->data = raw->at;
    field->size = size;
    raw->at += size;
    return true;
}

/* sint64: numbers near zero take few bytes, negative ones too. */
static inline uint64_t raw_zigzag (int64_t number)
{
    return ((uint64_t)number << 1) ^ (uint64_t)(number >> 63);
}

static inline int64_t raw_unzigzag (uint64_t number)
{
    return (int64_t)((number >> 1) ^ (0 - (number & 1)));
}
