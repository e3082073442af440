/* Where messages would end (--dry-run), and what would be in the ledger then. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "held.h"
#include "spool_parts.h"
#include "went.h"

static bool has_products (const struct item *item)
{
    size_t count;
    passage_products (item->passage, &count);
    return count > 0;
}

/* What is known of it in one of the lists; NULL: it is not there. Borrowed. */
static json_t *entry_of (const json_t *list, const struct item *item)
{
    json_t *digits = name_json (item->name);
    json_t *entry = json_object_get (list, json_string_value (digits));
    json_decref (digits);
    return entry;
}

/* Others that have their end may make it end otherwise: what takes it back, or what it answers. */
static bool may_end_otherwise (const struct item *item, const struct look_end *look)
{
    bool answers_nothing = passage_result (item->passage)->code == PASSAGE_ANSWERS_NOTHING;
    return item->end == END_HELD && (has_products (item) || (answers_nothing && look->answers));
}

/* The name that it would have in held/. */
static void choose_name (struct spool *self, struct item *item, const json_t *left)
{
    uint8_t key[LEDGER_KEY];
    json_t *record;
    unsigned number = 0;
    if (left) {
        name_of_json (json_object_get (left, "as"), item->as);
        return;
    }
    do {
        folders_like (item->name, ++number, item->as);
        ledger_key_of (self->ledger, "held", item->as, key);
        ledger_get (self->ledger, LEDGER_HELD, key, &record);
        json_decref (record);
    } while (record || !folders_is_free (&self->folders, FOLDER_HELD, item->as));
}

/* Within a change: what the ledger would have of it. */
static void keep (struct spool *self, struct item *item, const struct look_end *look)
{
    const json_t *left = entry_of (look->later, item);
    item->end = spool_end_of (item);
    if (item->end == END_WAITS)
        return;
    choose_name (self, item, left);
    if (left)
        held_forget (self, item->as);
    if (item->end == END_HELD)
        held_begin (self, item);
    spool_take_back (self, item);
    if (item->end == END_SENT && (has_products (item) || look->answers))
        went_put (self->ledger, item->passage, item->name);
    if (item->end == END_HELD && has_products (item))
        held_put (self, item);
}

static void leave (struct look_end *look, const struct item *item)
{
    json_t *digits = name_json (item->name);
    bool answers_nothing = passage_result (item->passage)->code == PASSAGE_ANSWERS_NOTHING;
    json_object_set_new (look->later, json_string_value (digits),
                         json_pack ("{s:o, s:b}", "as", name_json (item->as), "answers_nothing", answers_nothing));
    json_decref (digits);
}

static void say (struct spool *self, struct look_end *look, struct item *item)
{
    json_t *digits = name_json (item->name);
    json_object_del (look->later, json_string_value (digits));
    json_decref (digits);
    spool_say_would (self, item);
}

int spool_look_end (struct spool *self, struct look_end *look)
{
    ledger_begin (self->ledger);
    for (size_t i = 0; i < self->now->count; i++) {
        struct item *item = &self->now->items[i];
        if (passage_result (item->passage)->outcome == PASSAGE_BAD_SCHEMA)
            return spool_say (self, EX_CONFIG, "%s", passage_result (item->passage)->error);
        if (!entry_of (look->again, item))
            keep (self, item, look);
    }
    int r = ledger_commit (self->ledger);
    if (r < 0)
        return spool_say (self, EX_OSERR, "what would be cannot be kept in memory: %s", strerror (-r));
    for (size_t i = 0; i < self->now->count; i++) {
        struct item *item = &self->now->items[i];
        if (entry_of (look->again, item))
            continue;
        if (!look->last && may_end_otherwise (item, look))
            leave (look, item);
        else
            say (self, look, item);
    }
    return 0;
}
