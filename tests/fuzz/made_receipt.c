#include "made_receipt.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "audit/proof_text.h"
#include "big_endian.h"
#include "fields/raw.h"

enum { LOG_LINES = 21, HEAD_ROOM = 256, VERSION = 2, OBJECT = 1, SUBJECT_KEY = 2, SEAL_ROOM = 2 };

static const char origin[] = "gemeente-voorbeeld.nl/toestemmingen";
static const moment recorded_at = 1795000000000;

static void must (bool it)
{
    if (!it)
        abort ();
}

static struct note_signer signer (void)
{
    static const uint8_t secret[NOTE_SECRET_SIZE] = {1, 2, 3};
    struct note_signer made;
    must (note_signer_of (&made, origin, NOTE_ED25519, secret));
    return made;
}

struct log_trust made_trust (void)
{
    struct log_trust trust = {.count = 1};
    trust.key[0] = signer ().key;
    return trust;
}

/* --- Lines -------------------------------------------------------------------------------------------- */

static uint8_t *put_text (uint8_t *to, const char *text)
{
    *to = (uint8_t)strlen (text);
    memcpy (to + 1, text, *to);
    return to + 1 + *to;
}

struct bytes made_line (struct arena *arena, const struct audit_head *head, struct bytes evidence,
                        uint8_t key[RECEIPT_KEY_SIZE])
{
    static const struct vault_key subject = {{7}};
    uint8_t *line = arena_alloc (arena, HEAD_ROOM + evidence.size + VAULT_SEAL_OVERHEAD), *next = line;
    uint8_t number[8];
    struct vault_key own;
    *next++ = VERSION;
    *next++ = (uint8_t)AUDIT_REQUESTS;
    *next++ = OBJECT | SUBJECT_KEY;
    next = raw_put_number (next, head->number);
    next = raw_put_number (next, raw_zigzag (head->time));
    next = raw_put_number (raw_put_number (next, 3), 4);
    memset (next, 9, VAULT_ID_SIZE);
    next = put_text (put_text (put_text (next + VAULT_ID_SIZE, head->action), head->result), head->party);
    *next++ = 0;
    *next++ = 1;
    put_be64 (number, head->number);
    const struct vault_binding binding = {"audit", 1, number, sizeof number};
    vault_seal (&subject, &binding, evidence.data, evidence.size, next);
    vault_record_key (&subject, next, &own);
    memcpy (key, own.bytes, RECEIPT_KEY_SIZE);
    return (struct bytes){line, (size_t)(next - line) + evidence.size + VAULT_SEAL_OVERHEAD};
}

/* --- The log ------------------------------------------------------------------------------------------ */

static struct merkle_hash leaf_of (const struct made_log *log, uint64_t index)
{
    for (size_t i = 0; i < log->count; i++)
        if (log->number[i] == index + 1)
            return merkle_leaf (log->line[i]);
    return merkle_leaf ((struct bytes){&index, sizeof index});
}

static struct merkle_hash root_of (const struct made_log *log, struct merkle_range range)
{
    struct merkle_edge edge = {.size = 0};
    struct merkle_filled filled;
    for (uint64_t i = range.begin; i < range.end; i++) {
        struct merkle_hash leaf = leaf_of (log, i);
        merkle_add (&edge, &leaf, &filled);
    }
    return merkle_root (&edge);
}

static struct bytes note_of (struct arena *arena, const struct made_log *log)
{
    struct note_signer key = signer ();
    struct checkpoint checkpoint = {.size = LOG_LINES, .root = root_of (log, (struct merkle_range){0, LOG_LINES})};
    char *note = arena_alloc (arena, CHECKPOINT_TEXT_SIZE + 1 + NOTE_LINE_SIZE);
    memcpy (checkpoint.origin, origin, sizeof origin);
    size_t size = checkpoint_write (&checkpoint, note);
    note[size] = '\n';
    size_t signed_by = note_sign (&key, (struct bytes){note, size}, 0, note + size + 1, NOTE_LINE_SIZE);
    return (struct bytes){note, size + 1 + signed_by};
}

