/* Tables for people: columns are aligned, however wide the characters are. Colour and bold only at a terminal. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct arena;

enum { TABLE_COLUMNS = 8 };

struct table_row {
    const char *cells[TABLE_COLUMNS];
    struct table_row *next;
};

/* A table lives as long as its arena. */
struct table {
    struct arena *arena;
    size_t columns;
    const char *const *headings; /* borrowed; NULL: no heading line */
    struct table_row *first, *last;
};

/* An empty table with these headings, which are borrowed. A heading that begins with '>' is for a column of
   numbers, aligned to the right. */
struct table table_start (struct arena *arena, const char *const *headings, size_t columns);
/* Adds a row. Cells are copied, with what is not visible escaped. NULL and "" show as "-". */
void table_add (struct table *self, const char *const *cells);
/* Adds a row to a table of two columns without headings: a name and its value. A row without a value is left
   out. */
void table_add_fact (struct table *self, const char *name, const char *value);
void table_print (const struct table *self, FILE *out);

/* The columns that the first `size` bytes of a text take. Needs a UTF-8 locale. */
size_t table_width (const char *text, size_t size);
/* The text as escape.h shows it. The copy is the arena's. */
const char *table_clean (struct arena *arena, const char *text);
/* The same text, cut to `width` columns, with an ellipsis at its end. The arena's. */
const char *table_cut (struct arena *arena, const char *text, size_t width);
/* "a, b, c". The arena's. */
const char *table_join (struct arena *arena, char *const *texts, size_t count);
/* "1234". The arena's. */
const char *table_number (struct arena *arena, uint64_t number);
