/* Opened subject files, kept in memory within a limit: what is asked often need not be unsealed every time.

   Never stale: the daemon is the only writer, every write of a subject goes through subject_file.c, which drops it
   here, and a turn that fails clears all. Keys and records are wiped when they are let go. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "subject_file.h"

struct arena;
struct subject_cache;

/* A cache of at most about `limit` bytes. Caller owns it. */
struct subject_cache *subject_cache_new (size_t limit);
void subject_cache_destroy (struct subject_cache **self_p);

/* Fills `file` with what is kept of the subject file->id: borrowed until the next sweep. False if nothing is. */
bool subject_cache_find (struct subject_cache *self, struct subject_file *file);
enum { SUBJECT_CACHE_ENTRY = 384 }; /* bytes of the arena that keeping takes, at most */
/* Keeps a file that was just opened, with the arena that holds all of it, which it takes over: the file is borrowed
   from then on. It is a reading of its own, by whose number it is known from every other. */
void subject_cache_keep (struct subject_cache *self, struct subject_file *file, struct arena *arena);
/* The subject was written: what is kept is no longer true. */
void subject_cache_drop (struct subject_cache *self, const uint8_t id[VAULT_ID_SIZE]);
/* A turn failed, or the policy changed: nothing that is kept can be relied on. */
void subject_cache_clear (struct subject_cache *self);
/* Frees what was let go. Call it where nothing borrowed is in use: between requests. */
void subject_cache_sweep (struct subject_cache *self);
