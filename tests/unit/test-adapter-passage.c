/* A passage driven by hand: what was decided before, several clients, return messages, and keys. */
#include <stdlib.h>
#include <string.h>
#include "passage_by_hand.h"
#include "testing.h"

static void test_what_is_recorded_is_what_goes_and_nothing_is_disclosed_again (void **state)
{
    (void)state;
    hand_begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    hand_start ();
    hand_step (PASSAGE_RECORDED);
    assert_int_equal (hand.need.question_count, 1);
    hand_tell_recorded (hand_answer (0, CONSENT_PERMIT), NULL);
    hand_step (PASSAGE_ADVISE);
    hand_tell (CONSENT_DENY, CONSENT_DENY); /* it was for one disclosure, and nothing is restricted */
    hand_step (PASSAGE_WRITE);
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_GO);
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->outcome, PASSAGE_THINNED); /* a comment is left out */
    assert_int_equal (passage_result (hand.passage)->clients[0].decision->decision, 100);
}

static void test_an_attempt_that_was_denied_is_followed_by_the_next_under_another_key (void **state)
{
    (void)state;
    hand_begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    hand_start ();
    hand_step (PASSAGE_RECORDED);
    char *first = strdup (hand.need.questions[0].idempotency_key);
    hand_tell_recorded (hand_answer (0, CONSENT_DENY), NULL);
    hand_step (PASSAGE_RECORDED);
    char *second = strdup (hand.need.questions[0].idempotency_key);
    assert_string_not_equal (first, second);
    assert_int_equal (hand.need.attempt, 2);
    hand_tell_recorded (NULL, NULL);
    hand_step (PASSAGE_ADVISE);
    assert_null (hand.need.questions[0].idempotency_key);
    hand_tell (CONSENT_PERMIT, CONSENT_PERMIT);
    hand_step (PASSAGE_WRITE);
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_DISCLOSE);
    assert_string_equal (hand.need.questions[0].idempotency_key, second);
    free (first);
    free (second);
}

static void test_what_ended_since_it_was_decided_holds_the_message (void **state)
{
    (void)state;
    hand_begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    hand_start ();
    hand_answer (0, CONSENT_DENY);
    hand.answers[0].revoked_since = true;
    hand_tell_recorded (&hand.answers[0], NULL);
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->code, PASSAGE_REVOKED_SINCE);
}

static void test_the_key_follows_from_the_message_and_from_who_sends_it_to_whom (void **state)
{
    (void)state;
    hand_begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    hand_start ();
    char *key = strdup (hand.need.questions[0].idempotency_key);
    hand_start ();
    assert_string_equal (hand.need.questions[0].idempotency_key, key);
    hand.order.case_ref = "zaak-1";
    hand_start ();
    assert_string_not_equal (hand.need.questions[0].idempotency_key, key);
    hand.order.case_ref = NULL;
    hand.order.recipient = "another";
    hand_start ();
    assert_string_not_equal (hand.need.questions[0].idempotency_key, key);
    hand.order.recipient = "receiver";
    hand.message = harness_replace (hand.message, "Frysk", "Deens");
    hand_start ();
    assert_string_not_equal (hand.need.questions[0].idempotency_key, key);
    free (key);
}

/* From the questions about each of two clients to their answers. */
static void advise_two (enum consent_verdict second)
{
    hand_start ();
    hand_step (PASSAGE_RECORDED);
    hand_tell_recorded (NULL, NULL);
    hand_step (PASSAGE_ADVISE);
    assert_int_equal (hand.need.question_count, 2);
    assert_string_not_equal (hand.need.questions[0].bsn, hand.need.questions[1].bsn);
    hand_tell (CONSENT_PERMIT, second);
}

