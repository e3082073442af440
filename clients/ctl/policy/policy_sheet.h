/* A policy pack as one sheet of A4, landscape, for whoever keeps the rules: the matrix (policy_matrix.h) with its
   legend, the statutes and who signs at which age. */
#pragma once
#include <stdio.h>
#include "policy/policy_read.h"
#include "language.h"

/* One HTML page with a style of its own, no script, and nothing from elsewhere; every text is escaped. The caller
   checks ferror (out). */
void policy_sheet_write (const struct policy *policy, enum language language, FILE *out);
