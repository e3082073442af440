#include "new_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/file_write.h"
#include "ctl.h"

static int fail_to_make (const char *path, int error)
{
    return ctl_fail (EX_CANTCREAT, "cannot make %s: %s; nothing is written", path, strerror (error));
}

/* "letters/" is "letters". */
static const char *without_end (struct ctl *ctl, const char *path)
{
    size_t size = strlen (path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    return arena_strndup (ctl->arena, path, size);
}

int new_directory_begin (struct new_directory *self, struct ctl *ctl, const char *path)
{
    struct stat about;
    char *draft = arena_printf (ctl->arena, "%s.XXXXXX", without_end (ctl, path));
    *self = (struct new_directory){.path = without_end (ctl, path)};
    if (lstat (self->path, &about) == 0)
        return fail_to_make (path, EEXIST);
    if (!mkdtemp (draft)) /* with mode 0700 */
        return fail_to_make (path, errno);
    self->draft = draft;
    return 0;
}

int new_directory_add (const struct new_directory *self, struct ctl *ctl, const char *name, const void *data,
                       size_t size)
{
    int error = file_create (arena_printf (ctl->arena, "%s/%s", self->draft, name), data, size);
    return error == 0 ? 0
                      : ctl_fail (EX_IOERR, "cannot make %s/%s: %s; nothing is written", self->path, name,
                                  strerror (-error));
}

int new_directory_keep (struct new_directory *self)
{
    int error = renameat2 (AT_FDCWD, self->draft, AT_FDCWD, self->path, RENAME_NOREPLACE) == 0 ? 0 : errno;
    if (error) {
        new_directory_drop (self);
        return fail_to_make (self->path, error);
    }
    self->draft = NULL;
    error = file_sync_directory_of (self->path);
    return error == 0 ? 0
                      : ctl_fail (EX_IOERR, "%s is there, but may not survive a power cut: %s", self->path,
                                  strerror (-error));
}

void new_directory_drop (struct new_directory *self)
{
    DIR *listing = self->draft ? opendir (self->draft) : NULL;
    for (const struct dirent *entry = listing ? readdir (listing) : NULL; entry; entry = readdir (listing))
        if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
            unlinkat (dirfd (listing), entry->d_name, 0);
    if (listing)
        closedir (listing);
    if (self->draft)
        rmdir (self->draft);
    self->draft = NULL;
}
