#include "import_seen.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Half a mark is enough to know one of ten million records by: they collide once in four hundred thousand such
   imports, and nobody can choose them. A value of 0: the place is free. */
struct place {
    uint64_t mark;
    int64_t value;
};

struct import_seen {
    int fd;
    uint64_t mask;
};

static int open_unnamed (const char *path)
{
    char *copy = strdup (path);
    if (!copy)
        abort ();
    int fd = open (dirname (copy), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    free (copy);
    if (fd >= 0)
        return fd;
    const char *directory = getenv ("TMPDIR");
    return open (directory ? directory : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

int import_seen_open (struct import_seen **self_p, const char *path, uint64_t marks)
{
    uint64_t places = 1024;
    while (places < marks * 2)
        places *= 2;
    int fd = open_unnamed (path);
    if (fd < 0)
        return -errno;
    if (ftruncate (fd, (off_t)(places * sizeof (struct place))) != 0) {
        int error = errno;
        close (fd);
        return -error;
    }
    struct import_seen *self = malloc (sizeof *self);
    if (!self)
        abort ();
    *self = (struct import_seen){fd, places - 1};
    *self_p = self;
    return 0;
}

void import_seen_close (struct import_seen **self_p)
{
    if (*self_p)
        close ((*self_p)->fd);
    free (*self_p);
    *self_p = NULL;
}

/* Finds the place with this mark, or the free one where it would stand. There is one: half of the table is. */
static int find_place (struct import_seen *self, const uint8_t mark[IMPORT_MARK], struct place *place, off_t *at)
{
    uint64_t wanted;
    memcpy (&wanted, mark, sizeof wanted);
    for (uint64_t i = wanted & self->mask;; i = (i + 1) & self->mask) {
        *at = (off_t)(i * sizeof *place);
        ssize_t size = pread (self->fd, place, sizeof *place, *at);
        if (size != sizeof *place)
            return size < 0 ? -errno : -EIO;
        if (place->value == 0 || place->mark == wanted)
            break;
    }
    place->mark = wanted;
    return 0;
}

int import_seen_find (struct import_seen *self, const uint8_t mark[IMPORT_MARK], int64_t *value)
{
    struct place place;
    off_t at;
    int r = find_place (self, mark, &place, &at);
    *value = r ? 0 : place.value;
    return r;
}

int import_seen_put (struct import_seen *self, const uint8_t mark[IMPORT_MARK], int64_t value)
{
    struct place place;
    off_t at;
    int r = find_place (self, mark, &place, &at);
    if (r)
        return r;
    place.value = value;
    ssize_t size = pwrite (self->fd, &place, sizeof place, at);
    return size == sizeof place ? 0 : size < 0 ? -errno : -EIO;
}
