/* Opened subject files, kept in memory up to a limit, so that a file that is asked often is not unsealed every
   time. So are those of people who are not known, and whom only the log knows (record/unknown_key.h).

   A kept file is never stale. The daemon is the only writer. Every write about a subject goes through
   subject_file.c, which drops the file here, and a turn that fails clears them all. Keys and records are wiped
   when they are let go. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "subject_file.h"

struct arena;
struct subject_cache;

/* A cache of at most about `limit` bytes. Caller owns it. */
struct subject_cache *subject_cache_new (size_t limit);
void subject_cache_destroy (struct subject_cache **self_p);

/* Fills `file` with the kept file of the subject file->id, borrowed until the next sweep. False if none is
   kept. */
bool subject_cache_find (struct subject_cache *self, struct subject_file *file);
enum { SUBJECT_CACHE_ENTRY = 384 }; /* bytes of the arena that it takes to keep a file, at most */
/* Keeps a file that was just opened. Takes over the arena that holds all of it; from then on the file is borrowed.
   The file gets the number of a new reading, which no other file has. */
void subject_cache_keep (struct subject_cache *self, struct subject_file *file, struct arena *arena);
/* Drops the file of a subject that was written: it is no longer true. */
void subject_cache_drop (struct subject_cache *self, const uint8_t id[VAULT_ID_SIZE]);
/* Drops all files: a turn failed, or the policy changed. */
void subject_cache_clear (struct subject_cache *self);
/* Frees what was let go. To be called when nothing is borrowed: between requests. */
void subject_cache_sweep (struct subject_cache *self);
