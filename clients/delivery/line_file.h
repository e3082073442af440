/* A file to which lines are added, each of which is then there whole and for good, or not at all. */
#pragma once
#include <stdbool.h>
#include <sys/types.h>
#include "bytes.h"
#include "fault.h"

struct line_file {
    const char *path; /* or what else it is called: "standard output" */
    int file;         /* -1: none */
    int reader;       /* the same, to be read; -1: it cannot be */
    bool is_regular;  /* else a pipe or a device: nothing is known of what becomes of a line */
    bool is_ours;     /* we opened it, by its name */
};

/* Opens a file, or makes it (mode 0600), for this process alone. `path` is lent until the end. 0, or the code of
 *fault. Close it in any case. */
int line_file_open (struct line_file *self, const char *path, struct fault *fault);
/* Takes what is open already, and stays open. */
void line_file_take (struct line_file *self, int file, const char *name);
void line_file_close (struct line_file *self);

/* How a file ends, as far as its last MiB says it. The bytes are borrowed until this is asked again. */
struct line_file_end {
    struct bytes last; /* the last whole line, without its end; NULL: there is none */
    struct bytes rest; /* what is behind it: of a line that was not written to its end */
    off_t until;       /* where the last whole line ends */
    bool is_all;       /* that MiB is the whole file */
};
/* 0, or the code of *fault. */
int line_file_end (const struct line_file *self, struct line_file_end *end, struct fault *fault);
/* Cuts off the rest, and syncs the lines before it: who wrote them may have been killed before it did. 0, or the
   code of *fault. */
int line_file_cut (const struct line_file *self, const struct line_file_end *end, struct fault *fault);

/* Adds whole lines, and syncs them. 0; or the code of *fault, and nothing of them is there, unless the sentence
   says otherwise. */
int line_file_add (const struct line_file *self, const char *lines, size_t size, struct fault *fault);
