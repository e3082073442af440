/* The Merkle tree over the log (A4): leaf n is line n + 1 as stored, the head in clear and the rest sealed. So an
   erasure leaves every proof whole.

   The tree grows with each line, in its transaction, by its edge alone, which is in the registry's state. Only the
   hash of each full tile is stored, of 256 lines, of 65,536 and so on: an eighth of a byte a line. What a proof
   needs of the lowest level is made of the lines again.

   A store of an earlier program has no tree. It gets it, and any that lags behind its log, in the time that the
   registry has. Until then there is no newer tree than the one that it has come to. */
#pragma once
#include "merkle/merkle.h"
#include "turn.h"

/* Adds line `number`, as it is stored, if the tree has all lines before it. 0 or a failure. */
int tree_add (struct turn *turn, uint64_t number, struct bytes line);
/* At a start: finds how far the tree has come, and brings it up to the newest line if few are missing. 0;
   AUDIT_NOT_FOUND, RECORD_DAMAGED: lines are missing or damaged, and the tree stays behind; or a failure. */
int tree_load (struct turn *turn);
/* The tree has not all lines of the log. */
bool tree_is_behind (const struct registry_state *state);
/* Adds a bounded number of lines that it lacks. 0; AUDIT_NOT_FOUND or RECORD_DAMAGED: the next one cannot be read,
   and the tree never comes further; or a failure. */
int tree_catch_up (struct turn *turn);

/* The root of the tree as it was with so many lines, at most those that it has now. 0; AUDIT_NOT_FOUND,
   RECORD_DAMAGED: what it is made of cannot be read; or a failure. */
int tree_root (struct turn *turn, uint64_t size, struct merkle_hash *root);

/* The hash of the full tile of the lines from index * 256 + 1 on, as it is stored. 0; STORE_NOT_FOUND: it is not;
   or a failure. */
int tree_find_tile (struct turn *turn, uint64_t index, struct merkle_hash *hash);
/* Stores it. 0 or a failure. */
int tree_put_tile (struct turn *turn, uint64_t index, const struct merkle_hash *hash);

/* A proof: at most MERKLE_PATH_LIMIT hashes. */
struct tree_proof {
    struct merkle_hash hash[MERKLE_PATH_LIMIT];
    size_t count;
};
/* That line `number` is in the tree of `size` lines. At most some 2,000 lines and hashes are read. As tree_root.
 */
int tree_prove_line (struct turn *turn, uint64_t number, uint64_t size, struct tree_proof *proof);
/* That the tree of `size` lines begins with all of the tree of `earlier` lines, from 1. As tree_root. */
int tree_prove_earlier (struct turn *turn, uint64_t earlier, uint64_t size, struct tree_proof *proof);
