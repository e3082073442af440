#include "csv.h"

#include <stdlib.h>
#include <string.h>
#include "text/escape.h"

static void put_cell (FILE *out, const char *cell)
{
    char *shown = escape_text (cell);
    fputc ('"', out);
    if (*shown && strchr ("=+-@", *shown))
        fputc ('\'', out);
    for (const char *at = shown; *at; at++) {
        if (*at == '"')
            fputc ('"', out);
        fputc (*at, out);
    }
    fputc ('"', out);
    free (shown);
}

void csv_put_row (FILE *out, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputc (',', out);
        put_cell (out, cells[i] ? cells[i] : "");
    }
    fputs ("\r\n", out);
}
