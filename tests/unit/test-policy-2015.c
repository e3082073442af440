/* The pack kaag-en-braassem-2015 as packs.md gives it, looked up and printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "policy/policy_print.h"
#include "changed_pack.h"
#include "shipped_pack.h"
#include "testing.h"

static int open_shipped (void **state)
{
    *state = shipped_pack_read ("kaag-en-braassem-2015", NULL);
    return 0;
}

static int close_policy (void **state)
{
    struct policy *policy = *state;
    policy_destroy (&policy);
    return 0;
}

#define LAWS "wmo-2015; jeugdwet"

static const struct expected_flow expected_flows[] = {
    {"A1", "KB 8.A", TEAMS, TEAMS " zorgaanbieder huisarts medisch-specialist vrijgevestigde beschermd-wonen",
     "registratie-hulpvraag", EIGHT, "", true, true, false, 2 * 7 * 8},
    {"B1", "KB 8.B", TEAMS, TEAMS, "informatie-plan",
     "netwerk-naw netwerk-geslacht netwerk-correspondentie netwerk-telefoon netwerk-email", LAWS, false, true,
     false, 2 * 2 * 5, true},
    {"C1", "KB 8.C, KB 5.2, KB 7.1.c", "kernteam", "kernteam", "ondersteuning",
     "naw gespreksverslag integraal-plan " ZRM, "", false, true, false, 1 * 1 * 14},
    {"C2", "KB 5.4", "wmo-team zorgaanbieder huisarts medisch-specialist vrijgevestigde school gemeente",
     "kernteam", "integraal-plan", "naw voorziening-dat advies-dat rapportage gezondheid", "", true, false, false,
     7 * 1 * 5},
    {"D1", "KB 8.D", TEAMS, "zorgaanbieder", "toekenning",
     EIGHT " vertegenwoordiger behandelaar doel deskundigenadvies gespreksverslag integraal-plan verblijfplaats "
           "toewijzing "
           "periode soort-voorziening omvang budget",
     "", true, true, false, 2 * 1 * 20},
    {"D2", "KB 8.D", TEAMS, "cak", "eigen-bijdrage",
     "bsn naw geboortedatum burgerlijke-staat toewijzing periode soort-voorziening kostprijs", LAWS, false, false,
     false, 2 * 1 * 8},
    {"D3", "KB 8.D", TEAMS, "svb", "pgb",
     "bsn naw geboortedatum correspondentie telefoon email vertegenwoordiger toewijzing periode soort-voorziening "
     "budget",
     LAWS, false, false, false, 2 * 1 * 11},
    {"E1", "KB 8.E", "zorgaanbieder medisch-specialist vrijgevestigde pgb-hulpverlener", "kernteam", "monitoring",
     "naw rapportage", "", true, true, false, 4 * 1 * 2},
    {"F1", "KB 8.F", "zorgaanbieder", "gemeente opdrachtgever-jeugd", "declaratie",
     "bsn toewijzing periode soort-voorziening omvang declaratie", LAWS, false, false, false, 1 * 2 * 6},
    {"F2", "KB 8.F", "svb", "gemeente opdrachtgever-jeugd", "verantwoording-pgb",
     "bsn toewijzing periode budget besteding", LAWS, false, false, false, 1 * 2 * 5},
    {"X1", "KB 11.1, HR 4.2", TEAMS, "school huisarts zorgaanbieder medisch-specialist vrijgevestigde",
     "extern-overleg", "naw geboortedatum gespreksverslag integraal-plan voorziening-dat", "", true, true, true,
     2 * 5 * 5},
    {"X2", "KB 11.1.d, HR 4.3", REPORTERS, "veilig-thuis veiligheidshuis", "escalatie",
     "naw geboortedatum correspondentie telefoon verblijfplaats gespreksverslag rapportage gezondheid "
     "zrm-huiselijke-relaties voorziening-dat",
     "", true, true, false, 9 * 10 + 9 * 8},
};

static void test_the_shipped_pack_has_every_flow_of_article_8 (void **state)
{
    const struct policy *policy = *state;
    assert_int_equal (policy->flow_count, COUNT (expected_flows));
    for (size_t i = 0; i < COUNT (expected_flows); i++)
        assert_flow (policy, &policy->flows[i], &expected_flows[i]);
}

static void test_the_shipped_pack_has_every_party_kind (void **state)
{
    static const struct {
        const char *kinds;
        enum secrecy secrecy;
        bool third_party;
    } expected[] = {
        {"kernteam wmo-team gemeente", SECRECY_OFFICIAL, false},
        {"opdrachtgever-jeugd", SECRECY_OFFICIAL, true},
        {"zorgaanbieder pgb-hulpverlener beschermd-wonen cak svb zorgverzekeraar school veiligheidshuis",
         SECRECY_NONE, true},
        {"huisarts medisch-specialist vrijgevestigde veilig-thuis", SECRECY_PROFESSIONAL, true},
    };
    const struct policy *policy = *state;
    code_set agreement = shipped_pack_set (
        policy,
        "opdrachtgever-jeugd zorgaanbieder vrijgevestigde beschermd-wonen cak svb zorgverzekeraar veiligheidshuis",
        policy_kind);
    assert_int_equal (policy->kind_count, 16);
    for (size_t i = 0; i < COUNT (expected); i++) {
        code_set group = shipped_pack_set (policy, expected[i].kinds, policy_kind);
        for (code kind = 0; kind < policy->kind_count; kind++) {
            if (!code_set_has (&group, kind))
                continue;
            assert_int_equal (policy->kinds[kind].secrecy, expected[i].secrecy);
            assert_int_equal (policy->kinds[kind].third_party, expected[i].third_party);
            assert_int_equal (policy->kinds[kind].needs_agreement, code_set_has (&agreement, kind));
        }
    }
    assert_int_equal (policy_kind (policy, "subject"), CODE_NONE);
    assert_same_set (
        policy->special_recipients,
        shipped_pack_set (policy,
                          "kernteam wmo-team zorgaanbieder huisarts medisch-specialist vrijgevestigde "
                          "beschermd-wonen veilig-thuis",
                          policy_kind),
        "special recipients");
}

static void test_the_shipped_pack_has_every_category (void **state)
{
    const struct policy *policy = *state;
    code_set ordinary = shipped_pack_set (
        policy,
        EIGHT
        " vertegenwoordiger netwerk-naw netwerk-geslacht netwerk-correspondentie netwerk-telefoon "
        "netwerk-email netwerk-geboortedatum gespreksverslag integraal-plan zrm-financien "
        "zrm-dagbesteding zrm-huisvesting zrm-huiselijke-relaties zrm-adl zrm-sociaal-netwerk "
        "zrm-maatschappelijke-participatie behandelaar doel toewijzing periode soort-voorziening omvang "
        "budget kostprijs verblijfplaats declaratie besteding verwijzing beeindiging voorziening-dat advies-dat "
        "vrije-tekst",
        policy_category);
    code_set health = shipped_pack_set (policy,
                                        "zrm-geestelijke-gezondheid zrm-lichamelijke-gezondheid zrm-verslaving "
                                        "deskundigenadvies rapportage gezondheid",
                                        policy_category);
    code_set other = shipped_pack_set (policy,
                                       "zrm-justitie godsdienst ras politieke-gezindheid seksueel-leven vakbond "
                                       "strafrechtelijk juridische-status",
                                       policy_category);
    code_set existence = shipped_pack_set (policy, "voorziening-dat advies-dat", policy_category);
    assert_int_equal (policy->category_count, 54);
    for (code one = 0; one < policy->category_count; one++) {
        const struct policy_category *category = &policy->categories[one];
        assert_int_equal (category->special == SPECIAL_NO, code_set_has (&ordinary, one));
        assert_int_equal (category->special == SPECIAL_HEALTH, code_set_has (&health, one));
        assert_int_equal (category->special == SPECIAL_OTHER, code_set_has (&other, one));
        assert_int_equal (category->existence_only, code_set_has (&existence, one));
        const char *name = category->entry.code;
        assert_int_equal (category->fact, strcmp (name, "geboortedatum") == 0       ? FACT_BIRTH_DATE
                                          : strcmp (name, "vertegenwoordiger") == 0 ? FACT_REPRESENTATIVES
                                                                                    : FACT_NONE);
    }
    assert_int_equal (policy->categories[policy_category (policy, "naw")].area, 'A');
    assert_int_equal (policy->categories[policy_category (policy, "besteding")].area, 'F');
    assert_int_equal (policy->categories[policy_category (policy, "gezondheid")].area, 0);
}

static void test_what_is_known_but_flows_nowhere_is_in_no_flow (void **state)
{
    const struct policy *policy = *state;
    for (size_t i = 0; i < policy->flow_count; i++) {
        assert_false (code_set_has (&policy->flows[i].categories, policy_category (policy, "vrije-tekst")));
        assert_false (
            code_set_has (&policy->flows[i].categories, policy_category (policy, "netwerk-geboortedatum")));
        assert_false (code_set_has (&policy->flows[i].categories, policy_category (policy, "juridische-status")));
        assert_false (code_set_has (&policy->flows[i].categories, policy_category (policy, "verwijzing")));
        assert_false (code_set_has (&policy->flows[i].categories, policy_category (policy, "beeindiging")));
        assert_int_not_equal (policy->flows[i].purpose, policy_purpose (policy, "levering"));
        assert_int_not_equal (policy->flows[i].purpose, policy_purpose (policy, "verzoek-toewijzing"));
    }
}

static void test_the_shipped_pack_has_its_statutes_reasons_and_settings (void **state)
{
    const struct policy *policy = *state;
    assert_string_equal (policy->id, "kaag-en-braassem-2015/2");
    assert_int_equal (policy->statute_count, 2);
    assert_same_set (policy->statutes[0].origins, shipped_pack_set (policy, "wmo brp", policy_origin), "wmo-2015");
    assert_same_set (policy->statutes[1].origins, shipped_pack_set (policy, "jeugdwet brp", policy_origin),
                     "jeugdwet");
    for (size_t i = 0; i < 2; i++) {
        const struct policy_statute *statute = &policy->statutes[i];
        assert_int_equal (statute->carries, CARRIES_NONE);
        assert_false (statute->all_origins || statute->breaks_secrecy || statute->passes_restriction ||
                      statute->inform_deferrable);
    }
    static const char *const origins[] = {"wmo", "jeugdwet", "participatiewet", "wgs", "zvw", "aanbieder", "brp"};
    assert_int_equal (policy->origin_count, COUNT (origins));
    for (size_t i = 0; i < COUNT (origins); i++)
        assert_string_equal (policy->origins[i].entry.code, origins[i]);

    static const char *const reasons[] = {"vitaal-belang", "veiligheid-derden", "volksgezondheid", "bemoeizorg"};
    assert_int_equal (policy->urgent_reason_count, COUNT (reasons));
    for (size_t i = 0; i < COUNT (reasons); i++) {
        assert_string_equal (policy->urgent_reasons[i].entry.code, reasons[i]);
        assert_int_equal (policy->urgent_reasons[i].carries, i < 2 ? CARRIES_ALL : CARRIES_HEALTH);
        assert_int_equal (policy->urgent_reasons[i].passes_restriction, i < 2);
    }

    assert_int_equal (policy->grounds[0], POLICY_CONSENT);
    assert_int_equal (policy->grounds[1], POLICY_STATUTE);
    assert_int_equal (policy->grounds[2], POLICY_WITHOUT_CONSENT);
    assert_false (policy->refuse_consent_not_the_ground);
    assert_false (policy->any_representative);
    assert_int_equal (policy->withdraws_from, 12);
    assert_int_equal (policy->due.inform_days, 14);
    assert_int_equal (policy->due.request_days, 28);
    assert_int_equal (policy->due.extension_months, 0);
    assert_int_equal (policy->due.objection_days, 42);
    assert_int_equal (policy->notice_count, 0);
}

static void test_the_shipped_pack_has_its_ages_validity_and_retention (void **state)
{
    const struct policy *policy = *state;
    static const struct policy_age_band ages[] = {{0, false, true}, {12, true, true}, {16, true, false}};
    assert_int_equal (policy->age_count, COUNT (ages));
    for (size_t i = 0; i < COUNT (ages); i++) {
        assert_int_equal (policy->ages[i].from, ages[i].from);
        assert_int_equal (policy->ages[i].subject, ages[i].subject);
        assert_int_equal (policy->ages[i].representatives, ages[i].representatives);
    }

    code_set short_ones = shipped_pack_set (policy, "extern-overleg integraal-plan", policy_purpose);
    code_set planned = shipped_pack_set (policy, "extern-overleg escalatie", policy_purpose); /* C10 */
    code_set escalating = shipped_pack_set (policy, "escalatie", policy_purpose);             /* C15 */
    assert_int_equal (policy->purpose_count, 14);
    for (code one = 0; one < policy->purpose_count; one++) {
        bool serves = strcmp (policy->purposes[one].entry.code, "ondersteuning") == 0;
        assert_int_equal (policy->purposes[one].longest_months, code_set_has (&short_ones, one) ? 3 : 12);
        assert_int_equal (policy->purposes[one].record_in_plan, code_set_has (&planned, one));
        assert_int_equal (policy->purposes[one].manager_first, code_set_has (&escalating, one));
        assert_int_equal (policy->purposes[one].inform_always, code_set_has (&escalating, one));
        assert_same_set (policy->purposes[one].serves,
                         shipped_pack_set (policy, serves ? "integraal-plan" : "", policy_purpose), "serves");
    }

    assert_int_equal (policy->representative_count, 6);
    for (size_t i = 0; i < policy->representative_count; i++)
        assert_int_equal (policy->representatives[i].counts,
                          strcmp (policy->representatives[i].entry.code, "bewindvoerder") != 0);

    assert_int_equal (policy->retention_count, 4);
    assert_int_equal (policy->retentions[0].years, 15);
    assert_int_equal (policy->retentions[0].counts_from, COUNTS_FROM_RECEIPT);
    assert_int_equal (policy->retentions[1].counts_from, COUNTS_FROM_RECEIPT);
    assert_string_equal (policy->retentions[1].law, "jeugdwet");
    assert_true (policy->retentions[2].until_majority);
    assert_string_equal (policy->retentions[2].held_by, "veilig-thuis");
    assert_true (policy->retentions[3].longest_record);
}

