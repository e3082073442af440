/* What makes the log evidence for others: its tree, and the checkpoints that are signed of it (A4). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/archive.h"
#include "audit/checkpoints.h"
#include "audit/tree.h"
#include "broker_parts.h"
#include "codec/codec.h"
#include "dispatch/dispatch.h"
#include "events/watchers.h"
#include "frame.h"
#include "outcome.h"
#include "record/guard.h"
#include "registry/alarm.h"
#include "say.h"

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
        rc = alarm_raise (&turn, ALARM_LOG_FORKED, "", "", "the log does not begin with what was signed of it");
    rc = broker_end (self, &turn, rc);
    if (rc == 0)
        alarm_keep (&self->report, ALARM_LOG_FORKED, "", "", turn.now);
}

/* It waits to be pushed, in the place of one that was not pushed yet: it says all that that one said. */
static void make_news (struct broker *self, const struct turn *turn, struct bytes note)
{
    struct reply reply = {.status = STATUS_OK, .body = REPLY_LOG_PUSHED};
    struct bytes packed;
    dispatch_fill_common (turn, &reply);
    reply.as.log_pushed.checkpoint = note;
    reply.as.log_pushed.size = turn->state.checkpoint_size;
    codec_write_reply (&reply, turn->arena, &packed);
    if (self->news.waits)
        zmq_msg_close (&self->news.message);
    if (zmq_msg_init_size (&self->news.message, packed.size) != 0)
        abort ();
    memcpy (zmq_msg_data (&self->news.message), packed.data, packed.size);
    self->news.rests_on = self->registry.happened;
    self->news.waits = true;
}

/* Without waiting: a connection that does not read gets nothing, and hears of the next one. False: nothing may go
   to it any more. */
static bool push_news (struct broker *self, const struct watcher *watcher)
{
    void *socket = self->endpoints.sockets[CHANNEL_EVENTS];
    zmq_msg_t copy;
    if (push_why_over (self->registry.parties, watcher->party, watcher->key, broker_now (self)) != NULL)
        return false;
    zmq_msg_init (&copy);
    zmq_msg_copy (&copy, &self->news.message);
    if (frame_send (socket, watcher->route, watcher->route_size, true) &&
        zmq_msg_send (&copy, socket, ZMQ_DONTWAIT) >= 0)
        connections_touch (self->connections, &watcher->connection);
    zmq_msg_close (&copy);
    return true;
}

void broker_tell_watchers (struct broker *self)
{
    struct watchers *watchers = self->registry.watchers;
    const struct watcher *watcher;
    if (!self->news.waits || self->durable < self->news.rests_on)
        return;
    for (size_t i = 0; (watcher = watchers_at (watchers, i)) != NULL;)
        if (push_news (self, watcher))
            i++;
        else
            watchers_drop (watchers, i);
    broker_drop_news (self);
}

void broker_drop_news (struct broker *self)
{
    if (self->news.waits)
        zmq_msg_close (&self->news.message);
    self->news.waits = false;
}

/* The file is named in the log, in the status and here; each once, and not all of a directory that is gone. */
void broker_watch_archive (struct broker *self)
{
    const struct archive_fault *fault = archive_untold (self->registry.archive);
    struct turn turn;
    char note[TILES_PATH + sizeof fault->why];
    if (fault == NULL || broker_steady () < self->archive_again_at)
        return;
    snprintf (note, sizeof note, "%s %s", fault->path, fault->why);
    int rc = broker_begin (self, &turn);
    if (rc == 0) {
        store_use_share (turn.txn, STORE_OWN);
        rc = alarm_raise (&turn, ALARM_ARCHIVE_DAMAGED, "", "", note);
    }
    rc = broker_end (self, &turn, rc);
    self->archive_again_at = rc == 0 ? 0 : broker_steady () + SIGN_AGAIN_MS;
    if (rc != 0)
        return;
    say (SAY_ERROR, "archive-damaged", "the log's archive: %s", note);
    alarm_keep (&self->report, ALARM_ARCHIVE_DAMAGED, "", "", turn.now);
    archive_tell (self->registry.archive);
    self->more |= archive_untold (self->registry.archive) != NULL;
}

void broker_sign_log (struct broker *self)
{
    struct turn turn;
    struct bytes note;
    if (self->log_is_forked || broker_steady () < self->sign_again_at ||
        !checkpoints_are_due (&self->registry.state, self->in_force.config, broker_now (self)))
        return;
    int rc = broker_begin (self, &turn);
    if (rc == 0) {
        store_use_share (turn.txn, STORE_OWN); /* a full registry signs what it still records; few are kept */
        rc = checkpoints_make (&turn);
    }
    self->log_is_forked = rc == AUDIT_FORKED;
    bool is_awaited = rc == 0 && watchers_at (self->registry.watchers, 0) != NULL;
    if (is_awaited)
        rc = checkpoints_newest (&turn, &note);
    rc = broker_end (self, &turn, rc);
    self->sign_again_at = rc == 0 ? 0 : broker_steady () + SIGN_AGAIN_MS;
    if (rc == 0 && is_awaited)
        make_news (self, &turn, note);
    if (self->log_is_forked)
        raise_forked (self);
    else if (rc != 0)
        say (SAY_ERROR, "checkpoint-failed", "no checkpoint of the log can be made: %s; it is tried again",
             outcome_sentence (rc));
}
