/* Runs a program of this machine that makes bytes of bytes, for what has no library here: qpdf, which reads and
   writes PDF. It is a process of its own, so that a file of others can do no more than end it: it has no key, no
   connection, and limits of time, memory and output. Both ends are files in memory. */
#pragma once
#include <stddef.h>
#include "bytes.h"

enum {
    TOOL_SECONDS = 10, /* for a form: a PDF of a form takes a tenth of one */
};

enum {
    TOOL_ABSENT = 1, /* the program is not installed */
    TOOL_OVER = 2,   /* it went over its limits, or was ended */
};

struct tool_output {
    char *text; /* the caller's, to be freed; NULL: none */
    size_t size;
    int code;       /* with which the program ended */
    char said[512]; /* the beginning of its standard error */
};

/* Runs argv[0], found in PATH, for so many seconds at most, with `input` as its standard input, which it may open
   again as /dev/stdin. 0 with what it wrote and its code; one of the above; or -errno. *output is filled in each
   case. */
int tool_run (char *const *argv, unsigned seconds, struct bytes input, struct tool_output *output);
