/* cases.txt: the cases that a pack carries, how they are read, and that each must come out as it says. What is
   refused of them is in test-policy-case-refusals.c. */
#include <stdio.h>
#include <string.h>
#include "case_pack.h"
#include "policy/cases/policy_cases.h"
#include "shipped_pack.h"
#include "testing.h"

static const struct good {
    const char *name, *cases;
} goods[] = {
    {"test_a_case_of_a_statute_passes", ASKED BY_LAW},
    {"test_a_case_may_say_what_to_expect_item_by_item",
     ASKED_OF ("naw:wmo, health:wmo") " expect naw PERMIT statute wmo-2015\n expect health DENY NO_CONSENT, "
                                      "STATUTE_NOT_FOR_SPECIAL\n"},
    {"test_an_expectation_may_name_the_origin",
     ASKED_OF ("naw:wmo, naw:brp") " expect naw:wmo PERMIT statute wmo-2015\n expect naw:brp DENY NO_CONSENT, "
                                   "STATUTE_NOT_FOR_ORIGIN\n"},
    {"test_items_may_be_a_group", ASKED_OF ("both") " consent both\n expect both PERMIT consent\n"},
    {"test_no_origin_is_no_origin", ASKED_OF ("naw") " expect DENY NO_CONSENT, ORIGIN_UNKNOWN\n"},
    {"test_advice_takes_the_usual_origin",
     "case a\n nl N\n source S\n provider team\n recipient cak\n purpose help\n items naw\n mode advise\n" BY_LAW},
    {"test_all_or_nothing_withholds_all",
     ASKED_OF ("naw:wmo, health:wmo") " all-or-nothing yes\n expect naw DENY ALL_OR_NOTHING\n"
                                      " expect health DENY NO_CONSENT, STATUTE_NOT_FOR_SPECIAL\n"},
    {"test_a_kind_without_a_name_is_a_party_of_that_kind",
     ASKED " consent all by team to cak\n expect PERMIT consent\n"},
    {"test_a_named_party_is_another_than_the_kind",
     ASKED " party other cak\n consent all to other\n expect PERMIT statute wmo-2015\n"},
    {"test_a_named_party_may_be_asked_about",
     "case a\n nl N\n source S\n party other team\n provider team\n recipient other\n purpose help\n items naw\n"
     " consent all by team to other, cak\n expect PERMIT consent\n"},
    {"test_a_party_may_be_without_an_agreement",
     "case a\n nl N\n source S\n party new cak without-agreement\n provider team\n recipient new\n purpose help\n"
     " items naw\n consent all\n expect DENY AGREEMENT_MISSING\n"},
    {"test_a_party_may_be_inactive", "case a\n nl N\n source S\n party gone cak inactive without-agreement\n "
                                     "provider team\n recipient gone\n purpose help\n"
                                     " items naw\n consent all\n expect DENY AGREEMENT_MISSING\n"},
    {"test_an_inactive_party_gives_nothing",
     "case a\n nl N\n source S\n party gone team inactive\n provider gone\n recipient cak\n purpose help\n"
     " items naw\n consent all\n expect DENY AGREEMENT_MISSING\n"},
    {"test_all_reasons_are_heard_whoever_is_named",
     ASKED_OF (
         "naw") " party other team\n consent all by other\n expect DENY PROVIDER_NOT_CONSENTED, ORIGIN_UNKNOWN\n"},
    {"test_keys_are_given_in_any_order", "case a\n expect PERMIT statute wmo-2015\n origin wmo\n items naw\n "
                                         "purpose help\n recipient cak\n provider team\n"
                                         " source S\n nl N\n"},
    {"test_the_secrecy_of_a_party_may_be_raised",
     "case a\n nl N\n source S\n party doctors team professional\n provider doctors\n recipient cak\n purpose "
     "help\n"
     " items naw:wmo\n consent all\n expect DENY FORM_INSUFFICIENT, SECRECY\n"},
    {"test_the_secrecy_of_a_party_is_never_lowered",
     "case a\n nl N\n source S\n party doctors team professional official\n provider doctors\n recipient cak\n"
     " purpose help\n items naw:wmo\n expect DENY NO_CONSENT, SECRECY\n"},
    {"test_a_consent_is_as_the_question_unless_it_says_otherwise", ASKED " consent naw\n expect PERMIT consent\n"},
    {"test_a_consent_for_another_purpose_does_not_serve",
     ASKED_OF ("naw") " consent all for plan\n expect DENY WRONG_PURPOSE, ORIGIN_UNKNOWN\n"},
    {"test_a_consent_ends_after_its_last_day",
     ASKED_OF ("naw, health") " consent naw until today\n consent health until -1\n expect naw PERMIT consent\n"
                              " expect health DENY EXPIRED, ORIGIN_UNKNOWN\n"},
    {"test_a_consent_begins_on_its_first_day",
     ASKED_OF (
         "naw, health") " consent naw from today\n consent health from +1 until +2\n expect naw PERMIT consent\n"
                        " expect health DENY NOT_YET_VALID, ORIGIN_UNKNOWN\n"},
    {"test_a_consent_is_valid_as_long_as_the_pack_allows",
     ASKED_OF (
         "naw, health") " consent health on 2025-05-31\n consent naw on 2025-06-01\n expect naw PERMIT consent\n"
                        " expect health DENY EXPIRED, ORIGIN_UNKNOWN\n"},
    {"test_a_consent_may_be_for_origins",
     ASKED_OF ("naw:wmo, naw:brp, naw:all-else") " consent naw origins brp, all-else\n"
                                                 " expect naw:brp, naw:all-else PERMIT consent\n expect naw:wmo "
                                                 "PERMIT statute wmo-2015\n"},
    {"test_a_consent_may_be_for_a_case",
     ASKED_OF ("naw") " case-reference c-1\n consent naw case c-2\n expect DENY OTHER_CASE, ORIGIN_UNKNOWN\n"},
    {"test_a_question_may_be_about_a_case",
     ASKED_OF ("naw") " case-reference c-1\n consent naw case c-1\n expect PERMIT consent\n"},
    {"test_a_consent_may_be_oral",
     ASKED_OF ("naw") " consent naw form oral\n expect DENY FORM_INSUFFICIENT, ORIGIN_UNKNOWN\n"},
    {"test_a_consent_may_be_digital", ASKED_OF ("naw") " consent naw form digital\n expect PERMIT consent\n"},
    {"test_a_one_time_consent_may_be_used",
     ASKED_OF ("naw") " consent naw one-time used -1\n expect DENY USED_UP, ORIGIN_UNKNOWN\n"},
    {"test_a_question_may_be_under_secrecy",
     ASKED_OF (
         "naw, health") " under-secrecy yes\n consent naw one-time\n consent health\n"
                        " expect naw PERMIT consent\n expect health DENY FORM_INSUFFICIENT, ORIGIN_UNKNOWN\n"},
    {"test_a_consent_may_be_under_secrecy",
     ASKED_OF (
         "naw, health") " consent naw under-secrecy one-time\n consent health under-secrecy\n"
                        " expect naw PERMIT consent\n expect health DENY FORM_INSUFFICIENT, ORIGIN_UNKNOWN\n"},
    {"test_a_restriction_is_passed_by_what_was_recorded_after_it",
     ASKED_OF ("naw, health") " restricted all since -20\n consent naw on -19\n consent health on -19\n"
                              " expect PERMIT consent\n"},
    {"test_a_restriction_is_not_passed_by_what_was_recorded_on_its_day",
     ASKED_OF ("naw, health") " restricted naw since -20\n consent naw on -20\n consent health on -20\n"
                              " expect naw DENY RESTRICTED\n expect health PERMIT consent\n"},
    {"test_a_consent_may_be_withdrawn",
     ASKED_OF ("naw") " consent naw withdrawn -1\n expect DENY REVOKED, ORIGIN_UNKNOWN\n"},
    {"test_parts_of_a_consent_may_be_withdrawn",
     ASKED_OF ("naw, health") " consent all withdrawn -2 health withdrawn +1 naw\n expect naw PERMIT consent\n"
                              " expect health DENY REVOKED, ORIGIN_UNKNOWN\n"},
    {"test_a_refusal_shuts_out_an_older_consent",
     ASKED_OF ("naw") " consent naw on -20\n refusal all by team to cak for help on -10\n expect DENY REFUSED, "
                      "ORIGIN_UNKNOWN\n"},
    {"test_statements_of_one_day_count_in_their_order",
     ASKED_OF ("naw") " refusal naw on -10\n consent naw on -10\n expect PERMIT consent\n"},
    {"test_signatures_may_be_of_other_days",
     ASKED_OF ("naw") " age 11\n representative piet voogd\n consent naw signed piet -40, piet on -20\n expect "
                      "PERMIT consent\n"},
    {"test_a_signature_is_of_the_day_of_the_recording",
     ASKED_OF ("naw") " born 2014-05-25\n representative piet voogd\n consent naw signed piet, subject on -3\n"
                      " expect PERMIT consent\n"},
    {"test_whoever_must_sign_does",
     ASKED_OF ("naw") " age 11\n representative piet voogd\n representative late voogd from -1\n"
                      " representative gone voogd until -400\n consent naw\n expect PERMIT consent\n"},
    {"test_a_refused_representative_does_not_sign",
     ASKED_OF ("naw") " age 11\n representative piet voogd\n representative kees voogd refused -100\n consent naw "
                      "signed piet\n"
                      " expect PERMIT consent\n"},
    {"test_parents_consent_lapses", ASKED_OF ("naw") " born 2014-06-01\n representative piet voogd\n consent "
                                                     "naw\n expect DENY REPRESENTATION_LAPSED, ORIGIN_UNKNOWN\n"},
    {"test_a_birth_date_may_be_unknown", ASKED " born unknown\n" BY_LAW},
    {"test_a_birth_date_may_be_relative", ASKED " born -4000\n" BY_LAW},
    {"test_death_ends_a_consent",
     ASKED_OF ("naw") " died -1\n consent naw\n expect DENY REPRESENTATION_LAPSED, ORIGIN_UNKNOWN\n"},
    {"test_who_is_not_capable_is_represented",
     ASKED_OF ("naw") " capable no from -500\n capable yes from -1\n representative piet voogd\n consent naw "
                      "signed piet\n"
                      " expect DENY REPRESENTATION_LAPSED, ORIGIN_UNKNOWN\n"},
    {"test_capability_is_from_birth_where_no_day_is_given",
     ASKED_OF (
         "naw") " capable no\n representative piet voogd\n consent naw signed piet\n expect PERMIT consent\n"},
    {"test_all_may_be_restricted", ASKED " restricted all\n expect DENY RESTRICTED\n"},
    {"test_a_category_may_be_restricted", ASKED " restricted health since -10\n" BY_LAW},
    {"test_a_statement_may_be_of_the_day_itself",
     ASKED_OF ("naw") " consent naw on today\n expect PERMIT consent\n"},
    {"test_a_consent_is_of_thirty_days_ago",
     ASKED_OF ("naw, health") " restricted naw since -31\n restricted health since -30\n consent all\n"
                              " expect naw PERMIT consent\n expect health DENY RESTRICTED\n"},
    {"test_a_later_consent_passes_a_restriction",
     ASKED " restricted naw since -10\n consent naw on -9\n expect PERMIT consent\n"},
    {"test_a_written_request_may_be_claimed",
     ASKED_OF ("naw") " claims written-request\n expect PERMIT written-request\n"},
    {"test_a_written_request_may_be_by_somebody_else",
     ASKED_OF (
         "naw") " claims written-request by piet\n expect DENY NO_CONSENT, ORIGIN_UNKNOWN, GROUND_NOT_ALLOWED\n"},
    {"test_a_written_request_may_be_on_another_day",
     ASKED_OF ("naw") " claims written-request by subject on -3\n expect PERMIT written-request\n"},
    {"test_a_written_request_is_by_all_who_must",
     ASKED_OF ("naw") " capable no\n representative jan voogd\n representative piet voogd\n"
                      " representative wim voogd refused -1\n claims written-request\n"
                      " expect PERMIT written-request\n"},
    {"test_a_written_request_by_one_of_those_who_must_is_none",
     ASKED_OF ("naw") " capable no\n representative jan voogd\n representative piet voogd\n"
                      " claims written-request by piet\n"
                      " expect DENY NO_CONSENT, ORIGIN_UNKNOWN, GROUND_NOT_ALLOWED\n"},
    {"test_a_manager_may_be_consulted",
     ASKED_OF ("naw") " manager consulted\n consent naw\n expect PERMIT consent\n"},
    {"test_a_manager_may_not_be_available",
     ASKED_OF ("naw") " manager not-available\n consent naw\n expect PERMIT consent\n"},
    {"test_what_goes_against_the_will_is_expected_so",
     ASKED_OF ("naw:wmo") " refusal naw\n expect PERMIT statute wmo-2015 against-will\n"},
    {"test_a_written_request_against_the_will_is_expected_so",
     ASKED_OF ("naw") " refusal naw on -3\n claims written-request on -4\n"
                      " expect PERMIT written-request against-will\n"},
    {"test_urgent_reasons_may_be_claimed",
     ASKED_OF ("naw") " claims urgent-reasons danger\n expect PERMIT urgent-reasons\n"},
    {"test_the_subject_may_be_informed_before",
     ASKED_OF ("naw") " claims urgent-reasons danger inform before\n expect PERMIT urgent-reasons\n"},
    {"test_the_subject_may_be_informed_after",
     ASKED_OF ("naw") " claims urgent-reasons danger inform after +14\n expect PERMIT urgent-reasons\n"},
    {"test_the_subject_may_be_informed_too_late",
     ASKED_OF ("naw") " claims urgent-reasons danger inform after +16\n expect DENY NO_CONSENT, ORIGIN_UNKNOWN, "
                      "TRIAGE_INCOMPLETE\n"},
    {"test_days_of_signatures_are_written_as_any_day",
     ASKED_OF (
         "naw") " age 11\n representative piet voogd\n"
                " consent naw signed piet today, piet 2026-05-15, piet -3, piet +1\n expect PERMIT consent\n"},
    {"test_a_triage_decision_may_lack_several_parts",
     ASKED_OF ("naw") " claims urgent-reasons danger without necessity, subsidiarity\n"
                      " expect DENY NO_CONSENT, ORIGIN_UNKNOWN, TRIAGE_INCOMPLETE\n"},
    {"test_a_day_in_february_may_be_given",
     "case a\n nl N\n source S\n day 2027-02-10\n provider team\n recipient cak\n purpose help\n items naw\n"
     " origin wmo\n" BY_LAW},
    {"test_a_day_of_the_case_may_be_given",
     "case a\n nl N\n source S\n day 2028-02-29\n age 12\n provider team\n recipient cak\n"
     " purpose help\n items naw\n origin wmo\n" BY_LAW},
    {"test_a_file_without_cases_is_no_error", "# none yet\n"},
};

