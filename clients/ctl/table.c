#include "table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include "arena.h"
#include "table_fit.h"
#include "text/escape.h"

enum { FACT_COLUMNS = 2, LEAST_TERMINAL = 20 };

static bool is_wide;

void table_set_wide (bool wide)
{
    is_wide = wide;
}

size_t table_step (const char **text)
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
        width += table_step (&text);
    return width;
}

size_t table_width_of (const char *text)
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
    if (table_width_of (clean) <= width)
        return clean;
    for (size_t used = 0; used < width;) {
        const char *next = end;
        used += table_step (&next);
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

size_t table_room (FILE *out)
{
    struct winsize size = {0};
    int fd = fileno (out);
    if (is_wide || fd < 0 || !isatty (fd) || ioctl (fd, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col == 0 || size.ws_col >= LEAST_TERMINAL ? size.ws_col : LEAST_TERMINAL;
}

/* What of the cells has not been printed yet. */
struct rest {
    const char *cells[TABLE_COLUMNS];
};

/* Prints one line of a row, and moves on in its cells. True while there is more of one. */
static bool print_line (const struct table_fit *fit, struct rest *rest, FILE *out)
{
    size_t gap = 0;
    bool more = false;
    for (size_t i = 0; i < fit->columns; i++) {
        if (fit->left_out[i])
            continue;
        size_t size;
        const char *cell = rest->cells[i], *next = table_fit_wrap (cell, fit->widths[i], &size);
        size_t room = fit->widths[i] - table_width (cell, size), before = fit->to_the_right[i] ? room : 0;
        if (size > 0) /* no blanks at the end of a line */
            fprintf (out, "%*s%.*s", (int)(gap + before), "", (int)size, cell);
        gap = size > 0 ? TABLE_GAP + room - before : gap + fit->widths[i] + TABLE_GAP;
        rest->cells[i] = next;
        more = more || *next;
    }
    fputc ('\n', out);
    return more;
}

static void print_row (const struct table_fit *fit, const char *const *cells, FILE *out)
{
    struct rest rest;
    for (size_t i = 0; i < fit->columns; i++)
        rest.cells[i] = fit->ids[i] ? table_fit_id (fit, i, cells[i]) : cells[i];
    while (print_line (fit, &rest, out))
        ;
}

static void print_headings (const struct table_fit *fit, FILE *out)
{
    bool bold = isatty (fileno (out)) && !getenv ("NO_COLOR");
    fputs (bold ? "\033[1m" : "", out);
    print_row (fit, fit->headings, out);
    fputs (bold ? "\033[0m" : "", out);
}

/* Nobody is to think that a column that does not fit is not there. */
static void tell_left_out (const struct table *self, const struct table_fit *fit, FILE *out)
{
    const char *names = "";
    for (size_t i = 0; i < fit->columns; i++)
        if (fit->left_out[i])
            names = arena_printf (self->arena, "%s%s%s", names, *names ? ", " : "", fit->headings[i]);
    if (*names)
        fprintf (out, "Not shown: %s (--wide)\n", names);
}

void table_print (const struct table *self, FILE *out)
{
    table_print_within (self, out, table_room (out));
}

void table_print_within (const struct table *self, FILE *out, size_t room)
{
    struct table_fit fit = table_fit (self, room);
    if (self->headings)
        print_headings (&fit, out);
    for (const struct table_row *row = self->first; row; row = row->next)
        print_row (&fit, row->cells, out);
    tell_left_out (self, &fit, out);
}

void table_print_on (const struct table *self, struct table_widths *widths, FILE *out)
{
    struct table_fit fit = table_fit (self, table_room (out));
    bool same = true;
    table_fit_widen (&fit, widths->of, table_room (out));
    for (size_t i = 0; i < fit.columns; i++) {
        same = same && fit.left_out[i] == (widths->of[i] == 0);
        widths->of[i] = fit.left_out[i] ? 0 : fit.widths[i];
    }
    if (!same)
        print_headings (&fit, out);
    for (const struct table_row *row = self->first; row; row = row->next)
        print_row (&fit, row->cells, out);
}

void table_print_text (struct arena *arena, const char *text, FILE *out)
{
    struct table table = table_start (arena, NULL, 1);
    table_add (&table, &text);
    table_print (&table, out);
}
