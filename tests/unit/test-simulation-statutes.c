/* Flows, statutes, secrecy and special categories as the shipped pack has them, and who hears which reason. */
#include "simulation_verbs.h"

#define CAK .to = "cak", .purpose = "eigen-bijdrage"
#define SVB .to = "svb", .purpose = "pgb"

/* C6 */

static void test_cak_and_svb_get_by_statute_what_their_flow_names (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, CAK, .items = "bsn naw geboortedatum burgerlijke-staat toewijzing kostprijs"),
                         "wmo-2015, wmo-2015, wmo-2015, wmo-2015, wmo-2015, wmo-2015");
    assert_string_equal (CHECK (sim, SVB, .items = "bsn/jeugdwet budget/wmo telefoon/jeugdwet"),
                         "jeugdwet, wmo-2015, jeugdwet");
    assert_string_equal (CHECK (sim, CAK, .items = "telefoon budget"), "CATEGORY_NOT_NEEDED, CATEGORY_NOT_NEEDED");
    assert_string_equal (CHECK (sim, SVB, .items = "geslacht kostprijs"),
                         "CATEGORY_NOT_NEEDED, CATEGORY_NOT_NEEDED");
}

static void test_a_statute_covers_the_origins_that_it_names (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, CAK, .items = "bsn/wmo bsn/brp bsn/jeugdwet"),
                         "wmo-2015, wmo-2015, jeugdwet");
    assert_string_equal (CHECK (sim, CAK, .items = "bsn/participatiewet bsn/wgs bsn/zvw bsn/aanbieder"),
                         "NO_CONSENT STATUTE_NOT_FOR_ORIGIN, NO_CONSENT STATUTE_NOT_FOR_ORIGIN, "
                         "NO_CONSENT STATUTE_NOT_FOR_ORIGIN, NO_CONSENT STATUTE_NOT_FOR_ORIGIN");
}

static void test_a_disclosure_by_statute_needs_the_origin_and_an_advice_takes_the_flows (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, CAK, .items = "bsn/"), "NO_CONSENT ORIGIN_UNKNOWN");
    assert_string_equal (CHECK (sim, CAK, .items = "bsn/", .advise = true), "wmo-2015");
}

static void test_a_consent_comes_before_a_statute_and_the_statute_remains (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, CAK, .categories = "naw", .valid_until = AT ("2026-06-01"));
    assert_string_equal (CHECK (sim, CAK, .items = "naw bsn"), "consent, wmo-2015");
    assert_string_equal (CHECK (sim, CAK, .items = "naw/zvw"), "consent");
    REVOKE (sim, .consent = consent);
    assert_string_equal (CHECK (sim, CAK, .items = "naw naw/zvw"), "wmo-2015, REVOKED STATUTE_NOT_FOR_ORIGIN");
}

/* G9: in 2015 a consent where a statute does is recorded all the same, with that warning, and used first. */
static void test_a_consent_that_a_statute_makes_needless_is_recorded_with_a_warning (void **state)
{
    struct simulation *sim = *state;
    Consentd__Reply *reply = GRANT_REPLY (sim, CAK, .categories = "naw", .origins = "jeugdwet wmo");
    assert_string_equal (simulation_said (sim, reply), "OK CONSENT_NOT_THE_GROUND");
    assert_string_equal (reply->refusals[0]->rule, "G9");
    assert_string_equal (simulation_words (sim, reply->refusals[0]->details, reply->refusals[0]->n_details),
                         "jeugdwet wmo-2015");
    assert_string_equal (CHECK (sim, CAK), "consent");
    /* What no statute carries makes it the ground: an origin, a provider bound by secrecy. */
    assert_string_equal (GRANT (sim, CAK, .origins = "wmo zvw"), "OK");
    assert_string_equal (GRANT (sim, .from = "zorgaanbieder-geest", .to = "gemeente", .purpose = "declaratie",
                                .categories = "bsn", .one_time = true),
                         "OK");
    assert_string_equal (GRANT (sim, .from = "zorgaanbieder-horizon", .to = "gemeente", .purpose = "declaratie",
                                .categories = "bsn"),
                         "OK CONSENT_NOT_THE_GROUND");
}

