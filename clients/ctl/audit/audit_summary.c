#include "audit_summary.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include "arena.h"
#include "table.h"

/* The key has a column of its own, or means nothing to people. The daemon itself leaves out what is personal. */
static bool is_left_out (const char *key)
{
    return strcmp (key, "user") == 0 || strcmp (key, "expected") == 0;
}

/* Two kinds of values are shown although they are no texts: the decision that the line is about, and that a
   restriction is about all data. */
static const char *name_plain (struct arena *arena, const char *key, json_t *value)
{
    if (json_is_integer (value) && (strcmp (key, "decision") == 0 || strcmp (key, "number") == 0))
        return table_number (arena, (uint64_t)json_integer_value (value));
    return json_is_true (value) && strcmp (key, "whole") == 0 ? key : "";
}

static const char *add_word (struct arena *arena, const char *words, const char *word)
{
    return arena_printf (arena, "%s%s%s", words, *words && *word ? " " : "", word);
}

/* A moment. It has a column of its own, or means nothing without the name of its field. */
static bool is_time (const char *text)
{
    int size = 0;
    return sscanf (text, "%*4d-%*2d-%*2dT%*2d:%*2d:%*2d.%*3dZ%n", &size) == 0 && size > 0 && text[size] == '\0';
}

/* Appends the texts in a value, in their order, to `words`. */
static const char *gather (struct arena *arena, json_t *value, const char *words, int depth)
{
    size_t index;
    const char *key;
    json_t *member;
    if (json_is_string (value))
        return is_time (json_string_value (value)) ? words : add_word (arena, words, json_string_value (value));
    if (depth == 0)
        return words;
    json_array_foreach (value, index, member) words = gather (arena, member, words, depth - 1);
    json_object_foreach (value, key, member)
    {
        if (is_left_out (key))
            continue;
        words = add_word (arena, words, name_plain (arena, key, member));
        words = gather (arena, member, words, depth - 1);
    }
    return words;
}

const char *audit_summary (struct arena *arena, const char *details)
{
    enum { DEPTH = 4, WIDTH = 64 };
    json_t *document = json_loads (details, JSON_REJECT_DUPLICATES, NULL), *body;
    const char *words = "", *key;
    json_object_foreach (json_object_get (document, "request"), key,
                         body) if (json_is_object (body)) /* the one body among the fields of the envelope */
        words = gather (arena, body, words, DEPTH);
    json_t *note = json_object_get (document, "note");
    if (json_is_string (note))
        words = add_word (arena, words, json_string_value (note));
    words = table_cut (arena, words, WIDTH);
    json_decref (document);
    return words;
}