static void test_good (void **state)
{
    const struct good *good = *state;
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    if (case_pack_try (good->cases, &policy, &error) != 0)
        fail_msg ("%s:%u: %s", error.file, error.line, error.message);
    policy_destroy (&policy);
}

static struct day day_of (int year, unsigned month, unsigned number)
{
    return (struct day){(int16_t)year, (uint8_t)month, (uint8_t)number};
}

/* A case of this day, or NULL: none given; and the day of birth that `facts` make of it. */
static void assert_born (const char *day, const char *facts, struct day asked, struct day born)
{
    char cases[512];
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    snprintf (cases, sizeof cases, ASKED "%s%s%s" BY_LAW, day ? " day " : "", day ? day : "", facts);
    if (case_pack_try (cases, &policy, &error) != 0)
        fail_msg ("%s:%u: %s", error.file, error.line, error.message);
    const struct policy_case *one = &policy->cases[0];
    assert_int_equal (one->now, calendar_start (asked) + 12 * 60 * 60 * 1000);
    assert_int_equal (calendar_compare (one->subject.birth, born), 0);
    assert_true (one->subject.known);
    policy_destroy (&policy);
}

static void test_the_subject_has_a_birthday_on_the_day_of_the_case (void **state)
{
    (void)state;
    assert_born (NULL, "", day_of (2026, 6, 1), day_of (1986, 6, 1));
    assert_born ("2026-03-29", "\n", day_of (2026, 3, 29), day_of (1986, 3, 29)); /* the clock goes forward */
    assert_born ("2028-02-29", "\n age 12\n", day_of (2028, 2, 29), day_of (2016, 2, 28));
    assert_born ("2027-02-10", "\n age 12\n", day_of (2027, 2, 10), day_of (2015, 2, 10));
    assert_born ("2027-03-29", "\n age 0\n", day_of (2027, 3, 29), day_of (2027, 3, 29));
    assert_born ("1900-01-01", "\n age 150\n", day_of (1900, 1, 1), day_of (1750, 1, 1));
    assert_born ("2199-12-31", "\n born 2186-12-31\n", day_of (2199, 12, 31), day_of (2186, 12, 31));
    assert_born ("2026-03-30", "\n born -1\n", day_of (2026, 3, 30), day_of (2026, 3, 29));
    assert_born ("2026-10-24", "\n born +1\n", day_of (2026, 10, 24), day_of (2026, 10, 25));
}

