/* How soon are those told whom a withdrawal concerns (V4, V7), and what does that take from checks? scripts/bench
   --events starts this, and says what it measures.

   Usage: events [OPTION...] CONSENTD INSTANCE, where INSTANCE was made by scripts/bench.
     --consents N    100000, of which each is an event that waits for one consumer
     --consumers N   1000
     --seconds S     a tenth of the time of most runs: 1

   Its last lines are name=value. */
#include <getopt.h>
#include <stdlib.h>
#include <sys/resource.h>
#include "rates.h"
#include "telling.h"

enum { ROUNDS = 3, MAX_RUNS = 5 };

/* How many consumers, and how often something is withdrawn. */
enum size { ONE, SOME, MANY, SIZES };
static const int64_t every_ms[SIZES] = {10, 50, 500};

/* The most checks that there can be. */
struct most {
    double per_second, cpu_us; /* of a processor, in the registry, for each */
};

struct events {
    struct setting_names names;
    size_t consents, counts[SIZES];
    int64_t ms; /* of a run */
    struct setting setting;
    struct helper *asker, *consumer;
    struct concerned parties[CONCERNED_PARTIES];
    struct concerned_consents concerned[SIZES];
    zsock_t *team;
    struct checks_beside checks;
    struct bench_identity reader; /* who has a backlog */
    /* What was found. */
    struct most most, most_before, most_listening;
    struct reference reference;
    struct telling told[SIZES], beside_stalled, beside_backlog;
    double read, read_seconds; /* events of the backlog */
};

static void read_options (int argc, char **argv, struct events *self)
{
    static const struct option known[] = {{"consents", required_argument, NULL, 'c'},
                                          {"consumers", required_argument, NULL, 'n'},
                                          {"seconds", required_argument, NULL, 's'},
                                          {NULL, 0, NULL, 0}};
    double seconds = 1;
    self->consents = 100000;
    self->counts[MANY] = 1000;
    for (int found; (found = getopt_long (argc, argv, "", known, NULL)) != -1;)
        if (found == 'c')
            self->consents = strtoul (optarg, NULL, 10);
        else if (found == 'n')
            self->counts[MANY] = strtoul (optarg, NULL, 10);
        else if (found == 's')
            seconds = atof (optarg);
        else
            exit (64);
    if (argc - optind != 2 || self->consents == 0 || self->counts[MANY] < 10 || self->counts[MANY] > CONSUMERS ||
        seconds <= 0)
        bench_fail ("usage: events [OPTION...] CONSENTD INSTANCE");
    self->names = (struct setting_names){.consentd = argv[optind], .instance = argv[optind + 1]};
    self->counts[ONE] = 1;
    self->counts[SOME] = self->counts[MANY] / 10;
    self->ms = (int64_t)(seconds * 10000);
}

/* How many withdrawals there may be with so many consumers. The rounds have runs of all sorts. */
static size_t withdrawals (const struct events *self, enum size size)
{
    size_t run = (size_t)(self->ms / every_ms[size]) + 8;
    return size == SOME ? run * ROUNDS * 3 : run * 2;
}

static void prepare (struct events *self)
{
    struct setting *setting = &self->setting;
    char key_file[512];
    struct people people = {setting_people_of (self->consents), 0};
    setting_open (setting, &self->names);
    concerned_add (setting, self->parties);
    setting_grow (setting, self->consents, INT64_MAX);
    for (enum size size = ONE; size < SIZES; size++) {
        people.count = withdrawals (self, size);
        concerned_grant (setting, people, size == ONE ? 2 : CONCERNED_PARTIES, &self->concerned[size]);
        people.first += people.count;
    }
    self->team = bench_connect (setting->party_key, "requests");
    self->checks.asker = self->asker;
    self->checks.order = (struct helper_order){.what = BESIDE_EVEN, .people = rates_known (setting)};
    bench_read_identity (setting->party_key, "requests", &self->checks.order.identity);
    snprintf (key_file, sizeof key_file, "%s/keys/horizon.key", self->names.instance);
    bench_read_identity (key_file, "events", &self->reader);
}

