/* How records are gone through, and found by their marks. */
#include <errno.h>
#include <string.h>
#include "call.h"
#include "ledger_inner.h"

struct walk {
    struct ledger *ledger;
    struct ledger *over; /* one in memory, of which this is what it has not itself; NULL: there is none */
    MDB_txn *txn;
    enum ledger_table table;
    ledger_handler *each;
    void *context;
};

/* What the one in memory has of it comes instead. */
static int read_newest (const struct walk *self, struct bytes place, json_t **whole_p)
{
    int r = self->over ? ledger_read_alone (self->over, place, whole_p) : LEDGER_NONE;
    return r == LEDGER_NONE ? ledger_read (self->ledger, self->txn, place, whole_p) : r;
}

/* It was handed over with those under it. */
static bool is_under (const struct walk *self, struct bytes place)
{
    json_t *whole = NULL;
    bool is_there = self->ledger->under && ledger_read_alone (self->ledger->under, place, &whole) == 0;
    json_decref (whole);
    return is_there;
}

static int hand_over (const struct walk *self, const uint8_t key[LEDGER_KEY])
{
    uint8_t bytes[LEDGER_PLACE];
    struct bytes place = ledger_place_of (self->table, key, bytes);
    json_t *whole = NULL;
    if (is_under (self, place))
        return 0;
    int r = read_newest (self, place, &whole);
    if (r == 0)
        r = self->each (self->context, key, json_object_get (whole, "record"));
    else if (r == LEDGER_NONE)
        r = -EBADMSG; /* a mark of nothing */
    json_decref (whole);
    return r;
}

/* Hands over what the cursor's entries lead to, as long as they begin with `head`. */
static int walk (const struct walk *self, MDB_dbi dbi, struct bytes head, size_t key_at)
{
    MDB_cursor *cursor;
    MDB_val name = {.mv_size = head.size, .mv_data = (void *)(uintptr_t)head.data}, value;
    int r = ledger_result (mdb_cursor_open (self->txn, dbi, &cursor));
    if (r != 0)
        return r;
    for (r = mdb_cursor_get (cursor, &name, &value, head.size ? MDB_SET_RANGE : MDB_FIRST); r == 0;
         r = mdb_cursor_get (cursor, &name, &value, MDB_NEXT)) {
        if (name.mv_size < key_at + LEDGER_KEY || memcmp (name.mv_data, head.data, head.size) != 0)
            break;
        int handled = hand_over (self, (const uint8_t *)name.mv_data + key_at);
        if (handled != 0) {
            mdb_cursor_close (cursor);
            return handled;
        }
    }
    mdb_cursor_close (cursor);
    r = ledger_result (r);
    return r == LEDGER_NONE ? 0 : r;
}

/* All that the ledger has itself, or that has the mark whose hash is `head`. */
static int walk_all (struct walk walking, struct bytes head)
{
    struct ledger *self = walking.ledger;
    MDB_dbi dbi = self->tables[head.size ? LEDGER_MARKS : walking.table];
    walking.txn = ledger_reading (self);
    if (!walking.txn)
        return -EIO;
    int r = dbi == LEDGER_NO_TABLE ? 0 : walk (&walking, dbi, head, head.size);
    ledger_end_reading (self, walking.txn);
    return r;
}

/* First what is under it. */
static int walk_both (struct walk walking, struct bytes head)
{
    struct walk below = walking;
    below.ledger = walking.ledger->under;
    below.over = walking.ledger;
    int r = below.ledger ? walk_all (below, head) : 0;
    return r == 0 ? walk_all (walking, head) : r;
}

int ledger_each (struct ledger *self, enum ledger_table table, ledger_handler *each, void *context)
{
    return walk_both ((struct walk){.ledger = self, .table = table, .each = each, .context = context},
                      (struct bytes){"", 0});
}

int ledger_find (struct ledger *self, enum ledger_table table, const struct ledger_mark *mark,
                 ledger_handler *each, void *context)
{
    uint8_t head[SEAL_HASH + 1];
    seal_name (&self->keys, mark->kind, mark->text, head);
    head[SEAL_HASH] = (uint8_t)table;
    return walk_both ((struct walk){.ledger = self, .table = table, .each = each, .context = context},
                      (struct bytes){head, sizeof head});
}

static int note_key (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)record;
    char text[2 * LEDGER_KEY + 1];
    consent_hex (key, LEDGER_KEY, text);
    json_array_append_new (context, json_string (text));
    return 0;
}

int ledger_forget (struct ledger *self, enum ledger_table table, const struct ledger_mark *mark)
{
    json_t *keys = json_array (), *text;
    uint8_t key[LEDGER_KEY];
    size_t index;
    int r = ledger_find (self, table, mark, note_key, keys);
    json_array_foreach (keys, index, text)
    {
        consent_unhex (json_string_value (text), key);
        ledger_delete (self, table, key);
    }
    json_decref (keys);
    return r;
}
