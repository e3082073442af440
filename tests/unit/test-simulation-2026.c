/* Disclosures under the pack wmo-jeugdwet-2026: what the Wmo 2015 and the Jeugdwet provide for, what only explicit
   consent opens, and in which order both are tried. */
#include "simulation_verbs.h"

#define CAK .to = "cak", .purpose = "eigen-bijdrage"
#define SVB .to = "svb", .purpose = "pgb"
#define REPORT .to = "kernteam", .purpose = "monitoring"
#define CLAIM .to = "gemeente", .purpose = "declaratie"
#define ESCALATE .purpose = "escalatie"
#define NOT_FOR_ORIGIN "STATUTE_NOT_FOR_ORIGIN NO_CONSENT"

/* Wmo 5.2.1: the college to provider, CAK and SVB */

static void test_cak_and_svb_get_by_statute_what_the_college_has_under_the_wmo (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, CAK, .items = "bsn/wmo naw/wmo kostprijs/wmo geboortedatum/brp"),
                         "wmo-5.2.1, wmo-5.2.1, wmo-5.2.1, wmo-5.2.1");
    assert_string_equal (CHECK (sim, SVB, .items = "bsn/wmo budget/wmo telefoon/brp"),
                         "wmo-5.2.1, wmo-5.2.1, wmo-5.2.1");
    assert_string_equal (CHECK (sim, CAK, .items = "geslacht/wmo budget/wmo"),
                         "CATEGORY_NOT_NEEDED, CATEGORY_NOT_NEEDED");
    assert_string_equal (CHECK (sim, SVB, .items = "geslacht/wmo kostprijs/wmo"),
                         "CATEGORY_NOT_NEEDED, CATEGORY_NOT_NEEDED");
}

static void test_what_was_obtained_under_another_law_goes_to_cak_on_explicit_consent_only (void **state)
{
    struct simulation *sim = *state;
    const char *items = "naw/jeugdwet naw/participatiewet naw/wgs naw/zvw naw/aanbieder";
    assert_string_equal (CHECK (sim, CAK, .items = items), NOT_FOR_ORIGIN ", " NOT_FOR_ORIGIN ", " NOT_FOR_ORIGIN
                                                                          ", " NOT_FOR_ORIGIN ", " NOT_FOR_ORIGIN);
    GRANTED (sim, CAK, .origins = "jeugdwet participatiewet wgs zvw aanbieder");
    assert_string_equal (CHECK (sim, CAK, .items = items), "consent, consent, consent, consent, consent");
}

/* Of these the SVB has what is under the Jeugdwet by 8.1.8. */
static void test_what_was_obtained_under_another_law_goes_to_svb_on_explicit_consent_only (void **state)
{
    struct simulation *sim = *state;
    const char *items = "naw/participatiewet naw/wgs naw/zvw naw/aanbieder";
    assert_string_equal (CHECK (sim, SVB, .items = items),
                         NOT_FOR_ORIGIN ", " NOT_FOR_ORIGIN ", " NOT_FOR_ORIGIN ", " NOT_FOR_ORIGIN);
    GRANTED (sim, SVB, .origins = "participatiewet wgs zvw aanbieder");
    assert_string_equal (CHECK (sim, SVB, .items = items), "consent, consent, consent, consent");
    assert_string_equal (CHECK (sim, SVB, .items = "bsn/jeugdwet budget/jeugdwet"),
                         "jeugdwet-8.1.8, jeugdwet-8.1.8");
}

static void test_a_consent_for_one_origin_opens_no_other (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, CAK, .origins = "participatiewet");
    assert_string_equal (CHECK (sim, CAK, .items = "naw/participatiewet naw/wgs"),
                         "consent, STATUTE_NOT_FOR_ORIGIN ORIGIN_NOT_CONSENTED");
}

