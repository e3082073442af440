#include "checkpoint.h"
#include <stdio.h>
#include <string.h>
#include "lines.h"

static bool refuse (const char **fault, const char *why)
{
    *fault = why;
    return false;
}

bool checkpoint_read (struct checkpoint *self, struct bytes text, const char **fault)
{
    struct bytes rest = text, line;
    if (!lines_next (&rest, &line) || line.size == 0)
        return refuse (fault, "has no origin");
    if (line.size > CHECKPOINT_ORIGIN_SIZE || memchr (line.data, 0, line.size) != NULL)
        return refuse (fault, "has an origin that is longer than 255 bytes");
    memcpy (self->origin, line.data, line.size);
    self->origin[line.size] = 0;
    if (!lines_next (&rest, &line) || !lines_number (line, &self->size))
        return refuse (fault, "has no size, in decimal and less than 2^63");
    if (!lines_next (&rest, &line) || !lines_hash (line, &self->root))
        return refuse (fault, "has no root");
    while (lines_next (&rest, &line))
        if (line.size == 0)
            return refuse (fault, "has an empty line");
    return rest.size == 0 || refuse (fault, "does not end in a newline");
}

size_t checkpoint_write (const struct checkpoint *self, char text[CHECKPOINT_TEXT_SIZE])
{
    char root[LINES_HASH_SIZE];
    lines_put_hash (&self->root, root);
    return (size_t)snprintf (text, CHECKPOINT_TEXT_SIZE, "%s\n%llu\n%s\n", self->origin,
                             (unsigned long long)self->size, root);
}