static void test_what_needs_more_than_a_message_says_is_held_before_it_is_disclosed (void **state)
{
    (void)state;
    static const char *const asked[] = {"manager_consulted", NULL};
    hand_begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    hand_start ();
    hand_tell_recorded (NULL, NULL);
    hand_step (PASSAGE_ADVISE);
    hand_answer (0, CONSENT_PERMIT);
    hand.answers[0].asked = asked;
    passage_tell_answers (hand.passage, (const struct consent_answer *const[]){&hand.answers[0]});
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->code, PASSAGE_DENIED);
}

static void test_of_clients_with_a_total_all_go_or_none (void **state)
{
    (void)state;
    hand_begin ("wmo323", "whole\n", "whole\n");
    advise_two (CONSENT_DENY);
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->code, PASSAGE_DENIED);
    advise_two (CONSENT_PERMIT);
    hand_step (PASSAGE_WRITE);
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_DISCLOSE);
    assert_true (hand.need.together);
    assert_int_equal (hand.need.question_count, 2);
    hand_tell (CONSENT_PERMIT, CONSENT_PERMIT);
    hand_step (PASSAGE_GO);
}

static bool is_asked (size_t question, const char *category)
{
    const struct consent_question *one = &hand.need.questions[question];
    for (size_t i = 0; i < one->item_count; i++) {
        if (strcmp (one->items[i].category, category) == 0)
            return true;
    }
    return false;
}

/* All of both goes: asked of each is this category, as is said. */
static void assert_asked (const char *category, bool of_first, bool of_second)
{
    advise_two (CONSENT_PERMIT);
    assert_int_equal (is_asked (0, category), of_first);
    assert_int_equal (is_asked (1, category), of_second);
    hand_step (PASSAGE_WRITE);
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_DISCLOSE);
    assert_int_equal (is_asked (0, category), of_first);
    assert_int_equal (is_asked (1, category), of_second);
}

static void test_of_each_is_asked_and_disclosed_what_is_about_all_and_nothing_of_another (void **state)
{
    hand_begin ("wmo323", "DeclaratieNummer                              declaratie",
                "DeclaratieNummer                              budget    ");
    assert_asked ("budget", true, true);
    hand_end (state);
    hand_begin ("wmo323", "ProductReferentie/iwmo:VorigReferentieNummer  same     ",
                "ProductReferentie/iwmo:VorigReferentieNummer  kostprijs");
    hand.message =
        harness_replace (hand.message, "R-3</b:ReferentieNummer>",
                         "R-3</b:ReferentieNummer><b:VorigReferentieNummer>R-0</b:VorigReferentieNummer>");
    assert_asked ("kostprijs", false, true);
}

/* All of the first client is permitted, and of the second all but who it is. */
static void advise_two_but_for_the_number_of_one (void)
{
    hand_start ();
    hand_tell_recorded (NULL, NULL);
    hand_step (PASSAGE_ADVISE);
    const struct consent_answer *list[] = {hand_answer (0, CONSENT_PERMIT), hand_answer (1, CONSENT_PERMIT)};
    hand.answers[1].verdict = CONSENT_PARTIAL;
    for (size_t i = 0; i < hand.answers[1].item_count; i++) {
        if (strcmp (hand.items[1][i].category, "bsn") == 0)
            hand.items[1][i].verdict = CONSENT_DENY;
    }
    passage_tell_answers (hand.passage, list);
}

static void test_who_may_not_go_is_left_out_or_holds_all_as_the_mapping_says (void **state)
{
    (void)state;
    hand_begin ("wmo323", "whole\n", "each\n");
    advise_two_but_for_the_number_of_one ();
    hand_step (PASSAGE_WRITE);
    assert_null (strstr (hand.need.output, "999991012"));
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_DISCLOSE);
    assert_int_equal (hand.need.question_count, 1);
    assert_string_equal (hand.need.questions[0].bsn, "999996770");
    hand_end (state);
    hand_begin ("wmo323", "whole\n", "whole\n");
    advise_two_but_for_the_number_of_one ();
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->code, PASSAGE_DENIED);
}

