/* Preloaded by a test into a program that must not lose what it wrote: what is written to the files of these names
   (LATE_FILES, with spaces between them) is kept here, and is lost where the program is killed, as if the power
   was cut. LATE_UNTIL says until when it is kept: "synced", until the file is synced, as of an honest disk; a
   number, for so many milliseconds, however often the disk says that it is synced: then all that leaves a program
   has left before it was durable.

   Before anything is written to the store's map (consentd.mdb), and when one of these files is closed, all that is
   kept is written. */
#undef _FILE_OFFSET_BITS /* it would give pwrite another name, */
#undef _FORTIFY_SOURCE   /* and this make pread a function of the header */
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    ANY = -1,
    AT_END = -1,
    SYNC_TAKES = 5000, /* microseconds; what leaves before its end is what a kill shows */
};

/* A write that waits. */
struct late {
    struct late *next;
    int64_t since; /* ms */
    int fd;
    off_t offset; /* AT_END: behind what is there */
    size_t size;
    uint8_t data[];
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct late *first; /* the oldest */

static int64_t now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* The last part of the name of this descriptor's file, until the thread's next call. "": it has none. */
static const char *name_of (int fd)
{
    static _Thread_local char path[4096];
    char link[64];
    snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink (link, path, sizeof path - 1);
    path[size < 0 ? 0 : size] = 0;
    const char *slash = strrchr (path, '/');
    return slash != NULL ? slash + 1 : "";
}

static bool is_late (int fd)
{
    char names[1024], *rest = names;
    const char *wanted = getenv ("LATE_FILES"), *name = name_of (fd);
    if (wanted == NULL || getenv ("LATE_UNTIL") == NULL)
        return false;
    snprintf (names, sizeof names, "%s", wanted);
    for (const char *one; (one = strsep (&rest, " ")) != NULL;)
        if (strcmp (one, name) == 0)
            return true;
    return false;
}

static bool is_map (int fd)
{
    return strcmp (name_of (fd), "consentd.mdb") == 0;
}

/* It is a disk that has what was synced. */
static bool is_honest (void)
{
    const char *until = getenv ("LATE_UNTIL");
    return until != NULL && strcmp (until, "synced") == 0;
}

static void write_one (const struct late *one)
{
    ssize_t (*at) (int, const void *, size_t, off_t), (*on) (int, const void *, size_t);
    *(void **)&at = dlsym (RTLD_NEXT, "pwrite64"); /* as POSIX has it */
    *(void **)&on = dlsym (RTLD_NEXT, "write");
    ssize_t written = one->offset == AT_END ? on (one->fd, one->data, one->size)
                                            : at (one->fd, one->data, one->size, one->offset);
    if (written != (ssize_t)one->size)
        abort ();
}

/* Writes what has waited for so long, of this file or of any, in its order. */
static void write_older (int fd, int64_t milliseconds)
{
    int64_t moment = now ();
    pthread_mutex_lock (&mutex);
    for (struct late **at = &first; *at != NULL;) {
        struct late *one = *at;
        if ((fd != ANY && one->fd != fd) || one->since > moment - milliseconds) {
            at = &one->next;
            continue;
        }
        write_one (one);
        *at = one->next;
        free (one);
    }
    pthread_mutex_unlock (&mutex);
}

/* All parts in one. */
static struct late *gather (const struct iovec *parts, int count)
{
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    struct late *made = malloc (sizeof *made + size);
    if (made == NULL)
        abort ();
    *made = (struct late){.since = now (), .size = size};
    for (size_t i = 0, at = 0; i < (size_t)count; at += parts[i++].iov_len)
        memcpy (made->data + at, parts[i].iov_base, parts[i].iov_len);
    return made;
}

/* Of what is not synced a disk may have any part: the first half of each write is there at once. */
static void tear (struct late *self)
{
    size_t whole = self->size, half = whole / 2;
    self->size = half;
    if (half > 0)
        write_one (self);
    self->size = whole - half;
    memmove (self->data, self->data + half, self->size);
    self->offset += self->offset == AT_END ? 0 : (off_t)half;
}

static ssize_t keep (int fd, const struct iovec *parts, int count, off_t offset)
{
    struct late *made = gather (parts, count), **end = &first;
    size_t size = made->size;
    made->fd = fd;
    made->offset = offset;
    pthread_mutex_lock (&mutex);
    if (is_honest ())
        tear (made);
    while (*end != NULL)
        end = &(*end)->next;
    *end = made;
    pthread_mutex_unlock (&mutex);
    if (!is_honest ())
        write_older (ANY, strtol (getenv ("LATE_UNTIL"), NULL, 10));
    return (ssize_t)size;
}

static ssize_t write_at (const char *name, int fd, const void *data, size_t size, off_t offset)
{
    if (is_late (fd))
        return keep (fd, &(struct iovec){(void *)(uintptr_t)data, size}, 1, offset);
    if (is_map (fd))
        write_older (ANY, 0);
    ssize_t (*next) (int, const void *, size_t, off_t);
    *(void **)&next = dlsym (RTLD_NEXT, name);
    return next (fd, data, size, offset);
}

static ssize_t write_parts_at (const char *name, int fd, const struct iovec *parts, int count, off_t offset)
{
    if (is_late (fd))
        return keep (fd, parts, count, offset);
    if (is_map (fd))
        write_older (ANY, 0);
    ssize_t (*next) (int, const struct iovec *, int, off_t);
    *(void **)&next = dlsym (RTLD_NEXT, name);
    return next (fd, parts, count, offset);
}

ssize_t pwritev (int fd, const struct iovec *parts, int count, off_t offset)
{
    return write_parts_at ("pwritev", fd, parts, count, offset);
}

ssize_t pwritev64 (int fd, const struct iovec *parts, int count, off_t offset)
{
    return write_parts_at ("pwritev64", fd, parts, count, offset);
}

ssize_t pwrite (int fd, const void *data, size_t size, off_t offset)
{
    return write_at ("pwrite", fd, data, size, offset);
}

ssize_t pwrite64 (int fd, const void *data, size_t size, off_t offset)
{
    return write_at ("pwrite64", fd, data, size, offset);
}

ssize_t write (int fd, const void *data, size_t size)
{
    if (is_late (fd))
        return keep (fd, &(struct iovec){(void *)(uintptr_t)data, size}, 1, AT_END);
    ssize_t (*next) (int, const void *, size_t);
    *(void **)&next = dlsym (RTLD_NEXT, "write");
    return next (fd, data, size);
}

int close (int fd)
{
    int (*next) (int);
    *(void **)&next = dlsym (RTLD_NEXT, "close");
    if (is_late (fd))
        write_older (ANY, 0);
    return next (fd);
}

static int sync_file (const char *name, int fd)
{
    int (*next) (int);
    *(void **)&next = dlsym (RTLD_NEXT, name);
    if (is_honest () && is_late (fd)) {
        usleep (SYNC_TAKES);
        write_older (fd, 0);
    }
    return next (fd);
}

int fdatasync (int fd)
{
    return sync_file ("fdatasync", fd);
}

int fsync (int fd)
{
    return sync_file ("fsync", fd);
}
