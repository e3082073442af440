#include "reply.h"

#include <stdlib.h>

enum { MEMORY_FACTOR = 16 };

static void *budget_alloc (void *data, size_t size)
{
    size_t *left = data;
    if (size > *left)
        return NULL;
    *left -= size;
    return malloc (size ? size : 1);
}

static void budget_free (void *data, void *memory)
{
    (void)data;
    free (memory);
}

Consentd__Reply *reply_unpack (const void *data, size_t size)
{
    if (size > REPLY_MAX)
        return NULL;
    size_t left = (size_t)MEMORY_FACTOR * REPLY_MAX;
    ProtobufCAllocator allocator = {budget_alloc, budget_free, &left};
    Consentd__Reply *reply = consentd__reply__unpack (&allocator, size, data);
    if (reply && reply->version != 1) {
        consentd__reply__free_unpacked (reply, NULL);
        reply = NULL;
    }
    return reply;
}

const char *consent_name (const ProtobufCEnumDescriptor *descriptor, int value)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value (descriptor, value);
    return found ? found->name : "UNKNOWN";
}
