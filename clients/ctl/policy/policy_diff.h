/* What one policy pack decides otherwise than another. Texts (labels, sources, comments) and the pack's own name
   and version decide nothing and are not compared; nor are its cases. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "rules/policy.h"

struct arena;

/* The codes of one sort of both packs: those of the first in its order, then what only the second has. */
struct diff_codes {
    const char **name;
    code *before, *after; /* their positions in each pack; CODE_NONE: not in it */
    size_t count;         /* at most DIFF_CODES */
};

enum { DIFF_CODES = 2 * CODE_LIMIT };

/* A set of positions in a struct diff_codes. */
struct diff_set {
    uint64_t word[(DIFF_CODES + 63) / 64];
};

bool diff_set_has (const struct diff_set *set, size_t one);

/* Cells that change alike: every provider to every recipient, for the purpose, in every category. */
struct diff_box {
    struct diff_set providers, recipients, categories;
    size_t purpose;
    const struct policy_flow *before_flow, *after_flow; /* NULL: no flow carries these cells */
    const char *before, *after;                         /* what they admit; NULL: nothing */
    const char *before_origin, *after_origin; /* that is taken where a question names none; NULL likewise */
    size_t cells;
};

/* Something else that differs: a property of a code, or a setting. */
struct diff_change {
    const char *section;  /* "Statutes"; changes of one section follow each other */
    const char *code;     /* changes of one code follow each other */
    const char *property; /* "origins"; "": the thing itself; NULL: the thing has no properties */
    const char *before, *after;
    enum { DIFF_CHANGED, DIFF_NEW, DIFF_GONE } sort; /* of the code: new, then `before` is NULL; or gone */
};

struct policy_diff {
    const struct policy *before, *after;
    struct diff_codes kinds, categories, purposes;
    struct diff_box *boxes; /* by the code of their flow */
    size_t box_count;
    size_t cells, opened, closed, changed; /* cells that either pack has; of these what is new, gone, or admits
                                              something else */
    struct diff_change *changes;
    size_t change_count;
};

/* Compares. All that it gives is the arena's, and borrows the packs. */
struct policy_diff *policy_diff_make (struct arena *arena, const struct policy *before,
                                      const struct policy *after);
bool policy_diff_is_empty (const struct policy_diff *diff);
void policy_diff_print (const struct policy_diff *diff, FILE *out);
/* Caller owns it. */
json_t *policy_diff_json (const struct policy_diff *diff);

/* Its other part. */
void policy_diff_terms (struct arena *arena, struct policy_diff *diff);

/* "a, b and c" without the "and": the codes of a set. The arena's. */
const char *policy_diff_names (struct arena *arena, const void *list, size_t count, size_t stride,
                               const code_set *set);
