/* The tree over a copy of the log as it grows, and how far it is known to be that of the registry: by checkpoints,
   each of which is compared with the tree as it was with so many lines. */
#pragma once
#include "merkle/checkpoint.h"

struct copy_tree {
    struct merkle_edge now;   /* of all lines */
    struct merkle_edge sure;  /* as of the newest checkpoint that was compared */
    struct checkpoint next;   /* one that has more lines than there are yet; size 0: none */
    struct merkle_hash *leaf; /* those after `sure`, if there is no `next`; owned */
    size_t count, room;
    bool is_cut; /* there were too many of them: none is kept until the next comparison */
};

void copy_tree_free (struct copy_tree *self);

/* Takes a line. False: with it the tree is not the one of the checkpoint that was due here. */
bool copy_tree_add (struct copy_tree *self, struct bytes line);
/* Hears of a checkpoint of the same log, signed by a key that is trusted. False: it contradicts the lines. */
bool copy_tree_hear (struct copy_tree *self, const struct checkpoint *checkpoint);
/* All lines are known to be those of the registry, by another way. */
void copy_tree_is_sure (struct copy_tree *self);
/* So many lines have come that the registry should be asked for a checkpoint. */
bool copy_tree_wants_checkpoint (const struct copy_tree *self);
