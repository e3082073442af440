/* Standard output is a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "delivery/line_file.h"
#include "destination.h"
#include "text/escape.h"

struct file_destination {
    struct destination base;
    struct line_file file;
};

static void put (struct destination *base, const char *text, uint64_t number, struct destination_answer *answer)
{
    struct file_destination *self = (struct file_destination *)base;
    char *line;
    (void)number;
    int size = asprintf (&line, "%s\n", text);
    if (size < 0)
        abort ();
    if (line_file_add (&self->file, line, (size_t)size, &answer->fault))
        answer->outcome = DESTINATION_BROKEN;
    free (line);
}

static void close_file (struct destination *base)
{
    struct file_destination *self = (struct file_destination *)base;
    line_file_close (&self->file);
}

/* Whoever was killed while it wrote left the beginning of a line, whose event was not acknowledged and comes
   again. It would spoil the line that follows. */
static int mend_end (const struct line_file *file, struct fault *fault)
{
    struct line_file_end end;
    if (!file->is_regular || file->reader < 0)
        return 0;
    int error = line_file_end (file, &end, fault);
    if (error || end.rest.size == 0)
        return error;
    if (*(const char *)end.rest.data != '{' || (!end.last.data && !end.is_all))
        return fault_set (fault, EX_DATAERR,
                          "%s ends with half a line that is none of this program; nothing is added to it",
                          file->path);
    escape_line (stderr, "consent-watch: half a line at the end of %s is cut off: its event comes again",
                 file->path);
    return line_file_cut (file, &end, fault);
}

struct destination *destination_file (struct fault *fault)
{
    struct file_destination *self = destination_new (sizeof *self);
    self->base = (struct destination){"standard output", false, put, close_file, NULL};
    line_file_take (&self->file, STDOUT_FILENO, self->base.name);
    if (mend_end (&self->file, fault) == 0)
        return &self->base;
    struct destination *failed = &self->base;
    destination_close (&failed);
    return NULL;
}
