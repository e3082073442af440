/* C10: what a disclosure obliges its provider to. The decision is given: who decides it is tested elsewhere. */
#include <string.h>
#include "fixture_policy.h"
#include "rules/obligations.h"

enum { WMO, ZORGWET, MELDRECHT }; /* statutes of the pack; the last may be put off */

static struct policy_urgent_reason urgent_reasons[] = {{.entry = {.code = "bemoeizorg"}},
                                                       {.entry = {.code = "vitaal"}}};

/* A check of as many items as are permitted, and what was decided of them. */
struct disclosure {
    struct fixture *fixture;
    struct check check;
    struct decision decision;
    struct informed informed;
    struct obligations obligations;
};

static struct disclosure begin (struct fixture *fixture, const char *purpose)
{
    static struct policy_purpose purposes[8];
    static struct policy_statute statutes[4];
    memcpy (purposes, fixture->policy.purposes, fixture->policy.purpose_count * sizeof *purposes);
    memcpy (statutes, fixture->policy.statutes, fixture->policy.statute_count * sizeof *statutes);
    fixture->policy.purposes = purposes;
    fixture->policy.statutes = statutes;
    fixture->policy.urgent_reasons = urgent_reasons;
    fixture->policy.urgent_reason_count = 2;
    fixture->policy.due.inform_days = 14;
    statutes[MELDRECHT].inform_deferrable = true;
    purposes[policy_purpose (&fixture->policy, "extern-overleg")].record_in_plan = true;
    purposes[policy_purpose (&fixture->policy, "escalatie")].inform_always = strcmp (purpose, "escalatie") == 0;
    struct disclosure made = {.fixture = fixture,
                              .check = fixture_check (fixture, "kernteam", "horizon", purpose, "naw")};
    return made;
}

static struct item_decision *add (struct disclosure *self, enum policy_ground ground)
{
    struct item_decision *item = &self->decision.items[self->decision.item_count++];
    *item =
        (struct item_decision){.permit = ground != POLICY_GROUNDS, .ground = ground, .urgent_reason = CODE_NONE};
    return item;
}

static void add_statute (struct disclosure *self, code statute)
{
    add (self, POLICY_STATUTE)->statute = statute;
}

static void claim_urgent (struct disclosure *self, enum inform_when inform, const char *inform_by)
{
    self->check.claim.triage.inform = inform;
    self->check.claim.triage.inform_by = inform_by != NULL ? fixture_at (inform_by) : 0;
    add (self, POLICY_WITHOUT_CONSENT)->urgent_reason = 1;
}

/* "INFORM_SUBJECT by 2026-05-16 on statute wmo", with " deferrable" or " done", between commas. */
static const char *duties (struct disclosure *self)
{
    static const char *const kinds[] = {
        "", "", "", "SUBJECT", "REPRESENTATIVE", "YOUTH", "RECORD", "AGAINST_WILL", "SOURCE"};
    static const char *const grounds[] = {"", "consent", "statute", "request", "urgent"};
    struct decide_facts facts = fixture_facts (self->fixture);
    obligations_find (&facts, &self->check, &self->decision, self->informed, &self->obligations);
    const char *said = "";
    for (size_t i = 0; i < self->obligations.duty_count; i++) {
        const struct duty *duty = &self->obligations.duties[i];
        char day[11];
        calendar_format (calendar_day (duty->due), day);
        assert_true (duty->done || duty->due == fixture_at (day));
        said = arena_printf (self->fixture->arena, "%s%s%s %s %s%s%s%s%s", said, i > 0 ? ", " : "",
                             kinds[duty->kind], day, grounds[duty->ground], duty->basis[0] != 0 ? " " : "",
                             duty->basis, duty->deferrable ? " deferrable" : "", duty->done ? " done" : "");
    }
    return said;
}

static void test_C10_every_permit_obliges_to_secrecy_and_a_denial_to_nothing (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    add (&one, POLICY_GROUNDS);
    assert_string_equal (duties (&one), "");
    assert_false (one.obligations.keep_secret);
    add (&one, POLICY_CONSENT);
    assert_string_equal (duties (&one), "");
    assert_true (one.obligations.keep_secret);
    assert_false (one.obligations.one_time);
    one.decision.one_time = true;
    duties (&one);
    assert_true (one.obligations.one_time);
}

