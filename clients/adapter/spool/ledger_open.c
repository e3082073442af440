#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "allocate.h"
#include "config/file_write.h"
#include "ledger_inner.h"

enum { FORM = 1 /* of what is in it */ };

static const size_t MAP_SIZE = (size_t)16 << 30; /* of addresses: the file is as large as what is in it */
static const char file_name[] = "ledger.mdb";
static const char fresh_name[] = "ledger.new";
static const char key_name[] = "key"; /* in LEDGER_ABOUT, beside which nothing is sealed under the party's key */
static const char *const table_names[LEDGER_TABLES] = {
    [LEDGER_ABOUT] = "about", [LEDGER_UNDER_WAY] = "under_way",   [LEDGER_WENT] = "went",   [LEDGER_HELD] = "held",
    [LEDGER_ASKED] = "asked", [LEDGER_TAKEN_BACK] = "taken_back", [LEDGER_MARKS] = "marks",
};

struct opening {
    struct ledger *ledger;
    const struct ledger_place *place;
    char *error;
    size_t size;
};

static int refuse (const struct opening *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

static int refuse (const struct opening *self, const char *format, ...)
{
    va_list arguments;
    int length = snprintf (self->error, self->size, "%s: ", self->place->directory);
    va_start (arguments, format);
    if (length > 0 && (size_t)length < self->size)
        vsnprintf (self->error + length, self->size - (size_t)length, format, arguments);
    va_end (arguments);
    return LEDGER_REFUSED;
}

/* Takes the directory for this process, until it ends. */
static int take_directory (const struct opening *self)
{
    int directory = -1;
    if (self->place->reads_only || mkdir (self->place->directory, 0700) == 0 || errno == EEXIST)
        directory = self->ledger->directory = open (self->place->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 && errno == ENOENT && self->place->reads_only)
        return LEDGER_NONE;
    if (directory < 0)
        return refuse (self, "the ledger cannot be here: %s", strerror (errno));
    struct stat about;
    if (fstat (directory, &about) != 0 || (about.st_mode & 077) != 0 || about.st_uid != geteuid ())
        return refuse (self, "the ledger's directory is to be of this user alone (mode 0700)");
    if (flock (directory, LOCK_EX | LOCK_NB) != 0)
        return refuse (self,
                       errno == EWOULDBLOCK ? "another process has the ledger" : "the ledger cannot be locked");
    return 0;
}

static char *path_of (const struct opening *self, const char *name)
{
    char *path;
    if (asprintf (&path, "%s/%s", self->place->directory, name) < 0)
        abort ();
    return path;
}

static int open_environment (struct ledger *self, const char *path, unsigned flags)
{
    int r = mdb_env_create (&self->env);
    if (r == 0)
        r = mdb_env_set_maxdbs (self->env, LEDGER_TABLES);
    if (r == 0)
        r = mdb_env_set_mapsize (self->env, MAP_SIZE);
    /* Without LMDB's locks there are no foreign readers, whose pages could never come free. */
    if (r == 0)
        r = mdb_env_open (self->env, path, flags | MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS, 0600);
    return r;
}

static void close_environment (struct ledger *self)
{
    if (self->env)
        mdb_env_close (self->env);
    self->env = NULL;
}

/* The ledger's own key as it is kept: its form, and the key under the party's. */
struct kept_key {
    uint8_t form;
    uint8_t wrapped[SEAL_WRAPPED];
};

static int put_key (struct ledger *self, MDB_txn *txn, const struct kept_key *kept)
{
    MDB_val name = {sizeof key_name - 1, (void *)(uintptr_t)key_name};
    MDB_val value = {sizeof *kept, (void *)(uintptr_t)kept};
    return mdb_put (txn, self->tables[LEDGER_ABOUT], &name, &value, 0);
}

/* The one table that came later: of a ledger from before it is made, or has nothing in it. */
static int open_table (struct ledger *self, MDB_txn *txn, enum ledger_table table, unsigned flags)
{
    int r = mdb_dbi_open (txn, table_names[table], flags, &self->tables[table]);
    if (r != MDB_NOTFOUND || table != LEDGER_TAKEN_BACK)
        return r;
    self->tables[table] = LEDGER_NO_TABLE;
    return self->reads_only ? 0 : mdb_dbi_open (txn, table_names[table], MDB_CREATE, &self->tables[table]);
}

static int open_tables (struct ledger *self, MDB_txn *txn, unsigned flags)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < LEDGER_TABLES; i++)
        r = open_table (self, txn, (enum ledger_table)i, flags);
    return r;
}

