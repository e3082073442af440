/* What the registry says on the events endpoint: in order it is handed on, in doubt the stream fails closed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt.h"
#include "events.h"
#include "fake_link.h"
#include "identifier.h"
#include "reply.h"
#include "testing.h"

static uint8_t EPOCH[ID_BYTES] = "0123456789abcde";
static uint8_t OTHER_EPOCH[ID_BYTES] = "fedcba987654321";
static uint8_t ID[ID_BYTES] = "an id of 16 byte";

static struct fake_link fake;

/* A stream of which events up to 7 are handled, and that the registry has confirmed. */
static int make_stream (void **state)
{
    consent_t *self = calloc (1, sizeof *self);
    *state = self;
    consent_set_silence (self, 15000);
    consent_set_window (self, CONSENT_WINDOW);
    self->timeout = 2000;
    struct event_stream *stream = &self->stream;
    stream->begun = stream->live = stream->placed = stream->has_epoch = true;
    memcpy (stream->position.epoch, EPOCH, ID_BYTES);
    stream->position.number = stream->delivered = stream->confirmed = 7;
    stream->credit = CONSENT_WINDOW;
    fake_link_open (&fake, self);
    return 0;
}

static int free_stream (void **state)
{
    fake_link_close (&fake, *state);
    free (*state);
    return 0;
}

/* Lets the stream hear a reply, as it would from the link. */
static int hear (consent_t *self, const Consentd__Reply *reply, struct consent_event **event)
{
    size_t size = consentd__reply__get_packed_size (reply);
    uint8_t *bytes = malloc (size);
    consentd__reply__pack (reply, bytes);
    Consentd__Reply *heard = reply_unpack (bytes, size);
    assert_non_null (heard);
    free (bytes);
    *event = NULL;
    return stream_handle (self, heard, event);
}

static Consentd__Reply make_reply (uint8_t *epoch)
{
    Consentd__Reply reply;
    consentd__reply__init (&reply);
    reply.version = 1;
    reply.status = CONSENTD__STATUS__OK;
    reply.epoch = (ProtobufCBinaryData){ID_BYTES, epoch};
    return reply;
}

static int hear_event (consent_t *self, Consentd__EventPush *push, uint8_t *epoch, struct consent_event **event)
{
    Consentd__Reply reply = make_reply (epoch);
    reply.body_case = CONSENTD__REPLY__BODY_EVENT;
    reply.event = push;
    return hear (self, &reply, event);
}

static Consentd__EventPush make_push (Consentd__EventKind kind, uint64_t number)
{
    Consentd__EventPush push;
    consentd__event_push__init (&push);
    push.kind = kind;
    push.number = number;
    push.consent_id = push.subject_ref = (ProtobufCBinaryData){ID_BYTES, ID};
    return push;
}

static int hear_push (consent_t *self, Consentd__EventKind kind, uint64_t number, uint8_t *epoch)
{
    Consentd__EventPush push = make_push (kind, number);
    struct consent_event *event;
    int result = hear_event (self, &push, epoch, &event);
    if (result == CONSENT_OK) {
        assert_non_null (event);
        assert_int_equal (event->number, number);
        consent_event_destroy (&event);
    }
    assert_null (event);
    return result;
}

static int hear_revoked (consent_t *self, uint64_t number)
{
    return hear_push (self, CONSENTD__EVENT_KIND__CONSENT_REVOKED, number, EPOCH);
}

static int hear_subscribed (consent_t *self, uint64_t next, uint64_t newest, uint64_t acknowledged)
{
    Consentd__SubscribeReply subscribed;
    consentd__subscribe_reply__init (&subscribed);
    subscribed.next = next;
    subscribed.newest = newest;
    subscribed.acknowledged = acknowledged;
    Consentd__Reply reply = make_reply (EPOCH);
    reply.body_case = CONSENTD__REPLY__BODY_SUBSCRIBE;
    reply.subscribe = &subscribed;
    struct consent_event *event;
    return hear (self, &reply, &event);
}

