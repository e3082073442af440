/* Answers: what goes out, as whoever receives it unpacks it. */
#include "codec/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include "arena.h"
#include "envelope.pb-c.h"
#include "codec/wire.h"

static struct arena *arena;
static struct reply reply;
static struct bytes message;

static const struct wire_limits limits = {.longest = CODEC_MESSAGE_LIMIT, .most = CODEC_MESSAGE_LIMIT};

static int setup (void **state)
{
    (void)state;
    arena = arena_new (16 * 1024 * 1024);
    return 0;
}

static int teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

static void prepare (enum reply_body body)
{
    reply = (struct reply){
        .idempotency_key = {7, [15] = 8},
        .has_key = true,
        .status = STATUS_OK,
        .epoch = {3},
        .revision = 42,
        .time = 1700000000000,
        .body = body,
    };
}

static void *arena_alloc_for (void *data, size_t size)
{
    (void)data;
    return arena_alloc (arena, size);
}

static void keep (void *data, void *memory)
{
    (void)data;
    (void)memory;
}

/* Every answer holds to what is asked of requests: no field twice, nothing unknown. */
static const Consentd__Reply *received (void)
{
    struct wire_fault fault;
    if (wire_check (&consentd__reply__descriptor, message.data, message.size, &limits, arena, &fault) != 0)
        fail_msg ("%s: %s", fault.field, fault.message);
    ProtobufCAllocator allocator = {arena_alloc_for, keep, NULL};
    const Consentd__Reply *wire = consentd__reply__unpack (&allocator, message.size, message.data);
    assert_non_null (wire);
    return wire;
}

static const Consentd__Reply *sent (void)
{
    codec_write_reply (&reply, arena, &message);
    return received ();
}

static void assert_id (ProtobufCBinaryData data, const void *id)
{
    assert_int_equal (data.len, 16);
    assert_memory_equal (data.data, id, 16);
}

static void test_an_answer_carries_key_epoch_revision_and_time (void **state)
{
    (void)state;
    prepare (REPLY_NONE);
    reply.status = STATUS_INVALID;
    reply.field = "check.bsn";
    reply.message = "A sentence.";
    const Consentd__Reply *wire = sent ();
    assert_int_equal (wire->version, 1);
    assert_id (wire->idempotency_key, reply.idempotency_key);
    assert_int_equal (wire->status, CONSENTD__STATUS__INVALID);
    assert_string_equal (wire->field, "check.bsn");
    assert_string_equal (wire->message, "A sentence.");
    assert_id (wire->epoch, reply.epoch);
    assert_int_equal (wire->revision, 42);
    assert_int_equal (wire->time, 1700000000000);
    assert_false (wire->replayed);
    assert_int_equal (wire->body_case, CONSENTD__REPLY__BODY__NOT_SET);

    reply.has_key = false;
    assert_int_equal (sent ()->idempotency_key.len, 0);
}

static void test_a_rejection_lists_every_code_with_its_rule (void **state)
{
    (void)state;
    prepare (REPLY_NONE);
    const char *details[] = {"kernteam > cak: gezondheid", "kernteam > svb: gezondheid"};
    const struct grant_refusal refusals[] = {
        {NOT_NEEDED, "G3", details, 2},
        {REPRESENTATION_MISSING, "G8", NULL, 0},
    };
    reply.status = STATUS_REJECTED;
    reply.refusals = refusals;
    reply.refusal_count = 2;
    const Consentd__Reply *wire = sent ();
    assert_int_equal (wire->n_refusals, 2);
    assert_int_equal (wire->refusals[0]->code, CONSENTD__CODE__NOT_NEEDED);
    assert_string_equal (wire->refusals[0]->rule, "G3");
    assert_int_equal (wire->refusals[0]->n_details, 2);
    assert_string_equal (wire->refusals[0]->details[1], details[1]);
    assert_int_equal (wire->refusals[1]->code, CONSENTD__CODE__REPRESENTATION_MISSING);
    assert_int_equal (wire->refusals[1]->n_details, 0);
}

/* A check of three items: by consent, by statute, denied. */
static struct check_request asked;
static struct decision decision;
static struct statement statements[2];
static struct policy_statute statutes[2];
static struct policy policy;
static struct obligations obligations;