void made_proofs (struct arena *arena, const struct made_log *log, struct receipt_file *file)
{
    struct bytes note = note_of (arena, log);
    for (file->count = 0; file->count < log->count; file->count++) {
        size_t i = file->count;
        struct merkle_range path[MERKLE_PATH_LIMIT];
        struct merkle_hash *hashes = arena_array (arena, MERKLE_PATH_LIMIT, sizeof *hashes);
        size_t count = merkle_inclusion (log->number[i] - 1, LOG_LINES, path);
        for (size_t j = 0; j < count; j++)
            hashes[j] = root_of (log, path[j]);
        const struct proven_line proven = {log->number[i], log->line[i], {hashes, count * sizeof *hashes}, note};
        file->proof[i].text = proof_text (arena, &proven);
        must (file->proof[i].text.size > 0);
        if (!log->is_closed)
            file->proof[i].key = (struct bytes){log->key[i], RECEIPT_KEY_SIZE};
    }
}

/* --- What is in the lines ----------------------------------------------------------------------------- */

static struct bytes packed (struct arena *arena, const ProtobufCMessage *message)
{
    uint8_t *made = arena_alloc (arena, protobuf_c_message_get_packed_size (message) + 1);
    return (struct bytes){made, protobuf_c_message_pack (message, made)};
}

static void add (struct arena *arena, struct made_log *log, const char *action, const char *result,
                 const struct evidence *evidence)
{
    static const struct vault_key unused = {{1}};
    const struct record_place place = {"audit", "", 0, &unused, false};
    uint64_t number = 3 + 2 * log->count;
    const struct audit_head head = {.number = number,
                                    .time = recorded_at + (moment)number,
                                    .action = action,
                                    .result = result,
                                    .party = "kernteam"};
    /* The bytes of a record, by the one way that there is to make them: sealed, and opened again. */
    struct bytes sealed = record_seal_evidence (arena, &place, evidence, 0);
    size_t size = sealed.size - SEAL_ROOM - VAULT_SEAL_OVERHEAD;
    uint8_t *plain = arena_alloc (arena, size + 1);
    const struct vault_binding binding = {"audit", 1, "", 0};
    must (vault_unseal (&unused, &binding, (const uint8_t *)sealed.data + SEAL_ROOM, sealed.size - SEAL_ROOM,
                        plain) == 0);
    log->number[log->count] = number;
    log->plain[log->count] = (struct bytes){plain, size};
    log->line[log->count] = made_line (arena, &head, (struct bytes){plain, size}, log->key[log->count]);
    log->count++;
}

static char kernteam[] = "kernteam", horizon[] = "zorgaanbieder-horizon", naw[] = "naw", budget[] = "budget",
            wmo[] = "wmo", purpose[] = "toekenning", subject_word[] = "subject", parent[] = "ouder-1",
            file_ref[] = "zaak-7", empty[] = "";
static uint8_t id_of_consent[16] = {0xc0}, id_of_earlier[16] = {0xc1}, form_hash[32] = {0xaa};

static void add_recorded (struct arena *arena, struct made_log *log, const Consentd__Request *request)
{
    Consentd__Reply reply;
    consentd__reply__init (&reply);
    Consentd__ConsentRecordedReply recorded;
    consentd__consent_recorded_reply__init (&recorded);
    recorded.consent_id = (ProtobufCBinaryData){sizeof id_of_consent, id_of_consent};
    reply.body_case = CONSENTD__REPLY__BODY_CONSENT_RECORDED;
    reply.consent_recorded = &recorded;
    const struct evidence evidence = {
        .user = "u-1", .request = packed (arena, &request->base), .reply = packed (arena, &reply.base)};
    add (arena, log, request->body_case == CONSENTD__REQUEST__BODY_GRANT ? "grant" : "refuse", "ok", &evidence);
}