/* The parts of a triage decision: each that lacks makes it incomplete. */
static void test_every_part_of_a_triage_decision_may_lack (void **state)
{
    (void)state;
    for (size_t i = 0; i < TRIAGE_PARTS; i++) {
        const char *part = triage_names[i];
        bool of_informing_after = strncmp (part, "inform_", 7) == 0;
        char cases[512];
        snprintf (cases, sizeof cases,
                  "case a\n nl N\n source S\n party doctors team professional\n provider doctors\n recipient cak\n"
                  " purpose help\n items naw\n claims urgent-reasons danger%s without %s\n"
                  " expect DENY NO_CONSENT, ORIGIN_UNKNOWN, TRIAGE_INCOMPLETE\n",
                  of_informing_after ? " inform after +1" : "", part);
        struct policy *policy = NULL;
        struct policy_error error = {.message = ""};
        if (case_pack_try (cases, &policy, &error) != 0)
            fail_msg ("%s: %s:%u: %s", part, error.file, error.line, error.message);
        policy_destroy (&policy);
    }
}

static void test_cases_are_part_of_the_hash (void **state)
{
    (void)state;
    const struct change changes[] = {{"cases.txt", NULL, ASKED BY_LAW}, {"cases.txt", NULL, "# none\n"}};
    struct policy *without = changed_pack_read (NULL, 0, changed_pack_hash);
    struct policy *with = changed_pack_read (&changes[0], 1, changed_pack_hash);
    struct policy *with_none = changed_pack_read (&changes[1], 1, changed_pack_hash);
    assert_memory_not_equal (without->hash, with->hash, 32);
    assert_memory_not_equal (without->hash, with_none->hash, 32);
    assert_memory_not_equal (with->hash, with_none->hash, 32);
    policy_destroy (&without);
    policy_destroy (&with);
    policy_destroy (&with_none);
}

