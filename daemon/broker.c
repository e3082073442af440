#include "broker.h"
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
#include "codec.h"
#include "dispatch.h"
#include "outbox.h"
#include "registry/party_log.h"
#include "registry/replay.h"
#include "registry/state.h"
#include "registry/subject_cache.h"
#include "rules/policy.h"

enum {
    CHANNELS = CHANNEL_OPERATORS + 1,
    SIGN_INS = 64,           /* handshakes in one turn */
    PUSHES = 256,            /* events in one turn */
    HEARTBEAT_MS = 5000,     /* to every subscription */
    STOP_ANSWER_MS = 300,    /* after a signal to stop: what waits is still decided */
    STOP_LIMIT_MS = 2000,    /* and what still comes is told to go elsewhere, until then */
    STOP_QUIET_MS = 100,
    HIGH_WATER = 8192,       /* messages a peer may have waiting */
    CURVE_OVERHEAD = 64,     /* what ZeroMQ counts of a message beside its content */
    SCRATCH_LIMIT = 256 << 20,
    ZAP_ENFORCE_DOMAIN = 93, /* ZMQ_ZAP_ENFORCE_DOMAIN: 4.3.4 knows it by number only */
};

/* One message and what becomes of it. */
struct exchange {
    enum channel channel;
    bool delimiter;          /* of a REQ peer: given back */
    zmq_msg_t route, payload, answer;
    bool answered;
};

/* An event on its way out. */
struct push {
    struct subscription *subscription; /* NULL once it is gone */
    uint8_t route[256];
    size_t route_size;
    zmq_msg_t message;
    bool numbered;           /* took credit */
};

struct broker {
    char *config_path;
    struct in_force in_force;
    struct vault *vault;
    struct store *store;
    struct outbox *outbox;
    struct subject_cache *cache;
    struct replay_index *replays;
    struct arena *arena;
    struct registry_state state;
    struct daemon_report report;
    char server_public[41], server_secret[41];
    void *context;
    struct auth *auth;
    void *sockets[CHANNELS];
    int signals;
    struct sign_in *sign_ins[SIGN_INS];
    size_t sign_in_count;
    struct exchange *exchanges;
    size_t exchange_count;
    struct push *pushes;
    size_t push_count;
    moment heartbeat_at;
    bool more;               /* work is left that no socket will tell of */
    bool store_full;         /* the last turn found no room outside the reserve */
    bool stopping;
};