static Consentd__Scope scope_of (void)
{
    static char *providers[] = {kernteam}, *recipients[] = {horizon}, *categories[] = {naw, budget},
                *origins[] = {wmo};
    Consentd__Scope scope;
    consentd__scope__init (&scope);
    scope.providers = providers, scope.n_providers = 1;
    scope.recipients = recipients, scope.n_recipients = 1;
    scope.categories = categories, scope.n_categories = 2;
    scope.origins = origins, scope.n_origins = 1;
    scope.purpose = purpose;
    scope.case_ref = file_ref;
    return scope;
}

static void add_consent (struct arena *arena, struct made_log *log, char *by, bool is_correction)
{
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__GrantRequest grant;
    consentd__grant_request__init (&grant);
    Consentd__Scope scope = scope_of ();
    Consentd__Notice notice;
    consentd__notice__init (&notice);
    Consentd__Evidence evidence;
    consentd__evidence__init (&evidence);
    Consentd__Signature signature, *signatures[] = {&signature};
    consentd__signature__init (&signature);
    request.body_case = CONSENTD__REQUEST__BODY_GRANT;
    request.grant = &grant;
    grant.scope = &scope;
    if (is_correction)
        grant.corrects = (ProtobufCBinaryData){sizeof id_of_earlier, id_of_earlier};
    else {
        notice.id = subject_word, notice.version = wmo, notice.language = naw, notice.given_at = recorded_at - 9;
        evidence.sha256 = (ProtobufCBinaryData){sizeof form_hash, form_hash};
        signature.signer = by, signature.given_at = recorded_at - 5;
        grant.notice = &notice, grant.evidence = &evidence;
        grant.signatures = signatures, grant.n_signatures = 1;
        grant.form = CONSENTD__FORM__WRITTEN;
        grant.valid_until = recorded_at + 5000000000;
    }
    add_recorded (arena, log, &request);
}

static void add_refusal (struct arena *arena, struct made_log *log)
{
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__RefuseRequest refuse;
    consentd__refuse_request__init (&refuse);
    Consentd__Scope scope = scope_of ();
    Consentd__Signature signature, *signatures[] = {&signature};
    consentd__signature__init (&signature);
    signature.signer = subject_word, signature.given_at = recorded_at - 5;
    refuse.scope = &scope, refuse.signatures = signatures, refuse.n_signatures = 1;
    request.body_case = CONSENTD__REQUEST__BODY_REFUSE;
    request.refuse = &refuse;
    add_recorded (arena, log, &request);
}

static void add_withdrawal (struct arena *arena, struct made_log *log, char *by, bool is_part)
{
    static char *categories[] = {naw}, *informed[] = {kernteam, horizon};
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__Reply reply;
    consentd__reply__init (&reply);
    Consentd__RevokeRequest revoke;
    consentd__revoke_request__init (&revoke);
    Consentd__RevokeReply told;
    consentd__revoke_reply__init (&told);
    revoke.consent_id = (ProtobufCBinaryData){sizeof id_of_consent, id_of_consent};
    revoke.withdrawn_by = by, revoke.withdrawn_at = recorded_at + 1;
    revoke.categories = categories, revoke.n_categories = is_part ? 1 : 0;
    told.informed = informed, told.n_informed = 2;
    request.body_case = CONSENTD__REQUEST__BODY_REVOKE, request.revoke = &revoke;
    reply.body_case = CONSENTD__REPLY__BODY_REVOKE, reply.revoke = &told;
    const struct evidence evidence = {.request = packed (arena, &request.base),
                                      .reply = packed (arena, &reply.base)};
    add (arena, log, "revoke", "ok", &evidence);
}

enum { ITEMS = 5 };

