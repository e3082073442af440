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

/* The echo is asked for as long as the rest, whoever is asked about. */
static double ask (struct side *side, const struct question *question, load_look *look, size_t *answered)
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
    load_run (&load);
    *answered = load.answered;
    return load.per_second;
}

/* One round. */
static void compare (struct setting *setting, const struct question *question, struct compared *compared)
{
    size_t answered, echoed;
    double used = setting_store_used (setting);
    double checks = ask (&setting->registry, question, load_must_permit, &answered);
    compared->grown += setting_store_used (setting) - used;
    compared->answered += (double)answered;
    double echo = ask (&setting->bare, question, NULL, &echoed);
    series_add (&compared->echo, echo);
    series_add (&compared->checks, checks);
    series_add (&compared->ratio, checks / echo);
    printf ("  %zu x %zu: echo %.0f/s, checks %.0f/s, ratio %.3f", question->clients, question->window, echo,
            checks, checks / echo);
    if (setting->peer != NULL) {
        struct peer_load load = {.clients = question->peer_clients,
                                 .people = question->people,
                                 .first = question->first,
                                 .ms = question->ms};
        peer_run (setting->peer, &load);
        series_add (&compared->peer, load.per_second);
        series_add (&compared->times_peer, checks / load.per_second);
        printf (", PostgreSQL %.0f/s with %zu", load.per_second, load.clients);
    }
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
    size_t answered;
    struct people people = rates_known (setting);
    struct question all = {SETTING_CLIENTS, SETTING_WINDOW, 0, people, 0, people.count, 0};
    ask (&setting->registry, &all, load_must_permit, &answered);
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

/* Each round begins with other people, so that also the system has forgotten them, if they are many. */
void rates_cold (struct setting *setting, struct rounds rounds, struct compared *compared, struct series *start_ms)
{
    struct question question = {.clients = SETTING_CLIENTS,
                                .window = SETTING_WINDOW,
                                .peer_clients = rounds.peer_clients,
                                .people = setting->people,
                                .total = setting->people.count,
                                .ms = rounds.ms};
    *compared = (struct compared){0};
    *start_ms = (struct series){0};
    for (size_t round = 0; round < rounds.count; round++) {
        series_add (start_ms, setting_restart (setting, "consentd.conf"));
        question.first = round * setting->people.count / rounds.count;
        compare (setting, &question, compared);
    }
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
