#include "folders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "allocate.h"
#include "attempt.h"
#include "call.h"
#include "config/file_write.h"

static const char *const names[FOLDERS] = {
    [FOLDER_IN] = "in",           [FOLDER_SENT] = "sent",
    [FOLDER_HELD] = "held",       [FOLDER_FAILED] = "failed",
    [FOLDER_NOTICES] = "notices", [FOLDER_WORK] = "work",
    [FOLDER_CLAIMED] = "work/in", [FOLDER_COMMANDS] = "work/commands",
};

const char *folders_name (enum folder folder)
{
    return names[folder];
}

static int refuse (const struct folders *self, char *error, size_t size, const char *what)
{
    snprintf (error, size, "%s%s%s", self->path, *what == '/' ? "" : ": ", what);
    return FOLDERS_REFUSED;
}

/* Opens a directory that is this user's alone, and makes it if need be. -1 with errno; EPERM: it is not. The spool
   itself may be named by a link: it counts where that leads. In it nothing is followed. */
static int open_own (int parent, const char *name, bool looks)
{
    struct stat about;
    int follow = parent == AT_FDCWD ? 0 : O_NOFOLLOW;
    if (!looks && mkdirat (parent, name, 0700) != 0 && errno != EEXIST)
        return -1;
    int directory = openat (parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow);
    if (directory >= 0 && fstat (directory, &about) == 0 && about.st_uid == geteuid () && !(about.st_mode & 022))
        return directory;
    if (directory >= 0) {
        close (directory);
        errno = EPERM;
    }
    return -1;
}

/* Makes work/ in another part of the disk than in/, where the file system can do that: ext4 takes the longer to
   make a file the more were removed in the same part a short while ago, and of what goes all is removed from in/.
   It chooses the part by the name, if it is told that folders here have nothing to do with each other (chattr +T):
   so the name is one of chance first. That it stays where it is is no error: making work/ as the others then says
   why. */
static void make_work_apart (int root)
{
    enum { CHANCE = 8 };
    uint8_t chance[CHANCE];
    char fresh[2 * CHANCE + 2] = ".";
    int flags;
    attempt_random (chance, CHANCE);
    consent_hex (chance, CHANCE, fresh + 1);
    if (ioctl (root, FS_IOC_GETFLAGS, &flags) != 0)
        return;
    flags |= FS_TOPDIR_FL;
    if (ioctl (root, FS_IOC_SETFLAGS, &flags) != 0 || mkdirat (root, fresh, 0700) != 0)
        return;
    if (renameat2 (root, fresh, root, names[FOLDER_WORK], RENAME_NOREPLACE) != 0)
        unlinkat (root, fresh, AT_REMOVEDIR);
}

static int open_all (struct folders *self, char *error, size_t size)
{
    char what[128];
    for (size_t i = 0; i < FOLDERS; i++) {
        self->of[i] = open_own (self->root, names[i], self->looks);
        if (self->of[i] >= 0 || (self->looks && i != FOLDER_IN && errno == ENOENT))
            continue;
        snprintf (what, sizeof what, "/%s: %s", names[i],
                  errno == EPERM ? "others may write here, or it is another user's" : strerror (errno));
        return refuse (self, error, size, what);
    }
    return 0;
}

