/* An XML Schema, read for what it says of elements: which stand in which, in what order, and how often.

   Read are sequence, choice, all, group, complex types with a name or without, their extensions, references, and
   what a schema includes or imports from files beside it. A schema with any other part that says which elements
   there are is refused: nobody is told that a mapping fits what was not understood. */
#pragma once
#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

enum { SCHEMA_FILE_MAX = 4 * 1024 * 1024 /* bytes */, SCHEMA_CHILDREN_MAX = 256 };

struct schema_file;

struct schema_element {
    const char *uri; /* "" for none */
    const char *name;
    bool required, repeated; /* in the place where it was found */
    const xmlNode *node;     /* its declaration */
};

struct schema_children {
    struct schema_element elements[SCHEMA_CHILDREN_MAX]; /* in the order of the schema */
    size_t count;                                        /* 0: the element holds a value */
};

/* Reads a schema with what it includes and imports; nothing is fetched. 0, or -EINVAL with one sentence in
   `error`. Caller owns *self_p and must destroy it. */
int schema_file_read (const char *path, struct schema_file **self_p, char *error, size_t size);
void schema_file_destroy (struct schema_file **self_p);

/* The namespace whose elements it declares; "" for none. */
const char *schema_file_target (const struct schema_file *self);

/* Finds the declaration of a root. False: there is none. */
bool schema_file_root (const struct schema_file *self, const char *uri, const char *name,
                       struct schema_element *root);

/* Fills `children` with the elements that may stand in this one. 0, or -EINVAL with one sentence in `error`. All
   of it is borrowed from the schema. */
int schema_file_children (const struct schema_file *self, const struct schema_element *parent,
                          struct schema_children *children, char *error, size_t size);
