#include "codec_batch.h"

#include <string.h>
#include "arena.h"
#include "envelope.pb-c.h"
#include "wire.h"

enum {
    BATCH_ITEMS = 2048, /* of all checks of a batch */

    /* Room for an answer. What it says again of the check takes no more than in the check itself. */
    CHECK_ROOM = 704, /* times, numbers, references, the pack, a sentence, four duties: below 600 */
    ITEM_ROOM = 384,  /* a ground and a consent, or a dozen reasons and the names of a whole triage decision */
    ENVELOPE_ROOM = 256,

    LENGTH_SIZE = 5, /* of a varint, at most */
    PATH_SIZE = 32,  /* "batch.checks[255]" */
    KEY_FIELD = 2,
};

_Static_assert(BATCH_CHECKS *CHECK_ROOM + BATCH_ITEMS * ITEM_ROOM + CODEC_MESSAGE_LIMIT + ENVELOPE_ROOM <=
                   CODEC_BATCH_LIMIT,
               "a batch that is admitted can be answered");

/* Writing */

struct writer {
    uint8_t *data;
    size_t used;
};

static void put_number (struct writer *self, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        self->data[self->used++] = (uint8_t)(value | 0x80);
    self->data[self->used++] = (uint8_t)value;
}

static void put_tag (struct writer *self, uint32_t number, enum wire_type type)
{
    put_number (self, (uint64_t)number << 3 | type);
}

static void put_bytes (struct writer *self, const void *data, size_t size)
{
    if (size > 0)
        memcpy (self->data + self->used, data, size);
    self->used += size;
}

static void put_field (struct writer *self, uint32_t number, const void *data, size_t size)
{
    put_tag (self, number, WIRE_LENGTH);
    put_number (self, size);
    put_bytes (self, data, size);
}

/* Reading */

static bool is_body (const struct wire_field *field)
{
    return field->number == CONSENTD__REQUEST__BODY_BATCH && field->type == WIRE_LENGTH;
}

/* The fields of a message but two. */
static struct bytes without (const void *data, size_t size, bool key_too, struct arena *arena)
{
    struct writer writer = {arena_alloc (arena, size), 0};
    struct wire_cursor cursor = wire_begin (data, size);
    struct wire_field field;
    while (wire_next (&cursor, &field) == 0)
        if (!is_body (&field) && !(key_too && field.number == KEY_FIELD))
            put_bytes (&writer, field.start, (size_t)(cursor.at - field.start));
    return (struct bytes){writer.data, writer.used};
}

bool codec_batch_is_one (const void *data, size_t size)
{
    struct wire_cursor cursor = wire_begin (data, size);
    struct wire_field field;
    while (wire_next (&cursor, &field) == 0)
        if (is_body (&field))
            return true;
    return false;
}

struct bytes codec_batch_envelope (const void *data, size_t size, struct arena *arena)
{
    return without (data, size, false, arena);
}

static size_t count_items (struct bytes check)
{
    enum { ITEMS = 5 };
    struct wire_cursor cursor = wire_begin (check.data, check.size);
    struct wire_field field;
    size_t count = 0;
    while (wire_next (&cursor, &field) == 0)
        count += field.number == ITEMS;
    return count;
}

bool codec_batch_asks_advice (struct bytes check)
{
    enum { MODE = 8 };
    struct wire_cursor cursor = wire_begin (check.data, check.size);
    struct wire_field field;
    bool advice = false, other = false;
    while (wire_next (&cursor, &field) == 0)
        if (field.number == MODE) {
            advice |= field.type == WIRE_VARINT && field.value == MODE_ADVISE;
            other |= field.type != WIRE_VARINT || field.value != MODE_ADVISE;
        }
    return advice && !other;
}

/* The checks of a message, as they stand in it; returns how many, and lists no more than BATCH_CHECKS. */
static size_t find_checks (const void *data, size_t size, struct bytes *checks)
{
    struct wire_cursor envelope = wire_begin (data, size);
    struct wire_field body, check;
    size_t count = 0;
    while (wire_next (&envelope, &body) == 0) {
        if (!is_body (&body))
            continue;
        struct wire_cursor cursor = wire_begin (body.data, body.size);
        while (wire_next (&cursor, &check) == 0) {
            if (checks != NULL && count < BATCH_CHECKS)
                checks[count] = (struct bytes){check.data, check.size};
            count++;
        }
    }
    return count;
}

size_t codec_weight (const void *data, size_t size)
{
    size_t checks = find_checks (data, size, NULL);
    return checks > 0 ? checks : 1;
}

