/* A program that is run for each event. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "destination.h"

enum {
    GRACE = 2000, /* ms between the request to end and its end */
    NOT_RUNNABLE = 126,
    NOT_FOUND = 127, /* exit codes by which a shell, env and the like say that they could not run something */
};

extern char **environ;

struct program_destination {
    struct destination base;
    char *const *arguments;
    long limit; /* ms */
};

/* It, as long as it runs. */
struct run {
    pid_t child;
    int ended; /* a descriptor that can be read when it has ended */
    int input; /* where its standard input is written; -1: it has all of it, or does not want more */
};

/* --- Starting it --------------------------------------------------------------------------------------- */

/* Starts the program with our pipe as its standard input, with the signals as in a shell, and in a group of its
   own: by that all that it started can be ended with it. 0 or an errno. */
static int spawn (char *const *arguments, int input, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults, none;
    sigemptyset (&none);
    sigemptyset (&defaults);
    sigaddset (&defaults, SIGPIPE);
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_adddup2 (&actions, input, STDIN_FILENO);
    posix_spawnattr_init (&attributes);
    posix_spawnattr_setsigdefault (&attributes, &defaults);
    posix_spawnattr_setsigmask (&attributes, &none);
    posix_spawnattr_setpgroup (&attributes, 0);
    posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    int result = posix_spawnp (child, arguments[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy (&attributes);
    posix_spawn_file_actions_destroy (&actions);
    return result;
}

/* 0 or an errno. */
static int start (struct run *run, char *const *arguments)
{
    int ends[2];
    *run = (struct run){.child = 0, .ended = -1, .input = -1};
    if (pipe2 (ends, O_CLOEXEC) != 0)
        return errno;
    int result = fcntl (ends[1], F_SETFL, O_NONBLOCK) == 0 ? spawn (arguments, ends[0], &run->child) : errno;
    close (ends[0]);
    if (result != 0) {
        close (ends[1]);
        return result;
    }
    run->input = ends[1];
    run->ended = pidfd_open (run->child, 0);
    return run->ended < 0 ? errno : 0;
}

/* --- While it runs ------------------------------------------------------------------------------------- */

static int64_t now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void close_input (struct run *run)
{
    if (run->input >= 0)
        close (run->input);
    run->input = -1;
}

/* Writes what there is room for. It need not read all of its input: its exit code says whether the event was
 * handled.
 */
static void feed (struct run *run, const char **line, size_t *size)
{
    ssize_t written = write (run->input, *line, *size);
    if (written < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    *line += written > 0 ? written : 0;
    *size -= written > 0 ? (size_t)written : *size;
    if (*size == 0)
        close_input (run);
}

/* Waits until it has ended. False: the time is over. */
static bool wait_until (struct run *run, const char *line, size_t size, int64_t deadline)
{
    for (;;) {
        struct pollfd two[] = {{run->ended, POLLIN, 0}, {run->input, POLLOUT, 0}};
        int64_t left = deadline - now ();
        if (left <= 0)
            return false;
        if (poll (two, 2, left > 1000 ? 1000 : (int)left) <= 0)
            continue;
        if (two[0].revents)
            return true;
        feed (run, &line, &size);
    }
}

/* It did not end in time: asks it, and all that it started, to end, and then ends them. */
static void end (struct run *run)
{
    struct pollfd one = {run->ended, POLLIN, 0};
    kill (-run->child, SIGTERM);
    poll (&one, 1, GRACE);
    kill (-run->child, SIGKILL);
}

/* --- What came of it ----------------------------------------------------------------------------------- */

static void judge (struct run *run, struct destination_answer *answer)
{
    int status;
    while (waitpid (run->child, &status, 0) < 0)
        if (errno != EINTR) {
            destination_say (answer, DESTINATION_LATER, "cannot be waited for: %s", strerror (errno));
            return;
        }
    if (answer->outcome != DESTINATION_TOOK)
        return; /* it was ended */
    answer->any_event =
        WIFEXITED (status) && (WEXITSTATUS (status) == NOT_RUNNABLE || WEXITSTATUS (status) == NOT_FOUND);
    if (WIFSIGNALED (status))
        destination_say (answer, DESTINATION_LATER, "was ended by signal %d", WTERMSIG (status));
    else if (WEXITSTATUS (status) != 0)
        destination_say (answer, DESTINATION_LATER, "ended with %d", WEXITSTATUS (status));
}

/* It was started, and cannot be watched. */
static void abandon (struct run *run)
{
    if (run->child > 0 && run->input >= 0) {
        kill (-run->child, SIGKILL);
        while (waitpid (run->child, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    close_input (run);
}

static void run_once (struct program_destination *self, const char *line, size_t size,
                      struct destination_answer *answer)
{
    struct run run;
    int result = start (&run, self->arguments);
    if (result != 0) {
        answer->any_event = true;
        destination_say (answer, DESTINATION_LATER, "cannot be run: %s", strerror (result));
        abandon (&run);
        return;
    }
    if (!wait_until (&run, line, size, now () + self->limit)) {
        end (&run);
        destination_say (answer, DESTINATION_LATER, "did not end within %ld s, and was ended", self->limit / 1000);
    }
    close_input (&run);
    judge (&run, answer);
    if (run.ended >= 0)
        close (run.ended);
}

static void put (struct destination *base, const char *text, uint64_t number, struct destination_answer *answer)
{
    char *line;
    (void)number;
    int size = asprintf (&line, "%s\n", text);
    if (size < 0)
        abort ();
    run_once ((struct program_destination *)base, line, (size_t)size, answer);
    free (line);
}

static void close_program (struct destination *base)
{
    (void)base;
}

struct destination *destination_program (char *const *arguments, long limit, struct fault *fault)
{
    struct program_destination *self = destination_new (sizeof *self);
    (void)fault;
    signal (SIGCHLD, SIG_DFL); /* who started us may have ignored it: then nothing can be waited for */
    self->base = (struct destination){arguments[0], false, put, close_program, NULL};
    self->arguments = arguments;
    self->limit = limit;
    return &self->base;
}