static void test_a_provider_gets_by_each_law_what_was_obtained_under_it (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, .items = "naw/wmo naw/jeugdwet naw/brp naw/participatiewet naw/zvw"),
                         "wmo-5.2.1, jeugdwet-7.4.0-1, wmo-5.2.1, " NOT_FOR_ORIGIN ", " NOT_FOR_ORIGIN);
    assert_string_equal (CHECK (sim, .items = "deskundigenadvies/wmo deskundigenadvies/jeugdwet"),
                         "wmo-5.2.1, jeugdwet-7.4.0-1");
    assert_string_equal (CHECK (sim, .items = "juridische-status/wmo vrije-tekst/wmo"),
                         "CATEGORY_NOT_NEEDED, CATEGORY_NOT_NEEDED");
}

/* C6: the origin */

static void test_a_disclosure_needs_the_origin_and_an_advice_takes_the_flows (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, CAK, .items = "naw/"), "ORIGIN_UNKNOWN NO_CONSENT");
    assert_string_equal (CHECK (sim, SVB, .items = "naw/"), "ORIGIN_UNKNOWN NO_CONSENT");
    assert_string_equal (CHECK (sim, CAK, .items = "naw/", .advise = true), "wmo-5.2.1");
    assert_string_equal (CHECK (sim, SVB, .items = "naw/", .advise = true), "wmo-5.2.1");
    assert_string_equal (CHECK (sim, CAK, .items = "naw/jeugdwet", .advise = true), NOT_FOR_ORIGIN);
}

/* Wmo 5.2.6: Veilig Thuis */

static void test_a_report_to_veilig_thuis_needs_neither_origin_nor_consent (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (
        CHECK (sim, .to = "veilig-thuis", ESCALATE, .items = "naw/ gezondheid/ zrm-huiselijke-relaties/zvw"),
        "wmo-5.2.6, wmo-5.2.6, wmo-5.2.6");
    assert_string_equal (CHECK (sim, .from = "school-brug", .to = "veilig-thuis", ESCALATE, .items = "naw/"),
                         "wmo-5.2.6");
}

static void test_a_report_to_veilig_thuis_breaks_professional_secrecy (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (
        CHECK (sim, .from = "huisarts-dorp", .to = "veilig-thuis", ESCALATE, .items = "naw/ gezondheid/zvw"),
        "wmo-5.2.6, wmo-5.2.6");
}

/* C3: what passes a restriction asks for no agreement either. Delta has none before June. */
static void test_a_report_to_veilig_thuis_waits_for_no_agreement (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (
        CHECK (sim, .from = "zorgaanbieder-delta", .to = "veilig-thuis", ESCALATE, .items = "naw/"), "wmo-5.2.6");
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-delta", REPORT, .items = "naw/wmo"),
                         "AGREEMENT_MISSING");
}

static void test_the_safety_house_gets_nothing_by_that_statute (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, .to = "veiligheidshuis", ESCALATE, .items = "naw/wmo gezondheid/wmo"),
                         "NO_CONSENT, CATEGORY_NOT_NEEDED");
    GRANTED (sim, .to = "veiligheidshuis", ESCALATE);
    assert_string_equal (CHECK (sim, .to = "veiligheidshuis", ESCALATE, .manager = "chef-3"), "consent");
}

/* Wmo 5.2.2 and 5.2.4, Jeugdwet 7.4.0: to the college */

static void test_a_provider_reports_by_statute_even_where_it_is_bound_by_secrecy (void **state)
{
    struct simulation *sim = *state;
    const char *items = "rapportage/wmo rapportage/aanbieder rapportage/jeugdwet naw/zvw";
    const char *said = "wmo-5.2.2, wmo-5.2.2, jeugdwet-7.4.0-2, " NOT_FOR_ORIGIN;
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-horizon", REPORT, .items = items), said);
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-geest", REPORT, .items = items), said);
}

