#include "import_json.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char too_large[] = "is groter dan een formulier kan zijn (64 KiB)";
static const char no_end[] = "houdt op midden in een lijst van formulieren";

enum shape { UNKNOWN, ARRAY, LINES };

struct json_values {
    FILE *file;
    enum shape shape;
    uint64_t line, begun; /* that is read; on which the value began; from 1 */
    size_t count;         /* of the values that were given */
    char text[JSON_VALUE_MAX];
    size_t size;
    const char *words;
};

struct json_values *json_values_new (FILE *file)
{
    struct json_values *self = malloc (sizeof *self);
    if (!self)
        abort ();
    self->file = file;
    self->shape = UNKNOWN;
    self->line = 1;
    self->count = self->size = 0;
    return self;
}

void json_values_destroy (struct json_values **self_p)
{
    if (*self_p)
        explicit_bzero ((*self_p)->text, sizeof (*self_p)->text);
    free (*self_p);
    *self_p = NULL;
}

static int fail (struct json_values *self, uint64_t line, const char *words)
{
    self->begun = line;
    self->words = words;
    return JSON_VALUES_FAULT;
}

static int put (struct json_values *self, int c)
{
    if (self->size == sizeof self->text)
        return fail (self, self->begun, too_large);
    self->text[self->size++] = (char)c;
    return 0;
}

static bool is_blank (int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Reads the first character that is no blank, or EOF. */
static int next_sign (struct json_values *self)
{
    int c;
    do {
        c = getc_unlocked (self->file);
        self->line += c == '\n';
    } while (is_blank (c));
    return c;
}

static int find_shape (struct json_values *self)
{
    int c = next_sign (self);
    if (c == 0xEF) { /* a byte order mark; what is none fails as JSON */
        getc_unlocked (self->file);
        getc_unlocked (self->file);
        c = next_sign (self);
    }
    self->shape = c == '[' ? ARRAY : LINES;
    if (self->shape == LINES)
        ungetc (c, self->file);
    return ferror (self->file) ? -EIO : 0;
}

/* Reads one line, which may be blank. */
static int read_line (struct json_values *self)
{
    int r = 0, c;
    self->begun = self->line;
    self->size = 0;
    while (!r && (c = getc_unlocked (self->file)) != EOF && c != '\n')
        if (self->size > 0 || !is_blank (c))
            r = put (self, c);
    self->line++;
    if (!r && c == EOF && self->size == 0)
        return ferror (self->file) ? -EIO : JSON_VALUES_END;
    return r;
}

/* Reads one value of an array up to what separates it from the next; `c` is its first character. Brackets within
   texts do not count. */
static int read_value (struct json_values *self, int c)
{
    size_t depth = 0;
    bool in_text = false, escaped = false;
    self->begun = self->line;
    self->size = 0;
    for (;; c = getc_unlocked (self->file)) {
        if (c == EOF)
            return fail (self, self->begun, no_end);
        if (!in_text && depth == 0 && (c == ',' || c == ']'))
            break;
        if (!in_text && depth == 0 && c == '}')
            return fail (self, self->line, "een haakje sluit wat niet is geopend");
        self->line += c == '\n';
        if (!escaped && c == '"')
            in_text = !in_text;
        escaped = in_text && !escaped && c == '\\';
        depth += !in_text && (c == '{' || c == '[');
        depth -= !in_text && (c == '}' || c == ']');
        int r = put (self, c);
        if (r)
            return r;
    }
    ungetc (c, self->file);
    return 0;
}

/* What follows on the array must be nothing. */
static int read_end (struct json_values *self)
{
    int c = next_sign (self);
    if (c != EOF)
        return fail (self, self->line, "achter de lijst van formulieren staat nog iets");
    return ferror (self->file) ? -EIO : JSON_VALUES_END;
}

static int read_from_array (struct json_values *self)
{
    int c = next_sign (self);
    if (c == ']' && self->count == 0)
        return read_end (self);
    if (self->count > 0) {
        if (c == ']')
            return read_end (self);
        if (c == ',')
            c = next_sign (self);
    }
    if (c == EOF)
        return fail (self, self->line, no_end);
    if (c == ',' || c == ']')
        return fail (self, self->line, "tussen twee scheidingstekens ontbreekt een formulier");
    return read_value (self, c);
}

int json_values_next (struct json_values *self, struct bytes *text, uint64_t *line, const char **words)
{
    int r = self->shape == UNKNOWN ? find_shape (self) : 0;
    if (!r && self->shape == ARRAY)
        r = read_from_array (self);
    while (!r && self->shape == LINES && (r = read_line (self)) == 0 && self->size == 0) {
    }
    self->count += r == 0;
    *text = (struct bytes){self->text, self->size};
    *line = self->begun;
    *words = self->words;
    return r;
}