/* The registry does not have the event that was asked for. */
static int hear_no_place_in (consent_t *self, uint8_t *epoch, uint64_t first_dropped, uint64_t last_dropped,
                             bool says)
{
    Consentd__SubscribeReply subscribed;
    consentd__subscribe_reply__init (&subscribed);
    subscribed.next = 11;
    subscribed.newest = 12;
    subscribed.first_dropped = first_dropped;
    subscribed.last_dropped = last_dropped;
    Consentd__Reply reply = make_reply (epoch);
    reply.status = CONSENTD__STATUS__INVALID;
    reply.field = (char[]){"subscribe.from"};
    reply.message = (char[]){"older than what is kept: it was dropped"};
    reply.idempotency_key = (ProtobufCBinaryData){ID_BYTES, self->stream.subscribe_key};
    reply.body_case = says ? CONSENTD__REPLY__BODY_SUBSCRIBE : CONSENTD__REPLY__BODY__NOT_SET;
    reply.subscribe = &subscribed;
    struct consent_event *event;
    return hear (self, &reply, &event);
}

static int hear_no_place (consent_t *self, uint64_t first_dropped, uint64_t last_dropped, bool says)
{
    return hear_no_place_in (self, EPOCH, first_dropped, last_dropped, says);
}

static int hear_refusal (consent_t *self, Consentd__Status status, char *field)
{
    Consentd__Reply reply = make_reply (EPOCH);
    reply.status = status;
    reply.field = field;
    reply.idempotency_key = (ProtobufCBinaryData){ID_BYTES, self->stream.subscribe_key};
    struct consent_event *event;
    return hear (self, &reply, &event);
}

/* Whoever asks again hears the same, and never another event. */
static void assert_ended (consent_t *self, int result, int status)
{
    struct consent_event *event;
    assert_int_equal (result, status);
    assert_int_equal (consent_next_event (self, 0, &event), status);
    assert_null (event);
    assert_string_not_equal (consent_last_error (self), "");
}

static void test_events_in_order_are_handed_over (void **state)
{
    assert_int_equal (hear_revoked (*state, 8), CONSENT_OK);
    assert_int_equal (hear_push (*state, CONSENTD__EVENT_KIND__HEARTBEAT, 9, EPOCH), STREAM_NOTHING);
    assert_int_equal (hear_revoked (*state, 9), CONSENT_OK);
}

static void test_every_kind_of_event_is_handed_over_by_its_type (void **state)
{
    static const struct {
        Consentd__EventKind kind;
        const char *type;
        bool about_consent;
    } kinds[] = {
        {CONSENTD__EVENT_KIND__CONSENT_REVOKED, "nl.toestemmingen.toestemming-ingetrokken", true},
        {CONSENTD__EVENT_KIND__CONSENT_ANSWERED, "nl.toestemmingen.verzoek-beantwoord", true},
        {CONSENTD__EVENT_KIND__CONSENT_EXPIRED, "nl.toestemmingen.toestemming-verlopen", true},
        {CONSENTD__EVENT_KIND__CONSENT_USED, "nl.toestemmingen.toestemming-verbruikt", true},
        {CONSENTD__EVENT_KIND__CONSENT_LAPSED, "nl.toestemmingen.toestemming-vervallen", true},
        {CONSENTD__EVENT_KIND__DATA_RESTRICTED, "nl.toestemmingen.gegevens-afgeschermd", false},
        {CONSENTD__EVENT_KIND__RESTRICTION_LIFTED, "nl.toestemmingen.afscherming-opgeheven", false},
        {CONSENTD__EVENT_KIND__CONSENT_RESTORED, "nl.toestemmingen.toestemming-hersteld", true},
        {CONSENTD__EVENT_KIND__CONSENT_CORRECTED, "nl.toestemmingen.toestemming-verbeterd", true},
        {CONSENTD__EVENT_KIND__DATA_RECTIFIED, "nl.toestemmingen.gegevens-verbeterd", false},
        {CONSENTD__EVENT_KIND__DATA_TO_ERASE, "nl.toestemmingen.gegevens-te-verwijderen", false},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        Consentd__EventPush push = make_push (kinds[i].kind, 8 + i);
        push.answer = CONSENTD__ANSWER__ANSWER_REFUSED;
        if (!kinds[i].about_consent)
            push.consent_id.len = 0;
        struct consent_event *event;
        assert_int_equal (hear_event (*state, &push, EPOCH, &event), CONSENT_OK);
        assert_string_equal (event->type, kinds[i].type);
        assert_int_equal (strlen (event->consent_id), kinds[i].about_consent ? 2 * ID_BYTES : 0);
        assert_string_equal (event->answer, "refused");
        consent_event_destroy (&event);
    }
}

