/* Preloaded into an adapter by test_spool_power.py: a disk of which a power cut leaves what was synced, and
   nothing besides.

   After each sync of a file system KEPT_FILES, which names a directory, is made a copy of the directory by which
   that sync was asked for. Before the sync whose number KEPT_UNTIL says, syncs of single files included, the
   process is killed; "0": it never is.

   It may also be slow. What is moved out of work/ waits as long as the file is there that KEPT_MOVES names. The
   first message that is removed waits for as many syncs of a file system as KEPT_REMOVAL says, and is gone when
   the last of them ends; before the next one the process is killed. */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int sync_call (int fd);
typedef int move_call (int from, const char *name, int to, const char *as, unsigned flags);
typedef int remove_call (int directory, const char *name, int flags);

enum {
    PAUSE = 1000,  /* us */
    NOTED = 20000, /* us, in which who asked for a removal takes note of it */
};

static atomic_int syncs; /* of a file system, that were made */
static atomic_int due;   /* after how many of them the removal is made; 0: it does not wait */
static atomic_bool is_late;

static void count (void)
{
    static atomic_int made;
    const char *until = getenv ("KEPT_UNTIL");
    if (until != NULL && ++made == atoi (until))
        raise (SIGKILL);
}

/* The function of this name that would be called without this. */
static void find (void *call_p, const char *name)
{
    *(void **)call_p = dlsym (RTLD_NEXT, name); /* as POSIX has it */
}

static bool is_of_work (const char *name)
{
    const char *ending = strrchr (name, '.');
    return ending != NULL && (strcmp (ending, ".out") == 0 || strcmp (ending, ".report") == 0);
}

int renameat2 (int from, const char *name, int to, const char *as, unsigned flags)
{
    move_call *next;
    const char *held = getenv ("KEPT_MOVES");
    find (&next, "renameat2");
    while (held != NULL && is_of_work (name) && access (held, F_OK) == 0)
        usleep (PAUSE);
    return next (from, name, to, as, flags);
}

int unlinkat (int directory, const char *name, int flags)
{
    remove_call *next;
    static atomic_flag is_made = ATOMIC_FLAG_INIT;
    const char *waits_for = getenv ("KEPT_REMOVAL");
    find (&next, "unlinkat");
    if (waits_for == NULL || is_of_work (name) || atomic_flag_test_and_set (&is_made))
        return next (directory, name, flags);
    due = syncs + atoi (waits_for);
    while (syncs < due)
        usleep (PAUSE);
    int r = next (directory, name, flags);
    due = 0;
    return r;
}

/* What is removed only now is not what this sync was for. */
static void let_remove (void)
{
    if (++syncs != due)
        return;
    while (due != 0)
        usleep (PAUSE);
    usleep (NOTED);
    is_late = true;
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
    sync_call *next;
    count ();
    if (is_late)
        raise (SIGKILL);
    find (&next, "syncfs");
    int r = next (fd);
    if (r == 0)
        copy (fd);
    let_remove ();
    return r;
}

int fdatasync (int fd)
{
    sync_call *next;
    count ();
    find (&next, "fdatasync");
    return next (fd);
}
