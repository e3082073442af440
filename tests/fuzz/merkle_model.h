/* What the definition of RFC 6962 makes of a path: for tests that compare with what merkle/ says. It is slow, and
   does no more than the text says. Which ranges are subtrees it takes from merkle/. */
#pragma once
#include "merkle/merkle.h"

/* *root is the leaf, and becomes the root over `range` that the path gives it. False: the path is too long or too
   short, or there is no such leaf. */
bool merkle_model_inclusion (uint64_t index, struct merkle_range range, struct merkle_path path,
                             struct merkle_hash *root);

struct merkle_model_roots {
    struct merkle_hash part, whole;
};
/* Both are the root of the part, and become what the path makes of the part and of the tree of `size` leaves.
   False: the path is too long or too short, or there is no such part. */
bool merkle_model_consistency (struct merkle_range part, uint64_t size, struct merkle_path path,
                               struct merkle_model_roots *made);
