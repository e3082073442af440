/* A document as plain text: for a terminal, an e-mail, or whoever has it read aloud. */
#pragma once
#include <stdio.h>

struct letter_document;

/* Lines have at most 78 columns, unless a single word is longer. A row of a table is a group of lines, a cell each
   with its heading, so that it is read in order. Needs a UTF-8 locale. The caller checks ferror (out). */
void letter_text_write (const struct letter_document *document, FILE *out);
