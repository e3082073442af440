#include "rules/policy_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../small-pack.h"
#include "changed_pack.h"
#include "rules/policy_print.h"
#include "shipped_pack.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

/* Order and content both count; good enough to see whether what is hashed differs. */
static void toy_hash (const void *a, size_t a_size, const void *b, size_t b_size, uint8_t hash[32])
{
    uint64_t sum = UINT64_C (0xcbf29ce484222325);
    for (size_t i = 0; i < a_size + b_size; i++)
        sum = (sum ^ (i < a_size ? ((const uint8_t *)a)[i] : ((const uint8_t *)b)[i - a_size])) *
              UINT64_C (0x100000001b3);
    memset (hash, 0, 32);
    memcpy (hash, &sum, sizeof sum);
}

/* The pack of Kaag en Braassem, as packs.md gives it */

static int open_shipped (void **state)
{
    *state = shipped_pack_read ("kaag-en-braassem-2015", toy_hash);
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
     "netwerk-naw netwerk-geslacht netwerk-correspondentie netwerk-telefoon netwerk-email", "", false, false,
     false, 2 * 2 * 5},
    {"C1", "KB 8.C", TEAMS, TEAMS, "ondersteuning", "gespreksverslag integraal-plan " ZRM, "", false, true, false,
     2 * 2 * 13},
    {"C2", "KB 5.4", "wmo-team zorgaanbieder huisarts medisch-specialist vrijgevestigde school gemeente",
     "kernteam", "integraal-plan", "naw voorziening-dat advies-dat rapportage gezondheid", "", true, true, false,
     7 * 1 * 5},
    {"D1", "KB 8.D", TEAMS, "zorgaanbieder", "toekenning",
     EIGHT
     " vertegenwoordiger behandelaar doel deskundigenadvies gespreksverslag integraal-plan toewijzing periode "
     "soort-voorziening omvang budget",
     "", true, true, false, 2 * 1 * 19},
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
    {"X2", "KB 11.1.d, HR 4.3", TEAMS " zorgaanbieder huisarts school", "veilig-thuis veiligheidshuis",
     "escalatie",
     "naw geboortedatum correspondentie telefoon gespreksverslag rapportage gezondheid zrm-huiselijke-relaties "
     "voorziening-dat",
     "", true, true, false, 5 * 9 + 5 * 7},
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
        {"kernteam wmo-team gemeente opdrachtgever-jeugd", SECRECY_OFFICIAL, false},
        {"zorgaanbieder pgb-hulpverlener beschermd-wonen cak svb zorgverzekeraar school veiligheidshuis",
         SECRECY_NONE, true},
        {"huisarts medisch-specialist vrijgevestigde veilig-thuis", SECRECY_PROFESSIONAL, true},
    };
    const struct policy *policy = *state;
    code_set agreement = shipped_pack_set (
        policy, "zorgaanbieder vrijgevestigde beschermd-wonen cak svb zorgverzekeraar veiligheidshuis",
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
        EIGHT " vertegenwoordiger netwerk-naw netwerk-geslacht netwerk-correspondentie netwerk-telefoon "
              "netwerk-email netwerk-geboortedatum gespreksverslag integraal-plan zrm-financien "
              "zrm-dagbesteding zrm-huisvesting zrm-huiselijke-relaties zrm-adl zrm-sociaal-netwerk "
              "zrm-maatschappelijke-participatie behandelaar doel toewijzing periode soort-voorziening omvang "
              "budget kostprijs declaratie besteding voorziening-dat advies-dat vrije-tekst",
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
    assert_int_equal (policy->category_count, 51);
    for (code one = 0; one < policy->category_count; one++) {
        const struct policy_category *category = &policy->categories[one];
        assert_int_equal (category->special == SPECIAL_NO, code_set_has (&ordinary, one));
        assert_int_equal (category->special == SPECIAL_HEALTH, code_set_has (&health, one));
        assert_int_equal (category->special == SPECIAL_OTHER, code_set_has (&other, one));
        assert_int_equal (category->existence_only, code_set_has (&existence, one));
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
    }
}

static void test_the_shipped_pack_has_its_statutes_reasons_and_settings (void **state)
{
    const struct policy *policy = *state;
    assert_string_equal (policy->id, "kaag-en-braassem-2015/1");
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
    assert_int_equal (policy->purpose_count, 12);
    for (code one = 0; one < policy->purpose_count; one++) {
        bool serves = strcmp (policy->purposes[one].entry.code, "ondersteuning") == 0;
        assert_int_equal (policy->purposes[one].longest_months, code_set_has (&short_ones, one) ? 3 : 12);
        assert_int_equal (policy->purposes[one].record_in_plan, code_set_has (&planned, one));
        assert_same_set (policy->purposes[one].serves,
                         shipped_pack_set (policy, serves ? "integraal-plan" : "", policy_purpose), "serves");
    }

    assert_int_equal (policy->representative_count, 6);
    for (size_t i = 0; i < policy->representative_count; i++)
        assert_int_equal (policy->representatives[i].counts,
                          strcmp (policy->representatives[i].entry.code, "bewindvoerder") != 0);

    assert_int_equal (policy->retention_count, 4);
    assert_int_equal (policy->retentions[0].years, 15);
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

static void test_the_printed_pack_names_every_flow_and_keeps_its_width (void **state)
{
    const struct policy *policy = *state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, out);
    fclose (out);
    for (size_t i = 0; i < policy->flow_count; i++) {
        char heading[256];
        snprintf (heading, sizeof heading, "\n%s  %s", policy->flows[i].entry.code,
                  policy->flows[i].entry.label_nl);
        assert_non_null (strstr (text, heading));
    }
    assert_non_null (strstr (text, "besides     wmo-2015; jeugdwet\n"));
    assert_non_null (strstr (text, "but         no special categories to veiligheidshuis\n"));
    assert_non_null (strstr (text, "X1  Overleg met externe professionals (one-time consents only)\n"));
    for (char *line = strtok (text, "\n"); line != NULL; line = strtok (NULL, "\n"))
        assert_true (strlen (line) <= 110);
    free (text);
}

/* Packs in memory: the small pack with one thing changed */

static int read_changed (struct policy **policy_p, const struct change *change, struct policy_error *error)
{
    return changed_pack_try (policy_p, change, 1, toy_hash, error);
}

static struct policy *read_good (const struct change *change)
{
    return changed_pack_read (change, change != NULL, toy_hash);
}

static void test_a_long_label_is_printed_on_several_lines (void **state)
{
    (void)state;
    const struct change change = {
        "flows.txt", " nl N\n",
        " nl Een lange omschrijving van wat er in deze rij van de tabel tussen wie en wie wordt uitgewisseld,\n"
        "   en nog langer dan wat in de breedte van een afgedrukte bladzijde past\n"};
    struct policy *policy = read_good (&change);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, out);
    fclose (out);
    assert_non_null (strstr (text, "wordt uitgewisseld,\n    en nog langer"));
    free (text);
    policy_destroy (&policy);
}

