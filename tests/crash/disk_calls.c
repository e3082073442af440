/* The C library's calls, in the place of which these are linked: recorded, and made to fail, as disk_record.c
   says. LMDB's come here too, since a program's own symbols are found first. */
#undef _FILE_OFFSET_BITS /* it would give pwrite another name */
#undef _FORTIFY_SOURCE   /* and this would define some of them */
#include "disk_parts.h"
#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(function, result, ...)                 \
    static result (*function##_next) (__VA_ARGS__); \
    if (function##_next == NULL)                    \
    *(void **)&function##_next = dlsym (RTLD_NEXT, #function)

/* --- Names -------------------------------------------------------------------------------------------- */

/* The name in the watched directory that is meant, "" for the directory itself, or NULL. */
static const char *name_of (int at, const char *path)
{
    size_t size = strlen (disk_now.directory);
    if (disk_now.trace == NULL)
        return NULL;
    if (at >= 0 && at < DISK_MOST_FDS && disk_now.fds[at].file == DISK_DIRECTORY + 1 && path[0] != '/')
        return path;
    if (strncmp (path, disk_now.directory, size) != 0 || (path[size] != 0 && path[size] != '/'))
        return NULL;
    return path[size] == 0 ? "" : path + size + 1;
}

static int file_of (const char *name)
{
    for (int i = 0; i < DISK_FILES; i++)
        if (name[0] != 0 && strcmp (disk_now.names.names[i].name, name) == 0)
            return disk_now.names.names[i].file;
    return DISK_NOT_WATCHED;
}

static int new_file (const char *name)
{
    struct disk_trace *trace = disk_now.trace;
    assert (trace->files < DISK_FILES);
    snprintf (trace->first_name[trace->files], DISK_NAME, "%s", name);
    disk_add_name (DISK_LINK, trace->files, name, "");
    return trace->files++;
}

static void note_open (int fd, const char *name, int flags)
{
    assert (fd < DISK_MOST_FDS);
    int file = name[0] == 0 ? DISK_DIRECTORY : file_of (name);
    if (file == DISK_NOT_WATCHED)
        file = new_file (name);
    else if ((flags & O_TRUNC) != 0)
        disk_add (DISK_TRUNCATE, file)->size = 0;
    disk_now.fds[fd].file = file + 1;
    disk_now.fds[fd].is_dsync = (flags & O_DSYNC) != 0;
}

static int open_at (int at, const char *path, int flags, mode_t mode)
{
    NEXT (openat, int, int, const char *, int, ...);
    const char *name = name_of (at, path);
    if (name == NULL)
        return openat_next (at, path, flags, mode);
    pthread_mutex_lock (&disk_now.mutex);
    int fd = disk_is_to_fail (false) && !disk_is_short () ? -1 : openat_next (at, path, flags, mode);
    if (fd >= 0)
        note_open (fd, name, flags);
    disk_leave ();
    return fd;
}

#define OPEN(call, at, ...)                                               \
    int call (__VA_ARGS__, int flags, ...)                                \
    {                                                                     \
        va_list more;                                                     \
        va_start (more, flags);                                           \
        mode_t mode = (flags & O_CREAT) != 0 ? va_arg (more, mode_t) : 0; \
        va_end (more);                                                    \
        return open_at (at, path, flags, mode);                           \
    }
OPEN (open, AT_FDCWD, const char *path)
OPEN (open64, AT_FDCWD, const char *path)
OPEN (openat, at, int at, const char *path)
OPEN (openat64, at, int at, const char *path)

int close (int fd)
{
    NEXT (close, int, int);
    if (disk_enter (fd) != DISK_NOT_WATCHED) {
        disk_now.fds[fd].file = 0;
        disk_leave ();
    }
    return close_next (fd);
}

int renameat (int from, const char *path, int to, const char *new_path)
{
    NEXT (renameat, int, int, const char *, int, const char *);
    const char *name = name_of (from, path), *new_name = name_of (to, new_path);
    if (name == NULL || new_name == NULL)
        return renameat_next (from, path, to, new_path);
    pthread_mutex_lock (&disk_now.mutex);
    bool fails = disk_is_to_fail (true) && !disk_is_short ();
    int rc = fails && !disk_is_late () ? -1 : renameat_next (from, path, to, new_path);
    if (rc == 0)
        disk_add_name (DISK_RENAME, file_of (name), name, new_name);
    if (fails) {
        errno = disk_now.error;
        rc = -1;
    }
    disk_leave ();
    return rc;
}

int unlinkat (int at, const char *path, int flags)
{
    NEXT (unlinkat, int, int, const char *, int);
    const char *name = name_of (at, path);
    if (name == NULL)
        return unlinkat_next (at, path, flags);
    pthread_mutex_lock (&disk_now.mutex);
    bool fails = disk_is_to_fail (true) && !disk_is_short ();
    int rc = fails && !disk_is_late () ? -1 : unlinkat_next (at, path, flags);
    if (rc == 0)
        disk_add_name (DISK_UNLINK, file_of (name), name, "");
    if (fails) {
        errno = disk_now.error;
        rc = -1;
    }
    disk_leave ();
    return rc;
}

/* --- Writes ------------------------------------------------------------------------------------------- */

static void note_write (int fd, int file, uint64_t offset, const void *data, size_t size, bool fails)
{
    disk_add_write (file, offset, data, size);
    if (disk_now.fds[fd].is_dsync)
        disk_add_sync (fails ? DISK_LOST : DISK_SYNC_RANGE, file, disk_now.trace->count - (fails ? 0 : 1), true);
}

static ssize_t write_at (int fd, int file, const void *data, size_t size, off_t offset)
{
    NEXT (pwrite, ssize_t, int, const void *, size_t, off_t);
    bool fails = disk_is_to_fail (true);
    if (fails && !disk_is_late () && !disk_is_short ())
        return -1;
    ssize_t written = pwrite_next (fd, data, fails && disk_is_short () ? size / 2 : size, offset);
    if (written > 0)
        note_write (fd, file, (uint64_t)offset, data, (size_t)written, fails && disk_is_late ());
    if (!fails || disk_is_short ())
        return written;
    errno = disk_now.error;
    return -1;
}

ssize_t pwrite (int fd, const void *data, size_t size, off_t offset)
{
    NEXT (pwrite, ssize_t, int, const void *, size_t, off_t);
    int file = disk_enter (fd);
    if (file == DISK_NOT_WATCHED)
        return pwrite_next (fd, data, size, offset);
    ssize_t written = write_at (fd, file, data, size, offset);
    disk_leave ();
    return written;
}

ssize_t pwrite64 (int fd, const void *data, size_t size, off_t offset)
{
    return pwrite (fd, data, size, offset);
}

static ssize_t write_parts_at (int fd, int file, const struct iovec *parts, int count, off_t offset)
{
    size_t size = 0, done = 0;
    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    char *whole = malloc (size + 1);
    assert (whole != NULL);
    for (int i = 0; i < count; done += parts[i].iov_len, i++)
        memcpy (whole + done, parts[i].iov_base, parts[i].iov_len);
    ssize_t written = write_at (fd, file, whole, size, offset);
    free (whole);
    return written;
}

ssize_t pwritev (int fd, const struct iovec *parts, int count, off_t offset)
{
    NEXT (pwritev, ssize_t, int, const struct iovec *, int, off_t);
    int file = disk_enter (fd);
    if (file == DISK_NOT_WATCHED)
        return pwritev_next (fd, parts, count, offset);
    ssize_t written = write_parts_at (fd, file, parts, count, offset);
    disk_leave ();
    return written;
}

ssize_t pwritev64 (int fd, const struct iovec *parts, int count, off_t offset)
{
    return pwritev (fd, parts, count, offset);
}

ssize_t writev (int fd, const struct iovec *parts, int count)
{
    NEXT (writev, ssize_t, int, const struct iovec *, int);
    int file = disk_enter (fd);
    if (file == DISK_NOT_WATCHED)
        return writev_next (fd, parts, count);
    off_t at = lseek (fd, 0, SEEK_CUR);
    ssize_t written = write_parts_at (fd, file, parts, count, at);
    if (written > 0)
        lseek (fd, at + written, SEEK_SET);
    disk_leave ();
    return written;
}

ssize_t write (int fd, const void *data, size_t size)
{
    NEXT (write, ssize_t, int, const void *, size_t);
    int file = disk_enter (fd);
    if (file == DISK_NOT_WATCHED)
        return write_next (fd, data, size);
    off_t at = lseek (fd, 0, SEEK_CUR);
    ssize_t written = write_at (fd, file, data, size, at);
    if (written > 0)
        lseek (fd, at + written, SEEK_SET);
    disk_leave ();
    return written;
}

int ftruncate (int fd, off_t size)
{
    NEXT (ftruncate, int, int, off_t);
    int file = disk_enter (fd);
    if (file == DISK_NOT_WATCHED)
        return ftruncate_next (fd, size);
    bool fails = disk_is_to_fail (true) && !disk_is_short ();
    int rc = fails && !disk_is_late () ? -1 : ftruncate_next (fd, size);
    if (rc == 0)
        disk_add (DISK_TRUNCATE, file)->size = (uint64_t)size;
    if (fails) {
        errno = disk_now.error;
        rc = -1;
    }
    disk_leave ();
    return rc;
}

int ftruncate64 (int fd, off_t size)
{
    return ftruncate (fd, size);
}

int posix_fallocate (int fd, off_t offset, off_t size)
{
    NEXT (posix_fallocate, int, int, off_t, off_t);
    int file = disk_enter (fd);
    if (file == DISK_NOT_WATCHED)
        return posix_fallocate_next (fd, offset, size);
    bool fails = disk_is_to_fail (true) && !disk_is_short ();
    int rc = fails && !disk_is_late () ? 0 : posix_fallocate_next (fd, offset, size);
    if (rc == 0 && (!fails || disk_is_late ()))
        disk_add (DISK_ALLOCATE, file)->size = (uint64_t)(offset + size);
    disk_leave ();
    return fails ? disk_now.error : rc;
}

int posix_fallocate64 (int fd, off_t offset, off_t size)
{
    return posix_fallocate (fd, offset, size);
}

/* --- Syncs -------------------------------------------------------------------------------------------- */

/* It is durable when the call comes back: what was asked after its beginning is not. */
static int sync_file (int fd, int file, bool is_data, int (*next) (int))
{
    size_t since = disk_now.trace->count;
    if (disk_is_to_fail (true) && !disk_is_short ()) {
        if (!disk_is_late () && file != DISK_DIRECTORY) /* a file system keeps its names together, or ends */
            disk_add_sync (DISK_LOST, file, since, is_data);
        errno = disk_now.error;
        disk_leave ();
        return -1;
    }
    disk_be_held ();
    disk_leave ();
    int rc = next (fd);
    pthread_mutex_lock (&disk_now.mutex);
    if (rc == 0)
        disk_add_sync (DISK_SYNC, file, since, is_data);
    disk_leave ();
    return rc;
}

int fdatasync (int fd)
{
    NEXT (fdatasync, int, int);
    int file = disk_enter (fd);
    return file == DISK_NOT_WATCHED ? fdatasync_next (fd) : sync_file (fd, file, true, fdatasync_next);
}

int fsync (int fd)
{
    NEXT (fsync, int, int);
    int file = disk_enter (fd);
    return file == DISK_NOT_WATCHED ? fsync_next (fd) : sync_file (fd, file, false, fsync_next);
}

/* --- Reads, which only fail --------------------------------------------------------------------------- */

ssize_t pread (int fd, void *data, size_t size, off_t offset)
{
    NEXT (pread, ssize_t, int, void *, size_t, off_t);
    if (disk_enter (fd) == DISK_NOT_WATCHED)
        return pread_next (fd, data, size, offset);
    bool fails = disk_is_to_fail (false);
    disk_leave ();
    if (fails && !disk_is_short ())
        return -1;
    return pread_next (fd, data, fails ? size / 2 : size, offset);
}

ssize_t pread64 (int fd, void *data, size_t size, off_t offset)
{
    return pread (fd, data, size, offset);
}

void *mmap (void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    NEXT (mmap, void *, void *, size_t, int, int, int, off_t);
    if (disk_enter (fd) == DISK_NOT_WATCHED)
        return mmap_next (address, size, protection, flags, fd, offset);
    bool fails = disk_is_to_fail (false) && !disk_is_short ();
    disk_leave ();
    return fails ? MAP_FAILED : mmap_next (address, size, protection, flags, fd, offset);
}

void *mmap64 (void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    return mmap (address, size, protection, flags, fd, offset);
}
