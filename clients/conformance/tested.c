#include "tested.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "allocate.h"

static char **command_of (char *const *program, const char *const *words)
{
    size_t count = 0, more = 0;
    while (program[count])
        count++;
    while (words[more])
        more++;
    char **command = allocate (count + more + 1, sizeof *command);
    for (size_t i = 0; i < count; i++)
        command[i] = program[i];
    for (size_t i = 0; i < more; i++)
        command[count + i] = allocate_text (words[i]);
    return command;
}

static void forget (char **command, char *const *program)
{
    size_t count = 0;
    while (program[count])
        count++;
    for (char **one = command + count; *one; one++)
        free (*one);
    free (command);
}

int tested_start (struct tested *self, char *const *program, const char *const *words, const char *text,
                  bool stays)
{
    int in[2], out[2];
    *self = (struct tested){.in = -1, .out = -1};
    if (pipe2 (in, O_CLOEXEC) != 0)
        return -errno;
    if (pipe2 (out, O_CLOEXEC | O_NONBLOCK) != 0) {
        close (in[0]);
        close (in[1]);
        return -errno;
    }
    char **command = command_of (program, words);
    self->pid = fork ();
    if (self->pid == 0) {
        setpgid (0, 0); /* so that it ends with whatever it started */
        signal (SIGPIPE, SIG_DFL);
        fcntl (out[1], F_SETFL, 0);
        if (dup2 (in[0], STDIN_FILENO) >= 0 && dup2 (out[1], STDOUT_FILENO) >= 0)
            execvp (command[0], command);
        _exit (127);
    }
    forget (command, program);
    close (in[0]);
    close (out[1]);
    self->in = in[1];
    self->out = out[0];
    if (self->pid > 0 && write (self->in, text, strlen (text)) < 0)
        self->code = errno; /* it will be seen by what it says */
    if (!stays)
        tested_let_go (self);
    return self->pid > 0 ? 0 : -EAGAIN;
}

static void take_text (struct tested *self, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '\n') {
            if (self->rest_size + 1 < sizeof self->rest)
                self->rest[self->rest_size++] = text[i];
            continue;
        }
        self->rest[self->rest_size] = '\0';
        if (self->count < LINES)
            memcpy (self->line[self->count++], self->rest, self->rest_size + 1);
        self->rest_size = 0;
    }
}

void tested_read (struct tested *self)
{
    char text[4096];
    ssize_t got;
    int status;
    bool gone = !self->ended && waitpid (self->pid, &status, WNOHANG) == self->pid;
    while (self->out >= 0 && (got = read (self->out, text, sizeof text)) > 0)
        take_text (self, text, (size_t)got);
    if (!gone)
        return;
    self->ended = true;
    self->code = WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

void tested_let_go (struct tested *self)
{
    if (self->in >= 0)
        close (self->in);
    self->in = -1;
}

void tested_stop (struct tested *self)
{
    int status;
    tested_let_go (self);
    if (!self->ended && self->pid > 0) {
        kill (-self->pid, SIGKILL);
        kill (self->pid, SIGKILL);
        waitpid (self->pid, &status, 0);
        self->ended = true;
    }
    if (self->out >= 0)
        close (self->out);
    self->out = -1;
}

bool tested_said (const struct tested *self, const char *line)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->line[i], line) == 0)
            return true;
    return false;
}

uint64_t tested_heard (const struct tested *self, const char *kind, const char *consent_id)
{
    uint64_t number;
    char what[LINE_SIZE], whose[LINE_SIZE];
    for (size_t i = 0; i < self->count; i++)
        if (sscanf (self->line[i], "event %" SCNu64 " %159s %159s", &number, what, whose) == 3 &&
            strcmp (what, kind) == 0 && strcmp (whose, consent_id) == 0)
            return number;
    return 0;
}

void tested_permits (const struct tested *self, char *text, size_t size)
{
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < self->count; i++)
        if (strncmp (self->line[i], "permit ", 7) == 0 && at < size)
            at += (size_t)snprintf (text + at, size - at, "%s%s", at ? " " : "", self->line[i] + 7);
}
