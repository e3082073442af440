/* Standard output is a pipe or a socket. What is in it is lost with whoever reads it: so that one says what it has
   stored. One event is on its way at a time. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "delivery/stopping.h"
#include "destination.h"

enum {
    SLICE = 200,      /* ms between two looks at whether somebody asks to stop */
    ANSWER_SIZE = 24, /* of a number, with its line end */
};

struct pipe_destination {
    struct destination base;
    bool is_answered;
    char answer[ANSWER_SIZE];
    size_t size;
};

/* Waits until that is possible. False: somebody asks to stop. */
static bool wait_until (int file, short event)
{
    struct pollfd one = {file, event, 0};
    while (!stopping_is_asked ())
        if (poll (&one, 1, SLICE) > 0)
            return true;
    return false;
}

/* Writes in pieces for which there is room once it is ready: so a reader that does not read is no reason not to
   stop. 0, 1: somebody asks to stop, or -errno. */
static int write_out (const char *line, size_t size)
{
    while (size > 0) {
        if (!wait_until (STDOUT_FILENO, POLLOUT))
            return 1;
        ssize_t written = write (STDOUT_FILENO, line, size < PIPE_BUF ? size : PIPE_BUF);
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return -errno;
        if (written > 0) {
            line += written;
            size -= (size_t)written;
        }
    }
    return 0;
}

/* Takes one line of what the reader answers, or as much of it as a number can have. False: *answer says why there
   is none. */
static bool read_answer (struct pipe_destination *self, uint64_t number, struct destination_answer *answer)
{
    for (self->size = 0; self->size < ANSWER_SIZE;) {
        if (!wait_until (STDIN_FILENO, POLLIN)) {
            answer->outcome = DESTINATION_STOPPED;
            return false;
        }
        ssize_t got = read (STDIN_FILENO, self->answer + self->size, 1);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0) {
            destination_break (answer, EX_IOERR, "the reader has left, and did not say that it has event %" PRIu64,
                               number);
            return false;
        }
        if (self->answer[self->size++] == '\n')
            return true;
    }
    return true;
}

static void wait_for_answer (struct pipe_destination *self, uint64_t number, struct destination_answer *answer)
{
    char wanted[ANSWER_SIZE];
    if (!read_answer (self, number, answer))
        return;
    size_t size = (size_t)snprintf (wanted, sizeof wanted, "%" PRIu64 "\n", number);
    if (self->size != size ||
        memcmp (self->answer, wanted, size) != 0) /* which may be anything: it is not shown */
        destination_break (
            answer, EX_DATAERR,
            "the reader answered something else than %" PRIu64 ", the number of the event that it got", number);
}

static void put (struct destination *base, const char *text, uint64_t number, struct destination_answer *answer)
{
    struct pipe_destination *self = (struct pipe_destination *)base;
    char *line;
    int size = asprintf (&line, "%s\n", text);
    if (size < 0)
        abort ();
    int result = write_out (line, (size_t)size);
    free (line);
    if (result > 0)
        answer->outcome = DESTINATION_STOPPED;
    else if (result < 0)
        destination_break (answer, EX_IOERR, "standard output: %s", strerror (-result));
    else if (self->is_answered)
        wait_for_answer (self, number, answer);
}

/* A reader that has left answers nothing any more, and whoever supervises us is to know that before an event
 * comes. */
static void look (struct destination *base, struct destination_answer *answer)
{
    struct pollfd two[] = {{STDIN_FILENO, POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
    char byte;
    (void)base;
    if (poll (two, 2, 0) <= 0)
        return;
    if (two[1].revents || (two[0].revents && read (STDIN_FILENO, &byte, 1) <= 0))
        destination_break (answer, EX_IOERR, "the reader has left");
    else
        destination_break (answer, EX_DATAERR, "the reader answered, and nothing was asked");
}

static void close_pipe (struct destination *base)
{
    (void)base;
}

static struct destination *new_pipe (bool is_answered)
{
    struct pipe_destination *self = destination_new (sizeof *self);
    self->base = (struct destination){"standard output", false, put, close_pipe, is_answered ? look : NULL};
    self->is_answered = is_answered;
    return &self->base;
}

struct destination *destination_pipe (struct fault *fault)
{
    (void)fault;
    return new_pipe (true);
}

struct destination *destination_shown (struct fault *fault)
{
    (void)fault;
    return new_pipe (false);
}
