/* The bytes of a message as a tree, which can be changed and written again. It holds any bytes: also fields that
   the table does not have, and what is no field. All memory is the arena's. */
#pragma once
#include "bytes.h"
#include "fields/joined.h"
#include "fields/raw.h"

struct arena;
struct tree;

struct node {
    struct node *next;
    const struct slot *slot; /* NULL: the table has no such field */
    uint32_t number;         /* 0: `bytes` are no field, and stand as they are */
    enum raw_type type;
    uint64_t value;      /* of a varint */
    struct bytes bytes;  /* of the other types */
    struct tree *inside; /* of a message, instead of `bytes`. NULL: it is none */
};

struct tree {
    const struct joined *joined, *root; /* of this message, and of the outermost */
    struct node *first;
};

struct tree *tree_read (struct arena *arena, const struct joined *root, struct bytes bytes);
/* A message without fields, in this field of an outer one. NULL: the field is no message. */
struct tree *tree_inside (struct arena *arena, const struct tree *outer, const struct slot *slot);
/* Returns the number of bytes; 0: there is no room for them. */
size_t tree_write (const struct tree *self, uint8_t *to, size_t room);

/* Puts a new field behind `after`; NULL: in front. */
struct node *tree_insert (struct arena *arena, struct tree *self, struct node *after, const struct slot *slot);
struct node *tree_last (const struct tree *self);
/* The first field of this entry. NULL: there is none. */
struct node *tree_find (const struct tree *self, const struct slot *slot);
/* Takes out every field of this entry. */
void tree_remove (struct tree *self, const struct slot *slot);