static moment wall_clock (void)
{
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    return (moment) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static moment steady_clock (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (moment) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* C14: the clock never goes back behind what was acted on. */
static moment now_of (const struct broker *self)
{
    moment wall = wall_clock ();
    return wall > self->state.time ? wall : self->state.time;
}

/* The turn's transaction */

static int begin (struct broker *self, struct turn *turn)
{
    *turn = (struct turn){
        .store = self->store,
        .vault = self->vault,
        .policy = self->in_force.policy,
        .parties = self->in_force.parties,
        .config = self->in_force.config,
        .outbox = self->outbox,
        .cache = self->cache,
        .replays = self->replays,
        .report = &self->report,
        .arena = self->arena,
        .now = now_of (self),
        .state = self->state,
        .store_full = self->store_full,
    };
    arena_reset (self->arena);
    return store_begin (self->store, &turn->txn);
}

/* Ends the turn: durable, or as if it had not been. */
static int end (struct broker *self, struct turn *turn, int rc)
{
    if (rc == 0 && turn->changed) {
        turn->state.time = turn->now;
        rc = store_commit (&turn->txn);
        if (rc == 0)
            self->state = turn->state;
    }
    if (turn->txn != NULL)
        store_abort (&turn->txn);
    if (rc != 0)
        subject_cache_clear (self->cache); /* it may have kept what did not happen */
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
            rc = party_log_changes (&turn);
        rc = end (self, &turn, rc);
    }
    return rc;
}

/* Receiving */

static void close_exchange (struct exchange *exchange)
{
    zmq_msg_close (&exchange->route);
    zmq_msg_close (&exchange->payload);
    zmq_msg_close (&exchange->answer);
}

/* Takes one message, as far as it is well formed: [route] [empty]? [payload]. What is not has an empty payload and
   is answered INVALID. False if none waits. */
static bool receive (struct broker *self, enum channel channel)
{
    struct exchange *exchange = &self->exchanges[self->exchange_count];
    void *socket = self->sockets[channel];
    memset (exchange, 0, sizeof *exchange);
    exchange->channel = channel;
    zmq_msg_init (&exchange->route);
    zmq_msg_init (&exchange->payload);
    zmq_msg_init (&exchange->answer);
    if (zmq_msg_recv (&exchange->route, socket, ZMQ_DONTWAIT) < 0) {
        close_exchange (exchange);
        return false;
    }
    unsigned frames = 0;
    bool malformed = !zmq_msg_more (&exchange->route);
    for (int more = !malformed; more; frames++) {
        if (frames == 1 && zmq_msg_size (&exchange->payload) == 0)
            exchange->delimiter = true;
        else if (frames > 0)
            malformed = true;
        if (zmq_msg_recv (&exchange->payload, socket, ZMQ_DONTWAIT) < 0)
            break;
        more = zmq_msg_more (&exchange->payload);
    }
    if (malformed && zmq_msg_size (&exchange->payload) > 0) {
        /* Keeps the frame, which knows whose it is, and hides what it holds. */
        memset (zmq_msg_data (&exchange->payload), 0xff, zmq_msg_size (&exchange->payload));
    }
    self->exchange_count++;
    return true;
}

/* Drains what waits, in turns over the endpoints, up to the limit of a turn. */
static void gather (struct broker *self)
{
    struct sign_in *sign_in;
    while (self->sign_in_count < SIGN_INS &&
           (sign_in = auth_receive (self->auth, self->in_force.parties, now_of (self))) != NULL)
        self->sign_ins[self->sign_in_count++] = sign_in;
    size_t limit = self->in_force.config->turn_limit;
    bool open[CHANNELS] = {false, true, true, true};
    while (open[CHANNEL_REQUESTS] || open[CHANNEL_EVENTS] || open[CHANNEL_OPERATORS])
        for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++) {
            if (self->exchange_count >= limit)
                return;
            if (open[channel])
                open[channel] = receive (self, channel);
        }
}

/* Handling */

static struct bytes payload_of (struct exchange *exchange)
{
    return (struct bytes){zmq_msg_data (&exchange->payload), zmq_msg_size (&exchange->payload)};
}

static void set_answer (struct exchange *exchange, struct bytes answer)
{
    zmq_msg_close (&exchange->answer);
    if (zmq_msg_init_size (&exchange->answer, answer.size) != 0)
        abort ();
    memcpy (zmq_msg_data (&exchange->answer), answer.data, answer.size);
    exchange->answered = true;
}

static void answer_unavailable (struct turn *turn, struct exchange *exchange, const char *why)
{
    struct bytes answer;
    arena_reset (turn->arena);
    dispatch_unavailable (turn, payload_of (exchange), why, &answer);
    set_answer (exchange, answer);
}

/* A message on a connection whose key is no party's any more: said, and logged, and nothing else. */
static int refuse_stranger (struct turn *turn, struct exchange *exchange, const char *key)
{
    struct reply reply = {.status = STATUS_FORBIDDEN, .message = "this key is not, or no longer, a party's"};
    struct bytes answer;
    codec_write_reply (&reply, turn->arena, &answer);
    set_answer (exchange, answer);
    struct audit_head head = {.time = turn->now,
                              .party = "",
                              .action = "request",
                              .result = "refused",
                              .origin = (enum audit_origin) exchange->channel};
    struct evidence evidence = {.note = key};
    return audit_append (turn, &head, NULL, &evidence);
}

