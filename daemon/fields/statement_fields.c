/* The tables of a statement and its parts. Other parties hear less of it than the social team does: see V2. */
#include "kept.h"
#include "syntax.h"
#include "tables.h"

static const struct field scope[] = {
    /* As they came: whether they are a blanket consent is judged before anything else (G2). */
    {TEXTS (scope, providers), .sort = SYNTAX_RAW, .in_log = true},
    {TEXTS (scope, recipients), .sort = SYNTAX_RAW, .in_log = true},
    {TEXTS (scope, categories), .sort = SYNTAX_RAW, .in_log = true},
    {TEXTS (scope, origins), .sort = SYNTAX_RAW, .in_log = true},
    {TEXT (scope, purpose), .sort = SYNTAX_RAW, .in_log = true},
    {TEXT (scope, case_ref), .sort = SYNTAX_REFERENCE, .in_log = true},
};
const struct fields scope_fields = {FIELDS_OF (scope, scope)};

static const struct field signature[] = {
    {TEXT (signature, signer), .sort = SYNTAX_REFERENCE, .needed = true, .in_log = true},
    {MOMENT (signature, given_at), .in_log = true},
};
const struct fields signature_fields = {FIELDS_OF (signature, signature)};

/* Only told. */
static const struct field hearing[] = {
    {TEXT (hearing, party)},          {TEXT (hearing, consumer)}, {FLAG (hearing, heard)},
    {MOMENT (hearing, heard_at)},     {MOMENT (hearing, since)},  {FLAG (hearing, unknown)},
    {MOMENT (hearing, forgotten_at)}, {FLAG (hearing, listens)},  {FLAG (hearing, dropped)},
};
const struct fields hearing_fields = {FIELDS_OF (hearing, hearing)};

static const struct field withdrawal[] = {
    {TEXTS (withdrawal, providers), .sort = SYNTAX_PARTY, .in_log = true},
    {TEXTS (withdrawal, recipients), .sort = SYNTAX_PARTY, .in_log = true},
    {TEXTS (withdrawal, categories), .sort = SYNTAX_CODE, .in_log = true},
    /* Which parent it was, others may not hear, as they may not hear who signed. */
    {TEXT (withdrawal, withdrawn_by), .in_full = true, .sort = SYNTAX_REFERENCE, .in_log = true},
    {TEXT (withdrawal, nobody_reason), .in_full = true, .sort = SYNTAX_TEXT},
    {MOMENT (withdrawal, withdrawn_at), .in_log = true},
    {MOMENT (withdrawal, recorded_at)},
    {TEXT (withdrawal, recorded_by)},
    {TEXT (withdrawal, user), .in_full = true},
    {NUMBER (withdrawal, number), .in_full = true},
    {LIST (withdrawal, heard_by, heard_by_count, &hearing_fields), .in_full = true, .unstored = true},
    {NUMBER32 (withdrawal, unheard_left_out), .in_full = true, .unstored = true},
    {NUMBER32 (withdrawal, heard_left_out), .in_full = true, .unstored = true},
};
const struct fields withdrawal_fields = {FIELDS_OF (withdrawal, withdrawal)};

static const struct field evidence[] = {
    {TEXT (statement, evidence_reference), .also = "reference", .sort = SYNTAX_REFERENCE, .in_log = true},
    {FIXED_IF (statement, evidence_sha256, has_evidence), .also = "sha256", .sort = SYNTAX_HASH, .in_log = true},
};
static const struct fields evidence_fields = {FIELDS_OF (statement, evidence)};

static const struct field notice[] = {
    {TEXT (statement, notice.id), .sort = SYNTAX_REFERENCE, .in_log = true},
    {TEXT (statement, notice.version), .sort = SYNTAX_REFERENCE, .in_log = true},
    {TEXT (statement, notice.language), .sort = SYNTAX_REFERENCE, .in_log = true},
    {MOMENT (statement, notice.given_at), .in_log = true},
};
static const struct fields notice_fields = {FIELDS_OF (statement, notice)};

static const struct field statement[] = {
    {FIXED (statement, id), .also = "consent_id", .unstored = true}, /* it is the record's key */
    {NUMBER (statement, order)},
    {FLAG (statement, refusal)},
    {GROUP (statement, scope, &scope_fields), .required = true, .in_log = true},
    {TEXT (statement, motivation), .in_full = true, .sort = SYNTAX_MOTIVATION},
    {CHOICE (statement, form, FORM_NONE, FORM_ORAL), .in_log = true},
    {PART ("evidence", &evidence_fields), .in_full = true, .in_log = true},
    {PART ("notice", &notice_fields), .in_log = true},
    {LIST (statement, signatures, signature_count, &signature_fields), .in_full = true, .in_log = true},
    {MOMENT (statement, valid_from), .in_log = true},
    {MOMENT (statement, valid_until), .in_log = true},
    {FLAG (statement, one_time), .in_log = true},
    {FLAG (statement, under_secrecy), .in_log = true},
    {MOMENT (statement, recorded_at)},
    {NUMBER (statement, number), .in_full = true},
    {TEXT (statement, recorded_by)},
    {TEXT (statement, user), .in_full = true},
    {MOMENT (statement, used_at)},
    {NUMBER (statement, used_by), .in_full = true},
    {LIST (statement, withdrawals, withdrawal_count, &withdrawal_fields)},
    {FIXED_IF (statement, corrects, is_correction), .in_full = true, .in_log = true},
    {TEXT (statement, correction_reason), .in_full = true, .sort = SYNTAX_TEXT},
    {NUMBER (statement, stands_for), .in_full = true},
    {FIXED_IF (statement, corrected_by, is_corrected), .in_full = true},
    {MOMENT (statement, corrected_at), .in_full = true},
    {NUMBER (statement, corrected_in)},
};
const struct fields statement_fields = {FIELDS_OF (statement, statement)};