static char *printed (const struct change *changes, size_t count)
{
    struct policy *policy = changed_pack_read (changes, count, NULL);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, out);
    fclose (out);
    policy_destroy (&policy);
    return text;
}

static void assert_printed (const struct change *changes, size_t count, const char *expected)
{
    char *text = printed (changes, count);
    if (strstr (text, expected) == NULL)
        fail_msg ("\"%s\" is not printed; what is printed:\n%s", expected, text);
    free (text);
}

static void test_the_printed_pack_says_what_a_flow_admits (void **state)
{
    (void)state;
    static const struct {
        struct change change;
        const char *expected;
    } cases[] = {
        {{"flows.txt", " to cak", " by team to cak"}, "besides     wmo-2015 by team to cak\n"},
        {{"flows.txt", " to cak", " by team"}, "besides     wmo-2015 by team\n"},
        {{"flows.txt", " statute wmo-2015 to cak\n", ""}, "besides     nothing\n"},
        {{"flows.txt", "consent\n", "consent, written-request\n"},
         "besides     wmo-2015 to cak; written request\n"},
        {{"flows.txt", "consent\n", "consent, urgent-reasons\n"}, "besides     wmo-2015 to cak; urgent reasons\n"},
        {{"flows.txt", "flow A1", "flow 1a"}, "Outside the areas\n-----------------\n\n1a  N\n"},
        {{"flows.txt", "flow A1", "flow a1"}, "Outside the areas\n-----------------\n\na1  N\n"},
    };
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_printed (&cases[i].change, 1, cases[i].expected);
}

static void test_the_printed_pack_says_its_choices (void **state)
{
    (void)state;
    static const struct {
        struct change changes[2];
        const char *expected;
    } cases[] = {
        {{{"pack.txt", "value team", "value none"}}, "Special categories flow only to:\n                none\n"},
        {{{"pack.txt", "value all", "value any"}}, "representatives     any one of them\n"},
        {{{"statutes.txt", NULL, ""}, {"flows.txt", " statute wmo-2015 to cak\n", ""}},
         "Statutes\n--------\nnone\n"},
        {{{"statutes.txt", "carries-special none", "carries-special health"}}, "    special     health\n"},
    };
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_printed (cases[i].changes, 2, cases[i].expected);
}

static void test_a_statute_may_hold_by_some_and_to_some (void **state)
{
    (void)state;
    const struct change change = {"flows.txt", " statute wmo-2015 to cak\n",
                                  " statute wmo-2015 by team to cak\n statute wmo-2015 to team\n"};
    struct policy *policy = read_good (&change);
    const struct policy_flow *flow = &policy->flows[0];
    assert_int_equal (flow->statute_count, 2);
    assert_true (code_set_has (&flow->statutes[0].by, policy_kind (policy, "team")));
    assert_true (code_set_has (&flow->statutes[0].to, policy_kind (policy, "cak")));
    assert_false (code_set_has (&flow->statutes[0].to, policy_kind (policy, "team")));
    assert_true (code_set_is_empty (&flow->statutes[1].by));
    policy_destroy (&policy);
    assert_null (policy);
}

/* What the pack of 2026 needs beyond that of 2015. */
static void test_a_statute_may_cover_all_origins_and_break_secrecy (void **state)
{
    (void)state;
    const struct change change = {"statutes.txt", NULL,
                                  "statute wmo-5.2.6\n nl N\n en E\n source Wmo 5.2.6\n origins all\n"
                                  " carries-special all\n breaks-secrecy yes\n passes-restriction yes\n"
                                  " informing-deferrable yes\nstatute wmo-2015\n nl N\n en E\n source S\n"
                                  " origins wmo\n carries-special health\n breaks-secrecy no\n"
                                  " passes-restriction no\n informing-deferrable no\n"};
    struct policy *policy = read_good (&change);
    assert_true (policy->statutes[0].all_origins);
    assert_int_equal (policy->statutes[0].carries, CARRIES_ALL);
    assert_true (policy->statutes[0].breaks_secrecy && policy->statutes[0].passes_restriction &&
                 policy->statutes[0].inform_deferrable);
    assert_int_equal (policy->statutes[1].carries, CARRIES_HEALTH);
    policy_destroy (&policy);
}

static void test_comments_blank_lines_and_continuations_read_as_one_value (void **state)
{
    (void)state;
    const struct change change = {
        "origins.txt", NULL,
        "\xEF\xBB\xBF# comment\r\norigin wmo # the act\r\n    nl\r\n        Wet  maat-\r\n"
        "\r\n        # between\r\n        schappelijke #1 \r\n    en  E#1\r\n  # low\r\n"
        "    source S"};
    struct policy *policy = read_good (&change);
    assert_string_equal (policy->origins[0].entry.code, "wmo");
    assert_string_equal (policy->origins[0].entry.label_nl, "Wet maat- schappelijke");
    assert_string_equal (policy->origins[0].entry.label_en, "E#1");
    assert_string_equal (policy->origins[0].entry.source, "S");
    policy_destroy (&policy);
}

static void test_notices_are_known_by_id_version_and_language (void **state)
{
    (void)state;
    const struct change change = {
        "notices.txt", NULL, "notice folder\n version 1\n language nl\nnotice folder\n version 1\n language en\n"};
    struct policy *policy = read_good (&change);
    assert_int_equal (policy->notice_count, 2);
    assert_string_equal (policy->notices[1].id, "folder");
    assert_string_equal (policy->notices[1].language, "en");
    policy_destroy (&policy);
}

static void test_a_pack_may_do_without_statutes_reasons_and_notices (void **state)
{
    (void)state;
    const struct change changes[] = {{"urgent-reasons.txt", NULL, ""}, {"notices.txt", NULL, "# none\n"}};
    for (size_t i = 0; i < COUNT (changes); i++) {
        struct policy *policy = read_good (&changes[i]);
        assert_int_equal (i == 0 ? policy->urgent_reason_count : policy->notice_count, 0);
        policy_destroy (&policy);
    }
}

/* The neighbours of what is refused as invisible are not. */
static void test_letters_of_every_size_are_kept (void **state)
{
    (void)state;
    static const char *const letters[] = {"\xC2\xA0",         "\xC3\xAB",        "\xE2\x80\x8A", "\xE2\x80\xA7",
                                          "\xE2\x80\xB0",     "\xE2\x82\xAC",    "\xEE\x80\x80", "\xEF\xBF\xBD",
                                          "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"};
    for (size_t i = 0; i < COUNT (letters); i++) {
        char value[16];
        snprintf (value, sizeof value, " en E%s", letters[i]);
        const struct change change = {"origins.txt", " en E", value};
        struct policy *policy = read_good (&change);
        assert_string_equal (policy->origins[0].entry.label_en, value + 4);
        policy_destroy (&policy);
    }
}

