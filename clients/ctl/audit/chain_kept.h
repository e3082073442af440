/* The chain of hashes of a log, made again of its lines alone: an export, or a copy (A4). Each line says its
   number; the hash of the newest, or of an earlier one that somebody wrote down, is what there is to compare. */
#pragma once
#include "bytes.h"
#include "ctl.h"
#include "vault.h"

enum { CHAIN_KEPT = 16 };

struct chain_kept {
    uint64_t number;               /* of the last line that was followed */
    uint8_t hash[VAULT_HASH_SIZE]; /* of that line */
    struct {
        uint64_t number;
        uint8_t hash[VAULT_HASH_SIZE];
    } kept[CHAIN_KEPT];
    size_t count;
};

#define CHAIN_KEPT_OPTION                                                                            \
    {                                                                                                \
        "kept", "NUMBER:HASH",                                                                       \
            "of DIR: an entry, and the newest hash that `audit verify` told when it was the newest", \
            OPTION_REPEATED                                                                          \
    }

/* Reads --kept. 0, or EX_USAGE with its line printed. */
int chain_kept_read (struct ctl *ctl, const struct options *options, struct chain_kept *self);
/* Follows the next line. 0, or CTL_NO with its line printed. */
int chain_kept_follow (struct chain_kept *self, struct bytes line);
/* All of --kept have been compared. The same. */
int chain_kept_end (const struct chain_kept *self);
