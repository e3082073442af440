#include "arrivals.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "allocate.h"
#include "folders.h"

struct arrival {
    int64_t came; /* when it was last written, in ns since 1970 */
    char *name;
};

static int compare (const void *a, const void *b)
{
    const struct arrival *one = a, *other = b;
    if (one->came != other->came)
        return one->came < other->came ? -1 : 1;
    return strcmp (one->name, other->name);
}

void arrivals_clear (struct arrivals *self)
{
    for (size_t i = 0; i < self->count; i++)
        free (self->list[i].name);
    free (self->list);
    *self = (struct arrivals){NULL};
}

/* Forgets all but the oldest. */
static void keep_oldest (struct arrivals *self, size_t most)
{
    qsort (self->list, self->count, sizeof *self->list, compare);
    for (; self->count > most; self->count--)
        free (self->list[self->count - 1].name);
}

static void add (struct arrivals *self, const char *name, int64_t came, size_t most)
{
    if (self->count == 2 * most)
        keep_oldest (self, most);
    if (self->count == self->room) {
        self->room = self->room ? 2 * self->room : 256;
        struct arrival *list = realloc (self->list, self->room * sizeof *list);
        if (!list)
            abort ();
        self->list = list;
    }
    self->list[self->count++] = (struct arrival){came, allocate_text (name)};
}

static void add_entry (struct arrivals *self, int folder, const char *name, size_t most)
{
    enum { NS = 1000000000 };
    struct stat about;
    if (folders_is_message (name) && fstatat (folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0)
        add (self, name, (int64_t)about.st_mtim.tv_sec * NS + about.st_mtim.tv_nsec, most);
}

bool arrivals_look (struct arrivals *self, int folder, size_t most)
{
    if (self->next < self->count)
        return true;
    arrivals_clear (self);
    int copy = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir (copy);
    if (!directory && copy >= 0)
        close (copy);
    for (struct dirent *entry; directory && (entry = readdir (directory));)
        add_entry (self, folder, entry->d_name, most);
    if (directory)
        closedir (directory);
    if (self->count > 0)
        keep_oldest (self, most);
    return self->count > 0;
}

const char *arrivals_next (struct arrivals *self)
{
    return self->next < self->count ? self->list[self->next++].name : NULL;
}
