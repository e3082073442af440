#include "pool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ATTEMPTS = 2, /* the caller can ask again, and should hear soon that it must */
    PATIENCE = 0, /* who asks too much hears so, and waits by itself */
    WAIT = 2,     /* s, for a connection that is free */
};

/* What one party has. */
struct lane {
    consent_t **idle; /* the last one is taken first */
    size_t idle_count;
};

struct pool {
    const struct bridge *bridge;
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct lane *lanes;
};

static struct lane *lane_of (struct pool *self, const struct bridge_party *party)
{
    return &self->lanes[party - self->bridge->parties];
}

static bool open_lane (struct pool *self, const struct bridge_party *party, char *error, size_t size)
{
    struct lane *lane = lane_of (self, party);
    lane->idle = calloc (self->bridge->per_party, sizeof *lane->idle);
    if (!lane->idle)
        abort ();
    while (lane->idle_count < self->bridge->per_party) {
        consent_t *connection = consent_open (party->key, error, size);
        if (!connection)
            return false;
        lane->idle[lane->idle_count++] = connection;
        consent_set_timeout (connection, self->bridge->timeout);
        consent_set_attempts (connection, ATTEMPTS);
        consent_set_patience (connection, PATIENCE);
        consent_set_absent (connection, CONSENT_ABSENT_ALWAYS);
    }
    if (strcmp (consent_party (lane->idle[0]), party->id) == 0)
        return true;
    snprintf (error, size, "%s is the key file of another party than %s", party->key, party->id);
    return false;
}

struct pool *pool_new (const struct bridge *bridge, char *error, size_t size)
{
    struct pool *self = calloc (1, sizeof *self);
    pthread_condattr_t attributes;
    if (!self || !(self->lanes = calloc (bridge->party_count, sizeof *self->lanes)))
        abort ();
    self->bridge = bridge;
    pthread_mutex_init (&self->lock, NULL);
    pthread_condattr_init (&attributes);
    pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
    pthread_cond_init (&self->given, &attributes);
    pthread_condattr_destroy (&attributes);
    for (size_t i = 0; i < bridge->party_count && self; i++)
        if (!open_lane (self, &bridge->parties[i], error, size))
            pool_destroy (&self);
    return self;
}

void pool_destroy (struct pool **self_p)
{
    struct pool *self = *self_p;
    if (!self)
        return;
    for (size_t i = 0; i < self->bridge->party_count; i++) {
        for (size_t j = 0; j < self->lanes[i].idle_count; j++)
            consent_close (&self->lanes[i].idle[j]);
        free (self->lanes[i].idle);
    }
    pthread_cond_destroy (&self->given);
    pthread_mutex_destroy (&self->lock);
    free (self->lanes);
    free (self);
    *self_p = NULL;
}

consent_t *pool_take (struct pool *self, const struct bridge_party *party)
{
    struct lane *lane = lane_of (self, party);
    struct timespec end;
    int late = 0;
    clock_gettime (CLOCK_MONOTONIC, &end);
    end.tv_sec += WAIT;
    pthread_mutex_lock (&self->lock);
    while (lane->idle_count == 0 && !late)
        late = pthread_cond_timedwait (&self->given, &self->lock, &end);
    consent_t *connection = lane->idle_count > 0 ? lane->idle[--lane->idle_count] : NULL;
    pthread_mutex_unlock (&self->lock);
    return connection;
}

void pool_give (struct pool *self, const struct bridge_party *party, consent_t *connection)
{
    struct lane *lane = lane_of (self, party);
    pthread_mutex_lock (&self->lock);
    lane->idle[lane->idle_count++] = connection;
    pthread_cond_broadcast (&self->given);
    pthread_mutex_unlock (&self->lock);
}
