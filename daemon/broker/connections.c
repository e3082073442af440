#include "connections.h"
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <zmq.h>

enum {
    EVENTS = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED,
    DESCRIPTORS = 1 << 20, /* no process has more */
    ENDLESS_MS = 100,
    ENDLESS_BYTES = 8 << 20, /* with not a single message in them */
    ENDLESS_GRANTED = 1024,  /* bytes in that time that may make no message: heartbeats when idle */
};

/* A sign-in from which no message has come yet. */
struct arrival {
    uint64_t number;
    char key[41];
    moment at;
};

/* What is kept of one endpoint. */
struct place {
    void *monitor;
    struct connection **by_fd;
    size_t fds;
    uint32_t first_route;
    uint64_t signed_in;
};

struct connections {
    struct place places[CHANNELS];
    struct connection **all;
    size_t count, unheard; /* unheard: those from which no message has come yet */
    struct arrival *arrivals;
    size_t arrival_count;
    struct connection_id *gone;
    size_t gone_count;
    uint64_t signed_in, uses;
    moment endless_at; /* when to look again for messages without end */
    uint64_t endless;
    moment due; /* not later than the first close_at */
};

static void *grow (void *items, size_t count, size_t size)
{
    void *grown = realloc (items, count * size);
    if (grown == NULL)
        abort ();
    return grown;
}

struct connections *connections_new (void)
{
    struct connections *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->due = MOMENT_NEVER;
    return self;
}

void connections_destroy (struct connections **self_p)
{
    struct connections *self = *self_p;
    if (self == NULL)
        return;
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++) {
        if (self->places[channel].monitor != NULL)
            zmq_close (self->places[channel].monitor);
        free (self->places[channel].by_fd);
    }
    for (size_t i = 0; i < self->count; i++)
        free (self->all[i]);
    free (self->all);
    free (self->arrivals);
    free (self->gone);
    free (self);
    *self_p = NULL;
}

/* Watching */

/* Routing ids that the endpoint gives are numbered from a random one. To know that one, the socket sends itself a
   message. */
static int learn_first_route (void *context, void *socket, const char *name, uint32_t *first)
{
    uint8_t route[CONNECTION_ROUTE_SIZE + 1];
    void *peer = zmq_socket (context, ZMQ_DEALER);
    if (peer == NULL)
        return -errno;
    int zero = 0, rc = 0;
    if (zmq_setsockopt (peer, ZMQ_LINGER, &zero, sizeof zero) != 0 || zmq_bind (socket, name) != 0 ||
        zmq_connect (peer, name) != 0 || zmq_send (peer, "", 0, 0) != 0)
        rc = -errno;
    else if (zmq_recv (socket, route, sizeof route, 0) != CONNECTION_ROUTE_SIZE || route[0] != 0 ||
             zmq_recv (socket, NULL, 0, 0) != 0)
        rc = -EPROTO;
    zmq_close (peer);
    if (rc == 0 && zmq_unbind (socket, name) != 0)
        rc = -errno;
    *first =
        rc == 0 ? (uint32_t)route[1] << 24 | (uint32_t)route[2] << 16 | (uint32_t)route[3] << 8 | route[4] : 0;
    return rc;
}

int connections_watch (struct connections *self, void *context, void *socket, enum channel channel)
{
    struct place *place = &self->places[channel];
    char name[64];
    snprintf (name, sizeof name, "inproc://first-%u", (unsigned)channel);
    int rc = learn_first_route (context, socket, name, &place->first_route);
    if (rc != 0)
        return rc;
    snprintf (name, sizeof name, "inproc://monitor-%u", (unsigned)channel);
    place->monitor = zmq_socket (context, ZMQ_PAIR);
    /* The queue has no bound: with one, the thread that serves all connections would wait for this one. */
    int zero = 0;
    if (place->monitor == NULL || zmq_setsockopt (place->monitor, ZMQ_RCVHWM, &zero, sizeof zero) != 0 ||
        zmq_setsockopt (place->monitor, ZMQ_LINGER, &zero, sizeof zero) != 0 ||
        zmq_socket_monitor (socket, name, EVENTS) != 0 || zmq_connect (place->monitor, name) != 0)
        return -errno;
    return 0;
}

void *connections_monitor (const struct connections *self, enum channel channel)
{
    return self->places[channel].monitor;
}

/* Coming and going */

static void close_at (struct connections *self, struct connection *connection, moment when)
{
    connection->close_at = when;
    self->due = when < self->due ? when : self->due;
}

static struct connection *at (const struct connections *self, enum channel channel, int fd)
{
    const struct place *place = &self->places[channel];
    return fd >= 0 && (size_t)fd < place->fds ? place->by_fd[fd] : NULL;
}

static struct connection *open_one (const struct connections *self, const struct connection_id *id)
{
    struct connection *found = at (self, id->channel, id->fd);
    return found != NULL && id->number != 0 && found->id.number == id->number ? found : NULL;
}

static void forget_arrivals (struct connections *self, size_t count)
{
    self->arrival_count -= count;
    memmove (self->arrivals, self->arrivals + count, self->arrival_count * sizeof *self->arrivals);
}