/* Of a shipped pack: every flow is asked about, and permits something and denies something. */
static void assert_every_flow_has_cases (const char *name)
{
    struct policy *policy = shipped_pack_read (name, NULL);
    bool permits[CODE_LIMIT] = {false}, denies[CODE_LIMIT] = {false};
    for (size_t i = 0; i < policy->case_count; i++) {
        const struct check *check = &policy->cases[i].check;
        for (size_t flow = 0; flow < policy->flow_count; flow++) {
            const struct policy_flow *one = &policy->flows[flow];
            if (one->purpose != check->purpose || !code_set_has (&one->providers, check->provider->kind) ||
                !code_set_has (&one->recipients, check->recipient->kind))
                continue;
            for (size_t item = 0; item < check->item_count; item++)
                *(policy->cases[i].expected[item].permit ? &permits[flow] : &denies[flow]) = true;
        }
    }
    for (size_t flow = 0; flow < policy->flow_count; flow++)
        if (!permits[flow] || !denies[flow])
            fail_msg ("%s: no case %s anything in flow %s", name, permits[flow] ? "denies" : "permits",
                      policy->flows[flow].entry.code);
    policy_destroy (&policy);
}

static void test_the_shipped_packs_have_cases_of_every_flow (void **state)
{
    (void)state;
    assert_every_flow_has_cases ("kaag-en-braassem-2015");
    assert_every_flow_has_cases ("wmo-jeugdwet-2026");
}

