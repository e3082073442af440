/* What makes the log evidence for others: its tree, and the checkpoints that are signed of it (A4). */
#include <stdio.h>
#include "audit/checkpoints.h"
#include "audit/tree.h"
#include "broker_parts.h"
#include "outcome.h"
#include "record/guard.h"
#include "registry/alarm.h"

enum { SIGN_AGAIN_MS = 60000 };

void broker_grow_tree (struct broker *self)
{
    struct turn turn;
    if (self->tree_stands_still || !tree_is_behind (&self->registry.state) || waiting_any (self->waiting))
        return;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = tree_catch_up (&turn);
    if (rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED)
        guard_note_damage (self->registry.guard, STORE_AUDIT);
    rc = broker_end (self, &turn, rc);
    self->tree_stands_still =
        rc != 0; /* until the next start: what it needs cannot be read, or there is no room */
    self->more |= rc == 0;
}

moment broker_sign_due (const struct broker *self)
{
    const struct registry_state *state = &self->registry.state;
    const struct config *config = self->in_force.config;
    moment due = checkpoints_due_at (state, config);
    if (due == MOMENT_NEVER || self->log_is_forked)
        return MOMENT_NEVER;
    moment wait = due - broker_now (self), steady = broker_steady ();
    due = wait > 0 ? steady + wait : steady;
    return due > self->sign_again_at ? due : self->sign_again_at;
}

/* Somebody has changed what is stored, or a backup was put back: both are to be heard of (docs/operations.md). */
static void raise_forked (struct broker *self)
{
    struct turn turn;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = alarm_raise (&turn, ALARM_LOG_FORKED, "", "the log does not begin with what was signed of it");
    rc = broker_end (self, &turn, rc);
    if (rc == 0)
        alarm_keep (&self->report, ALARM_LOG_FORKED, "", turn.now);
}

void broker_sign_log (struct broker *self)
{
    struct turn turn;
    if (self->log_is_forked || broker_steady () < self->sign_again_at ||
        !checkpoints_are_due (&self->registry.state, self->in_force.config, broker_now (self)))
        return;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = checkpoints_make (&turn);
    self->log_is_forked = rc == AUDIT_FORKED;
    rc = broker_end (self, &turn, rc);
    self->sign_again_at = rc == 0 ? 0 : broker_steady () + SIGN_AGAIN_MS;
    if (self->log_is_forked)
        raise_forked (self);
    else if (rc != 0)
        fprintf (stderr, "consentd: no checkpoint of the log can be made: %s; it is tried again\n",
                 outcome_sentence (rc));
}