/* Look-ups */

static void test_a_special_category_does_not_flow_outside_social_teams_and_care (void **state)
{
    const struct policy *policy = *state;
    const struct policy_flow *x2 = &policy->flows[11];
    code kernteam = policy_kind (policy, "kernteam"), safety = policy_kind (policy, "veiligheidshuis");
    code gezondheid = policy_category (policy, "gezondheid"), naw = policy_category (policy, "naw");
    assert_true (policy_flow_carries (policy, x2, kernteam, policy_kind (policy, "veilig-thuis"), gezondheid));
    assert_true (policy_flow_carries (policy, x2, kernteam, safety, naw));
    assert_false (policy_flow_carries (policy, x2, kernteam, safety, gezondheid));
    assert_false (policy_flow_carries (policy, x2, policy_kind (policy, "cak"), safety, naw));
    assert_false (policy_flow_carries (policy, x2, CODE_NONE, safety, naw));
    assert_false (policy_flow_carries (policy, x2, kernteam, safety, CODE_NONE));
}

static void test_a_purpose_serves_itself_and_what_it_declares_but_not_the_reverse (void **state)
{
    const struct policy *policy = *state;
    code ondersteuning = policy_purpose (policy, "ondersteuning"),
         plan = policy_purpose (policy, "integraal-plan");
    assert_true (policy_purpose_serves (policy, plan, plan));
    assert_true (policy_purpose_serves (policy, ondersteuning, plan));
    assert_false (policy_purpose_serves (policy, plan, ondersteuning));
    assert_false (policy_purpose_serves (policy, CODE_NONE, CODE_NONE));
    assert_false (policy_purpose_serves (policy, plan, CODE_NONE));
}

