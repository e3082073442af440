#include "presence.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "allocate.h"
#include "problem.h"

enum { CONNECTING = 150 /* ms in which a machine that refuses says so */ };

/* Of a connection that cannot be made now: nobody is there. What else may go wrong is for ZeroMQ to try again. */
static bool is_absence (int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENOTSOCK:
    case ELOOP:
    case EACCES:
    case EPERM:
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EADDRNOTAVAIL:
        return true;
    default:
        return false;
    }
}

/* 0: connected, or it cannot be told. Else the error. */
static int await_connection (int fd)
{
    struct pollfd item = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;
    if (poll (&item, 1, CONNECTING) <= 0 || getsockopt (fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return 0;
    return error;
}

static int try_address (const struct sockaddr *address, socklen_t size)
{
    int fd = socket (address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return 0;
    int error = connect (fd, address, size) == 0 ? 0 : errno;
    if (error == EINPROGRESS)
        error = await_connection (fd);
    close (fd);
    return is_absence (error) ? error : 0;
}

static int look_at_socket (const char *path, char why[PRESENCE_WORDS])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen (path) >= sizeof address.sun_path)
        return 0;
    memcpy (address.sun_path, path, strlen (path));
    if (path[0] == '@') /* ZeroMQ's way to write a socket that is no file */
        address.sun_path[0] = '\0';
    socklen_t size = (socklen_t)(offsetof (struct sockaddr_un, sun_path) + strlen (path) + (path[0] != '@'));
    int error = try_address ((const struct sockaddr *)&address, size);
    if (error == 0)
        return 0;
    if (error == ECONNREFUSED)
        snprintf (why, PRESENCE_WORDS, "nobody listens at this socket any more");
    else
        snprintf (why, PRESENCE_WORDS, "%s", problem_words (-error));
    return PRESENCE_ABSENT;
}

/* A machine may have several addresses: it is there if one of them is. */
static int look_at_addresses (const struct addrinfo *list, char why[PRESENCE_WORDS])
{
    int error = 0;
    for (; list; list = list->ai_next) {
        int one = try_address (list->ai_addr, list->ai_addrlen);
        if (one == 0)
            return 0;
        error = one;
    }
    if (error == 0)
        return 0;
    snprintf (why, PRESENCE_WORDS, "%s", error == ECONNREFUSED ? "nobody listens there" : problem_words (-error));
    return PRESENCE_ABSENT;
}

/* One question to the resolver. It has a thread of its own there, since a name server that is silent must not keep
   us for longer than we like. If we give up first, the question is left to that thread. */
struct question {
    struct gaicb gaicb;
    struct addrinfo hints;
    char host[256];
    char service[8];
};

/* False: there is no answer yet, and the thread is still at it. Else with what came of it. */
static bool resolve (struct question *self, int patience, int *found)
{
    struct gaicb *list[] = {&self->gaicb};
    const struct timespec limit = {patience / 1000, patience % 1000 * 1000000L};
    *found = getaddrinfo (self->host, self->service, &self->hints, &self->gaicb.ar_result);
    if (*found != EAI_NONAME)
        return true;
    self->hints.ai_flags = 0;
    *found = getaddrinfo_a (GAI_NOWAIT, list, 1, NULL);
    if (*found != 0)
        return true;
    while (gai_suspend ((const struct gaicb *const *)list, 1, &limit) == EAI_INTR)
        ;
    if (gai_error (&self->gaicb) == EAI_INPROGRESS && gai_cancel (&self->gaicb) != EAI_CANCELED)
        return false;
    *found = gai_error (&self->gaicb);
    return *found != EAI_INPROGRESS;
}

/* "localhost:7511", "[::1]:7511". False: it is written in another way, which only ZeroMQ knows. */
static bool split (const char *address, struct question *question)
{
    const char *colon = strrchr (address, ':');
    size_t size = colon ? (size_t)(colon - address) : 0;
    if (size == 0 || strchr (address, ';') || strlen (colon + 1) >= sizeof question->service)
        return false;
    if (address[0] == '[' && address[size - 1] == ']') {
        address++;
        size -= 2;
    }
    if (size >= sizeof question->host)
        return false;
    memcpy (question->host, address, size);
    snprintf (question->service, sizeof question->service, "%s", colon + 1);
    return true;
}

static int look_at_host (const char *address, int patience, char why[PRESENCE_WORDS])
{
    struct question *question = allocate (1, sizeof *question);
    int rc = 0, found;
    question->hints = (struct addrinfo){.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    question->gaicb =
        (struct gaicb){.ar_name = question->host, .ar_service = question->service, .ar_request = &question->hints};
    if (!split (address, question)) {
        free (question);
        return 0;
    }
    if (!resolve (question, patience, &found)) {
        snprintf (why, PRESENCE_WORDS, "no name server says which machine that is");
        return PRESENCE_ABSENT;
    }
    if (found == 0) {
        rc = look_at_addresses (question->gaicb.ar_result, why);
        freeaddrinfo (question->gaicb.ar_result);
    } else {
        rc = PRESENCE_ABSENT;
        snprintf (why, PRESENCE_WORDS, "no machine is known by that name: %s", gai_strerror (found));
    }
    free (question);
    return rc;
}

int presence_look (const char *endpoint, int patience, char why[PRESENCE_WORDS])
{
    why[0] = '\0';
    if (strncmp (endpoint, "ipc://", 6) == 0)
        return look_at_socket (endpoint + 6, why);
    if (strncmp (endpoint, "tcp://", 6) == 0)
        return look_at_host (endpoint + 6, patience, why);
    return 0;
}
