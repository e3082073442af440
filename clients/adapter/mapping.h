/* A mapping: which element of a message is which category of personal data, obtained under which law.

   It is data, not code (config/adapters/): whoever reviews what leaves the building reads the mapping.
   docs/adapters.md is its reference. An element is known by its namespace and local name, never by the prefix that
   a message happens to use; what a mapping does not know is not passed on. */
#pragma once
#include <libxml/xmlregexp.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    MAPPING_ITEMS_MAX = 64,        /* distinct categories with their origin; what one check can ask */
    MAPPING_FILE_MAX = 256 * 1024, /* bytes */
    MAPPING_WHENS_MAX = 4          /* values of siblings on which the category of one element hangs */
};

/* What lets an element go. */
enum mapping_use {
    MAPPING_CATEGORY,  /* a permit for its category */
    MAPPING_ENVELOPE,  /* nothing: it says who sends what to whom, not who somebody is */
    MAPPING_STRUCTURE, /* that something with a category goes in it, or for a value: beside it */
    MAPPING_SAME,      /* whatever lets its parent go */
    MAPPING_NEVER,     /* nothing at all, nor anything in it */
};

enum mapping_occurrence {
    MAPPING_OPTIONAL,
    MAPPING_REQUIRED, /* exactly once; without it its parent does not go */
    MAPPING_ANY_NUMBER,
    MAPPING_ONE_OR_MORE, /* without any its parent does not go */
};

struct mapping_namespace {
    const char *prefix; /* in the mapping, and in what is written */
    const char *uri;
};

/* Where the sibling has this value the element is of this category, whatever `use` says. */
struct mapping_when {
    const struct mapping_rule *sibling;
    const char *value;
    const char *category;
};

/* One element. All is owned by the mapping. */
struct mapping_rule {
    char *path; /* local names below the root: "Client/Naam"; of the root its name */
    const struct mapping_namespace *space;
    const char *name;
    enum mapping_use use;
    const char *category; /* of MAPPING_CATEGORY */
    const char *origin;
    enum mapping_occurrence occurrence;
    struct mapping_when whens[MAPPING_WHENS_MAX]; /* of one sibling; each value once */
    size_t when_count;
    const char *pattern; /* an XML Schema pattern that the value must match, or NULL */
    xmlRegexp *regexp;
    const struct mapping_namespace *output_space;
    const char *output_name;
    struct mapping_rule *parent;
    struct mapping_rule *first_child; /* none: the element holds a value */
    struct mapping_rule *last_child;
    struct mapping_rule *next; /* sibling, in the order of the file */
    size_t line;
};

struct mapping {
    char *name; /* of the file, without its directory */
    struct mapping_rule *root;
    const struct mapping_rule *subject; /* the element that holds the BSN */
    bool reshapes;                      /* writes a shape of its own instead of the message thinned */

    char *text; /* what all strings above point into */
    struct mapping_namespace spaces[8];
    size_t space_count;
};

/* Reads a mapping. NULL where anything in it is wrong, with one sentence in `error` that begins with file and
   line. Caller owns the return value and must destroy it. */
struct mapping *mapping_read (const char *file, char *error, size_t size);

/* The same of a text; `name` stands for the file in errors. */
struct mapping *mapping_parse (const char *name, const char *text, size_t length, char *error, size_t size);

/* Destroys a mapping and sets *self_p to NULL. */
void mapping_destroy (struct mapping **self_p);

/* The rule for an element in a parent, or NULL: not known. */
const struct mapping_rule *mapping_find (const struct mapping_rule *parent, const char *uri, const char *name);

/* Whether its parent cannot go without it, and whether it may stand there more than once. */
bool mapping_is_required (const struct mapping_rule *rule);
bool mapping_is_repeated (const struct mapping_rule *rule);