static int handle (struct turn *turn, struct exchange *exchange)
{
    arena_reset (turn->arena);
    const char *key = zmq_msg_gets (&exchange->payload, "User-Id");
    const struct party_entry *party = key != NULL ? parties_by_key (turn->parties, key) : NULL;
    if (party == NULL)
        return refuse_stranger (turn, exchange, key != NULL ? key : "");
    struct caller caller = {party, exchange->channel, zmq_msg_data (&exchange->route), zmq_msg_size (&exchange->route)};
    struct bytes answer;
    store_use_reserve (turn->txn, false);
    int rc = dispatch (turn, &caller, payload_of (exchange), &answer);
    if (rc == 0)
        set_answer (exchange, answer);
    return rc;
}

/* Events */

static void add_push (struct broker *self, struct turn *turn, struct subscription *subscription,
                      const struct event *event, const char *message)
{
    struct push *push = &self->pushes[self->push_count++];
    struct reply reply = {.status = STATUS_OK, .body = REPLY_EVENT, .message = message, .as.event = *event};
    struct bytes packed;
    memcpy (reply.epoch, turn->state.epoch, sizeof reply.epoch);
    reply.revision = turn->state.revision;
    reply.time = turn->now;
    codec_write_reply (&reply, turn->arena, &packed);
    push->subscription = subscription;
    memcpy (push->route, subscription->route, subscription->route_size);
    push->route_size = subscription->route_size;
    push->numbered = event->kind == EVENT_CONSENT_REVOKED;
    if (zmq_msg_init_size (&push->message, packed.size) != 0)
        abort ();
    memcpy (zmq_msg_data (&push->message), packed.data, packed.size);
}

static int collect_events (struct broker *self, struct turn *turn, struct subscription *subscription, bool heartbeat)
{
    struct cursor cursor;
    int rc = outbox_cursor (turn, subscription->party, &cursor);
    if (subscription->next <= cursor.acknowledged)
        subscription->next = cursor.acknowledged + 1; /* acknowledged before it was pushed here: it is known */
    while (rc == 0 && subscription->credit > 0 && subscription->next <= cursor.newest) {
        if (self->push_count + 1 >= PUSHES) {
            self->more = true;
            return 0;
        }
        struct event event;
        arena_reset (turn->arena);
        rc = outbox_read (turn, subscription->party, subscription->next, &event);
        if (rc != 0)
            return rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
        add_push (self, turn, subscription, &event, NULL);
        subscription->next++;
        subscription->credit--;
    }
    if (rc == 0 && heartbeat && self->push_count < PUSHES) {
        struct event event = {.kind = EVENT_HEARTBEAT, .number = cursor.newest, .time = turn->now, .purpose = ""};
        add_push (self, turn, subscription, &event, NULL);
    }
    return rc;
}

/* What subscribers have credit for, is pushed once the turn is durable. */
static int collect_pushes (struct broker *self, struct turn *turn, bool heartbeat)
{
    int rc = 0;
    struct subscription *subscription;
    for (size_t i = 0; rc == 0 && (subscription = outbox_at (self->outbox, i)) != NULL; i++) {
        const struct party_entry *party = parties_find (turn->parties, subscription->party);
        if (subscription->live && (party == NULL || !party->party.active)) {
            subscription->live = false;
            subscription->ended = true;
        }
        if (subscription->live)
            rc = collect_events (self, turn, subscription, heartbeat);
        else if (self->push_count < PUSHES) {
            struct event event = {.kind = EVENT_ENDED, .time = turn->now, .purpose = ""};
            arena_reset (turn->arena);
            add_push (self, turn, subscription, &event, "this party subscribed anew, or is no longer active");
        }
    }
    return rc;
}

/* The turn failed: what was to be pushed has not been. */
static void uncollect_pushes (struct broker *self)
{
    while (self->push_count > 0) {
        struct push *push = &self->pushes[--self->push_count];
        if (push->numbered) {
            push->subscription->next--;
            push->subscription->credit++;
        }
        zmq_msg_close (&push->message);
    }
}

