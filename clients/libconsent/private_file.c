#include "private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The permissions are those of the open descriptor, so the file that is checked is the file that is read. */
static int open_private (const char *path, size_t limit, char *error, size_t size)
{
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat about;
    if (file < 0 || fstat (file, &about) < 0) {
        snprintf (error, size, "%s: %s", path, strerror (errno));
    } else if (!S_ISREG (about.st_mode)) {
        snprintf (error, size, "%s: not a regular file", path);
    } else if (about.st_mode & 077) {
        snprintf (error, size, "%s: others can read this secret key; chmod 600", path);
    } else if ((size_t)about.st_size > limit) {
        snprintf (error, size, "%s: too large for a key file", path);
    } else {
        return file;
    }
    if (file >= 0)
        close (file);
    return -1;
}

int private_file_read (const char *path, char *text, size_t limit, char *error, size_t size)
{
    size_t length = 0;
    ssize_t got;
    text[0] = 0;
    int file = open_private (path, limit, error, size);
    if (file < 0)
        return PRIVATE_FILE_INVALID;
    while (length < limit && (got = read (file, text + length, limit - length)) > 0)
        length += (size_t)got;
    close (file);
    text[length] = 0;
    if (strlen (text) == length)
        return 0;
    snprintf (error, size, "%s: holds a NUL byte, and is no key file", path);
    return PRIVATE_FILE_INVALID;
}
