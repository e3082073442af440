/* The witness: a small file beside the store that says how far the store was at its last checkpoint. A store that
   is older was put back from a copy, and may have lost withdrawals; it is not believed without being told so. Only
   for store*.c.

   It also says what was durable in the journal since. That is noted behind each sync of the journal, before anybody
   is told of it, and without a sync of its own. So it survives the death of the process, and the kernel brings it to
   the disk within half a minute. After a power cut it may say less than there was, and never more.

   The file has two places for what is synced, and two for what is only noted, each pair written in turn, so that a
   torn write leaves the one before. Someone who puts back the witness too is not noticed by it. */
#pragma once
#include "journal/journal.h"
#include "store.h"
#include "store_file.h"

#define STORE_WITNESS_NAME "consentd.witness"

struct store_witness {
    uint8_t id[JOURNAL_ID_SIZE]; /* of the store */
    struct journal_point point;  /* its last checkpoint */
    struct store_mark mark;      /* what its user said then */
    uint64_t durable;            /* the newest number known to be durable; not less than the point's */
};

/* Makes the file anew, durably. 0 or negative, with a sentence. */
int store_witness_create (const struct store_file *file, const struct store_witness *witness);
/* Opens the file, and reads the newest of its places. 0 with *fd, which the caller owns; STORE_INVALID: it is
   missing, of another store, or not readable, with a sentence; or negative. */
int store_witness_open (const struct store_file *file, struct store_witness *witness, int *fd);
/* Writes `witness` into the older place of those that are synced, durably. 0 or negative, without a sentence. */
int store_witness_write (int fd, const struct store_witness *witness);
/* Notes it without a sync, as the nth note of this process. 0 or negative, without a sentence. */
int store_witness_note (int fd, const struct store_witness *witness, uint64_t nth);