static void test_an_alarm_is_about_a_party_and_nobodys_data (void **state)
{
    Consentd__EventPush push = make_push (CONSENTD__EVENT_KIND__REGISTRY_ALARM, 8);
    push.consent_id.len = push.subject_ref.len = 0;
    push.alarm = (char[]){"many-subjects"};
    push.party = (char[]){"cak"};
    struct consent_event *event;
    assert_int_equal (hear_event (*state, &push, EPOCH, &event), CONSENT_OK);
    assert_string_equal (event->type, "nl.toestemmingen.register-alarm");
    assert_string_equal (event->alarm, "many-subjects");
    assert_string_equal (event->party, "cak");
    assert_string_equal (event->subject_ref, "");
    consent_event_destroy (&event);
}

static void test_an_event_about_a_consent_that_names_none_ends_the_stream (void **state)
{
    Consentd__EventPush push = make_push (CONSENTD__EVENT_KIND__CONSENT_EXPIRED, 8);
    push.consent_id.len = 0;
    struct consent_event *event;
    assert_ended (*state, hear_event (*state, &push, EPOCH, &event), CONSENT_BAD_REPLY);
}

static void test_a_missing_number_ends_the_stream (void **state)
{
    assert_int_equal (hear_revoked (*state, 8), CONSENT_OK);
    assert_ended (*state, hear_revoked (*state, 10), CONSENT_GAP);
}

static void test_a_number_that_goes_back_ends_the_stream (void **state)
{
    assert_ended (*state, hear_revoked (*state, 7), CONSENT_GAP);
}

static void test_another_epoch_ends_the_stream (void **state)
{
    assert_ended (*state, hear_push (*state, CONSENTD__EVENT_KIND__CONSENT_REVOKED, 8, OTHER_EPOCH), CONSENT_GAP);
}

static void test_a_heartbeat_of_another_epoch_ends_the_stream (void **state)
{
    assert_ended (*state, hear_push (*state, CONSENTD__EVENT_KIND__HEARTBEAT, 7, OTHER_EPOCH), CONSENT_GAP);
}

static void test_a_registry_that_forgot_events_ends_the_stream (void **state)
{
    assert_ended (*state, hear_push (*state, CONSENTD__EVENT_KIND__HEARTBEAT, 6, EPOCH), CONSENT_GAP);
}

static void test_events_that_were_dropped_end_the_stream (void **state)
{
    Consentd__EventPush push = make_push (CONSENTD__EVENT_KIND__EVENTS_DROPPED, 12);
    struct consent_event *event;
    push.first_dropped = 8;
    int result = hear_event (*state, &push, EPOCH, &event);
    assert_null (event);
    assert_non_null (strstr (consent_last_error (*state), "dropped events 8 to 12"));
    assert_ended (*state, result, CONSENT_GAP);
}

static void test_what_was_dropped_is_known_by_the_reply_and_not_by_its_words (void **state)
{
    uint64_t from = 0;
    int result = hear_no_place (*state, 8, 10, true);
    assert_true (consent_was_dropped (*state, &from));
    assert_int_equal (from, 11);
    assert_non_null (strstr (consent_last_error (*state), "dropped events 8 to 10"));
    assert_ended (*state, result, CONSENT_GAP);
}

/* A backup from after the drop was restored: whether nothing else is wrong nobody can say. */
static void test_what_a_registry_of_another_epoch_dropped_is_not_all_that_is_wrong (void **state)
{
    uint64_t from;
    int result = hear_no_place_in (*state, OTHER_EPOCH, 8, 10, true);
    assert_false (consent_was_dropped (*state, &from));
    assert_non_null (strstr (consent_last_error (*state), "another epoch"));
    assert_ended (*state, result, CONSENT_GAP);
}

static void test_what_was_acknowledged_before_was_not_dropped (void **state)
{
    uint64_t from;
    int result = hear_no_place (*state, 0, 0, true);
    assert_false (consent_was_dropped (*state, &from));
    assert_ended (*state, result, CONSENT_GAP);
}

static void test_of_words_alone_nothing_is_believed (void **state)
{
    uint64_t from;
    int result = hear_no_place (*state, 8, 10, false);
    assert_false (consent_was_dropped (*state, &from));
    assert_ended (*state, result, CONSENT_GAP);
}

