/* Files that somebody names, to be read. To open one never waits, neither for the writer of a FIFO nor for a
   device, even behind a link. */
#pragma once
#include <sys/types.h>

/* Opens a regular file, standard input if it is called "-", or a pipe such as "<(command)". A FIFO to which nobody
   writes counts as empty. Returns a descriptor, or -errno; -ENODEV: it is something else. */
int input_open (const char *path);

/* Reads the whole file into `text`. Returns its size, or -errno; -EFBIG: it is larger than `size`. */
ssize_t input_read (const char *path, char *text, size_t size);

/* The same of text that people or their programs wrote: without the mark that some put before UTF-8. */
ssize_t input_read_text (const char *path, char *text, size_t size);
/* Takes that mark away from what was read already. Returns the size that is left; less than 0 stays as it is. */
ssize_t input_without_mark (char *text, ssize_t size);

/* What went wrong in one of these functions, in words. */
const char *input_problem (ssize_t error);
