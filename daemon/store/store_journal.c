/* From the journal to LMDB and back: what a transaction wrote as a frame, checkpoints, and the way back to the
   last transaction that was committed.

   LMDB's own transaction stays open over many of ours, until the next checkpoint commits it. So LMDB's file does
   not change in between, and what is durable is the file and the frames behind it. If one of our transactions must
   be undone, LMDB's is aborted as a whole, and the frames are put back into a new one, as at a start. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"
#include "store_parts.h"
#include "vault.h"

/* A frame: the schema; then for each write what it is, its table, the sizes of key and value, key, and value. */
enum {
    AT_KIND = 0,
    AT_TABLE = 1,
    AT_KEY_SIZE = 2,
    AT_VALUE_SIZE = 10,
    WRITE_HEAD = 18,
    POINT_SIZE = JOURNAL_ID_SIZE + 8 + JOURNAL_MAC_SIZE,
};

/* Pages. */
enum {
    LEAST_BUDGET = 256,   /* a cycle that may touch fewer begins with all pages that are to be had */
    TOUCHED_BY_POINT = 8, /* by a commit of nothing but the point */
};

static const char point_key[] = STORE_POINT_KEY;

/* --- What a transaction wrote ------------------------------------------------------------------------- */

static void reserve (struct store *self, size_t more)
{
    if (self->frame_used + more <= self->frame_room)
        return;
    self->frame_room = (self->frame_used + more) * 2;
    self->frame = realloc (self->frame, self->frame_room);
    if (self->frame == NULL)
        abort ();
}

void store_frame_begin (struct store *self)
{
    self->frame_used = 0;
    reserve (self, STORE_FRAME_HEAD);
    self->frame[self->frame_used++] = STORE_SCHEMA;
}

size_t store_write_size (struct bytes key, struct bytes value)
{
    return WRITE_HEAD + key.size + value.size;
}

void store_write_put (uint8_t *to, enum store_write kind, enum store_table table, struct bytes key,
                      struct bytes value)
{
    to[AT_KIND] = (uint8_t)kind;
    to[AT_TABLE] = (uint8_t)table;
    put_be64 (to + AT_KEY_SIZE, key.size);
    put_be64 (to + AT_VALUE_SIZE, value.size);
    if (key.size > 0)
        memcpy (to + WRITE_HEAD, key.data, key.size);
    if (value.size > 0)
        memcpy (to + WRITE_HEAD + key.size, value.data, value.size);
}

void store_frame_add (struct store *self, enum store_write kind, enum store_table table, struct bytes key,
                      struct bytes value)
{
    size_t size = store_write_size (key, value);
    reserve (self, size);
    store_write_put (self->frame + self->frame_used, kind, table, key, value);
    self->frame_used += size;
}

int store_write_to_map (struct store *self, enum store_write kind, enum store_table table, struct bytes key,
                        struct bytes value)
{
    MDB_val written = store_lend (key), content = store_lend (value);
    if (kind == STORE_WRITE_DELETE)
        return IN_PAGES (mdb_del (self->mdb, self->tables[table], &written, NULL));
    return IN_PAGES (
        mdb_put (self->mdb, self->tables[table], &written, &content, kind == STORE_WRITE_APPEND ? MDB_APPEND : 0));
}

bool store_write_next (struct bytes *rest, enum store_write *kind, enum store_table *table, struct bytes *key,
                       struct bytes *value)
{
    const uint8_t *from = rest->data;
    if (rest->size < WRITE_HEAD || from[AT_KIND] > STORE_COPY_COUNTS || from[AT_TABLE] >= STORE_TABLES)
        return false;
    uint64_t key_size = get_be64 (from + AT_KEY_SIZE), value_size = get_be64 (from + AT_VALUE_SIZE);
    if (key_size > rest->size - WRITE_HEAD || value_size > rest->size - WRITE_HEAD - key_size)
        return false;
    *kind = (enum store_write)from[AT_KIND];
    *table = (enum store_table)from[AT_TABLE];
    *key = (struct bytes){from + WRITE_HEAD, (size_t)key_size};
    *value = (struct bytes){from + WRITE_HEAD + key_size, (size_t)value_size};
    size_t whole = WRITE_HEAD + key->size + value->size;
    *rest = (struct bytes){from + whole, rest->size - whole};
    return true;
}