static void test_health_data_need_a_ground_that_carries_health (void **state)
{
    const struct policy *policy = *state;
    code naw = policy_category (policy, "naw"), health = policy_category (policy, "gezondheid");
    code belief = policy_category (policy, "godsdienst");
    assert_false (policy_special_not_carried (policy, naw, CARRIES_NONE));
    assert_true (policy_special_not_carried (policy, health, CARRIES_NONE));
    assert_false (policy_special_not_carried (policy, health, CARRIES_HEALTH));
    assert_true (policy_special_not_carried (policy, belief, CARRIES_HEALTH));
    assert_false (policy_special_not_carried (policy, belief, CARRIES_ALL));
    assert_true (policy_special_not_carried (policy, CODE_NONE, CARRIES_ALL));
}

/* Printing */

static void test_the_pack_printed_in_dutch_has_no_english_in_it (void **state)
{
    const struct policy *policy = *state;
    static const char *const english[] = {"consent", "written", "origin", "special ", "yes",     "subject",
                                          "months",  "years",   "none",   "any",      "purpose "};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, true, out);
    fclose (out);
    for (size_t i = 0; i < COUNT (english); i++)
        for (const char *at = text; (at = strstr (at, english[i])) != NULL; at++)
            if (at[-1] == ' ')
                fail_msg ("\"%s\" is in: %.100s", english[i], at);
    assert_true (text_says (text, "B1  Informatie uit het netwerk (nooit op toestemming)\n"));
    assert_in_range (text_width (text), 60, 80);
    free (text);
}