static struct bytes question (struct arena *arena)
{
    Consentd__Request request;
    consentd__request__init (&request);
    Consentd__CheckRequest check;
    consentd__check_request__init (&check);
    Consentd__Item item, *items[] = {&item, &item, &item, &item, &item};
    consentd__item__init (&item);
    item.category = naw, item.origin = wmo;
    check.provider = kernteam, check.recipient = horizon, check.purpose = purpose, check.case_ref = file_ref;
    check.mode = CONSENTD__MODE__DISCLOSE, check.items = items, check.n_items = ITEMS;
    request.body_case = CONSENTD__REQUEST__BODY_CHECK, request.check = &check;
    return packed (arena, &request.base);
}

static void add_decision (struct arena *arena, struct made_log *log, bool is_denied)
{
    static const struct id consent = {{0xc0}};
    static const struct kept_duty duty = {
        .kind = OBLIGATION_INFORM_SUBJECT, .holder = "kernteam", .due = 1795000009000};
    struct answered_item items[ITEMS] = {
        {.ground = DUTY_CONSENT, .statute = "", .urgent_reason = ""},
        {.ground = DUTY_STATUTE, .statute = "wmo-5-2-1", .urgent_reason = ""},
        {.ground = DUTY_WRITTEN_REQUEST, .statute = "", .urgent_reason = ""},
        {.ground = DUTY_URGENT_REASONS, .statute = "", .urgent_reason = "vitaal-belang"},
        {.statute = "", .urgent_reason = ""}};
    struct rule_codes heard[ITEMS] = {{0}}, all[ITEMS] = {{0}};
    rule_codes_add (&heard[ITEMS - 1], NO_CONSENT);
    rule_codes_add (&all[ITEMS - 1], NO_CONSENT);
    rule_codes_add (&all[ITEMS - 1], ORIGIN_UNKNOWN);
    for (size_t i = 0; is_denied && i < ITEMS; i++) {
        items[i].ground = 0;
        heard[i] = heard[ITEMS - 1];
        all[i] = all[ITEMS - 1];
    }
    const struct evidence evidence = {
        .asked = question (arena),
        .has_answer = true,
        .answer = {.verdict = is_denied ? VERDICT_DENY : VERDICT_PARTIAL,
                   .items = items,
                   .item_count = ITEMS,
                   .heard = heard,
                   .heard_count = ITEMS,
                   .duties = &duty,
                   .duty_count = is_denied ? 0 : 1},
        .all_reasons = is_denied ? all : NULL,
        .reason_count = is_denied ? ITEMS : 0,
        .rested_on = &consent,
        .rested_count = is_denied ? 0 : 1,
    };
    add (arena, log, "check", is_denied ? "deny" : "partial", &evidence);
}

void made_lines (struct arena *arena, enum made_kind kind, struct made_log *log)
{
    *log = (struct made_log){.is_closed = kind == MADE_CLOSED};
    switch (kind) {
    case MADE_REFUSAL:
        add_refusal (arena, log);
        break;
    case MADE_CORRECTION:
        add_consent (arena, log, subject_word, true);
        break;
    case MADE_DECISION:
    case MADE_DENIAL:
        add_decision (arena, log, kind == MADE_DENIAL);
        break;
    case MADE_REVOKED:
        add_consent (arena, log, parent, false);
        add_withdrawal (arena, log, parent, false);
        add_withdrawal (arena, log, empty, false);
        break;
    default:
        add_consent (arena, log, subject_word, false);
        add_withdrawal (arena, log, subject_word, true);
        add_withdrawal (arena, log, subject_word, false);
    }
}

char *made_receipt (struct arena *arena, enum made_kind kind)
{
    struct made_log *log = arena_alloc (arena, sizeof *log);
    struct receipt_file file = {.count = 0};
    struct receipt_judged *judged = arena_alloc (arena, sizeof *judged);
    made_lines (arena, kind, log);
    made_proofs (arena, log, &file);
    must (receipt_make (&file, arena, judged) == NULL);
    char *text =
        receipt_file_write (&file, json_pack ("{s:{s:s}}", "CATEGORY", "naw", "Naam, adres en woonplaats"));
    receipt_file_clear (&file);
    return text;
}
