/* A passage driven by hand: what was decided before, several clients, return messages, and keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "adapter_harness.h"
#include "message.h"
#include "testing.h"

enum { CLIENTS_MAX = 2 };

static const uint8_t secret[PASSAGE_SECRET] = {7};
static struct mapping *mappings[2];
static struct passage_order order;
static struct passage *passage;
static struct passage_need need;
static char *message;

/* The mapping and the fixture of this name; in the mapping `what` is replaced. */
static void begin (const char *name, const char *what, const char *with)
{
    char path[512], error[512] = "";
    snprintf (path, sizeof path, "%s/adapters/%s.map", CONFIG_DIR, name);
    char *text = harness_replace (harness_read_file (path), what, with);
    mappings[0] = mapping_parse (name, text, strlen (text), error, sizeof error);
    assert_string_equal (error, "");
    free (text);
    snprintf (path, sizeof path, "%s.xml", name);
    message = harness_fixture (path);
    order = (struct passage_order){.mappings = (const struct mapping *const *)mappings,
                                   .schemas = schemas_new (),
                                   .secret = secret,
                                   .limit = MESSAGE_LIMIT,
                                   .provider = "sender",
                                   .recipient = "receiver",
                                   .user = "test",
                                   .recall = true};
}

static int tear_down (void **state)
{
    (void)state;
    passage_destroy (&passage);
    schemas_destroy (&order.schemas);
    mapping_destroy (&mappings[0]);
    free (message);
    return 0;
}

static void step (enum passage_need_kind kind)
{
    passage_step (passage, &need);
    assert_int_equal (need.kind, kind);
}

/* Begins the passage, and says that both parties are who the message says. */
static void start (void)
{
    passage_destroy (&passage);
    passage = passage_new (&order, message, strlen (message));
    for (passage_step (passage, &need); need.kind == PASSAGE_IDENTIFY; passage_step (passage, &need)) {
        bool college = strcmp (mappings[0]->name, "wmo319") == 0 || strcmp (mappings[0]->name, "wmo301") == 0;
        bool sender = strcmp (need.asked.parties[0], "sender") == 0;
        struct consent_known_party party = {.id = need.asked.parties[0],
                                            .kind = "",
                                            .agb = sender == college ? "" : "99990001",
                                            .gemeentecode = sender == college ? "1884" : "",
                                            .oin = ""};
        passage_tell_parties (passage, CONSENT_OK, &(struct consent_parties){&party, 1});
    }
}

static struct consent_answer answers[CLIENTS_MAX];
static struct consent_item_answer items[CLIENTS_MAX][MAPPING_ITEMS_MAX];

/* An answer to a question: all of it is permitted, or nothing. */
static const struct consent_answer *make_answer (size_t i, enum consent_verdict verdict)
{
    const struct consent_question *question = &need.questions[i];
    for (size_t j = 0; j < question->item_count; j++)
        items[i][j] = (struct consent_item_answer){.category = question->items[j].category,
                                                   .origin = question->items[j].origin,
                                                   .verdict = verdict,
                                                   .ground = CONSENT_GROUND_STATUTE,
                                                   .statute = "wmo-5.2.2"};
    answers[i] = (struct consent_answer){.status = CONSENT_OK,
                                         .field = "",
                                         .message = "",
                                         .policy = "test/1",
                                         .verdict = verdict,
                                         .items = items[i],
                                         .item_count = question->item_count,
                                         .decision = 100 + i};
    return &answers[i];
}

static void tell (enum consent_verdict first, enum consent_verdict second)
{
    const struct consent_answer *list[CLIENTS_MAX] = {NULL};
    for (size_t i = 0; i < need.question_count; i++)
        list[i] = make_answer (i, i == 0 ? first : second);
    passage_tell_answers (passage, list);
}

static void tell_recorded (const struct consent_answer *first, const struct consent_answer *second)
{
    passage_tell_recorded (passage, (const struct consent_answer *const[]){first, second});
}

static void test_what_is_recorded_is_what_goes_and_nothing_is_disclosed_again (void **state)
{
    (void)state;
    begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    start ();
    step (PASSAGE_RECORDED);
    assert_int_equal (need.question_count, 1);
    tell_recorded (make_answer (0, CONSENT_PERMIT), NULL);
    step (PASSAGE_ADVISE);
    tell (CONSENT_DENY, CONSENT_DENY); /* it was for one disclosure, and nothing is restricted */
    step (PASSAGE_WRITE);
    passage_tell_done (passage, NULL);
    step (PASSAGE_GO);
    passage_tell_done (passage, NULL);
    step (PASSAGE_DONE);
    assert_int_equal (passage_result (passage)->outcome, PASSAGE_THINNED); /* a comment is left out */
    assert_int_equal (passage_result (passage)->clients[0].decision->decision, 100);
}

