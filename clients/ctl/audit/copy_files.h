/* A copy of the log as files of text in a directory: 65,536 lines each, named by the number of their first line.
   They are only ever appended to. */
#pragma once
#include <sys/types.h>
#include "copy_sink.h"

enum { COPY_FILE_LINES = 1 << 16, COPY_FILE_NAME = 32 };

struct copy_files {
    struct copy_sink sink; /* first */
    struct ctl *ctl;
    const char *directory;
    int lock;        /* the directory; -1: none */
    int file;        /* the newest; -1: none is open */
    uint64_t number; /* of the last whole line */
    off_t size;      /* of the newest file up to there */
    bool is_torn;    /* behind it there is a part of a line, as a crash leaves it */
};

/* The name of the file that has this line. */
void copy_files_name (uint64_t number, char name[COPY_FILE_NAME]);
/* The directory has a copy. */
bool copy_files_are_in (const char *directory);

/* Takes the directory for this process alone; makes it if it is not there. 0, or an exit code with its line
 * printed. */
int copy_files_open (struct copy_files *self, struct ctl *ctl, const char *directory);
void copy_files_close (struct copy_files *self);
/* What was written is still there, where others look for it. 0; or an exit code with its line printed: it was moved,
   removed or changed. Nothing may be added then: the next start looks at what there is. */
int copy_files_stand (const struct copy_files *self);

/* Takes a line that is there. 0, or what copy_files_read then returns. */
typedef int copy_files_take (void *context, uint64_t number, struct bytes line);
/* Reads all lines. What is no line is said, with its place; a part of a line at the very end is none, and is cut
   off with the next write. 0, or an exit code with its line printed. Opens nothing for writing. */
int copy_files_read (struct copy_files *self, copy_files_take *take, void *context);
