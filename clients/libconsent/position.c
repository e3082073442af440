#include "position.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call.h"
#include "config/file_write.h"

enum { TEXT_SIZE = 128 };

/* The text of the file. A reader must find exactly this, so that a damaged file never counts as a position. */
static size_t print_position (const struct position *self, char text[TEXT_SIZE])
{
    char epoch[CONSENT_ID_SIZE];
    consent_hex (self->epoch, sizeof self->epoch, epoch);
    return (size_t)snprintf (text, TEXT_SIZE, "consent-position 1\nepoch %s\nnumber %" PRIu64 "\n", epoch,
                             self->number);
}

static int parse_position (struct position *self, const char *text, size_t size)
{
    char epoch[CONSENT_ID_SIZE];
    struct position found = {0};
    char again[TEXT_SIZE];
    if (sscanf (text, "consent-position 1\nepoch %32s\nnumber %20" SCNu64, epoch, &found.number) == 2 &&
        consent_unhex (epoch, found.epoch) && print_position (&found, again) == size &&
        !memcmp (text, again, size)) {
        *self = found;
        return 0;
    }
    return POSITION_INVALID;
}

int position_read (struct position *self, const char *path)
{
    memset (self, 0, sizeof *self);
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return errno == ENOENT ? POSITION_NONE : errno == ENXIO ? POSITION_INVALID : -errno;
    char text[TEXT_SIZE];
    struct stat about;
    ssize_t size = fstat (file, &about) < 0  ? -1
                   : S_ISREG (about.st_mode) ? read (file, text, sizeof text - 1)
                                             : 0;
    int result = size < 0 ? -errno : 0;
    close (file);
    if (result)
        return result;
    text[size] = 0;
    return parse_position (self, text, (size_t)size);
}

int position_write (const struct position *self, const char *path)
{
    char text[TEXT_SIZE];
    return file_replace (path, text, print_position (self, text));
}
