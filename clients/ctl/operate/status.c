/* consentctl status */
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "ctl.h"
#include "judged.h"
#include "moments.h"
#include "table.h"

enum { FEW = 5 };

static const char *mebibytes (struct ctl *ctl, uint64_t bytes)
{
    return arena_printf (ctl->arena, "%.1f MiB", (double)bytes / (1 << 20));
}

/* A screen has room for the first few of a list; a pipe, and --wide, for all of it. */
static size_t shown_of (size_t count)
{
    return table_room (stdout) > 0 && count > FEW ? FEW : count;
}

static void print_list (const struct table *table, size_t count)
{
    if (count == 0)
        return;
    putchar ('\n');
    table_print (table, stdout);
    if (shown_of (count) < count)
        printf ("and %zu more: --wide shows all\n", count - FEW);
}

/* L6: prints the alarms. */
static void print_alarms (struct ctl *ctl, const Consentd__StatusReply *status)
{
    static const char *const columns[] = {"ALARM", "PARTY", "CONSUMER", "TIME"};
    struct table table = table_start (ctl->arena, columns, 4);
    for (size_t i = 0; i < shown_of (status->n_alarms); i++) {
        const Consentd__Alarm *alarm = status->alarms[i];
        char time[MOMENT_TEXT];
        const char *row[] = {alarm->kind, alarm->party, alarm->consumer,
                             arena_strdup (ctl->arena, moment_print (alarm->time, time))};
        table_add (&table, row);
    }
    print_list (&table, status->n_alarms);
}

static void print_warnings (struct ctl *ctl, const char *what, Consentd__ConsumerWarning *const *all, size_t count)
{
    const char *const columns[] = {what, "CONSUMER", "SINCE", ">EVENTS"};
    struct table table = table_start (ctl->arena, columns, 4);
    for (size_t i = 0; i < shown_of (count); i++) {
        const Consentd__ConsumerWarning *one = all[i];
        char since[MOMENT_TEXT];
        table_add (&table, (const char *[]){one->party, one->consumer, moment_print (one->since, since),
                                            table_number (ctl->arena, one->waiting)});
    }
    print_list (&table, count);
}

/* The copies of the log: how far each is behind it. */
static void print_copies (struct ctl *ctl, const Consentd__StatusReply *status)
{
    static const char *const columns[] = {"COPY", ">LINES", ">BEHIND", ">SECONDS", "HEARD", "STATE"};
    struct table table = table_start (ctl->arena, columns, 6);
    for (size_t i = 0; i < status->n_copies; i++) {
        const Consentd__LogCopy *copy = status->copies[i];
        char heard[MOMENT_TEXT];
        const char *state = *copy->fault ? copy->fault : copy->alarm ? "behind" : copy->heard_at ? "keeps up" : "";
        table_add (&table,
                   (const char *[]){copy->name, table_number (ctl->arena, copy->number),
                                    table_number (ctl->arena, copy->behind),
                                    table_number (ctl->arena, (uint64_t)copy->behind_for / 1000),
                                    arena_strdup (ctl->arena, moment_print (copy->heard_at, heard)), state});
    }
    print_list (&table, status->n_copies);
}

/* Of the entries of the log. */
static void add_archive (struct ctl *ctl, struct table *facts, const Consentd__StatusReply *status)
{
    const char *directory =
        *status->archive_directory ? status->archive_directory : "no directory: see log/archive";
    if (status->archived > 0 || *status->archive_directory)
        table_add_fact (
            facts, "archived",
            arena_printf (ctl->arena, "%" PRIu64 " of the entries, in %s", status->archived, directory));
    for (size_t i = 0; i < status->n_archive_faults; i++)
        table_add_fact (facts, "archive damaged", status->archive_faults[i]);
}

/* Whether all is well; and of all that is not, what it is and what to do. */
static void print_judged (struct ctl *ctl, const Consentd__StatusReply *status)
{
    struct judged judged = {.arena = ctl->arena};
    judged_status (&judged, status);
    if (judged.count == 0) {
        puts ("All is well.\n");
        return;
    }
    printf ("%zu %s not well:\n", judged.count, judged.count == 1 ? "thing is" : "things are");
    struct table table = table_start (ctl->arena, NULL, 2);
    for (size_t i = 0; i < judged.count; i++)
        table_add (&table, (const char *[]){
                               judged_name (judged.item[i].level),
                               arena_printf (ctl->arena, "%s; %s", judged.item[i].what, judged.item[i].then)});
    table_print (&table, stdout);
    putchar ('\n');
}

