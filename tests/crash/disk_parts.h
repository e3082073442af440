/* What the calls of disk_calls.c share with disk_record.c, which keeps what they did, and says which is to fail or
   to wait. */
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include "disk.h"

enum { DISK_MOST_FDS = 256, DISK_NOT_WATCHED = -1 };

extern struct disk_now {
    pthread_mutex_t mutex;
    struct disk_trace *trace; /* NULL: nothing is watched */
    char directory[128];
    struct disk_state names; /* as they are now; without contents */
    struct {
        int file; /* and 1 more, so that 0 is none */
        bool is_dsync;
    } fds[DISK_MOST_FDS];

    pthread_t watcher;
    bool holds, is_held;
    pthread_cond_t changed;

    bool may_fail, failed, all_fail, is_late;
    long calls, fail_at;
    enum disk_fault fault;
    int error;
} disk_now;

/* The number of the watched file, and locks. Else DISK_NOT_WATCHED, and does not. */
int disk_enter (int fd);
/* Unlocks. errno stays. */
void disk_leave (void);

/* Each notes what was done. Locked. The step is lent until the next one. */
struct disk_step *disk_add (enum disk_kind kind, int file);
void disk_add_write (int file, uint64_t offset, const void *data, size_t size);
void disk_add_name (enum disk_kind kind, int file, const char *name, const char *to);
void disk_add_sync (enum disk_kind kind, int file, size_t since, bool is_data);

/* This call is to fail, with errno set. Locked. */
bool disk_is_to_fail (bool writes);
/* It fails though it is done. */
bool disk_is_late (void);
/* Half of it is done. */
bool disk_is_short (void);
/* Waits, where a sync is to be held. Locked. */
void disk_be_held (void);
