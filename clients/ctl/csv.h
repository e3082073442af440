/* Tables for spreadsheets: comma-separated values as in RFC 4180, in UTF-8. */
#pragma once
#include <stddef.h>
#include <stdio.h>

/* Writes one line. Every value is in quotation marks. One that begins with =, +, - or @, which a spreadsheet would
   take for a formula, gets an apostrophe before it. What is not visible is escaped (escape.h). */
void csv_put_row (FILE *out, const char *const *cells, size_t count);
