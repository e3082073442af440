/* Making a file of a copy that is given out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include "big_endian.h"
#include "store_copy.h"
#include "store_parts.h"
#include "vault.h"

/* What the file may grow to. It is only addresses, since the file is as large as what is in it. */
#define MOST_SIZE (UINT64_C (1) << 40)

enum {
    MOST_UNSAVED = 16 << 20,           /* bytes: LMDB keeps their pages in memory until they are committed */
    MOST_PENDING = STORE_COPY_WAITING, /* bytes: no write is so large */
    SOME_BLOCKS = 64,                  /* a file system with fewer is full */
    COUNTS_SIZE = STORE_TABLES * 8,
};

struct store_copy_file {
    struct store store; /* of which a copy has the file, LMDB's handles, and no journal */
    uint8_t *pending;   /* the beginning of a write */
    size_t used, room;
    uint64_t unsaved; /* bytes */
    bool has_schema, is_whole, is_finished;
    struct store_copy_made made;
};

/* --- Beginning and ending ------------------------------------------------------------------------------ */

static int refuse (const struct store_copy_file *self, const char *why)
{
    return store_file_refuse (&self->store.file, STORE_INVALID, "%s", why);
}

static int fail (const struct store_copy_file *self, int r, const char *step)
{
    return r == 0 ? 0 : store_refuse_step (&self->store.file, r, step);
}

/* LMDB says EIO of a write that came short. */
static int fail_to_write (const struct store_copy_file *self, int of_lmdb)
{
    struct statvfs about;
    bool is_full =
        of_lmdb == EIO && fstatvfs (self->store.file.directory_fd, &about) == 0 && about.f_bavail < SOME_BLOCKS;
    return fail (self, is_full ? ENOSPC : of_lmdb, "cannot be written");
}

/* LMDB syncs nothing here: the file counts only when it is finished. */
static int open_fresh (struct store_copy_file *self, unsigned flags)
{
    char *path = store_file_path (&self->store.file, STORE_FILE_FRESH_NAME);
    int r = store_prepare_environment (&self->store.env, MOST_SIZE);
    if (r == 0)
        r = mdb_env_open (self->store.env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS | MDB_NOSYNC | flags, 0600);
    free (path);
    return r;
}

static void close_fresh (struct store_copy_file *self)
{
    store_cycle_abort (&self->store);
    if (self->store.env != NULL)
        mdb_env_close (self->store.env);
    self->store.env = NULL;
}

/* Begins a transaction, with all tables at hand. */
static int begin (struct store_copy_file *self, unsigned flags)
{
    struct store *store = &self->store;
    unsigned schema;
    int r = mdb_txn_begin (store->env, NULL, flags, &store->mdb);
    if (r != 0)
        store->mdb = NULL;
    int rc = fail (self, r, "cannot be read");
    for (int i = 0; rc == 0 && i < STORE_TABLES; i++)
        rc = store_open_table (store, store->mdb, (enum store_table)i);
    return rc == 0 ? store_read_schema (store, store->mdb, &schema) : rc;
}

/* The copy is a store of its own: with its own id, so that no journal of the other is taken for its own. */
static int make_empty (struct store_copy_file *self)
{
    uint8_t id[JOURNAL_ID_SIZE];
    vault_random (id, sizeof id);
    int rc = store_file_discard_fresh (&self->store.file);
    if (rc != 0)
        return rc;
    int r = open_fresh (self, 0);
    if (r == 0)
        r = store_write_empty_tables (self->store.env, id);
    return r == 0 ? begin (self, 0) : fail (self, r, "cannot be made");
}

int store_copy_file_open (struct store_copy_file **self_p, const char *directory, char *error, size_t error_size)
{
    struct store_copy_file *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->store.file = (struct store_file){
        .directory = directory, .error = error, .error_size = error_size, .directory_fd = -1, .file_fd = -1};
    int rc = store_file_lock (&self->store.file);
    if (rc == 0 && store_exists (directory))
        rc = refuse (self, "is there already, and is not overwritten");
    self->is_finished = rc != 0; /* nothing of ours is there */
    if (rc == 0)
        rc = make_empty (self);
    if (rc == 0)
        *self_p = self;
    else
        store_copy_file_close (&self);
    return rc;
}

void store_copy_file_close (struct store_copy_file **self_p)
{
    struct store_copy_file *self = *self_p;
    if (self == NULL)
        return;
    close_fresh (self);
    if (!self->is_finished)
        store_file_discard_fresh (&self->store.file);
    store_file_release (&self->store.file);
    free (self->pending);
    free (self);
    *self_p = NULL;
}

/* --- Taking -------------------------------------------------------------------------------------------- */

static void keep (struct store_copy_file *self, struct bytes piece)
{
    if (self->used + piece.size > self->room) {
        self->room = (self->used + piece.size) * 2;
        self->pending = realloc (self->pending, self->room);
        if (self->pending == NULL)
            abort ();
    }
    if (piece.size > 0)
        memcpy (self->pending + self->used, piece.data, piece.size);
    self->used += piece.size;
}

