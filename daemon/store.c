#include "store.h"

#include "store_file.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SCHEMA_VERSION = 2,
    SMALLEST_SIZE = 1024 * 1024,
    META_PAGES = 2,
    ROUND = 64 * 1024, /* bytes; the largest page that LMDB knows, as it wants whole pages */
};

static const char schema_key[] = "schema";

static const char *const table_names[STORE_TABLES] = {
    [STORE_META] = "meta",
    [STORE_SUBJECT] = "subject",
    [STORE_CONSENT] = "consent",
    [STORE_CONSENT_BY_SUBJECT] = "consent_by_subject",
    [STORE_EVENT] = "event",
    [STORE_CURSOR] = "cursor",
    [STORE_AUDIT] = "audit",
    [STORE_PARTY] = "party",
    [STORE_SUBJECT_BEFORE] = "subject_before",
    [STORE_PARTY_SINCE] = "party_since",
    [STORE_RECEIVED] = "received",
    [STORE_OBLIGATION] = "obligation",
    [STORE_AGENDA] = "agenda",
    [STORE_REQUEST] = "request",
    [STORE_REQUEST_WAITING] = "request_waiting",
    [STORE_REQUEST_BY_SUBJECT] = "request_by_subject",
    [STORE_REQUEST_BY_PARTY] = "request_by_party",
};

struct store_txn {
    struct store *store;
    MDB_txn *mdb; /* NULL: none is under way */
    int failure;
    bool privileged;
    unsigned open_scans;
    uint64_t pages;                     /* that hold the whole tree as the transaction has left it so far */
    uint64_t table_pages[STORE_TABLES]; /* of these, per table */
};

struct store {
    MDB_env *env;
    MDB_dbi tables[STORE_TABLES];
    struct store_file file;
    uint64_t reserve, page_size;
    struct store_txn txn; /* there is one at a time */
};

struct store_scan {
    struct store_txn *txn;
    MDB_cursor *cursor;
    MDB_val from;
    MDB_cursor_op next; /* the step that store_scan_next takes */
};

/* LMDB gives errno values as positive numbers and its own codes as negative ones. */
static int outcome_of (int r)
{
    if (r == MDB_NOTFOUND)
        return STORE_NOT_FOUND;
    if (r == MDB_MAP_FULL)
        return STORE_FULL;
    return r > 0 ? -r : r;
}

static MDB_val lend (struct bytes bytes)
{
    /* LMDB copies with memcpy, which may not be given NULL even for nothing. It takes no const, and writes to
     * neither. */
    union {
        const void *given;
        void *taken;
    } data = {.given = bytes.size ? bytes.data : ""};
    return (MDB_val){.mv_size = bytes.size, .mv_data = data.taken};
}

static struct bytes bytes_of (MDB_val value)
{
    return (struct bytes){.data = value.mv_data, .size = value.mv_size};
}

/* --- Opening ------------------------------------------------------------------------------------------ */

static int refuse_step (const struct store_file *file, int r, const char *step)
{
    return store_file_refuse (file, outcome_of (r), "%s: %s", step, mdb_strerror (r));
}

static int prepare_environment (MDB_env **env_p, uint64_t size)
{
    int r = mdb_env_create (env_p);
    if (r == 0)
        r = mdb_env_set_maxdbs (*env_p, STORE_TABLES);
    if (r == 0)
        r = mdb_env_set_mapsize (*env_p, size);
    return r;
}

static int write_empty_tables (MDB_env *env)
{
    MDB_txn *txn;
    MDB_dbi tables[STORE_TABLES];
    int r = mdb_txn_begin (env, NULL, 0, &txn);
    if (r != 0)
        return r;
    for (int i = 0; r == 0 && i < STORE_TABLES; i++)
        r = mdb_dbi_open (txn, table_names[i], MDB_CREATE, &tables[i]);
    if (r == 0) {
        const uint32_t schema = htobe32 (SCHEMA_VERSION);
        MDB_val key = lend ((struct bytes){schema_key, sizeof schema_key - 1});
        MDB_val value = lend ((struct bytes){&schema, sizeof schema});
        r = mdb_put (txn, tables[STORE_META], &key, &value, 0);
    }
    if (r == 0)
        return mdb_txn_commit (txn);
    mdb_txn_abort (txn);
    return r;
}

static int build_fresh_file (const struct store_file *file)
{
    char *path = store_file_path (file, STORE_FILE_FRESH_NAME);
    MDB_env *env = NULL;
    int r = prepare_environment (&env, file->size);
    if (r == 0)
        r = mdb_env_open (env, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600);
    if (r == 0)
        r = write_empty_tables (env);
    if (env)
        mdb_env_close (env);
    free (path);
    return r == 0 ? 0 : refuse_step (file, r, "cannot be made");
}