static void test_a_refusal_does_not_stop_a_statute (void **state)
{
    struct simulation *sim = *state;
    REFUSE (sim, CAK, .categories = "naw");
    assert_string_equal (CHECK (sim, CAK, .items = "naw naw/zvw"), "wmo-2015, REFUSED STATUTE_NOT_FOR_ORIGIN");
}

static void test_a_statute_that_does_not_break_secrecy_does_not_bind_who_is_bound_by_it (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-horizon", .to = "gemeente", .purpose = "declaratie"),
                         "CATEGORY_NOT_NEEDED");
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-horizon", .to = "gemeente", .purpose = "declaratie",
                                .items = "bsn declaratie/jeugdwet"),
                         "wmo-2015, jeugdwet");
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-geest", .to = "gemeente", .purpose = "declaratie",
                                .items = "bsn declaratie/jeugdwet bsn/zvw"),
                         "NO_CONSENT SECRECY, NO_CONSENT SECRECY, NO_CONSENT STATUTE_NOT_FOR_ORIGIN");
}

/* The code is that of the last condition that some statute came to. */
static void test_a_failing_statute_gives_the_one_condition_at_which_none_was_left (void **state)
{
    struct simulation_options options = {
        .pack = {"flows.txt", "    categories  naw, rapportage\n",
                 "    categories  naw, rapportage\n    statute     wmo-2015 by zorgaanbieder\n"}};
    struct simulation *sim = *state = simulation_new (&options);
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-horizon", .to = "kernteam", .purpose = "monitoring",
                                .items = "naw rapportage rapportage/zvw rapportage/"),
                         "wmo-2015, NO_CONSENT STATUTE_NOT_FOR_SPECIAL, NO_CONSENT STATUTE_NOT_FOR_ORIGIN, "
                         "NO_CONSENT ORIGIN_UNKNOWN");
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-geest", .to = "kernteam", .purpose = "monitoring",
                                .items = "naw rapportage"),
                         "NO_CONSENT SECRECY, NO_CONSENT STATUTE_NOT_FOR_SPECIAL");
    simulation_write_party (sim, "huisarts-dorp", "pgb-hulpverlener", "partner", "");
    assert_string_equal (CHECK (sim, .from = "huisarts-dorp", .to = "kernteam", .purpose = "monitoring"),
                         "NO_CONSENT");
}

/* C4 */

static void test_what_no_flow_joins_is_denied_whatever_the_subject_signs (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (GRANT (sim, .to = "cak", .purpose = "toekenning"), "REJECTED NOT_NEEDED");
    assert_string_equal (GRANT (sim, .categories = "naw vrije-tekst"), "REJECTED NOT_NEEDED");
    assert_string_equal (CHECK (sim, .to = "cak", .purpose = "toekenning"), "PURPOSE_NOT_IN_FLOW");
    assert_string_equal (CHECK (sim, .from = "cak", .to = "svb", .purpose = "pgb"), "NO_FLOW");
    assert_string_equal (CHECK (sim, .items = "naw vrije-tekst juridische-status netwerk-naw"),
                         "NO_CONSENT, CATEGORY_NOT_NEEDED, CATEGORY_NOT_NEEDED, CATEGORY_NOT_NEEDED");
}

/* KB 9.2 */

static void test_special_categories_go_to_care_only (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (GRANT (sim, .to = "veiligheidshuis", .purpose = "escalatie", .categories = "gezondheid"),
                         "REJECTED NOT_NEEDED");
    assert_string_equal (
        GRANT (sim, .to = "veiligheidshuis veilig-thuis", .purpose = "escalatie", .categories = "naw"), "OK");
    assert_string_equal (GRANT (sim, .to = "veilig-thuis", .purpose = "escalatie", .categories = "gezondheid"),
                         "OK");
    assert_string_equal (CHECK (sim, .to = "veilig-thuis", .purpose = "escalatie", .manager = "chef-3", .items = "naw gezondheid"),
                         "consent, consent");
    assert_string_equal (CHECK (sim, .to = "veiligheidshuis", .purpose = "escalatie", .manager = "chef-3",
                                .items = "naw gezondheid rapportage zrm-huiselijke-relaties"),
                         "consent, CATEGORY_NOT_NEEDED, CATEGORY_NOT_NEEDED, CATEGORY_NOT_CONSENTED");
}

/* G5 */

