/* The oracle's table, as oracle.py writes it and says in its first lines. */
#pragma once
#include "situation.h"

/* Those before CLAIM choose a block of outcomes, the others an outcome within it. */
enum dimension { AGREEMENT, RESTRICTION, AGE, SCENARIO, CLAIM, MODE, MANAGER, ORIGIN, DIMENSIONS };
/* Those before LISTENERS make a cell. */
enum list { PROVIDERS, RECIPIENTS, PURPOSES, CATEGORIES, LISTENERS, LISTS };

enum { TABLE_LISTENERS = 8 };

struct names {
    size_t count;
    const char **name;
};

/* What the oracle expects of an item. The first listener may explain, and hears everything. */
struct outcome {
    const char *text; /* as in the file: "permit statute wmo-5.2.1 0 -" */
    bool permit;
    enum policy_ground ground;
    code code;                     /* statute or urgent reason; CODE_NONE: neither */
    size_t statement;              /* index of the consent; SIZE_MAX: not consent */
    bool against[TABLE_LISTENERS]; /* what each listener hears: that it is against the subject's will */
    struct rule_codes heard[TABLE_LISTENERS];
};

struct table {
    char *file;
    struct names dimensions[DIMENSIONS], lists[LISTS];
    struct situation *facts; /* of each age and scenario */
    struct outcome *outcomes;
    size_t outcome_count, class_count, cells;
    size_t situations;                        /* of a class: each has a block */
    size_t block_count, block_size;           /* outcomes of a block */
    const uint8_t *classes, *blocks, *arrays; /* little-endian: 16, 32 and 16 bits each */
    bool *permits;                            /* of each class */
};

/* Reads the table; ends the program with a message where the file is not one, or names a code that the pack does
   not know. */
void table_read (struct table *self, const char *path, const struct policy *policy);
void table_clear (struct table *self);
/* Some situation of the class is permitted. */
bool table_permits (const struct table *self, size_t class);
size_t table_class (const struct table *self, const size_t cell[LISTENERS]);
const struct situation *table_facts (const struct table *self, const size_t at[DIMENSIONS]);
/* Where the outcome of a situation stands; those of the other origins follow in their order. */
size_t table_index (const struct table *self, size_t class, const size_t at[DIMENSIONS]);
const struct outcome *table_outcome (const struct table *self, size_t index);
