/* A small log that is signed, for tests of who verifies it: its lines are "line 1", "line 2" ..., or others from
 * one on. */
#pragma once
#include "merkle/checkpoint.h"
#include "merkle/note.h"

enum { SIGNED_LOG_LINES = 300, SIGNED_LOG_NOTE = 16 * 1024 };

struct signed_log {
    const char *origin;
    uint64_t lines;        /* how many it has; at most SIGNED_LOG_LINES */
    uint64_t changed_from; /* this line and all behind it are others; 0: none */
};

extern const char signed_log_origin[];
/* The signing key of that name with this number; each is the same in every run. */
struct note_signer signed_log_signer (const char *name, enum note_algorithm algorithm, unsigned number);
/* Writes a signed note into `text`, signed by so many signers. Returns its length. */
size_t signed_log_note (const struct signed_log *self, const struct note_signer *signers, size_t count,
                        char text[SIGNED_LOG_NOTE]);
/* The proof that it begins with its first `earlier` lines. Returns its length in bytes. */
size_t signed_log_proof (const struct signed_log *self, uint64_t earlier,
                         struct merkle_hash proof[MERKLE_PATH_LIMIT]);
