/* Giving out a copy of the store as it was when the copy began, while the store goes on. */
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"
#include "store_copy.h"
#include "store_parts.h"

enum {
    /* What giving costs, in operations of the store (turn.h): it unseals nothing, and reads in order. */
    BYTES_AN_OPERATION = 4096,
    KEPT_OVERHEAD = 128, /* bytes, of a key that is kept, beside the key */
};

struct key {
    size_t size; /* 0: none */
    uint8_t bytes[STORE_MOST_KEY];
};

/* A key that was written before the copy came to it. What it had was given then, if it had anything. */
struct written {
    int table;
    size_t size;
    uint8_t key[];
};

struct store_copy {
    bool has_begun;                /* what follows is set: the copy is of the transaction that began then */
    struct key last[STORE_TABLES]; /* the last key of each table */
    uint64_t count[STORE_TABLES];
    int step;      /* the table that is being given, in the order of table_at; STORE_TABLES: all were */
    struct key at; /* the last key of it that was given */
    void *written; /* a tree of struct written (tsearch) */
    size_t kept;   /* bytes of it */
    /* The bytes of the stream from `from` up to `end`. They begin at bytes + start. */
    uint8_t *bytes;
    size_t start, room;
    uint64_t from, end;
};

/* The log comes last: its lines do not change, and new ones come behind them. */
static int table_at (int step)
{
    if (step == STORE_TABLES - 1)
        return STORE_AUDIT;
    return step < STORE_AUDIT ? step : step + 1;
}

static int step_of (int table)
{
    if (table == STORE_AUDIT)
        return STORE_TABLES - 1;
    return table < STORE_AUDIT ? table : table - 1;
}

/* --- The bytes that wait ------------------------------------------------------------------------------- */

static size_t waiting (const struct store_copy *copy)
{
    return (size_t)(copy->end - copy->from);
}

/* Makes room behind the bytes that wait. */
static uint8_t *reserve (struct store_copy *copy, size_t more)
{
    size_t used = waiting (copy);
    if (copy->start > 0 && copy->start + used + more > copy->room) {
        memmove (copy->bytes, copy->bytes + copy->start, used);
        copy->start = 0;
    }
    if (used + more > copy->room) {
        copy->room = (used + more) * 2;
        copy->bytes = realloc (copy->bytes, copy->room);
        if (copy->bytes == NULL)
            abort ();
    }
    return copy->bytes + copy->start + used;
}

static void add (struct store_copy *copy, enum store_write kind, int table, struct bytes key, struct bytes value)
{
    size_t size = store_write_size (key, value);
    store_write_put (reserve (copy, size), kind, (enum store_table)table, key, value);
    copy->end += size;
}

static void forget_until (struct store_copy *copy, uint64_t from)
{
    copy->start += (size_t)(from - copy->from);
    copy->from = from;
    if (waiting (copy) == 0)
        copy->start = 0;
}

/* --- Beginning and ending ------------------------------------------------------------------------------ */

void store_copy_end (struct store *self)
{
    struct store_copy *copy = self->copy;
    if (copy == NULL)
        return;
    tdestroy (copy->written, free);
    free (copy->bytes);
    free (copy);
    self->copy = NULL;
}

void store_copy_begin (struct store *self)
{
    store_copy_end (self);
    struct store_copy *copy = self->copy = calloc (1, sizeof *copy);
    if (copy == NULL)
        abort ();
    *reserve (copy, STORE_FRAME_HEAD) = STORE_SCHEMA;
    copy->end = STORE_FRAME_HEAD;
}

bool store_copy_is_under_way (const struct store *self)
{
    return self->copy != NULL;
}

/* LMDB cannot be read: then there is no copy. */
static int note_table (const struct store *self, struct store_copy *copy, int table)
{
    MDB_stat stat;
    MDB_cursor *cursor;
    MDB_val key, value;
    int r = IN_PAGES (mdb_stat (self->mdb, self->tables[table], &stat));
    if (r == 0)
        r = IN_PAGES (mdb_cursor_open (self->mdb, self->tables[table], &cursor));
    if (r != 0)
        return r;
    r = IN_PAGES (mdb_cursor_get (cursor, &key, &value, MDB_LAST));
    r = store_check_found (self, r, key, value);
    mdb_cursor_close (cursor);
    copy->count[table] = stat.ms_entries;
    if (r == 0) {
        copy->last[table].size = key.mv_size;
        memcpy (copy->last[table].bytes, key.mv_data, key.mv_size);
    }
    return r == MDB_NOTFOUND ? 0 : r;
}

void store_copy_freeze (struct store *self)
{
    struct store_copy *copy = self->copy;
    if (copy == NULL || copy->has_begun)
        return;
    copy->has_begun = true;
    for (int table = 0; table < STORE_TABLES; table++)
        if (note_table (self, copy, table) != 0) {
            store_copy_end (self);
            return;
        }
}

/* --- What is written before the copy comes to it ---------------------------------------------------------- */