static int fill_fresh (const struct opening *self)
{
    uint8_t party[SEAL_KEY], key[SEAL_KEY];
    struct kept_key kept = {.form = FORM};
    MDB_txn *txn;
    int r = mdb_txn_begin (self->ledger->env, NULL, 0, &txn);
    if (r != 0)
        return r;
    seal_key_of_party (self->place->secret_key, party);
    seal_key_new (key);
    seal_key_wrap (party, key, kept.wrapped);
    explicit_bzero (party, sizeof party);
    explicit_bzero (key, sizeof key);
    r = open_tables (self->ledger, txn, MDB_CREATE);
    if (r == 0)
        r = put_key (self->ledger, txn, &kept);
    if (r == 0)
        return mdb_txn_commit (txn);
    mdb_txn_abort (txn);
    return r;
}

/* A file that LMDB was making when the machine stopped does not open. So it has its name only when it is whole. */
static int make_file (const struct opening *self)
{
    int directory = self->ledger->directory;
    char *fresh = path_of (self, fresh_name);
    unlinkat (directory, fresh_name, 0);
    int r = ledger_result (open_environment (self->ledger, fresh, 0));
    if (r == 0)
        r = ledger_result (fill_fresh (self));
    if (r == 0)
        r = ledger_result (mdb_env_sync (self->ledger->env, 1));
    close_environment (self->ledger);
    free (fresh);
    if (r == 0 && (renameat (directory, fresh_name, directory, file_name) != 0 || fsync (directory) != 0))
        r = -errno;
    if (r == 0)
        r = file_sync_directory_of (self->place->directory);
    return r == 0 ? 0 : refuse (self, "the ledger cannot be made: %s", strerror (-r));
}

/* The ledger's key, by the party's or else by the former one: then it is put under the new one. */
static int unwrap (const struct opening *self, MDB_txn *txn, struct kept_key *kept, uint8_t key[SEAL_KEY])
{
    uint8_t party[SEAL_KEY];
    seal_key_of_party (self->place->secret_key, party);
    int r = seal_key_unwrap (party, kept->wrapped, key);
    if (r != 0 && self->place->former) {
        seal_key_of_party (self->place->former, party);
        r = seal_key_unwrap (party, kept->wrapped, key);
        if (r == 0 && !self->place->reads_only) {
            seal_key_of_party (self->place->secret_key, party);
            seal_key_wrap (party, key, kept->wrapped);
            r = put_key (self->ledger, txn, kept);
        }
    }
    explicit_bzero (party, sizeof party);
    return r;
}

static int open_key (const struct opening *self, MDB_txn *txn)
{
    uint8_t key[SEAL_KEY];
    struct kept_key kept;
    MDB_val name = {sizeof key_name - 1, (void *)(uintptr_t)key_name}, value;
    int r = mdb_get (txn, self->ledger->tables[LEDGER_ABOUT], &name, &value);
    if (r != 0 || value.mv_size != sizeof kept)
        return refuse (self, "the ledger is damaged");
    memcpy (&kept, value.mv_data, sizeof kept);
    if (kept.form != FORM)
        return refuse (self, "the ledger is of another version of this program");
    r = unwrap (self, txn, &kept, key);
    if (r == 0)
        seal_keys_of (key, &self->ledger->keys);
    explicit_bzero (key, sizeof key);
    return r == 0 ? 0 : refuse (self, "the ledger is under another key: give the key file before as --former-key");
}

/* Of a file that was cut off LMDB would read memory that is not there, which ends the process. Zeros it knows for
   no page of its own; and a page that it never wrote, since it came free at once, may be lacking. */
