#include "broker.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>
#include "audit/log.h"
#include "auth.h"
#include "batch.h"
#include "clock.h"
#include "codec.h"
#include "dispatch.h"
#include "endpoints.h"
#include "permission.h"
#include "exchange.h"
#include "outcome.h"
#include "push.h"
#include "registry/ending.h"
#include "registry/party_table.h"
#include "registry/registry.h"
#include "registry/state.h"
#include "rules/policy.h"

enum {
    SIGN_INS = 64,       /* handshakes in one turn */
    HEARTBEAT_MS = 5000, /* to every subscription */
    ENDINGS_MS = 1000,   /* that a consent ended is known no later: the wall may have moved meanwhile */
    ENDINGS_AGAIN_MS = 5000,
    STOP_ANSWER_MS = 300, /* after a signal to stop: what waits is still decided */
    STOP_LIMIT_MS = 2000, /* and what still comes is told to go elsewhere, until then */
    STOP_QUIET_MS = 100,
};

struct broker {
    char *config_path;
    struct in_force in_force;
    struct registry registry;
    struct daemon_report report;
    void *context;
    struct auth *auth;
    struct connections *connections;
    struct endpoints endpoints;
    int signals;
    struct sign_in *sign_ins[SIGN_INS];
    size_t sign_in_count;
    struct inlet inlets[CHANNELS];
    struct exchange *exchanges; /* what a turn gathered: appended to by gather () alone */
    size_t exchange_count, exchange_room;
    struct push_list *pushes;
    struct clock clock;
    bool clock_unlogged; /* it stopped, and the log does not say so yet */
    moment heartbeat_at;
    moment endings_again_at; /* steady: they could not be made known, and wait */
    bool endings_wait;
    bool more; /* work is left that no socket will tell of */
    bool stopping;
};

