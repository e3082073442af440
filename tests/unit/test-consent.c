/* libconsent against a registry that lies, is silent or late: whatever it does, only a whole and fitting answer is
   a permit. */
#include <stdatomic.h>
#include <time.h>
#include "connection.h"
#include "scripted_registry.h"
#include "testing.h"

static void test_a_permit_is_a_permit (void **state)
{
    scripted_assert_permit (*state);
    assert_int_equal (scripted.heard, 1);
}

static void one_item_less (Consentd__Reply *reply)
{
    reply->check->n_items = 1;
}

static void other_item (Consentd__Reply *reply)
{
    static char other[] = "gezondheid";
    reply->check->items[1]->category = other;
}

static void denied_item (Consentd__Reply *reply)
{
    reply->check->items[1]->verdict = CONSENTD__VERDICT__DENY;
}

static void unknown_verdict (Consentd__Reply *reply)
{
    reply->check->items[0]->verdict = (Consentd__Verdict)9;
}

static void no_ground (Consentd__Reply *reply)
{
    reply->check->items[0]->ground = CONSENTD__GROUND__GROUND_NONE;
}

static void other_body (Consentd__Reply *reply)
{
    static Consentd__StatusReply status;
    consentd__status_reply__init (&status);
    reply->body_case = CONSENTD__REPLY__BODY_STATUS_REPORT;
    reply->status_report = &status;
}

static void test_an_answer_that_does_not_fit_the_question_or_itself_is_no_permit (void **state)
{
    void (*const twists[]) (Consentd__Reply *) = {one_item_less, other_item,       denied_item, unknown_verdict,
                                                  no_ground,     scripted_no_body, other_body};
    for (size_t i = 0; i < sizeof twists / sizeof twists[0]; i++)
        scripted_assert_no_permit (*state, twists[i], CONSENT_BAD_REPLY);
    scripted.twist = scripted_honest;
    scripted.last_size = 0;
    scripted_assert_permit (*state);
}

static void unknown_status (Consentd__Reply *reply)
{
    reply->status = (Consentd__Status)77;
}

static void other_version (Consentd__Reply *reply)
{
    reply->version = 2;
}

static void other_key (Consentd__Reply *reply)
{
    static uint8_t another[16] = "an id of 16 byte";
    reply->idempotency_key = (ProtobufCBinaryData){sizeof another, another};
}

static void ended_since (Consentd__Reply *reply)
{
    reply->replayed = reply->revoked_since = true;
}

static void test_a_status_other_than_ok_is_no_permit_whatever_stands_beside_it (void **state)
{
    scripted_assert_no_permit (*state, scripted_forbidden, CONSENT_FORBIDDEN);
    scripted_assert_no_permit (*state, unknown_status, CONSENT_BAD_REPLY);
}

static void test_an_answer_in_another_version_or_to_another_question_is_none (void **state)
{
    scripted_assert_no_permit (*state, other_version, CONSENT_BAD_REPLY);
    scripted_assert_no_permit (*state, other_key, CONSENT_TIMEOUT);
}

static void test_a_recorded_permit_whose_consent_has_ended_since_is_none (void **state)
{
    scripted_assert_no_permit (*state, ended_since, CONSENT_OK);
}

static void test_silence_is_no_permit (void **state)
{
    scripted.ignore = SCRIPTED_ATTEMPTS;
    scripted_assert_no_permit (*state, scripted_honest, CONSENT_TIMEOUT);
    assert_int_equal (scripted.heard, SCRIPTED_ATTEMPTS);
}

static void test_a_lost_request_is_sent_again_with_the_same_bytes (void **state)
{
    scripted.ignore = SCRIPTED_ATTEMPTS - 1;
    scripted_assert_permit (*state);
    assert_int_equal (scripted.heard, SCRIPTED_ATTEMPTS);
    assert_false (scripted.differed);
}

static void test_a_registry_that_cannot_now_is_asked_again_and_then_believed (void **state)
{
    scripted_assert_no_permit (*state, scripted_unavailable, CONSENT_UNAVAILABLE);
    assert_int_equal (scripted.heard, SCRIPTED_ATTEMPTS);
    assert_false (scripted.differed);
}

enum { WAIT = 60, PATIENT = 30 * 1000, TOO_LATE = 60 * 1000 }; /* ms */

static atomic_int put_off; /* so many requests are told to come back */

static void too_many (Consentd__Reply *reply)
{
    if (put_off > 0) {
        put_off--;
        reply->status = CONSENTD__STATUS__UNAVAILABLE;
        reply->retry_after_ms = WAIT;
        reply->body_case = CONSENTD__REPLY__BODY__NOT_SET;
    }
}

/* The first time soon, and then when nobody waits any longer: between the two the machine may take its time. */
static void ever_later (Consentd__Reply *reply)
{
    too_many (reply);
    reply->retry_after_ms = scripted.heard == 1 ? WAIT : TOO_LATE;
}

