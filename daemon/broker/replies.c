#include "replies.h"
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The bytes that are unread. ZeroMQ's threads subtract from it, so it lives until the last message is released. */
struct tally {
    atomic_size_t bytes;
    atomic_uint holders; /* the table, the messages and, for a party, the tallies of its connections */
    struct tally *party; /* of a connection's tally; NULL: this is a party's tally */
    uint64_t number;     /* of the sign-in */
    char id[33];         /* of a party */
    struct tally *next;  /* in the list of all parties that ever came */
};

struct replies {
    struct tally **by_fd[CHANNELS];
    size_t fds[CHANNELS];
    struct tally *parties;
};

/* An answer in ZeroMQ's hands. The tally is set last and read first: by that the thread that releases the answer
   has all of it from the one that made it. ZeroMQ's pipe gives it on in that order too, but no tool sees that. */
struct answer {
    struct tally *_Atomic tally;
    size_t size;
    char data[];
};

static void *allocate (size_t size)
{
    void *made = calloc (1, size);
    if (made == NULL)
        abort ();
    return made;
}

static void let_go (struct tally *tally)
{
    if (atomic_fetch_sub (&tally->holders, 1) > 1)
        return;
    if (tally->party != NULL)
        let_go (tally->party);
    free (tally);
}

struct replies *replies_new (void)
{
    return allocate (sizeof (struct replies));
}

void replies_destroy (struct replies **self_p)
{
    struct replies *self = *self_p;
    if (self == NULL)
        return;
    for (unsigned channel = 0; channel < CHANNELS; channel++) {
        for (size_t i = 0; i < self->fds[channel]; i++)
            if (self->by_fd[channel][i] != NULL)
                let_go (self->by_fd[channel][i]);
        free (self->by_fd[channel]);
    }
    for (struct tally *party = self->parties, *next; party != NULL; party = next) {
        next = party->next;
        let_go (party);
    }
    free (self);
    *self_p = NULL;
}

static struct tally *find_tally (const struct replies *self, const struct connection_id *connection)
{
    size_t fd = (size_t)connection->fd;
    if (connection->fd < 0 || fd >= self->fds[connection->channel])
        return NULL;
    struct tally *found = self->by_fd[connection->channel][fd];
    return found != NULL && found->number == connection->number ? found : NULL;
}

static struct tally *party_of (struct replies *self, const char *id)
{
    struct tally *party = self->parties;
    while (party != NULL && strcmp (party->id, id) != 0)
        party = party->next;
    if (party == NULL) {
        party = allocate (sizeof *party);
        strncpy (party->id, id, sizeof party->id - 1);
        atomic_init (&party->holders, 1);
        party->next = self->parties;
        self->parties = party;
    }
    return party;
}

/* The place of a descriptor in the table. */
static struct tally **place_of (struct replies *self, enum channel channel, size_t fd)
{
    if (fd >= self->fds[channel]) {
        size_t fds = 2 * fd + 64;
        struct tally **grown = realloc (self->by_fd[channel], fds * sizeof *grown);
        if (grown == NULL)
            abort ();
        memset (grown + self->fds[channel], 0, (fds - self->fds[channel]) * sizeof *grown);
        self->by_fd[channel] = grown;
        self->fds[channel] = fds;
    }
    return &self->by_fd[channel][fd];
}

void replies_open (struct replies *self, const struct connection_id *connection, const char *party)
{
    if (connection->fd < 0 || find_tally (self, connection) != NULL)
        return;
    struct tally **place = place_of (self, connection->channel, (size_t)connection->fd);
    if (*place != NULL)
        let_go (*place);
    struct tally *made = *place = allocate (sizeof *made);
    atomic_init (&made->holders, 1);
    made->number = connection->number;
    made->party = party_of (self, party);
    atomic_fetch_add (&made->party->holders, 1);
}

void replies_close (struct replies *self, const struct connection_id *connection)
{
    struct tally *found = find_tally (self, connection);
    if (found == NULL)
        return;
    self->by_fd[connection->channel][connection->fd] = NULL;
    let_go (found);
}

bool replies_may_answer (const struct replies *self, const struct connection_id *connection)
{
    struct tally *found = find_tally (self, connection);
    return found == NULL || (atomic_load (&found->holders) <= REPLIES_CONNECTION_COUNT &&
                             atomic_load (&found->bytes) < REPLIES_CONNECTION_BYTES &&
                             atomic_load (&found->party->bytes) < REPLIES_PARTY_BYTES);
}

bool replies_may_refuse (const struct replies *self, const struct connection_id *connection)
{
    struct tally *found = find_tally (self, connection);
    return found == NULL || atomic_load (&found->holders) <= REPLIES_QUEUE;
}

/* Runs in any of ZeroMQ's threads. */
static void release (void *data, void *hint)
{
    (void)data;
    struct answer *answer = hint;
    struct tally *tally = atomic_load (&answer->tally);
    if (tally != NULL) {
        atomic_fetch_sub (&tally->bytes, answer->size);
        atomic_fetch_sub (&tally->party->bytes, answer->size);
        let_go (tally);
    }
    free (answer);
}

void replies_message (struct replies *self, const struct connection_id *connection, struct bytes answer,
                      zmq_msg_t *message)
{
    struct answer *made = malloc (sizeof *made + answer.size);
    if (made == NULL)
        abort ();
    memcpy (made->data, answer.data, answer.size);
    made->size = answer.size;
    struct tally *tally = find_tally (self, connection);
    if (tally != NULL) {
        atomic_fetch_add (&tally->holders, 1);
        atomic_fetch_add (&tally->bytes, answer.size);
        atomic_fetch_add (&tally->party->bytes, answer.size);
    }
    atomic_store (&made->tally, tally);
    if (zmq_msg_init_data (message, made->data, answer.size, release, made) != 0)
        abort ();
}