static moment wall_clock (void)
{
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    return (moment)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static moment steady_clock (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (moment)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct clock_reading read_clocks (void)
{
    return (struct clock_reading){.wall = wall_clock (), .steady = steady_clock ()};
}

static moment now_of (const struct broker *self)
{
    return registry_now (&self->registry, clock_now (&self->clock, steady_clock ()));
}

static int begin (struct broker *self, struct turn *turn)
{
    moment now = clock_now (&self->clock, steady_clock ());
    int rc = registry_begin (&self->registry, &self->in_force, &self->report, now, turn);
    turn->wall = wall_clock ();
    turn->state.clock_stopped = self->clock.stopped != CLOCK_GOES_ON;
    return rc;
}

/* Who may stay is asked of these parties, at this moment. */
struct stay {
    const struct parties *parties;
    moment now;
};

static bool may_stay (const void *asked, const struct connection *connection)
{
    const struct stay *stay = asked;
    return auth_party (stay->parties, connection->key, connection->id.channel, stay->now) != NULL;
}

/* L4: whoever may not come in any more is not left inside. */
static void show_out (struct broker *self)
{
    const struct stay stay = {self->registry.parties, now_of (self)};
    connections_close_unless (self->connections, may_stay, &stay, steady_clock ());
}

/* Ends a turn. An operator who confirmed the clock in it (C14) is believed once that is durable. */
static int end (struct broker *self, struct turn *turn, int rc)
{
    const struct parties *before = self->registry.parties;
    rc = registry_end (&self->registry, turn, rc);
    if (self->registry.parties != before)
        show_out (self);
    if (rc == 0 && self->clock.stopped != CLOCK_GOES_ON && !turn->state.clock_stopped) {
        clock_confirm (&self->clock, read_clocks ());
        self->clock_unlogged = false;
        fprintf (stderr, "consentd: the clock was confirmed: decisions go on\n");
    }
    return rc;
}

/* A line that the daemon itself writes: start, stop, reload. */
static int log_own (struct broker *self, const char *action, const char *result, const char *note)
{
    struct turn turn;
    int rc = begin (self, &turn);
    if (rc == 0) {
        store_use_reserve (turn.txn, true); /* a full registry must start, for withdrawals */
        struct audit_head head = {.time = turn.now, .party = "", .action = action, .result = result};
        struct evidence evidence = {.note = note, .policy_hash = self->in_force.policy->hash};
        rc = audit_append (&turn, &head, NULL, &evidence);
        if (rc == 0)
            rc = state_keep_clock (&turn);
        rc = end (self, &turn, rc);
    }
    return rc;
}

/* Receiving */

static size_t weight_of (struct exchange *exchange)
{
    struct bytes payload = exchange_payload (exchange);
    return codec_weight (payload.data, payload.size);
}

/* Which sockets have something: the handshakes, at 0, and each channel. Looking at one that has nothing is a
   system call or two. */
struct waiting {
    bool at[CHANNELS];
};

static const struct waiting everywhere = {{true, true, true, true}};

/* Which connection it came on. False: one that is gone. */
static bool find_connection (struct broker *self, struct exchange *exchange)
{
    struct connection_message message = exchange_origin (exchange);
    const struct connection *found = connections_find (self->connections, &message, steady_clock ());
    if (found == NULL)
        return false;
    exchange->connection = found->id;
    exchange->chose_its_route = found->chose_its_route;
    return true;
}

/* Takes what waits at one channel: how many requests that is. *open: more may wait. */
static size_t gather_one (struct broker *self, enum channel channel, bool *open)
{
    assert (self->exchange_count < self->exchange_room);
    struct exchange *exchange = &self->exchanges[self->exchange_count];
    int rc = exchange_receive (exchange, &self->inlets[channel]);
    *open = rc == 0;
    self->more |= rc == EXCHANGE_AWAY;
    if (rc != 0)
        return 0;
    if (!find_connection (self, exchange)) {
        exchange_close (exchange); /* nobody waits for the answer (L4) */
        return 0;
    }
    self->exchange_count++;
    return weight_of (exchange);
}

/* Takes what waits, in turns over the endpoints, up to the limit of a turn. A batch that is taken is taken whole.
   The list is empty before: what was gathered is a turn's, and settled in it. */
static void gather (struct broker *self, struct waiting open)
{
    assert (self->exchange_count == 0 && self->sign_in_count == 0);
    struct sign_in *sign_in;
    while (open.at[0] && self->sign_in_count < SIGN_INS &&
           (sign_in = auth_receive (self->auth, self->registry.parties, self->connections,
                                    self->in_force.config->connection_limit, now_of (self), steady_clock ())) != NULL)
        self->sign_ins[self->sign_in_count++] = sign_in;
    size_t limit = self->in_force.config->turn_limit, taken = 0;
    while (open.at[CHANNEL_REQUESTS] || open.at[CHANNEL_EVENTS] || open.at[CHANNEL_OPERATORS])
        for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++) {
            if (taken >= limit)
                return;
            if (open.at[channel])
                taken += gather_one (self, channel, &open.at[channel]);
        }
}

/* Handling */

static void answer_unavailable (struct turn *turn, struct exchange *exchange, const char *why)
{
    struct bytes answer;
    arena_reset (turn->arena);
    dispatch_unavailable (turn, exchange_payload (exchange), why, &answer);
    exchange_answer (exchange, answer);
}

/* A message on a connection whose key is no party's any more: said, and logged, and nothing else; and closed. */
static int refuse_stranger (struct broker *self, struct turn *turn, struct exchange *exchange, const char *key)
{
    struct bytes answer;
    dispatch_stranger (turn, exchange_payload (exchange), &answer);
    exchange_answer (exchange, answer);
    connections_close (self->connections, &exchange->connection, steady_clock ());
    return auth_log_stranger (self->auth, turn, key, exchange->channel);
}

/* A peer with a routing id of its own choice may be after what was meant for the one that had it before. */
static int refuse_own_route (struct broker *self, struct turn *turn, struct exchange *exchange, const char *key)
{
    struct bytes answer;
    dispatch_own_route (turn, exchange_payload (exchange), &answer);
    exchange_answer (exchange, answer);
    connections_close (self->connections, &exchange->connection, steady_clock ());
    return auth_log_stranger (self->auth, turn, key, exchange->channel);
}

static int handle (struct broker *self, struct turn *turn, struct exchange *exchange)
{
    arena_reset (turn->arena);
    store_use_reserve (turn->txn, false); /* of strangers too, whoever was before them in this turn */
    const char *key = exchange_key (exchange);
    const struct party_entry *party = parties_by_key (turn->parties, key, turn->now);
    if (party == NULL)
        return refuse_stranger (self, turn, exchange, key);
    if (exchange->chose_its_route)
        return refuse_own_route (self, turn, exchange, key);
    connections_use (self->connections, &exchange->connection, party->text.id, turn->config->connection_limit,
                     steady_clock ());
    struct caller caller = {party, key, exchange->channel, zmq_msg_data (&exchange->route),
                            zmq_msg_size (&exchange->route), exchange->connection};
    struct bytes answer;
    int rc = dispatch (turn, &caller, exchange_payload (exchange), &answer);
    if (rc == DISPATCH_BATCH) {
        struct batch *batch = batch_new (exchange_payload (exchange));
        rc = batch_step (batch, turn, &caller, UINT64_MAX, &answer);
        batch_destroy (&batch);
    }
    if (rc == 0)
        exchange_answer (exchange, answer);
    return rc;
}

/* One try at a part of what was gathered, in one transaction. */
static int attempt (struct broker *self, size_t first, size_t count, size_t sign_ins, bool heartbeat)
{
    struct turn turn;
    int rc = begin (self, &turn);
    for (size_t i = 0; i < sign_ins && rc == 0; i++)
        rc = auth_log (self->auth, &turn, self->sign_ins[i]);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = handle (self, &turn, &self->exchanges[first + i]);
    if (rc == 0)
        rc = push_collect (self->pushes, &turn, heartbeat, &self->more);
    rc = end (self, &turn, rc);
    if (rc != 0)
        push_take_back (self->pushes);
    return rc;
}

/* Sending */

static void send_answers (struct broker *self, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        exchange_send (&self->exchanges[i], self->endpoints.sockets[self->exchanges[i].channel]);
        connections_touch (self->connections, &self->exchanges[i].connection, steady_clock ());
        exchange_close (&self->exchanges[i]);
    }
}

