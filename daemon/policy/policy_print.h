/* Prints a policy pack as a table for people: who may give what to whom, for which purpose, and on which
   grounds. */
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include "rules/policy.h"

/* Prints the pack as the table of KB article 8, in Dutch or in English: its flows by area, then statutes, urgent
   reasons, ages, longest validity, how long records are kept, and settings. Plain UTF-8 text of at most 110
   columns, unless a single word is longer. The caller checks ferror (out). */
void policy_print (const struct policy *policy, bool dutch, FILE *out);