/* LMDB's own creation leaves a file that does not open if the machine stops halfway. So the file gets its name
   only when it is whole, set aside and on disk. */
static int create_file (const struct store_file *file)
{
    int r = store_file_discard_fresh (file);
    if (r != 0)
        return r;
    r = build_fresh_file (file);
    if (r == 0)
        r = store_file_install_fresh (file);
    if (r != 0)
        unlinkat (file->directory_fd, STORE_FILE_FRESH_NAME, 0); /* the first failure is the one to tell */
    return r;
}

static int open_environment (struct store *self)
{
    char *path = store_file_path (&self->file, STORE_FILE_NAME);
    int r = prepare_environment (&self->env, self->file.size);
    if (r == 0)
        r = mdb_env_open (self->env, path, MDB_NOSUBDIR | MDB_NOTLS,
                          0600); /* NOTLS: store_info reads beside a write */
    free (path);
    int dead;
    if (r == 0)
        r = mdb_reader_check (self->env, &dead);
    MDB_stat stat;
    if (r == 0)
        r = mdb_env_stat (self->env, &stat);
    if (r != 0)
        return refuse_step (&self->file, r, "cannot be opened");
    self->page_size = stat.ms_psize;
    return 0;
}

static int check_schema (const struct store *self, MDB_txn *txn)
{
    MDB_val key = lend ((struct bytes){schema_key, sizeof schema_key - 1}), value;
    uint32_t schema;
    int r = mdb_get (txn, self->tables[STORE_META], &key, &value);
    if (r == MDB_NOTFOUND || (r == 0 && value.mv_size != sizeof schema))
        return store_file_refuse (&self->file, STORE_INVALID,
                                  "not a store of the registry: it has no schema version");
    if (r != 0)
        return refuse_step (&self->file, r, "cannot be read");
    memcpy (&schema, value.mv_data, sizeof schema);
    if (be32toh (schema) != SCHEMA_VERSION)
        return store_file_refuse (&self->file, STORE_INVALID, "of schema version %u, where this program knows %d",
                                  be32toh (schema), SCHEMA_VERSION);
    return 0;
}

static int open_table (struct store *self, MDB_txn *txn, enum store_table table)
{
    int r = mdb_dbi_open (txn, table_names[table], 0, &self->tables[table]);
    if (r == MDB_NOTFOUND || r == MDB_INCOMPATIBLE)
        return store_file_refuse (&self->file, STORE_INVALID, "not a store of the registry: it has no table %s",
                                  table_names[table]);
    return r == 0 ? 0 : refuse_step (&self->file, r, "cannot be read");
}

static int open_tables (struct store *self)
{
    MDB_txn *txn;
    int r = mdb_txn_begin (self->env, NULL, 0, &txn);
    if (r != 0)
        return refuse_step (&self->file, r, "cannot be read");
    int outcome = open_table (self, txn, STORE_META);
    if (outcome == 0)
        outcome = check_schema (self, txn); /* before the rest: another version may have other tables */
    for (int i = 0; outcome == 0 && i < STORE_TABLES; i++)
        outcome = open_table (self, txn, (enum store_table)i);
    if (outcome != 0) {
        mdb_txn_abort (txn);
        return outcome;
    }
    /* Handles stay only if the transaction that opened them commits, though it wrote nothing. */
    r = mdb_txn_commit (txn);
    return r == 0 ? 0 : refuse_step (&self->file, r, "cannot be read");
}

static int check_options (const struct store *self)
{
    if (self->file.size < SMALLEST_SIZE)
        return store_file_refuse (&self->file, -EINVAL, "a store needs a size of at least %d bytes",
                                  SMALLEST_SIZE);
    if (self->reserve > self->file.size / 2)
        return store_file_refuse (&self->file, -EINVAL, "the reserve may not be more than half of the size");
    return 0;
}

static int secure_file (struct store *self)
{
    int r = store_file_lock (&self->file);
    if (r == 0)
        r = store_file_secure (&self->file);
    if (r != STORE_NOT_FOUND)
        return r;
    r = create_file (&self->file);
    if (r == 0)
        r = store_file_secure (&self->file);
    return r == STORE_NOT_FOUND ? store_file_refuse (&self->file, -ENOENT, "has been taken away") : r;
}

int store_open (struct store **self_p, const struct store_options *options, char *error, size_t error_size)
{
    struct store *self = calloc (1, sizeof *self);
    if (!self)
        abort ();
    self->file = (struct store_file){.directory = options->directory,
                                     .size = options->size / ROUND * ROUND,
                                     .error = error,
                                     .error_size = error_size,
                                     .directory_fd = -1,
                                     .lock_fd = -1};
    self->reserve = options->reserve;

    int r = check_options (self);
    if (r == 0)
        r = secure_file (self);
    if (r == 0)
        r = open_environment (self);
    if (r == 0)
        r = open_tables (self);
    self->file.directory = NULL; /* the caller's, as is the place for the error */
    self->file.error = NULL;
    if (r == 0)
        *self_p = self;
    else
        store_close (&self);
    return r;
}

