/* Many questions of libconsent in one message: each answer is believed for itself, and none where the whole is
   not. */
#include <string.h>
#include "scripted_registry.h"
#include "testing.h"

/* Asks four questions at once with this script; `permits` says of each whether its answer is a permit. */
static void assert_batch (consent_t *self, void (*twist) (Consentd__Reply *reply), int status, const char *permits)
{
    struct consent_question questions[SCRIPTED_CHECKS] = {scripted_question, scripted_question, scripted_question,
                                                          scripted_question};
    struct consent_answer *answers[SCRIPTED_CHECKS];
    scripted.twist = twist;
    scripted.last_size = 0;
    assert_int_equal (consent_check_batch (self, questions, SCRIPTED_CHECKS, answers), status);
    for (size_t i = 0; i < SCRIPTED_CHECKS; i++) {
        bool permit = permits[i] == 'p';
        assert_non_null (answers[i]);
        assert_int_equal (answers[i]->verdict, permit ? CONSENT_PERMIT : CONSENT_DENY);
        assert_int_equal (answers[i]->item_count == 2 && answers[i]->items[1].verdict == CONSENT_PERMIT, permit);
        if (permit) {
            assert_int_equal (answers[i]->status, CONSENT_OK);
            assert_int_equal (answers[i]->revision, 100);
            assert_int_equal (strlen (answers[i]->epoch), 32);
            assert_string_equal (answers[i]->items[0].category, "naw");
        } else {
            assert_string_not_equal (answers[i]->message, "");
        }
    }
    for (size_t i = 0; i < SCRIPTED_CHECKS; i++)
        consent_answer_destroy (&answers[(i * 3) % SCRIPTED_CHECKS]);
}

static void test_every_question_of_a_batch_has_its_own_answer (void **state)
{
    assert_batch (*state, scripted_honest, CONSENT_OK, "pppp");
    assert_int_equal (scripted.heard, 1);
}

static void twist_some (Consentd__Reply *reply)
{
    Consentd__BatchAnswer **answers = reply->batch->answers;
    answers[0]->status = CONSENTD__STATUS__INVALID;
    answers[0]->field = "batch.checks[0].purpose";
    answers[2]->replayed = answers[2]->revoked_since = true;
    answers[3]->check->items[1]->category = "iets anders";
}

static void twist_others (Consentd__Reply *reply)
{
    Consentd__BatchAnswer **answers = reply->batch->answers;
    answers[1]->check = NULL;
    answers[2]->status = 99;
    answers[3]->check->n_items = 1;
}

static void test_one_answer_of_a_batch_that_does_not_fit_says_nothing_of_the_others (void **state)
{
    assert_batch (*state, twist_some, CONSENT_OK, "-p--");
    assert_batch (*state, twist_others, CONSENT_OK, "p---");
}

static void one_answer_less (Consentd__Reply *reply)
{
    reply->batch->n_answers--;
}

static void no_epoch (Consentd__Reply *reply)
{
    reply->epoch.len = 0;
}

static void test_a_batch_that_is_not_answered_as_a_whole_permits_nothing (void **state)
{
    assert_batch (*state, one_answer_less, CONSENT_BAD_REPLY, "----");
    assert_batch (*state, no_epoch, CONSENT_BAD_REPLY, "----");
    assert_batch (*state, scripted_no_body, CONSENT_BAD_REPLY, "----");
    assert_batch (*state, scripted_forbidden, CONSENT_FORBIDDEN, "----");
    assert_batch (*state, scripted_unavailable, CONSENT_UNAVAILABLE, "----");
    scripted.ignore = SCRIPTED_ATTEMPTS;
    assert_batch (*state, scripted_honest, CONSENT_TIMEOUT, "----");
    scripted.ignore = SCRIPTED_ATTEMPTS - 1;
    assert_batch (*state, scripted_honest, CONSENT_OK, "pppp");
}

static void late (Consentd__Reply *reply)
{
    reply->revision = 101;
    reply->batch->answers[1]->revision = 101;
    reply->batch->answers[2]->replayed = true;
    reply->batch->answers[3]->revision = 102;
}

static void test_an_answer_of_a_batch_from_before_the_required_revision_is_none (void **state)
{
    consent_t *self = *state;
    char epoch[CONSENT_ID_SIZE];
    scripted_assert_permit (self);
    consent_revision (self, epoch, NULL);
    assert_int_equal (consent_require_revision (self, epoch, 101), CONSENT_OK);
    struct consent_question questions[SCRIPTED_CHECKS] = {scripted_question, scripted_question, scripted_question,
                                                          scripted_question};
    struct consent_answer *answers[SCRIPTED_CHECKS];
    scripted.twist = late;
    scripted.last_size = 0;
    assert_int_equal (consent_check_batch (self, questions, SCRIPTED_CHECKS, answers), CONSENT_OK);
    for (size_t i = 0; i < SCRIPTED_CHECKS; i++) {
        assert_int_equal (answers[i]->verdict, i == 0 ? CONSENT_DENY : CONSENT_PERMIT);
        consent_answer_destroy (&answers[i]);
    }
}