static void test_of_clients_without_one_each_goes_who_may (void **state)
{
    (void)state;
    hand_begin ("wmo323", "whole\n", "each\n");
    advise_two (CONSENT_PERMIT);
    hand_step (PASSAGE_WRITE);
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_DISCLOSE);
    assert_false (hand.need.together);
    assert_string_not_equal (hand.need.questions[0].idempotency_key, hand.need.questions[1].idempotency_key);
    hand_tell (CONSENT_PERMIT, CONSENT_DENY);
    hand_step (PASSAGE_ADVISE); /* the second is asked about anew; the first was disclosed */
    assert_int_equal (hand.need.question_count, 1);
    assert_int_equal (hand.need.attempt, 2);
    hand_tell (CONSENT_PERMIT, CONSENT_PERMIT);
    hand_step (PASSAGE_WRITE);
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_DISCLOSE);
    assert_int_equal (hand.need.question_count, 1);
    hand_tell (CONSENT_PERMIT, CONSENT_PERMIT);
    hand_step (PASSAGE_GO);
}

static void test_a_return_message_goes_without_a_check_if_it_answers_something (void **state)
{
    (void)state;
    hand_begin ("jw302", "subject Client/Bsn", "subject Client/Bsn");
    hand_start ();
    hand_step (PASSAGE_RETURNED);
    assert_non_null (hand.need.identifications[0]);
    assert_string_equal (hand.need.roots[0], "http://www.istandaarden.nl/ijw/3_2/jw301/schema");
    passage_tell_known (hand.passage, false);
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->code, PASSAGE_ANSWERS_NOTHING);
    hand_start ();
    passage_tell_known (hand.passage, true);
    hand_step (PASSAGE_WRITE);
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_GO);
}

static void test_an_answer_that_names_nobody_is_about_whom_the_request_was (void **state)
{
    (void)state;
    hand_begin ("wmo319", "subject-by", "subject-by");
    hand_start ();
    hand_step (PASSAGE_SUBJECT);
    assert_non_null (hand.need.identifications[0]);
    passage_tell_subject (hand.passage, NULL);
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->code, PASSAGE_ANSWERS_NOTHING);
    hand_start ();
    passage_tell_subject (hand.passage, "999996770");
    hand_step (PASSAGE_RECORDED);
    assert_string_equal (hand.need.questions[0].bsn, "999996770");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown (test_what_is_recorded_is_what_goes_and_nothing_is_disclosed_again, hand_end),
        cmocka_unit_test_teardown (test_an_attempt_that_was_denied_is_followed_by_the_next_under_another_key,
                                   hand_end),
        cmocka_unit_test_teardown (test_what_ended_since_it_was_decided_holds_the_message, hand_end),
        cmocka_unit_test_teardown (test_the_key_follows_from_the_message_and_from_who_sends_it_to_whom, hand_end),
        cmocka_unit_test_teardown (test_what_needs_more_than_a_message_says_is_held_before_it_is_disclosed,
                                   hand_end),
        cmocka_unit_test_teardown (test_of_clients_with_a_total_all_go_or_none, hand_end),
        cmocka_unit_test_teardown (test_of_each_is_asked_and_disclosed_what_is_about_all_and_nothing_of_another,
                                   hand_end),
        cmocka_unit_test_teardown (test_of_clients_without_one_each_goes_who_may, hand_end),
        cmocka_unit_test_teardown (test_who_may_not_go_is_left_out_or_holds_all_as_the_mapping_says, hand_end),
        cmocka_unit_test_teardown (test_a_return_message_goes_without_a_check_if_it_answers_something, hand_end),
        cmocka_unit_test_teardown (test_an_answer_that_names_nobody_is_about_whom_the_request_was, hand_end),
    };
    return cmocka_run_group_tests_name ("adapter-passage", tests, NULL, NULL);
}
