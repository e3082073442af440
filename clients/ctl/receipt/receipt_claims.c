#include "receipt_claims.h"
#include <inttypes.h>
#include <string.h>
#include "arena.h"
#include "call.h"
#include "codec/document.h"
#include "receipt_code.h"

#define SCHEMA "https://w3id.org/dpv/schema/dpv-27560"

const struct receipt_seen *receipt_newest (const struct receipt_lines *self)
{
    return &self->line[self->count - 1];
}

bool receipt_is_of_first (const struct receipt_lines *self, const struct receipt_seen *line)
{
    return self->line[0].is_open && line->is_open;
}

const char *receipt_lines_fault (const struct receipt_lines *self)
{
    const struct receipt_seen *first = &self->line[0];
    if (first->kind == RECEIPT_WITHDRAWAL || (first->kind == RECEIPT_DECISION && self->count > 1))
        return "de regels horen niet bij elkaar";
    for (size_t i = 1; i < self->count; i++) {
        const struct receipt_seen *one = &self->line[i];
        bool is_of_another = receipt_is_of_first (self, one) &&
                             memcmp (one->request->revoke->consent_id.data,
                                     first->reply->consent_recorded->consent_id.data, 16) != 0;
        if (one->kind != RECEIPT_WITHDRAWAL || is_of_another || one->head.number <= self->line[i - 1].head.number ||
            memcmp (one->head.object, first->head.object, sizeof first->head.object) != 0)
            return "de regels horen niet bij elkaar";
    }
    return NULL;
}

/* --- Parts -------------------------------------------------------------------------------------------- */

json_t *claim_coded (const char *type, const char *name)
{
    return json_pack ("{s:s, s:o}", "@type", type, "dct:identifier", document_string (name));
}

json_t *claim_coded_list (const char *type, char *const *codes, size_t count)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < count; i++)
        json_array_append_new (list, claim_coded (type, codes[i]));
    return list;
}

/* No line says how long who keeps it: that is in the law, and in the rules of the municipality. */
json_t *claim_storage (void)
{
    return json_pack ("{s:s, s:{s:s, s:s}}", "@type", "dpv:StorageCondition", "dct:description", "@language", "nl",
                      "@value", "Hoe lang iets wordt bewaard, staat in de wet en in de regels van de gemeente.");
}

static const char *hex (struct arena *arena, const void *data, size_t size)
{
    char *text = arena_alloc (arena, 2 * size + 1);
    consent_hex (data, size, text);
    return text;
}

static const char *name_of_line (const struct receipt_lines *self, const struct receipt_seen *line)
{
    return arena_printf (self->arena, "%s#%" PRIu64, self->origin, line->head.number);
}

json_t *claim_record (const struct receipt_lines *self, const char *type)
{
    const struct receipt_seen *first = &self->line[0];
    const char *subject = hex (self->arena, first->head.object, sizeof first->head.object);
    const char *controller = arena_printf (self->arena, "https://%s", self->origin);
    return json_pack ("{s:s, s:o, s:o, s:o, s:{s:s, s:o}, s:s}", "@type", type, "dct:identifier",
                      document_string (name_of_line (self, first)), "dct:created",
                      document_time (first->head.time), "dpv:hasDataSubject",
                      claim_coded ("dpv:DataSubject", subject), "dpv:hasDataController", "@type",
                      "dpv:DataController", "@id", document_string (controller), "dpv:hasJurisdiction", "loc:NL");
}

/* --- A statement, and its withdrawals ----------------------------------------------------------------- */

static json_t *somebody (const char *who)
{
    return claim_coded (strcmp (who, "subject") == 0 ? "dpv:DataSubject" : "consentd:Representative", who);
}

static json_t *party (const char *id)
{
    return claim_coded ("dpv:Organisation", id);
}

static json_t *signers (const struct receipt_seen *line)
{
    struct receipt_statement statement = receipt_statement_of (line);
    json_t *list = json_array ();
    for (size_t i = 0; i < statement.signature_count; i++)
        json_array_append_new (list, somebody (statement.signatures[i]->signer));
    if (statement.signature_count == 0)
        json_array_append_new (list, party (line->head.party));
    return list;
}

/* What became of the consent by this line. Of a closed withdrawal it cannot be told by whom, so neither which it
 * is. */
static json_t *state_of (const struct receipt_lines *self, const struct receipt_seen *line, const char *type)
{
    return json_pack ("{s:s, s:s, s:o, s:o, s:o}", "@type", type, "consentd:action", line->head.action,
                      "consentd:line", document_string (name_of_line (self, line)), "consentd:recordedBy",
                      party (line->head.party), "consentd:recordedAt", document_time (line->head.time));
}

