/* The pack wmo-jeugdwet-2026 as the specification of the packs gives it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "policy/policy_print.h"
#include "changed_pack.h"
#include "shipped_pack.h"
#include "testing.h"

static int open_pack (void **state)
{
    *state = shipped_pack_read ("wmo-jeugdwet-2026", NULL);
    return 0;
}

static int close_pack (void **state)
{
    struct policy *policy = *state;
    policy_destroy (&policy);
    return 0;
}

/* Flows */

static const struct expected_flow expected_flows[] = {
    {"A1", "KB 8.A", TEAMS, TEAMS " zorgaanbieder huisarts medisch-specialist vrijgevestigde beschermd-wonen",
     "registratie-hulpvraag", EIGHT, "wmo-5.1.1 to kernteam wmo-team", true, true, false, 2 * 7 * 8},
    {"B1", "KB 8.B", TEAMS, TEAMS, "informatie-plan",
     "netwerk-naw netwerk-geslacht netwerk-correspondentie netwerk-telefoon netwerk-email",
     "wmo-5.1.1; jeugdwet-7.4.0-1", false, true, false, 2 * 2 * 5, true},
    {"C1", "KB 8.C, KB 5.2, KB 7.1.c", TEAMS, TEAMS, "ondersteuning", "naw gespreksverslag integraal-plan " ZRM,
     "wmo-5.1.1", false, true, false, 2 * 2 * 14},
    {"C2", "KB 5.4", "wmo-team zorgaanbieder huisarts medisch-specialist vrijgevestigde school gemeente",
     "kernteam", "integraal-plan", "naw voorziening-dat advies-dat rapportage gezondheid", "", true, true, false,
     7 * 1 * 5},
    {"C3", "LAW Wmo 5.2.5", "zorgverzekeraar", "kernteam", "integraal-plan", "voorziening-dat gezondheid", "",
     false, false, false, 1 * 1 * 2},
    {"D1", "KB 8.D", TEAMS, "zorgaanbieder", "toekenning",
     EIGHT " vertegenwoordiger behandelaar doel deskundigenadvies gespreksverslag integraal-plan verblijfplaats "
           "toewijzing "
           "periode soort-voorziening omvang budget",
     "wmo-5.2.1; jeugdwet-7.4.0-1", true, true, false, 2 * 1 * 20},
    {"D2", "KB 8.D", TEAMS, "cak", "eigen-bijdrage",
     "bsn naw geboortedatum burgerlijke-staat toewijzing periode soort-voorziening kostprijs", "wmo-5.2.1", false,
     false, false, 2 * 1 * 8},
    {"D3", "KB 8.D", TEAMS, "svb", "pgb",
     "bsn naw geboortedatum correspondentie telefoon email vertegenwoordiger toewijzing periode soort-voorziening "
     "budget",
     "wmo-5.2.1; jeugdwet-8.1.8", false, false, false, 2 * 1 * 11},
    {"D4", "LAW Wmo 5.2.1, Jeugdwet 7.4.0", TEAMS " gemeente opdrachtgever-jeugd", "zorgaanbieder vrijgevestigde",
     "verzoek-toewijzing", "toewijzing beeindiging",
     "wmo-5.2.1 to zorgaanbieder; jeugdwet-7.4.0-1 to zorgaanbieder", false, false, false, 4 * 2 * 2},
    {"E1", "KB 8.E", "zorgaanbieder medisch-specialist vrijgevestigde pgb-hulpverlener", "kernteam", "monitoring",
     "naw rapportage", "wmo-5.2.2 by zorgaanbieder pgb-hulpverlener; jeugdwet-7.4.0-2 by zorgaanbieder", true,
     true, false, 4 * 1 * 2},
    {"E2", "LAW Wmo 5.2.2, Jeugdwet 7.4.0", "zorgaanbieder", TEAMS " gemeente opdrachtgever-jeugd", "levering",
     "bsn naw geboortedatum geslacht toewijzing periode soort-voorziening omvang beeindiging",
     "wmo-5.2.2; jeugdwet-7.4.0-2", false, false, false, 1 * 4 * 9},
    {"E3", "LAW Wmo 5.2.2, Jeugdwet 7.4.0", "zorgaanbieder vrijgevestigde", TEAMS " gemeente opdrachtgever-jeugd",
     "verzoek-toewijzing",
     "bsn naw geboortedatum geslacht vertegenwoordiger toewijzing periode soort-voorziening omvang budget "
     "verwijzing beeindiging",
     "wmo-5.2.2 by zorgaanbieder; jeugdwet-7.4.0-2 by zorgaanbieder", false, false, false, 2 * 4 * 12},
    {"F1", "KB 8.F", "zorgaanbieder", "gemeente opdrachtgever-jeugd", "declaratie",
     "bsn toewijzing periode soort-voorziening omvang declaratie", "wmo-5.2.2; jeugdwet-7.4.0-2", false, false,
     false, 1 * 2 * 6},
    {"F2", "KB 8.F", "svb", "gemeente opdrachtgever-jeugd", "verantwoording-pgb",
     "bsn toewijzing periode budget besteding", "wmo-5.2.4; jeugdwet-8.1.8", false, false, false, 1 * 2 * 5},
    {"F3", "LAW Wmo 5.2.2(b)", "zorgaanbieder pgb-hulpverlener", "cak", "eigen-bijdrage",
     "bsn periode soort-voorziening", "wmo-5.2.2", false, false, false, 2 * 1 * 3},
    {"F4", "LAW Wmo 5.2.2(c)", "zorgaanbieder pgb-hulpverlener", "svb", "pgb",
     "bsn periode soort-voorziening omvang declaratie", "wmo-5.2.2", false, false, false, 2 * 1 * 5},
    {"F5", "LAW Wmo 5.2.4(1)", "cak", "gemeente kernteam", "eigen-bijdrage", "bsn periode kostprijs", "wmo-5.2.4",
     false, false, false, 1 * 2 * 3},
    {"X1", "KB 11.1, HR 4.2", TEAMS, "school huisarts zorgaanbieder medisch-specialist vrijgevestigde",
     "extern-overleg", "naw geboortedatum gespreksverslag integraal-plan voorziening-dat", "", true, true, true,
     2 * 5 * 5},
    {"X2", "KB 11.1.d, HR 4.3", REPORTERS, "veilig-thuis veiligheidshuis", "escalatie",
     "naw geboortedatum correspondentie telefoon verblijfplaats gespreksverslag rapportage gezondheid "
     "zrm-huiselijke-relaties voorziening-dat",
     "wmo-5.2.6 to veilig-thuis", true, true, false, 9 * 10 + 9 * 8},
};

