/* What operators look at: the daemon's state. */
#include <string.h>
#include "audit/archive.h"
#include "events/backlog.h"
#include "events/unheard.h"
#include "registry/alarm.h"
#include "registry/log_copies.h"
#include "registry/room.h"
#include "rules/policy.h"
#include "verbs.h"

/* Reports as many unfit parties as a page can hold. The list of parties has all of them. */
static void report_parties (struct turn *turn, struct status_report *report)
{
    enum { UNFIT_LISTED = 64 };
    const struct party_entry *entry;
    size_t index = 0;
    for (size_t i = 0; i < parties_count (turn->parties); i++)
        report->parties += parties_at (turn->parties, i)->party.active;
    report->unfit.item = arena_array (turn->arena, UNFIT_LISTED, sizeof *report->unfit.item);
    while (report->unfit.count < UNFIT_LISTED && (entry = parties_next_unfit (turn->parties, &index)) != NULL)
        report->unfit.item[report->unfit.count++] =
            arena_printf (turn->arena, "%s: %s: %s", entry->text.id, entry->unfit.name, entry->unfit.message);
}

static void show_alarms (struct turn *turn, struct status_report *report)
{
    struct shown_alarm *shown = arena_array (turn->arena, turn->report->alarm_count, sizeof *shown);
    for (size_t i = 0; i < turn->report->alarm_count; i++) {
        const struct alarm *alarm = &turn->report->alarms[i];
        shown[i] = (struct shown_alarm){alarm_name (alarm->kind), alarm->party, alarm->consumer, alarm->at};
    }
    report->alarms = shown;
    report->alarm_count = turn->report->alarm_count;
}

/* What of the log has left the store, and the files that could not be read lately. */
static int report_archive (struct turn *turn, struct status_report *report)
{
    const struct archive_fault *fault;
    report->archive_directory = turn->config->log_archive != NULL ? turn->config->log_archive : "";
    report->archive_faults.item = arena_array (turn->arena, ARCHIVE_FAULTS, sizeof *report->archive_faults.item);
    while ((fault = archive_fault (turn->archive, report->archive_faults.count)) != NULL)
        report->archive_faults.item[report->archive_faults.count++] =
            arena_printf (turn->arena, "%s %s", fault->path, fault->why);
    return archive_count (turn, &report->archived);
}

static void show_copies (struct turn *turn, struct status_report *report)
{
    uint64_t newest = turn->state.audit_number;
    struct shown_copy *shown = arena_array (turn->arena, turn->copies.count, sizeof *shown);
    for (size_t i = 0; i < turn->copies.count; i++) {
        const struct log_copy *copy = &turn->copies.copy[i];
        shown[i] = (struct shown_copy){
            .name = copy->name,
            .fault = copy->fault,
            .number = copy->number,
            .behind = copy->number < newest ? newest - copy->number : 0,
            .behind_for = log_copy_behind_for (copy, newest, turn->steady),
            .heard_at = copy->heard_at,
            .alarm = copy->is_behind,
        };
    }
    report->copies = shown;
    report->copy_count = turn->copies.count;
}

/* V8: who has not heard for too long; as many as a page can hold. */
static int report_backlogs (struct turn *turn, struct status_report *report)
{
    enum { LISTED = 64 };
    struct consumer_warning *list = arena_array (turn->arena, LISTED, sizeof *list);
    report->events_waiting = list;
    return backlog_list (turn, list, LISTED, &report->events_waiting_count);
}

static void report_unheard (struct turn *turn, struct status_report *report)
{
    enum { UNHEARD_LISTED = 64 };
    struct consumer_warning *list = arena_array (turn->arena, UNHEARD_LISTED, sizeof *list);
    report->unheard = list;
    report->unheard_count = unheard_list (turn->unheard, list, UNHEARD_LISTED);
}

int verb_status (struct turn *turn, const struct caller *caller, const struct request *request,
                 struct handling *handling)
{
    (void)caller;
    (void)request;
    struct status_report *report = &handling->reply.as.status;
    struct store_info info;
    int rc = store_info (turn->store, &info);
    if (rc == 0)
        rc = store_count (turn->txn, STORE_CONSENT, &report->consents);
    if (rc == 0)
        rc = store_count (turn->txn, STORE_SUBJECT, &report->subjects);
    if (rc == 0)
        rc = report_archive (turn, report);
    if (rc != 0)
        return rc;
    handling->reply.body = REPLY_STATUS;
    report->server = "consentd " CONSENTD_VERSION;
    report->policy = turn->policy->id;
    report->policy_hash = turn->policy->hash;
    report->policy_directory = turn->config->policy_directory;
    report->last_reload = turn->report->last_reload;
    report->started_at = turn->report->started_at;
    report->audit_entries = turn->state.audit_number;
    report->store_used = info.used;
    report->store_size = info.size;
    report->store_reserve = info.reserve;
    report->store_state = room_level_name (turn->room->level);
    report->store_operators = info.shares[STORE_OPERATORS];
    report->store_operators_taken = info.taken[STORE_OPERATORS];
    report->store_withdrawals = info.shares[STORE_WITHDRAWALS];
    report->store_withdrawals_taken = info.taken[STORE_WITHDRAWALS];
    report->store_refused = turn->room->refused;
    report->failed_commits = turn->failed_commits;
    report->metrics_fault = turn->config->metrics_file != NULL ? turn->report->metrics_fault : "";
    report->turns = turn->report->turns + 1; /* this turn too, since its requests are counted */
    report->requests = turn->report->requests;
    report->messages_cut_off = turn->report->messages_cut_off;
    report->turned_away = turn->report->turned_away;
    report->dropped = turn->report->dropped;
    report->clock_stopped = turn->state.clock_stopped;
    report->kept_time = turn->now;
    report->wall_time = turn->wall;
    report->listen_requests = turn->config->requests;
    report->listen_events = turn->config->events;
    report->listen_operators = turn->config->operators;
    report_parties (turn, report);
    show_alarms (turn, report);
    show_copies (turn, report);
    report_unheard (turn, report);
    return report_backlogs (turn, report);
}
