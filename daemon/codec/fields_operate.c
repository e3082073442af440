/* What operators look at: the daemon, its clock, and the log. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

enum { POLICY_HASH_SIZE = 32 };

/* Asked */

NOTHING_ASKED (status);

static const struct field audit_list_asks[] = {
    {NUMBER (request, page.after.order), .also = "after"},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT)},
    OF_SUBJECT_OR_ALL,
    {FLAG (request, as.audit_list.raw)},
    {NUMBER (request, page.last)},
    {MOMENT (request, page.since)},
};
ASKED (audit_list, audit_list_asks);

static const struct field clock_asks[] = {BY_USER};
ASKED (clock_confirm, clock_asks);
ASKED (clock_reset, clock_asks);

/* Told */

static const struct field audit_line_field[] = {
    {NUMBER (audit_line, number)},
    {MOMENT (audit_line, time)},
    {TEXT (audit_line, party)},
    {TEXT (audit_line, action)},
    {TEXT (audit_line, result)},
    {TEXT (audit_line, origin)},
    {FIXED_IF (audit_line, object, has_object)},
    {TEXT (audit_line, user)},
    {TEXT (audit_line, details)},
    {BYTES (audit_line, raw)},
    {FIXED_IF (audit_line, hash, has_hash)},
};
static const struct fields audit_line_fields = {FIELDS_OF (audit_line, audit_line_field)};
static const struct field audit_list_tells[] = {
    {LIST (reply, as.audit_list.lines, as.audit_list.count, &audit_line_fields), .also = "entries"},
    {FLAG (reply, more)},
    {NUMBER (reply, as.audit_list.newest)},
    {FIXED (reply, as.audit_list.newest_hash)},
    {NUMBER (reply, next.order), .also = "looked_until"},
};
TOLD (audit_list, reply, audit_list_tells);

static const struct field alarm_field[] = {
    {TEXT (shown_alarm, kind)},
    {TEXT (shown_alarm, party)},
    {MOMENT (shown_alarm, at), .also = "time"},
};
static const struct fields alarm_fields = {FIELDS_OF (shown_alarm, alarm_field)};
static const struct field status_report_tells[] = {
    {TEXT (reply, as.status.server)},
    {MOMENT (reply, as.status.started_at)},
    {TEXT (reply, as.status.policy)},
    {FIXED_AT (reply, as.status.policy_hash, POLICY_HASH_SIZE)},
    {TEXT (reply, as.status.policy_directory)},
    {NUMBER (reply, as.status.consents)},
    {NUMBER (reply, as.status.subjects)},
    {NUMBER (reply, as.status.audit_entries)},
    {NUMBER (reply, as.status.store_used)},
    {NUMBER (reply, as.status.store_size)},
    {NUMBER (reply, as.status.store_reserve)},
    {TEXT (reply, as.status.store_state)},
    {NUMBER (reply, as.status.store_operators)},
    {NUMBER (reply, as.status.store_operators_taken)},
    {NUMBER (reply, as.status.store_withdrawals)},
    {NUMBER (reply, as.status.store_withdrawals_taken)},
    {NUMBER (reply, as.status.store_refused)},
    {NUMBER (reply, as.status.failed_commits)},
    {NUMBER32 (reply, as.status.parties)},
    {NUMBER (reply, as.status.turns)},
    {NUMBER (reply, as.status.requests)},
    {NUMBER (reply, as.status.messages_cut_off)},
    {NUMBER (reply, as.status.turned_away)},
    {NUMBER (reply, as.status.dropped)},
    {TEXT (reply, as.status.last_reload)},
    {TEXT (reply, as.status.listen_requests)},
    {TEXT (reply, as.status.listen_events)},
    {TEXT (reply, as.status.listen_operators)},
    {TEXTS (reply, as.status.unfit)},
    {FLAG (reply, as.status.clock_stopped)},
    {MOMENT (reply, as.status.kept_time)},
    {MOMENT (reply, as.status.wall_time)},
    {LIST (reply, as.status.alarms, as.status.alarm_count, &alarm_fields)},
};
TOLD (status_report, reply, status_report_tells);
