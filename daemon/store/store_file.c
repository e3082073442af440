#include "store_file.h"

#include "outcome.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

int store_file_refuse (const struct store_file *self, int outcome, const char *why, ...)
{
    char text[200];
    va_list arguments;
    va_start (arguments, why);
    vsnprintf (text, sizeof text, why, arguments);
    va_end (arguments);
    snprintf (self->error, self->error_size, "%s/" STORE_FILE_NAME ": %s", self->directory, text);
    return outcome;
}

/* Forwards an errno, and says in which step it came. */
static int refuse_errno (const struct store_file *self, int number, const char *step)
{
    return store_file_refuse (self, -number, "%s: %s", step, outcome_sentence (-number));
}

char *store_file_path (const struct store_file *self, const char *name)
{
    char *path;
    if (asprintf (&path, "%s/%s", self->directory, name) < 0)
        abort ();
    return path;
}

/* A lock of our own, which the kernel drops with the process. It is on what is locked, and not on a file beside
   it, which somebody could remove. */
static int lock (const struct store_file *self, int fd)
{
    if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return store_file_refuse (self, STORE_IN_USE, "in use by another process");
    return refuse_errno (self, errno, "cannot be locked");
}

int store_file_lock (struct store_file *self)
{
    self->directory_fd = open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->directory_fd < 0)
        return refuse_errno (self, errno, "cannot open the directory");
    return lock (self, self->directory_fd);
}

void store_file_release (struct store_file *self)
{
    if (self->file_fd >= 0)
        close (self->file_fd);
    if (self->directory_fd >= 0)
        close (self->directory_fd);
    self->file_fd = self->directory_fd = -1;
}

/* How LMDB 0.9 lays out the first two pages of its file on a 64-bit machine. They are read here, because LMDB maps
   a truncated file without a word, and the first missing page then kills the process with SIGBUS. */
struct meta_page {
    uint64_t number;
    uint16_t pad, flags;
    uint32_t bounds;
    uint32_t magic, format;
    uint64_t address, map_size;
    uint32_t page_size, trees[23];
    uint64_t last_page, transaction;
};
_Static_assert(offsetof (struct meta_page, last_page) == 136, "layout of LMDB's meta page");

/* 0; STORE_INVALID: it is none; or -EIO. */
static int read_meta_page (int fd, uint64_t offset, struct meta_page *meta)
{
    ssize_t got = pread (fd, meta, sizeof *meta, (off_t)offset);
    if (got < 0 && errno == EIO)
        return -EIO;
    bool holds = got == sizeof *meta && (meta->flags & 0x08) != 0 && meta->magic == 0xBEEFC0DE &&
                 meta->format == 1 && meta->page_size >= 512 && meta->page_size <= 65536 &&
                 (meta->page_size & (meta->page_size - 1)) == 0 && meta->last_page < INT64_MAX / 65536;
    return holds ? 0 : STORE_INVALID;
}

static int check_not_truncated (const struct store_file *self, int fd, uint64_t size)
{
    struct meta_page first, second;
    int rc = read_meta_page (fd, 0, &first);
    if (rc == 0)
        rc = read_meta_page (fd, first.page_size, &second);
    if (rc < 0)
        return refuse_errno (self, -rc, "its first pages cannot be read");
    if (rc != 0 || second.page_size != first.page_size)
        return store_file_refuse (self, STORE_INVALID, "not a store, or its first pages are damaged");
    uint64_t last = first.last_page > second.last_page ? first.last_page : second.last_page;
    uint64_t least = (last + 1) * first.page_size;
    if (size < least)
        return store_file_refuse (self, STORE_INVALID, "truncated: %llu bytes are left of at least %llu",
                                  (unsigned long long)size, (unsigned long long)least);
    return 0;
}

/* A file that may be opened is a regular file of our own, closed to others, and whole. */
static int check_file (const struct store_file *self, int fd, uint64_t *size)
{
    struct stat status;
    if (fstat (fd, &status) < 0)
        return refuse_errno (self, errno, "cannot be examined");
    if (!S_ISREG (status.st_mode))
        return store_file_refuse (self, STORE_INVALID, "not a regular file");
    if (status.st_uid != geteuid ())
        return store_file_refuse (self, STORE_INVALID, "belongs to another user (%lu)",
                                  (unsigned long)status.st_uid);
    if (status.st_mode & 077)
        return store_file_refuse (self, STORE_INVALID, "open to others (mode %04o); it must be 0600",
                                  (unsigned)status.st_mode & 07777);
    *size = (uint64_t)status.st_size;
    return check_not_truncated (self, fd, *size);
}

