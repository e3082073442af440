#include "codec_batch.h"

#include <string.h>
#include "arena.h"
#include "body_fields.h"
#include "envelope.pb-c.h"
#include "fields/raw.h"
#include "wire.h"

enum {
    /* Room for an answer. What it repeats of the check takes no more bytes than in the check. */
    CHECK_ROOM = 704, /* times, numbers, references, the pack, a sentence, four duties: below 600 */
    ITEM_ROOM = 384,  /* a ground and a consent, or a dozen reasons and the names of a whole triage decision */
    ENVELOPE_ROOM = 256,
    HEAD_ROOM = 6, /* tag and length of the answer */

    KEY_FIELD = 2,    /* of Request */
    CHECKS_FIELD = 1, /* of BatchRequest */
    ITEMS_FIELD = 5,  /* of CheckRequest */
    MODE_FIELD = 8,
    TAG_SIZE = 5, /* the most bytes of a tag or a length */
};

_Static_assert(TOGETHER_CHECKS *CHECK_ROOM + TOGETHER_ITEMS * ITEM_ROOM + CODEC_TOGETHER_LIMIT + ENVELOPE_ROOM <=
                   CODEC_BATCH_LIMIT,
               "a batch that discloses all or nothing can be answered");
_Static_assert(BATCH_CHECKS *CHECK_ROOM + BATCH_ITEMS * ITEM_ROOM + CODEC_MESSAGE_LIMIT + ENVELOPE_ROOM <=
                   CODEC_LARGE_LIMIT,
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
        count += check.number == CHECKS_FIELD;
    return count;
}

static const char *find_excess (const struct batch_request *batch, size_t items)
{
    bool is_large = batch->all_or_nothing;
    if (batch->count < 1 || batch->count > (is_large ? TOGETHER_CHECKS : BATCH_CHECKS))
        return is_large ? "A batch that discloses all or nothing is 1-2048 checks." : "A batch is 1-256 checks.";
    if (items > (is_large ? TOGETHER_ITEMS : BATCH_ITEMS))
        return is_large ? "A batch that discloses all or nothing is about at most 16384 items."
                        : "A batch is about at most 2048 items.";
    return NULL;
}

/* Finds the checks. The list has at most TOGETHER_CHECKS of them. */
static const char *find_checks (const struct wire_field *body, struct arena *arena, struct batch_request *batch)
{
    struct wire_cursor cursor = wire_begin (body->data, body->size);
    struct wire_field field;
    size_t items = 0;
    batch->checks = arena_array (arena, TOGETHER_CHECKS, sizeof *batch->checks);
    while (wire_next (&cursor, &field) == 0) {
        if (field.number != CHECKS_FIELD)
            continue;
        if (batch->count < TOGETHER_CHECKS) {
            batch->checks[batch->count] = look_at (&field);
            items += batch->checks[batch->count].item_count;
        }
        batch->count++;
    }
    return find_excess (batch, items);
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
static const char *path_in_batch (const char *path, size_t index, struct arena *arena)
{
    static const char alone[] = "check";
    size_t skip = sizeof alone - 1;
    if (strncmp (path, alone, skip) != 0)
        return path;
    return arena_printf (arena, "batch.checks[%zu]%s", index, path + skip);
}

/* No answer to this check is larger. */
static size_t room_for (const struct batched_check *check)
{
    return CHECK_ROOM + check->item_count * ITEM_ROOM + check->bytes.size;
}

struct bytes codec_recorded_answer (struct bytes reply, struct arena *arena)
{
    struct batch_answer told = {
        .status = STATUS_NOT_FOUND, .field = "", .message = "Nothing is recorded for this check."};
    uint8_t *copy = arena_memdup (arena, reply.data, reply.size);
    if (reply.size > 0 && !fields_read (&batch_answer_in_reply, arena, copy, reply.size, &told))
        return (struct bytes){NULL, 0};
    return fields_write (&batch_answer_message, &told, arena);
}

bool codec_batch_answer (const struct codec_place *place, struct bytes reply, struct arena *arena,
                         struct bytes *answer)
{
    struct batch_answer told;
    uint8_t *copy = arena_memdup (arena, reply.data, reply.size);
    bool is_read = fields_read (&batch_answer_in_reply, arena, copy, reply.size, &told);
    if (is_read)
        told.field = path_in_batch (told.field, place->index, arena);
    *answer = is_read ? fields_write (&batch_answer_message, &told, arena) : (struct bytes){NULL, 0};
    if (!is_read || answer->size + HEAD_ROOM > room_for (&place->batch->as.batch.checks[place->index])) {
        /* Fails closed: the decision is in the log, and the check can be asked alone. */
        told = (struct batch_answer){
            .status = STATUS_UNAVAILABLE, .field = "", .message = "The answer does not fit in one message."};
        *answer = fields_write (&batch_answer_message, &told, arena);
    }
    return told.field[0] != '\0';
}