static void test_a_statute_that_does_not_break_secrecy_does_not_bind_who_is_bound_by_it (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, .from = "wmo-team", .items = "naw/wmo naw/jeugdwet"),
                         "wmo-5.2.1, jeugdwet-7.4.0-1");
    simulation_write_party (sim, "wmo-team", "wmo-team", "partner", "secrecy = \"professional\"\n");
    assert_string_equal (CHECK (sim, .from = "wmo-team", .items = "naw/wmo naw/jeugdwet"),
                         "SECRECY NO_CONSENT, SECRECY NO_CONSENT");
}

static void test_a_statute_holds_by_the_kinds_that_the_flow_names (void **state)
{
    struct simulation *sim = *state;
    const char *items = "rapportage/wmo rapportage/jeugdwet";
    simulation_write_party (sim, "school-brug", "pgb-hulpverlener", "partner", "");
    assert_string_equal (CHECK (sim, .from = "school-brug", REPORT, .items = items), "wmo-5.2.2, " NOT_FOR_ORIGIN);
    simulation_write_party (sim, "school-brug", "medisch-specialist", "partner", "");
    assert_string_equal (CHECK (sim, .from = "school-brug", REPORT, .items = items), "NO_CONSENT, NO_CONSENT");
}

static void test_claims_and_accounts_reach_the_college_by_statute (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (
        CHECK (sim, .from = "zorgaanbieder-geest", CLAIM, .items = "bsn/wmo declaratie/aanbieder omvang/jeugdwet"),
        "wmo-5.2.2, wmo-5.2.2, jeugdwet-7.4.0-2");
    assert_string_equal (CHECK (sim, .from = "svb", .to = "gemeente", .purpose = "verantwoording-pgb",
                                .items = "besteding/wmo besteding/jeugdwet besteding/aanbieder"),
                         "wmo-5.2.4, jeugdwet-8.1.8, " NOT_FOR_ORIGIN);
}

/* F3, F4, F5: the flows that the law has and KB 8 has not */

static void test_a_provider_gives_cak_and_svb_what_these_ask_for (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (
        CHECK (sim, .from = "zorgaanbieder-horizon", CAK, .items = "bsn/aanbieder periode/wmo periode/jeugdwet"),
        "wmo-5.2.2, wmo-5.2.2, " NOT_FOR_ORIGIN);
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-horizon", CAK, .items = "naw/wmo kostprijs/wmo"),
                         "CATEGORY_NOT_NEEDED, CATEGORY_NOT_NEEDED");
    assert_string_equal (
        CHECK (sim, .from = "zorgaanbieder-geest", SVB, .items = "declaratie/aanbieder omvang/wmo budget/wmo"),
        "wmo-5.2.2, wmo-5.2.2, CATEGORY_NOT_NEEDED");
}

static void test_cak_tells_the_college_about_the_own_contribution (void **state)
{
    struct simulation *sim = *state;
    const char *purpose = "eigen-bijdrage";
    assert_string_equal (CHECK (sim, .from = "cak", .to = "gemeente", .purpose = purpose,
                                .items = "bsn/wmo kostprijs/wmo kostprijs/aanbieder"),
                         "wmo-5.2.4, wmo-5.2.4, " NOT_FOR_ORIGIN);
    assert_string_equal (CHECK (sim, .from = "cak", .to = "kernteam", .purpose = purpose, .items = "periode/wmo"),
                         "wmo-5.2.4");
    assert_string_equal (CHECK (sim, .from = "cak", .to = "wmo-team", .purpose = purpose), "NO_FLOW");
}

/* C3 of the table, Wmo 5.2.5 */
static void test_an_insurer_tells_the_team_on_consent_only (void **state)
{
    struct simulation *sim = *state;
    const char *plan = "integraal-plan";
    simulation_write_party (sim, "school-brug", "zorgverzekeraar", "partner", "agreement-from = \"2020-01-01\"\n");
    assert_string_equal (
        CHECK (sim, .from = "school-brug", .to = "kernteam", .purpose = plan, .items = "gezondheid/zvw naw/zvw"),
        "NO_CONSENT, CATEGORY_NOT_NEEDED");
    GRANTED (sim, .from = "school-brug", .to = "kernteam", .purpose = plan, .categories = "gezondheid");
    assert_string_equal (
        CHECK (sim, .from = "school-brug", .to = "kernteam", .purpose = plan, .items = "gezondheid/zvw"),
        "consent");
}

