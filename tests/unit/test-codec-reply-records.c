/* Answers that show what is kept: statements, requests, subjects, events, and what operators see. */
#include <string.h>
#include "fixture_reply.h"
#include "testing.h"

static void test_what_was_recorded_names_what_it_supersedes (void **state)
{
    (void)state;
    fixture_prepare (REPLY_CONSENT_RECORDED);
    const struct id superseded[] = {{{1}}, {{2}}};
    reply.as.consent_recorded.consent_id.bytes[0] = 9;
    reply.as.consent_recorded.superseded = superseded;
    reply.as.consent_recorded.superseded_count = 2;
    const Consentd__ConsentRecordedReply *recorded = fixture_sent ()->consent_recorded;
    fixture_assert_id (recorded->consent_id, &reply.as.consent_recorded.consent_id);
    assert_int_equal (recorded->n_superseded, 2);
    fixture_assert_id (recorded->superseded[1], &superseded[1]);
    assert_int_equal (recorded->subject_ref.len, 16);
}

static void test_a_revocation_tells_who_is_informed (void **state)
{
    (void)state;
    fixture_prepare (REPLY_REVOKE);
    const char *informed[] = {"cak", "svb"};
    const char *origins[] = {"wmo"};
    const struct statement covering = {.id = {5}, .scope = {.case_ref = "zaak-1", .origins = {origins, 1}}};
    const struct statement *const still[] = {&covering};
    reply.as.revoke.already = true;
    reply.as.revoke.informed = (struct text_set){informed, 2};
    reply.as.revoke.still_covering = still;
    reply.as.revoke.still_covering_count = 1;
    const Consentd__RevokeReply *revoke = fixture_sent ()->revoke;
    assert_true (revoke->already);
    assert_int_equal (revoke->n_informed, 2);
    assert_string_equal (revoke->informed[1], "svb");
    assert_int_equal (revoke->n_still_covered_by, 1);
    assert_memory_equal (revoke->still_covered_by[0].data, covering.id, sizeof covering.id);
    assert_int_equal (revoke->n_still_covering, 1);
    assert_memory_equal (revoke->still_covering[0]->consent_id.data, covering.id, sizeof covering.id);
    assert_string_equal (revoke->still_covering[0]->case_ref, "zaak-1");
    assert_string_equal (revoke->still_covering[0]->origins[0], "wmo");
}

static const char *party_names[] = {"cak", "kernteam"};
static struct signature signatures[] = {{"subject", 100}};
static struct withdrawal withdrawals[] = {{
    .recipients = {party_names, 1},
    .withdrawn_by = "subject",
    .withdrawn_at = 400,
    .recorded_at = 500,
    .recorded_by = "kernteam",
}};

static const struct statement consent = {
    .id = {1},
    .scope = {.providers = {party_names, 2}, .purpose = "toeleiding", .case_ref = "zaak-1"},
    .motivation = "Hulp",
    .form = FORM_ORAL,
    .evidence_reference = "dossier-1",
    .evidence_sha256 = {0xee},
    .has_evidence = true,
    .notice = {"folder", "3", "nl", 99},
    .signatures = signatures,
    .signature_count = 1,
    .valid_from = 200,
    .valid_until = MOMENT_NEVER,
    .one_time = true,
    .recorded_at = 150,
    .recorded_by = "kernteam",
    .user = "medewerker-17",
    .used_at = 300,
    .withdrawals = withdrawals,
    .withdrawal_count = 1,
};

static void test_a_consent_is_shown_whole_to_whoever_may_see_it_whole (void **state)
{
    (void)state;
    fixture_prepare (REPLY_CONSENT_SHOW);
    reply.as.consent_show = (struct shown_consent){&consent, STATE_USED_UP, {{6}}, true};
    const Consentd__Consent *shown = fixture_sent ()->consent_show->consent;
    fixture_assert_id (shown->consent_id, consent.id);
    assert_int_equal (shown->state, CONSENTD__CONSENT__STATE__USED_UP);
    assert_int_equal (shown->scope->n_providers, 2);
    assert_string_equal (shown->scope->providers[1], "kernteam");
    assert_string_equal (shown->scope->case_ref, "zaak-1");
    assert_string_equal (shown->motivation, "Hulp");
    assert_int_equal (shown->form, CONSENTD__FORM__ORAL);
    assert_string_equal (shown->evidence->reference, "dossier-1");
    assert_int_equal (shown->evidence->sha256.len, 32);
    assert_string_equal (shown->notice->version, "3");
    assert_int_equal (shown->notice->given_at, 99);
    assert_int_equal (shown->n_signatures, 1);
    assert_int_equal (shown->signatures[0]->given_at, 100);
    assert_int_equal (shown->valid_from, 200);
    assert_int_equal (shown->valid_until, 0);
    assert_true (shown->one_time);
    assert_int_equal (shown->used_at, 300);
    assert_int_equal (shown->n_withdrawals, 1);
    assert_string_equal (shown->withdrawals[0]->recipients[0], "cak");
    assert_int_equal (shown->withdrawals[0]->recorded_at, 500);
    assert_int_equal (shown->subject_ref.data[0], 6);
}

