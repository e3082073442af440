/* A pack's own cases, tried under it. */
#pragma once
#include <jansson.h>
#include <stdio.h>

struct policy;

/* Decides each case and prints what was asked and what came out. Returns how many came out otherwise than the pack
   says. */
size_t policy_test_print (const struct policy *policy, FILE *out);
/* The same for programs; *failed is how many. Caller owns the return value. */
json_t *policy_test_json (const struct policy *policy, size_t *failed);
