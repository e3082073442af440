/* The vocabulary of the bridge, and where each of its words says something. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "refusal.h"

struct tuple;

/* Whether each word of the vocabulary in these four stands where it says something, and is written as it is.
   `where` stands before each field in a refusal. */
bool tuple_judge (const struct tuple *self, const char *where, struct refusal *refusal);
/* The same of what stands beside the four. */
bool words_judge_around (const json_t *object, const char *where, struct refusal *refusal);
/* The same of one of resource.properties.gegevens, at `place`. */
bool words_judge_item (const json_t *item, const char *place, struct refusal *refusal);