static void prepare_check (void)
{
    prepare (REPLY_CHECK);
    asked = (struct check_request){.items = {{"naw", "wmo"}, {"bsn", ""}, {"gezondheid", "aanbieder"}},
                                   .item_count = 3};
    decision = (struct decision){
        .verdict = VERDICT_PARTIAL,
        .items = {{.permit = true, .ground = POLICY_CONSENT, .consent = 1},
                  {.permit = true, .ground = POLICY_STATUTE, .statute = 1},
                  {.reasons = {3, {REVOKED, EXPIRED, SECRECY}}, .heard = {2, {EXPIRED, NO_FLOW}}}},
        .item_count = 3,
        .until = MOMENT_NEVER,
    };
    statements[1] = (struct statement){.id = {0xc0, [15] = 0x01}};
    statutes[1].entry.code = "wmo-5.1.1";
    policy = (struct policy){.id = "kaag-en-braassem-2015/1", .statutes = statutes, .statute_count = 2};
    obligations = (struct obligations){.keep_secret = true};
    reply.as.check =
        (struct check_reply){&asked, &decision, &policy, statements, 1699999999999, 77, {{0xab}}, &obligations};
}

static void test_a_check_tells_every_item_with_its_ground_or_its_reasons (void **state)
{
    (void)state;
    prepare_check ();
    const Consentd__CheckReply *check = sent ()->check;
    assert_int_equal (check->verdict, CONSENTD__VERDICT__PARTIAL);
    assert_int_equal (check->n_items, 3);
    assert_string_equal (check->items[0]->category, "naw");
    assert_string_equal (check->items[0]->origin, "wmo");
    assert_int_equal (check->items[0]->verdict, CONSENTD__VERDICT__PERMIT);
    assert_int_equal (check->items[0]->ground, CONSENTD__GROUND__CONSENT);
    assert_id (check->items[0]->consent_id, statements[1].id);
    assert_string_equal (check->items[0]->statute, "");
    assert_int_equal (check->items[1]->ground, CONSENTD__GROUND__STATUTE);
    assert_string_equal (check->items[1]->statute, "wmo-5.1.1");
    assert_int_equal (check->items[1]->consent_id.len, 0);
    assert_int_equal (check->items[2]->verdict, CONSENTD__VERDICT__DENY);
    assert_int_equal (check->items[2]->ground, CONSENTD__GROUND__GROUND_NONE);
    assert_int_equal (check->n_permitted, 2);
    assert_int_equal (check->permitted[1], 1);
    assert_int_equal (check->n_denied, 1);
    assert_int_equal (check->denied[0], 2);
    assert_int_equal (check->evaluated_at, 1699999999999);
    assert_int_equal (check->decision, 77);
    assert_id (check->subject_ref, &reply.as.check.subject_ref);
    assert_string_equal (check->policy, "kaag-en-braassem-2015/1");
}

static void test_a_caller_hears_no_reason_that_is_not_its_to_hear (void **state)
{
    (void)state;
    prepare_check ();
    const Consentd__ItemVerdict *denied = sent ()->check->items[2];
    assert_int_equal (denied->n_reasons, 2);
    assert_int_equal (denied->reasons[0]->code, CONSENTD__CODE__EXPIRED);
    assert_string_equal (denied->reasons[0]->rule, "C7");
    assert_int_equal (denied->reasons[1]->code, CONSENTD__CODE__NO_FLOW);
    assert_string_equal (denied->reasons[1]->rule, "C4");
}

static void test_a_permit_without_consent_names_its_ground (void **state)
{
    (void)state;
    prepare_check ();
    struct policy_urgent_reason urgent_reasons[] = {{.entry.code = "bemoeizorg"}, {.entry.code = "vitaal-belang"}};
    policy.urgent_reasons = urgent_reasons;
    policy.urgent_reason_count = 2;
    decision.items[0] =
        (struct item_decision){.permit = true, .ground = POLICY_WITHOUT_CONSENT, .urgent_reason = CODE_NONE};
    decision.items[1] =
        (struct item_decision){.permit = true, .ground = POLICY_WITHOUT_CONSENT, .urgent_reason = 1};
    const Consentd__CheckReply *check = sent ()->check;
    assert_int_equal (check->items[0]->ground, CONSENTD__GROUND__WRITTEN_REQUEST);
    assert_string_equal (check->items[0]->urgent_reason, "");
    assert_int_equal (check->items[0]->consent_id.len, 0);
    assert_string_equal (check->items[0]->statute, "");
    assert_int_equal (check->items[1]->ground, CONSENTD__GROUND__URGENT_REASONS);
    assert_string_equal (check->items[1]->urgent_reason, "vitaal-belang");
    assert_string_equal (check->items[1]->statute, "");
}

