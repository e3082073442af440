#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "outcome.h"

static int refuse (struct file_why *why, int outcome, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

static int refuse (struct file_why *why, int outcome, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (why->text, sizeof why->text, format, arguments);
    va_end (arguments);
    return outcome;
}

/* A file that is missing, or closed to us, was set up so by somebody. Any other errno is a failure of the
   system. */
static int refuse_errno (struct file_why *why, int number, const char *what)
{
    bool is_setup = number == ENOENT || number == EACCES || number == ENOTDIR || number == ELOOP ||
                    number == ENXIO || number == EISDIR || number == ENAMETOOLONG;
    return refuse (why, is_setup ? FILE_REFUSED : -number, "%s: %s", what, outcome_sentence (-number));
}

/* The size that it says is where to stop: what a file that says none has, is seen as it is read. */
static size_t room_for (const struct stat *info, size_t limit)
{
    return info->st_size > 0 && (uintmax_t)info->st_size < limit ? (size_t)info->st_size : limit;
}

static int read_whole (int fd, size_t limit, char **text, size_t *size, struct file_why *why)
{
    char *data = malloc (limit + 2);
    if (data == NULL)
        abort ();
    *size = 0;
    ssize_t got = 1;
    while (*size <= limit && (got = read (fd, data + *size, limit + 1 - *size)) > 0)
        *size += (size_t)got;
    int rc = got < 0         ? refuse_errno (why, errno, "cannot be read")
             : *size > limit ? refuse (why, FILE_REFUSED, "is larger than %zu bytes", limit)
                             : 0;
    data[*size] = '\0';
    *text = data;
    if (rc != 0) {
        free (data);
        *text = NULL;
    }
    return rc;
}

static int check_private (const struct stat *info, struct file_why *why)
{
    if (info->st_uid != geteuid ())
        return refuse (why, FILE_REFUSED, "belongs to user %lu instead of user %lu, who runs this",
                       (unsigned long)info->st_uid, (unsigned long)geteuid ());
    if ((info->st_mode & 077) != 0)
        return refuse (why, FILE_REFUSED, "is open to others (mode %04o); it must be 0600",
                       (unsigned)info->st_mode & 07777);
    return 0;
}

/* What a file must be. */
struct demand {
    size_t limit;
    bool is_private, is_no_link;
};

static int read_file (const char *path, const struct demand *demand, char **text, size_t *size,
                      struct file_why *why)
{
    bool no_link = demand->is_private || demand->is_no_link;
    int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (no_link ? O_NOFOLLOW : 0));
    if (fd < 0 && errno == ELOOP && no_link)
        return refuse (why, FILE_REFUSED, "may not be a symbolic link");
    if (fd < 0)
        return refuse_errno (why, errno, "cannot be read");
    struct stat info;
    int rc = 0;
    if (fstat (fd, &info) != 0)
        rc = refuse_errno (why, errno, "cannot be examined");
    else if (!S_ISREG (info.st_mode))
        rc = refuse (why, FILE_REFUSED, "cannot be read: it is not a regular file");
    else if (demand->is_private)
        rc = check_private (&info, why);
    if (rc == 0)
        rc = read_whole (fd, room_for (&info, demand->limit), text, size, why);
    close (fd);
    return rc;
}

int file_read (const char *path, size_t limit, char **text, size_t *size, struct file_why *why)
{
    return read_file (path, &(struct demand){.limit = limit}, text, size, why);
}

int file_read_private (const char *path, size_t limit, char **text, size_t *size, struct file_why *why)
{
    return read_file (path, &(struct demand){.limit = limit, .is_private = true}, text, size, why);
}

int file_read_itself (const char *path, size_t limit, char **text, size_t *size, struct file_why *why)
{
    return read_file (path, &(struct demand){.limit = limit, .is_no_link = true}, text, size, why);
}

/* --- Who may write ------------------------------------------------------------------------------------ */

static int check_one (const char *path, bool is_above, struct file_why *why)
{
    struct stat info;
    if (lstat (path, &info) != 0)
        return refuse_errno (why, errno, "cannot be examined");
    if (info.st_uid != 0 && info.st_uid != geteuid ())
        return refuse (why, FILE_REFUSED, "%.200s belongs to another user (%lu), who could change it", path,
                       (unsigned long)info.st_uid);
    if ((info.st_mode & 022) == 0 || (is_above && (info.st_mode & S_ISVTX) != 0))
        return 0;
    return refuse (why, FILE_REFUSED, "%.200s can be written by others (mode %04o): chmod go-w", path,
                   (unsigned)info.st_mode & 07777);
}

/* Checks the file or directory itself, and every directory above it. */
static int check_upwards (char *path, struct file_why *why)
{
    int rc = check_one (path, false, why);
    while (rc == 0 && strcmp (path, "/") != 0) {
        path = dirname (path);
        rc = check_one (path, true, why);
    }
    return rc;
}

int file_check_writers (const char *path, struct file_why *why)
{
    char real[PATH_MAX], above[PATH_MAX];
    snprintf (above, sizeof above, "%s", path);
    if (realpath (path, real) == NULL && (errno != ENOENT || realpath (dirname (above), real) == NULL))
        return errno == ENOENT ? 0 /* the function that opens it will say so */
                               : refuse_errno (why, errno, "cannot be examined");
    return check_upwards (real, why);
}
