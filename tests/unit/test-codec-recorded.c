/* A decision that is looked back on: told as it was asked and answered, from what the log keeps of it. */
#include "codec/codec_recorded.h"
#include <string.h>
#include "fixture_reply.h"
#include "testing.h"

static const uint8_t key[16] = {1}, hash[32] = {0xee};

static struct bytes packed (const ProtobufCMessage *wire)
{
    size_t size = protobuf_c_message_get_packed_size (wire);
    uint8_t *data = arena_alloc (reply_arena, size);
    protobuf_c_message_pack (wire, data);
    return (struct bytes){data, size};
}

/* A request as the log keeps it, in its own bytes. */
static struct asked_check {
    Consentd__Request envelope;
    Consentd__CheckRequest check;
    Consentd__Item item, *items[1];
    Consentd__WrittenRequest written;
    Consentd__Evidence evidence;
    Consentd__UrgentReasons urgent;
    Consentd__Triage triage;
    char *by[2];
} asked;

static char bsn[] = "*********", provider[] = "kernteam", recipient[] = "cak", purpose[] = "toekenning",
            naw[] = "naw", vader[] = "vader", moeder[] = "moeder", stuk[] = "stuk-1", user[] = "medewerker-1";

static void prepare_asked (void)
{
    consentd__request__init (&asked.envelope);
    consentd__check_request__init (&asked.check);
    consentd__item__init (&asked.item);
    consentd__written_request__init (&asked.written);
    consentd__evidence__init (&asked.evidence);
    consentd__urgent_reasons__init (&asked.urgent);
    consentd__triage__init (&asked.triage);
    asked.envelope.version = 1;
    asked.envelope.idempotency_key = (ProtobufCBinaryData){sizeof key, (uint8_t *)(uintptr_t)key};
    asked.envelope.body_case = CONSENTD__REQUEST__BODY_CHECK;
    asked.envelope.check = &asked.check;
    asked.check.bsn = bsn;
    asked.check.provider = provider;
    asked.check.recipient = recipient;
    asked.check.purpose = purpose;
    asked.check.user = user;
    asked.check.mode = CONSENTD__MODE__DISCLOSE;
    asked.check.items = asked.items;
    asked.check.n_items = 1;
    asked.items[0] = &asked.item;
    asked.item.category = naw;
    asked.by[0] = vader; /* not sorted: as it was asked */
    asked.by[1] = moeder;
    asked.written.by = asked.by;
    asked.written.n_by = 2;
    asked.written.given_at = 1700000000000;
    asked.written.evidence = &asked.evidence;
    asked.evidence.reference = stuk;
    asked.evidence.sha256 = (ProtobufCBinaryData){sizeof hash, (uint8_t *)(uintptr_t)hash};
    asked.urgent.reason = naw;
    asked.urgent.triage = &asked.triage;
    asked.triage.necessity = stuk;
    asked.triage.inform = CONSENTD__INFORM__AFTER;
    asked.triage.inform_by = 1700000000001;
}

/* What is told of the record. */
static const Consentd__DecisionShowReply *told (const struct recorded_check *recorded)
{
    fixture_prepare (REPLY_DECISION_SHOW);
    reply.as.decision_show.number = 7;
    codec_read_recorded (recorded, reply_arena, &reply.as.decision_show);
    return fixture_sent ()->decision_show;
}

static void assert_told_as_asked (void)
{
    const struct recorded_check recorded = {.request = packed (&asked.envelope.base)};
    const Consentd__DecisionShowReply *shown = told (&recorded);
    assert_non_null (shown->check);
    char nobody[] = "";
    asked.check.bsn = nobody;
    struct bytes expected = packed (&asked.check.base), found = packed (&shown->check->base);
    assert_int_equal (found.size, expected.size);
    assert_memory_equal (found.data, expected.data, expected.size);
    assert_string_equal (reply.as.decision_show.asked->as.check.provider, "kernteam");
    assert_string_equal (reply.as.decision_show.asked->as.check.recipient, "cak");
}

static void test_a_check_is_told_as_it_was_asked_without_the_bsn (void **state)
{
    (void)state;
    prepare_asked ();
    assert_told_as_asked ();
    prepare_asked ();
    asked.check.written_request = &asked.written;
    assert_told_as_asked ();
    prepare_asked ();
    asked.check.urgent_reasons = &asked.urgent;
    assert_told_as_asked ();
}

