/* What consent-http makes of JSON and of answers, without a socket of HTTP: against a registry that lies, nothing
   becomes true but a whole permit. */
#include <string.h>
#include "answer.h"
#include "body.h"
#include "evaluate.h"
#include "scripted_registry.h"
#include "testing.h"

/* --- Asking -------------------------------------------------------------------------------------------- */

static int ask (void *context, const struct consent_question *questions, size_t count, const char *key,
                struct consent_answer **answers)
{
    if (count > 1) {
        const struct consent_batch batch = {.questions = questions, .count = count, .idempotency_key = key};
        return consent_check_together (context, &batch, answers);
    }
    struct consent_question question = questions[0];
    question.idempotency_key = key;
    answers[0] = consent_check (context, &question);
    return answers[0]->status;
}

#define FOUR(DATA)                                                                                             \
    "\"subject\": {\"type\": \"partij\", \"id\": \"huisarts-dorp\"}, \"action\": {\"name\": \"verstrekken\", " \
    "\"properties\": {\"doel\": \"toekenning\"}}, \"resource\": {\"type\": \"persoonsgegevens\", " DATA        \
    "}, \"context\": {\"gebruiker\": \"medewerker-17\"}"
#define ONE "\"id\": \"naw\", \"properties\": {\"bsn\": \"999990019\", \"verstrekker\": \"kernteam\"}"
#define TWO                                                                                          \
    "\"id\": \"gegevens\", \"properties\": {\"bsn\": \"999990019\", \"verstrekker\": \"kernteam\", " \
    "\"gegevens\": "                                                                                 \
    "[{\"gegevenssoort\": \"naw\"}, {\"gegevenssoort\": \"budget\", \"herkomst\": \"wmo\"}]}"

/* The reply to a text. The caller frees its body. */
static struct reply reply_to (consent_t *registry, const char *text,
                              void (*evaluate) (const struct door *, const json_t *, const char *, struct reply *))
{
    const struct door door = {registry, ask};
    const char *why = "";
    struct reply reply = {.status = 0};
    json_t *body = body_read (text, strlen (text), &why);
    assert_non_null (body);
    evaluate (&door, body, NULL, &reply);
    json_decref (body);
    return reply;
}

static void assert_one (consent_t *registry, void (*twist) (Consentd__Reply *reply), int status, bool decision)
{
    scripted.twist = twist;
    struct reply reply = reply_to (registry, "{" FOUR (TWO) "}", evaluate_one);
    assert_int_equal (reply.status, status);
    if (status == 200)
        assert_int_equal (json_is_true (json_object_get (reply.body, "decision")), decision);
    else
        assert_true (json_is_string (reply.body));
    json_decref (reply.body);
}

/* --- Lies ---------------------------------------------------------------------------------------------- */

static void lie_of_one_item (Consentd__Reply *reply)
{
    reply->check->items[1]->verdict = CONSENTD__VERDICT__DENY;
}

static void lie_of_the_whole (Consentd__Reply *reply)
{
    reply->check->verdict = CONSENTD__VERDICT__PARTIAL;
}

static void lie_of_what_was_asked (Consentd__Reply *reply)
{
    reply->check->n_items = 1;
}

static void lie_of_no_verdict (Consentd__Reply *reply)
{
    reply->check->verdict = CONSENTD__VERDICT__VERDICT_UNSPECIFIED;
}

static void revoked_since (Consentd__Reply *reply)
{
    reply->replayed = reply->revoked_since = true;
}

static void conflict (Consentd__Reply *reply)
{
    reply->status = CONSENTD__STATUS__CONFLICT;
}

static void of_no_known_status (Consentd__Reply *reply)
{
    reply->status = (Consentd__Status)99;
}

static void test_only_a_whole_permit_is_true (void **state)
{
    assert_one (*state, scripted_honest, 200, true);
    assert_one (*state, revoked_since, 200, false);
    assert_one (*state, scripted_forbidden, 403, false);
    assert_one (*state, scripted_unavailable, 503, false);
    assert_one (*state, scripted_no_body, 502, false);
    assert_one (*state, conflict, 422, false);
    assert_one (*state, of_no_known_status, 502, false);
}

/* libconsent refuses most of these itself: here is that none comes through, whoever does. */
static void test_an_answer_that_contradicts_itself_is_not_true (void **state)
{
    void (*const lies[]) (Consentd__Reply * reply) = {lie_of_one_item, lie_of_the_whole, lie_of_what_was_asked,
                                                      lie_of_no_verdict};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        scripted.twist = lies[i];
        struct reply reply = reply_to (*state, "{" FOUR (TWO) "}", evaluate_one);
        assert_false (reply.status == 200 && json_is_true (json_object_get (reply.body, "decision")));
        json_decref (reply.body);
    }
}