static void test_a_consent_is_shown_in_part_to_a_party_it_names (void **state)
{
    (void)state;
    fixture_prepare (REPLY_CONSENT_LIST);
    const struct shown_consent consents[] = {{&consent, STATE_GRANTED, {{6}}, false},
                                             {&consent, STATE_GRANTED, {{6}}, true}};
    reply.as.consent_list.consents = consents;
    reply.as.consent_list.count = 2;
    reply.more = true;
    const Consentd__ConsentListReply *list = fixture_sent ()->consent_list;
    assert_true (list->more);
    assert_int_equal (list->n_consents, 2);
    assert_string_equal (list->consents[0]->motivation, "");
    assert_null (list->consents[0]->evidence);
    assert_int_equal (list->consents[0]->n_signatures, 0);
    assert_int_equal (list->consents[0]->withdrawals[0]->recorded_at, 500);
    assert_string_equal (list->consents[0]->withdrawals[0]->withdrawn_by, "");
    assert_string_equal (list->consents[0]->scope->purpose, "toeleiding");
    assert_string_equal (list->consents[1]->motivation, "Hulp");
    assert_string_equal (list->consents[1]->withdrawals[0]->withdrawn_by, "subject");
}

static void test_a_consent_that_was_asked_for_says_by_whom_and_when (void **state)
{
    (void)state;
    fixture_prepare (REPLY_CONSENT_SHOW);
    reply.as.consent_show = (struct shown_consent){&consent, STATE_DEFERRED, {{6}}, false, "cak", 140};
    const Consentd__Consent *shown = fixture_sent ()->consent_show->consent;
    assert_int_equal (shown->state, CONSENTD__CONSENT__STATE__DEFERRED);
    assert_string_equal (shown->asked_by, "cak");
    assert_int_equal (shown->asked_at, 140);
    reply.as.consent_show.asked_by = NULL;
    reply.as.consent_show.asked_at = 0;
    assert_string_equal (fixture_sent ()->consent_show->consent->asked_by, "");
}

static void test_the_waiting_list_says_whom_to_ask_and_what (void **state)
{
    (void)state;
    fixture_prepare (REPLY_WAITING_LIST);
    const struct consent_request request = {
        .bsn = "999900006", .asked = consent, .deferred_at = 900, .deferred_reason = "Later"};
    const struct shown_waiting waiting[] = {{&request, {{1}}, {{6}}, true, 150}, {NULL, {{2}}, {{0}}, false, 160}};
    reply.as.waiting_list.requests = waiting;
    reply.as.waiting_list.count = 2;
    reply.more = true;
    const uint8_t next[WAITING_CURSOR_SIZE] = {[23] = 9};
    reply.next.bytes = (struct bytes){next, sizeof next};
    const Consentd__WaitingListReply *list = fixture_sent ()->waiting_list;
    assert_int_equal (list->n_requests, 2);
    const Consentd__Waiting *one = list->requests[0];
    fixture_assert_id (one->consent_id, &waiting[0].consent_id);
    fixture_assert_id (one->subject_ref, &waiting[0].subject_ref);
    assert_string_equal (one->bsn, "999900006");
    assert_string_equal (one->scope->providers[1], "kernteam");
    assert_string_equal (one->motivation, "Hulp");
    assert_int_equal (one->valid_from, 200);
    assert_true (one->one_time);
    assert_string_equal (one->asked_by, "kernteam");
    assert_int_equal (one->asked_at, 150);
    assert_int_equal (one->deferred_at, 900);
    assert_string_equal (one->deferred_reason, "Later");
    one = list->requests[1];
    fixture_assert_id (one->consent_id, &waiting[1].consent_id);
    assert_int_equal (one->asked_at, 160);
    assert_string_equal (one->bsn, "");
    assert_null (one->scope);
    assert_int_equal (one->subject_ref.len, 0);
    assert_true (list->more);
    assert_int_equal (list->next.len, 24);
    assert_int_equal (list->next.data[23], 9);
    reply.more = false;
    reply.next.bytes.size = 0;
    assert_false (fixture_sent ()->waiting_list->more);
    assert_int_equal (fixture_sent ()->waiting_list->next.len, 0);
}

