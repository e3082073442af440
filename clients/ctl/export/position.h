/* How far an export of the log is, in a small file of its own, which is whole or not there. It is written after
   what it says is out: so after a crash something may be there that it does not say, and never the other way
   round. */
#pragma once
#include "form.h"

struct export_position {
    char form[16]; /* the name of a form */
    char origin[EXPORT_ORIGIN_SIZE];
    struct export_mark mark; /* everything up to here is out */
};

enum {
    EXPORT_POSITION_NONE = 1, /* there is no such file */
    EXPORT_POSITION_INVALID,  /* there is a file, and it is not a position: never take that for a new start */
};
/* Reads the text of such a file, of `size` bytes and a NUL behind them. False: it is none, and *self stays as it
 * is. */
bool export_position_parse (struct export_position *self, const char *text, size_t size);
/* 0, one of these, or -errno. *self is zero unless 0 is returned. */
int export_position_read (struct export_position *self, const char *path);
/* 0: it survives a power cut. -errno: the file holds the old or the new position, whole. */
int export_position_write (const struct export_position *self, const char *path);
/* Takes the position for this process alone, as long as the descriptor is open: the file PATH.lock, which stays.
   -errno; -EWOULDBLOCK: another process has it. */
int export_position_lock (const char *path);
