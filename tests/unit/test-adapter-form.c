/* The consent form that the social team fills in. */
#include <stdlib.h>
#include <string.h>
#include "adapter_harness.h"
#include "form.h"
#include "testing.h"

static struct arena *arena;
static char *text;
static Consentd__Request *request;
static char error[FORM_ERROR];
static moment now;

static int set_up (void **state)
{
    (void)state;
    arena = arena_new (1024 * 1024);
    text = harness_read_file (CONFIG_DIR "/toestemmingsformulier.json");
    request = NULL;
    assert_true (moment_parse ("2026-11-21 12:00", &now));
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    arena_destroy (&arena);
    free (text);
    return 0;
}

static int read_form (void)
{
    error[0] = 0;
    int r = form_read ((struct bytes){text, strlen (text)}, now, arena, &request, error);
    assert_int_equal (r < 0, error[0] != 0);
    return r;
}

static void change (const char *what, const char *with)
{
    text = harness_replace (text, what, with);
}

static moment at (const char *when)
{
    moment result = 0;
    assert_true (moment_parse (when, &result));
    return result;
}

static void test_the_example_becomes_a_grant (void **state)
{
    (void)state;
    assert_int_equal (read_form (), 0);
    assert_int_equal (request->body_case, CONSENTD__REQUEST__BODY_GRANT);
    const Consentd__GrantRequest *grant = request->grant;
    assert_string_equal (grant->bsn, "999900006");
    assert_int_equal (grant->scope->n_providers, 1);
    assert_string_equal (grant->scope->providers[0], "kernteam");
    assert_string_equal (grant->scope->recipients[0], "zorgaanbieder-horizon");
    assert_int_equal (grant->scope->n_categories, 13);
    assert_string_equal (grant->scope->categories[12], "budget");
    assert_string_equal (grant->scope->purpose, "toekenning");
    assert_string_equal (grant->scope->case_ref, "");
    assert_int_equal (grant->form, CONSENTD__FORM__WRITTEN);
    assert_int_equal (grant->evidence->sha256.len, 32);
    assert_int_equal (grant->evidence->sha256.data[0], 0x5b);
    assert_int_equal (grant->evidence->sha256.data[31], 0xe9);
    assert_string_equal (grant->notice->language, "nl");
    assert_int_equal (grant->n_signatures, 1);
    assert_string_equal (grant->signatures[0]->signer, "subject");
    assert_true (grant->signatures[0]->given_at == at ("2025-03-03"));
    assert_true (grant->valid_from == 0);
    assert_true (grant->valid_until == at ("2027-11-22"));
    assert_false (grant->one_time);
    assert_string_equal (grant->user, "medewerker-17");
}

static void test_a_last_day_counts_itself (void **state)
{
    (void)state;
    change ("\"geldig_maanden\": 12", "\"geldig_tot_en_met\": \"2027-03-31\", \"geldig_vanaf\": \"2026-12-01\"");
    assert_int_equal (read_form (), 0);
    assert_true (request->grant->valid_from == at ("2026-12-01"));
    assert_true (request->grant->valid_until == at ("2027-04-01"));
}

static void test_months_run_from_the_first_day (void **state)
{
    (void)state;
    change ("\"geldig_maanden\": 12", "\"geldig_maanden\": 3, \"geldig_vanaf\": \"2026-11-30\"");
    assert_int_equal (read_form (), 0);
    assert_true (request->grant->valid_until == at ("2027-03-01"));
}

static void test_who_says_no_is_recorded_as_a_refusal (void **state)
{
    (void)state;
    change ("\"toestemming\": \"ja\"", "\"toestemming\": \"nee\"");
    assert_int_equal (read_form (), 0);
    assert_int_equal (request->body_case, CONSENTD__REQUEST__BODY_REFUSE);
    assert_string_equal (request->refuse->bsn, "999900006");
    assert_int_equal (request->refuse->n_signatures, 1);
}

static void test_no_end_is_for_the_rules_to_judge (void **state)
{
    (void)state;
    change ("\"geldig_maanden\": 12,", "");
    change ("\"bewijs\"", "\"herkomst\": [\"wmo\"], \"bewijs\"");
    assert_int_equal (read_form (), 0);
    assert_true (request->grant->valid_until == 0);
    assert_int_equal (request->grant->scope->n_origins, 1);
}

