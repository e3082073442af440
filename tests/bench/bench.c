/* How fast is consentd beside a bare echo? One run measures both in turns, with the same clients, message sizes,
   transport and CURVE, so that the ratios hold on a noisy machine.

   Usage: bench CONSENTD INSTANCE, where INSTANCE was made by scripts/bench: configuration, keys, parties. */
#include <signal.h>
#include <sys/wait.h>
#include "client.h"
#include "store/store.h"

enum {
    CONSENTS = 100000,
    CLIENTS = 8,
    WINDOW = 64,
    ROUNDS = 5,
    ROUND_MS = 2000,
    COMMITS = 400,
};

typedef size_t maker (size_t number, uint8_t *message);
typedef void checker (const Consentd__Reply *reply);

static void must_be_ok (const Consentd__Reply *reply)
{
    if (reply->status != CONSENTD__STATUS__OK) {
        fprintf (stderr, "bench: status %d, field \"%s\": %s\n", reply->status, reply->field, reply->message);
        exit (1);
    }
}

static void must_permit (const Consentd__Reply *reply)
{
    must_be_ok (reply);
    if (reply->check == NULL || reply->check->verdict != CONSENTD__VERDICT__PERMIT)
        bench_fail ("a check was not permitted");
}

/* Looks at one reply in `every`; an echo has none to look at. */
static void look_at (zframe_t *frame, checker *check, size_t number, size_t every)
{
    if (check == NULL || number % every != 0)
        return;
    Consentd__Reply *reply = consentd__reply__unpack (NULL, zframe_size (frame), zframe_data (frame));
    if (reply == NULL)
        bench_fail ("a reply that is no reply");
    check (reply);
    consentd__reply__free_unpacked (reply, NULL);
}

struct load {
    zsock_t **sockets;
    size_t clients, window;
    maker *make;
    checker *check;
    size_t every;
    size_t total; /* messages, or 0: for `ms` */
    int64_t ms;
    size_t answered;   /* out */
    double per_second; /* out */
    size_t reply_size; /* out: of the last */
};

/* Keeps `window` requests outstanding on each of the clients. */
static void run_load (struct load *load)
{
    static size_t number;
    uint8_t message[BENCH_MESSAGE_LIMIT];
    size_t sent = 0, first = load->total > 0 ? 0 : number;
    zmq_pollitem_t items[CLIENTS];
    for (size_t i = 0; i < load->clients; i++)
        items[i] = (zmq_pollitem_t){zsock_resolve (load->sockets[i]), 0, ZMQ_POLLIN, 0};
    int64_t start = bench_now_us (), end = start + load->ms * 1000;
    load->answered = 0;
    for (size_t w = 0; w < load->window; w++)
        for (size_t i = 0; i < load->clients && (load->total == 0 || sent < load->total); i++) {
            size_t size = load->make (first + sent++, message);
            zmq_send (items[i].socket, message, size, 0);
        }
    while (load->answered < sent) {
        if (zmq_poll (items, (int)load->clients, 20000) <= 0)
            bench_fail ("no answer");
        for (size_t i = 0; i < load->clients; i++) {
            if ((items[i].revents & ZMQ_POLLIN) == 0)
                continue;
            zmq_msg_t reply;
            zmq_msg_init (&reply);
            while (zmq_msg_recv (&reply, items[i].socket, ZMQ_DONTWAIT) >= 0) {
                load->reply_size = zmq_msg_size (&reply);
                if (load->check != NULL && load->answered % load->every == 0) {
                    zframe_t *frame = zframe_new (zmq_msg_data (&reply), zmq_msg_size (&reply));
                    look_at (frame, load->check, 0, 1);
                    zframe_destroy (&frame);
                }
                load->answered++;
                bool go_on = load->total > 0 ? sent < load->total : bench_now_us () < end;
                if (go_on) {
                    size_t size = load->make (first + sent++, message);
                    zmq_send (items[i].socket, message, size, 0);
                }
            }
            zmq_msg_close (&reply);
        }
    }
    load->per_second = (double)load->answered * 1e6 / (double)(bench_now_us () - start);
    number += sent;
}

/* One outstanding: the time of each round trip, in microseconds. */
static size_t run_single (zsock_t *socket, maker *make, double *times, size_t limit)
{
    uint8_t message[BENCH_MESSAGE_LIMIT];
    void *handle = zsock_resolve (socket);
    size_t count = 0;
    int64_t end = bench_now_us () + 2000000;
    while (count < limit && bench_now_us () < end) {
        size_t size = make (count, message);
        int64_t start = bench_now_us ();
        zmq_send (handle, message, size, 0);
        zmq_msg_t reply;
        zmq_msg_init (&reply);
        if (zmq_msg_recv (&reply, handle, 0) < 0)
            bench_fail ("no answer");
        zmq_msg_close (&reply);
        times[count++] = (double)(bench_now_us () - start);
    }
    return count;
}

