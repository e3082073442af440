/* What an adapter makes of what the registry says: nothing goes by what is not whole, not of now, or not about
   what was asked. */
#include <string.h>
#include "passage_by_hand.h"
#include "testing.h"

static int set_up (void **state)
{
    (void)state;
    hand_begin ("wmo301", "subject Client/Bsn", "subject Client/Bsn");
    hand_start ();
    return 0;
}

/* --------------------------------------------------------------------- answers that are none to the question */

static void is_denied_whole (struct consent_answer *answer)
{
    answer->verdict = CONSENT_DENY; /* though each item says that it is permitted */
}

static void has_ended_since (struct consent_answer *answer)
{
    answer->revoked_since = true;
}

static void lacks_one (struct consent_answer *answer)
{
    answer->item_count--;
}

static void has_one_more (struct consent_answer *answer)
{
    hand.items[0][answer->item_count] = hand.items[0][0];
    answer->item_count++;
}

/* The first is the number of whom it is about: without it nothing goes. */
static void denies_one (struct consent_answer *answer)
{
    (void)answer;
    hand.items[0][0].verdict = CONSENT_DENY;
}

static void is_of_another_category (struct consent_answer *answer)
{
    (void)answer;
    hand.items[0][0].category = "naw";
}

static void is_of_another_origin (struct consent_answer *answer)
{
    (void)answer;
    hand.items[0][0].origin = "jeugdwet";
}

typedef void distortion (struct consent_answer *answer);
static distortion *const distortions[] = {is_denied_whole,     has_ended_since, lacks_one,
                                          has_one_more,        denies_one,      is_of_another_category,
                                          is_of_another_origin};
enum { DISTORTIONS = sizeof distortions / sizeof *distortions };

static const struct consent_answer *distorted (size_t which)
{
    struct consent_answer *answer = hand_answer (0, CONSENT_PERMIT);
    assert_string_equal (hand.items[0][0].category, "bsn");
    distortions[which](answer);
    return answer;
}

static void ask (void)
{
    hand_start ();
    hand_tell_recorded (NULL, NULL);
    hand_step (PASSAGE_ADVISE);
}

static void test_no_advice_lets_go_what_it_does_not_permit_as_it_was_asked (void **state)
{
    (void)state;
    for (size_t i = 0; i < DISTORTIONS; i++) {
        ask ();
        passage_tell_answers (hand.passage, (const struct consent_answer *const[]){distorted (i)});
        hand_step (PASSAGE_DONE);
        assert_int_equal (passage_result (hand.passage)->code, PASSAGE_DENIED);
    }
    ask ();
    hand_tell (CONSENT_PERMIT, CONSENT_PERMIT);
    hand_step (PASSAGE_WRITE);
}

static void disclose (void)
{
    hand_tell (CONSENT_PERMIT, CONSENT_PERMIT);
    hand_step (PASSAGE_WRITE);
    passage_tell_done (hand.passage, NULL);
    hand_step (PASSAGE_DISCLOSE);
}

static void test_no_disclosure_lets_go_but_one_of_all_that_goes (void **state)
{
    (void)state;
    for (size_t i = 0; i < DISTORTIONS; i++) {
        ask ();
        disclose ();
        passage_tell_answers (hand.passage, (const struct consent_answer *const[]){distorted (i)});
        hand_step (PASSAGE_ADVISE); /* it is asked once more */
        assert_int_equal (hand.need.attempt, 2);
        assert_null (passage_result (hand.passage)->clients[0].decision);
    }
}

static void test_what_is_permitted_only_when_it_is_advised_is_held_in_the_end (void **state)
{
    (void)state;
    ask ();
    for (unsigned attempt = 1; attempt <= PASSAGE_ATTEMPTS_MAX; attempt++) {
        hand_step (PASSAGE_ADVISE);
        disclose ();
        hand_tell (CONSENT_DENY, CONSENT_DENY);
    }
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->code, PASSAGE_CHANGED);
}

/* ---------------------------------------------------------------------------------------------- what is recorded
 */

static void recall (const struct consent_answer *recorded)
{
    hand_tell_recorded (recorded, NULL);
    hand_step (PASSAGE_ADVISE);
}

