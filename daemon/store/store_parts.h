/* What the files of the store share, and nobody else may know: LMDB's handles, and the one transaction. Only
   store*.c include LMDB. */
#pragma once
#include <lmdb.h>
#include "store.h"
#include "store_file.h"

struct store_txn {
    struct store *store;
    MDB_txn *mdb; /* NULL: there is no transaction */
    int failure;
    enum store_share share;
    unsigned open_scans;
    uint64_t operations, writes;
    uint64_t pages;                     /* of the whole store, as the transaction has left it so far */
    uint64_t table_pages[STORE_TABLES]; /* of these, by table */
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
    MDB_dbi tables[STORE_TABLES];
    struct store_file file;
    uint64_t reserve, operators, page_size;
    struct store_room room;
    uint64_t taken[STORE_SHARES]; /* pages, as committed */
    struct store_txn txn;         /* there is one at a time */
    bool is_dead;                 /* LMDB is not called any more */
};

/* The outcome of the store for a return of LMDB. */
int store_outcome (int r);
/* Bytes as LMDB wants them. */
MDB_val store_lend (struct bytes bytes);

/* Sets `failure` as the transaction's, and returns it. */
int store_fail (struct store_txn *txn, int failure);
/* Divides the reserve into shares. To be called when the size is known. */
void store_divide_room (struct store *self);
/* Counts the pages in use when a transaction begins. 0 or a failure. */
int store_count_room (struct store_txn *txn, MDB_txn *mdb);
/* To be called after each write: checks that the share had room for it. 0 or the transaction's failure. */
int store_check_room (struct store_txn *txn, enum store_table table);
/* To be called after a deletion, which is always allowed. 0 or the transaction's failure. */
int store_recount_table (struct store_txn *txn, enum store_table table);
/* Reads and writes what each share has taken. It is kept, so that a restart gives nobody a new share. 0, or what
   LMDB returned. */
int store_load_taken (struct store *self, MDB_txn *mdb);
int store_keep_taken (struct store_txn *txn);