static void test_C10_whoever_discloses_on_a_statute_informs_the_subject_in_time (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    add_statute (&one, WMO);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo");
    assert_true (one.obligations.informs.of_statute);
}

static void test_C10_what_lies_behind_the_items_of_the_check_obliges_to_nothing (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    add (&one, POLICY_CONSENT);
    add_statute (&one, WMO);
    one.decision.item_count = 1;
    assert_string_equal (duties (&one), "");
}

static void test_C10_of_a_statute_the_subject_is_informed_once (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    one.informed.of_statute = true;
    add_statute (&one, WMO);
    assert_string_equal (duties (&one), "");
    assert_true (one.obligations.keep_secret);
    assert_false (one.obligations.informs.of_statute);
}

static void test_C10_informing_is_deferrable_only_where_every_statute_lets_it_be (void **state)
{
    struct disclosure one = begin (*state, "escalatie");
    add_statute (&one, MELDRECHT);
    add_statute (&one, MELDRECHT);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute meldrecht deferrable");
    add_statute (&one, WMO);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute meldrecht");
    struct disclosure other = begin (*state, "escalatie");
    add_statute (&other, WMO);
    add_statute (&other, MELDRECHT);
    assert_string_equal (duties (&other), "SUBJECT 2026-05-16 statute wmo");
}

static void test_C10_of_a_written_request_the_subject_is_informed_every_time (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    one.informed.of_statute = true;
    add (&one, POLICY_WITHOUT_CONSENT);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 request");
    assert_false (one.obligations.informs.of_statute);
}

static void test_C10_of_urgent_reasons_the_triage_decision_says_when (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    one.informed.of_statute = true;
    claim_urgent (&one, INFORM_AFTER, "2026-05-04");
    assert_string_equal (duties (&one), "SUBJECT 2026-05-04 urgent vitaal, RECORD 2026-05-16 urgent vitaal");
}

static void test_C10_who_was_informed_before_need_not_be_again (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    claim_urgent (&one, INFORM_BEFORE, NULL);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-01 urgent vitaal done, RECORD 2026-05-16 urgent vitaal");
}

static void test_C10_several_grounds_make_one_duty_that_is_due_first (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    add (&one, POLICY_CONSENT);
    add_statute (&one, MELDRECHT);
    claim_urgent (&one, INFORM_AFTER, "2026-05-04");
    assert_string_equal (duties (&one), "SUBJECT 2026-05-04 urgent vitaal, RECORD 2026-05-16 urgent vitaal");
    struct disclosure other = begin (*state, "toekenning");
    claim_urgent (&other, INFORM_AFTER, "2026-05-04");
    add_statute (&other, MELDRECHT);
    assert_string_equal (duties (&other), "SUBJECT 2026-05-04 urgent vitaal, RECORD 2026-05-16 urgent vitaal");
    assert_true (other.obligations.informs.of_statute);
}

/* To have been told of the urgent reasons is not to have been told of what went on a statute. */
static void test_C10_what_is_still_to_be_done_of_a_duty_decides_when_it_is_due (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    claim_urgent (&one, INFORM_BEFORE, NULL);
    add_statute (&one, WMO);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo, RECORD 2026-05-16 urgent vitaal");
    struct disclosure other = begin (*state, "toekenning");
    add_statute (&other, WMO);
    claim_urgent (&other, INFORM_BEFORE, NULL);
    assert_string_equal (duties (&other), "SUBJECT 2026-05-16 statute wmo, RECORD 2026-05-16 urgent vitaal");
}

static void test_C10_a_purpose_that_the_pack_marks_is_recorded_in_the_plan (void **state)
{
    struct disclosure one = begin (*state, "extern-overleg");
    add (&one, POLICY_CONSENT);
    assert_string_equal (duties (&one), "RECORD 2026-05-16 consent");
    /* Only informing may be put off. */
    struct disclosure other = begin (*state, "extern-overleg");
    add_statute (&other, MELDRECHT);
    assert_string_equal (duties (&other),
                         "SUBJECT 2026-05-16 statute meldrecht deferrable, RECORD 2026-05-16 statute meldrecht");
    struct disclosure denied = begin (*state, "extern-overleg");
    add (&denied, POLICY_GROUNDS);
    assert_string_equal (duties (&denied), "");
}