static void some_denied (Consentd__Reply *reply)
{
    for (size_t i = 0; i < 2; i++) {
        Consentd__CheckReply *check = reply->batch->answers[i]->check;
        check->verdict = CONSENTD__VERDICT__DENY;
        for (size_t j = 0; j < check->n_items; j++)
            check->items[j]->verdict = CONSENTD__VERDICT__DENY;
    }
}

static void some_denied_and_the_others_recorded (Consentd__Reply *reply)
{
    some_denied (reply);
    reply->batch->answers[2]->replayed = reply->batch->answers[3]->replayed = true;
}

static void one_in_part (Consentd__Reply *reply)
{
    reply->batch->answers[1]->check->verdict = CONSENTD__VERDICT__PARTIAL;
    reply->batch->answers[1]->check->items[1]->verdict = CONSENTD__VERDICT__DENY;
}

static void one_refused (Consentd__Reply *reply)
{
    reply->batch->answers[3]->status = CONSENTD__STATUS__CONFLICT;
}

/* Asks four questions, all or nothing, with this script. */
static void assert_together (consent_t *self, void (*twist) (Consentd__Reply *reply), int status, size_t permits)
{
    struct consent_question questions[SCRIPTED_CHECKS] = {scripted_question, scripted_question, scripted_question,
                                                          scripted_question};
    struct consent_batch batch = {.questions = questions, .count = SCRIPTED_CHECKS, .all_or_nothing = true};
    struct consent_answer *answers[SCRIPTED_CHECKS];
    scripted.twist = twist;
    scripted.last_size = 0;
    assert_int_equal (consent_check_together (self, &batch, answers), status);
    for (size_t i = 0; i < SCRIPTED_CHECKS; i++) {
        permits -= answers[i]->verdict == CONSENT_PERMIT;
        consent_answer_destroy (&answers[i]);
    }
    assert_int_equal (permits, 0);
}

static void test_of_what_is_all_or_nothing_a_part_is_not_believed (void **state)
{
    assert_together (*state, scripted_honest, CONSENT_OK, SCRIPTED_CHECKS);
    assert_together (*state, some_denied_and_the_others_recorded, CONSENT_OK, 2);
    assert_together (*state, some_denied, CONSENT_BAD_REPLY, 0);
    assert_together (*state, one_in_part, CONSENT_BAD_REPLY, 0);
    assert_together (*state, one_refused, CONSENT_BAD_REPLY, 0);
    assert_together (*state, scripted_unavailable, CONSENT_UNAVAILABLE, 0);
}

static void test_a_batch_has_the_key_that_it_is_given (void **state)
{
    struct consent_batch batch = {.questions = &scripted_question, .count = 1};
    struct consent_answer *answer;
    scripted.last_size = 0;
    for (int i = 0; i < 2; i++) { /* else the registry hears of another request */
        batch.idempotency_key = "00112233445566778899aabbccddeeff";
        assert_int_equal (consent_check_together (*state, &batch, &answer), CONSENT_OK);
        assert_int_equal (answer->verdict, CONSENT_PERMIT);
        consent_answer_destroy (&answer);
    }
    assert_false (scripted.differed);
    int heard = scripted.heard;
    batch.idempotency_key = "0011";
    assert_int_equal (consent_check_together (*state, &batch, &answer), CONSENT_INVALID);
    assert_int_equal (answer->verdict, CONSENT_DENY);
    consent_answer_destroy (&answer);
    assert_int_equal (scripted.heard, heard);
}

static void test_a_batch_that_is_empty_or_too_large_is_not_sent (void **state)
{
    enum { MANY = CONSENT_BATCH_MAX + 1 };
    static struct consent_item items[MANY];
    static struct consent_question questions[MANY];
    static struct consent_answer *answers[MANY];
    for (size_t i = 0; i < MANY; i++) {
        questions[i] = scripted_question;
        questions[i].items = items;
        questions[i].item_count = MANY;
    }
    assert_int_equal (consent_check_batch (*state, questions, 0, answers), CONSENT_INVALID);
    assert_int_equal (consent_check_batch (*state, questions, MANY, answers), CONSENT_INVALID);
    for (size_t i = 0; i < MANY; i++)
        consent_answer_destroy (&answers[i]);
    assert_int_equal (consent_check_batch (*state, questions, MANY - 1, answers), CONSENT_INVALID);
    for (size_t i = 0; i < MANY - 1; i++) {
        assert_int_equal (answers[i]->status, CONSENT_INVALID);
        consent_answer_destroy (&answers[i]);
    }
    assert_int_equal (scripted.heard, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST (test_every_question_of_a_batch_has_its_own_answer),
        SCRIPTED_TEST (test_one_answer_of_a_batch_that_does_not_fit_says_nothing_of_the_others),
        SCRIPTED_TEST (test_a_batch_that_is_not_answered_as_a_whole_permits_nothing),
        SCRIPTED_TEST (test_an_answer_of_a_batch_from_before_the_required_revision_is_none),
        SCRIPTED_TEST (test_of_what_is_all_or_nothing_a_part_is_not_believed),
        SCRIPTED_TEST (test_a_batch_has_the_key_that_it_is_given),
        SCRIPTED_TEST (test_a_batch_that_is_empty_or_too_large_is_not_sent),
    };
    return cmocka_run_group_tests (tests, scripted_start, scripted_stop);
}
