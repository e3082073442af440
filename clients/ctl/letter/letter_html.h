/* A document as one HTML page: it reads on a telephone and prints on A4. It has its own style, no script, and asks
   for nothing from elsewhere; every text is escaped. */
#pragma once
#include <stdio.h>

struct letter_document;

/* The caller checks ferror (out). A place to fill in is a frame, as on paper (letter_input.h). */
void letter_html_write (const struct letter_document *document, FILE *out);

/* What a form on a screen runs, and nothing else: `hash` is that of `text`, as a Content-Security-Policy names it
   ("sha256-..."). The text holds no "</script". */
struct letter_script {
    const char *text, *hash;
};
/* The same with places that can be filled in on a screen, within one <form>. */
void letter_html_write_form (const struct letter_document *document, const struct letter_script *script,
                             FILE *out);

/* A text within an element or an attribute of HTML or SVG. */
void letter_html_put (FILE *out, const char *text);
