#include "handler.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "text/escape.h"
#include "config/file_write.h"

enum {
    PAUSE_FIRST = 1, /* seconds */
    PAUSE_LAST = 60,
};

extern char **environ;

int handler_print (const char *line)
{
    struct stat before;
    bool is_file = !fstat (STDOUT_FILENO, &before) && S_ISREG (before.st_mode);
    int error = file_write_all (STDOUT_FILENO, line, strlen (line));
    if (error == 0 && is_file && fdatasync (STDOUT_FILENO) != 0)
        error = -errno;
    if (error == 0)
        return 0;
    fprintf (stderr, "consent-watch: standard output: %s\n", strerror (-error));
    /* Removes half a line: it would spoil the whole line that is written when this event comes again. */
    if (is_file && ftruncate (STDOUT_FILENO, before.st_size))
        fprintf (stderr, "consent-watch: standard output: %s: its last line is not whole\n", strerror (errno));
    return HANDLER_FAILED;
}

/* Starts the program with our pipe as its stdin, and with the signals as in a shell. 0 or an errno. */
static int start_program (char *const *arguments, int input, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset (&defaults);
    sigaddset (&defaults, SIGPIPE);
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_adddup2 (&actions, input, STDIN_FILENO);
    posix_spawnattr_init (&attributes);
    posix_spawnattr_setsigdefault (&attributes, &defaults);
    posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGDEF);
    int result = posix_spawnp (child, arguments[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy (&attributes);
    posix_spawn_file_actions_destroy (&actions);
    return result;
}

/* Runs the program once. True if it ended well; else `problem` is a clause that says why not. It need not read all
   of its input: its exit code says whether the event was handled. */
static bool run_once (char *const *arguments, const char *line, char *problem, size_t size)
{
    int ends[2];
    if (pipe2 (ends, O_CLOEXEC)) {
        snprintf (problem, size, "cannot be run: %s", strerror (errno));
        return false;
    }
    pid_t child;
    int result = start_program (arguments, ends[0], &child);
    close (ends[0]);
    if (!result)
        file_write_all (ends[1], line, strlen (line));
    close (ends[1]);
    if (result) {
        snprintf (problem, size, "cannot be run: %s", strerror (result));
        return false;
    }
    int status;
    while (waitpid (child, &status, 0) < 0)
        if (errno != EINTR) {
            snprintf (problem, size, "cannot be waited for: %s", strerror (errno));
            return false;
        }
    if (WIFSIGNALED (status))
        snprintf (problem, size, "was ended by signal %d", WTERMSIG (status));
    else
        snprintf (problem, size, "ended with %d", WEXITSTATUS (status));
    return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* Sleeps in steps. A signal that comes between the look at `stop` and the sleep then costs one step at most. */
static void pause_unless (const volatile sig_atomic_t *stop, int seconds)
{
    const struct timespec tenth = {0, 100000000};
    for (int i = 0; i < seconds * 10 && !*stop; i++)
        nanosleep (&tenth, NULL);
}

int handler_run (char *const *arguments, const char *line, const volatile sig_atomic_t *stop)
{
    char problem[128];
    for (int seconds = PAUSE_FIRST; !*stop; seconds = seconds * 2 < PAUSE_LAST ? seconds * 2 : PAUSE_LAST) {
        if (run_once (arguments, line, problem, sizeof problem))
            return 0;
        escape_line (stderr, "consent-watch: %s %s; the same event again in %d s", arguments[0], problem, seconds);
        pause_unless (stop, seconds);
    }
    return HANDLER_STOPPED;
}
