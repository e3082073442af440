/* What of a table fits a terminal, and how. */
#pragma once
#include "table.h"

enum { TABLE_GAP = 2 };

/* By columns of the table. */
struct table_fit {
    size_t columns;
    const char *headings[TABLE_COLUMNS]; /* without what stands before the name */
    bool to_the_right[TABLE_COLUMNS], left_out[TABLE_COLUMNS];
    size_t ids[TABLE_COLUMNS]; /* identifiers are shown by so many digits; 0: as they are, or there are none */
    size_t widths[TABLE_COLUMNS];
    struct arena *arena;
};

/* `room`: columns of the terminal; 0: as many as it takes. */
struct table_fit table_fit (const struct table *table, size_t room);
/* Makes the columns at least so wide, if all of them have room. */
void table_fit_widen (struct table_fit *self, const size_t least[TABLE_COLUMNS], size_t room);
/* A cell of this column with the identifier at its end as it is shown. The arena's, or as it was given. */
const char *table_fit_id (const struct table_fit *self, size_t column, const char *cell);
/* Where the next line of a cell begins that is `width` columns wide, and in *size the bytes of this line. It
   breaks at blanks; if there is none, behind a hyphen, a colon or a slash within a word; else anywhere. */
const char *table_fit_wrap (const char *cell, size_t width, size_t *size);
