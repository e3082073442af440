/* What the log shows of requests and answers, as JSON: what their tables mark (in_log). A new field is not shown
   until it is marked. Operators read the log to see who did what when, and what was decided. For that they need no
   birth date and no motivation. The sealed line holds those, for readers who may explain the decision. */
#include <stdlib.h>
#include <string.h>
#include "arena_unpack.h"
#include "codec.h"
#include "body_fields.h"
#include "fields/joined.h"
#include "fields/raw.h"
#include "said.h"
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

static void put_key (struct said *self, const char *name)
{
    said_put (self, self->size > 0 ? "," : "{", 1);
    said_put_string (self, name);
    said_put (self, ":", 1);
}

static void put_message (struct said *self, const char *name, struct bytes packed, struct message *table,
                         struct arena *arena)
{
    struct bytes shown;
    if (packed.size == 0 || !copy_shown (packed, message_joined (table), arena, &shown))
        return;
    ProtobufCMessage *message = arena_unpack (arena, table->descriptor, shown.data, shown.size);
    if (message == NULL)
        return;
    put_key (self, name);
    said_put_message (self, message);
}

static void put_reasons (struct said *self, const struct rule_codes *codes)
{
    said_put (self, "[", 1);
    for (size_t i = 0; i < codes->count; i++) {
        said_put (self, ",", i > 0);
        said_put_string (self, rule_code_name ((enum rule_code)codes->code[i]));
    }
    said_put (self, "]", 1);
}

static void put_all_reasons (struct said *self, const struct rule_codes *reasons, size_t count)
{
    put_key (self, "all_reasons");
    said_put (self, "[", 1);
    for (size_t i = 0; i < count; i++) {
        said_put (self, ",", i > 0);
        put_reasons (self, &reasons[i]);
    }
    said_put (self, "]", 1);
}

const char *codec_describe (struct arena *arena, const struct codec_evidence *evidence)
{
    struct said said = {.text = NULL};
    if (evidence->note != NULL && evidence->note[0] != 0) {
        put_key (&said, "note");
        said_put_string (&said, evidence->note);
    }
    put_message (&said, "request", evidence->request, &request_message, arena);
    put_message (&said, "reply", evidence->reply, &enveloped_message, arena);
    if (evidence->all_reasons != NULL)
        put_all_reasons (&said, evidence->all_reasons, evidence->reason_count);
    said_put (&said, said.size > 0 ? "}" : "{}", said.size > 0 ? 1 : 2);
    const char *made = arena_strndup (arena, said.text, said.size);
    free (said.text);
    return made;
}
