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
    {CHOICE (kept_duty, ground, 0, DUTY_URGENT_REASONS), .in_log = true},
    {TEXT (kept_duty, basis), .in_log = true},
    {MOMENT (kept_duty, made_at), .in_log = true},
    {MOMENT (kept_duty, done_at), .in_log = true},
    {TEXT (kept_duty, done_by), .in_log = true},
    {MOMENT (kept_duty, deferred_at), .in_log = true},
    {TEXT (kept_duty, deferred_by)},
    {TEXT (kept_duty, defer_reason)},
    {GROUP (kept_duty, report, &report_fields), .in_log = true},
    {TEXT (kept_duty, letter), .in_log = true},
    {TEXTS (kept_duty, categories), .in_log = true},
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

static const struct field view[] = {
    {MOMENT (rights_view, asked_at), .in_log = true},
    {MOMENT (rights_view, until), .in_log = true},
    {TEXT (rights_view, note)},
    {TEXT (rights_view, user), .in_log = true},
    {CHOICE (rights_view, came, VIEW_AWAITED, VIEW_NOT_GIVEN), .in_log = true},
    {MOMENT (rights_view, came_at), .in_log = true},
    {TEXT (rights_view, came_note)},
    {TEXT (rights_view, came_user), .in_log = true},
};
static const struct fields view_fields = {FIELDS_OF (rights_view, view)};

static const struct field followed[] = {
    {NUMBER (rights_followed, line), .also = "number", .in_log = true},
    {TEXT (rights_followed, action), .in_log = true},
    {MOMENT (rights_followed, at), .also = "time", .in_log = true},
};
static const struct fields followed_fields = {FIELDS_OF (rights_followed, followed)};

static const struct field rights_request[] = {
    {NUMBER (rights_request, number), .unstored = true, .in_log = true}, /* it is in the record's key */
    {TEXT (rights_request, about)},
    {CHOICE (rights_request, kind, RIGHTS_ACCESS, RIGHTS_OPPOSITION), .in_log = true},
    {TEXT (rights_request, by), .in_log = true},
    {TEXT (rights_request, wish), .in_full = true},
    {CHOICE (rights_request, identity, IDENTITY_DOCUMENT, IDENTITY_OTHER), .in_log = true},
    {TEXT (rights_request, evidence), .in_full = true, .in_log = true},
    {CHOICE (rights_request, way, WAY_COUNTER, WAY_OTHER), .in_log = true},
    {DAY (rights_request, received), .in_log = true},
    {NUMBER (rights_request, against), .in_log = true},
    {FLAG (rights_request, late), .in_log = true},
    {MOMENT (rights_request, opened_at), .in_log = true},
    {TEXT (rights_request, opened_by), .in_log = true},
    {TEXT (rights_request, user), .in_log = true},
    {MOMENT (rights_request, due), .in_log = true},
    {MOMENT (rights_request, due_before), .in_log = true},
    {MOMENT (rights_request, extended_at), .in_log = true},
    {TEXT (rights_request, extension_reason), .in_full = true},
    {TEXT (rights_request, extended_user), .in_log = true},
    {LIST (rights_request, views, view_count, &view_fields), .in_full = true, .in_log = true},
    {CHOICE (rights_request, outcome, 0, RIGHTS_WITHDRAWN), .in_log = true},
    {MOMENT (rights_request, decided_at), .in_log = true},
    {DAY (rights_request, announced), .in_log = true},
    {TEXT (rights_request, reason), .in_full = true},
    {TEXT (rights_request, article), .in_full = true},
    {TEXT (rights_request, decided_by), .in_log = true},
    {TEXT (rights_request, decided_user), .in_log = true},
    {MOMENT (rights_request, objection_until), .in_log = true},
    {CHOICE (rights_request, stake, 0, RIGHTS_OPPOSITION), .in_log = true},
    {MOMENT (rights_request, erased_at), .in_log = true},
    {LIST (rights_request, followed, followed_count, &followed_fields), .in_full = true, .in_log = true},
};
const struct fields rights_request_fields = {FIELDS_OF (rights_request, rights_request)};

static const struct field permitted_category[] = {
    {TEXT (permitted_category, category)}, {CHOICE (permitted_category, ground, DUTY_CONSENT, DUTY_STATUTE)},
    {TEXT (permitted_category, statute)},  {FIXED_AT (permitted_category, consent_id, 16)},
    {MOMENT (permitted_category, from)},   {MOMENT (permitted_category, until)},
};
static const struct fields permitted_category_fields = {FIELDS_OF (permitted_category, permitted_category)};

static const struct field permitted[] = {
    {TEXT (permitted, provider)}, {TEXT (permitted, recipient)},
    {TEXT (permitted, purpose)},  {LIST (permitted, categories, category_count, &permitted_category_fields)},
    {TEXT (permitted, case_ref)},
};
const struct fields permitted_fields = {FIELDS_OF (permitted, permitted)};

static const struct field effect[] = {
    {TEXT (effect, provider)},  {TEXT (effect, recipient)}, {TEXT (effect, purpose)}, {TEXT (effect, category)},
    {FLAG (effect, permitted)}, {TEXT (effect, case_ref)},  {MOMENT (effect, until)}, {MOMENT (effect, from)},
};
const struct fields effect_fields = {FIELDS_OF (effect, effect)};

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
    {NUMBER (event, request)},
    {CHOICE (event, rights, 0, UINT32_MAX)},
    {MOMENT (event, due)},
    {NUMBER (event, first_dropped), .unstored = true}, /* it is made when it is sent */
    {TEXT (event, consumer)},
    {LIST (event, effects, effect_count, &effect_fields), .unstored = true},
    {FLAG (event, effects_left_out), .unstored = true},
    {NUMBER (event, basis), .unstored = true},
    {FLAG (event, stopped), .unstored = true},
    {TEXT (event, server_key_next), .unstored = true},
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