static void test_flows_of_one_purpose_may_share_all_but_one_side_of_their_cells (void **state)
{
    (void)state;
    static const char *const sides[] = {"providers cak\n recipients cak\n categories naw",
                                        "providers team\n recipients gp\n categories naw",
                                        "providers team\n recipients team\n categories other"};
    static const char kinds[] =
        "kind gp\n nl N\n en E\n source S\n secrecy none\n third-party yes\n needs-agreement no\nkind cak";
    static const char categories[] =
        "category other\n nl N\n en E\n source S\n area none\n special no\ncategory health";
    for (size_t i = 0; i < COUNT (sides); i++) {
        char flow[256];
        snprintf (flow, sizeof flow,
                  "flow A2\n nl N\n en E\n source S\n %s\n purpose help\n origin wmo\n admits consent\nflow A1",
                  sides[i]);
        const struct change changes[] = {{"parties.txt", "kind cak", kinds},
                                         {"categories.txt", "category health", categories},
                                         {"flows.txt", "flow A1", flow}};
        struct policy *policy = changed_pack_read (changes, COUNT (changes), NULL);
        assert_int_equal (policy->flow_count, 2);
        policy_destroy (&policy);
    }
}

static void test_a_statute_may_be_named_again_for_other_parties (void **state)
{
    (void)state;
    static const char *const again[] = {" statute wmo-2015 to cak\n statute wmo-2015 by team to cak\n",
                                        " statute wmo-2015 to cak\n statute wmo-2015 to team\n",
                                        " statute wmo-2015 by team to cak\n statute wmo-2015 to cak\n"};
    for (size_t i = 0; i < COUNT (again); i++) {
        const struct change change = {"flows.txt", " statute wmo-2015 to cak\n", again[i]};
        struct policy *policy = read_good (&change);
        assert_int_equal (policy->flows[0].statute_count, 2);
        policy_destroy (&policy);
    }
}

static void test_groups_stand_for_their_members_wherever_they_are_declared (void **state)
{
    (void)state;
    const struct change changes[] = {
        {"parties.txt", "kind team", "group everybody\n members team, cak\nkind team"},
        {"flows.txt", "recipients team, cak", "recipients everybody"}};
    struct policy *policy = changed_pack_read (changes, COUNT (changes), NULL);
    assert_true (code_set_has (&policy->flows[0].recipients, policy_kind (policy, "team")));
    assert_true (code_set_has (&policy->flows[0].recipients, policy_kind (policy, "cak")));
    assert_int_equal (policy->kind_count, 2);
    policy_destroy (&policy);
}

static void test_a_notice_may_be_listed_in_other_versions_and_languages (void **state)
{
    (void)state;
    const struct change change = {
        "notices.txt", NULL,
        "notice folder\n version 1\n language nl\nnotice folder\n version 2\n language nl\n"
        "notice folder\n version 1\n language en\nnotice leaflet\n version 1\n language nl\n"};
    struct policy *policy = read_good (&change);
    assert_int_equal (policy->notice_count, 4);
    policy_destroy (&policy);
}

static void test_the_consent_itself_may_have_a_retention_beside_the_record (void **state)
{
    (void)state;
    const struct change change = {
        "retention.txt", "source S\n",
        "source S\nretention consents\n held-by team\n law wmo\n period longest-record\n source S\n"};
    struct policy *policy = read_good (&change);
    assert_int_equal (policy->retention_count, 2);
    assert_true (policy->retentions[1].longest_record);
    policy_destroy (&policy);
}

static void test_no_kind_may_be_a_recipient_of_special_categories (void **state)
{
    (void)state;
    const struct change change = {"pack.txt", "value team", "value none"};
    struct policy *policy = read_good (&change);
    assert_true (code_set_is_empty (&policy->special_recipients));
    policy_destroy (&policy);
    policy_destroy (&policy); /* once more is nothing */
}

static void test_the_hash_is_of_every_byte_and_of_its_place (void **state)
{
    (void)state;
    struct policy *plain = read_good (NULL);
    struct policy *same = read_good (NULL);
    assert_memory_equal (plain->hash, same->hash, 32);
    policy_destroy (&same);
    const struct change changes[] = {{"flows.txt", "source S", "source T"},
                                     {"flows.txt", "flow A1", "# a comment\nflow A1"},
                                     {"notices.txt", NULL, "notice folder\n version 1\n language nl"}};
    for (size_t i = 0; i < COUNT (changes); i++) {
        struct policy *changed = read_good (&changes[i]);
        assert_memory_not_equal (plain->hash, changed->hash, 32);
        policy_destroy (&changed);
    }
    policy_destroy (&plain);
}

/* Refusals: each by file, line and message */

