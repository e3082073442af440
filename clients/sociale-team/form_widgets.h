/* Makes of the printed form a PDF that can be filled in (AcroForm, ISO 32000-1, 12.7).

   WeasyPrint of Debian 12 makes no forms, but it does make links. So each place of the form is a link to a name of
   its own (letter_input.h), and here each of these becomes a field, where it stands. qpdf takes the PDF apart into
   JSON and puts it together again.

   The name of a field is that of its place, with '/' for '.', which it may not have: "bewijs/kenmerk". Of a choice
   of many each row is a field: "gegevens:naw", with '~' for '.' in the value. */
#pragma once
#include <stddef.h>
#include "bytes.h"

struct letter_document;

/* The PDF of this document with its fields. The caller must free *made_p. 0, or an exit code with its line
 * printed. */
int form_widgets_add (const struct letter_document *document, struct bytes pdf, char **made_p, size_t *size_p);
