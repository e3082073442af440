/* What somebody can do who has the disk of a registry and all of its keys: write its log anew, so that the
   registry finds nothing wrong with it. The registry's own code does it, so that whatever it would look at is as
   it makes it.

   The log's lines are written anew from the first one that is not as it was: chained, with the state of the
   registry in the newest. Then the hashes of the tree's tiles are made again, and a checkpoint of it is signed;
   the sums and the seal of the store are as they must be; what is only an index over lines is left out, for the
   registry to make it anew. What other tables name by the number of a line (history, obligations, requests) still
   names that number, also where a line was put in or taken out before it: nobody compares them at a start.

   A line that must be sealed anew, since it has another number or content, needs the subject's key: a line about
   somebody who was erased can be dropped, but not moved. */
#pragma once
#include "registry/registry.h"

enum rewrite_kind {
    REWRITE_NOTHING,
    REWRITE_CHANGE, /* line `number` says that another party asked it */
    REWRITE_DROP,   /* it never was */
    REWRITE_SWAP,   /* it, and line `other`, each stand where the other one stood */
    REWRITE_INSERT, /* before it stands one of a sign-in that never was */
};

/* What is not made good: it is as it was before. */
enum rewrite_left {
    LEFT_CHAIN = 1,      /* the hash that stands before each line */
    LEFT_TILES = 2,      /* the hashes of the tree's full tiles */
    LEFT_CHECKPOINT = 4, /* the newest checkpoint in the store */
    LEFT_SEAL = 8,       /* the store's sums, and its seal */
};

struct rewrite {
    enum rewrite_kind kind;
    uint64_t number, other;
    const char *party; /* of the line that is changed or put in */
    unsigned left;
};

/* In one transaction. The registry can then only be closed. 0; AUDIT_NOT_FOUND: there is no such line, or one that
   must be sealed anew has no key any more; or a failure. */
int rewrite_log (struct registry *registry, const struct in_force *in_force, const struct rewrite *rewrite);
