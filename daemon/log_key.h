/* The keys that sign checkpoints of the log (A4). They are apart from the vault's key: who has that, and not
   these, can rewrite the store and not what was signed of it.

   They are in one file, mode 0600, a line each (note_signer_write in merkle/note.h), all with the origin of the
   log as their name. Each of them signs every checkpoint, so that a new key can be added before the old one is
   taken out, and whoever verifies can change meanwhile. */
#pragma once
#include <stddef.h>
#include "merkle/note.h"

enum { LOG_KEYS = 4 };

struct log_key {
    struct note_signer signer[LOG_KEYS];
    size_t count;
};

/* Reads the file. 0; FILE_REFUSED with one sentence in `error`, which names the path and never the content; or
   negative, the same. Caller owns *self_p. */
int log_key_read (struct log_key **self_p, const char *path, const char *origin, char *error, size_t error_size);
void log_key_destroy (struct log_key **self_p);
/* Makes a new file with one new key. 0, FILE_REFUSED: the origin is none; or -errno. */
int log_key_create (const char *path, const char *origin);