/* A journal_take. */
static int take_frame (void *context, struct bytes content)
{
    struct store *self = context;
    const uint8_t *schema = content.data;
    if (content.size == 0 || *schema != STORE_SCHEMA)
        return STORE_INVALID;
    struct bytes rest = {schema + STORE_FRAME_HEAD, content.size - STORE_FRAME_HEAD}, key, value;
    enum store_write kind;
    enum store_table table;
    while (rest.size > 0) {
        if (!store_write_next (&rest, &kind, &table, &key, &value) || kind >= STORE_WRITES)
            return STORE_DAMAGED;
        int r = store_write_to_map (self, kind, table, key, value);
        if (r != 0)
            return r == MDB_NOTFOUND ? STORE_DAMAGED : store_outcome (r);
    }
    self->has_changes = true;
    return 0;
}

/* --- The point up to which LMDB's file has what the journal says ---------------------------------------- */

int store_put_point (MDB_txn *mdb, MDB_dbi meta, const uint8_t id[JOURNAL_ID_SIZE],
                     const struct journal_point *point)
{
    uint8_t kept[POINT_SIZE];
    memcpy (kept, id, JOURNAL_ID_SIZE);
    put_be64 (kept + JOURNAL_ID_SIZE, point->number);
    memcpy (kept + JOURNAL_ID_SIZE + 8, point->mac, JOURNAL_MAC_SIZE);
    MDB_val key = store_lend ((struct bytes){point_key, sizeof point_key - 1});
    MDB_val value = store_lend ((struct bytes){kept, sizeof kept});
    return IN_PAGES (mdb_put (mdb, meta, &key, &value, 0));
}

int store_get_point (struct store *self, MDB_txn *mdb)
{
    MDB_val key = store_lend ((struct bytes){point_key, sizeof point_key - 1}), value;
    int r = IN_PAGES (mdb_get (mdb, self->tables[STORE_META], &key, &value));
    if (r != 0)
        return store_outcome (r);
    if (value.mv_size != POINT_SIZE)
        return STORE_DAMAGED;
    const uint8_t *kept = value.mv_data;
    memcpy (self->id, kept, JOURNAL_ID_SIZE);
    self->point.number = get_be64 (kept + JOURNAL_ID_SIZE);
    memcpy (self->point.mac, kept + JOURNAL_ID_SIZE + 8, JOURNAL_MAC_SIZE);
    return 0;
}

/* --- Cycles: from one checkpoint to the next ------------------------------------------------------------ */

int store_cycle_begin (struct store *self)
{
    int r = mdb_txn_begin (self->env, NULL, 0, &self->mdb);
    if (r != 0)
        self->mdb = NULL;
    self->has_changes = false;
    return r == 0 ? 0 : store_outcome (r);
}

void store_cycle_abort (struct store *self)
{
    if (self->mdb != NULL)
        mdb_txn_abort (self->mdb);
    self->mdb = NULL;
}

int store_replay (struct store *self)
{
    return journal_replay (self->journal, &self->point, take_frame, self);
}

/* Pages that this cycle replaces come free only two cycles later. So a cycle may touch no more of them than half
   of what is left after what the one before has touched: what it adds and what it replaces both find room. */
void store_set_budget (struct store *self)
{
    uint64_t all = self->file.size / self->page_size, gone = self->used + self->touched;
    self->budget = gone < all ? (all - gone) / 2 : 0;
    if (self->budget > MOST_TOUCHED)
        self->budget = MOST_TOUCHED;
    self->touched = 0;
}

/* Nothing may be left half-done: a failure is the end, and a start takes up the journal again. */
static int die (struct store *self)
{
    self->is_dead = true;
    store_cycle_abort (self);
    return STORE_DEAD;
}

static bool is_at (const struct journal_point *a, const struct journal_point *b)
{
    return a->number == b->number && memcmp (a->mac, b->mac, sizeof a->mac) == 0;
}

/* Commits LMDB's transaction, which has all up to `point`. Then there is none. What LMDB returned. */
static int commit_map (struct store *self, const struct journal_point *point)
{
    int r = store_put_point (self->mdb, self->tables[STORE_META], self->id, point);
    if (r != 0) {
        store_cycle_abort (self);
        return r;
    }
    r = IN_PAGES (mdb_txn_commit (self->mdb)); /* frees the transaction in any case */
    self->mdb = NULL;
    return r;
}

