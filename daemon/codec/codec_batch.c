#include "codec_batch.h"

#include <string.h>
#include "arena_unpack.h"
#include "codec_fill.h"
#include "fields/raw.h"
#include "wire.h"

enum {
    BATCH_ITEMS = 2048, /* at most, of all checks of a batch */

    /* Room for an answer. What it repeats of the check takes no more bytes than in the check. */
    CHECK_ROOM = 704, /* times, numbers, references, the pack, a sentence, four duties: below 600 */
    ITEM_ROOM = 384,  /* a ground and a consent, or a dozen reasons and the names of a whole triage decision */
    ENVELOPE_ROOM = 256,
    HEAD_ROOM = 6, /* tag and length of the answer */

    KEY_FIELD = 2,   /* of Request */
    ITEMS_FIELD = 5, /* of CheckRequest */
    MODE_FIELD = 8,
    ANSWERS_FIELD = 1, /* of BatchReply */
    TAG_SIZE = 5,      /* the most bytes of a tag or a length */
};

_Static_assert(BATCH_CHECKS *CHECK_ROOM + BATCH_ITEMS * ITEM_ROOM + CODEC_MESSAGE_LIMIT + ENVELOPE_ROOM <=
                   CODEC_BATCH_LIMIT,
               "a batch that is admitted can be answered");

/* Bytes that are being put together. They are the arena's, and there is room for all of them. */
struct writer {
    uint8_t *data;
    size_t used;
};

static void put_bytes (struct writer *self, const void *data, size_t size)
{
    if (size > 0)
        memcpy (self->data + self->used, data, size);
    self->used += size;
}

static void put_number (struct writer *self, uint64_t value)
{
    self->used = (size_t)(raw_put_number (self->data + self->used, value) - self->data);
}

static void put_field (struct writer *self, uint32_t number, const void *data, size_t size)
{
    put_number (self, (uint64_t)number << 3 | WIRE_LENGTH);
    put_number (self, size);
    put_bytes (self, data, size);
}

/* Looks at a check before it is read. It asks for advice, if nothing in it says otherwise. */
static struct batched_check look_at (const struct wire_field *field)
{
    struct batched_check check = {.bytes = {field->data, field->size}};
    struct wire_cursor cursor = wire_begin (field->data, field->size);
    struct wire_field one;
    bool other = false;
    while (wire_next (&cursor, &one) == 0) {
        bool advice = one.type == WIRE_VARINT && one.value == MODE_ADVISE;
        check.item_count += one.number == ITEMS_FIELD;
        if (one.number == MODE_FIELD) {
            check.asks_advice |= advice;
            other |= !advice;
        }
    }
    check.asks_advice = check.asks_advice && !other;
    return check;
}

size_t codec_batch_count (struct bytes body)
{
    struct wire_cursor cursor = wire_begin (body.data, body.size);
    struct wire_field check;
    size_t count = 0;
    while (wire_next (&cursor, &check) == 0)
        count++;
    return count;
}

/* Finds the checks. The list has at most BATCH_CHECKS of them. */
static const char *find_checks (const struct wire_field *body, struct arena *arena, struct batch_request *batch)
{
    struct wire_cursor cursor = wire_begin (body->data, body->size);
    struct wire_field field;
    size_t items = 0;
    batch->checks = arena_array (arena, BATCH_CHECKS, sizeof *batch->checks);
    for (; wire_next (&cursor, &field) == 0; batch->count++)
        if (batch->count < BATCH_CHECKS) {
            batch->checks[batch->count] = look_at (&field);
            items += batch->checks[batch->count].item_count;
        }
    if (batch->count < 1 || batch->count > BATCH_CHECKS)
        return "A batch is 1-256 checks.";
    return items > BATCH_ITEMS ? "A batch is about at most 2048 items." : NULL;
}