/* Reload */

static void report_reload (struct broker *self, const char *outcome)
{
    snprintf (self->report.last_reload, sizeof self->report.last_reload, "%s", outcome);
    fprintf (stderr, "consentd: reload: %s\n", outcome);
}

/* Takes up what was read, with the parties as judged by it, and says so in the log. What cannot be logged does not
   happen (A2): what was in force before comes back. */
static bool take_up (struct broker *self, struct in_force *fresh, struct parties *parties)
{
    struct in_force old = self->in_force;
    struct parties *old_parties = self->registry.parties;
    self->in_force = *fresh;
    self->registry.parties = parties;
    if (log_own (self, "reload", "ok", fresh->policy->id) == 0) {
        *fresh = old;
        parties_destroy (&old_parties);
        return true;
    }
    self->in_force = old;
    self->registry.parties = old_parties;
    parties_destroy (&parties);
    report_reload (self, "the log cannot be written");
    return false;
}

static void refuse_reload (struct broker *self, const struct settings_error *error)
{
    report_reload (self, error->text);
    log_own (self, "reload", "refused", error->text);
}

/* SIGHUP: all of it is taken up, or none. */
static void reload (struct broker *self)
{
    struct in_force fresh;
    struct parties *parties = NULL;
    struct settings_error error = {""};
    if (in_force_read (&fresh, self->config_path, &error) != 0) {
        refuse_reload (self, &error);
        return;
    }
    if (registry_judge_parties (&self->registry, &fresh, &parties, &error) != 0) {
        in_force_release (&fresh);
        refuse_reload (self, &error);
        return;
    }
    if (fresh.config->turn_limit > self->in_force.config->turn_limit)
        fresh.config->turn_limit = self->in_force.config->turn_limit; /* room was made for so many at the start */
    bool taken_up = take_up (self, &fresh, parties);
    in_force_release (&fresh); /* what is not in force */
    if (!taken_up)
        return;
    registry_forget (&self->registry); /* codes are positions in the pack */
    show_out (self);
    report_reload (self, "ok");
}

/* The turn */