/* Wmo 5.1.1: within the college */

static void test_the_college_uses_what_it_has_for_its_own_tasks_health_data_included (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, .to = "wmo-team", .purpose = "ondersteuning",
                                .items = "integraal-plan/wmo zrm-verslaving/wmo zrm-verslaving/jeugdwet"),
                         "wmo-5.1.1, wmo-5.1.1, " NOT_FOR_ORIGIN);
    assert_string_equal (CHECK (sim, .to = "wijkteam", .purpose = "informatie-plan", .items = "netwerk-naw/wmo"),
                         "wmo-5.1.1");
}

static void test_a_statute_for_health_data_carries_no_other_special_category (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, .to = "wmo-team", .purpose = "ondersteuning",
                                .items = "zrm-justitie/wmo zrm-justitie/jeugdwet zrm-geestelijke-gezondheid/wmo"),
                         "STATUTE_NOT_FOR_SPECIAL NO_CONSENT, " NOT_FOR_ORIGIN ", wmo-5.1.1");
}

static void test_registration_goes_by_statute_within_the_college_and_by_consent_outside (void **state)
{
    struct simulation *sim = *state;
    const char *purpose = "registratie-hulpvraag";
    assert_string_equal (CHECK (sim, .to = "wmo-team", .purpose = purpose, .items = "naw/wmo"), "wmo-5.1.1");
    assert_string_equal (CHECK (sim, .to = "huisarts-dorp", .purpose = purpose, .items = "naw/wmo"), "NO_CONSENT");
    assert_string_equal (CHECK (sim, .purpose = purpose, .items = "naw/wmo"), "NO_CONSENT");
    GRANTED (sim, .to = "huisarts-dorp", .purpose = purpose);
    assert_string_equal (CHECK (sim, .to = "huisarts-dorp", .purpose = purpose, .items = "naw/wmo"), "consent");
}

/* The order of the grounds */

static void test_a_statute_comes_before_a_consent_and_remains_when_that_is_withdrawn (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, CAK, .origins = "wmo participatiewet");
    assert_string_equal (CHECK (sim, CAK, .items = "naw/wmo naw/participatiewet"), "wmo-5.2.1, consent");
    REVOKE (sim, .consent = consent);
    assert_string_equal (CHECK (sim, CAK, .items = "naw/wmo naw/participatiewet"),
                         "wmo-5.2.1, STATUTE_NOT_FOR_ORIGIN REVOKED");
}

static void test_a_refusal_does_not_stop_a_statute (void **state)
{
    struct simulation *sim = *state;
    REFUSE (sim, CAK);
    assert_string_equal (CHECK (sim, CAK, .items = "naw/wmo naw/zvw"),
                         "wmo-5.2.1, STATUTE_NOT_FOR_ORIGIN REFUSED");
}

/* A one-time consent is not used up by what a statute permits. */
static void test_a_statute_leaves_a_one_time_consent_for_what_needs_it (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, CAK, .origins = "wmo zvw", .one_time = true);
    assert_string_equal (CHECK (sim, CAK, .items = "naw/wmo"), "wmo-5.2.1");
    assert_string_equal (CHECK (sim, CAK, .items = "naw/zvw"), "consent");
    assert_string_equal (CHECK (sim, CAK, .items = "naw/zvw naw/wmo"),
                         "STATUTE_NOT_FOR_ORIGIN USED_UP, wmo-5.2.1");
}

/* G9: the subject is not asked for what goes by statute whatever he says. */

