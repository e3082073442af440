/* How many messages a second go through the spool of an adapter, beside how many checks a second its party can ask
   alone, and does its memory grow with them? scripts/bench starts this.

   Usage: adapter PROGRAM KEY FIXTURE SPOOL N SECONDS DAEMON, where PROGRAM is cak, KEY the sender's key file,
   FIXTURE a message, SPOOL a directory that is not there yet, and DAEMON the process of the registry, which runs.
   Its last lines are name=value. */
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "consent.h"

enum { PEOPLE = 4000, WINDOW = 256, FIXTURE_MAX = 65536, BSN = 10 };

static const char FIXTURE_BSN[] = "999996770", FIXTURE_ID[] = "KB-2026-0417";

struct bench {
    const char *program, *key, *spool;
    double seconds;   /* for the checks alone */
    clockid_t daemon; /* what it has of the processors */
    char fixture[FIXTURE_MAX];
    char people[PEOPLE][BSN];
};

static void give_up (const char *what)
{
    fprintf (stderr, "adapter: %s\n", what);
    exit (1);
}

static double seconds_of (clockid_t clock)
{
    struct timespec now;
    if (clock_gettime (clock, &now) != 0)
        give_up ("a clock cannot be read");
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds (void)
{
    return seconds_of (CLOCK_MONOTONIC);
}

/* Of the range that is kept for tests, which pass the 11-test. */
static void find_people (struct bench *self)
{
    size_t count = 0;
    for (unsigned number = 999900006; count < PEOPLE; number++) {
        snprintf (self->people[count], BSN, "%09u", number % 1000000000);
        int sum = 0;
        for (int i = 0; i < 9; i++)
            sum += (self->people[count][i] - '0') * (i < 8 ? 9 - i : -1);
        count += sum % 11 == 0;
    }
}

static void read_fixture (struct bench *self, const char *path)
{
    FILE *file = fopen (path, "r");
    size_t size = file ? fread (self->fixture, 1, FIXTURE_MAX - 1, file) : 0;
    if (file)
        fclose (file);
    if (!strstr (self->fixture, FIXTURE_BSN) || !strstr (self->fixture, FIXTURE_ID) || size == FIXTURE_MAX - 1)
        give_up ("the fixture is another than it was");
}

/* ------------------------------------------------------------------------------------------------ checks alone */

static void ask (struct bench *self, consent_t *registry, size_t number)
{
    static const struct consent_item items[] = {{"bsn", "wmo"},           {"naw", "wmo"},
                                                {"geboortedatum", "wmo"}, {"toewijzing", "wmo"},
                                                {"periode", "wmo"},       {"soort-voorziening", "wmo"}};
    const struct consent_question question = {.bsn = self->people[number / 2 % PEOPLE],
                                              .provider = consent_party (registry),
                                              .recipient = "cak",
                                              .purpose = "eigen-bijdrage",
                                              .items = items,
                                              .item_count = sizeof items / sizeof *items,
                                              .user = "bench",
                                              .mode = number % 2 ? CONSENT_DISCLOSE : CONSENT_ADVISE,
                                              .all_or_nothing = number % 2};
    uint64_t ticket;
    if (consent_ask (registry, &question, &ticket) != CONSENT_OK)
        give_up (consent_last_error (registry));
}

/* Checks a second over one connection, half of them with DISCLOSE, as the adapter asks them. */
static double measure_checks (struct bench *self)
{
    char error[512];
    consent_t *registry = consent_open (self->key, error, sizeof error);
    if (!registry)
        give_up (error);
    size_t asked = 0, answered = 0;
    double begin = seconds (), now = begin;
    while (now < begin + self->seconds || answered < asked) {
        while (asked - answered < WINDOW && now < begin + self->seconds)
            ask (self, registry, asked++);
        struct consent_answer *answer = consent_next_answer (registry);
        if (!answer || answer->verdict != CONSENT_PERMIT)
            give_up (answer && *answer->message ? answer->message : "a check is not permitted");
        consent_answer_destroy (&answer);
        answered++;
        now = seconds ();
    }
    consent_close (&registry);
    return (double)answered / (now - begin);
}

/* -------------------------------------------------------------------------------------------------- messages */

static void put_message (struct bench *self, size_t number)
{
    char path[4096], id[sizeof FIXTURE_ID + 16];
    char *text = strdup (self->fixture);
    assert (text);
    for (char *at = text; (at = strstr (at, FIXTURE_BSN));)
        memcpy (at, self->people[number % PEOPLE], BSN - 1);
    snprintf (id, sizeof id, "%012zu", number);
    memcpy (strstr (text, FIXTURE_ID), id, sizeof FIXTURE_ID - 1);
    snprintf (path, sizeof path, "%s/in/%zu.xml", self->spool, number);
    FILE *file = fopen (path, "w");
    if (!file || fputs (text, file) < 0 || fclose (file) != 0)
        give_up ("a message cannot be written");
    free (text);
}

struct run {
    double rate;      /* messages a second */
    double mib;       /* that it keeps at its most, beside what it maps of files */
    double cpu_us;    /* of a processor for each message, in all its threads, the kernel's work for it included */
    double daemon_us; /* the same of the registry */
};

/* What a process keeps beside what it maps of files, in MiB; 0: it has ended. */
static double kept_mib (pid_t process)
{
    char path[64], line[256];
    long kib = 0;
    snprintf (path, sizeof path, "/proc/%d/status", (int)process);
    FILE *file = fopen (path, "r");
    while (file && fgets (line, sizeof line, file))
        sscanf (line, "RssAnon: %ld", &kib);
    if (file)
        fclose (file);
    return (double)kib / 1024;
}

static double seconds_of_time (struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* Waits until it ends, and looks meanwhile what it keeps at most. */
static void wait_for (pid_t child, struct run *run)
{
    struct rusage used;
    int status;
    pid_t ended;
    while ((ended = wait4 (child, &status, WNOHANG, &used)) == 0) {
        double kept = kept_mib (child);
        run->mib = kept > run->mib ? kept : run->mib;
        usleep (10000);
    }
    if (ended != child || !WIFEXITED (status) || WEXITSTATUS (status) != 0)
        give_up ("the adapter does not end as it should");
    run->cpu_us = (seconds_of_time (used.ru_utime) + seconds_of_time (used.ru_stime)) * 1e6;
}

static struct run run_spool (struct bench *self, size_t from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_message (self, from + i);
    sync ();
    struct run run = {0};
    double begin = seconds (), daemon = seconds_of (self->daemon);
    pid_t child = fork ();
    if (child == 0) {
        execl (self->program, self->program, "--key", self->key, "--spool", self->spool, "--once", "--quiet",
               NULL);
        _exit (127);
    }
    wait_for (child, &run);
    run.rate = (double)count / (seconds () - begin);
    run.cpu_us /= (double)count;
    run.daemon_us = (seconds_of (self->daemon) - daemon) * 1e6 / (double)count;
    return run;
}

static void make_folders (const struct bench *self)
{
    char path[4096];
    snprintf (path, sizeof path, "%s/in", self->spool);
    if (mkdir (self->spool, 0700) != 0 || mkdir (path, 0700) != 0)
        give_up ("the spool cannot be made");
}

static void must_be_sent (const struct bench *self, size_t number)
{
    char path[4096];
    snprintf (path, sizeof path, "%s/sent/%zu.xml", self->spool, number);
    if (access (path, F_OK) != 0)
        give_up ("a message did not go");
}

/* Each message and its report are there, and nothing else: none went twice. */
static void must_be_all (const struct bench *self, size_t messages)
{
    char path[4096];
    snprintf (path, sizeof path, "%s/sent", self->spool);
    DIR *folder = opendir (path);
    size_t count = 0;
    for (const struct dirent *entry; folder && (entry = readdir (folder));)
        count += *entry->d_name != '.';
    if (!folder || count != 2 * messages)
        give_up ("more went than there was");
    closedir (folder);
}

int main (int argc, char **argv)
{
    if (argc != 8)
        give_up ("usage: adapter PROGRAM KEY FIXTURE SPOOL N SECONDS DAEMON");
    static struct bench bench;
    bench.program = argv[1];
    bench.key = argv[2];
    bench.spool = argv[4];
    size_t count = strtoul (argv[5], NULL, 10);
    bench.seconds = atof (argv[6]);
    if (clock_getcpuclockid (atoi (argv[7]), &bench.daemon) != 0)
        give_up ("there is no such process of the registry");
    umask (077);
    read_fixture (&bench, argv[3]);
    find_people (&bench);
    make_folders (&bench);
    measure_checks (&bench); /* about whom nothing was disclosed before, that takes longer */
    double before = measure_checks (&bench);
    struct run few = run_spool (&bench, 0, count / 10);
    struct run many = run_spool (&bench, count / 10, count);
    double after = measure_checks (&bench);
    for (size_t i = 0; i < count / 10 + count; i++)
        must_be_sent (&bench, i);
    must_be_all (&bench, count / 10 + count);
    double checks = (before + after) / 2;
    printf ("messages=%zu\nmessages_per_s=%.0f\nchecks_per_s=%.0f\nmessage_share=%.2f\n", count, many.rate, checks,
            2 * many.rate / checks);
    printf ("adapter_cpu_us=%.0f\ndaemon_cpu_us=%.0f\n", many.cpu_us, many.daemon_us);
    printf ("rss_few_mib=%.1f\nrss_mib=%.1f\n", few.mib, many.mib);
    return 0;
}
