/* The files and directories that the daemon is given: opened without waiting, and trusted only where nobody but
   their owner can change them. */
#pragma once
#include <stddef.h>
#include "outcome.h"

struct file_why {
    char text[384]; /* one sentence, without a full stop and without the path that was asked about */
};

/* Reads a regular file of at most `limit` bytes, and never waits: not for the other end of a FIFO, nor for a
   device. 0 with *text, which ends with a NUL more and which the caller frees; FILE_REFUSED: it is not as it must
   be; or negative where the system fails, with `why` too. */
int file_read (const char *path, size_t limit, char **text, size_t *size, struct file_why *why);

/* Whether anybody but this user and root could change the file or directory, or put another in its place: by its
   own owner and mode, or by those of a directory above it (one with the sticky bit is good, as in it only owners
   can). Links are followed. Of what does not exist the directory is judged in which it should be. 0, FILE_REFUSED,
   or negative. */
int file_check_writers (const char *path, struct file_why *why);
