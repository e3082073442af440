#include "output.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/file_write.h"

/* The file is a pipe or a device. It is written to, and stays what it is: only a regular file can be replaced. */
static bool is_written_through (const char *file)
{
    struct stat info;
    return stat (file, &info) == 0 && !S_ISREG (info.st_mode);
}

/* Opens the file. If it is a FIFO that nobody reads yet, waits for a reader, but not for ever. */
static int open_through (const char *file)
{
    enum { TRIES = 40, PAUSE = 50000 /* us */ };
    int descriptor = -1;
    for (int i = 0; i < TRIES && descriptor < 0; i++) {
        descriptor = open (file, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (descriptor < 0 && errno != ENXIO)
            break;
        if (descriptor < 0)
            usleep (PAUSE);
    }
    if (descriptor < 0)
        return -errno;
    if (fcntl (descriptor, F_SETFL, 0) == 0)
        return descriptor;
    int error = -errno;
    close (descriptor);
    return error;
}

static int write_through (const char *file, const char *data, size_t size)
{
    int descriptor = open_through (file);
    if (descriptor < 0)
        return descriptor;
    int r = file_write_all (descriptor, data, size);
    if (close (descriptor) < 0 && r == 0)
        r = -errno;
    return r;
}

int output_write (const char *file, const char *data, size_t size)
{
    if (!file)
        return file_write_all (STDOUT_FILENO, data, size);
    if (is_written_through (file))
        return write_through (file, data, size);
    return file_replace (file, data, size);
}
