/* Messages unpacked into an arena: the one way to do it, for the wire, the store and the clients alike. */
#pragma once
#include <protobuf-c/protobuf-c.h>
#include "arena.h"

static inline void *arena_unpack_alloc (void *arena, size_t size)
{
    return arena_try_alloc (arena, size);
}

/* An arena frees all at once. */
static inline void arena_unpack_free (void *arena, void *pointer)
{
    (void)arena;
    (void)pointer;
}

/* The message, which lives as long as the arena; NULL if the bytes are not one, or it takes more than the arena
 * has. */
static inline void *arena_unpack (struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                                  const void *data, size_t size)
{
    ProtobufCAllocator allocator = {arena_unpack_alloc, arena_unpack_free, arena};
    return protobuf_c_message_unpack (descriptor, &allocator, size, data);
}