const char *codec_batch_read (const void *data, size_t size, struct arena *arena, struct request *request)
{
    struct batch_request *batch = &request->as.batch;
    batch->checks = arena_array (arena, BATCH_CHECKS, sizeof *batch->checks);
    batch->count = find_checks (data, size, batch->checks);
    if (batch->count < 1 || batch->count > BATCH_CHECKS)
        return "A batch is 1-256 checks.";
    size_t items = 0;
    for (size_t i = 0; i < batch->count; i++)
        items += count_items (batch->checks[i]);
    if (items > BATCH_ITEMS)
        return "A batch is about at most 2048 items.";
    batch->common = without (data, size, true, arena);
    return NULL;
}

struct bytes codec_batch_check (const struct batch_request *batch, size_t index, const uint8_t key[16],
                                struct arena *arena)
{
    struct bytes check = batch->checks[index];
    struct writer writer = {arena_alloc (arena, batch->common.size + check.size + 64), 0};
    put_bytes (&writer, batch->common.data, batch->common.size);
    put_field (&writer, KEY_FIELD, key, 16);
    put_field (&writer, CONSENTD__REQUEST__BODY_CHECK, check.data, check.size);
    return (struct bytes){writer.data, writer.used};
}

/* Answers */

struct codec_batch {
    const struct batch_request *batch;
    size_t added;
    struct writer answers;
};

/* No answer is larger. */
static size_t room_for (const struct batch_request *batch, size_t index)
{
    struct bytes check = batch->checks[index];
    return CHECK_ROOM + count_items (check) * ITEM_ROOM + check.size;
}

struct codec_batch *codec_batch_new (const struct batch_request *batch, struct arena *arena)
{
    struct codec_batch *self = arena_alloc (arena, sizeof *self);
    size_t room = 0;
    for (size_t i = 0; i < batch->count; i++)
        room += room_for (batch, i);
    *self = (struct codec_batch){batch, 0, {arena_alloc (arena, room), 0}};
    return self;
}

/* Where the path begins in the check it goes on from its place in the batch: "batch.checks[3].purpose". */
static void put_path (struct writer *self, size_t index, const struct wire_field *path, struct arena *arena)
{
    static const char alone[] = "check";
    const char *text = (const char *)path->data, *made = "";
    size_t skip = sizeof alone - 1;
    if (path->size < skip || memcmp (text, alone, skip) != 0)
        skip = 0;
    else
        made = arena_printf (arena, "batch.checks[%zu]", index);
    made = arena_printf (arena, "%s%.*s", made, (int)(path->size - skip), text + skip);
    put_field (self, 2, made, strlen (made));
}

/* The fields of a Reply that a BatchAnswer has too, under its numbers; 0: it has it not. */
static const uint8_t answer_fields[] = {[3] = 1, [5] = 2, [6] = 3, [8] = 5, [9] = 4, [10] = 6, [11] = 7, [17] = 8};

static void put_answer (struct writer *self, size_t index, struct bytes answer, struct arena *arena)
{
    struct wire_cursor cursor = wire_begin (answer.data, answer.size);
    struct wire_field field;
    while (wire_next (&cursor, &field) == 0) {
        uint32_t number = field.number < sizeof answer_fields ? answer_fields[field.number] : 0;
        if (number == 0)
            continue;
        if (number == 2) {
            put_path (self, index, &field, arena);
        } else if (field.type == WIRE_LENGTH) {
            put_field (self, number, field.data, field.size);
        } else {
            put_tag (self, number, WIRE_VARINT);
            put_number (self, field.value);
        }
    }
}

void codec_batch_add (struct codec_batch *self, struct bytes answer, struct arena *arena)
{
    static const char too_large[] = "The answer does not fit in one message.";
    size_t index = self->added++;
    struct writer one = {arena_alloc (arena, answer.size + PATH_SIZE), 0};
    put_answer (&one, index, answer, arena);
    if (one.used + 1 + LENGTH_SIZE > room_for (self->batch, index)) {
        one.used = 0; /* fail closed: it is in the log, and can be asked for alone */
        put_tag (&one, 1, WIRE_VARINT);
        put_number (&one, STATUS_UNAVAILABLE);
        put_field (&one, 3, too_large, sizeof too_large - 1);
    }
    put_field (&self->answers, 1, one.data, one.used);
}

void codec_batch_write (const struct codec_batch *self, const struct reply *reply, struct arena *arena,
                        struct bytes *message)
{
    struct bytes envelope;
    codec_write_reply (reply, arena, &envelope);
    struct writer writer = {arena_alloc (arena, envelope.size + ENVELOPE_ROOM + self->answers.used), 0};
    put_bytes (&writer, envelope.data, envelope.size);
    put_field (&writer, CONSENTD__REPLY__BODY_BATCH, self->answers.data, self->answers.used);
    *message = (struct bytes){writer.data, writer.used};
}
