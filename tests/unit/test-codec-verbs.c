/* Requests: what the verbs of statements and of operators ask of their fields. */
#include <stdio.h>
#include <string.h>
#include "arena.h"
#include "fixture_codec.h"
#include "testing.h"

static void test_a_grant_is_read_as_it_was_given (void **state)
{
    (void)state;
    prepare_grant ();
    wire.grant.valid_from = 1500;
    wire.grant.one_time = true;
    assert_read ();
    assert_int_equal (request.verb, VERB_GRANT);
    assert_string_equal (request.bsn, BSN);
    const struct statement *statement = &request.as.statement.statement;
    assert_false (statement->refusal);
    assert_string_equal (statement->motivation, "Hulp bij het huishouden");
    assert_int_equal (statement->form, FORM_WRITTEN);
    assert_true (statement->has_evidence);
    assert_string_equal (statement->evidence_reference, "dossier-12");
    assert_int_equal (statement->evidence_sha256[0], 0xab);
    assert_string_equal (statement->notice.id, "folder");
    assert_string_equal (statement->notice.version, "3");
    assert_string_equal (statement->notice.language, "nl");
    assert_int_equal (statement->notice.given_at, 999);
    assert_int_equal (statement->signature_count, 1);
    assert_string_equal (statement->signatures[0].signer, "subject");
    assert_int_equal (statement->signatures[0].given_at, 1000);
    assert_int_equal (statement->valid_from, 1500);
    assert_int_equal (statement->valid_until, 2000);
    assert_true (statement->one_time);
    assert_string_equal (request.user, "medewerker-17");
}

static void test_lists_become_sorted_sets (void **state)
{
    (void)state;
    prepare_grant ();
    assert_read ();
    const struct scope *scope = &request.as.statement.statement.scope;
    assert_int_equal (scope->providers.count, 2);
    assert_string_equal (scope->providers.item[0], "kernteam");
    assert_string_equal (scope->providers.item[1], "wmo-team");
    assert_int_equal (scope->origins.count, 0);
}

/* The rules judge them before anything else (G2). */
static void test_a_blanket_scope_is_let_through_as_it_came (void **state)
{
    (void)state;
    prepare_grant ();
    char *blanket[] = {"*", "", "alle zorgaanbieders"};
    wire.scope.providers = blanket;
    wire.scope.n_categories = 0;
    wire.scope.purpose = "*";
    assert_read ();
    const struct scope *scope = &request.as.statement.statement.scope;
    assert_int_equal (scope->providers.count, 3);
    assert_string_equal (scope->providers.item[0], "");
    assert_string_equal (scope->providers.item[1], "*");
    assert_string_equal (scope->providers.item[2], "alle zorgaanbieders");
    assert_int_equal (scope->categories.count, 0);
    assert_string_equal (scope->purpose, "*");

    wire.grant.scope = NULL;
    assert_read ();
    assert_int_equal (scope->providers.count, 0);
    assert_string_equal (scope->purpose, "");
    assert_string_equal (scope->case_ref, "");
}

static void test_what_a_scope_names_is_bounded_all_the_same (void **state)
{
    (void)state;
    prepare_grant ();
    char *one[257];
    for (size_t i = 0; i < 257; i++)
        one[i] = text_of (64);
    wire.scope.recipients = one;
    wire.scope.n_recipients = 256;
    assert_read ();
    wire.scope.n_recipients = 257;
    assert_invalid ("grant.scope.recipients[256]");
    wire.scope.n_recipients = 1;
    one[0] = text_of (65);
    assert_invalid ("grant.scope.recipients[0]");
    wire.scope.n_recipients = 0;
    wire.scope.purpose = text_of (65);
    assert_invalid ("grant.scope.purpose");
}

