/* What operators look at: the daemon, its clock, and the log. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

enum { POLICY_HASH_SIZE = 32 };

/* Asked */

NOTHING_ASKED (status);

NOTHING_ASKED (config_diff);
NOTHING_ASKED (keys_list);

static const struct field audit_list_asks[] = {
    {NUMBER (request, page.after.order), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
    OF_SUBJECT_OR_ALL,
    {FLAG (request, as.audit_list.raw), .in_log = true},
    {NUMBER (request, page.last), .in_log = true},
    {MOMENT (request, page.since), .in_log = true},
    {FLAG (request, as.audit_list.tellings), .in_log = true},
    {FLAG (request, as.audit_list.follow), .in_log = true},
    {TEXTS (request, as.audit_list.parties), .sort = SYNTAX_PARTY, .in_log = true},
    {TEXTS (request, as.audit_list.actions), .sort = SYNTAX_CODE, .in_log = true},
    {TEXTS (request, as.audit_list.results), .sort = SYNTAX_CODE, .in_log = true},
    {TEXT (request, as.audit_list.by_user), .sort = SYNTAX_REFERENCE, .in_log = true},
    {MOMENT (request, as.audit_list.until), .in_log = true},
    {FLAG (request, as.audit_list.backwards), .in_log = true},
};
ASKED (audit_list, audit_list_asks);

static const struct field clock_asks[] = {BY_USER};
ASKED (clock_confirm, clock_asks);
ASKED (clock_reset, clock_asks);

static const struct field backup_asks[] = {
    {FIXED (request, as.backup.backup), .in_log = true},
    {NUMBER (request, as.backup.from), .in_log = true},
    {FLAG (request, as.backup.give_up), .in_log = true},
    {FLAG (request, as.backup.verified), .in_log = true},
};
ASKED (backup, backup_asks);

static const struct field retention_list_asks[] = {
    {MOMENT (request, as.retention.until), .in_log = true},
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (retention_list, retention_list_asks);

static const struct field retention_run_asks[] = {
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (retention_run, retention_run_asks);

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
    {FLAG (audit_line, record_is_older)},
    {LIST (audit_line, tellings, telling_count, &overview_telling_fields)},
    {FIXED_IF (audit_line, subject_ref, has_object)},
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

static const struct field backup_tells[] = {
    {BYTES (reply, as.backup.piece)},
    {FLAG (reply, as.backup.more)},
    {NUMBER (reply, as.backup.store_used)},
};
TOLD (backup, reply, backup_tells);

static const struct field shown_retention_field[] = {
    {FIXED (shown_retention, subject_ref)},
    {FLAG (shown_retention, extract)},
    {MOMENT (shown_retention, until)},
    {NUMBER (shown_retention, lines)},
    {NUMBER (shown_retention, disclosures)},
    {TEXT (shown_retention, source)},
    {NUMBERS_LIST (shown_retention, kept_by, kept_by_count)},
};
static const struct fields shown_retention_fields = {FIELDS_OF (shown_retention, shown_retention_field)};
static const struct field retention_tells[] = {
    {LIST (reply, as.retention.entries, as.retention.count, &shown_retention_fields)},
    {FLAG (reply, more)},
    {BYTES (reply, next.bytes), .also = "next"},
    {FLAG (reply, as.retention.wait)},
    {NUMBER (reply, as.retention.in_force)},
    {NUMBER (reply, as.retention.not_past)},
    {NUMBER (reply, as.retention.without_end)},
    {NUMBER (reply, as.retention.under_way)},
    {NUMBER (reply, as.retention.damaged)},
};
TOLD (retention, reply, retention_tells);

static const struct field alarm_field[] = {
    {TEXT (shown_alarm, kind), .in_log = true},
    {TEXT (shown_alarm, party), .in_log = true},
    {TEXT (shown_alarm, consumer), .in_log = true},
    {MOMENT (shown_alarm, at), .also = "time", .in_log = true},
};
static const struct fields alarm_fields = {FIELDS_OF (shown_alarm, alarm_field)};
static const struct field warning_field[] = {
    {TEXT (consumer_warning, party), .in_log = true},
    {TEXT (consumer_warning, consumer), .in_log = true},
    {MOMENT (consumer_warning, since), .in_log = true},
    {NUMBER (consumer_warning, waiting), .in_log = true},
};
static const struct fields warning_fields = {FIELDS_OF (consumer_warning, warning_field)};
static const struct field copy_field[] = {
    {TEXT (shown_copy, name), .in_log = true},       {NUMBER (shown_copy, number), .in_log = true},
    {NUMBER (shown_copy, behind), .in_log = true},   {MOMENT (shown_copy, behind_for), .in_log = true},
    {MOMENT (shown_copy, heard_at), .in_log = true}, {TEXT (shown_copy, fault), .in_log = true},
    {FLAG (shown_copy, alarm), .in_log = true},
};
static const struct fields copy_fields = {FIELDS_OF (shown_copy, copy_field)};
static const struct field status_report_tells[] = {
    {TEXT (reply, as.status.server), .in_log = true},
    {MOMENT (reply, as.status.started_at), .in_log = true},
    {TEXT (reply, as.status.policy), .in_log = true},
    {FIXED_AT (reply, as.status.policy_hash, POLICY_HASH_SIZE), .in_log = true},
    {TEXT (reply, as.status.policy_directory), .in_log = true},
    {NUMBER (reply, as.status.consents), .in_log = true},
    {NUMBER (reply, as.status.subjects), .in_log = true},
    {NUMBER (reply, as.status.audit_entries), .in_log = true},
    {NUMBER (reply, as.status.store_used), .in_log = true},
    {NUMBER (reply, as.status.store_size), .in_log = true},
    {NUMBER (reply, as.status.store_reserve), .in_log = true},
    {TEXT (reply, as.status.store_state), .in_log = true},
    {NUMBER (reply, as.status.store_operators), .in_log = true},
    {NUMBER (reply, as.status.store_operators_taken), .in_log = true},
    {NUMBER (reply, as.status.store_withdrawals), .in_log = true},
    {NUMBER (reply, as.status.store_withdrawals_taken), .in_log = true},
    {NUMBER (reply, as.status.store_refused), .in_log = true},
    {TEXT (reply, as.status.archive_directory), .in_log = true},
    {NUMBER (reply, as.status.archived), .in_log = true},
    {TEXTS (reply, as.status.archive_faults), .in_log = true},
    {NUMBER (reply, as.status.failed_commits), .in_log = true},
    {TEXT (reply, as.status.metrics_fault), .in_log = true},
    {NUMBER32 (reply, as.status.parties), .in_log = true},
    {NUMBER (reply, as.status.turns), .in_log = true},
    {NUMBER (reply, as.status.requests), .in_log = true},
    {NUMBER (reply, as.status.messages_cut_off), .in_log = true},
    {NUMBER (reply, as.status.turned_away), .in_log = true},
    {NUMBER (reply, as.status.dropped), .in_log = true},
    {TEXT (reply, as.status.last_reload), .in_log = true},
    {TEXT (reply, as.status.listen_requests), .in_log = true},
    {TEXT (reply, as.status.listen_events), .in_log = true},
    {TEXT (reply, as.status.listen_operators), .in_log = true},
    {TEXTS (reply, as.status.unfit), .in_log = true},
    {FLAG (reply, as.status.clock_stopped), .in_log = true},
    {MOMENT (reply, as.status.kept_time), .in_log = true},
    {MOMENT (reply, as.status.wall_time), .in_log = true},
    {LIST (reply, as.status.alarms, as.status.alarm_count, &alarm_fields), .in_log = true},
    {LIST (reply, as.status.copies, as.status.copy_count, &copy_fields), .in_log = true},
    {LIST (reply, as.status.unheard, as.status.unheard_count, &warning_fields), .in_log = true},
    {LIST (reply, as.status.events_waiting, as.status.events_waiting_count, &warning_fields), .in_log = true},
};
TOLD (status_report, reply, status_report_tells);

static const struct field config_change_field[] = {
    {TEXT (shown_config_change, setting)},
    {TEXT (shown_config_change, in_force)},
    {TEXT (shown_config_change, in_file)},
    {TEXT (shown_config_change, counts)},
};
static const struct fields config_change_fields = {FIELDS_OF (shown_config_change, config_change_field)};
static const struct field config_diff_tells[] = {
    {LIST (reply, as.config_diff.changes, as.config_diff.count, &config_change_fields)},
    {TEXT (reply, as.config_diff.refused)},
    {TEXT (reply, as.config_diff.path)},
};
TOLD (config_diff, reply, config_diff_tells);

static const struct field keys_list_tells[] = {
    {FIXED (reply, as.keys_list.vault)},
    {FIXED_IF (reply, as.keys_list.vault_former, as.keys_list.has_former)},
    {FIXED (reply, as.keys_list.keyring)},
    {NUMBER (reply, as.keys_list.generation)},
    {NUMBER32 (reply, as.keys_list.replaced)},
    {NUMBER (reply, as.keys_list.subjects)},
    {NUMBER (reply, as.keys_list.unknown)},
    {NUMBER (reply, as.keys_list.extracts)},
    {NUMBER (reply, as.keys_list.marked)},
    {FLAG (reply, as.keys_list.own_root)},
};
TOLD (keys_list, reply, keys_list_tells);
