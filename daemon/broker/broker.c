#include "broker.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <zmq.h>
#include "broker_parts.h"
#include "events/watchers.h"
#include "registry/backup.h"
#include "registry/log_copies.h"
#include "supervisor.h"

enum {
    HEARTBEAT_MS = 5000, /* to every subscription */
    HEARTBEAT_AGAIN_MS = 200,
    UNREAD_MS = 5,        /* how soon a peer that has not read its answers is looked at again */
    STOP_ANSWER_MS = 300, /* after a signal to stop: what waits is still decided for so long */
    STOP_LIMIT_MS = 2000, /* until then: what still comes is told to come back later */
    STOP_QUIET_MS = 100,
};

/* Handles connections that came and went, and closes those that must go. */
static void tend_connections (struct broker *self)
{
    struct connection_id gone;
    connections_follow (self->connections, broker_steady ());
    connections_tend (self->connections, broker_steady ());
    self->report.messages_cut_off = connections_cut_endless (self->connections, broker_steady ());
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++)
        self->report.messages_cut_off += self->inlets[channel].cut_off;
    while (connections_take_gone (self->connections, &gone)) {
        outbox_connection_gone (self->registry.outbox, &gone);
        watchers_connection_gone (self->registry.watchers, &gone);
        backup_connection_gone (&self->registry.backup, &gone);
        log_copies_connection_gone (&self->registry.copies, &gone);
        broker_forget_connection (self, &gone);
    }
}

/* How long nothing need be done if nothing comes. `served`: the turn before served something. */
static long idle_time (const struct broker *self, bool served)
{
    moment steady = broker_steady (), due = self->heartbeat_at;
    moment endings = broker_endings_due (self), connections = connections_due (self->connections);
    moment alarms = broker_alarms_due (self);
    moment signing = broker_sign_due (self), copies = broker_copies_due (self);
    moment consumers = broker_consumers_due (self);
    moment metrics = broker_metrics_due (self);
    moment endless = connections_endless_due (self->connections);
    if (self->more || served || broker_has_to_send (self))
        return 0;
    due = endings < due ? endings : due;
    due = connections < due ? connections : due;
    due = alarms < due ? alarms : due;
    due = endless < due ? endless : due;
    due = signing < due ? signing : due;
    due = copies < due ? copies : due;
    due = consumers < due ? consumers : due;
    due = metrics < due ? metrics : due;
    if (self->alive_every != 0)
        due = self->alive_at < due ? self->alive_at : due;
    if (self->rest_at != 0)
        due = self->rest_at < due ? self->rest_at : due;
    if (waiting_any (self->waiting))
        due = steady + UNREAD_MS < due ? steady + UNREAD_MS : due;
    return due > steady ? (long)(due - steady) : 0;
}

/* Does what must be done even if nobody asks anything. */
static void look_after (struct broker *self, bool heartbeat)
{
    if (heartbeat)
        broker_show_out (self); /* a key may have ended */
    tend_connections (self);
    broker_watch_clock (self);
    broker_watch_store (self);
    broker_make_endings_known (self);
    broker_raise_alarms (self);
    broker_watch_backup (self);
    broker_erase (self);
    broker_grow_tree (self);
    broker_watch_archive (self);
    broker_sign_log (self);
    broker_watch_copies (self);
    broker_watch_consumers (self);
    broker_rest (self);
}

/* The loop itself says that it goes round: where it stalls, the supervisor starts the registry again. */
static void say_alive (struct broker *self)
{
    const char *line = "decides";
    if (self->clock.stopped != CLOCK_GOES_ON)
        line = "decides nothing: the clock jumped, and an operator must confirm it (consentctl clock)";
    else if (self->registry.room.level == ROOM_FULL)
        line = "the store is full: only withdrawals and restrictions are recorded (consentctl status)";
    supervisor_status (line);
    if (self->alive_every == 0 || broker_steady () < self->alive_at)
        return;
    self->alive_at = broker_steady () + self->alive_every;
    supervisor_alive ();
}

/* Decides what waits. No answer leaves before its turn and all before it are on the disk. So every check that is
   answered after a withdrawal knows of it (V3, C13), and what cannot be recorded is not answered (A2). */
static bool take_turn (struct broker *self)
{
    struct turn turn;
    if (!waiting_any (self->waiting))
        return false;
    int64_t began_at = histogram_clock ();
    int rc = broker_decide (self, &turn);
    rc = broker_end (self, &turn, rc); /* the commit */
    histogram_add (&self->meters.turns, histogram_clock () - began_at);
    return broker_answer (self, rc);
}

