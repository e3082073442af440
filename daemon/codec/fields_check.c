/* Checks, batches of checks, and past decisions. */
#include "body_fields.h"
#include "envelope.pb-c.h"
#include "reply.h"
#include "request.h"

enum { POLICY_HASH_SIZE = 32, CONSENT_ID_SIZE = 16 };

/* Asked */

static const struct field asked_item[] = {
    {TEXT (asked_item, category), .sort = SYNTAX_CODE, .needed = true, .in_log = true},
    {TEXT (asked_item, origin), .sort = SYNTAX_CODE, .in_log = true},
};
static const struct fields asked_item_fields = {FIELDS_OF (asked_item, asked_item)};

static const struct field written_evidence[] = {
    {TEXT (written_evidence, reference), .sort = SYNTAX_REFERENCE, .needed = true, .in_log = true},
    {FIXED_IF (written_evidence, sha256, has_sha256), .sort = SYNTAX_HASH, .in_log = true},
};
static const struct fields written_evidence_fields = {FIELDS_OF (written_evidence, written_evidence)};

static const struct field written_request[] = {
    {TEXTS (request, as.check.claim.by), .sort = SYNTAX_REFERENCE, .as_given = true, .in_log = true},
    {MOMENT (request, as.check.claim.given_at), .in_log = true},
    {GROUP_IF (request, as.check.evidence, as.check.has_evidence, &written_evidence_fields), .in_log = true},
};
static const struct fields written_request_fields = {FIELDS_OF (request, written_request)};

#define TRIAGE_TEXT(member)                              \
    {                                                    \
        TEXT (triage, member), .sort = SYNTAX_MOTIVATION \
    }
static const struct field triage[] = {
    TRIAGE_TEXT (necessity),
    TRIAGE_TEXT (subsidiarity),
    TRIAGE_TEXT (proportionality),
    TRIAGE_TEXT (purpose_limitation),
    TRIAGE_TEXT (objections),
    {TEXT (triage, manager_consulted), .sort = SYNTAX_REFERENCE, .in_log = true},
    {FLAG (triage, serious_situation), .in_log = true},
    {FLAG (triage, urgent_support), .in_log = true},
    {CHOICE (triage, inform, INFORM_UNSAID, INFORM_AFTER), .in_log = true},
    {MOMENT (triage, inform_by), .in_log = true},
    TRIAGE_TEXT (inform_why),
    TRIAGE_TEXT (consent_sought),
    TRIAGE_TEXT (no_other_way),
    TRIAGE_TEXT (serious_harm),
    TRIAGE_TEXT (conflict_of_duties),
};
static const struct fields triage_fields = {FIELDS_OF (triage, triage)};

/* No field of the triage decision is needed here: the rules name all missing ones at once (TRIAGE_INCOMPLETE). */
static const struct field urgent_reasons[] = {
    {TEXT (request, as.check.urgent_reason), .also = "reason", .sort = SYNTAX_CODE, .needed = true,
     .in_log = true},
    {GROUP (request, as.check.claim.triage, &triage_fields), .in_log = true},
};
static const struct fields urgent_reasons_fields = {FIELDS_OF (request, urgent_reasons)};

static const struct field check_asks[] = {
    OF_SUBJECT,
    {TEXT (request, as.check.provider), .sort = SYNTAX_PARTY, .needed = true, .in_log = true},
    {TEXT (request, as.check.recipient), .sort = SYNTAX_PARTY, .needed = true, .in_log = true},
    {TEXT (request, as.check.purpose), .sort = SYNTAX_CODE, .needed = true, .in_log = true},
    {LIST (request, as.check.items, as.check.item_count, &asked_item_fields), .in_log = true},
    BY_USER,
    {TEXT (request, as.check.case_ref), .sort = SYNTAX_REFERENCE, .in_log = true},
    {CHOICE (request, as.check.mode, 0, MODE_DISCLOSE), .in_log = true},
    {FLAG (request, as.check.all_or_nothing), .in_log = true},
    {PART_IF ("written_request", request, as.check.in_writing, &written_request_fields), .in_log = true},
    {PART_IF ("urgent_reasons", request, as.check.is_urgent, &urgent_reasons_fields), .in_log = true},
    {FLAG (request, as.check.under_secrecy), .in_log = true},
    {TEXT (request, as.check.manager_consulted), .sort = SYNTAX_REFERENCE, .in_log = true},
    {TEXT (request, as.check.no_manager), .sort = SYNTAX_TEXT},
};
ASKED (check, check_asks);

/* Each check of a batch is read by itself (codec_batch.h). */
static const struct field batch_asks[] = {
    {PASSED_OVER ("checks")},
    {FLAG (request, as.batch.all_or_nothing)},
};
ASKED (batch, batch_asks);

static const struct field recorded_asks[] = {
    {FIXED_IF (request, as.recorded.key, as.recorded.has_key), .in_log = true},
};
ASKED (recorded, recorded_asks);

static const struct field policy_pack_asks[] = {
    {BYTES (request, as.policy_pack.policy_hash), .most = POLICY_HASH_SIZE, .in_log = true},
    {NUMBER32 (request, as.policy_pack.part), .in_log = true},
};
ASKED (policy_pack, policy_pack_asks);

static const struct field decision_show_asks[] = {
    {NUMBER (request, as.decision_show.number), .in_log = true},
    {FLAG (request, page.after.statements), .in_log = true},
    {NUMBER (request, page.after.order), .also = "after", .in_log = true},
    {FLAG (request, as.decision_show.run), .in_log = true},
    {MOMENT (request, as.decision_show.since), .in_log = true},
    {NUMBER (request, page.after.line), .also = "behind", .in_log = true},
};
ASKED (decision_show, decision_show_asks);

