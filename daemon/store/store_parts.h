/* What the files of the store share, and nobody else may know: LMDB's handles, the journal, and the one
   transaction. Only store*.c include LMDB. */
#pragma once
#include <lmdb.h>
#include "journal/journal.h"
#include "store.h"
#include "store_file.h"
#include "store_pages.h"
#include "store_witness.h"

enum {
    STORE_SCHEMA = 4,
    STORE_FRAME_HEAD = 1, /* byte before the writes of a frame, and of a copy: the schema */
    MOST_TOUCHED = 65536, /* pages: LMDB keeps them in memory until the checkpoint */
};

/* In STORE_META: of the file, and not of what the registry keeps. */
#define STORE_SCHEMA_KEY "schema"
#define STORE_POINT_KEY "journal"
#define STORE_SHARES_KEY "shares" /* what each has taken */

/* As they stand in the journal. */
enum store_write {
    STORE_WRITE_PUT,
    STORE_WRITE_APPEND,
    STORE_WRITE_DELETE,
    STORE_WRITES,
    STORE_COPY_COUNTS = STORE_WRITES, /* only at the end of a copy: its value is a number (be64) for each table */
};

struct store_txn {
    struct store *store;
    MDB_txn *mdb; /* the store's; NULL: there is no transaction */
    int failure;
    enum store_share share;
    unsigned open_scans;
    uint64_t operations, writes;
    struct store_mark mark;
    uint64_t pages;                     /* of the whole store, as the transaction has left it so far */
    uint64_t table_pages[STORE_TABLES]; /* of these, by table */
    unsigned table_depth[STORE_TABLES]; /* of the tree of each */
    uint64_t taken[STORE_SHARES];       /* of these, in the reserve, by share */
};

/* All in pages. */
struct store_room {
    uint64_t general;              /* outside the reserve */
    uint64_t limits[STORE_SHARES]; /* of each share of the reserve */
    uint64_t ceiling;              /* all but the spare part of the reserve, which only STORE_OWN may use */
};

struct store {
    MDB_env *env;
    MDB_txn *mdb; /* open from one checkpoint to the next */
    MDB_dbi tables[STORE_TABLES];
    struct journal *journal;
    uint8_t id[JOURNAL_ID_SIZE];
    struct journal_point point;  /* LMDB's file has what the journal says up to here */
    struct store_mark mark;      /* of the last transaction */
    struct store_mark witnessed; /* when the store was opened */
    int witness_fd;
    struct store_witness witness; /* as it was written last, with a sync or noted */
    uint64_t notes;               /* how many it got */
    uint64_t checkpoint_bytes; /* of frames, after which the next checkpoint is due */
    bool has_changes;          /* since the last checkpoint */
    /* Pages: those that were written since the last checkpoint, at most; how many that may be; and those in use,
       as the last transaction left them. */
    uint64_t touched, budget, used;
    uint8_t *frame; /* what the transaction has written so far */
    size_t frame_used, frame_room;
    struct store_file file;
    uint64_t reserve, operators, page_size;
    struct store_room room;
    uint64_t taken[STORE_SHARES]; /* pages, as committed */
    struct store_txn txn;         /* there is one at a time */
    struct store_copy *copy;      /* that is being given out; NULL: none */
    bool is_dead;                 /* neither LMDB nor the journal is called any more */
    bool upgrade, is_earlier;     /* a store of an earlier schema may be opened; it is one */
};

/* A write, as it stands in a frame and in a copy: how many bytes it has, its bytes, and the next one taken off
   `rest` (false: there is none, or that is not one). */
size_t store_write_size (struct bytes key, struct bytes value);
void store_write_put (uint8_t *to, enum store_write kind, enum store_table table, struct bytes key,
                      struct bytes value);
bool store_write_next (struct bytes *rest, enum store_write *kind, enum store_table *table, struct bytes *key,
                       struct bytes *value);

/* store_journal.c: the frame of a transaction. */
void store_frame_begin (struct store *self);
void store_frame_add (struct store *self, enum store_write kind, enum store_table table, struct bytes key,
                      struct bytes value);
/* Does one write in LMDB's transaction. What LMDB returned. */
int store_write_to_map (struct store *self, enum store_write kind, enum store_table table, struct bytes key,
                        struct bytes value);
