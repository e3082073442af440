/* How messages come into a group: whole ones, from in/, or from held/ where something was heard of them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>
#include "attempt.h"
#include "call.h"
#include "products.h"
#include "spool_parts.h"

enum { SETTLED_FOR = 2 /* s without a change, where it cannot be known whether somebody writes */ };

int spool_watch (struct spool *self)
{
    char path[64];
    snprintf (path, sizeof path, "/proc/self/fd/%d", self->folders.of[FOLDER_IN]);
    self->inotify = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
    if (self->inotify < 0 || inotify_add_watch (self->inotify, path, IN_CLOSE_WRITE | IN_MOVED_TO) < 0)
        return spool_say (self, EX_OSERR, "%s/in cannot be watched: %s", self->order->directory, strerror (errno));
    return 0;
}

/* Nobody writes to it. A lease says so; where there is none to be had, that it has not changed for a while. */
static bool is_whole (int file)
{
    struct stat about;
    struct timespec now;
    if (fcntl (file, F_SETLEASE, F_RDLCK) == 0) {
        fcntl (file, F_SETLEASE, F_UNLCK);
        return true;
    }
    if (errno == EAGAIN || fstat (file, &about) != 0)
        return false;
    clock_gettime (CLOCK_REALTIME, &now);
    return now.tv_sec - about.st_mtim.tv_sec > SETTLED_FOR;
}

/* Says once of what lies in a folder that it is no file, or none that can be read: it stays there. */
static void say_stays (struct spool *self, enum folder folder, const char *name, const char *why)
{
    json_t *digits = name_json (name);
    if (!json_object_get (self->told, json_string_value (digits)))
        spool_say (self, 0, "%s/%s stays there: %s", folders_name (folder), name, why);
    json_object_set_new (self->told, json_string_value (digits), json_true ());
    json_decref (digits);
}

/* Opens what is a file and nobody writes to. -1: not, or not yet. */
static int open_whole (struct spool *self, enum folder folder, const char *name)
{
    struct stat about;
    int file = openat (self->folders.of[folder], name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 && errno != ENOENT)
        say_stays (self, folder, name, errno == ELOOP ? "it is a link" : strerror (errno));
    if (file < 0)
        return -1;
    bool is_file = fstat (file, &about) == 0 && S_ISREG (about.st_mode);
    if (!is_file)
        say_stays (self, folder, name, "it is no file");
    if (is_file && (folder != FOLDER_IN || is_whole (file)))
        return file;
    close (file);
    return -1;
}

/* It was begun under a key that may have been replaced since: only under that one it is the same message. */
static void recall_as (struct spool *self, struct item *item, const char *secret)
{
    item->recalled = true;
    item->order = self->order->order;
    item->order.recall = true;
    size_t size = 0;
    if (secret &&
        sodium_hex2bin (item->secret, sizeof item->secret, secret, strlen (secret), NULL, &size, NULL) == 0 &&
        size == sizeof item->secret) {
        item->order.secret = item->secret;
        item->order.former_secret = NULL;
    }
}

/* Whether a run before may have disclosed it, and when. */
static void look_back (struct spool *self, struct item *item)
{
    json_t *intent;
    if (!self->ledger || ledger_get (self->ledger, LEDGER_UNDER_WAY, item->id, &intent) != 0)
        return;
    if (!json_object_get (intent, "as"))
        recall_as (self, item, json_string_value (json_object_get (intent, "secret")));
    item->intended = json_integer_value (json_object_get (intent, "at"));
    json_decref (intent);
}

/* Reads it. A message that is too large is one that cannot be understood. */
static int read_item (struct spool *self, struct item *item, int file)
{
    enum { NS = 1000000000 };
    struct stat about;
    int r = fstat (file, &about) != 0
                ? -errno
                : folders_read (file, self->order->order.limit + 1, &item->text, &item->size);
    if (r == -EFBIG) {
        item->size = self->order->order.limit + 1;
        item->text = calloc (1, item->size + 1);
        r = item->text ? 0 : -ENOMEM;
    }
    if (r != 0)
        return r;
    item->came = (int64_t)about.st_mtim.tv_sec * NS + about.st_mtim.tv_nsec;
    look_back (self, item);
    return 0;
}

