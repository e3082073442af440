#include "store_parts.h"

#include <endian.h>
#include <string.h>

enum {
    META_PAGES = 2,
    LEAST_SPARE = 512 * 1024, /* bytes: room for one request, and for the old pages of the two commits before it */
};

static const char taken_key[] = STORE_SHARES_KEY;

/* LMDB keeps these counts with the root of each tree, so reading them costs no walk and no system call. LMDB's own
   two trees (0: free pages, 1: names of the tables) come before ours. */
static int count_tree_pages (MDB_txn *txn, MDB_dbi tree, uint64_t *pages, unsigned *depth)
{
    MDB_stat stat;
    int r = mdb_stat (txn, tree, &stat);
    if (r == 0) {
        *pages = stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
        *depth = stat.ms_depth;
    }
    return r;
}

/* A page is in use if a tree holds it. So pages that were used and freed again are not counted, and the list of
   free pages need not be read. */
static int count_pages (struct store_txn *txn, MDB_txn *mdb)
{
    unsigned depth;
    txn->pages = META_PAGES;
    for (MDB_dbi own = 0; own < 2; own++) {
        uint64_t pages = 0;
        int r = count_tree_pages (mdb, own, &pages, &depth);
        if (r != 0)
            return r;
        txn->pages += pages;
    }
    for (int i = 0; i < STORE_TABLES; i++) {
        int r = count_tree_pages (mdb, txn->store->tables[i], &txn->table_pages[i], &txn->table_depth[i]);
        if (r != 0)
            return r;
        txn->pages += txn->table_pages[i];
    }
    return 0;
}

int store_count_used (struct store *self)
{
    struct store_txn counted = {.store = self};
    int r = count_pages (&counted, self->mdb);
    self->used = counted.pages;
    return store_outcome (r);
}

/* An eighth of the reserve is spare, no share's: pages that a commit replaces become free only two commits
   later. */
void store_divide_room (struct store *self)
{
    uint64_t spare = self->reserve / 8 > LEAST_SPARE ? self->reserve / 8 : LEAST_SPARE;
    if (spare > self->reserve / 2)
        spare = self->reserve / 2;
    uint64_t divided = self->reserve - spare, operators = self->operators != 0 ? self->operators : divided / 4;
    uint64_t own = divided / 16;
    if (operators > divided - own)
        operators = divided - own;
    self->room = (struct store_room){
        .general = (self->file.size - self->reserve) / self->page_size,
        .ceiling = (self->file.size - spare) / self->page_size,
        .limits = {[STORE_OPERATORS] = operators / self->page_size,
                   [STORE_WITHDRAWALS] = (divided - operators - own) / self->page_size,
                   [STORE_OWN] = own / self->page_size},
    };
}

int store_info (struct store *self, struct store_info *info)
{
    if (self->is_dead)
        return STORE_DEAD;
    *info = (struct store_info){.used = self->used * self->page_size,
                                .size = self->file.size,
                                .reserve = self->reserve,
                                .general = self->room.general * self->page_size};
    for (int i = 0; i < STORE_SHARES; i++) {
        info->shares[i] = self->room.limits[i] * self->page_size;
        info->taken[i] = self->taken[i] * self->page_size;
    }
    return 0;
}

/* --- Shares ------------------------------------------------------------------------------------------- */

static void give_back (uint64_t *taken, uint64_t *pages)
{
    uint64_t part = *taken < *pages ? *taken : *pages;
    *taken -= part;
    *pages -= part;
}

/* Every page in use in the reserve belongs to a share. Growth belongs to the share that writes now. Pages that
   became free are given back to the share that freed them; what is more than it had taken, is given back to the
   others. */
static void settle_shares (struct store_txn *txn, enum store_share share)
{
    const struct store_room *room = &txn->store->room;
    uint64_t reached = txn->pages > room->general ? txn->pages - room->general : 0, sum = 0;
    for (int i = 0; i < STORE_SHARES; i++)
        sum += txn->taken[i];
    if (reached >= sum) {
        txn->taken[share] += reached - sum;
        return;
    }
    uint64_t freed = sum - reached;
    static const enum store_share order[] = {STORE_GENERAL, STORE_WITHDRAWALS, STORE_OPERATORS, STORE_OWN};
    give_back (&txn->taken[share], &freed);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        give_back (&txn->taken[order[i]], &freed);
}