/* A1, where there is room: that this request failed is not known from its own turn, which has not happened. */
static void log_failure (struct broker *self, struct exchange *exchange)
{
    const struct party_entry *party = parties_by_key (self->registry.parties, exchange_key (exchange), now_of (self));
    struct turn turn;
    int rc = begin (self, &turn);
    if (rc == 0) {
        struct audit_head head = {.time = turn.now,
                                  .party = party != NULL ? party->text.id : "",
                                  .action = "request",
                                  .result = "unavailable",
                                  .origin = (enum audit_origin)exchange->channel};
        struct evidence evidence = {.note = ""};
        registry_end (&self->registry, &turn, audit_append (&turn, &head, NULL, &evidence));
    }
}

/* Tries a run of exchanges together; if that fails a part of them, down to the first alone, so that one cannot
   take others down. `run` is how many to try: it grows again from one that failed, lest each be tried with all
   after it. */
static size_t settle (struct broker *self, size_t first, size_t *run, bool *logged, bool heartbeat)
{
    size_t left = self->exchange_count - first, count = *run < left ? *run : left;
    size_t sign_ins = *logged ? 0 : self->sign_in_count;
    int rc = attempt (self, first, count, sign_ins, heartbeat);
    while (rc != 0 && count > 1) {
        count /= 2;
        rc = attempt (self, first, count, sign_ins, heartbeat);
    }
    *run = rc == 0 ? 2 * count : 1;
    if (rc == 0)
        *logged = true;
    else if (count > 0) {
        rc = attempt (self, first, 1, 0, false);
        if (rc != 0) {
            struct turn turn = {
                .arena = self->registry.arena, .state = self->registry.state, .now = now_of (self)};
            answer_unavailable (&turn, &self->exchanges[first],
                                rc == STORE_FULL
                                    ? "the store is full: only withdrawals are still recorded"
                                    : "the registry cannot record or read this now; nothing was done");
            fprintf (stderr, "consentd: a request failed: %s\n", outcome_sentence (rc));
            log_failure (self, &self->exchanges[first]);
        }
    }
    send_answers (self, first, count);
    push_send (self->pushes, self->registry.outbox, self->endpoints.sockets[CHANNEL_EVENTS], self->connections,
               steady_clock ());
    return count;
}

static void say_clock_stopped (const struct broker *self)
{
    fprintf (stderr, "consentd: the clock %s: no decisions until an operator confirms it\n",
             clock_why (self->clock.stopped));
}

/* C14. What cannot be logged now stops decisions all the same. */
static void watch_clock (struct broker *self)
{
    if (clock_judge (&self->clock, read_clocks ())) {
        self->clock_unlogged = true;
        say_clock_stopped (self);
    }
    if (self->clock_unlogged && log_own (self, "clock", "stopped", clock_why (self->clock.stopped)) == 0)
        self->clock_unlogged = false;
}

/* Whether something may have ended by now, and can be made known: in a transaction of its own, so that a full disk
   keeps it waiting and nobody else. */
static void make_endings_known (struct broker *self)
{
    struct turn turn;
    if (self->clock.stopped != CLOCK_GOES_ON || self->registry.state.agenda_at > now_of (self) ||
        steady_clock () < self->endings_again_at)
        return;
    int rc = begin (self, &turn);
    if (rc == 0)
        rc = ending_run (&turn);
    rc = end (self, &turn, rc);
    if (rc != 0 && !self->endings_wait)
        fprintf (stderr, "consentd: consents that ended cannot be made known now, and wait: %s\n",
                 outcome_sentence (rc));
    self->endings_wait = rc != 0;
    if (rc != 0)
        self->endings_again_at = steady_clock () + ENDINGS_AGAIN_MS;
}

/* Who came and went, and who is to go. */
static void tend_connections (struct broker *self)
{
    struct connection_id gone;
    connections_follow (self->connections, steady_clock ());
    connections_tend (self->connections, steady_clock ());
    while (connections_take_gone (self->connections, &gone))
        outbox_connection_gone (self->registry.outbox, &gone);
}

