/* Answers: what goes out, as whoever receives it unpacks it. Their envelope, their size, and those that are given
   again. */
#include <errno.h>
#include <string.h>
#include "fixture_reply.h"
#include "testing.h"

static void test_an_answer_carries_key_epoch_revision_and_time (void **state)
{
    (void)state;
    fixture_prepare (REPLY_NONE);
    reply.status = STATUS_INVALID;
    reply.field = "check.bsn";
    reply.message = "A sentence.";
    const Consentd__Reply *wire = fixture_sent ();
    assert_int_equal (wire->version, 1);
    fixture_assert_id (wire->idempotency_key, reply.idempotency_key);
    assert_int_equal (wire->status, CONSENTD__STATUS__INVALID);
    assert_string_equal (wire->field, "check.bsn");
    assert_string_equal (wire->message, "A sentence.");
    fixture_assert_id (wire->epoch, reply.epoch);
    assert_int_equal (wire->revision, 42);
    assert_int_equal (wire->time, 1700000000000);
    assert_false (wire->replayed);
    assert_int_equal (wire->body_case, CONSENTD__REPLY__BODY__NOT_SET);

    reply.has_key = false;
    assert_int_equal (fixture_sent ()->idempotency_key.len, 0);
}

static void test_a_rejection_lists_every_code_with_its_rule (void **state)
{
    (void)state;
    fixture_prepare (REPLY_NONE);
    const char *details[] = {"kernteam > cak: gezondheid", "kernteam > svb: gezondheid"};
    const struct grant_refusal refusals[] = {
        {NOT_NEEDED, "G3", {details, 2}},
        {REPRESENTATION_MISSING, "G8", {NULL, 0}},
    };
    reply.status = STATUS_REJECTED;
    reply.refusals = refusals;
    reply.refusal_count = 2;
    const Consentd__Reply *wire = fixture_sent ();
    assert_int_equal (wire->n_refusals, 2);
    assert_int_equal (wire->refusals[0]->code, CONSENTD__CODE__NOT_NEEDED);
    assert_string_equal (wire->refusals[0]->rule, "G3");
    assert_int_equal (wire->refusals[0]->n_details, 2);
    assert_string_equal (wire->refusals[0]->details[1], details[1]);
    assert_int_equal (wire->refusals[1]->code, CONSENTD__CODE__REPRESENTATION_MISSING);
    assert_int_equal (wire->refusals[1]->n_details, 0);
}

static void test_the_small_answers_go_out_whole (void **state)
{
    (void)state;
    const uint8_t hash[32] = {0xaa};
    fixture_prepare (REPLY_WHOAMI);
    const char *permissions[] = {"check", "grant"};
    reply.as.whoami.party = "kernteam";
    reply.as.whoami.permissions = (struct text_set){permissions, 2};
    reply.as.whoami.policy_hash = hash;
    const Consentd__WhoamiReply *whoami = fixture_sent ()->whoami;
    assert_string_equal (whoami->party, "kernteam");
    assert_string_equal (whoami->permissions[1], "grant");
    assert_int_equal (whoami->policy_hash.len, 32);

    const struct shown_copy copies[] = {{"tweede", "full", 7, 8, 9, 10, true}};
    fixture_prepare (REPLY_STATUS);
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
                                             .metrics_fault = "m.prom: full",
                                             .parties = 3,
                                             .copies = copies,
                                             .copy_count = 1,
                                             .clock_stopped = true,
                                             .kept_time = 4,
                                             .wall_time = 5};
    const Consentd__StatusReply *status = fixture_sent ()->status_report;
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
    assert_string_equal (status->metrics_fault, "m.prom: full");
    assert_int_equal (status->parties, 3);
    assert_int_equal (status->n_copies, 1);
    assert_string_equal (status->copies[0]->name, "tweede");
    assert_string_equal (status->copies[0]->fault, "full");
    assert_int_equal (status->copies[0]->number, 7);
    assert_int_equal (status->copies[0]->behind, 8);
    assert_int_equal (status->copies[0]->behind_for, 9);
    assert_int_equal (status->copies[0]->heard_at, 10);
    assert_true (status->copies[0]->alarm);
    assert_true (status->clock_stopped);
    assert_int_equal (status->kept_time, 4);
    assert_int_equal (status->wall_time, 5);
    assert_int_equal (status->policy_hash.len, 0);

    fixture_prepare (REPLY_SUBSCRIBE);
    reply.as.subscribe.next = 4;
    reply.as.subscribe.acknowledged = 3;
    assert_int_equal (fixture_sent ()->subscribe->next, 4);
    assert_int_equal (fixture_sent ()->subscribe->acknowledged, 3);
    fixture_prepare (REPLY_ACKNOWLEDGE);
    reply.as.acknowledge.acknowledged = 3;
    assert_int_equal (fixture_sent ()->acknowledge->acknowledged, 3);
}