/* One try at a part of what was gathered, in one transaction. *done is how many exchanges it took: fewer than asked
   where the table of parties changed, since what follows must be judged by the new one. */
static int attempt (struct broker *self, size_t first, size_t count, size_t sign_ins, bool heartbeat, size_t *done,
                    bool *parties_changed)
{
    struct turn turn;
    int rc = begin (self, &turn);
    *done = 0;
    for (size_t i = 0; i < sign_ins && rc == 0; i++)
        rc = auth_log (self->auth, &turn, self->sign_ins[i]);
    while (*done < count && rc == 0 && !turn.parties_changed)
        rc = handle (&turn, &self->exchanges[first + (*done)++]);
    if (rc == 0)
        rc = collect_pushes (self, &turn, heartbeat);
    *parties_changed = turn.parties_changed;
    rc = end (self, &turn, rc);
    if (rc != 0)
        uncollect_pushes (self);
    return rc;
}

/* Sending */

static bool send_frame (void *socket, const void *data, size_t size, bool more)
{
    return zmq_send (socket, data, size, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) >= 0;
}

/* A peer that is gone, or whose queue is full, does not get it: it will ask again with the same key. */
static void send_answer (struct broker *self, struct exchange *exchange)
{
    void *socket = self->sockets[exchange->channel];
    if (zmq_msg_send (&exchange->route, socket, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0)
        return;
    if (exchange->delimiter)
        send_frame (socket, "", 0, true);
    zmq_msg_send (&exchange->answer, socket, ZMQ_DONTWAIT);
}

static void forget (struct broker *self, struct subscription *gone)
{
    for (size_t i = 0; i < self->push_count; i++)
        if (self->pushes[i].subscription == gone)
            self->pushes[i].subscription = NULL;
    outbox_drop (self->outbox, gone);
}

static void send_pushes (struct broker *self)
{
    void *socket = self->sockets[CHANNEL_EVENTS];
    for (size_t i = 0; i < self->push_count; i++) {
        struct push *push = &self->pushes[i];
        bool sent = push->subscription != NULL && send_frame (socket, push->route, push->route_size, true) &&
                    zmq_msg_send (&push->message, socket, ZMQ_DONTWAIT) >= 0;
        if (push->subscription != NULL && (!sent || push->subscription->ended))
            forget (self, push->subscription);
        zmq_msg_close (&push->message);
    }
    self->push_count = 0;
}

static void send_answers (struct broker *self, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        if (self->exchanges[i].answered)
            send_answer (self, &self->exchanges[i]);
        close_exchange (&self->exchanges[i]);
    }
}

/* Reload */

static void report_reload (struct broker *self, const char *outcome)
{
    snprintf (self->report.last_reload, sizeof self->report.last_reload, "%s", outcome);
    fprintf (stderr, "consentd: reload: %s\n", outcome);
}

/* SIGHUP, or a changed party: all of it is taken up, or none. */
static void reload (struct broker *self, bool asked)
{
    struct in_force fresh;
    struct settings_error error = {""};
    if (in_force_read (&fresh, self->config_path, &error) != 0) {
        report_reload (self, error.text);
        log_own (self, "reload", "refused", error.text);
        return;
    }
    if (fresh.config->turn_limit > self->in_force.config->turn_limit)
        fresh.config->turn_limit = self->in_force.config->turn_limit; /* room was made for so many at the start */
    struct in_force old = self->in_force;
    self->in_force = fresh;
    if (log_own (self, asked ? "reload" : "parties", "ok", fresh.policy->id) != 0) {
        self->in_force = old; /* what cannot be logged does not happen (A2) */
        in_force_release (&fresh);
        report_reload (self, "the log cannot be written");
        return;
    }
    in_force_release (&old);
    subject_cache_clear (self->cache); /* codes are positions in the pack */
    subject_cache_sweep (self->cache);
    if (asked)
        report_reload (self, "ok");
}

