#include "copy_files.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/file_write.h"
#include "copy_text.h"

/* --- Names ---------------------------------------------------------------------------------------------- */

static uint64_t first_of (uint64_t number)
{
    return (number - 1) / COPY_FILE_LINES * COPY_FILE_LINES + 1;
}

void copy_files_name (uint64_t number, char name[COPY_FILE_NAME])
{
    snprintf (name, COPY_FILE_NAME, "%012" PRIu64 ".log", first_of (number));
}

static const char *path_of (const struct copy_files *self, uint64_t number)
{
    char name[COPY_FILE_NAME];
    copy_files_name (number, name);
    return arena_printf (self->ctl->arena, "%s/%s", self->directory, name);
}

bool copy_files_are_in (const char *directory)
{
    char name[COPY_FILE_NAME];
    struct stat found;
    int at = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    copy_files_name (1, name);
    bool are = at >= 0 && fstatat (at, name, &found, 0) == 0;
    if (at >= 0)
        close (at);
    return are;
}

/* --- Reading -------------------------------------------------------------------------------------------- */

/* One file, as it is read. */
struct reading {
    struct copy_files *files;
    copy_files_take *take;
    void *context;
    const char *path;
    FILE *file;
    char *text; /* of one line; owned */
    size_t room;
    uint8_t *line; /* owned */
};

static int take_text (struct reading *self, size_t size)
{
    struct copy_files *files = self->files;
    uint64_t number;
    size_t line_size;
    self->line = realloc (self->line, size + 1);
    if (self->line == NULL)
        abort ();
    if (!copy_text_read ((struct bytes){self->text, size}, &number, self->line, &line_size) ||
        number != files->number + 1)
        return ctl_fail (CTL_NO, "%s: does not have line %" PRIu64 " of the log where it should be", self->path,
                         files->number + 1);
    files->number = number;
    files->size += (off_t)size + 1;
    return self->take (self->context, number, (struct bytes){self->line, line_size});
}

/* What a crash left is cut off; what is not of this copy is left alone. */
static int judge_part (const struct reading *self, size_t size)
{
    uint64_t number = self->files->number + 1;
    return copy_text_is_part ((struct bytes){self->text, size}, number)
               ? 0
               : ctl_fail (CTL_NO, "%s: its end is no part of line %" PRIu64 " of the log", self->path, number);
}

static int read_lines (struct reading *self)
{
    struct copy_files *files = self->files;
    ssize_t size;
    int error = 0;
    uint64_t until = first_of (files->number + 1) + COPY_FILE_LINES - 1;
    files->size = 0;
    while (!error && (size = getline (&self->text, &self->room, self->file)) > 0) {
        files->is_torn = self->text[size - 1] != '\n';
        if (files->is_torn)
            return judge_part (self, (size_t)size);
        if (files->number == until)
            return ctl_fail (CTL_NO, "%s: has more than %d lines", self->path, COPY_FILE_LINES);
        error = take_text (self, (size_t)size - 1);
    }
    return error || !ferror (self->file) ? error
                                         : ctl_fail (EX_IOERR, "cannot read %s: %s", self->path, strerror (errno));
}

/* No link, as for writing; and what is no file would perhaps never end, or never begin. NULL with errno. */
static FILE *open_to_read (const char *path)
{
    struct stat found;
    int file = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file >= 0 && fstat (file, &found) == 0 && S_ISREG (found.st_mode))
        return fdopen (file, "r");
    if (file >= 0) {
        close (file);
        errno = EINVAL;
    }
    return NULL;
}

/* Reads the file that has the next line. `more`: it is full, and another may follow. */
static int read_file (struct reading *self, bool *more)
{
    struct copy_files *files = self->files;
    struct arena_mark mark = arena_mark (files->ctl->arena);
    self->path = path_of (files, files->number + 1);
    self->file = open_to_read (self->path);
    int error = self->file == NULL && errno != ENOENT
                    ? ctl_fail (EX_NOINPUT, "cannot read %s: %s", self->path,
                                errno == EINVAL ? "it is no file" : strerror (errno))
                    : 0;
    *more = self->file != NULL;
    if (self->file != NULL) {
        error = read_lines (self);
        fclose (self->file);
        *more = files->number > 0 && files->number % COPY_FILE_LINES == 0 && files->size > 0;
    }
    arena_release (files->ctl->arena, mark);
    return error;
}

/* A file behind the last one, with lines between that are missing. */
static int look_behind (struct copy_files *self)
{
    struct arena_mark mark = arena_mark (self->ctl->arena);
    const char *path = path_of (self, first_of (self->number + 1) + COPY_FILE_LINES);
    int error =
        access (path, F_OK) == 0
            ? ctl_fail (CTL_NO, "%s: lines before it are missing, from %" PRIu64 " on", path, self->number + 1)
            : 0;
    arena_release (self->ctl->arena, mark);
    return error;
}

