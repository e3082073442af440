/* Shows a mapping to who must answer for it: who sends what to whom, what for, and what becomes of each category.
 */
#pragma once
#include "mapping.h"
#include "rules/policy.h"
#include <stdio.h>

/* `policy` NULL: it is not known what the flow carries. */
void mapping_check_print (const struct mapping *mapping, const struct policy *policy, FILE *out);
