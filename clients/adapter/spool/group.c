/* The way of messages through a spool, in groups: what one needs is done for all that need it, so that one sync
   and one round of questions serve many.

   Three groups are under way, each a step behind the other: what one message waits for is so the time in which
   others are worked at.

       ahead   is taken from in/ and read;
       next    is asked about (ADVISE), and what may go of it is built and stored;
       now     is disclosed, and has its end.

   One round asks for the disclosures of `now` and the advice about `next`. Then one sync makes the reports of
   `now`, the outputs of `next` and the names of `ahead` durable, and one commit has what became of `now` and what
   may be disclosed of `next`. What cannot go this way (a message whose advice was no longer so, one that answers
   what is in `now`, and all that a run before left, or that was held) goes the whole way within `now`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "call.h"
#include "spool_parts.h"

json_t *name_json (const char *name)
{
    char text[2 * FOLDERS_NAME];
    consent_hex (name, strlen (name), text);
    return json_string (text);
}

void name_of_json (const json_t *text, char name[FOLDERS_NAME])
{
    name_of_digits (json_string_value (text) ? json_string_value (text) : "", name);
}

void name_of_digits (const char *digits, char name[FOLDERS_NAME])
{
    size_t length = strlen (digits) / 2;
    for (size_t i = 0; i < length && i < FOLDERS_NAME - 1; i++) {
        char pair[3] = {digits[2 * i], digits[2 * i + 1], 0};
        name[i] = (char)strtoul (pair, NULL, 16);
    }
    name[length < FOLDERS_NAME - 1 ? length : FOLDERS_NAME - 1] = 0;
}

bool spool_any_needs (const struct group *group, enum passage_need_kind kind)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->items[i].need.kind == kind)
            return true;
    }
    return false;
}

int spool_written (const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->items[i].written < 0)
            return group->items[i].written;
    }
    return 0;
}

int spool_sync (struct spool *self)
{
    struct syncing *syncing = &self->syncing;
    int r = spool_note_removed (self, false);
    if (r < 0)
        return r;
    self->now->is_kept = self->next->is_kept = self->ahead->is_kept = true; /* but for what is read meanwhile */
    atomic_store_explicit (&syncing->is_done, false, memory_order_relaxed);
    workers_add (syncing->workers);
    while (self->reads_ahead && !atomic_load_explicit (&syncing->is_done, memory_order_relaxed))
        spool_read_one (self);
    workers_wait (syncing->workers);
    return syncing->result;
}

static void sync_now (void *context, size_t number)
{
    struct spool *self = context;
    (void)number;
    self->syncing.result = folders_sync (&self->folders);
    atomic_store_explicit (&self->syncing.is_done, true, memory_order_relaxed);
}

void spool_begin_syncing (struct spool *self)
{
    self->syncing.workers = workers_new (1, false);
    workers_begin (self->syncing.workers, sync_now, self);
}

void spool_forget_settled (struct spool *self)
{
    const char *id;
    json_t *is_over;
    uint8_t key[LEDGER_KEY];
    json_object_foreach (self->settled, id, is_over)
    {
        consent_unhex (id, key);
        if (json_is_true (is_over))
            ledger_delete (self->ledger, LEDGER_UNDER_WAY, key);
    }
}

void spool_was_forgotten (struct spool *self)
{
    const char *id;
    json_t *is_over;
    void *next;
    json_object_foreach_safe (self->settled, next, id, is_over)
    {
        if (json_is_true (is_over))
            json_object_del (self->settled, id);
    }
}

int spool_settle (struct spool *self)
{
    int r = spool_await (self);
    if (r != 0 || json_object_size (self->settled) == 0)
        return r;
    r = spool_note_removed (self, true);
    if (r == 0)
        r = spool_sync (self);
    if (r < 0)
        return spool_say_unwritable (self, "sent", r);
    ledger_begin (self->ledger);
    spool_forget_settled (self);
    r = ledger_commit (self->ledger);
    if (r < 0)
        return spool_say_unwritable (self, "ledger", r);
    spool_was_forgotten (self);
    return 0;
}

static bool any_is_under_way (const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        enum passage_need_kind kind = group->items[i].need.kind;
        if (kind != PASSAGE_GO && kind != PASSAGE_DONE)
            return true;
    }
    return false;
}

int spool_drive (struct spool *self)
{
    int r = 0;
    spool_meet (self, self->next);
    bool is_asked = spool_any_needs (self->next, PASSAGE_ADVISE);
    while (r == 0 && (is_asked || any_is_under_way (self->now))) {
        spool_meet (self, self->now);
        if (spool_any_needs (self->now, PASSAGE_WRITE))
            r = spool_intend (self);
        if (r == 0)
            spool_ask (self);
        is_asked = false;
    }
    if (r == 0)
        r = spool_finish (self);
    while (r == 0 && self->reads_ahead)
        spool_read_one (self);
    return r;
}