const char *codec_batch_begin (struct bytes message, struct arena *arena, struct batch_request *batch)
{
    struct writer writer = {arena_alloc (arena, message.size), 0};
    struct wire_cursor cursor = wire_begin (message.data, message.size);
    struct wire_field field, body = {.size = 0};
    while (wire_next (&cursor, &field) == 0) {
        size_t size = (size_t)(cursor.at - field.start);
        if (field.number == CONSENTD__REQUEST__BODY_BATCH)
            body = field;
        else if (field.number != KEY_FIELD)
            put_bytes (&writer, field.start, size);
    }
    batch->common = (struct bytes){writer.data, writer.used};
    return find_checks (&body, arena, batch);
}

struct bytes codec_batch_message (const struct codec_place *place, struct arena *arena)
{
    const struct batch_request *batch = &place->batch->as.batch;
    struct bytes check = batch->checks[place->index].bytes;
    size_t room = batch->common.size + sizeof place->key + check.size + 4 * TAG_SIZE;
    struct writer writer = {arena_alloc (arena, room), 0};
    put_bytes (&writer, batch->common.data, batch->common.size);
    put_field (&writer, KEY_FIELD, place->key, sizeof place->key);
    put_field (&writer, CONSENTD__REQUEST__BODY_CHECK, check.data, check.size);
    return (struct bytes){writer.data, writer.used};
}

/* Answers */

/* The path of a field in the batch. "check.purpose" of the fourth check becomes "batch.checks[3].purpose". */
static char *path_in_batch (const char *path, size_t index, struct arena *arena)
{
    static const char alone[] = "check";
    size_t skip = sizeof alone - 1;
    if (strncmp (path, alone, skip) != 0)
        return codec_text (path);
    return arena_printf (arena, "batch.checks[%zu]%s", index, path + skip);
}

/* No answer to this check is larger. */
static size_t room_for (const struct batched_check *check)
{
    return CHECK_ROOM + check->item_count * ITEM_ROOM + check->bytes.size;
}

/* Fills what the reply to this check says. True if it names a field, so that it is an answer at this place only.
 */
static bool fill_answer (const struct codec_place *place, struct bytes packed, struct arena *arena,
                         Consentd__BatchAnswer *wire)
{
    const Consentd__Reply *reply = arena_unpack (arena, &consentd__reply__descriptor, packed.data, packed.size);
    consentd__batch_answer__init (wire);
    if (reply != NULL) {
        wire->status = (uint32_t)reply->status;
        wire->field = path_in_batch (reply->field, place->index, arena);
        wire->message = reply->message;
        wire->time = reply->time;
        wire->revision = reply->revision;
        wire->replayed = reply->replayed;
        wire->revoked_since = reply->revoked_since;
        wire->check = reply->body_case == CONSENTD__REPLY__BODY_CHECK ? reply->check : NULL;
    }
    size_t room = room_for (&place->batch->as.batch.checks[place->index]);
    if (reply == NULL || consentd__batch_answer__get_packed_size (wire) + HEAD_ROOM > room) {
        /* Fails closed: the decision is in the log, and the check can be asked alone. */
        consentd__batch_answer__init (wire);
        wire->status = STATUS_UNAVAILABLE;
        wire->message = codec_text ("The answer does not fit in one message.");
    }
    return wire->field[0] != '\0';
}

bool codec_batch_answer (const struct codec_place *place, struct bytes reply, struct arena *arena,
                         struct bytes *answer)
{
    Consentd__BatchAnswer wire;
    bool names_field = fill_answer (place, reply, arena, &wire);
    uint8_t *packed = arena_alloc (arena, consentd__batch_answer__get_packed_size (&wire));
    *answer = (struct bytes){packed, consentd__batch_answer__pack (&wire, packed)};
    return names_field;
}

struct bytes codec_pack_batch (const struct reply *reply, struct arena *arena)
{
    const struct batch_reply *batch = &reply->as.batch;
    size_t room = 0;
    for (size_t i = 0; i < batch->count; i++)
        room += 2 * TAG_SIZE + batch->answers[i].size;
    struct writer writer = {arena_alloc (arena, room), 0};
    for (size_t i = 0; i < batch->count; i++)
        put_field (&writer, ANSWERS_FIELD, batch->answers[i].data, batch->answers[i].size);
    return (struct bytes){writer.data, writer.used};
}
