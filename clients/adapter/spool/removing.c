#include "removing.h"

#include <stdio.h>

enum { THREADS = 12 /* which do little but wait */ };

enum { FREE, BUSY, DONE };

static void remove_one (void *context, size_t number)
{
    struct removing *self = context;
    struct removing_one *one = &self->files[number % REMOVING_MAX];
    one->result = folders_remove (self->folders, FOLDER_CLAIMED, one->name);
    atomic_store_explicit (&one->state, DONE, memory_order_release);
}

void removing_begin (struct removing *self, const struct folders *folders)
{
    self->folders = folders;
    self->workers = workers_new (THREADS, false);
    workers_begin (self->workers, remove_one, self);
}

void removing_end (struct removing *self)
{
    workers_wait (self->workers);
    workers_destroy (&self->workers);
}

int removing_add (struct removing *self, const char *id, const char *name)
{
    struct removing_one *one = &self->files[self->added % REMOVING_MAX];
    if (atomic_load_explicit (&one->state, memory_order_acquire) != FREE)
        return REMOVING_FULL;
    snprintf (one->id, sizeof one->id, "%s", id);
    snprintf (one->name, sizeof one->name, "%s", name);
    atomic_store_explicit (&one->state, BUSY, memory_order_relaxed);
    self->added++;
    workers_add (self->workers);
    return 0;
}

int removing_take (struct removing *self, bool all, removing_handler *tell, void *context)
{
    int r = 0;
    if (all) {
        workers_wait (self->workers);
        self->added = 0; /* as the workers count from now on */
    }
    for (size_t i = 0; i < REMOVING_MAX; i++) {
        struct removing_one *one = &self->files[i];
        if (atomic_load_explicit (&one->state, memory_order_acquire) != DONE)
            continue;
        if (one->result == 0)
            tell (context, one->id);
        r = r == 0 ? one->result : r;
        atomic_store_explicit (&one->state, FREE, memory_order_relaxed);
    }
    return r;
}
