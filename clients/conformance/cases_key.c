/* What a client makes of keys: its own that is let in no more, and another one of the registry. It says "refused"
   when its own key is. */
#include <stdio.h>
#include <string.h>
#include "courses.h"
#include "forge.h"

enum { LONG_AFTER = 1500 /* ms in which a client that would come again most likely has */ };
enum { FORMER, NEXT };

/* --- Meddling -------------------------------------------------------------------------------------------- */

static enum fate say_removed (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    struct trial *self = of;
    if (!course_note (self, asked, bytes, size))
        return PASS;
    forge_removed (self, asked->idempotency_key.data, false);
    self->was_told = true;
    return SWALLOW;
}

/* The first answer is lost, and meanwhile the key is removed. */
static enum fate lose_and_remove (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    if (!course_is_answer (self, told))
        return PASS;
    middle_refuse (self->plan->middle, true);
    return SWALLOW;
}

static enum fate say_removed_since (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    struct trial *self = of;
    if (self->told > 0)
        return say_removed (of, asked, bytes, size);
    course_note (self, asked, bytes, size);
    return PASS;
}

/* From when it acknowledges the withdrawal. */
static enum fate forbid_acknowledging (void *of, const Consentd__Request *asked, const void *bytes, size_t size)
{
    struct trial *self = of;
    enum fate fate = listen_watch (of, asked, bytes, size);
    if (self->withdrawn == 0 || self->acknowledged < self->withdrawn || asked->idempotency_key.len != 16)
        return fate;
    if (!self->meddled)
        self->subscribes = 0;
    self->meddled = true;
    forge_removed (self, asked->idempotency_key.data, true);
    return SWALLOW;
}

static enum fate note_withdrawal (void *of, Consentd__Reply *told)
{
    struct trial *self = of;
    if (listen_is_ours (self, told))
        self->withdrawn = told->event->number;
    return self->meddled ? SWALLOW : PASS;
}

/* --- Running --------------------------------------------------------------------------------------------- */

static bool says_refused (struct trial *self)
{
    return tested_said (&self->tested, "refused");
}

static bool says_both (struct trial *self)
{
    return says_refused (self) && tested_said (&self->tested, "doubt");
}

static int want_refused (struct trial *self, int error)
{
    return error || says_refused (self) ? error : trial_fail (self, "has not said 'refused'");
}

static int run_removed (struct trial *self)
{
    int error = course_run (self, &(struct course){.consented = 2, .meddler = {.asked = say_removed}});
    if (!error && self->after > 0)
        error = trial_fail (self, "asked again after its key was removed");
    return want_refused (self, error);
}

static int run_refused (struct trial *self)
{
    const struct course course = {.consented = 2, .meddler = {say_removed_since, lose_and_remove, NULL}};
    return want_refused (self, course_run (self, &course));
}

static int run_next (struct trial *self)
{
    if (!middle_take_key (self->plan->middle, NEXT))
        return trial_fail (self, "cannot be tried: its endpoints are in use by another");
    return course_run (self, &(struct course){.consented = 2, .permitted = 2, .key = self->plan->both});
}

/* It says that it believes nothing, and that it is refused. */
static int doubt_refused (struct trial *self)
{
    if (trial_until (self, says_both) || says_both (self))
        return 0;
    return trial_fail (self, "has not said '%s'", says_refused (self) ? "doubt" : "refused");
}

static int run_stream_removed (struct trial *self)
{
    int error = listen_begin (self);
    if (!error)
        error = listen_start (self, self->plan->key, note_withdrawal);
    if (!error)
        error = listen_until_current (self);
    middle_meddle (self->plan->middle, &(struct meddler){forbid_acknowledging, note_withdrawal, self});
    if (!error)
        error = listen_withdraw (self);
    if (!error)
        error = doubt_refused (self);
    if (!error)
        trial_wait (self, LONG_AFTER);
    return !error && self->subscribes > 0 ? trial_fail (self, "subscribed again after FORBIDDEN") : error;
}

static int run_stream_refused (struct trial *self)
{
    middle_refuse (self->plan->middle, true);
    int error = listen_start (self, self->plan->key, NULL);
    if (!error)
        error = doubt_refused (self);
    unsigned before = middle_refused (self->plan->middle);
    if (!error)
        trial_wait (self, LONG_AFTER);
    return !error && middle_refused (self->plan->middle) > before
               ? trial_fail (self, "came again after its key was refused")
               : error;
}

static int run_changed (struct trial *self)
{
    int error = listen_begin (self);
    if (!error)
        error = listen_start (self, self->plan->both, NULL);
    if (!error)
        error = listen_until_current (self);
    if (!error && !middle_take_key (self->plan->middle, NEXT))
        error = trial_fail (self, "cannot be tried: its endpoints are in use by another");
    if (!error)
        error = listen_withdraw (self);
    return error ? error : listen_hear (self);
}

const struct conformance_case key_cases[] = {
    {"key-removed", "4.3", "says that its key is refused, and does not ask again", run_removed, false},
    {"key-refused", "2.1", "the same: the answer was lost, and a new connection is refused", run_refused, false},
    {"stream-removed", "6.1", "says that, believes nothing any more, does not subscribe again", run_stream_removed,
     false},
    {"stream-refused", "2.1", "the same, where it is refused when it connects", run_stream_refused, false},
    {"server-key-next", "2.5", "as ever: the registry has the second server key of the key file", run_next, false},
    {"server-key-turn", "2.5", "hears the withdrawal, though the registry changes to that meanwhile", run_changed,
     true},
    {NULL, NULL, NULL, NULL, false},
};
