/* A document as one HTML page: it reads on a telephone and prints on A4. It has its own style, no script, and asks
   for nothing from elsewhere; every text is escaped. */
#pragma once
#include <stdio.h>

struct letter_document;

/* The caller checks ferror (out). */
void letter_html_write (const struct letter_document *document, FILE *out);

/* A text within an element or an attribute of HTML or SVG. */
void letter_html_put (FILE *out, const char *text);
