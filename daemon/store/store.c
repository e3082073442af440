#include "store_parts.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "unconst.h"

struct store_scan {
    struct store_txn *txn;
    MDB_cursor *cursor;
    MDB_val from;
    MDB_cursor_op next; /* the step that store_scan_next takes */
};

/* LMDB returns errno values as positive numbers and its own codes as negative ones. This is where both become
   outcomes of the store. */
int store_outcome (int r)
{
    if (r >= 0)
        return -r;
    switch (r) {
    case MDB_NOTFOUND:
        return STORE_NOT_FOUND;
    case MDB_MAP_FULL:
        return STORE_FULL;
    case MDB_PANIC:
        return STORE_DEAD;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_CURSOR_FULL:
    case MDB_PAGE_FULL:
        return STORE_DAMAGED;
    default:
        return STORE_MISUSED;
    }
}

int store_fail (struct store_txn *txn, int failure)
{
    return txn->failure = failure;
}

MDB_val store_lend (struct bytes bytes)
{
    /* LMDB copies with memcpy, which may not be given NULL, even for no bytes. LMDB takes no const pointer, and
       writes neither to the key nor to the value. */
    return (MDB_val){.mv_size = bytes.size, .mv_data = unconst (bytes.size ? bytes.data : "")};
}

static struct bytes bytes_of (MDB_val value)
{
    return (struct bytes){.data = value.mv_data, .size = value.mv_size};
}

/* --- Transactions ------------------------------------------------------------------------------------- */

int store_begin (struct store *self, struct store_txn **txn_p)
{
    struct store_txn *txn = &self->txn;
    if (txn->mdb)
        return -EBUSY; /* LMDB would wait for its own lock for ever */
    MDB_txn *mdb;
    int r = self->is_dead ? MDB_PANIC : mdb_txn_begin (self->env, NULL, 0, &mdb);
    if (r != 0)
        return store_outcome (r);
    *txn = (struct store_txn){.store = self};
    r = store_count_room (txn, mdb);
    if (r != 0) {
        mdb_txn_abort (mdb);
        return r;
    }
    txn->mdb = mdb;
    *txn_p = txn;
    return 0;
}

/* If the write of a meta page failed, LMDB returns only an errno, and then refuses every transaction. */
static bool died (struct store *self)
{
    MDB_txn *mdb;
    int r = mdb_txn_begin (self->env, NULL, MDB_RDONLY, &mdb);
    if (r == 0)
        mdb_txn_abort (mdb);
    return self->is_dead = r == MDB_PANIC;
}

int store_commit (struct store_txn **txn_p)
{
    struct store_txn *txn = *txn_p;
    int failure = txn->failure;
    if (failure != 0) {
        store_abort (txn_p);
        return failure;
    }
    assert (txn->open_scans == 0);
    int r = store_keep_taken (txn);
    if (r != 0) {
        store_abort (txn_p);
        return store_outcome (r);
    }
    r = mdb_txn_commit (txn->mdb); /* frees the transaction in any case */
    txn->mdb = NULL;
    *txn_p = NULL;
    if (r == 0)
        memcpy (txn->store->taken, txn->taken, sizeof txn->taken);
    return r == 0 || !died (txn->store) ? store_outcome (r) : STORE_DEAD;
}

void store_abort (struct store_txn **txn_p)
{
    struct store_txn *txn = *txn_p;
    if (!txn)
        return;
    assert (txn->open_scans == 0);
    mdb_txn_abort (txn->mdb);
    txn->mdb = NULL;
    *txn_p = NULL;
}

uint64_t store_operations (const struct store_txn *txn)
{
    return txn->operations;
}

uint64_t store_writes (const struct store_txn *txn)
{
    return txn->writes;
}

/* The outcome of a read. After a failure, other than an absent key, the transaction cannot go on. */
static int conclude_read (struct store_txn *txn, int r)
{
    int outcome = store_outcome (r);
    return outcome == 0 || outcome == STORE_NOT_FOUND ? outcome : store_fail (txn, outcome);
}

int store_get (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes *value)
{
    if (txn->failure != 0)
        return txn->failure;
    MDB_val sought = store_lend (key), found;
    txn->operations++;
    int r = mdb_get (txn->mdb, txn->store->tables[table], &sought, &found);
    if (r == 0)
        *value = bytes_of (found);
    return conclude_read (txn, r);
}

