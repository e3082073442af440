/* A spool from its beginning to its end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>
#include "attempt.h"
#include "delivery/stopping.h"
#include "held.h"
#include "key_file.h"

enum {
    LOOK = 100,     /* ms between two looks at in/ while nothing happens */
    ATTEMPTS = 2,   /* of one question: whoever stops the spool need not wait for long */
    PAUSE = 2000,   /* ms before a registry that was away is asked again */
    EXPIRY = 60000, /* ms between two looks at what is held for too long */
};

int64_t spool_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --------------------------------------------------------------------------------------------- begin */

int spool_open_registry (struct spool *self, consent_t **registry_p)
{
    char error[PASSAGE_ERROR];
    *registry_p = consent_open (self->order->key, error, sizeof error);
    if (!*registry_p)
        return spool_say (self, EX_CONFIG, "%s", error);
    consent_set_attempts (*registry_p, ATTEMPTS);
    return 0;
}

int spool_open_checks (struct spool *self)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < LINES; i++)
        r = spool_open_registry (self, &self->checks[i]);
    return r == 0 ? spool_open_registry (self, &self->calls) : r;
}

int spool_open_ledger (struct spool *self)
{
    char error[PASSAGE_ERROR], *directory;
    struct key_file key, former;
    bool has_former = self->order->former_key;
    int r = key_file_read (&key, self->order->key, error, sizeof error);
    if (r == 0 && has_former)
        r = key_file_read (&former, self->order->former_key, error, sizeof error);
    if (r != 0)
        return spool_say (self, EX_CONFIG, "%s", error);
    if (asprintf (&directory, "%s/ledger", self->order->directory) < 0)
        abort ();
    const struct ledger_place place = {.directory = directory,
                                       .secret_key = key.secret_key,
                                       .former = has_former ? former.secret_key : NULL,
                                       .reads_only = self->order->order.advise_only};
    r = ledger_open (&self->ledger, &place, error, sizeof error);
    explicit_bzero (&key, sizeof key);
    explicit_bzero (&former, sizeof former);
    free (directory);
    return r == 0 || r == LEDGER_NONE ? 0 : spool_say (self, EX_CONFIG, "%s", error);
}

static int begin (struct spool *self)
{
    char error[PASSAGE_ERROR];
    if (folders_open (&self->folders, self->order->directory, error, sizeof error) != 0)
        return spool_say (self, EX_CANTCREAT, "%s", error);
    int r = spool_open_ledger (self);
    if (r == 0)
        r = spool_open_checks (self);
    if (r == 0)
        r = spool_open_registry (self, &self->events);
    if (r == 0)
        r = spool_watch (self);
    if (r == 0)
        r = spool_listen (self);
    if (r == 0)
        r = spool_recover (self);
    return r == 0 ? spool_hear_first (self) : r;
}

static void begin_group (struct group *self, const struct passage_order *order)
{
    self->order = order;
    self->chosen = json_object ();
    self->products = json_object ();
}

static void end_group (struct spool *self, struct group *group)
{
    spool_clear (self, group);
    json_decref (group->chosen);
    json_decref (group->products);
}

static void end (struct spool *self)
{
    workers_wait (self->readers);
    leaving_end (&self->leaving);
    for (size_t i = 0; i < GROUPS; i++)
        end_group (self, &self->groups[i]);
    removing_end (&self->removing);
    for (size_t i = 0; i < LINES; i++)
        consent_close (&self->checks[i]);
    consent_close (&self->calls);
    consent_close (&self->events);
    ledger_destroy (&self->ledger);
    folders_close (&self->folders);
    if (self->inotify >= 0)
        close (self->inotify);
    spool_forget_known (self);
    workers_destroy (&self->workers);
    workers_destroy (&self->readers);
    workers_destroy (&self->syncing.workers);
    arrivals_clear (&self->arrivals);
    json_decref (self->woken);
    json_decref (self->told);
    json_decref (self->settled);
    json_decref (self->stuck);
    json_decref (self->tally.held);
    json_decref (self->tally.waits);
}

/* ----------------------------------------------------------------------------------------------- go on */

