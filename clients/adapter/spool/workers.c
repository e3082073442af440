#include "workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "allocate.h"

enum { THREADS_MAX = 16, BESIDE = 10 /* as nice(2): a tenth of what others have */ };

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t begins, ends;
    pthread_t threads[THREADS_MAX];
    size_t thread_count;
    bool beside;
    /* What is shared, under the lock. */
    workers_work *work;
    void *context;
    size_t next, count; /* of the numbers: those below `next` have been taken */
    size_t busy;        /* threads that are at one */
    bool over;
};

/* Takes numbers until there are none. Under the lock, which is open during each. */
static void take_part (struct workers *self)
{
    self->busy++;
    while (self->next < self->count) {
        size_t number = self->next++;
        pthread_mutex_unlock (&self->lock);
        self->work (self->context, number);
        pthread_mutex_lock (&self->lock);
    }
    if (--self->busy == 0)
        pthread_cond_signal (&self->ends);
}

static void *run (void *argument)
{
    struct workers *self = argument;
    if (self->beside)
        setpriority (PRIO_PROCESS, (id_t)gettid (),
                     BESIDE); /* of this thread; where that may not be, it is as others */
    pthread_mutex_lock (&self->lock);
    while (!self->over) {
        if (self->next < self->count)
            take_part (self);
        else
            pthread_cond_wait (&self->begins, &self->lock);
    }
    pthread_mutex_unlock (&self->lock);
    return NULL;
}

/* Signals are the caller's. */
static void begin_threads (struct workers *self, size_t threads)
{
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    for (size_t i = 0; i < threads && i < THREADS_MAX; i++) {
        if (pthread_create (&self->threads[self->thread_count], NULL, run, self) == 0)
            self->thread_count++;
    }
    pthread_sigmask (SIG_SETMASK, &before, NULL);
}

struct workers *workers_new (size_t threads, bool beside)
{
    struct workers *self = allocate (1, sizeof *self);
    self->beside = beside;
    pthread_mutex_init (&self->lock, NULL);
    pthread_cond_init (&self->begins, NULL);
    pthread_cond_init (&self->ends, NULL);
    begin_threads (self, threads);
    return self;
}

void workers_destroy (struct workers **self_p)
{
    struct workers *self = *self_p;
    if (!self)
        return;
    pthread_mutex_lock (&self->lock);
    self->over = true;
    pthread_cond_broadcast (&self->begins);
    pthread_mutex_unlock (&self->lock);
    for (size_t i = 0; i < self->thread_count; i++)
        pthread_join (self->threads[i], NULL);
    pthread_cond_destroy (&self->begins);
    pthread_cond_destroy (&self->ends);
    pthread_mutex_destroy (&self->lock);
    free (self);
    *self_p = NULL;
}

void workers_begin (struct workers *self, workers_work *work, void *context)
{
    pthread_mutex_lock (&self->lock);
    self->work = work;
    self->context = context;
    self->next = self->count = 0;
    pthread_mutex_unlock (&self->lock);
}

void workers_add (struct workers *self)
{
    pthread_mutex_lock (&self->lock);
    self->count++;
    pthread_cond_signal (&self->begins);
    pthread_mutex_unlock (&self->lock);
}

void workers_wait (struct workers *self)
{
    pthread_mutex_lock (&self->lock);
    take_part (self);
    while (self->busy > 0)
        pthread_cond_wait (&self->ends, &self->lock);
    self->next = self->count = 0;
    pthread_mutex_unlock (&self->lock);
}

void workers_share (struct workers *self, size_t count, workers_work *work, void *context)
{
    workers_begin (self, work, context);
    pthread_mutex_lock (&self->lock);
    self->count = count;
    pthread_cond_broadcast (&self->begins);
    pthread_mutex_unlock (&self->lock);
    workers_wait (self);
}