int copy_files_read (struct copy_files *self, copy_files_take *take, void *context)
{
    struct reading reading = {.files = self, .take = take, .context = context};
    bool more = true;
    int error = 0;
    while (more && !error)
        error = read_file (&reading, &more);
    free (reading.text);
    free (reading.line);
    return error ? error : look_behind (self);
}

/* --- Writing -------------------------------------------------------------------------------------------- */

/* The newest file is as long as it was left. */
static bool is_as_left (const struct copy_files *self, const struct stat *found)
{
    return S_ISREG (found->st_mode) &&
           (found->st_size == self->size || (self->is_torn && found->st_size > self->size));
}

int copy_files_stand (const struct copy_files *self)
{
    struct stat found;
    struct arena_mark mark = arena_mark (self->ctl->arena);
    const char *path = path_of (self, self->number + 1), *moved = self->directory;
    bool stands = file_has_name (self->lock, self->directory);
    if (stands && self->number % COPY_FILE_LINES != 0) {
        stands = (self->file < 0 || file_has_name (self->file, path)) && lstat (path, &found) == 0 &&
                 is_as_left (self, &found);
        moved = path;
    }
    int error =
        stands ? 0
               : ctl_fail (EX_CANTCREAT,
                           "%s was moved, removed or changed while the copy was made: nothing is added, and the "
                           "next start looks at what there is",
                           moved);
    arena_release (self->ctl->arena, mark);
    return error;
}

/* Opens the file that has the next line, without what a crash left behind its last whole line. 0 or -errno. */
static int open_newest (struct copy_files *self)
{
    struct arena_mark mark = arena_mark (self->ctl->arena);
    const char *path = path_of (self, self->number + 1);
    bool is_new = self->number % COPY_FILE_LINES == 0;
    if (is_new)
        self->size = 0;
    self->file = open (path, O_WRONLY | (is_new ? O_CREAT : 0) | O_NOFOLLOW | O_CLOEXEC, 0600);
    int rc = self->file < 0 || ftruncate (self->file, self->size) != 0 ? -errno : file_sync_directory_of (path);
    if (rc != 0 && self->file >= 0) {
        close (self->file);
        self->file = -1;
    }
    self->is_torn = self->is_torn && rc != 0;
    arena_release (self->ctl->arena, mark);
    return rc;
}

static enum copy_taken not_now (struct copy_files *self, int error)
{
    self->sink.fault = error == ENOSPC || error == EDQUOT ? "full" : "broken";
    snprintf (self->sink.why, sizeof self->sink.why, "%s: %s", self->directory, strerror (error));
    return COPY_LATER;
}

/* What was written in part is cut off again: so a file ends with a whole line, whenever this ends. */
static enum copy_taken take_back (struct copy_files *self, int error)
{
    if (ftruncate (self->file, self->size) != 0)
        return ctl_fail (COPY_FAILED, "cannot write to %s: %s", self->directory, strerror (errno));
    return not_now (self, error);
}

/* A batch is within one file. After a sync that failed nobody knows what is on the disk: so this ends, and the
   next start looks. */
static enum copy_taken take_batch (struct copy_sink *sink, struct copy_batch *batch)
{
    struct copy_files *self = (struct copy_files *)sink;
    if (copy_files_stand (self) != 0)
        return COPY_FAILED;
    int rc = self->file < 0 ? open_newest (self) : 0;
    if (rc != 0)
        return not_now (self, -rc);
    rc = file_write_all_at (self->file, batch->text, batch->size, (uint64_t)self->size);
    if (rc != 0)
        return take_back (self, -rc);
    if (fdatasync (self->file) != 0)
        return ctl_fail (COPY_FAILED, "cannot write to %s: %s", self->directory, strerror (errno));
    self->sink.fault = NULL;
    batch->taken = batch->size;
    self->number += batch->count;
    self->size += (off_t)batch->size;
    if (self->number % COPY_FILE_LINES == 0) {
        close (self->file);
        self->file = -1;
    }
    return COPY_TAKEN;
}

int copy_files_open (struct copy_files *self, struct ctl *ctl, const char *directory)
{
    *self = (struct copy_files){
        .sink = {.take = take_batch}, .ctl = ctl, .directory = directory, .lock = -1, .file = -1};
    if (mkdir (directory, 0700) != 0 && errno != EEXIST)
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", directory, strerror (errno));
    self->lock = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->lock < 0)
        return ctl_fail (EX_CANTCREAT, "cannot open %s: %s", directory, strerror (errno));
    if (flock (self->lock, LOCK_EX | LOCK_NB) != 0)
        return ctl_fail (EX_CANTCREAT, "%s: another process copies to it", directory);
    if (faccessat (self->lock, "tile", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return ctl_fail (EX_CANTCREAT,
                         "%s has an export of the log (audit export): a copy needs its own directory", directory);
    return 0;
}

void copy_files_close (struct copy_files *self)
{
    if (self->file >= 0)
        close (self->file);
    if (self->lock >= 0)
        close (self->lock);
}
