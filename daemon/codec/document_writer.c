#include "document_writer.h"
#include <stdlib.h>
#include <string.h>
#include "document.h"

/* Makes sure that so many bytes fit. Returns where they begin. */
static char *make_room (struct document_writer *self, size_t size)
{
    if (self->room - self->size < size) {
        self->room = (self->size + size) * 2;
        self->text = realloc (self->text, self->room);
        if (self->text == NULL)
            abort ();
    }
    return self->text + self->size;
}

static void put_bytes (struct document_writer *self, const char *bytes, size_t size)
{
    memcpy (make_room (self, size), bytes, size);
    self->size += size;
}

static void put (struct document_writer *self, const char *bytes)
{
    put_bytes (self, bytes, strlen (bytes));
}

static void put_line_end (struct document_writer *self)
{
    size_t blanks = self->depth * self->indent;
    if (self->indent == 0)
        return;
    char *at = make_room (self, 1 + blanks);
    *at = '\n';
    memset (at + 1, ' ', blanks);
    self->size += 1 + blanks;
}

/* What stands before a value. */
static void put_place (struct document_writer *self, const char *key)
{
    if (self->is_filled)
        put_bytes (self, ",", 1);
    if (self->depth > 0)
        put_line_end (self);
    self->is_filled = true;
    if (key == NULL)
        return;
    size_t size = strlen (key);
    char *at = make_room (self, size + sizeof "\"\": "), *begin = at;
    *at++ = '"';
    memcpy (at, key, size);
    at += size;
    *at++ = '"';
    *at++ = ':';
    if (self->indent > 0)
        *at++ = ' ';
    self->size += (size_t)(at - begin);
}

void document_begin (struct document_writer *self, size_t indent)
{
    enum { ROOM = 1000 }; /* of so few malloc has some at hand */
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

/* Whether one of eight bytes is to be escaped: a control, a quote, a backslash, or none of ASCII. */
static bool is_any_escaped (uint64_t bytes)
{
    const uint64_t ones = UINT64_C (0x0101010101010101), tops = ones * 0x80;
    uint64_t quotes = bytes ^ (ones * '"'), backslashes = bytes ^ (ones * '\\');
    uint64_t controls = (bytes - ones * ' ') & ~bytes;
    uint64_t zeros = ((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes);
    return (controls | zeros | bytes | (bytes + ones)) & tops;
}

/* Nothing in it is escaped. */
static bool is_plain (const char *text, size_t size)
{
    uint64_t bytes;
    for (; size >= sizeof bytes; size -= sizeof bytes, text += sizeof bytes) {
        memcpy (&bytes, text, sizeof bytes);
        if (is_any_escaped (bytes))
            return false;
    }
    memset (&bytes, ' ', sizeof bytes);
    memcpy (&bytes, text, size);
    return !is_any_escaped (bytes);
}

static void put_plain (struct document_writer *self, const char *text, size_t size)
{
    char *at = make_room (self, size + 2);
    *at = '"';
    memcpy (at + 1, text, size);
    at[size + 1] = '"';
    self->size += size + 2;
}

void document_put_text (struct document_writer *self, const char *key, const char *text)
{
    const char *put_text = text != NULL ? text : "";
    size_t size = strlen (put_text);
    put_place (self, key);
    if (is_plain (put_text, size)) {
        put_plain (self, put_text, size);
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

void document_put_document (struct document_writer *self, const char *key, const char *document)
{
    put_bare (self, key, document);
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
    char digits[sizeof "-9223372036854775808"];
    size_t at = sizeof digits;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    digits[--at] = 0;
    do
        digits[--at] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (number < 0)
        digits[--at] = '-';
    put_bare (self, key, digits + at);
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