static int save (struct store_copy_file *self)
{
    int r = mdb_txn_commit (self->store.mdb); /* frees the transaction in any case */
    self->store.mdb = NULL;
    self->unsaved = 0;
    return fail_to_write (self, r);
}

/* A registry of before a table was added counts fewer. */
static int take_counts (struct store_copy_file *self, struct bytes value)
{
    if (value.size > COUNTS_SIZE || value.size % 8 != 0)
        return refuse (self, "what was given is not a copy of a store");
    for (size_t i = 0; i < value.size / 8; i++)
        self->made.count[i] = get_be64 ((const uint8_t *)value.data + i * 8);
    self->is_whole = true;
    return 0;
}

/* What was written while the copy was made comes before its turn: then the keys are not in order. */
static int take_write (struct store_copy_file *self, enum store_write kind, enum store_table table,
                       struct bytes key, struct bytes value)
{
    if (self->is_whole)
        return refuse (self, "what was given goes on behind its end");
    if (kind == STORE_COPY_COUNTS)
        return take_counts (self, value);
    if (kind == STORE_WRITE_DELETE)
        return refuse (self, "what was given is not a copy of a store");
    int r = store_write_to_map (&self->store, kind, table, key, value);
    if (r == MDB_KEYEXIST)
        r = store_write_to_map (&self->store, STORE_WRITE_PUT, table, key, value);
    if (r != 0)
        return fail_to_write (self, r);
    self->unsaved += store_write_size (key, value);
    if (self->unsaved < MOST_UNSAVED)
        return 0;
    int rc = save (self);
    return rc == 0 ? begin (self, 0) : rc;
}

int store_copy_file_take (struct store_copy_file *self, struct bytes piece)
{
    keep (self, piece);
    struct bytes rest = {self->pending, self->used}, key, value;
    if (!self->has_schema && rest.size >= STORE_FRAME_HEAD) {
        if (self->pending[0] != STORE_SCHEMA)
            return refuse (self, "the registry is of another version: use the consentctl that came with it");
        self->has_schema = true;
        rest = (struct bytes){self->pending + STORE_FRAME_HEAD, self->used - STORE_FRAME_HEAD};
    }
    enum store_write kind;
    enum store_table table;
    int rc = 0;
    while (rc == 0 && store_write_next (&rest, &kind, &table, &key, &value))
        rc = take_write (self, kind, table, key, value);
    if (rc == 0 && rest.size > MOST_PENDING)
        rc = refuse (self, "what was given is not a copy of a store");
    if (rest.size > 0)
        memmove (self->pending, rest.data, rest.size);
    self->used = rest.size;
    return rc;
}

/* --- Finishing ----------------------------------------------------------------------------------------- */

/* All its pages are in the file, the last of them too if nothing was written to it. */
static int sync_fresh (struct store_copy_file *self)
{
    MDB_envinfo info;
    MDB_stat stat;
    int r = mdb_env_sync (self->store.env, 1);
    if (r == 0)
        r = mdb_env_info (self->store.env, &info);
    if (r == 0)
        r = mdb_env_stat (self->store.env, &stat);
    if (r == 0)
        self->store.file.size = self->made.bytes = (info.me_last_pgno + 1) * stat.ms_psize;
    return fail_to_write (self, r);
}

static int look_at_table (struct store_copy_file *self, enum store_table table, store_copy_look *look,
                          void *context)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    uint64_t count = 0;
    int rc = 0, r = mdb_cursor_open (self->store.mdb, self->store.tables[table], &cursor);
    if (r != 0)
        return fail (self, r, "cannot be read again");
    while (rc == 0 && (r = mdb_cursor_get (cursor, &key, &value, MDB_NEXT)) == 0) {
        rc = look (context, table, (struct bytes){key.mv_data, key.mv_size},
                   (struct bytes){value.mv_data, value.mv_size});
        count++;
    }
    mdb_cursor_close (cursor);
    if (rc != 0)
        return rc;
    if (r != MDB_NOTFOUND)
        return fail (self, r, "cannot be read again");
    return count == self->made.count[table] ? 0 : refuse (self, "does not hold as much as the registry did");
}

static int verify (struct store_copy_file *self, store_copy_look *look, void *context)
{
    int r = open_fresh (self, MDB_RDONLY);
    int rc = r == 0 ? begin (self, MDB_RDONLY) : fail (self, r, "cannot be opened again");
    for (int i = 0; rc == 0 && i < STORE_TABLES; i++)
        rc = look_at_table (self, (enum store_table)i, look, context);
    close_fresh (self);
    return rc;
}

int store_copy_file_finish (struct store_copy_file *self, store_copy_look *look, void *context,
                            struct store_copy_made *made)
{
    if (!self->is_whole || self->used > 0)
        return refuse (self, "the registry did not give all of it");
    int rc = save (self);
    if (rc == 0)
        rc = sync_fresh (self);
    close_fresh (self);
    if (rc == 0)
        rc = verify (self, look, context);
    if (rc == 0)
        rc = store_file_install_fresh (&self->store.file);
    self->is_finished = rc == 0;
    *made = self->made;
    return rc;
}
