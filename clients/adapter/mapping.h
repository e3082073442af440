/* A mapping: which element of a message is which category of personal data, obtained under which law.

   A mapping is data, not code (config/adapters/), so that those who review what leaves the building can read it.
   docs/adapters.md is its reference. An element is known by its namespace and local name, never by the prefix in
   the message. What a mapping does not know is not passed on. */
#pragma once
#include <libxml/xmlregexp.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    MAPPING_ITEMS_MAX = 64,        /* different categories with their origin: as many as one check can ask */
    MAPPING_FILE_MAX = 256 * 1024, /* bytes */
    MAPPING_WHENS_MAX = 4          /* the values of siblings on which the category of one element may depend */
};

/* What must be true so that an element goes. */
enum mapping_use {
    MAPPING_CATEGORY,  /* its category is permitted */
    MAPPING_ENVELOPE,  /* nothing: it says who sends what to whom, not who somebody is */
    MAPPING_STRUCTURE, /* something with a category goes in it or, for a value, beside it */
    MAPPING_SAME,      /* what must be true for its parent */
    MAPPING_NEVER,     /* it never goes, nor does anything in it */
};

enum mapping_occurrence {
    MAPPING_OPTIONAL,
    MAPPING_REQUIRED, /* exactly once; without it the parent does not go */
    MAPPING_ANY_NUMBER,
    MAPPING_ONE_OR_MORE, /* without any of it the parent does not go */
};

struct mapping_namespace {
    const char *prefix; /* in the mapping, and in what is written */
    const char *uri;
};

/* If the sibling has this value, the element is of this category, whatever `use` says. */
struct mapping_when {
    const struct mapping_rule *sibling;
    const char *value;
    const char *category;
};

/* The rule of one element. The mapping owns all of it. */
struct mapping_rule {
    char *path; /* local names below the root: "Client/Naam"; for the root its name */
    const struct mapping_namespace *space;
    const char *name;
    enum mapping_use use;
    const char *category; /* if MAPPING_CATEGORY */
    const char *origin;
    enum mapping_occurrence occurrence;
    struct mapping_when whens[MAPPING_WHENS_MAX]; /* all of the same sibling; each value once */
    size_t when_count;
    const char *pattern; /* an XML Schema pattern that the value must match, or NULL */
    xmlRegexp *regexp;
    const struct mapping_namespace *output_space;
    const char *output_name;
    struct mapping_rule *parent;
    struct mapping_rule *first_child; /* NULL: the element holds a value */
    struct mapping_rule *last_child;
    struct mapping_rule *next; /* sibling, in the order of the file */
    size_t line;
};

struct mapping {
    char *name; /* name of the file, without its directory */
    struct mapping_rule *root;
    const struct mapping_rule *subject; /* the element that holds the BSN */
    bool reshapes;                      /* it writes another shape, instead of the message thinned */

    char *text; /* the strings above point into this */
    struct mapping_namespace spaces[8];
    size_t space_count;
};

/* Reads a mapping. NULL if anything in it is wrong, with one sentence in `error` that begins with file and line.
   Caller owns the return value and must destroy it. */
struct mapping *mapping_read (const char *file, char *error, size_t size);

/* Reads a mapping from a text; `name` stands for the file in errors. */
struct mapping *mapping_parse (const char *name, const char *text, size_t length, char *error, size_t size);

/* Destroys a mapping and sets *self_p to NULL. */
void mapping_destroy (struct mapping **self_p);

/* The rule for an element in a parent. NULL: there is none. */
const struct mapping_rule *mapping_find (const struct mapping_rule *parent, const char *uri, const char *name);

/* The parent cannot go without the element; the element may occur more than once. */
bool mapping_is_required (const struct mapping_rule *rule);
bool mapping_is_repeated (const struct mapping_rule *rule);
