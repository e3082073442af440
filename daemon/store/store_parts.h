/* What the store's own files share, and nobody else may know: LMDB's handles, and the one transaction. Only
   store*.c include LMDB. */
#pragma once
#include <lmdb.h>
#include "store.h"
#include "store_file.h"

struct store_txn {
    struct store *store;
    MDB_txn *mdb; /* NULL: none is under way */
    int failure;
    enum store_share share;
    unsigned open_scans;
    uint64_t operations, writes;
    uint64_t pages;                     /* that hold the whole tree as the transaction has left it so far */
    uint64_t table_pages[STORE_TABLES]; /* of these, per table */
    uint64_t taken[STORE_SHARES];       /* of these, in the reserve; their sum is what reaches into it */
};

/* In pages. */
struct store_room {
    uint64_t general;              /* all but the reserve */
    uint64_t limits[STORE_SHARES]; /* of the reserve */
    uint64_t ceiling;              /* all but what nobody may fill */
};

struct store {
    MDB_env *env;
    MDB_dbi tables[STORE_TABLES];
    struct store_file file;
    uint64_t reserve, operators, page_size;
    struct store_room room;
    uint64_t taken[STORE_SHARES]; /* pages, as committed */
    struct store_txn txn;         /* there is one at a time */
    bool is_dead;                 /* LMDB is not asked any more */
};

/* What a return of LMDB means to those who use the store. */
int store_outcome (int r);
/* Lends bytes to LMDB, and takes its own as ours. */
MDB_val store_lend (struct bytes bytes);
struct bytes store_bytes (MDB_val value);

/* Makes `failure` the transaction's, and returns it. */
int store_fail (struct store_txn *txn, int failure);
/* Divides the reserve. To be called when the size is known. */
void store_divide_room (struct store *self);
/* Counts what the transaction that begins finds. 0 or a failure. */
int store_count_room (struct store_txn *txn, MDB_txn *mdb);
/* After each write: whether the table may have grown so. 0 or the transaction's failure. */
int store_check_room (struct store_txn *txn, enum store_table table);
/* After a deletion, which always may be. 0 or the transaction's failure. */
int store_recount_table (struct store_txn *txn, enum store_table table);
/* What each share has taken is kept: a restart gives nobody a new share. 0, or what LMDB returned. */
int store_load_taken (struct store *self, MDB_txn *mdb);
int store_keep_taken (struct store_txn *txn);