static void test_a_pack_may_be_read_without_trying_its_cases (void **state)
{
    (void)state;
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    struct policy_faults faults = POLICY_FIRST (&error);
    char directory[1024];
    snprintf (directory, sizeof directory, "%s/policies/wmo-jeugdwet-2026", CONFIG_DIR);
    assert_int_equal (policy_read_all (&policy, directory, NULL, false, &faults), 0);
    assert_true (policy->case_count > 0);
    policy_destroy (&policy);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_the_subject_has_a_birthday_on_the_day_of_the_case),
        cmocka_unit_test (test_every_part_of_a_triage_decision_may_lack),
        cmocka_unit_test (test_cases_are_part_of_the_hash),
        cmocka_unit_test (test_the_shipped_packs_have_cases_of_every_flow),
        cmocka_unit_test (test_a_pack_may_be_read_without_trying_its_cases),
    };
    struct CMUnitTest all[COUNT (tests) + COUNT (goods)];
    struct CMUnitTest *next = all;
    memcpy (all, tests, sizeof tests);
    next += COUNT (tests);
    for (size_t i = 0; i < COUNT (goods); i++)
        *next++ = (struct CMUnitTest){
            .name = goods[i].name, .test_func = test_good, .initial_state = (void *)(uintptr_t)&goods[i]};
    return cmocka_run_group_tests (all, NULL, NULL);
}
