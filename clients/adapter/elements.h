/* The elements of a message that a mapping knows, with what was found and, in the end, what became of each. */
#pragma once
#include <libxml/tree.h>
#include "consent.h"
#include "mapping.h"
#include "message.h"

enum {
    ELEMENT_VALUE_MAX = 65536, /* bytes */
    ELEMENT_PATH = 512,        /* characters of a path with its NUL */
    ELEMENT_NO_ITEM = -1
};

enum element_outcome {
    ELEMENT_PASSED,
    ELEMENT_DENIED,      /* the registry does not permit its category */
    ELEMENT_NEVER,       /* the recipient's shape has no place for it */
    ELEMENT_INCOMPLETE,  /* something that it cannot go without may not go */
    ELEMENT_EMPTY,       /* nothing that is in it may go */
    ELEMENT_WITH_PARENT, /* might go, but that in which it stands does not */
};

struct element {
    const struct mapping_rule *rule;
    struct element *parent;
    struct element *first_child;
    struct element *last_child;
    struct element *previous; /* sibling, in the order of the message */
    struct element *next;
    unsigned position;    /* among those of the same rule in the same parent, from 1 */
    char *value;          /* NULL: it holds elements */
    enum mapping_use use; /* CATEGORY, ENVELOPE, STRUCTURE or NEVER: SAME and `when` are resolved */
    const char *category; /* of CATEGORY; the mapping's */
    const char *origin;
    int item; /* its question, or ELEMENT_NO_ITEM */
    enum element_outcome outcome;
};

/* What no rule knows: counted and not passed on. Its names are not repeated, since anything may stand in them. */
struct unknown_parts {
    size_t elements;
    size_t texts; /* outside of the elements that hold values */
    struct message_extras extras;
};

struct elements {
    const struct mapping *mapping; /* borrowed */
    struct element *root;
    const char *bsn;                              /* nine digits that pass the 11-test */
    struct consent_item items[MAPPING_ITEMS_MAX]; /* every distinct category with its origin, in order */
    size_t item_count;
    struct unknown_parts unknown;
};

/* Finds in a message what the mapping knows. 0; -EINVAL, with one sentence in `error` that names the element:
   another message, an element missing or there twice, a value that is none, a BSN that fails the 11-test. The
   document is read only. Caller owns *self_p and must destroy it before the mapping. */
int elements_find (const struct mapping *mapping, const xmlDoc *document, const struct message_extras *extras,
                   struct elements **self_p, char *error, size_t error_size);
void elements_destroy (struct elements **self_p);

/* Whether a document's root is the one that this mapping is for. */
bool elements_fit (const struct mapping *mapping, const xmlDoc *document);

/* Decides what goes: what the answer permits, what belongs to it, and nothing that would be left without what it
   cannot do without. True: the message goes, perhaps thinned. False: it is held. */
bool elements_settle (struct elements *self, const struct consent_answer *answer);

/* A new document of what goes, in the names and prefixes of the mapping. Caller owns the return value and must
   free it with xmlFreeDoc. */
xmlDoc *elements_build (const struct elements *self);

/* "Client/Relaties/Relatie[2]/Naam". Returns `path`. */
const char *element_path (const struct element *element, char path[ELEMENT_PATH]);

/* The next one in the order of the message, or NULL: begin with the root. */
const struct element *element_next (const struct element *element);