static int open_folders (struct folders *self, char *error, size_t size)
{
    self->root = open_own (AT_FDCWD, self->path, self->looks);
    for (size_t i = 0; i < FOLDERS; i++)
        self->of[i] = -1;
    if (self->root < 0)
        return refuse (self, error, size,
                       errno == EPERM ? "others may write here, or it is another user's" : strerror (errno));
    if (flock (self->root, LOCK_EX | LOCK_NB) != 0)
        return refuse (self, error, size,
                       errno == EWOULDBLOCK ? "another process has this spool" : strerror (errno));
    if (!self->looks && faccessat (self->root, names[FOLDER_WORK], F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        make_work_apart (self->root);
    return open_all (self, error, size);
}

int folders_open (struct folders *self, const char *path, char *error, size_t size)
{
    *self = (struct folders){.path = path};
    return open_folders (self, error, size);
}

int folders_look (struct folders *self, const char *path, char *error, size_t size)
{
    *self = (struct folders){.path = path, .looks = true};
    return open_folders (self, error, size);
}

void folders_close (struct folders *self)
{
    for (size_t i = 0; i < FOLDERS; i++) {
        if (self->root >= 0 && self->of[i] >= 0)
            close (self->of[i]);
    }
    if (self->root >= 0)
        close (self->root);
    self->root = -1;
}

enum folder folders_gone (const struct folders *self)
{
    struct stat about;
    for (enum folder i = 0; i < FOLDERS; i++) {
        if (fstat (self->of[i], &about) != 0 || about.st_nlink == 0)
            return i;
    }
    return FOLDERS;
}

static bool ends_with (const char *name, const char *end)
{
    size_t length = strlen (name), end_length = strlen (end);
    return length >= end_length && strcmp (name + length - end_length, end) == 0;
}

bool folders_is_message (const char *name)
{
    return *name != '.' && !ends_with (name, ".tmp") && !ends_with (name, ".part");
}

bool folders_is_report (const char *name)
{
    return ends_with (name, FOLDERS_REPORT);
}

bool folders_has (const struct folders *self, enum folder folder, const char *name)
{
    return faccessat (self->of[folder], name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int folders_write (const struct folders *self, enum folder folder, const char *name, struct bytes content)
{
    int file =
        openat (self->of[folder], name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (file < 0)
        return -errno;
    int r = file_write_all (file, content.data, content.size);
    if (close (file) != 0 && r == 0)
        r = -errno;
    return r;
}

/* Fills the room; more than that is one byte. 0 or -errno. */
static int read_all (int file, char *content, size_t room, size_t *size_p)
{
    size_t size = 0;
    for (ssize_t got = 1; size < room && got != 0;) {
        got = read (file, content + size, room - size);
        if (got < 0 && errno != EINTR)
            return -errno;
        size += got > 0 ? (size_t)got : 0;
        got = got < 0 ? 1 : got;
    }
    *size_p = size;
    return 0;
}

int folders_read (int file, size_t limit, char **content_p, size_t *size_p)
{
    struct stat about;
    *content_p = NULL;
    if (fstat (file, &about) != 0)
        return -errno;
    if (about.st_size < 0 || (size_t)about.st_size > limit)
        return -EFBIG;
    size_t room = (size_t)about.st_size + 1; /* by the byte more it is seen that it grew meanwhile */
    *content_p = allocate (room + 1, 1);
    int r = read_all (file, *content_p, room, size_p);
    if (r == 0 && *size_p == room)
        r = -EAGAIN;
    if (r != 0) {
        free (*content_p);
        *content_p = NULL;
    }
    return r;
}

int folders_remove (const struct folders *self, enum folder folder, const char *name)
{
    return unlinkat (self->of[folder], name, 0) == 0 || errno == ENOENT ? 0 : -errno;
}

int folders_move (const struct folders *self, const struct folders_move *move)
{
    return renameat2 (self->of[move->from], move->name, self->of[move->to], move->as, RENAME_NOREPLACE) == 0
               ? 0
               : -errno;
}

void folders_report_name (const char *name, char report[FOLDERS_NAME + sizeof FOLDERS_REPORT])
{
    snprintf (report, FOLDERS_NAME + sizeof FOLDERS_REPORT, "%s" FOLDERS_REPORT, name);
}

void folders_like (const char *name, unsigned number, char like[FOLDERS_NAME])
{
    enum { LONGEST = FOLDERS_NAME - sizeof FOLDERS_REPORT - sizeof "~message~4294967295" };
    char suffix[32] = "";
    if (number > 1)
        snprintf (suffix, sizeof suffix, "~%u", number);
    snprintf (like, FOLDERS_NAME, "%.*s", (int)LONGEST, name);
    /* A message whose name is that of a report would be taken for one. */
    size_t length = strlen (like);
    snprintf (like + length, FOLDERS_NAME - length, "%s%s", folders_is_report (like) ? "~message" : "", suffix);
}

bool folders_is_free (const struct folders *self, enum folder folder, const char *name)
{
    char report[FOLDERS_NAME + sizeof FOLDERS_REPORT];
    folders_report_name (name, report);
    return !folders_has (self, folder, name) && !folders_has (self, folder, report);
}

size_t folders_count (const struct folders *self, enum folder folder)
{
    size_t count = 0;
    int copy = self->of[folder] < 0 ? -1 : openat (self->of[folder], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir (copy);
    for (struct dirent *entry; directory && (entry = readdir (directory));)
        count += entry->d_name[0] != '.';
    if (directory)
        closedir (directory);
    return count;
}

int folders_sync (const struct folders *self)
{
    return syncfs (self->root) == 0 ? 0 : -errno;
}
