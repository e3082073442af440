/* The file below the store: who may have it, whether it is whole, and that its room on the disk is its own.
   Knows the layout of LMDB's first pages, and otherwise nothing of what is in the file. For store.c alone.

   Every refusal and every failure leaves one sentence, with the path, in `error`. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define STORE_FILE_NAME "consentd.mdb"
#define STORE_FILE_FRESH_NAME "consentd.mdb.new" /* one in the making; what a crash left of it is thrown away */

struct store_file {
    const char *directory; /* borrowed from the options, while the store is being opened */
    uint64_t size;         /* asked for; after store_file_secure what the file really has, which may be more */
    char *error;
    size_t error_size;
    int directory_fd, lock_fd; /* -1, or owned: store_file_release */
};

/* Writes the sentence and returns `outcome`. */
int store_file_refuse (const struct store_file *self, int outcome, const char *why, ...)
    __attribute__ ((format (printf, 3, 4)));
/* The path of a file in the directory. Caller owns the text. */
char *store_file_path (const struct store_file *self, const char *name);

/* Opens the directory and locks it against every other process that would use the store in it.
   0, STORE_IN_USE if another has it, or negative. */
int store_file_lock (struct store_file *self);
/* Looks for a store. 0, STORE_NOT_FOUND, STORE_INVALID (not ours alone, no store, truncated), or negative.
   On 0 its whole size is set aside on the file system: the one asked for, or its own if that is larger. */
int store_file_secure (struct store_file *self);
/* Sets a larger size aside for the store, durably. 0; or negative, and the file has the size that it had. */
int store_file_grow (const struct store_file *self, uint64_t size);
/* Throws away what a crash left under the fresh name. 0 or negative. */
int store_file_discard_fresh (const struct store_file *self);
/* Gives the finished file under the fresh name its size and its own name, both durably. 0 or negative. */
int store_file_install_fresh (const struct store_file *self);
/* Gives up the lock. */
void store_file_release (struct store_file *self);
