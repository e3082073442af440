#include "copy_tree.h"
#include <stdlib.h>
#include <string.h>

enum { WANTED_AFTER = 1 << 16, LEAVES = 1 << 20 };

static void forget_leaves (struct copy_tree *self)
{
    free (self->leaf);
    self->leaf = NULL;
    self->count = self->room = 0;
}

void copy_tree_free (struct copy_tree *self)
{
    forget_leaves (self);
}

static void add_leaf (struct merkle_edge *edge, const struct merkle_hash *leaf)
{
    struct merkle_filled unused;
    merkle_add (edge, leaf, &unused);
}

static void keep_leaf (struct copy_tree *self, const struct merkle_hash *leaf)
{
    if (self->count == LEAVES) {
        forget_leaves (self);
        self->is_cut = true;
    }
    if (self->is_cut)
        return;
    if (self->count == self->room) {
        self->room = self->room > 0 ? 2 * self->room : 256;
        self->leaf = realloc (self->leaf, self->room * sizeof *self->leaf);
        if (self->leaf == NULL)
            abort ();
    }
    self->leaf[self->count++] = *leaf;
}

/* The tree as it is now is that of the checkpoint, or not. */
static bool compare_now (struct copy_tree *self, const struct checkpoint *checkpoint)
{
    struct merkle_hash root = merkle_root (&self->now);
    self->next.size = 0;
    self->sure = self->now;
    self->is_cut = false;
    forget_leaves (self);
    return merkle_same (&root, &checkpoint->root);
}

bool copy_tree_add (struct copy_tree *self, struct bytes line)
{
    struct merkle_hash leaf = merkle_leaf (line);
    add_leaf (&self->now, &leaf);
    if (self->next.size == self->now.size)
        return compare_now (self, &self->next);
    if (self->next.size == 0)
        keep_leaf (self, &leaf);
    return true;
}

/* A checkpoint between `sure` and now: the leaves after `sure` lead to it. */
static bool compare_within (struct copy_tree *self, const struct checkpoint *checkpoint)
{
    size_t count = (size_t)(checkpoint->size - self->sure.size);
    for (size_t i = 0; i < count; i++)
        add_leaf (&self->sure, &self->leaf[i]);
    self->count -= count;
    memmove (self->leaf, self->leaf + count, self->count * sizeof *self->leaf);
    struct merkle_hash root = merkle_root (&self->sure);
    return merkle_same (&root, &checkpoint->root);
}

bool copy_tree_hear (struct copy_tree *self, const struct checkpoint *checkpoint)
{
    if (checkpoint->size > self->now.size) {
        self->next = *checkpoint;
        forget_leaves (self);
        return true;
    }
    if (checkpoint->size == self->now.size)
        return compare_now (self, checkpoint);
    if (checkpoint->size <= self->sure.size || self->is_cut || self->next.size > 0)
        return true; /* an older one, or what led to it is not kept */
    return compare_within (self, checkpoint);
}

void copy_tree_is_sure (struct copy_tree *self)
{
    self->sure = self->now;
    self->is_cut = false;
    forget_leaves (self);
}

bool copy_tree_wants_checkpoint (const struct copy_tree *self)
{
    return self->next.size == 0 && (self->is_cut || self->count >= WANTED_AFTER);
}
