/* The audit log's chain of hashes, followed page by page (A4 begins here). */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "admin.pb-c.h"
#include "vault.h"

struct chain {
    uint64_t entries;              /* number of the last entry that was followed */
    uint8_t hash[VAULT_HASH_SIZE]; /* of that entry, as it says itself; zeros before the first */
    bool hash_unknown;             /* that entry is missing or damaged: the next is believed */
    uint64_t target;               /* the newest entry when this began: asking makes entries, without end */
    uint8_t target_hash[VAULT_HASH_SIZE];
    bool started;
    uint64_t bad, first_bad; /* how many entries are wrong, and the first of them */
    const char *broken;      /* what is wrong with that one; NULL: nothing */
};

/* Follows the entries of a page, which must come with their bytes and hashes, from `entries` + 1 on. One that is
   wrong is counted, and the chain goes on from it. Begin with a zeroed chain: the first page sets the target. */
void chain_follow (struct chain *self, const Consentd__AuditListReply *page);
/* Everything up to the target was followed. */
bool chain_is_done (const struct chain *self);