static void test_the_pack_has_every_flow_of_article_8_and_those_of_the_law (void **state)
{
    const struct policy *policy = *state;
    assert_int_equal (policy->flow_count, COUNT (expected_flows));
    for (size_t i = 0; i < COUNT (expected_flows); i++)
        assert_flow (policy, &policy->flows[i], &expected_flows[i]);
}

/* Statutes */

static void test_every_statute_has_its_origins_and_its_reach (void **state)
{
    static const struct {
        const char *code, *origins; /* NULL: all */
        enum carries carries;
        bool breaks_secrecy, passes_restriction, inform_deferrable;
    } expected[] = {
        {"wmo-5.1.1", "wmo brp", CARRIES_HEALTH, false, false, false},
        {"wmo-5.2.1", "wmo brp", CARRIES_HEALTH, false, false, false},
        {"wmo-5.2.2", "wmo aanbieder brp", CARRIES_ALL, true, false, false},
        {"wmo-5.2.4", "wmo brp", CARRIES_HEALTH, false, false, false},
        {"wmo-5.2.6", NULL, CARRIES_ALL, true, true, true},
        {"jeugdwet-7.4.0-1", "jeugdwet brp", CARRIES_ALL, false, false, false},
        {"jeugdwet-7.4.0-2", "jeugdwet aanbieder brp", CARRIES_ALL, true, false, false},
        {"jeugdwet-8.1.8", "jeugdwet brp", CARRIES_HEALTH, false, false, false},
    };
    const struct policy *policy = *state;
    assert_int_equal (policy->statute_count, COUNT (expected));
    for (size_t i = 0; i < COUNT (expected); i++) {
        const struct policy_statute *statute = &policy->statutes[i];
        assert_string_equal (statute->entry.code, expected[i].code);
        assert_int_equal (statute->all_origins, expected[i].origins == NULL);
        if (expected[i].origins != NULL)
            assert_same_set (statute->origins, shipped_pack_set (policy, expected[i].origins, policy_origin),
                             expected[i].code);
        assert_int_equal (statute->carries, expected[i].carries);
        assert_int_equal (statute->breaks_secrecy, expected[i].breaks_secrecy);
        assert_int_equal (statute->passes_restriction, expected[i].passes_restriction);
        assert_int_equal (statute->inform_deferrable, expected[i].inform_deferrable);
    }
}

