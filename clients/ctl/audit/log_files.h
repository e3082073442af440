/* A log as files in a directory (tiles.h), while they are made or read again. */
#pragma once
#include <sys/types.h>
#include "log_trust.h"
#include "tiles.h"

struct log_files {
    struct ctl *ctl;
    const char *directory;
    struct tiles tiles;
    uint64_t target, told; /* lines that there will be; those that the progress told */
    int error;             /* what a file failed with, its line printed */
    struct bytes note;     /* the checkpoint that was there, the arena's */
};

/* --log-key and --witness. */
extern const struct option log_files_options[];
/* Of the command's one argument, a directory. 0, or an exit code with its line printed. */
int log_files_begin (struct ctl *ctl, const struct options *options, struct log_files *self,
                     struct log_trust *trust);
/* A path within the tree as one that can be opened. The arena's. */
const char *log_files_path (const struct log_files *self, const char *path);

/* Makes the directory if it is not there, durably, and takes it for this run alone: two at once would write over
   each other. A descriptor, to be closed at the end; or negative: an exit code, its line printed. */
int log_files_lock (const char *directory);
/* For tiles_begin, of a struct log_files. Writes the file durably, with its directories. */
int log_files_write (void *context, const char *path, struct bytes content);
/* The file is what the entries make of it. */
int log_files_compare (void *context, const char *path, struct bytes content);

/* Reads a file of the tree. Its size, or negative with the line printed. The caller frees *data. */
ssize_t log_files_read (struct log_files *self, const char *path, char **data);
/* Reads the checkpoint that is there; size 0: there is none. It is believed if it was signed by a key that was
   given, or if none was, as whoever made it left it. 0, or an exit code with its line printed. */
int log_files_checkpoint (struct log_files *self, const struct log_trust *trust, struct checkpoint *own);

/* On a terminal: how many lines of how many. */
void log_files_show_progress (struct log_files *self);
