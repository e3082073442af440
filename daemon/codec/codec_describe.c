/* What the log shows of requests and answers, as JSON: what their tables mark (in_log). A new field is not shown
   until it is marked. Operators read the log to see who did what when, and what was decided. For that they need no
   birth date and no motivation. The sealed line holds those, for readers who may explain the decision. */
#include <jansson.h>
#include <string.h>
#include "arena_unpack.h"
#include "codec.h"
#include "body_fields.h"
#include "document.h"
#include "fields/joined.h"
#include "fields/raw.h"
#include "wire.h"

/* Copies what the table marks of a message. Sets `shown`, whose bytes have room for all of it. False: the bytes
   are no message. */
static bool copy_shown (struct bytes message, const struct joined *table, struct arena *arena, struct bytes *shown)
{
    uint8_t *to = arena_alloc (arena, message.size), *begin = to;
    struct wire_cursor cursor = wire_begin (message.data, message.size);
    struct wire_field field;
    int rc;
    while ((rc = wire_next (&cursor, &field)) == 0) {
        const struct slot *slot = joined_slot (table, field.number);
        struct bytes whole = {field.start, (size_t)(cursor.at - field.start)}, inner;
        if (slot == NULL || !slot_is_in_log (slot))
            continue;
        if (slot->inner != NULL) {
            if (!copy_shown ((struct bytes){field.data, field.size}, slot->inner, arena, &inner))
                return false;
            to = raw_put_number (to, (uint64_t)field.number << 3 | RAW_LENGTH);
            to = raw_put_number (to, inner.size);
            whole = inner;
        }
        memcpy (to, whole.data, whole.size);
        to += whole.size;
    }
    *shown = (struct bytes){begin, (size_t)(to - begin)};
    return rc == WIRE_END;
}

static void add_message (json_t *object, const char *name, struct bytes packed, struct message *table,
                         struct arena *arena)
{
    struct bytes shown;
    if (packed.size == 0 || !copy_shown (packed, message_joined (table), arena, &shown))
        return;
    ProtobufCMessage *message = arena_unpack (arena, table->descriptor, shown.data, shown.size);
    if (message != NULL)
        json_object_set_new (object, name, document_of_what_is_said (message));
}

static json_t *describe_reasons (const struct rule_codes *codes)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < codes->count; i++)
        json_array_append_new (list, json_string (rule_code_name ((enum rule_code)codes->code[i])));
    return list;
}

const char *codec_describe (struct arena *arena, const struct codec_evidence *evidence)
{
    json_t *object = json_object ();
    if (evidence->note != NULL && evidence->note[0] != 0)
        json_object_set_new (object, "note", json_string (evidence->note));
    add_message (object, "request", evidence->request, &request_message, arena);
    add_message (object, "reply", evidence->reply, &enveloped_message, arena);
    if (evidence->all_reasons != NULL) {
        json_t *items = json_array ();
        for (size_t i = 0; i < evidence->reason_count; i++)
            json_array_append_new (items, describe_reasons (&evidence->all_reasons[i]));
        json_object_set_new (object, "all_reasons", items);
    }
    char *text = json_dumps (object, JSON_COMPACT);
    json_decref (object);
    const char *made = arena_strdup (arena, text != NULL ? text : "{}");
    free (text);
    return made;
}
