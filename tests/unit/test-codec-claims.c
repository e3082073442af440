/* Requests: the grounds without consent that a check claims (C8), and what the log keeps and shows of them. */
#include "fixture_codec.h"
#include <stdio.h>
#include <string.h>
#include "arena.h"
#include "syntax.h"
#include "testing.h"

static Consentd__WrittenRequest written;
static Consentd__Evidence evidence;
static Consentd__UrgentReasons urgent;
static Consentd__Triage triage;
static uint8_t hash[33];
static char *asking[9];

static void prepare_written (void)
{
    prepare_check ();
    consentd__evidence__init (&evidence);
    evidence.reference = "dossier-2026-14";
    evidence.sha256 = (ProtobufCBinaryData){32, hash};
    consentd__written_request__init (&written);
    asking[0] = "ouder-1";
    written.by = asking;
    written.n_by = 1;
    written.given_at = 1700000000000;
    written.evidence = &evidence;
    wire.check.written_request = &written;
}

/* Every field of the triage decision; a text names itself. */
static void prepare_urgent (void)
{
    prepare_check ();
    consentd__triage__init (&triage);
    triage.necessity = "necessity";
    triage.subsidiarity = "subsidiarity";
    triage.proportionality = "proportionality";
    triage.purpose_limitation = "purpose_limitation";
    triage.objections = "objections";
    triage.manager_consulted = "manager-3";
    triage.serious_situation = true;
    triage.urgent_support = true;
    triage.inform = CONSENTD__INFORM__AFTER;
    triage.inform_by = 1800000000000;
    triage.inform_why = "inform_why";
    triage.consent_sought = "consent_sought";
    triage.no_other_way = "no_other_way";
    triage.serious_harm = "serious_harm";
    triage.conflict_of_duties = "conflict_of_duties";
    consentd__urgent_reasons__init (&urgent);
    urgent.reason = "vitaal-belang";
    urgent.triage = &triage;
    wire.check.urgent_reasons = &urgent;
}

static char **const texts[] = {
    &triage.necessity,          &triage.subsidiarity,   &triage.proportionality, &triage.purpose_limitation,
    &triage.inform_why,         &triage.consent_sought, &triage.no_other_way,    &triage.serious_harm,
    &triage.conflict_of_duties, &triage.objections,
};
enum { TEXTS = sizeof texts / sizeof *texts };

static void test_a_check_that_claims_nothing_has_no_claim (void **state)
{
    (void)state;
    prepare_check ();
    assert_read ();
    assert_int_equal (request.as.check.claim.kind, CLAIM_NONE);
    assert_string_equal (request.as.check.urgent_reason, "");
}

static void test_a_written_request_is_read_as_it_was_claimed (void **state)
{
    (void)state;
    prepare_written ();
    assert_read ();
    assert_int_equal (request.as.check.claim.kind, CLAIM_WRITTEN_REQUEST);
    assert_int_equal (request.as.check.claim.by.count, 1);
    assert_string_equal (request.as.check.claim.by.item[0], "ouder-1");
    assert_int_equal (request.as.check.claim.given_at, 1700000000000);
    assert_int_equal (request.as.check.claim.reason, CODE_NONE);
    asking[1] = "subject";
    asking[2] = "ouder-1"; /* a set */
    written.n_by = 3;
    assert_read ();
    assert_int_equal (request.as.check.claim.by.count, 2);
    assert_string_equal (request.as.check.claim.by.item[1], "subject");
}

static void test_a_written_request_says_by_whom_and_where_it_lies (void **state)
{
    (void)state;
    prepare_written ();
    static char *bad[] = {"", "Jan Jansen", BSN, "ouder-" BSN, "ouder/1", NULL};
    assert_each_invalid (&asking[0], bad, "check.written_request.by[0]");
    for (size_t count = 0; count <= 9; count++) {
        static char names[9][8];
        snprintf (names[count % 9], sizeof names[0], "o-%zu", count);
        asking[count % 9] = names[count % 9];
        written.n_by = count;
        if (count >= 1 && count <= 8)
            assert_read ();
        else
            assert_invalid ("check.written_request.by");
    }
    asking[0] = "subject";
    written.n_by = 1;
    written.given_at = 0;
    assert_invalid ("check.written_request.given_at");
    written.given_at = -1;
    assert_invalid ("check.written_request.given_at");
    written.given_at = 1700000000000;
    assert_each_invalid (&evidence.reference, bad, "check.written_request.evidence.reference");
    for (size_t size = 0; size <= 33; size += size == 0 ? 31 : 1) {
        evidence.sha256.len = size;
        if (size == 32)
            assert_read ();
        else
            assert_invalid ("check.written_request.evidence.sha256");
    }
    written.evidence = NULL;
    assert_invalid ("check.written_request.evidence");
}

static void test_urgent_reasons_are_read_as_they_were_claimed (void **state)
{
    (void)state;
    prepare_urgent ();
    assert_read ();
    const struct claim *claim = &request.as.check.claim;
    assert_int_equal (claim->kind, CLAIM_URGENT_REASONS);
    assert_string_equal (request.as.check.urgent_reason, "vitaal-belang");
    assert_int_equal (claim->by.count, 0);
    assert_string_equal (claim->triage.necessity, "necessity");
    assert_string_equal (claim->triage.subsidiarity, "subsidiarity");
    assert_string_equal (claim->triage.proportionality, "proportionality");
    assert_string_equal (claim->triage.purpose_limitation, "purpose_limitation");
    assert_string_equal (claim->triage.manager_consulted, "manager-3");
    assert_true (claim->triage.serious_situation);
    assert_true (claim->triage.urgent_support);
    assert_int_equal (claim->triage.inform, INFORM_AFTER);
    assert_int_equal (claim->triage.inform_by, 1800000000000);
    assert_string_equal (claim->triage.inform_why, "inform_why");
    assert_string_equal (claim->triage.consent_sought, "consent_sought");
    assert_string_equal (claim->triage.no_other_way, "no_other_way");
    assert_string_equal (claim->triage.serious_harm, "serious_harm");
    assert_string_equal (claim->triage.conflict_of_duties, "conflict_of_duties");
    triage.serious_situation = false;
    assert_read ();
    assert_false (claim->triage.serious_situation);
    assert_true (claim->triage.urgent_support);
}