static void test_an_answer_is_told_as_it_was_given (void **state)
{
    (void)state;
    fixture_prepare_check ();
    fixture_sent ();
    struct bytes recorded = message, answered = packed (&fixture_received ()->check->base), marked;
    assert_int_equal (codec_mark_replayed (recorded.data, recorded.size, true, reply_arena, &marked), 0);
    const struct recorded_check both[] = {{.reply = recorded}, {.reply = marked}};
    for (size_t i = 0; i < 2; i++) {
        const Consentd__DecisionShowReply *shown = told (&both[i]);
        assert_null (shown->check);
        struct bytes found = packed (&shown->reply->base);
        assert_int_equal (found.size, answered.size);
        assert_memory_equal (found.data, answered.data, answered.size);
    }
}

static void test_what_is_no_check_is_not_told_as_one (void **state)
{
    (void)state;
    prepare_asked ();
    Consentd__StatusRequest status = CONSENTD__STATUS_REQUEST__INIT;
    asked.envelope.body_case = CONSENTD__REQUEST__BODY_STATUS;
    asked.envelope.status = &status;
    fixture_prepare (REPLY_NONE);
    fixture_sent ();
    struct bytes other = packed (&asked.envelope.base), cut = {"\x8a\x01\x05\x0a", 4}, none = {NULL, 0};
    const struct recorded_check bad[] = {{other, message}, {cut, message}, {none, none}};
    for (size_t i = 0; i < 3; i++) {
        struct shown_decision shown = {.number = 1};
        assert_int_equal (codec_read_recorded (&bad[i], reply_arena, &shown), CODEC_INVALID);
        assert_null (shown.asked);
        assert_int_equal (shown.answer.size, 0);
        const Consentd__DecisionShowReply *wire = told (&bad[i]);
        assert_null (wire->check);
        assert_null (wire->reply);
    }
}

static void test_whoever_may_explain_sees_all_that_was_looked_at (void **state)
{
    (void)state;
    static const struct rule_codes reasons[] = {{2, {EXPIRED, SECRECY}}, {0, {0}}};
    static const struct party_text party = {
        .id = "kernteam", .kind = "sociaal-team", .role = "team", .contact = "Balie", .active = true};
    struct subject subject = {.known = true, .birth = {2004, 2, 29}};
    fixture_prepare (REPLY_DECISION_SHOW);
    struct shown_decision *shown = &reply.as.decision_show;
    *shown = (struct shown_decision){.number = 7,
                                     .policy_hash = hash,
                                     .all_reasons = reasons,
                                     .reason_count = 2,
                                     .provider = &party,
                                     .has_subject = true,
                                     .subject = {.subject = &subject, .subject_ref = {{6}}, .has_ref = true}};
    const Consentd__DecisionShowReply *wire = fixture_sent ()->decision_show;
    assert_int_equal (wire->policy_hash.len, 32);
    assert_int_equal (wire->n_all_reasons, 2);
    assert_int_equal (wire->all_reasons[0]->codes[1], CONSENTD__CODE__SECRECY);
    assert_int_equal (wire->all_reasons[1]->n_codes, 0);
    assert_string_equal (wire->provider->kind, "sociaal-team");
    assert_true (wire->provider->active);
    assert_null (wire->recipient);
    assert_string_equal (wire->subject->birth_date, "2004-02-29");
    fixture_assert_id (wire->subject->subject_ref, &shown->subject.subject_ref);

    /* Of a subject that was not known it is told that it was not. */
    subject = (struct subject){.known = false};
    shown->subject.has_ref = false;
    wire = fixture_sent ()->decision_show;
    assert_non_null (wire->subject);
    assert_false (wire->subject->known);
    shown->has_subject = false;
    assert_null (fixture_sent ()->decision_show->subject);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_check_is_told_as_it_was_asked_without_the_bsn),
        cmocka_unit_test (test_an_answer_is_told_as_it_was_given),
        cmocka_unit_test (test_what_is_no_check_is_not_told_as_one),
        cmocka_unit_test (test_whoever_may_explain_sees_all_that_was_looked_at),
    };
    return cmocka_run_group_tests_name ("codec-recorded", tests, fixture_reply_setup, fixture_reply_teardown);
}
