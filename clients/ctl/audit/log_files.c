#include "log_files.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/file_write.h"
#include "input.h"
#include "outcome.h"
#include "text/progress.h"

enum { PROGRESS_LINES = 10000 };

const char *log_files_path (const struct log_files *self, const char *path)
{
    return arena_printf (self->ctl->arena, "%s/%s", self->directory, path);
}

/* A file is only as durable as the directories above it. */
static int make_directory (const char *path)
{
    if (mkdir (path, 0700) != 0)
        return errno == EEXIST ? 0 : -errno;
    return file_sync_directory_of (path);
}

static int make_directories (const struct log_files *self, const char *path)
{
    char *made = arena_strdup (self->ctl->arena, log_files_path (self, path));
    int rc = 0;
    for (char *slash = strchr (made + strlen (self->directory) + 1, '/'); slash && rc == 0;
         slash = strchr (slash + 1, '/')) {
        *slash = 0;
        rc = make_directory (made);
        *slash = '/';
    }
    return rc;
}

/* A descriptor, to be closed; or negative: an exit code, with the line printed. */
int log_files_lock (const char *directory)
{
    int rc = make_directory (directory);
    int file = rc == 0 ? open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (rc == 0 && (file < 0 || flock (file, LOCK_EX | LOCK_NB) != 0))
        rc = -errno;
    if (rc == 0)
        return file;
    if (file >= 0)
        close (file);
    ctl_fail (rc == -EWOULDBLOCK ? EX_TEMPFAIL : EX_CANTCREAT, "cannot use %s: %s", directory,
              rc == -EWOULDBLOCK ? "another run writes into it" : outcome_sentence (rc));
    return rc == -EWOULDBLOCK ? -EX_TEMPFAIL : -EX_CANTCREAT;
}

void log_files_show_progress (struct log_files *self)
{
    if (self->tiles.edge.size < self->told + PROGRESS_LINES)
        return;
    self->told = self->tiles.edge.size;
    progress_show ("%" PRIu64 " of %" PRIu64 " lines", self->told, self->target);
}

int log_files_write (void *context, const char *path, struct bytes content)
{
    struct log_files *self = context;
    struct arena_mark mark = arena_mark (self->ctl->arena);
    int rc = make_directories (self, path);
    if (rc == 0)
        rc = file_replace (log_files_path (self, path), content.data, content.size);
    if (rc != 0)
        self->error = ctl_fail (file_is_no_name (rc) ? EX_CANTCREAT : EX_IOERR, "cannot write %s: %s",
                                log_files_path (self, path), outcome_sentence (rc));
    arena_release (self->ctl->arena, mark);
    return self->error;
}

enum { FILE_LIMIT = TILES_ENTRIES_SIZE + 1 };

ssize_t log_files_read (struct log_files *self, const char *path, char **data)
{
    *data = malloc (FILE_LIMIT);
    if (!*data)
        abort ();
    ssize_t size = input_read (log_files_path (self, path), *data, FILE_LIMIT);
    if (size < 0)
        self->error = ctl_fail (CTL_NO, "%s: %s", log_files_path (self, path), input_problem (size));
    return size;
}

int log_files_compare (void *context, const char *path, struct bytes content)
{
    struct log_files *self = context;
    struct arena_mark mark = arena_mark (self->ctl->arena);
    char *found;
    ssize_t size = log_files_read (self, path, &found);
    if (size >= 0 && ((size_t)size != content.size || memcmp (found, content.data, content.size) != 0))
        self->error =
            ctl_fail (CTL_NO, "%s: is not what the entries before make of it", log_files_path (self, path));
    free (found);
    arena_release (self->ctl->arena, mark);
    return self->error;
}

/* Reads the checkpoint that is there. NULL: there is none. */
static int read_own_note (struct log_files *self, struct bytes *raw)
{
    const char *path = log_files_path (self, "checkpoint");
    char *text = arena_alloc (self->ctl->arena, NOTE_SIZE);
    ssize_t size = input_read (path, text, NOTE_SIZE);
    *raw = (struct bytes){size >= 0 ? text : NULL, size > 0 ? (size_t)size : 0};
    return size >= 0 || size == -ENOENT ? 0 : ctl_fail (EX_NOINPUT, "%s: %s", path, input_problem (size));
}

int log_files_checkpoint (struct log_files *self, const struct log_trust *trust, struct checkpoint *own)
{
    struct bytes raw;
    struct note note;
    const char *path = log_files_path (self, "checkpoint"), *fault = "is not a signed note";
    int error = read_own_note (self, &raw);
    *own = (struct checkpoint){.size = 0};
    self->note = raw;
    if (error || raw.data == NULL)
        return error;
    if (trust->count > 0)
        return log_trust_judge (trust, raw, path, own);
    if (note_read (&note, raw) == NOTE_OK && checkpoint_read (own, note.text, &fault))
        return 0;
    return ctl_fail (CTL_NO, "%s %s", path, fault);
}

int log_files_begin (struct ctl *ctl, const struct options *options, struct log_files *self,
                     struct log_trust *trust)
{
    *self = (struct log_files){.ctl = ctl, .directory = options->arguments[0]};
    return log_trust_read (ctl, options, trust);
}

const struct option log_files_options[] = {LOG_KEY_OPTION, WITNESS_OPTIONS, {NULL, NULL, NULL, 0}};
