#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "problem.h"
#include "text/utf8.h"

/* Judges the open descriptor, because the name may lead elsewhere by now. */
static int judge (int file)
{
    struct stat about;
    if (fstat (file, &about) < 0)
        return -errno;
    if (S_ISREG (about.st_mode))
        return 0;
    if (S_ISDIR (about.st_mode))
        return -EISDIR;
    if (!S_ISFIFO (about.st_mode))
        return -ENODEV;
    return fcntl (file, F_SETFL, O_RDONLY) < 0 ? -errno : 0; /* from now on reading waits for the writer */
}

int input_open (const char *path)
{
    if (strcmp (path, "-") == 0) {
        int input = fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        return input < 0 ? -errno : input;
    }
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return errno == ENXIO ? -ENODEV : -errno; /* a socket */
    int result = judge (file);
    if (result == 0)
        return file;
    close (file);
    return result;
}

/* Looks for one byte more than allowed, so that a larger file is noticed. */
ssize_t input_read (const char *path, char *text, size_t size)
{
    int file = input_open (path);
    if (file < 0)
        return file;
    size_t used = 0;
    ssize_t got;
    char more;
    do {
        got = used < size ? read (file, text + used, size - used) : read (file, &more, 1);
        if (got > 0 && used == size)
            got = -EFBIG;
        else if (got > 0)
            used += (size_t)got;
    } while (got > 0 || (got == -1 && errno == EINTR));
    ssize_t result = got == 0 ? (ssize_t)used : got == -1 ? -errno : got;
    close (file);
    return result;
}

ssize_t input_without_mark (char *text, ssize_t size)
{
    size_t mark = size > 0 ? utf8_mark (text, (size_t)size) : 0;
    if (mark > 0)
        memmove (text, text + mark, (size_t)size - mark);
    return size - (ssize_t)mark;
}

ssize_t input_read_text (const char *path, char *text, size_t size)
{
    return input_without_mark (text, input_read (path, text, size));
}

const char *input_problem (ssize_t error)
{
    if (error == -ENODEV)
        return "neither a file nor a pipe";
    if (error == -ENODATA)
        return "empty";
    return error == -EFBIG ? "too large" : problem_words ((int)error);
}
