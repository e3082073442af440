#include "times.h"
#include "disk.h"

enum { TURNS = 100, TIMES = 1 << 17 };

/* Of all turns. */
struct times {
    double values[TIMES];
    size_t count;
};

/* Everything that is measured with one outstanding. */
enum { ECHO_TIMES, CHECK_TIMES, PEER_TIMES, SYNC_TIMES, COMMIT_TIMES, KINDS };

static struct times taken[KINDS];

static double part_of (int kind, double part)
{
    return bench_quantile (taken[kind].values, taken[kind].count, part);
}

/* Keeps the first `count` of load_times. */
static void keep (int kind, size_t count)
{
    struct times *times = &taken[kind];
    for (size_t i = 0; i < count && times->count < TIMES; i++)
        times->values[times->count++] = load_times[i];
}

static void ask (int kind, struct side *side, struct load *load)
{
    load->sockets = side->sockets;
    load->look = kind == CHECK_TIMES ? load_must_permit : NULL;
    keep (kind, load_run_single (load));
}

static void use_disk (int kind, struct disk *disk, int64_t ms)
{
    size_t count = 0;
    int64_t end = bench_now_us () + ms * 1000;
    do {
        int64_t start = bench_now_us ();
        (kind == SYNC_TIMES ? disk_append : disk_commit) (disk);
        load_times[count++] = (double)(bench_now_us () - start);
    } while (bench_now_us () < end);
    keep (kind, count);
}

void times_single (struct setting *setting, int64_t ms, struct single_times *times)
{
    struct people people = rates_known (setting);
    struct disk *disk = disk_open (setting->instance);
    struct load load = {
        .clients = 1, .make = bench_make_check, .people = people, .every = 100, .ms = 1 + ms / TURNS};
    struct peer_load peer_load = {.clients = 1, .people = people, .ms = load.ms};
    for (int turn = 0; turn < TURNS; turn++) {
        load.first = peer_load.first = (size_t)turn * 1000;
        ask (ECHO_TIMES, &setting->bare, &load);
        ask (CHECK_TIMES, &setting->registry, &load);
        use_disk (SYNC_TIMES, disk, load.ms);
        if (setting->peer != NULL)
            keep (PEER_TIMES, peer_run_single (setting->peer, &peer_load));
        use_disk (COMMIT_TIMES, disk, load.ms);
    }
    disk_close (&disk);
    *times = (struct single_times){.echo_p50 = part_of (ECHO_TIMES, 0.5),
                                   .check_p50 = part_of (CHECK_TIMES, 0.5),
                                   .check_p99 = part_of (CHECK_TIMES, 0.99),
                                   .peer_p50 = part_of (PEER_TIMES, 0.5),
                                   .sync = part_of (SYNC_TIMES, 0.5),
                                   .commit = part_of (COMMIT_TIMES, 0.5)};
}

void times_open (struct setting *setting, double per_second, struct rounds rounds, struct open_times *times)
{
    *times = (struct open_times){0};
    for (size_t round = 0; round < rounds.count; round++) {
        struct load load = {.sockets = setting->registry.sockets,
                            .clients = SETTING_CLIENTS,
                            .make = bench_make_check,
                            .people = rates_known (setting),
                            .look = load_must_permit,
                            .every = 1000,
                            .ms = rounds.ms};
        size_t count = load_run_open (&load, per_second);
        double p50 = bench_quantile (load_times, count, 0.5), p99 = bench_quantile (load_times, count, 0.99);
        series_add (&times->p50, p50);
        series_add (&times->p99, p99);
        printf ("  %.0f/s asked, %.0f/s answered: p50 %.0f us, p99 %.0f us\n", per_second, load.per_second, p50,
                p99);
    }
}