void store_close (struct store **self_p)
{
    struct store *self = *self_p;
    if (!self)
        return;
    struct store_txn *unfinished = self->txn.mdb ? &self->txn : NULL;
    store_abort (&unfinished);
    if (self->env)
        mdb_env_close (self->env);
    store_file_release (&self->file);
    free (self);
    *self_p = NULL;
}

/* --- Room --------------------------------------------------------------------------------------------- */

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
        return outcome_of (r);
    r = count_pages (self, txn, table_pages, &pages);
    mdb_txn_abort (txn);
    if (r != 0)
        return outcome_of (r);
    *info =
        (struct store_info){.used = pages * self->page_size, .size = self->file.size, .reserve = self->reserve};
    return 0;
}

static int fail (struct store_txn *txn, int failure)
{
    txn->failure = failure;
    return failure;
}

/* Judged after the write: a transaction that fails here never commits, so nothing has reached the reserve yet.
   Copy-on-write also holds, until two commits later, the pages that a transaction replaced: the reserve has to be
   larger than what one turn rewrites. */
static int check_room (struct store_txn *txn, enum store_table table)
{
    const struct store *store = txn->store;
    uint64_t pages = 0;
    int r = count_tree_pages (txn->mdb, store->tables[table], &pages);
    if (r != 0)
        return fail (txn, outcome_of (r));
    txn->pages += pages - txn->table_pages[table];
    txn->table_pages[table] = pages;
    if (!txn->privileged && txn->pages * store->page_size > store->file.size - store->reserve)
        return fail (txn, STORE_FULL);
    return 0;
}

/* --- Transactions ------------------------------------------------------------------------------------- */

int store_begin (struct store *self, struct store_txn **txn_p)
{
    struct store_txn *txn = &self->txn;
    if (txn->mdb)
        return -EBUSY; /* LMDB would wait for itself for ever */
    MDB_txn *mdb;
    int r = mdb_txn_begin (self->env, NULL, 0, &mdb);
    if (r != 0)
        return outcome_of (r);
    *txn = (struct store_txn){.store = self};
    r = count_pages (self, mdb, txn->table_pages, &txn->pages);
    if (r != 0) {
        mdb_txn_abort (mdb);
        return outcome_of (r);
    }
    txn->mdb = mdb;
    *txn_p = txn;
    return 0;
}

void store_use_reserve (struct store_txn *txn, bool privileged)
{
    txn->privileged = privileged;
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
    int r = mdb_txn_commit (txn->mdb); /* frees it, whatever comes out */
    txn->mdb = NULL;
    *txn_p = NULL;
    return outcome_of (r);
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

int store_failure (const struct store_txn *txn)
{
    return txn->failure;
}

/* What a read came to: only an absent key leaves the transaction as it was. */
static int conclude_read (struct store_txn *txn, int r)
{
    int outcome = outcome_of (r);
    return outcome == 0 || outcome == STORE_NOT_FOUND ? outcome : fail (txn, outcome);
}

int store_get (struct store_txn *txn, enum store_table table, struct bytes key, struct bytes *value)
{
    if (txn->failure != 0)
        return txn->failure;
    MDB_val sought = lend (key), found;
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
    MDB_val written = lend (key), content = lend (value);
    int r = mdb_put (txn->mdb, txn->store->tables[table], &written, &content, flags);
    if (r != 0)
        return fail (txn, outcome_of (r));
    return check_room (txn, table);
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
    MDB_val removed = lend (key);
    return conclude_read (txn, mdb_del (txn->mdb, txn->store->tables[table], &removed, NULL));
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
        return fail (txn, outcome_of (r));
    struct store_scan *scan = malloc (sizeof *scan + from.size);
    if (!scan)
        abort ();
    char *copy = (char *)(scan + 1); /* the caller's key need not outlive this call */
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

/* LMDB can seek upwards only: the first key that is not below, and one back from there. */
static int seek_last (MDB_cursor *cursor, struct bytes below, MDB_val *key, MDB_val *value)
{
    if (below.size == 0)
        return mdb_cursor_get (cursor, key, value, MDB_LAST);
    *key = lend (below);
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
        return fail (txn, outcome_of (r));
    MDB_val found_key, found_value;
    r = seek_last (cursor, below, &found_key, &found_value);
    mdb_cursor_close (cursor);
    if (r == 0) {
        *key = bytes_of (found_key);
        *value = bytes_of (found_value);
    }
    return conclude_read (txn, r);
}