static void test_what_the_triage_decision_lacks_is_named_with_that_reason (void **state)
{
    (void)state;
    prepare_check ();
    decision.items[2].heard = (struct rule_codes){2, {RESTRICTED, TRIAGE_INCOMPLETE}};
    decision.triage_missing = 1U << 0 | 1U << 9 | 1U << 14;
    const Consentd__ItemVerdict *denied = sent ()->check->items[2];
    assert_int_equal (denied->reasons[0]->n_details, 0);
    assert_int_equal (denied->reasons[1]->code, CONSENTD__CODE__TRIAGE_INCOMPLETE);
    assert_string_equal (denied->reasons[1]->rule, "C8");
    assert_int_equal (denied->reasons[1]->n_details, 3);
    assert_string_equal (denied->reasons[1]->details[0], "necessity");
    assert_string_equal (denied->reasons[1]->details[1], "inform_by");
    assert_string_equal (denied->reasons[1]->details[2], "conflict_of_duties");
    /* Every name is that of a field of the protocol. */
    for (size_t i = 0; i < TRIAGE_PARTS; i++)
        assert_non_null (
            protobuf_c_message_descriptor_get_field_by_name (&consentd__triage__descriptor, triage_names[i]));
    assert_int_equal (consentd__triage__descriptor.n_fields, TRIAGE_PARTS);
}

/* C15. */
static void test_a_manager_who_is_missing_is_named_by_the_rule_that_wants_one (void **state)
{
    (void)state;
    prepare_check ();
    decision.items[2].heard = (struct rule_codes){1, {TRIAGE_INCOMPLETE}};
    decision.items[2].manager_missing = true;
    decision.triage_missing = 1U << 0;
    const Consentd__Reason *reason = sent ()->check->items[2]->reasons[0];
    assert_string_equal (reason->rule, "C15");
    assert_int_equal (reason->n_details, 1);
    assert_string_equal (reason->details[0], "manager_consulted");
    assert_int_equal (sent ()->check->n_asked, 0);
    decision.manager_asked = true;
    const Consentd__CheckReply *check = sent ()->check;
    assert_int_equal (check->n_asked, 1);
    assert_string_equal (check->asked[0], "manager_consulted");
    assert_non_null (
        protobuf_c_message_descriptor_get_field_by_name (&consentd__check_request__descriptor, check->asked[0]));
}

static void test_against_the_will_is_said_to_who_may_hear_it (void **state)
{
    (void)state;
    prepare_check ();
    decision.items[0].against_will = true;
    assert_false (sent ()->check->items[0]->against_will);
    decision.items[0].against_will_heard = true;
    assert_true (sent ()->check->items[0]->against_will);
    assert_false (sent ()->check->items[1]->against_will);
}

static void test_obligations_come_with_what_is_to_be_reported_done_and_when (void **state)
{
    (void)state;
    prepare_check ();
    const Consentd__CheckReply *check = sent ()->check;
    assert_int_equal (check->n_obligations, 1);
    assert_int_equal (check->obligations[0], CONSENTD__OBLIGATION__KEEP_SECRET);
    assert_int_equal (check->n_duties, 0);
    asked.provider = "kernteam";
    asked.recipient = "gemeente";
    asked.mode = MODE_DISCLOSE;
    obligations = (struct obligations){
        .keep_secret = true,
        .one_time = true,
        .duties = {{.kind = OBLIGATION_INFORM_SUBJECT, .due = 1700000000000, .deferrable = true},
                   {.kind = OBLIGATION_RECORD_IN_PLAN, .due = 1700000000001, .done = true},
                   {.kind = OBLIGATION_INFORM_OF_SOURCE, .due = 1700000000002, .holder_is_recipient = true}},
        .duty_count = 3,
    };
    check = sent ()->check;
    assert_int_equal (check->n_obligations, 5);
    assert_int_equal (check->obligations[1], CONSENTD__OBLIGATION__ONE_TIME);
    assert_int_equal (check->obligations[2], CONSENTD__OBLIGATION__INFORM_SUBJECT);
    assert_int_equal (check->obligations[3], CONSENTD__OBLIGATION__RECORD_IN_PLAN);
    assert_int_equal (check->n_duties, 3);
    assert_string_equal (check->duties[1]->holder, "kernteam");
    assert_string_equal (check->duties[2]->holder, "gemeente");
    assert_int_equal (check->duties[0]->decision, 77);
    assert_int_equal (check->duties[0]->kind, CONSENTD__OBLIGATION__INFORM_SUBJECT);
    assert_int_equal (check->duties[0]->due, 1700000000000);
    assert_string_equal (check->duties[0]->holder, "kernteam");
    assert_true (check->duties[0]->deferrable);
    assert_int_equal (check->duties[0]->done_at, 0);
    assert_false (check->duties[1]->deferrable);
    assert_int_equal (check->duties[1]->done_at, 1699999999999);
    asked.mode = MODE_ADVISE; /* nothing was made that could be named */
    assert_int_equal (sent ()->check->duties[0]->decision, 0);
}

