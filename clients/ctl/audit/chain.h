/* The chain of hashes of the audit log, followed page by page (A4), and the tree over its entries as far as that
   was signed. An entry whose record fell back is wrong too. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "admin.pb-c.h"
#include "merkle/checkpoint.h"
#include "vault.h"

struct chain {
    uint64_t entries;              /* number of the last entry followed */
    uint8_t hash[VAULT_HASH_SIZE]; /* of that entry, as it says itself; zeros before the first entry */
    bool hash_unknown;             /* that entry is missing or damaged: the hash of the next one is not checked */
    uint64_t target;               /* the newest entry at the start, since every question adds entries */
    uint8_t target_hash[VAULT_HASH_SIZE];
    bool started;
    struct checkpoint signed_of; /* what was signed of the log before the first page; size 0: nothing */
    struct merkle_edge tree;     /* over the entries up to the first that is missing or damaged */
    uint64_t bad, first_bad;     /* how many entries are wrong, and the first of them */
    const char *broken;          /* what is wrong with the first; NULL: nothing */
    char why[320];               /* that, where it is not always the same */
};

/* Follows the entries of a page, from `entries` + 1 on. They must come with their bytes and hashes. A wrong entry
   is counted, and the chain goes on from it. Begin with a chain that is zero but for signed_of: the first page
   sets the target. */
void chain_follow (struct chain *self, const Consentd__AuditListReply *page);
/* Everything up to the target was followed. */
bool chain_is_done (const struct chain *self);
