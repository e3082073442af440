/* What the tests of crashes record, turn by turn, and how to know that it is there, whole, and nothing else.

   Each turn writes some entries to two tables and deletes those of TURNS_KEPT turns before, so that pages come
   free and are used again. Each LARGE_EVERY turns one of them is larger than the journal of a store of TURNS_SIZE.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "store/store.h"

enum {
    TURNS_SIZE = 1024 * 1024,
    TURNS_KEPT = 20,
    LARGE_EVERY = 27,
};

/* Opens the store in `directory` with this size. NULL, with a sentence in `error`: it cannot be. */
struct store *turns_open (const char *directory, uint64_t size, char error[256]);
/* Writes a turn, and commits it durably. What store_commit returned. */
int turns_write (struct store *store, uint64_t turn);
/* The same, but it is durable when store_durable reaches `number`. */
int turns_write_soon (struct store *store, uint64_t turn, uint64_t *number);
/* Writes half of a turn, and undoes it. 0, or what failed. */
int turns_undo (struct store *store, uint64_t turn);
/* Compares all that is there with what the turns up to the newest one have left, which is put in `newest`. NULL:
   it is that. Else what is wrong, as a static text. */
const char *turns_compare (struct store *store, uint64_t *newest);
