/* Giving out a copy of the store while it is in use. */
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"
#include "store_copy.h"
#include "store_parts.h"

enum {
    MOST_KEY = 511, /* bytes: LMDB's */
    /* What giving costs, in operations of the store (turn.h): it unseals nothing, and reads in order. */
    BYTES_AN_OPERATION = 4096,
};

/* Up to where the store was given: all tables before `table`, and of that one all keys up to `key`. */
struct place {
    int table;       /* STORE_TABLES: all was given */
    size_t key_size; /* 0: nothing of this table yet */
    uint8_t key[MOST_KEY];
};

struct store_copy {
    struct place at;
    bool is_closed; /* the stream has its end; what is written now is not in it */
    /* The bytes of the stream from `from` up to `end`. They begin at bytes + start. */
    uint8_t *bytes;
    size_t start, room;
    uint64_t from, end;
    /* As it was when the present transaction began. */
    struct place at_before;
    uint64_t end_before;
};

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

static void add_write (struct store_copy *copy, enum store_write kind, int table, struct bytes key,
                       struct bytes value)
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

/* No more will wait than there is: it is kept until another copy begins. */
static void shrink (struct store_copy *copy)
{
    size_t used = waiting (copy);
    memmove (copy->bytes, copy->bytes + copy->start, used);
    copy->start = 0;
    copy->room = used > 0 ? used : 1;
    copy->bytes = realloc (copy->bytes, copy->room);
    if (copy->bytes == NULL)
        abort ();
}

/* --- Beginning and ending ------------------------------------------------------------------------------ */

void store_copy_end (struct store *self)
{
    if (self->copy != NULL)
        free (self->copy->bytes);
    free (self->copy);
    self->copy = NULL;
}

void store_copy_begin (struct store *self)
{
    store_copy_end (self);
    struct store_copy *copy = self->copy = calloc (1, sizeof *copy);
    if (copy == NULL)
        abort ();
    *reserve (copy, STORE_FRAME_HEAD) = STORE_SCHEMA;
    copy->end = copy->end_before = STORE_FRAME_HEAD;
}

bool store_copy_is_under_way (const struct store *self)
{
    return self->copy != NULL;
}

/* Between two transactions: what was given is the store as it is now, and so are the counts. */
static void close_stream (struct store *self)
{
    uint8_t counts[STORE_TABLES * 8];
    for (int table = 0; table < STORE_TABLES; table++) {
        MDB_stat stat;
        if (mdb_stat (self->mdb, self->tables[table], &stat) != 0) {
            store_copy_end (self);
            return;
        }
        put_be64 (counts + table * 8, stat.ms_entries);
    }
    add_write (self->copy, STORE_COPY_COUNTS, STORE_META, (struct bytes){NULL, 0},
               (struct bytes){counts, sizeof counts});
    self->copy->is_closed = true;
}

void store_copy_mark (struct store *self)
{
    if (self->copy != NULL && self->copy->at.table == STORE_TABLES && !self->copy->is_closed)
        close_stream (self);
    struct store_copy *copy = self->copy;
    if (copy == NULL)
        return;
    copy->at_before = copy->at;
    copy->end_before = copy->end;
}

/* What was given in the transaction may be what it wrote. */
void store_copy_undo (struct store *self)
{
    struct store_copy *copy = self->copy;
    if (copy == NULL)
        return;
    if (copy->from > copy->end_before) { /* who asked says to have what was never sent */
        store_copy_end (self);
        return;
    }
    copy->at = copy->at_before;
    copy->end = copy->end_before;
}

/* --- Following what is written -------------------------------------------------------------------------- */

/* LMDB's order of keys. */
static int compare_keys (const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
    int order = memcmp (a, b, a_size < b_size ? a_size : b_size);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

/* Other keys are given when the copy comes to them. */
static bool was_given (const struct place *at, int table, struct bytes key)
{
    return table < at->table || (table == at->table && at->key_size > 0 &&
                                 compare_keys (key.data, key.size, at->key, at->key_size) <= 0);
}

void store_copy_follow (struct store *self, struct bytes writes)
{
    struct store_copy *copy = self->copy;
    enum store_write kind;
    enum store_table table;
    struct bytes key, value;
    if (copy == NULL || copy->is_closed)
        return;
    while (store_write_next (&writes, &kind, &table, &key, &value))
        if (was_given (&copy->at, (int)table, key))
            add_write (copy, kind, (int)table, key, value);
    if (waiting (copy) > STORE_COPY_WAITING)
        store_copy_end (self);
}

/* --- Giving -------------------------------------------------------------------------------------------- */

static void give (struct store_copy *copy, struct bytes key, struct bytes value)
{
    struct place *at = &copy->at;
    if (at->table != STORE_META || !store_is_of_file (key))
        add_write (copy, STORE_WRITE_APPEND, at->table, key, value);
    at->key_size = key.size;
    memcpy (at->key, key.data, key.size);
}

/* Gives what comes next of the table, and goes on to the next table at its end. */
static int give_table (struct store_txn *txn, struct store_copy *copy)
{
    struct place *at = &copy->at;
    struct store_scan *scan;
    struct bytes key, value;
    int rc = store_scan_open (txn, (enum store_table)at->table, (struct bytes){at->key, at->key_size}, &scan);
    if (rc != 0)
        return rc;
    while (waiting (copy) < STORE_COPY_PIECE && (rc = store_scan_next (scan, &key, &value)) == 0)
        if (at->key_size == 0 || compare_keys (key.data, key.size, at->key, at->key_size) > 0)
            give (copy, key, value);
    store_scan_close (&scan);
    if (rc != STORE_NOT_FOUND)
        return rc;
    at->table++;
    at->key_size = 0;
    return 0;
}

int store_copy_read (struct store_txn *txn, uint64_t from, struct store_piece *piece)
{
    struct store_copy *copy = txn->store->copy;
    if (copy == NULL || from < copy->from || from > copy->end)
        return STORE_NOT_FOUND;
    forget_until (copy, from);
    uint64_t operations = txn->operations;
    int rc = txn->failure;
    while (rc == 0 && waiting (copy) < STORE_COPY_PIECE && copy->at.table < STORE_TABLES)
        rc = give_table (txn, copy);
    size_t size = waiting (copy) < STORE_COPY_PIECE ? waiting (copy) : STORE_COPY_PIECE;
    txn->operations = operations + 1 + size / BYTES_AN_OPERATION;
    if (copy->is_closed && size == waiting (copy))
        shrink (copy);
    *piece = (struct store_piece){{copy->bytes + copy->start, size}, copy->is_closed && size == waiting (copy)};
    return rc;
}
