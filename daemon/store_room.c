#include "store_parts.h"

enum { META_PAGES = 2 };

/* LMDB keeps these counts with the root of each tree: reading them costs no walk and no system call. Both of its
   own trees (0: free pages, 1: names of the tables) come before ours. */
static int count_tree_pages (MDB_txn *txn, MDB_dbi tree, uint64_t *pages)
{
    MDB_stat stat;
    int r = mdb_stat (txn, tree, &stat);
    if (r == 0)
        *pages = stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
    return r;
}

/* Pages in use are those that some tree holds; so what was taken and freed again is not counted, and the list of
   free pages need not be read. */
static int count_pages (const struct store *store, MDB_txn *mdb, uint64_t table_pages[STORE_TABLES],
                        uint64_t *total)
{
    uint64_t sum = META_PAGES;
    for (MDB_dbi own = 0; own < 2; own++) {
        uint64_t pages;
        int r = count_tree_pages (mdb, own, &pages);
        if (r != 0)
            return r;
        sum += pages;
    }
    for (int i = 0; i < STORE_TABLES; i++) {
        int r = count_tree_pages (mdb, store->tables[i], &table_pages[i]);
        if (r != 0)
            return r;
        sum += table_pages[i];
    }
    *total = sum;
    return 0;
}

int store_info (struct store *self, struct store_info *info)
{
    MDB_txn *txn;
    uint64_t table_pages[STORE_TABLES], pages;
    int r = mdb_txn_begin (self->env, NULL, MDB_RDONLY, &txn);
    if (r != 0)
        return store_outcome (r);
    r = count_pages (self, txn, table_pages, &pages);
    mdb_txn_abort (txn);
    if (r != 0)
        return store_outcome (r);
    *info =
        (struct store_info){.used = pages * self->page_size, .size = self->file.size, .reserve = self->reserve};
    return 0;
}

/* Judged after the write: a transaction that fails here never commits, so nothing has reached the reserve yet.
   Copy-on-write also holds, until two commits later, the pages that a transaction replaced: the reserve has to be
   larger than what one turn rewrites. */
int store_check_room (struct store_txn *txn, enum store_table table)
{
    const struct store *store = txn->store;
    uint64_t pages = 0;
    int r = count_tree_pages (txn->mdb, store->tables[table], &pages);
    if (r != 0)
        return store_fail (txn, store_outcome (r));
    txn->pages += pages - txn->table_pages[table];
    txn->table_pages[table] = pages;
    if (!txn->privileged && txn->pages * store->page_size > store->file.size - store->reserve)
        return store_fail (txn, STORE_FULL);
    return 0;
}

int store_count_room (struct store_txn *txn, MDB_txn *mdb)
{
    return store_outcome (count_pages (txn->store, mdb, txn->table_pages, &txn->pages));
}
