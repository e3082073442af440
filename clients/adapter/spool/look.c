/* --dry-run: what would become of what is in in/, by what the registry advises now. Nothing is moved, written or
   recorded as told, and nobody listens. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "delivery/stopping.h"
#include "spool_parts.h"
#include "text/progress.h"

static bool any_is_asked_about (const struct spool *self)
{
    for (size_t i = 0; i < self->now->count; i++) {
        if (self->now->items[i].need.kind != PASSAGE_DONE)
            return true;
    }
    return false;
}

/* A group, to what would be its end. 0 or an exit code. */
static int look_at_group (struct spool *self)
{
    int r = 0;
    spool_begin (self);
    while (any_is_asked_about (self)) {
        spool_meet (self);
        spool_ask (self, PASSAGE_ADVISE);
    }
    for (size_t i = 0; r == 0 && i < self->now->count; i++) {
        const struct passage_result *result = passage_result (self->now->items[i].passage);
        if (result->outcome == PASSAGE_BAD_SCHEMA)
            r = spool_say (self, EX_CONFIG, "%s", result->error);
        else
            spool_say_would (self, &self->now->items[i]);
    }
    spool_show_progress (self);
    spool_clear (self, self->now);
    if (r == 0 && self->status)
        r = spool_say (self, EX_NOPERM, "the registry does not admit this key, or its role may not ask");
    return r == 0 && self->away ? EX_UNAVAILABLE : r;
}

/* All that the folder has, group by group. 0 or an exit code. */
static int look_at_all (struct spool *self)
{
    int r = 0, copy = openat (self->folders.of[FOLDER_IN], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir (copy);
    if (!directory)
        return spool_say (self, EX_NOINPUT, "%s/in: %s", self->order->directory, strerror (errno));
    for (struct dirent *entry; r == 0 && !stopping_is_asked () && (entry = readdir (directory));) {
        if (folders_is_message (entry->d_name))
            spool_add (self, self->now, FOLDER_IN, entry->d_name);
        if (spool_is_full (self->now, AHEAD_MAX, AHEAD_BYTES))
            r = look_at_group (self);
    }
    closedir (directory);
    return r == 0 && self->now->count > 0 ? look_at_group (self) : r;
}

int spool_look (struct spool *self)
{
    char error[PASSAGE_ERROR];
    if (folders_look (&self->folders, self->order->directory, error, sizeof error) != 0)
        return spool_say (self, EX_NOINPUT, "%s", error);
    int r = spool_open_ledger (self);
    if (r == 0)
        r = spool_open_registry (self, &self->checks);
    if (r == 0)
        r = spool_open_registry (self, &self->calls);
    self->total = folders_count (&self->folders, FOLDER_IN);
    if (r == 0)
        r = look_at_all (self);
    progress_end ();
    if (r != 0 && r != EX_UNAVAILABLE)
        return r;
    size_t claimed = folders_count (&self->folders, FOLDER_CLAIMED);
    if (claimed > 0 && !self->order->quiet)
        spool_say (self, 0, "%zu more are under way since a run before: the next start goes on with them",
                   claimed);
    return r;
}
