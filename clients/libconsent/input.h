/* Files that somebody names to be read. Opening one waits for nobody: not for the writer of a FIFO, nor for a
   device, whatever link leads to it. */
#pragma once
#include <sys/types.h>

/* Opens a regular file, or a pipe as of "<(command)"; a FIFO that nobody writes to is as one that is empty. A
   descriptor, or -errno; -ENODEV: it is something else. */
int input_open (const char *path);

/* Reads the whole of it into `text`. Its size, or -errno; -EFBIG: it is larger than `size`. */
ssize_t input_read (const char *path, char *text, size_t size);

/* What went wrong, in words: of these two functions. */
const char *input_problem (ssize_t error);
