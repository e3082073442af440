/* A view: what its thread does.

       catching up ── snapshot ──> following: event ── applied ──> acknowledged
            ^                          │
            └── what it knows may not be believed any more (view_state.h), or the stream has ended

   The thread alone uses the connection. Table and state are under the lock, which nobody holds while waiting for
   anything. */
#include "view_parts.h"

#include <stdio.h>
#include <time.h>

#include "allocate.h"
#include "attempt.h"
#include "events.h"
#include "identifier.h"
#include "problem.h"
#include "snapshot.h"
#include "view_feed.h"

enum {
    LOOK = 200,       /* ms between two looks at whether to end */
    LEFT_OUT = 10000, /* ms from one snapshot to the next that is taken only because something was left out */
};

int64_t view_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void lock (consent_view_t *self)
{
    pthread_mutex_lock (&self->lock);
}

static void unlock (consent_view_t *self)
{
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}

/* From now on nothing is permitted, for this reason. */
static void distrust (consent_view_t *self, enum consent_view_why why, const char *problem)
{
    lock (self);
    view_state_end (&self->state, why);
    snprintf (self->problem, sizeof self->problem, "%s", problem);
    unlock (self);
    self->wants_snapshot = true;
}

/* --- The snapshot ------------------------------------------------------------------------------------- */

/* One that is being taken. */
struct taking {
    struct view_table *table;
    uint64_t basis;
};

static void take_page (void *context, const Consentd__SnapshotReply *page)
{
    struct taking *self = context;
    self->basis = page->basis;
    view_feed_page (self->table, page);
}

/* Its table takes the place of the one before. */
static void put_in_place (consent_view_t *self, struct taking *taken, const struct consent_snapshot *snapshot,
                          int64_t asked)
{
    const struct view_start start = {.number = snapshot->number,
                                     .revision = snapshot->revision,
                                     .basis = taken->basis,
                                     .as_of = snapshot->as_of,
                                     .asked = asked};
    lock (self);
    struct view_table *former = self->table;
    self->table = taken->table;
    taken->table = NULL;
    view_state_place (&self->state, &start);
    self->snapshots++;
    unlock (self);
    view_table_destroy (&former);
    self->wants_snapshot = self->is_incomplete = false;
    self->attempts = 0;
    self->taken_at = attempt_now ();
}

/* The stream goes on behind the snapshot. Where it ended, or there was none, it begins anew. */
static int follow (consent_view_t *self, uint64_t number)
{
    int result = CONSENT_OK;
    if (!self->has_stream && self->registry->stream.begun)
        events_begin_anew (self->registry, number + 1);
    else if (!self->has_stream)
        result = consent_subscribe (self->registry, self->position_file, number + 1);
    self->has_stream = result == CONSENT_OK;
    return result;
}

static bool is_final (int status)
{
    return status == CONSENT_FORBIDDEN || status == CONSENT_KEY_REFUSED || status == CONSENT_INVALID ||
           status == CONSENT_ENDED || status == CONSENT_CONTRADICTED;
}

/* What cannot be put right by asking again ends the view. */
static void fail (consent_view_t *self, int status)
{
    bool contradicted = status == CONSENT_CONTRADICTED;
    self->is_over = is_final (status);
    self->attempts++;
    if (self->is_over)
        distrust (self, contradicted ? CONSENT_VIEW_CONTRADICTED : CONSENT_VIEW_ENDED,
                  consent_last_error (self->registry));
    lock (self);
    snprintf (self->problem, sizeof self->problem, "%s", consent_last_error (self->registry));
    unlock (self);
}

static void take_snapshot (consent_view_t *self)
{
    struct taking taken = {.table = view_table_new ()};
    struct consent_snapshot snapshot;
    int64_t asked = view_now ();
    int result = snapshot_take (self->registry, true, take_page, &taken, &snapshot);
    if (!result)
        result = follow (self, snapshot.number);
    if (result)
        fail (self, result);
    else
        put_in_place (self, &taken, &snapshot, asked);
    view_table_destroy (&taken.table);
}

/* --- The stream --------------------------------------------------------------------------------------- */

/* Up to which revision of the registry all is known with this message. When an event was sent, later ones may have
   been on their way; and of one change there may be several, of the same revision. */
static uint64_t known_with (const Consentd__Reply *reply)
{
    const Consentd__EventPush *push = reply->event;
    if (push->kind == CONSENTD__EVENT_KIND__HEARTBEAT)
        return reply->revision;
    return push->revision > 0 ? push->revision - 1 : 0;
}

/* Hears each event as it is delivered, and each heartbeat. */
void view_hear (void *hearer, const Consentd__Reply *reply)
{
    consent_view_t *self = hearer;
    const Consentd__EventPush *push = reply->event;
    const struct view_heard heard = {.is_event = push->kind != CONSENTD__EVENT_KIND__HEARTBEAT,
                                     .number = push->number,
                                     .revision = known_with (reply),
                                     .basis = push->basis,
                                     .stopped = push->stopped,
                                     .time = reply->time,
                                     .at = view_now ()};
    lock (self);
    enum view_news news = view_state_hear (&self->state, &heard);
    enum view_fed fed = news == VIEW_APPLY ? view_feed_event (self->table, push) : VIEW_FED;
    if (fed == VIEW_FED_DOUBT)
        view_state_end (&self->state, CONSENT_VIEW_GAP);
    unlock (self);
    self->is_incomplete |= fed == VIEW_FED_SHUT;
    self->wants_snapshot |= news == VIEW_LOST || fed == VIEW_FED_DOUBT;
}

/* The stream has ended. Of a registry in another epoch nothing is known, but it can be asked. */
static void lose_stream (consent_view_t *self, int status)
{
    self->has_stream = false;
    if (is_final (status)) {
        fail (self, status);
        return;
    }
    bool other = self->registry->stream.is_other_epoch;
    distrust (self, other ? CONSENT_VIEW_OTHER_EPOCH : CONSENT_VIEW_GAP, consent_last_error (self->registry));
}

static void listen (consent_view_t *self)
{
    struct consent_event *event;
    int result = consent_next_event (self->registry, LOOK, &event);
    if (result == CONSENT_NO_EVENT || result == CONSENT_INTERRUPTED)
        return;
    if (!result)
        result = consent_acknowledge (self->registry, event->number);
    consent_event_destroy (&event);
    if (result)
        lose_stream (self, result);
}

static bool must_take (const consent_view_t *self)
{
    return self->wants_snapshot || (self->is_incomplete && attempt_now () - self->taken_at > LEFT_OUT);
}

/* Before the next attempt, but not longer than it takes to end. */
static void rest (consent_view_t *self)
{
    int64_t until = attempt_now () + attempt_pause (self->attempts);
    while (!atomic_load (&self->stop) && attempt_now () < until)
        nanosleep (&(struct timespec){.tv_nsec = 20 * 1000000}, NULL);
}

void *view_run (void *argument)
{
    consent_view_t *self = argument;
    while (!atomic_load (&self->stop) && !self->is_over) {
        if (!must_take (self)) {
            listen (self);
            continue;
        }
        take_snapshot (self);
        if (self->wants_snapshot && !self->is_over)
            rest (self);
    }
    return NULL;
}
