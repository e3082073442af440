#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "allocate.h"
#include "call.h"
#include "ledger_inner.h"

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

struct bytes ledger_place_of (enum ledger_table table, const uint8_t key[LEDGER_KEY], uint8_t place[LEDGER_PLACE])
{
    place[0] = (uint8_t)table;
    memcpy (place + 1, key, LEDGER_KEY);
    return (struct bytes){place, LEDGER_PLACE};
}

static MDB_val value_of (const void *data, size_t size)
{
    return (MDB_val){.mv_size = size, .mv_data = (void *)(uintptr_t)data};
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

int ledger_read (struct ledger *self, MDB_txn *txn, struct bytes place, json_t **whole_p)
{
    const uint8_t *bytes = place.data;
    MDB_val name = value_of (bytes + 1, LEDGER_KEY), value;
    if (self->tables[bytes[0]] == LEDGER_NO_TABLE)
        return LEDGER_NONE;
    int r = ledger_result (mdb_get (txn, self->tables[bytes[0]], &name, &value));
    return r == 0 ? open_record (self, place, &value, whole_p) : r;
}

MDB_txn *ledger_reading (struct ledger *self)
{
    MDB_txn *txn = self->txn;
    return txn || mdb_txn_begin (self->env, NULL, MDB_RDONLY, &txn) == 0 ? txn : NULL;
}

void ledger_end_reading (struct ledger *self, MDB_txn *txn)
{
    if (txn != self->txn)
        mdb_txn_abort (txn);
}

int ledger_read_alone (struct ledger *self, struct bytes place, json_t **whole_p)
{
    MDB_txn *txn = ledger_reading (self);
    if (!txn)
        return -EIO;
    int r = ledger_read (self, txn, place, whole_p);
    ledger_end_reading (self, txn);
    return r;
}

int ledger_get (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY], json_t **record_p)
{
    uint8_t place[LEDGER_PLACE];
    json_t *whole = NULL;
    *record_p = NULL;
    int r = ledger_read_alone (self, ledger_place_of (table, key, place), &whole);
    if (r == 0)
        *record_p = json_incref (json_object_get (whole, "record"));
    json_decref (whole);
    return r == LEDGER_NONE && self->under ? ledger_get (self->under, table, key, record_p) : r;
}

/* -------------------------------------------------------------------------------------------------- marks */

/* Takes out the marks that a record has. */
static void unmark (struct ledger *self, struct bytes place, const json_t *whole)
{
    const char *marks = json_string_value (json_object_get (whole, "marks"));
    char digits[2 * SEAL_HASH + 1] = "";
    uint8_t entry[LEDGER_MARK];
    memcpy (entry + SEAL_HASH, place.data, LEDGER_PLACE);
    for (size_t length = strlen (marks); length >= 2 * SEAL_HASH;
         length -= 2 * SEAL_HASH, marks += 2 * SEAL_HASH) {
        memcpy (digits, marks, sizeof digits - 1);
        consent_unhex (digits, entry);
        MDB_val name = value_of (entry, LEDGER_MARK);
        int r = ledger_result (mdb_del (self->txn, self->tables[LEDGER_MARKS], &name, NULL));
        note (self, r == LEDGER_NONE ? 0 : r);
    }
}

/* ------------------------------------------------------------------------------------------------ writing */

static void put_value (struct ledger *self, const uint8_t place[LEDGER_PLACE], const uint8_t *sealed, size_t size)
{
    MDB_val name = value_of (place + 1, LEDGER_KEY), value = value_of (sealed, size);
    note (self, ledger_result (mdb_put (self->txn, self->tables[place[0]], &name, &value, 0)));
}

static void delete_entry (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY])
{
    MDB_val name = value_of (key, LEDGER_KEY);
    int r = ledger_result (mdb_del (self->txn, self->tables[table], &name, NULL));
    note (self, r == LEDGER_NONE ? 0 : r);
}

void ledger_delete (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY])
{
    uint8_t bytes[LEDGER_PLACE];
    struct bytes place = ledger_place_of (table, key, bytes);
    json_t *whole = NULL;
    if (self->failed)
        return;
    /* What is under way has no marks, and comes and goes with each message. */
    int r = table == LEDGER_UNDER_WAY ? 0 : ledger_read (self, self->txn, place, &whole);
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

void ledger_put_sealed (struct ledger *self, const struct ledger_entry *entry)
{
    if (entry->place[0] != LEDGER_UNDER_WAY) /* which has no marks to take out */
        ledger_delete (self, (enum ledger_table)entry->place[0], entry->place + 1);
    for (size_t i = 0; self->failed == 0 && i < entry->mark_count; i++) {
        MDB_val name = value_of (entry->marks[i], LEDGER_MARK), value = value_of ("", 0);
        note (self, ledger_result (mdb_put (self->txn, self->tables[LEDGER_MARKS], &name, &value, 0)));
    }
    if (self->failed == 0)
        put_value (self, entry->place, entry->sealed, entry->size);
}

void ledger_put (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY], const json_t *record,
                 const struct ledger_mark *marks)
{
    struct ledger_entry *entry = ledger_seal (self, table, key, record, marks);
    ledger_put_sealed (self, entry);
    ledger_entry_destroy (&entry);
}

void ledger_change (struct ledger *self, enum ledger_table table, const uint8_t key[LEDGER_KEY],
                    const json_t *record)
{
    uint8_t bytes[LEDGER_PLACE];
    struct bytes place = ledger_place_of (table, key, bytes);
    json_t *whole = NULL;
    if (self->failed)
        return;
    int r = ledger_read (self, self->txn, place, &whole);
    if (r == LEDGER_NONE && self->under)
        r = ledger_read_alone (self->under, place, &whole);
    if (r == 0) {
        size_t size;
        const char *hashes = json_string_value (json_object_get (whole, "marks"));
        char *text = ledger_text (record);
        uint8_t *sealed = ledger_seal_record (self, bytes, text, hashes, &size);
        put_value (self, bytes, sealed, size);
        free (sealed);
        explicit_bzero (text, strlen (text));
        free (text);
    }
    json_decref (whole);
    note (self, r == LEDGER_NONE ? 0 : r);
}

void ledger_key_of (const struct ledger *self, const char *kind, const char *text, uint8_t key[LEDGER_KEY])
{
    seal_name (&self->keys, kind, text, key);
}