/* Nobody knows which of the silent connections left. But no more can be left than there are descriptors without a
   message. */
static void trim_arrivals (struct connections *self)
{
    if (self->arrival_count > self->unheard)
        forget_arrivals (self, self->arrival_count - self->unheard);
}

void connections_lost (struct connections *self, enum channel channel, int fd)
{
    struct connection *lost = at (self, channel, fd);
    if (lost == NULL)
        return;
    if (lost->id.number != 0) {
        self->gone = grow (self->gone, self->gone_count + 1, sizeof *self->gone);
        self->gone[self->gone_count++] = lost->id;
    } else
        self->unheard--;
    self->places[channel].by_fd[fd] = NULL;
    for (size_t i = 0; i < self->count; i++)
        if (self->all[i] == lost) {
            self->all[i] = self->all[--self->count];
            break;
        }
    free (lost);
    trim_arrivals (self);
}

static ino_t inode_of (int fd)
{
    struct stat info;
    return fstat (fd, &info) == 0 && S_ISSOCK (info.st_mode) ? info.st_ino : 0;
}

void connections_accepted (struct connections *self, enum channel channel, int fd, moment steady)
{
    struct place *place = &self->places[channel];
    if (fd < 0 || fd >= DESCRIPTORS)
        return;
    connections_lost (self, channel, fd);
    if ((size_t)fd >= place->fds) {
        size_t fds = 2 * (size_t)fd + 64;
        place->by_fd = grow (place->by_fd, fds, sizeof *place->by_fd);
        memset (place->by_fd + place->fds, 0, (fds - place->fds) * sizeof *place->by_fd);
        place->fds = fds;
    }
    struct connection *made = calloc (1, sizeof *made);
    if (made == NULL)
        abort ();
    *made = (struct connection){.id = {.fd = fd, .channel = channel},
                                .used = ++self->uses,
                                .signed_in = self->signed_in,
                                .inode = inode_of (fd)};
    self->all = grow (self->all, self->count + 1, sizeof *self->all);
    self->all[self->count++] = place->by_fd[fd] = made;
    self->unheard++;
    close_at (self, made, steady + CONNECTION_SILENT_MS);
}

/* An event has two frames: its number (16 bits) with the descriptor (32 bits), and the address. */
static bool take_event (struct connections *self, enum channel channel, moment steady)
{
    uint8_t frame[6];
    uint16_t event;
    int32_t fd;
    void *monitor = self->places[channel].monitor;
    if (monitor == NULL || zmq_recv (monitor, frame, sizeof frame, ZMQ_DONTWAIT) < 0)
        return false;
    zmq_recv (monitor, NULL, 0, ZMQ_DONTWAIT);
    memcpy (&event, frame, sizeof event);
    memcpy (&fd, frame + sizeof event, sizeof fd);
    if (event == ZMQ_EVENT_ACCEPTED)
        connections_accepted (self, channel, fd, steady);
    else if (event == ZMQ_EVENT_DISCONNECTED)
        connections_lost (self, channel, fd);
    return true;
}

void connections_follow (struct connections *self, moment steady)
{
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++)
        while (take_event (self, channel, steady)) {
        }
}

bool connections_take_gone (struct connections *self, struct connection_id *gone)
{
    if (self->gone_count == 0)
        return false;
    *gone = self->gone[--self->gone_count];
    return true;
}

/* Signing in */

uint64_t connections_sign_in (struct connections *self, enum channel channel, const char *key, moment steady)
{
    connections_follow (self, steady); /* what is accepted from here on is another connection */
    struct arrival arrival = {.number = ++self->signed_in, .at = steady};
    snprintf (arrival.key, sizeof arrival.key, "%s", key);
    self->arrivals = grow (self->arrivals, self->arrival_count + 1, sizeof *self->arrivals);
    self->arrivals[self->arrival_count++] = arrival;
    self->places[channel].signed_in++;
    trim_arrivals (self);
    return arrival.number;
}

size_t connections_silent (const struct connections *self, const char *key)
{
    size_t count = 0;
    for (size_t i = 0; i < self->arrival_count; i++)
        count += strcmp (self->arrivals[i].key, key) == 0;
    return count;
}

static void drop_arrival (struct connections *self, uint64_t number)
{
    for (size_t i = self->arrival_count; i > 0; i--)
        if (self->arrivals[i - 1].number == number) {
            self->arrival_count--;
            memmove (self->arrivals + i - 1, self->arrivals + i,
                     (self->arrival_count - (i - 1)) * sizeof *self->arrivals);
            return;
        }
}

/* Messages */

/* The endpoint gave this routing id. A peer may choose any id that is not in use, also one of a connection that
   left. What it declares ends for us at its first 0 byte. But an id that begins with 0 is the endpoint's only if
   it is one of those that the endpoint has given, one for each sign-in. */
