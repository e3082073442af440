/* The file below the store: who may use it, whether it is whole, and whether its room on the disk is its own.
   Knows the layout of LMDB's first pages, and nothing else of what is in the file. Only for store*.c.

   Every refusal and every failure leaves one sentence, with the path, in `error`. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "vault.h"

#define STORE_FILE_NAME "consentd.mdb"
#define STORE_FILE_FRESH_NAME "consentd.mdb.new" /* a store in the making; a crash may leave it behind */

struct store_file {
    const char *directory; /* borrowed from the options, only while the store is opened or resized */
    uint64_t size;         /* the size asked for; after store_file_secure the real size, which may be larger */
    const struct vault_key *journal_key; /* lent, as by store_options */
    char *error;
    size_t error_size;
    int directory_fd, file_fd; /* both locked; -1, or owned: store_file_release */
};

/* Writes the sentence, and returns `outcome`. */
int store_file_refuse (const struct store_file *self, int outcome, const char *why, ...)
    __attribute__ ((format (printf, 3, 4)));
/* The path of a file in the directory. Caller owns the text. */
char *store_file_path (const struct store_file *self, const char *name);

/* Opens the directory and locks it against every other process that would use the store in it, or make one.
   0, STORE_IN_USE if another has it, or negative. */
int store_file_lock (struct store_file *self);
/* Looks for a store, and locks it too: its directory may have several names. 0, STORE_NOT_FOUND, STORE_INVALID
   (others have access to it, it is no store, or it is truncated), STORE_IN_USE, or negative. On 0 its whole size
   is set aside on the file system: the size asked for, or its own if that is larger. */
int store_file_secure (struct store_file *self);
/* Sets a larger size aside for the store, durably. 0, or negative: the file then has its old size. */
int store_file_grow (const struct store_file *self, uint64_t size);
/* Removes what a crash left under the fresh name. 0 or negative. */
int store_file_discard_fresh (const struct store_file *self);
/* Gives the finished file under the fresh name its full size and its final name, both durably. 0 or negative. */
int store_file_install_fresh (const struct store_file *self);
/* Gives up the lock. */
void store_file_release (struct store_file *self);
