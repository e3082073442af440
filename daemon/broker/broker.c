#include "broker.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>
#include "broker_parts.h"
#include "codec/codec.h"
#include "escape.h"
#include "outcome.h"
#include "permission.h"
#include "registry/party_table.h"
#include "rules/policy.h"

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
        broker_forget_connection (self, &gone);
    }
}

/* How long nothing need be done if nothing comes. `served`: the turn before served something. */
static long idle_time (const struct broker *self, bool served)
{
    moment steady = broker_steady (), due = self->heartbeat_at;
    moment endings = broker_endings_due (self), connections = connections_due (self->connections);
    moment alarms = broker_alarms_due (self);
    moment endless = connections_endless_due (self->connections);
    if (self->more || served)
        return 0;
    due = endings < due ? endings : due;
    due = connections < due ? connections : due;
    due = alarms < due ? alarms : due;
    due = endless < due ? endless : due;
    if (waiting_any (self->waiting))
        due = steady + UNREAD_MS < due ? steady + UNREAD_MS : due;
    return due > steady ? (long)(due - steady) : 0;
}

/* Heartbeats and sign-ins have transactions of their own, so they come whatever happens to the requests. */
static bool run_once (struct broker *self, const struct open_sockets *open)
{
    bool heartbeat = broker_steady () >= self->heartbeat_at;
    if (heartbeat) {
        self->heartbeat_at = broker_steady () + HEARTBEAT_MS;
        broker_show_out (self); /* a key may have ended */
    }
    self->more = false;
    tend_connections (self);
    broker_watch_clock (self);
    broker_watch_store (self);
    broker_make_endings_known (self);
    broker_raise_alarms (self);
    if (open->at[0])
        broker_admit (self);
    broker_receive (self, open);
    bool served = broker_serve (self);
    if (broker_push (self, heartbeat) != 0 && heartbeat)
        self->heartbeat_at = broker_steady () + HEARTBEAT_AGAIN_MS;
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
    moment last = broker_steady ();
    while (broker_steady () - last < STOP_QUIET_MS && broker_steady () - start < STOP_LIMIT_MS) {
        broker_receive (self, &all_but_handshakes);
        unsigned refused = broker_refuse_all (self, why);
        if (refused > 0)
            last = broker_steady ();
        turned_away += refused;
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
    snprintf (note, sizeof note, "%u turned away", drain (self));
    int rc = self->failure != 0 ? self->failure : broker_log (self, "stop", "ok", note);
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
    };
    bool served = false;
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

/* Setting up */

static int open_registry (struct broker *self, const struct broker_options *chosen, struct settings_error *error)
{
    const struct config *config = self->in_force.config;
    struct registry_options options = {
        .vault_key = config->vault_key,
        .store = broker_store_options (config),
        .cache_size = config->cache_size,
        .restored = chosen->restored,
        .operator_file = chosen->operator_file,
    };
    mkdir (config->store_directory, 0700);
    codec_begin ();
    int rc = registry_open (&self->registry, &options, &self->in_force, broker_wall (), error);
    if (rc == REGISTRY_IN_USE)
        return BROKER_NOT_NOW;
    return rc == REGISTRY_CANNOT_OPEN ? BROKER_CANNOT_START : rc;
}

/* Writes a line for each party that does not fit. If there is no room for it, the daemon starts all the same. */
static void log_unfit (struct broker *self)
{
    struct turn turn;
    int rc = broker_begin (self, &turn);
    if (rc == 0)
        rc = broker_end (self, &turn, party_table_log_unfit (&turn));
    if (rc != 0)
        fprintf (stderr, "consentd: which parties do not fit is not logged: %s\n", outcome_sentence (rc));
}

/* Prints what an operator must know of the parties at the start. */
static void say_parties (const struct broker *self)
{
    const struct registry *registry = &self->registry;
    const struct party_entry *entry;
    size_t index = 0, operators = 0;
    if (registry->taken_up > 0)
        escape_line (stderr, "consentd: parties taken up from %s, which are in the store from now on: %zu",
                     self->in_force.config->parties_directory, registry->taken_up);
    while ((entry = parties_next_unfit (registry->parties, &index)) != NULL)
        escape_line (stderr,
                     "consentd: party %s takes part in nothing: %s: %s (consentctl party apply, or remove)",
                     entry->text.id, entry->unfit.name, entry->unfit.message);
    for (size_t i = 0; i < parties_count (registry->parties); i++)
        operators += (parties_at (registry->parties, i)->permissions & PERMISSION_ADMIN) != 0;
    if (operators == 0)
        fprintf (stderr, "consentd: no party is an operator: consentd --operator FILE brings one in\n");
}

static int open_signals (struct broker *self)
{
    sigset_t signals;
    sigemptyset (&signals);
    sigaddset (&signals, SIGTERM);
    sigaddset (&signals, SIGINT);
    sigaddset (&signals, SIGHUP);
    self->signals = signalfd (-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    return self->signals < 0 ? -errno : 0;
}

/* Opens the ZAP handler first: without it any key would be let in. */
static int open_endpoints (struct broker *self, struct settings_error *error)
{
    const struct config *config = self->in_force.config;
    char secret_key[41] = "";
    int rc = auth_read_server_key (config->server_key, secret_key, error);
    if (rc == 0)
        rc = auth_new (&self->auth, self->context);
    if (rc == 0)
        rc = endpoints_open (&self->endpoints, self->context, self->connections, secret_key);
    if (rc == 0 && endpoints_bind (&self->endpoints, config, error) != 0)
        rc = BROKER_NOT_NOW;
    explicit_bzero (secret_key, sizeof secret_key);
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++)
        self->inlets[channel] = (struct inlet){
            .socket = self->endpoints.sockets[channel], .channel = channel, .connections = self->connections};
    return rc == SETTINGS_INVALID ? BROKER_CANNOT_START : rc;
}

static bool may_answer (const void *replies, const struct connection_id *connection)
{
    return replies_may_answer (replies, connection);
}

int broker_new (struct broker **self_p, struct in_force *in_force, const struct broker_options *options,
                struct settings_error *error)
{
    struct broker *self = calloc (1, sizeof *self);
    if (self == NULL || (self->config_path = strdup (options->config_path)) == NULL)
        abort ();
    *self_p = self;
    self->in_force = *in_force;
    self->served_room = in_force->config->turn_limit;
    self->served = calloc (self->served_room, sizeof (struct exchange *));
    self->replies = replies_new ();
    self->waiting = waiting_new (may_answer, self->replies);
    self->pushes = push_list_new ();
    self->connections = connections_new ();
    self->allowance = allowance_new ();
    self->askers = askers_new ();
    self->context = zmq_ctx_new ();
    if (self->served == NULL || self->context == NULL)
        abort ();
    self->report.started_at = broker_wall ();
    snprintf (self->report.last_reload, sizeof self->report.last_reload, "ok");
    int rc = open_signals (self);
    if (rc == 0)
        rc = open_registry (self, options, error);
    if (rc == 0) {
        broker_start_clock (self);
        rc = broker_log_start (self, options->restored ? "restored" : "ok");
    }
    if (rc == 0)
        rc = open_endpoints (self, error);
    if (rc == 0) {
        say_parties (self);
        log_unfit (self);
    }
    return rc;
}

void broker_destroy (struct broker **self_p)
{
    struct broker *self = *self_p;
    if (self == NULL)
        return;
    broker_refuse_all (self, "the registry is stopping");
    waiting_destroy (&self->waiting);
    free (self->spare);
    connections_destroy (&self->connections);
    allowance_destroy (&self->allowance);
    askers_destroy (&self->askers);
    endpoints_close (&self->endpoints);
    auth_destroy (&self->auth);
    zmq_ctx_term (self->context);
    push_list_destroy (&self->pushes);
    registry_close (&self->registry);
    in_force_release (&self->in_force);
    if (self->signals > 0)
        close (self->signals);
    replies_destroy (&self->replies);
    free (self->served);
    free (self->config_path);
    free (self);
    *self_p = NULL;
}
