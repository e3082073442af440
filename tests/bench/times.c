#include "times.h"
#include "disk.h"

enum { TURNS = 100, CHECKS = 1 << 17 };

/* Of all turns: how long the checks took. */
static double checks[CHECKS];
static size_t check_count;

static double ask (struct side *side, struct load *load, load_look *look)
{
    load->sockets = side->sockets;
    load->look = look;
    size_t count = load_run_single (load);
    for (size_t i = 0; look != NULL && i < count && check_count < CHECKS; i++)
        checks[check_count++] = load_times[i];
    return bench_quantile (load_times, count, 0.5);
}

static double use_disk (struct disk *disk, void (*act) (struct disk *), int64_t ms)
{
    size_t count = 0;
    int64_t end = bench_now_us () + ms * 1000;
    do {
        int64_t start = bench_now_us ();
        act (disk);
        load_times[count++] = (double)(bench_now_us () - start);
    } while (bench_now_us () < end);
    return bench_quantile (load_times, count, 0.5);
}

static double own_of_quiet_turns (const struct single_times *times)
{
    struct series sorted = times->sync, own = {0};
    double limit = bench_quantile (sorted.values, sorted.count, 0.25);
    for (size_t turn = 0; turn < times->sync.count; turn++)
        if (times->sync.values[turn] <= limit)
            series_add (&own, times->check.values[turn] - times->echo.values[turn] - times->sync.values[turn]);
    return series_median (&own);
}

void times_single (struct setting *setting, int64_t ms, struct single_times *times)
{
    struct people people = rates_known (setting);
    struct disk *disk = disk_open (setting->instance);
    struct load load = {
        .clients = 1, .make = bench_make_check, .people = people, .every = 100, .ms = 1 + ms / TURNS};
    struct peer_load peer_load = {.clients = 1, .people = people, .ms = load.ms};
    *times = (struct single_times){0};
    for (size_t turn = 0; turn < TURNS; turn++) {
        load.first = peer_load.first = turn * 1000;
        double echo = ask (&setting->bare, &load, NULL);
        double check = ask (&setting->registry, &load, load_must_permit);
        double sync = use_disk (disk, disk_append, load.ms);
        series_add (&times->echo, echo);
        series_add (&times->check, check);
        series_add (&times->sync, sync);
        if (setting->peer != NULL)
            series_add (&times->peer,
                        bench_quantile (load_times, peer_run_single (setting->peer, &peer_load), 0.5));
        series_add (&times->commit, use_disk (disk, disk_commit, load.ms));
    }
    disk_close (&disk);
    times->own = own_of_quiet_turns (times);
    times->check_p99 = bench_quantile (checks, check_count, 0.99);
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
        printf ("  %.0f/s asked, %.0f/s answered, %zu turned away: p50 %.0f us, p99 %.0f us\n", per_second,
                load.per_second, load.turned_away, p50, p99);
    }
}