static void test_an_attempt_that_was_denied_is_followed_by_the_next_under_another_key (void **state)
{
    (void)state;
    begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    start ();
    step (PASSAGE_RECORDED);
    char *first = strdup (need.questions[0].idempotency_key);
    tell_recorded (make_answer (0, CONSENT_DENY), NULL);
    step (PASSAGE_RECORDED);
    char *second = strdup (need.questions[0].idempotency_key);
    assert_string_not_equal (first, second);
    assert_int_equal (need.attempt, 2);
    tell_recorded (NULL, NULL);
    step (PASSAGE_ADVISE);
    assert_null (need.questions[0].idempotency_key);
    tell (CONSENT_PERMIT, CONSENT_PERMIT);
    step (PASSAGE_WRITE);
    passage_tell_done (passage, NULL);
    step (PASSAGE_DISCLOSE);
    assert_string_equal (need.questions[0].idempotency_key, second);
    free (first);
    free (second);
}

static void test_what_ended_since_it_was_decided_holds_the_message (void **state)
{
    (void)state;
    begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    start ();
    make_answer (0, CONSENT_DENY);
    answers[0].revoked_since = true;
    tell_recorded (&answers[0], NULL);
    step (PASSAGE_DONE);
    assert_int_equal (passage_result (passage)->code, PASSAGE_REVOKED_SINCE);
}

static void test_the_key_follows_from_the_message_and_from_who_sends_it_to_whom (void **state)
{
    (void)state;
    begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    start ();
    char *key = strdup (need.questions[0].idempotency_key);
    start ();
    assert_string_equal (need.questions[0].idempotency_key, key);
    order.case_ref = "zaak-1";
    start ();
    assert_string_not_equal (need.questions[0].idempotency_key, key);
    order.case_ref = NULL;
    order.recipient = "another";
    start ();
    assert_string_not_equal (need.questions[0].idempotency_key, key);
    order.recipient = "receiver";
    message = harness_replace (message, "Frysk", "Deens");
    start ();
    assert_string_not_equal (need.questions[0].idempotency_key, key);
    free (key);
}

/* From the questions about each of two clients to their answers. */
static void advise_two (enum consent_verdict second)
{
    start ();
    step (PASSAGE_RECORDED);
    tell_recorded (NULL, NULL);
    step (PASSAGE_ADVISE);
    assert_int_equal (need.question_count, 2);
    assert_string_not_equal (need.questions[0].bsn, need.questions[1].bsn);
    tell (CONSENT_PERMIT, second);
}

static void test_what_needs_more_than_a_message_says_is_held_before_it_is_disclosed (void **state)
{
    (void)state;
    static const char *const asked[] = {"manager_consulted", NULL};
    begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    start ();
    tell_recorded (NULL, NULL);
    step (PASSAGE_ADVISE);
    make_answer (0, CONSENT_PERMIT);
    answers[0].asked = asked;
    passage_tell_answers (passage, (const struct consent_answer *const[]){&answers[0]});
    step (PASSAGE_DONE);
    assert_int_equal (passage_result (passage)->code, PASSAGE_DENIED);
}

static void test_of_clients_with_a_total_all_go_or_none (void **state)
{
    (void)state;
    begin ("wmo323", "whole\n", "whole\n");
    advise_two (CONSENT_DENY);
    step (PASSAGE_DONE);
    assert_int_equal (passage_result (passage)->code, PASSAGE_DENIED);
    advise_two (CONSENT_PERMIT);
    step (PASSAGE_WRITE);
    passage_tell_done (passage, NULL);
    step (PASSAGE_DISCLOSE);
    assert_true (need.together);
    assert_int_equal (need.question_count, 2);
    tell (CONSENT_PERMIT, CONSENT_PERMIT);
    step (PASSAGE_GO);
}

/* All of the first client is permitted, and of the second all but who it is. */
static void advise_two_but_for_the_number_of_one (void)
{
    start ();
    tell_recorded (NULL, NULL);
    step (PASSAGE_ADVISE);
    const struct consent_answer *list[] = {make_answer (0, CONSENT_PERMIT), make_answer (1, CONSENT_PERMIT)};
    answers[1].verdict = CONSENT_PARTIAL;
    for (size_t i = 0; i < answers[1].item_count; i++) {
        if (strcmp (items[1][i].category, "bsn") == 0)
            items[1][i].verdict = CONSENT_DENY;
    }
    passage_tell_answers (passage, list);
}

