/* Preloaded into the daemon by a test: a disk that says of the journal that it is synced and has not written it.
   What is written to the journal, and to the witness that says how far it goes, is kept here, and written so many
   milliseconds later (LATE_JOURNAL), in its order; whoever is killed by then has lost it. So whatever leaves a
   daemon that was killed has left before it was durable.

   Before the store itself is written, and at an orderly end, all that is kept is written. */
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

/* A write that waits. */
struct late {
    struct late *next;
    int64_t since; /* ms */
    int fd;
    off_t offset;
    size_t size;
    uint8_t data[];
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct late *first, *last;

static int64_t now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static bool has_name (int fd, const char *name)
{
    char link[64], path[4096] = "";
    snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
    if (readlink (link, path, sizeof path - 1) < 0)
        return false;
    const char *slash = strrchr (path, '/');
    return slash != NULL && strcmp (slash + 1, name) == 0;
}

static bool is_late (int fd)
{
    return getenv ("LATE_JOURNAL") != NULL &&
           (has_name (fd, "consentd.journal") || has_name (fd, "consentd.witness"));
}

/* Writes what has waited for so long. */
static void write_older (int64_t milliseconds)
{
    ssize_t (*next) (int, const void *, size_t, off_t);
    *(void **)&next = dlsym (RTLD_NEXT, "pwrite64"); /* as POSIX has it */
    int64_t moment = now ();
    pthread_mutex_lock (&mutex);
    while (first != NULL && first->since <= moment - milliseconds) {
        struct late *one = first;
        if (next (one->fd, one->data, one->size, one->offset) != (ssize_t)one->size)
            abort ();
        first = one->next;
        free (one);
    }
    if (first == NULL)
        last = NULL;
    pthread_mutex_unlock (&mutex);
}

static ssize_t keep (int fd, const struct iovec *parts, int count, off_t offset)
{
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    struct late *made = malloc (sizeof *made + size);
    if (made == NULL)
        abort ();
    *made = (struct late){.since = now (), .fd = fd, .offset = offset, .size = size};
    for (size_t i = 0, at = 0; i < (size_t)count; at += parts[i++].iov_len)
        memcpy (made->data + at, parts[i].iov_base, parts[i].iov_len);
    pthread_mutex_lock (&mutex);
    *(last != NULL ? &last->next : &first) = made;
    last = made;
    pthread_mutex_unlock (&mutex);
    write_older (strtol (getenv ("LATE_JOURNAL"), NULL, 10));
    return (ssize_t)size;
}

static ssize_t write_at (const char *name, int fd, const void *data, size_t size, off_t offset)
{
    if (is_late (fd))
        return keep (fd, &(struct iovec){(void *)(uintptr_t)data, size}, 1, offset);
    write_older (0);
    ssize_t (*next) (int, const void *, size_t, off_t);
    *(void **)&next = dlsym (RTLD_NEXT, name);
    return next (fd, data, size, offset);
}

static ssize_t write_parts_at (const char *name, int fd, const struct iovec *parts, int count, off_t offset)
{
    if (is_late (fd))
        return keep (fd, parts, count, offset);
    write_older (0);
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

int close (int fd)
{
    int (*next) (int);
    *(void **)&next = dlsym (RTLD_NEXT, "close");
    if (is_late (fd))
        write_older (0);
    return next (fd);
}
