/* The cases of a pack, decided under that pack. */
#pragma once
#include <jansson.h>
#include <stdio.h>
#include "language.h"

struct policy;

/* Decides each case, and prints the question and the decision. Returns how many decisions are not what the pack
   expects. */
size_t policy_test_print (const struct policy *policy, enum language language, FILE *out);
/* The same for programs; *failed is that number. Caller owns the return value. */
json_t *policy_test_json (const struct policy *policy, size_t *failed);
