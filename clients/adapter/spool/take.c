/* How a message comes into a group: a whole one, from in/, or from held/ where something was heard of it. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "attempt.h"
#include "call.h"
#include "spool_parts.h"

enum { SETTLED_FOR = 2 /* s without a change, where it cannot be known whether somebody writes */ };

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
    if (ledger_get (self->ledger, LEDGER_UNDER_WAY, item->id, &intent) != 0)
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

struct source {
    enum folder folder;
    const char *name;
};

static void add_open (struct spool *self, struct group *to, const struct source *from, int file)
{
    struct item *item = &to->items[to->count];
    *item = (struct item){.from = from->folder};
    snprintf (item->name, sizeof item->name, "%s", from->name);
    ledger_key_of (self->ledger, from->folder == FOLDER_HELD ? "held" : "in", from->name, item->id);
    consent_hex (item->id, sizeof item->id, item->id_text);
    if (spool_is_stuck (self, item->id_text))
        return;
    int r = read_item (self, item, file);
    to->is_kept = false;
    if (r == 0)
        to->count++;
    else
        spool_say (self, 0, "%s/%s: %s", folders_name (from->folder), from->name, strerror (-r));
    if (r == 0 && to == self->ahead)
        workers_add (self->readers);
}

void spool_add (struct spool *self, struct group *to, enum folder from, const char *name)
{
    int file = open_whole (self, from, name);
    if (file < 0)
        return;
    add_open (self, to, &(struct source){from, name}, file);
    close (file);
}

/* Somebody may have put another in its place since it was opened: then that one is read. */
static void add_claimed (struct spool *self, struct group *to, const char *name, int file)
{
    struct stat opened, moved;
    size_t count = to->count;
    bool is_same = fstat (file, &opened) == 0 &&
                   fstatat (self->folders.of[FOLDER_CLAIMED], name, &moved, AT_SYMLINK_NOFOLLOW) == 0 &&
                   opened.st_ino == moved.st_ino;
    if (is_same)
        add_open (self, to, &(struct source){FOLDER_CLAIMED, name}, file);
    else
        spool_add (self, to, FOLDER_CLAIMED, name);
    self->is_left = self->is_left || to->count == count;
}

/* Under a name that no other will have: the same name may come again while this one is under way. */
void spool_claim (struct spool *self, struct group *to, const char *name)
{
    char as[FOLDERS_NAME];
    uint8_t number[(CLAIM_LENGTH - 1) / 2];
    int file = folders_is_message (name) ? open_whole (self, FOLDER_IN, name) : -1;
    if (file < 0)
        return;
    attempt_random (number, sizeof number);
    consent_hex (number, sizeof number, as);
    snprintf (as + CLAIM_LENGTH - 1, sizeof as - CLAIM_LENGTH + 1, "-%.*s", FOLDERS_NAME - CLAIM_LENGTH - 1, name);
    if (folders_move (&self->folders, &(struct folders_move){FOLDER_IN, name, FOLDER_CLAIMED, as}) == 0)
        add_claimed (self, to, as, file);
    close (file);
}

bool spool_is_full (const struct group *group, size_t most, size_t most_bytes)
{
    size_t bytes = 0;
    for (size_t i = 0; i < group->count; i++)
        bytes += group->items[i].size;
    return group->count >= most || bytes >= most_bytes;
}

void spool_begin_item (void *context, size_t number)
{
    struct group *group = context;
    struct item *item = &group->items[number];
    if (item->passage)
        return;
    item->passage = passage_new (item->recalled ? &item->order : group->order, item->text, item->size);
    passage_step (item->passage, &item->need);
}

void spool_begin (struct spool *self)
{
    workers_share (self->workers, self->now->count, spool_begin_item, self->now);
}

static void clear_item (void *context, size_t number)
{
    struct item *item = &((struct group *)context)->items[number];
    passage_destroy (&item->passage);
    explicit_bzero (item->secret, sizeof item->secret);
    free (item->text);
    ledger_entry_destroy (&item->intent);
    ledger_entry_destroy (&item->sealed);
    ledger_entry_destroy (&item->went);
    json_decref (item->decided);
    json_decref (item->held);
}

void spool_clear (struct spool *self, struct group *group)
{
    workers_share (self->workers, group->count, clear_item, group);
    json_object_clear (group->chosen);
    json_object_clear (group->products);
    group->count = 0;
}
