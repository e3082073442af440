#include "receipt_seen.h"
#include <string.h>
#include "arena.h"
#include "arena_unpack.h"

enum { ID_SIZE = 16 };

/* Which kinds there are, by action and result of their lines. */
static bool find_kind (struct receipt_seen *self)
{
    static const struct {
        const char *action, *result;
        enum receipt_kind kind;
    } kinds[] = {
        {"grant", "ok", RECEIPT_GRANT},         {"refuse", "ok", RECEIPT_REFUSAL},
        {"revoke", "ok", RECEIPT_WITHDRAWAL},   {"check", "permit", RECEIPT_DECISION},
        {"check", "partial", RECEIPT_DECISION}, {"check", "deny", RECEIPT_DECISION},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp (kinds[i].action, self->head.action) == 0 && strcmp (kinds[i].result, self->head.result) == 0) {
            self->kind = kinds[i].kind;
            return true;
        }
    return false;
}

/* --- What is in it ------------------------------------------------------------------------------------ */

static bool is_scope (const Consentd__Scope *scope)
{
    return scope != NULL && scope->n_providers > 0 && scope->n_recipients > 0 && scope->n_categories > 0;
}

static bool is_recorded (const Consentd__Reply *reply)
{
    return reply->body_case == CONSENTD__REPLY__BODY_CONSENT_RECORDED &&
           reply->consent_recorded->consent_id.len == ID_SIZE;
}

/* Every item has its answer, and each ground by consent its consent. */
static bool answers (const struct evidence *evidence, const Consentd__CheckRequest *check)
{
    const struct check_answer *answer = &evidence->answer;
    if (!evidence->has_answer || answer->item_count != check->n_items ||
        (answer->heard_count != 0 && answer->heard_count != answer->item_count) ||
        (evidence->reason_count != 0 && evidence->reason_count != answer->item_count))
        return false;
    for (size_t i = 0; i < answer->item_count; i++)
        if (answer->items[i].ground == DUTY_CONSENT && answer->items[i].consent >= evidence->rested_count)
            return false;
    return true;
}

/* The line holds what its head says. */
static bool fits (const struct receipt_seen *self)
{
    const Consentd__Request *request = self->request;
    switch (self->kind) {
    case RECEIPT_GRANT:
        return request->body_case == CONSENTD__REQUEST__BODY_GRANT && is_scope (request->grant->scope) &&
               is_recorded (self->reply);
    case RECEIPT_REFUSAL:
        return request->body_case == CONSENTD__REQUEST__BODY_REFUSE && is_scope (request->refuse->scope) &&
               is_recorded (self->reply);
    case RECEIPT_WITHDRAWAL:
        return request->body_case == CONSENTD__REQUEST__BODY_REVOKE &&
               request->revoke->consent_id.len == ID_SIZE &&
               self->reply->body_case == CONSENTD__REPLY__BODY_REVOKE;
    case RECEIPT_DECISION:
        return request->body_case == CONSENTD__REQUEST__BODY_CHECK && answers (self->evidence, request->check);
    }
    return false;
}

static enum receipt_sight look_into (struct receipt_seen *self, struct arena *arena,
                                     const struct audit_record *record, const struct vault_key *key)
{
    struct evidence *evidence = arena_alloc (arena, sizeof *evidence);
    if (audit_open_own (arena, record, key, evidence) != 0)
        return SIGHT_CLOSED;
    bool is_check = self->kind == RECEIPT_DECISION;
    struct bytes asked = is_check ? evidence->asked : evidence->request;
    self->evidence = evidence;
    self->request = arena_unpack (arena, &consentd__request__descriptor, asked.data, asked.size);
    self->reply = arena_unpack (arena, &consentd__reply__descriptor, evidence->reply.data, evidence->reply.size);
    self->is_open = self->request != NULL && self->reply != NULL && fits (self);
    return self->is_open ? SIGHT_OK : SIGHT_UNREADABLE;
}

enum receipt_sight receipt_see (struct receipt_seen *self, struct arena *arena, struct bytes line,
                                struct bytes key)
{
    struct audit_record record = {0};
    struct vault_key own;
    *self = (struct receipt_seen){.is_open = false};
    if (audit_parse (arena, line, &record) != 0 || !record.head.has_object)
        return SIGHT_NO_LINE;
    self->head = record.head;
    self->leaf = merkle_leaf (line);
    if (!find_kind (self))
        return SIGHT_OTHER_KIND;
    if (key.size == 0)
        return SIGHT_OK;
    if (key.size != sizeof own.bytes)
        return SIGHT_CLOSED;
    memcpy (own.bytes, key.data, sizeof own.bytes);
    enum receipt_sight sight = look_into (self, arena, &record, &own);
    vault_key_wipe (&own);
    return sight;
}

/* --- Statements --------------------------------------------------------------------------------------- */

struct receipt_statement receipt_statement_of (const struct receipt_seen *seen)
{
    const Consentd__GrantRequest *grant = seen->request->grant;
    const Consentd__RefuseRequest *refuse = seen->request->refuse;
    const ProtobufCBinaryData *id = &seen->reply->consent_recorded->consent_id;
    if (seen->kind == RECEIPT_GRANT)
        return (struct receipt_statement){grant->scope, grant->signatures, grant->n_signatures, grant, id};
    return (struct receipt_statement){refuse->scope, refuse->signatures, refuse->n_signatures, NULL, id};
}

bool receipt_is_part (const Consentd__RevokeRequest *revoke)
{
    return revoke->n_providers + revoke->n_recipients + revoke->n_categories > 0;
}

moment receipt_said_at (const struct receipt_seen *seen)
{
    struct receipt_statement statement = receipt_statement_of (seen);
    moment newest = 0;
    for (size_t i = 0; i < statement.signature_count; i++)
        if (statement.signatures[i]->given_at > newest)
            newest = statement.signatures[i]->given_at;
    return newest != 0 ? newest : seen->head.time;
}
