/* What became of each element, for the one who sends and for programs. Names elements, categories and codes; never
   a value, a name or a number that stood in the message. */
#pragma once
#include <stdio.h>
#include "adapter.h"

/* Lines for people: what was left out or why the message is held. Each begins with `program`. Nothing where the
   message goes whole. */
void report_print (FILE *stream, const char *program, const struct adapter_result *result);

/* The same for programs: one JSON object, with every element. Returns a text that the caller owns and must free.
 */
char *report_json (const struct adapter_order *order, const struct adapter_result *result);
