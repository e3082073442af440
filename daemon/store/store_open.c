#include "store_copy.h"
#include "store_parts.h"

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "vault.h"

enum {
    OLDEST_SCHEMA = 2,        /* the oldest that can be taken up */
    SCHEMA_BETWEEN = 1 << 30, /* of an earlier schema, and taken up in part: every program refuses it */
    SMALLEST_SIZE = 1024 * 1024,
    ROUND = 64 * 1024, /* bytes: LMDB wants whole pages, and this is its largest page */
};

static const char schema_key[] = STORE_SCHEMA_KEY;

static const char *const table_names[STORE_TABLES] = {
    [STORE_META] = "meta",
    [STORE_SUBJECT] = "subject",
    [STORE_CONSENT] = "consent",
    [STORE_EVENT] = "event",
    [STORE_CURSOR] = "cursor",
    [STORE_AUDIT] = "audit",
    [STORE_SUBJECT_BEFORE] = "subject_before",
    [STORE_PARTY_SINCE] = "party_since",
    [STORE_OBLIGATION] = "obligation",
    [STORE_AGENDA] = "agenda",
    [STORE_REQUEST] = "request",
    [STORE_REQUEST_WAITING] = "request_waiting",
    [STORE_REQUEST_BY_SUBJECT] = "request_by_subject",
    [STORE_REQUEST_BY_PARTY] = "request_by_party",
    [STORE_COUNTED] = "counted",
    [STORE_GENERATION] = "generation",
    [STORE_GUARD] = "guard",
    [STORE_EARLIER_STATEMENTS] = "consent_by_subject",
    [STORE_EARLIER_RECEIVED] = "received",
    [STORE_ANSWERED] = "answered",
    [STORE_RIGHTS] = "rights",
    [STORE_SINCE] = "since",
    [STORE_LINES_ABOUT] = "lines_about",
    [STORE_HEARD] = "heard",
    [STORE_UNKNOWN] = "unknown",
    [STORE_EXTRACT] = "extract",
    [STORE_EXTRACT_LINE] = "extract_line",
    [STORE_TREE] = "tree",
    [STORE_COSIGNATURES] = "cosignatures",
    [STORE_CONSUMER] = "consumer",
    [STORE_PACK] = "pack",
};

/* The schema that brought a table, if later than the oldest. A store of an earlier schema lacks that table. A
   store that lacks any other table is damaged, and is not taken for an empty one (C12). TABLE_LATER came after its
   schema was released: a store of that schema may lack it, and is given it. So where such a table has no entry,
   nothing may be permitted by that. */
enum { TABLE_LATER = INT_MAX };
static const unsigned table_since[STORE_TABLES] = {
    [STORE_COUNTED] = 3,
    [STORE_GENERATION] = 4,
    [STORE_GUARD] = 4,
    [STORE_ANSWERED] = 4,
    [STORE_RIGHTS] = 4,
    [STORE_SINCE] = 4,
    [STORE_LINES_ABOUT] = 4,
    [STORE_HEARD] = 4,
    [STORE_UNKNOWN] = TABLE_LATER,
    [STORE_EXTRACT] = TABLE_LATER,
    [STORE_EXTRACT_LINE] = TABLE_LATER,
    [STORE_TREE] = TABLE_LATER,
    [STORE_COSIGNATURES] = TABLE_LATER,
    [STORE_CONSUMER] = TABLE_LATER,
    [STORE_PACK] = TABLE_LATER,
};

int store_refuse_step (const struct store_file *file, int r, const char *step)
{
    int outcome = store_outcome (r);
    return store_file_refuse (file, outcome, "%s: %s", step, outcome_sentence (outcome));
}

int store_prepare_environment (MDB_env **env_p, uint64_t size)
{
    int r = mdb_env_create (env_p);
    if (r == 0)
        r = mdb_env_set_maxdbs (*env_p, STORE_TABLES);
    if (r == 0)
        r = mdb_env_set_mapsize (*env_p, size);
    if (r == 0)
        r = mdb_env_set_assert (*env_p, store_pages_fail);
    return r;
}

bool store_is_of_file (struct bytes key)
{
    static const char point_key[] = STORE_POINT_KEY;
    return (key.size == sizeof schema_key - 1 && memcmp (key.data, schema_key, key.size) == 0) ||
           (key.size == sizeof point_key - 1 && memcmp (key.data, point_key, key.size) == 0);
}

