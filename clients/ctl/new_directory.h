/* A new directory of files that is there whole or not at all: it is made beside its place under another name (PATH
   and seven more characters), and gets its own when all files are in it. A crash leaves the other name behind.
   Mode 0700, and the files 0600. */
#pragma once
#include <stddef.h>

struct ctl;

struct new_directory {
    const char *path;  /* where it will be */
    const char *draft; /* where it is until then; NULL: nowhere */
};

/* Each returns 0, or an exit code with its line printed. Whoever began must keep or drop. */

/* Makes it. Fails if something has that name. */
int new_directory_begin (struct new_directory *self, struct ctl *ctl, const char *path);
/* Makes a file in it. */
int new_directory_add (const struct new_directory *self, struct ctl *ctl, const char *name, const void *data,
                       size_t size);
/* Gives it its name, durably. Else it is dropped. */
int new_directory_keep (struct new_directory *self);
/* Removes it with what is in it. After it was kept, or before it was begun, it does nothing. */
void new_directory_drop (struct new_directory *self);