static void test_never_is_zero_on_the_wire (void **state)
{
    (void)state;
    prepare_check ();
    assert_int_equal (sent ()->check->until, 0);
    decision.until = 1800000000000;
    assert_int_equal (sent ()->check->until, 1800000000000);
}

static void test_what_was_recorded_names_what_it_supersedes (void **state)
{
    (void)state;
    prepare (REPLY_CONSENT_RECORDED);
    const struct id superseded[] = {{{1}}, {{2}}};
    reply.as.consent_recorded.consent_id.bytes[0] = 9;
    reply.as.consent_recorded.superseded = superseded;
    reply.as.consent_recorded.superseded_count = 2;
    const Consentd__ConsentRecordedReply *recorded = sent ()->consent_recorded;
    assert_id (recorded->consent_id, &reply.as.consent_recorded.consent_id);
    assert_int_equal (recorded->n_superseded, 2);
    assert_id (recorded->superseded[1], &superseded[1]);
    assert_int_equal (recorded->subject_ref.len, 16);
}

static void test_a_revocation_tells_who_is_informed (void **state)
{
    (void)state;
    prepare (REPLY_REVOKE);
    const char *const informed[] = {"cak", "svb"};
    const char *origins[] = {"wmo"};
    const struct statement covering = {.id = {5}, .scope = {.case_ref = "zaak-1", .origins = {origins, 1}}};
    const struct statement *const still[] = {&covering};
    reply.as.revoke.already = true;
    reply.as.revoke.informed = informed;
    reply.as.revoke.informed_count = 2;
    reply.as.revoke.still_covering = still;
    reply.as.revoke.still_covering_count = 1;
    const Consentd__RevokeReply *revoke = sent ()->revoke;
    assert_true (revoke->already);
    assert_int_equal (revoke->n_informed, 2);
    assert_string_equal (revoke->informed[1], "svb");
    assert_int_equal (revoke->n_still_covered_by, 1);
    assert_memory_equal (revoke->still_covered_by[0].data, covering.id, sizeof covering.id);
    assert_int_equal (revoke->n_still_covering, 1);
    assert_memory_equal (revoke->still_covering[0]->consent_id.data, covering.id, sizeof covering.id);
    assert_string_equal (revoke->still_covering[0]->case_ref, "zaak-1");
    assert_string_equal (revoke->still_covering[0]->origins[0], "wmo");
}

static const char *party_names[] = {"cak", "kernteam"};
static struct signature signatures[] = {{"subject", 100}};
static struct withdrawal withdrawals[] = {{
    .recipients = {party_names, 1},
    .withdrawn_by = "subject",
    .withdrawn_at = 400,
    .recorded_at = 500,
    .recorded_by = "kernteam",
}};

static const struct statement consent = {
    .id = {1},
    .scope = {.providers = {party_names, 2}, .purpose = "toeleiding", .case_ref = "zaak-1"},
    .motivation = "Hulp",
    .form = FORM_ORAL,
    .evidence_reference = "dossier-1",
    .evidence_sha256 = {0xee},
    .has_evidence = true,
    .notice = {"folder", "3", "nl", 99},
    .signatures = signatures,
    .signature_count = 1,
    .valid_from = 200,
    .valid_until = MOMENT_NEVER,
    .one_time = true,
    .recorded_at = 150,
    .recorded_by = "kernteam",
    .user = "medewerker-17",
    .used_at = 300,
    .withdrawals = withdrawals,
    .withdrawal_count = 1,
};

static void test_a_consent_is_shown_whole_to_whoever_may_see_it_whole (void **state)
{
    (void)state;
    prepare (REPLY_CONSENT_SHOW);
    reply.as.consent_show = (struct shown_consent){&consent, STATE_USED_UP, {{6}}, true};
    const Consentd__Consent *shown = sent ()->consent_show->consent;
    assert_id (shown->consent_id, consent.id);
    assert_int_equal (shown->state, CONSENTD__CONSENT__STATE__USED_UP);
    assert_int_equal (shown->scope->n_providers, 2);
    assert_string_equal (shown->scope->providers[1], "kernteam");
    assert_string_equal (shown->scope->case_ref, "zaak-1");
    assert_string_equal (shown->motivation, "Hulp");
    assert_int_equal (shown->form, CONSENTD__FORM__ORAL);
    assert_string_equal (shown->evidence->reference, "dossier-1");
    assert_int_equal (shown->evidence->sha256.len, 32);
    assert_string_equal (shown->notice->version, "3");
    assert_int_equal (shown->notice->given_at, 99);
    assert_int_equal (shown->n_signatures, 1);
    assert_int_equal (shown->signatures[0]->given_at, 100);
    assert_int_equal (shown->valid_from, 200);
    assert_int_equal (shown->valid_until, 0);
    assert_true (shown->one_time);
    assert_int_equal (shown->used_at, 300);
    assert_int_equal (shown->n_withdrawals, 1);
    assert_string_equal (shown->withdrawals[0]->recipients[0], "cak");
    assert_int_equal (shown->withdrawals[0]->recorded_at, 500);
    assert_int_equal (shown->subject_ref.data[0], 6);
}

