/* How many lines of a table of papers a second does `sociale-team import` record, beside how many consents a
   second its party can record alone, what memory does it keep, and is each recorded once though it is killed
   midway? scripts/bench starts this.

   Usage: import PROGRAM REGISTRY DIRECTORY N, where PROGRAM is sociale-team, REGISTRY what scripts/bench made,
   which runs, and DIRECTORY where the tables and results may be. Its last lines are name=value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "load.h"
#include "requests.h"

enum { PAPERS = 4 /* about one person */, WINDOW = 256, LOOK_US = 20000, NAME = 512, DAY = 16 };

struct bench {
    const char *program, *directory;
    char key[NAME];
    zsock_t *registry, *operators;
};

/* A table of papers about these people. */
struct table {
    const char *name;
    struct people people;
    size_t lines;
};

/* One run of the program, to its end or its kill. */
struct run {
    double seconds;
    double first; /* seconds until the registry had one more */
    double mib;   /* kept at most */
};

static struct people people_of (size_t first, size_t papers)
{
    return (struct people){first, papers / PAPERS + 1};
}

/* Consents that the registry has. */
static size_t count_consents (struct bench *self)
{
    static uint8_t message[BENCH_MESSAGE_LIMIT];
    Consentd__Reply *reply =
        bench_ask (self->operators, message, bench_make_status ((struct people){0}, 0, message));
    load_must_be_ok (reply);
    size_t count = reply->status_report->consents;
    consentd__reply__free_unpacked (reply, NULL);
    return count;
}

static double load_all (struct bench *self, bench_maker *make, struct people people, size_t total)
{
    struct load load = {.sockets = &self->registry,
                        .clients = 1,
                        .window = WINDOW,
                        .make = make,
                        .people = people,
                        .look = load_must_be_ok,
                        .every = 1,
                        .total = total};
    load_run (&load);
    return load.per_second;
}

/* ---------------------------------------------------------------------------------------------------- tables */

static void path_of (const struct bench *self, const struct table *table, const char *what, char path[NAME])
{
    snprintf (path, NAME, "%s/%s%s", self->directory, table->name, what);
}

/* Signed yesterday, about everybody in turn. */
static void write_table (const struct bench *self, const struct table *table)
{
    char path[NAME], day[DAY];
    time_t yesterday = time (NULL) - 24L * 3600;
    strftime (day, sizeof day, "%F", localtime (&yesterday));
    path_of (self, table, ".csv", path);
    FILE *file = fopen (path, "w");
    if (!file)
        bench_fail ("a table cannot be written");
    fputs ("kenmerk;toestemming;bsn;verstrekkers;ontvangers;gegevens;doel;zaak;motivering;vorm;bewijs.kenmerk;"
           "bewijs.sha256;voorlichting.folder;voorlichting.versie;voorlichting.taal;voorlichting.verstrekt_op;"
           "ondertekening.door;ondertekening.op;geldig_maanden;medewerker\n",
           file);
    for (size_t i = 0; i < table->lines; i++)
        fprintf (file,
                 "%s-%zu;ja;%s;kernteam;zorgaanbieder-horizon;naw bsn geboortedatum toewijzing periode;toekenning;"
                 "zaak-%zu;hulp bij het huishouden;schriftelijk;map-%zu;%064zx;folder;1;nl;%s;betrokkene;%s;6;"
                 "medewerker-17\n",
                 table->name, i, bench_bsns[table->people.first + i % table->people.count], i, i / 100, i, day,
                 day);
    if (fclose (file) != 0)
        bench_fail ("a table cannot be written");
}

/* --------------------------------------------------------------------------------------------------- imports */

static pid_t start (const struct bench *self, const struct table *table)
{
    char paper[NAME], result[NAME];
    path_of (self, table, ".csv", paper);
    path_of (self, table, ".jsonl", result);
    pid_t child = bench_fork ();
    if (child == 0) {
        execl (self->program, self->program, "import", paper, "--key", self->key, "--result", result, "--quiet",
               NULL);
        _exit (127);
    }
    return child;
}