/* What is missing is for C8 to say, all at once and by name. */
static void test_a_triage_decision_may_lack_everything (void **state)
{
    (void)state;
    prepare_urgent ();
    const struct triage *read = &request.as.check.claim.triage;
    consentd__triage__init (&triage);
    for (int whole = 0; whole < 2; whole++) {
        assert_read ();
        const char *const all[] = {read->necessity,          read->subsidiarity,      read->proportionality,
                                   read->purpose_limitation, read->manager_consulted, read->inform_why,
                                   read->consent_sought,     read->no_other_way,      read->serious_harm,
                                   read->conflict_of_duties};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            assert_string_equal (all[i], "");
        assert_int_equal (read->inform, INFORM_UNSAID);
        assert_int_equal (read->inform_by, 0);
        urgent.triage = NULL;
    }
}

static void test_the_reason_is_required_and_a_code (void **state)
{
    (void)state;
    prepare_urgent ();
    static char *bad[] = {"", "het is dringend", "-", NULL};
    assert_each_invalid (&urgent.reason, bad, "check.urgent_reasons.reason");
}

static void test_the_manager_is_an_opaque_reference (void **state)
{
    (void)state;
    prepare_urgent ();
    static char *bad[] = {"de manager", BSN, "m" BSN, NULL};
    assert_each_invalid (&triage.manager_consulted, bad, "check.urgent_reasons.triage.manager_consulted");
}

static void test_a_motivation_is_at_most_a_thousand_bytes (void **state)
{
    (void)state;
    prepare_urgent ();
    for (size_t i = 0; i < TEXTS; i++) {
        char *field = *texts[i], path[80];
        snprintf (path, sizeof path, "check.urgent_reasons.triage.%s", field);
        *texts[i] = text_of (1000);
        assert_read ();
        *texts[i] = text_of (1001);
        assert_invalid (path);
        *texts[i] = field;
    }
}

static void test_the_moment_of_informing_is_a_moment (void **state)
{
    (void)state;
    prepare_urgent ();
    triage.inform_by = -1;
    assert_invalid ("check.urgent_reasons.triage.inform_by");
    triage.inform_by = INT64_MAX;
    assert_invalid ("check.urgent_reasons.triage.inform_by");
    triage.inform = 3;
    triage.inform_by = 1800000000000;
    assert_invalid ("check.urgent_reasons.triage.inform");
}

static void test_a_check_claims_one_ground_at_most (void **state)
{
    (void)state;
    prepare_urgent ();
    wire.check.written_request = &written;
    consentd__evidence__init (&evidence);
    evidence.reference = "dossier-2026-14";
    evidence.sha256 = (ProtobufCBinaryData){32, hash};
    consentd__written_request__init (&written);
    asking[0] = "subject";
    written.by = asking;
    written.n_by = 1;
    written.given_at = 1700000000000;
    written.evidence = &evidence;
    assert_invalid ("check.urgent_reasons");
    wire.check.urgent_reasons = NULL;
    assert_read ();
}

/* What the log keeps. */

static const char *described (void)
{
    assert_read ();
    const struct codec_evidence kept = {.request = {packed, packed_size}};
    return codec_describe (arena, &kept);
}

static void test_the_listing_of_the_log_has_no_motivation (void **state)
{
    (void)state;
    prepare_urgent ();
    for (size_t i = 0; i < TEXTS; i++)
        *texts[i] = "het kind wordt geslagen";
    const char *listing = described ();
    assert_null (strstr (listing, "kind"));
    assert_null (strstr (listing, BSN));
    assert_non_null (strstr (listing, "\"reason\":\"vitaal-belang\""));
    assert_non_null (strstr (listing, "\"manager_consulted\":\"manager-3\""));
    assert_non_null (strstr (listing, "\"serious_situation\":true"));
    assert_non_null (strstr (listing, "\"inform\":\"AFTER\""));
    assert_non_null (strstr (listing, "\"inform_by\":\"2027-01-15T08:00:00.000Z\""));
    prepare_written ();
    listing = described ();
    assert_non_null (strstr (listing, "\"by\":[\"ouder-1\"]"));
    assert_non_null (strstr (listing, "\"reference\":\"dossier-2026-14\""));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_check_that_claims_nothing_has_no_claim),
        cmocka_unit_test (test_a_written_request_is_read_as_it_was_claimed),
        cmocka_unit_test (test_a_written_request_says_by_whom_and_where_it_lies),
        cmocka_unit_test (test_urgent_reasons_are_read_as_they_were_claimed),
        cmocka_unit_test (test_a_triage_decision_may_lack_everything),
        cmocka_unit_test (test_the_reason_is_required_and_a_code),
        cmocka_unit_test (test_the_manager_is_an_opaque_reference),
        cmocka_unit_test (test_a_motivation_is_at_most_a_thousand_bytes),
        cmocka_unit_test (test_the_moment_of_informing_is_a_moment),
        cmocka_unit_test (test_a_check_claims_one_ground_at_most),
        cmocka_unit_test (test_the_listing_of_the_log_has_no_motivation),
    };
    return cmocka_run_group_tests (tests, setup_codec, teardown_codec);
}