/* Told */

static const struct field told_reason_field[] = {
    {CHOICE (told_reason, code, 0, UINT32_MAX), .in_log = true},
    {TEXT (told_reason, rule), .in_log = true},
    {TEXTS (told_reason, details), .in_log = true},
};
static const struct fields told_reason_fields = {FIELDS_OF (told_reason, told_reason_field)};

static const struct field told_item_field[] = {
    {TEXT (told_item, category), .in_log = true},
    {TEXT (told_item, origin), .in_log = true},
    {CHOICE (told_item, verdict, VERDICT_PERMIT, VERDICT_DENY), .in_log = true},
    {CHOICE (told_item, ground, 0, DUTY_URGENT_REASONS), .in_log = true},
    {FIXED_AT (told_item, consent_id, CONSENT_ID_SIZE), .in_log = true},
    {TEXT (told_item, statute), .in_log = true},
    {LIST (told_item, reasons, reason_count, &told_reason_fields), .in_log = true},
    {TEXT (told_item, urgent_reason), .in_log = true},
    {FLAG (told_item, against_will), .in_log = true},
};
static const struct fields told_item_fields = {FIELDS_OF (told_item, told_item_field)};

/* The answer says itself whom it is about. */
static const struct field told_duty_field[] = {
    {PART ("duty", &kept_duty_fields)},
    {PASSED_OVER ("subject_ref"), .in_log = true},
};
static const struct fields told_duty_fields = {FIELDS_OF (kept_duty, told_duty_field)};

static const struct field told_check_field[] = {
    {CHOICE (told_check, verdict, VERDICT_PERMIT, VERDICT_DENY), .in_log = true},
    {LIST (told_check, items, item_count, &told_item_fields), .in_log = true},
    {NUMBERS_LIST (told_check, permitted, permitted_count), .in_log = true},
    {NUMBERS_LIST (told_check, denied, denied_count), .in_log = true},
    {NUMBERS_LIST (told_check, obligations, obligation_count), .in_log = true},
    {MOMENT (told_check, evaluated_at), .in_log = true},
    {MOMENT (told_check, until), .in_log = true},
    {NUMBER (told_check, decision), .in_log = true},
    {FIXED (told_check, subject_ref), .in_log = true},
    {TEXT (told_check, policy), .in_log = true},
    {LIST (told_check, duties, duty_count, &told_duty_fields), .in_log = true},
    {TEXTS (told_check, asked), .in_log = true},
};
TOLD (check, told_check, told_check_field);

static const struct field batch_answer_field[] = {
    {CHOICE (batch_answer, status, 0, UINT32_MAX)},
    {TEXT (batch_answer, field)},
    {TEXT (batch_answer, message)},
    {MOMENT (batch_answer, time)},
    {NUMBER (batch_answer, revision)},
    {FLAG (batch_answer, replayed)},
    {FLAG (batch_answer, revoked_since)},
    {PACKED (batch_answer, check)},
};
static const struct fields batch_answer_fields = {FIELDS_OF (batch_answer, batch_answer_field)};
struct message batch_answer_in_reply = {&batch_answer_fields, &consentd__reply__descriptor, .is_part = true};
struct message batch_answer_message = {&batch_answer_fields, &consentd__batch_answer__descriptor};

static const struct field batch_tells[] = {
    {PACKED_LIST (reply, as.batch.answers, as.batch.count)},
};
TOLD (batch, reply, batch_tells);

static const struct field recorded_tells[] = {
    {PACKED_LIST (reply, as.recorded.answers, as.recorded.count)},
    {FIXED (reply, as.recorded.epoch)},
};
TOLD (recorded, reply, recorded_tells);

static const struct field policy_pack_tells[] = {
    {BYTES (reply, as.policy_pack.part)},
    {FLAG (reply, as.policy_pack.more)},
};
TOLD (policy_pack, reply, policy_pack_tells);

static const struct field all_reasons[] = {{CODES ("codes")}};
const struct fields all_reasons_fields = {FIELDS_OF (rule_codes, all_reasons)};

/* Of a subject that is not known it is told that it is not. */
static const struct field decision_show_tells[] = {
    {NUMBER (reply, as.decision_show.number)},
    {MOMENT (reply, as.decision_show.time)},
    {TEXT (reply, as.decision_show.asked_by)},
    {GROUP_AT (reply, as.decision_show.asked, &check_asked), .also = "check"},
    {PACKED (reply, as.decision_show.answer), .also = "reply"},
    {FIXED_AT (reply, as.decision_show.policy_hash, POLICY_HASH_SIZE)},
    {LIST (reply, as.decision_show.all_reasons, as.decision_show.reason_count, &all_reasons_fields)},
    {GROUP_AT (reply, as.decision_show.provider, &party_text_fields)},
    {GROUP_AT (reply, as.decision_show.recipient, &party_text_fields)},
    {GROUP_IF (reply, as.decision_show.subject, as.decision_show.has_subject, &subject_show_told),
     .required = true},
    {LIST (reply, as.decision_show.statements, as.decision_show.statement_count, &shown_consent_fields)},
    {FLAG (reply, as.decision_show.more)},
    {NUMBER (reply, as.decision_show.behind)},
    {FLAG (reply, as.decision_show.goes_on)},
    {NUMBER (reply, as.decision_show.newest)},
    {NUMBER (reply, as.decision_show.unreadable)},
};
TOLD (decision_show, reply, decision_show_tells);
