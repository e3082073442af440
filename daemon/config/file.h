/* The files and directories that the daemon is given. They are opened without waiting, and trusted only if nobody
   but their owner can change them. */
#pragma once
#include <stddef.h>
#include "outcome.h"

struct file_why {
    char text[384]; /* one sentence, without a full stop and without the path that was given */
};

/* Reads a regular file of at most `limit` bytes. Never waits, neither for the other end of a FIFO nor for a
   device. 0 with *text, which is followed by a NUL and which the caller frees; FILE_REFUSED: the file is not as it
   must be; or negative if the system fails, also with `why`. */
int file_read (const char *path, size_t limit, char **text, size_t *size, struct file_why *why);

/* The same of a file with a secret: it is also refused if it is a link, belongs to another user, or can be read by
   others. */
int file_read_private (const char *path, size_t limit, char **text, size_t *size, struct file_why *why);

/* The same as file_read, but a link is refused: nobody knows what else it will lead to. */
int file_read_itself (const char *path, size_t limit, char **text, size_t *size, struct file_why *why);

/* Checks that only this user and root can change the file or directory, or put another in its place. Its own owner
   and mode are checked, and those of every directory above it (a sticky bit is enough there, because only owners
   can then replace files). Links are followed. If the path does not exist, the directory in which it should be is
   checked. 0, FILE_REFUSED, or negative. */
int file_check_writers (const char *path, struct file_why *why);