static void test_C10_representatives_are_informed_where_they_exercise_the_rights (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    one.fixture->subject.birth = fixture_day ("2020-01-01");
    fixture_representative (one.fixture, "ouder-1", "ouder-met-gezag", "2020-01-01");
    add_statute (&one, WMO);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo, REPRESENTATIVE 2026-05-16 statute wmo");
}

static void test_C10_youth_are_informed_where_they_exercise_the_rights (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    fixture_representative (one.fixture, "ouder-1", "ouder-met-gezag", "2010-05-02");
    add_statute (&one, WMO);
    one.fixture->subject.birth = fixture_day ("2014-05-01"); /* 12 today */
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo, REPRESENTATIVE 2026-05-16 statute wmo, "
                                        "YOUTH 2026-05-16 statute wmo");
    one.fixture->subject.birth = fixture_day ("2010-05-02"); /* 16 tomorrow */
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo, REPRESENTATIVE 2026-05-16 statute wmo, "
                                        "YOUTH 2026-05-16 statute wmo");
    one.fixture->subject.birth = fixture_day ("2010-05-01"); /* 16 today */
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo");
}

static void test_C10_youth_are_informed_whether_or_not_a_representative_is_registered (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    static struct capability incapable = {{2026, 5, 1}, false};
    add_statute (&one, WMO);
    one.fixture->subject.birth = fixture_day ("2014-05-01"); /* 12 today */
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo, YOUTH 2026-05-16 statute wmo");
    one.fixture->subject.birth = fixture_day ("2014-05-02"); /* 12 tomorrow */
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo");
    one.fixture->subject.birth = fixture_day ("2012-05-01");
    one.fixture->subject.capabilities = &incapable;
    one.fixture->subject.capability_count = 1;
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo");
}

/* KB 10.2: what the controller has from outside. */
static struct disclosure begin_from_outside (struct fixture *fixture)
{
    struct disclosure one = begin (fixture, "toekenning");
    one.check = fixture_check (fixture, "horizon", "kernteam", "integraal-plan", "naw");
    return one;
}

static void test_C10_the_recipient_tells_the_subject_from_whom_it_has_the_data (void **state)
{
    struct disclosure one = begin_from_outside (*state);
    add_statute (&one, WMO);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo, SOURCE 2026-05-02 statute wmo");
    assert_true (one.obligations.duties[1].holder_is_recipient);
    assert_false (one.obligations.duties[0].holder_is_recipient);
    assert_true (one.obligations.informs.of_source);
    /* Once. */
    one.informed.of_source = true;
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo");
    assert_false (one.obligations.informs.of_source);
    one.informed = (struct informed){.of_statute = true};
    assert_string_equal (duties (&one), "SOURCE 2026-05-02 statute wmo");
    /* It is put off where its ground may be. */
    struct disclosure deferrable = begin_from_outside (*state);
    add_statute (&deferrable, MELDRECHT);
    assert_string_equal (duties (&deferrable), "SUBJECT 2026-05-16 statute meldrecht deferrable, "
                                               "SOURCE 2026-05-02 statute meldrecht deferrable");
}

static void test_C10_of_the_source_nothing_is_told_on_consent_nor_within_or_outside_the_controller (void **state)
{
    static const char *const parties[][2] = {
        {"kernteam", "wijkteam"}, {"horizon", "school"}, {"kernteam", "horizon"}};
    struct disclosure one = begin_from_outside (*state);
    add (&one, POLICY_CONSENT);
    assert_string_equal (duties (&one), "");
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++) {
        struct disclosure other = begin_from_outside (*state);
        other.check.provider = fixture_party (other.fixture, parties[i][0]);
        other.check.recipient = fixture_party (other.fixture, parties[i][1]);
        add_statute (&other, WMO);
        assert_string_equal (duties (&other), "SUBJECT 2026-05-16 statute wmo");
    }
}