bool store_is_its_own (struct bytes key)
{
    static const char shares_key[] = STORE_SHARES_KEY;
    return store_is_of_file (key) ||
           (key.size == sizeof shares_key - 1 && memcmp (key.data, shares_key, key.size) == 0);
}

const char *store_table_name (enum store_table table)
{
    return table_names[table];
}

static int put_schema (MDB_txn *txn, MDB_dbi meta, uint32_t number)
{
    const uint32_t schema = htobe32 (number);
    MDB_val key = store_lend ((struct bytes){schema_key, sizeof schema_key - 1});
    MDB_val value = store_lend ((struct bytes){&schema, sizeof schema});
    return mdb_put (txn, meta, &key, &value, 0);
}

int store_write_empty_tables (MDB_env *env, const uint8_t id[JOURNAL_ID_SIZE])
{
    static const struct journal_point beginning = {.number = 0};
    MDB_txn *txn;
    MDB_dbi tables[STORE_TABLES];
    int r = mdb_txn_begin (env, NULL, 0, &txn);
    if (r != 0)
        return r;
    for (int i = 0; r == 0 && i < STORE_TABLES; i++)
        r = mdb_dbi_open (txn, table_names[i], MDB_CREATE, &tables[i]);
    if (r == 0)
        r = put_schema (txn, tables[STORE_META], STORE_SCHEMA);
    if (r == 0)
        r = store_put_point (txn, tables[STORE_META], id, &beginning);
    if (r == 0)
        return mdb_txn_commit (txn);
    mdb_txn_abort (txn);
    return r;
}

static int build_fresh_file (const struct store_file *file, const uint8_t id[JOURNAL_ID_SIZE])
{
    char *path = store_file_path (file, STORE_FILE_FRESH_NAME);
    MDB_env *env = NULL;
    int r = store_prepare_environment (&env, file->size);
    if (r == 0)
        r = mdb_env_open (env, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600);
    if (r == 0)
        r = store_write_empty_tables (env, id);
    if (env)
        mdb_env_close (env);
    free (path);
    return r == 0 ? 0 : store_refuse_step (file, r, "cannot be made");
}
/* The journal and the witness of a store without a history. */
static int create_companions (const struct store_file *file, const uint8_t id[JOURNAL_ID_SIZE])
{
    struct journal_options journal = store_journal_options (file, id);
    struct store_witness witness = {.mark = {.number = 0}};
    memcpy (witness.id, id, sizeof witness.id);
    int rc = journal_create (&journal);
    return rc == 0 ? store_witness_create (file, &witness) : rc;
}

/* If the machine stops while LMDB creates a file, that file does not open. So the file gets its name only when it
   is whole, has its full size, and is on disk. Its journal is there before it: a store without its journal may
   have lost something, and is refused. */
static int create_file (const struct store_file *file)
{
    uint8_t id[JOURNAL_ID_SIZE];
    vault_random (id, sizeof id);
    int r = store_file_discard_fresh (file);
    if (r == 0)
        r = create_companions (file, id);
    if (r != 0)
        return r;
    r = build_fresh_file (file, id);
    if (r == 0)
        r = store_file_install_fresh (file);
    if (r != 0)
        unlinkat (file->directory_fd, STORE_FILE_FRESH_NAME, 0); /* only the first failure is told */
    return r;
}

/* Without LMDB's locks there are no foreign readers, whose pages could never come free. That no other daemon uses
   the store is what store_file_lock is for. */
static int open_environment (struct store *self)
{
    char *path = store_file_path (&self->file, STORE_FILE_NAME);
    int r = store_prepare_environment (&self->env, self->file.size);
    if (r == 0)
        r = IN_PAGES (mdb_env_open (self->env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS, 0600));
    free (path);
    MDB_stat stat;
    if (r == 0)
        r = mdb_env_stat (self->env, &stat);
    if (r != 0)
        return store_refuse_step (&self->file, r, "cannot be opened");
    self->page_size = stat.ms_psize;
    store_divide_room (self);
    return 0;
}

