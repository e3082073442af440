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

int store_check_found (const struct store *self, int r, MDB_val key, MDB_val value)
{
    return r != 0 || store_pages_hold (key, value, self->page_size) ? r : MDB_CORRUPTED;
}

/* --- Transactions ------------------------------------------------------------------------------------- */

int store_begin (struct store *self, struct store_txn **txn_p)
{
    struct store_txn *txn = &self->txn;
    if (txn->mdb != NULL)
        return -EBUSY;
    int rc = self->is_dead ? STORE_DEAD : 0;
    if (rc == 0 && store_checkpoint_is_due (self))
        rc = store_checkpoint (self);
    if (rc != 0 && (rc != STORE_FULL || journal_room (self->journal) < self->checkpoint_bytes))
        return rc;
    *txn = (struct store_txn){.store = self, .mdb = self->mdb, .mark = self->mark};
    rc = store_count_room (txn);
    if (rc != 0) {
        txn->mdb = NULL;
        return rc;
    }
    store_frame_begin (self);
    store_copy_freeze (self);
    *txn_p = txn;
    return 0;
}

int store_commit_soon (struct store_txn **txn_p, uint64_t *number)
{
    struct store_txn *txn = *txn_p;
    struct store *self = txn->store;
    assert (txn->open_scans == 0);
    int rc = txn->failure;
    struct store_mark before = self->mark;
    self->mark = txn->mark; /* already for a checkpoint that the frame itself may need */
    if (rc == 0 && txn->writes > 0) {
        rc = store_outcome (store_keep_taken (txn));
        if (rc == 0)
            rc = store_commit_frame (self);
    }
    if (rc != 0) {
        self->mark = before;
        store_abort (txn_p);
        return rc;
    }
    memcpy (self->taken, txn->taken, sizeof self->taken);
    self->used = txn->pages;
    txn->mdb = NULL;
    *txn_p = NULL;
    *number = journal_last (self->journal)->number;
    return 0;
}

int store_commit (struct store_txn **txn_p)
{
    struct store *self = (*txn_p)->store;
    uint64_t number;
    int rc = store_commit_soon (txn_p, &number);
    return rc == 0 ? store_sync (self) : rc;
}

void store_set_mark (struct store_txn *txn, const struct store_mark *mark)
{
    txn->mark = *mark;
}

const struct store_mark *store_witnessed (const struct store *self)
{
    return &self->witnessed;
}

/* Without a write there is nothing to undo. */
void store_abort (struct store_txn **txn_p)
{
    struct store_txn *txn = *txn_p;
    if (txn == NULL)
        return;
    assert (txn->open_scans == 0);
    if ((txn->writes > 0 || txn->failure != 0) && !txn->store->is_dead)
        store_undo (txn->store);
    txn->mdb = NULL;
    *txn_p = NULL;
}

static int die_if_dead (struct store *self, int rc)
{
    self->is_dead = self->is_dead || rc == STORE_DEAD;
    return self->is_dead ? STORE_DEAD : rc;
}

/* Nobody hears of what is durable before the witness knows it. */
static int note_durable (struct store *self, uint64_t number)
{
    if (number <= self->witness.durable)
        return 0;
    self->witness.durable = number;
    return store_witness_note (self->witness_fd, &self->witness, self->notes++) == 0
               ? 0
               : die_if_dead (self, STORE_DEAD);
}

int store_sync (struct store *self)
{
    int rc = self->is_dead ? STORE_DEAD : die_if_dead (self, journal_sync (self->journal));
    return rc == 0 ? note_durable (self, journal_last (self->journal)->number) : rc;
}

int store_sync_begin (struct store *self)
{
    return self->is_dead ? STORE_DEAD : die_if_dead (self, journal_sync_begin (self->journal));
}

bool store_is_syncing (struct store *self)
{
    return journal_is_syncing (self->journal);
}

int store_sync_fd (const struct store *self)
{
    return journal_sync_fd (self->journal);
}

int store_durable (struct store *self, uint64_t *number)
{
    int rc = die_if_dead (self, journal_durable (self->journal, number));
    return rc == 0 ? note_durable (self, *number) : rc;
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
    int r = IN_PAGES (mdb_get (txn->mdb, txn->store->tables[table], &sought, &found));
    r = store_check_found (txn->store, r, sought, found);
    if (r == 0)
        *value = bytes_of (found);
    return conclude_read (txn, r);
}

/* The pages that a write may touch: the way down to it, and what its value fills. An append writes where the one
   before it wrote. */
static uint64_t pages_of (const struct store_txn *txn, enum store_write kind, enum store_table table, size_t bytes)
{
    return bytes / txn->store->page_size + (kind == STORE_WRITE_APPEND ? 1 : txn->table_depth[table] + 2);
}

static int write_entry (struct store_txn *txn, enum store_write kind, enum store_table table, struct bytes key,
                        struct bytes value)
{
    struct store *self = txn->store;
    if (txn->failure != 0)
        return txn->failure;
    txn->operations++;
    store_copy_save (self, table, key);
    int r = store_write_to_map (self, kind, table, key, value);
    if (r != 0 && kind == STORE_WRITE_DELETE)
        return conclude_read (txn, r);
    if (r != 0)
        return store_fail (txn, store_outcome (r));
    txn->writes++;
    self->touched += pages_of (txn, kind, table, key.size + value.size);
    store_frame_add (self, kind, table, key, value);
    return kind == STORE_WRITE_DELETE ? store_recount_table (txn, table) : store_check_room (txn, table);
}

int store_put (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes value)
{
    return write_entry (txn, STORE_WRITE_PUT, table, key, value);
}

int store_append (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes value)
{
    return write_entry (txn, STORE_WRITE_APPEND, table, key, value);
}

int store_delete (struct store_txn *txn, enum store_table table, struct bytes key)
{
    return write_entry (txn, STORE_WRITE_DELETE, table, key, (struct bytes){NULL, 0});
}

int store_count (struct store_txn *txn, enum store_table table, uint64_t *count)
{
    if (txn->failure != 0)
        return txn->failure;
    MDB_stat stat;
    int r = IN_PAGES (mdb_stat (txn->mdb, txn->store->tables[table], &stat));
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
    int r = IN_PAGES (mdb_cursor_open (txn->mdb, txn->store->tables[table], &cursor));
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
    int r = IN_PAGES (mdb_cursor_get (scan->cursor, &found_key, &found_value, scan->next));
    r = store_check_found (scan->txn->store, r, found_key, found_value);
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
    int r = IN_PAGES (mdb_cursor_open (txn->mdb, txn->store->tables[table], &cursor));
    if (r != 0)
        return store_fail (txn, store_outcome (r));
    txn->operations++;
    MDB_val found_key, found_value;
    r = IN_PAGES (seek_last (cursor, below, &found_key, &found_value));
    r = store_check_found (txn->store, r, found_key, found_value);
    mdb_cursor_close (cursor);
    if (r == 0) {
        *key = bytes_of (found_key);
        *value = bytes_of (found_value);
    }
    return conclude_read (txn, r);
}
