/* Does a party that asks as much as it can keep others from their answers (L1, L2, L4)? An honest client and an
   operator are timed alone, and beside an attacker with forty connections, each with batches out of 256 checks of
   8 items on a subject with as many statements as one may have.

   Usage: attack CONSENTD INSTANCE, where INSTANCE was made by scripts/bench. Its last lines are name=value. */
#include <assert.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include "client.h"
#include "requests.h"

enum {
    CONNECTIONS = 40,
    BATCHES_OUT = 2, /* on each */
    CHECKS = 256,
    CHECK_ITEMS = 8,
    STATEMENTS = 512,
    HONEST = 500, /* subjects of the honest client */
    ROUND_US = 10000000,
    ROUNDS = 200000,
    EVERY = 8, /* honest requests to one of the operator */
};

static const char *const categories[CHECK_ITEMS] = {"naw",     "bsn",  "geboortedatum", "toewijzing",
                                                    "periode", "doel", "omvang",        "budget"};

static const struct people heavy_person = {0, 1}, honest_people = {1, HONEST}, all_people = {0, HONEST + 1};

struct times {
    double honest[ROUNDS], operators[ROUNDS / EVERY + 1];
    size_t honest_count, operator_count;
    double peak_mib;
};

static void must (zsock_t *socket, const uint8_t *message, size_t size)
{
    Consentd__Reply *reply = bench_ask (socket, message, size);
    if (reply->status != CONSENTD__STATUS__OK) {
        fprintf (stderr, "attack: status %d, field \"%s\": %s\n", reply->status, reply->field, reply->message);
        bench_give_up ();
    }
    consentd__reply__free_unpacked (reply, NULL);
}

/* No two of its checks are equal. */
static size_t make_batch (size_t salt, uint8_t *message)
{
    static Consentd__CheckRequest checks[CHECKS];
    static Consentd__CheckRequest *check_list[CHECKS];
    static Consentd__Item items[CHECK_ITEMS];
    static Consentd__Item *item_list[CHECK_ITEMS];
    static char users[CHECKS][32];
    for (size_t i = 0; i < CHECK_ITEMS; i++) {
        consentd__item__init (&items[i]);
        items[i].category = bench_text (categories[i]);
        items[i].origin = bench_text ("wmo");
        item_list[i] = &items[i];
    }
    for (size_t i = 0; i < CHECKS; i++) {
        Consentd__CheckRequest *check = check_list[i] = &checks[i];
        consentd__check_request__init (check);
        snprintf (users[i], sizeof users[i], "u-%zu-%zu", salt, i);
        check->bsn = bench_bsns[0];
        check->provider = bench_text ("kernteam");
        check->recipient = bench_text ("zorgaanbieder-horizon");
        check->purpose = bench_text ("toekenning");
        check->n_items = CHECK_ITEMS;
        check->items = item_list;
        check->user = users[i];
        check->mode = CONSENTD__MODE__ADVISE;
    }
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__BatchRequest batch;
    consentd__batch_request__init (&batch);
    uint8_t key[16];
    bench_new_key (&request, key);
    batch.n_checks = CHECKS;
    batch.checks = check_list;
    request.body_case = CONSENTD__REQUEST__BODY_BATCH;
    request.batch = &batch;
    return bench_pack (&request, message);
}

/* A process of its own, with no claim to the processor: what is shown is how the daemon divides its time, not how
   the machine does that of all who run on it. Keeps so many batches out on each connection, until it is killed. */
static pid_t start_attack (const char *key_file)
{
    pid_t child = bench_fork ();
    if (child != 0)
        return child;
    if (nice (19) == -1)
        bench_fail ("cannot give way");
    static uint8_t message[BENCH_MESSAGE_LIMIT];
    zmq_pollitem_t items[CONNECTIONS];
    size_t salt = 0;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        items[i] = (zmq_pollitem_t){zsock_resolve (bench_connect (key_file, "requests")), 0, ZMQ_POLLIN, 0};
        for (size_t j = 0; j < BATCHES_OUT; j++)
            zmq_send (items[i].socket, message, make_batch (salt++, message), 0);
    }
    for (;;) {
        zmq_poll (items, CONNECTIONS, -1);
        for (size_t i = 0; i < CONNECTIONS; i++)
            while (zmq_recv (items[i].socket, NULL, 0, ZMQ_DONTWAIT) >= 0)
                zmq_send (items[i].socket, message, make_batch (salt++, message), 0);
    }
}