static void test_the_spoken_word_does_for_the_own_team_and_what_is_not_special (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (GRANT (sim, .to = "wmo-team", .purpose = "registratie-hulpvraag",
                                .form = CONSENTD__FORM__ORAL, .no_evidence = true),
                         "OK");
    assert_string_equal (GRANT (sim, .form = CONSENTD__FORM__ORAL), "REJECTED FORM_INSUFFICIENT");
    assert_string_equal (GRANT (sim, .no_evidence = true), "REJECTED FORM_INSUFFICIENT");
    assert_string_equal (GRANT (sim, .to = "wijkteam", .purpose = "ondersteuning", .form = CONSENTD__FORM__ORAL,
                                .categories = "zrm-verslaving"),
                         "REJECTED FORM_INSUFFICIENT");
    assert_string_equal (GRANT (sim, .to = "wijkteam", .purpose = "ondersteuning", .form = CONSENTD__FORM__DIGITAL,
                                .categories = "zrm-verslaving"),
                         "OK");
}

/* G7 */

static void test_consent_for_who_is_bound_by_secrecy_is_one_time_and_narrow (void **state)
{
    struct simulation *sim = *state;
    const char *plan = "integraal-plan";
    assert_string_equal (GRANT (sim, .from = "huisarts-dorp", .to = "kernteam", .purpose = plan),
                         "REJECTED MUST_BE_ONE_TIME");
    assert_string_equal (GRANT (sim, .from = "zorgaanbieder-geest", .to = "kernteam", .purpose = plan),
                         "REJECTED MUST_BE_ONE_TIME");
    assert_string_equal (
        GRANT (sim, .from = "huisarts-dorp wmo-team", .to = "kernteam", .purpose = plan, .one_time = true),
        "REJECTED ONE_TIME_TOO_WIDE");
    assert_string_equal (GRANT (sim, .from = "huisarts-dorp", .to = "kernteam", .purpose = plan, .one_time = true,
                                .categories = "gezondheid"),
                         "OK");
    assert_string_equal (
        CHECK (sim, .from = "huisarts-dorp", .to = "kernteam", .purpose = plan, .items = "gezondheid"), "consent");
    assert_string_equal (
        CHECK (sim, .from = "huisarts-dorp", .to = "kernteam", .purpose = plan, .items = "gezondheid"), "USED_UP");
    assert_string_equal (GRANT (sim, .from = "zorgaanbieder-horizon", .to = "kernteam", .purpose = plan), "OK");
}

static void test_consultation_outside_the_team_is_one_time_whoever_gives (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (GRANT (sim, .to = "school-brug", .purpose = "extern-overleg"),
                         "REJECTED MUST_BE_ONE_TIME");
    assert_string_equal (
        GRANT (sim, .to = "school-brug huisarts-dorp", .purpose = "extern-overleg", .one_time = true),
        "REJECTED ONE_TIME_TOO_WIDE");
    assert_string_equal (GRANT (sim, .to = "school-brug", .purpose = "extern-overleg", .one_time = true), "OK");
    assert_string_equal (CHECK (sim, .to = "school-brug", .purpose = "extern-overleg"), "consent");
    assert_string_equal (CHECK (sim, .to = "school-brug", .purpose = "extern-overleg"), "USED_UP");
}

/* C7: form sufficient for secrecy, as it is now */
static void test_a_reusable_consent_does_not_do_once_its_provider_is_bound_by_secrecy (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .from = "zorgaanbieder-horizon", .to = "kernteam", .purpose = "monitoring");
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-horizon", .to = "kernteam", .purpose = "monitoring"),
                         "consent");
    simulation_write_party (sim, "zorgaanbieder-horizon", "zorgaanbieder", "partner",
                            "agreement-from = \"2020-01-01\"\nsecrecy = \"professional\"\n");
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-horizon", .to = "kernteam", .purpose = "monitoring"),
                         "FORM_INSUFFICIENT");
}

/* G2 */

static void test_a_blanket_consent_is_refused_alone (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (GRANT (sim, .categories = ""), "REJECTED BLANKET_CONSENT");
    assert_string_equal (GRANT (sim, .to = "", .form = CONSENTD__FORM__ORAL), "REJECTED BLANKET_CONSENT");
    assert_string_equal (GRANT (sim, .categories = "naw", .to = "zorgaanbieder"),
                         "INVALID grant.scope.recipients[0]");
}

