/* Requests about consents: granted, refused, withdrawn, asked for, shown. */
#include "codec_body.h"

#include <string.h>
#include "arena.h"

enum { CONSENTS_A_PAGE = 32, CONSENTS_A_PAGE_DEFAULT = 16 };

_Static_assert(FORM_NONE == (int)CONSENTD__FORM__FORM_UNSPECIFIED, "the form goes on as it came");
_Static_assert(FORM_WRITTEN == (int)CONSENTD__FORM__WRITTEN, "the form goes on as it came");
_Static_assert(FORM_DIGITAL == (int)CONSENTD__FORM__DIGITAL, "the form goes on as it came");
_Static_assert(FORM_ORAL == (int)CONSENTD__FORM__ORAL, "the form goes on as it came");

/* Parties and codes stay as they came: whether they are a blanket consent is judged before anything else (G2). */
static void read_scope (struct syntax *syntax, const Consentd__Scope *wire, struct scope *scope)
{
    Consentd__Scope empty;
    consentd__scope__init (&empty);
    if (!wire)
        wire = &empty;
    syntax_raw_set (syntax, "scope.providers[#]", wire->n_providers, wire->providers, &scope->providers);
    syntax_raw_set (syntax, "scope.recipients[#]", wire->n_recipients, wire->recipients, &scope->recipients);
    syntax_raw_set (syntax, "scope.categories[#]", wire->n_categories, wire->categories, &scope->categories);
    syntax_raw_set (syntax, "scope.origins[#]", wire->n_origins, wire->origins, &scope->origins);
    scope->purpose = syntax_raw (syntax, "scope.purpose", wire->purpose);
    scope->case_ref = syntax_optional (syntax, SYNTAX_REFERENCE, "scope.case_ref", wire->case_ref);
}

static void read_signatures (struct syntax *syntax, size_t count, Consentd__Signature **wire,
                             struct statement *statement)
{
    statement->signature_count = count;
    statement->signatures = arena_array (syntax->arena, count, sizeof *statement->signatures);
    for (size_t i = 0; i < count; i++) {
        syntax->index = i;
        statement->signatures[i] = (struct signature){
            .signer = syntax_required (syntax, SYNTAX_REFERENCE, "signatures[#].signer", wire[i]->signer),
            .given_at = syntax_time (syntax, "signatures[#].given_at", wire[i]->given_at),
        };
    }
}

static void read_evidence (struct syntax *syntax, const Consentd__Evidence *wire, struct statement *statement)
{
    if (!wire)
        return;
    statement->evidence_reference =
        syntax_optional (syntax, SYNTAX_REFERENCE, "evidence.reference", wire->reference);
    statement->has_evidence = wire->reference[0] != '\0';
    if (statement->has_evidence ? wire->sha256.len == sizeof statement->evidence_sha256 : wire->sha256.len == 0)
        memcpy (statement->evidence_sha256, wire->sha256.data ? wire->sha256.data : (const uint8_t *)"",
                wire->sha256.len);
    else if (statement->has_evidence)
        syntax_fault (syntax, "evidence.sha256", "The SHA-256 of the evidence is required: 32 bytes.");
    else
        syntax_fault (syntax, "evidence.reference", "Evidence has a reference.");
}

static void read_notice (struct syntax *syntax, const Consentd__Notice *wire, struct statement *statement)
{
    if (!wire)
        return;
    statement->notice.id = syntax_optional (syntax, SYNTAX_REFERENCE, "notice.id", wire->id);
    statement->notice.version = syntax_optional (syntax, SYNTAX_REFERENCE, "notice.version", wire->version);
    statement->notice.language = syntax_optional (syntax, SYNTAX_CODE, "notice.language", wire->language);
    statement->notice.given_at = syntax_time (syntax, "notice.given_at", wire->given_at);
}

static void read_answers (struct syntax *syntax, const ProtobufCBinaryData *wire,
                          struct statement_request *request)
{
    request->has_answers = wire->len > 0;
    if (wire->len > 0)
        syntax_id (syntax, "answers", wire->len, wire->data, request->answers);
}

static const struct statement no_statement = {
    .scope = {.purpose = "", .case_ref = ""},
    .motivation = "",
    .evidence_reference = "",
    .notice = {.id = "", .version = "", .language = ""},
    .recorded_by = "",
    .user = "",
};

void codec_read_grant (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__GrantRequest *wire = envelope->grant;
    struct statement *statement = &request->as.statement.statement;
    *statement = no_statement;
    request->bsn = syntax_bsn (syntax, "bsn", wire->bsn);
    read_scope (syntax, wire->scope, &statement->scope);
    statement->motivation = syntax_optional (syntax, SYNTAX_MOTIVATION, "motivation", wire->motivation);
    statement->form = (enum form)wire->form;
    read_evidence (syntax, wire->evidence, statement);
    read_notice (syntax, wire->notice, statement);
    read_signatures (syntax, wire->n_signatures, wire->signatures, statement);
    statement->valid_from = syntax_time (syntax, "valid_from", wire->valid_from);
    statement->valid_until = syntax_time (syntax, "valid_until", wire->valid_until);
    statement->one_time = wire->one_time;
    statement->under_secrecy = wire->under_secrecy;
    request->user = syntax_required (syntax, SYNTAX_REFERENCE, "user", wire->user);
    read_answers (syntax, &wire->answers, &request->as.statement);
}

