/* How frames become durable: by the thread that appends, or by the helper while that thread goes on. */
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "journal_parts.h"

void journal_sync_prepare (struct journal *self)
{
    pthread_mutex_init (&self->mutex, NULL);
    pthread_cond_init (&self->asked, NULL);
    pthread_cond_init (&self->finished, NULL);
    self->told = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (self->told < 0)
        abort (); /* no descriptor is left, so early */
}

void journal_sync_end (struct journal *self)
{
    if (self->has_helper) {
        pthread_mutex_lock (&self->mutex);
        self->stopping = true;
        pthread_cond_signal (&self->asked);
        pthread_mutex_unlock (&self->mutex);
        pthread_join (self->helper, NULL);
    }
    pthread_mutex_destroy (&self->mutex);
    pthread_cond_destroy (&self->asked);
    pthread_cond_destroy (&self->finished);
    close (self->told);
}

static int sync_file (const struct journal *self, int64_t *took)
{
    int64_t began_at = histogram_clock ();
    int rc = fdatasync (self->fd) == 0 ? 0 : -errno;
    *took = histogram_clock () - began_at;
    return rc;
}

/* The helper. It ends only between two syncs. */
static void *help (void *context)
{
    struct journal *self = context;
    pthread_mutex_lock (&self->mutex);
    for (;;) {
        while (self->state != HELPER_SYNCING && !self->stopping)
            pthread_cond_wait (&self->asked, &self->mutex);
        if (self->state != HELPER_SYNCING)
            break;
        pthread_mutex_unlock (&self->mutex);
        int64_t took;
        int result = sync_file (self, &took);
        pthread_mutex_lock (&self->mutex);
        self->result = result;
        self->took = took;
        self->state = HELPER_FINISHED;
        pthread_cond_signal (&self->finished);
        eventfd_write (self->told, 1);
    }
    pthread_mutex_unlock (&self->mutex);
    return NULL;
}

/* The mutex is locked. Notes what the helper has finished. */
static void note_finished (struct journal *self)
{
    if (self->state != HELPER_FINISHED)
        return;
    eventfd_t count;
    eventfd_read (self->told, &count);
    self->state = HELPER_IDLE;
    histogram_add (&self->syncs, self->took);
    if (self->result != 0)
        self->is_dead = true;
    else if (self->target > self->durable)
        self->durable = self->target;
}

/* Waits until the helper rests, and notes what it has finished. */
static void await_helper (struct journal *self)
{
    pthread_mutex_lock (&self->mutex);
    while (self->state == HELPER_SYNCING)
        pthread_cond_wait (&self->finished, &self->mutex);
    note_finished (self);
    pthread_mutex_unlock (&self->mutex);
}

int journal_sync (struct journal *self)
{
    await_helper (self);
    if (!self->is_dead && self->durable < self->last.number) {
        int64_t took;
        self->is_dead = sync_file (self, &took) != 0;
        histogram_add (&self->syncs, took);
        if (!self->is_dead)
            self->durable = self->last.number;
    }
    return self->is_dead ? STORE_DEAD : 0;
}

int journal_sync_begin (struct journal *self)
{
    int rc = 0;
    pthread_mutex_lock (&self->mutex);
    note_finished (self);
    if (!self->has_helper) {
        rc = -pthread_create (&self->helper, NULL, help, self);
        self->has_helper = rc == 0;
    }
    if (rc == 0 && self->state == HELPER_IDLE && self->durable < self->last.number && !self->is_dead) {
        self->state = HELPER_SYNCING;
        self->target = self->last.number;
        pthread_cond_signal (&self->asked);
    }
    pthread_mutex_unlock (&self->mutex);
    return rc;
}

bool journal_is_syncing (struct journal *self)
{
    pthread_mutex_lock (&self->mutex);
    bool is_syncing = self->state == HELPER_SYNCING;
    pthread_mutex_unlock (&self->mutex);
    return is_syncing;
}

int journal_sync_fd (const struct journal *self)
{
    return self->told;
}

int journal_durable (struct journal *self, uint64_t *number)
{
    pthread_mutex_lock (&self->mutex);
    note_finished (self);
    pthread_mutex_unlock (&self->mutex);
    *number = self->durable;
    return self->is_dead ? STORE_DEAD : 0;
}

const struct histogram *journal_syncs (const struct journal *self)
{
    return &self->syncs;
}
