/* Divides a file of forms in JSON into its values, one at a time: an array of them, or JSON Lines. What a value
   holds is not looked at here. */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include "bytes.h"

enum { JSON_VALUE_MAX = 65536 };

enum { JSON_VALUES_END = 1, JSON_VALUES_FAULT }; /* besides 0 and -errno */

struct json_values;

/* Reads from `file`, which is lent, from where it stands: an array if it begins with "[", else a value a line.
   Caller owns it. */
struct json_values *json_values_new (FILE *file);
/* Wipes what was read. */
void json_values_destroy (struct json_values **self_p);

/* Gives the next value, as text that is lent until the next one, and the line on which it begins, from 1. 0;
   JSON_VALUES_END; JSON_VALUES_FAULT: the file cannot be divided from *line on, *words (static) says why; -errno.
 */
int json_values_next (struct json_values *self, struct bytes *text, uint64_t *line, const char **words);
