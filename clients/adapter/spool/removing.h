/* Removes messages that went from work/in, beside what goes on: a file system may take a millisecond for each, as
   one that tells the disk of every part that came free. So nobody waits for it but who has nothing else to do. */
#pragma once
#include <stdatomic.h>
#include "folders.h"
#include "workers.h"

enum {
    REMOVING_MAX = 1024,
    REMOVING_ID = 33, /* with its NUL */
    REMOVING_FULL = 1,
};

struct removing {
    const struct folders *folders;
    struct workers *workers;
    size_t added; /* since all were waited for */
    struct removing_one {
        char id[REMOVING_ID], name[FOLDERS_NAME];
        int result;
        atomic_int state; /* removing.c */
    } files[REMOVING_MAX];
};

/* The folders are borrowed. To be ended in any case; that waits. */
void removing_begin (struct removing *self, const struct folders *folders);
void removing_end (struct removing *self);

/* Begins to remove a file, which is told by this id. 0 or REMOVING_FULL: there are too many by now. */
int removing_add (struct removing *self, const char *id, const char *name);
/* Tells of each that was removed and not told yet. With `all` it waits for those that are not removed yet. 0 or
   -errno of one that cannot be. */
typedef void removing_handler (void *context, const char *id);
int removing_take (struct removing *self, bool all, removing_handler *tell, void *context);