/* So that a decision on such a ground can be traced to a reading that no jurist has confirmed yet. */
static void test_what_is_our_own_reading_of_the_law_says_so (void **state)
{
    const struct policy *policy = *state;
    for (size_t i = 0; i < policy->statute_count; i++) {
        const struct policy_entry *entry = &policy->statutes[i].entry;
        bool ours = strstr (entry->source, "own reading, for a jurist to confirm") != NULL;
        assert_int_equal (ours, strncmp (entry->code, "jeugdwet-", 9) == 0);
    }
}

/* Codes, which consents and messages of partners name whatever pack is in force */

static void assert_same_entry (const struct policy_entry *one, const struct policy_entry *other)
{
    assert_string_equal (one->code, other->code);
    assert_string_equal (one->label_nl, other->label_nl);
    assert_string_equal (one->label_en, other->label_en);
}

static void assert_same_kinds (const struct policy *one, const struct policy *other)
{
    assert_int_equal (one->kind_count, other->kind_count);
    for (size_t i = 0; i < one->kind_count; i++) {
        assert_same_entry (&one->kinds[i].entry, &other->kinds[i].entry);
        assert_int_equal (one->kinds[i].secrecy, other->kinds[i].secrecy);
        assert_int_equal (one->kinds[i].third_party, other->kinds[i].third_party);
        assert_int_equal (one->kinds[i].needs_agreement, other->kinds[i].needs_agreement);
    }
    assert_same_set (one->special_recipients, other->special_recipients, "special recipients");
}

static void assert_same_categories (const struct policy *one, const struct policy *other)
{
    assert_int_equal (one->category_count, other->category_count);
    for (size_t i = 0; i < one->category_count; i++) {
        assert_same_entry (&one->categories[i].entry, &other->categories[i].entry);
        assert_int_equal (one->categories[i].area, other->categories[i].area);
        assert_int_equal (one->categories[i].special, other->categories[i].special);
        assert_int_equal (one->categories[i].existence_only, other->categories[i].existence_only);
        assert_int_equal (one->categories[i].fact, other->categories[i].fact);
    }
}

static void assert_same_purposes_and_origins (const struct policy *one, const struct policy *other)
{
    assert_int_equal (one->purpose_count, other->purpose_count);
    for (size_t i = 0; i < one->purpose_count; i++) {
        assert_same_entry (&one->purposes[i].entry, &other->purposes[i].entry);
        assert_same_set (one->purposes[i].serves, other->purposes[i].serves, "what a purpose serves");
        assert_int_equal (one->purposes[i].longest_months, other->purposes[i].longest_months);
        assert_int_equal (one->purposes[i].record_in_plan, other->purposes[i].record_in_plan);
    }
    assert_int_equal (one->origin_count, other->origin_count);
    for (size_t i = 0; i < one->origin_count; i++)
        assert_same_entry (&one->origins[i].entry, &other->origins[i].entry);
}

static void assert_same_reasons_and_representatives (const struct policy *one, const struct policy *other)
{
    assert_int_equal (one->urgent_reason_count, other->urgent_reason_count);
    for (size_t i = 0; i < one->urgent_reason_count; i++) {
        assert_same_entry (&one->urgent_reasons[i].entry, &other->urgent_reasons[i].entry);
        assert_int_equal (one->urgent_reasons[i].carries, other->urgent_reasons[i].carries);
        assert_int_equal (one->urgent_reasons[i].passes_restriction, other->urgent_reasons[i].passes_restriction);
    }
    assert_int_equal (one->representative_count, other->representative_count);
    for (size_t i = 0; i < one->representative_count; i++) {
        assert_same_entry (&one->representatives[i].entry, &other->representatives[i].entry);
        assert_int_equal (one->representatives[i].counts, other->representatives[i].counts);
    }
}

/* Those of 2015 are compared with the specification in test-policy-2015.c. */
static void test_both_packs_mean_the_same_by_their_codes (void **state)
{
    const struct policy *today = *state;
    struct policy *then = shipped_pack_read ("kaag-en-braassem-2015", NULL);
    assert_same_kinds (today, then);
    assert_same_categories (today, then);
    assert_same_purposes_and_origins (today, then);
    assert_same_reasons_and_representatives (today, then);
    policy_destroy (&then);
}