/* The turn */

/* Tries a run of exchanges together; if that fails, the first of them alone, so that one cannot take others down. */
static size_t settle (struct broker *self, size_t first, size_t count, bool *logged, bool heartbeat)
{
    size_t done;
    bool parties_changed = false;
    size_t sign_ins = *logged ? 0 : self->sign_in_count;
    int rc = attempt (self, first, count, sign_ins, heartbeat, &done, &parties_changed);
    self->store_full = rc == STORE_FULL;
    if (rc == 0)
        *logged = true;
    else if (count > 0) {
        rc = attempt (self, first, 1, 0, false, &done, &parties_changed);
        done = 1;
        if (rc != 0) {
            struct turn turn = {.arena = self->arena, .state = self->state, .now = now_of (self)};
            answer_unavailable (&turn, &self->exchanges[first],
                                rc == STORE_FULL ? "the store is full: only withdrawals are still recorded"
                                                 : "the registry cannot record or read this now; nothing was done");
            fprintf (stderr, "consentd: a request failed (%d)\n", rc);
        }
    }
    if (parties_changed)
        reload (self, false);
    send_answers (self, first, done);
    send_pushes (self);
    return done;
}

static void run_turn (struct broker *self, bool heartbeat)
{
    bool logged = self->sign_in_count == 0;
    self->more = false;
    gather (self);
    logged = self->sign_in_count == 0;
    self->report.turns++;
    self->report.requests += self->exchange_count;
    size_t first = 0;
    do {
        first += settle (self, first, self->exchange_count - first, &logged, heartbeat);
        heartbeat = false;
    } while (first < self->exchange_count);
    self->exchange_count = 0;
    for (size_t i = 0; i < self->sign_in_count; i++)
        auth_answer (self->auth, &self->sign_ins[i], logged);
    self->sign_in_count = 0;
}

/* Stopping: no new connections; what waits is decided, what still comes is told to come back later. */
static void drain (struct broker *self)
{
    moment start = steady_clock (), last = start;
    while (steady_clock () - start < STOP_ANSWER_MS) {
        gather (self);
        if (self->exchange_count == 0 && self->sign_in_count == 0) {
            usleep (10000);
            continue;
        }
        run_turn (self, false);
    }
    last = steady_clock ();
    while (steady_clock () - last < STOP_QUIET_MS && steady_clock () - start < STOP_LIMIT_MS) {
        struct turn turn = {.arena = self->arena, .state = self->state, .now = now_of (self)};
        gather (self);
        for (size_t i = 0; i < self->exchange_count; i++)
            answer_unavailable (&turn, &self->exchanges[i], "the registry is stopping");
        if (self->exchange_count > 0)
            last = steady_clock ();
        send_answers (self, 0, self->exchange_count);
        self->exchange_count = 0;
        for (size_t i = 0; i < self->sign_in_count; i++)
            auth_answer (self->auth, &self->sign_ins[i], false);
        self->sign_in_count = 0;
        usleep (5000);
    }
}

static void take_signals (struct broker *self)
{
    struct signalfd_siginfo info;
    while (read (self->signals, &info, sizeof info) == (ssize_t) sizeof info)
        if (info.ssi_signo == SIGHUP)
            reload (self, true);
        else
            self->stopping = true;
}

/* For each endpoint of a list, separated by spaces. 0 or -errno. */
static int each_endpoint (void *socket, const char *list, int (*act) (void *, const char *))
{
    char *copy = strdup (list), *rest = NULL;
    if (copy == NULL)
        abort ();
    int rc = 0;
    for (char *one = strtok_r (copy, " ", &rest); one != NULL && rc == 0; one = strtok_r (NULL, " ", &rest))
        rc = act (socket, one) == 0 ? 0 : -errno;
    free (copy);
    return rc;
}

