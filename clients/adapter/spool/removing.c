#include "removing.h"

#include <stdio.h>

enum { THREADS = 12 /* which do little but wait */ };

static void remove_one (void *context, size_t number)
{
    struct removing *self = context;
    self->files[number].result = folders_remove (self->folders, FOLDER_CLAIMED, self->files[number].name);
}

void removing_begin (struct removing *self, const struct folders *folders)
{
    self->folders = folders;
    self->workers = workers_new (THREADS, false);
    workers_begin (self->workers, remove_one, self);
}

void removing_end (struct removing *self)
{
    removing_wait (self);
    workers_destroy (&self->workers);
}

int removing_add (struct removing *self, const char *name)
{
    if (self->count == REMOVING_MAX)
        return folders_remove (self->folders, FOLDER_CLAIMED, name);
    snprintf (self->files[self->count++].name, FOLDERS_NAME, "%s", name);
    workers_add (self->workers);
    return 0;
}

int removing_wait (struct removing *self)
{
    int r = 0;
    workers_wait (self->workers);
    for (size_t i = 0; i < self->count && r == 0; i++)
        r = self->files[i].result;
    self->count = 0;
    return r;
}
