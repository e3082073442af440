/* The codec, fed with requests. What it takes must be what request.h promises to the verbs, and what it refuses
   must have a field and a sentence; the answer to either must be one that its receiver can unpack, also as a
   replay. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "text/burgerservicenummer.h"
#include "codec/codec.h"
#include "codec/codec_batch.h"
#include "codec/codec_recorded.h"
#include "codec/body_fields.h"
#include "expected.h"
#include "mutate.h"
#include "syntax.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerCustomCrossOver (const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size,
                                  uint8_t *to, size_t room, unsigned seed);

enum { ARENA_LIMIT = 64 * 1024 * 1024 };

static void expect_text (const char *text, size_t longest)
{
    expect (text != NULL && strlen (text) <= longest);
}

static void expect_page (const struct request *request, unsigned most)
{
    expect (request->page.limit >= 1 && request->page.limit <= most);
}

/* What the tables do not say: what must hold between fields. */

static void expect_check (const struct check_request *check)
{
    expect (strcmp (check->provider, check->recipient) != 0);
    expect (check->manager_consulted[0] == '\0' || check->no_manager[0] == '\0');
    const struct text_set *by = &check->claim.by;
    if (check->claim.kind == CLAIM_WRITTEN_REQUEST)
        expect (by->count >= 1 && by->count <= 8 && check->claim.given_at > 0);
    for (size_t i = 1; check->claim.kind == CLAIM_WRITTEN_REQUEST && i < by->count; i++)
        expect (strcmp (by->item[i - 1], by->item[i]) < 0);
    expect (check->mode == MODE_ADVISE || check->mode == MODE_DISCLOSE);
    expect (check->item_count >= 1 && check->item_count <= DECIDE_ITEMS);
}

static void expect_statement (const struct statement_request *request)
{
    const struct statement *statement = &request->statement;
    expect (statement->has_evidence == (statement->evidence_reference[0] != '\0'));
    expect (statement->signature_count <= 8);
    expect (statement->recorded_by[0] == '\0');
}

static void expect_subject (const struct subject_set_request *request)
{
    const struct subject_change *subject = &request->change;
    expect (subject->representative_count <= 8 && subject->capability_count <= 16);
    expect (subject->care_ended_count <= 16);
    for (size_t i = 0; i < subject->representative_count; i++) {
        const struct representative *one = &subject->representatives[i];
        expect (one->until.month == 0 || one->from.month == 0 || calendar_compare (one->from, one->until) < 0);
        expect ((one->refused_from.month > 0) == (one->refused_reason[0] != '\0'));
    }
    for (size_t i = 1; i < subject->capability_count; i++)
        expect (calendar_compare (subject->capabilities[i - 1].from, subject->capabilities[i].from) < 0);
}

/* The tables do not say the sorts of a party's texts: party_text.h does. */
static void expect_party (const struct party_text *party)
{
    expect_text (party->id, 32);
    expect_text (party->kind, 48);
    expect_text (party->role, 48);
    expect (party->key_count <= 8 && (party->key_count > 0) == party->active);
    for (size_t i = 0; i < party->key_count; i++) {
        expect (strlen (party->keys[i].public_key) == 40);
        expect_text (party->keys[i].name, 24);
        expect_text (party->keys[i].since, 10);
        expect_text (party->keys[i].until, 10);
    }
    expect_text (party->agb, 8);
    expect_text (party->gemeentecode, 4);
    expect_text (party->oin, 20);
    for (size_t i = 0; i < PARTY_LIMITS; i++)
        expect (party_limit (party, i) <= 1000000);
    expect_text (party->secrecy, 12);
    expect_text (party->agreement_from, 10);
    expect_text (party->agreement_until, 10);
    expect_text (party->agreement_reference, 64);
    expect_text (party->contact, 1000);
    expect (strchr (party->contact, '\n') == NULL);
}

