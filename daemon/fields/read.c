#include <string.h>
#include "arena.h"
#include "bytes.h"
#include "joined.h"
#include "raw.h"
#include "rules/codes.h"

enum { DAY_SIZE = 10, DEEPEST = 8 /* nested messages */ };

struct reader {
    struct arena *arena;
    uint8_t *data; /* all of the bytes */
    size_t size;
    unsigned depth;
};

/* Of one message: how many elements each of its lists has, and how often every other field was read. */
struct seen {
    uint32_t count[JOINED_FIELDS], read[JOINED_FIELDS];
};

static bool read_struct (struct reader *reader, const struct joined *joined, struct raw raw, char *to);

/* Moves the text over the last byte of its length, which was read before. */
static const char *take_text (struct reader *reader, const struct raw_field *raw)
{
    if (raw->size == 0)
        return "";
    char *text = (char *)reader->data + (raw->data - reader->data) - 1;
    memmove (text, text + 1, raw->size);
    text[raw->size] = '\0';
    return text;
}

static bool read_day (const struct raw_field *raw, struct day *day)
{
    char text[DAY_SIZE + 1] = "";
    if (raw->size == 0)
        return true;
    if (raw->size != DAY_SIZE)
        return false;
    memcpy (text, raw->data, DAY_SIZE);
    return calendar_parse (text, day);
}

static bool read_fixed (const struct raw_field *raw, uint8_t *to, size_t size)
{
    if (raw->size != size)
        return false;
    memcpy (to, raw->data, size);
    return true;
}

static bool read_varint (const struct slot *slot, uint64_t value, void *at)
{
    switch (slot->field->kind) {
    case FIELD_FLAG:
        *(bool *)at = value != 0;
        return true;
    case FIELD_MOMENT:
        *(moment *)at = slot->wire->type == PROTOBUF_C_TYPE_SINT64 ? raw_unzigzag (value) : (int64_t)value;
        return true;
    case FIELD_CHOICE:
        *(uint32_t *)at = (uint32_t)value;
        return value <= UINT32_MAX;
    case FIELD_NUMBER:
        if (slot->field->size == sizeof (uint64_t))
            *(uint64_t *)at = value;
        else
            *(uint32_t *)at = (uint32_t)value;
        return slot->field->size == sizeof (uint64_t) || value <= UINT32_MAX;
    default:
        return false;
    }
}

/* Reads a list of numbers in one run of bytes. */
static bool read_numbers (const struct slot *slot, const struct raw_field *raw, uint32_t *to)
{
    struct raw run = {raw->data, raw->data + raw->size};
    for (size_t i = 0; run.at < run.end; i++) {
        uint64_t number;
        if (i == slot->field->size / sizeof *to || !raw_number (&run, &number) || number > UINT32_MAX)
            return false;
        to[i] = (uint32_t)number;
    }
    return true;
}

static bool read_codes (const struct raw_field *raw, struct rule_codes *codes)
{
    codes->count = (uint8_t)(raw->size < sizeof codes->code ? raw->size : sizeof codes->code);
    memcpy (codes->code, raw->data, codes->count);
    return true;
}

static bool read_message (struct reader *reader, const struct slot *slot, const struct raw_field *raw, void *to)
{
    return read_struct (reader, slot->inner, (struct raw){raw->data, raw->data + raw->size}, to);
}

/* Reads one element of a list, whose array was made before. */
static bool read_element (struct reader *reader, const struct slot *slot, const struct raw_field *raw, void *one)
{
    switch (slot->field->kind) {
    case FIELD_TEXTS:
        *(const char **)one = take_text (reader, raw);
        return true;
    case FIELD_FIXED_LIST:
        return read_fixed (raw, one, slot->field->size);
    case FIELD_CODES_LIST:
        return read_codes (raw, one);
    default:
        return read_message (reader, slot, raw, one);
    }
}

/* Reads a field of bytes that is no list. */
static bool read_bytes (struct reader *reader, const struct slot *slot, const struct raw_field *raw, char *base)
{
    void *at = base + slot->offset;
    switch (slot->field->kind) {
    case FIELD_TEXT:
        *(const char **)at = take_text (reader, raw);
        return true;
    case FIELD_DAY:
        return read_day (raw, at);
    case FIELD_FIXED: {
        bool is_given = read_fixed (raw, at, slot->field->size);
        if (slot->field->has_beside)
            *(bool *)(void *)(base + slot->beside) = is_given;
        return is_given || slot->field->has_beside;
    }
    case FIELD_FIXED_AT:
        *(const uint8_t **)at = raw->size == slot->field->most ? raw->data : NULL;
        return true;
    case FIELD_BYTES:
    case FIELD_PACKED:
        *(struct bytes *)at = (struct bytes){raw->data, raw->size};
        return true;
    case FIELD_NUMBERS:
        return read_numbers (slot, raw, at);
    case FIELD_GROUP:
        if (slot->field->has_beside)
            *(bool *)(void *)(base + slot->beside) = true;
        return read_message (reader, slot, raw, at);
    default:
        return false;
    }
}