static const struct refusal {
    const char *name;
    struct change change;
    unsigned line;
    const char *message; /* how the message begins */
} refusals[] = {
    {"test_an_unknown_key_is_refused",
     {"flows.txt", " providers team", " providrs team"},
     5,
     "unknown key \"providrs\"; did you mean \"providers\"?"},
    {"test_a_doubled_key_is_refused",
     {"flows.txt", " purpose help", " purpose help\n purpose help"},
     8,
     "\"purpose\" is given twice; first on line 7"},
    {"test_an_unknown_heading_is_refused",
     {"parties.txt", "kind cak", "knid cak"},
     8,
     "unknown heading \"knid\"; did you mean \"kind\"?"},
    {"test_a_flow_without_a_purpose_is_refused",
     {"flows.txt", " purpose help\n", ""},
     1,
     "flow \"A1\" has no \"purpose\""},
    {"test_a_flow_without_providers_is_refused",
     {"flows.txt", " providers team\n", ""},
     1,
     "flow \"A1\" has no \"providers\""},
    {"test_a_flow_without_recipients_is_refused",
     {"flows.txt", " recipients team, cak\n", ""},
     1,
     "flow \"A1\" has no \"recipients\""},
    {"test_a_flow_without_categories_is_refused",
     {"flows.txt", " categories both\n", ""},
     1,
     "flow \"A1\" has no \"categories\""},
    {"test_an_empty_list_is_refused",
     {"flows.txt", " categories both", " categories ,"},
     8,
     "\"categories\" has no value"},
    {"test_a_flow_without_a_source_is_refused",
     {"flows.txt", " source S\n", ""},
     1,
     "flow \"A1\" has no \"source\""},
    {"test_a_statute_without_a_source_is_refused",
     {"statutes.txt", " source S\n", ""},
     1,
     "statute \"wmo-2015\" has no \"source\""},
    {"test_ages_without_a_source_are_refused",
     {"ages.txt", " source S\n", ""},
     1,
     "ages \"from 0\" has no \"source\""},
    {"test_a_period_without_a_source_is_refused",
     {"purposes.txt", " longest-source S\n", ""},
     1,
     "purpose \"help\" has no \"longest-source\""},
    {"test_a_setting_without_a_source_is_refused",
     {"pack.txt", "14 days\n source S", "14 days"},
     21,
     "setting \"inform-within\" has no \"source\""},
    {"test_an_empty_label_is_refused", {"parties.txt", " nl N", " nl"}, 2, "\"nl\" has no value"},
    {"test_a_label_that_is_only_a_comment_is_refused",
     {"parties.txt", " nl N", " nl # later"},
     2,
     "\"nl\" has no value"},
    {"test_a_doubled_code_is_refused",
     {"categories.txt", "category health", "category naw"},
     7,
     "category \"naw\" is declared twice; first on line 1"},
    {"test_a_doubled_flow_is_refused",
     {"flows.txt", "flow A1\n",
      "flow A1\n nl N\n en E\n source S\n providers cak\n recipients cak\n purpose help\n"
      " categories naw\n origin wmo\n admits consent\nflow A1\n"},
     11,
     "flow \"A1\" is declared twice; first on line 1"},
    {"test_a_group_named_as_a_code_is_refused",
     {"categories.txt", "group both", "group naw"},
     13,
     "\"naw\" is a category already"},
    {"test_an_unknown_category_is_refused_with_the_nearest",
     {"flows.txt", "categories both", "categories nwa"},
     8,
     "unknown category \"nwa\"; did you mean \"naw\"?"},
    {"test_an_unknown_code_keeps_its_own_line_in_a_long_list",
     {"flows.txt", " categories both", " categories naw,\n  # more\n  helth"},
     10,
     "unknown category \"helth\"; did you mean \"health\"?"},
    {"test_an_unknown_party_kind_is_refused",
     {"flows.txt", "recipients team, cak", "recipients team, kak"},
     6,
     "unknown kind \"kak\"; did you mean \"cak\"?"},
    {"test_an_unknown_purpose_is_refused",
     {"flows.txt", "purpose help", "purpose hepl"},
     7,
     "unknown purpose \"hepl\"; did you mean \"help\"?"},
    {"test_an_unknown_origin_is_refused",
     {"statutes.txt", "origins wmo", "origins wom"},
     5,
     "unknown origin \"wom\"; did you mean \"wmo\"?"},
    {"test_an_unknown_statute_is_refused",
     {"flows.txt", "statute wmo-2015", "statute wmo-2016"},
     11,
     "unknown statute \"wmo-2016\"; did you mean \"wmo-2015\"?"},
    {"test_a_compatible_purpose_that_is_unknown_is_refused",
     {"purposes.txt", "serves plan", "serves palm"},
     7,
     "unknown purpose \"palm\""},
    {"test_what_is_far_from_every_code_gets_no_suggestion",
     {"flows.txt", "origin wmo", "origin zorgaanbieder"},
     9,
     "unknown origin \"zorgaanbieder\""},
    {"test_a_purpose_that_serves_itself_is_refused",
     {"purposes.txt", "serves plan", "serves plan help"},
     7,
     "purpose \"help\" serves itself"},
    {"test_a_code_twice_in_a_list_is_refused",
     {"flows.txt", "providers team", "providers team, team"},
     5,
     "\"team\" is in this list twice"},
    {"test_a_code_twice_by_way_of_a_group_is_refused",
     {"flows.txt", "categories both", "categories naw, both"},
     8,
     "\"naw\" is in this list twice, once by \"both\""},
    {"test_the_subject_as_a_recipient_is_refused",
     {"flows.txt", "recipients team", "recipients subject"},
     6,
     "the subject is no party"},
    {"test_the_subject_as_a_party_kind_is_refused",
     {"parties.txt", "kind cak", "kind subject"},
     8,
     "\"subject\" may not be a code"},
    {"test_two_flows_over_one_cell_are_refused",
     {"flows.txt", "flow A1\n",
      "flow A2\n nl N\n en E\n source S\n providers team\n recipients cak\n purpose help\n"
      " categories naw\n origin wmo\n admits consent, urgent-reasons\nflow A1\n"},
     11,
     "flows \"A2\" and \"A1\" both carry naw from team to cak for help; only one may"},
    {"test_a_statute_by_who_is_no_provider_is_refused",
     {"flows.txt", "statute wmo-2015 to cak", "statute wmo-2015 by cak"},
     11,
     "\"cak\" is no provider of flow \"A1\""},
    {"test_a_statute_to_who_is_no_recipient_is_refused",
     {"flows.txt", " recipients team, cak", " recipients team"},
     11,
     "\"cak\" is no recipient of flow \"A1\""},
    {"test_a_statute_to_nobody_is_refused", {"flows.txt", "to cak", "to"}, 11, "\"to\" names nobody"},
    {"test_a_statute_to_twice_is_refused", {"flows.txt", "to cak", "to cak to team"}, 11, "\"to\" is given twice"},
    {"test_a_word_after_a_statute_is_refused", {"flows.txt", "to cak", "cak"}, 11, "\"cak\" after the statute"},
    {"test_a_statute_named_twice_is_refused",
     {"flows.txt", "to cak\n", "to cak\n statute wmo-2015 to cak\n"},
     12,
     "this statute is named twice"},
    {"test_a_flow_that_does_not_admit_consent_is_refused",
     {"flows.txt", "admits consent", "admits urgent-reasons"},
     10,
     "every flow admits consent"},
    {"test_an_unknown_admission_is_refused",
     {"flows.txt", "admits consent", "admits consent, urgent"},
     10,
     "\"admits\" is consent, written-request or urgent-reasons, not \"urgent\""},
    {"test_a_word_that_is_neither_yes_nor_no_is_refused",
     {"parties.txt", "third-party no", "third-party maybe"},
     6,
     "\"third-party\" is no or yes, not \"maybe\""},
    {"test_an_unknown_secrecy_is_refused",
     {"parties.txt", "secrecy official", "secrecy offical"},
     5,
     "\"secrecy\" is none, official or professional, not \"offical\"; did you mean \"official\"?"},
    {"test_two_words_where_one_is_meant_are_refused",
     {"categories.txt", "special no", "special no health"},
     6,
     "\"special\" takes exactly one word"},
    {"test_an_unknown_area_is_refused", {"categories.txt", "area A", "area G"}, 5, "\"area\" is none, A, B"},
    {"test_ages_that_do_not_start_at_0_are_refused",
     {"ages.txt", "ages from 0", "ages from 12"},
     1,
     "the first ages begin at 12; they must begin at 0"},
    {"test_ages_with_a_gap_are_refused",
     {"ages.txt", NULL,
      "ages under 12\n sign representatives\n source S\nages from 16\n sign subject\n source S\n"},
     4,
     "nobody signs for ages 12 to 16"},
    {"test_ages_that_overlap_are_refused",
     {"ages.txt", NULL,
      "ages under 12\n sign representatives\n source S\nages from 11\n sign subject\n source S\n"},
     4,
     "these ages overlap those above"},
    {"test_ages_after_an_open_end_are_refused",
     {"ages.txt", "source S\n", "source S\nages from 16\n sign subject\n source S\n"},
     4,
     "these ages overlap"},
    {"test_ages_without_an_open_end_are_refused",
     {"ages.txt", "from 0", "under 18"},
     1,
     "nobody signs from age 18 on"},
    {"test_ages_that_end_before_they_begin_are_refused",
     {"ages.txt", "from 0", "16 to 12"},
     1,
     "these ages end (12) before they begin (16)"},
    {"test_ages_in_other_words_are_refused", {"ages.txt", "from 0", "twelve"}, 1, "\"ages\" is \"under 12\""},
    {"test_an_age_that_is_no_number_is_refused",
     {"ages.txt", "from 0", "from 0x1"},
     1,
     "\"0x1\" is not a number of 0 to 150"},
    {"test_ages_that_nobody_signs_are_refused",
     {"ages.txt", "sign subject", "sign ,"},
     2,
     "\"sign\" has no value"},
    {"test_a_period_without_its_unit_is_refused",
     {"purposes.txt", "longest 12 months", "longest 12"},
     5,
     "\"longest\" is a number and its unit, such as \"12 months\""},
    {"test_a_period_in_another_unit_is_refused",
     {"purposes.txt", "longest 12 months", "longest 12 weeks"},
     5,
     "\"longest\" is a number and its unit"},
    {"test_a_period_of_nothing_is_refused",
     {"purposes.txt", "longest 12 months", "longest 0 months"},
     5,
     "\"longest\" may not be 0"},
    {"test_a_negative_period_is_refused",
     {"pack.txt", "14 days", "-14 days"},
     22,
     "\"-14\" is not a number of 0 to 1000"},
    {"test_a_number_that_is_too_large_is_refused",
     {"pack.txt", "14 days", "99999999999999999999 days"},
     22,
     "\"99999999999999999999\" is not a number of 0 to 1000"},
    {"test_a_setting_that_is_missing_is_refused",
     {"pack.txt", "setting withdraws-from\n value 12\n source S\n", ""},
     0,
     "setting \"withdraws-from\" is missing"},
    {"test_a_setting_given_twice_is_refused",
     {"pack.txt", "setting request-due-within", "setting inform-within"},
     24,
     "setting \"inform-within\" is given twice; first on line 21"},
    {"test_an_unknown_setting_is_refused",
     {"pack.txt", "setting grounds", "setting ground"},
     6,
     "unknown setting \"ground\"; did you mean \"grounds\"?"},
    {"test_an_order_that_lacks_a_ground_is_refused",
     {"pack.txt", "consent statute without-consent", "consent"},
     7,
     "the order of the grounds lacks \"statute\""},
    {"test_an_order_with_a_ground_twice_is_refused",
     {"pack.txt", "consent statute without-consent", "consent consent statute"},
     7,
     "\"consent\" is in this list twice"},
    {"test_a_second_pack_heading_is_refused",
     {"pack.txt", "setting grounds", "pack other\nsetting grounds"},
     6,
     "a second \"pack\"; the first is on line 1"},
    {"test_a_version_that_is_no_code_is_refused",
     {"pack.txt", "version 1", "version 1/2"},
     2,
     "\"1/2\" is not a code"},
    {"test_a_notice_listed_twice_is_refused",
     {"notices.txt", "language nl\n", "language nl\nnotice folder\n version 1\n language nl\n"},
     4,
     "this version of notice \"folder\" is listed twice; first on line 1"},
    {"test_a_retention_by_an_unknown_kind_is_refused",
     {"retention.txt", "held-by team", "held-by taem"},
     2,
     "unknown kind \"taem\"; did you mean \"team\"?"},
    {"test_two_periods_for_one_record_are_refused",
     {"retention.txt", "source S\n",
      "source S\nretention other\n held-by team\n law wmo\n period 7 years\n source S\n"},
     6,
     "retention \"file\" and \"other\" are both about law wmo held by team"},
    {"test_a_code_with_capitals_is_refused",
     {"origins.txt", "origin wmo", "origin Wmo"},
     1,
     "\"Wmo\" is not a code"},
    {"test_a_code_with_a_space_is_refused",
     {"origins.txt", "origin wmo", "origin w mo"},
     1,
     "\"w mo\" is not a code"},
    {"test_a_code_that_begins_with_a_dash_is_refused",
     {"origins.txt", "origin wmo", "origin -wmo"},
     1,
     "\"-wmo\" is not a code"},
    {"test_a_code_that_is_too_long_is_refused",
     {"origins.txt", "origin wmo", "origin abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuv"},
     1,
     "code \"abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstu...\" is longer than 48"},
    {"test_a_heading_without_a_code_is_refused",
     {"origins.txt", "origin wmo", "origin"},
     1,
     "origin without a code"},
    {"test_a_field_before_any_heading_is_refused",
     {"origins.txt", "origin wmo", "  nl N\norigin wmo"},
     1,
     "an indented line before the first heading"},
    {"test_a_field_that_is_indented_less_is_refused",
     {"origins.txt", " nl N\n en E", "   nl N\n en E"},
     3,
     "indented by 1, but the fields above it by 3"},
    {"test_a_statute_by_nobody_is_refused", {"flows.txt", "to cak", "by to cak"}, 11, "\"by\" names nobody"},
    {"test_an_admission_twice_is_refused",
     {"flows.txt", "admits consent", "admits consent, consent"},
     10,
     "\"consent\" is in this list twice"},
    {"test_a_signer_twice_is_refused",
     {"ages.txt", "sign subject", "sign subject, subject"},
     2,
     "\"subject\" is in this list twice"},
    {"test_a_doubled_retention_is_refused",
     {"retention.txt", "source S\n",
      "source S\nretention file\n held-by cak\n law wmo\n period 7 years\n source S\n"},
     6,
     "retention \"file\" is declared twice; first on line 1"},
    {"test_a_statute_field_of_separators_is_refused",
     {"flows.txt", "statute wmo-2015 to cak", "statute ,"},
     11,
     "\"statute\" has no value"},
    {"test_the_first_of_two_wrong_statutes_is_told",
     {"flows.txt", "statute wmo-2015 to cak", "statute wmo-2016\n statute wmo-2017"},
     11,
     "unknown statute \"wmo-2016\""},
    {"test_the_first_of_two_unknown_headings_is_told",
     {"parties.txt", NULL, "knid team\nkand cak\n"},
     1,
     "unknown heading \"knid\""},
    {"test_an_unknown_ground_is_refused",
     {"pack.txt", "consent statute without-consent", "consent law without-consent"},
     7,
     "\"value\" is consent, statute or without-consent, not \"law\""},
    {"test_a_pack_without_a_source_is_refused",
     {"pack.txt", " source S\nsetting grounds", "setting grounds"},
     1,
     "pack \"small\" has no \"source\""},
    {"test_the_first_of_two_wrong_settings_is_told",
     {"pack.txt", "value warns\n source S\nsetting special-recipients\n value team",
      "value warn\n source S\nsetting special-recipients\n value tame"},
     10,
     "\"value\" is warns or refuses, not \"warn\"; did you mean \"warns\"?"},
    {"test_a_setting_without_a_value_is_refused",
     {"pack.txt", "setting withdraws-from\n value 12", "setting withdraws-from\n value 12 13"},
     19,
     "\"value\" takes exactly one word"},
    {"test_an_age_past_all_ages_is_refused",
     {"pack.txt", "value 12", "value 151"},
     19,
     "\"151\" is not a number of 0 to 150"},
    {"test_a_choice_of_separators_is_refused",
     {"parties.txt", "secrecy official", "secrecy ,"},
     5,
     "\"secrecy\" takes exactly one word"},
    {"test_a_purpose_of_two_words_is_refused",
     {"flows.txt", "purpose help", "purpose help plan"},
     7,
     "\"purpose\" takes exactly one word"},
    {"test_a_period_of_three_words_is_refused",
     {"purposes.txt", "longest 12 months", "longest 12 months long"},
     5,
     "\"longest\" is a number and its unit"},
    {"test_ages_in_more_words_are_refused",
     {"ages.txt", "from 0", "from 0 to 12 years"},
     1,
     "\"ages\" is \"under 12\""},
    {"test_ages_till_are_refused", {"ages.txt", "from 0", "till 12"}, 1, "\"ages\" is \"under 12\""},
    {"test_ages_until_are_refused", {"ages.txt", "from 0", "0 until 12"}, 1, "\"ages\" is \"under 12\""},
    {"test_the_first_of_two_wrong_ages_is_told",
     {"ages.txt", NULL, "ages under 12\n sign parents\n source S\nages from 16\n sign children\n source S\n"},
     2,
     "\"sign\" is subject or representatives, not \"parents\""},
    {"test_the_first_of_two_wrong_notices_is_told",
     {"notices.txt", NULL, "notice folder\n version 1 2\n language nl\nnotice leaflet\n language en\n"},
     2,
     "\"version\" takes exactly one word"},
    {"test_the_first_of_many_notices_listed_twice_is_told",
     {"notices.txt", NULL,
      "notice folder\n version 1\n language nl\nnotice folder\n version 2\n language nl\n"
      "notice folder\n version 1\n language nl\nnotice folder\n version 2\n language nl\n"},
     7,
     "this version of notice \"folder\" is listed twice; first on line 1"},
    {"test_a_retention_without_a_source_is_refused",
     {"retention.txt", " source S\n", ""},
     1,
     "retention \"file\" has no \"source\""},
    {"test_the_first_of_two_wrong_retentions_is_told",
     {"retention.txt", "period 15 years\n source S\n",
      "period 15 months\n source S\nretention other\n held-by team\n law wmo\n period 15 days\n source S\n"},
     4,
     "\"period\" is a number and its unit, such as \"15 years\""},
    {"test_the_first_of_many_periods_for_one_record_is_told",
     {"retention.txt", "source S\n",
      "source S\nretention more\n held-by cak\n law wmo\n period 7 years\n source S\n"
      "retention other\n held-by team\n law wmo\n period 7 years\n source S\n"},
     11,
     "retention \"file\" and \"other\" are both about law wmo held by team"},
    {"test_a_code_with_an_underscore_is_refused",
     {"origins.txt", "origin wmo", "origin w_o"},
     1,
     "\"w_o\" is not a code"},
    {"test_a_code_with_a_colon_is_refused",
     {"origins.txt", "origin wmo", "origin w:o"},
     1,
     "\"w:o\" is not a code"},
    {"test_a_code_with_a_brace_is_refused",
     {"origins.txt", "origin wmo", "origin w{o"},
     1,
     "\"w{o\" is not a code"},
    {"test_a_flow_with_a_bracket_is_refused", {"flows.txt", "flow A1", "flow A[1"}, 1, "\"A[1\" is not a code"},
    {"test_a_flow_with_a_colon_is_refused", {"flows.txt", "flow A1", "flow A:1"}, 1, "\"A:1\" is not a code"},
    {"test_a_stray_carriage_return_is_refused", {"origins.txt", " en E", " en E\rF"}, 3, "a carriage return"},
    {"test_a_tab_is_refused", {"origins.txt", " en E", "\ten E"}, 3, "a tab; use spaces"},
    {"test_invalid_utf_8_is_refused", {"origins.txt", " en E", " en \xC3("}, 3, "not UTF-8"},
    {"test_an_overlong_character_is_refused", {"origins.txt", " en E", " en \xC0\xAF"}, 3, "not UTF-8"},
    {"test_a_surrogate_is_refused", {"origins.txt", " en E", " en \xED\xA0\x80"}, 3, "not UTF-8"},
    {"test_a_file_cut_in_a_character_is_refused",
     {"origins.txt", " source S\n", " source \xE2\x82"},
     4,
     "not UTF-8"},
    {"test_text_that_reads_backwards_is_refused",
     {"origins.txt", " en E",
      " en \xE2\x80\xAE"
      "E"},
     3,
     "an invisible character, U+202E"},
    {"test_a_control_character_is_refused",
     {"origins.txt", " en E", " en \x1b[2J"},
     3,
     "an invisible character, U+001B"},
    {"test_a_carriage_return_at_the_end_is_refused",
     {"origins.txt", " source S\n", " source S\r"},
     4,
     "a carriage return"},
    {"test_a_stray_continuation_byte_is_refused", {"origins.txt", " en E", " en \x80"}, 3, "not UTF-8"},
    {"test_a_byte_that_begins_no_character_is_refused",
     {"origins.txt", " en E", " en \xF8\x88\x80\x80\x80"},
     3,
     "not UTF-8"},
    {"test_a_character_past_the_last_is_refused",
     {"origins.txt", " en E", " en \xF4\x90\x80\x80"},
     3,
     "not UTF-8"},
    {"test_a_deleted_character_is_refused",
     {"origins.txt", " en E", " en \x7F"},
     3,
     "an invisible character, U+007F"},
    {"test_a_second_control_character_is_refused",
     {"origins.txt", " en E", " en \xC2\x9F"},
     3,
     "an invisible character, U+009F"},
    {"test_a_soft_hyphen_is_refused",
     {"origins.txt", " en E", " en \xC2\xAD"},
     3,
     "an invisible character, U+00AD"},
    {"test_a_zero_width_space_is_refused",
     {"origins.txt", " en E", " en \xE2\x80\x8B"},
     3,
     "an invisible character, U+200B"},
    {"test_a_line_separator_is_refused",
     {"origins.txt", " en E", " en \xE2\x80\xA8"},
     3,
     "an invisible character, U+2028"},
    {"test_a_word_joiner_is_refused",
     {"origins.txt", " en E", " en \xE2\x81\xA0"},
     3,
     "an invisible character, U+2060"},
    {"test_a_byte_order_mark_inside_is_refused",
     {"origins.txt", " en E", " en \xEF\xBB\xBF"},
     3,
     "an invisible character, U+FEFF"},
    {"test_an_empty_file_of_flows_is_refused", {"flows.txt", NULL, "# none\n"}, 0, "no \"flow\" in it"},
    {"test_an_empty_file_of_parties_is_refused", {"parties.txt", NULL, ""}, 0, "no \"kind\" in it"},
    {"test_an_empty_pack_file_is_refused", {"pack.txt", NULL, ""}, 0, "no \"pack\" in it"},
};

