#include "copy_pipe.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { WAIT_MS = 1000, LOOK_MS = 10, AT_ONCE = 4096 /* what a pipe takes without waiting, where it takes any */ };

static const char *sentence (int error)
{
    return error == ENXIO || error == EPIPE || error == ECONNREFUSED ? "nobody reads it"
           : error == EBUSY                                          ? "another process copies into it"
           : error == ENOSTR                                         ? "it is no pipe"
                                                                     : strerror (error);
}

static enum copy_taken not_now (struct copy_pipe *self, const char *fault, int error)
{
    self->sink.fault = fault;
    snprintf (self->sink.why, sizeof self->sink.why, "%s: %s", self->path, sentence (error));
    return COPY_LATER;
}

/* --- Opening -------------------------------------------------------------------------------------------- */

static int connect_as (const char *path, int type)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen (path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    strcpy (address.sun_path, path);
    int made = socket (AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (made < 0 || connect (made, (const struct sockaddr *)&address, sizeof address) == 0)
        return made < 0 ? -errno : made;
    int error = errno;
    close (made);
    return -error;
}

/* A file would be written over, from its beginning; and what two write into a pipe is no line any more. 0 or
 * -errno.
 */
static int take_for_itself (int pipe)
{
    struct stat found;
    if (fstat (pipe, &found) != 0)
        return -errno;
    if (S_ISREG (found.st_mode))
        return -ENOSTR;
    return S_ISFIFO (found.st_mode) && flock (pipe, LOCK_EX | LOCK_NB) != 0 ? -EBUSY : 0;
}

static int open_path (struct copy_pipe *self)
{
    self->pipe = open (self->path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int rc = self->pipe < 0 ? -errno : take_for_itself (self->pipe);
    if (rc != 0 && self->pipe >= 0) {
        close (self->pipe);
        self->pipe = -1;
    }
    return rc;
}

/* 0 or -errno. */
static int open_pipe (struct copy_pipe *self)
{
    struct stat found;
    if (stat (self->path, &found) != 0)
        return -errno;
    if (!S_ISSOCK (found.st_mode))
        return open_path (self);
    int made = connect_as (self->path, SOCK_DGRAM);
    self->is_datagram = made >= 0;
    if (made == -EPROTOTYPE)
        made = connect_as (self->path, SOCK_STREAM);
    self->pipe = made < 0 ? -1 : made;
    return made < 0 ? made : 0;
}

static void close_pipe (struct copy_pipe *self)
{
    if (self->pipe > STDOUT_FILENO)
        close (self->pipe);
    self->pipe = -1;
}

/* --- Writing -------------------------------------------------------------------------------------------- */

/* Waits until the pipe takes something. False: it does not, or nobody reads it any more. */
static bool is_ready (const struct copy_pipe *self)
{
    struct pollfd look = {.fd = self->pipe, .events = POLLOUT};
    return poll (&look, 1, WAIT_MS) == 1 && (look.revents & POLLOUT) != 0;
}

static ssize_t write_some (const struct copy_pipe *self, const char *text, size_t size)
{
    const char *end = memchr (text, '\n', size);
    if (self->is_datagram)
        return send (self->pipe, text, (size_t)(end - text), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -1
                                                                                              : end - text + 1;
    return write (self->pipe, text, size < AT_ONCE ? size : AT_ONCE);
}

/* Writes what the pipe takes now. 0, or the errno for which it takes no more; EAGAIN: it is full. */
static int write_all_now (struct copy_pipe *self, struct copy_batch *batch)
{
    while (batch->taken < batch->size) {
        if (!is_ready (self))
            return EAGAIN;
        if (self->needs_break && !self->is_datagram && write (self->pipe, "\n", 1) != 1)
            return errno;
        self->needs_break = false;
        ssize_t written = write_some (self, batch->text + batch->taken, batch->size - batch->taken);
        if (written < 0 && errno != EINTR)
            return errno == EWOULDBLOCK ? EAGAIN : errno;
        if (written > 0)
            batch->taken += (size_t)written;
    }
    return 0;
}

/* Bytes that were written and not read yet. A file has none, once it is on the disk. */
static int left_in_pipe (const struct copy_pipe *self)
{
    struct stat found;
    int left = 0;
    if (fstat (self->pipe, &found) != 0)
        return 0;
    if (S_ISREG (found.st_mode))
        return fdatasync (self->pipe) == 0 ? 0 : 1;
    if (S_ISFIFO (found.st_mode) || S_ISSOCK (found.st_mode))
        return ioctl (self->pipe, S_ISFIFO (found.st_mode) ? FIONREAD : SIOCOUTQ, &left) == 0 ? left : 0;
    return 0;
}

static bool has_reader (const struct copy_pipe *self)
{
    struct pollfd look = {.fd = self->pipe, .events = 0};
    return poll (&look, 1, 0) == 0 || (look.revents & (POLLERR | POLLHUP)) == 0;
}

/* What was in the pipe of a reader that is gone is lost: so all that is not known to have been read goes to the
 * next one. */
static enum copy_taken begin_anew (struct copy_pipe *self, struct copy_batch *batch)
{
    if (strcmp (self->path, "-") == 0)
        return ctl_fail (COPY_FAILED, "cannot write to standard output: nobody reads it");
    close_pipe (self);
    batch->taken = 0;
    self->needs_break = true;
    return not_now (self, "no-reader", EPIPE);
}

static enum copy_taken take_batch (struct copy_sink *sink, struct copy_batch *batch)
{
    struct copy_pipe *self = (struct copy_pipe *)sink;
    int error = self->pipe < 0 ? -open_pipe (self) : 0;
    if (error != 0)
        return not_now (self, error == ENXIO || error == ECONNREFUSED || error == ENOENT ? "no-reader" : "broken",
                        error);
    size_t before = batch->taken;
    error = write_all_now (self, batch);
    if (!has_reader (self) || error == EPIPE || error == ECONNRESET || error == ECONNREFUSED || error == ENOTCONN)
        return begin_anew (self, batch);
    if (error != 0 && error != EAGAIN && error != ENOBUFS)
        return not_now (self, error == ENOSPC ? "full" : "broken", error);
    for (int waited = 0; error == 0 && waited < WAIT_MS; waited += LOOK_MS) {
        if (left_in_pipe (self) == 0) {
            self->sink.fault = NULL;
            return COPY_TAKEN;
        }
        poll (NULL, 0, LOOK_MS);
    }
    self->sink.fault = batch->taken > before ? NULL : "full";
    snprintf (self->sink.why, sizeof self->sink.why, "%s: who reads it does not go on", self->path);
    return COPY_LATER;
}

int copy_pipe_open (struct copy_pipe *self, const char *path)
{
    struct stat found;
    *self = (struct copy_pipe){.sink = {.take = take_batch}, .path = path, .pipe = -1};
    if (strcmp (path, "-") == 0)
        self->pipe = STDOUT_FILENO;
    else if (stat (path, &found) == 0 && (S_ISREG (found.st_mode) || S_ISDIR (found.st_mode)))
        return ctl_fail (EX_USAGE, "--pipe: %s is no pipe; --to DIR copies to files", path);
    return 0;
}

void copy_pipe_close (struct copy_pipe *self)
{
    close_pipe (self);
}
