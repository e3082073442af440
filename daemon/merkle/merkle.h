/* A Merkle tree over entries that are only ever appended, as in RFC 6962 (A4): hashes, the tree as it grows, and
   proofs, made and verified. SHA-256. Pure: it knows no store, and allocates nothing.

   The hash of a leaf is that of a zero byte and the entry; of a node, that of a one byte and the hashes of its two
   halves, of which the left one is the largest power of two of leaves; of an empty tree, that of nothing. Leaves
   are counted from 0. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"

enum {
    MERKLE_HASH_SIZE = 32,
    MERKLE_LEVELS = 64,
    MERKLE_PATH_LIMIT = MERKLE_LEVELS + 1, /* hashes of a proof, at most */
    MERKLE_TILE_LEVEL = 8, /* each so many levels, from the leaves on, hashes are kept: a tile has 256 of them */
    MERKLE_TILE_WIDTH = 1 << MERKLE_TILE_LEVEL,
};

struct merkle_hash {
    uint8_t bytes[MERKLE_HASH_SIZE];
};

struct merkle_hash merkle_leaf (struct bytes entry);
struct merkle_hash merkle_node (const struct merkle_hash *left, const struct merkle_hash *right);
struct merkle_hash merkle_empty (void);
bool merkle_same (const struct merkle_hash *one, const struct merkle_hash *other);

/* --- A tree that grows -------------------------------------------------------------------------------- */

/* All that must be known of a tree to go on with it: of each full subtree at its right edge the hash. Begins
   zeroed. */
struct merkle_edge {
    uint64_t size;                          /* leaves */
    struct merkle_hash full[MERKLE_LEVELS]; /* full[L] is set if bit L of `size` is: of 2^L leaves */
};

/* The hashes of a tile level that the newest leaf has made full: kept[0] is of 256 leaves, kept[1] of 65,536 ...
 */
struct merkle_filled {
    unsigned count; /* mostly 0 */
    struct merkle_hash kept[MERKLE_LEVELS / MERKLE_TILE_LEVEL];
};

void merkle_add (struct merkle_edge *self, const struct merkle_hash *leaf, struct merkle_filled *filled);
/* The tree's root. */
struct merkle_hash merkle_root (const struct merkle_edge *self);

/* --- Proofs, made ------------------------------------------------------------------------------------- */

/* The leaves from `begin` up to and without `end`. */
struct merkle_range {
    uint64_t begin, end;
};

/* The hashes of these ranges, in this order, prove that the leaf `index` is in the tree of `size` leaves; the
   leaf's sibling comes first. Returns how many; `index` must be less than `size`. */
size_t merkle_inclusion (uint64_t index, uint64_t size, struct merkle_range path[MERKLE_PATH_LIMIT]);
/* They prove that the tree of `size` leaves begins with all of that of `earlier`, which is 1 to `size`. */
size_t merkle_consistency (uint64_t earlier, uint64_t size, struct merkle_range path[MERKLE_PATH_LIMIT]);

/* Finds the hash of the full subtree that has the leaves from index << level on, 1 << level of them. 0, or
   whatever merkle_range_hash then returns. */
typedef int merkle_reader (void *context, unsigned level, uint64_t index, struct merkle_hash *hash);
/* The hash of a range that merkle_inclusion or merkle_consistency gave, or of a whole tree. 0, or what `read`
   returned. */
int merkle_range_hash (struct merkle_range range, merkle_reader *read, void *context, struct merkle_hash *hash);

/* --- Proofs, verified --------------------------------------------------------------------------------- */

struct merkle_path {
    const struct merkle_hash *hash;
    size_t count;
};

/* The subtree over `range` can stand in a tree: its begin is a multiple of the power of two that holds it. */
bool merkle_is_subtree (struct merkle_range range);
/* The leaf `index` of the tree is in the subtree over `range`, which has this root. A whole tree is one from 0. */
bool merkle_includes (uint64_t index, struct merkle_range range, const struct merkle_hash *leaf,
                      struct merkle_path path, const struct merkle_hash *root);
/* The subtree over `range`, which has the root `part`, is of the tree of `size` leaves with the root `whole`. An
   earlier tree is one from 0. An empty range proves nothing of a tree: true if `part` is the root of an empty
   tree. */
bool merkle_is_consistent (struct merkle_range range, uint64_t size, const struct merkle_hash *part,
                           const struct merkle_hash *whole, struct merkle_path path);
