/* What an import has seen of a file so far: which record said the same, and when somebody last signed. It is kept
   in a file without a name, so that the memory of a long import is that of a short one; it holds marks
   (import_secret.h), and goes with the process. */
#pragma once
#include <stdint.h>
#include "import_secret.h"

struct import_seen;

/* A table with room for so many marks, in the directory of this path, or among the temporary files if that cannot
   be. 0 or -errno. Caller owns *self_p. */
int import_seen_open (struct import_seen **self_p, const char *path, uint64_t marks);
void import_seen_close (struct import_seen **self_p);

/* What stands under this mark: *value; 0: nothing. 0 or -errno. */
int import_seen_find (struct import_seen *self, const uint8_t mark[IMPORT_MARK], int64_t *value);
/* Lets this stand under it, not 0. 0 or -errno. */
int import_seen_put (struct import_seen *self, const uint8_t mark[IMPORT_MARK], int64_t value);
