#include "position.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocate.h"
#include "call.h"

enum { TEXT_SIZE = 128 };

/* The file as it is written; what reads must find exactly this, so that no damage passes for a position. */
static size_t print (const struct position *self, char text[TEXT_SIZE])
{
    char epoch[CONSENT_ID_SIZE];
    consent_hex (self->epoch, sizeof self->epoch, epoch);
    return (size_t)snprintf (text, TEXT_SIZE, "consent-position 1\nepoch %s\nnumber %" PRIu64 "\n", epoch,
                             self->number);
}

static int parse (struct position *self, const char *text, size_t size)
{
    char epoch[CONSENT_ID_SIZE];
    struct position found = {0};
    char again[TEXT_SIZE];
    if (sscanf (text, "consent-position 1\nepoch %32s\nnumber %20" SCNu64, epoch, &found.number) == 2 &&
        consent_unhex (epoch, found.epoch) && print (&found, again) == size && !memcmp (text, again, size)) {
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
    return parse (self, text, (size_t)size);
}

static int sync_directory (const char *path)
{
    char *copy = allocate_text (path);
    int directory = open (dirname (copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = directory < 0 || fsync (directory) ? -errno : 0;
    if (directory >= 0)
        close (directory);
    free (copy);
    return result;
}

static int write_synced (const char *path, const char *text, size_t size)
{
    /* What lies there under that name is left of a write that did not end, and may be no file at all. */
    if (unlink (path) < 0 && errno != ENOENT)
        return -errno;
    int file = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return -errno;
    ssize_t written = write (file, text, size);
    int result = written < 0 ? -errno : (size_t)written < size ? -ENOSPC : fsync (file) ? -errno : 0;
    if (close (file) && !result)
        result = -errno;
    return result;
}

int position_write (const struct position *self, const char *path)
{
    char beside[PATH_MAX];
    if ((size_t)snprintf (beside, sizeof beside, "%s.new", path) >= sizeof beside)
        return -ENAMETOOLONG;
    char text[TEXT_SIZE];
    size_t size = print (self, text);
    int result = write_synced (beside, text, size);
    if (!result && rename (beside, path))
        result = -errno;
    if (result) {
        unlink (beside);
        return result;
    }
    return sync_directory (path);
}