/* Runs it until the registry has so many consents, and then kills it; or to its end. */
static struct run run_import (struct bench *self, const struct table *table, size_t until)
{
    struct run run = {.first = -1};
    size_t before = count_consents (self), now = before;
    int64_t begin = bench_now_us ();
    pid_t child = start (self, table), ended;
    int status = 0;
    while ((ended = waitpid (child, &status, WNOHANG)) == 0) {
        usleep (LOOK_US);
        double kept = bench_memory_mib (child);
        run.mib = kept > run.mib ? kept : run.mib;
        now = count_consents (self);
        if (now > before && run.first < 0)
            run.first = (double)(bench_now_us () - begin) / 1e6;
        if (until && now >= until)
            kill (child, SIGKILL);
    }
    run.seconds = (double)(bench_now_us () - begin) / 1e6;
    bool is_killed = WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL;
    if (ended != child || is_killed != (until != 0) || (!is_killed && status != 0))
        bench_fail ("the import does not end as it should");
    return run;
}

/* How many lines of the result have this word. */
static size_t count_lines (const struct bench *self, const struct table *table, const char *word)
{
    char path[NAME], line[4096];
    size_t count = 0;
    path_of (self, table, ".jsonl", path);
    FILE *file = fopen (path, "r");
    while (file && fgets (line, sizeof line, file))
        count += strstr (line, word) != NULL;
    if (file)
        fclose (file);
    return count;
}

static void must_be_once (struct bench *self, const struct table *table, size_t before)
{
    if (count_consents (self) != before + table->lines)
        bench_fail ("the registry has not one consent for each line");
    if (count_lines (self, table, "\"outcome\":\"accepted\"") != table->lines)
        bench_fail ("the result has not one accepted line for each line");
}

static void measure (struct bench *self, size_t lines)
{
    const size_t part = lines / 10 < 100 ? 100 : lines / 10;
    const struct people alone = people_of (0, part), later = people_of (alone.count, part);
    const struct table few = {"few", people_of (2 * alone.count, part), part};
    const struct table many = {"many", people_of (3 * alone.count, lines), lines};
    const struct people all = {0, 3 * alone.count + many.people.count};
    bench_list_bsns (all.count);
    load_all (self, bench_make_subject, all, all.count);
    double grants = load_all (self, bench_make_grant, alone, part);
    write_table (self, &few);
    write_table (self, &many);
    struct run small = run_import (self, &few, 0);
    size_t before = count_consents (self);
    struct run first = run_import (self, &many, before + lines / 2), second = run_import (self, &many, 0);
    must_be_once (self, &many, before);
    grants = (grants + load_all (self, bench_make_grant, later, part)) / 2;
    double rate = (double)lines / (first.seconds + second.seconds);
    printf ("lines=%zu\nlines_per_s=%.0f\ngrants_per_s=%.0f\nline_share=%.2f\n", lines, rate, grants,
            rate / grants);
    printf ("few_per_s=%.0f\nresumed_s=%.1f\nknown_again=%zu\n", (double)few.lines / small.seconds, second.first,
            count_lines (self, &many, "\"was_known\":true"));
    printf ("rss_few_mib=%.1f\nrss_mib=%.1f\n", small.mib, first.mib > second.mib ? first.mib : second.mib);
}

int main (int argc, char **argv)
{
    if (argc != 5)
        bench_fail ("usage: import PROGRAM REGISTRY DIRECTORY N");
    struct bench bench = {.program = argv[1], .directory = argv[3]};
    char key[NAME];
    snprintf (bench.key, sizeof bench.key, "%s/keys/kernteam.key", argv[2]);
    snprintf (key, sizeof key, "%s/keys/operator.key", argv[2]);
    umask (077);
    if (mkdir (bench.directory, 0700) != 0)
        bench_fail ("the directory is there already");
    bench.registry = bench_connect (bench.key, "requests");
    bench.operators = bench_connect (key, "operators");
    measure (&bench, strtoul (argv[4], NULL, 10));
    zsock_destroy (&bench.registry);
    zsock_destroy (&bench.operators);
    free (bench_bsns);
    return 0;
}