static void assert_refused (int rc, const struct policy *policy, const struct policy_error *error,
                            const char *file, unsigned line, const char *message)
{
    assert_int_equal (rc, POLICY_INVALID);
    assert_null (policy);
    assert_string_equal (error->file, file);
    if (error->line != line || strncmp (error->message, message, strlen (message)) != 0)
        fail_msg ("expected %u: %s; got %u: %s", line, message, error->line, error->message);
}

static void refused (void **state)
{
    const struct refusal *refusal = *state;
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = read_changed (&policy, &refusal->change, &error);
    assert_refused (rc, policy, &error, refusal->change.file, refusal->line, refusal->message);
}

static void test_more_codes_than_fit_are_refused (void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    for (unsigned i = 0; i < 256; i++)
        fprintf (out, "origin %s%u\n nl N\n en E\n source S\n", i == 0 ? "wmo" : "o", i);
    fclose (out);
    const struct change change = {"origins.txt", NULL, text};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = read_changed (&policy, &change, &error);
    assert_refused (rc, policy, &error, "origins.txt", 255 * 4 + 1, "more than 255 of \"origin\"");
    free (text);
}

static void test_a_nul_byte_is_refused (void **state)
{
    (void)state;
    struct policy_text files[SMALL_PACK_FILES];
    for (size_t i = 0; i < SMALL_PACK_FILES; i++)
        files[i] = (struct policy_text){small_pack[i][0], small_pack[i][1], strlen (small_pack[i][1])};
    files[4] = (struct policy_text){"origins.txt", "origin wmo\n nl \0N\n", 18};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, SMALL_PACK_FILES, NULL, &error);
    assert_refused (rc, policy, &error, "origins.txt", 2, "a NUL byte");
}

