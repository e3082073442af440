/* Opens what the broker needs, and closes it. */
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
#include "outcome.h"
#include "permission.h"
#include "registry/log_copies.h"
#include "registry/party_table.h"
#include "say.h"
#include "server_key.h"

static int open_registry (struct broker *self, const struct broker_options *chosen, struct settings_error *error)
{
    const struct config *config = self->in_force.config;
    struct registry_options options = {
        .vault_key = config->vault_key,
        .vault_former = config->vault_former,
        .store = registry_store_options (config),
        .cache_size = config->cache_size,
        .restored = chosen->restored,
        .without_list = chosen->without_list,
        .operator_file = chosen->operator_file,
    };
    options.store.restored = chosen->restored;
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
        say (SAY_ERROR, "parties-unlogged", "the log has no lines for the parties that do not fit: %s",
             outcome_sentence (rc));
}

/* Prints what an operator must know of the parties at the start. */
static void say_parties (const struct broker *self)
{
    const struct registry *registry = &self->registry;
    const struct party_entry *entry;
    size_t index = 0, operators = 0;
    if (registry->taken_up > 0)
        say (SAY_NOTICE, "parties-taken-up", "parties taken up from %s, which are in the store from now on: %zu",
             self->in_force.config->parties_directory, registry->taken_up);
    while ((entry = parties_next_unfit (registry->parties, &index)) != NULL)
        say_of_party (SAY_ERROR, "party-unfit", entry->text.id,
                      "party %s takes part in nothing: %s: %s (consentctl party apply, or remove)", entry->text.id,
                      entry->unfit.name, entry->unfit.message);
    for (size_t i = 0; i < parties_count (registry->parties); i++)
        operators += (parties_at (registry->parties, i)->permissions & PERMISSION_ADMIN) != 0;
    if (operators == 0)
        say (SAY_ERROR, "no-operator", "no party is an operator: consentd --operator FILE brings one in");
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
    int rc = server_key_read (config->server_key, secret_key, error);
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
        log_copies_expect (&self->registry.copies, self->in_force.config, broker_steady ());
        broker_start_clock (self);
        rc = broker_log_start (self, options->restored ? "restored" : "ok");
    }
    if (rc == 0)
        rc = broker_start_keys (self, error);
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
    broker_drop_departing (self);
    broker_drop_news (self);
    broker_end_metrics (self);
    meters_release (&self->meters);
    free (self->tally.item);
    free (self->going.item);
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