static void test_a_list_of_any_length_is_read_whole (void **state)
{
    (void)state;
    char *parties[256];
    for (size_t i = 0; i < 256; i++)
        parties[i] = arena_printf (arena, "partij-%03zu", 255 - i);
    for (size_t count = 1; count <= 256; count++) {
        prepare_grant ();
        wire.scope.recipients = parties;
        wire.scope.n_recipients = count;
        assert_read ();
        const struct text_set *read = &request.as.statement.statement.scope.recipients;
        assert_int_equal (read->count, count);
        for (size_t i = 0; i < count; i++)
            assert_string_equal (read->item[i], parties[count - 1 - i]);
    }
}

/* When something was recorded the registry says, and no request. */
static void test_a_request_does_not_say_when_it_was_recorded (void **state)
{
    (void)state;
    prepare_subject ();
    wire.representatives[0].from_recorded_at = wire.representatives[0].until_recorded_at = 7;
    wire.representatives[0].refused_recorded_at = 7;
    wire.capabilities[0].recorded_at = 7;
    assert_read ();
    const struct subject_change *change = &request.as.subject_set.change;
    assert_true (change->representative_count > 0 && change->capability_count > 0);
    assert_int_equal (change->representatives[0].from_recorded, 0);
    assert_int_equal (change->representatives[0].until_recorded, 0);
    assert_int_equal (change->representatives[0].refused_recorded, 0);
    assert_int_equal (change->capabilities[0].recorded, 0);
}

static void test_evidence_is_a_reference_and_its_hash (void **state)
{
    (void)state;
    prepare_grant ();
    wire.evidence.sha256.len = 0;
    assert_invalid ("grant.evidence.sha256");
    wire.evidence.sha256.len = 31;
    assert_invalid ("grant.evidence.sha256");
    wire.evidence.sha256.len = 33;
    assert_invalid ("grant.evidence.sha256");
    wire.evidence.sha256.len = 32;
    wire.evidence.reference = "";
    assert_invalid ("grant.evidence.reference");
    wire.evidence.sha256.len = 0;
    assert_read ();
    assert_false (request.as.statement.statement.has_evidence);
    wire.grant.evidence = NULL;
    assert_read ();
    assert_false (request.as.statement.statement.has_evidence);
    assert_string_equal (request.as.statement.statement.evidence_reference, "");
}

static void test_free_text_is_at_most_a_thousand_bytes (void **state)
{
    (void)state;
    prepare_grant ();
    wire.grant.motivation = text_of (1000);
    assert_read ();
    wire.grant.motivation = text_of (1001);
    assert_invalid ("grant.motivation");
}

static void test_a_time_lies_between_1970_and_the_year_10000 (void **state)
{
    (void)state;
    prepare_grant ();
    const struct {
        int64_t *time;
        const char *field;
    } times[] = {
        {&wire.grant.valid_from, "grant.valid_from"},
        {&wire.grant.valid_until, "grant.valid_until"},
        {&wire.notice.given_at, "grant.notice.given_at"},
        {&wire.signatures[0].given_at, "grant.signatures[0].given_at"},
    };
    for (size_t i = 0; i < 4; i++) {
        *times[i].time = -1;
        assert_invalid (times[i].field);
        *times[i].time = INT64_MAX;
        assert_invalid (times[i].field);
        *times[i].time = INT64_C (253402300800000);
        assert_invalid (times[i].field);
        *times[i].time = INT64_C (253402300799999);
        assert_read ();
    }
}

static void test_a_statement_has_at_most_eight_signatures (void **state)
{
    (void)state;
    prepare_grant ();
    wire.grant.n_signatures = 8;
    assert_read ();
    assert_int_equal (request.as.statement.statement.signature_count, 8);
    wire.signatures[7].signer = "";
    assert_invalid ("grant.signatures[7].signer");
    wire.signatures[7].signer = "subject";
    wire.grant.n_signatures = 9;
    assert_invalid ("grant.signatures[8]");
}

static void test_who_grants_says_which_user_acts (void **state)
{
    (void)state;
    prepare_grant ();
    wire.grant.user = "";
    assert_invalid ("grant.user");
}

