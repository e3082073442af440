#include "position.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "config/file_write.h"
#include "input.h"

enum { TEXT_SIZE = EXPORT_ORIGIN_SIZE + 256 };

/* The text of the file. A reader must find exactly this, so that a damaged file never counts as a position. */
static size_t print (const struct export_position *self, char text[TEXT_SIZE])
{
    return (size_t)snprintf (text, TEXT_SIZE,
                             "consent-export 1\nform %s\nlog %s\nepoch %s\nnumber %" PRIu64 "\ntime %" PRId64 "\n",
                             self->form, self->origin, self->mark.epoch, self->mark.number, self->mark.time);
}

bool export_position_parse (struct export_position *self, const char *text, size_t size)
{
    struct export_position found = {0};
    char again[TEXT_SIZE];
    return sscanf (text,
                   "consent-export 1\nform %15[^\n]\nlog %255[^\n]\nepoch %32[^\n]\nnumber %20" SCNu64
                   "\ntime %20" SCNd64,
                   found.form, found.origin, found.mark.epoch, &found.mark.number, &found.mark.time) == 5 &&
           print (&found, again) == size && memcmp (text, again, size) == 0 && (*self = found, true);
}

int export_position_read (struct export_position *self, const char *path)
{
    char text[TEXT_SIZE + 1];
    memset (self, 0, sizeof *self);
    ssize_t size = input_read (path, text, TEXT_SIZE);
    if (size < 0)
        return size == -ENOENT ? EXPORT_POSITION_NONE : size == -EFBIG ? EXPORT_POSITION_INVALID : (int)size;
    text[size] = 0;
    return export_position_parse (self, text, (size_t)size) ? 0 : EXPORT_POSITION_INVALID;
}

int export_position_write (const struct export_position *self, const char *path)
{
    char text[TEXT_SIZE];
    return file_replace (path, text, print (self, text));
}

/* The file itself is another one after each write, so it cannot be locked. */
int export_position_lock (const char *path)
{
    char *beside;
    if (asprintf (&beside, "%s.lock", path) < 0)
        abort ();
    int file = open (beside, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
    int rc = file < 0 || flock (file, LOCK_EX | LOCK_NB) != 0 ? -errno : file;
    if (rc < 0 && file >= 0)
        close (file);
    free (beside);
    return rc;
}