/* Appends the frame. 0: it is in the journal, but perhaps not durable yet. STORE_DEAD; or negative: the
   transaction must be undone. */
int store_commit_frame (struct store *self);

/* The point in the table of state. What LMDB returned. */
int store_put_point (MDB_txn *mdb, MDB_dbi meta, const uint8_t id[JOURNAL_ID_SIZE],
                     const struct journal_point *point);
/* Reads the store's id and the point. 0, STORE_NOT_FOUND (a store of before the journal), or a failure. */
int store_get_point (struct store *self, MDB_txn *mdb);

/* Begins and aborts LMDB's transaction. 0 or a failure. */
int store_cycle_begin (struct store *self);
void store_cycle_abort (struct store *self);
/* Puts the frames behind the point into LMDB's transaction, which must be fresh. As journal_replay; STORE_INVALID:
   a frame of another schema. */
int store_replay (struct store *self);
bool store_checkpoint_is_due (const struct store *self);
/* Undoes what was written since the last commit_frame. 0 or STORE_DEAD. */
int store_undo (struct store *self);
/* Aborts LMDB's transaction, and commits one in which nothing changes: the pages that the last checkpoint replaced
   come free by it. Then there is no transaction. 0 or a failure. */
int store_free_pages (struct store *self);
/* Says how many pages the cycle that begins may touch, by what is in use and by what the one before has touched.
 */
void store_set_budget (struct store *self);

/* store_open.c: what is the same for the store and for a copy of it. `file` has the place for the error. */
int store_refuse_step (const struct store_file *file, int r, const char *step);
/* Makes LMDB's environment, not opened yet. What LMDB returned. */
int store_prepare_environment (MDB_env **env_p, uint64_t size);
/* Makes all tables, with the schema, and the store's id. What LMDB returned. */
int store_write_empty_tables (MDB_env *env, const uint8_t id[JOURNAL_ID_SIZE]);
/* Reads the schema's number. 0, or an outcome with its sentence: it is none that this program knows. */
int store_read_schema (const struct store *self, MDB_txn *txn, unsigned *found);
/* Opens a table that must be there. 0, or an outcome with its sentence. */
int store_open_table (struct store *self, MDB_txn *txn, enum store_table table);
/* A key of STORE_META that is about this file alone, and is not in a copy: its schema, and its journal. */
bool store_is_of_file (struct bytes key);

/* store_copy.c: to be called when a transaction has begun, and before a key is written or deleted. */
void store_copy_freeze (struct store *self);
void store_copy_save (struct store *self, enum store_table table, struct bytes key);

/* store_take_up.c. The journal that a store of this size has. Borrows from the file. */
struct journal_options store_journal_options (const struct store_file *file, const uint8_t id[JOURNAL_ID_SIZE]);
/* Takes up what was written after the last checkpoint, and asks the witness. `restored` as in store_options. 0, or
   a refusal or failure with one sentence. */
int store_take_up_journal (struct store *self, bool restored);
/* Where there is no store, but a journal and a witness of one in which something happened: refuses, with one
   sentence. Else 0. */
int store_refuse_lost (const struct store_file *file);

/* The outcome of the store for a return of LMDB. */
int store_outcome (int r);
/* What LMDB returned; MDB_CORRUPTED: the key or the value that it found is none. */
int store_check_found (const struct store *self, int r, MDB_val key, MDB_val value);
/* Bytes as LMDB wants them. */
MDB_val store_lend (struct bytes bytes);

/* Sets `failure` as the transaction's, and returns it. */
int store_fail (struct store_txn *txn, int failure);
/* Divides the reserve into shares. To be called when the size is known. */
void store_divide_room (struct store *self);
/* Counts the pages in use when a transaction begins. 0 or a failure. */
int store_count_room (struct store_txn *txn);
/* Pages in use, all in all. 0 or a failure. */
int store_count_used (struct store *self);
/* To be called after each write: checks that the share had room for it. 0 or the transaction's failure. */
int store_check_room (struct store_txn *txn, enum store_table table);
/* To be called after a deletion, which is always allowed. 0 or the transaction's failure. */
int store_recount_table (struct store_txn *txn, enum store_table table);
/* Reads and writes what each share has taken. It is kept, so that a restart gives nobody a new share. 0, or what
   LMDB returned. */
int store_load_taken (struct store *self);
int store_keep_taken (struct store_txn *txn);
