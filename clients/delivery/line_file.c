#include "line_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "config/file_write.h"

enum { TAIL = 1 << 20 };

/* --- Opening ------------------------------------------------------------------------------------------- */

int line_file_open (struct line_file *self, const char *path, struct fault *fault)
{
    struct stat about;
    int file = open (path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    *self = (struct line_file){path, file, file, true, true};
    if (file < 0)
        return fault_set (fault, EX_CANTCREAT, "cannot open %s: %s", path, strerror (errno));
    if (fstat (file, &about) != 0 || !S_ISREG (about.st_mode))
        return fault_set (fault, EX_CANTCREAT, "%s is no file", path);
    if (flock (file, LOCK_EX | LOCK_NB) != 0)
        return fault_set (fault, EX_TEMPFAIL, "%s: another program is writing to it", path);
    int rc = file_sync_directory_of (path);
    return rc == 0 ? 0
                   : fault_set (fault, EX_IOERR, "cannot write to the directory of %s: %s", path, strerror (-rc));
}

/* A descriptor that was opened to be written is opened again to be read. */
static int open_reader (int file)
{
    char name[32];
    snprintf (name, sizeof name, "/proc/self/fd/%d", file);
    return open (name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

void line_file_take (struct line_file *self, int file, const char *name)
{
    struct stat about;
    bool is_regular = fstat (file, &about) == 0 && S_ISREG (about.st_mode);
    *self = (struct line_file){name, file, is_regular ? open_reader (file) : -1, is_regular, false};
}

void line_file_close (struct line_file *self)
{
    if (self->reader >= 0)
        close (self->reader);
    self->file = self->reader = -1;
}

/* --- How it ends --------------------------------------------------------------------------------------- */

/* Reads the end of the file, and sets *from to where in the file that begins. */
static int read_tail (const struct line_file *self, struct bytes *tail, off_t *from, struct fault *fault)
{
    static char text[TAIL];
    off_t size = lseek (self->reader, 0, SEEK_END);
    if (size < 0)
        return fault_set (fault, EX_IOERR, "cannot read %s: %s", self->path, strerror (errno));
    *from = size > TAIL ? size - TAIL : 0;
    *tail = (struct bytes){text, 0};
    while (*from + (off_t)tail->size < size) {
        ssize_t got = pread (self->reader, text + tail->size, (size_t)(size - *from) - tail->size,
                             *from + (off_t)tail->size);
        if (got <= 0)
            return fault_set (fault, EX_IOERR, "cannot read %s: %s", self->path, strerror (got < 0 ? errno : EIO));
        tail->size += (size_t)got;
    }
    return 0;
}

int line_file_end (const struct line_file *self, struct line_file_end *end, struct fault *fault)
{
    struct bytes tail = {NULL, 0};
    off_t from = 0;
    int error = read_tail (self, &tail, &from, fault);
    *end = (struct line_file_end){.is_all = from == 0};
    if (error)
        return error;
    const char *text = tail.data, *newline = tail.size ? memrchr (text, '\n', tail.size) : NULL;
    size_t whole = newline ? (size_t)(newline - text) + 1 : 0;
    if (newline) {
        const char *before = newline > text ? memrchr (text, '\n', (size_t)(newline - text)) : NULL;
        const char *begin = before ? before + 1 : text;
        end->last = (struct bytes){begin, (size_t)(newline - begin)};
    }
    end->rest = (struct bytes){text + whole, tail.size - whole};
    end->until = from + (off_t)whole;
    return 0;
}

int line_file_cut (const struct line_file *self, const struct line_file_end *end, struct fault *fault)
{
    if (end->rest.size > 0 && ftruncate (self->file, end->until) != 0)
        return fault_set (fault, EX_IOERR, "cannot cut off the half line at the end of %s: %s", self->path,
                          strerror (errno));
    return fdatasync (self->file) == 0
               ? 0
               : fault_set (fault, EX_IOERR, "cannot write to %s: %s", self->path, strerror (errno));
}

/* --- Adding -------------------------------------------------------------------------------------------- */

/* Whoever looks for the file by its name must find there what is written. */
static int judge_name (const struct line_file *self, struct fault *fault)
{
    struct stat about;
    if (self->is_ours ? file_has_name (self->file, self->path)
                      : !self->is_regular || (fstat (self->file, &about) == 0 && about.st_nlink > 0))
        return 0;
    return fault_set (fault, self->is_ours ? EX_CANTCREAT : EX_IOERR,
                      "%s was moved or removed while it was written: nothing is added", self->path);
}

/* A part of a line would spoil the line that is written when these come again. */
static int take_back (const struct line_file *self, off_t size, int rc, struct fault *fault)
{
    bool is_whole = !self->is_regular || ftruncate (self->file, size) == 0;
    return fault_set (fault, EX_IOERR, "cannot write to %s: %s%s", self->path, strerror (-rc),
                      is_whole ? "" : "; its last line is not whole");
}

int line_file_add (const struct line_file *self, const char *lines, size_t size, struct fault *fault)
{
    int error = judge_name (self, fault);
    if (error)
        return error;
    off_t before = self->is_regular ? lseek (self->file, 0, SEEK_END) : 0;
    int rc = file_write_all (self->file, lines, size);
    if (rc == 0 && self->is_regular && fdatasync (self->file) != 0)
        rc = -errno;
    return rc == 0 ? 0 : take_back (self, before, rc, fault);
}
