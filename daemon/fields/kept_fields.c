/* The tables of what the registry keeps besides subjects and statements, and of parties. */
#include "kept.h"
#include "parties/party_text.h"
#include "tables.h"

static const struct field report[] = {
    {TEXT (duty_report, reason)},
    {TEXT (duty_report, file), .in_log = true},
    {TEXT (duty_report, manager), .also = "manager_consulted", .in_log = true},
};
static const struct fields report_fields = {FIELDS_OF (duty_report, report)};

static const struct field kept_duty[] = {
    /* its key: these two name it */
    {NUMBER (kept_duty, decision), .unstored = true, .in_log = true},
    {CHOICE (kept_duty, kind, 0, OBLIGATIONS - 1), .unstored = true, .in_log = true},
    {MOMENT (kept_duty, due), .in_log = true},
    {FLAG (kept_duty, deferrable), .in_log = true},
    {TEXT (kept_duty, holder), .in_log = true},
    {TEXT (kept_duty, recipient), .in_log = true},
    {TEXT (kept_duty, purpose), .in_log = true},
    {CHOICE (kept_duty, ground, DUTY_CONSENT, DUTY_URGENT_REASONS), .in_log = true},
    {TEXT (kept_duty, basis), .in_log = true},
    {MOMENT (kept_duty, made_at), .in_log = true},
    {MOMENT (kept_duty, done_at), .in_log = true},
    {TEXT (kept_duty, done_by), .in_log = true},
    {MOMENT (kept_duty, deferred_at), .in_log = true},
    {TEXT (kept_duty, deferred_by)},
    {TEXT (kept_duty, defer_reason)},
    {GROUP (kept_duty, report, &report_fields), .in_log = true},
};
const struct fields kept_duty_fields = {FIELDS_OF (kept_duty, kept_duty)};

static const struct field consent_request[] = {
    {TEXT (consent_request, bsn)},
    {GROUP (consent_request, asked, &statement_fields), .required = true},
    {MOMENT (consent_request, deferred_at)},
    {TEXT (consent_request, deferred_reason)},
    {TEXT (consent_request, deferred_by)},
    {TEXT (consent_request, deferred_user)},
    {CHOICE (consent_request, answer, ANSWER_NONE, ANSWER_REFUSED)},
    {MOMENT (consent_request, answered_at)},
    {TEXT (consent_request, answered_by)},
};
const struct fields consent_request_fields = {FIELDS_OF (consent_request, consent_request)};

static const struct field event[] = {
    {NUMBER (event, number), .unstored = true}, /* it is the record's key */
    {CHOICE (event, kind, 0, UINT32_MAX)},
    {MOMENT (event, time)},
    {FIXED (event, consent_id)},
    {FIXED (event, subject_ref)},
    {TEXTS (event, providers)},
    {TEXTS (event, recipients)},
    {TEXTS (event, categories)},
    {TEXT (event, purpose)},
    {FLAG (event, whole)},
    {NUMBER (event, revision)},
    {CHOICE (event, answer, ANSWER_NONE, UINT32_MAX)},
    {CHOICE (event, obligation, 0, UINT32_MAX)},
    {NUMBER (event, decision)},
    {TEXT (event, alarm)},
    {TEXT (event, party)},
};
const struct fields event_fields = {FIELDS_OF (event, event)};

static const struct field party_key[] = {
    {TEXT (party_key, name), .in_log = true},
    {TEXT (party_key, public_key), .in_log = true},
    {TEXT (party_key, since), .in_log = true},
    {TEXT (party_key, until), .in_log = true},
};
const struct fields party_key_fields = {FIELDS_OF (party_key, party_key)};

static const struct field limits[] = {
    {NUMBER32 (party_limits, requests_per_second), .in_log = true},
    {NUMBER32 (party_limits, requests_burst), .in_log = true},
    {NUMBER32 (party_limits, log_per_second), .in_log = true},
    {NUMBER32 (party_limits, log_burst), .in_log = true},
    {NUMBER32 (party_limits, connections), .in_log = true},
    {NUMBER32 (party_limits, subjects_per_hour), .in_log = true},
};
static const struct fields limits_fields = {FIELDS_OF (party_limits, limits)};

static const struct field party_text[] = {
    {TEXT (party_text, id), .unstored = true, .in_log = true},
    {TEXT (party_text, kind), .in_log = true},
    {TEXT (party_text, role), .in_log = true},
    {TEXT (party_text, secrecy), .in_log = true},
    {TEXT (party_text, agreement_from), .in_log = true},
    {TEXT (party_text, agreement_until), .in_log = true},
    {TEXT (party_text, agreement_reference), .in_log = true},
    {TEXT (party_text, contact)},
    {TEXT (party_text, agb), .in_log = true},
    {TEXT (party_text, gemeentecode), .in_log = true},
    {TEXT (party_text, oin), .in_log = true},
    {LIST (party_text, keys, key_count, &party_key_fields), .in_log = true},
    {NUMBERS (party_text, limits)},                                                 /* in a record, */
    {GROUP (party_text, limits, &limits_fields), .unstored = true, .in_log = true}, /* and in the protocol */
    {FLAG (party_text, active), .in_log = true},
};
const struct fields party_text_fields = {FIELDS_OF (party_text, party_text)};
_Static_assert(sizeof (struct party_limits) == PARTY_LIMITS * sizeof (uint32_t), "limits are read as an array");