static struct most find_most (struct events *self)
{
    struct series rates = {0}, cpu = {0};
    for (size_t i = 0; i < MAX_RUNS; i++) {
        struct helper_order order = self->checks.order;
        struct helper_result result;
        order.what = BESIDE_AT_MOST;
        order.ms = self->ms / 10 + 1;
        double used = bench_processor_us (self->setting.daemon);
        helper_begin (self->asker, &order);
        helper_end (self->asker, &result);
        used = bench_processor_us (self->setting.daemon) - used;
        series_add (&rates, result.per_second);
        series_add (&cpu, used / (double)result.count);
    }
    return (struct most){series_median (&rates), series_median (&cpu)};
}

static double part_of (struct kept_times *times, double part)
{
    return bench_quantile (times->values, times->count, part);
}

static void print_told (const char *what, struct telling *told)
{
    printf ("  %-34s %6zu %8.0f %8.0f %9.1f %9.1f %6.0f %%\n", what, told->all_ms.count,
            part_of (&told->one_us, 0.5), part_of (&told->one_us, 0.99), part_of (&told->all_ms, 0.5),
            part_of (&told->all_ms, 1), 100 * series_median (&told->kept));
}

static void open_telling (struct events *self, enum size size)
{
    struct telling *told = &self->told[size];
    told->consumers = consumers_open (&self->setting, self->parties, self->counts[size]);
    told->count = self->counts[size];
    told->consents = &self->concerned[size];
    told->team = self->team;
    told->every_ms = every_ms[size];
}

static void consume_beside (struct events *self, enum beside_consumer what, struct helper_result *result)
{
    struct helper_order order = {
        .what = (int)what, .identity = self->parties[CONCERNED_PARTIES - 1].identity, .consumer = "stil"};
    helper_begin (self->consumer, &order);
    helper_end (self->consumer, result);
}

/* Alone, beside another consumer whom all of it concerns too and who stands still, and beside one that has far to
 * go, in turns. */
static void measure_some (struct events *self)
{
    struct telling *told = &self->told[SOME], *stalled = &self->beside_stalled, *backlog = &self->beside_backlog;
    struct helper_order order = {.what = BESIDE_READ, .ms = self->ms, .identity = self->reader, .consumer = "ver"};
    struct helper_result result;
    open_telling (self, SOME);
    *stalled = *backlog = *told;
    for (size_t round = 0; round < ROUNDS; round++) {
        telling_run (told, &self->checks, self->ms / 2, NULL);
        consume_beside (self, BESIDE_STALL, &result);
        telling_run (stalled, &self->checks, self->ms / 2, NULL);
        consume_beside (self, BESIDE_LEAVE, &result);
        int64_t begun = bench_now_us ();
        helper_begin (self->consumer, &order);
        telling_run (backlog, &self->checks, self->ms / 2, self->consumer);
        helper_end (self->consumer, &result);
        self->read += (double)result.count;
        self->read_seconds += (double)(bench_now_us () - begun) / 1e6;
        consume_beside (self, BESIDE_LEAVE, &result);
    }
    consumers_close (&told->consumers);
}

static void measure (struct events *self)
{
    self->most = find_most (self);
    self->checks.order.per_second = self->most.per_second / 2;
    telling_compare (&self->setting, &self->checks, self->ms / 2, &self->reference);
    open_telling (self, ONE);
    telling_run (&self->told[ONE], &self->checks, self->ms, NULL);
    consumers_close (&self->told[ONE].consumers);
    measure_some (self);
    self->most_before = find_most (self);
    open_telling (self, MANY);
    self->most_listening = find_most (self);
    telling_run (&self->told[MANY], &self->checks, self->ms, NULL);
    consumers_close (&self->told[MANY].consumers);
}

static double p99 (struct telling *told)
{
    return part_of (&told->one_us, 0.99);
}

