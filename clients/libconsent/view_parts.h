/* What a view holds: what its thread does (view.c) and what is asked of it (view_ask.c) share. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "connection.h"
#include "view_state.h"
#include "view_table.h"

struct consent_view {
    pthread_t thread;
    atomic_bool stop;
    /* The thread's: */
    consent_t *registry;
    char *position_file;
    bool wants_snapshot; /* what is known may not be believed any more */
    bool is_incomplete;  /* of some subject it may not */
    bool has_stream;
    bool is_over;
    int attempts;     /* to take a snapshot, since one succeeded */
    int64_t taken_at; /* the last one, by attempt_now */
    /* Under the lock: */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct view_table *table;
    struct view_state state;
    uint64_t snapshots;
    char problem[256];
};

/* view.c: what the thread runs, with the view as its argument. */
void *view_run (void *argument);
/* view.c: what the connection calls, with the view as its hearer. */
void view_hear (void *hearer, const Consentd__Reply *reply);
/* Milliseconds of CLOCK_BOOTTIME, which goes on while the machine sleeps. */
int64_t view_now (void);
