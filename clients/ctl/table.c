#include "table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include "arena.h"
#include "text/escape.h"

enum { GAP = 2, FACT_COLUMNS = 2 };

/* Moves over one character of clean text, and returns its width in columns. Needs a UTF-8 locale. */
static size_t step (const char **text)
{
    wchar_t wide;
    mbstate_t state = {0};
    size_t size = mbrtowc (&wide, *text, strlen (*text), &state);
    bool whole = size != 0 && size != (size_t)-1 && size != (size_t)-2;
    int width = whole ? wcwidth (wide) : 0;
    *text += whole ? size : 1;
    return width > 0 ? (size_t)width : 0;
}

size_t table_width (const char *text, size_t size)
{
    size_t width = 0;
    for (const char *end = text + size; text < end;)
        width += step (&text);
    return width;
}

static size_t width_of (const char *text)
{
    return table_width (text, strlen (text));
}

const char *table_clean (struct arena *arena, const char *text)
{
    char *shown = escape_text (text);
    const char *clean = arena_strdup (arena, shown);
    free (shown);
    return clean;
}

const char *table_cut (struct arena *arena, const char *text, size_t width)
{
    const char *clean = table_clean (arena, text), *end = clean;
    if (width_of (clean) <= width)
        return clean;
    for (size_t used = 0; used < width;) {
        const char *next = end;
        used += step (&next);
        if (used < width)
            end = next;
    }
    return arena_printf (arena, "%.*s…", (int)(end - clean), clean);
}

const char *table_join (struct arena *arena, char *const *texts, size_t count)
{
    const char *joined = "";
    for (size_t i = 0; i < count; i++)
        joined = arena_printf (arena, "%s%s%s", joined, i ? ", " : "", texts[i]);
    return joined;
}

const char *table_number (struct arena *arena, uint64_t number)
{
    return arena_printf (arena, "%" PRIu64, number);
}

struct table table_start (struct arena *arena, const char *const *headings, size_t columns)
{
    return (struct table){.arena = arena, .headings = headings, .columns = columns};
}

void table_add (struct table *self, const char *const *cells)
{
    struct table_row *row = arena_alloc (self->arena, sizeof *row);
    for (size_t i = 0; i < self->columns; i++)
        row->cells[i] = cells[i] && *cells[i] ? table_clean (self->arena, cells[i]) : "-";
    *(self->last ? &self->last->next : &self->first) = row;
    self->last = row;
}

void table_add_fact (struct table *self, const char *name, const char *value)
{
    if (value && *value)
        table_add (self, (const char *[FACT_COLUMNS]){name, value});
}

static bool is_number_column (const struct table *self, size_t column)
{
    return self->headings && self->headings[column][0] == '>';
}

static const char *heading_of (const struct table *self, size_t column)
{
    return self->headings[column] + is_number_column (self, column);
}

static size_t column_width (const struct table *self, size_t column)
{
    size_t width = self->headings ? width_of (heading_of (self, column)) : 0;
    for (const struct table_row *row = self->first; row; row = row->next) {
        size_t one = width_of (row->cells[column]);
        width = one > width ? one : width;
    }
    return width;
}

static void print_cells (const struct table *self, const char *const *cells, const size_t *widths, FILE *out)
{
    for (size_t i = 0; i < self->columns; i++) {
        int room = (int)(widths[i] - width_of (cells[i]));
        if (is_number_column (self, i))
            fprintf (out, "%*s%s", room, "", cells[i]);
        else if (i + 1 == self->columns) /* no blanks at the end of a line */
            fputs (cells[i], out);
        else
            fprintf (out, "%s%*s", cells[i], room, "");
        if (i + 1 < self->columns)
            fprintf (out, "%*s", GAP, "");
    }
}

void table_print (const struct table *self, FILE *out)
{
    size_t widths[TABLE_COLUMNS];
    const char *headings[TABLE_COLUMNS];
    for (size_t i = 0; i < self->columns; i++)
        widths[i] = column_width (self, i);
    if (self->headings) {
        bool bold = isatty (fileno (out)) && !getenv ("NO_COLOR");
        for (size_t i = 0; i < self->columns; i++)
            headings[i] = heading_of (self, i);
        fputs (bold ? "\033[1m" : "", out);
        print_cells (self, headings, widths, out);
        fputs (bold ? "\033[0m\n" : "\n", out);
    }
    for (const struct table_row *row = self->first; row; row = row->next) {
        print_cells (self, row->cells, widths, out);
        fputc ('\n', out);
    }
}
