#include "form_reader.h"
#include <string.h>
#include "form_fields.h"

enum { LIST_MAX = 64 };

static const char fill_in[] = "vul dit in";

static void keep (struct form_reading *self, const char *path, const char *label, const char *sentence)
{
    if (self->problem_count == FORM_PROBLEMS)
        self->problems_left_out++;
    else
        self->problems[self->problem_count++] =
            (struct form_problem){path, arena_printf (self->arena, "%s: %s", label, sentence)};
}

void form_refuse (struct form_reading *self, const struct form_place *place, const char *name,
                  const char *sentence)
{
    const char *path = arena_printf (self->arena, "%s%s", place->path, name);
    keep (self, path, form_words_of_path (self->arena, path), sentence);
}

static bool is_listed (const char *name, const char *const *names)
{
    while (*names && strcmp (*names, name) != 0)
        names++;
    return *names;
}

/* A name is repeated only if it looks like one of ours: a person may have written anything there. */
static bool looks_like_name (const char *name)
{
    return strlen (name) <= 32 && strspn (name, "abcdefghijklmnopqrstuvwxyz_") == strlen (name);
}

void form_check_names (struct form_reading *self, const struct form_place *place, const char *const *names)
{
    const char *name;
    json_t *value;
    json_object_foreach (place->fields, name, value)
    {
        bool is_shown = looks_like_name (name);
        const char *shown = arena_printf (self->arena, "%s%s", place->path, is_shown ? name : "(een veld)");
        if (!is_listed (name, names))
            keep (self, is_shown ? shown : "", shown, "dit veld staat niet op het formulier");
    }
}

/* What a text of this sort must be. */
static const char *sentence_of (enum syntax_sort sort)
{
    switch (sort) {
    case SYNTAX_REFERENCE:
        return "is geen kenmerk: hoogstens 64 letters, cijfers of de tekens . _ : - en geen burgerservicenummer";
    case SYNTAX_CODE:
        return "is geen code: hoogstens 48 letters, cijfers of de tekens . _ : -";
    case SYNTAX_MOTIVATION:
        return "is te lang: hoogstens 1000 bytes";
    default:
        return "klopt niet";
    }
}

static bool is_of_sort (struct form_reading *self, enum syntax_sort sort, const char *text)
{
    struct syntax syntax = {.arena = self->arena};
    syntax_required (&syntax, sort, "", text);
    return syntax.field == NULL;
}

char *form_text (struct form_reading *self, const struct form_place *place, const char *name, bool required,
                 enum syntax_sort sort)
{
    const json_t *value = json_object_get (place->fields, name);
    const char *text = json_string_value (value);
    char *none = arena_strdup (self->arena, "");
    if (!value && !required)
        return none;
    if (value && !text)
        form_refuse (self, place, name, "moet een tekst zijn");
    else if (required && (!text || !*text))
        form_refuse (self, place, name, fill_in);
    else if (!*text) /* a form for one case that lost the case must not become one for every case */
        form_refuse (self, place, name, "is leeg: vul dit in, of laat het weg");
    else if (sort != SYNTAX_ANY && !is_of_sort (self, sort, text))
        form_refuse (self, place, name, sentence_of (sort));
    else
        return arena_strdup (self->arena, text);
    return none;
}

char **form_texts (struct form_reading *self, const struct form_place *place, const char *name, bool required,
                   size_t *count_p)
{
    const json_t *list = json_object_get (place->fields, name);
    size_t count = json_array_size (list);
    *count_p = 0;
    if ((list && !json_is_array (list)) || count > LIST_MAX)
        form_refuse (self, place, name, "moet een lijst zijn van hoogstens 64");
    else if (count == 0 && (list || required))
        form_refuse (self, place, name, required ? fill_in : "is leeg: vul dit in, of laat het weg");
    else
        *count_p = count;
    char **texts = arena_array (self->arena, *count_p + 1, sizeof *texts);
    for (size_t i = 0; i < *count_p; i++) {
        const char *text = json_string_value (json_array_get (list, i));
        if (!text)
            form_refuse (self, place, arena_printf (self->arena, "%s[%zu]", name, i), "moet een tekst zijn");
        texts[i] = arena_strdup (self->arena, text ? text : "");
    }
    return texts;
}

moment form_moment (struct form_reading *self, const struct form_place *place, const char *name, bool required,
                    bool is_end)
{
    const char *text = form_text (self, place, name, required, SYNTAX_ANY);
    moment when = 0;
    if (!*text || (is_end ? moment_parse_end (text, &when) : moment_parse (text, &when)))
        return when;
    form_refuse (self, place, name,
                 calendar_is_no_day (text) ? "is een dag die niet bestaat" : "is geen dag (jjjj-mm-dd)");
    return 0;
}

bool form_flag (struct form_reading *self, const struct form_place *place, const char *name)
{
    const json_t *value = json_object_get (place->fields, name);
    if (value && !json_is_boolean (value))
        form_refuse (self, place, name, "moet true of false zijn");
    return json_is_true (value);
}

bool form_object (struct form_reading *self, const struct form_place *place, const char *name,
                  const char *const *names, struct form_place *object)
{
    json_t *fields = json_object_get (place->fields, name);
    if (fields && !json_is_object (fields)) {
        form_refuse (self, place, name, "moet een object zijn");
        return false;
    }
    *object = (struct form_place){fields, arena_printf (self->arena, "%s.", name)};
    form_check_names (self, object, names);
    return fields;
}