static int fill_up (const struct ledger *self, bool reads_only)
{
    int file;
    struct stat about;
    MDB_envinfo info;
    MDB_stat pages;
    int r = mdb_env_get_fd (self->env, &file);
    if (r == 0)
        r = mdb_env_info (self->env, &info);
    if (r == 0)
        r = mdb_env_stat (self->env, &pages);
    if (r != 0 || fstat (file, &about) != 0)
        return r != 0 ? r : errno;
    off_t whole = (off_t)(info.me_last_pgno + 1) * pages.ms_psize;
    if (about.st_size >= whole)
        return 0;
    return reads_only ? EROFS : ftruncate (file, whole) != 0 ? errno : 0;
}

static int open_file (const struct opening *self)
{
    char *path = path_of (self, file_name);
    MDB_txn *txn = NULL;
    unsigned flags = self->place->reads_only ? MDB_RDONLY : 0;
    int r = open_environment (self->ledger, path, flags);
    free (path);
    if (r == 0)
        r = fill_up (self->ledger, self->place->reads_only);
    if (r == 0)
        r = mdb_txn_begin (self->ledger->env, NULL, flags, &txn);
    if (r == 0)
        r = open_tables (self->ledger, txn, 0);
    if (r != 0) {
        if (txn)
            mdb_txn_abort (txn);
        return refuse (self, r > 0 ? "the ledger cannot be opened: %s" : "the ledger is damaged: %s",
                       mdb_strerror (r)); /* what is the machine's is positive */
    }
    r = open_key (self, txn);
    if (r != 0) {
        mdb_txn_abort (txn);
        return r;
    }
    r = ledger_result (mdb_txn_commit (txn));
    return r == 0 ? 0 : refuse (self, "the ledger cannot be written: %s", strerror (-r));
}

int ledger_open (struct ledger **self_p, const struct ledger_place *place, char *error, size_t size)
{
    struct opening opening = {allocate (1, sizeof (struct ledger)), place, error, size};
    opening.ledger->directory = -1;
    opening.ledger->reads_only = place->reads_only;
    *self_p = opening.ledger;
    int r = sodium_init () < 0 ? refuse (&opening, "there is no cryptography here") : take_directory (&opening);
    if (r == 0 && faccessat (opening.ledger->directory, file_name, F_OK, 0) != 0)
        r = place->reads_only ? LEDGER_NONE : make_file (&opening);
    if (r == 0)
        r = open_file (&opening);
    if (r != 0)
        ledger_destroy (self_p);
    return r;
}

/* In a file that has no name: LMDB opens it by its number. 0 or LMDB's result. */
static int open_memory (struct ledger *self)
{
    char path[32];
    MDB_txn *txn = NULL;
    int file = memfd_create ("ledger", MFD_CLOEXEC);
    if (file < 0)
        return errno;
    snprintf (path, sizeof path, "/proc/self/fd/%d", file);
    int r = open_environment (self, path, MDB_NOSYNC);
    close (file);
    if (r == 0)
        r = mdb_txn_begin (self->env, NULL, 0, &txn);
    if (r == 0)
        r = open_tables (self, txn, MDB_CREATE);
    if (r == 0)
        return mdb_txn_commit (txn);
    if (txn)
        mdb_txn_abort (txn);
    return r;
}

int ledger_open_scratch (struct ledger **self_p, struct ledger *under, char *error, size_t size)
{
    struct ledger *self = *self_p = allocate (1, sizeof *self);
    uint8_t key[SEAL_KEY];
    self->directory = -1;
    self->under = under;
    seal_key_new (key);
    seal_keys_of (key, &self->keys);
    explicit_bzero (key, sizeof key);
    if (under)
        self->keys = under->keys; /* so that what is the same has the same key in both */
    int r = open_memory (self);
    if (r == 0)
        return 0;
    snprintf (error, size, "there is no memory for what would be: %s", strerror (-ledger_result (r)));
    ledger_destroy (self_p);
    return LEDGER_REFUSED;
}

void ledger_destroy (struct ledger **self_p)
{
    struct ledger *self = *self_p;
    if (!self)
        return;
    ledger_destroy (&self->under);
    ledger_abort (self);
    close_environment (self);
    if (self->directory >= 0)
        close (self->directory);
    explicit_bzero (&self->keys, sizeof self->keys);
    free (self);
    *self_p = NULL;
}
