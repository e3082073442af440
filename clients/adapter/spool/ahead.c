/* Which messages are in the three groups (group.c). To read them is the longest work of all that is done for them,
   and looks at nothing but their bytes: so they are taken from in/ and read while the groups before them are under
   way.

   What a message needs (who somebody is, what went before, what is taken back, what is permitted) is looked up and
   asked when the group that is two before it has its end in the ledger, as if it had been read then. What could be
   otherwise by the one right before it waits for that (meet.c, put_off.c). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sysexits.h>
#include <unistd.h>
#include "call.h"
#include "delivery/stopping.h"
#include "products.h"
#include "spool_parts.h"

int spool_watch (struct spool *self)
{
    char path[64];
    snprintf (path, sizeof path, "/proc/self/fd/%d", self->folders.of[FOLDER_IN]);
    self->inotify = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
    if (self->inotify < 0 || inotify_add_watch (self->inotify, path, IN_CLOSE_WRITE | IN_MOVED_TO) < 0)
        return spool_say (self, EX_OSERR, "%s/in cannot be watched: %s", self->order->directory, strerror (errno));
    return 0;
}

/* ------------------------------------------------------------------------------------------ read ahead */

static void begin_reading (struct spool *self)
{
    char events[4096];
    self->reads_ahead = !stopping_is_asked ();
    self->has_looked = false;
    while (self->reads_ahead && read (self->inotify, events, sizeof events) > 0)
        continue;
}

/* No more than one round of the folder for a group: what nobody can take yet stays in it. */
static bool look_for_more (struct spool *self)
{
    if (self->has_looked && !self->arrivals.goes_on)
        return false;
    self->has_looked = true;
    return arrivals_look (&self->arrivals, self->folders.of[FOLDER_IN], ARRIVALS_MAX);
}

void spool_read_one (struct spool *self)
{
    if (!self->reads_ahead)
        return;
    const char *name = arrivals_next (&self->arrivals);
    if (name)
        spool_claim (self, self->ahead, name);
    self->reads_ahead = (name || look_for_more (self)) && !spool_is_full (self->ahead, AHEAD_MAX, AHEAD_BYTES);
}

static void read_ahead (struct spool *self)
{
    begin_reading (self);
    while (self->reads_ahead)
        spool_read_one (self);
}

/* Each group has the place of the one before it; that of `now` is empty. Without `reads`, what was read stays
   where it is, and what comes after that is not read yet. */
static void turn (struct spool *self, bool reads)
{
    struct group *was = self->now;
    self->reads_ahead = false;
    workers_wait (self->readers);
    self->now = self->next;
    self->next = reads ? self->ahead : was;
    self->ahead = reads ? was : self->ahead;
    self->next->line = self->now->count > 0 ? (self->now->line + 1) % LINES : 0;
    workers_begin (self->readers, spool_begin_item, self->ahead);
}

/* ---------------------------------------------------------------------------------- what is taken again */

static bool has_claimed (const struct group *group, const char *name)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->items[i].from == FOLDER_CLAIMED && strcmp (group->items[i].name, name) == 0)
            return true;
    }
    return false;
}

/* It went, and is about to be removed. */
static bool is_settled (const struct spool *self, const char *name)
{
    uint8_t key[LEDGER_KEY];
    char id[ID_TEXT];
    ledger_key_of (self->ledger, "in", name, key);
    consent_hex (key, sizeof key, id);
    return json_object_get (self->settled, id);
}

/* Whatever its name ends in: that may have been cut. */
static void take_claimed (struct spool *self, const char *name)
{
    if (*name != '.' && strlen (name) > CLAIM_LENGTH && !has_claimed (self->now, name) && !is_settled (self, name))
        spool_add (self, self->now, FOLDER_CLAIMED, name);
}

/* What a run before took, or had no answer. As long as there is such, nothing is read ahead: so all of it is in
   one group with what was read before it had none, and nobody takes back what may have been disclosed. */
static void take_left (struct spool *self)
{
    int copy = openat (self->folders.of[FOLDER_CLAIMED], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir (copy);
    if (!directory && copy >= 0)
        close (copy);
    self->is_left = false;
    for (struct dirent *entry; directory && !self->is_left && (entry = readdir (directory));) {
        if (self->now->count == ITEMS_MAX)
            self->is_left = true;
        else
            take_claimed (self, entry->d_name);
    }
    if (directory)
        closedir (directory);
}

static void take_woken (struct spool *self)
{
    const char *digits;
    json_t *unused;
    void *next;
    char name[FOLDERS_NAME];
    json_object_foreach_safe (self->woken, next, digits, unused)
    {
        if (spool_is_full (self->now, ITEMS_MAX, GROUP_BYTES))
            return;
        name_of_digits (digits, name);
        json_object_del (self->woken, digits);
        spool_add (self, self->now, FOLDER_HELD, name);
    }
}

/* What was taken back of it while it was held. */
static void recall_products (struct spool *self, struct item *item)
{
    json_t *held;
    if (item->from != FOLDER_HELD || ledger_get (self->ledger, LEDGER_HELD, item->id, &held) != 0)
        return;
    products_recall (self->ledger, item->passage, held);
    passage_step (item->passage, &item->need);
    json_decref (held);
}

/* Goes the whole way within `now`, with nothing beside it: what a run before left or what had no answer, since
   only the registry knows which of it was disclosed; and what is held, since it may end until it is taken. */
static void take_alone (struct spool *self)
{
    turn (self, true);
    turn (self, false);
    size_t read = self->now->count;
    if (self->is_left)
        take_left (self);
    if (self->now->count == read)
        begin_reading (self);
    take_woken (self);
    spool_begin (self);
    for (size_t i = 0; i < self->now->count; i++)
        recall_products (self, &self->now->items[i]);
    spool_put_off (self, self->now);
}

void spool_take (struct spool *self)
{
    bool is_any_for_alone = self->is_left || json_object_size (self->woken) > 0;
    if (is_any_for_alone && self->next->count > 0) { /* which has its end first */
        turn (self, false);
        return;
    }
    if (is_any_for_alone)
        take_alone (self);
    if (self->now->count > 0)
        return;
    turn (self, true);
    if (self->now->count == 0 && self->next->count == 0) {
        read_ahead (self);
        turn (self, true);
    }
    if (self->next->count > 0)
        begin_reading (self);
    spool_put_off (self, self->next);
}