static bool has_elements (const struct slot *slot)
{
    switch (slot->field->kind) {
    case FIELD_TEXTS:
    case FIELD_FIXED_LIST:
    case FIELD_CODES_LIST:
    case FIELD_LIST:
        return true;
    default:
        return false;
    }
}

static bool read_field (struct reader *reader, const struct slot *slot, const struct raw_field *raw, uint32_t read,
                        char *to)
{
    if (slot->field->kind == FIELD_PASSED_OVER)
        return true;
    if (slot->via >= 0)
        return false;
    if (raw->type == RAW_VARINT)
        return !slot_is_list (slot) && read_varint (slot, raw->value, to + slot->offset);
    if (raw->type != RAW_LENGTH)
        return false;
    if (!has_elements (slot))
        return (slot->inner == NULL || read == 0) && read_bytes (reader, slot, raw, to);
    size_t size = slot->field->kind == FIELD_TEXTS ? sizeof (char *) : slot->field->size;
    char *items = *(char **)(void *)(to + slot->offset);
    return read_element (reader, slot, raw, items + size * read);
}

/* Makes the array of each list, with room for its elements. */
static bool make_lists (struct reader *reader, const struct joined *joined, struct raw raw, struct seen *seen,
                        char *to)
{
    struct raw_field field;
    unsigned hint = 0;
    while (raw.at < raw.end) {
        if (!raw_next (&raw, &field))
            return false;
        const struct slot *slot = joined_slot (joined, field.number, &hint);
        if (slot != NULL)
            seen->count[slot - joined->slot]++;
    }
    for (unsigned i = 0; i < joined->count; i++) {
        const struct slot *slot = &joined->slot[i];
        if (!has_elements (slot) || seen->count[i] == 0)
            continue;
        bool is_texts = slot->field->kind == FIELD_TEXTS;
        size_t size = is_texts ? sizeof (char *) : slot->field->size;
        void *items = arena_try_alloc (reader->arena, seen->count[i] * size);
        if (items == NULL)
            return false;
        *(void **)(void *)(to + slot->offset) = items;
        *(size_t *)(void *)(is_texts ? to + slot->offset + offsetof (struct text_set, count) : to + slot->beside) =
            seen->count[i];
    }
    return true;
}

/* Sets fields that the bytes do not have. False if one of them must be there. */
static bool is_complete (const struct joined *joined, const struct seen *seen, char *to)
{
    for (unsigned i = 0; i < joined->count; i++) {
        const struct slot *slot = &joined->slot[i];
        const struct field *field = slot->field;
        void *at = to + slot->offset;
        if (field->kind == FIELD_TEXT && *(const char **)at == NULL)
            *(const char **)at = "";
        bool is_needed = field->required || (field->kind == FIELD_FIXED && !field->has_beside);
        if (is_needed && seen->read[i] == 0)
            return false;
        if (field->kind == FIELD_CHOICE && (*(uint32_t *)at < field->least || *(uint32_t *)at > field->most))
            return false;
    }
    return true;
}

/* Reads a struct. `to` must be zero. */
static bool read_struct (struct reader *reader, const struct joined *joined, struct raw raw, char *to)
{
    struct seen seen = {0};
    struct raw_field field;
    unsigned hint = 0;
    if (++reader->depth > DEEPEST || (joined->has_lists && !make_lists (reader, joined, raw, &seen, to)))
        return false;
    while (raw.at < raw.end) {
        if (!raw_next (&raw, &field))
            return false;
        const struct slot *slot = joined_slot (joined, field.number, &hint);
        if (slot != NULL && !read_field (reader, slot, &field, seen.read[slot - joined->slot]++, to))
            return false;
    }
    reader->depth--;
    return is_complete (joined, &seen, to);
}

bool fields_read (struct message *message, struct arena *arena, uint8_t *data, size_t size, void *to)
{
    struct reader reader = {arena, data, size, 0};
    memset (to, 0, message->fields->size);
    return read_struct (&reader, message_joined (message), (struct raw){data, data + size}, to);
}