/* A file system that has not as much takes all that it has before it says so, and others could write nothing
   meanwhile. 0 or an errno. */
static int look_for_room_to_grow (int fd, uint64_t size)
{
    struct stat status;
    struct statvfs room;
    if (fstat (fd, &status) < 0 || fstatvfs (fd, &room) < 0)
        return errno;
    uint64_t held = (uint64_t)status.st_size, free_blocks = room.f_bavail;
    return size > held && (size - held) / room.f_frsize > free_blocks ? ENOSPC : 0;
}

/* Takes the blocks of the whole file from the file system, so that no commit finds the file system full. This
   costs almost nothing if they are there already. If a copy or a restore left holes, it fills them again. */
static int preallocate (const struct store_file *self, int fd, uint64_t size)
{
    int r = look_for_room_to_grow (fd, size);
    if (r == 0)
        r = posix_fallocate (fd, 0, (off_t)size);
    if (r == 0 && fsync (fd) < 0)
        r = errno;
    return r == 0 ? 0 : refuse_errno (self, r, "cannot set its size aside on the file system");
}

/* Whoever made the store may have died, or failed, between giving it its name and this. */
static int sync_directory (const struct store_file *self)
{
    return fsync (self->directory_fd) == 0 ? 0 : refuse_errno (self, errno, "cannot sync the directory");
}

/* Opens the file without following a link, and without waiting for the other end of a FIFO. */
static int open_file (const struct store_file *self)
{
    return openat (self->directory_fd, STORE_FILE_NAME, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

int store_file_secure (struct store_file *self)
{
    int fd = open_file (self);
    if (fd < 0 && errno == ENOENT)
        return STORE_NOT_FOUND;
    if (fd < 0 && errno == ELOOP)
        return store_file_refuse (self, STORE_INVALID, "may not be a symbolic link");
    if (fd < 0)
        return refuse_errno (self, errno, "cannot be opened");

    uint64_t size = 0;
    int r = check_file (self, fd, &size);
    if (r == 0)
        r = lock (self, fd);
    if (r == 0)
        r = sync_directory (self);
    if (r == 0) {
        if (size > self->size)
            self->size = size;
        r = preallocate (self, fd, self->size);
    }
    if (r == 0)
        self->file_fd = fd;
    else
        close (fd);
    return r;
}

/* So much can be mapped. This is tried first, because LMDB drops its own map before it makes the larger one. */
static int try_map (const struct store_file *self, int fd, uint64_t size)
{
    void *map = mmap (NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return refuse_errno (self, errno, "cannot be mapped at its new size");
    munmap (map, size);
    return 0;
}

int store_file_grow (const struct store_file *self, uint64_t size)
{
    int fd = open_file (self);
    if (fd < 0)
        return refuse_errno (self, errno, "cannot be opened");
    int r = preallocate (self, fd, size);
    if (r == 0)
        r = try_map (self, fd, size);
    if (r != 0 && ftruncate (fd, (off_t)self->size) < 0)
        r = refuse_errno (self, errno, "is larger than it is used, since it could not be made so"); /* harmless */
    close (fd);
    return r;
}

int store_file_discard_fresh (const struct store_file *self)
{
    if (unlinkat (self->directory_fd, STORE_FILE_FRESH_NAME, 0) < 0 && errno != ENOENT)
        return refuse_errno (self, errno, "cannot remove " STORE_FILE_FRESH_NAME);
    return 0;
}

int store_file_install_fresh (const struct store_file *self)
{
    int fd = openat (self->directory_fd, STORE_FILE_FRESH_NAME, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return refuse_errno (self, errno, "cannot be made");
    int r = preallocate (self, fd, self->size);
    close (fd);
    if (r != 0)
        return r;
    if (renameat (self->directory_fd, STORE_FILE_FRESH_NAME, self->directory_fd, STORE_FILE_NAME) < 0)
        return refuse_errno (self, errno, "cannot be given its name");
    return sync_directory (self);
}