/* The echo: a process of its own, one ROUTER with CURVE, replies of the size of a check's. */
static pid_t start_echo (const char *server_key_file, const char *endpoint, size_t reply_size)
{
    pid_t child = fork ();
    if (child != 0)
        return child;
    void *context = zmq_ctx_new ();
    void *socket = zmq_socket (context, ZMQ_ROUTER);
    char server_secret[41];
    zcert_t *cert = zcert_load (server_key_file);
    if (cert == NULL)
        _exit (1);
    memcpy (server_secret, zcert_secret_txt (cert), 41);
    int one = 1, high = 10000;
    zmq_setsockopt (socket, ZMQ_CURVE_SERVER, &one, sizeof one);
    zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, server_secret, 41);
    zmq_setsockopt (socket, ZMQ_SNDHWM, &high, sizeof high);
    zmq_setsockopt (socket, ZMQ_RCVHWM, &high, sizeof high);
    if (zmq_bind (socket, endpoint) != 0)
        _exit (1);
    for (;;) {
        zmq_msg_t route, payload, reply;
        zmq_msg_init (&route);
        zmq_msg_init (&payload);
        if (zmq_msg_recv (&route, socket, 0) < 0 || zmq_msg_recv (&payload, socket, 0) < 0)
            _exit (0);
        zmq_msg_init_size (&reply, reply_size);
        memset (zmq_msg_data (&reply), 0x55, reply_size);
        zmq_msg_send (&route, socket, ZMQ_SNDMORE);
        zmq_msg_send (&reply, socket, 0);
        zmq_msg_close (&payload);
    }
}

/* What the registry says of itself. */
static uint64_t ask_used (zsock_t *operator_socket)
{
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__StatusRequest status;
    consentd__status_request__init (&status);
    uint8_t key[16], message[BENCH_MESSAGE_LIMIT];
    bench_new_key (&request, key);
    request.body_case = CONSENTD__REQUEST__BODY_STATUS;
    request.status = &status;
    size_t size = bench_pack (&request, message);
    zmq_send (zsock_resolve (operator_socket), message, size, 0);
    zframe_t *frame = zframe_recv (operator_socket);
    Consentd__Reply *reply =
        frame != NULL ? consentd__reply__unpack (NULL, zframe_size (frame), zframe_data (frame)) : NULL;
    if (reply == NULL || reply->status_report == NULL)
        bench_fail ("no status");
    uint64_t used = reply->status_report->store_used;
    consentd__reply__free_unpacked (reply, NULL);
    zframe_destroy (&frame);
    return used;
}

/* The median cost of one durable commit with one record in it, on the same disk. */
static double measure_commit (const char *directory)
{
    static double times[COMMITS];
    char error[256], path[512];
    snprintf (path, sizeof path, "%s/commit", directory);
    mkdir (path, 0700);
    struct store *store = NULL;
    struct store_options options = {path, UINT64_C (64) << 20, UINT64_C (1) << 20};
    if (store_open (&store, &options, error, sizeof error) != 0)
        bench_fail ("cannot open a store");
    for (uint32_t i = 0; i < COMMITS; i++) {
        struct store_txn *txn = NULL;
        uint8_t key[8] = {0, 0, 0, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i}, value[512] = {0};
        int64_t start = bench_now_us ();
        if (store_begin (store, &txn) != 0 ||
            store_append (txn, STORE_AUDIT, (struct bytes){key, 8}, (struct bytes){value, sizeof value}) != 0 ||
            store_commit (&txn) != 0)
            bench_fail ("cannot commit");
        times[i] = (double)(bench_now_us () - start);
    }
    store_close (&store);
    return bench_quantile (times, COMMITS, 0.5);
}

static void load_registry (zsock_t **sockets)
{
    struct load subjects = {.sockets = sockets,
                            .clients = CLIENTS,
                            .window = WINDOW,
                            .make = bench_make_subject,
                            .check = must_be_ok,
                            .every = 1,
                            .total = bench_bsn_count};
    run_load (&subjects);
    struct load grants = {.sockets = sockets,
                          .clients = CLIENTS,
                          .window = WINDOW,
                          .make = bench_make_grant,
                          .check = must_be_ok,
                          .every = 1,
                          .total = CONSENTS};
    run_load (&grants);
    printf ("loaded %zu subjects and %d consents at %.0f consents a second\n", bench_bsn_count, CONSENTS,
            grants.per_second);
}

