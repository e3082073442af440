/* How far the values of a repeated field lie from one another in what protobuf-c makes. */
#pragma once
#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

static inline size_t value_size (ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return sizeof (uint64_t);
    case PROTOBUF_C_TYPE_UINT32:
        return sizeof (uint32_t);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof (protobuf_c_boolean);
    case PROTOBUF_C_TYPE_ENUM:
        return sizeof (int);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof (ProtobufCBinaryData);
    default:
        return sizeof (void *);
    }
}
