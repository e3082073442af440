/* Reports what became of each element, for the sender and for programs. It names elements, categories and codes,
   never a value, name or number from the message. */
#pragma once
#include <stdio.h>
#include "codec/document_writer.h"
#include "passage.h"

/* Prints lines for people: what was left out, or why the message is held. Each begins with `program`. Prints
   nothing if the whole message goes. */
void report_print (FILE *stream, const char *program, const struct passage *passage);

/* The same for programs: one JSON object, with every element. Caller owns the text and must free it. */
char *report_json (const struct passage *passage);
/* The same, as members of the object that is open. `code` is said instead of the passage's own; NULL: that one. */
void report_write (struct document_writer *to, const struct passage *passage, const char *code);

/* "DENIED". Static; NULL: the message is not held. */
const char *report_code_name (enum passage_code code);
