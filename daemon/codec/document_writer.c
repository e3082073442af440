#include "document_writer.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "document.h"

static void put_bytes (struct document_writer *self, const char *bytes, size_t size)
{
    if (self->room - self->size < size) {
        self->room = (self->size + size) * 2;
        self->text = realloc (self->text, self->room);
        if (self->text == NULL)
            abort ();
    }
    memcpy (self->text + self->size, bytes, size);
    self->size += size;
}

static void put (struct document_writer *self, const char *bytes)
{
    put_bytes (self, bytes, strlen (bytes));
}

static void put_line_end (struct document_writer *self)
{
    if (self->indent == 0)
        return;
    put (self, "\n");
    for (size_t i = 0; i < self->depth * self->indent; i++)
        put_bytes (self, " ", 1);
}

/* What stands before a value. */
static void put_place (struct document_writer *self, const char *key)
{
    if (self->is_filled)
        put (self, ",");
    if (self->depth > 0)
        put_line_end (self);
    self->is_filled = true;
    if (key == NULL)
        return;
    put (self, "\"");
    put (self, key);
    put (self, self->indent > 0 ? "\": " : "\":");
}

void document_begin (struct document_writer *self, size_t indent)
{
    enum { ROOM = 8192 };
    *self = (struct document_writer){.text = malloc (ROOM), .room = ROOM, .indent = indent};
    if (self->text == NULL)
        abort ();
}

char *document_end (struct document_writer *self)
{
    put_bytes (self, "", 1);
    return self->text;
}

static void open (struct document_writer *self, const char *key, const char *bracket)
{
    put_place (self, key);
    put (self, bracket);
    self->depth++;
    self->is_filled = false;
}

static void close (struct document_writer *self, const char *bracket)
{
    self->depth--;
    if (self->is_filled)
        put_line_end (self);
    put (self, bracket);
    self->is_filled = true;
}

void document_open_object (struct document_writer *self, const char *key)
{
    open (self, key, "{");
}

void document_close_object (struct document_writer *self)
{
    close (self, "}");
}

void document_open_list (struct document_writer *self, const char *key)
{
    open (self, key, "[");
}

void document_close_list (struct document_writer *self)
{
    close (self, "]");
}

/* Nothing in it is escaped. */
static bool is_plain (const char *text)
{
    while (*text >= ' ' && *text <= '~' && *text != '"' && *text != '\\')
        text++;
    return *text == 0;
}

void document_put_text (struct document_writer *self, const char *key, const char *text)
{
    put_place (self, key);
    if (text == NULL || is_plain (text)) {
        put (self, "\"");
        put (self, text != NULL ? text : "");
        put (self, "\"");
        return;
    }
    char *escaped = document_text (document_string (text), 0);
    put (self, escaped);
    free (escaped);
}

static void put_bare (struct document_writer *self, const char *key, const char *value)
{
    put_place (self, key);
    put (self, value);
}

void document_put_word (struct document_writer *self, const char *key, const char *word)
{
    if (word != NULL)
        document_put_text (self, key, word);
    else
        put_bare (self, key, "null");
}

void document_put_time (struct document_writer *self, const char *key, int64_t when)
{
    json_t *time = document_time (when);
    document_put_word (self, key, json_string_value (time));
    json_decref (time);
}

void document_put_number (struct document_writer *self, const char *key, int64_t number)
{
    char digits[32];
    snprintf (digits, sizeof digits, "%" PRId64, number);
    put_bare (self, key, digits);
}

void document_put_truth (struct document_writer *self, const char *key, bool truth)
{
    put_bare (self, key, truth ? "true" : "false");
}

static void put_object (struct document_writer *self, const char *key, json_t *tree)
{
    document_open_object (self, key);
    for (void *at = json_object_iter (tree); at != NULL; at = json_object_iter_next (tree, at))
        document_put_tree (self, json_object_iter_key (at), json_object_iter_value (at));
    document_close_object (self);
}

static void put_list (struct document_writer *self, const char *key, json_t *tree)
{
    document_open_list (self, key);
    for (size_t i = 0; i < json_array_size (tree); i++)
        document_put_tree (self, NULL, json_array_get (tree, i));
    document_close_list (self);
}

void document_put_tree (struct document_writer *self, const char *key, json_t *tree)
{
    if (json_is_object (tree))
        put_object (self, key, tree);
    else if (json_is_array (tree))
        put_list (self, key, tree);
    else if (json_is_integer (tree))
        document_put_number (self, key, json_integer_value (tree));
    else if (json_is_boolean (tree))
        document_put_truth (self, key, json_is_true (tree));
    else
        document_put_word (self, key, json_string_value (tree));
}