static void test_a_subject_is_shown_in_days (void **state)
{
    (void)state;
    fixture_prepare (REPLY_SUBJECT_SHOW);
    struct representative representative = {.reference = "ouder-1",
                                            .kind = "voogd",
                                            .from = {2010, 2, 28},
                                            .refused_from = {2012, 1, 1},
                                            .refused_reason = "Reden",
                                            .from_recorded = 1001,
                                            .until_recorded = 1002,
                                            .refused_recorded = 1003};
    struct capability capability = {{2020, 12, 31}, true, 1004};
    struct care_end care_end = {"wmo", {2021, 1, 31}};
    const struct id ended = {{1}}, restored[] = {{{2}}, {{3}}};
    struct subject subject = {.known = true,
                              .birth = {2004, 2, 29},
                              .death_recorded = 1005,
                              .representatives = &representative,
                              .representative_count = 1,
                              .capabilities = &capability,
                              .capability_count = 1,
                              .care_ended = &care_end,
                              .care_ended_count = 1};
    reply.as.subject_show.subject = &subject;
    reply.as.subject_show.in_full = true;
    const Consentd__SubjectShowReply *shown = fixture_sent ()->subject_show;
    assert_true (shown->known);
    assert_string_equal (shown->birth_date, "2004-02-29");
    assert_string_equal (shown->death_date, "");
    assert_string_equal (shown->representatives[0]->from, "2010-02-28");
    assert_string_equal (shown->representatives[0]->until, "");
    assert_string_equal (shown->representatives[0]->refused_from, "2012-01-01");
    assert_string_equal (shown->representatives[0]->refused_reason, "Reden");
    assert_string_equal (shown->capabilities[0]->from, "2020-12-31");
    assert_true (shown->capabilities[0]->capable);
    assert_string_equal (shown->care_ended[0]->law, "wmo");
    assert_string_equal (shown->care_ended[0]->day, "2021-01-31");
    assert_int_equal (shown->subject_ref.len, 16);
    assert_int_equal (shown->representatives[0]->from_recorded_at, 1001);
    assert_int_equal (shown->representatives[0]->until_recorded_at, 1002);
    assert_int_equal (shown->representatives[0]->refused_recorded_at, 1003);
    assert_int_equal (shown->capabilities[0]->recorded_at, 1004);
    assert_int_equal (shown->death_recorded_at, 1005);
    assert_int_equal (shown->version.len + shown->n_ended + shown->n_restored, 0);

    struct shown_subject *change = &reply.as.subject_show;
    change->has_version = true;
    change->version = (struct id){{9}};
    change->ended = &ended;
    change->ended_count = 1;
    change->restored = restored;
    change->restored_count = 2;
    shown = fixture_sent ()->subject_show;
    fixture_assert_id (shown->version, &change->version);
    assert_int_equal (shown->n_ended, 1);
    fixture_assert_id (shown->ended[0], &ended);
    assert_int_equal (shown->n_restored, 2);
    fixture_assert_id (shown->restored[1], &restored[1]);
    *change = (struct shown_subject){.subject = &subject};

    subject.known = false;
    shown = fixture_sent ()->subject_show;
    assert_false (shown->known);
    assert_int_equal (shown->n_representatives, 0);
    assert_int_equal (shown->subject_ref.len, 0);
}

static void test_an_event_holds_no_more_than_it_needs (void **state)
{
    (void)state;
    fixture_prepare (REPLY_EVENT);
    reply.has_key = false;
    reply.as.event = (struct event){
        .number = 5,
        .kind = EVENT_CONSENT_REVOKED,
        .time = 600,
        .consent_id = {{1}},
        .subject_ref = {{2}},
        .providers = {party_names, 2},
        .purpose = "toeleiding",
        .whole = true,
        .revision = 41,
    };
    const Consentd__EventPush *event = fixture_sent ()->event;
    assert_int_equal (event->number, 5);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_REVOKED);
    assert_int_equal (event->n_providers, 2);
    fixture_assert_id (event->consent_id, &reply.as.event.consent_id);
    fixture_assert_id (event->subject_ref, &reply.as.event.subject_ref);
    assert_true (event->whole);
    assert_int_equal (event->revision, 41);

    reply.as.event.kind = EVENT_CONSENT_ANSWERED;
    reply.as.event.answer = ANSWER_DEFERRED;
    event = fixture_sent ()->event;
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_ANSWERED);
    assert_int_equal (event->answer, CONSENTD__ANSWER__ANSWER_DEFERRED);
    fixture_assert_id (event->consent_id, &reply.as.event.consent_id);

    reply.as.event.kind = EVENT_HEARTBEAT;
    event = fixture_sent ()->event;
    assert_int_equal (event->number, 5);
    assert_int_equal (event->consent_id.len, 0);
    assert_int_equal (event->n_providers, 0);
}