/* Gather, send what is durable by now, decide, commit, answer, tell. */
static bool run_once (struct broker *self, const struct open_sockets *open)
{
    bool heartbeat = broker_steady () >= self->heartbeat_at;
    if (heartbeat)
        self->heartbeat_at = broker_steady () + HEARTBEAT_MS;
    self->more = false;
    look_after (self, heartbeat);
    broker_gather (self, open);
    broker_send_durable (self);
    bool served = take_turn (self);
    if (broker_tell (self, heartbeat) != 0 && heartbeat)
        self->heartbeat_at = broker_steady () + HEARTBEAT_AGAIN_MS;
    broker_tell_watchers (self);
    broker_write_metrics (self);
    say_alive (self);
    return served;
}

/* Stops: what waits is decided, what still comes is told to come back later, and nobody new is let in. The
   endpoints stay bound meanwhile: if one is unbound, ZeroMQ ends all its connections, and answers on their way are
   lost. */
static unsigned drain (struct broker *self)
{
    static const char why[] = "the registry is stopping";
    static const struct open_sockets all_but_handshakes = {{false, true, true, true}};
    moment start = broker_steady ();
    while (broker_steady () - start < STOP_ANSWER_MS && self->failure == 0)
        if (!run_once (self, &all_but_handshakes))
            usleep (10000);
    unsigned turned_away = broker_refuse_all (self, why);
    broker_send_all (self);
    moment last = broker_steady ();
    while (broker_steady () - last < STOP_QUIET_MS && broker_steady () - start < STOP_LIMIT_MS) {
        broker_gather (self, &all_but_handshakes);
        unsigned refused = broker_refuse_all (self, why);
        if (refused > 0)
            last = broker_steady ();
        turned_away += refused;
        broker_send_all (self);
        usleep (5000);
    }
    return turned_away;
}

static void take_signals (struct broker *self)
{
    struct signalfd_siginfo info;
    while (read (self->signals, &info, sizeof info) == (ssize_t)sizeof info)
        if (info.ssi_signo == SIGHUP)
            broker_reload (self);
        else
            self->stopping = true;
}

static int stop (struct broker *self)
{
    char note[32];
    supervisor_stopping ();
    snprintf (note, sizeof note, "%u turned away", drain (self));
    int rc = self->failure != 0 ? self->failure : broker_log (self, "stop", "ok", note);
    if (rc == 0)
        rc = store_sync (self->registry.store);
    return rc == STORE_FULL ? 0 : rc; /* full to its last page: the log ends without a line for the stop */
}

int broker_run (struct broker *self)
{
    zmq_pollitem_t items[] = {
        {auth_socket (self->auth), 0, ZMQ_POLLIN, 0},
        {self->endpoints.sockets[CHANNEL_REQUESTS], 0, ZMQ_POLLIN, 0},
        {self->endpoints.sockets[CHANNEL_EVENTS], 0, ZMQ_POLLIN, 0},
        {self->endpoints.sockets[CHANNEL_OPERATORS], 0, ZMQ_POLLIN, 0},
        {NULL, self->signals, ZMQ_POLLIN, 0},
        {connections_monitor (self->connections, CHANNEL_REQUESTS), 0, ZMQ_POLLIN, 0},
        {connections_monitor (self->connections, CHANNEL_EVENTS), 0, ZMQ_POLLIN, 0},
        {connections_monitor (self->connections, CHANNEL_OPERATORS), 0, ZMQ_POLLIN, 0},
        {NULL, store_sync_fd (self->registry.store), ZMQ_POLLIN, 0},
    };
    bool served = false;
    self->alive_every = supervisor_alive_every ();
    self->heartbeat_at = broker_steady () + HEARTBEAT_MS;
    while (!self->stopping && self->failure == 0) {
        int ready = zmq_poll (items, sizeof items / sizeof *items, idle_time (self, served));
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready > 0 && (items[CHANNELS].revents & ZMQ_POLLIN) != 0)
            take_signals (self);
        struct open_sockets open;
        for (unsigned i = 0; i < CHANNELS; i++)
            open.at[i] = ready > 0 && (items[i].revents & ZMQ_POLLIN) != 0;
        served = run_once (self, &open);
    }
    return stop (self);
}