static void test_an_answer_to_a_request_is_handed_over_by_its_name (void **state)
{
    static const struct {
        Consentd__Answer answer;
        const char *name;
    } answers[] = {{CONSENTD__ANSWER__ANSWER_GRANTED, "granted"},
                   {CONSENTD__ANSWER__ANSWER_REFUSED, "refused"},
                   {CONSENTD__ANSWER__ANSWER_DEFERRED, "deferred"},
                   {CONSENTD__ANSWER__ANSWER_UNSPECIFIED, ""}};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        Consentd__EventPush push;
        consentd__event_push__init (&push);
        push.kind = CONSENTD__EVENT_KIND__CONSENT_ANSWERED;
        push.number = 8 + i;
        push.consent_id = push.subject_ref = (ProtobufCBinaryData){ID_BYTES, ID};
        push.answer = answers[i].answer;
        Consentd__Reply reply = make_reply (EPOCH);
        reply.body_case = CONSENTD__REPLY__BODY_EVENT;
        reply.event = &push;
        struct consent_event *event;
        assert_int_equal (hear (*state, &reply, &event), CONSENT_OK);
        assert_string_equal (event->type, "nl.toestemmingen.verzoek-beantwoord");
        assert_string_equal (event->answer, answers[i].name);
        consent_event_destroy (&event);
    }
}

static void test_an_event_of_an_unknown_kind_is_not_passed_over (void **state)
{
    assert_ended (*state, hear_push (*state, (Consentd__EventKind)99, 8, EPOCH), CONSENT_BAD_REPLY);
}

static void test_a_subscription_that_was_taken_over_is_not_taken_back (void **state)
{
    assert_ended (*state, hear_push (*state, CONSENTD__EVENT_KIND__ENDED, 0, EPOCH), CONSENT_ENDED);
}

static void test_two_heartbeats_that_count_an_event_which_did_not_come_renew_the_subscription (void **state)
{
    consent_t *self = *state;
    assert_int_equal (hear_push (self, CONSENTD__EVENT_KIND__HEARTBEAT, 8, EPOCH), STREAM_NOTHING);
    assert_true (self->stream.live);
    assert_int_equal (hear_push (self, CONSENTD__EVENT_KIND__HEARTBEAT, 8, EPOCH), STREAM_NOTHING);
    assert_false (self->stream.live);
    assert_int_equal (self->stream.final, 0);
}

static void test_a_stream_without_credit_is_not_behind (void **state)
{
    consent_t *self = *state;
    self->stream.credit = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal (hear_push (self, CONSENTD__EVENT_KIND__HEARTBEAT, 99, EPOCH), STREAM_NOTHING);
    assert_true (self->stream.live);
}

/* The credit that the next request gives, and the number that it acknowledges. 0: nothing was sent. */
static uint32_t given (uint64_t *acknowledged)
{
    Consentd__Request *request = fake_link_take (&fake);
    uint32_t credit = 0;
    if (request != NULL && request->body_case == CONSENTD__REQUEST__BODY_ACKNOWLEDGE) {
        credit = request->acknowledge->credit;
        *acknowledged = request->acknowledge->number;
    }
    if (request != NULL)
        consentd__request__free_unpacked (request, NULL);
    return credit;
}

static void test_a_window_that_is_full_waits_for_an_acknowledgement (void **state)
{
    consent_t *self = *state;
    uint64_t acknowledged = 0;
    for (uint64_t number = 8; number < 8 + CONSENT_WINDOW; number++)
        assert_int_equal (hear_revoked (self, number), CONSENT_OK);
    assert_int_equal (self->stream.credit, 0);
    assert_int_equal (given (&acknowledged), 0);
    assert_int_equal (consent_acknowledge (self, 9), CONSENT_OK);
    assert_int_equal (given (&acknowledged), 2);
    assert_int_equal (acknowledged, 9);
}

/* Whoever may acknowledge only long after it stored gets on all the same. */
static void test_a_wide_window_has_credit_again_before_anything_is_acknowledged (void **state)
{
    consent_t *self = *state;
    uint64_t acknowledged = 0, heard = 0;
    consent_set_window (self, 3000);
    self->stream.credit = 1024;
    for (uint64_t number = 8; self->stream.credit > 0; number++, heard++) {
        assert_int_equal (hear_revoked (self, number), CONSENT_OK);
        uint32_t more = given (&acknowledged);
        assert_true (more <= 1024 && self->stream.credit <= 1024);
        assert_true (more == 0 || acknowledged == 7);
    }
    assert_in_range (heard, 3000 - 512, 3000); /* the last part is too small to be worth a message */
    assert_int_equal (consent_acknowledge (self, 8), CONSENT_OK);
    assert_int_equal (given (&acknowledged), 3001 - heard);
}

