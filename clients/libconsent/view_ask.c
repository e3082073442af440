/* A view: opened, closed and asked. */
#include "view_parts.h"

#include <stdio.h>
#include <time.h>

#include "allocate.h"
#include "problem.h"

enum {
    SILENCE = 15000,
    TIMEOUT = 2000,
};

static void set_up (consent_view_t *self, const struct consent_view_options *options)
{
    pthread_condattr_t attributes;
    pthread_condattr_init (&attributes);
    pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
    pthread_cond_init (&self->changed, &attributes);
    pthread_condattr_destroy (&attributes);
    pthread_mutex_init (&self->lock, NULL);
    self->table = view_table_new ();
    self->state.silence = options->silence > 0 ? options->silence : SILENCE;
    self->wants_snapshot = true;
    self->position_file = options->position_file ? allocate_text (options->position_file) : NULL;
    consent_set_timeout (self->registry, options->timeout > 0 ? options->timeout : TIMEOUT);
    consent_set_attempts (self->registry, 1); /* it tries again by itself */
    consent_set_patience (self->registry, 0);
    consent_set_silence (self->registry, self->state.silence);
    self->registry->effects = true;
    self->registry->hear = view_hear;
    self->registry->hearer = self;
}

static void tear_down (consent_view_t *self)
{
    consent_close (&self->registry);
    view_table_destroy (&self->table);
    pthread_cond_destroy (&self->changed);
    pthread_mutex_destroy (&self->lock);
    free (self->position_file);
    free (self);
}

consent_view_t *consent_view_open (const char *key_file, const struct consent_view_options *options, char *error,
                                   size_t size)
{
    static const struct consent_view_options by_default = {.consumer = NULL};
    consent_view_t *self = allocate (1, sizeof *self);
    options = options ? options : &by_default;
    self->registry = consent_open (key_file, error, size);
    if (!self->registry) {
        free (self);
        return NULL;
    }
    set_up (self, options);
    /* Never that of another system: a view acknowledges what it took in, and that system would not hear it. */
    int result = consent_set_consumer (self->registry, options->consumer ? options->consumer : "view");
    if (!result && !self->registry->key.events[0])
        result = connection_fail (self->registry, CONSENT_INVALID, "the key file names no events endpoint");
    if (result) {
        snprintf (error, size, "%s", consent_last_error (self->registry));
        tear_down (self);
        return NULL;
    }
    result = pthread_create (&self->thread, NULL, view_run, self);
    if (!result)
        return self;
    snprintf (error, size, "no thread: %s", problem_words (-result));
    tear_down (self);
    return NULL;
}

void consent_view_close (consent_view_t **self_p)
{
    consent_view_t *self = *self_p;
    if (!self)
        return;
    atomic_store (&self->stop, true);
    pthread_join (self->thread, NULL);
    tear_down (self);
    *self_p = NULL;
}

static const char *text_of (const char *text)
{
    return text ? text : "";
}

static enum consent_view_why look_up (const consent_view_t *self, const struct consent_view_question *question,
                                      int64_t now)
{
    const struct view_flow flow = {text_of (question->provider), text_of (question->recipient),
                                   text_of (question->purpose), text_of (question->category),
                                   text_of (question->case_ref)};
    uint8_t subject[ID_BYTES];
    if (!consent_unhex (text_of (question->subject_ref), subject))
        return CONSENT_VIEW_NOT_PERMITTED;
    enum view_found found = view_table_find (self->table, subject, &flow, view_state_time (&self->state, now));
    return found == VIEW_PERMITTED ? CONSENT_VIEW_PERMITTED
           : found == VIEW_SHUT    ? CONSENT_VIEW_LEFT_OUT
                                   : CONSENT_VIEW_NOT_PERMITTED;
}

/* The time is looked at under the lock: a process that was stopped before it must not answer by the time before.
 */
void consent_view_ask (consent_view_t *self, const struct consent_view_question *question,
                       struct consent_view_answer *answer)
{
    pthread_mutex_lock (&self->lock);
    int64_t now = view_now ();
    enum consent_view_why why = view_state_judge (&self->state, now);
    if (why == CONSENT_VIEW_NOT_PERMITTED)
        why = look_up (self, question, now);
    *answer = (struct consent_view_answer){.permitted = why == CONSENT_VIEW_PERMITTED,
                                           .why = why,
                                           .revision = self->state.revision,
                                           .heard_ms = view_state_age (&self->state, now)};
    pthread_mutex_unlock (&self->lock);
}

void consent_view_status (consent_view_t *self, struct consent_view_status *status)
{
    pthread_mutex_lock (&self->lock);
    int64_t now = view_now ();
    *status = (struct consent_view_status){.why = view_state_judge (&self->state, now),
                                           .number = self->state.number,
                                           .revision = self->state.revision,
                                           .heard_ms = view_state_age (&self->state, now),
                                           .permits = view_table_count (self->table),
                                           .snapshots = self->snapshots};
    memcpy (status->problem, self->problem, sizeof status->problem);
    pthread_mutex_unlock (&self->lock);
}

bool consent_view_wait (consent_view_t *self, int timeout)
{
    struct timespec until;
    int expired = 0;
    clock_gettime (CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout / 1000;
    until.tv_nsec += (long)(timeout % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock (&self->lock);
    while (view_state_judge (&self->state, view_now ()) != CONSENT_VIEW_NOT_PERMITTED && !expired)
        expired = pthread_cond_timedwait (&self->changed, &self->lock, &until);
    bool caught_up = view_state_judge (&self->state, view_now ()) == CONSENT_VIEW_NOT_PERMITTED;
    pthread_mutex_unlock (&self->lock);
    return caught_up;
}

const char *consent_view_why_name (enum consent_view_why why)
{
    static const char *const names[] = {
        [CONSENT_VIEW_NOT_PERMITTED] = "NOT_PERMITTED",
        [CONSENT_VIEW_CATCHING_UP] = "CATCHING_UP",
        [CONSENT_VIEW_SILENT] = "SILENT",
        [CONSENT_VIEW_GAP] = "GAP",
        [CONSENT_VIEW_OTHER_EPOCH] = "OTHER_EPOCH",
        [CONSENT_VIEW_OTHER_BASIS] = "OTHER_BASIS",
        [CONSENT_VIEW_LEFT_OUT] = "LEFT_OUT",
        [CONSENT_VIEW_CLOCK] = "CLOCK",
        [CONSENT_VIEW_CONTRADICTED] = "CONTRADICTED",
        [CONSENT_VIEW_ENDED] = "ENDED",
        [CONSENT_VIEW_PERMITTED] = "PERMITTED",
    };
    return (unsigned)why < sizeof names / sizeof *names && names[why] ? names[why] : "UNKNOWN";
}