void codec_read_refuse (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__RefuseRequest *wire = envelope->refuse;
    struct statement *statement = &request->as.statement.statement;
    *statement = no_statement;
    statement->refusal = true;
    statement->valid_until = MOMENT_NEVER;
    request->bsn = syntax_bsn (syntax, "bsn", wire->bsn);
    read_scope (syntax, wire->scope, &statement->scope);
    statement->motivation = syntax_optional (syntax, SYNTAX_MOTIVATION, "motivation", wire->motivation);
    read_signatures (syntax, wire->n_signatures, wire->signatures, statement);
    request->user = syntax_optional (syntax, SYNTAX_REFERENCE, "user", wire->user);
    read_answers (syntax, &wire->answers, &request->as.statement);
}

void codec_read_ask (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__AskRequest *wire = envelope->ask;
    struct statement *statement = &request->as.statement.statement;
    *statement = no_statement;
    request->bsn = syntax_bsn (syntax, "bsn", wire->bsn);
    read_scope (syntax, wire->scope, &statement->scope);
    statement->motivation = syntax_optional (syntax, SYNTAX_MOTIVATION, "motivation", wire->motivation);
    statement->valid_from = syntax_time (syntax, "valid_from", wire->valid_from);
    statement->valid_until = syntax_time (syntax, "valid_until", wire->valid_until);
    statement->one_time = wire->one_time;
    statement->under_secrecy = wire->under_secrecy;
    request->user = syntax_required (syntax, SYNTAX_REFERENCE, "user", wire->user);
}

void codec_read_defer (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__DeferRequest *wire = envelope->defer;
    syntax_id (syntax, "consent_id", wire->consent_id.len, wire->consent_id.data, request->as.defer.consent_id);
    request->as.defer.reason = syntax_required (syntax, SYNTAX_TEXT, "reason", wire->reason);
    request->user = syntax_required (syntax, SYNTAX_REFERENCE, "user", wire->user);
}

void codec_read_waiting_list (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__WaitingListRequest *wire = envelope->waiting_list;
    if (wire->bsn[0] != '\0')
        request->bsn = syntax_bsn (syntax, "bsn", wire->bsn);
    request->as.waiting_list.has_after = wire->after.len > 0;
    if (wire->after.len == sizeof request->as.waiting_list.after)
        memcpy (request->as.waiting_list.after, wire->after.data, wire->after.len);
    else if (wire->after.len > 0)
        syntax_fault (syntax, "after", "This is `next` of the page before: 24 bytes.");
    uint32_t limit = wire->limit > 0 ? wire->limit : CONSENTS_A_PAGE_DEFAULT;
    request->as.waiting_list.limit = syntax_number (syntax, "limit", limit, 1, CONSENTS_A_PAGE);
}

void codec_read_revoke (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__RevokeRequest *wire = envelope->revoke;
    struct withdrawal *withdrawal = &request->as.revoke.withdrawal;
    syntax_id (syntax, "consent_id", wire->consent_id.len, wire->consent_id.data, request->as.revoke.consent_id);
    syntax_set (syntax, SYNTAX_PARTY, "providers[#]", wire->n_providers, wire->providers, &withdrawal->providers);
    syntax_set (syntax, SYNTAX_PARTY, "recipients[#]", wire->n_recipients, wire->recipients,
                &withdrawal->recipients);
    syntax_set (syntax, SYNTAX_CODE, "categories[#]", wire->n_categories, wire->categories,
                &withdrawal->categories);
    withdrawal->withdrawn_by = syntax_optional (syntax, SYNTAX_REFERENCE, "withdrawn_by", wire->withdrawn_by);
    withdrawal->nobody_reason = syntax_optional (syntax, SYNTAX_TEXT, "nobody_reason", wire->nobody_reason);
    if (wire->withdrawn_by[0] == '\0' && wire->nobody_reason[0] == '\0')
        syntax_fault (syntax, "withdrawn_by", "This is required, unless nobody can exercise the rights.");
    if (wire->withdrawn_by[0] != '\0' && wire->nobody_reason[0] != '\0')
        syntax_fault (syntax, "nobody_reason", "This is given only where nobody withdrew.");
    withdrawal->withdrawn_at = syntax_time (syntax, "withdrawn_at", wire->withdrawn_at);
    withdrawal->recorded_by = "";
    request->user = syntax_optional (syntax, SYNTAX_REFERENCE, "user", wire->user);
}

void codec_read_consent_show (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__ConsentShowRequest *wire = envelope->consent_show;
    syntax_id (syntax, "consent_id", wire->consent_id.len, wire->consent_id.data,
               request->as.consent_show.consent_id);
}

void codec_read_consent_list (struct syntax *syntax, const Consentd__Request *envelope, struct request *request)
{
    const Consentd__ConsentListRequest *wire = envelope->consent_list;
    request->bsn = syntax_bsn (syntax, "bsn", wire->bsn);
    request->as.consent_list.has_after = wire->after.len > 0;
    if (wire->after.len > 0)
        syntax_id (syntax, "after", wire->after.len, wire->after.data, request->as.consent_list.after);
    uint32_t limit = wire->limit > 0 ? wire->limit : CONSENTS_A_PAGE_DEFAULT;
    request->as.consent_list.limit = syntax_number (syntax, "limit", limit, 1, CONSENTS_A_PAGE);
}