static void test_operators_see_parties_log_and_lag (void **state)
{
    (void)state;
    fixture_prepare (REPLY_PARTY_LIST);
    const struct shown_party parties[] = {
        {.text = {.id = "cak", .kind = "cak", .contact = "Service", .active = true}}};
    reply.as.party_list.parties = parties;
    reply.as.party_list.count = 1;
    const Consentd__PartyListReply *party_list = fixture_sent ()->party_list;
    assert_string_equal (party_list->parties[0]->contact, "Service");
    assert_string_equal (party_list->parties[0]->agreement_from, "");
    assert_true (party_list->parties[0]->active);

    fixture_prepare (REPLY_AUDIT_LIST);
    const struct audit_line lines[] = {
        {.number = 1,
         .action = "check",
         .has_object = true,
         .object = {{4}},
         .subject_ref = {{5}},
         .raw = {"raw", 3},
         .has_hash = true,
         .hash = {8}},
        {.number = 2, .action = "sign-in"},
    };
    reply.as.audit_list.lines = lines;
    reply.as.audit_list.count = 2;
    reply.as.audit_list.newest = 9;
    reply.next.order = 2;
    const Consentd__AuditListReply *audit_list = fixture_sent ()->audit_list;
    assert_int_equal (audit_list->entries[0]->object.len, 16);
    assert_int_equal (audit_list->entries[0]->subject_ref.len, 16);
    assert_int_equal (audit_list->entries[0]->subject_ref.data[0], 5);
    assert_int_equal (audit_list->entries[0]->raw.len, 3);
    assert_int_equal (audit_list->entries[0]->hash.len, 32);
    assert_int_equal (audit_list->entries[1]->object.len, 0);
    assert_int_equal (audit_list->entries[1]->subject_ref.len, 0);
    assert_int_equal (audit_list->entries[1]->raw.len, 0);
    assert_string_equal (audit_list->entries[1]->action, "sign-in");
    assert_int_equal (audit_list->newest, 9);
    assert_int_equal (audit_list->looked_until, 2);
    assert_int_equal (audit_list->newest_hash.len, 32);

    static const uint8_t piece[60000];
    fixture_prepare (REPLY_BACKUP);
    reply.as.backup.piece = (struct bytes){piece, sizeof piece};
    reply.as.backup.more = true;
    reply.as.backup.store_used = 9;
    const Consentd__BackupReply *backup = fixture_sent ()->backup;
    assert_int_equal (backup->piece.len, sizeof piece);
    assert_true (backup->more);
    assert_int_equal (backup->store_used, 9);

    fixture_prepare (REPLY_EVENTS_LAG);
    const struct party_lag lags[] = {{"cak", 9, 7, 800, true}};
    reply.as.events_lag.parties = lags;
    reply.as.events_lag.count = 1;
    const Consentd__PartyLag *lag = fixture_sent ()->events_lag->parties[0];
    assert_int_equal (lag->newest, 9);
    assert_int_equal (lag->acknowledged, 7);
    assert_int_equal (lag->oldest_waiting, 800);
    assert_true (lag->subscribed);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_was_recorded_names_what_it_supersedes),
        cmocka_unit_test (test_a_revocation_tells_who_is_informed),
        cmocka_unit_test (test_a_consent_is_shown_whole_to_whoever_may_see_it_whole),
        cmocka_unit_test (test_a_consent_is_shown_in_part_to_a_party_it_names),
        cmocka_unit_test (test_a_consent_that_was_asked_for_says_by_whom_and_when),
        cmocka_unit_test (test_the_waiting_list_says_whom_to_ask_and_what),
        cmocka_unit_test (test_a_subject_is_shown_in_days),
        cmocka_unit_test (test_an_event_holds_no_more_than_it_needs),
        cmocka_unit_test (test_operators_see_parties_log_and_lag),
    };
    return cmocka_run_group_tests (tests, fixture_reply_setup, fixture_reply_teardown);
}
