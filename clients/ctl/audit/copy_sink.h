/* Where a copy of the log goes: a directory, or a pipe. It is asked to take lines as text, and may take part of
   them now and the rest later: whoever asks is never held up for more than about a second. */
#pragma once
#include <stdint.h>
#include "ctl.h"
#include "bytes.h"

/* Whole lines, one behind the other. */
struct copy_batch {
    uint64_t first; /* number of the first */
    char *text;     /* owned */
    size_t size, room;
    size_t count; /* lines */
    size_t taken; /* bytes that the sink has taken, of a pipe also in part */
};

enum copy_taken {
    COPY_TAKEN,  /* all, so that it survives a power cut, or was read from the pipe */
    COPY_LATER,  /* not all yet */
    COPY_FAILED, /* never, and its line is printed */
};

struct copy_sink {
    enum copy_taken (*take) (struct copy_sink *self, struct copy_batch *batch);
    const char *fault; /* why it took nothing more, a code: "full"; NULL: it is only slow */
    char why[256];     /* the same in words */
};
