#include "setting.h"
#include "echo.h"

enum { PART = 8000 /* people who are recorded, with their consents, before others are */ };

/* 25 consents for two people: those who have 100,000 are within the range of test BSNs. */
size_t setting_people_of (size_t consents)
{
    return consents < 25 ? 1 : consents * 2 / 25;
}

/* Nothing that comes with signing in is measured. */
static void greet (struct side *side, load_look *look)
{
    struct load load = {.sockets = side->sockets,
                        .clients = side->count,
                        .window = 1,
                        .make = bench_make_whoami,
                        .look = look,
                        .every = 1,
                        .total = side->count};
    load_run (&load);
}

void setting_connect (struct setting *self, size_t clients)
{
    for (; self->registry.count < clients; self->registry.count++)
        self->registry.sockets[self->registry.count] = bench_connect (self->party_key, "requests");
    greet (&self->registry, load_must_be_ok);
    if (self->echo == 0)
        return;
    for (; self->bare.count < clients; self->bare.count++)
        self->bare.sockets[self->bare.count] = bench_connect_to (self->party_key, self->echo_endpoint);
    greet (&self->bare, NULL);
}

static void disconnect (struct side *side)
{
    for (; side->count > 0; side->count--)
        zsock_destroy (&side->sockets[side->count - 1]);
}

static double start (struct setting *self, const char *config)
{
    char path[512];
    double took_ms;
    snprintf (path, sizeof path, "%s/%s", self->instance, config);
    self->daemon = bench_start_daemon (self->consentd, path, self->log, &took_ms);
    self->operator_socket = bench_connect (self->operator_key, "operators");
    return took_ms;
}

double setting_restart (struct setting *self, const char *config)
{
    size_t clients = self->registry.count;
    disconnect (&self->registry);
    zsock_destroy (&self->operator_socket);
    bench_stop_daemon (self->daemon);
    double took_ms = start (self, config);
    setting_connect (self, clients);
    return took_ms;
}

void setting_open (struct setting *self, const struct setting_names *names)
{
    *self = (struct setting){.consentd = names->consentd, .instance = names->instance};
    snprintf (self->party_key, sizeof self->party_key, "%s/keys/kernteam.key", names->instance);
    snprintf (self->operator_key, sizeof self->operator_key, "%s/keys/operator.key", names->instance);
    snprintf (self->server_key, sizeof self->server_key, "%s/keys/server.key", names->instance);
    snprintf (self->log, sizeof self->log, "%s/log", names->instance);
    start (self, "consentd.conf");
    setting_connect (self, SETTING_CLIENTS);
    if (names->peer_socket != NULL)
        self->peer = peer_open (names->peer_socket, names->sql);
}

void setting_close (struct setting *self)
{
    disconnect (&self->registry);
    disconnect (&self->bare);
    zsock_destroy (&self->operator_socket);
    bench_stop_daemon (self->daemon);
    if (self->echo != 0)
        bench_stop (self->echo);
    peer_close (&self->peer);
}

/* Makes so many requests about these people, each of which must be answered OK. Returns how many seconds it took.
 */
static double record (struct setting *self, bench_maker *make, struct people people, size_t total)
{
    struct load load = {.sockets = self->registry.sockets,
                        .clients = SETTING_CLIENTS,
                        .window = SETTING_WINDOW,
                        .make = make,
                        .people = people,
                        .look = load_must_be_ok,
                        .every = 1,
                        .total = total};
    load_run (&load);
    return (double)total / load.per_second;
}

/* The echo answers as long as a check's reply is, so there must be somebody to ask about. */
static void start_echo (struct setting *self)
{
    struct load probe = {.sockets = self->registry.sockets,
                         .clients = 1,
                         .window = 1,
                         .make = bench_make_check,
                         .people = self->people,
                         .look = load_must_permit,
                         .every = 1,
                         .total = 1};
    load_run (&probe);
    self->reply_size = probe.reply_size;
    self->echo = echo_start (self->server_key, probe.reply_size, self->echo_endpoint);
    setting_connect (self, SETTING_CLIENTS);
}

/* Records these people, who together with all before them have so many consents. */
static void add (struct setting *self, struct people people, size_t together)
{
    double used = setting_store_used (self);
    record (self, bench_make_subject, people, people.count);
    double used_us = bench_processor_us (self->daemon);
    self->grant_seconds += record (self, bench_make_grant, people, together - self->consents);
    self->grant_cpu += bench_processor_us (self->daemon) - used_us;
    self->grown += setting_store_used (self) - used;
    if (self->peer != NULL)
        peer_grow (self->peer, people, together - self->consents);
    self->people.count += people.count;
    self->consents = together;
}

void setting_grow (struct setting *self, size_t consents, int64_t until_us)
{
    size_t target = setting_people_of (consents);
    if (target <= self->people.count)
        return;
    while (self->people.count < target && (self->consents == 0 || bench_now_us () < until_us)) {
        struct people part = {self->people.count, target - self->people.count};
        if (part.count > PART)
            part.count = PART;
        size_t people = part.first + part.count;
        add (self, part, people == target ? consents : people * 25 / 2);
    }
    if (self->peer != NULL)
        peer_settle (self->peer);
    if (self->echo == 0)
        start_echo (self);
    double consents_now = (double)self->consents;
    printf ("%zu people with %zu consents: %.0f recorded a second (%.1f us), %.0f bytes each\n",
            self->people.count, self->consents, consents_now / self->grant_seconds, self->grant_cpu / consents_now,
            self->grown / consents_now);
}

double setting_store_used (struct setting *self)
{
    uint8_t message[BENCH_MESSAGE_LIMIT];
    size_t size = bench_make_status ((struct people){0}, 0, message);
    Consentd__Reply *reply = bench_ask (self->operator_socket, message, size);
    if (reply->status_report == NULL)
        bench_fail ("no status");
    double used = (double)reply->status_report->store_used;
    consentd__reply__free_unpacked (reply, NULL);
    return used;
}
