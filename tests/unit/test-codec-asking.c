/* Requests for consent (G1) on the wire: asked, listed, deferred, answered. */
#include "fixture_codec.h"
#include "testing.h"
#include <string.h>

static Consentd__AskRequest ask;
static Consentd__WaitingListRequest list;
static Consentd__DeferRequest defer;

/* The scope is that of a grant. */
static void prepare_ask (void)
{
    prepare_grant ();
    consentd__ask_request__init (&ask);
    ask.bsn = BSN;
    ask.scope = &wire.scope;
    ask.motivation = "Hulp bij het huishouden";
    ask.valid_until = 2000;
    ask.user = "zorgverlener-4";
    prepare_envelope (CONSENTD__REQUEST__BODY_ASK, &ask);
}

static void prepare_list (void)
{
    consentd__waiting_list_request__init (&list);
    prepare_envelope (CONSENTD__REQUEST__BODY_WAITING_LIST, &list);
}

static void prepare_defer (void)
{
    consentd__defer_request__init (&defer);
    defer.consent_id = (ProtobufCBinaryData){16, key};
    defer.reason = "Wil eerst overleggen";
    defer.user = "medewerker-17";
    prepare_envelope (CONSENTD__REQUEST__BODY_DEFER, &defer);
}

static void test_a_request_is_read_as_it_was_asked (void **state)
{
    (void)state;
    prepare_ask ();
    ask.valid_from = 1500;
    ask.one_time = true;
    assert_read ();
    assert_int_equal (request.verb, VERB_ASK);
    assert_string_equal (request.bsn, BSN);
    const struct statement *asked = &request.as.statement.statement;
    assert_false (asked->refusal);
    assert_int_equal (asked->scope.providers.count, 2);
    assert_string_equal (asked->scope.purpose, "toeleiding");
    assert_string_equal (asked->motivation, "Hulp bij het huishouden");
    assert_int_equal (asked->valid_from, 1500);
    assert_int_equal (asked->valid_until, 2000);
    assert_true (asked->one_time);
    assert_string_equal (request.user, "zorgverlener-4");
    assert_int_equal (asked->form, FORM_NONE);
    assert_int_equal (asked->signature_count, 0);
    assert_string_equal (asked->notice.id, "");
    assert_false (request.as.statement.has_answers);
}

static void test_the_fields_of_a_request_are_checked (void **state)
{
    (void)state;
    prepare_ask ();
    ask.bsn = "999900007";
    assert_invalid ("ask.bsn");
    prepare_ask ();
    ask.user = "";
    assert_invalid ("ask.user");
    ask.user = BSN;
    assert_invalid ("ask.user");
    prepare_ask ();
    ask.valid_from = -1;
    assert_invalid ("ask.valid_from");
    prepare_ask ();
    ask.valid_until = INT64_MAX;
    assert_invalid ("ask.valid_until");
    prepare_ask ();
    ask.motivation = text_of (1001);
    assert_invalid ("ask.motivation");
    prepare_ask ();
    wire.scope.case_ref = BSN;
    assert_invalid ("ask.scope.case_ref");
    wire.scope.case_ref = "";
    wire.scope.purpose = text_of (65);
    assert_invalid ("ask.scope.purpose");
}

static void test_a_blanket_request_is_let_through_as_it_came (void **state)
{
    (void)state;
    prepare_ask ();
    ask.scope = NULL;
    assert_read ();
    assert_int_equal (request.as.statement.statement.scope.providers.count, 0);
    assert_string_equal (request.as.statement.statement.scope.purpose, "");
}

static void test_an_answer_names_the_request_or_none (void **state)
{
    (void)state;
    prepare_grant ();
    assert_read ();
    assert_false (request.as.statement.has_answers);
    wire.grant.answers = (ProtobufCBinaryData){16, key};
    assert_read ();
    assert_true (request.as.statement.has_answers);
    assert_memory_equal (request.as.statement.answers, key, 16);
    wire.grant.answers.len = 15;
    assert_invalid ("grant.answers");

    prepare_refuse ();
    assert_read ();
    assert_false (request.as.statement.has_answers);
    wire.refuse.answers = (ProtobufCBinaryData){16, key};
    assert_read ();
    assert_memory_equal (request.as.statement.answers, key, 16);
    wire.refuse.answers.len = 1;
    assert_invalid ("refuse.answers");
}

static void test_the_list_is_of_all_or_of_one_and_goes_on_at_a_cursor (void **state)
{
    (void)state;
    prepare_list ();
    assert_read ();
    assert_int_equal (request.verb, VERB_WAITING_LIST);
    assert_string_equal (request.bsn, "");
    assert_int_equal (request.page.after.bytes.size, 0);
    assert_int_equal (request.page.limit, 16);

    static uint8_t cursor[25] = {1, [23] = 2};
    list.bsn = BSN;
    list.after = (ProtobufCBinaryData){24, cursor};
    list.limit = 32;
    assert_read ();
    assert_string_equal (request.bsn, BSN);
    assert_int_equal (request.page.after.bytes.size, 24);
    assert_memory_equal (request.page.after.bytes.data, cursor, 24);
    assert_int_equal (request.page.limit, 32);

    list.limit = 33;
    assert_invalid ("waiting_list.limit");
    list.limit = 0;
    list.after.len = 25;
    assert_invalid ("waiting_list.after");
    list.after.len = 16;
    assert_invalid ("waiting_list.after");
    list.after.len = 0;
    list.bsn = "999900007";
    assert_invalid ("waiting_list.bsn");
}

static void test_what_is_deferred_has_a_reason_and_a_user (void **state)
{
    (void)state;
    prepare_defer ();
    assert_read ();
    assert_int_equal (request.verb, VERB_DEFER);
    assert_memory_equal (request.as.defer.consent_id, key, 16);
    assert_string_equal (request.as.defer.reason, "Wil eerst overleggen");
    assert_string_equal (request.user, "medewerker-17");
    defer.consent_id.len = 15;
    assert_invalid ("defer.consent_id");
    prepare_defer ();
    defer.reason = "";
    assert_invalid ("defer.reason");
    defer.reason = text_of (1001);
    assert_invalid ("defer.reason");
    prepare_defer ();
    defer.user = "";
    assert_invalid ("defer.user");
}

/* A3: who lists the log sees that it was deferred, not why. */
static void test_a_listing_of_the_log_leaves_the_reason_out (void **state)
{
    (void)state;
    prepare_defer ();
    assert_read ();
    struct codec_evidence evidence = {.request = {packed, packed_size}};
    const char *described = codec_describe (arena, &evidence);
    assert_non_null (strstr (described, "medewerker-17"));
    assert_null (strstr (described, "overleggen"));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_request_is_read_as_it_was_asked),
        cmocka_unit_test (test_the_fields_of_a_request_are_checked),
        cmocka_unit_test (test_a_blanket_request_is_let_through_as_it_came),
        cmocka_unit_test (test_an_answer_names_the_request_or_none),
        cmocka_unit_test (test_the_list_is_of_all_or_of_one_and_goes_on_at_a_cursor),
        cmocka_unit_test (test_what_is_deferred_has_a_reason_and_a_user),
        cmocka_unit_test (test_a_listing_of_the_log_leaves_the_reason_out),
    };
    return cmocka_run_group_tests (tests, setup_codec, teardown_codec);
}