static bool is_given (const struct place *place, const struct connection_message *message)
{
    const uint8_t *route = message->route;
    if ((message->declared != NULL && message->declared[0] != 0) || message->route_size != CONNECTION_ROUTE_SIZE ||
        route[0] != 0)
        return false;
    uint32_t number = (uint32_t)route[1] << 24 | (uint32_t)route[2] << 16 | (uint32_t)route[3] << 8 | route[4];
    uint32_t since = number - place->first_route;
    return since >= 1 && since <= place->signed_in;
}

const struct connection *connections_find (struct connections *self, const struct connection_message *message,
                                           moment steady)
{
    const struct connection_id *id = &message->id;
    struct connection *found = open_one (self, id);
    if (found != NULL) {
        found->heard = true;
        return found;
    }
    connections_follow (self, steady);
    found = at (self, id->channel, id->fd);
    /* The descriptor may by now be another connection's, accepted after this one signed in. */
    if (found == NULL || found->id.number != 0 || id->number <= found->signed_in)
        return NULL;
    found->id = *id;
    found->close_at = MOMENT_NEVER;
    found->chose_its_route = !is_given (&self->places[id->channel], message);
    snprintf (found->key, sizeof found->key, "%s", message->key != NULL ? message->key : "");
    found->heard = true;
    self->unheard--;
    drop_arrival (self, id->number);
    return found;
}

static void close_now (const struct connection *connection)
{
    /* ZeroMQ closes the descriptor itself, once it sees this. */
    if (inode_of (connection->id.fd) == connection->inode)
        shutdown (connection->id.fd, SHUT_RDWR);
}

bool connections_use (struct connections *self, const struct connection_id *id, const char *party, size_t most,
                      moment steady)
{
    struct connection *connection = open_one (self, id);
    if (connection == NULL)
        return false;
    connection->used = ++self->uses;
    if (strcmp (connection->party, party) == 0)
        return false;
    snprintf (connection->party, sizeof connection->party, "%s", party);
    size_t count = 0;
    struct connection *oldest = NULL;
    for (size_t i = 0; i < self->count; i++) {
        struct connection *one = self->all[i];
        if (strcmp (one->party, party) != 0 || one->close_at != MOMENT_NEVER)
            continue;
        count++;
        if (one != connection && (oldest == NULL || one->used < oldest->used))
            oldest = one;
    }
    if (count <= most || oldest == NULL)
        return false;
    close_at (self, oldest, steady + CONNECTION_GRACE_MS); /* tries again, if this does not close it */
    close_now (oldest);
    return true;
}

void connections_touch (struct connections *self, const struct connection_id *id)
{
    struct connection *found = open_one (self, id);
    if (found != NULL)
        found->used = ++self->uses;
}

/* Closing */

static void close_soon (struct connections *self, struct connection *connection, moment steady)
{
    if (connection->close_at == MOMENT_NEVER)
        close_at (self, connection, steady + CONNECTION_GRACE_MS);
}

void connections_close (struct connections *self, const struct connection_id *id, moment steady)
{
    struct connection *found = open_one (self, id);
    if (found != NULL)
        close_soon (self, found, steady);
}

void connections_cut (struct connections *self, const struct connection_id *id)
{
    struct connection *found = open_one (self, id);
    if (found != NULL)
        close_now (found);
}

void connections_close_unless (struct connections *self,
                               bool (*may_stay) (const void *, const struct connection *), const void *judge,
                               moment steady)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->all[i]->id.number != 0 && !may_stay (judge, self->all[i]))
            close_soon (self, self->all[i], steady);
}

void connections_tend (struct connections *self, moment steady)
{
    if (steady < self->due)
        return;
    connections_follow (self, steady);
    self->due = MOMENT_NEVER;
    for (size_t i = 0; i < self->count; i++) {
        struct connection *one = self->all[i];
        bool is_due = one->close_at <= steady;
        if (is_due)
            close_now (one);
        close_at (self, one, is_due ? steady + CONNECTION_GRACE_MS : one->close_at);
    }
    size_t old = 0;
    while (old < self->arrival_count && self->arrivals[old].at + CONNECTION_SILENT_MS < steady)
        old++;
    forget_arrivals (self, old);
}

/* The bytes received on it so far. 0: nobody knows. */
static uint64_t received_on (const struct connection *connection)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    memset (&info, 0, sizeof info);
    return getsockopt (connection->id.fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_bytes_received : 0;
}

uint64_t connections_cut_endless (struct connections *self, moment steady)
{
    if (steady < self->endless_at)
        return self->endless;
    self->endless_at = steady + ENDLESS_MS;
    for (size_t i = 0; i < self->count; i++) {
        struct connection *one = self->all[i];
        uint64_t received = received_on (one);
        one->received += ENDLESS_GRANTED;
        if (one->heard || one->received > received)
            one->received = received;
        one->heard = false;
        if (received - one->received <= ENDLESS_BYTES)
            continue;
        one->received = received;
        self->endless++;
        close_at (self, one, steady + CONNECTION_GRACE_MS); /* tries again, if this does not close it */
        close_now (one);
    }
    return self->endless;
}

moment connections_due (const struct connections *self)
{
    return self->due;
}

moment connections_endless_due (const struct connections *self)
{
    return self->count > 0 ? self->endless_at : MOMENT_NEVER;
}