static const char *endpoints_of (const struct config *config, enum channel channel)
{
    return channel == CHANNEL_REQUESTS ? config->requests
           : channel == CHANNEL_EVENTS ? config->events
                                       : config->operators;
}

int broker_run (struct broker *self)
{
    zmq_pollitem_t items[] = {
        {auth_socket (self->auth), 0, ZMQ_POLLIN, 0},
        {self->sockets[CHANNEL_REQUESTS], 0, ZMQ_POLLIN, 0},
        {self->sockets[CHANNEL_EVENTS], 0, ZMQ_POLLIN, 0},
        {self->sockets[CHANNEL_OPERATORS], 0, ZMQ_POLLIN, 0},
        {NULL, self->signals, ZMQ_POLLIN, 0},
    };
    self->heartbeat_at = steady_clock () + HEARTBEAT_MS;
    while (!self->stopping) {
        moment wait = self->heartbeat_at - steady_clock ();
        int ready = zmq_poll (items, sizeof items / sizeof *items, self->more || wait < 0 ? 0 : (long) wait);
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready > 0 && (items[4].revents & ZMQ_POLLIN) != 0)
            take_signals (self);
        bool heartbeat = steady_clock () >= self->heartbeat_at;
        if (heartbeat)
            self->heartbeat_at = steady_clock () + HEARTBEAT_MS;
        run_turn (self, heartbeat);
    }
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++)
        each_endpoint (self->sockets[channel], endpoints_of (self->in_force.config, channel), zmq_unbind);
    drain (self);
    return log_own (self, "stop", "ok", "");
}

/* Setting up */

static int set_number (void *socket, int option, int value)
{
    return zmq_setsockopt (socket, option, &value, sizeof value);
}

static int set_options (struct broker *self, void *socket, enum channel channel)
{
    const char *domain = audit_origin_name ((enum audit_origin) channel);
    int64_t largest = CODEC_MESSAGE_LIMIT + CURVE_OVERHEAD;
    int rc = set_number (socket, ZMQ_CURVE_SERVER, 1) |
             zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, self->server_secret, 41) |
             zmq_setsockopt (socket, ZMQ_ZAP_DOMAIN, domain, strlen (domain)) |
             set_number (socket, ZAP_ENFORCE_DOMAIN, 1) | set_number (socket, ZMQ_ROUTER_MANDATORY, 1) |
             set_number (socket, ZMQ_LINGER, 0) | zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest) |
             set_number (socket, ZMQ_SNDHWM, HIGH_WATER) | set_number (socket, ZMQ_RCVHWM, HIGH_WATER) |
             set_number (socket, ZMQ_HANDSHAKE_IVL, 2000) | set_number (socket, ZMQ_HEARTBEAT_IVL, 5000) |
             set_number (socket, ZMQ_HEARTBEAT_TIMEOUT, 15000) | set_number (socket, ZMQ_HEARTBEAT_TTL, 30000) |
             set_number (socket, ZMQ_BACKLOG, 1024);
    return rc == 0 ? 0 : -errno;
}

static int bind_endpoints (struct broker *self, struct settings_error *error)
{
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++) {
        void *socket = self->sockets[channel] = zmq_socket (self->context, ZMQ_ROUTER);
        const char *endpoints = endpoints_of (self->in_force.config, channel);
        int rc = socket != NULL ? set_options (self, socket, channel) : -errno;
        if (rc == 0)
            rc = each_endpoint (socket, endpoints, zmq_bind);
        if (rc != 0) {
            snprintf (error->text, sizeof error->text, "%s: cannot bind: %s", endpoints, zmq_strerror (-rc));
            return BROKER_CANNOT_START;
        }
    }
    return 0;
}

