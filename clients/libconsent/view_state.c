#include "view_state.h"

void view_state_place (struct view_state *self, const struct view_start *start)
{
    *self = (struct view_state){
        .silence = self->silence,
        .placed = true,
        .number = start->number,
        .revision = start->revision,
        .basis = start->basis,
        .offset = start->as_of - start->asked,
        .drifted = start->asked,
        .heard = start->asked,
        .as_of = start->as_of,
        .confirmed = start->as_of,
    };
}

void view_state_end (struct view_state *self, enum consent_view_why why)
{
    self->placed = false;
    self->trouble = why;
}

static enum view_news lose (struct view_state *self, enum consent_view_why why)
{
    view_state_end (self, why);
    return VIEW_LOST;
}

/* What the message says of the clocks. False: they disagree, or the registry's stands still. A message cannot come
   from the future: then the registry's clock was ahead of what was thought, and how old anything is, is not known.
   Many that came at once are what was held up somewhere; one after another that are all late are a clock that
   stands, or was put back, or a way that is too slow to be of use. */
static bool believe_clock (struct view_state *self, const struct view_heard *heard)
{
    int64_t passed = heard->at - self->heard;
    int64_t drift = (heard->at - self->drifted) / VIEW_DRIFT;
    self->offset -= drift;
    self->drifted += drift * VIEW_DRIFT;
    self->heard = heard->at;
    int64_t age = heard->at + self->offset - heard->time;
    if (age < -VIEW_DISAGREE)
        return false;
    if (age < 0)
        self->offset -= age;
    if (age <= self->silence)
        self->late = 0;
    else if (passed >= VIEW_DISAGREE)
        self->late++;
    return self->late < VIEW_STANDS;
}

/* All events that were announced are known: so all that was so when they were. */
static void confirm (struct view_state *self)
{
    self->behind = self->announced > self->number;
    if (self->behind)
        return;
    if (self->announced_at > self->confirmed)
        self->confirmed = self->announced_at;
    if (self->announced_revision > self->revision)
        self->revision = self->announced_revision;
}

static enum view_news hear_event (struct view_state *self, const struct view_heard *heard)
{
    if (heard->number <= self->number)
        return VIEW_NO_NEWS;
    if (heard->number != self->number + 1)
        return lose (self, CONSENT_VIEW_GAP);
    self->number++;
    if (heard->revision > self->revision)
        self->revision = heard->revision;
    confirm (self);
    return VIEW_APPLY;
}

/* It comes behind the events that there was credit for: if it counts more, they are under way, or lost. */
static enum view_news hear_heartbeat (struct view_state *self, const struct view_heard *heard)
{
    self->announced = heard->number;
    self->announced_at = heard->time;
    self->announced_revision = heard->revision;
    confirm (self);
    return VIEW_NO_NEWS;
}

enum view_news view_state_hear (struct view_state *self, const struct view_heard *heard)
{
    if (!self->placed)
        return VIEW_NO_NEWS;
    /* It was sent before the snapshot, and is about what was. */
    if (heard->is_event ? heard->number <= self->number : heard->time < self->as_of)
        return VIEW_NO_NEWS;
    if (!believe_clock (self, heard))
        return lose (self, CONSENT_VIEW_CLOCK);
    if (heard->basis != self->basis)
        return lose (self, CONSENT_VIEW_OTHER_BASIS);
    if (heard->stopped)
        self->trouble = CONSENT_VIEW_CLOCK;
    else if (self->trouble == CONSENT_VIEW_CLOCK)
        self->trouble = CONSENT_VIEW_NOT_PERMITTED; /* an operator has confirmed it */
    return heard->is_event ? hear_event (self, heard) : hear_heartbeat (self, heard);
}

int64_t view_state_time (const struct view_state *self, int64_t at)
{
    return at + self->offset;
}

int64_t view_state_age (const struct view_state *self, int64_t at)
{
    if (!self->placed)
        return -1;
    int64_t age = view_state_time (self, at) - self->confirmed;
    return age > 0 ? age : 0;
}

enum consent_view_why view_state_judge (const struct view_state *self, int64_t at)
{
    if (self->trouble != CONSENT_VIEW_NOT_PERMITTED)
        return self->trouble;
    if (!self->placed || self->behind)
        return CONSENT_VIEW_CATCHING_UP;
    return view_state_age (self, at) > self->silence ? CONSENT_VIEW_SILENT : CONSENT_VIEW_NOT_PERMITTED;
}