static int64_t milliseconds (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_who_is_told_to_come_back_later_does_and_no_attempt_was_in_vain (void **state)
{
    int64_t begun = milliseconds ();
    put_off = SCRIPTED_ATTEMPTS + 4;
    struct consent_answer *got = scripted_ask (*state, too_many, &scripted_question);
    assert_int_equal (got->verdict, CONSENT_PERMIT);
    consent_answer_destroy (&got);
    assert_int_equal (scripted.heard, SCRIPTED_ATTEMPTS + 5);
    assert_false (scripted.differed);
    assert_true (milliseconds () - begun >= (SCRIPTED_ATTEMPTS + 4) * WAIT);
}

static void test_who_would_be_told_too_late_is_told_now_and_does_not_ask_again (void **state)
{
    consent_set_patience (*state, PATIENT);
    put_off = SCRIPTED_ATTEMPTS + 4;
    scripted_assert_no_permit (*state, ever_later, CONSENT_UNAVAILABLE);
    assert_int_equal (scripted.heard, 2);
    consent_set_patience (*state, 0);
    scripted.heard = 0;
    scripted_assert_no_permit (*state, too_many, CONSENT_UNAVAILABLE);
    assert_int_equal (scripted.heard, 1);
}

static void test_an_answer_from_before_the_required_revision_is_none (void **state)
{
    consent_t *self = *state;
    char epoch[CONSENT_ID_SIZE];
    uint64_t revision;
    scripted_assert_permit (self);
    consent_revision (self, epoch, &revision);
    assert_int_equal (revision, 100);
    assert_int_equal (consent_require_revision (self, epoch, 101), CONSENT_OK);
    scripted_assert_no_permit (self, scripted_honest, CONSENT_BAD_REPLY);
    assert_int_equal (consent_require_revision (self, epoch, 100), CONSENT_OK);
    scripted_assert_permit (self);
    assert_int_equal (consent_require_revision (self, "no epoch", 1), CONSENT_INVALID);
}

static void test_every_question_in_a_pipeline_has_one_answer_though_some_are_lost (void **state)
{
    consent_t *self = *state;
    bool answered[CONSENT_OUTSTANDING_MAX + 1] = {false};
    uint64_t ticket;
    scripted.ignore = 10;
    for (uint64_t i = 1; i <= CONSENT_OUTSTANDING_MAX; i++) {
        assert_int_equal (consent_ask (self, &scripted_question, &ticket), CONSENT_OK);
        assert_int_equal (ticket, i);
    }
    assert_int_equal (consent_ask (self, &scripted_question, &ticket), CONSENT_BUSY);
    struct consent_answer *got;
    size_t count = 0;
    while ((got = consent_next_answer (self))) {
        assert_int_equal (got->verdict, CONSENT_PERMIT);
        assert_in_range (got->ticket, 1, CONSENT_OUTSTANDING_MAX);
        assert_false (answered[got->ticket]);
        answered[got->ticket] = true;
        count++;
        consent_answer_destroy (&got);
    }
    assert_int_equal (count, CONSENT_OUTSTANDING_MAX);
}

static void test_who_looks_whether_an_answer_is_there_does_not_wait_for_it (void **state)
{
    consent_t *self = *state;
    uint64_t lost, answered;
    assert_true (consent_has_answer (self));
    scripted.ignore = 1;
    assert_int_equal (consent_ask (self, &scripted_question, &lost), CONSENT_OK);
    assert_false (consent_has_answer (self)); /* if it waited, the second attempt would have been answered */
    assert_int_equal (consent_ask (self, &scripted_question, &answered), CONSENT_OK);
    while (!consent_has_answer (self))
        continue;
    for (uint64_t expected = answered; expected >= lost; expected--) {
        struct consent_answer *got = consent_next_answer (self);
        assert_int_equal (got->verdict, CONSENT_PERMIT);
        assert_int_equal (got->ticket, expected);
        consent_answer_destroy (&got);
    }
    assert_true (consent_has_answer (self));
}

/* A request as consentctl makes one, with this idempotency key. */
static int send_call (consent_t *self, uint8_t key[16], uint64_t *ticket)
{
    Consentd__CheckRequest check;
    consentd__check_request__init (&check);
    Consentd__Request request;
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_CHECK;
    request.check = &check;
    request.idempotency_key = (ProtobufCBinaryData){16, key};
    return consent_call_send (self, &request, ticket);
}

static void test_every_request_in_a_pipeline_has_the_one_reply_that_has_its_key (void **state)
{
    consent_t *self = *state;
    bool answered[CONSENT_OUTSTANDING_MAX + 1] = {false};
    uint64_t ticket;
    Consentd__Reply *reply;
    scripted.ignore = 10;
    for (unsigned i = 1; i <= CONSENT_OUTSTANDING_MAX; i++) {
        assert_int_equal (send_call (self, (uint8_t[16]){(uint8_t)(i >> 8), (uint8_t)i, 7}, &ticket), CONSENT_OK);
        assert_int_equal (ticket, i);
    }
    assert_int_equal (send_call (self, (uint8_t[16]){9}, &ticket), CONSENT_BUSY);
    for (size_t i = 0; i < CONSENT_OUTSTANDING_MAX; i++) {
        assert_int_equal (consent_call_next (self, &ticket, &reply), CONSENT_OK);
        assert_in_range (ticket, 1, CONSENT_OUTSTANDING_MAX);
        assert_false (answered[ticket]);
        answered[ticket] = true;
        assert_int_equal (reply->idempotency_key.data[0] << 8 | reply->idempotency_key.data[1], ticket);
        consentd__reply__free_unpacked (reply, NULL);
    }
    assert_int_equal (consent_call_next (self, &ticket, &reply), CONSENT_NO_EVENT);
    assert_null (reply);
}

static void test_a_request_in_a_pipeline_that_is_never_answered_is_said_to_be_unknown (void **state)
{
    consent_t *self = *state;
    uint64_t ticket;
    Consentd__Reply *reply;
    scripted.ignore = SCRIPTED_ATTEMPTS;
    assert_int_equal (send_call (self, (uint8_t[16]){9}, &ticket), CONSENT_OK);
    assert_int_equal (consent_call_next (self, &ticket, &reply), CONSENT_TIMEOUT);
    assert_int_equal (ticket, 1);
    assert_null (reply);
}

static void test_a_request_is_not_sent_again_when_the_registry_may_have_forgotten_its_key (void **state)
{
    consent_t *self = *state;
    uint64_t ticket;
    Consentd__Reply *reply;
    for (int hours = 22; hours <= 24; hours += 2) {
        scripted.heard = 0;
        scripted.ignore = 1;
        assert_int_equal (send_call (self, (uint8_t[16]){9}, &ticket), CONSENT_OK);
        self->pending[0].unheard -= hours * INT64_C (3600000); /* the process was stopped */
        assert_int_equal (consent_call_next (self, &ticket, &reply), hours < 24 ? CONSENT_OK : CONSENT_TIMEOUT);
        assert_int_equal (scripted.heard, hours < 24 ? 2 : 1);
        if (reply)
            consentd__reply__free_unpacked (reply, NULL);
    }
}

static void test_a_question_too_large_for_a_message_is_not_sent (void **state)
{
    static struct consent_item items[40000];
    struct consent_question question = scripted_question;
    question.items = items;
    question.item_count = 40000;
    struct consent_answer *got = consent_check (*state, &question);
    assert_int_equal (got->status, CONSENT_INVALID);
    assert_int_equal (got->verdict, CONSENT_DENY);
    consent_answer_destroy (&got);
    assert_int_equal (scripted.heard, 0);
}

static void test_a_revocation_that_is_not_confirmed_is_not_taken_for_one (void **state)
{
    consent_t *self = *state;
    struct consent_revocation revocation = {.consent_id = "not an id", .withdrawn_by = "subject", .user = "u"};
    struct consent_revoked *revoked;
    assert_int_equal (consent_revoke (self, &revocation, &revoked), CONSENT_INVALID);
    assert_null (revoked);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST (test_a_permit_is_a_permit),
        SCRIPTED_TEST (test_an_answer_that_does_not_fit_the_question_or_itself_is_no_permit),
        SCRIPTED_TEST (test_a_status_other_than_ok_is_no_permit_whatever_stands_beside_it),
        SCRIPTED_TEST (test_an_answer_in_another_version_or_to_another_question_is_none),
        SCRIPTED_TEST (test_a_recorded_permit_whose_consent_has_ended_since_is_none),
        SCRIPTED_TEST (test_silence_is_no_permit),
        SCRIPTED_TEST (test_a_lost_request_is_sent_again_with_the_same_bytes),
        SCRIPTED_TEST (test_a_registry_that_cannot_now_is_asked_again_and_then_believed),
        SCRIPTED_TEST (test_who_is_told_to_come_back_later_does_and_no_attempt_was_in_vain),
        SCRIPTED_TEST (test_who_would_be_told_too_late_is_told_now_and_does_not_ask_again),
        SCRIPTED_TEST (test_an_answer_from_before_the_required_revision_is_none),
        SCRIPTED_TEST (test_every_question_in_a_pipeline_has_one_answer_though_some_are_lost),
        SCRIPTED_TEST (test_who_looks_whether_an_answer_is_there_does_not_wait_for_it),
        SCRIPTED_TEST (test_every_request_in_a_pipeline_has_the_one_reply_that_has_its_key),
        SCRIPTED_TEST (test_a_request_in_a_pipeline_that_is_never_answered_is_said_to_be_unknown),
        SCRIPTED_TEST (test_a_request_is_not_sent_again_when_the_registry_may_have_forgotten_its_key),
        SCRIPTED_TEST (test_a_question_too_large_for_a_message_is_not_sent),
        SCRIPTED_TEST (test_a_revocation_that_is_not_confirmed_is_not_taken_for_one),
    };
    return cmocka_run_group_tests (tests, scripted_start, scripted_stop);
}
