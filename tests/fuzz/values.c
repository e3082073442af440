#include "values.h"

#include <string.h>
#include "arena.h"
#include "texts.h"

enum {
    LONGEST = SYNTAX_FREE_TEXT_LIMIT + 1,
    SOME_WORDS = 3, /* of a message that has words: those that are named */
    ANY_SIZE = 32, /* of bytes of which only the reader knows the size: a place in a listing has this */
};

static const moment LAST_MOMENT = INT64_C (253402300799999);

static void set_bytes (struct node *node, const void *data, size_t size)
{
    node->type = RAW_LENGTH;
    node->bytes = (struct bytes){data, size};
    node->inside = NULL;
}

static void set_run (struct node *node, struct bytes bytes)
{
    set_bytes (node, bytes.data, bytes.size);
}

static void set_number (struct node *node, uint64_t number)
{
    node->type = RAW_VARINT;
    node->value = number;
    node->inside = NULL;
}

static void set_text (struct node *node, const char *text)
{
    set_bytes (node, text, strlen (text));
}

static const uint8_t *noise (struct maker *maker, size_t size)
{
    uint8_t *made = arena_alloc (maker->arena, size);
    for (size_t i = 0; i < size; i++)
        made[i] = (uint8_t)chance_number (&maker->chance);
    return made;
}

/* Numbers */

/* The most that the field may be, or a number at some limit of all numbers. */
static uint64_t number_at_limit (struct maker *maker, const struct field *field)
{
    const uint64_t numbers[] = {0,
                                1,
                                (uint64_t)field->least - 1,
                                field->least,
                                field->most,
                                (uint64_t)field->most + 1,
                                2 * (uint64_t)field->most,
                                INT32_MAX,
                                (uint64_t)INT32_MIN,
                                UINT32_MAX,
                                (uint64_t)UINT32_MAX + 1,
                                ((uint64_t)1 << 32) + field->most,
                                INT64_MAX,
                                (uint64_t)INT64_MIN,
                                UINT64_MAX};
    return numbers[maker_below (maker, sizeof numbers / sizeof *numbers)];
}

static uint64_t right_number (struct maker *maker, const struct slot *slot)
{
    const struct field *field = slot->field;
    if (slot->wire->type == PROTOBUF_C_TYPE_ENUM) {
        const ProtobufCEnumDescriptor *all = slot->wire->descriptor;
        return (uint64_t)(int64_t)all->values[maker_below (maker, all->n_values)].value;
    }
    if (field->most > 0)
        return field->least + maker_below (maker, (size_t)field->most - field->least + 1);
    return maker_one_in (maker, 4) ? chance_number (&maker->chance) >> maker_below (maker, 64) : 1;
}

static void set_moment (const struct slot *slot, moment when, struct node *node)
{
    set_number (node, slot->wire->type == PROTOBUF_C_TYPE_SINT64 ? raw_zigzag (when) : (uint64_t)when);
}

static void set_moment_at_limit (struct maker *maker, const struct slot *slot, struct node *node)
{
    const moment moments[] = {
        0,         1,        -1, LAST_MOMENT, LAST_MOMENT + 1, MOMENT_NEVER, MOMENT_NEVER - 1, MOMENT_ALWAYS,
        INT64_MIN, INT64_MAX};
    set_moment (slot, moments[maker_below (maker, sizeof moments / sizeof *moments)], node);
}

static void set_flag_at_limit (struct maker *maker, struct node *node)
{
    const uint64_t flags[] = {0, 2, 256, UINT64_MAX};
    set_number (node, flags[maker_below (maker, sizeof flags / sizeof *flags)]);
}

/* Bytes */

/* What their size must be, or may be at most. */
static size_t size_of (const struct field *field)
{
    switch (field->kind) {
    case FIELD_FIXED:
    case FIELD_FIXED_LIST:
        return field->size;
    case FIELD_FIXED_AT:
        return field->most;
    case FIELD_CODES_LIST:
        return CODE_LIMIT;
    default:
        return field->most > 0 ? field->most : ANY_SIZE;
    }
}

static bool has_any_size (const struct field *field)
{
    return field->kind == FIELD_CODES_LIST || (field->kind == FIELD_BYTES && field->most == 0);
}

static void set_right_bytes (struct maker *maker, const struct field *field, struct node *node)
{
    size_t size = size_of (field);
    if (has_any_size (field))
        size = maker_below (maker, size + 1);
    set_bytes (node, noise (maker, size), size);
}

static void set_bytes_at_limit (struct maker *maker, const struct field *field, struct node *node)
{
    const size_t size = size_of (field), sizes[] = {0, 1, size - 1, size, size + 1, 2 * size, LONGEST};
    size_t chosen = sizes[maker_below (maker, sizeof sizes / sizeof *sizes)];
    set_bytes (node, maker_one_in (maker, 2) ? noise (maker, chosen) : arena_alloc (maker->arena, chosen), chosen);
}

/* A run of so many numbers. */
static void set_numbers (struct maker *maker, const struct field *field, size_t count, struct node *node)
{
    uint8_t *made = arena_alloc (maker->arena, count * RAW_NUMBER_SIZE), *end = made;
    for (size_t i = 0; i < count; i++)
        end = raw_put_number (end, maker_one_in (maker, 8) ? number_at_limit (maker, field)
                                                           : maker_below (maker, 1000));
    set_bytes (node, made, (size_t)(end - made));
}

static size_t count_of (const struct field *field)
{
    return field->size / sizeof (uint32_t);
}