/* An answer of exactly `size` bytes: its message is filled up to that. */
static void prepare_size (size_t size)
{
    fixture_prepare (REPLY_NONE);
    static char text[CODEC_MESSAGE_LIMIT + 1];
    memset (text, 'a', sizeof text);
    size_t length = size - 200;
    do {
        text[length] = '\0';
        reply.message = text;
        codec_write_reply (&reply, reply_arena, &message);
        text[length] = 'a';
        length += size - message.size;
    } while (message.size < size);
}

static void test_an_answer_that_does_not_fit_becomes_unavailable (void **state)
{
    (void)state;
    prepare_size (CODEC_ANSWER_LIMIT - 4);
    assert_int_equal (fixture_received ()->status, CONSENTD__STATUS__OK);

    static char text[CODEC_MESSAGE_LIMIT];
    memset (text, 'a', sizeof text - 1);
    reply.message = text;
    const Consentd__Reply *wire = fixture_sent ();
    assert_int_equal (wire->status, CONSENTD__STATUS__UNAVAILABLE);
    assert_string_equal (wire->message, "The answer does not fit in one message.");
    fixture_assert_id (wire->idempotency_key, reply.idempotency_key);
    assert_int_equal (wire->body_case, CONSENTD__REPLY__BODY__NOT_SET);
}

static void test_a_replay_is_the_recorded_answer_with_its_marks (void **state)
{
    (void)state;
    fixture_prepare_check ();
    struct bytes recorded, marked;
    codec_write_reply (&reply, reply_arena, &recorded);
    assert_int_equal (codec_mark_replayed (recorded.data, recorded.size, false, reply_arena, &marked), 0);
    message = marked;
    const Consentd__Reply *wire = fixture_received ();
    assert_true (wire->replayed);
    assert_false (wire->revoked_since);
    assert_int_equal (wire->time, 1700000000000);
    assert_int_equal (wire->check->n_items, 3);

    assert_int_equal (codec_mark_replayed (recorded.data, recorded.size, true, reply_arena, &marked), 0);
    message = marked;
    wire = fixture_received ();
    assert_true (wire->replayed);
    assert_true (wire->revoked_since);
}

static void test_marking_twice_marks_once (void **state)
{
    (void)state;
    fixture_prepare_check ();
    reply.replayed = reply.revoked_since = true;
    codec_write_reply (&reply, reply_arena, &message);
    assert_int_equal (codec_mark_replayed (message.data, message.size, false, reply_arena, &message), 0);
    assert_true (fixture_received ()->replayed);
    assert_false (fixture_received ()->revoked_since);
}

static void test_the_largest_answer_can_still_be_marked (void **state)
{
    (void)state;
    prepare_size (CODEC_ANSWER_LIMIT - 4);
    assert_int_equal (codec_mark_replayed (message.data, message.size, true, reply_arena, &message), 0);
    assert_int_equal (message.size, CODEC_ANSWER_LIMIT);
    assert_true (fixture_received ()->revoked_since);
}

static void test_what_is_no_answer_is_not_marked (void **state)
{
    (void)state;
    assert_int_equal (codec_mark_replayed ("\x08\x01\x12\x10zz", 6, false, reply_arena, &message), -EBADMSG);
}

static void test_each_body_has_a_table_that_fits (void **state)
{
    (void)state;
    codec_begin (); /* ends the process where one does not */
}

static void test_an_answer_that_tells_nothing_still_says_which_it_is (void **state)
{
    (void)state;
    fixture_prepare (REPLY_PARTY_LIST);
    const Consentd__Reply *wire = fixture_sent ();
    assert_int_equal (wire->body_case, CONSENTD__REPLY__BODY_PARTY_LIST);
    assert_int_equal (wire->party_list->n_parties, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_each_body_has_a_table_that_fits),
        cmocka_unit_test (test_an_answer_carries_key_epoch_revision_and_time),
        cmocka_unit_test (test_a_rejection_lists_every_code_with_its_rule),
        cmocka_unit_test (test_the_small_answers_go_out_whole),
        cmocka_unit_test (test_an_answer_that_does_not_fit_becomes_unavailable),
        cmocka_unit_test (test_a_replay_is_the_recorded_answer_with_its_marks),
        cmocka_unit_test (test_marking_twice_marks_once),
        cmocka_unit_test (test_the_largest_answer_can_still_be_marked),
        cmocka_unit_test (test_what_is_no_answer_is_not_marked),
        cmocka_unit_test (test_an_answer_that_tells_nothing_still_says_which_it_is),
    };
    return cmocka_run_group_tests (tests, fixture_reply_setup, fixture_reply_teardown);
}