int main (int argc, char **argv)
{
    if (argc != 3)
        bench_fail ("usage: bench CONSENTD INSTANCE");
    setenv ("ZSYS_SIGHANDLER", "false", 1);
    setvbuf (stdout, NULL, _IOLBF, 0);
    const char *instance = argv[2];
    char party_key[512], operator_key[512], server_key[512], echo_endpoint[512];
    snprintf (party_key, sizeof party_key, "%s/keys/kernteam.key", instance);
    snprintf (operator_key, sizeof operator_key, "%s/keys/operator.key", instance);
    snprintf (server_key, sizeof server_key, "%s/keys/server.key", instance);
    bench_list_bsns ();
    pid_t daemon = bench_start_daemon (argv[1], instance);

    zsock_t *clients[CLIENTS], *echoes[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = bench_connect (party_key, "requests");
    zsock_t *operator_socket = bench_connect (operator_key, "operators");
    load_registry (clients);

    struct load probe = {.sockets = clients,
                         .clients = 1,
                         .window = 1,
                         .make = bench_make_check,
                         .check = must_permit,
                         .every = 1,
                         .total = 100};
    run_load (&probe);
    snprintf (echo_endpoint, sizeof echo_endpoint, "tcp://127.0.0.1:%s", getenv ("BENCH_ECHO_PORT"));
    pid_t echo = start_echo (server_key, echo_endpoint, probe.reply_size);
    zcert_t *cert = zcert_load (party_key);
    for (int i = 0; i < CLIENTS; i++) {
        echoes[i] = zsock_new (ZMQ_DEALER);
        zsock_set_linger (echoes[i], 0);
        zsock_set_sndhwm (echoes[i], 10000);
        zsock_set_rcvhwm (echoes[i], 10000);
        zcert_apply (cert, echoes[i]);
        zsock_set_curve_serverkey (echoes[i], zcert_meta (cert, "server-key"));
        zsock_connect (echoes[i], "%s", echo_endpoint);
    }
    zcert_destroy (&cert);
    uint8_t message[BENCH_MESSAGE_LIMIT];
    printf ("request %zu bytes, reply %zu bytes, %d items, CURVE over tcp, %d clients with %d outstanding\n",
            bench_make_check (0, message), probe.reply_size, BENCH_ITEMS, CLIENTS, WINDOW);

    double echo_rates[ROUNDS], check_rates[ROUNDS], ratios[ROUNDS];
    size_t checks = 0;
    uint64_t used = ask_used (operator_socket);
    for (int round = 0; round < ROUNDS; round++) {
        struct load bare = {
            .sockets = echoes, .clients = CLIENTS, .window = WINDOW, .make = bench_make_check, .ms = ROUND_MS};
        struct load real = {.sockets = clients,
                            .clients = CLIENTS,
                            .window = WINDOW,
                            .make = bench_make_check,
                            .check = must_permit,
                            .every = 1000,
                            .ms = ROUND_MS};
        run_load (&bare);
        run_load (&real);
        echo_rates[round] = bare.per_second;
        check_rates[round] = real.per_second;
        ratios[round] = real.per_second / bare.per_second;
        checks += real.answered;
        printf ("round %d: echo %.0f/s, checks %.0f/s, ratio %.3f\n", round + 1, bare.per_second, real.per_second,
                ratios[round]);
    }
    double bytes_per_check = (double)(ask_used (operator_socket) - used) / (double)checks;

    static double echo_times[100000], check_times[100000];
    size_t echo_count = run_single (echoes[0], bench_make_check, echo_times, 100000);
    size_t check_count = run_single (clients[0], bench_make_check, check_times, 100000);
    double commit_us = measure_commit (instance);
    bench_stop (echo);
    bench_stop (daemon);

    printf ("echo_per_s=%.0f\n", bench_quantile (echo_rates, ROUNDS, 0.5));
    printf ("checks_per_s=%.0f\n", bench_quantile (check_rates, ROUNDS, 0.5));
    printf ("ratio=%.3f\n", bench_quantile (ratios, ROUNDS, 0.5));
    printf ("echo_p50_us=%.0f\n", bench_quantile (echo_times, echo_count, 0.5));
    printf ("check_p50_us=%.0f\n", bench_quantile (check_times, check_count, 0.5));
    printf ("check_p99_us=%.0f\n", bench_quantile (check_times, check_count, 0.99));
    printf ("commit_us=%.0f\n", commit_us);
    printf ("bytes_per_check=%.0f\n", bytes_per_check);
    for (int i = 0; i < CLIENTS; i++) {
        zsock_destroy (&clients[i]);
        zsock_destroy (&echoes[i]);
    }
    zsock_destroy (&operator_socket);
    free (bench_bsns);
    return 0;
}
