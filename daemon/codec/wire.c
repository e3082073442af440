#include "wire.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include "arena.h"
#include "text/utf8.h"
#include "wire_parts.h"

const char *place_path (const struct place *place, struct arena *arena)
{
    if (!place)
        return "request";
    const char *outer = place->outer ? place_path (place->outer, arena) : "";
    const char *dot = place->outer ? "." : "";
    if (place->field->label == PROTOBUF_C_LABEL_REPEATED)
        return arena_printf (arena, "%s%s%s[%zu]", outer, dot, place->field->name, place->index);
    return arena_printf (arena, "%s%s%s", outer, dot, place->field->name);
}

static int bad (const struct walk *walk, const struct place *place, const char *message)
{
    walk->fault->field = place_path (place, walk->arena);
    walk->fault->message = message;
    return WIRE_BAD;
}

/* Reads a number of at most `longest` bytes. 0 or WIRE_BAD. */
static int read_varint (struct wire_cursor *cursor, unsigned longest, uint64_t *value)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < longest && cursor->at < cursor->end; i++) {
        uint8_t byte = *cursor->at++;
        if (i == 9 && byte > 1)
            return WIRE_BAD; /* more than 64 bits */
        sum |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *value = sum;
            return 0;
        }
    }
    return WIRE_BAD;
}

static int read_tag (struct wire_cursor *cursor, struct wire_field *field)
{
    field->start = cursor->at;
    uint64_t tag;
    if (read_varint (cursor, 5, &tag) != 0 || tag > UINT32_MAX || tag >> 3 == 0)
        return WIRE_BAD;
    field->number = (uint32_t)(tag >> 3);
    field->type = (enum wire_type) (tag & 7);
    return 0;
}

/* Reads what follows the tag. */
static int read_value (struct wire_cursor *cursor, struct wire_field *field)
{
    uint64_t size = 0;
    switch (field->type) {
    case WIRE_VARINT:
        return read_varint (cursor, 10, &field->value);
    case WIRE_FIXED64:
        size = 8;
        break;
    case WIRE_FIXED32:
        size = 4;
        break;
    case WIRE_LENGTH:
        if (read_varint (cursor, 5, &size) != 0)
            return WIRE_BAD;
        break;
    default: /* groups are no part of proto3 */
        return WIRE_BAD;
    }
    if (size > (size_t)(cursor->end - cursor->at))
        return WIRE_BAD;
    field->data = cursor->at;
    field->size = size;
    cursor->at += size;
    return 0;
}

int wire_next (struct wire_cursor *cursor, struct wire_field *field)
{
    if (cursor->at == cursor->end)
        return WIRE_END;
    return read_tag (cursor, field) != 0 ? WIRE_BAD : read_value (cursor, field);
}

static enum wire_type type_of (ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_LENGTH;
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return WIRE_FIXED32;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return WIRE_FIXED64;
    default:
        return WIRE_VARINT;
    }
}

/* How many bytes from `at` on are ASCII without NUL. Looks at eight at a time, because nearly all text is. */
static size_t ascii_length (const uint8_t *at, size_t left)
{
    static const uint64_t ones = UINT64_C (0x0101010101010101), high_bits = UINT64_C (0x8080808080808080);
    size_t length = 0;
    for (uint64_t word; length + sizeof word <= left; length += sizeof word) {
        memcpy (&word, at + length, sizeof word);
        if (((word | (word - ones)) & high_bits) != 0)
            break;
    }
    while (length < left && at[length] > 0 && at[length] < 0x80)
        length++;
    return length;
}

/* What is wrong with the text. NULL: nothing. */
static const char *text_fault (const uint8_t *text, size_t size)
{
    for (size_t i = ascii_length (text, size); i < size; i += ascii_length (text + i, size - i)) {
        if (text[i] == 0)
            return "This text holds a NUL.";
        uint32_t point;
        size_t length = utf8_decode ((const char *)text + i, size - i, &point);
        if (length == 0)
            return "This text is not UTF-8.";
        i += length;
    }
    return NULL;
}

/* What is wrong with the number: generated code would cut it to fit, or would accept an unknown enum value. NULL:
   nothing. */
static const char *number_fault (const ProtobufCFieldDescriptor *field, uint64_t value)
{
    bool fits_signed = value <= INT32_MAX || value >= (uint64_t)INT32_MIN;
    switch (field->type) {
    case PROTOBUF_C_TYPE_ENUM:
        if (!fits_signed || !protobuf_c_enum_descriptor_get_value (field->descriptor, (int)(uint32_t)value))
            return "This is not one of the values that it may have.";
        return NULL;
    case PROTOBUF_C_TYPE_BOOL:
        return value > 1 ? "This is neither true nor false." : NULL;
    case PROTOBUF_C_TYPE_INT32:
        return fits_signed ? NULL : "This number does not fit in 32 bits.";
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_UINT32:
        return value <= UINT32_MAX ? NULL : "This number does not fit in 32 bits.";
    default:
        return NULL;
    }
}

/* Checks a list of numbers in one run of bytes, and counts them. */
static int check_packed (const struct walk *walk, const struct place *place, const struct wire_field *run,
                         uint32_t *count)
{
    struct wire_cursor cursor = wire_begin (run->data, run->size);
    struct wire_field element = {.type = type_of (place->field->type)};
    while (cursor.at < cursor.end) {
        const struct place here = {place->outer, place->field, (*count)++};
        if (read_value (&cursor, &element) != 0)
            return bad (walk, &here, "The message is cut off in this field.");
        const char *fault = element.type == WIRE_VARINT ? number_fault (place->field, element.value) : NULL;
        if (fault)
            return bad (walk, &here, fault);
    }
    return 0;
}

