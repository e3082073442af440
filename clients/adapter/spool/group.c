/* The way of a group of messages: what one needs is done for all that need it, so that one sync and one round of
   questions serve many. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "call.h"
#include "codec/document_writer.h"
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

static bool any_needs (const struct spool *self, enum passage_need_kind kind)
{
    for (size_t i = 0; i < self->now->count; i++) {
        if (self->now->items[i].need.kind == kind)
            return true;
    }
    return false;
}

int spool_written (const struct spool *self)
{
    for (size_t i = 0; i < self->now->count; i++) {
        if (self->now->items[i].written < 0)
            return self->now->items[i].written;
    }
    return 0;
}

int spool_sync (struct spool *self)
{
    int r = spool_note_removed (self, false);
    if (r == 0)
        r = folders_sync (&self->folders);
    if (r == 0)
        self->now->is_kept = self->ahead->is_kept = true;
    return r;
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

void spool_note_intended (const struct spool *self, struct item *item)
{
    /* What was found recorded was disclosed then, and will be forgotten a day after that. */
    if (!item->recalled || item->unrecorded)
        item->intended = spool_time (self);
}

/* What the ledger is to know of an item that may be disclosed. Caller owns it. */
static struct ledger_entry *intent_of (const struct spool *self, const struct item *item)
{
    const struct ledger_mark marks[] = {{NULL, NULL}};
    char secret[2 * PASSAGE_SECRET + 1], name[2 * FOLDERS_NAME];
    struct document_writer writer;
    consent_hex (item->name, strlen (item->name), name);
    consent_hex (passage_order (item->passage)->secret, PASSAGE_SECRET, secret);
    document_begin (&writer, 0);
    document_open_object (&writer, NULL);
    document_put_text (&writer, "name", name);
    document_put_truth (&writer, "held", item->from == FOLDER_HELD);
    document_put_number (&writer, "at", item->intended);
    document_put_number (&writer, "attempt", item->need.attempt);
    document_put_text (&writer, "secret", secret);
    document_close_object (&writer);
    char *intent = document_end (&writer);
    struct ledger_entry *entry = ledger_seal_text (self->ledger, LEDGER_UNDER_WAY, item->id, intent, marks);
    explicit_bzero (secret, sizeof secret);
    explicit_bzero (intent, strlen (intent));
    free (intent);
    return entry;
}

void spool_store (const struct spool *self, struct item *item)
{
    char name[ID_TEXT + sizeof ".out"];
    snprintf (name, sizeof name, "%s.out", item->id_text);
    item->written = folders_write (&self->folders, FOLDER_WORK, name,
                                   (struct bytes){item->need.output, item->need.output_size});
    ledger_entry_destroy (&item->intent);
    item->intent = intent_of (self, item);
}

static void store_one (void *context, size_t number)
{
    const struct spool *self = context;
    struct item *item = &self->now->items[number];
    if (item->need.kind == PASSAGE_WRITE && !item->intent)
        spool_store (self, item);
}

/* The output of each that could go, beside the others: also of what is asked about nobody. It gets its place when
   it may, and is durable with its report before that is decided: until then it can be made once more from what
   came. That is to be where the ledger knows it. */
static int store_outputs (struct spool *self)
{
    for (size_t i = 0; i < self->now->count; i++) {
        if (self->now->items[i].need.kind == PASSAGE_WRITE && !self->now->items[i].intent)
            spool_note_intended (self, &self->now->items[i]);
    }
    workers_share (self->workers, self->now->count, store_one, self);
    int r = spool_written (self);
    if (r == 0 && !self->now->is_kept)
        r = spool_sync (self);
    return r < 0 ? spool_say_unwritable (self, "work", r) : 0;
}

/* From here on each may be disclosed at any moment: the ledger knows which. */
static int intend (struct spool *self)
{
    ledger_begin (self->ledger);
    for (size_t i = 0; i < self->now->count; i++) {
        struct item *item = &self->now->items[i];
        if (item->need.kind != PASSAGE_WRITE)
            continue;
        json_object_del (self->settled, item->id_text); /* one that was held before, and is under way once more */
        ledger_put_sealed (self->ledger, item->intent);
    }
    int r = ledger_commit (self->ledger);
    if (r < 0)
        return spool_say_unwritable (self, "ledger", r);
    for (size_t i = 0; i < self->now->count; i++) {
        struct item *item = &self->now->items[i];
        if (item->need.kind != PASSAGE_WRITE)
            continue;
        ledger_entry_destroy (&item->intent);
        spool_name (self, item);
        passage_tell_done (item->passage, NULL);
        passage_step (item->passage, &item->need);
    }
    return 0;
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

static bool any_is_under_way (const struct spool *self)
{
    for (size_t i = 0; i < self->now->count; i++) {
        enum passage_need_kind kind = self->now->items[i].need.kind;
        if (kind != PASSAGE_GO && kind != PASSAGE_DONE)
            return true;
    }
    return false;
}

int spool_drive (struct spool *self)
{
    int r = 0;
    while (r == 0 && any_is_under_way (self)) {
        spool_meet (self);
        spool_ask (self, PASSAGE_ADVISE);
        if (any_needs (self, PASSAGE_WRITE)) {
            r = spool_await (self);
            if (r == 0)
                r = store_outputs (self);
            if (r == 0)
                r = intend (self);
            if (r == 0)
                spool_ask (self, PASSAGE_DISCLOSE);
        }
    }
    while (r == 0 && self->reads_ahead) /* of this group nothing went */
        spool_read_one (self);
    return r == 0 ? spool_finish (self) : r;
}
