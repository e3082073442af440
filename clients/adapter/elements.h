/* The elements of a message that a mapping knows, and what becomes of each. */
#pragma once
#include <libxml/tree.h>
#include <stdint.h>
#include "arena.h"
#include "consent.h"
#include "mapping.h"
#include "message.h"

enum {
    ELEMENT_VALUE_MAX = 65536, /* bytes */
    ELEMENT_PATH = 512,        /* characters of a path with its NUL */
    UNKNOWN_PLACES_MAX = 16,
    ELEMENT_NO_ITEM = -1,
    ELEMENT_OF_ALL = -1
};

enum element_outcome {
    ELEMENT_PASSED,
    ELEMENT_DENIED,      /* the registry does not permit its category */
    ELEMENT_NEVER,       /* the recipient's shape has no place for it */
    ELEMENT_INCOMPLETE,  /* an element that it must have may not go */
    ELEMENT_EMPTY,       /* nothing in it may go */
    ELEMENT_WITH_PARENT, /* it may go, but its parent does not */
    ELEMENT_TAKEN_BACK,  /* a later message took it back before it went, or it would take back what never went */
};

struct element {
    const struct mapping_rule *rule;
    struct element *parent;
    struct element *first_child;
    struct element *last_child;
    struct element *previous; /* sibling, in the order of the message */
    struct element *next;
    unsigned position;    /* among the elements of the same rule in the same parent, from 1 */
    char *value;          /* NULL: the element holds elements */
    enum mapping_use use; /* CATEGORY, ENVELOPE, STRUCTURE or NEVER; SAME and `when` are resolved */
    const char *category; /* if CATEGORY; the mapping's */
    const char *origin;
    int item;   /* which of the items of the message, or ELEMENT_NO_ITEM */
    int client; /* which of the clients it is about, or ELEMENT_OF_ALL */
    enum element_outcome outcome;
    bool taken_back; /* it does not go, whatever is permitted: passage_products.c */
    bool hidden;     /* nobody is told that it is left out: report_hide.h */
};

/* Somebody whom the message is about. A set of items has bit i for items[i] of the message. */
struct element_client {
    const struct element *element; /* in which all is about this client; NULL: the whole message is */
    const char *bsn;               /* nine digits that pass the 11-test; NULL: the message names nobody */
    uint64_t items;                /* that something of this client is of */
    uint64_t permitted;            /* of those, what elements_permit found */
    uint64_t goes;                 /* of those, what elements_settle lets go */
};

/* The parts of a message that no rule knows. They are counted, and not passed on. Their names are not repeated,
   since they may hold anything. */
struct unknown_parts {
    size_t elements;
    struct unknown_place {
        const struct mapping_rule *parent; /* the element in which it stands, which the mapping knows */
        long line;                         /* of the message, from 1 */
    } places[UNKNOWN_PLACES_MAX];          /* of the first ones */
    size_t texts;                          /* texts outside of elements that hold a value */
    struct message_extras extras;
};

struct elements {
    const struct mapping *mapping; /* borrowed */
    struct element *root;
    struct consent_item items[MAPPING_ITEMS_MAX]; /* each category with its origin once, in order */
    size_t item_count;
    struct element_client *clients; /* in the order of the message; none in a return message */
    size_t client_count;
    struct unknown_parts unknown;
    bool settled; /* each element has its outcome */
};

/* Finds the elements that the mapping knows, in the arena. NULL, with one sentence in `error` that names the
   element: it is another message, an element is missing or occurs twice, a value is not valid, or a BSN fails the
   11-test. Of the document only _private is changed: the rule of each node that is known, as numbers_find wants
   it. Caller sets unknown.extras, and releases the arena before the mapping. */
struct elements *elements_find (struct arena *arena, const struct mapping *mapping, xmlDoc *document, char *error,
                                size_t error_size);

/* elements_clients.c: finds whom the elements are about, and what of each is asked: the last steps of
   elements_find. 0 or -EINVAL; *wrong is then the element that holds no BSN. */
int elements_find_clients (struct elements *self, struct arena *arena, const struct element **wrong);

/* The document's root is the one that this mapping is for. */
bool elements_fit (const struct mapping *mapping, const xmlDoc *document);

/* What may go of a client: the items that the answer permits, where it is one to exactly this question. `asked` is
   the set that was asked about, in the order of the items. */
uint64_t elements_permitted (const struct elements *self, uint64_t asked, const struct consent_answer *answer);

/* Decides what goes: what is permitted of each client, and what belongs to it. An element that would lack
   something required does not go. Sets `goes` of each client. True: the message goes, perhaps thinned. False: it
   is held. */
bool elements_settle (struct elements *self);

/* Everything that the message held goes. */
bool elements_are_whole (const struct elements *self);

/* Makes a new document of what goes, with the names and prefixes of the mapping, and in its order. Caller owns the
   return value and must free it with xmlFreeDoc. */
xmlDoc *elements_build (const struct elements *self);

/* "Client/Relaties/Relatie[2]/Naam". Returns `path`. */
const char *element_path (const struct element *element, char path[ELEMENT_PATH]);

/* The next element in the order of the message, beginning with the root. NULL: there is none. */
const struct element *element_next (const struct element *element);
