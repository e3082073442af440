#include "secret_file.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ctl.h"
#include "input.h"

enum { TEXT_LIMIT = 4096 };

static const char head[] = "#   ZeroMQ CURVE **Secret** Certificate, as CZMQ reads it\n"
                           "#   Whoever has this file is this party: keep it to yourself.\n\n";

static void put (FILE *out, const char *name, const char *value)
{
    if (value && *value)
        fprintf (out, "    %s = \"%s\"\n", name, value);
}

/* The whole text. Its size, or 0 where it does not fit. */
static size_t write_text (char text[TEXT_LIMIT], zcert_t *pair, const char *party,
                          const struct secret_place *place)
{
    FILE *out = fmemopen (text, TEXT_LIMIT, "w");
    if (!out)
        abort ();
    setvbuf (out, NULL, _IONBF, 0); /* no copy of it is left in a buffer */
    fprintf (out, "%smetadata\n", head);
    put (out, "party", party);
    put (out, "requests", place->requests);
    put (out, "events", place->events);
    put (out, "operators", place->operators);
    put (out, "server-key", place->server_key);
    fputs ("curve\n", out);
    put (out, "public-key", zcert_public_txt (pair));
    put (out, "secret-key", zcert_secret_txt (pair));
    long size = ftell (out);
    bool whole = !ferror (out) && size > 0 && size < TEXT_LIMIT;
    fclose (out);
    return whole ? (size_t)size : 0;
}

static int write_synced (int fd, const char *text, size_t size)
{
    for (size_t written = 0; written < size;) {
        ssize_t more = write (fd, text + written, size - written);
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            return more < 0 ? -errno : -ENOSPC;
        written += (size_t)more;
    }
    return fsync (fd) == 0 ? 0 : -errno;
}

/* What the disk says that it has: what is not that, nobody can use. */
static int read_back (const char *file, const char *text, size_t size)
{
    char again[TEXT_LIMIT];
    ssize_t got = input_read (file, again, sizeof again);
    int error = got < 0 ? (int)got : (size_t)got != size || memcmp (again, text, size) != 0 ? -EIO : 0;
    explicit_bzero (again, sizeof again);
    return error;
}

static int sync_directory (struct arena *arena, const char *file)
{
    int fd = open (dirname (arena_strdup (arena, file)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = fd < 0 || fsync (fd) != 0 ? -errno : 0;
    if (fd >= 0)
        close (fd);
    return error;
}

/* Gives the file its name, which nothing has: a link where the file system knows no such renaming. */
static int take_name (const char *beside, const char *file)
{
    if (renameat2 (AT_FDCWD, beside, AT_FDCWD, file, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -errno;
    if (link (beside, file) != 0)
        return -errno;
    return unlink (beside) == 0 ? 0 : -errno;
}

/* Under a name of its own until it is whole and on the disk; then under its own. 0 or -errno, and nothing is left.
 */
static int write_beside (struct arena *arena, const char *file, const char *text, size_t size)
{
    char *beside = arena_printf (arena, "%s.XXXXXX", file);
    int fd = mkostemp (beside, O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int error = fchmod (fd, 0600) == 0 ? write_synced (fd, text, size) : -errno;
    if (close (fd) != 0 && !error)
        error = -errno;
    if (!error)
        error = read_back (beside, text, size);
    if (!error)
        error = take_name (beside, file);
    if (error) {
        unlink (beside);
        return error;
    }
    error = sync_directory (arena, file);
    if (error)
        unlink (file);
    return error;
}

int secret_file_write (const char *file, zcert_t *pair, const char *party, const struct secret_place *place)
{
    struct arena *arena = arena_new (1 << 20);
    char text[TEXT_LIMIT];
    struct stat about;
    size_t size = write_text (text, pair, party, place);
    int error = size == 0 ? -EFBIG : lstat (file, &about) == 0 ? -EEXIST : write_beside (arena, file, text, size);
    explicit_bzero (text, sizeof text);
    arena_destroy (&arena);
    if (!error)
        return 0;
    bool is_name =
        error == -EEXIST || error == -ENOENT || error == -EACCES || error == -ENOTDIR || error == -EROFS;
    return ctl_fail (is_name ? EX_CANTCREAT : EX_IOERR, "cannot make %s: %s; no key is written", file,
                     strerror (-error));
}