static void test_the_printed_pack_names_every_flow_and_keeps_its_width (void **state)
{
    const struct policy *policy = *state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, false, out);
    fclose (out);
    for (size_t i = 0; i < policy->flow_count; i++) {
        char heading[256];
        snprintf (heading, sizeof heading, "\n%s  %s", policy->flows[i].entry.code,
                  policy->flows[i].entry.label_en);
        assert_true (text_says (text, heading));
    }
    assert_true (text_says (text, "besides     wmo-2015; jeugdwet\n"));
    assert_true (text_says (text, "but         no special categories to veiligheidshuis\n"));
    assert_true (text_says (text, "B1  Information from the network (never by consent)\n"));
    assert_true (text_says (text, "said why none could be, for:\n                escalatie\n"));
    assert_true (text_says (text, "on consent too, for:\n                escalatie\n"));
    assert_true (text_says (text, "X1  Consultation with outside professionals (one-time consents only)\n"));
    assert_in_range (text_width (text), 60, 80);
    free (text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_shipped_pack_has_every_flow_of_article_8),
    cmocka_unit_test (test_the_shipped_pack_has_every_party_kind),
    cmocka_unit_test (test_the_shipped_pack_has_every_category),
    cmocka_unit_test (test_what_is_known_but_flows_nowhere_is_in_no_flow),
    cmocka_unit_test (test_the_shipped_pack_has_its_statutes_reasons_and_settings),
    cmocka_unit_test (test_the_shipped_pack_has_its_ages_validity_and_retention),
    cmocka_unit_test (test_a_special_category_does_not_flow_outside_social_teams_and_care),
    cmocka_unit_test (test_a_purpose_serves_itself_and_what_it_declares_but_not_the_reverse),
    cmocka_unit_test (test_health_data_need_a_ground_that_carries_health),
    cmocka_unit_test (test_the_pack_printed_in_dutch_has_no_english_in_it),
    cmocka_unit_test (test_the_printed_pack_names_every_flow_and_keeps_its_width),
};

int main (void)
{
    return cmocka_run_group_tests_name ("policy 2015", tests, open_shipped, close_policy);
}