static void test_no_consent_is_recorded_where_a_statute_makes_it_needless (void **state)
{
    struct simulation *sim = *state;
    const char *refused = "REJECTED CONSENT_NOT_THE_GROUND";
    assert_string_equal (GRANT (sim, CAK), refused);
    assert_string_equal (GRANT (sim, CAK, .origins = "wmo brp"), refused);
    assert_string_equal (GRANT (sim, CAK, .origins = "wmo jeugdwet"), "OK");
    assert_string_equal (GRANT (sim, .categories = "naw deskundigenadvies"), refused);
    assert_string_equal (GRANT (sim, .origins = "wmo jeugdwet"), refused);
    assert_string_equal (GRANT (sim, .origins = "wmo jeugdwet zvw"), "OK");
    /* One recipient for whom there is no statute, and one category that it does not carry. */
    assert_string_equal (GRANT (sim, .to = "kernteam wmo-team huisarts-dorp", .categories = "naw",
                                .purpose = "registratie-hulpvraag"),
                         "OK");
    assert_string_equal (GRANT (sim, .to = "wmo-team", .categories = "naw", .purpose = "registratie-hulpvraag"),
                         refused);
    assert_string_equal (GRANT (sim, .to = "wmo-team", .categories = "zrm-adl", .purpose = "ondersteuning"),
                         refused);
    assert_string_equal (
        GRANT (sim, .to = "wmo-team", .categories = "zrm-adl zrm-justitie", .purpose = "ondersteuning"), "OK");
    Consentd__Reply *reply =
        GRANT_REPLY (sim, .to = "cak", .purpose = "eigen-bijdrage", .valid_until = AT ("2036-01-01"));
    assert_string_equal (simulation_said (sim, reply), "REJECTED TOO_LONG CONSENT_NOT_THE_GROUND");
    assert_string_equal (simulation_words (sim, reply->refusals[1]->details, reply->refusals[1]->n_details),
                         "wmo-5.2.1");
    /* A refusal needs no ground, and changes nothing for the statute. */
    assert_string_equal (REFUSE (sim, CAK), "OK");
}

/* Ages: Wmo 5.3.3(2), Jeugdwet 7.3.15 */

#define PARENTS "ouder-1 ouder-2"
#define SCHOOL .to = "school-brug", .purpose = "extern-overleg", .one_time = true

