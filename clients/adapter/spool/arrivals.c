#include "arrivals.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "allocate.h"
#include "folders.h"

static int compare (const void *a, const void *b)
{
    const struct arrival *one = a, *other = b;
    if (one->came != other->came)
        return one->came < other->came ? -1 : 1;
    return strcmp (one->name, other->name);
}

static void forget_all (struct arrivals *self)
{
    for (size_t i = 0; i < self->count; i++)
        free (self->list[i].name);
    self->count = self->next = 0;
}

static void end_round (struct arrivals *self)
{
    free (self->after.name);
    self->after.name = NULL;
    self->goes_on = false;
}

void arrivals_clear (struct arrivals *self)
{
    forget_all (self);
    end_round (self);
    free (self->list);
    *self = (struct arrivals){NULL};
}

/* Forgets all but the oldest. True: there were more. */
static bool keep_oldest (struct arrivals *self, size_t most)
{
    bool are_more = self->count > most;
    qsort (self->list, self->count, sizeof *self->list, compare);
    for (; self->count > most; self->count--)
        free (self->list[self->count - 1].name);
    return are_more;
}

/* One look at the folder. */
struct look {
    struct arrivals *arrivals;
    int folder;
    size_t most;
    bool begins;   /* a round */
    bool are_more; /* than are remembered */
    int64_t newest;
};

static void add (struct look *self, struct arrival found)
{
    struct arrivals *arrivals = self->arrivals;
    if (arrivals->count == 2 * self->most)
        self->are_more |= keep_oldest (arrivals, self->most);
    if (arrivals->count == arrivals->room) {
        arrivals->room = arrivals->room ? 2 * arrivals->room : 256;
        struct arrival *list = realloc (arrivals->list, arrivals->room * sizeof *list);
        if (!list)
            abort ();
        arrivals->list = list;
    }
    arrivals->list[arrivals->count++] = (struct arrival){found.came, allocate_text (found.name)};
}

/* What was written since the round began is for the next one: else this one would have no end. */
static bool is_of_round (const struct look *self, const struct arrival *found)
{
    return self->begins || (compare (found, &self->arrivals->after) > 0 && found->came <= self->arrivals->until);
}

static void look_at (struct look *self, char *name)
{
    enum { NS = 1000000000 };
    struct stat about;
    if (!folders_is_message (name) || fstatat (self->folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    struct arrival found = {(int64_t)about.st_mtim.tv_sec * NS + about.st_mtim.tv_nsec, name};
    if (found.came > self->newest)
        self->newest = found.came;
    if (is_of_round (self, &found))
        add (self, found);
}

static void look_through (struct look *self)
{
    int copy = openat (self->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir (copy);
    if (!directory && copy >= 0)
        close (copy);
    for (struct dirent *entry; directory && (entry = readdir (directory));)
        look_at (self, entry->d_name);
    if (directory)
        closedir (directory);
}

bool arrivals_look (struct arrivals *self, int folder, size_t most)
{
    struct look look = {self, folder, most, !self->goes_on, false, INT64_MIN};
    if (self->next < self->count)
        return true;
    forget_all (self);
    look_through (&look);
    if (self->count > 0)
        look.are_more |= keep_oldest (self, most);
    end_round (self);
    if (look.begins)
        self->until = look.newest;
    if (look.are_more) {
        self->goes_on = true;
        self->after =
            (struct arrival){self->list[self->count - 1].came, allocate_text (self->list[self->count - 1].name)};
    }
    return self->count > 0;
}

const char *arrivals_next (struct arrivals *self)
{
    return self->next < self->count ? self->list[self->next++].name : NULL;
}
