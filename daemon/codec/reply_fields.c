#include "reply_fields.h"

#include "envelope.pb-c.h"

enum { POLICY_HASH_SIZE = 32, PARTIES_TABLE_SIZE = 16 };

#define MESSAGE(name, descriptor_)                                              \
    static const struct fields name##_body = {FIELDS_OF (reply, name##_field)}; \
    struct message name##_message = {.fields = &name##_body, .descriptor = &descriptor_}

/* Consents */

static const struct field shown_consent_field[] = {
    {GROUP_AT (shown_consent, statement, &statement_fields)},
    {CHOICE (shown_consent, state, STATE_GRANTED, STATE_DEFERRED)},
    {FIXED (shown_consent, subject_ref)},
    {TEXT (shown_consent, asked_by)},
    {MOMENT (shown_consent, asked_at)},
};
static const struct fields shown_consent_fields = {FIELDS_OF (shown_consent, shown_consent_field),
                                                   .full = offsetof (struct shown_consent, in_full)};
struct message shown_consent_message = {&shown_consent_fields, &consentd__consent__descriptor};

static const struct field consent_show_field[] = {
    {GROUP (reply, as.consent_show, &shown_consent_fields), .also = "consent"},
};
MESSAGE (consent_show, consentd__consent_show_reply__descriptor);

static const struct field consent_list_field[] = {
    {LIST (reply, as.consent_list.consents, as.consent_list.count, &shown_consent_fields)},
    {FLAG (reply, as.consent_list.more)},
};
MESSAGE (consent_list, consentd__consent_list_reply__descriptor);

static const struct field consent_recorded_field[] = {
    {FIXED (reply, as.consent_recorded.consent_id)},
    {FIXED_LIST (reply, as.consent_recorded.superseded, as.consent_recorded.superseded_count)},
    {FIXED (reply, as.consent_recorded.subject_ref)},
};
MESSAGE (consent_recorded, consentd__consent_recorded_reply__descriptor);

static const struct field still_covering_field[] = {
    {FIXED (still_covering, consent_id)},
    {TEXT (still_covering, case_ref)},
    {TEXTS (still_covering, origins)},
};
static const struct fields still_covering_fields = {FIELDS_OF (still_covering, still_covering_field)};
static const struct field revoked_field[] = {
    {FLAG (revoked, already)},
    {TEXTS (revoked, informed)},
    {FIXED_LIST (revoked, still_covered_by, still_covered_by_count)},
    {LIST (revoked, still_covering, still_covering_count, &still_covering_fields)},
};
static const struct fields revoked_fields = {FIELDS_OF (revoked, revoked_field)};
struct message revoked_message = {&revoked_fields, &consentd__revoke_reply__descriptor};

/* If its record cannot be read, there is no request. */
static const struct field waiting_request_field[] = {
    {TEXT (consent_request, bsn)},
    {GROUP (consent_request, asked.scope, &scope_fields), .required = true},
    {TEXT (consent_request, asked.motivation)},
    {MOMENT (consent_request, asked.valid_from)},
    {MOMENT (consent_request, asked.valid_until)},
    {FLAG (consent_request, asked.one_time)},
    {FLAG (consent_request, asked.under_secrecy)},
    {TEXT (consent_request, asked.recorded_by), .also = "asked_by"},
    {MOMENT (consent_request, deferred_at)},
    {TEXT (consent_request, deferred_reason)},
};
static const struct fields waiting_request_fields = {FIELDS_OF (consent_request, waiting_request_field)};
static const struct field shown_waiting_field[] = {
    {FIXED (shown_waiting, consent_id)},
    {FIXED_IF (shown_waiting, subject_ref, has_ref)},
    {MOMENT (shown_waiting, asked_at)},
    {GROUP_AT (shown_waiting, request, &waiting_request_fields)},
};
static const struct fields shown_waiting_fields = {FIELDS_OF (shown_waiting, shown_waiting_field)};
static const struct field waiting_list_field[] = {
    {LIST (reply, as.waiting_list.requests, as.waiting_list.count, &shown_waiting_fields)},
    {FLAG (reply, as.waiting_list.more)},
    {FIXED_IF (reply, as.waiting_list.next, as.waiting_list.more)},
};
MESSAGE (waiting_list, consentd__waiting_list_reply__descriptor);

/* Subjects */

static const struct field shown_subject_field[] = {
    {GROUP_AT (shown_subject, subject, &subject_fields)},   {FIXED_IF (shown_subject, subject_ref, has_ref)},
    {FIXED_IF (shown_subject, version, has_version)},       {FIXED_LIST (shown_subject, ended, ended_count)},
    {FIXED_LIST (shown_subject, restored, restored_count)},
};
static const struct fields shown_subject_fields = {FIELDS_OF (shown_subject, shown_subject_field)};
struct message shown_subject_message = {&shown_subject_fields, &consentd__subject_show_reply__descriptor};

static const struct field restriction_field[] = {
    {FLAG (reply, as.restriction.already)},
    {GROUP_AT (reply, as.restriction.subject, &subject_fields)},
    {TEXTS (reply, as.restriction.informed)},
    {FIXED (reply, as.restriction.subject_ref)},
};
MESSAGE (restriction, consentd__restriction_reply__descriptor);

/* Obligations */

static const struct field shown_duty_field[] = {
    {GROUP (shown_duty, duty, &kept_duty_fields)},
    {FIXED (shown_duty, subject_ref)},
};
static const struct fields shown_duty_fields = {FIELDS_OF (shown_duty, shown_duty_field)};