static int check_level (const struct walk *walk, struct level *level);

static int check_value (const struct walk *walk, const struct level *outer, const struct place *place,
                        const struct wire_field *value)
{
    const ProtobufCFieldDescriptor *field = place->field;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        if (field->label == PROTOBUF_C_LABEL_REPEATED && field->descriptor == walk->limits->passed_over)
            return 0;
        if (outer->depth == WIRE_DEPTH)
            return bad (walk, place, "Messages are nested too deep.");
        struct level inner = {.descriptor = field->descriptor,
                              .bytes = wire_begin (value->data, value->size),
                              .place = place,
                              .depth = outer->depth + 1};
        if (outer->joined)
            wire_enter (walk, outer, place, &inner);
        return check_level (walk, &inner);
    }
    if (value->type == WIRE_LENGTH && value->size > walk->limits->longest)
        return bad (walk, place,
                    arena_printf (walk->arena, "This is longer than %zu bytes.", walk->limits->longest));

    const char *fault = NULL;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        fault = text_fault (value->data, value->size);
    else if (value->type == WIRE_VARINT)
        fault = number_fault (field, value->value);
    if (fault)
        return bad (walk, place, fault);
    if (outer->joined)
        wire_store (walk, outer, place, value);
    return 0;
}

/* Checks a field that may occur once, or a member of a oneof of which only one may be set. */
static int check_single (const struct walk *walk, const struct level *level, const struct place *place)
{
    const ProtobufCMessageDescriptor *descriptor = level->descriptor;
    if (level->seen[place->field - descriptor->fields] > 0)
        return bad (walk, place, "This is given twice.");
    if ((place->field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
        return 0;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *other = &descriptor->fields[i];
        if (level->seen[i] > 0 && (other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
            other->quantifier_offset == place->field->quantifier_offset)
            return bad (walk, place,
                        arena_printf (walk->arena, "This cannot be given together with '%s'.", other->name));
    }
    return 0;
}

/* Finds the field with this number. Writers give fields in order, so mostly it is the last one again, or one soon
   after. */
static const ProtobufCFieldDescriptor *find_field (struct level *level, uint32_t number)
{
    const ProtobufCMessageDescriptor *descriptor = level->descriptor;
    for (unsigned i = level->last; i < descriptor->n_fields && descriptor->fields[i].id <= number; i++)
        if (descriptor->fields[i].id == number) {
            level->last = i;
            return &descriptor->fields[i];
        }
    return protobuf_c_message_descriptor_get_field (descriptor, number);
}

static int check_field (const struct walk *walk, struct level *level, struct wire_field *raw)
{
    const ProtobufCFieldDescriptor *field = find_field (level, raw->number);
    if (!field)
        return bad (walk, level->place, arena_printf (walk->arena, "There is no field %u here.", raw->number));

    uint32_t *seen = &level->seen[field - level->descriptor->fields];
    const struct place place = {level->place, field, *seen};
    bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED;
    bool is_packed = is_list && raw->type == WIRE_LENGTH && type_of (field->type) != WIRE_LENGTH;
    if (raw->type != type_of (field->type) && !is_packed)
        return bad (walk, &place, "This is of another type than the field.");
    level->has_lists |= is_list;
    if (!is_list && check_single (walk, level, &place) != 0)
        return WIRE_BAD;
    if (read_value (&level->bytes, raw) != 0)
        return bad (walk, &place, "The message is cut off in this field.");
    if (is_packed)
        return check_packed (walk, &place, raw, seen);
    ++*seen;
    return check_value (walk, level, &place, raw);
}

size_t wire_most_of (const struct wire_limits *limits, const ProtobufCFieldDescriptor *list)
{
    for (size_t i = 0; list->type == PROTOBUF_C_TYPE_MESSAGE && i < limits->list_count; i++)
        if (limits->lists[i].element == list->descriptor)
            return limits->lists[i].most;
    return limits->most;
}

static int check_lists (const struct walk *walk, const struct level *level)
{
    for (unsigned i = 0; i < level->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &level->descriptor->fields[i];
        if (field->label != PROTOBUF_C_LABEL_REPEATED || level->seen[i] == 0)
            continue;
        size_t most = wire_most_of (walk->limits, field);
        if (level->seen[i] > most) {
            const struct place place = {level->place, field, most};
            return bad (walk, &place, arena_printf (walk->arena, "This list has more than %zu entries.", most));
        }
    }
    return 0;
}

static int check_level (const struct walk *walk, struct level *level)
{
    assert (level->descriptor->n_fields <= WIRE_FIELDS);
    while (level->bytes.at < level->bytes.end) {
        struct wire_field raw;
        if (read_tag (&level->bytes, &raw) != 0)
            return bad (walk, level->place, "What stands here is not a field.");
        if (check_field (walk, level, &raw) != 0)
            return WIRE_BAD;
    }
    if (level->has_lists && check_lists (walk, level) != 0)
        return WIRE_BAD;
    if (level->joined)
        wire_leave (walk, level);
    return 0;
}

int wire_read (const struct wire_reading *reading, struct wire_fault *fault)
{
    uint8_t *copy = arena_memdup (reading->syntax->arena, reading->bytes.data, reading->bytes.size);
    const struct walk walk = {reading->limits, reading->syntax->arena, fault, reading->syntax, copy};
    struct level level = {.descriptor = reading->descriptor,
                          .bytes = wire_begin (copy, reading->bytes.size),
                          .depth = 1,
                          .joined = reading->joined,
                          .to = reading->to};
    const struct place place = {.field = reading->field};
    if (reading->field) {
        level.place = &place;
        level.depth = 2;
    }
    return check_level (&walk, &level);
}
