/* The witness: a small file beside the store that says how far the store was at its last checkpoint. A store that
   is older was put back from a copy, and may have lost withdrawals; it is not believed without being told so. Only
   for store*.c.

   The file has two places, written in turn, so that a torn write leaves the one before. Someone who puts back the
   witness too is not noticed by it. */
#pragma once
#include "journal/journal.h"
#include "store.h"
#include "store_file.h"

#define STORE_WITNESS_NAME "consentd.witness"

struct store_witness {
    uint8_t id[JOURNAL_ID_SIZE]; /* of the store */
    struct journal_point point;  /* its last checkpoint */
    struct store_mark mark;      /* what its user said then */
};

/* Makes the file anew, durably. 0 or negative, with a sentence. */
int store_witness_create (const struct store_file *file, const struct store_witness *witness);
/* Opens the file, and reads the newer of its two places. 0 with *fd, which the caller owns; STORE_INVALID: it is
   missing, of another store, or not readable, with a sentence; or negative. */
int store_witness_open (const struct store_file *file, struct store_witness *witness, int *fd);
/* Writes `witness` into the older place, durably. 0 or negative, without a sentence. */
int store_witness_write (int fd, const struct store_witness *witness);