int store_free_pages (struct store *self)
{
    store_cycle_abort (self);
    int rc = store_cycle_begin (self);
    if (rc == 0)
        rc = store_outcome (commit_map (self, &self->point));
    if (rc == 0)
        self->touched = TOUCHED_BY_POINT;
    return rc;
}

/* Begins LMDB's transaction, with all that the journal has. 0 or a failure. */
static int begin_again (struct store *self)
{
    struct journal_point last = *journal_last (self->journal);
    store_cycle_abort (self);
    int rc = store_cycle_begin (self);
    if (rc == 0)
        rc = store_replay (self);
    return rc == 0 && !is_at (journal_last (self->journal), &last) ? STORE_DEAD : rc;
}

int store_undo (struct store *self)
{
    int rc = begin_again (self);
    if (rc == STORE_FULL && store_free_pages (self) == 0)
        rc = begin_again (self);
    self->budget = 0; /* so that the next one need not put back as much */
    return rc == 0 ? 0 : die (self);
}

/* As commit_map, for what the journal has. If LMDB finds no page, the one before gives free those that it
   replaced. */
static int commit_replayed (struct store *self, const struct journal_point *point)
{
    int r = commit_map (self, point);
    if (r != MDB_MAP_FULL || store_free_pages (self) != 0 || begin_again (self) != 0)
        return r;
    return commit_map (self, point);
}

/* The next cycle finds all pages that are to be had, where they are few: a cycle that found too few for a single
   request could never be ended, and no other would begin. */
static int begin_next_cycle (struct store *self)
{
    store_set_budget (self);
    if (self->budget < LEAST_BUDGET && store_free_pages (self) == 0)
        store_set_budget (self);
    return store_cycle_begin (self) == 0 ? 0 : die (self);
}

/* No frame goes to LMDB's file before it is durable in the journal, but for a last one that the journal does not
   have (NULL: there is none). It counts as one all the same: else a map without it would not be older. If LMDB
   finds no page for its own list of free pages, nothing is lost: the journal has it. */
static int commit_cycle (struct store *self, const struct bytes *beyond)
{
    if (journal_sync (self->journal) != 0)
        return die (self);
    struct journal_point last =
        beyond != NULL ? journal_point_of (self->journal, *beyond) : *journal_last (self->journal);
    int r = beyond != NULL ? commit_map (self, &last) : commit_replayed (self, &last);
    if (r == MDB_MAP_FULL)
        return store_undo (self) == 0 ? STORE_FULL : STORE_DEAD;
    if (r != 0)
        return die (self);
    self->point = last;
    self->witness.point = last;
    self->witness.mark = self->mark;
    self->witness.durable = last.number;
    if (store_witness_write (self->witness_fd, &self->witness) != 0)
        return die (self);
    journal_restart (self->journal, &last);
    return begin_next_cycle (self);
}

int store_checkpoint (struct store *self)
{
    if (self->is_dead)
        return STORE_DEAD;
    assert (self->txn.mdb == NULL);
    return self->has_changes ? commit_cycle (self, NULL) : 0;
}

bool store_checkpoint_is_due (const struct store *self)
{
    return self->has_changes &&
           (self->touched > self->budget || journal_used (self->journal) > self->checkpoint_bytes);
}

int store_commit_frame (struct store *self)
{
    struct bytes frame = {self->frame, self->frame_used};
    self->has_changes = true;
    if (frame.size <= journal_room (self->journal))
        return journal_append (self->journal, frame);
    /* Larger than what is left of the journal. LMDB's commit makes it durable, with all before it. It is not tried
       again where LMDB finds no page (STORE_FULL): it has not happened, and its requests are tried again one by
       one. What protects then finds room: that turn begins with a checkpoint, which is tried again, and so with an
       empty journal. A daemon's has 4 MiB at least, of which a subject's record, with its events, fills less than
       half. */
    return commit_cycle (self, &frame);
}

struct store_journal store_journal_info (const struct store *self)
{
    return (struct store_journal){journal_used (self->journal), journal_size (self->journal),
                                  journal_syncs (self->journal)};
}