/* LMDB's order of keys. */
static int compare_keys (const void *a, size_t a_size, const void *b, size_t b_size)
{
    int order = memcmp (a, b, a_size < b_size ? a_size : b_size);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static int compare_to (struct bytes key, const struct key *other)
{
    return compare_keys (key.data, key.size, other->bytes, other->size);
}

static int compare_written (const void *a, const void *b)
{
    const struct written *one = a, *other = b;
    if (one->table != other->table)
        return one->table < other->table ? -1 : 1;
    return compare_keys (one->key, one->size, other->key, other->size);
}

static struct written *written_new (int table, struct bytes key)
{
    struct written *self = malloc (sizeof *self + key.size);
    if (self == NULL)
        abort ();
    self->table = table;
    self->size = key.size;
    memcpy (self->key, key.data, key.size);
    return self;
}

/* The copy has still to come to this key, if the table had it. */
static bool is_ahead (const struct store_copy *copy, int table, struct bytes key)
{
    int step = step_of (table);
    if (step < copy->step || compare_to (key, &copy->last[table]) > 0)
        return false;
    return step > copy->step || copy->at.size == 0 || compare_to (key, &copy->at) > 0;
}

/* Adds the key to those that were written. False: it was there. */
static bool keep_written (struct store_copy *copy, int table, struct bytes key)
{
    struct written *made = written_new (table, key);
    struct written **found = tsearch (made, &copy->written, compare_written);
    if (found == NULL)
        abort ();
    if (*found != made) {
        free (made);
        return false;
    }
    copy->kept += key.size + KEPT_OVERHEAD;
    return true;
}

/* Takes the key off them. False: it was not there. */
static bool take_written (struct store_copy *copy, int table, struct bytes key)
{
    if (copy->written == NULL)
        return false;
    struct written *sought = written_new (table, key);
    struct written **found = tfind (sought, &copy->written, compare_written);
    struct written *taken = found != NULL ? *found : NULL;
    if (taken != NULL) {
        tdelete (sought, &copy->written, compare_written);
        copy->kept -= taken->size + KEPT_OVERHEAD;
    }
    free (sought);
    free (taken);
    return taken != NULL;
}

/* What the copy is of is given whether this transaction happens or not. */
void store_copy_save (struct store *self, enum store_table table, struct bytes key)
{
    struct store_copy *copy = self->copy;
    if (copy == NULL || !copy->has_begun || key.size == 0 || key.size > STORE_MOST_KEY ||
        !is_ahead (copy, (int)table, key) || !keep_written (copy, (int)table, key))
        return;
    MDB_val sought = store_lend (key), found;
    int r = IN_PAGES (mdb_get (self->mdb, self->tables[table], &sought, &found));
    r = store_check_found (self, r, sought, found);
    if (r == 0 && !(table == STORE_META && store_is_of_file (key)))
        add (copy, STORE_WRITE_PUT, (int)table, key, (struct bytes){found.mv_data, found.mv_size});
    if ((r != 0 && r != MDB_NOTFOUND) || waiting (copy) + copy->kept > STORE_COPY_WAITING)
        store_copy_end (self);
}

/* --- Giving -------------------------------------------------------------------------------------------- */

static void give (struct store_copy *copy, int table, struct bytes key, struct bytes value)
{
    bool is_of_file = table == STORE_META && store_is_of_file (key);
    if (!take_written (copy, table, key) && !is_of_file)
        add (copy, STORE_WRITE_APPEND, table, key, value);
    copy->at.size = key.size;
    memcpy (copy->at.bytes, key.data, key.size);
}

/* Gives what comes next of the table, and goes on to the next table at its end. */
static int give_table (struct store_txn *txn, struct store_copy *copy)
{
    int table = table_at (copy->step);
    struct store_scan *scan;
    struct bytes key, value;
    struct bytes from = {copy->at.bytes, copy->at.size};
    int rc = store_scan_open (txn, (enum store_table)table, from, &scan);
    if (rc != 0)
        return rc;
    while (waiting (copy) < STORE_COPY_PIECE && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (compare_to (key, &copy->last[table]) > 0)
            rc = STORE_NOT_FOUND;
        if (rc != 0)
            break;
        if (copy->at.size == 0 || compare_to (key, &copy->at) > 0)
            give (copy, table, key, value);
    }
    store_scan_close (&scan);
    if (rc != STORE_NOT_FOUND)
        return rc;
    copy->step++;
    copy->at.size = 0;
    return 0;
}

static void give_counts (struct store_copy *copy)
{
    uint8_t counts[STORE_TABLES * 8];
    for (int table = 0; table < STORE_TABLES; table++)
        put_be64 (counts + table * 8, copy->count[table]);
    add (copy, STORE_COPY_COUNTS, STORE_META, (struct bytes){NULL, 0}, (struct bytes){counts, sizeof counts});
}

static int give_more (struct store_txn *txn, struct store_copy *copy)
{
    int rc = txn->failure;
    while (rc == 0 && waiting (copy) < STORE_COPY_PIECE && copy->step < STORE_TABLES) {
        rc = give_table (txn, copy);
        if (rc == 0 && copy->step == STORE_TABLES)
            give_counts (copy);
    }
    return rc;
}

int store_copy_read (struct store_txn *txn, uint64_t from, struct store_piece *piece)
{
    struct store_copy *copy = txn->store->copy;
    if (copy == NULL || from < copy->from || from > copy->end)
        return STORE_NOT_FOUND;
    forget_until (copy, from);
    uint64_t operations = txn->operations;
    int rc = copy->has_begun ? give_more (txn, copy) : 0;
    size_t size = waiting (copy) < STORE_COPY_PIECE ? waiting (copy) : STORE_COPY_PIECE;
    txn->operations = operations + 1 + size / BYTES_AN_OPERATION;
    *piece = (struct store_piece){{copy->bytes + copy->start, size},
                                  copy->step == STORE_TABLES && size == waiting (copy)};
    return rc;
}