static void test_a_consent_is_shown_in_part_to_a_party_it_names (void **state)
{
    (void)state;
    prepare (REPLY_CONSENT_LIST);
    const struct shown_consent consents[] = {{&consent, STATE_GRANTED, {{6}}, false},
                                             {&consent, STATE_GRANTED, {{6}}, true}};
    reply.as.consent_list.consents = consents;
    reply.as.consent_list.count = 2;
    reply.as.consent_list.more = true;
    const Consentd__ConsentListReply *list = sent ()->consent_list;
    assert_true (list->more);
    assert_int_equal (list->n_consents, 2);
    assert_string_equal (list->consents[0]->motivation, "");
    assert_null (list->consents[0]->evidence);
    assert_int_equal (list->consents[0]->n_signatures, 0);
    assert_int_equal (list->consents[0]->withdrawals[0]->recorded_at, 500);
    assert_string_equal (list->consents[0]->withdrawals[0]->withdrawn_by, "");
    assert_string_equal (list->consents[0]->scope->purpose, "toeleiding");
    assert_string_equal (list->consents[1]->motivation, "Hulp");
    assert_string_equal (list->consents[1]->withdrawals[0]->withdrawn_by, "subject");
}

static void test_a_consent_that_was_asked_for_says_by_whom_and_when (void **state)
{
    (void)state;
    prepare (REPLY_CONSENT_SHOW);
    reply.as.consent_show = (struct shown_consent){&consent, STATE_DEFERRED, {{6}}, false, "cak", 140};
    const Consentd__Consent *shown = sent ()->consent_show->consent;
    assert_int_equal (shown->state, CONSENTD__CONSENT__STATE__DEFERRED);
    assert_string_equal (shown->asked_by, "cak");
    assert_int_equal (shown->asked_at, 140);
    reply.as.consent_show.asked_by = NULL;
    reply.as.consent_show.asked_at = 0;
    assert_string_equal (sent ()->consent_show->consent->asked_by, "");
}

static void test_the_waiting_list_says_whom_to_ask_and_what (void **state)
{
    (void)state;
    prepare (REPLY_WAITING_LIST);
    const struct consent_request request = {
        .bsn = "999900006", .asked = consent, .deferred_at = 900, .deferred_reason = "Later"};
    const struct shown_waiting waiting[] = {{&request, {{1}}, {{6}}, 150}, {NULL, {{2}}, {{0}}, 160}};
    reply.as.waiting_list.requests = waiting;
    reply.as.waiting_list.count = 2;
    reply.as.waiting_list.more = true;
    reply.as.waiting_list.next[23] = 9;
    const Consentd__WaitingListReply *list = sent ()->waiting_list;
    assert_int_equal (list->n_requests, 2);
    const Consentd__Waiting *one = list->requests[0];
    assert_id (one->consent_id, &waiting[0].consent_id);
    assert_id (one->subject_ref, &waiting[0].subject_ref);
    assert_string_equal (one->bsn, "999900006");
    assert_string_equal (one->scope->providers[1], "kernteam");
    assert_string_equal (one->motivation, "Hulp");
    assert_int_equal (one->valid_from, 200);
    assert_true (one->one_time);
    assert_string_equal (one->asked_by, "kernteam");
    assert_int_equal (one->asked_at, 150);
    assert_int_equal (one->deferred_at, 900);
    assert_string_equal (one->deferred_reason, "Later");
    one = list->requests[1];
    assert_id (one->consent_id, &waiting[1].consent_id);
    assert_int_equal (one->asked_at, 160);
    assert_string_equal (one->bsn, "");
    assert_null (one->scope);
    assert_int_equal (one->subject_ref.len, 0);
    assert_true (list->more);
    assert_int_equal (list->next.len, 24);
    assert_int_equal (list->next.data[23], 9);
    reply.as.waiting_list.more = false;
    assert_int_equal (sent ()->waiting_list->next.len, 0);
}

