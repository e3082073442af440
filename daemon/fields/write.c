#include <string.h>
#include "bytes.h"
#include "joined.h"
#include "raw.h"
#include "rules/codes.h"

enum { DAY_SIZE = 10 }; /* "YYYY-MM-DD" */

/* Where bytes are written. If `at` is NULL, they are only counted. */
struct sink {
    uint8_t *at;
    size_t size;
    bool in_full;
};

static void put (struct sink *sink, const void *data, size_t size)
{
    if (sink->at != NULL && size > 0)
        memcpy (sink->at + sink->size, data, size);
    sink->size += size;
}

static void put_number (struct sink *sink, uint64_t number)
{
    uint8_t bytes[RAW_NUMBER_SIZE];
    put (sink, bytes, (size_t)(raw_put_number (bytes, number) - bytes));
}

static void put_tag (struct sink *sink, const struct slot *slot, enum raw_type type)
{
    put_number (sink, (uint64_t)slot->wire->id << 3 | type);
}

static void put_bytes (struct sink *sink, const struct slot *slot, const void *data, size_t size)
{
    put_tag (sink, slot, RAW_LENGTH);
    put_number (sink, size);
    put (sink, data, size);
}

/* A zero is not written: it is what a reader has if there is nothing. */
static void put_varint (struct sink *sink, const struct slot *slot, uint64_t number)
{
    if (number == 0)
        return;
    put_tag (sink, slot, RAW_VARINT);
    put_number (sink, number);
}

static void put_text (struct sink *sink, const struct slot *slot, const char *text)
{
    if (text != NULL && text[0] != '\0')
        put_bytes (sink, slot, text, strlen (text));
}

static void put_texts (struct sink *sink, const struct slot *slot, const struct text_set *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        put_bytes (sink, slot, texts->item[i], strlen (texts->item[i]));
}

static void put_day (struct sink *sink, const struct slot *slot, struct day day)
{
    char text[DAY_SIZE + 1];
    if (day.month == 0)
        return;
    calendar_format (day, text);
    put_bytes (sink, slot, text, DAY_SIZE);
}

static void put_numbers (struct sink *sink, const struct slot *slot, const uint32_t *numbers)
{
    size_t count = slot->field->size / sizeof *numbers;
    while (count > 0 && numbers[count - 1] == 0)
        count--;
    if (count == 0)
        return;
    struct sink measured = {0};
    for (size_t i = 0; i < count; i++)
        put_number (&measured, numbers[i]);
    put_tag (sink, slot, RAW_LENGTH);
    put_number (sink, measured.size);
    for (size_t i = 0; i < count; i++)
        put_number (sink, numbers[i]);
}

static void put_struct (struct sink *sink, const struct joined *joined, const char *from);

/* An empty message is left out, unless it is required or in a list. */
static void put_message (struct sink *sink, const struct slot *slot, const char *from)
{
    struct sink measured = {.in_full = sink->in_full};
    put_struct (&measured, slot->inner, from);
    if (measured.size == 0 && !slot->field->required && !slot_is_list (slot))
        return;
    put_tag (sink, slot, RAW_LENGTH);
    put_number (sink, measured.size);
    if (sink->at != NULL)
        put_struct (sink, slot->inner, from);
    else
        sink->size += measured.size;
}

static void put_list (struct sink *sink, const struct slot *slot, const char *items, size_t count)
{
    size_t size = slot->field->size;
    for (const char *one = items; count > 0; one += size, count--) {
        if (slot->field->kind == FIELD_LIST) {
            put_message (sink, slot, one);
        } else if (slot->field->kind == FIELD_FIXED_LIST) {
            put_bytes (sink, slot, one, size);
        } else {
            const struct rule_codes *codes = (const void *)one;
            put_bytes (sink, slot, codes->code, codes->count);
        }
    }
}

/* The value of a field that is a number in the bytes. */
static uint64_t number_at (const struct slot *slot, const void *at)
{
    const moment *when = at;
    switch (slot->field->kind) {
    case FIELD_FLAG:
        return *(const bool *)at;
    case FIELD_MOMENT:
        if (slot->wire->type == PROTOBUF_C_TYPE_SINT64)
            return raw_zigzag (*when);
        return *when == MOMENT_NEVER ? 0 : (uint64_t)*when;
    default:
        return slot->field->size == sizeof (uint64_t) ? *(const uint64_t *)at : *(const uint32_t *)at;
    }
}

static void put_field (struct sink *sink, const struct slot *slot, const char *base)
{
    const void *at = base + slot->offset, *beside = base + slot->beside;
    const struct bytes *bytes = at;
    switch (slot->field->kind) {
    case FIELD_FLAG:
    case FIELD_CHOICE:
    case FIELD_NUMBER:
    case FIELD_MOMENT:
        put_varint (sink, slot, number_at (slot, at));
        break;
    case FIELD_TEXT:
        put_text (sink, slot, *(const char *const *)at);
        break;
    case FIELD_TEXTS:
        put_texts (sink, slot, at);
        break;
    case FIELD_DAY:
        put_day (sink, slot, *(const struct day *)at);
        break;
    case FIELD_FIXED:
        if (!slot->field->has_beside || *(const bool *)beside)
            put_bytes (sink, slot, at, slot->field->size);
        break;
    case FIELD_FIXED_AT:
        if (*(const void *const *)at != NULL)
            put_bytes (sink, slot, *(const void *const *)at, slot->field->most);
        break;
    case FIELD_BYTES:
        if (bytes->size > 0)
            put_bytes (sink, slot, bytes->data, bytes->size);
        break;
    case FIELD_NUMBERS:
        put_numbers (sink, slot, at);
        break;
    case FIELD_GROUP:
        if (!slot->field->has_beside || *(const bool *)beside)
            put_message (sink, slot, at);
        break;
    case FIELD_FIXED_LIST:
    case FIELD_CODES_LIST:
    case FIELD_LIST:
        if (*(const void *const *)at != NULL)
            put_list (sink, slot, *(const char *const *)at, *(const size_t *)beside);
        break;
    case FIELD_PASSED_OVER:
        break;
    }
}

static void put_struct (struct sink *sink, const struct joined *joined, const char *from)
{
    bool outer = sink->in_full;
    if (joined->fields->full != 0)
        sink->in_full = *(const bool *)(const void *)(from + joined->fields->full);
    for (unsigned i = 0; i < joined->count; i++) {
        const struct slot *slot = &joined->slot[i];
        const char *base = from;
        if (slot->via >= 0)
            base = *(const char *const *)(const void *)(from + slot->via);
        if (base != NULL && (sink->in_full || !slot->in_full))
            put_field (sink, slot, base);
    }
    sink->in_full = outer;
}

size_t joined_write (const struct joined *self, const void *from, uint8_t *to)
{
    struct sink sink = {.at = to, .in_full = true};
    put_struct (&sink, self, from);
    return sink.size;
}

size_t fields_write (struct message *message, const void *from, uint8_t *to)
{
    return joined_write (message_joined (message), from, to);
}