static void test_who_may_not_go_is_left_out_or_holds_all_as_the_mapping_says (void **state)
{
    (void)state;
    begin ("wmo323", "whole\n", "each\n");
    advise_two_but_for_the_number_of_one ();
    step (PASSAGE_WRITE);
    assert_null (strstr (need.output, "999991012"));
    passage_tell_done (passage, NULL);
    step (PASSAGE_DISCLOSE);
    assert_int_equal (need.question_count, 1);
    assert_string_equal (need.questions[0].bsn, "999996770");
    tear_down (state);
    begin ("wmo323", "whole\n", "whole\n");
    advise_two_but_for_the_number_of_one ();
    step (PASSAGE_DONE);
    assert_int_equal (passage_result (passage)->code, PASSAGE_DENIED);
}

static void test_of_clients_without_one_each_goes_who_may (void **state)
{
    (void)state;
    begin ("wmo323", "whole\n", "each\n");
    advise_two (CONSENT_PERMIT);
    step (PASSAGE_WRITE);
    passage_tell_done (passage, NULL);
    step (PASSAGE_DISCLOSE);
    assert_false (need.together);
    assert_string_not_equal (need.questions[0].idempotency_key, need.questions[1].idempotency_key);
    tell (CONSENT_PERMIT, CONSENT_DENY);
    step (PASSAGE_ADVISE); /* the second is asked about anew; the first was disclosed */
    assert_int_equal (need.question_count, 1);
    assert_int_equal (need.attempt, 2);
    tell (CONSENT_PERMIT, CONSENT_PERMIT);
    step (PASSAGE_WRITE);
    passage_tell_done (passage, NULL);
    step (PASSAGE_DISCLOSE);
    assert_int_equal (need.question_count, 1);
    tell (CONSENT_PERMIT, CONSENT_PERMIT);
    step (PASSAGE_GO);
}

static void test_a_return_message_goes_without_a_check_if_it_answers_something (void **state)
{
    (void)state;
    begin ("jw302", "subject Client/Bsn", "subject Client/Bsn");
    start ();
    step (PASSAGE_RETURNED);
    assert_non_null (need.identifications[0]);
    assert_string_equal (need.roots[0], "http://www.istandaarden.nl/ijw/3_2/jw301/schema");
    passage_tell_known (passage, false);
    step (PASSAGE_DONE);
    assert_int_equal (passage_result (passage)->code, PASSAGE_ANSWERS_NOTHING);
    start ();
    passage_tell_known (passage, true);
    step (PASSAGE_WRITE);
    passage_tell_done (passage, NULL);
    step (PASSAGE_GO);
}

static void test_an_answer_that_names_nobody_is_about_whom_the_request_was (void **state)
{
    (void)state;
    begin ("wmo319", "subject-by", "subject-by");
    start ();
    step (PASSAGE_SUBJECT);
    assert_non_null (need.identifications[0]);
    passage_tell_subject (passage, NULL);
    step (PASSAGE_DONE);
    assert_int_equal (passage_result (passage)->code, PASSAGE_ANSWERS_NOTHING);
    start ();
    passage_tell_subject (passage, "999996770");
    step (PASSAGE_RECORDED);
    assert_string_equal (need.questions[0].bsn, "999996770");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown (test_what_is_recorded_is_what_goes_and_nothing_is_disclosed_again, tear_down),
        cmocka_unit_test_teardown (test_an_attempt_that_was_denied_is_followed_by_the_next_under_another_key,
                                   tear_down),
        cmocka_unit_test_teardown (test_what_ended_since_it_was_decided_holds_the_message, tear_down),
        cmocka_unit_test_teardown (test_the_key_follows_from_the_message_and_from_who_sends_it_to_whom, tear_down),
        cmocka_unit_test_teardown (test_what_needs_more_than_a_message_says_is_held_before_it_is_disclosed,
                                   tear_down),
        cmocka_unit_test_teardown (test_of_clients_with_a_total_all_go_or_none, tear_down),
        cmocka_unit_test_teardown (test_of_clients_without_one_each_goes_who_may, tear_down),
        cmocka_unit_test_teardown (test_who_may_not_go_is_left_out_or_holds_all_as_the_mapping_says, tear_down),
        cmocka_unit_test_teardown (test_a_return_message_goes_without_a_check_if_it_answers_something, tear_down),
        cmocka_unit_test_teardown (test_an_answer_that_names_nobody_is_about_whom_the_request_was, tear_down),
    };
    return cmocka_run_group_tests_name ("adapter-passage", tests, NULL, NULL);
}
