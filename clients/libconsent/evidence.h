/* Files beside a position file that show what a registry signed: they are never overwritten. */
#pragma once
#include "log_seen.h"

/* What does not fit together. */
struct contradiction {
    const struct log_seen *seen; /* what was seen before */
    const struct log_told *told; /* what is shown now */
    const char *sentence;        /* what does not fit */
};

/* Writes it, durably, to a new file PATH.contradiction; where there is another one, to PATH.contradiction-2, and
   so on. The same evidence is written once. 0, and the file's name, which the caller must free; or -errno. */
int evidence_write (const char *path, const struct contradiction *self, char **name_p);

/* Gives the file a second name, durably: PATH.SUFFIX, or PATH.SUFFIX-2 and so on. It can then be replaced under
   the first. 0, and the second name, which the caller must free; or -errno. */
int evidence_keep (const char *path, const char *suffix, char **name_p);
