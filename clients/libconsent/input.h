/* Files that somebody names, to be read. To open one never waits, neither for the writer of a FIFO nor for a
   device, even behind a link. */
#pragma once
#include <sys/types.h>

/* Opens a regular file, or a pipe such as "<(command)". A FIFO to which nobody writes counts as empty. Returns a
   descriptor, or -errno; -ENODEV: it is something else. */
int input_open (const char *path);

/* Reads the whole file into `text`. Returns its size, or -errno; -EFBIG: it is larger than `size`. */
ssize_t input_read (const char *path, char *text, size_t size);

/* What went wrong in one of these functions, in words. */
const char *input_problem (ssize_t error);
