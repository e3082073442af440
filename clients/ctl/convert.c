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
    size_t size = fields_write (table, from, NULL);
    uint8_t *packed = arena_alloc (arena, size + 1);
    fields_write (table, from, packed);
    void *message = arena_unpack (arena, table->descriptor, packed, size);
    if (!message) /* we wrote it ourselves */
        abort ();
    return message;
}
