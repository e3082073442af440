/* What a client makes of its stream of events (section 6). It says "event NUMBER KIND CONSENT_ID" of each that it
   took, and "doubt" when it believes nothing any more that it holds on the ground of a consent. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "courses.h"
#include "forge.h"

enum {
    LONG_AFTER = 1500, /* ms in which a client that would subscribe again most likely has */
    BUSY_FOR = 1500,   /* ms */
    MOST_TRIES = 6,    /* in that time, of a client that pauses */
};

/* --- Watching, and meddling ------------------------------------------------------------------------------ */

static enum fate take_subscription (struct trial *self, const Consentd__Request *asked)
{
    self->subscribes++;
    self->from = asked->subscribe->from;
    if (!self->is_busy || asked->idempotency_key.len != 16)
        return PASS;
    if (self->due == 0)
        self->due = trial_clock () + BUSY_FOR;
    if (trial_clock () >= self->due)
        return PASS;
    forge_busy (self, asked->idempotency_key.data);
    return SWALLOW;
}

enum fate listen_watch (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    struct trial *self = of;
    (void)bytes;
    (void)size;
    if (asked->body_case == CONSENTD__REQUEST__BODY_SUBSCRIBE)
        return take_subscription (self, asked);
    if (asked->body_case == CONSENTD__REQUEST__BODY_ACKNOWLEDGE && asked->acknowledge->number > self->acknowledged)
        self->acknowledged = asked->acknowledge->number;
    return PASS;
}

bool listen_is_ours (const struct trial *self, const Consentd__Reply *told)
{
    char id[CONSENT_ID_SIZE] = "";
    if (told->body_case != CONSENTD__REPLY__BODY_EVENT || told->event->consent_id.len != 16)
        return false;
    for (size_t i = 0; i < 16; i++)
        snprintf (id + 2 * i, 3, "%02x", told->event->consent_id.data[i]);
    return strcmp (id, self->subject.consent_id) == 0 &&
           told->event->kind == CONSENTD__EVENT_KIND__CONSENT_REVOKED;
}

static enum fate leave_gap (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    if (listen_is_ours (self, told)) {
        told->event->number++;
        self->meddled = true;
    }
    return PASS;
}

static enum fate change_epoch (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    if (listen_is_ours (self, told) && told->epoch.len == 16) {
        told->epoch.data[0] ^= 0xff;
        self->meddled = true;
    }
    return PASS;
}

/* Nothing is heard behind it, by which a client that passes over it would notice all the same. */
static enum fate say_dropped (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    if (self->meddled && told->body_case == CONSENTD__REPLY__BODY_EVENT)
        return SWALLOW;
    if (!listen_is_ours (self, told))
        return PASS;
    forge_push (self, &told->epoch, CONSENTD__EVENT_KIND__EVENTS_DROPPED, told->event->number);
    self->meddled = true;
    return SWALLOW;
}

/* The event is lost, and two heartbeats count it. */
static enum fate count_more (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    if (self->meddled && told->body_case == CONSENTD__REPLY__BODY_EVENT)
        return SWALLOW;
    if (!listen_is_ours (self, told))
        return PASS;
    for (int i = 0; i < 2; i++)
        forge_push (self, &told->epoch, CONSENTD__EVENT_KIND__HEARTBEAT, told->event->number);
    self->meddled = true;
    return SWALLOW;
}

/* One event was dropped before it came back. */
static enum fate say_dropped_before (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    if (told->body_case == CONSENTD__REPLY__BODY_EVENT)
        return SWALLOW;
    if (told->body_case != CONSENTD__REPLY__BODY_SUBSCRIBE)
        return PASS;
    told->subscribe->first_dropped = told->subscribe->last_dropped = self->acknowledged + 1;
    told->subscribe->newest = self->acknowledged + 1;
    told->subscribe->next = self->acknowledged + 2;
    return PASS;
}

static enum fate say_ended (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    if (!listen_is_ours (self, told))
        return PASS;
    forge_push (self, &told->epoch, CONSENTD__EVENT_KIND__ENDED, 0);
    if (!self->meddled)
        self->subscribes = 0;
    self->meddled = true;
    return SWALLOW;
}

/* Nothing is pushed any more once the case has begun. */
static enum fate fall_silent (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    return self->meddled && told->body_case == CONSENTD__REPLY__BODY_EVENT ? SWALLOW : PASS;
}

/* --- Running --------------------------------------------------------------------------------------------- */

static bool is_current (struct trial *self)
{
    return tested_said (&self->tested, "current");
}

static bool has_heard (struct trial *self)
{
    uint64_t number = tested_heard (&self->tested, "CONSENT_REVOKED", self->subject.consent_id);
    return number > 0 && self->acknowledged >= number;
}

static bool has_ended (struct trial *self)
{
    return self->tested.ended;
}

static bool doubts (struct trial *self)
{
    return tested_said (&self->tested, "doubt");
}

static bool has_subscribed_again (struct trial *self)
{
    return self->subscribes > 0;
}

int listen_begin (struct trial *self)
{
    if (subject_begin (&self->subject, self->plan->team, &self->plan->asked) ||
        subject_consent (&self->subject, 1, false))
        return trial_fail (self, "%s", self->subject.error);
    return 0;
}

int listen_start (struct trial *self, const char *key, enum fate (*told) (void *, Consentd__Reply *))
{
    const char *words[] = {"listen", key, self->plan->position, NULL};
    const struct meddler meddler = {listen_watch, told, self};
    middle_meddle (self->plan->middle, &meddler);
    int error = tested_start (&self->tested, self->plan->program, words, "", true);
    return error ? trial_fail (self, "cannot be started: %s", strerror (-error)) : 0;
}

