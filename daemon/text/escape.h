/* Shows text of others to a person. A character is escaped if it cannot be seen, or if it would make other text
   look different. For tables, JSON, reports and stderr, of the daemon and its clients. */
#pragma once
#include <stdio.h>

/* What is not visible: controls (C0, DEL, C1); the ends of lines and paragraphs; characters that set the direction
   of writing or join others; characters that are ignored where they are not supported (zero-width, variation
   selectors, tags, fillers); private use; and points that are no character. By the properties of Unicode 14. */

/* The text, with what is not visible as \n, \x1b, \u202e or \U000e0041, and a byte that is not UTF-8 as \xff.
   Caller owns the return value and must free it. */
char *escape_text (const char *text);
/* A JSON document, with what is not visible in its strings as \u202e, which means the same in JSON. Line ends
   stay. Frees `document`, and returns a text that the caller must free. NULL stays NULL. */
char *escape_json (char *document);

/* Writes the text, escaped as by escape_text. */
void escape_put (FILE *out, const char *text);
/* Writes one line. The format has no line end; its result is escaped as by escape_text. */
void escape_line (FILE *out, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