static void test_a_refusal_has_no_end (void **state)
{
    (void)state;
    prepare_refuse ();
    assert_read ();
    assert_int_equal (request.verb, VERB_REFUSE);
    assert_true (request.as.statement.statement.refusal);
    assert_true (request.as.statement.statement.valid_until == MOMENT_NEVER);
    assert_string_equal (request.as.statement.statement.motivation, "");
    assert_string_equal (request.as.statement.statement.notice.id, "");
    assert_string_equal (request.user, "");
}

static void test_a_withdrawal_names_what_and_by_whom (void **state)
{
    (void)state;
    prepare_revoke ();
    wire.revoke.withdrawn_at = 5;
    assert_read ();
    assert_int_equal (request.verb, VERB_REVOKE);
    assert_memory_equal (request.as.revoke.consent_id, key, 16);
    const struct withdrawal *withdrawal = &request.as.revoke.withdrawal;
    assert_int_equal (withdrawal->categories.count, 2);
    assert_int_equal (withdrawal->providers.count, 0);
    assert_string_equal (withdrawal->withdrawn_by, "subject");
    assert_string_equal (withdrawal->nobody_reason, "");
    assert_int_equal (withdrawal->withdrawn_at, 5);

    wire.revoke.consent_id.len = 15;
    assert_invalid ("revoke.consent_id");
    wire.revoke.consent_id.len = 16;
    char *wildcard[] = {"naw", "*"};
    wire.revoke.categories = wildcard;
    assert_invalid ("revoke.categories[1]");
}

static void test_a_withdrawal_is_somebodys_or_has_the_reason_why_not (void **state)
{
    (void)state;
    prepare_revoke ();
    wire.revoke.nobody_reason = "Geen gezag geregeld";
    assert_invalid ("revoke.nobody_reason");
    wire.revoke.withdrawn_by = "";
    assert_read ();
    assert_string_equal (request.as.revoke.withdrawal.nobody_reason, "Geen gezag geregeld");
    wire.revoke.nobody_reason = "";
    assert_invalid ("revoke.withdrawn_by");
}

static void test_consents_are_listed_by_the_page (void **state)
{
    (void)state;
    Consentd__ConsentListRequest list;
    consentd__consent_list_request__init (&list);
    list.bsn = BSN;
    prepare_envelope (CONSENTD__REQUEST__BODY_CONSENT_LIST, &list);
    assert_read ();
    assert_int_equal (request.verb, VERB_CONSENT_LIST);
    assert_int_equal (request.page.limit, 16);
    assert_int_equal (request.page.after.bytes.size, 0);
    list.limit = 32;
    list.after = (ProtobufCBinaryData){16, key};
    assert_read ();
    assert_int_equal (request.page.limit, 32);
    assert_int_equal (request.page.after.bytes.size, 16);
    assert_memory_equal (request.page.after.bytes.data, key, 16);
    list.limit = 33;
    assert_invalid ("consent_list.limit");
    list.limit = 1;
    list.after.len = 4;
    assert_invalid ("consent_list.after");
}

static void test_credit_has_a_range (void **state)
{
    (void)state;
    Consentd__SubscribeRequest subscribe;
    consentd__subscribe_request__init (&subscribe);
    prepare_envelope (CONSENTD__REQUEST__BODY_SUBSCRIBE, &subscribe);
    assert_invalid ("subscribe.credit");
    subscribe.credit = 1025;
    assert_invalid ("subscribe.credit");
    subscribe.credit = 1024;
    subscribe.from = 9;
    assert_read ();
    assert_int_equal (request.as.subscribe.from, 9);
    assert_int_equal (request.as.subscribe.credit, 1024);

    Consentd__AcknowledgeRequest acknowledge;
    consentd__acknowledge_request__init (&acknowledge);
    prepare_envelope (CONSENTD__REQUEST__BODY_ACKNOWLEDGE, &acknowledge);
    acknowledge.number = 8;
    assert_read ();
    assert_int_equal (request.as.acknowledge.number, 8);
    assert_int_equal (request.as.acknowledge.credit, 0);
    acknowledge.credit = 1025;
    assert_invalid ("acknowledge.credit");
}

