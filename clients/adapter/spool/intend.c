/* What the ledger knows before a message may be disclosed. What goes is stored first: whoever comes after a crash
   then finds which message it may have been, where that lies, and under which key it was asked about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "call.h"
#include "codec/document_writer.h"
#include "spool_parts.h"

struct storing {
    const struct spool *spool;
    struct group *group;
};

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
    const struct storing *self = context;
    struct item *item = &self->group->items[number];
    if (item->need.kind == PASSAGE_WRITE && !item->intent)
        spool_store (self->spool, item);
}

int spool_store_all (struct spool *self, struct group *group)
{
    struct storing storing = {self, group};
    for (size_t i = 0; i < group->count; i++) {
        if (group->items[i].need.kind == PASSAGE_WRITE && !group->items[i].intent)
            spool_note_intended (self, &group->items[i]);
    }
    workers_share (self->workers, group->count, store_one, &storing);
    return spool_written (group);
}

void spool_put_intents (struct spool *self, const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct item *item = &group->items[i];
        if (item->need.kind != PASSAGE_WRITE)
            continue;
        json_object_del (self->settled, item->id_text); /* one that was held before, and is under way once more */
        ledger_put_sealed (self->ledger, item->intent);
    }
}

void spool_begin_disclosing (struct spool *self, struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        struct item *item = &group->items[i];
        if (item->need.kind != PASSAGE_WRITE)
            continue;
        ledger_entry_destroy (&item->intent);
        spool_name (self, group, item);
        passage_tell_done (item->passage, NULL);
        passage_step (item->passage, &item->need);
    }
}

/* The output gets its place when it may, and is durable with its report before that is decided: until then it can
   be made once more from what came. That is to be where the ledger knows it. */
int spool_intend (struct spool *self)
{
    int r = spool_await (self);
    if (r != 0)
        return r;
    r = spool_store_all (self, self->now);
    if (r == 0 && !self->now->is_kept)
        r = spool_sync (self);
    if (r < 0)
        return spool_say_unwritable (self, "work", r);
    ledger_begin (self->ledger);
    spool_put_intents (self, self->now);
    r = ledger_commit (self->ledger);
    if (r < 0)
        return spool_say_unwritable (self, "ledger", r);
    spool_begin_disclosing (self, self->now);
    return 0;
}