int store_read_schema (const struct store *self, MDB_txn *txn, unsigned *found)
{
    MDB_val key = store_lend ((struct bytes){schema_key, sizeof schema_key - 1}), value;
    uint32_t schema;
    int r = IN_PAGES (mdb_get (txn, self->tables[STORE_META], &key, &value));
    if (r == MDB_NOTFOUND || (r == 0 && value.mv_size != sizeof schema))
        return store_file_refuse (&self->file, STORE_INVALID,
                                  "not a store of the registry: it has no schema version");
    if (r != 0)
        return store_refuse_step (&self->file, r, "cannot be read");
    memcpy (&schema, value.mv_data, sizeof schema);
    *found = be32toh (schema);
    bool is_earlier = *found == SCHEMA_BETWEEN || (*found >= OLDEST_SCHEMA && *found < STORE_SCHEMA);
    if (!is_earlier && *found != STORE_SCHEMA)
        return store_file_refuse (&self->file, STORE_INVALID,
                                  "of schema version %u, where this program knows %d to %d", *found, OLDEST_SCHEMA,
                                  STORE_SCHEMA);
    if (is_earlier && !self->upgrade)
        return store_file_refuse (
            &self->file, STORE_INVALID,
            "made by an earlier version of consentd: take it up with consentd --upgrade CONFIGURATION");
    return 0;
}

/* Runs in the transaction that opens the tables: if the machine stops halfway, the store is as it was. The journal
   is made before, as for a new store. */
static int begin_upgrade (struct store *self, MDB_txn *txn, unsigned found)
{
    self->is_earlier = found != STORE_SCHEMA;
    if (found == STORE_SCHEMA || found == SCHEMA_BETWEEN)
        return 0;
    vault_random (self->id, sizeof self->id);
    int outcome = create_companions (&self->file, self->id);
    if (outcome != 0)
        return outcome;
    int r = put_schema (txn, self->tables[STORE_META], SCHEMA_BETWEEN);
    if (r == 0)
        r = store_put_point (txn, self->tables[STORE_META], self->id, &self->point);
    return r == 0 ? 0 : store_refuse_step (&self->file, r, "cannot be taken up from an earlier version");
}

/* Makes, empty, the tables that a store of this schema may lack. */
static int make_new_tables (const struct store *self, MDB_txn *txn, unsigned found)
{
    int r = 0;
    for (int i = 0; r == 0 && i < STORE_TABLES; i++) {
        MDB_dbi table;
        if (table_since[i] > found)
            r = IN_PAGES (mdb_dbi_open (txn, table_names[i], MDB_CREATE, &table));
    }
    return r == 0 ? 0 : store_refuse_step (&self->file, r, "cannot be given its new tables");
}

bool store_is_earlier (const struct store *self)
{
    return self->is_earlier;
}

int store_finish_upgrade (struct store_txn *txn)
{
    const uint32_t schema = htobe32 (STORE_SCHEMA);
    return store_put (txn, STORE_META, (struct bytes){schema_key, sizeof schema_key - 1},
                      (struct bytes){&schema, sizeof schema});
}

int store_open_table (struct store *self, MDB_txn *txn, enum store_table table)
{
    int r = IN_PAGES (mdb_dbi_open (txn, table_names[table], 0, &self->tables[table]));
    if (r == MDB_NOTFOUND || r == MDB_INCOMPATIBLE)
        return store_file_refuse (&self->file, STORE_INVALID, "not a store of the registry: it has no table %s",
                                  table_names[table]);
    return r == 0 ? 0 : store_refuse_step (&self->file, r, "cannot be read");
}

static int open_tables (struct store *self)
{
    MDB_txn *txn;
    int r = mdb_txn_begin (self->env, NULL, 0, &txn);
    if (r != 0)
        return store_refuse_step (&self->file, r, "cannot be read");
    unsigned found = 0;
    int outcome = store_open_table (self, txn, STORE_META);
    if (outcome == 0)
        outcome = store_read_schema (self, txn, &found); /* first, because another version may have other tables */
    if (outcome == 0)
        outcome = begin_upgrade (self, txn, found);
    if (outcome == 0)
        outcome = make_new_tables (self, txn, found);
    for (int i = 0; outcome == 0 && i < STORE_TABLES; i++)
        outcome = store_open_table (self, txn, (enum store_table)i);
    if (outcome == 0 && (r = store_get_point (self, txn)) != 0)
        outcome = store_file_refuse (&self->file, STORE_INVALID,
                                     "not a whole store: it does not say where its journal "
                                     "begins");
    if (outcome != 0) {
        mdb_txn_abort (txn);
        return outcome;
    }
    /* LMDB keeps table handles only if the transaction that opened them commits, even if it wrote nothing. */
    r = mdb_txn_commit (txn);
    return r == 0 ? 0 : store_refuse_step (&self->file, r, "cannot be read");
}