static json_t *state_of_statement (const struct receipt_lines *self)
{
    const struct receipt_seen *line = &self->line[0];
    json_t *state = state_of (self, line, line->kind == RECEIPT_GRANT ? "dpv:ConsentGiven" : "dpv:ConsentRefused");
    moment when = line->is_open ? receipt_said_at (line) : line->head.time;
    json_object_set_new (state, "dpv:isIndicatedAtTime", document_time (when));
    json_object_set_new (state, "dpv:isIndicatedBy",
                         line->is_open ? signers (line) : json_pack ("[o]", party (line->head.party)));
    return state;
}

/* The part that was withdrawn; what is not named is all that the consent has. */
static void add_part (json_t *state, const Consentd__RevokeRequest *revoke)
{
    if (!receipt_is_part (revoke))
        return;
    json_object_set_new (
        state, "consentd:part",
        json_pack ("{s:o, s:o, s:o}", "dpv:hasDataSource",
                   claim_coded_list ("dpv:DataSource", revoke->providers, revoke->n_providers), "dpv:hasRecipient",
                   claim_coded_list ("dpv:Recipient", revoke->recipients, revoke->n_recipients),
                   "dpv:hasPersonalData",
                   claim_coded_list ("dpv:PersonalData", revoke->categories, revoke->n_categories)));
}

static json_t *state_by_line (const struct receipt_lines *self, const struct receipt_seen *line)
{
    const Consentd__RevokeRequest *revoke = line->is_open ? line->request->revoke : NULL;
    if (revoke == NULL) {
        json_t *state = state_of (self, line, "dpv:ConsentUnknown");
        json_object_set_new (state, "dpv:isIndicatedAtTime", document_time (line->head.time));
        json_object_set_new (state, "dpv:isIndicatedBy", json_pack ("[o]", party (line->head.party)));
        return state;
    }
    const char *who = revoke->withdrawn_by;
    json_t *state =
        state_of (self, line, strcmp (who, "subject") == 0 ? "dpv:ConsentWithdrawn" : "dpv:ConsentRevoked");
    moment when = revoke->withdrawn_at != 0 ? revoke->withdrawn_at : line->head.time;
    json_object_set_new (state, "dpv:isIndicatedAtTime", document_time (when));
    json_object_set_new (state, "dpv:isIndicatedBy",
                         json_pack ("[o]", *who != '\0' ? somebody (who) : party (line->head.party)));
    add_part (state, revoke);
    json_object_set_new (state, "consentd:already", json_boolean (line->reply->revoke->already));
    json_object_set_new (
        state, "consentd:informed",
        claim_coded_list ("dpv:Organisation", line->reply->revoke->informed, line->reply->revoke->n_informed));
    return state;
}

/* Of a correction the request leaves out what is as it was. */
static void add_terms (json_t *process, const Consentd__GrantRequest *grant, moment recorded_at)
{
    moment from = grant->valid_from != 0 || grant->corrects.len > 0 ? grant->valid_from : recorded_at;
    json_object_set_new (process, "consentd:validFrom", document_time (from));
    json_object_set_new (process, "consentd:validUntil", document_time (grant->valid_until));
    json_object_set_new (process, "consentd:oneTime", json_boolean (grant->one_time));
    json_object_set_new (process, "consentd:underSecrecy", json_boolean (grant->under_secrecy));
    json_object_set_new (process, "consentd:form",
                         document_string (consent_name (&consentd__form__descriptor, (int)grant->form)));
}

static json_t *process_of (const struct receipt_statement *statement, moment recorded_at)
{
    const Consentd__Scope *scope = statement->scope;
    json_t *process =
        json_pack ("{s:s, s:o, s:o, s:o, s:o, s:o}", "@type", "dpv:Process", "dpv:hasPurpose",
                   claim_coded ("dpv:Purpose", scope->purpose), "dpv:hasPersonalData",
                   claim_coded_list ("dpv:PersonalData", scope->categories, scope->n_categories),
                   "dpv:hasDataSource", claim_coded_list ("dpv:DataSource", scope->providers, scope->n_providers),
                   "dpv:hasRecipient", claim_coded_list ("dpv:Recipient", scope->recipients, scope->n_recipients),
                   "dpv:hasStorageCondition", claim_storage ());
    json_object_set_new (process, "consentd:origins",
                         claim_coded_list ("consentd:Origin", scope->origins, scope->n_origins));
    json_object_set_new (process, "consentd:case", document_string (scope->case_ref));
    if (statement->grant != NULL)
        add_terms (process, statement->grant, recorded_at);
    return process;
}