static void test_a_subject_is_shown_in_days (void **state)
{
    (void)state;
    prepare (REPLY_SUBJECT_SHOW);
    struct representative representative = {.reference = "ouder-1",
                                            .kind = "voogd",
                                            .from = {2010, 2, 28},
                                            .refused_from = {2012, 1, 1},
                                            .refused_reason = "Reden",
                                            .from_recorded = 1001,
                                            .until_recorded = 1002,
                                            .refused_recorded = 1003};
    struct capability capability = {{2020, 12, 31}, true, 1004};
    const struct id ended = {{1}}, restored[] = {{{2}}, {{3}}};
    struct subject subject = {.known = true,
                              .birth = {2004, 2, 29},
                              .death_recorded = 1005,
                              .representatives = &representative,
                              .representative_count = 1,
                              .capabilities = &capability,
                              .capability_count = 1};
    reply.as.subject_show.subject = &subject;
    const Consentd__SubjectShowReply *shown = sent ()->subject_show;
    assert_true (shown->known);
    assert_string_equal (shown->birth_date, "2004-02-29");
    assert_string_equal (shown->death_date, "");
    assert_string_equal (shown->representatives[0]->from, "2010-02-28");
    assert_string_equal (shown->representatives[0]->until, "");
    assert_string_equal (shown->representatives[0]->refused_from, "2012-01-01");
    assert_string_equal (shown->representatives[0]->refused_reason, "Reden");
    assert_string_equal (shown->capabilities[0]->from, "2020-12-31");
    assert_true (shown->capabilities[0]->capable);
    assert_int_equal (shown->subject_ref.len, 16);
    assert_int_equal (shown->representatives[0]->from_recorded_at, 1001);
    assert_int_equal (shown->representatives[0]->until_recorded_at, 1002);
    assert_int_equal (shown->representatives[0]->refused_recorded_at, 1003);
    assert_int_equal (shown->capabilities[0]->recorded_at, 1004);
    assert_int_equal (shown->death_recorded_at, 1005);
    assert_int_equal (shown->version.len + shown->n_ended + shown->n_restored, 0);

    struct shown_subject *change = &reply.as.subject_show;
    change->has_version = true;
    change->version = (struct id){{9}};
    change->ended = &ended;
    change->ended_count = 1;
    change->restored = restored;
    change->restored_count = 2;
    shown = sent ()->subject_show;
    assert_id (shown->version, &change->version);
    assert_int_equal (shown->n_ended, 1);
    assert_id (shown->ended[0], &ended);
    assert_int_equal (shown->n_restored, 2);
    assert_id (shown->restored[1], &restored[1]);
    *change = (struct shown_subject){.subject = &subject};

    subject.known = false;
    shown = sent ()->subject_show;
    assert_false (shown->known);
    assert_int_equal (shown->n_representatives, 0);
    assert_int_equal (shown->subject_ref.len, 0);
}

static void test_an_event_holds_no_more_than_it_needs (void **state)
{
    (void)state;
    prepare (REPLY_EVENT);
    reply.has_key = false;
    reply.as.event = (struct event){
        .number = 5,
        .kind = EVENT_CONSENT_REVOKED,
        .time = 600,
        .consent_id = {{1}},
        .subject_ref = {{2}},
        .providers = {party_names, 2},
        .purpose = "toeleiding",
        .whole = true,
        .revision = 41,
    };
    const Consentd__EventPush *event = sent ()->event;
    assert_int_equal (event->number, 5);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_REVOKED);
    assert_int_equal (event->n_providers, 2);
    assert_id (event->consent_id, &reply.as.event.consent_id);
    assert_id (event->subject_ref, &reply.as.event.subject_ref);
    assert_true (event->whole);
    assert_int_equal (event->revision, 41);

    reply.as.event.kind = EVENT_CONSENT_ANSWERED;
    reply.as.event.answer = ANSWER_DEFERRED;
    event = sent ()->event;
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_ANSWERED);
    assert_int_equal (event->answer, CONSENTD__ANSWER__ANSWER_DEFERRED);
    assert_id (event->consent_id, &reply.as.event.consent_id);

    reply.as.event.kind = EVENT_HEARTBEAT;
    event = sent ()->event;
    assert_int_equal (event->number, 5);
    assert_int_equal (event->consent_id.len, 0);
    assert_int_equal (event->n_providers, 0);
}