/* The honest client has one request out at a time; the operator asks now and then. */
static void measure (zsock_t *honest, zsock_t *operator_socket, pid_t daemon, struct times *times)
{
    uint8_t message[BENCH_MESSAGE_LIMIT];
    int64_t end = bench_now_us () + ROUND_US;
    times->honest_count = times->operator_count = 0;
    while (times->honest_count < ROUNDS && bench_now_us () < end) {
        size_t size = bench_make_check (honest_people, times->honest_count, message);
        int64_t start = bench_now_us ();
        must (honest, message, size);
        times->honest[times->honest_count++] = (double)(bench_now_us () - start);
        if (times->honest_count % EVERY != 0)
            continue;
        size = bench_make_status (honest_people, 0, message);
        start = bench_now_us ();
        must (operator_socket, message, size);
        times->operators[times->operator_count++] = (double)(bench_now_us () - start);
        double memory = bench_memory_mib (daemon);
        if (memory > times->peak_mib)
            times->peak_mib = memory;
    }
}

static uint64_t count_lines (zsock_t *operator_socket)
{
    uint8_t message[BENCH_MESSAGE_LIMIT];
    Consentd__Reply *reply = bench_ask (operator_socket, message, bench_make_status (honest_people, 0, message));
    if (reply->status_report == NULL)
        bench_fail ("no status");
    uint64_t lines = reply->status_report->audit_entries;
    consentd__reply__free_unpacked (reply, NULL);
    return lines;
}

static void load (zsock_t *kernteam)
{
    uint8_t message[BENCH_MESSAGE_LIMIT];
    for (size_t i = 0; i <= HONEST; i++)
        must (kernteam, message, bench_make_subject (all_people, i, message));
    for (size_t i = 0; i < HONEST; i++)
        must (kernteam, message, bench_make_grant (honest_people, i, message));
    for (size_t i = 1; i <= STATEMENTS; i++) /* for another purpose, each for a case of its own */
        must (kernteam, message, bench_make_grant (heavy_person, i, message));
}

static void print_times (const char *name, struct times *times)
{
    printf ("%s_honest_p50_us=%.0f\n", name, bench_quantile (times->honest, times->honest_count, 0.5));
    printf ("%s_honest_p99_us=%.0f\n", name, bench_quantile (times->honest, times->honest_count, 0.99));
    printf ("%s_operators_p50_us=%.0f\n", name, bench_quantile (times->operators, times->operator_count, 0.5));
    printf ("%s_operators_p99_us=%.0f\n", name, bench_quantile (times->operators, times->operator_count, 0.99));
}

int main (int argc, char **argv)
{
    static struct times alone, attacked;
    if (argc != 3)
        bench_fail ("usage: attack CONSENTD INSTANCE");
    setenv ("ZSYS_SIGHANDLER", "false", 1);
    setvbuf (stdout, NULL, _IOLBF, 0);
    char party_key[512], attacker_key[512], operator_key[512];
    snprintf (party_key, sizeof party_key, "%s/keys/kernteam.key", argv[2]);
    snprintf (attacker_key, sizeof attacker_key, "%s/keys/horizon.key", argv[2]);
    snprintf (operator_key, sizeof operator_key, "%s/keys/operator.key", argv[2]);
    char config[512], log[512];
    snprintf (config, sizeof config, "%s/consentd.conf", argv[2]);
    snprintf (log, sizeof log, "%s/log", argv[2]);
    bench_list_bsns (all_people.count);
    pid_t attacker = -1, daemon = bench_start_daemon (argv[1], config, log, NULL);
    zsock_t *honest = bench_connect (party_key, "requests");
    zsock_t *operator_socket = bench_connect (operator_key, "operators");
    load (honest);

    measure (honest, operator_socket, daemon, &alone);
    attacker = start_attack (attacker_key);
    zclock_sleep (2000);
    uint64_t before = count_lines (operator_socket);
    measure (honest, operator_socket, daemon, &attacked);
    uint64_t decided = count_lines (operator_socket) - before - attacked.honest_count - attacked.operator_count;
    kill (attacker, SIGKILL);
    waitpid (attacker, NULL, 0);
    zclock_sleep (1000);
    before = count_lines (operator_socket);
    zclock_sleep (2000);
    uint64_t after = count_lines (operator_socket) - before;
    bench_stop_daemon (daemon);

    print_times ("alone", &alone);
    print_times ("attacked", &attacked);
    printf ("honest_p99_ratio=%.2f\n", bench_quantile (attacked.honest, attacked.honest_count, 0.99) /
                                           bench_quantile (alone.honest, alone.honest_count, 0.99));
    printf ("attackers_checks_per_s=%.0f\n", (double)decided * 1e6 / ROUND_US);
    printf ("decided_for_who_left_after_1_s=%d\n",
            after > 2 ? (int)after : 0); /* but for this question's own lines */
    printf ("alone_peak_mib=%.0f\n", alone.peak_mib);
    printf ("attacked_peak_mib=%.0f\n", attacked.peak_mib);
    zsock_destroy (&honest);
    zsock_destroy (&operator_socket);
    free (bench_bsns);
    return 0;
}
