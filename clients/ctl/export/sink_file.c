#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bytes.h"
#include "codec/document.h"
#include "config/file_write.h"

enum { TAIL = 1 << 20, MOST = 4096 };

struct file_sink {
    struct sink base;
    const char *path;
    int file;
    bool is_regular;
};

/* --- Writing ------------------------------------------------------------------------------------------- */

/* The records, one a line. The caller frees it. */
static char *text_of (json_t *records, size_t *size)
{
    char *text;
    json_t *record;
    size_t index;
    FILE *out = open_memstream (&text, size);
    if (!out)
        abort ();
    json_array_foreach (records, index, record)
    {
        char *line = document_text (json_incref (record), 0);
        fprintf (out, "%s\n", line);
        free (line);
    }
    if (fclose (out) != 0)
        abort ();
    return text;
}

/* A part of a line would spoil the line that is written when these records come again. */
static int take_back (struct file_sink *self, off_t size, int rc)
{
    if (self->is_regular && ftruncate (self->file, size) != 0)
        ctl_fail (0, "%s: its last line is not whole: %s", self->path, strerror (errno));
    return ctl_fail (EX_IOERR, "cannot write to %s: %s", self->path, strerror (-rc));
}

static int put (struct sink *base, json_t *records)
{
    struct file_sink *self = (struct file_sink *)base;
    size_t size;
    if (self->file != STDOUT_FILENO && !file_has_name (self->file, self->path))
        return ctl_fail (EX_CANTCREAT, "%s was moved or removed while it was written: nothing is added",
                         self->path);
    off_t before = self->is_regular ? lseek (self->file, 0, SEEK_END) : 0;
    char *text = text_of (records, &size);
    int rc = file_write_all (self->file, text, size);
    free (text);
    if (rc == 0 && self->is_regular && fdatasync (self->file) != 0)
        rc = -errno;
    return rc == 0 ? 0 : take_back (self, before, rc);
}

static void close_file (struct sink *base)
{
    struct file_sink *self = (struct file_sink *)base;
    if (self->file != STDOUT_FILENO)
        close (self->file);
}

static struct file_sink *new_sink (const char *path, int file, bool is_regular)
{
    struct file_sink *self = calloc (1, sizeof *self);
    if (!self)
        abort ();
    *self = (struct file_sink){{MOST, 0, put, close_file}, path, file, is_regular};
    return self;
}

struct sink *sink_to_output (void)
{
    struct stat about;
    bool is_regular = fstat (STDOUT_FILENO, &about) == 0 && S_ISREG (about.st_mode);
    return &new_sink ("standard output", STDOUT_FILENO, is_regular)->base;
}

/* --- What is there ------------------------------------------------------------------------------------- */

/* The end of the file, as much of it as a record may have. */
struct tail {
    char text[TAIL];
    size_t size;
    off_t from; /* where in the file it begins */
};

static int read_tail (const struct file_sink *self, struct tail *tail)
{
    off_t size = lseek (self->file, 0, SEEK_END);
    if (size < 0)
        return ctl_fail (EX_IOERR, "cannot read %s: %s", self->path, strerror (errno));
    tail->from = size > TAIL ? size - TAIL : 0;
    while (tail->from + (off_t)tail->size < size) {
        ssize_t got = pread (self->file, tail->text + tail->size, (size_t)(size - tail->from) - tail->size,
                             tail->from + (off_t)tail->size);
        if (got <= 0)
            return ctl_fail (EX_IOERR, "cannot read %s: %s", self->path, strerror (got < 0 ? errno : EIO));
        tail->size += (size_t)got;
    }
    return 0;
}

/* The last whole line. False: there is none. *end is behind it. */
static bool last_line (const struct tail *tail, struct bytes *line, size_t *end)
{
    const char *newline = tail->size ? memrchr (tail->text, '\n', tail->size) : NULL;
    *end = 0;
    if (!newline)
        return false;
    const char *before = newline > tail->text ? memrchr (tail->text, '\n', (size_t)(newline - tail->text)) : NULL;
    const char *begin = before ? before + 1 : tail->text;
    *line = (struct bytes){begin, (size_t)(newline - begin)};
    *end = (size_t)(newline - tail->text) + 1;
    return true;
}

static bool read_mark (struct bytes line, const struct export_form *form, struct export_mark *mark)
{
    json_t *record = json_loadb (line.data, line.size, 0, NULL);
    bool found = record && form->read (record, mark);
    json_decref (record);
    return found;
}

/* Finds the last record, and cuts off what is of a line behind it. A file that has none is left alone, but for the
   beginning of a first record. */
static int find_end (struct file_sink *self, const struct export_form *form, struct export_mark *last)
{
    static struct tail tail;
    struct bytes line;
    size_t end;
    tail.size = 0;
    int error = read_tail (self, &tail);
    if (error)
        return error;
    bool has_line = last_line (&tail, &line, &end);
    if (has_line ? !read_mark (line, form, last)
                 : tail.from > 0 || (tail.size > 0 && strncmp (tail.text, "{\"", tail.size < 2 ? 1 : 2) != 0))
        return ctl_fail (EX_DATAERR, "%s: its end is no record of %s; nothing is added to it", self->path,
                         form->name);
    if (end < tail.size && ftruncate (self->file, tail.from + (off_t)end) != 0)
        return ctl_fail (EX_IOERR, "cannot cut off the half line at the end of %s: %s", self->path,
                         strerror (errno));
    return 0;
}

/* --- Opening ------------------------------------------------------------------------------------------- */

static int open_file (struct file_sink *self)
{
    struct stat about;
    self->file = open (self->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    if (self->file < 0)
        return ctl_fail (EX_CANTCREAT, "cannot open %s: %s", self->path, strerror (errno));
    if (fstat (self->file, &about) != 0 || !S_ISREG (about.st_mode))
        return ctl_fail (EX_CANTCREAT, "%s is no file; without --out it goes to standard output", self->path);
    if (flock (self->file, LOCK_EX | LOCK_NB) != 0)
        return ctl_fail (EX_TEMPFAIL, "%s: another export is writing to it", self->path);
    int rc = file_sync_directory_of (self->path);
    return rc == 0 ? 0
                   : ctl_fail (EX_IOERR, "cannot write to the directory of %s: %s", self->path, strerror (-rc));
}

struct sink *sink_to_file (const char *path, const struct export_form *form, struct export_mark *last, int *error)
{
    struct file_sink *self = new_sink (path, -1, true);
    *last = (struct export_mark){.number = 0};
    *error = open_file (self);
    if (!*error)
        *error = find_end (self, form, last);
    if (!*error)
        return &self->base;
    struct sink *failed = &self->base;
    sink_close (&failed);
    return NULL;
}

void sink_close (struct sink **self_p)
{
    if (*self_p) {
        (*self_p)->close (*self_p);
        free (*self_p);
    }
    *self_p = NULL;
}