static void add_times (struct ctl *ctl, struct table *facts, const Consentd__StatusReply *status)
{
    char started[MOMENT_TEXT], kept[MOMENT_TEXT], wall[MOMENT_TEXT];
    moment_print (status->kept_time, kept);
    moment_print (status->wall_time, wall);
    table_add_fact (facts, "server",
                    arena_printf (ctl->arena, "%s, running since %s", status->server,
                                  moment_print (status->started_at, started)));
    table_add_fact (facts, "decisions",
                    status->clock_stopped ? "stopped: the clock jumped (consentctl clock)" : "go on");
    table_add_fact (facts, "time",
                    strcmp (kept, wall) == 0 ? kept
                                             : arena_printf (ctl->arena, "%s; the machine's: %s", kept, wall));
}

static void add_policy (struct table *facts, const Consentd__StatusReply *status)
{
    char hash[2 * 256 + 1] = "";
    if (status->policy_hash.len <= 256)
        consent_hex (status->policy_hash.data, status->policy_hash.len, hash);
    table_add_fact (facts, "policy", status->policy);
    table_add_fact (facts, "policy hash", hash);
    table_add_fact (facts, "last reload", status->last_reload);
}

static void add_recorded (struct ctl *ctl, struct table *facts, const Consentd__Reply *reply)
{
    const Consentd__StatusReply *status = reply->status_report;
    table_add_fact (facts, "recorded",
                    arena_printf (ctl->arena,
                                  "%" PRIu64 " statement%s of %" PRIu64 " subject%s, %" PRIu64
                                  " entries of the log",
                                  status->consents, status->consents == 1 ? "" : "s", status->subjects,
                                  status->subjects == 1 ? "" : "s", status->audit_entries));
    table_add_fact (
        facts, "revision",
        arena_printf (ctl->arena, "%" PRIu64 " of epoch %s", reply->revision, ask_hex (ctl, &reply->epoch)));
    add_archive (ctl, facts, status);
}

static void add_store (struct ctl *ctl, struct table *facts, const Consentd__StatusReply *status)
{
    table_add_fact (facts, "store",
                    arena_printf (ctl->arena, "%s of %s used, %s kept in reserve",
                                  mebibytes (ctl, status->store_used), mebibytes (ctl, status->store_size),
                                  mebibytes (ctl, status->store_reserve)));
    table_add_fact (facts, "reserve",
                    arena_printf (ctl->arena, "withdrawals %.1f of %s, operators %.1f of %s used",
                                  (double)status->store_withdrawals_taken / (1 << 20),
                                  mebibytes (ctl, status->store_withdrawals),
                                  (double)status->store_operators_taken / (1 << 20),
                                  mebibytes (ctl, status->store_operators)));
    if (*status->metrics_fault)
        table_add_fact (facts, "metrics", status->metrics_fault);
    if (status->failed_commits > 0)
        table_add_fact (
            facts, "failed commits",
            arena_printf (ctl->arena, "%" PRIu64 ", tried again, since the start", status->failed_commits));
}

/* What was let go is shown where there was any. */
static void add_requests (struct ctl *ctl, struct table *facts, const Consentd__StatusReply *status)
{
    const struct {
        uint64_t count;
        const char *what;
    } gone[] = {
        {status->store_refused, "for want of room"},
        {status->turned_away, "of parties that sent too many"},
        {status->dropped, "of clients that had left"},
        {status->messages_cut_off, "of too many frames"},
    };
    const char *all = "";
    table_add_fact (facts, "requests",
                    arena_printf (ctl->arena,
                                  "%" PRIu64 " in %" PRIu64 " %s since the start; %" PRIu64 " active %s",
                                  status->requests, status->turns, status->turns == 1 ? "turn" : "turns",
                                  (uint64_t)status->parties, status->parties == 1 ? "party" : "parties"));
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        if (gone[i].count > 0)
            all = arena_printf (ctl->arena, "%s%s%" PRIu64 " %s", all, *all ? ", " : "", gone[i].count,
                                gone[i].what);
    table_add_fact (facts, "let go", all);
}

static void print_status (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__StatusReply *status = reply->status_report;
    struct table facts = table_start (ctl->arena, NULL, 2);
    print_judged (ctl, status);
    add_times (ctl, &facts, status);
    add_policy (&facts, status);
    add_recorded (ctl, &facts, reply);
    add_store (ctl, &facts, status);
    add_requests (ctl, &facts, status);
    for (size_t i = 0; i < shown_of (status->n_unfit); i++)
        table_add_fact (&facts, "unfit party", status->unfit[i]);
    table_print (&facts, stdout);
    print_copies (ctl, status);
    /* V8: longer than the configuration lets it, of what ends or limits something. V7: near what it lets wait. */
    print_warnings (ctl, "UNHEARD BY", status->unheard, status->n_unheard);
    print_warnings (ctl, "WAITING FOR", status->events_waiting, status->n_events_waiting);
    print_alarms (ctl, status);
}

static int run_status (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__Reply *reply;
    int error = ask_status (ctl, &reply);
    return error ? error : ask_tell (ctl, reply, print_status);
}

const struct command status_commands[] = {
    {"status", NULL, "what the registry is doing: policy, counts, store", NULL, NULL, run_status},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
