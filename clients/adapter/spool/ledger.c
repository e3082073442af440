#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "allocate.h"
#include "call.h"
#include "ledger_inner.h"

enum { MARK_SIZE = SEAL_HASH + 1 + LEDGER_KEY, PLACE_SIZE = 1 + LEDGER_KEY };

int ledger_result (int r)
{
    if (r == MDB_MAP_FULL || r == MDB_TXN_FULL)
        return -ENOSPC;
    if (r == 0 || r == MDB_NOTFOUND)
        return r == 0 ? 0 : LEDGER_NONE;
    return r < 0 ? -EBADMSG : -r; /* what is not of the machine is LMDB's word for pages that make no sense */
}

/* ------------------------------------------------------------------------------------------------ changes */

void ledger_begin (struct ledger *self)
{
    self->failed = ledger_result (mdb_txn_begin (self->env, NULL, 0, &self->txn));
    if (self->failed)
        self->txn = NULL;
}

void ledger_abort (struct ledger *self)
{
    if (self->txn)
        mdb_txn_abort (self->txn);
    self->txn = NULL;
}

int ledger_commit (struct ledger *self)
{
    if (self->failed || !self->txn) {
        ledger_abort (self);
        return self->failed ? self->failed : -EINVAL;
    }
    int r = ledger_result (mdb_txn_commit (self->txn));
    self->txn = NULL;
    return r;
}

static void note (struct ledger *self, int r)
{
    if (self->failed == 0)
        self->failed = r;
}

/* ------------------------------------------------------------------------------------------------ records */

static struct bytes place_of (enum ledger_table table, const uint8_t key[LEDGER_KEY], uint8_t place[PLACE_SIZE])
{
    place[0] = (uint8_t)table;
    memcpy (place + 1, key, LEDGER_KEY);
    return (struct bytes){place, PLACE_SIZE};
}

static MDB_val value_of (const void *data, size_t size)
{
    return (MDB_val){.mv_size = size, .mv_data = (void *)(uintptr_t)data};
}

/* A record as it is sealed: the record, and the hashes of its marks, so that they can be taken out with it. */
static char *text_of (const json_t *record, const char *marks)
{
    json_t *whole = json_pack ("{s:s, s:O}", "marks", marks, "record", record);
    char *text = whole ? json_dumps (whole, JSON_COMPACT) : NULL;
    json_decref (whole);
    if (!text)
        abort ();
    return text;
}

/* Opens what lies there. 0 or -EBADMSG. Caller owns *whole_p: {marks, record}. */
static int open_record (const struct ledger *self, struct bytes place, const MDB_val *value, json_t **whole_p)
{
    if (value->mv_size < SEAL_OVERHEAD)
        return -EBADMSG;
    size_t size = value->mv_size - SEAL_OVERHEAD;
    char *text = allocate (size + 1, 1);
    int r = seal_open (&self->keys, place, (struct bytes){value->mv_data, value->mv_size}, (uint8_t *)text);
    *whole_p = r == 0 ? json_loadb (text, size, 0, NULL) : NULL;
    explicit_bzero (text, size);
    free (text);
    bool is_record = json_is_string (json_object_get (*whole_p, "marks")) && json_object_get (*whole_p, "record");
    if (!is_record) {
        json_decref (*whole_p);
        *whole_p = NULL;
    }
    return is_record ? 0 : -EBADMSG;
}

static int read_record (struct ledger *self, MDB_txn *txn, struct bytes place, json_t **whole_p)
{
    const uint8_t *bytes = place.data;
    MDB_val name = value_of (bytes + 1, LEDGER_KEY), value;
    if (self->tables[bytes[0]] == LEDGER_NO_TABLE)
        return LEDGER_NONE;
    int r = ledger_result (mdb_get (txn, self->tables[bytes[0]], &name, &value));
    return r == 0 ? open_record (self, place, &value, whole_p) : r;
}

/* The reading that is open, or a new one. NULL: there can be none. */
static MDB_txn *reading (struct ledger *self)
{
    MDB_txn *txn = self->txn;
    return txn || mdb_txn_begin (self->env, NULL, MDB_RDONLY, &txn) == 0 ? txn : NULL;
}

static void end_reading (struct ledger *self, MDB_txn *txn)
{
    if (txn != self->txn)
        mdb_txn_abort (txn);
}

int ledger_get (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY], json_t **record_p)
{
    uint8_t place[PLACE_SIZE];
    json_t *whole = NULL;
    MDB_txn *txn = reading (self);
    *record_p = NULL;
    if (!txn)
        return -EIO;
    int r = read_record (self, txn, place_of (table, key, place), &whole);
    end_reading (self, txn);
    if (r == 0)
        *record_p = json_incref (json_object_get (whole, "record"));
    json_decref (whole);
    return r;
}

/* -------------------------------------------------------------------------------------------------- marks */

static void mark_entry (uint8_t entry[MARK_SIZE], struct bytes place)
{
    memcpy (entry + SEAL_HASH, place.data, PLACE_SIZE);
}

/* Takes out the marks that a record has. */
static void unmark (struct ledger *self, struct bytes place, const json_t *whole)
{
    const char *marks = json_string_value (json_object_get (whole, "marks"));
    uint8_t entry[MARK_SIZE];
    mark_entry (entry, place);
    for (size_t length = strlen (marks); length >= 2 * SEAL_HASH;
         length -= 2 * SEAL_HASH, marks += 2 * SEAL_HASH) {
        for (size_t i = 0; i < SEAL_HASH; i++) {
            char digits[3] = {marks[2 * i], marks[2 * i + 1], 0};
            entry[i] = (uint8_t)strtoul (digits, NULL, 16);
        }
        MDB_val name = value_of (entry, MARK_SIZE);
        int r = ledger_result (mdb_del (self->txn, self->tables[LEDGER_MARKS], &name, NULL));
        note (self, r == LEDGER_NONE ? 0 : r);
    }
}

