/* How fast is consentd, beside a bare echo and beside PostgreSQL? scripts/bench starts this, and says what it
   measures.

   Usage: bench [OPTION...] CONSENTD INSTANCE, where INSTANCE was made by scripts/bench: configuration, keys,
   parties.
     --consents N    100000
     --seconds S     for each thing that is measured in a round: 1
     --minutes M     for recording the consents: 30
     --peer DIR      that holds the socket of PostgreSQL
     --sql DIR       that holds peer_schema.sql and peer_check.sql
     --points FILE   measures the curves too, and writes their points there

   Its last lines are name=value. */
#include <getopt.h>
#include "curve.h"
#include "times.h"
#include "tree.h"

enum { ROUNDS = 9, COLD_ROUNDS = 5, OPEN_ROUNDS = 3, CURVE_ROUNDS = 3 };

struct options {
    struct setting_names names;
    size_t consents;
    double seconds, minutes;
    const char *points;
};

static void read_options (int argc, char **argv, struct options *options)
{
    static const struct option known[] = {{"consents", required_argument, NULL, 'c'},
                                          {"seconds", required_argument, NULL, 's'},
                                          {"minutes", required_argument, NULL, 'm'},
                                          {"peer", required_argument, NULL, 'p'},
                                          {"sql", required_argument, NULL, 'q'},
                                          {"points", required_argument, NULL, 't'},
                                          {NULL, 0, NULL, 0}};
    *options = (struct options){.consents = 100000, .seconds = 1, .minutes = 30};
    for (int found; (found = getopt_long (argc, argv, "", known, NULL)) != -1;)
        switch (found) {
        case 'c':
            options->consents = strtoul (optarg, NULL, 10);
            break;
        case 's':
            options->seconds = atof (optarg);
            break;
        case 'm':
            options->minutes = atof (optarg);
            break;
        case 'p':
            options->names.peer_socket = optarg;
            break;
        case 'q':
            options->names.sql = optarg;
            break;
        case 't':
            options->points = optarg;
            break;
        default:
            exit (64);
        }
    if (argc - optind != 2 || options->consents == 0 || options->seconds <= 0)
        bench_fail ("usage: bench [OPTION...] CONSENTD INSTANCE");
    options->names.consentd = argv[optind];
    options->names.instance = argv[optind + 1];
}

/* All that a run found. */
struct found {
    struct first_rates first;
    struct warm_rates warm;
    struct cold_rates cold;
    struct single_times single;
    struct open_times open;
    size_t peer_clients; /* 0: there is no PostgreSQL */
};

static void measure (struct setting *setting, struct rounds rounds, struct found *found)
{
    printf ("people who are disclosed about for the first time ever:\n");
    rates_first (setting, rounds, &found->first);
    printf ("people who were asked about before:\n");
    rates_warm (setting, rounds, &found->warm);
    times_single (setting, rounds.ms * ROUNDS / 2, &found->single);
    times_open (setting, 0.8 * series_median (&found->warm.compared.checks),
                (struct rounds){OPEN_ROUNDS, 2 * rounds.ms, 0}, &found->open);
    printf ("people who are asked about for the first time since the start:\n");
    rounds.count = COLD_ROUNDS;
    rates_cold (setting, rounds, &found->cold);
}

static void print_peer (const struct found *found)
{
    printf ("peer_per_s=%.0f\n", series_median (&found->warm.compared.peer));
    printf ("peer_clients=%zu\n", found->peer_clients);
    printf ("peer_p50_us=%.0f\n", series_median (&found->single.peer));
    printf ("times_peer=%.2f\n", series_median (&found->warm.compared.times_peer));
    printf ("cold_times_peer=%.2f\n", series_median (&found->cold.compared.times_peer));
}

static void print_all (const struct setting *setting, const struct found *found)
{
    const struct compared *warm = &found->warm.compared, *cold = &found->cold.compared;
    const struct single_times *single = &found->single;
    printf ("consents=%zu\n", setting->consents);
    printf ("grants_per_s=%.0f\n", (double)setting->consents / setting->grant_seconds);
    printf ("echo_per_s=%.0f\n", series_median (&warm->echo));
    printf ("checks_per_s=%.0f\n", series_median (&warm->checks));
    printf ("ratio=%.3f\n", series_median (&warm->ratio));
    printf ("cold_per_s=%.0f\n", series_median (&cold->checks));
    printf ("cold_ratio=%.3f\n", series_median (&cold->ratio));
    printf ("first_per_s=%.0f\n", found->first.per_second);
    printf ("batch_per_s=%.0f\n", series_median (&found->warm.batch));
    printf ("advise_per_s=%.0f\n", series_median (&found->warm.advise));
    printf ("echo_cpu_us=%.1f\n", series_median (&warm->echo_cpu));
    printf ("check_cpu_us=%.1f\n", series_median (&warm->checks_cpu));
    printf ("cold_cpu_us=%.1f\n", series_median (&cold->checks_cpu));
    printf ("grant_cpu_us=%.1f\n", setting->grant_cpu / (double)setting->consents);
    printf ("first_cpu_us=%.1f\n", found->first.cpu_us);
    printf ("echo_p50_us=%.0f\n", series_median (&single->echo));
    printf ("check_p50_us=%.0f\n", series_median (&single->check));
    printf ("check_p99_us=%.0f\n", single->check_p99);
    printf ("sync_us=%.0f\n", series_median (&single->sync));
    printf ("own_us=%.0f\n", single->own);
    printf ("commit_us=%.0f\n", series_median (&single->commit));
    printf ("p50_at_80=%.0f\n", series_median (&found->open.p50));
    printf ("p99_at_80=%.0f\n", series_median (&found->open.p99));
    printf ("bytes_per_check=%.0f\n", warm->grown / warm->answered);
    double of_tree = tree_us (warm->grown / warm->answered);
    printf ("tree_us=%.2f\n", of_tree);
    printf ("tree_share=%.3f\n", of_tree / series_median (&warm->checks_cpu));
    printf ("start_ms=%.0f\n", series_median (&found->cold.start_ms));
    printf ("rss_mib=%.0f\n", found->cold.memory_mib);
    if (found->peer_clients > 0)
        print_peer (found);
}

int main (int argc, char **argv)
{
    static struct setting setting;
    static struct found found;
    struct options options;
    setenv ("ZSYS_SIGHANDLER", "false", 1);
    setvbuf (stdout, NULL, _IOLBF, 0);
    read_options (argc, argv, &options);
    FILE *points = options.points != NULL ? fopen (options.points, "w") : NULL;
    int64_t until_us = bench_now_us () + (int64_t)(options.minutes * 60e6);
    struct rounds rounds = {ROUNDS, (int64_t)(options.seconds * 1000), 0};

    bench_list_bsns (setting_people_of (options.consents));
    setting_open (&setting, &options.names);
    setting_grow (&setting, options.consents < 10000 ? options.consents : 10000, until_us);
    rounds.peer_clients = found.peer_clients = rates_best_peer (&setting, rounds.ms);
    if (points != NULL)
        curve_by_consents (points, &setting, (struct rounds){CURVE_ROUNDS, rounds.ms, rounds.peer_clients},
                           options.consents, until_us);
    setting_grow (&setting, options.consents, until_us);
    measure (&setting, rounds, &found);
    if (points != NULL) {
        curve_add_consents (points, &setting, &found.first, &found.warm, &found.cold);
        curve_by_clients (points, &setting, rounds.ms);
        fclose (points);
    }
    setting_close (&setting);
    print_all (&setting, &found);
    free (bench_bsns);
    return 0;
}
