/* Requests: what a subject and its record ask of their fields. */
#include <stdio.h>
#include <string.h>
#include "fixture_codec.h"
#include "testing.h"

static void test_a_subject_is_read_as_it_was_recorded (void **state)
{
    (void)state;
    prepare_subject ();
    wire.subject_set.death_date = "2020-12-31";
    wire.representatives[1].until = "2012-02-29";
    wire.representatives[1].refused_from = "2011-01-01";
    wire.representatives[1].refused_reason = "Zwaarwegend belang";
    wire.capabilities[1].capable = true;
    assert_read ();
    assert_int_equal (request.verb, VERB_SUBJECT_SET);
    const struct subject_change *subject = &request.as.subject_set.change;
    assert_int_equal (subject->birth.year, 2010);
    assert_int_equal (subject->birth.month, 2);
    assert_int_equal (subject->birth.number, 28);
    assert_int_equal (subject->death.year, 2020);
    assert_int_equal (subject->representative_count, 2);
    assert_string_equal (subject->representatives[0].reference, "ouder-0");
    assert_string_equal (subject->representatives[0].kind, "ouder-met-gezag");
    assert_int_equal (subject->representatives[0].until.month, 0);
    assert_int_equal (subject->representatives[0].refused_from.month, 0);
    assert_int_equal (subject->representatives[1].until.number, 29);
    assert_int_equal (subject->representatives[1].refused_from.year, 2011);
    assert_string_equal (subject->representatives[1].refused_reason, "Zwaarwegend belang");
    assert_int_equal (subject->capability_count, 2);
    assert_false (subject->capabilities[0].capable);
    assert_true (subject->capabilities[1].capable);
    assert_false (subject->whole || subject->no_birth || subject->no_death);
    assert_int_equal (subject->no_representative_count + subject->no_until_count + subject->no_refusal_count, 0);
    assert_false (request.as.subject_set.has_expected || request.is_trial);
}

static void test_T1_an_end_of_care_has_a_law_given_once_and_a_day (void **state)
{
    (void)state;
    Consentd__CareEnd ends[17], *list[17];
    char laws[17][8];
    prepare_subject ();
    for (size_t i = 0; i < 17; i++) {
        consentd__care_end__init (&ends[i]);
        snprintf (laws[i], sizeof laws[i], "wet-%zu", i);
        ends[i].law = laws[i];
        ends[i].day = "2026-05-01";
        list[i] = &ends[i];
    }
    wire.subject_set.care_ended = list;
    wire.subject_set.n_care_ended = 16;
    assert_read ();
    const struct subject_change *change = &request.as.subject_set.change;
    assert_int_equal (change->care_ended_count, 16);
    assert_string_equal (change->care_ended[1].law, "wet-1");
    assert_int_equal (change->care_ended[1].day.number, 1);
    wire.subject_set.n_care_ended = 17;
    assert_invalid ("subject_set.care_ended[16]");
    wire.subject_set.n_care_ended = 2;
    char *bad[] = {"2026-02-29", "2026-5-1", "", "morgen", NULL};
    assert_each_invalid (&ends[1].day, bad, "subject_set.care_ended[1].day");
    char *bad_laws[] = {"", "Wmo!", "wet-0", NULL};
    assert_each_invalid (&ends[1].law, bad_laws, "subject_set.care_ended[1].law");
    assert_read ();
    Consentd__SubjectRemoval removal = CONSENTD__SUBJECT_REMOVAL__INIT;
    char *gone[] = {"wmo"};
    removal.care_ended = gone;
    removal.n_care_ended = 1;
    wire.subject_set.remove = &removal;
    assert_read ();
    assert_int_equal (request.as.subject_set.change.no_care_ended_count, 1);
    assert_string_equal (request.as.subject_set.change.no_care_ended[0], "wmo");
    gone[0] = "geen wet";
    assert_invalid ("subject_set.remove.care_ended[0]");
}

static void test_what_is_taken_away_of_a_subject_is_said (void **state)
{
    (void)state;
    static uint8_t version[16] = "version 16 bytes";
    char *gone[] = {"ouder-8", "ouder-5", "ouder-8"}, *untils[] = {"ouder-1"}, *refusals[] = {"ouder-2"};
    char *days[] = {"2019-01-01"};
    Consentd__SubjectRemoval removal = CONSENTD__SUBJECT_REMOVAL__INIT;
    prepare_subject ();
    removal.representatives = gone;
    removal.n_representatives = 3;
    removal.untils = untils;
    removal.refusals = refusals;
    removal.capabilities = days;
    removal.n_untils = removal.n_refusals = removal.n_capabilities = 1;
    removal.death_date = true;
    wire.subject_set.remove = &removal;
    wire.subject_set.expected = (ProtobufCBinaryData){16, version};
    wire.subject_set.advise = true;
    assert_read ();
    const struct subject_change *change = &request.as.subject_set.change;
    assert_true (change->no_death && !change->no_birth);
    assert_int_equal (change->no_representative_count, 2); /* a set */
    assert_string_equal (change->no_representatives[0], "ouder-5");
    assert_string_equal (change->no_untils[0], "ouder-1");
    assert_string_equal (change->no_refusals[0], "ouder-2");
    assert_int_equal (change->no_capabilities[0].year, 2019);
    assert_memory_equal (request.as.subject_set.expected, version, 16);
    assert_true (request.as.subject_set.has_expected && request.is_trial);
    days[0] = "gisteren";
    assert_invalid ("subject_set.remove.capabilities[0]");
    days[0] = "2019-01-01";
    untils[0] = "geen referentie";
    assert_invalid ("subject_set.remove.untils[0]");
    untils[0] = "ouder-1";
    wire.subject_set.expected.len = 15;
    assert_invalid ("subject_set.expected");
    wire.subject_set.expected.len = 16;
    removal.birth_date = true;
    assert_invalid ("subject_set.remove.birth_date");
    removal.birth_date = false;
    wire.subject_set.death_date = "2020-01-01";
    assert_invalid ("subject_set.remove.death_date");
    wire.subject_set.death_date = "";
    wire.subject_set.whole = true;
    assert_invalid ("subject_set.remove");
    wire.subject_set.remove = NULL;
    assert_read ();
    assert_true (request.as.subject_set.change.whole);
}

