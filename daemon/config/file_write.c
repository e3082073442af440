#include "file_write.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "text/progress.h"

/* `offset` -1: where the file stands. */
static int write_all (int file, const char *from, size_t size, off_t offset)
{
    while (size > 0) {
        ssize_t written = offset < 0 ? write (file, from, size) : pwrite (file, from, size, offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? -errno : -ENOSPC;
        from += written;
        size -= (size_t)written;
        offset += offset < 0 ? 0 : written;
    }
    return 0;
}

int file_write_all (int file, const void *data, size_t size)
{
    return write_all (file, data, size, -1);
}

int file_write_all_at (int file, const void *data, size_t size, uint64_t offset)
{
    return write_all (file, data, size, (off_t)offset);
}

int file_sync_directory_of (const char *path)
{
    char *copy = strdup (path);
    if (copy == NULL)
        abort ();
    int directory = open (dirname (copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = directory < 0 || fsync (directory) != 0 ? -errno : 0;
    if (directory >= 0)
        close (directory);
    free (copy);
    return result;
}

bool file_has_name (int file, const char *path)
{
    struct stat open_one, named;
    return fstat (file, &open_one) == 0 && stat (path, &named) == 0 && open_one.st_dev == named.st_dev &&
           open_one.st_ino == named.st_ino;
}

/* Compares the file on the disk with the text: a key file with an error is of no use. */
static int compare (int file, const char *data, size_t size)
{
    char again[4096];
    size_t at = 0;
    ssize_t got;
    int result = 0;
    while (result == 0 && (got = pread (file, again, sizeof again, (off_t)at)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            result = -errno;
        else if ((size_t)got > size - at || memcmp (again, data + at, (size_t)got) != 0)
            result = -EIO;
        else
            at += (size_t)got;
    }
    explicit_bzero (again, sizeof again); /* it may be a key */
    return result == 0 && at != size ? -EIO : result;
}

static int fill (int file, const void *data, size_t size)
{
    int result = fchmod (file, 0600) != 0 ? -errno : file_write_all (file, data, size);
    if (result == 0 && fsync (file) != 0)
        result = -errno;
    return result == 0 ? compare (file, data, size) : result;
}

/* Writes the file under a temporary name, *beside, which the caller must free in any case. After a failure there
   is no such file. */
static int write_beside (const char *path, const void *data, size_t size, char **beside)
{
    if (asprintf (beside, "%s.XXXXXX", path) < 0)
        abort ();
    int file = mkostemp (*beside, O_CLOEXEC);
    if (file < 0)
        return -errno;
    int result = fill (file, data, size);
    if (close (file) != 0 && result == 0)
        result = -errno;
    if (result != 0)
        unlink (*beside);
    return result;
}

/* Gives the file its final name, if no file has it. Uses a link where the file system cannot rename in this
   way. */
static int take_new_name (const char *beside, const char *path)
{
    if (renameat2 (AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -errno;
    if (link (beside, path) != 0)
        return -errno;
    return unlink (beside) == 0 ? 0 : -errno;
}

static int take_name (const char *beside, const char *path)
{
    return rename (beside, path) == 0 ? 0 : -errno;
}

static int write_as (const char *path, const void *data, size_t size, int (*take) (const char *, const char *))
{
    char *beside;
    int result = write_beside (path, data, size, &beside);
    if (result == 0) {
        result = take (beside, path);
        if (result != 0)
            unlink (beside);
    }
    free (beside);
    return result;
}

int file_create (const char *path, const void *data, size_t size)
{
    struct stat about;
    if (lstat (path, &about) == 0)
        return -EEXIST;
    int result = write_as (path, data, size, take_new_name);
    if (result != 0)
        return result;
    result = file_sync_directory_of (path);
    if (result != 0)
        unlink (path);
    return result;
}

int file_replace (const char *path, const void *data, size_t size)
{
    int result = write_as (path, data, size, take_name);
    return result == 0 ? file_sync_directory_of (path) : result;
}

bool file_is_no_name (int error)
{
    return error == -EEXIST || error == -ENOENT || error == -EACCES || error == -ENOTDIR || error == -EROFS;
}

int file_copy (int from, int to)
{
    enum { BLOCK = 1 << 18, MEBIBYTE = 1 << 20 };
    uint8_t *block = malloc (BLOCK);
    ssize_t got = 0;
    uint64_t done = 0;
    int rc = 0;
    if (block == NULL)
        abort ();
    while (rc == 0 && ((got = read (from, block, BLOCK)) > 0 || (got < 0 && errno == EINTR))) {
        rc = got > 0 ? file_write_all (to, block, (size_t)got) : 0;
        done += got > 0 ? (uint64_t)got : 0;
        progress_show ("%llu MiB copied", (unsigned long long)(done / MEBIBYTE));
    }
    if (rc == 0 && (got < 0 || fsync (to) != 0))
        rc = -errno;
    progress_end ();
    free (block);
    return rc;
}