/* How long nothing need be done if nothing comes. */
static long idle_time (const struct broker *self)
{
    moment steady = steady_clock (), wait = self->heartbeat_at - steady;
    moment ending = self->registry.state.agenda_at;
    if (self->clock.stopped == CLOCK_GOES_ON && ending != MOMENT_NEVER) {
        moment until = ending - now_of (self), again = self->endings_again_at - steady;
        until = until < again ? again : until;
        until = until > ENDINGS_MS ? ENDINGS_MS : until;
        wait = until < wait ? until : wait;
    }
    moment due = connections_due (self->connections);
    if (due != MOMENT_NEVER && due - steady < wait)
        wait = due - steady;
    return self->more || wait < 0 ? 0 : (long)wait;
}

/* Settles what was gathered. */
static void run_turn (struct broker *self, bool heartbeat)
{
    tend_connections (self);
    watch_clock (self);
    make_endings_known (self);
    bool logged = self->sign_in_count == 0;
    self->report.turns++;
    self->report.requests += self->exchange_count;
    self->report.messages_cut_off = 0;
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++)
        self->report.messages_cut_off += self->inlets[channel].cut_off;
    size_t first = 0, run = self->exchange_count;
    do {
        first += settle (self, first, &run, &logged, heartbeat);
        heartbeat = false;
    } while (first < self->exchange_count);
    self->exchange_count = 0;
    for (size_t i = 0; i < self->sign_in_count; i++)
        auth_answer (self->auth, &self->sign_ins[i], logged);
    self->sign_in_count = 0;
}

/* Stopping: no new connections; what waits is decided, what still comes is told to come back later. */
static unsigned drain (struct broker *self)
{
    unsigned turned_away = 0;
    moment start = steady_clock (), last = start;
    while (steady_clock () - start < STOP_ANSWER_MS) {
        gather (self, everywhere);
        if (self->exchange_count == 0 && self->sign_in_count == 0) {
            usleep (10000);
            continue;
        }
        run_turn (self, false);
    }
    last = steady_clock ();
    while (steady_clock () - last < STOP_QUIET_MS && steady_clock () - start < STOP_LIMIT_MS) {
        struct turn turn = {.arena = self->registry.arena, .state = self->registry.state, .now = now_of (self)};
        gather (self, everywhere);
        for (size_t i = 0; i < self->exchange_count; i++)
            answer_unavailable (&turn, &self->exchanges[i], "the registry is stopping");
        if (self->exchange_count > 0)
            last = steady_clock ();
        send_answers (self, 0, self->exchange_count);
        turned_away += (unsigned)self->exchange_count;
        self->exchange_count = 0;
        for (size_t i = 0; i < self->sign_in_count; i++)
            auth_answer (self->auth, &self->sign_ins[i], false);
        self->sign_in_count = 0;
        usleep (5000);
    }
    return turned_away;
}

static void take_signals (struct broker *self)
{
    struct signalfd_siginfo info;
    while (read (self->signals, &info, sizeof info) == (ssize_t)sizeof info)
        if (info.ssi_signo == SIGHUP)
            reload (self);
        else
            self->stopping = true;
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
    self->heartbeat_at = steady_clock () + HEARTBEAT_MS;
    while (!self->stopping) {
        int ready = zmq_poll (items, sizeof items / sizeof *items, idle_time (self));
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready > 0 && (items[CHANNELS].revents & ZMQ_POLLIN) != 0)
            take_signals (self);
        bool heartbeat = steady_clock () >= self->heartbeat_at;
        if (heartbeat) {
            self->heartbeat_at = steady_clock () + HEARTBEAT_MS;
            show_out (self); /* a key may have come to its end */
        }
        struct waiting waiting;
        for (unsigned i = 0; i < CHANNELS; i++)
            waiting.at[i] = ready > 0 && (items[i].revents & ZMQ_POLLIN) != 0;
        self->more = false;
        gather (self, waiting);
        run_turn (self, heartbeat);
    }
    endpoints_unbind (&self->endpoints, self->in_force.config);
    char note[32];
    snprintf (note, sizeof note, "%u turned away", drain (self));
    return log_own (self, "stop", "ok", note);
}

/* Setting up */