static void print_table (struct events *self)
{
    const struct reference *reference = &self->reference;
    char what[64];
    printf ("beside %.0f checks a second, half of what there can be; microseconds\n", self->most.per_second / 2);
    printf ("  to compare with                                  p50      p99\n");
    printf ("  one round trip                            %10.0f %8.0f\n", reference->echo[0], reference->echo[1]);
    printf ("  one sync                                  %10.0f %8.0f\n", reference->sync[0], reference->sync[1]);
    printf ("  a check: turn, sync and round trip        %10.0f %8.0f\n", reference->answer[0],
            reference->answer[1]);
    printf ("  consumers that are told           withdrawals      p50      p99    all ms   at most  checks\n");
    for (enum size size = ONE; size < SIZES; size++) {
        snprintf (what, sizeof what, "%zu", self->counts[size]);
        print_told (what, &self->told[size]);
        snprintf (what, sizeof what, "%zu, beside one that does not read", self->counts[size]);
        if (size == SOME)
            print_told (what, &self->beside_stalled);
        snprintf (what, sizeof what, "%zu, beside one with a backlog", self->counts[size]);
        if (size == SOME)
            print_told (what, &self->beside_backlog);
    }
}

static void print_size (const char *name, struct telling *told)
{
    printf ("%s_p50_us=%.0f\n", name, part_of (&told->one_us, 0.5));
    printf ("%s_p99_us=%.0f\n", name, p99 (told));
    printf ("%s_all_ms=%.1f\n", name, part_of (&told->all_ms, 0.5));
    printf ("%s_all_most_ms=%.1f\n", name, part_of (&told->all_ms, 1));
    printf ("%s_kept=%.3f\n", name, series_median (&told->kept));
}

static void print_figures (struct events *self)
{
    const struct reference *reference = &self->reference;
    printf ("consumers=%zu\n", self->counts[MANY]);
    printf ("checks_per_s=%.0f\n", self->most.per_second);
    printf ("echo_us=%.0f\n", reference->echo[0]);
    printf ("sync_us=%.0f\n", reference->sync[0]);
    printf ("turn_us=%.0f\n", reference->answer[0] - reference->echo[0] - reference->sync[0]);
    printf ("answer_us=%.0f\n", reference->answer[0]);
    printf ("answer_p99_us=%.0f\n", reference->answer[1]);
    print_size ("one", &self->told[ONE]);
    print_size ("some", &self->told[SOME]);
    print_size ("many", &self->told[MANY]);
    printf ("one_share=%.2f\n", p99 (&self->told[ONE]) / reference->answer[1]);
    printf ("stalled_factor=%.2f\n", p99 (&self->beside_stalled) / p99 (&self->told[SOME]));
    printf ("backlog_factor=%.2f\n", p99 (&self->beside_backlog) / p99 (&self->told[SOME]));
    printf ("backlog_per_s=%.0f\n", self->read / self->read_seconds);
    printf ("listening_ratio=%.2f\n", self->most_listening.per_second / self->most_before.per_second);
    printf ("check_cpu_us=%.1f\n", self->most_before.cpu_us);
    printf ("listening_cpu_us=%.1f\n", self->most_listening.cpu_us);
}

/* Each connection takes some descriptors of this process. */
static void raise_limits (void)
{
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
        bench_fail ("cannot tell how many files may be open");
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
}

int main (int argc, char **argv)
{
    static struct events self;
    size_t people = 0;
    setenv ("ZSYS_SIGHANDLER", "false", 1);
    setvbuf (stdout, NULL, _IOLBF, 0);
    read_options (argc, argv, &self);
    raise_limits ();
    for (enum size size = ONE; size < SIZES; size++)
        people += withdrawals (&self, size);
    bench_list_bsns (setting_people_of (self.consents) + people);
    self.asker = helper_start (beside_check);
    self.consumer = helper_start (beside_consume);
    prepare (&self);
    measure (&self);
    helper_stop (&self.asker);
    helper_stop (&self.consumer);
    zsock_destroy (&self.team);
    setting_close (&self.setting);
    print_table (&self);
    print_figures (&self);
    return 0;
}