static void test_a_file_given_twice_is_refused (void **state)
{
    (void)state;
    const struct policy_text files[] = {{"ages.txt", "", 0}, {"ages.txt", "", 0}};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
    assert_refused (rc, policy, &error, "ages.txt", 0, "given twice");
}

static void test_a_file_that_is_unknown_is_refused_on_one_line (void **state)
{
    (void)state;
    const struct policy_text files[] = {{"flows\n.txt", "", 0}};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
    assert_refused (rc, policy, &error, "flows?.txt", 0, "no file of a pack; did you mean \"flows.txt\"?");
}

/* The name of a file may hold any byte; what is said of it is whole characters that a terminal shows as they are.
 */
static void test_the_name_of_an_unknown_file_is_made_presentable (void **state)
{
    (void)state;
    static const char *const names[][2] = {{"fl\x7Fow.txt", "fl?ow.txt"},
                                           {"fl\x80ow.txt", "flow.txt"},
                                           {"flow\xC3.txt", "flow.txt"},
                                           {"fl\xC3\xAB.txt", "fl\xC3\xAB.txt"},
                                           {"\xF0\x9F\x98\x80.txt", "\xF0\x9F\x98\x80.txt"},
                                           {"flow\xF0\x9F", "flow"}};
    for (size_t i = 0; i < COUNT (names); i++) {
        const struct policy_text files[] = {{names[i][0], "", 0}};
        struct policy *policy = NULL;
        struct policy_error error = {.message = ""};
        int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
        assert_refused (rc, policy, &error, names[i][1], 0, "no file of a pack");
    }
}

