/* Text of others as a person is shown it: what cannot be seen, or makes something else be seen than what stands
   there, is escaped. For tables, JSON, reports and standard error, of the daemon and its clients alike. */
#pragma once
#include <stdio.h>

/* What is not visible: controls (C0, DEL, C1), the ends of lines and paragraphs, what sets the direction of writing or
   joins, whatever is ignored where it is not supported (zero-width, variation selectors, tags, fillers), private use,
   and what is no character; by the properties of Unicode 14. */

/* The text with what is not visible as \n, \x1b, \u202e or \U000e0041; a byte that is no UTF-8 as \xff. Caller owns
   the return value and must free it. */
char *escape_text (const char *text);
/* A JSON document with what is not visible in its strings as \u202e, which says the same; line ends stay. Frees
   `document` and returns what the caller must free. NULL stays NULL. */
char *escape_json (char *document);

/* Writes the text as escape_text has it. */
void escape_put (FILE *out, const char *text);
/* Writes one line; the format has no line end, and what it makes is written as escape_text has it. */
void escape_line (FILE *out, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