static void add_notice (json_t *record, const Consentd__Notice *notice)
{
    if (notice == NULL)
        return;
    json_object_set_new (record, "dpv:hasNotice",
                         json_pack ("{s:s, s:o, s:o, s:o, s:o}", "@type", "dpv:ConsentNotice", "dct:identifier",
                                    document_string (notice->id), "dct:hasVersion",
                                    document_string (notice->version), "dct:language",
                                    document_string (notice->language), "dct:issued",
                                    document_time (notice->given_at)));
}

static void add_evidence (struct arena *arena, json_t *record, const Consentd__Evidence *evidence)
{
    if (evidence != NULL)
        json_object_set_new (record, "consentd:formSha256",
                             document_string (hex (arena, evidence->sha256.data, evidence->sha256.len)));
}

/* What its own line says of the statement. */
static void add_statement (const struct receipt_lines *self, json_t *record)
{
    const struct receipt_seen *first = &self->line[0];
    struct receipt_statement statement = receipt_statement_of (first);
    json_object_set_new (record, "dct:identifier",
                         document_string (hex (self->arena, statement.id->data, statement.id->len)));
    if (statement.grant != NULL) {
        add_notice (record, statement.grant->notice);
        add_evidence (self->arena, record, statement.grant->evidence);
        if (statement.grant->corrects.len > 0)
            json_object_set_new (record, "dct:replaces",
                                 document_string (hex (self->arena, statement.grant->corrects.data,
                                                       statement.grant->corrects.len)));
    }
    json_object_set_new (record, "dpv:hasProcess", json_pack ("[o]", process_of (&statement, first->head.time)));
}

static json_t *state_of_withdrawal (const struct receipt_lines *self, const struct receipt_seen *line)
{
    json_t *state = state_by_line (self, line);
    json_object_set_new (state, "consentd:ofThisConsent",
                         receipt_is_of_first (self, line) ? json_true () : json_null ());
    return state;
}

static json_t *claim_consent (const struct receipt_lines *self)
{
    const struct receipt_seen *first = &self->line[0];
    json_t *record = claim_record (self, "dpv:ConsentRecord"), *states = json_array ();
    bool is_consent = first->kind == RECEIPT_GRANT;
    json_object_set_new (record, "dct:conformsTo", json_string (SCHEMA "#record"));
    if (first->is_open)
        add_statement (self, record);
    json_object_set_new (record, "consentd:closed", json_boolean (!first->is_open));
    json_object_set_new (record, "dpv:hasConsentControl",
                         json_string (is_consent ? "dpv:WithdrawConsent" : "dpv:ProvideConsent"));
    json_array_append_new (states, state_of_statement (self));
    for (size_t i = 1; i < self->count; i++)
        json_array_append_new (states, state_of_withdrawal (self, &self->line[i]));
    json_object_set_new (record, "dpv:hasConsentStatus", states);
    return record;
}

/* --- The receipt -------------------------------------------------------------------------------------- */

static json_t *context (void)
{
    return json_pack ("{s:s, s:s, s:s, s:s}", "dpv", "https://w3id.org/dpv#", "loc", "https://w3id.org/dpv/loc#",
                      "dct", "http://purl.org/dc/terms/", "consentd", "urn:consentd:receipt:");
}

json_t *receipt_claims (const struct receipt_lines *self)
{
    const struct receipt_seen *newest = receipt_newest (self);
    bool is_decision = self->line[0].kind == RECEIPT_DECISION;
    char short_code[RECEIPT_CODE_SIZE];
    receipt_code_write (newest->head.number, &newest->leaf, short_code);
    json_t *claims =
        json_pack ("{s:o, s:s, s:o, s:o, s:s, s:o}", "@context", context (), "@type",
                   is_decision ? "consentd:DecisionReceipt" : "dpv:ConsentReceipt", "dct:identifier",
                   document_string (name_of_line (self, newest)), "dct:created", document_time (newest->head.time),
                   "consentd:code", short_code, "dpv:hasRecordOfActivity",
                   is_decision ? claim_decision (self) : claim_consent (self));
    if (!is_decision)
        json_object_set_new (claims, "dct:conformsTo", json_string (SCHEMA "#receipt"));
    return claims;
}