static void test_a_day_is_a_day_of_the_calendar (void **state)
{
    (void)state;
    prepare_subject ();
    char *bad[] = {"2010-02-29", "2010-2-28", "2010-02-28 ", "28-02-2010", "2010-13-01", "morgen", NULL};
    assert_each_invalid (&wire.subject_set.birth_date, bad, "subject_set.birth_date");
    assert_each_invalid (&wire.subject_set.death_date, bad, "subject_set.death_date");
    assert_each_invalid (&wire.representatives[1].from, bad, "subject_set.representatives[1].from");
    assert_each_invalid (&wire.representatives[1].until, bad, "subject_set.representatives[1].until");
    assert_each_invalid (&wire.capabilities[1].from, bad, "subject_set.capabilities[1].from");
}

static void test_nobody_dies_before_birth (void **state)
{
    (void)state;
    prepare_subject ();
    wire.subject_set.death_date = "2010-02-27";
    assert_invalid ("subject_set.death_date");
    wire.subject_set.death_date = "2010-02-28";
    assert_read ();
}

static void test_an_authority_ends_after_it_began (void **state)
{
    (void)state;
    prepare_subject ();
    wire.representatives[0].until = "2010-02-28";
    assert_invalid ("subject_set.representatives[0].until");
    wire.representatives[0].until = "2010-03-01";
    assert_read ();
    wire.representatives[0].from = ""; /* of one who is registered: as it is */
    assert_read ();
}

static void test_refusing_a_representative_has_a_day_and_a_reason (void **state)
{
    (void)state;
    prepare_subject ();
    wire.representatives[1].refused_from = "2011-01-01";
    assert_invalid ("subject_set.representatives[1].refused_reason");
    wire.representatives[1].refused_from = "";
    wire.representatives[1].refused_reason = "Zwaarwegend belang";
    assert_invalid ("subject_set.representatives[1].refused_from");
}

static void test_a_representative_is_named_once_and_is_not_the_subject (void **state)
{
    (void)state;
    prepare_subject ();
    wire.representatives[1].reference = "ouder-0";
    assert_invalid ("subject_set.representatives[1].reference");
    wire.representatives[1].reference = "subject";
    assert_invalid ("subject_set.representatives[1].reference");
    wire.representatives[1].reference = "";
    assert_invalid ("subject_set.representatives[1].reference");
}

static void test_capabilities_are_in_order_of_day (void **state)
{
    (void)state;
    prepare_subject ();
    wire.capabilities[1].from = "2020-01-01";
    assert_invalid ("subject_set.capabilities[1].from");
    wire.capabilities[1].from = "2019-12-31";
    assert_invalid ("subject_set.capabilities[1].from");
    wire.capabilities[1].from = "";
    assert_invalid ("subject_set.capabilities[1].from");
}

static void test_a_subject_has_so_many_representatives_and_capabilities (void **state)
{
    (void)state;
    prepare_subject ();
    wire.subject_set.n_representatives = 8;
    wire.subject_set.n_capabilities = 16;
    assert_read ();
    wire.subject_set.n_capabilities = 17;
    assert_invalid ("subject_set.capabilities[16]");
    wire.subject_set.n_capabilities = 16;
    wire.subject_set.n_representatives = 9;
    assert_invalid ("subject_set.representatives[8]");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_subject_is_read_as_it_was_recorded),
        cmocka_unit_test (test_a_day_is_a_day_of_the_calendar),
        cmocka_unit_test (test_nobody_dies_before_birth),
        cmocka_unit_test (test_an_authority_ends_after_it_began),
        cmocka_unit_test (test_refusing_a_representative_has_a_day_and_a_reason),
        cmocka_unit_test (test_a_representative_is_named_once_and_is_not_the_subject),
        cmocka_unit_test (test_T1_an_end_of_care_has_a_law_given_once_and_a_day),
        cmocka_unit_test (test_what_is_taken_away_of_a_subject_is_said),
        cmocka_unit_test (test_capabilities_are_in_order_of_day),
        cmocka_unit_test (test_a_subject_has_so_many_representatives_and_capabilities),
    };
    return cmocka_run_group_tests (tests, setup_codec, teardown_codec);
}