static void test_a_wrong_field_is_refused_by_its_name_and_never_by_what_is_in_it (void **state)
{
    (void)state;
    static const struct {
        const char *what, *with, *error;
    } changes[] = {
        {"999900006", "999900007", "bsn: is not a valid BSN"},
        {"\"bsn\": \"999900006\"", "\"bsn\": 999900006", "bsn: must be a text"},
        {"[\"kernteam\"]", "\"kernteam\"", "verstrekkers: must be a list of at most 64"},
        {"[\"kernteam\"]", "[]", "verstrekkers: must be filled in"},
        {"[\"kernteam\"]", "[7]", "verstrekkers[0]: must be a text"},
        {"\"doel\": \"toekenning\",", "", "doel: must be filled in"},
        {"\"doel\": \"toekenning\",", "\"doel\": \"toekenning\", \"zaak\": \"\",",
         "zaak: is empty: fill it in, or leave it out"},
        {"\"doel\": \"toekenning\",", "\"doel\": \"toekenning\", \"herkomst\": [],",
         "herkomst: is empty: fill it in, or leave it out"},
        {"\"doel\": \"toekenning\"", "\"doel\": [\"toekenning\", \"pgb\"]", "doel: must be a text"},
        {"\"schriftelijk\"", "\"per brief\"", "vorm: must be schriftelijk, digitaal or mondeling"},
        {"\"eenmalig\": false", "\"eenmalig\": \"nee\"", "eenmalig: must be true or false"},
        {"\"beroepsgeheim\": false", "\"beroepsgeheim\": 0", "beroepsgeheim: must be true or false"},
        {"\"geldig_maanden\": 12", "\"geldig_maanden\": 0", "geldig_maanden: must be a number, 1 or more"},
        {"\"geldig_maanden\": 12", "\"geldig_tot_en_met\": \"31-3-2027\"",
         "geldig_tot_en_met: is no day (YYYY-MM-DD) or moment"},
        {"\"geldig_maanden\": 12", "\"geldig_maanden\": 12, \"geldig_tot_en_met\": \"2027-03-31\"",
         "geldig_maanden: not together with geldig_tot_en_met"},
        {"\"taal\": \"nl\",", "", "voorlichting.taal: must be filled in"},
        {"\"op\": \"2025-03-03\"", "\"op\": \"gisteren\"",
         "ondertekening[0].op: is no day (YYYY-MM-DD) or moment"},
        {"\"op\": \"2025-03-03\"", "\"op\": \"2025-03-03\", \"naam\": \"Q. van Verzonnen\"",
         "ondertekening[0].naam: is not a field of the form"},
        {"\"eenmalig\"", "\"Q. van Verzonnen\": 1, \"eenmalig\"", "(a field): is not a field of the form"},
        {"5b1f0d7c", "5b1f0d7", "bewijs.sha256: must be 64 hexadecimal digits"},
        {"toestemming/1", "toestemming/2", "formulier: must be toestemming/1"},
        {"\"toestemming\": \"ja\"", "\"toestemming\": \"misschien\"", "toestemming: must be ja or nee"},
        {"\"eenmalig\": false", "\"eenmalig\": false, \"eenmalig\": true",
         "line 28: is not JSON, or not an object"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char *original = strdup (text);
        change (changes[i].what, changes[i].with);
        assert_true (read_form () < 0);
        assert_string_equal (error, changes[i].error);
        free (text);
        text = original;
    }
}

static void test_what_is_not_json_is_refused (void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "[]", "{", "nee", "{\"a\":\"\\u0000\"}", "\"999900006\""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        free (text);
        text = strdup (wrong[i]);
        assert_true (read_form () < 0);
        assert_null (strstr (error, "999900006"));
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_the_example_becomes_a_grant, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_last_day_counts_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_months_run_from_the_first_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_who_says_no_is_recorded_as_a_refusal, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_no_end_is_for_the_rules_to_judge, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_wrong_field_is_refused_by_its_name_and_never_by_what_is_in_it,
                                         set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_not_json_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests_name ("adapter-form", tests, NULL, NULL);
}
