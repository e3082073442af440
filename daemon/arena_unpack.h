/* Unpacks messages into an arena. The wire, the store and the clients all use this. */
#pragma once
#include <protobuf-c/protobuf-c.h>
#include "arena.h"

static inline void *arena_unpack_alloc (void *arena, size_t size)
{
    return arena_try_alloc (arena, size);
}

/* Does nothing: an arena frees all at once. */
static inline void arena_unpack_free (void *arena, void *pointer)
{
    (void)arena;
    (void)pointer;
}

/* Unpacks a message, which lives as long as the arena. NULL if the bytes are not such a message, or the arena is
   too small. */
static inline void *arena_unpack (struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                                  const void *data, size_t size)
{
    ProtobufCAllocator allocator = {arena_unpack_alloc, arena_unpack_free, arena};
    return protobuf_c_message_unpack (descriptor, &allocator, size, data);
}
