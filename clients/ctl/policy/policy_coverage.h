/* How much of a pack its own cases try: of each flow which of its cells somebody wrote a case about. A cell is a
   provider, a recipient, a purpose and a category, as for policy diff. Pure. */
#pragma once
#include <jansson.h>
#include <stdio.h>
#include "language.h"
#include "rules/policy.h"

struct arena;

/* Of one flow. */
struct policy_coverage {
    const struct policy_flow *flow;
    size_t cells, tried;
    code_set providers, recipients, categories; /* those that a case about it names */
};

/* One for each flow, in the pack's order. The list is the arena's. */
struct policy_coverage *policy_coverage_make (struct arena *arena, const struct policy *policy);
void policy_coverage_print (struct arena *arena, const struct policy *policy, enum language language, FILE *out);
/* Caller owns it. */
json_t *policy_coverage_json (struct arena *arena, const struct policy *policy);