static void test_C15_what_goes_against_the_will_is_reported (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    add_statute (&one, MELDRECHT);
    one.decision.items[0].against_will = true;
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute meldrecht deferrable, "
                                        "AGAINST_WILL 2026-05-16 statute meldrecht");
    assert_false (one.obligations.duties[1].holder_is_recipient);
    one.fixture->subject.death = fixture_day ("2026-05-01"); /* M10: informing alone ends */
    assert_string_equal (duties (&one), "AGAINST_WILL 2026-05-16 statute meldrecht");
}

static void test_C15_of_a_purpose_marked_so_the_subject_is_informed_each_time_on_consent_too (void **state)
{
    struct disclosure one = begin (*state, "escalatie");
    add (&one, POLICY_CONSENT);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 consent");
    struct disclosure again = begin (*state, "escalatie");
    again.informed.of_statute = true;
    add_statute (&again, WMO);
    assert_string_equal (duties (&again), "SUBJECT 2026-05-16 statute wmo");
    again.fixture->subject.death = fixture_day ("2026-05-01");
    assert_string_equal (duties (&again), "");
}

static void test_C10_where_nobody_exercises_the_rights_the_subject_is_informed (void **state)
{
    struct disclosure one = begin (*state, "toekenning");
    one.fixture->subject.birth = (struct day){0, 0, 0};
    add_statute (&one, WMO);
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo");
}

static void test_M10_nobody_is_informed_after_death (void **state)
{
    struct disclosure one = begin (*state, "extern-overleg");
    one.fixture->subject.death = fixture_day ("2026-05-01");
    add_statute (&one, WMO);
    assert_string_equal (duties (&one), "RECORD 2026-05-16 statute wmo");
    assert_false (one.obligations.informs.of_statute);
    one.fixture->subject.death = fixture_day ("2026-05-02"); /* as registered ahead; nobody is dead yet */
    assert_string_equal (duties (&one), "SUBJECT 2026-05-16 statute wmo, RECORD 2026-05-16 statute wmo");
}

int main (void)
{
#define TEST(name) FIXTURE_TEST (name)
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_C10_every_permit_obliges_to_secrecy_and_a_denial_to_nothing),
        FIXTURE_TEST (test_C10_whoever_discloses_on_a_statute_informs_the_subject_in_time),
        FIXTURE_TEST (test_C10_what_lies_behind_the_items_of_the_check_obliges_to_nothing),
        FIXTURE_TEST (test_C10_of_a_statute_the_subject_is_informed_once),
        FIXTURE_TEST (test_C10_informing_is_deferrable_only_where_every_statute_lets_it_be),
        FIXTURE_TEST (test_C10_of_a_written_request_the_subject_is_informed_every_time),
        FIXTURE_TEST (test_C10_of_urgent_reasons_the_triage_decision_says_when),
        FIXTURE_TEST (test_C10_who_was_informed_before_need_not_be_again),
        FIXTURE_TEST (test_C10_several_grounds_make_one_duty_that_is_due_first),
        FIXTURE_TEST (test_C10_what_is_still_to_be_done_of_a_duty_decides_when_it_is_due),
        FIXTURE_TEST (test_C10_a_purpose_that_the_pack_marks_is_recorded_in_the_plan),
        FIXTURE_TEST (test_C10_representatives_are_informed_where_they_exercise_the_rights),
        FIXTURE_TEST (test_C10_youth_are_informed_where_they_exercise_the_rights),
        FIXTURE_TEST (test_C10_youth_are_informed_whether_or_not_a_representative_is_registered),
        FIXTURE_TEST (test_C10_the_recipient_tells_the_subject_from_whom_it_has_the_data),
        FIXTURE_TEST (test_C10_of_the_source_nothing_is_told_on_consent_nor_within_or_outside_the_controller),
        FIXTURE_TEST (test_C15_what_goes_against_the_will_is_reported),
        FIXTURE_TEST (test_C15_of_a_purpose_marked_so_the_subject_is_informed_each_time_on_consent_too),
        FIXTURE_TEST (test_C10_where_nobody_exercises_the_rights_the_subject_is_informed),
        FIXTURE_TEST (test_M10_nobody_is_informed_after_death),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
