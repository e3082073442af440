/* Preloaded into an adapter by test_spool_power.py: a disk of which a power cut leaves what was synced, and
   nothing besides.

   After each sync of a file system KEPT_FILES, which names a directory, is made a copy of the directory by which
   that sync was asked for. Before the sync whose number KEPT_UNTIL says, syncs of single files included, the
   process is killed; "0": it never is. */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef int sync_call (int fd);

static void count (void)
{
    static atomic_int made;
    const char *until = getenv ("KEPT_UNTIL");
    if (until != NULL && ++made == atoi (until))
        raise (SIGKILL);
}

static sync_call *following (const char *name)
{
    sync_call *call;
    *(void **)&call = dlsym (RTLD_NEXT, name); /* as POSIX has it */
    return call;
}

static void copy (int fd)
{
    char command[1024];
    const char *kept = getenv ("KEPT_FILES");
    if (kept == NULL)
        return;
    snprintf (command, sizeof command, "env -u LD_PRELOAD sh -c 'rm -rf \"%s\" && cp -a /proc/%d/fd/%d/. \"%s\"'",
              kept, (int)getpid (), fd, kept);
    if (system (command) != 0)
        abort ();
}

int syncfs (int fd)
{
    count ();
    sync_call *next = following ("syncfs");
    int r = next (fd);
    if (r == 0)
        copy (fd);
    return r;
}

int fdatasync (int fd)
{
    count ();
    sync_call *next = following ("fdatasync");
    return next (fd);
}
