/* Stores each value in its struct during the walk, by the table of the message, and judges its syntax. So the
   bytes are walked once. */
#include <string.h>
#include "arena.h"
#include "wire_parts.h"

enum { FIRST_ROOM = 4 }; /* for elements of a list */

static const char *path_of (const void *place, struct arena *arena)
{
    return place_path (place, arena);
}

/* Says that the texts which are judged from now on are at this place. */
static struct syntax *judge_at (const struct walk *walk, const struct place *place)
{
    walk->syntax->place = place;
    walk->syntax->path = path_of;
    return walk->syntax;
}

static const struct slot *slot_of (const struct level *level, const struct place *place)
{
    return &level->joined->slot[place->field - level->descriptor->fields];
}

/* The text stays in the bytes. It is moved one byte to the left, over its length, so that there is room for its
   NUL. */
static const char *text_of (const struct walk *walk, const struct wire_field *value)
{
    if (value->size == 0)
        return "";
    uint8_t *at = walk->bytes + (value->data - walk->bytes) - 1;
    memmove (at, value->data, value->size);
    at[value->size] = '\0';
    return (const char *)at;
}

/* Room for element `index` of the list at `*items`. A list that must grow is moved. */
static void *element (const struct walk *walk, void **items, size_t index, size_t size)
{
    if (index == 0) {
        *items = arena_array (walk->arena, FIRST_ROOM, size);
    } else if (index >= FIRST_ROOM && (index & (index - 1)) == 0) {
        void *grown = arena_array (walk->arena, 2 * index, size);
        memcpy (grown, *items, index * size);
        *items = grown;
    }
    return (char *)*items + index * size;
}

/* The list has room for this element. Too many are a fault, which is told at the end of the message. */
static bool is_within (const struct walk *walk, const struct place *place)
{
    return place->index < wire_most_of (walk->limits, place->field);
}

static void store_text (const struct walk *walk, const struct slot *slot, const struct place *place,
                        const struct wire_field *value, char *to)
{
    const struct field *field = slot->field;
    const char *text = text_of (walk, value);
    if (field->kind == FIELD_TEXTS) {
        struct text_set *set = (void *)(to + slot->offset);
        if (!is_within (walk, place))
            return;
        const char **at = element (walk, (void **)(void *)&set->item, place->index, sizeof *at);
        *at = syntax_text (judge_at (walk, place), (enum syntax_sort)field->sort, true, text);
        set->count = place->index + 1;
    } else if (field->kind == FIELD_DAY) {
        *(struct day *)(void *)(to + slot->offset) = syntax_optional_day (judge_at (walk, place), NULL, text);
    } else if (text[0] != '\0') {
        *(const char **)(void *)(to + slot->offset) =
            syntax_text (judge_at (walk, place), (enum syntax_sort)field->sort, field->needed, text);
    }
}

static void store_bytes (const struct walk *walk, const struct slot *slot, const struct place *place,
                         const struct wire_field *value, char *to)
{
    const struct field *field = slot->field;
    void *at = to + slot->offset;
    size_t size = field->kind == FIELD_FIXED ? field->size : field->most;
    if (value->size == 0)
        return; /* as if the field was not given */
    if (size > 0 && value->size != size) {
        struct syntax *syntax = judge_at (walk, place);
        syntax_fault (syntax, NULL, syntax_size_fault (syntax, (enum syntax_sort)field->sort, size));
        return;
    }
    if (field->kind == FIELD_BYTES) {
        *(struct bytes *)at = (struct bytes){value->data, value->size};
        return;
    }
    memcpy (at, value->data, value->size);
    if (field->has_beside)
        *(bool *)(void *)(to + slot->beside) = true;
}

void wire_store (const struct walk *walk, const struct level *level, const struct place *place,
                 const struct wire_field *value)
{
    const struct slot *slot = slot_of (level, place);
    void *at = level->to + slot->offset;
    switch (slot->field->kind) {
    case FIELD_TEXT:
    case FIELD_TEXTS:
    case FIELD_DAY:
        store_text (walk, slot, place, value, level->to);
        break;
    case FIELD_FLAG:
        *(bool *)at = value->value != 0;
        break;
    case FIELD_CHOICE:
        *(uint32_t *)at = (uint32_t)value->value;
        break;
    case FIELD_NUMBER:
        if (slot->field->size == sizeof (uint64_t))
            *(uint64_t *)at = value->value;
        else
            *(uint32_t *)at = (uint32_t)value->value;
        break;
    case FIELD_MOMENT:
        *(moment *)at = syntax_time (judge_at (walk, place), NULL, (int64_t)value->value);
        break;
    case FIELD_FIXED:
    case FIELD_BYTES:
        store_bytes (walk, slot, place, value, level->to);
        break;
    default:
        break; /* FIELD_PASSED_OVER. Requests have no fields of other kinds */
    }
}

void wire_enter (const struct walk *walk, const struct level *outer, const struct place *place,
                 struct level *inner)
{
    const struct slot *slot = slot_of (outer, place);
    if (slot->field->kind == FIELD_LIST) {
        if (!is_within (walk, place))
            return;
        inner->to = element (walk, (void **)(void *)(outer->to + slot->offset), place->index, slot->field->size);
        *(size_t *)(void *)(outer->to + slot->beside) = place->index + 1;
        fields_clear (slot->field->inner, inner->to);
    } else if (slot->field->kind == FIELD_GROUP) {
        inner->to = outer->to + slot->offset;
        if (slot->field->has_beside)
            *(bool *)(void *)(outer->to + slot->beside) = true;
        if (outer->place == NULL)
            fields_clear (slot->field->inner, inner->to); /* a body, and all that is in it */
    } else {
        return;
    }
    inner->joined = slot->inner;
}

/* Judges fields that are needed and were not given. Also numbers, where 0 may stand for another number. */
static void leave_field (const struct walk *walk, const struct level *level, const struct slot *slot,
                         uint32_t seen)
{
    const struct field *field = slot->field;
    const struct place place = {level->place, slot->wire, 0};
    void *at = level->to + slot->offset;
    if (field->kind == FIELD_TEXTS && !field->as_given) {
        syntax_make_set (at);
    } else if (field->kind == FIELD_TEXT && field->needed && (*(const char **)at)[0] == '\0') {
        syntax_text (judge_at (walk, &place), (enum syntax_sort)field->sort, true, "");
    } else if (field->kind == FIELD_DAY && field->needed && ((struct day *)at)->month == 0) {
        syntax_required_day (judge_at (walk, &place), NULL, "");
    } else if (field->kind == FIELD_FIXED && !field->has_beside && seen == 0) {
        struct syntax *syntax = judge_at (walk, &place);
        syntax_fault (syntax, NULL, syntax_size_fault (syntax, (enum syntax_sort)field->sort, field->size));
    } else if (field->kind == FIELD_NUMBER && field->most > 0) {
        uint32_t *number = at;
        *number = *number > 0 ? *number : field->otherwise;
        *number = syntax_number (judge_at (walk, &place), NULL, *number, field->least, field->most);
    }
}

void wire_leave (const struct walk *walk, const struct level *level)
{
    for (unsigned i = 0; i < level->joined->count; i++)
        leave_field (walk, level, &level->joined->slot[i], level->seen[i]);
    walk->syntax->place = NULL;
}