static void test_a_file_that_is_not_given_is_refused (void **state)
{
    (void)state;
    const struct policy_text files[] = {{"ages.txt", "", 0}};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
    assert_refused (rc, policy, &error, "categories.txt", 0, "missing");
}

static void test_a_large_file_in_memory_is_refused (void **state)
{
    (void)state;
    const struct policy_text files[] = {{"ages.txt", "", POLICY_FILE_LIMIT + 1}};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read_texts (&policy, files, COUNT (files), NULL, &error);
    assert_refused (rc, policy, &error, "ages.txt", 0, "larger than 1 MiB");
}

static void test_a_long_message_ends_in_a_whole_character (void **state)
{
    (void)state;
    /* 47 letters and then a character of three bytes: cut at 48 bytes, it would be half of it. */
    const struct change change = {"flows.txt", "origin wmo",
                                  "origin aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xE2\x82\xAC"};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = read_changed (&policy, &change, &error);
    assert_refused (rc, policy, &error, "flows.txt", 9,
                    "unknown origin \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"");
}

/* Directories */

struct directory {
    char path[64];
};

static void write_file (const struct directory *directory, const char *name, const char *text)
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", directory->path, name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (text, file);
    assert_int_equal (fclose (file), 0);
}

static int make_directory (void **state)
{
    static struct directory directory;
    snprintf (directory.path, sizeof directory.path, "/tmp/test-policy-XXXXXX");
    if (mkdtemp (directory.path) == NULL)
        return -1;
    for (size_t i = 0; i < SMALL_PACK_FILES; i++)
        write_file (&directory, small_pack[i][0], small_pack[i][1]);
    *state = &directory;
    return 0;
}

/* `name` is a file, a link or an empty directory. */
static void remove_file (const struct directory *directory, const char *name)
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", directory->path, name);
    remove (path);
}

static int remove_directory (void **state)
{
    const struct directory *directory = *state;
    for (size_t i = 0; i < SMALL_PACK_FILES; i++)
        remove_file (directory, small_pack[i][0]);
    remove_file (directory, "flow.txt");
    remove_file (directory, "zones.txt");
    remove_file (directory, "zebra.txt");
    remove_file (directory, "kinds.txt");
    remove_file (directory, "README.md");
    return rmdir (directory->path);
}

static void assert_directory_refused (const struct directory *directory, const char *file, const char *message)
{
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = policy_read (&policy, directory->path, NULL, &error);
    assert_refused (rc, policy, &error, file, 0, message);
}

static void test_a_directory_reads_as_its_files_do (void **state)
{
    const struct directory *directory = *state;
    write_file (directory, "README.md", "not looked at");
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    assert_int_equal (policy_read (&policy, directory->path, toy_hash, &error), 0);
    struct policy *same = read_good (NULL);
    assert_string_equal (policy->id, "small/1");
    assert_memory_equal (policy->hash, same->hash, 32);
    policy_destroy (&same);
    policy_destroy (&policy);
}