static void test_a_party_is_checked_before_it_is_written_down (void **state)
{
    (void)state;
    prepare_party ();
    assert_read ();
    assert_int_equal (request.verb, VERB_PARTY_ADD);
    assert_string_equal (request.as.parties.parties->id, "zorgaanbieder-horizon");
    assert_string_equal (request.as.parties.parties->agreement_until, "");
    char *no_keys[] = {"", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf77",
                       "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf\"", NULL};
    assert_each_invalid (&wire.party_key.public_key, no_keys, "party_add.party.keys[0].public_key");
    char *no_ids[] = {"", "../kernteam", "a b", NULL};
    assert_each_invalid (&wire.party.id, no_ids, "party_add.party.id");
    assert_each_invalid (&wire.party.kind, no_ids, "party_add.party.kind");
    assert_each_invalid (&wire.party.role, no_ids, "party_add.party.role");
    char *no_secrecies[] = {"none", "Professional", NULL};
    assert_each_invalid (&wire.party.secrecy, no_secrecies, "party_add.party.secrecy");
    wire.party.secrecy = "professional";
    char *no_lines[] = {"a\nb", "a\x7f", text_of (1001), NULL};
    assert_each_invalid (&wire.party.contact, no_lines, "party_add.party.contact");
    wire.party_add.party = NULL;
    assert_invalid ("party_add.party");
}

static void test_an_agreement_ends_after_it_began (void **state)
{
    (void)state;
    prepare_party ();
    wire.party.agreement_until = "2027-01-01";
    assert_invalid ("party_add.party.agreement_from");
    wire.party.agreement_from = "2027-01-01";
    assert_invalid ("party_add.party.agreement_until");
    wire.party.agreement_from = "2026-02-30";
    assert_invalid ("party_add.party.agreement_from");
    wire.party.agreement_from = "2026-01-01";
    assert_read ();
    assert_string_equal (request.as.parties.parties->agreement_from, "2026-01-01");
}

static void test_the_log_is_listed_by_the_page (void **state)
{
    (void)state;
    Consentd__AuditListRequest list;
    consentd__audit_list_request__init (&list);
    prepare_envelope (CONSENTD__REQUEST__BODY_AUDIT_LIST, &list);
    assert_read ();
    assert_int_equal (request.page.limit, 50);
    assert_string_equal (request.bsn, "");
    list.limit = 100;
    list.bsn = BSN;
    list.after = 3;
    list.raw = true;
    list.follow = true;
    assert_read ();
    assert_true (request.as.audit_list.follow);
    assert_int_equal (request.page.limit, 100);
    assert_string_equal (request.bsn, BSN);
    assert_int_equal (request.page.after.order, 3);
    assert_true (request.as.audit_list.raw);
    list.limit = 101;
    assert_invalid ("audit_list.limit");
    list.limit = 0;
    list.bsn = "1";
    assert_invalid ("audit_list.bsn");
}

static void test_a_copier_says_how_far_its_copy_is (void **state)
{
    (void)state;
    uint8_t copier[16] = {7};
    Consentd__LogCopiedRequest copied;
    consentd__log_copied_request__init (&copied);
    prepare_envelope (CONSENTD__REQUEST__BODY_LOG_COPIED, &copied);
    copied.name = (char[]){"tweede"};
    copied.copier = (ProtobufCBinaryData){sizeof copier, copier};
    copied.number = 12;
    copied.fault = (char[]){"full"};
    copied.checkpoint = 9;
    assert_read ();
    assert_string_equal (request.as.log_copied.name, "tweede");
    assert_int_equal (request.as.log_copied.copier[0], 7);
    assert_int_equal (request.as.log_copied.number, 12);
    assert_string_equal (request.as.log_copied.fault, "full");
    assert_int_equal (request.as.log_copied.checkpoint, 9);
    copied.fault = (char[]){"two words"};
    assert_invalid ("log_copied.fault");
    copied.fault = (char[]){""};
    assert_read ();
    copied.copier.len = 15;
    assert_invalid ("log_copied.copier");
    copied.copier.len = 16;
    copied.name = (char[]){""};
    assert_invalid ("log_copied.name");
    copied.name = (char[]){"two words"};
    assert_invalid ("log_copied.name");
}