/* C9 */

static void test_a_party_hears_a_reason_only_from_statements_that_name_it (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .from = "wmo-team"), "NO_CONSENT");
    assert_string_equal (CHECK (sim, .from = "wmo-team", .by = "zorgaanbieder-horizon"), "PROVIDER_NOT_CONSENTED");
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-geest", .by = "zorgaanbieder-geest"), "NO_CONSENT");
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-geest"), "RECIPIENT_NOT_CONSENTED");
}

static void test_who_asks_for_others_hears_nothing_of_statements_unless_it_may_explain (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw bsn");
    REVOKE (sim, .consent = consent, .categories = "bsn");
    REFUSE (sim, .categories = "telefoon");
    assert_string_equal (CHECK (sim, .by = "toezicht", .items = "naw bsn telefoon", .advise = true),
                         "consent, REVOKED, REFUSED");
    assert_string_equal (CHECK (sim, .by = "loket", .items = "naw bsn telefoon", .advise = true),
                         "consent, NO_CONSENT, NO_CONSENT");
    assert_string_equal (CHECK (sim, .by = "school-brug"), "FORBIDDEN");
}

static void test_until_tells_no_more_than_the_reasons_that_are_heard (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .valid_until = AT ("2026-06-10"));
    assert_int_equal (CHECK_REPLY (sim, .from = "wmo-team", .advise = true)->check->until, 0);
    assert_int_equal (
        CHECK_REPLY (sim, .from = "wmo-team", .by = "zorgaanbieder-horizon", .advise = true)->check->until,
        AT ("2026-06-10"));
    assert_int_equal (CHECK_REPLY (sim, .from = "wmo-team", .by = "toezicht", .advise = true)->check->until,
                      AT ("2026-06-10"));
    sim->wall = AT ("2026-06-10");
    assert_string_equal (CHECK (sim, .from = "wmo-team", .by = "toezicht", .advise = true), "NO_CONSENT");
}

/* C1, C2 */

static void test_an_unknown_subject_is_judged_as_one_without_statements (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, .bsn = "999990342"), "NO_CONSENT");
    assert_string_equal (CHECK (sim, .bsn = "999990342", CAK), "wmo-2015");
    assert_string_equal (CHECK (sim, .bsn = "999990343"), "INVALID check.bsn");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_cak_and_svb_get_by_statute_what_their_flow_names),
        ADULT_TEST (test_a_statute_covers_the_origins_that_it_names),
        ADULT_TEST (test_a_disclosure_by_statute_needs_the_origin_and_an_advice_takes_the_flows),
        ADULT_TEST (test_a_consent_comes_before_a_statute_and_the_statute_remains),
        ADULT_TEST (test_a_consent_that_a_statute_makes_needless_is_recorded_with_a_warning),
        ADULT_TEST (test_a_refusal_does_not_stop_a_statute),
        ADULT_TEST (test_a_statute_that_does_not_break_secrecy_does_not_bind_who_is_bound_by_it),
        cmocka_unit_test_teardown (test_a_failing_statute_gives_the_one_condition_at_which_none_was_left,
                                   simulation_teardown),
        ADULT_TEST (test_what_no_flow_joins_is_denied_whatever_the_subject_signs),
        ADULT_TEST (test_special_categories_go_to_care_only),
        ADULT_TEST (test_the_spoken_word_does_for_the_own_team_and_what_is_not_special),
        ADULT_TEST (test_consent_for_who_is_bound_by_secrecy_is_one_time_and_narrow),
        ADULT_TEST (test_consultation_outside_the_team_is_one_time_whoever_gives),
        ADULT_TEST (test_a_reusable_consent_does_not_do_once_its_provider_is_bound_by_secrecy),
        ADULT_TEST (test_a_blanket_consent_is_refused_alone),
        ADULT_TEST (test_a_party_hears_a_reason_only_from_statements_that_name_it),
        ADULT_TEST (test_who_asks_for_others_hears_nothing_of_statements_unless_it_may_explain),
        ADULT_TEST (test_until_tells_no_more_than_the_reasons_that_are_heard),
        ADULT_TEST (test_an_unknown_subject_is_judged_as_one_without_statements),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
