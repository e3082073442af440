#include "rates.h"

enum {
    KNOWN = 8000,     /* at most so many people are asked about again and again */
    BATCH_WINDOW = 4, /* outstanding on each client */
};

/* What is asked of each side in a round. */
struct question {
    size_t clients, window, peer_clients;
    struct people people;
    size_t first, total; /* as in a load */
    int64_t ms;
};

/* What came of it on one side. */
struct answers {
    size_t count;
    double per_second, cpu_us; /* of a processor for each */
};

/* The echo is asked for as long as the rest, whoever is asked about. */
static struct answers ask (struct side *side, pid_t server, const struct question *question, load_look *look)
{
    struct load load = {.sockets = side->sockets,
                        .clients = question->clients,
                        .window = question->window,
                        .make = bench_make_check,
                        .people = question->people,
                        .first = question->first,
                        .look = look,
                        .every = 1000,
                        .total = look != NULL ? question->total : 0,
                        .ms = question->ms};
    double used = bench_processor_us (server);
    load_run (&load);
    used = bench_processor_us (server) - used;
    return (struct answers){load.answered, load.per_second, used / (double)load.answered};
}

static void compare_with_peer (struct setting *setting, const struct question *question, double checks,
                               struct compared *compared)
{
    struct peer_load load = {.clients = question->peer_clients,
                             .people = question->people,
                             .first = question->first,
                             .ms = question->ms};
    peer_run (setting->peer, &load);
    series_add (&compared->peer, load.per_second);
    series_add (&compared->times_peer, checks / load.per_second);
    printf (", PostgreSQL %.0f/s with %zu", load.per_second, load.clients);
}

/* One round. */
static void compare (struct setting *setting, const struct question *question, struct compared *compared)
{
    double used = setting_store_used (setting);
    struct answers checks = ask (&setting->registry, setting->daemon, question, load_must_permit);
    compared->grown += setting_store_used (setting) - used;
    compared->answered += (double)checks.count;
    struct answers echo = ask (&setting->bare, setting->echo, question, NULL);
    double ratio = checks.per_second / echo.per_second;
    series_add (&compared->echo, echo.per_second);
    series_add (&compared->checks, checks.per_second);
    series_add (&compared->ratio, ratio);
    series_add (&compared->echo_cpu, echo.cpu_us);
    series_add (&compared->checks_cpu, checks.cpu_us);
    printf ("  %zu x %zu: echo %.0f/s (%.1f us), checks %.0f/s (%.1f us), ratio %.3f", question->clients,
            question->window, echo.per_second, echo.cpu_us, checks.per_second, checks.cpu_us, ratio);
    if (setting->peer != NULL)
        compare_with_peer (setting, question, checks.per_second, compared);
    printf ("\n");
}

struct people rates_known (const struct setting *setting)
{
    struct people people = setting->people;
    if (people.count > KNOWN)
        people.count = KNOWN;
    return people;
}

/* All of them are seen before. */
static void see_before (struct setting *setting)
{
    struct people people = rates_known (setting);
    struct question all = {SETTING_CLIENTS, SETTING_WINDOW, 0, people, 0, people.count, 0};
    ask (&setting->registry, setting->daemon, &all, load_must_permit);
}

static double ask_otherwise (struct setting *setting, bench_maker *make, load_look *look, int64_t ms)
{
    struct load load = {.sockets = setting->registry.sockets,
                        .clients = SETTING_CLIENTS,
                        .window = make == bench_make_batch ? BATCH_WINDOW : SETTING_WINDOW,
                        .make = make,
                        .people = rates_known (setting),
                        .look = look,
                        .every = 100,
                        .ms = ms};
    load_run (&load);
    return load.per_second;
}