static void test_a_missing_file_is_refused (void **state)
{
    const struct directory *directory = *state;
    remove_file (directory, "notices.txt");
    assert_directory_refused (directory, "notices.txt", "missing");
}

static void test_an_extra_text_file_is_refused (void **state)
{
    const struct directory *directory = *state;
    /* Whatever the order in which the directory lists them, the first by name is told. */
    write_file (directory, "zones.txt", "");
    write_file (directory, "flow.txt", "");
    write_file (directory, "zebra.txt", "");
    write_file (directory, "kinds.txt", "");
    assert_directory_refused (directory, "flow.txt", "no file of a pack; did you mean \"flows.txt\"?");
}

static void test_a_ten_megabyte_file_is_refused (void **state)
{
    const struct directory *directory = *state;
    char path[128];
    snprintf (path, sizeof path, "%s/flows.txt", directory->path);
    assert_int_equal (truncate (path, 10 << 20), 0);
    assert_directory_refused (directory, "flows.txt", "larger than 1 MiB");
}

static void test_a_directory_in_place_of_a_file_is_refused (void **state)
{
    const struct directory *directory = *state;
    char path[128];
    snprintf (path, sizeof path, "%s/flows.txt", directory->path);
    assert_int_equal (unlink (path), 0);
    assert_int_equal (mkdir (path, 0700), 0);
    assert_directory_refused (directory, "flows.txt", "not a file");
}

static void test_what_cannot_be_read_is_told_apart_from_what_is_wrong (void **state)
{
    const struct directory *directory = *state;
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    char path[128];
    snprintf (path, sizeof path, "%s/ages.txt", directory->path);
    assert_int_equal (unlink (path), 0);
    assert_int_equal (symlink ("ages.txt", path), 0);
    assert_int_equal (policy_read (&policy, directory->path, NULL, &error), -ELOOP);
    assert_string_equal (error.file, "ages.txt");
    assert_int_equal (strncmp (error.message, "cannot open it: ", 16), 0);
    assert_int_equal (unlink (path), 0);
    assert_int_equal (symlink ("/proc/self/mem", path), 0); /* a file that opens and cannot be read */
    assert_int_equal (policy_read (&policy, directory->path, NULL, &error), -EIO);
    assert_int_equal (strncmp (error.message, "cannot read it: ", 16), 0);
    assert_int_equal (policy_read (&policy, "/nonexistent", NULL, &error), -ENOENT);
    assert_string_equal (error.file, "/nonexistent");
    assert_null (policy);
}

#define TEST_SHIPPED(function) cmocka_unit_test_setup_teardown (function, open_shipped, close_policy)
#define TEST_DIRECTORY(function) cmocka_unit_test_setup_teardown (function, make_directory, remove_directory)

static const struct CMUnitTest tests[] = {
    TEST_SHIPPED (test_the_shipped_pack_has_every_flow_of_article_8),
    TEST_SHIPPED (test_the_shipped_pack_has_every_party_kind),
    TEST_SHIPPED (test_the_shipped_pack_has_every_category),
    TEST_SHIPPED (test_what_is_known_but_flows_nowhere_is_in_no_flow),
    TEST_SHIPPED (test_the_shipped_pack_has_its_statutes_reasons_and_settings),
    TEST_SHIPPED (test_the_shipped_pack_has_its_ages_validity_and_retention),
    TEST_SHIPPED (test_a_special_category_does_not_flow_outside_social_teams_and_care),
    TEST_SHIPPED (test_a_purpose_serves_itself_and_what_it_declares_but_not_the_reverse),
    TEST_SHIPPED (test_health_data_need_a_ground_that_carries_health),
    TEST_SHIPPED (test_the_printed_pack_names_every_flow_and_keeps_its_width),
    cmocka_unit_test (test_a_long_label_is_printed_on_several_lines),
    cmocka_unit_test (test_the_printed_pack_says_what_a_flow_admits),
    cmocka_unit_test (test_the_printed_pack_says_its_choices),
    cmocka_unit_test (test_a_statute_may_hold_by_some_and_to_some),
    cmocka_unit_test (test_a_statute_may_cover_all_origins_and_break_secrecy),
    cmocka_unit_test (test_comments_blank_lines_and_continuations_read_as_one_value),
    cmocka_unit_test (test_notices_are_known_by_id_version_and_language),
    cmocka_unit_test (test_a_pack_may_do_without_statutes_reasons_and_notices),
    cmocka_unit_test (test_letters_of_every_size_are_kept),
    cmocka_unit_test (test_flows_of_one_purpose_may_share_all_but_one_side_of_their_cells),
    cmocka_unit_test (test_a_statute_may_be_named_again_for_other_parties),
    cmocka_unit_test (test_groups_stand_for_their_members_wherever_they_are_declared),
    cmocka_unit_test (test_a_notice_may_be_listed_in_other_versions_and_languages),
    cmocka_unit_test (test_the_consent_itself_may_have_a_retention_beside_the_record),
    cmocka_unit_test (test_no_kind_may_be_a_recipient_of_special_categories),
    cmocka_unit_test (test_the_hash_is_of_every_byte_and_of_its_place),
    cmocka_unit_test (test_more_codes_than_fit_are_refused),
    cmocka_unit_test (test_a_nul_byte_is_refused),
    cmocka_unit_test (test_a_file_given_twice_is_refused),
    cmocka_unit_test (test_a_file_that_is_unknown_is_refused_on_one_line),
    cmocka_unit_test (test_the_name_of_an_unknown_file_is_made_presentable),
    cmocka_unit_test (test_a_file_that_is_not_given_is_refused),
    cmocka_unit_test (test_a_large_file_in_memory_is_refused),
    cmocka_unit_test (test_a_long_message_ends_in_a_whole_character),
    TEST_DIRECTORY (test_a_directory_reads_as_its_files_do),
    TEST_DIRECTORY (test_a_missing_file_is_refused),
    TEST_DIRECTORY (test_an_extra_text_file_is_refused),
    TEST_DIRECTORY (test_a_ten_megabyte_file_is_refused),
    TEST_DIRECTORY (test_a_directory_in_place_of_a_file_is_refused),
    TEST_DIRECTORY (test_what_cannot_be_read_is_told_apart_from_what_is_wrong),
};

int main (void)
{
    struct CMUnitTest all[COUNT (tests) + COUNT (refusals)];
    memcpy (all, tests, sizeof tests);
    for (size_t i = 0; i < COUNT (refusals); i++)
        all[COUNT (tests) + i] = (struct CMUnitTest){
            .name = refusals[i].name, .test_func = refused, .initial_state = (void *)(uintptr_t)&refusals[i]};
    return cmocka_run_group_tests_name ("policy", all, NULL, NULL);
}