static void test_what_permits_is_judged_item_by_item (void **state)
{
    struct consent_item_answer items[] = {{.verdict = CONSENT_PERMIT}, {.verdict = CONSENT_PERMIT}};
    const struct consent_question asked = {.item_count = 2};
    struct consent_answer answer = {.verdict = CONSENT_PERMIT, .items = items, .item_count = 2};
    (void)state;
    assert_true (answer_permits (&asked, &answer));
    items[1].verdict = CONSENT_DENY;
    assert_false (answer_permits (&asked, &answer));
    items[1].verdict = CONSENT_PERMIT;
    answer.item_count = 1;
    assert_false (answer_permits (&asked, &answer));
    answer.item_count = 2;
    answer.revoked_since = true;
    assert_false (answer_permits (&asked, &answer));
    answer.revoked_since = false;
    answer.status = CONSENT_TIMEOUT;
    assert_false (answer_permits (&asked, &answer));
    answer.status = CONSENT_OK;
    answer.verdict = CONSENT_PARTIAL;
    assert_false (answer_permits (&asked, &answer));
}

/* --- Several ------------------------------------------------------------------------------------------- */

#define SEVERAL "{" FOUR (ONE) ", \"evaluations\": [{}, {\"action\": 7}, {}]}"

static void fail_one_of_a_batch (Consentd__Reply *reply)
{
    if (reply->batch)
        reply->batch->answers[1]->status = CONSENTD__STATUS__UNAVAILABLE;
}

static void assert_decisions (consent_t *registry, void (*twist) (Consentd__Reply *reply), const char *expected)
{
    scripted.twist = twist;
    struct reply reply = reply_to (registry, SEVERAL, evaluate_many);
    const json_t *list = json_object_get (reply.body, "evaluations");
    assert_int_equal (reply.status, 200);
    assert_int_equal (json_array_size (list), strlen (expected));
    for (size_t i = 0; expected[i]; i++)
        assert_int_equal (json_is_true (json_object_get (json_array_get (list, i), "decision")),
                          expected[i] == 't');
    json_decref (reply.body);
}

static void test_each_of_several_has_its_own_decision (void **state)
{
    assert_decisions (*state, scripted_honest, "tft");
    assert_decisions (*state, fail_one_of_a_batch, "tff");
}

static void test_what_fails_for_all_is_no_decision_of_any (void **state)
{
    const struct {
        void (*twist) (Consentd__Reply *reply);
        int status;
    } failures[] = {
        {scripted_forbidden, 403}, {scripted_unavailable, 503}, {scripted_no_body, 502}, {conflict, 422}};
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        scripted.twist = failures[i].twist;
        struct reply reply = reply_to (*state, SEVERAL, evaluate_many);
        assert_int_equal (reply.status, failures[i].status);
        assert_true (json_is_string (reply.body));
        json_decref (reply.body);
    }
}

/* --- Keys and bodies ----------------------------------------------------------------------------------- */

static void test_a_key_is_always_made_into_the_same_one_and_another_into_another (void **state)
{
    char one[CONSENT_ID_SIZE], again[CONSENT_ID_SIZE], other[CONSENT_ID_SIZE], next[CONSENT_ID_SIZE];
    (void)state;
    evaluate_key ("8e03978e-40d5-43e8", 0, one);
    evaluate_key ("8e03978e-40d5-43e8", 0, again);
    evaluate_key ("8e03978e-40d5-43e9", 0, other);
    evaluate_key ("8e03978e-40d5-43e8", 1, next);
    assert_string_equal (one, again);
    assert_string_not_equal (one, other);
    assert_string_not_equal (one, next);
    assert_int_equal (strlen (one), 32);
}

static void test_a_body_is_as_deep_as_it_may_be_and_no_deeper (void **state)
{
    const char *why = "";
    const char right[] = "{\"a\": [[[[[[[[[[[[[[[\"[[[\\\"[\"]]]]]]]]]]]]]]]}",
               deep[] = "{\"a\": [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}";
    (void)state;
    json_t *body = body_read (right, strlen (right), &why);
    assert_non_null (body);
    json_decref (body);
    assert_null (body_read (deep, strlen (deep), &why));
    assert_non_null (strstr (why, "deep"));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST (test_only_a_whole_permit_is_true),
        SCRIPTED_TEST (test_an_answer_that_contradicts_itself_is_not_true),
        cmocka_unit_test (test_what_permits_is_judged_item_by_item),
        SCRIPTED_TEST (test_each_of_several_has_its_own_decision),
        SCRIPTED_TEST (test_what_fails_for_all_is_no_decision_of_any),
        cmocka_unit_test (test_a_key_is_always_made_into_the_same_one_and_another_into_another),
        cmocka_unit_test (test_a_body_is_as_deep_as_it_may_be_and_no_deeper),
    };
    return cmocka_run_group_tests (tests, scripted_start, scripted_stop);
}
