#include "disk.h"
#include <fcntl.h>
#include <lmdb.h>
#include "client.h"

enum {
    LINE = 400,        /* bytes: a line of the log, and what leads to it */
    FILE_LINES = 4096, /* after them it begins anew */
};

struct disk {
    char file_path[512], map_path[512];
    int file;
    size_t appended;
    MDB_env *map;
    MDB_dbi table;
    uint64_t committed;
};

static void must (int rc)
{
    if (rc != 0)
        bench_fail (mdb_strerror (rc));
}

static void make_file (struct disk *self)
{
    static const char zeros[LINE * FILE_LINES];
    self->file = open (self->file_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (self->file == -1 || pwrite (self->file, zeros, sizeof zeros, 0) != (ssize_t)sizeof zeros ||
        fsync (self->file) != 0)
        bench_fail ("cannot write a file");
}

static void make_map (struct disk *self)
{
    MDB_txn *txn = NULL;
    must (mdb_env_create (&self->map));
    must (mdb_env_set_mapsize (self->map, 256 << 20));
    must (mdb_env_open (self->map, self->map_path, MDB_NOSUBDIR | MDB_NOLOCK, 0600));
    must (mdb_txn_begin (self->map, NULL, 0, &txn));
    must (mdb_dbi_open (txn, NULL, MDB_INTEGERKEY, &self->table));
    must (mdb_txn_commit (txn));
}

struct disk *disk_open (const char *directory)
{
    struct disk *self = calloc (1, sizeof *self);
    if (self == NULL)
        bench_fail ("out of memory");
    snprintf (self->file_path, sizeof self->file_path, "%s/appended", directory);
    snprintf (self->map_path, sizeof self->map_path, "%s/committed", directory);
    make_file (self);
    make_map (self);
    return self;
}

void disk_close (struct disk **self_p)
{
    struct disk *self = *self_p;
    close (self->file);
    mdb_env_close (self->map);
    unlink (self->file_path);
    unlink (self->map_path);
    free (self);
    *self_p = NULL;
}

void disk_append (struct disk *self)
{
    static const char line[LINE] = {0x55};
    off_t at = (off_t)(self->appended++ % FILE_LINES) * LINE;
    if (pwrite (self->file, line, LINE, at) != LINE || fdatasync (self->file) != 0)
        bench_fail ("cannot write a file");
}

void disk_commit (struct disk *self)
{
    static char line[LINE] = {0x55};
    uint64_t number = self->committed++ % 65536; /* so that it is never full */
    MDB_val key = {sizeof number, &number}, value = {sizeof line, line};
    MDB_txn *txn = NULL;
    must (mdb_txn_begin (self->map, NULL, 0, &txn));
    must (mdb_put (txn, self->table, &key, &value, 0));
    must (mdb_txn_commit (txn));
}