static const struct field obligation_field[] = {
    {GROUP (reply, as.obligation, &shown_duty_fields), .also = "duty"},
};
MESSAGE (obligation, consentd__obligation_reply__descriptor);

static const struct field obligation_page_field[] = {
    {LIST (obligation_page, duties, count, &shown_duty_fields)},
    {FLAG (obligation_page, more)},
    {BYTES (obligation_page, next)},
};
static const struct fields obligation_page_fields = {FIELDS_OF (obligation_page, obligation_page_field)};
struct message obligation_page_message = {&obligation_page_fields, &consentd__obligation_list_reply__descriptor};

static const struct field shown_due_field[] = {
    {CHOICE (shown_due, kind, DUE_CONSENT_ENDS, DUE_OBLIGATION)},
    {MOMENT (shown_due, when)},
    {FIXED_IF (shown_due, consent_id, has_consent)},
    {GROUP_IF (shown_due, duty, has_duty, &shown_duty_fields)},
    {FIXED (shown_due, subject_ref)},
    {FLAG (shown_due, birthday)},
};
static const struct fields shown_due_fields = {FIELDS_OF (shown_due, shown_due_field)};
static const struct field due_list_field[] = {
    {LIST (reply, as.due_list.entries, as.due_list.count, &shown_due_fields)},
    {FLAG (reply, as.due_list.more)},
    {BYTES (reply, as.due_list.next)},
};
MESSAGE (due_list, consentd__due_list_reply__descriptor);

/* Parties */

static const struct field whoami_field[] = {
    {TEXT (reply, as.whoami.party)},  {TEXT (reply, as.whoami.kind)},
    {TEXT (reply, as.whoami.role)},   {TEXTS (reply, as.whoami.permissions)},
    {TEXT (reply, as.whoami.policy)}, {FIXED_AT (reply, as.whoami.policy_hash, POLICY_HASH_SIZE)},
    {TEXT (reply, as.whoami.server)},
};
MESSAGE (whoami, consentd__whoami_reply__descriptor);

static const struct field shown_party_field[] = {
    {GROUP (shown_party, text, &party_text_fields)},
    {TEXT (shown_party, unfit)},
};
static const struct fields shown_party_fields = {FIELDS_OF (shown_party, shown_party_field)};
static const struct field party_list_field[] = {
    {LIST (reply, as.party_list.parties, as.party_list.count, &shown_party_fields)},
    {FLAG (reply, as.party_list.more)},
    {FIXED_AT (reply, as.party_list.table, PARTIES_TABLE_SIZE)},
};
MESSAGE (party_list, consentd__party_list_reply__descriptor);

static const struct field shown_party_change_field[] = {
    {TEXT (shown_party_change, id)},
    {TEXT (shown_party_change, change)},
    {TEXT (shown_party_change, what)},
};
static const struct fields shown_party_change_fields = {FIELDS_OF (shown_party_change, shown_party_change_field)};
static const struct field party_apply_field[] = {
    {LIST (reply, as.party_apply.changes, as.party_apply.count, &shown_party_change_fields)},
    {FIXED_AT (reply, as.party_apply.table, PARTIES_TABLE_SIZE)},
};
MESSAGE (party_apply, consentd__party_apply_reply__descriptor);

/* Events */

static const struct field subscribe_field[] = {
    {NUMBER (reply, as.subscribe.next)},
    {NUMBER (reply, as.subscribe.newest)},
    {NUMBER (reply, as.subscribe.acknowledged)},
};
MESSAGE (subscribe, consentd__subscribe_reply__descriptor);

static const struct field acknowledge_field[] = {
    {NUMBER (reply, as.acknowledge.acknowledged)},
};
MESSAGE (acknowledge, consentd__acknowledge_reply__descriptor);

static const struct field party_lag_field[] = {
    {TEXT (party_lag, party)},          {NUMBER (party_lag, newest)},
    {NUMBER (party_lag, acknowledged)}, {MOMENT (party_lag, oldest_waiting)},
    {FLAG (party_lag, subscribed)},     {FLAG (party_lag, damaged)},
};
static const struct fields party_lag_fields = {FIELDS_OF (party_lag, party_lag_field)};
static const struct field events_lag_field[] = {
    {LIST (reply, as.events_lag.parties, as.events_lag.count, &party_lag_fields)},
};
MESSAGE (events_lag, consentd__events_lag_reply__descriptor);

/* What operators look at */

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
static const struct field audit_list_field[] = {
    {LIST (reply, as.audit_list.lines, as.audit_list.count, &audit_line_fields), .also = "entries"},
    {FLAG (reply, as.audit_list.more)},
    {NUMBER (reply, as.audit_list.newest)},
    {FIXED (reply, as.audit_list.newest_hash)},
    {NUMBER (reply, as.audit_list.looked_until)},
};
MESSAGE (audit_list, consentd__audit_list_reply__descriptor);

static const struct field alarm_field[] = {
    {TEXT (shown_alarm, kind)},
    {TEXT (shown_alarm, party)},
    {MOMENT (shown_alarm, at), .also = "time"},
};
static const struct fields alarm_fields = {FIELDS_OF (shown_alarm, alarm_field)};
static const struct field status_field[] = {
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
MESSAGE (status, consentd__status_reply__descriptor);
