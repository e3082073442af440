/* consentctl status */
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "ctl.h"
#include "moments.h"
#include "table.h"

static const char *mebibytes (struct ctl *ctl, uint64_t bytes)
{
    return arena_printf (ctl->arena, "%.1f MiB", (double)bytes / (1 << 20));
}

/* L6: prints the alarms. */
static void print_alarms (struct ctl *ctl, const Consentd__StatusReply *status)
{
    static const char *const columns[] = {"ALARM", "PARTY", "CONSUMER", "TIME"};
    struct table table = table_start (ctl->arena, columns, 4);
    for (size_t i = 0; i < status->n_alarms; i++) {
        const Consentd__Alarm *alarm = status->alarms[i];
        char time[MOMENT_TEXT];
        const char *row[] = {alarm->kind, alarm->party, alarm->consumer,
                             arena_strdup (ctl->arena, moment_print (alarm->time, time))};
        table_add (&table, row);
    }
    if (status->n_alarms > 0) {
        putchar ('\n');
        table_print (&table, stdout);
    }
}

static void print_warnings (struct ctl *ctl, const char *what, Consentd__ConsumerWarning *const *all, size_t count)
{
    const char *const columns[] = {what, "CONSUMER", "SINCE", ">EVENTS"};
    struct table table = table_start (ctl->arena, columns, 4);
    for (size_t i = 0; i < count; i++) {
        const Consentd__ConsumerWarning *one = all[i];
        char since[MOMENT_TEXT];
        table_add (&table, (const char *[]){one->party, one->consumer, moment_print (one->since, since),
                                            table_number (ctl->arena, one->waiting)});
    }
    if (count > 0) {
        putchar ('\n');
        table_print (&table, stdout);
    }
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
    if (status->n_copies > 0) {
        putchar ('\n');
        table_print (&table, stdout);
    }
}

static const char *room_of (struct ctl *ctl, const Consentd__StatusReply *status)
{
    const char *state = status->store_state;
    if (strcmp (state, "full") == 0)
        state = "full: enlarge store/size and reload";
    else if (strcmp (state, "ample") != 0)
        state = arena_printf (ctl->arena, "more than %s full: enlarge store/size and reload", state);
    return arena_printf (ctl->arena, "%s; %" PRIu64 " requests refused for want of room, since the start", state,
                         status->store_refused);
}

/* Of the entries of the log. */
static void add_archive (struct ctl *ctl, struct table *facts, const Consentd__StatusReply *status)
{
    const char *directory =
        *status->archive_directory ? status->archive_directory : "no directory: see log/archive";
    if (status->archived > 0 || *status->archive_directory)
        table_add_fact (facts, "archived",
                        arena_printf (ctl->arena, "%" PRIu64 " of these, in %s", status->archived, directory));
    for (size_t i = 0; i < status->n_archive_faults; i++)
        table_add_fact (facts, "archive damaged", status->archive_faults[i]);
}

static void print_status (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__StatusReply *status = reply->status_report;
    char started[MOMENT_TEXT], kept[MOMENT_TEXT], wall[MOMENT_TEXT], hash[2 * 256 + 1] = "";
    if (status->policy_hash.len <= 256)
        consent_hex (status->policy_hash.data, status->policy_hash.len, hash);
    struct table facts = table_start (ctl->arena, NULL, 2);
    table_add_fact (&facts, "server", status->server);
    table_add_fact (&facts, "running since", moment_print (status->started_at, started));
    table_add_fact (&facts, "decisions",
                    status->clock_stopped ? "stopped: the clock jumped (consentctl clock)" : "go on");
    table_add_fact (&facts, "registry's time", moment_print (status->kept_time, kept));
    table_add_fact (&facts, "machine's clock", moment_print (status->wall_time, wall));
    table_add_fact (&facts, "policy", status->policy);
    table_add_fact (&facts, "policy hash", hash);
    table_add_fact (&facts, "last reload", status->last_reload);
    table_add_fact (&facts, "subjects", table_number (ctl->arena, status->subjects));
    table_add_fact (&facts, "statements", table_number (ctl->arena, status->consents));
    table_add_fact (&facts, "audit entries", table_number (ctl->arena, status->audit_entries));
    add_archive (ctl, &facts, status);
    table_add_fact (&facts, "revision", table_number (ctl->arena, reply->revision));
    table_add_fact (&facts, "epoch", ask_hex (ctl, &reply->epoch));
    table_add_fact (&facts, "store",
                    arena_printf (ctl->arena, "%s of %s used, %s kept in reserve",
                                  mebibytes (ctl, status->store_used), mebibytes (ctl, status->store_size),
                                  mebibytes (ctl, status->store_reserve)));
    table_add_fact (&facts, "room", room_of (ctl, status));
    table_add_fact (
        &facts, "reserve",
        arena_printf (ctl->arena, "withdrawals: %s of %s used, operators: %s of %s",
                      mebibytes (ctl, status->store_withdrawals_taken), mebibytes (ctl, status->store_withdrawals),
                      mebibytes (ctl, status->store_operators_taken), mebibytes (ctl, status->store_operators)));
    table_add_fact (
        &facts, "failed commits",
        arena_printf (ctl->arena, "%" PRIu64 ", tried again, since the start", status->failed_commits));
    table_add_fact (&facts, "active parties", table_number (ctl->arena, status->parties));
    for (size_t i = 0; i < status->n_unfit; i++)
        table_add_fact (&facts, "unfit party", status->unfit[i]);
    table_add_fact (&facts, "requests",
                    arena_printf (ctl->arena, "%" PRIu64 " in %" PRIu64 " %s, since the start", status->requests,
                                  status->turns, status->turns == 1 ? "turn" : "turns"));
    table_add_fact (&facts, "messages cut off", table_number (ctl->arena, status->messages_cut_off));
    table_add_fact (&facts, "requests let go",
                    arena_printf (ctl->arena,
                                  "%" PRIu64 " of parties that sent too many, %" PRIu64
                                  " of clients that had left",
                                  status->turned_away, status->dropped));
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
