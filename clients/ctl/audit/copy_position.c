#include "copy_position.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "config/file_write.h"
#include "input.h"
#include "merkle/lines.h"
#include "outcome.h"

static const char first_line[] = "consent-log-copy 1";

/* --- Writing -------------------------------------------------------------------------------------------- */

static size_t print_edge (const struct merkle_edge *edge, const char *name, char *to)
{
    size_t size = (size_t)sprintf (to, "%s %" PRIu64 "\n", name, edge->size);
    for (unsigned level = 0; level < MERKLE_LEVELS; level++)
        if ((edge->size >> level & 1) != 0) {
            lines_put_hash (&edge->full[level], to + size);
            size += LINES_HASH_SIZE;
            to[size - 1] = '\n';
        }
    return size;
}

size_t copy_position_print (const struct copy_position *self, char text[COPY_POSITION_SIZE])
{
    size_t size = (size_t)sprintf (text, "%s\n", first_line);
    size += print_edge (&self->now, "lines", text + size);
    return size + print_edge (&self->sure, "compared", text + size);
}

int copy_position_write (const struct copy_position *self, const char *path)
{
    char text[COPY_POSITION_SIZE];
    size_t size = copy_position_print (self, text);
    int rc = file_replace (path, text, size);
    return rc == 0 ? 0
                   : ctl_fail (file_is_no_name (rc) ? EX_CANTCREAT : EX_IOERR, "cannot write %s: %s", path,
                               outcome_sentence (rc));
}

/* --- Reading -------------------------------------------------------------------------------------------- */

static bool read_edge (struct bytes *rest, const char *name, struct merkle_edge *edge)
{
    struct bytes line;
    size_t size = strlen (name);
    memset (edge, 0, sizeof *edge);
    if (!lines_next (rest, &line) || line.size <= size || memcmp (line.data, name, size) != 0 ||
        !lines_number ((struct bytes){(const char *)line.data + size, line.size - size}, &edge->size))
        return false;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++)
        if ((edge->size >> level & 1) != 0 && !(lines_next (rest, &line) && lines_hash (line, &edge->full[level])))
            return false;
    return true;
}

bool copy_position_parse (struct copy_position *self, struct bytes text)
{
    struct bytes rest = text, line;
    return lines_next (&rest, &line) && line.size == strlen (first_line) &&
           memcmp (line.data, first_line, line.size) == 0 && read_edge (&rest, "lines ", &self->now) &&
           read_edge (&rest, "compared ", &self->sure) && rest.size == 0 && self->sure.size <= self->now.size;
}

int copy_position_read (struct copy_position *self, const char *path)
{
    char text[COPY_POSITION_SIZE];
    *self = (struct copy_position){.now.size = 0};
    ssize_t size = input_read (path, text, sizeof text);
    if (size == -ENOENT)
        return 0;
    if (size < 0)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", path, input_problem (size));
    return copy_position_parse (self, (struct bytes){text, (size_t)size})
               ? 0
               : ctl_fail (EX_CONFIG, "%s is no position of a copy", path);
}
