/* Preloaded into the daemon by a test: a disk that takes its time, or fails, whenever data must reach it.

   FAULTY_SYNC names a file. While <file>.hold is there no sync comes back, and <file>.holding says that one is
   under way; where <file>.fail is there it fails; where <file>.lie is there it comes back at once, and nothing was
   done. Where <file>.frame is there, no turn is written to the journal; where <file>.meta is there, what is
   smaller than a page is not written to the store's map: the page that makes a checkpoint count. <file>.unreadable
   has the name of a file that cannot be read, and <file>.unsynced that of a file or directory of which each sync
   fails. */
#undef _FILE_OFFSET_BITS /* it would give pwrite another name, */
#undef _FORTIFY_SOURCE   /* and this make pread a function of the header */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static bool is_said (const char *what)
{
    char path[4096];
    const char *file = getenv ("FAULTY_SYNC");
    if (file == NULL)
        return false;
    snprintf (path, sizeof path, "%s.%s", file, what);
    return access (path, F_OK) == 0;
}

static void say (const char *what)
{
    char path[4096];
    snprintf (path, sizeof path, "%s.%s", getenv ("FAULTY_SYNC"), what);
    close (open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

/* The file of this descriptor has this name. */
static bool has_name (int fd, const char *name)
{
    char link[64], path[4096] = "";
    snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
    if (readlink (link, path, sizeof path - 1) < 0)
        abort ();
    const char *last = strrchr (path, '/');
    return last != NULL && strcmp (last + 1, name) == 0;
}

/* The file of this descriptor is the one that this sign names. */
static bool is_named (int fd, const char *what)
{
    char sign[4096], name[256] = "";
    if (!is_said (what))
        return false;
    snprintf (sign, sizeof sign, "%s.%s", getenv ("FAULTY_SYNC"), what);
    FILE *file = fopen (sign, "r");
    if (file == NULL || fgets (name, sizeof name, file) == NULL)
        abort ();
    fclose (file);
    return has_name (fd, name);
}

static int sync_or_fail (int fd, const char *name)
{
    if (is_said ("hold"))
        say ("holding");
    while (is_said ("hold"))
        usleep (1000);
    if (is_said ("fail") || is_named (fd, "unsynced")) {
        errno = EIO;
        return -1;
    }
    if (is_said ("lie"))
        return 0;
    int (*next) (int);
    *(void **)&next = dlsym (RTLD_NEXT, name); /* as POSIX has it */
    return next (fd);
}

static ssize_t read_at (const char *name, int fd, void *data, size_t size, off_t offset)
{
    if (is_named (fd, "unreadable")) {
        errno = EIO;
        return -1;
    }
    ssize_t (*next) (int, void *, size_t, off_t);
    *(void **)&next = dlsym (RTLD_NEXT, name);
    return next (fd, data, size, offset);
}

ssize_t pread (int fd, void *data, size_t size, off_t offset)
{
    return read_at ("pread", fd, data, size, offset);
}

ssize_t pread64 (int fd, void *data, size_t size, off_t offset)
{
    return read_at ("pread64", fd, data, size, offset);
}

static ssize_t write_at (const char *name, int fd, const void *data, size_t size, off_t offset)
{
    enum { PAGE = 4096 };
    if (size < PAGE && is_said ("meta") && has_name (fd, "consentd.mdb")) {
        errno = EIO;
        return -1;
    }
    ssize_t (*next) (int, const void *, size_t, off_t);
    *(void **)&next = dlsym (RTLD_NEXT, name);
    return next (fd, data, size, offset);
}

/* A turn is written to the journal by one of these, with its head first; so are pages of LMDB, which have no head.
 */
static ssize_t write_parts_at (const char *name, int fd, const struct iovec *parts, int count, off_t offset)
{
    static const char magic[] = "consentF";
    if (parts->iov_len >= sizeof magic && memcmp (parts->iov_base, magic, sizeof magic - 1) == 0 &&
        is_said ("frame")) {
        errno = EIO;
        return -1;
    }
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

/* The page that makes a checkpoint count is written in part, by one of these; all else in whole pages. */
ssize_t pwrite (int fd, const void *data, size_t size, off_t offset)
{
    return write_at ("pwrite", fd, data, size, offset);
}

ssize_t pwrite64 (int fd, const void *data, size_t size, off_t offset)
{
    return write_at ("pwrite64", fd, data, size, offset);
}

/* The store syncs with this after each turn, and at a checkpoint before the page that makes it count, */
int fdatasync (int fd)
{
    return sync_or_fail (fd, "fdatasync");
}

/* and with this when it is made, opened or grows. */
int fsync (int fd)
{
    return sync_or_fail (fd, "fsync");
}
