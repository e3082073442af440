#include "convert.h"

#include <stdlib.h>
#include "arena_unpack.h"

bool convert_from_message (struct message *table, const ProtobufCMessage *message, struct arena *arena, void *to)
{
    size_t size = protobuf_c_message_get_packed_size (message);
    uint8_t *packed = arena_alloc (arena, size + 1);
    protobuf_c_message_pack (message, packed);
    return fields_read (table, arena, packed, size, to);
}

void *convert_to_message (struct message *table, const void *from, struct arena *arena)
{
    struct bytes packed = fields_write (table, from, arena);
    void *message = arena_unpack (arena, table->descriptor, packed.data, packed.size);
    if (!message) /* we wrote it ourselves */
        abort ();
    return message;
}