/* Fields */

static void set_message (struct maker *maker, const struct tree *tree, struct node *node)
{
    set_bytes (node, NULL, 0);
    node->inside = tree_inside (maker->arena, tree, node->slot);
    if (node->inside != NULL)
        value_fill (maker, node->inside);
}

void value_right (struct maker *maker, const struct tree *tree, struct node *node)
{
    const struct field *field = node->slot->field;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_TEXTS:
        if (tree->root->has_words && maker_one_in (maker, 2)) {
            set_number (node, 1 + maker_below (maker, SOME_WORDS));
            break;
        }
        set_text (node, text_right (maker, (enum syntax_sort)field->sort));
        break;
    case FIELD_WORDS:
        set_text (node, text_right (maker, (enum syntax_sort)field->sort));
        break;
    case FIELD_DAY:
        set_text (node, text_day (maker));
        break;
    case FIELD_FLAG:
        set_number (node, 1);
        break;
    case FIELD_NUMBER:
    case FIELD_CHOICE:
        set_number (node, right_number (maker, node->slot));
        break;
    case FIELD_MOMENT:
        set_moment (node->slot, 1 + (moment)maker_below (maker, (size_t)LAST_MOMENT), node);
        break;
    case FIELD_FIXED:
    case FIELD_FIXED_AT:
    case FIELD_BYTES:
    case FIELD_FIXED_LIST:
    case FIELD_CODES_LIST:
        set_right_bytes (maker, field, node);
        break;
    case FIELD_NUMBERS:
    case FIELD_NUMBERS_LIST:
    case FIELD_CODES:
        set_numbers (maker, field, maker_below (maker, count_of (field) + 1), node);
        break;
    case FIELD_GROUP:
    case FIELD_LIST:
    case FIELD_PACKED:
    case FIELD_PACKED_LIST:
    case FIELD_PASSED_OVER:
        set_message (maker, tree, node);
        break;
    }
}

static void set_other_type (struct maker *maker, struct node *node)
{
    static const enum raw_type types[] = {RAW_VARINT, RAW_FIXED64, RAW_LENGTH, RAW_FIXED32, 3, 4, 6, 7};
    set_bytes (node, noise (maker, 8), 8);
    node->type = types[maker_below (maker, sizeof types / sizeof *types)];
    if (node->type == RAW_FIXED32)
        node->bytes.size = 4;
}

void value_at_limit (struct maker *maker, struct node *node)
{
    const struct field *field = node->slot->field;
    if (maker_one_in (maker, 8)) {
        set_other_type (maker, node);
        return;
    }
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_TEXTS:
    case FIELD_WORDS:
        set_run (node, text_at_limit (maker, (enum syntax_sort)field->sort));
        break;
    case FIELD_DAY:
        set_run (node, text_odd (maker));
        break;
    case FIELD_FLAG:
        set_flag_at_limit (maker, node);
        break;
    case FIELD_NUMBER:
    case FIELD_CHOICE:
        set_number (node, number_at_limit (maker, field));
        break;
    case FIELD_MOMENT:
        set_moment_at_limit (maker, node->slot, node);
        break;
    case FIELD_FIXED:
    case FIELD_FIXED_AT:
    case FIELD_BYTES:
    case FIELD_FIXED_LIST:
    case FIELD_CODES_LIST:
        set_bytes_at_limit (maker, field, node);
        break;
    case FIELD_NUMBERS:
    case FIELD_NUMBERS_LIST:
    case FIELD_CODES:
        set_numbers (maker, field, count_of (field) + maker_below (maker, 3), node);
        break;
    case FIELD_GROUP:
    case FIELD_LIST:
    case FIELD_PACKED:
    case FIELD_PACKED_LIST:
    case FIELD_PASSED_OVER: /* a message without any field, or one that is cut off */
        set_bytes (node, "\x0a\x05", maker_one_in (maker, 2) ? 2 : 0);
        break;
    }
}

/* Messages */

static bool is_one_of_several (const struct slot *slot)
{
    return (slot->wire->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

static bool is_needed (const struct field *field)
{
    return field->needed || field->required || (field->kind == FIELD_FIXED && !field->has_beside);
}

/* How many of this field a message gets. */
static size_t some_count (struct maker *maker, const struct slot *slot)
{
    if (slot_is_list (slot) && slot->field->kind != FIELD_NUMBERS)
        return maker_below (maker, 4);
    return is_needed (slot->field) ? !maker_one_in (maker, 16) : maker_one_in (maker, maker->optional);
}

/* Among the fields of which there can be only one, this is chosen. */
static const struct slot *choose (struct maker *maker, const struct joined *joined)
{
    const struct slot *chosen = NULL;
    size_t count = 0;
    for (unsigned i = 0; i < joined->count; i++)
        if (is_one_of_several (&joined->slot[i]) && maker_one_in (maker, ++count))
            chosen = &joined->slot[i];
    return chosen;
}

void value_fill (struct maker *maker, struct tree *tree)
{
    const struct slot *chosen = choose (maker, tree->joined);
    struct node *last = tree_last (tree);
    for (unsigned i = 0; i < tree->joined->count; i++) {
        const struct slot *slot = &tree->joined->slot[i];
        size_t count = is_one_of_several (slot) ? slot == chosen : some_count (maker, slot);
        while (count-- > 0) {
            last = tree_insert (maker->arena, tree, last, slot);
            value_right (maker, tree, last);
        }
    }
}