static void test_by_what_is_recorded_goes_no_more_than_that_permits (void **state)
{
    (void)state;
    static distortion *const of_items[] = {denies_one, is_of_another_category, is_of_another_origin};
    for (size_t i = 0; i < sizeof of_items / sizeof *of_items; i++) {
        hand_start ();
        struct consent_answer *recorded = hand_answer (0, CONSENT_PERMIT);
        of_items[i](recorded);
        recall (recorded);
        hand_tell (CONSENT_PERMIT, CONSENT_PERMIT); /* as it would be decided now */
        hand_step (PASSAGE_DONE);
        assert_int_equal (passage_result (hand.passage)->code, PASSAGE_DENIED);
    }
}

static void test_a_record_that_cannot_be_shown_is_none (void **state)
{
    (void)state;
    hand_answer (0, CONSENT_PERMIT)->status = CONSENT_UNAVAILABLE;
    recall (&hand.answers[0]);
    disclose ();
}

static void test_after_as_many_attempts_as_there_may_be_none_is_made (void **state)
{
    (void)state;
    for (unsigned attempt = 1; attempt <= PASSAGE_ATTEMPTS_MAX; attempt++) {
        hand_step (PASSAGE_RECORDED);
        assert_int_equal (hand.need.attempt, attempt);
        hand_tell_recorded (hand_answer (0, CONSENT_DENY), NULL);
    }
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->code, PASSAGE_CHANGED);
}

/* It was decided that all goes but the comments; of now is said of one category why it is denied. */
static void recall_and_deny (const char *category, const char *code)
{
    const struct consent_reason reason = {.code = code, .rule = "C5"};
    hand_start ();
    struct consent_answer *recorded = hand_answer (0, CONSENT_PERMIT);
    size_t free_text = 0;
    while (strcmp (hand.items[0][free_text].category, "vrije-tekst") != 0)
        free_text++;
    hand.items[0][free_text].category = "naw";
    recall (recorded);
    struct consent_answer *advice = hand_answer (0, CONSENT_PERMIT);
    for (size_t i = 0; i < advice->item_count; i++) {
        if (strcmp (hand.items[0][i].category, category) != 0)
            continue;
        hand.items[0][i].verdict = CONSENT_DENY;
        hand.items[0][i].reasons = &reason;
        hand.items[0][i].reason_count = 1;
    }
    passage_tell_answers (hand.passage, (const struct consent_answer *const[]){advice});
}

static void test_only_a_restriction_since_of_what_goes_keeps_it_from_going_as_it_was_decided (void **state)
{
    (void)state;
    recall_and_deny ("naw", "RESTRICTED");
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->code, PASSAGE_REVOKED_SINCE);
    recall_and_deny ("naw", "USED_UP");
    hand_step (PASSAGE_WRITE);
    recall_and_deny ("vrije-tekst", "RESTRICTED");
    hand_step (PASSAGE_WRITE);
    assert_null (strstr (hand.need.output, "Commentaar"));
}

/* -------------------------------------------------------------------------------------------- who sends it to
 * whom */

static const struct consent_known_party SENDER = {
    .id = "sender", .kind = "kernteam", .agb = "", .gemeentecode = "1884", .oin = ""};
static const struct consent_known_party PROVIDERS[] = {
    {.id = "one", .kind = "zorgaanbieder", .agb = "99990001", .gemeentecode = "", .oin = ""},
    {.id = "two", .kind = "zorgaanbieder", .agb = "99990001", .gemeentecode = "", .oin = ""},
};
static const struct consent_known_party DOCTOR = {
    .id = "doctor", .kind = "huisarts", .agb = "99990001", .gemeentecode = "", .oin = ""};

static void tell_parties (const struct consent_known_party *parties, size_t count)
{
    struct consent_known_party list[2] = {{.id = ""}};
    memcpy (list, parties, count * sizeof *parties);
    passage_tell_parties (hand.passage, CONSENT_OK, &(struct consent_parties){list, count});
}

static void assert_held (enum passage_code code)
{
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->outcome, PASSAGE_HELD);
    assert_int_equal (passage_result (hand.passage)->code, code);
}

static void test_a_party_that_the_registry_does_not_name_neither_sends_nor_receives (void **state)
{
    (void)state;
    hand_open ();
    tell_parties (&SENDER, 0);
    assert_held (PASSAGE_WRONG_SENDER);
    hand_open ();
    tell_parties (&SENDER, 1);
    hand_step (PASSAGE_IDENTIFY);
    tell_parties (PROVIDERS, 0);
    assert_held (PASSAGE_UNKNOWN_RECEIVER);
    hand_open ();
    tell_parties (&SENDER, 1);
    hand_step (PASSAGE_IDENTIFY);
    tell_parties (PROVIDERS, 2);
    assert_held (PASSAGE_UNKNOWN_RECEIVER);
}

