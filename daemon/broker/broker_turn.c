/* The daemon's transactions, by its clock, and what it does in some of its own. */
#include <stdio.h>
#include <time.h>
#include "registry/alarm.h"
#include "registry/backup.h"
#include "broker_parts.h"
#include "outcome.h"
#include "registry/ending.h"
#include "registry/erasure.h"
#include "registry/state.h"
#include "rules/policy.h"
#include "say.h"

enum {
    ENDINGS_MS = 1000, /* an ended consent is made known after this time at the latest; the clock may have moved
                          meanwhile */
    ENDINGS_AGAIN_MS = 5000,
    ALARM_AGAIN_MS = 5000,
    REST_MS = 1000, /* after a turn */
    ERASE_AGAIN_MS = 5000,
};

static moment read_clock (clockid_t id)
{
    struct timespec now;
    clock_gettime (id, &now);
    return (moment)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

moment broker_wall (void)
{
    return read_clock (CLOCK_REALTIME);
}

moment broker_steady (void)
{
    return read_clock (CLOCK_MONOTONIC);
}

static struct clock_reading read_clocks (void)
{
    return (struct clock_reading){.wall = broker_wall (), .steady = broker_steady ()};
}

moment broker_now (const struct broker *self)
{
    return registry_now (&self->registry, clock_now (&self->clock, broker_steady ()));
}

int broker_begin (struct broker *self, struct turn *turn)
{
    moment now = clock_now (&self->clock, broker_steady ());
    int rc = registry_begin (&self->registry, &self->in_force, &self->report, now, turn);
    turn->wall = broker_wall ();
    turn->steady = broker_steady ();
    turn->allowance = self->allowance;
    allowance_set_time (self->allowance, broker_steady ());
    turn->askers = self->askers;
    turn->meters = &self->meters;
    askers_set_time (self->askers, broker_steady ());
    turn->state.clock_stopped = self->clock.stopped != CLOCK_GOES_ON;
    return rc;
}

int broker_end (struct broker *self, struct turn *turn, int rc)
{
    const struct parties *before = self->registry.parties;
    uint64_t happened = self->registry.happened;
    rc = registry_end (&self->registry, turn, rc);
    if (self->registry.happened != happened)
        self->rest_at = broker_steady () + REST_MS;
    allowance_settle (self->allowance, rc == 0);
    meters_settle (&self->meters, rc == 0);
    if (self->registry.parties != before)
        broker_show_out (self);
    if (rc == 0 && self->clock.stopped != CLOCK_GOES_ON && !turn->state.clock_stopped) {
        outbox_look_again (self->registry.outbox); /* it is told that decisions go on */
        clock_confirm (&self->clock, read_clocks ());
        self->clock_unlogged = false;
        say (SAY_NOTICE, "clock", "the clock was confirmed: decisions go on");
    }
    if (rc == STORE_DEAD)
        self->failure = rc;
    return rc;
}

int broker_log (struct broker *self, const char *action, const char *result, const char *note)
{
    struct turn turn;
    int rc = broker_begin (self, &turn);
    if (rc == 0) {
        store_use_share (turn.txn, STORE_OWN);
        struct audit_head head = {.time = turn.now, .party = "", .action = action, .result = result};
        struct evidence evidence = {.note = note, .policy_hash = self->in_force.policy->hash};
        rc = counted_log (&turn, &head, NULL, &evidence); /* a full registry must start, for withdrawals */
        if (rc == 0)
            rc = state_keep_clock (&turn);
    }
    return broker_end (self, &turn, rc);
}

int broker_log_start (struct broker *self, const char *result)
{
    int rc = broker_log (self, "start", result, self->in_force.policy->id);
    if (rc == STORE_FULL && self->start_unlogged == NULL)
        say (SAY_ERROR, "start-unlogged", "the log has no room left for the line of this start");
    self->start_unlogged = rc == 0 ? NULL : result;
    return rc == STORE_FULL ? 0 : rc;
}

void broker_watch_store (struct broker *self)
{
    int rc = registry_watch (&self->registry, &self->in_force, clock_now (&self->clock, broker_steady ()));
    if (rc == STORE_DEAD)
        self->failure = rc;
    if (self->start_unlogged != NULL && self->registry.room.level != ROOM_FULL)
        broker_log_start (self, self->start_unlogged);
}

void broker_erase (struct broker *self)
{
    if (!erasure_is_due (&self->registry) || broker_steady () < self->erase_again_at)
        return;
    int rc = erasure_go_on (&self->registry, &self->in_force, clock_now (&self->clock, broker_steady ()));
    if (rc == STORE_DEAD)
        self->failure = rc;
    self->more |= rc == 0;
    self->erase_again_at = rc == 0 ? 0 : broker_steady () + ERASE_AGAIN_MS;
    if (rc != 0 && !self->erase_fails)
        say (SAY_ERROR, "erasure-failed", "an erasure does not go on: %s; it is tried again",
             self->registry.keyring_error[0] != 0 ? self->registry.keyring_error : outcome_sentence (rc));
    self->erase_fails = rc != 0;
}

void broker_watch_backup (struct broker *self)
{
    struct turn turn;
    if (!backup_is_lost (&self->registry.backup, self->registry.store, broker_steady ()))
        return;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = backup_give_up (&turn);
    rc = broker_end (self, &turn, rc);
    if (rc == 0)
        say (SAY_WARNING, "backup-given-up", "a backup was given up: it was not taken");
}

void broker_rest (struct broker *self)
{
    if (self->rest_at == 0 || broker_steady () < self->rest_at || waiting_any (self->waiting))
        return;
    self->rest_at = 0;
    if (store_checkpoint (self->registry.store) == STORE_DEAD)
        self->failure = STORE_DEAD;
}

static void say_clock_stopped (const struct broker *self)
{
    say (SAY_CRITICAL, "clock-stopped", "the clock %s: no decisions until an operator confirms it",
         clock_why (self->clock.stopped));
}

void broker_start_clock (struct broker *self)
{
    const struct registry_state *state = &self->registry.state;
    const struct config *config = self->in_force.config;
    clock_start (&self->clock, &(struct clock_limits){config->clock_jump, config->absence}, read_clocks (),
                 state->time, state->clock_stopped);
    self->clock_unlogged = self->clock.stopped != CLOCK_GOES_ON && !state->clock_stopped;
    if (self->clock.stopped != CLOCK_GOES_ON)
        say_clock_stopped (self);
}

/* The clock stops decisions even if that cannot be logged now. */
void broker_watch_clock (struct broker *self)
{
    if (clock_judge (&self->clock, read_clocks ())) {
        self->clock_unlogged = true;
        outbox_look_again (self->registry.outbox); /* who is told of permits is told that they stand still */
        say_clock_stopped (self);
    }
    if (self->clock_unlogged && broker_log (self, "clock", "stopped", clock_why (self->clock.stopped)) == 0)
        self->clock_unlogged = false;
}

void broker_make_endings_known (struct broker *self)
{
    struct turn turn;
    if (self->clock.stopped != CLOCK_GOES_ON || self->registry.state.agenda_at > broker_now (self) ||
        broker_steady () < self->endings_again_at)
        return;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = ending_run (&turn);
    rc = broker_end (self, &turn, rc);
    if (rc != 0 && !self->endings_wait)
        say (SAY_ERROR, "endings-wait", "consents that ended cannot be made known now, and wait: %s",
             outcome_sentence (rc));
    self->endings_wait = rc != 0;
    if (rc != 0)
        self->endings_again_at = broker_steady () + ENDINGS_AGAIN_MS;
}

moment broker_endings_due (const struct broker *self)
{
    moment ending = self->registry.state.agenda_at, steady = broker_steady ();
    if (self->clock.stopped != CLOCK_GOES_ON || ending == MOMENT_NEVER)
        return MOMENT_NEVER;
    moment wait = ending - broker_now (self);
    moment due = steady + (wait < ENDINGS_MS ? wait : ENDINGS_MS);
    return due > self->endings_again_at ? due : self->endings_again_at;
}

void broker_raise_alarms (struct broker *self)
{
    struct askers_alarm due;
    if (!askers_next (self->askers, &due) || broker_steady () < self->alarm_again_at)
        return;
    enum alarm_kind kind = due.sort == ASKERS_SUBJECTS ? ALARM_MANY_SUBJECTS : ALARM_MANY_UNKNOWN;
    struct turn turn;
    char note[64];
    snprintf (note, sizeof note, "more than %zu in one hour", due.most);
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = alarm_raise (&turn, kind, due.party, "", note);
    rc = broker_end (self, &turn, rc);
    if (rc == 0) {
        alarm_keep (&self->report, kind, due.party, "", turn.now);
        askers_told (self->askers, &due);
    } else
        self->alarm_again_at = broker_steady () + ALARM_AGAIN_MS;
}

moment broker_alarms_due (const struct broker *self)
{
    struct askers_alarm due;
    return askers_next (self->askers, &due) ? self->alarm_again_at : MOMENT_NEVER;
}
