#include "letter_form.h"

#include <assert.h>
#include <string.h>
#include "arena.h"
#include "letter_document.h"

const struct letter_field *letter_field_find (const struct letter_field *fields, const char *name, size_t size)
{
    for (const struct letter_field *field = fields; field && field->name; field++)
        if (strlen (field->name) == size && memcmp (field->name, name, size) == 0)
            return field;
    return NULL;
}

struct letter_values *letter_values_new (struct arena *arena, const struct letter_field *fields)
{
    size_t count = 0;
    while (fields[count].name)
        count++;
    struct letter_values *self = arena_alloc (arena, sizeof *self);
    *self = (struct letter_values){arena, fields, arena_array (arena, count + 1, sizeof *self->all)};
    return self;
}

/* A name or a kind that the form has not is a fault of ours. */
static struct letter_value *value (struct letter_values *self, const char *name, enum letter_field_kind kind)
{
    const struct letter_field *field = letter_field_find (self->fields, name, strlen (name));
    assert (field && field->kind == kind);
    return &self->all[field - self->fields];
}

void letter_set (struct letter_values *self, const char *name, const char *text)
{
    value (self, name, LETTER_TEXT)->text = arena_strdup (self->arena, text);
}

/* Makes room for one more in a list of pointers. */
static void *grown (struct arena *arena, struct letter_value *list, void *items)
{
    if (list->count < list->room)
        return items;
    list->room = list->room ? 2 * list->room : 8;
    void **more = arena_array (arena, list->room, sizeof *more);
    if (list->count)
        memcpy (more, items, list->count * sizeof *more);
    return more;
}

void letter_add (struct letter_values *self, const char *name, const char *text)
{
    struct letter_value *list = value (self, name, LETTER_TEXTS);
    list->texts = grown (self->arena, list, list->texts);
    list->texts[list->count++] = arena_strdup (self->arena, text);
}

void letter_set_flag (struct letter_values *self, const char *name, bool is_so)
{
    value (self, name, LETTER_FLAG)->is_so = is_so;
}

void letter_set_part (struct letter_values *self, const char *name, const struct letter_document *part)
{
    struct letter_document *copy = arena_alloc (self->arena, sizeof *copy);
    *copy = *part;
    value (self, name, LETTER_PART)->part = copy;
}

struct letter_values *letter_add_group (struct letter_values *self, const char *name)
{
    struct letter_value *list = value (self, name, LETTER_GROUP);
    list->groups = grown (self->arena, list, list->groups);
    const struct letter_field *field = letter_field_find (self->fields, name, strlen (name));
    struct letter_values *entry = letter_values_new (self->arena, field->fields);
    list->groups[list->count++] = entry;
    return entry;
}

const struct letter_value *letter_value_of (const struct letter_values *self, const struct letter_field *field)
{
    return &self->all[field - self->fields];
}

bool letter_value_is_said (const struct letter_values *self, const struct letter_field *field)
{
    const struct letter_value *one = letter_value_of (self, field);
    return one->is_so || one->count > 0 || one->part || (one->text && *one->text);
}

const char *letter_join (struct arena *arena, const char *const *texts, size_t count)
{
    const char *joined = "";
    for (size_t i = 0; i < count; i++)
        joined = arena_printf (arena, "%s%s%s", joined, i == 0 ? "" : i + 1 < count ? ", " : " en ", texts[i]);
    return joined;
}