static void test_without_an_answer_of_who_they_are_nothing_is_asked_about_anybody (void **state)
{
    (void)state;
    hand_open ();
    passage_tell_parties (hand.passage, CONSENT_UNAVAILABLE, NULL);
    hand_step (PASSAGE_DONE);
    assert_int_equal (passage_result (hand.passage)->outcome, PASSAGE_NO_ANSWER);
    assert_int_equal (passage_result (hand.passage)->status, CONSENT_UNAVAILABLE);
}

/* The receiver is whom the message names. */
static void find_receiver (const struct consent_known_party *parties, size_t count)
{
    hand.order.recipient = NULL;
    hand_open ();
    tell_parties (&SENDER, 1);
    hand_step (PASSAGE_IDENTIFY);
    assert_string_equal (hand.need.asked.value, "99990001");
    tell_parties (parties, count);
}

static void test_the_receiver_that_a_message_names_is_exactly_one_party_of_the_right_kind (void **state)
{
    (void)state;
    find_receiver (PROVIDERS, 1);
    hand_step (PASSAGE_RECORDED);
    assert_string_equal (hand.need.questions[0].recipient, "one");
    find_receiver (PROVIDERS, 2);
    assert_held (PASSAGE_UNKNOWN_RECEIVER);
    find_receiver (&DOCTOR, 1);
    assert_held (PASSAGE_UNKNOWN_RECEIVER);
    const struct consent_known_party both[] = {DOCTOR, PROVIDERS[0]};
    find_receiver (both, 2);
    hand_step (PASSAGE_RECORDED);
    assert_string_equal (hand.need.questions[0].recipient, "one");
}

/* The order's party is another municipality than the message names as its sender. */
static void find_sender (const struct consent_known_party *parties, size_t count)
{
    static const struct consent_known_party ours = {
        .id = "sender", .kind = "kernteam", .agb = "", .gemeentecode = "1885", .oin = ""};
    hand.order.recipient = NULL;
    hand_open ();
    tell_parties (&ours, 1);
    if (!hand.order.is_for_either)
        return;
    hand_step (PASSAGE_IDENTIFY);
    assert_string_equal (hand.need.asked.value, "1884");
    tell_parties (parties, count);
}

static void test_a_message_for_both_ways_is_from_its_party_or_for_it (void **state)
{
    (void)state;
    static const struct consent_known_party theirs = {
        .id = "neighbour", .kind = "kernteam", .agb = "", .gemeentecode = "1884", .oin = ""};
    static const struct consent_known_party ours = {
        .id = "sender", .kind = "zorgaanbieder", .agb = "99990001", .gemeentecode = "", .oin = ""};
    hand.order.is_for_either = true;
    find_sender (&theirs, 1);
    hand_step (PASSAGE_IDENTIFY);
    tell_parties (&ours, 1);
    hand_step (PASSAGE_RECORDED);
    assert_string_equal (hand.need.questions[0].provider, "neighbour");
    find_sender (&theirs, 1);
    hand_step (PASSAGE_IDENTIFY);
    tell_parties (PROVIDERS, 1);
    assert_held (PASSAGE_WRONG_SENDER);
    find_sender (&theirs, 0);
    assert_held (PASSAGE_WRONG_SENDER);
    hand.order.is_for_either = false;
    find_sender (&theirs, 1);
    assert_held (PASSAGE_WRONG_SENDER);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, hand_end)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_no_advice_lets_go_what_it_does_not_permit_as_it_was_asked),
        TEST (test_no_disclosure_lets_go_but_one_of_all_that_goes),
        TEST (test_what_is_permitted_only_when_it_is_advised_is_held_in_the_end),
        TEST (test_by_what_is_recorded_goes_no_more_than_that_permits),
        TEST (test_a_record_that_cannot_be_shown_is_none),
        TEST (test_after_as_many_attempts_as_there_may_be_none_is_made),
        TEST (test_only_a_restriction_since_of_what_goes_keeps_it_from_going_as_it_was_decided),
        TEST (test_a_party_that_the_registry_does_not_name_neither_sends_nor_receives),
        TEST (test_without_an_answer_of_who_they_are_nothing_is_asked_about_anybody),
        TEST (test_the_receiver_that_a_message_names_is_exactly_one_party_of_the_right_kind),
        TEST (test_a_message_for_both_ways_is_from_its_party_or_for_it),
    };
    return cmocka_run_group_tests_name ("adapter-answers", tests, NULL, NULL);
}