/* The body's fields, by its table. */
static void expect_body (const struct request *request)
{
    const struct joined *envelope = message_joined (&request_message);
    expect_text (request->user, 64);
    for (unsigned i = 0; i < envelope->count; i++) {
        const struct slot *slot = &envelope->slot[i];
        if (slot->field->sort == request->verb && (slot->wire->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
            expect_fields (slot->inner, (const char *)request + slot->offset);
    }
}

static void expect_request (const struct request *request)
{
    expect_body (request);
    switch (request->verb) {
    case VERB_CHECK:
        expect_check (&request->as.check);
        break;
    case VERB_BATCH:
        expect (request->as.batch.count >= 1 &&
                request->as.batch.count <= (request->as.batch.all_or_nothing ? TOGETHER_CHECKS : BATCH_CHECKS));
        break;
    case VERB_ASK:
        expect_statement (&request->as.statement);
        break;
    case VERB_WAITING_LIST:
        expect_page (request, 32);
        break;
    case VERB_GRANT:
    case VERB_REFUSE:
        expect (request->as.statement.statement.refusal == (request->verb == VERB_REFUSE));
        expect_statement (&request->as.statement);
        break;
    case VERB_REVOKE:
        expect ((request->as.revoke.withdrawal.withdrawn_by[0] == '\0') !=
                (request->as.revoke.withdrawal.nobody_reason[0] == '\0'));
        break;
    case VERB_CONSENT_LIST:
        expect_page (request, 32);
        break;
    case VERB_SUBJECT_SET:
        expect_subject (&request->as.subject_set);
        break;
    case VERB_RESTRICT:
    case VERB_LIFT_RESTRICTION:
        expect (request->as.restriction.categories.count <= 64);
        expect (request->as.restriction.whole == (request->as.restriction.categories.count == 0));
        break;
    case VERB_OBLIGATION_DONE:
    case VERB_OBLIGATION_DEFER:
        expect (request->as.obligation.decision > 0);
        expect (request->as.obligation.kind >= OBLIGATION_INFORM_SUBJECT &&
                request->as.obligation.kind < OBLIGATIONS);
        expect ((request->as.obligation.reason[0] != '\0') ==
                (request->verb == VERB_OBLIGATION_DEFER ||
                 request->as.obligation.kind == OBLIGATION_RECORD_AGAINST_WILL));
        break;
    case VERB_OBLIGATION_LIST:
        expect_page (request, 100);
        expect (request->page.after.bytes.size == 0 || request->page.after.bytes.size == DUTY_CURSOR_SIZE);
        break;
    case VERB_DUE_LIST:
        expect_page (request, 100);
        break;
    case VERB_SUBSCRIBE:
        expect (request->as.subscribe.credit >= 1 && request->as.subscribe.credit <= 1024);
        break;
    case VERB_ACKNOWLEDGE:
        expect (request->as.acknowledge.credit <= 1024);
        break;
    case VERB_PARTY_ADD:
    case VERB_PARTY_APPLY:
        expect (request->as.parties.count >= 1 && request->as.parties.count <= 256);
        for (size_t i = 0; i < request->as.parties.count; i++)
            expect_party (&request->as.parties.parties[i]);
        break;
    case VERB_AUDIT_LIST:
        expect_page (request, 100);
        break;
    default:
        expect (request->verb > VERB_NONE && request->verb < VERBS);
        break;
    }
}

/* No part of the input comes back in the sentence: it is made of the codec's own words and numbers of fields. */
static void expect_fault (const struct codec_fault *fault)
{
    expect (fault->field != NULL && fault->field[0] != '\0');
    expect (fault->message != NULL && fault->message[0] != '\0');
    for (const char *at = fault->message; *at != '\0'; at++)
        expect (*at >= ' ' && *at <= '~');
    expect_text (fault->message, 150);
    for (const char *at = fault->field; *at != '\0'; at++)
        expect ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || strchr ("_.[]", *at) != NULL);
}

/* A decision on the check: every third item is denied, the others have either ground. */
static void answer_check (const struct check_request *check, struct arena *arena, struct reply *reply)
{
    static struct policy_statute statute = {.entry = {.code = "wmo-5.1.1"}};
    static const struct policy policy = {.id = "pack/1", .statutes = &statute, .statute_count = 1};
    static const struct statement statement = {.id = {1}};
    struct decision *decision = arena_alloc (arena, sizeof *decision);
    decision->verdict = VERDICT_PARTIAL;
    decision->item_count = check->item_count;
    for (size_t i = 0; i < check->item_count; i++) {
        decision->items[i].permit = i % 3 != 0;
        decision->items[i].ground = i % 3 == 1 ? POLICY_CONSENT : POLICY_STATUTE;
        decision->items[i].heard = (struct rule_codes){2, {NO_CONSENT, CATEGORY_NOT_NEEDED}};
    }
    reply->body = REPLY_CHECK;
    static const struct obligations obligations = {
        .keep_secret = true, .duties = {{.kind = OBLIGATION_INFORM_SUBJECT, .due = 4}}, .duty_count = 1};
    reply->as.check = (struct check_reply){check, decision, &policy, &statement, 1, 2, {{3}}, &obligations};
}

/* Shows back what was read, so that every text of it goes out again. */
/* Of somebody of whom nothing was recorded; what cannot be made leaves it so. */
static const struct subject *changed (const struct subject_set_request *request, struct arena *arena)
{
    static const struct subject nothing;
    struct subject_edit *edit = arena_alloc (arena, sizeof *edit);
    *edit = (struct subject_edit){
        .before = &nothing, .change = &request->change, .now = INT64_C (1777000000000), .arena = arena};
    if (!subject_edit (edit)) {
        expect (edit->field != NULL && edit->message != NULL);
        return &nothing;
    }
    expect (edit->after.representative_count <= 8 && edit->after.capability_count <= 16);
    expect (edit->after.care_ended_count <= 16);
    return &edit->after;
}

static void answer (struct request *request, struct arena *arena, struct reply *reply)
{
    struct shown_party *shown = arena_alloc (arena, sizeof *shown);
    static const struct id id = {{4}};
    switch (request->verb) {
    case VERB_CHECK:
        answer_check (&request->as.check, arena, reply);
        break;
    case VERB_GRANT:
    case VERB_REFUSE:
    case VERB_ASK:
        reply->body = REPLY_CONSENT_SHOW;
        reply->as.consent_show = (struct shown_consent){&request->as.statement.statement, STATE_GRANTED, id, true};
        break;
    case VERB_SUBJECT_SET:
        reply->body = REPLY_SUBJECT_SHOW;
        reply->as.subject_show.subject = changed (&request->as.subject_set, arena);
        break;
    case VERB_OBLIGATION_DONE:
    case VERB_OBLIGATION_DEFER:
        reply->body = REPLY_OBLIGATION;
        reply->as.obligation.duty = (struct kept_duty){.decision = request->as.obligation.decision,
                                                       .kind = request->as.obligation.kind,
                                                       .due = request->as.obligation.when,
                                                       .done_by = request->user};
        break;
    case VERB_PARTY_ADD:
        reply->body = REPLY_PARTY_LIST;
        *shown = (struct shown_party){.text = *request->as.parties.parties};
        reply->as.party_list.parties = shown;
        reply->as.party_list.count = 1;
        break;
    default:
        break;
    }
}

/* Every check that is read can be looked back on later, as it was asked. */
static void expect_looked_back_on (const struct request *check, struct arena *arena)
{
    const struct recorded_check recorded = {.request = check->message};
    struct reply reply = {.status = STATUS_OK, .time = 1, .body = REPLY_DECISION_SHOW};
    struct shown_decision *shown = &reply.as.decision_show;
    struct bytes message;
    expect (codec_read_recorded (&recorded, arena, shown) == 0);
    expect (shown->asked->bsn[0] == '\0');
    expect (strcmp (shown->asked->as.check.provider, check->as.check.provider) == 0);
    expect (strcmp (shown->asked->as.check.recipient, check->as.check.recipient) == 0);
    expect (shown->asked->as.check.item_count == check->as.check.item_count);
    codec_write_reply (&reply, arena, &message);
    expect (message.size > 0 && message.size <= CODEC_MESSAGE_LIMIT);
}

/* Each check is read as a request of its own, in the same way as its message would be, and all answers must fit in
   one. */
static void answer_batch (const struct request *batch, struct arena *arena)
{
    struct bytes *answers = arena_array (arena, batch->as.batch.count, sizeof *answers);
    for (size_t i = 0; i < batch->as.batch.count; i++) {
        struct codec_place place = {.batch = batch, .index = i, .key = {1}};
        struct request *one = arena_alloc (arena, sizeof *one), *alone = arena_alloc (arena, sizeof *alone);
        struct codec_fault fault, fault_alone;
        struct reply reply = {.status = STATUS_OK, .time = 1};
        int rc = codec_read_check (&place, arena, one, &fault);
        expect (rc == codec_read_request (one->message.data, one->message.size, arena, alone, &fault_alone));
        if (rc == 0) {
            expect (one->verb == VERB_CHECK && alone->verb == VERB_CHECK);
            expect_request (one);
            expect_looked_back_on (one, arena);
            answer (one, arena, &reply);
        } else {
            expect_fault (&fault);
            expect (strcmp (fault.field, fault_alone.field) == 0 &&
                    strcmp (fault.message, fault_alone.message) == 0);
            reply = (struct reply){.status = STATUS_INVALID, .field = fault.field, .message = fault.message};
        }
        struct bytes alone_answered;
        codec_write_reply (&reply, arena, &alone_answered);
        codec_batch_answer (&place, alone_answered, arena, &answers[i]);
    }
    struct reply reply = {.status = STATUS_OK, .time = 1, .body = REPLY_BATCH};
    struct bytes message;
    reply.as.batch = (struct batch_reply){answers, batch->as.batch.count};
    codec_write_reply (&reply, arena, &message);
    expect (message.size > 0 &&
            message.size <= (batch->as.batch.all_or_nothing ? CODEC_BATCH_LIMIT : CODEC_LARGE_LIMIT));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static struct arena *arena;
    arena_destroy (&arena); /* to reset one that was large once takes longer */
    arena = arena_new (ARENA_LIMIT);

    static struct request request;
    struct codec_fault fault;
    struct reply reply = {.status = STATUS_OK, .time = 1};
    if (codec_read_request (data, size, arena, &request, &fault) == 0) {
        expect_request (&request);
        expect (codec_peek ((struct bytes){data, size}).requests ==
                (request.verb == VERB_BATCH ? request.as.batch.count : 1));
        if (request.verb == VERB_BATCH)
            answer_batch (&request, arena);
        if (request.verb == VERB_CHECK)
            expect_looked_back_on (&request, arena);
        answer (&request, arena, &reply);
    } else {
        expect_fault (&fault);
        reply.status = STATUS_INVALID;
        reply.field = fault.field;
        reply.message = fault.message;
        reply.has_key = fault.has_key;
    }
    struct bytes message, marked;
    codec_write_reply (&reply, arena, &message);
    expect (message.size > 0 && message.size <= CODEC_MESSAGE_LIMIT);
    expect (codec_mark_replayed (message.data, message.size, true, arena, &marked) == 0);
    expect (marked.size == message.size + 4 && marked.size <= CODEC_MESSAGE_LIMIT);
    (void)codec_mark_replayed (data, size, false, arena,
                               &marked); /* a record that is none is refused, not read past */
    return 0;
}

/* The field that is refused; NULL: none. */
static const char *fault_of (struct bytes message, struct arena *arena)
{
    struct request *request = arena_alloc (arena, sizeof *request);
    struct codec_fault fault;
    return codec_read_request (message.data, message.size, arena, request, &fault) != 0 ? fault.field : NULL;
}

static struct mutated request_mutated (void)
{
    return (struct mutated){message_joined (&request_message), fault_of};
}

size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed)
{
    const struct mutated mutated = request_mutated ();
    return mutate_message (&mutated, data, size, room, seed);
}

size_t LLVMFuzzerCustomCrossOver (const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size,
                                  uint8_t *to, size_t room, unsigned seed)
{
    const struct mutated mutated = request_mutated ();
    return mutate_by_other (&mutated, (struct bytes[]){{one, one_size}, {other, other_size}}, to, room, seed);
}
