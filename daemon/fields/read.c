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
    const struct text_set *words; /* that were read so far. NULL: the bytes have none */
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

static bool take_word (const struct reader *reader, uint64_t number, const char **text)
{
    if (reader->words == NULL || number == 0 || number > reader->words->count)
        return false;
    *text = reader->words->item[number - 1];
    return true;
}

static bool read_varint (const struct reader *reader, const struct slot *slot, uint64_t value, void *at)
{
    switch (slot->field->kind) {
    case FIELD_TEXT:
    case FIELD_TEXTS:
        return take_word (reader, value, at);
    case FIELD_FLAG:
        *(bool *)at = value != 0;
        return true;
    case FIELD_MOMENT:
        *(moment *)at = slot->wire->type == PROTOBUF_C_TYPE_SINT64 ? raw_unzigzag (value) : (int64_t)value;
        return true;
    case FIELD_CHOICE:
        *(uint32_t *)at = (uint32_t)value;
        return value >= slot->field->least && value <= slot->field->most;
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

/* Reads one element of a list into its place in the array. */
static bool read_element (struct reader *reader, const struct slot *slot, const struct raw_field *raw, void *one)
{
    switch (slot->field->kind) {
    case FIELD_TEXTS:
    case FIELD_WORDS:
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
    case FIELD_WORDS:
    case FIELD_FIXED_LIST:
    case FIELD_CODES_LIST:
    case FIELD_LIST:
        return true;
    default:
        return false;
    }
}

/* A struct that is being read. */
struct reading {
    struct raw rest;
    char *to;
    slot_bits read;
    const struct slot *list; /* whose element was read last, */
    size_t room;             /* and for how many elements its array has room */
};

/* How many fields of this number come next, one behind the other. */
static size_t count_next (struct raw rest, uint32_t number)
{
    struct raw_field field;
    size_t count = 0;
    while (rest.at < rest.end && raw_next (&rest, &field) && field.number == number)
        count++;
    return count;
}

/* The place of the next element. The array gets room for all that come in a row, as we write them. NULL: it would
   be too large. */
static char *next_element (struct reader *reader, struct reading *self, const struct slot *slot)
{
    bool is_texts = slot->field->kind == FIELD_TEXTS || slot->field->kind == FIELD_WORDS;
    size_t size = is_texts ? sizeof (char *) : slot->field->size;
    char **items = (char **)(void *)(self->to + slot->offset);
    char *beside = self->to + (is_texts ? slot->offset + offsetof (struct text_set, count) : slot->beside);
    size_t *count = (size_t *)(void *)beside;
    if (self->list != slot || *count == self->room) {
        self->list = slot;
        self->room = *count + 1 + count_next (self->rest, slot->wire->id);
        char *made = arena_try_alloc (reader->arena, self->room * size);
        if (made == NULL)
            return NULL;
        if (*count > 0)
            memcpy (made, *items, *count * size);
        *items = made;
    }
    return *items + size * (*count)++;
}

static bool read_field (struct reader *reader, struct reading *self, const struct slot *slot,
                        const struct raw_field *raw)
{
    if (raw->type != RAW_VARINT && raw->type != RAW_LENGTH)
        return false;
    char *at = has_elements (slot) ? next_element (reader, self, slot) : self->to + slot->offset;
    if (at == NULL)
        return false;
    if (slot->field->kind == FIELD_WORDS)
        reader->words = (const struct text_set *)(const void *)(self->to + slot->offset);
    if (raw->type == RAW_VARINT)
        return read_varint (reader, slot, raw->value, at);
    return has_elements (slot) ? read_element (reader, slot, raw, at) : read_bytes (reader, slot, raw, self->to);
}

/* A message that is no list comes once. */
static bool take_field (struct reader *reader, struct reading *self, const struct joined *joined,
                        const struct raw_field *raw)
{
    const struct slot *slot = joined_slot (joined, raw->number);
    if (slot == NULL || slot->field->kind == FIELD_PASSED_OVER)
        return true;
    slot_bits bit = slot_bit ((size_t)(slot - joined->slot));
    bool comes_again = (self->read & bit) != 0;
    self->read |= bit;
    if (slot->via >= 0 || (comes_again && slot->inner != NULL && !slot_is_list (slot)))
        return false;
    return read_field (reader, self, slot, raw);
}

/* Sets texts that the bytes do not have. False if something must be there. */
static bool is_complete (const struct joined *joined, const struct reading *self)
{
    for (slot_bits texts = joined->texts & ~self->read; texts != 0; texts &= texts - 1)
        *(const char **)(void *)(self->to + joined->slot[slot_lowest (texts)].offset) = "";
    return (joined->needed & ~self->read) == 0;
}

/* Reads a struct. `to` must be zero. */
static bool read_struct (struct reader *reader, const struct joined *joined, struct raw raw, char *to)
{
    struct reading reading = {.rest = raw, .to = to};
    struct raw_field field;
    if (++reader->depth > DEEPEST)
        return false;
    while (reading.rest.at < reading.rest.end)
        if (!raw_next (&reading.rest, &field) || !take_field (reader, &reading, joined, &field))
            return false;
    reader->depth--;
    return is_complete (joined, &reading);
}

bool fields_read (struct message *message, struct arena *arena, uint8_t *data, size_t size, void *to)
{
    struct reader reader = {.arena = arena, .data = data, .size = size};
    memset (to, 0, message->fields->size);
    return read_struct (&reader, message_joined (message), (struct raw){data, data + size}, to);
}