static void test_operators_see_parties_log_and_lag (void **state)
{
    (void)state;
    prepare (REPLY_PARTY_LIST);
    const struct shown_party parties[] = {
        {.text = {.id = "cak", .kind = "cak", .contact = "Service", .active = true}}};
    reply.as.party_list.parties = parties;
    reply.as.party_list.count = 1;
    const Consentd__PartyListReply *party_list = sent ()->party_list;
    assert_string_equal (party_list->parties[0]->contact, "Service");
    assert_string_equal (party_list->parties[0]->agreement_from, "");
    assert_true (party_list->parties[0]->active);

    prepare (REPLY_AUDIT_LIST);
    const struct audit_line lines[] = {
        {.number = 1,
         .action = "check",
         .has_object = true,
         .object = {{4}},
         .raw = "raw",
         .raw_size = 3,
         .hash = {8}},
        {.number = 2, .action = "sign-in"},
    };
    reply.as.audit_list.lines = lines;
    reply.as.audit_list.count = 2;
    reply.as.audit_list.newest = 9;
    reply.as.audit_list.looked_until = 2;
    const Consentd__AuditListReply *audit_list = sent ()->audit_list;
    assert_int_equal (audit_list->entries[0]->object.len, 16);
    assert_int_equal (audit_list->entries[0]->raw.len, 3);
    assert_int_equal (audit_list->entries[0]->hash.len, 32);
    assert_int_equal (audit_list->entries[1]->object.len, 0);
    assert_int_equal (audit_list->entries[1]->raw.len, 0);
    assert_string_equal (audit_list->entries[1]->action, "sign-in");
    assert_int_equal (audit_list->newest, 9);
    assert_int_equal (audit_list->looked_until, 2);
    assert_int_equal (audit_list->newest_hash.len, 32);

    prepare (REPLY_EVENTS_LAG);
    const struct party_lag lags[] = {{"cak", 9, 7, 800, true}};
    reply.as.events_lag.parties = lags;
    reply.as.events_lag.count = 1;
    const Consentd__PartyLag *lag = sent ()->events_lag->parties[0];
    assert_int_equal (lag->newest, 9);
    assert_int_equal (lag->acknowledged, 7);
    assert_int_equal (lag->oldest_waiting, 800);
    assert_true (lag->subscribed);
}

static void test_the_small_answers_go_out_whole (void **state)
{
    (void)state;
    const uint8_t hash[32] = {0xaa};
    prepare (REPLY_WHOAMI);
    const char *permissions[] = {"check", "grant"};
    reply.as.whoami.party = "kernteam";
    reply.as.whoami.permissions = permissions;
    reply.as.whoami.permission_count = 2;
    reply.as.whoami.policy_hash = hash;
    const Consentd__WhoamiReply *whoami = sent ()->whoami;
    assert_string_equal (whoami->party, "kernteam");
    assert_string_equal (whoami->permissions[1], "grant");
    assert_int_equal (whoami->policy_hash.len, 32);

    prepare (REPLY_STATUS);
    reply.as.status = (struct status_report){.server = "0.1.0",
                                             .consents = 1,
                                             .store_reserve = 2,
                                             .store_state = "95 %",
                                             .store_operators = 11,
                                             .store_operators_taken = 12,
                                             .store_withdrawals = 13,
                                             .store_withdrawals_taken = 14,
                                             .store_refused = 15,
                                             .failed_commits = 16,
                                             .parties = 3,
                                             .clock_stopped = true,
                                             .kept_time = 4,
                                             .wall_time = 5};
    const Consentd__StatusReply *status = sent ()->status_report;
    assert_string_equal (status->server, "0.1.0");
    assert_int_equal (status->consents, 1);
    assert_int_equal (status->store_reserve, 2);
    assert_string_equal (status->store_state, "95 %");
    assert_int_equal (status->store_operators, 11);
    assert_int_equal (status->store_operators_taken, 12);
    assert_int_equal (status->store_withdrawals, 13);
    assert_int_equal (status->store_withdrawals_taken, 14);
    assert_int_equal (status->store_refused, 15);
    assert_int_equal (status->failed_commits, 16);
    assert_int_equal (status->parties, 3);
    assert_true (status->clock_stopped);
    assert_int_equal (status->kept_time, 4);
    assert_int_equal (status->wall_time, 5);
    assert_int_equal (status->policy_hash.len, 0);

    prepare (REPLY_SUBSCRIBE);
    reply.as.subscribe.next = 4;
    reply.as.subscribe.acknowledged = 3;
    assert_int_equal (sent ()->subscribe->next, 4);
    assert_int_equal (sent ()->subscribe->acknowledged, 3);
    prepare (REPLY_ACKNOWLEDGE);
    reply.as.acknowledge.acknowledged = 3;
    assert_int_equal (sent ()->acknowledge->acknowledged, 3);
}

/* An answer of exactly `size` bytes: its message is filled up to that. */
static void prepare_size (size_t size)
{
    prepare (REPLY_NONE);
    static char text[CODEC_MESSAGE_LIMIT + 1];
    memset (text, 'a', sizeof text);
    size_t length = size - 200;
    do {
        text[length] = '\0';
        reply.message = text;
        codec_write_reply (&reply, arena, &message);
        text[length] = 'a';
        length += size - message.size;
    } while (message.size < size);
}