static int check_options (const struct store_file *file, const struct store_options *options, uint64_t size)
{
    if (size < SMALLEST_SIZE)
        return store_file_refuse (file, -EINVAL, "a store needs a size of at least %d bytes", SMALLEST_SIZE);
    if (options->reserve > size / 2)
        return store_file_refuse (file, -EINVAL, "the reserve may not be more than half of the size");
    if (options->operators > options->reserve / 2)
        return store_file_refuse (file, -EINVAL, "the operators' share is at most half of the reserve");
    return 0;
}

static int secure_file (struct store *self)
{
    int r = store_file_lock (&self->file);
    if (r == 0)
        r = store_file_secure (&self->file);
    if (r != STORE_NOT_FOUND)
        return r;
    r = store_refuse_lost (&self->file);
    if (r == 0)
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
                                     .journal_key = options->journal_key,
                                     .error = error,
                                     .error_size = error_size,
                                     .directory_fd = -1,
                                     .file_fd = -1};
    self->witness_fd = -1;
    self->reserve = options->reserve;
    self->operators = options->operators;
    self->upgrade = options->upgrade;

    store_pages_guard (options->directory);
    int r = check_options (&self->file, options, self->file.size);
    if (r == 0)
        r = secure_file (self);
    if (r == 0)
        r = open_environment (self);
    if (r == 0)
        r = open_tables (self);
    if (r == 0)
        r = store_take_up_journal (self, options->restored);
    self->file.directory = NULL; /* both the directory and the place for the error are the caller's */
    self->file.error = NULL;
    if (r == 0)
        *self_p = self;
    else {
        self->is_dead = true; /* what is refused is left as it was found */
        store_close (&self);
    }
    return r;
}

/* LMDB drops its map before it makes the larger one. If that fails, the store cannot be used any more; so it was
   tried before. */
static int grow (struct store *self, const struct store_file *file, uint64_t size)
{
    int r = store_file_grow (file, size);
    if (r != 0)
        return r;
    store_cycle_abort (self); /* the journal has what it has */
    self->is_dead = mdb_env_set_mapsize (self->env, size) != 0 || store_undo (self) != 0;
    if (self->is_dead)
        return store_file_refuse (file, STORE_DEAD, "could not be mapped at its new size");
    self->file.size = size;
    return 0;
}

int store_resize (struct store *self, const struct store_options *options, char *error, size_t error_size)
{
    struct store_file file = self->file; /* a copy, with the place for the error */
    file.directory = options->directory;
    file.error = error;
    file.error_size = error_size;
    uint64_t size = options->size / ROUND * ROUND;
    if (size < file.size)
        size = file.size;
    if (self->txn.mdb)
        return store_file_refuse (&file, -EBUSY, "cannot be resized in the middle of a transaction");
    int r = check_options (&file, options, size);
    if (r == 0 && size > file.size)
        r = grow (self, &file, size);
    if (r != 0)
        return r;
    self->reserve = options->reserve;
    self->operators = options->operators;
    store_divide_room (self);
    return 0;
}

void store_close (struct store **self_p)
{
    struct store *self = *self_p;
    if (!self)
        return;
    struct store_txn *unfinished = self->txn.mdb != NULL ? &self->txn : NULL;
    store_abort (&unfinished);
    if (self->mdb != NULL)
        store_checkpoint (
            self); /* so that the next start has nothing to take up; if it fails, that start does it */
    store_cycle_abort (self);
    journal_close (&self->journal);
    if (self->witness_fd >= 0)
        close (self->witness_fd);
    if (self->env)
        mdb_env_close (self->env);
    store_file_release (&self->file);
    store_copy_end (self);
    free (self->frame);
    free (self);
    *self_p = NULL;
}

bool store_exists (const char *directory)
{
    struct store_file file = {.directory = directory};
    struct stat found;
    char *path = store_file_path (&file, STORE_FILE_NAME);
    bool exists = lstat (path, &found) == 0;
    free (path);
    return exists;
}