/* Settings and terms */

static void test_a_statute_is_tried_before_consent_and_a_needless_consent_is_refused (void **state)
{
    const struct policy *policy = *state;
    assert_string_equal (policy->id, "wmo-jeugdwet-2026/2");
    assert_int_equal (policy->grounds[0], POLICY_STATUTE);
    assert_int_equal (policy->grounds[1], POLICY_CONSENT);
    assert_int_equal (policy->grounds[2], POLICY_WITHOUT_CONSENT);
    assert_true (policy->refuse_consent_not_the_ground);
    assert_false (policy->any_representative);
    assert_int_equal (policy->withdraws_from, 12);
    assert_int_equal (policy->due.inform_days, 14);
    assert_int_equal (policy->due.request_days, 28);
    assert_int_equal (policy->due.extension_months, 2);
    assert_int_equal (policy->due.objection_days, 42);
    assert_int_equal (policy->notice_count, 0);
}

static void test_the_subject_signs_alone_from_twelve_on (void **state)
{
    const struct policy *policy = *state;
    static const struct policy_age_band ages[] = {{0, false, true}, {12, true, false}, {16, true, false}};
    assert_int_equal (policy->age_count, COUNT (ages));
    for (size_t i = 0; i < COUNT (ages); i++) {
        assert_int_equal (policy->ages[i].from, ages[i].from);
        assert_int_equal (policy->ages[i].subject, ages[i].subject);
        assert_int_equal (policy->ages[i].representatives, ages[i].representatives);
    }
}

static void test_records_are_kept_by_holder_and_law (void **state)
{
    static const struct {
        const char *held_by, *law;
        unsigned years; /* 0: as long as the longest record that the consent justified */
    } expected[] = {
        {"kernteam", "wmo", 15},
        {"wmo-team", "wmo", 15},
        {"gemeente", "wmo", 15},
        {"zorgaanbieder", "wmo", 15},
        {"pgb-hulpverlener", "wmo", 15},
        {"vrijgevestigde", "wmo", 15},
        {"beschermd-wonen", "wmo", 15},
        {"cak", "any", 7},
        {"svb", "any", 7},
        {"veilig-thuis", "any", 20},
        {"any", "jeugdwet", 20},
        {"any", "any", 0},
    };
    const struct policy *policy = *state;
    assert_int_equal (policy->retention_count, COUNT (expected));
    for (size_t i = 0; i < COUNT (expected); i++) {
        const struct policy_retention *retention = &policy->retentions[i];
        assert_string_equal (retention->held_by, expected[i].held_by);
        assert_string_equal (retention->law, expected[i].law);
        assert_int_equal (retention->years, expected[i].years);
        assert_int_equal (retention->longest_record, expected[i].years == 0);
        assert_int_equal (retention->counts_from,
                          expected[i].years == 0 ? COUNTS_FROM_RECEIPT : COUNTS_FROM_LAST_CHANGE);
        assert_false (retention->until_majority);
    }
}

/* Printing */

static void test_the_printed_pack_names_who_a_statute_is_for_and_keeps_its_width (void **state)
{
    const struct policy *policy = *state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, false, out);
    fclose (out);
    assert_true (text_says (text, "besides     wmo-5.1.1 to kernteam, wmo-team; written request"));
    assert_true (
        text_says (text, "besides     wmo-5.2.2 by zorgaanbieder, pgb-hulpverlener; jeugdwet-7.4.0-2 by"));
    assert_true (text_says (text, "Grounds are tried in this order: statute, consent, without consent.\n"));
    assert_true (text_says (text, "A consent for what a statute carries is refused.\n"));
    assert_in_range (text_width (text), 60, 80);
    free (text);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, open_pack, close_pack)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_the_pack_has_every_flow_of_article_8_and_those_of_the_law),
        TEST (test_every_statute_has_its_origins_and_its_reach),
        TEST (test_what_is_our_own_reading_of_the_law_says_so),
        TEST (test_both_packs_mean_the_same_by_their_codes),
        TEST (test_a_statute_is_tried_before_consent_and_a_needless_consent_is_refused),
        TEST (test_the_subject_signs_alone_from_twelve_on),
        TEST (test_records_are_kept_by_holder_and_law),
        TEST (test_the_printed_pack_names_who_a_statute_is_for_and_keeps_its_width),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
