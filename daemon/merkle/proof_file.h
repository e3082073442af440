/* A proof that one entry is in a log, as a text that can be kept and verified without the log: C2SP tlog-proof@v1.
   It has the checkpoint with its signatures, and the path from the entry's hash to the checkpoint's root. Pure:
   allocates nothing. */
#pragma once
#include "checkpoint.h"
#include "note.h"

enum {
    PROOF_FILE_SIZE = 4 * NOTE_SIZE,  /* bytes, at most */
    PROOF_EXTRA_SIZE = 2 * NOTE_SIZE, /* of the base64 of what is added, at most */
};

struct proof_file {
    uint64_t index; /* of the leaf, from 0 */
    struct merkle_hash path[MERKLE_LEVELS];
    size_t path_count;
    struct bytes extra;      /* base64 of what was added, which no signature covers; size 0: nothing */
    struct bytes checkpoint; /* the signed note; borrowed */
};

/* False: it is none; *fault says why, a sentence without its beginning and end. */
bool proof_file_read (struct proof_file *self, struct bytes raw, const char **fault);
/* Returns its length; 0: no room. */
size_t proof_file_write (const struct proof_file *self, char *text, size_t size);
/* The entry is the one that the checkpoint has at that index. The signatures were looked at. */
bool proof_file_holds (const struct proof_file *self, const struct checkpoint *checkpoint, struct bytes entry);