/* The state of the registry, checked: its log ends where its state says. */
static int load_state (struct broker *self, struct settings_error *error)
{
    struct turn turn;
    int rc = begin (self, &turn);
    if (rc == 0)
        rc = state_load (&turn);
    bool other_vault = rc == STATE_OTHER_VAULT;
    if (rc == 0)
        rc = replay_index_load (&turn);
    rc = end (self, &turn, rc);
    if (rc != 0) {
        snprintf (error->text, sizeof error->text, "%s: %s (%d)", self->in_force.config->store_directory,
                  other_vault ? "was made under another vault key than keys/vault names"
                              : "the end of the log is damaged",
                  rc);
        return BROKER_CANNOT_START;
    }
    if (!turn.changed)
        self->state = turn.state;
    return 0;
}

static int open_store (struct broker *self, struct settings_error *error)
{
    const struct config *config = self->in_force.config;
    struct store_options options = {config->store_directory, config->store_size, config->store_reserve};
    mkdir (config->store_directory, 0700);
    int rc = store_open (&self->store, &options, error->text, sizeof error->text);
    return rc == STORE_INVALID ? BROKER_CANNOT_START : rc;
}

int broker_new (struct broker **self_p, struct in_force *in_force, const char *config_path, struct settings_error *error)
{
    struct broker *self = calloc (1, sizeof *self);
    if (self == NULL || (self->config_path = strdup (config_path)) == NULL)
        abort ();
    *self_p = self;
    self->in_force = *in_force;
    self->signals = -1;
    self->arena = arena_new (SCRATCH_LIMIT);
    self->outbox = outbox_new ();
    self->cache = subject_cache_new (in_force->config->cache_size);
    self->replays = replay_index_new ();
    self->exchanges = calloc (in_force->config->turn_limit + 1, sizeof *self->exchanges);
    self->pushes = calloc (PUSHES, sizeof *self->pushes);
    self->context = zmq_ctx_new ();
    if (self->exchanges == NULL || self->pushes == NULL || self->context == NULL)
        abort ();
    self->report.started_at = wall_clock ();
    snprintf (self->report.last_reload, sizeof self->report.last_reload, "ok");

    sigset_t signals;
    sigemptyset (&signals);
    sigaddset (&signals, SIGTERM);
    sigaddset (&signals, SIGINT);
    sigaddset (&signals, SIGHUP);
    self->signals = signalfd (-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    if (self->signals < 0)
        return -errno;
    const struct config *config = in_force->config;
    int rc = auth_read_server_key (config->server_key, self->server_public, self->server_secret, error);
    if (rc == 0)
        rc = vault_open (&self->vault, config->vault_key, error->text, sizeof error->text);
    if (rc != 0)
        return rc < 0 ? rc : BROKER_CANNOT_START;
    rc = open_store (self, error);
    if (rc == 0)
        rc = load_state (self, error);
    if (rc == 0)
        rc = log_own (self, "start", "ok", in_force->policy->id);
    if (rc == 0)
        rc = auth_new (&self->auth, self->context, config->handshake_limit);
    return rc == 0 ? bind_endpoints (self, error) : rc;
}

void broker_destroy (struct broker **self_p)
{
    struct broker *self = *self_p;
    if (self == NULL)
        return;
    for (enum channel channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++)
        if (self->sockets[channel] != NULL) {
            set_number (self->sockets[channel], ZMQ_LINGER, 1000); /* the last answers leave first */
            zmq_close (self->sockets[channel]);
        }
    auth_destroy (&self->auth);
    zmq_ctx_term (self->context);
    store_close (&self->store);
    vault_destroy (&self->vault);
    outbox_destroy (&self->outbox);
    subject_cache_destroy (&self->cache);
    replay_index_destroy (&self->replays);
    arena_destroy (&self->arena);
    in_force_release (&self->in_force);
    if (self->signals >= 0)
        close (self->signals);
    explicit_bzero (self->server_secret, sizeof self->server_secret);
    free (self->exchanges);
    free (self->pushes);
    free (self->config_path);
    free (self);
    *self_p = NULL;
}