static void set_stored (consent_t *self, uint64_t number, int result)
{
    char epoch[CONSENT_ID_SIZE];
    consent_hex (EPOCH, ID_BYTES, epoch);
    fake_link_close (&fake, self);
    self->stream.live = false;
    assert_int_equal (consent_set_stored (self, epoch, number), result);
    fake_link_open (&fake, self);
}

static void test_what_is_stored_already_is_not_asked_for_and_not_acknowledged (void **state)
{
    consent_t *self = *state;
    uint64_t acknowledged = 0;
    set_stored (self, 12, CONSENT_OK);
    assert_int_equal (hear_subscribed (self, 13, 20, 7), STREAM_NOTHING);
    assert_true (self->stream.live);
    assert_int_equal (self->stream.position.number, 7);
    assert_int_equal (given (&acknowledged), 0);
    assert_int_equal (consent_acknowledge (self, 12), CONSENT_OK);
    assert_int_equal (consent_acknowledge (self, 13), CONSENT_INVALID);
}

static void test_what_is_stored_before_the_position_changes_nothing (void **state)
{
    set_stored (*state, 5, CONSENT_OK);
    assert_int_equal (hear_subscribed (*state, 8, 20, 7), STREAM_NOTHING);
}

static void test_a_first_position_is_that_of_the_registry_and_not_what_is_stored (void **state)
{
    consent_t *self = *state;
    self->stream = (struct event_stream){.begun = true};
    set_stored (self, 12, CONSENT_OK);
    assert_int_equal (hear_subscribed (self, 13, 20, 7), STREAM_NOTHING);
    assert_int_equal (self->stream.position.number, 7);
    assert_int_equal (self->stream.delivered, 12);
}

static void test_a_registry_that_has_not_what_is_stored_ends_the_stream (void **state)
{
    set_stored (*state, 12, CONSENT_OK);
    assert_ended (*state, hear_subscribed (*state, 13, 11, 7), CONSENT_GAP);
}

static void test_what_is_stored_of_another_epoch_is_a_gap (void **state)
{
    consent_t *self = *state;
    memcpy (self->stream.position.epoch, OTHER_EPOCH, ID_BYTES);
    set_stored (self, 12, CONSENT_GAP);
}

static void test_a_registry_that_cannot_resume_ends_the_stream (void **state)
{
    consent_t *self = *state;
    self->stream.live = false;
    assert_ended (self, hear_refusal (self, CONSENTD__STATUS__INVALID, (char[]){"subscribe.from"}), CONSENT_GAP);
}

static void test_a_party_without_events_is_told_so (void **state)
{
    consent_t *self = *state;
    self->stream.live = false;
    assert_ended (self, hear_refusal (self, CONSENTD__STATUS__FORBIDDEN, (char[]){""}), CONSENT_FORBIDDEN);
}

static void test_a_registry_that_cannot_now_is_asked_again (void **state)
{
    consent_t *self = *state;
    self->stream.live = false;
    assert_int_equal (hear_refusal (self, CONSENTD__STATUS__UNAVAILABLE, (char[]){""}), STREAM_NOTHING);
    assert_int_equal (self->stream.final, 0);
}

static void test_how_it_stands_is_told_with_whom_and_why (void **state)
{
    consent_t *self = *state;
    struct consent_stream_state told;
    snprintf (self->key.events, sizeof self->key.events, "tcp://127.0.0.1:7512");
    assert_int_equal (consent_stream_state (self, &told), CONSENT_OK);
    assert_true (told.live);
    assert_string_equal (told.endpoint, "tcp://127.0.0.1:7512");
    int64_t before = attempt_now ();
    assert_int_equal (hear_refusal (self, CONSENTD__STATUS__UNAVAILABLE, (char[]){""}), STREAM_NOTHING);
    assert_int_equal (consent_stream_state (self, &told), CONSENT_OK);
    assert_false (told.live);
    assert_string_equal (told.why, "it says that it cannot now");
    assert_in_range (told.since, 0, attempt_now () - before);
    fake_link_close (&fake, self);
    fake_link_open (&fake, self);
    assert_int_equal (hear_subscribed (self, 8, 8, 7), STREAM_NOTHING);
    assert_int_equal (consent_stream_state (self, &told), CONSENT_OK);
    assert_true (told.live);
    assert_string_equal (told.why, "");
    self->stream.begun = false;
    assert_int_equal (consent_stream_state (self, &told), CONSENT_INVALID);
}