/* Puts in the marks, and gives their hashes as text. Caller owns the return value. */
static char *mark_all (struct ledger *self, struct bytes place, const struct ledger_mark *marks)
{
    size_t count = 0;
    while (marks[count].kind)
        count++;
    char *text = allocate (count * 2 * SEAL_HASH + 1, 1);
    uint8_t entry[MARK_SIZE];
    mark_entry (entry, place);
    for (size_t i = 0; i < count; i++) {
        seal_name (&self->keys, marks[i].kind, marks[i].text, entry);
        for (size_t j = 0; j < SEAL_HASH; j++)
            snprintf (text + (i * SEAL_HASH + j) * 2, 3, "%02x", entry[j]);
        MDB_val name = value_of (entry, MARK_SIZE), value = value_of ("", 0);
        note (self, ledger_result (mdb_put (self->txn, self->tables[LEDGER_MARKS], &name, &value, 0)));
    }
    return text;
}

/* ------------------------------------------------------------------------------------------------ writing */

static void delete_entry (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY])
{
    MDB_val name = value_of (key, LEDGER_KEY);
    int r = ledger_result (mdb_del (self->txn, self->tables[table], &name, NULL));
    note (self, r == LEDGER_NONE ? 0 : r);
}

void ledger_delete (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY])
{
    uint8_t bytes[PLACE_SIZE];
    struct bytes place = place_of (table, key, bytes);
    json_t *whole = NULL;
    if (self->failed)
        return;
    /* What is under way has no marks, and comes and goes with each message. */
    int r = table == LEDGER_UNDER_WAY ? 0 : read_record (self, self->txn, place, &whole);
    if (r == 0 && whole)
        unmark (self, place, whole);
    if (r == 0)
        delete_entry (self, table, key);
    json_decref (whole);
    note (self, r == LEDGER_NONE ? 0 : r);
}

void ledger_fail (struct ledger *self, int r)
{
    note (self, r);
}

/* Seals the record, with the hashes of its marks, into the table. */
static void write_record (struct ledger *self, struct bytes place, const json_t *record, const char *hashes)
{
    const uint8_t *bytes = place.data;
    char *text = text_of (record, hashes);
    size_t size = strlen (text);
    uint8_t *sealed = allocate (size + SEAL_OVERHEAD, 1);
    seal_close (&self->keys, place, (struct bytes){text, size}, sealed);
    MDB_val name = value_of (bytes + 1, LEDGER_KEY), value = value_of (sealed, size + SEAL_OVERHEAD);
    note (self, ledger_result (mdb_put (self->txn, self->tables[bytes[0]], &name, &value, 0)));
    explicit_bzero (text, size);
    free (text);
    free (sealed);
}

void ledger_put (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY], const json_t *record,
                 const struct ledger_mark *marks)
{
    uint8_t bytes[PLACE_SIZE];
    struct bytes place = place_of (table, key, bytes);
    ledger_delete (self, table, key);
    if (self->failed)
        return;
    char *hashes = mark_all (self, place, marks);
    write_record (self, place, record, hashes);
    free (hashes);
}

void ledger_change (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY],
                    const json_t *record)
{
    uint8_t bytes[PLACE_SIZE];
    struct bytes place = place_of (table, key, bytes);
    json_t *whole = NULL;
    if (self->failed)
        return;
    int r = read_record (self, self->txn, place, &whole);
    if (r == 0)
        write_record (self, place, record, json_string_value (json_object_get (whole, "marks")));
    json_decref (whole);
    note (self, r == LEDGER_NONE ? 0 : r);
}

/* ------------------------------------------------------------------------------------------------ walking */

struct walk {
    struct ledger *ledger;
    MDB_txn *txn;
    enum ledger_table table;
    ledger_handler *each;
    void *context;
};

static int hand_over (const struct walk *self, const uint8_t key[LEDGER_KEY])
{
    uint8_t place[PLACE_SIZE];
    json_t *whole = NULL;
    int r = read_record (self->ledger, self->txn, place_of (self->table, key, place), &whole);
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
    MDB_val name = value_of (head.data, head.size), value;
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

int ledger_each (struct ledger *self, enum ledger_table table, ledger_handler *each, void *context)
{
    struct walk all = {self, reading (self), table, each, context};
    if (!all.txn)
        return -EIO;
    int r = walk (&all, self->tables[table], (struct bytes){"", 0}, 0);
    end_reading (self, all.txn);
    return r;
}

int ledger_find (struct ledger *self, enum ledger_table table, const struct ledger_mark *mark,
                 ledger_handler *each, void *context)
{
    uint8_t head[SEAL_HASH + 1];
    struct walk some = {self, reading (self), table, each, context};
    if (!some.txn)
        return -EIO;
    seal_name (&self->keys, mark->kind, mark->text, head);
    head[SEAL_HASH] = (uint8_t)table;
    int r = walk (&some, self->tables[LEDGER_MARKS], (struct bytes){head, sizeof head}, sizeof head);
    end_reading (self, some.txn);
    return r;
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

void ledger_key_of (const struct ledger *self, const char *kind, const char *text, uint8_t key[LEDGER_KEY])
{
    seal_name (&self->keys, kind, text, key);
}