static int write_entry (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes value,
                        unsigned flags)
{
    if (txn->failure != 0)
        return txn->failure;
    MDB_val written = store_lend (key), content = store_lend (value);
    txn->operations++;
    int r = mdb_put (txn->mdb, txn->store->tables[table], &written, &content, flags);
    if (r != 0)
        return store_fail (txn, store_outcome (r));
    txn->writes++;
    return store_check_room (txn, table);
}

int store_put (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes value)
{
    return write_entry (txn, table, key, value, 0);
}

int store_append (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes value)
{
    return write_entry (txn, table, key, value, MDB_APPEND);
}

int store_delete (struct store_txn *txn, enum store_table table, struct bytes key)
{
    if (txn->failure != 0)
        return txn->failure;
    MDB_val removed = store_lend (key);
    txn->operations++;
    int r = conclude_read (txn, mdb_del (txn->mdb, txn->store->tables[table], &removed, NULL));
    if (r != 0)
        return r;
    txn->writes++;
    return store_recount_table (txn, table);
}

int store_count (struct store_txn *txn, enum store_table table, uint64_t *count)
{
    if (txn->failure != 0)
        return txn->failure;
    MDB_stat stat;
    int r = mdb_stat (txn->mdb, txn->store->tables[table], &stat);
    if (r == 0)
        *count = stat.ms_entries;
    return conclude_read (txn, r);
}

/* --- Scans -------------------------------------------------------------------------------------------- */

int store_scan_open (struct store_txn *txn, enum store_table table, struct bytes from, struct store_scan **scan_p)
{
    if (txn->failure != 0)
        return txn->failure;
    MDB_cursor *cursor;
    int r = mdb_cursor_open (txn->mdb, txn->store->tables[table], &cursor);
    if (r != 0)
        return store_fail (txn, store_outcome (r));
    struct store_scan *scan = malloc (sizeof *scan + from.size);
    if (!scan)
        abort ();
    char *copy = (char *)(scan + 1); /* so the caller's key need not outlive this call */
    if (from.size)
        memcpy (copy, from.data, from.size);
    *scan = (struct store_scan){
        .txn = txn,
        .cursor = cursor,
        .from = {.mv_size = from.size, .mv_data = copy},
        .next = from.size ? MDB_SET_RANGE : MDB_FIRST,
    };
    txn->open_scans++;
    *scan_p = scan;
    return 0;
}

int store_scan_next (struct store_scan *scan, struct bytes *key, struct bytes *value)
{
    if (scan->txn->failure != 0)
        return scan->txn->failure;
    MDB_val found_key = scan->from, found_value;
    scan->txn->operations++;
    int r = mdb_cursor_get (scan->cursor, &found_key, &found_value, scan->next);
    if (r == 0) {
        *key = bytes_of (found_key);
        *value = bytes_of (found_value);
        scan->next = MDB_NEXT;
    }
    return conclude_read (scan->txn, r);
}

void store_scan_close (struct store_scan **scan_p)
{
    struct store_scan *scan = *scan_p;
    if (!scan)
        return;
    mdb_cursor_close (scan->cursor);
    scan->txn->open_scans--;
    free (scan);
    *scan_p = NULL;
}

/* LMDB can only seek upwards. So this seeks the first key that is not below `below`, and goes one back from
   there. */
static int seek_last (MDB_cursor *cursor, struct bytes below, MDB_val *key, MDB_val *value)
{
    if (below.size == 0)
        return mdb_cursor_get (cursor, key, value, MDB_LAST);
    *key = store_lend (below);
    int r = mdb_cursor_get (cursor, key, value, MDB_SET_RANGE);
    if (r == MDB_NOTFOUND)
        return mdb_cursor_get (cursor, key, value, MDB_LAST);
    return r == 0 ? mdb_cursor_get (cursor, key, value, MDB_PREV) : r;
}

int store_last (struct store_txn *txn, enum store_table table, struct bytes below, struct bytes *key,
                struct bytes *value)
{
    if (txn->failure != 0)
        return txn->failure;
    MDB_cursor *cursor;
    int r = mdb_cursor_open (txn->mdb, txn->store->tables[table], &cursor);
    if (r != 0)
        return store_fail (txn, store_outcome (r));
    txn->operations++;
    MDB_val found_key, found_value;
    r = seek_last (cursor, below, &found_key, &found_value);
    mdb_cursor_close (cursor);
    if (r == 0) {
        *key = bytes_of (found_key);
        *value = bytes_of (found_value);
    }
    return conclude_read (txn, r);
}