static void test_a_stream_resumes_after_the_last_event_that_was_delivered (void **state)
{
    consent_t *self = *state;
    self->stream.live = false;
    assert_int_equal (hear_subscribed (self, 8, 20, 7), STREAM_NOTHING);
    assert_true (self->stream.live);
}

static void test_a_stream_that_would_resume_elsewhere_ends (void **state)
{
    consent_t *self = *state;
    self->stream.live = false;
    assert_ended (self, hear_subscribed (self, 9, 20, 7), CONSENT_GAP);
}

static void test_an_event_before_the_subscription_is_confirmed_is_not_handed_over (void **state)
{
    consent_t *self = *state;
    self->stream.live = false;
    assert_int_equal (hear_revoked (self, 8), STREAM_NOTHING);
    assert_int_equal (self->stream.delivered, 7);
}

static void test_only_what_was_delivered_can_be_acknowledged (void **state)
{
    consent_t *self = *state;
    assert_int_equal (consent_acknowledge (self, 8), CONSENT_INVALID);
    assert_int_equal (hear_revoked (self, 8), CONSENT_OK);
    self->stream.live = false;
    assert_int_equal (consent_acknowledge (self, 8), CONSENT_OK);
    assert_int_equal (consent_acknowledge (self, 7), CONSENT_OK);
    assert_int_equal (self->stream.position.number, 8);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, make_stream, free_stream)
    const struct CMUnitTest tests[] = {
        TEST (test_events_in_order_are_handed_over),
        TEST (test_every_kind_of_event_is_handed_over_by_its_type),
        TEST (test_an_alarm_is_about_a_party_and_nobodys_data),
        TEST (test_an_event_about_a_consent_that_names_none_ends_the_stream),
        TEST (test_a_missing_number_ends_the_stream),
        TEST (test_a_number_that_goes_back_ends_the_stream),
        TEST (test_another_epoch_ends_the_stream),
        TEST (test_a_heartbeat_of_another_epoch_ends_the_stream),
        TEST (test_a_registry_that_forgot_events_ends_the_stream),
        TEST (test_events_that_were_dropped_end_the_stream),
        TEST (test_what_was_dropped_is_known_by_the_reply_and_not_by_its_words),
        TEST (test_what_a_registry_of_another_epoch_dropped_is_not_all_that_is_wrong),
        TEST (test_what_was_acknowledged_before_was_not_dropped),
        TEST (test_of_words_alone_nothing_is_believed),
        TEST (test_an_answer_to_a_request_is_handed_over_by_its_name),
        TEST (test_an_event_of_an_unknown_kind_is_not_passed_over),
        TEST (test_a_subscription_that_was_taken_over_is_not_taken_back),
        TEST (test_two_heartbeats_that_count_an_event_which_did_not_come_renew_the_subscription),
        TEST (test_a_stream_without_credit_is_not_behind),
        TEST (test_a_registry_that_cannot_resume_ends_the_stream),
        TEST (test_a_party_without_events_is_told_so),
        TEST (test_a_registry_that_cannot_now_is_asked_again),
        TEST (test_how_it_stands_is_told_with_whom_and_why),
        TEST (test_a_stream_resumes_after_the_last_event_that_was_delivered),
        TEST (test_a_stream_that_would_resume_elsewhere_ends),
        TEST (test_an_event_before_the_subscription_is_confirmed_is_not_handed_over),
        TEST (test_only_what_was_delivered_can_be_acknowledged),
        TEST (test_a_window_that_is_full_waits_for_an_acknowledgement),
        TEST (test_a_wide_window_has_credit_again_before_anything_is_acknowledged),
        TEST (test_what_is_stored_already_is_not_asked_for_and_not_acknowledged),
        TEST (test_what_is_stored_before_the_position_changes_nothing),
        TEST (test_a_first_position_is_that_of_the_registry_and_not_what_is_stored),
        TEST (test_a_registry_that_has_not_what_is_stored_ends_the_stream),
        TEST (test_what_is_stored_of_another_epoch_is_a_gap),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
