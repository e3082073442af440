/* --dry-run: what would become of what is in in/, by what the registry advises now. Nothing is moved, written or
   recorded as told, and nobody listens.

   What one message does to another is seen too, as a run would have it: the messages come in its order, what takes
   back and what that is about are decided one after the other, and what would be in the ledger afterwards is in
   memory. What is held may end otherwise when others have their end: that is decided once more, and said last. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
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

/* What was put off is looked at with the next group. */
static void note_put_off (struct spool *self, json_t *again)
{
    for (size_t i = 0; i < self->now->count; i++) {
        if (passage_result (self->now->items[i].passage)->status != CONSENT_RETRY)
            continue;
        json_t *digits = name_json (self->now->items[i].name);
        json_object_set_new (again, json_string_value (digits), json_true ());
        json_decref (digits);
    }
}

/* A group, to what would be its end. 0 or an exit code. */
static int look_at_group (struct spool *self, struct look_end *look)
{
    spool_begin (self);
    spool_put_off (self, self->now);
    note_put_off (self, look->again);
    while (any_is_asked_about (self)) {
        spool_meet (self, self->now);
        spool_ask (self);
    }
    int r = spool_look_end (self, look);
    spool_show_progress (self);
    spool_clear (self, self->now);
    if (r == 0 && self->status)
        r = spool_say (self, EX_NOPERM, "the registry does not admit this key, or its role may not ask");
    return r == 0 && self->away ? EX_UNAVAILABLE : r;
}

static void add_again (struct spool *self, json_t *again)
{
    const char *digits;
    json_t *unused;
    char name[FOLDERS_NAME];
    json_object_foreach (again, digits, unused)
    {
        name_of_digits (digits, name);
        spool_add (self, self->now, FOLDER_IN, name);
    }
    json_object_clear (again);
}

/* Fills the group: with what was put off, and then in the order of a run. */
static void take (struct spool *self, struct look_end *look, bool *begun)
{
    add_again (self, look->again);
    while (!spool_is_full (self->now, AHEAD_MAX, AHEAD_BYTES)) {
        const char *name = arrivals_next (&self->arrivals);
        if (name)
            spool_add (self, self->now, FOLDER_IN, name);
        else if ((*begun && !self->arrivals.goes_on) ||
                 !arrivals_look (&self->arrivals, self->folders.of[FOLDER_IN], ARRIVALS_MAX))
            return;
        *begun = true;
    }
}

/* All that the folder has, group by group. 0 or an exit code. */
static int look_at_all (struct spool *self, struct look_end *look)
{
    bool begun = false;
    int r = 0;
    for (take (self, look, &begun); r == 0 && self->now->count > 0 && !stopping_is_asked ();
         take (self, look, &begun))
        r = look_at_group (self, look);
    return r;
}

/* What is left for later, once more. 0 or an exit code. */
static int look_again (struct spool *self, struct look_end *look)
{
    json_t *names = json_copy (look->later), *unused;
    const char *digits;
    char name[FOLDERS_NAME];
    int r = 0;
    json_object_foreach (names, digits, unused)
    {
        if (r == 0 && spool_is_full (self->now, AHEAD_MAX, AHEAD_BYTES))
            r = look_at_group (self, look);
        add_again (self, look->again);
        name_of_digits (digits, name);
        if (r == 0 && !spool_is_full (self->now, AHEAD_MAX, AHEAD_BYTES))
            spool_add (self, self->now, FOLDER_IN, name);
    }
    json_decref (names);
    while (r == 0 && self->now->count > 0 && !stopping_is_asked ()) {
        r = look_at_group (self, look);
        add_again (self, look->again);
    }
    return r;
}

static bool any_answers_nothing (const json_t *later)
{
    const char *unused;
    json_t *kept;
    json_object_foreach ((json_t *)(uintptr_t)later, unused, kept)
    {
        if (json_is_true (json_object_get (kept, "answers_nothing")))
            return true;
    }
    return false;
}

/* As a run does, which looks again at what answers nothing as often as something went. */
static int look_at_later (struct spool *self, struct look_end *look)
{
    int r = 0;
    size_t went = 0;
    while (r == 0 && went != self->tally.ends[END_SENT] && any_answers_nothing (look->later)) {
        went = self->tally.ends[END_SENT];
        r = look_again (self, look);
    }
    look->last = true;
    return r == 0 ? look_again (self, look) : r;
}

static bool may_be_answered (const struct mapping *const *mappings)
{
    for (; *mappings; mappings++) {
        if (mapping_is_return (*mappings) || (*mappings)->subject_by)
            return true;
    }
    return false;
}

/* One that is in memory, over that of the spool, if there is one. */
static int open_ledger (struct spool *self)
{
    char error[PASSAGE_ERROR];
    int r = spool_open_ledger (self);
    if (r == 0 && ledger_open_scratch (&self->ledger, self->ledger, error, sizeof error) != 0)
        r = spool_say (self, EX_OSERR, "%s", error);
    return r;
}

int spool_look (struct spool *self)
{
    char error[PASSAGE_ERROR];
    struct look_end look = {json_object (), json_object (), may_be_answered (self->order->order.mappings), false};
    int r = folders_look (&self->folders, self->order->directory, error, sizeof error) == 0
                ? 0
                : spool_say (self, EX_NOINPUT, "%s", error);
    if (r == 0)
        r = open_ledger (self);
    if (r == 0)
        r = spool_open_checks (self);
    self->total = folders_count (&self->folders, FOLDER_IN);
    if (r == 0)
        r = look_at_all (self, &look);
    if (r == 0)
        r = look_at_later (self, &look);
    progress_end ();
    json_decref (look.again);
    json_decref (look.later);
    if (r != 0 && r != EX_UNAVAILABLE)
        return r;
    size_t claimed = folders_count (&self->folders, FOLDER_CLAIMED);
    if (claimed > 0 && !self->order->quiet)
        spool_say (self, 0, "%zu more are under way since a run before: the next start goes on with them",
                   claimed);
    return r;
}
