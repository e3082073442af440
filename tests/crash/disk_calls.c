/* The C library's calls, in the place of which these are linked: recorded, and made to fail. LMDB's come here too,
   since a program's own symbols are found first. */
#undef _FILE_OFFSET_BITS /* it would give pwrite another name */
#undef _FORTIFY_SOURCE   /* and this would define some of them */
#include "disk.h"
#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { MOST_FDS = 256, NOT_WATCHED = -1 };

static struct {
    pthread_mutex_t mutex;
    struct disk_trace *trace; /* NULL: nothing is watched */
    char directory[128];
    struct disk_state names; /* as they are now; without contents */
    struct {
        int file; /* and 1 more, so that 0 is none */
        bool is_dsync;
    } fds[MOST_FDS];

    pthread_t watcher;
    bool holds, is_held;
    pthread_cond_t changed;

    bool may_fail, failed, all_fail, is_late;
    long calls, fail_at;
    enum disk_fault fault;
    int error;
} disk = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

#define NEXT(function, result, ...)                 \
    static result (*function##_next) (__VA_ARGS__); \
    if (function##_next == NULL)                    \
    *(void **)&function##_next = dlsym (RTLD_NEXT, #function)

/* --- Recording ---------------------------------------------------------------------------------------- */

static struct disk_step *add (enum disk_kind kind, int file)
{
    struct disk_trace *trace = disk.trace;
    if (trace->count == trace->room) {
        trace->room = trace->room * 2 + 1024;
        trace->steps = realloc (trace->steps, trace->room * sizeof *trace->steps);
        assert (trace->steps != NULL);
    }
    struct disk_step *step = &trace->steps[trace->count++];
    *step = (struct disk_step){.kind = kind, .file = file};
    return step;
}

static void add_write (int file, uint64_t offset, const void *data, size_t size)
{
    struct disk_step *step = add (DISK_WRITE, file);
    step->offset = offset;
    step->size = size;
    step->data = malloc (size + 1);
    assert (step->data != NULL);
    memcpy (step->data, data, size);
}

static void add_name (enum disk_kind kind, int file, const char *name, const char *to)
{
    struct disk_step *step = add (kind, file);
    snprintf (step->name, sizeof step->name, "%s", name);
    snprintf (step->to, sizeof step->to, "%s", to);
    disk_state_apply (&disk.names, step);
}

static void add_sync (enum disk_kind kind, int file, size_t since, bool is_data)
{
    struct disk_step *step = add (kind, file);
    step->since = since;
    step->is_data = is_data;
}

void disk_watch (struct disk_trace *trace, const char *directory)
{
    *trace = (struct disk_trace){.files = 1};
    disk_state_read (&trace->before, directory);
    memcpy (disk.names.names, trace->before.names, sizeof disk.names.names);
    for (int i = 0; i < DISK_FILES; i++) {
        const struct disk_name *name = &trace->before.names[i];
        if (name->name[0] == 0)
            continue;
        memcpy (trace->first_name[name->file], name->name, DISK_NAME);
        trace->files = name->file >= trace->files ? name->file + 1 : trace->files;
    }
    snprintf (disk.directory, sizeof disk.directory, "%s", directory);
    memset (disk.fds, 0, sizeof disk.fds);
    disk.watcher = pthread_self ();
    disk.trace = trace;
}

bool disk_end_watch (void)
{
    struct disk_trace *trace = disk.trace;
    struct disk_state there;
    struct disk all;
    disk.trace = NULL;
    disk_start (&all, trace);
    for (size_t i = 0; i < trace->count; i++)
        disk_state_apply (&all.state, &trace->steps[i]);
    disk_state_read (&there, disk.directory);
    bool is_equal = disk_state_is_equal (&all.state, &there);
    disk_state_free (&there);
    disk_free (&all);
    return is_equal;
}

void disk_trace_free (struct disk_trace *trace)
{
    for (size_t i = 0; i < trace->count; i++)
        free (trace->steps[i].data);
    free (trace->steps);
    disk_state_free (&trace->before);
    *trace = (struct disk_trace){.steps = NULL};
}

void disk_mark (enum disk_kind kind, uint64_t turn)
{
    if (disk.trace == NULL)
        return;
    pthread_mutex_lock (&disk.mutex);
    add (kind, DISK_DIRECTORY)->turn = turn;
    pthread_mutex_unlock (&disk.mutex);
}

/* The number of the watched file, and locks. Else NOT_WATCHED, and does not. */
static int enter (int fd)
{
    if (disk.trace == NULL || fd < 0 || fd >= MOST_FDS || disk.fds[fd].file == 0)
        return NOT_WATCHED;
    pthread_mutex_lock (&disk.mutex);
    return disk.fds[fd].file - 1;
}

static void leave (void)
{
    int kept = errno;
    pthread_mutex_unlock (&disk.mutex);
    errno = kept;
}

/* --- Faults ------------------------------------------------------------------------------------------- */

void disk_fail (long at, enum disk_fault fault, int error)
{
    disk.calls = 0;
    disk.fail_at = at;
    disk.fault = fault;
    disk.error = error;
    disk.failed = disk.all_fail = false;
    disk.may_fail = true;
}

long disk_end_fail (bool *failed)
{
    disk.may_fail = false;
    *failed = disk.failed;
    return disk.calls;
}

/* This call is to fail, with errno set. Locked. */
static bool is_to_fail (bool writes)
{
    if (!disk.may_fail)
        return false;
    bool fails = disk.calls++ == disk.fail_at || (disk.all_fail && writes);
    disk.is_late = disk.fault == DISK_FAILS_LATE || (disk.fault == DISK_FAILS_LATE_ALL && !disk.all_fail);
    if (fails && (disk.fault == DISK_FAILS_ALL || disk.fault == DISK_FAILS_LATE_ALL))
        disk.all_fail = true;
    disk.failed = disk.failed || fails;
    errno = fails ? disk.error : errno;
    return fails;
}

static bool is_late (void)
{
    return disk.is_late;
}

static bool is_short (void)
{
    return disk.fault == DISK_IS_SHORT;
}

/* --- Holding a sync ----------------------------------------------------------------------------------- */

void disk_hold (void)
{
    disk.holds = true;
}

void disk_await_held (void)
{
    pthread_mutex_lock (&disk.mutex);
    while (disk.holds && !disk.is_held)
        pthread_cond_wait (&disk.changed, &disk.mutex);
    pthread_mutex_unlock (&disk.mutex);
}

void disk_release (void)
{
    pthread_mutex_lock (&disk.mutex);
    disk.holds = false;
    pthread_cond_broadcast (&disk.changed);
    pthread_mutex_unlock (&disk.mutex);
}

static void be_held (void)
{
    struct timespec until;
    if (!disk.holds || pthread_equal (pthread_self (), disk.watcher))
        return;
    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_nsec += 100 * 1000 * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    disk.is_held = true;
    pthread_cond_broadcast (&disk.changed);
    while (disk.holds && pthread_cond_timedwait (&disk.changed, &disk.mutex, &until) == 0)
        ;
    disk.is_held = disk.holds = false;
}

/* --- Names -------------------------------------------------------------------------------------------- */

/* The name in the watched directory that is meant, "" for the directory itself, or NULL. */
static const char *name_of (int at, const char *path)
{
    size_t size = strlen (disk.directory);
    if (disk.trace == NULL)
        return NULL;
    if (at >= 0 && at < MOST_FDS && disk.fds[at].file == DISK_DIRECTORY + 1 && path[0] != '/')
        return path;
    if (strncmp (path, disk.directory, size) != 0 || (path[size] != 0 && path[size] != '/'))
        return NULL;
    return path[size] == 0 ? "" : path + size + 1;
}

static int file_of (const char *name)
{
    for (int i = 0; i < DISK_FILES; i++)
        if (name[0] != 0 && strcmp (disk.names.names[i].name, name) == 0)
            return disk.names.names[i].file;
    return NOT_WATCHED;
}

static int new_file (const char *name)
{
    struct disk_trace *trace = disk.trace;
    assert (trace->files < DISK_FILES);
    snprintf (trace->first_name[trace->files], DISK_NAME, "%s", name);
    add_name (DISK_LINK, trace->files, name, "");
    return trace->files++;
}

static void note_open (int fd, const char *name, int flags)
{
    assert (fd < MOST_FDS);
    int file = name[0] == 0 ? DISK_DIRECTORY : file_of (name);
    if (file == NOT_WATCHED)
        file = new_file (name);
    else if ((flags & O_TRUNC) != 0)
        add (DISK_TRUNCATE, file)->size = 0;
    disk.fds[fd].file = file + 1;
    disk.fds[fd].is_dsync = (flags & O_DSYNC) != 0;
}

static int open_at (int at, const char *path, int flags, mode_t mode)
{
    NEXT (openat, int, int, const char *, int, ...);
    const char *name = name_of (at, path);
    if (name == NULL)
        return openat_next (at, path, flags, mode);
    pthread_mutex_lock (&disk.mutex);
    int fd = is_to_fail (false) && !is_short () ? -1 : openat_next (at, path, flags, mode);
    if (fd >= 0)
        note_open (fd, name, flags);
    leave ();
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
    if (enter (fd) != NOT_WATCHED) {
        disk.fds[fd].file = 0;
        leave ();
    }
    return close_next (fd);
}

int renameat (int from, const char *path, int to, const char *new_path)
{
    NEXT (renameat, int, int, const char *, int, const char *);
    const char *name = name_of (from, path), *new_name = name_of (to, new_path);
    if (name == NULL || new_name == NULL)
        return renameat_next (from, path, to, new_path);
    pthread_mutex_lock (&disk.mutex);
    bool fails = is_to_fail (true) && !is_short ();
    int rc = fails && !is_late () ? -1 : renameat_next (from, path, to, new_path);
    if (rc == 0)
        add_name (DISK_RENAME, file_of (name), name, new_name);
    if (fails) {
        errno = disk.error;
        rc = -1;
    }
    leave ();
    return rc;
}

int unlinkat (int at, const char *path, int flags)
{
    NEXT (unlinkat, int, int, const char *, int);
    const char *name = name_of (at, path);
    if (name == NULL)
        return unlinkat_next (at, path, flags);
    pthread_mutex_lock (&disk.mutex);
    bool fails = is_to_fail (true) && !is_short ();
    int rc = fails && !is_late () ? -1 : unlinkat_next (at, path, flags);
    if (rc == 0)
        add_name (DISK_UNLINK, file_of (name), name, "");
    if (fails) {
        errno = disk.error;
        rc = -1;
    }
    leave ();
    return rc;
}

/* --- Writes ------------------------------------------------------------------------------------------- */

static void note_write (int fd, int file, uint64_t offset, const void *data, size_t size, bool fails)
{
    add_write (file, offset, data, size);
    if (disk.fds[fd].is_dsync)
        add_sync (fails ? DISK_LOST : DISK_SYNC_RANGE, file, disk.trace->count - (fails ? 0 : 1), true);
}

static ssize_t write_at (int fd, int file, const void *data, size_t size, off_t offset)
{
    NEXT (pwrite, ssize_t, int, const void *, size_t, off_t);
    bool fails = is_to_fail (true);
    if (fails && !is_late () && !is_short ())
        return -1;
    ssize_t written = pwrite_next (fd, data, fails && is_short () ? size / 2 : size, offset);
    if (written > 0)
        note_write (fd, file, (uint64_t)offset, data, (size_t)written, fails && is_late ());
    if (!fails || is_short ())
        return written;
    errno = disk.error;
    return -1;
}

ssize_t pwrite (int fd, const void *data, size_t size, off_t offset)
{
    NEXT (pwrite, ssize_t, int, const void *, size_t, off_t);
    int file = enter (fd);
    if (file == NOT_WATCHED)
        return pwrite_next (fd, data, size, offset);
    ssize_t written = write_at (fd, file, data, size, offset);
    leave ();
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
    int file = enter (fd);
    if (file == NOT_WATCHED)
        return pwritev_next (fd, parts, count, offset);
    ssize_t written = write_parts_at (fd, file, parts, count, offset);
    leave ();
    return written;
}

ssize_t pwritev64 (int fd, const struct iovec *parts, int count, off_t offset)
{
    return pwritev (fd, parts, count, offset);
}

ssize_t writev (int fd, const struct iovec *parts, int count)
{
    NEXT (writev, ssize_t, int, const struct iovec *, int);
    int file = enter (fd);
    if (file == NOT_WATCHED)
        return writev_next (fd, parts, count);
    off_t at = lseek (fd, 0, SEEK_CUR);
    ssize_t written = write_parts_at (fd, file, parts, count, at);
    if (written > 0)
        lseek (fd, at + written, SEEK_SET);
    leave ();
    return written;
}

ssize_t write (int fd, const void *data, size_t size)
{
    NEXT (write, ssize_t, int, const void *, size_t);
    int file = enter (fd);
    if (file == NOT_WATCHED)
        return write_next (fd, data, size);
    off_t at = lseek (fd, 0, SEEK_CUR);
    ssize_t written = write_at (fd, file, data, size, at);
    if (written > 0)
        lseek (fd, at + written, SEEK_SET);
    leave ();
    return written;
}

int ftruncate (int fd, off_t size)
{
    NEXT (ftruncate, int, int, off_t);
    int file = enter (fd);
    if (file == NOT_WATCHED)
        return ftruncate_next (fd, size);
    bool fails = is_to_fail (true) && !is_short ();
    int rc = fails && !is_late () ? -1 : ftruncate_next (fd, size);
    if (rc == 0)
        add (DISK_TRUNCATE, file)->size = (uint64_t)size;
    if (fails) {
        errno = disk.error;
        rc = -1;
    }
    leave ();
    return rc;
}

int ftruncate64 (int fd, off_t size)
{
    return ftruncate (fd, size);
}

int posix_fallocate (int fd, off_t offset, off_t size)
{
    NEXT (posix_fallocate, int, int, off_t, off_t);
    int file = enter (fd);
    if (file == NOT_WATCHED)
        return posix_fallocate_next (fd, offset, size);
    bool fails = is_to_fail (true) && !is_short ();
    int rc = fails && !is_late () ? 0 : posix_fallocate_next (fd, offset, size);
    if (rc == 0 && (!fails || is_late ()))
        add (DISK_ALLOCATE, file)->size = (uint64_t)(offset + size);
    leave ();
    return fails ? disk.error : rc;
}

int posix_fallocate64 (int fd, off_t offset, off_t size)
{
    return posix_fallocate (fd, offset, size);
}

/* --- Syncs -------------------------------------------------------------------------------------------- */

/* It is durable when the call comes back: what was asked after its beginning is not. */
static int sync_file (int fd, int file, bool is_data, int (*next) (int))
{
    size_t since = disk.trace->count;
    if (is_to_fail (true) && !is_short ()) {
        if (!is_late () && file != DISK_DIRECTORY) /* a file system keeps its names together, or ends */
            add_sync (DISK_LOST, file, since, is_data);
        errno = disk.error;
        leave ();
        return -1;
    }
    be_held ();
    leave ();
    int rc = next (fd);
    pthread_mutex_lock (&disk.mutex);
    if (rc == 0)
        add_sync (DISK_SYNC, file, since, is_data);
    leave ();
    return rc;
}

int fdatasync (int fd)
{
    NEXT (fdatasync, int, int);
    int file = enter (fd);
    return file == NOT_WATCHED ? fdatasync_next (fd) : sync_file (fd, file, true, fdatasync_next);
}

int fsync (int fd)
{
    NEXT (fsync, int, int);
    int file = enter (fd);
    return file == NOT_WATCHED ? fsync_next (fd) : sync_file (fd, file, false, fsync_next);
}

/* --- Reads, which only fail --------------------------------------------------------------------------- */

ssize_t pread (int fd, void *data, size_t size, off_t offset)
{
    NEXT (pread, ssize_t, int, void *, size_t, off_t);
    if (enter (fd) == NOT_WATCHED)
        return pread_next (fd, data, size, offset);
    bool fails = is_to_fail (false);
    leave ();
    if (fails && !is_short ())
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
    if (enter (fd) == NOT_WATCHED)
        return mmap_next (address, size, protection, flags, fd, offset);
    bool fails = is_to_fail (false) && !is_short ();
    leave ();
    return fails ? MAP_FAILED : mmap_next (address, size, protection, flags, fd, offset);
}

void *mmap64 (void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    return mmap (address, size, protection, flags, fd, offset);
}
