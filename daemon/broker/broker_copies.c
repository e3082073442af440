/* Whether the copies of the log keep up (registry/log_copies.h). */
#include <stdio.h>
#include "audit/counted.h"
#include "broker_parts.h"
#include "registry/alarm.h"
#include "registry/log_copies.h"

enum { COPIES_AGAIN_MS = 5000 };

static const char *note_of (struct turn *turn, const struct log_copy *copy)
{
    const char *why = copy->fault[0] != 0 ? copy->fault : !copy->is_heard ? "not heard" : "behind";
    return arena_printf (turn->arena, "copy %s: %s, %llu lines", copy->name, why,
                         (unsigned long long)copy->number);
}

/* That it keeps up again is a line, and no alarm. */
static int log_keeps_up (struct turn *turn, const struct log_copy *copy)
{
    const struct audit_head head = {
        .time = turn->now, .party = "", .action = "log-copy", .result = "keeps-up", .origin = AUDIT_DAEMON};
    const struct evidence evidence = {
        .note = arena_printf (turn->arena, "copy %s: %llu lines", copy->name, (unsigned long long)copy->number)};
    store_use_share (turn->txn, STORE_OWN);
    return counted_log (turn, &head, NULL, &evidence);
}

/* Tells of one copy that it does not keep up any more, or does again. */
static int tell (struct turn *turn, bool *is_behind)
{
    struct log_copy *copy = log_copies_changed (&turn->copies, turn->config->copy_lag, turn->steady);
    if (copy == NULL)
        return 0;
    *is_behind = copy->is_behind = !copy->is_behind;
    return copy->is_behind ? alarm_raise (turn, ALARM_LOG_COPY_BEHIND, "", "", note_of (turn, copy))
                           : log_keeps_up (turn, copy);
}

void broker_watch_copies (struct broker *self)
{
    struct turn turn;
    bool is_behind = false;
    moment steady = broker_steady ();
    if (self->copies_again_at > steady ||
        log_copies_changed (&self->registry.copies, self->in_force.config->copy_lag, steady) == NULL)
        return;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = tell (&turn, &is_behind);
    rc = broker_end (self, &turn, rc);
    self->copies_again_at = rc == 0 ? 0 : broker_steady () + COPIES_AGAIN_MS;
    self->more |= rc == 0; /* there may be another */
    if (rc == 0 && is_behind)
        alarm_keep (&self->report, ALARM_LOG_COPY_BEHIND, "", "", turn.now);
}

moment broker_copies_due (const struct broker *self)
{
    moment due = log_copies_due (&self->registry.copies, self->in_force.config->copy_lag);
    return due > self->copies_again_at ? due : self->copies_again_at;
}
