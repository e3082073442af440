/* Tables for people: columns are aligned, however wide the characters are.

   At a terminal a table is never wider than that: cells are wrapped, identifiers shown by their first digits, and
   columns that can be missed left out, with a line that says which. Anywhere else, and after table_set_wide,
   everything is there, and a row is one line. Bold only at a terminal. */
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

/* An empty table with these headings, which are borrowed. What stands before the name of a column says what it is:
   "-" that it is left out where there is no room, "--" before those, and of equals the rightmost first (one with
   nothing in it before all others); then ">" that it has numbers, aligned to the right, or "#" that it has
   identifiers. */
struct table table_start (struct arena *arena, const char *const *headings, size_t columns);
/* Adds a row. Cells are copied, with what is not visible escaped. NULL and "" show as "-". */
void table_add (struct table *self, const char *const *cells);
/* Adds a row to a table of two columns without headings: a name and its value. A row without a value is left
   out. */
void table_add_fact (struct table *self, const char *name, const char *value);
void table_print (const struct table *self, FILE *out);
/* The same for a text that is shown elsewhere later, where `room` columns are; 0: as wide as it is. */
void table_print_within (const struct table *self, FILE *out, size_t room);
/* The same for rows that come below a table with the same headings, in its columns as far as they have room.
   What the columns took is in *widths; zeroes before the first, and for one that is left out. */
struct table_widths {
    size_t of[TABLE_COLUMNS];
};
void table_print_on (const struct table *self, struct table_widths *widths, FILE *out);
/* The columns of the terminal; 0: this is none, or everything was asked for. */
size_t table_room (FILE *out);
/* A text, wrapped at its words where `out` is a terminal, and a new line. What is not visible is escaped. */
void table_print_text (struct arena *arena, const char *text, FILE *out);
/* --wide: from now on every table has all of its columns, however wide the terminal. */
void table_set_wide (bool wide);

/* Moves over one character of clean text, and returns its width in columns. Needs a UTF-8 locale, as these. */
size_t table_step (const char **text);
/* The columns that the first `size` bytes of a text take. */
size_t table_width (const char *text, size_t size);
size_t table_width_of (const char *text);
/* The text as escape.h shows it. The copy is the arena's. */
const char *table_clean (struct arena *arena, const char *text);
/* The same text, cut to `width` columns, with an ellipsis at its end. The arena's. */
const char *table_cut (struct arena *arena, const char *text, size_t width);
/* "a, b, c". The arena's. */
const char *table_join (struct arena *arena, char *const *texts, size_t count);
/* "1234". The arena's. */
const char *table_number (struct arena *arena, uint64_t number);