static bool is_within (const struct store_txn *txn, enum store_share share, uint64_t more)
{
    const struct store_room *room = &txn->store->room;
    if (txn->pages + more <= room->general)
        return true;
    return share != STORE_GENERAL && txn->taken[share] + more <= room->limits[share] &&
           (share == STORE_OWN || txn->pages + more <= room->ceiling);
}

void store_use_share (struct store_txn *txn, enum store_share share)
{
    txn->share = share;
}

enum store_share store_share_of (const struct store_txn *txn)
{
    return txn->share;
}

bool store_has_room (const struct store_txn *txn, enum store_share share, uint64_t bytes)
{
    return is_within (txn, share, bytes / txn->store->page_size + 1);
}

uint64_t store_share_taken (const struct store_txn *txn, enum store_share share)
{
    return txn->taken[share] * txn->store->page_size;
}

uint64_t store_share_left (const struct store_txn *txn, enum store_share share)
{
    const struct store *store = txn->store;
    uint64_t limit = store->room.limits[share], taken = txn->taken[share];
    return taken < limit ? (limit - taken) * store->page_size : 0;
}

/* --- In a transaction --------------------------------------------------------------------------------- */

int store_recount_table (struct store_txn *txn, enum store_table table)
{
    uint64_t pages = 0;
    int r = count_tree_pages (txn->mdb, txn->store->tables[table], &pages, &txn->table_depth[table]);
    if (r != 0)
        return store_fail (txn, store_outcome (r));
    txn->pages += pages - txn->table_pages[table];
    txn->table_pages[table] = pages;
    settle_shares (txn, txn->share);
    return 0;
}

/* The check comes after the write. A transaction that fails here never commits, so no page is used that may not
   be. */
int store_check_room (struct store_txn *txn, enum store_table table)
{
    int r = store_recount_table (txn, table);
    if (r == 0 && !is_within (txn, txn->share, 0))
        r = store_fail (txn, STORE_FULL);
    return r;
}

/* The list of free pages may have grown by itself, or the reserve may have been made larger. No share has done
   that. */
int store_count_room (struct store_txn *txn)
{
    memcpy (txn->taken, txn->store->taken, sizeof txn->taken);
    int r = count_pages (txn, txn->mdb);
    if (r == 0)
        settle_shares (txn, STORE_GENERAL);
    return store_outcome (r);
}

int store_load_taken (struct store *self)
{
    MDB_val key = store_lend ((struct bytes){taken_key, sizeof taken_key - 1}), value;
    uint64_t kept[STORE_SHARES];
    int r = IN_PAGES (mdb_get (self->mdb, self->tables[STORE_META], &key, &value));
    if (r == MDB_NOTFOUND || (r == 0 && value.mv_size != sizeof kept))
        return 0; /* of an earlier schema, or of a later program with more shares: all begin at 0 */
    if (r != 0)
        return r;
    memcpy (kept, value.mv_data, sizeof kept);
    for (int i = 0; i < STORE_SHARES; i++)
        self->taken[i] = be64toh (kept[i]);
    return 0;
}

int store_keep_taken (struct store_txn *txn)
{
    if (memcmp (txn->taken, txn->store->taken, sizeof txn->taken) == 0)
        return 0;
    uint64_t kept[STORE_SHARES];
    for (int i = 0; i < STORE_SHARES; i++)
        kept[i] = htobe64 (txn->taken[i]);
    struct bytes key = {taken_key, sizeof taken_key - 1}, value = {kept, sizeof kept};
    store_copy_save (txn->store, STORE_META, key);
    store_frame_add (txn->store, STORE_WRITE_PUT, STORE_META, key, value);
    return store_write_to_map (txn->store, STORE_WRITE_PUT, STORE_META, key, value);
}