void rates_warm (struct setting *setting, struct rounds rounds, struct warm_rates *rates)
{
    struct question question = {.clients = SETTING_CLIENTS,
                                .window = SETTING_WINDOW,
                                .peer_clients = rounds.peer_clients,
                                .people = rates_known (setting),
                                .ms = rounds.ms};
    *rates = (struct warm_rates){0};
    see_before (setting);
    for (size_t round = 0; round < rounds.count; round++) {
        double batches = ask_otherwise (setting, bench_make_batch, load_must_permit_all, rounds.ms);
        compare (setting, &question, &rates->compared);
        series_add (&rates->batch, BENCH_BATCH * batches);
        series_add (&rates->advise, ask_otherwise (setting, bench_make_advice, load_must_permit, rounds.ms));
    }
}

void rates_first (struct setting *setting, struct rounds rounds, struct first_rates *rates)
{
    struct people people = {setting->disclosed, setting->people.count - setting->disclosed};
    struct question question = {SETTING_CLIENTS, SETTING_WINDOW, 0, people, 0, people.count, 0};
    if (people.count == 0)
        return;
    setting_restart (setting, "consentd.conf");
    struct answers answers = ask (&setting->registry, setting->daemon, &question, load_must_permit);
    struct peer_load load = {.clients = rounds.peer_clients, .people = people, .total = people.count};
    if (setting->peer != NULL)
        peer_run (setting->peer, &load);
    setting->disclosed = setting->people.count;
    *rates = (struct first_rates){answers.per_second, answers.cpu_us};
    printf ("%zu people who were never disclosed about: %.0f/s (%.1f us)\n", people.count, answers.per_second,
            answers.cpu_us);
}

/* With hardly a cache: the least is 1 MiB. */
static double measure_memory (struct setting *setting, const struct question *question)
{
    setting_restart (setting, "least-cache.conf");
    ask (&setting->registry, setting->daemon, question, load_must_permit);
    double memory = bench_memory_mib (setting->daemon) - 1;
    setting_restart (setting, "consentd.conf");
    return memory;
}

/* Each round begins with other people, so that also the system has forgotten them, if they are many. */
void rates_cold (struct setting *setting, struct rounds rounds, struct cold_rates *rates)
{
    struct question question = {.clients = SETTING_CLIENTS,
                                .window = SETTING_WINDOW,
                                .peer_clients = rounds.peer_clients,
                                .people = setting->people,
                                .total = setting->people.count,
                                .ms = rounds.ms};
    *rates = (struct cold_rates){0};
    for (size_t round = 0; round < rounds.count; round++) {
        series_add (&rates->start_ms, setting_restart (setting, "consentd.conf"));
        question.first = round * setting->people.count / rounds.count;
        compare (setting, &question, &rates->compared);
    }
    rates->memory_mib = measure_memory (setting, &question);
}

void rates_clients (struct setting *setting, size_t clients, int64_t ms, struct compared *compared)
{
    struct question question = {
        .clients = clients, .window = 1, .peer_clients = clients, .people = rates_known (setting), .ms = ms};
    *compared = (struct compared){0};
    setting_connect (setting, clients);
    see_before (setting);
    compare (setting, &question, compared);
}

/* Each number is tried twice, since a disk is not the same for long. */
size_t rates_best_peer (struct setting *setting, int64_t ms)
{
    double rates[PEER_CLIENTS + 1] = {0};
    size_t best = 0;
    if (setting->peer == NULL)
        return 0;
    for (size_t trial = 0; trial < 2; trial++)
        for (size_t clients = 4; clients <= PEER_CLIENTS; clients *= 2) {
            struct peer_load load = {.clients = clients, .people = rates_known (setting), .ms = ms / 2};
            peer_run (setting->peer, &load);
            rates[clients] += load.per_second;
        }
    for (size_t clients = 4; clients <= PEER_CLIENTS; clients *= 2)
        if (rates[clients] > rates[best])
            best = clients;
    printf ("PostgreSQL is fastest with %zu clients: %.0f/s\n", best, rates[best] / 2);
    return best;
}