/* Takes each group a step. 0 or an exit code. */
static int round_of (struct spool *self, bool *is_idle)
{
    enum folder gone = folders_gone (&self->folders);
    int r = gone != FOLDERS ? spool_await (self) : 0;
    if (r == 0 && gone != FOLDERS)
        r = spool_say (self, EX_CANTCREAT, "%s/%s was removed. It is made anew at the next start",
                       self->order->directory, folders_name (gone));
    if (r != 0)
        return r;
    spool_take (self);
    *is_idle = self->now->count == 0 && self->next->count == 0;
    r = *is_idle ? spool_settle (self) : spool_drive (self);
    spool_show_progress (self);
    spool_clear (self, self->now);
    if (r == 0 && self->status)
        r = spool_say (self, EX_NOPERM, "the registry does not admit this key, or its role may not ask");
    return r;
}

/* What answered nothing may answer something that went since. It is looked at again when there is nothing else to
   do: so once for all that went. */
static bool wake_answers (struct spool *self)
{
    const char *digits;
    json_t *code;
    bool is_any = false;
    if (self->tally.ends[END_SENT] == self->looked_after)
        return false;
    self->looked_after = self->tally.ends[END_SENT];
    json_object_foreach (self->tally.held, digits, code)
    {
        if (strcmp (json_string_value (code), "ANSWERS_NOTHING") != 0)
            continue;
        json_object_set_new (self->woken, digits, json_true ());
        is_any = true;
    }
    return is_any;
}

/* Somebody asks that it ends. What was read ahead is decided first, if that can be. */
static bool is_over (const struct spool *self)
{
    return stopping_is_asked () && (self->next->count + self->ahead->count == 0 || self->away);
}

/* Until there is nothing to do, or somebody asks. */
static int go_on (struct spool *self)
{
    int64_t expiry = 0;
    int r = 0;
    self->total = folders_count (&self->folders, FOLDER_IN) + folders_count (&self->folders, FOLDER_CLAIMED) +
                  json_object_size (self->woken);
    while (r == 0 && !is_over (self)) {
        bool is_idle = false;
        r = round_of (self, &is_idle);
        is_idle = is_idle && !wake_answers (self);
        if (r == 0 && self->away && self->order->once)
            return EX_UNAVAILABLE;
        if (r == 0 && self->away)
            stopping_pause (PAUSE);
        if (r == 0)
            r = spool_hear (self, is_idle ? LOOK : 0);
        if (r == 0)
            r = spool_obey (self);
        if (r == 0 && attempt_now () >= expiry) {
            self->is_left = self->is_left || expiry > 0; /* what could not be read a while ago may be by now */
            expiry = attempt_now () + EXPIRY;
            r = held_expire (self);
            r = r == 0 ? spool_try_stuck (self) : r;
        }
        if (r == 0)
            r = spool_forget (self);
        if (r == 0 && is_idle && self->order->once && json_object_size (self->woken) == 0 && !*self->missed)
            break;
    }
    return r;
}

static int run (struct spool *self)
{
    int r = begin (self);
    if (r != 0)
        return r;
    r = go_on (self);
    int settled = spool_settle (self);
    if (r != 0)
        self->tally.left = folders_count (&self->folders, FOLDER_CLAIMED);
    spool_say_summary (self);
    r = r == 0 ? settled : r;
    return r == 0 && json_object_size (self->stuck) > 0 ? EX_IOERR : r;
}

static int look (struct spool *self)
{
    int r = spool_look (self);
    if (r == 0 || r == EX_UNAVAILABLE)
        spool_say_summary (self);
    return r;
}

static size_t processors (void)
{
    long count = sysconf (_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (size_t)count;
}

int spool_run (const struct spool_order *order)
{
    struct spool *self = calloc (1, sizeof *self);
    if (!self)
        abort ();
    *self = (struct spool){.order = order,
                           .folders = {.root = -1},
                           .inotify = -1,
                           .workers = workers_new (processors (), false),
                           .readers = workers_new (processors (), true),
                           .now = &self->groups[0],
                           .next = &self->groups[1],
                           .ahead = &self->groups[2],
                           .is_left = true,
                           .woken = json_object (),
                           .told = json_object (),
                           .settled = json_object (),
                           .stuck = json_object (),
                           .tally = {.held = json_object (), .waits = json_object ()}};
    for (size_t i = 0; i < GROUPS; i++)
        begin_group (&self->groups[i], &order->order);
    workers_begin (self->readers, spool_begin_item, self->ahead);
    leaving_begin (&self->leaving, &self->folders);
    removing_begin (&self->removing, &self->folders);
    spool_begin_syncing (self);
    stopping_begin ();
    int r = order->order.advise_only ? look (self) : run (self);
    end (self);
    free (self);
    return r;
}
