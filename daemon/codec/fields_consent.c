/* Statements: granted, refused, asked for, withdrawn, shown. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

/* Asked */

static const struct field grant_asks[] = {
    OF_SUBJECT,
    {GROUP (request, as.statement.statement, &statement_fields)},
    BY_USER,
    {FIXED_IF (request, as.statement.answers, as.statement.has_answers), .in_log = true},
    {NUMBER (request, as.statement.request), .in_log = true},
};
ASKED (grant, grant_asks);
ASKED (ask, grant_asks);

static const struct field refuse_asks[] = {
    OF_SUBJECT,
    {GROUP (request, as.statement.statement, &statement_fields)},
    BY_USER_OR_NONE,
    {FIXED_IF (request, as.statement.answers, as.statement.has_answers), .in_log = true},
};
ASKED (refuse, refuse_asks);

static const struct field revoke_asks[] = {
    {FIXED (request, as.revoke.consent_id), .in_log = true},
    {GROUP (request, as.revoke.withdrawal, &withdrawal_fields)},
    BY_USER_OR_NONE,
};
ASKED (revoke, revoke_asks);

static const struct field defer_asks[] = {
    {FIXED (request, as.defer.consent_id), .in_log = true},
    {TEXT (request, as.defer.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
};
ASKED (defer, defer_asks);

static const struct field waiting_list_asks[] = {
    OF_SUBJECT_OR_ALL,
    {BYTES (request, page.after.bytes), .also = "after", .most = WAITING_CURSOR_SIZE, .sort = SYNTAX_CURSOR,
     .in_log = true},
    {NUMBER_IN (request, page.limit, 1, CONSENTS_A_PAGE, CONSENTS_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (waiting_list, waiting_list_asks);

static const struct field consent_show_asks[] = {
    {FIXED_IF (request, as.consent_show.consent_id, as.consent_show.has_id), .in_log = true},
    {TEXT (request, as.consent_show.begins), .sort = SYNTAX_REFERENCE, .in_log = true},
};
ASKED (consent_show, consent_show_asks);

static const struct field consent_list_asks[] = {
    OF_SUBJECT,
    {BYTES (request, page.after.bytes), .also = "after", .most = sizeof (struct id), .in_log = true},
    {NUMBER_IN (request, page.limit, 1, CONSENTS_A_PAGE, CONSENTS_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (consent_list, consent_list_asks);

/* Told */

static const struct field shown_consent_field[] = {
    {GROUP_AT (shown_consent, statement, &statement_fields)},
    {CHOICE (shown_consent, state, STATE_GRANTED, STATE_DEFERRED)},
    {FIXED (shown_consent, subject_ref)},
    {TEXT (shown_consent, asked_by)},
    {MOMENT (shown_consent, asked_at)},
};
const struct fields shown_consent_fields = {FIELDS_OF (shown_consent, shown_consent_field),
                                            .full = offsetof (struct shown_consent, in_full)};

static const struct field consent_show_tells[] = {
    {GROUP (reply, as.consent_show, &shown_consent_fields), .also = "consent"},
};
TOLD (consent_show, reply, consent_show_tells);

static const struct field consent_list_tells[] = {
    {LIST (reply, as.consent_list.consents, as.consent_list.count, &shown_consent_fields)},
    {FLAG (reply, more)},
};
TOLD (consent_list, reply, consent_list_tells);

static const struct field consent_recorded_tells[] = {
    {FIXED (reply, as.consent_recorded.consent_id), .in_log = true},
    {FIXED_LIST (reply, as.consent_recorded.superseded, as.consent_recorded.superseded_count), .in_log = true},
    {FIXED (reply, as.consent_recorded.subject_ref), .in_log = true},
};
TOLD (consent_recorded, reply, consent_recorded_tells);

static const struct field still_covering_field[] = {
    {FIXED (still_covering, consent_id), .in_log = true},
    {TEXT (still_covering, case_ref), .in_log = true},
    {TEXTS (still_covering, origins), .in_log = true},
};
static const struct fields still_covering_fields = {FIELDS_OF (still_covering, still_covering_field)};
static const struct field revoked_field[] = {
    {FLAG (revoked, already), .in_log = true},
    {TEXTS (revoked, informed), .in_log = true},
    {FIXED_LIST (revoked, still_covered_by, still_covered_by_count), .in_log = true},
    {LIST (revoked, still_covering, still_covering_count, &still_covering_fields), .in_log = true},
};
TOLD (revoke, revoked, revoked_field);

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
static const struct field waiting_list_tells[] = {
    {LIST (reply, as.waiting_list.requests, as.waiting_list.count, &shown_waiting_fields)},
    {FLAG (reply, more)},
    {BYTES (reply, next.bytes), .also = "next"},
};
TOLD (waiting_list, reply, waiting_list_tells);
