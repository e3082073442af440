/* What one policy pack decides differently from another. Not compared are texts (labels, sources, comments), the
   pack's name and version, and its cases: they decide nothing. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "language.h"
#include "rules/policy.h"

struct arena;

/* The codes of one sort in both packs: those of the first pack in its order, then those that only the second
   has. */
struct diff_codes {
    const char **name;
    code *before, *after; /* positions in each pack; CODE_NONE: the pack does not have it */
    size_t count;         /* at most DIFF_CODES */
};

enum { DIFF_CODES = 2 * CODE_LIMIT };

/* A set of positions in a struct diff_codes. */
struct diff_set {
    uint64_t word[(DIFF_CODES + 63) / 64];
};

bool diff_set_has (const struct diff_set *set, size_t one);

/* Cells that change in the same way: every provider to every recipient, for the purpose, in every category. */
struct diff_box {
    struct diff_set providers, recipients, categories;
    size_t purpose;
    const struct policy_flow *before_flow, *after_flow; /* NULL: no flow carries these cells */
    const char *before, *after;                         /* what the cells admit; NULL: nothing */
    const char *before_origin, *after_origin;           /* taken if a question names no origin; NULL likewise */
    size_t cells;
};

/* Any other difference: a property of a code, or a setting. */
struct diff_change {
    const char *section;  /* "Statutes"; changes of one section are together */
    const char *code;     /* changes of one code are together */
    const char *property; /* "origins"; "": the thing itself; NULL: the thing has no properties */
    const char *before, *after;
    enum { DIFF_CHANGED, DIFF_NEW, DIFF_GONE } sort; /* of the code; if it is new, `before` is NULL */
};

struct policy_diff {
    const struct policy *before, *after;
    enum language language; /* of every text but codes */
    struct diff_codes kinds, categories, purposes;
    struct diff_box *boxes; /* ordered by the code of their flow */
    size_t box_count;
    size_t cells, opened, closed, changed; /* cells that either pack has; and of these: new, gone, and changed */
    struct diff_change *changes;
    size_t change_count;
};

/* Compares two packs, in this language: what programs read is English. The result is the arena's, and borrows the
 * packs. */
struct policy_diff *policy_diff_make (struct arena *arena, const struct policy *before, const struct policy *after,
                                      enum language language);
bool policy_diff_is_empty (const struct policy_diff *diff);
/* Both have the same name and version, but not the same files. */
bool policy_diff_is_ambiguous (const struct policy_diff *diff);
void policy_diff_print (const struct policy_diff *diff, FILE *out);
/* Caller owns it. */
json_t *policy_diff_json (const struct policy_diff *diff);

/* The part of policy_diff_make that compares terms. */
void policy_diff_terms (struct arena *arena, struct policy_diff *diff);

/* The codes of a set, "a, b, c". The arena's. */
const char *policy_diff_names (struct arena *arena, const void *list, size_t count, size_t stride,
                               const code_set *set);
