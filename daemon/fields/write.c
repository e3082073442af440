/* Writes from the last byte to the first. So the length of a message, which stands before it, is known when it is
   written, and everything is written once. */
#include <string.h>
#include "arena.h"
#include "joined.h"
#include "raw.h"
#include "rules/codes.h"
#include "words.h"

enum {
    DAY_SIZE = 10, /* "YYYY-MM-DD" */
    FIRST_ROOM = 1024,
};

/* Where bytes are written: what was written begins at `at`. */
struct sink {
    struct arena *arena; /* NULL: bytes are only counted */
    uint8_t *room, *at;
    size_t size; /* of what was written */
    bool in_full;
    struct words *words; /* NULL: texts stand where they are meant */
};

/* Moves what was written to the end of a larger room. */
static void grow (struct sink *sink, size_t size)
{
    size_t whole = FIRST_ROOM;
    while (whole < sink->size + size)
        whole *= 2;
    uint8_t *room = arena_alloc (sink->arena, whole), *at = room + whole - sink->size;
    if (sink->size > 0)
        memcpy (at, sink->at, sink->size);
    sink->room = room;
    sink->at = at;
}

/* Room for so many bytes before what was written. NULL if they are only counted. */
static uint8_t *before (struct sink *sink, size_t size)
{
    if (sink->arena != NULL && (size_t)(sink->at - sink->room) < size)
        grow (sink, size);
    sink->size += size;
    return sink->arena != NULL ? sink->at -= size : NULL;
}

static void put (struct sink *sink, const void *data, size_t size)
{
    uint8_t *to = size > 0 ? before (sink, size) : NULL;
    if (to != NULL)
        memcpy (to, data, size);
}

static void put_number (struct sink *sink, uint64_t number)
{
    size_t size = 1;
    for (uint64_t rest = number; rest >= 0x80; rest >>= 7)
        size++;
    uint8_t *to = before (sink, size);
    if (to != NULL)
        raw_put_number (to, number);
}

static void put_tag (struct sink *sink, const struct slot *slot, enum raw_type type)
{
    put_number (sink, (uint64_t)slot->wire->id << 3 | type);
}

/* Ends a field of bytes, whose content was written when the sink had this size. */
static void put_head (struct sink *sink, const struct slot *slot, size_t size_before)
{
    put_number (sink, sink->size - size_before);
    put_tag (sink, slot, RAW_LENGTH);
}

static void put_bytes (struct sink *sink, const struct slot *slot, const void *data, size_t size)
{
    size_t size_before = sink->size;
    put (sink, data, size);
    put_head (sink, slot, size_before);
}

/* A zero is not written: it is what a reader has if there is nothing. */
static void put_varint (struct sink *sink, const struct slot *slot, uint64_t number)
{
    if (number == 0)
        return;
    put_number (sink, number);
    put_tag (sink, slot, RAW_VARINT);
}

static void put_any_text (struct sink *sink, const struct slot *slot, const char *text)
{
    unsigned number = sink->words != NULL ? words_number (sink->words, text) : 0;
    if (number > 0)
        put_varint (sink, slot, number);
    else
        put_bytes (sink, slot, text, strlen (text));
}

static void put_text (struct sink *sink, const struct slot *slot, const char *text)
{
    if (text != NULL && text[0] != '\0')
        put_any_text (sink, slot, text);
}

static void put_texts (struct sink *sink, const struct slot *slot, const struct text_set *texts)
{
    for (size_t i = texts->count; i-- > 0;)
        put_any_text (sink, slot, texts->item[i]);
}

/* Whatever names a word stands behind it, and so was written before it. */
static void put_words (struct sink *sink, const struct slot *slot)
{
    const struct words *words = sink->words;
    sink->words = NULL;
    for (size_t i = words != NULL ? words->count : 0; i-- > 0;)
        put_any_text (sink, slot, words->word[i]);
}

static void put_day (struct sink *sink, const struct slot *slot, struct day day)
{
    char text[DAY_SIZE + 1];
    if (day.month == 0)
        return;
    calendar_format (day, text);
    put_bytes (sink, slot, text, DAY_SIZE);
}

static void put_numbers (struct sink *sink, const struct slot *slot, const uint32_t *numbers, size_t count)
{
    size_t size_before = sink->size;
    for (size_t i = count; i-- > 0;)
        put_number (sink, numbers[i]);
    if (count > 0)
        put_head (sink, slot, size_before);
}

