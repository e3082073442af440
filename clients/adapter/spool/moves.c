/* How what is decided gets its place. That it is decided is in the ledger before anything moves, so that whoever
   comes after a crash moves the rest; and a move that was made is not made again.

   Of what goes by itself, which is nearly all, the moves are made beside the questions of the next group: a file
   system makes one after the other, and the questions do without it. They are waited for before that group chooses
   a name, and before anything is synced. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "spool_parts.h"

struct moving {
    const struct folders *folders;
    enum item_end end;
    enum folder from;
    char name[FOLDERS_NAME], as[FOLDERS_NAME];
    char as_report[FOLDERS_NAME + sizeof FOLDERS_REPORT];
    char out[ID_TEXT + sizeof ".out"], report[ID_TEXT + sizeof ".report"];
};

/* There is nothing to move, since it was moved. If it is there, it is the other folder that is not: somebody
   removed it. */
static int moved_before (const struct moving *self, enum folder from, const char *name)
{
    return folders_has (self->folders, from, name) ? -ENOENT : 0;
}

static int move (const struct moving *self, enum folder from, const char *name, const char *as)
{
    const struct folders_move one = {from, name, spool_place_of (self->end), as};
    int r = folders_move (self->folders, &one);
    return r == -ENOENT ? moved_before (self, from, name) : r;
}

/* A message that stays held has its report in the same place. */
static int move_report (const struct moving *self)
{
    if (self->from == FOLDER_HELD && self->end == END_HELD) {
        int r = renameat (self->folders->of[FOLDER_WORK], self->report, self->folders->of[FOLDER_HELD],
                          self->as_report);
        return r != 0 && errno != ENOENT ? -errno : r == 0 ? 0 : moved_before (self, FOLDER_WORK, self->report);
    }
    return move (self, FOLDER_WORK, self->report, self->as_report);
}

static int remove_source (const struct moving *self)
{
    char report[FOLDERS_NAME + sizeof FOLDERS_REPORT];
    folders_report_name (self->name, report);
    int r = folders_remove (self->folders, self->from, self->name);
    return r == 0 && self->from == FOLDER_HELD ? folders_remove (self->folders, FOLDER_HELD, report) : r;
}

/* The report, then what it is about. */
static int move_all (const struct moving *self)
{
    int r = move_report (self);
    if (r == 0 && self->end != END_SENT)
        r = folders_remove (self->folders, FOLDER_WORK, self->out); /* what was to go, and does not */
    if (r < 0 || (self->from == FOLDER_HELD && self->end == END_HELD))
        return r;
    if (self->end == END_SENT)
        return move (self, FOLDER_WORK, self->out, self->as);
    return self->end == END_ERASED ? 0 : move (self, self->from, self->name, self->as);
}

enum folder spool_place_of (enum item_end end)
{
    return end == END_SENT ? FOLDER_SENT : end == END_HELD ? FOLDER_HELD : FOLDER_FAILED;
}

enum folder spool_folder_of (const json_t *decided)
{
    return spool_place_of ((enum item_end)json_integer_value (json_object_get (decided, "end")));
}

/* What follows from the rest. */
static void name_all (struct moving *self, const char *id_text)
{
    folders_report_name (self->as, self->as_report);
    snprintf (self->out, sizeof self->out, "%s.out", id_text);
    snprintf (self->report, sizeof self->report, "%s.report", id_text);
}

/* What went is moved, and what came is still there. */
static bool is_gone (const struct moving *self)
{
    return self->from == FOLDER_CLAIMED && self->end == END_SENT;
}

static void note_removed (void *context, const char *id_text)
{
    struct spool *self = context;
    json_object_set_new (self->settled, id_text, json_true ());
}

int spool_note_removed (struct spool *self, bool all)
{
    return removing_take (&self->removing, all, note_removed, self);
}

/* What came, of a message that went: that has its place. 0 or -errno. */
static int remove_claimed (struct spool *self, const char *id_text, const char *name)
{
    int r = 0;
    json_object_set_new (self->settled, id_text, json_false ());
    while (r == 0 && removing_add (&self->removing, id_text, name) == REMOVING_FULL)
        r = spool_note_removed (self, true);
    return r;
}

int spool_move (struct spool *self, const char *id_text, const json_t *decided)
{
    struct moving moving = {.folders = &self->folders,
                            .end = (enum item_end)json_integer_value (json_object_get (decided, "end")),
                            .from =
                                json_is_true (json_object_get (decided, "held")) ? FOLDER_HELD : FOLDER_CLAIMED};
    name_of_json (json_object_get (decided, "name"), moving.name);
    name_of_json (json_object_get (decided, "as"), moving.as);
    name_all (&moving, id_text);
    int r = move_all (&moving);
    if (r == 0 && is_gone (&moving))
        return remove_claimed (self, id_text, moving.name);
    return r < 0 || (moving.from == FOLDER_HELD && moving.end == END_HELD) ? r : remove_source (&moving);
}

/* ------------------------------------------------------------------------------------ beside what goes on */

static void leave_one (void *context, size_t number)
{
    struct leaving *self = context;
    struct leaving_one *one = &self->list[number];
    struct moving moving = {.folders = self->folders, .end = END_SENT, .from = FOLDER_CLAIMED};
    strcpy (moving.name, one->name);
    strcpy (moving.as, one->as);
    name_all (&moving, one->id_text);
    one->result = move_all (&moving);
    atomic_store_explicit (&one->is_done, true, memory_order_release);
}

void leaving_begin (struct leaving *self, const struct folders *folders)
{
    self->folders = folders;
    self->workers = workers_new (1, false);
    workers_begin (self->workers, leave_one, self);
}

void leaving_end (struct leaving *self)
{
    workers_wait (self->workers);
    workers_destroy (&self->workers);
}

void spool_leave (struct spool *self, const struct item *item)
{
    struct leaving_one *one = &self->leaving.list[self->leaving.count++];
    strcpy (one->id_text, item->id_text);
    strcpy (one->name, item->name);
    strcpy (one->as, item->as);
    atomic_store_explicit (&one->is_done, false, memory_order_relaxed);
    json_object_set_new (self->settled, item->id_text, json_false ());
    workers_add (self->leaving.workers);
}

/* 0 or -errno. */
static int end_one (struct spool *self, const struct leaving_one *one)
{
    if (one->result == 0) {
        spool_say_went (self, one->name, one->as);
        return remove_claimed (self, one->id_text, one->name);
    }
    json_object_del (self->settled, one->id_text);
    return one->result == -EEXIST ? spool_stick (self, one->id_text) : one->result;
}

void spool_let_leave (struct spool *self)
{
    struct leaving *leaving = &self->leaving;
    while (leaving->ended < leaving->count &&
           atomic_load_explicit (&leaving->list[leaving->ended].is_done, memory_order_acquire)) {
        int r = end_one (self, &leaving->list[leaving->ended++]);
        leaving->failed = leaving->failed == 0 ? r : leaving->failed;
    }
}

int spool_await (struct spool *self)
{
    workers_wait (self->leaving.workers);
    spool_let_leave (self);
    int r = self->leaving.failed;
    self->leaving.count = self->leaving.ended = 0;
    self->leaving.failed = 0;
    return r < 0 ? spool_say_unwritable (self, folders_name (FOLDER_SENT), r) : 0;
}
