/* Checks, batches of checks, and past decisions. Their answers need more than a table. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

static const struct field asked_item[] = {
    {TEXT (asked_item, category), .sort = SYNTAX_CODE, .needed = true},
    {TEXT (asked_item, origin), .sort = SYNTAX_CODE},
};
static const struct fields asked_item_fields = {FIELDS_OF (asked_item, asked_item)};

static const struct field written_evidence[] = {
    {TEXT (written_evidence, reference), .sort = SYNTAX_REFERENCE, .needed = true},
    {FIXED_IF (written_evidence, sha256, has_sha256), .sort = SYNTAX_HASH},
};
static const struct fields written_evidence_fields = {FIELDS_OF (written_evidence, written_evidence)};

static const struct field written_request[] = {
    {TEXTS (request, as.check.claim.by), .sort = SYNTAX_REFERENCE, .as_given = true},
    {MOMENT (request, as.check.claim.given_at)},
    {GROUP_IF (request, as.check.evidence, as.check.has_evidence, &written_evidence_fields)},
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
    {TEXT (triage, manager_consulted), .sort = SYNTAX_REFERENCE},
    {FLAG (triage, serious_situation)},
    {FLAG (triage, urgent_support)},
    {CHOICE (triage, inform, INFORM_UNSAID, INFORM_AFTER)},
    {MOMENT (triage, inform_by)},
    TRIAGE_TEXT (inform_why),
    TRIAGE_TEXT (consent_sought),
    TRIAGE_TEXT (no_other_way),
    TRIAGE_TEXT (serious_harm),
    TRIAGE_TEXT (conflict_of_duties),
};
static const struct fields triage_fields = {FIELDS_OF (triage, triage)};

/* No field of the triage decision is needed here: the rules name all missing ones at once (TRIAGE_INCOMPLETE). */
static const struct field urgent_reasons[] = {
    {TEXT (request, as.check.urgent_reason), .also = "reason", .sort = SYNTAX_CODE, .needed = true},
    {GROUP (request, as.check.claim.triage, &triage_fields)},
};
static const struct fields urgent_reasons_fields = {FIELDS_OF (request, urgent_reasons)};

static const struct field check_asks[] = {
    OF_SUBJECT,
    {TEXT (request, as.check.provider), .sort = SYNTAX_PARTY, .needed = true},
    {TEXT (request, as.check.recipient), .sort = SYNTAX_PARTY, .needed = true},
    {TEXT (request, as.check.purpose), .sort = SYNTAX_CODE, .needed = true},
    {LIST (request, as.check.items, as.check.item_count, &asked_item_fields)},
    BY_USER,
    {TEXT (request, as.check.case_ref), .sort = SYNTAX_REFERENCE},
    {CHOICE (request, as.check.mode, 0, MODE_DISCLOSE)},
    {FLAG (request, as.check.all_or_nothing)},
    {PART_IF ("written_request", request, as.check.in_writing, &written_request_fields)},
    {PART_IF ("urgent_reasons", request, as.check.is_urgent, &urgent_reasons_fields)},
    {FLAG (request, as.check.under_secrecy)},
    {TEXT (request, as.check.manager_consulted), .sort = SYNTAX_REFERENCE},
    {TEXT (request, as.check.no_manager), .sort = SYNTAX_TEXT},
};
ASKED (check, check_asks);

/* Each check of a batch is read by itself (codec_batch.h). */
static const struct field batch_asks[] = {
    {PASSED_OVER ("checks")},
};
ASKED (batch, batch_asks);

static const struct field decision_show_asks[] = {
    {NUMBER (request, as.decision_show.number)},
    {FLAG (request, page.after.statements)},
    {NUMBER (request, page.after.order), .also = "after"},
};
ASKED (decision_show, decision_show_asks);