int listen_until_current (struct trial *self)
{
    return trial_until (self, is_current) ? 0 : trial_fail (self, "has not said 'current'");
}

static int listen_with (struct trial *self, enum fate (*told) (void *, Consentd__Reply *))
{
    int error = listen_start (self, self->plan->key, told);
    return error ? error : listen_until_current (self);
}

int listen_withdraw (struct trial *self)
{
    return subject_withdraw (&self->subject) ? trial_fail (self, "%s", self->subject.error) : 0;
}

/* Hears the withdrawal, and ends when it is let go. */
int listen_hear (struct trial *self)
{
    if (!trial_until (self, has_heard))
        return tested_heard (&self->tested, "CONSENT_REVOKED", self->subject.consent_id) > 0
                   ? trial_fail (self, "has not acknowledged the withdrawal")
                   : trial_fail (self, "has not said 'event NUMBER CONSENT_REVOKED %s'", self->subject.consent_id);
    tested_let_go (&self->tested);
    if (!trial_until (self, has_ended))
        return trial_fail (self, "has not ended after its standard input did");
    tested_stop (&self->tested);
    return 0;
}

static int run_heard (struct trial *self)
{
    int error = listen_begin (self);
    if (!error)
        error = listen_with (self, NULL);
    if (!error)
        error = listen_withdraw (self);
    return error ? error : listen_hear (self);
}

static int run_busy (struct trial *self)
{
    self->is_busy = true;
    int error = listen_with (self, NULL);
    if (!error && self->subscribes > MOST_TRIES)
        error = trial_fail (self, "subscribed %u times within %d ms", self->subscribes, BUSY_FOR);
    return error;
}

static int run_away (struct trial *self)
{
    char before[CONSENT_ID_SIZE];
    int error = run_heard (self);
    uint64_t last = self->acknowledged;
    memcpy (before, self->subject.consent_id, sizeof before);
    if (!error)
        error = listen_begin (self);
    if (!error)
        error = listen_withdraw (self);
    if (!error)
        error = listen_with (self, NULL);
    if (!error)
        error = listen_hear (self);
    if (!error && self->from != 0 && self->from > last + 1)
        error =
            trial_fail (self, "began with event %" PRIu64 " after it had acknowledged %" PRIu64, self->from, last);
    if (!error && tested_heard (&self->tested, "CONSENT_REVOKED", before) > 0)
        error = trial_fail (self, "took an event twice that it had stored");
    return error;
}

/* Something is wrong with the stream: the client must say so. */
static int run_doubt (struct trial *self, enum fate (*told) (void *, Consentd__Reply *))
{
    int error = listen_begin (self);
    if (!error)
        error = listen_with (self, told);
    if (!error)
        error = listen_withdraw (self);
    if (!error && !trial_until (self, doubts) && !doubts (self))
        error = self->meddled ? trial_fail (self, "has not said 'doubt'")
                              : trial_fail (self, "gave no credit for the event of the withdrawal");
    return error;
}

static int run_gap (struct trial *self)
{
    return run_doubt (self, leave_gap);
}

static int run_epoch (struct trial *self)
{
    return run_doubt (self, change_epoch);
}

static int run_dropped (struct trial *self)
{
    return run_doubt (self, say_dropped);
}

static int run_counted (struct trial *self)
{
    return run_doubt (self, count_more);
}

static int run_dropped_away (struct trial *self)
{
    int error = run_heard (self);
    if (!error)
        error = listen_start (self, self->plan->key, say_dropped_before);
    if (!error && !trial_until (self, doubts) && !doubts (self))
        error = trial_fail (self, "has not said 'doubt'");
    return error;
}

static int run_ended (struct trial *self)
{
    int error = run_doubt (self, say_ended);
    if (!error)
        trial_wait (self, LONG_AFTER);
    return !error && self->subscribes > 0 ? trial_fail (self, "subscribed again after ENDED") : error;
}

static int run_silent (struct trial *self)
{
    int error = listen_begin (self);
    if (!error)
        error = listen_with (self, fall_silent);
    self->meddled = true;
    self->subscribes = 0;
    if (!error && !trial_until (self, has_subscribed_again))
        error = trial_fail (self, "has not subscribed again");
    return error;
}

const struct conformance_case listen_cases[] = {
    {"withdrawal", "6", "hears the withdrawal, stores and acknowledges it, and ends when it is to", run_heard,
     false},
    {"not-now", "4.1", "subscribes again when it is told to come back, with pauses", run_busy, false},
    {"while-away", "6", "hears what was withdrawn while it was away, once", run_away, false},
    {"gap", "6.1", "believes nothing any more: an event is missing", run_gap, false},
    {"other-epoch", "6.1", "believes nothing any more: it is another history", run_epoch, false},
    {"dropped", "6.1", "believes nothing any more: events were dropped", run_dropped, false},
    {"dropped-away", "6.1", "the same, where that was while it was away", run_dropped_away, false},
    {"heartbeats", "6.1", "believes nothing any more: two of them count an event that does not come", run_counted,
     false},
    {"ended", "6.1", "believes nothing any more, and does not subscribe again", run_ended, false},
    {"no-heartbeat", "6.1", "subscribes again after 15 seconds without a push", run_silent, true},
    {NULL, NULL, NULL, NULL, false},
};
