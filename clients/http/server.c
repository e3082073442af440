#include "server.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include "request.h"

enum {
    HEADERS = 16 * 1024,     /* bytes of the headers of a request, and of a part of its body */
    STACK = 2 * 1024 * 1024, /* bytes; a batch is taken apart on it */
    SILENCE = 30,            /* s in which a client moves nothing */
};

/* A client that is connected. libmicrohttpd begins anew with every byte that comes; here is how long the whole may
   take. */
struct peer {
    struct peer *next, **place;
    int socket;
    int64_t end;              /* 0: none, the registry is being asked */
    bool is_known;            /* it has asked, as a party */
    bool is_dropped;          /* to make room */
    struct identity identity; /* of its own thread */
};

static int64_t now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static struct peer *peer_of (struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info (connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static gnutls_session_t session_of (struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info (connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}

const struct bridge_party *server_party (struct server *self, struct MHD_Connection *connection)
{
    struct peer *peer = peer_of (connection);
    gnutls_session_t session = session_of (connection);
    const struct bridge_party *party = peer && session ? identity_of (&peer->identity, session) : NULL;
    pthread_mutex_lock (&self->lock);
    if (peer)
        peer->is_known = party != NULL;
    pthread_mutex_unlock (&self->lock);
    return party;
}

static void set_end (struct server *self, struct MHD_Connection *connection, int64_t end)
{
    pthread_mutex_lock (&self->lock);
    struct peer *peer = peer_of (connection);
    if (peer)
        peer->end = end;
    pthread_mutex_unlock (&self->lock);
}

void server_busy (struct server *self, struct MHD_Connection *connection, bool is_busy)
{
    set_end (self, connection, is_busy ? 0 : now () + self->bridge->first);
}

void server_wait (struct server *self, struct MHD_Connection *connection)
{
    set_end (self, connection, now () + self->bridge->idle);
}

/* Those of whom nobody knows yet who they are have half of the connections: where there are more, the one that
   came first goes. So who only connects keeps nobody out who then shows a certificate. */
static void make_room (struct server *self)
{
    struct peer *first = NULL;
    size_t unknown = 0;
    for (struct peer *peer = self->peers; peer; peer = peer->next)
        if (!peer->is_known && !peer->is_dropped) {
            unknown++;
            first = peer;
        }
    if (unknown < (self->bridge->connections + 1) / 2)
        return;
    first->is_dropped = true;
    shutdown (first->socket, SHUT_RDWR);
}

static struct peer *add_peer (struct server *self, struct MHD_Connection *connection)
{
    struct peer *peer = calloc (1, sizeof *peer);
    if (!peer)
        abort ();
    peer->socket = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    peer->end = now () + self->bridge->first;
    peer->identity = (struct identity){.bridge = self->bridge, .revoked = self->revoked};
    pthread_mutex_lock (&self->lock);
    make_room (self);
    peer->next = self->peers;
    peer->place = &self->peers;
    if (peer->next)
        peer->next->place = &peer->next;
    self->peers = peer;
    pthread_mutex_unlock (&self->lock);
    return peer;
}

/* The socket is closed after this, and no other has its number before. */
static void drop_peer (struct server *self, struct peer *peer)
{
    pthread_mutex_lock (&self->lock);
    *peer->place = peer->next;
    if (peer->next)
        peer->next->place = peer->place;
    pthread_mutex_unlock (&self->lock);
    free (peer);
}

static void notify (void *server, struct MHD_Connection *connection, void **peer_p,
                    enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        struct peer *peer = *peer_p = add_peer (server, connection);
        identity_demand (&peer->identity, session_of (connection));
    } else if (*peer_p) {
        drop_peer (server, *peer_p);
        *peer_p = NULL;
    }
}

void server_look (struct server *self)
{
    int64_t present = now ();
    pthread_mutex_lock (&self->lock);
    for (struct peer *peer = self->peers; peer; peer = peer->next)
        if (peer->end != 0 && peer->end < present)
            shutdown (peer->socket, SHUT_RDWR);
    pthread_mutex_unlock (&self->lock);
}

/* A path is taken as it stands: who lets through or stops paths before this compares what came. */
static size_t unescape_nothing (void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen (text);
}

int server_start (struct server *self)
{
    const struct bridge *bridge = self->bridge;
    pthread_mutex_init (&self->lock, NULL);
    unsigned flags = MHD_USE_TLS | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
    if (bridge->address.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    self->daemon = MHD_start_daemon (
        flags, 0, NULL, NULL, request_handle, self, MHD_OPTION_SOCK_ADDR, &bridge->address,
        MHD_OPTION_NOTIFY_CONNECTION, notify, self, MHD_OPTION_NOTIFY_COMPLETED, request_end, self,
        MHD_OPTION_HTTPS_MEM_CERT, bridge->certificate, MHD_OPTION_HTTPS_MEM_KEY, bridge->key,
        MHD_OPTION_HTTPS_MEM_TRUST, bridge->authorities, MHD_OPTION_HTTPS_PRIORITIES, IDENTITY_PRIORITIES,
        MHD_OPTION_CONNECTION_LIMIT, bridge->connections, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL, MHD_OPTION_END);
    if (self->daemon)
        return 0;
    pthread_mutex_destroy (&self->lock);
    return -1;
}

void server_stop (struct server *self)
{
    MHD_stop_daemon (self->daemon);
    pthread_mutex_destroy (&self->lock);
}
