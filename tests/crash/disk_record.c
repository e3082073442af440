/* What the disk was asked: recorded while it is watched. And what is to become of the next calls: which fails, and
   which sync is held. */
#include "disk.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "disk_parts.h"

struct disk_now disk_now = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* --- Recording ---------------------------------------------------------------------------------------- */

struct disk_step *disk_add (enum disk_kind kind, int file)
{
    struct disk_trace *trace = disk_now.trace;
    if (trace->count == trace->room) {
        trace->room = trace->room * 2 + 1024;
        trace->steps = realloc (trace->steps, trace->room * sizeof *trace->steps);
        assert (trace->steps != NULL);
    }
    struct disk_step *step = &trace->steps[trace->count++];
    *step = (struct disk_step){.kind = kind, .file = file};
    return step;
}

void disk_add_write (int file, uint64_t offset, const void *data, size_t size)
{
    struct disk_step *step = disk_add (DISK_WRITE, file);
    step->offset = offset;
    step->size = size;
    step->data = malloc (size + 1);
    assert (step->data != NULL);
    memcpy (step->data, data, size);
}

void disk_add_name (enum disk_kind kind, int file, const char *name, const char *to)
{
    struct disk_step *step = disk_add (kind, file);
    snprintf (step->name, sizeof step->name, "%s", name);
    snprintf (step->to, sizeof step->to, "%s", to);
    disk_state_apply (&disk_now.names, step);
}

void disk_add_sync (enum disk_kind kind, int file, size_t since, bool is_data)
{
    struct disk_step *step = disk_add (kind, file);
    step->since = since;
    step->is_data = is_data;
}

void disk_watch (struct disk_trace *trace, const char *directory)
{
    *trace = (struct disk_trace){.files = 1};
    disk_state_read (&trace->before, directory);
    memcpy (disk_now.names.names, trace->before.names, sizeof disk_now.names.names);
    for (int i = 0; i < DISK_FILES; i++) {
        const struct disk_name *name = &trace->before.names[i];
        if (name->name[0] == 0)
            continue;
        memcpy (trace->first_name[name->file], name->name, DISK_NAME);
        trace->files = name->file >= trace->files ? name->file + 1 : trace->files;
    }
    snprintf (disk_now.directory, sizeof disk_now.directory, "%s", directory);
    memset (disk_now.fds, 0, sizeof disk_now.fds);
    disk_now.watcher = pthread_self ();
    disk_now.trace = trace;
}

bool disk_end_watch (void)
{
    struct disk_trace *trace = disk_now.trace;
    struct disk_state there;
    struct disk all;
    disk_now.trace = NULL;
    disk_start (&all, trace);
    for (size_t i = 0; i < trace->count; i++)
        disk_state_apply (&all.state, &trace->steps[i]);
    disk_state_read (&there, disk_now.directory);
    bool is_equal = disk_state_is_equal (&all.state, &there);
    disk_state_free (&there);
    disk_free (&all);
    return is_equal;
}

void disk_trace_free (struct disk_trace *trace)
{
    for (size_t i = 0; i < trace->count; i++)
        free (trace->steps[i].data);
    free (trace->steps);
    disk_state_free (&trace->before);
    *trace = (struct disk_trace){.steps = NULL};
}

void disk_mark (enum disk_kind kind, uint64_t turn)
{
    if (disk_now.trace == NULL)
        return;
    pthread_mutex_lock (&disk_now.mutex);
    disk_add (kind, DISK_DIRECTORY)->turn = turn;
    pthread_mutex_unlock (&disk_now.mutex);
}

int disk_enter (int fd)
{
    if (disk_now.trace == NULL || fd < 0 || fd >= DISK_MOST_FDS || disk_now.fds[fd].file == 0)
        return DISK_NOT_WATCHED;
    pthread_mutex_lock (&disk_now.mutex);
    return disk_now.fds[fd].file - 1;
}

void disk_leave (void)
{
    int kept = errno;
    pthread_mutex_unlock (&disk_now.mutex);
    errno = kept;
}

/* --- Faults ------------------------------------------------------------------------------------------- */

void disk_fail (long at, enum disk_fault fault, int error)
{
    disk_now.calls = 0;
    disk_now.fail_at = at;
    disk_now.fault = fault;
    disk_now.error = error;
    disk_now.failed = disk_now.all_fail = false;
    disk_now.may_fail = true;
}

long disk_end_fail (bool *failed)
{
    disk_now.may_fail = false;
    *failed = disk_now.failed;
    return disk_now.calls;
}

bool disk_is_to_fail (bool writes)
{
    if (!disk_now.may_fail)
        return false;
    bool fails = disk_now.calls++ == disk_now.fail_at || (disk_now.all_fail && writes);
    disk_now.is_late =
        disk_now.fault == DISK_FAILS_LATE || (disk_now.fault == DISK_FAILS_LATE_ALL && !disk_now.all_fail);
    if (fails && (disk_now.fault == DISK_FAILS_ALL || disk_now.fault == DISK_FAILS_LATE_ALL))
        disk_now.all_fail = true;
    disk_now.failed = disk_now.failed || fails;
    errno = fails ? disk_now.error : errno;
    return fails;
}

bool disk_is_late (void)
{
    return disk_now.is_late;
}

bool disk_is_short (void)
{
    return disk_now.fault == DISK_IS_SHORT;
}

/* --- Holding a sync ----------------------------------------------------------------------------------- */

void disk_hold (void)
{
    disk_now.holds = true;
}

void disk_await_held (void)
{
    pthread_mutex_lock (&disk_now.mutex);
    while (disk_now.holds && !disk_now.is_held)
        pthread_cond_wait (&disk_now.changed, &disk_now.mutex);
    pthread_mutex_unlock (&disk_now.mutex);
}

void disk_release (void)
{
    pthread_mutex_lock (&disk_now.mutex);
    disk_now.holds = false;
    pthread_cond_broadcast (&disk_now.changed);
    pthread_mutex_unlock (&disk_now.mutex);
}

void disk_be_held (void)
{
    struct timespec until;
    if (!disk_now.holds || pthread_equal (pthread_self (), disk_now.watcher))
        return;
    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_nsec += 100 * 1000 * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    disk_now.is_held = true;
    pthread_cond_broadcast (&disk_now.changed);
    while (disk_now.holds && pthread_cond_timedwait (&disk_now.changed, &disk_now.mutex, &until) == 0)
        ;
    disk_now.is_held = disk_now.holds = false;
}
