/* A copy of the log that goes into a pipe: a FIFO, a socket, or the standard output. A line counts as copied when
   whoever reads the pipe has taken it out, or the disk has it where the standard output is a file. */
#pragma once
#include "copy_sink.h"

struct copy_pipe {
    struct copy_sink sink; /* first */
    const char *path;      /* "-": the standard output */
    int pipe;              /* -1: it could not be opened yet */
    bool is_datagram;      /* each line is a message of its own */
    bool needs_break;      /* it may have the beginning of a line: an empty line comes first */
};

/* 0, or an exit code with its line printed: it is no pipe. That nobody reads it shows later. */
int copy_pipe_open (struct copy_pipe *self, const char *path);
void copy_pipe_close (struct copy_pipe *self);