static void add_open (struct spool *self, enum folder from, const char *name, int file)
{
    struct item *item = &self->items[self->count];
    *item = (struct item){.from = from};
    snprintf (item->name, sizeof item->name, "%s", name);
    if (self->ledger)
        ledger_key_of (self->ledger, from == FOLDER_HELD ? "held" : "in", name, item->id);
    consent_hex (item->id, sizeof item->id, item->id_text);
    if (spool_is_stuck (self, item->id_text))
        return;
    int r = read_item (self, item, file);
    if (r == 0)
        self->count++;
    else
        spool_say (self, 0, "%s/%s: %s", folders_name (from), name, strerror (-r));
}

void spool_add (struct spool *self, enum folder from, const char *name)
{
    int file = open_whole (self, from, name);
    if (file < 0)
        return;
    add_open (self, from, name, file);
    close (file);
}

/* Takes a message out of in/, under a name that no other will have: the same name may come again while this one is
   under way. */
static void claim (struct spool *self, const char *name)
{
    char as[FOLDERS_NAME];
    uint8_t number[(CLAIM_LENGTH - 1) / 2];
    struct stat before, after;
    int file = folders_is_message (name) ? open_whole (self, FOLDER_IN, name) : -1;
    if (file < 0)
        return;
    attempt_random (number, sizeof number);
    consent_hex (number, sizeof number, as);
    snprintf (as + CLAIM_LENGTH - 1, sizeof as - CLAIM_LENGTH + 1, "-%.*s", FOLDERS_NAME - CLAIM_LENGTH - 1, name);
    const struct folders_move move = {FOLDER_IN, name, FOLDER_CLAIMED, as};
    /* Somebody may have put another in its place since it was opened: then that one is read. */
    if (folders_move (&self->folders, &move) == 0) {
        bool is_same = fstat (file, &before) == 0 &&
                       fstatat (self->folders.of[FOLDER_CLAIMED], as, &after, AT_SYMLINK_NOFOLLOW) == 0 &&
                       before.st_ino == after.st_ino;
        if (is_same)
            add_open (self, FOLDER_CLAIMED, as, file);
        else
            spool_add (self, FOLDER_CLAIMED, as);
    }
    close (file);
}

bool spool_is_full (const struct spool *self)
{
    size_t bytes = 0;
    for (size_t i = 0; i < self->count; i++)
        bytes += self->items[i].size;
    return self->count == ITEMS_MAX || bytes >= GROUP_BYTES;
}

/* The folder is looked through no more than once a group: what nobody can take yet stays in it. */
static void take_arrivals (struct spool *self)
{
    for (bool looked = false; !spool_is_full (self);) {
        const char *name = arrivals_next (&self->arrivals);
        if (name)
            claim (self, name);
        else if (looked || !arrivals_look (&self->arrivals, self->folders.of[FOLDER_IN], ARRIVALS_MAX))
            return;
        else
            looked = true;
    }
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
    if (*name != '.' && strlen (name) > CLAIM_LENGTH && !is_settled (self, name))
        spool_add (self, FOLDER_CLAIMED, name);
}

static void take_all_claimed (struct spool *self)
{
    int copy = openat (self->folders.of[FOLDER_CLAIMED], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir (copy);
    if (!directory && copy >= 0)
        close (copy);
    for (struct dirent *entry; directory && !spool_is_full (self) && (entry = readdir (directory));) {
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
        if (spool_is_full (self))
            return;
        name_of_digits (digits, name);
        json_object_del (self->woken, digits);
        spool_add (self, FOLDER_HELD, name);
    }
}

static void begin_item (void *context, size_t number)
{
    struct spool *self = context;
    struct item *item = &self->items[number];
    item->passage = passage_new (item->recalled ? &item->order : &self->order->order, item->text, item->size);
    passage_step (item->passage, &item->need);
}

void spool_begin (struct spool *self)
{
    workers_share (self->workers, self->count, begin_item, self);
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

void spool_take (struct spool *self)
{
    char events[4096];
    while (read (self->inotify, events, sizeof events) > 0)
        continue;
    take_all_claimed (self); /* what a run before took, or had no answer */
    take_woken (self);
    take_arrivals (self);
    spool_begin (self);
    for (size_t i = 0; i < self->count; i++)
        recall_products (self, &self->items[i]);
    spool_put_off (self);
}

static void clear_item (void *context, size_t number)
{
    struct spool *self = context;
    struct item *item = &self->items[number];
    passage_destroy (&item->passage);
    explicit_bzero (item->secret, sizeof item->secret);
    free (item->text);
    json_decref (item->decided);
    json_decref (item->held);
}

void spool_clear (struct spool *self)
{
    workers_share (self->workers, self->count, clear_item, self);
    self->count = 0;
}
