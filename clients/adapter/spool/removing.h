/* Removes messages that went from work/in, beside what goes on: a file system may take a millisecond for each, as
   one that tells the disk of every part that came free. */
#pragma once
#include "folders.h"
#include "workers.h"

enum { REMOVING_MAX = 1024 /* of a group */ };

struct removing {
    const struct folders *folders;
    struct workers *workers;
    size_t count;
    struct {
        char name[FOLDERS_NAME];
        int result;
    } files[REMOVING_MAX];
};

/* The folders are borrowed. To be ended in any case; that waits. */
void removing_begin (struct removing *self, const struct folders *folders);
void removing_end (struct removing *self);

/* Begins to remove a file; or removes it, if there are too many. 0 or -errno. */
int removing_add (struct removing *self, const char *name);
/* Waits until all are removed. 0 or -errno. */
int removing_wait (struct removing *self);