static void test_from_twelve_on_the_subject_alone_signs (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2013-05-17", .representatives = PARENTS); /* twelve years old */
    assert_string_equal (GRANT (sim, SCHOOL, .signers = PARENTS), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (GRANT (sim, SCHOOL, .signers = "subject"), "OK");
    assert_string_equal (CHECK (sim, .to = "school-brug", .purpose = "extern-overleg"), "consent");
}

static void test_under_twelve_both_parents_sign (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2014-05-17", .representatives = PARENTS); /* eleven years old, twelve on 17 May */
    assert_string_equal (GRANT (sim, SCHOOL, .signers = "subject"), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (GRANT (sim, SCHOOL, .signers = "ouder-1"), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (GRANT (sim, SCHOOL, .signers = PARENTS), "OK");
    sim->wall = AT ("2026-05-17");
    assert_string_equal (CHECK (sim, .to = "school-brug", .purpose = "extern-overleg"), "REPRESENTATION_LAPSED");
}

static void test_at_sixteen_nothing_changes_for_what_the_subject_signed (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2010-05-17", .representatives = PARENTS); /* sixteen on 17 May */
    GRANTED (sim, SCHOOL, .signers = "subject");
    sim->wall = AT ("2026-05-17");
    assert_string_equal (CHECK (sim, .to = "school-brug", .purpose = "extern-overleg"), "consent");
}

static void test_who_is_not_capable_is_represented_at_fourteen_too (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2012-01-10", .representatives = PARENTS, .incapable_from = "2025-01-01");
    assert_string_equal (GRANT (sim, SCHOOL, .signers = "subject"), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (GRANT (sim, SCHOOL, .signers = PARENTS), "OK");
}

static int set_up (void **state)
{
    const struct simulation_options options = {.policy = "wmo-jeugdwet-2026"};
    struct simulation *sim = *state = simulation_new (&options);
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    return 0;
}

/* C7, G10: support serves the plan and is refused with it; the plan serves nothing else. From the insurer: no statute
   carries it. */
#define BETWEEN_TEAMS .from = "wmo-team", .to = "kernteam"

static void test_a_consent_for_the_plan_does_not_serve_support (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, BETWEEN_TEAMS, .purpose = "integraal-plan");
    assert_string_equal (CHECK (sim, BETWEEN_TEAMS, .purpose = "integraal-plan", .items = "naw/zvw"), "consent");
    assert_string_equal (CHECK (sim, BETWEEN_TEAMS, .purpose = "ondersteuning", .items = "naw/zvw"),
                         "STATUTE_NOT_FOR_ORIGIN WRONG_PURPOSE");
    GRANTED (sim, BETWEEN_TEAMS, .purpose = "ondersteuning");
    assert_string_equal (CHECK (sim, BETWEEN_TEAMS, .purpose = "ondersteuning", .items = "naw/zvw"), "consent");
    REFUSE (sim, BETWEEN_TEAMS, .purpose = "integraal-plan");
    assert_string_equal (CHECK (sim, BETWEEN_TEAMS, .purpose = "ondersteuning", .items = "naw/zvw"), "consent");
    assert_string_equal (CHECK (sim, BETWEEN_TEAMS, .purpose = "integraal-plan", .items = "naw/zvw"), "REFUSED");
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_a_consent_for_the_plan_does_not_serve_support),
        TEST (test_cak_and_svb_get_by_statute_what_the_college_has_under_the_wmo),
        TEST (test_what_was_obtained_under_another_law_goes_to_cak_on_explicit_consent_only),
        TEST (test_what_was_obtained_under_another_law_goes_to_svb_on_explicit_consent_only),
        TEST (test_a_consent_for_one_origin_opens_no_other),
        TEST (test_a_provider_gets_by_each_law_what_was_obtained_under_it),
        TEST (test_a_disclosure_needs_the_origin_and_an_advice_takes_the_flows),
        TEST (test_a_report_to_veilig_thuis_needs_neither_origin_nor_consent),
        TEST (test_a_report_to_veilig_thuis_breaks_professional_secrecy),
        TEST (test_a_report_to_veilig_thuis_waits_for_no_agreement),
        TEST (test_the_safety_house_gets_nothing_by_that_statute),
        TEST (test_a_provider_reports_by_statute_even_where_it_is_bound_by_secrecy),
        TEST (test_a_statute_that_does_not_break_secrecy_does_not_bind_who_is_bound_by_it),
        TEST (test_a_statute_holds_by_the_kinds_that_the_flow_names),
        TEST (test_claims_and_accounts_reach_the_college_by_statute),
        TEST (test_a_provider_gives_cak_and_svb_what_these_ask_for),
        TEST (test_cak_tells_the_college_about_the_own_contribution),
        TEST (test_an_insurer_tells_the_team_on_consent_only),
        TEST (test_the_college_uses_what_it_has_for_its_own_tasks_health_data_included),
        TEST (test_a_statute_for_health_data_carries_no_other_special_category),
        TEST (test_registration_goes_by_statute_within_the_college_and_by_consent_outside),
        TEST (test_a_statute_comes_before_a_consent_and_remains_when_that_is_withdrawn),
        TEST (test_a_refusal_does_not_stop_a_statute),
        TEST (test_a_statute_leaves_a_one_time_consent_for_what_needs_it),
        TEST (test_no_consent_is_recorded_where_a_statute_makes_it_needless),
        TEST (test_from_twelve_on_the_subject_alone_signs),
        TEST (test_under_twelve_both_parents_sign),
        TEST (test_at_sixteen_nothing_changes_for_what_the_subject_signed),
        TEST (test_who_is_not_capable_is_represented_at_fourteen_too),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