static void put_array (struct sink *sink, const struct slot *slot, const uint32_t *numbers)
{
    size_t count = slot->field->size / sizeof *numbers;
    while (count > 0 && numbers[count - 1] == 0)
        count--;
    put_numbers (sink, slot, numbers, count);
}

static void put_codes (struct sink *sink, const struct slot *slot, const struct rule_codes *codes)
{
    size_t size_before = sink->size;
    for (size_t i = codes->count; i-- > 0;)
        put_number (sink, codes->code[i]);
    if (codes->count > 0)
        put_head (sink, slot, size_before);
}

static void put_struct (struct sink *sink, const struct joined *joined, const char *from);

/* An empty message is left out, unless it is required or in a list. */
static void put_message (struct sink *sink, const struct slot *slot, const char *from)
{
    size_t size_before = sink->size;
    put_struct (sink, slot->inner, from);
    if (sink->size > size_before || slot->field->required || slot_is_list (slot))
        put_head (sink, slot, size_before);
}

static void put_list (struct sink *sink, const struct slot *slot, const char *items, size_t count)
{
    size_t size = slot->field->size;
    for (const char *one = items + count * size; count > 0; count--) {
        one -= size;
        const struct rule_codes *codes = (const void *)one;
        const struct bytes *packed = (const void *)one;
        if (slot->field->kind == FIELD_LIST)
            put_message (sink, slot, one);
        else if (slot->field->kind == FIELD_FIXED_LIST)
            put_bytes (sink, slot, one, size);
        else if (slot->field->kind == FIELD_PACKED_LIST)
            put_bytes (sink, slot, packed->data, packed->size);
        else
            put_bytes (sink, slot, codes->code, codes->count);
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
    case FIELD_WORDS:
        put_words (sink, slot);
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
    case FIELD_PACKED:
        if (bytes->size > 0)
            put_bytes (sink, slot, bytes->data, bytes->size);
        break;
    case FIELD_NUMBERS:
        put_array (sink, slot, at);
        break;
    case FIELD_NUMBERS_LIST:
        put_numbers (sink, slot, *(const uint32_t *const *)at, *(const size_t *)beside);
        break;
    case FIELD_CODES:
        put_codes (sink, slot, at);
        break;
    case FIELD_GROUP:
        if (!slot->field->has_beside || *(const bool *)beside)
            put_message (sink, slot, at);
        break;
    case FIELD_FIXED_LIST:
    case FIELD_CODES_LIST:
    case FIELD_LIST:
    case FIELD_PACKED_LIST:
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
    for (unsigned i = joined->count; i-- > 0;) {
        const struct slot *slot = &joined->slot[i];
        const char *base = from;
        if (slot->field->is_chosen && *(const uint32_t *)(const void *)(from + slot->beside) != slot->field->least)
            continue;
        if (slot->via >= 0)
            base = *(const char *const *)(const void *)(from + slot->via);
        if (base != NULL && (sink->in_full || !slot->in_full))
            put_field (sink, slot, base);
    }
    sink->in_full = outer;
}

/* A function apart, because its local variable is large and few messages have words. */
static __attribute__ ((noinline)) void put_with_words (struct sink *sink, const struct joined *joined,
                                                       const void *from)
{
    struct words words = {.count = 0};
    sink->words = &words;
    put_struct (sink, joined, from);
}

/* Writes the outermost message. */
static void put_whole (struct sink *sink, const struct joined *joined, const void *from)
{
    if (joined->has_words)
        put_with_words (sink, joined, from);
    else
        put_struct (sink, joined, from);
}

struct bytes joined_write (const struct joined *self, const void *from, struct arena *arena)
{
    struct sink sink = {.arena = arena, .in_full = true};
    put_whole (&sink, self, from);
    return (struct bytes){sink.size > 0 ? sink.at : (const uint8_t *)"", sink.size};
}

struct bytes fields_write (struct message *message, const void *from, struct arena *arena)
{
    return joined_write (message_joined (message), from, arena);
}

size_t fields_size (struct message *message, const void *from)
{
    struct sink sink = {.in_full = true};
    put_whole (&sink, message_joined (message), from);
    return sink.size;
}