static void test_the_smaller_requests_are_read_too (void **state)
{
    (void)state;
    Consentd__ConsentShowRequest consent_show;
    consentd__consent_show_request__init (&consent_show);
    prepare_envelope (CONSENTD__REQUEST__BODY_CONSENT_SHOW, &consent_show);
    assert_invalid ("consent_show.consent_id");
    consent_show.consent_id = (ProtobufCBinaryData){16, key};
    assert_read ();
    assert_int_equal (request.verb, VERB_CONSENT_SHOW);
    assert_memory_equal (request.as.consent_show.consent_id, key, 16);
    consent_show.begins = (char[]){"0123abcd"};
    assert_invalid ("consent_show.consent_id"); /* both */
    consent_show.consent_id.len = 0;
    assert_read ();
    assert_string_equal (request.as.consent_show.begins, "0123abcd");
    static const char *const wrong[] = {"0123abc", "0123ABCD", "0123abcg", "0123456789abcdef0123456789abcdef",
                                        "999900006"}; /* as a BSN would be logged, it is not taken */
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[64];
        snprintf (text, sizeof text, "%s", wrong[i]);
        consent_show.begins = text;
        assert_invalid ("consent_show.begins");
    }

    Consentd__SubjectShowRequest subject_show;
    consentd__subject_show_request__init (&subject_show);
    prepare_envelope (CONSENTD__REQUEST__BODY_SUBJECT_SHOW, &subject_show);
    assert_invalid ("subject_show.bsn");
    subject_show.bsn = BSN;
    assert_read ();
    assert_int_equal (request.verb, VERB_SUBJECT_SHOW);

    Consentd__PartyListRequest party_list;
    consentd__party_list_request__init (&party_list);
    prepare_envelope (CONSENTD__REQUEST__BODY_PARTY_LIST, &party_list);
    assert_read ();
    assert_string_equal (request.page.after.text, "");
    party_list.after = "*";
    assert_invalid ("party_list.after");

    Consentd__PartyRemoveRequest party_remove;
    consentd__party_remove_request__init (&party_remove);
    prepare_envelope (CONSENTD__REQUEST__BODY_PARTY_REMOVE, &party_remove);
    assert_invalid ("party_remove.id");
    party_remove.id = "cak";
    assert_read ();
    assert_string_equal (request.as.party_remove.id, "cak");
}

static void test_requests_without_fields_are_told_apart (void **state)
{
    (void)state;
    Consentd__Whoami whoami;
    consentd__whoami__init (&whoami);
    prepare_envelope (CONSENTD__REQUEST__BODY_WHOAMI, &whoami);
    assert_read ();
    assert_int_equal (request.verb, VERB_WHOAMI);
    Consentd__StatusRequest status;
    consentd__status_request__init (&status);
    prepare_envelope (CONSENTD__REQUEST__BODY_STATUS, &status);
    assert_read ();
    assert_int_equal (request.verb, VERB_STATUS);
    Consentd__EventsLagRequest events_lag;
    consentd__events_lag_request__init (&events_lag);
    prepare_envelope (CONSENTD__REQUEST__BODY_EVENTS_LAG, &events_lag);
    assert_read ();
    assert_int_equal (request.verb, VERB_EVENTS_LAG);
}