static int open_registry (struct broker *self, const struct broker_options *chosen, struct settings_error *error)
{
    const struct config *config = self->in_force.config;
    struct registry_options options = {
        .vault_key = config->vault_key,
        .store = {config->store_directory, config->store_size, config->store_reserve},
        .cache_size = config->cache_size,
        .restored = chosen->restored,
        .operator_file = chosen->operator_file,
    };
    mkdir (config->store_directory, 0700);
    int rc = registry_open (&self->registry, &options, &self->in_force, wall_clock (), error);
    return rc == REGISTRY_CANNOT_OPEN ? BROKER_CANNOT_START : rc;
}

/* C14: what can be told of the clock before anything is recorded by it. */
static void start_clock (struct broker *self)
{
    const struct registry_state *state = &self->registry.state;
    const struct config *config = self->in_force.config;
    clock_start (&self->clock, &(struct clock_limits){config->clock_jump, config->absence}, read_clocks (),
                 state->time, state->clock_stopped);
    self->clock_unlogged = self->clock.stopped != CLOCK_GOES_ON && !state->clock_stopped;
    if (self->clock.stopped != CLOCK_GOES_ON)
        say_clock_stopped (self);
}

/* What of the parties an operator must know at the start. */
static void say_parties (const struct broker *self)
{
    const struct registry *registry = &self->registry;
    const struct party_entry *entry;
    size_t index = 0, operators = 0;
    if (registry->taken_up > 0)
        fprintf (stderr,
                 "consentd: %zu parties were taken up from %s: from now on they are in the store "
                 "(consentctl party apply)\n",
                 registry->taken_up, self->in_force.config->parties_directory);
    while ((entry = parties_next_unfit (registry->parties, &index)) != NULL)
        fprintf (stderr, "consentd: party %s takes part in nothing: %s: %s (consentctl party apply, or remove)\n",
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

/* The ZAP handler first: without it any key would be let in. */
static int open_endpoints (struct broker *self, struct settings_error *error)
{
    const struct config *config = self->in_force.config;
    char secret_key[41] = "";
    int rc = auth_read_server_key (config->server_key, secret_key, error);
    if (rc == 0)
        rc = auth_new (&self->auth, self->context);
    if (rc == 0)
        rc = endpoints_open (&self->endpoints, self->context, self->connections, secret_key);
    if (rc == 0)
        rc = endpoints_bind (&self->endpoints, config, error);
    explicit_bzero (secret_key, sizeof secret_key);
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++)
        self->inlets[channel] = (struct inlet){.socket = self->endpoints.sockets[channel], .channel = channel};
    return rc > 0 ? BROKER_CANNOT_START : rc;
}

int broker_new (struct broker **self_p, struct in_force *in_force, const struct broker_options *options,
                struct settings_error *error)
{
    struct broker *self = calloc (1, sizeof *self);
    if (self == NULL || (self->config_path = strdup (options->config_path)) == NULL)
        abort ();
    *self_p = self;
    self->in_force = *in_force;
    self->exchange_room = in_force->config->turn_limit;
    self->exchanges = calloc (self->exchange_room, sizeof *self->exchanges);
    self->pushes = push_list_new ();
    self->connections = connections_new ();
    self->context = zmq_ctx_new ();
    if (self->exchanges == NULL || self->context == NULL)
        abort ();
    self->report.started_at = wall_clock ();
    snprintf (self->report.last_reload, sizeof self->report.last_reload, "ok");
    int rc = open_signals (self);
    if (rc == 0)
        rc = open_registry (self, options, error);
    if (rc == 0) {
        start_clock (self);
        rc = log_own (self, "start", options->restored ? "restored" : "ok", in_force->policy->id);
    }
    if (rc == 0)
        rc = open_endpoints (self, error);
    if (rc == 0)
        say_parties (self);
    return rc;
}

void broker_destroy (struct broker **self_p)
{
    struct broker *self = *self_p;
    if (self == NULL)
        return;
    connections_destroy (&self->connections);
    endpoints_close (&self->endpoints);
    auth_destroy (&self->auth);
    zmq_ctx_term (self->context);
    push_list_destroy (&self->pushes);
    registry_close (&self->registry);
    in_force_release (&self->in_force);
    if (self->signals > 0)
        close (self->signals);
    free (self->exchanges);
    free (self->config_path);
    free (self);
    *self_p = NULL;
}
