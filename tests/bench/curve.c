#include "curve.h"

static void add (FILE *points, const char *curve, size_t x, const struct series *y)
{
    if (y->count > 0)
        fprintf (points, "%s\t%zu\t%.1f\n", curve, x, series_median (y));
    fflush (points);
}

void curve_add_consents (FILE *points, const struct setting *setting, const struct first_rates *first,
                         const struct warm_rates *warm, const struct cold_rates *cold)
{
    size_t consents = setting->consents;
    struct series memory = {{cold->memory_mib}, 1}, first_ever = {{first->per_second}, 1};
    add (points, "consents\techo", consents, &warm->compared.echo);
    add (points, "consents\tconsentd, seen before", consents, &warm->compared.checks);
    add (points, "consents\tconsentd, first since start", consents, &cold->compared.checks);
    add (points, "consents\tconsentd, first ever", consents, &first_ever);
    add (points, "consents\tPostgreSQL", consents, &cold->compared.peer);
    add (points, "start\tstart, ms", consents, &cold->start_ms);
    add (points, "start\tmemory, MiB", consents, &memory);
}

void curve_by_consents (FILE *points, struct setting *setting, struct rounds rounds, size_t below,
                        int64_t until_us)
{
    static const size_t steps[] = {10000, 30000, 100000, 300000, 1000000, 3000000};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct first_rates first = {0};
        struct warm_rates warm;
        struct cold_rates cold;
        if (steps[i] >= below || bench_now_us () >= until_us)
            return;
        setting_grow (setting, steps[i], until_us);
        if (setting->consents < steps[i]) /* the time is up, and what there is is measured at the end */
            return;
        rates_first (setting, rounds, &first);
        rates_warm (setting, rounds, &warm);
        rates_cold (setting, rounds, &cold);
        curve_add_consents (points, setting, &first, &warm, &cold);
    }
}

void curve_by_clients (FILE *points, struct setting *setting, int64_t ms)
{
    for (size_t clients = 1; clients <= LOAD_CLIENTS; clients *= 2) {
        struct compared compared;
        rates_clients (setting, clients, ms, &compared);
        add (points, "clients\techo", clients, &compared.echo);
        add (points, "clients\tconsentd", clients, &compared.checks);
        add (points, "clients\tPostgreSQL", clients, &compared.peer);
    }
}
