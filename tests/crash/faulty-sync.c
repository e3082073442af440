/* Preloaded into the daemon by a test: a disk that takes its time, or fails, whenever data must reach it.

   FAULTY_SYNC names a file. While <file>.hold is there no sync comes back, and where <file>.fail is there it
   fails. */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_said (const char *what)
{
    char path[4096];
    const char *file = getenv ("FAULTY_SYNC");
    if (file == NULL)
        return false;
    snprintf (path, sizeof path, "%s.%s", file, what);
    return access (path, F_OK) == 0;
}

/* The store syncs with this before it writes the page that makes a commit count. */
int fdatasync (int fd)
{
    while (is_said ("hold"))
        usleep (1000);
    if (is_said ("fail")) {
        errno = EIO;
        return -1;
    }
    int (*next) (int);
    *(void **)&next = dlsym (RTLD_NEXT, "fdatasync"); /* as POSIX has it */
    return next (fd);
}
