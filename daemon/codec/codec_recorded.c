#include "codec_recorded.h"

#include "arena.h"
#include "body_fields.h"
#include "codec.h"
#include "envelope.pb-c.h"
#include "wire.h"

/* The body of this kind in the bytes of an answer. Size 0: it has none. */
static struct bytes body_of (struct bytes reply, uint32_t number)
{
    struct wire_cursor cursor = wire_begin (reply.data, reply.size);
    struct wire_field field;
    struct bytes body = {NULL, 0};
    while (wire_next (&cursor, &field) == 0)
        if (field.number == number && field.type == WIRE_LENGTH)
            body = (struct bytes){field.data, field.size};
    return body;
}

int codec_read_recorded (const struct recorded_check *recorded, struct arena *arena, struct shown_decision *shown)
{
    struct bytes from = recorded->request;
    shown->answer = body_of (recorded->reply, CONSENTD__REPLY__BODY_CHECK);
    if (codec_peek (from).verb != VERB_CHECK)
        return CODEC_INVALID;
    struct request *asked = arena_alloc (arena, sizeof *asked);
    if (!fields_read (&request_message, arena, arena_memdup (arena, from.data, from.size), from.size, asked))
        return CODEC_INVALID;
    asked->bsn = "";
    shown->asked = asked;
    return 0;
}
