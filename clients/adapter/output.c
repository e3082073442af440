#include "output.h"
#include "allocate.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/file_write.h"

struct output {
    char *file;   /* NULL: standard output */
    char *beside; /* NULL: it is written through, when it is let go */
    int descriptor;
    char *data; /* if it is written through */
    size_t size;
    bool gone;
};

/* The file is a pipe or a device. It is written to, and stays what it is: only a regular file can be replaced. */
static bool is_written_through (const char *file)
{
    struct stat info;
    return !file || (stat (file, &info) == 0 && !S_ISREG (info.st_mode));
}

/* Opens the file. If it is a FIFO that nobody reads yet, waits for a reader, but not for ever. */
static int open_through (const char *file)
{
    enum { TRIES = 40, PAUSE = 50000 /* us */ };
    int descriptor = -1;
    for (int i = 0; i < TRIES && descriptor < 0; i++) {
        descriptor = open (file, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (descriptor < 0 && errno != ENXIO)
            break;
        if (descriptor < 0)
            usleep (PAUSE);
    }
    if (descriptor < 0)
        return -errno;
    if (fcntl (descriptor, F_SETFL, 0) == 0)
        return descriptor;
    int error = -errno;
    close (descriptor);
    return error;
}

static int keep (struct output *self, const char *data, size_t size)
{
    free (self->data);
    self->data = allocate (size, 1);
    memcpy (self->data, data, size);
    self->size = size;
    return 0;
}

static bool is_writable (int descriptor)
{
    int flags = fcntl (descriptor, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

static int store_through (struct output *self, const char *data, size_t size)
{
    self->descriptor = self->file ? open_through (self->file) : STDOUT_FILENO;
    if (self->descriptor >= 0 && !is_writable (self->descriptor))
        return -EBADF;
    return self->descriptor < 0 ? self->descriptor : keep (self, data, size);
}

static int fill (int descriptor, const char *data, size_t size)
{
    int r = file_write_all_at (descriptor, data, size, 0);
    if (r == 0 && (ftruncate (descriptor, (off_t)size) < 0 || fsync (descriptor) < 0))
        r = -errno;
    return r;
}

static int store_beside (struct output *self, const char *data, size_t size)
{
    if (asprintf (&self->beside, "%s.part", self->file) < 0)
        abort ();
    if (unlink (self->beside) < 0 && errno != ENOENT)
        return -errno;
    self->descriptor = open (self->beside, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (self->descriptor < 0 || fchmod (self->descriptor, 0600) < 0)
        return -errno;
    return fill (self->descriptor, data, size);
}

int output_store (const char *file, const char *data, size_t size, struct output **self_p)
{
    struct output *self = *self_p = allocate (1, sizeof *self);
    self->descriptor = -1;
    self->file = file ? allocate_text (file) : NULL;
    int r = is_written_through (file) ? store_through (self, data, size) : store_beside (self, data, size);
    if (r < 0)
        output_drop (self_p);
    return r;
}

int output_change (struct output *self, const char *data, size_t size)
{
    return self->beside ? fill (self->descriptor, data, size) : keep (self, data, size);
}

int output_let_go (struct output *self)
{
    self->gone = true;
    if (!self->beside)
        return file_write_all (self->descriptor, self->data, self->size);
    if (!file_has_name (self->descriptor, self->beside)) /* another run has replaced it */
        return -EEXIST;
    if (rename (self->beside, self->file) < 0) {
        self->gone = false;
        return -errno;
    }
    return file_sync_directory_of (self->file);
}

void output_drop (struct output **self_p)
{
    struct output *self = *self_p;
    if (!self)
        return;
    if (self->beside && !self->gone && self->descriptor >= 0)
        unlink (self->beside);
    if (self->file && self->descriptor >= 0)
        close (self->descriptor);
    free (self->file);
    free (self->beside);
    free (self->data);
    free (self);
    *self_p = NULL;
}

int output_write (const char *file, const char *data, size_t size)
{
    struct output *output;
    int r = output_store (file, data, size, &output);
    if (r == 0)
        r = output_let_go (output);
    output_drop (&output);
    return r;
}