static void test_an_answer_that_does_not_fit_becomes_unavailable (void **state)
{
    (void)state;
    prepare_size (CODEC_MESSAGE_LIMIT - 4);
    assert_int_equal (received ()->status, CONSENTD__STATUS__OK);

    static char text[CODEC_MESSAGE_LIMIT];
    memset (text, 'a', sizeof text - 1);
    reply.message = text;
    const Consentd__Reply *wire = sent ();
    assert_int_equal (wire->status, CONSENTD__STATUS__UNAVAILABLE);
    assert_string_equal (wire->message, "The answer does not fit in one message.");
    assert_id (wire->idempotency_key, reply.idempotency_key);
    assert_int_equal (wire->body_case, CONSENTD__REPLY__BODY__NOT_SET);
}

static void test_a_replay_is_the_recorded_answer_with_its_marks (void **state)
{
    (void)state;
    prepare_check ();
    struct bytes recorded, marked;
    codec_write_reply (&reply, arena, &recorded);
    assert_int_equal (codec_mark_replayed (recorded.data, recorded.size, false, arena, &marked), 0);
    message = marked;
    const Consentd__Reply *wire = received ();
    assert_true (wire->replayed);
    assert_false (wire->revoked_since);
    assert_int_equal (wire->time, 1700000000000);
    assert_int_equal (wire->check->n_items, 3);

    assert_int_equal (codec_mark_replayed (recorded.data, recorded.size, true, arena, &marked), 0);
    message = marked;
    wire = received ();
    assert_true (wire->replayed);
    assert_true (wire->revoked_since);
}

static void test_marking_twice_marks_once (void **state)
{
    (void)state;
    prepare_check ();
    reply.replayed = reply.revoked_since = true;
    codec_write_reply (&reply, arena, &message);
    assert_int_equal (codec_mark_replayed (message.data, message.size, false, arena, &message), 0);
    assert_true (received ()->replayed);
    assert_false (received ()->revoked_since);
}

static void test_the_largest_answer_can_still_be_marked (void **state)
{
    (void)state;
    prepare_size (CODEC_MESSAGE_LIMIT - 4);
    assert_int_equal (codec_mark_replayed (message.data, message.size, true, arena, &message), 0);
    assert_int_equal (message.size, CODEC_MESSAGE_LIMIT);
    assert_true (received ()->revoked_since);
}

static void test_what_is_no_answer_is_not_marked (void **state)
{
    (void)state;
    assert_int_equal (codec_mark_replayed ("\x08\x01\x12\x10zz", 6, false, arena, &message), -EBADMSG);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_an_answer_carries_key_epoch_revision_and_time),
        cmocka_unit_test (test_a_rejection_lists_every_code_with_its_rule),
        cmocka_unit_test (test_a_check_tells_every_item_with_its_ground_or_its_reasons),
        cmocka_unit_test (test_a_caller_hears_no_reason_that_is_not_its_to_hear),
        cmocka_unit_test (test_a_permit_without_consent_names_its_ground),
        cmocka_unit_test (test_what_the_triage_decision_lacks_is_named_with_that_reason),
        cmocka_unit_test (test_a_manager_who_is_missing_is_named_by_the_rule_that_wants_one),
        cmocka_unit_test (test_against_the_will_is_said_to_who_may_hear_it),
        cmocka_unit_test (test_obligations_come_with_what_is_to_be_reported_done_and_when),
        cmocka_unit_test (test_never_is_zero_on_the_wire),
        cmocka_unit_test (test_what_was_recorded_names_what_it_supersedes),
        cmocka_unit_test (test_a_revocation_tells_who_is_informed),
        cmocka_unit_test (test_a_consent_is_shown_whole_to_whoever_may_see_it_whole),
        cmocka_unit_test (test_a_consent_is_shown_in_part_to_a_party_it_names),
        cmocka_unit_test (test_a_consent_that_was_asked_for_says_by_whom_and_when),
        cmocka_unit_test (test_the_waiting_list_says_whom_to_ask_and_what),
        cmocka_unit_test (test_a_subject_is_shown_in_days),
        cmocka_unit_test (test_an_event_holds_no_more_than_it_needs),
        cmocka_unit_test (test_operators_see_parties_log_and_lag),
        cmocka_unit_test (test_the_small_answers_go_out_whole),
        cmocka_unit_test (test_an_answer_that_does_not_fit_becomes_unavailable),
        cmocka_unit_test (test_a_replay_is_the_recorded_answer_with_its_marks),
        cmocka_unit_test (test_marking_twice_marks_once),
        cmocka_unit_test (test_the_largest_answer_can_still_be_marked),
        cmocka_unit_test (test_what_is_no_answer_is_not_marked),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