static void test_a_backup_has_an_id_and_says_how_far_it_is (void **state)
{
    (void)state;
    uint8_t id[16] = {1, 2, 3};
    Consentd__BackupRequest backup;
    consentd__backup_request__init (&backup);
    backup.backup = (ProtobufCBinaryData){sizeof id, id};
    backup.from = 70000;
    prepare_envelope (CONSENTD__REQUEST__BODY_BACKUP, &backup);
    assert_read ();
    assert_int_equal (request.verb, VERB_BACKUP);
    assert_memory_equal (request.as.backup.backup, id, sizeof id);
    assert_int_equal (request.as.backup.from, 70000);
    assert_false (request.as.backup.give_up);
    backup.give_up = true;
    assert_read ();
    assert_true (request.as.backup.give_up && !request.as.backup.verified);
    backup.backup.len = 15;
    assert_invalid ("backup.backup");
    backup.backup.len = 0;
    assert_invalid ("backup.backup");
}

static void test_what_is_done_to_the_clock_needs_a_user (void **state)
{
    (void)state;
    char user[] = "beheer-1", none[] = "";
    Consentd__ClockConfirmRequest confirm;
    consentd__clock_confirm_request__init (&confirm);
    confirm.user = user;
    prepare_envelope (CONSENTD__REQUEST__BODY_CLOCK_CONFIRM, &confirm);
    assert_read ();
    assert_int_equal (request.verb, VERB_CLOCK_CONFIRM);
    assert_string_equal (request.user, "beheer-1");
    confirm.user = none;
    assert_invalid ("clock_confirm.user");
    Consentd__ClockResetRequest reset;
    consentd__clock_reset_request__init (&reset);
    reset.user = user;
    prepare_envelope (CONSENTD__REQUEST__BODY_CLOCK_RESET, &reset);
    assert_read ();
    assert_int_equal (request.verb, VERB_CLOCK_RESET);
    assert_string_equal (request.user, "beheer-1");
    reset.user = none;
    assert_invalid ("clock_reset.user");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_grant_is_read_as_it_was_given),
        cmocka_unit_test (test_lists_become_sorted_sets),
        cmocka_unit_test (test_a_blanket_scope_is_let_through_as_it_came),
        cmocka_unit_test (test_what_a_scope_names_is_bounded_all_the_same),
        cmocka_unit_test (test_a_list_of_any_length_is_read_whole),
        cmocka_unit_test (test_a_request_does_not_say_when_it_was_recorded),
        cmocka_unit_test (test_evidence_is_a_reference_and_its_hash),
        cmocka_unit_test (test_free_text_is_at_most_a_thousand_bytes),
        cmocka_unit_test (test_a_time_lies_between_1970_and_the_year_10000),
        cmocka_unit_test (test_a_statement_has_at_most_eight_signatures),
        cmocka_unit_test (test_who_grants_says_which_user_acts),
        cmocka_unit_test (test_a_refusal_has_no_end),
        cmocka_unit_test (test_a_withdrawal_names_what_and_by_whom),
        cmocka_unit_test (test_a_withdrawal_is_somebodys_or_has_the_reason_why_not),
        cmocka_unit_test (test_consents_are_listed_by_the_page),
        cmocka_unit_test (test_credit_has_a_range),
        cmocka_unit_test (test_a_party_is_checked_before_it_is_written_down),
        cmocka_unit_test (test_an_agreement_ends_after_it_began),
        cmocka_unit_test (test_the_log_is_listed_by_the_page),
        cmocka_unit_test (test_a_copier_says_how_far_its_copy_is),
        cmocka_unit_test (test_the_smaller_requests_are_read_too),
        cmocka_unit_test (test_requests_without_fields_are_told_apart),
        cmocka_unit_test (test_a_backup_has_an_id_and_says_how_far_it_is),
        cmocka_unit_test (test_what_is_done_to_the_clock_needs_a_user),
    };
    return cmocka_run_group_tests (tests, setup_codec, teardown_codec);
}
