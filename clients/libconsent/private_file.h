/* Files that hold a secret: only their owner may read them. */
#pragma once
#include <stddef.h>

enum { PRIVATE_FILE_INVALID = 1 };

/* Reads the whole file, of `limit` bytes at most and without a NUL, into `text`, which has room for one byte more:
   a NUL. 0, or PRIVATE_FILE_INVALID with one sentence in `error`, which names the file and never quotes it. Wipe
   `text` after use, also then. */
int private_file_read (const char *path, char *text, size_t limit, char *error, size_t size);
