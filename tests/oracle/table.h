/* The oracle's table, as oracle.py writes it and says in its first lines. */
#pragma once
#include "rules/decide.h"

enum dimension { AGREEMENT, RESTRICTION, AGE, SCENARIO, CLAIM, MODE, ORIGIN, DIMENSIONS };
enum list { PROVIDERS, RECIPIENTS, PURPOSES, CATEGORIES, LISTS };

struct names {
    size_t count;
    const char **name;
};

/* What the oracle expects of an item. */
struct outcome {
    const char *text; /* as in the file: "permit statute wmo-5.2.1 0" */
    bool permit;
    enum policy_ground ground;
    code code;        /* statute or urgent reason; CODE_NONE: neither */
    size_t statement; /* index of the consent; SIZE_MAX: not consent */
    struct rule_codes reasons;
};

struct table {
    char *file;
    struct names dimensions[DIMENSIONS], lists[LISTS];
    struct outcome *outcomes;
    size_t outcome_count, class_count, cells, situations; /* of a class */
    const uint8_t *classes, *arrays;                      /* little-endian, 16 bits each */
    bool *permits;                                        /* of each class */
};

/* Reads the table; ends the program with a message where the file is not one, or names a code that the pack does
   not know. */
void table_read (struct table *self, const char *path, const struct policy *policy);
void table_clear (struct table *self);
/* Some situation of the class is permitted. */
bool table_permits (const struct table *self, size_t class);
size_t table_class (const struct table *self, const size_t cell[LISTS]);
/* Where the outcome of a situation stands; those of the other origins follow in their order. */
size_t table_index (const struct table *self, size_t class, const size_t at[DIMENSIONS]);
const struct outcome *table_outcome (const struct table *self, size_t index);
