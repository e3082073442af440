/* A mapping: which element of a message is which category of personal data, obtained under which law; and where in
   the message stand those who send and receive it, whom it is about, and what it answers.

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
    MAPPING_WHENS_MAX = 4,         /* the values of siblings on which the category of one element may depend */
    MAPPING_WORDS_MAX = 8          /* of one list in a statement: kinds, paths, URIs */
};

/* What must be true so that an element goes. */
enum mapping_use {
    MAPPING_CATEGORY,  /* its category is permitted */
    MAPPING_ENVELOPE,  /* nothing: it says who sends what to whom, not who somebody is */
    MAPPING_STRUCTURE, /* something with a category goes in it or, for a value, beside it */
    MAPPING_SAME,      /* what must be true for its parent */
    MAPPING_NEVER,     /* it never goes, nor does anything in it */
    MAPPING_RETURNED,  /* nothing: a return message gives it back to whom it came from */
};

/* By which number a party is known in a message. */
enum mapping_identifier { MAPPING_AGB, MAPPING_GEMEENTECODE, MAPPING_OIN };

enum mapping_clients {
    MAPPING_ONE_CLIENT,    /* the message is about one subject */
    MAPPING_CLIENTS_EACH,  /* several: it goes without those who may not */
    MAPPING_CLIENTS_WHOLE, /* several: it goes with all of them, or it is held */
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

/* If the sibling, or the element itself, has this value, the element is of this category, whatever `use` says. */
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

struct mapping_words {
    const char *words[MAPPING_WORDS_MAX + 1]; /* ends with NULL */
    size_t count;
};

struct mapping_rules {
    const struct mapping_rule *rules[MAPPING_WORDS_MAX];
    size_t count;
};

/* Where the message names one of its two parties. */
struct mapping_address {
    const struct mapping_rule *rule; /* holds a value, once. NULL: the message names none that counts (receiver) */
    enum mapping_identifier identifier;
};

/* Which elements take back what went before. */
struct mapping_removal {
    const struct mapping_rule *rule; /* NULL: this message takes nothing back */
    const char *value;               /* where the element has this value, its parent takes back */
    const char *first; /* where it has this one, nothing was told of it before; NULL: no value says so */
    struct mapping_rules
        same_as; /* below that parent: what is taken back has the same values there, or lacks the same */
};

/* What a return message answers. */
struct mapping_returns {
    struct mapping_rules identifications; /* any of them may hold the identification of what is answered */
    struct mapping_words uris;            /* namespaces of the roots that it may answer */
};

struct mapping {
    char *name;      /* name of the file, without its directory */
    char *directory; /* where the file is; NULL if it was read from a text */
    struct mapping_rule *root;
    bool reshapes; /* it writes another shape, instead of the message thinned */

    const char *release;       /* of the standard: "3.2" */
    const char *purpose;       /* NULL: a return message */
    const char *flow;          /* of the policy pack; NULL: a return message */
    struct mapping_words from; /* kinds of the parties that send it */
    struct mapping_words to;   /* kinds of the parties that receive it */
    const char *schema;        /* name of the file of the XML Schema of what goes out; NULL: none */
    struct mapping_address sender, receiver;
    const struct mapping_rule *identification; /* the message's own; required */
    enum mapping_clients clients;
    const struct mapping_rule *client; /* the element that there is of each subject; NULL: MAPPING_ONE_CLIENT */
    /* The element that holds the BSN: once in each `client`, and required, but in a return message. NULL: the
       message names nobody (subject_by), or a return message does not. */
    const struct mapping_rule *subject;
    const struct mapping_rule *subject_by; /* holds the reference of a request: that one's subject. NULL: none */
    struct mapping_words requests;         /* namespaces of the roots of such requests */
    struct mapping_rules references;       /* what a later message may refer to */
    struct mapping_returns returns;        /* uris.count 0: this is no return message */
    struct mapping_removal removal;
    struct {
        size_t purpose, flow, from, to;
    } lines; /* where the file says them; 0: nowhere */

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

/* Where the XML Schema of what goes out is: beside the mapping, else in `schemas` (a directory, or NULL) or its
   iwmo/ or ijw/. NULL: it is in neither, or the mapping names none. Caller owns the return value and must free it.
 */
char *mapping_find_schema (const struct mapping *self, const char *schemas);

/* It gives back what its receiver sent: nothing is asked about it. */
bool mapping_is_return (const struct mapping *self);

/* "agb", "gemeentecode" or "oin": as the registry knows the field. Static. */
const char *mapping_identifier_text (enum mapping_identifier identifier);

/* The rule for an element in a parent. NULL: there is none. */
const struct mapping_rule *mapping_find (const struct mapping_rule *parent, const char *uri, const char *name);

/* The parent cannot go without the element; the element may occur more than once. */
bool mapping_is_required (const struct mapping_rule *rule);
bool mapping_is_repeated (const struct mapping_rule *rule);
