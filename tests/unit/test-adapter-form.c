/* The consent form that the social team fills in. */
#include <stdlib.h>
#include <string.h>
#include "adapter_harness.h"
#include "form.h"
#include "form_fields.h"
#include "testing.h"

static struct arena *arena;
static char *text;
static Consentd__Request *request;
static struct form_reading reading;
static moment now;

static int set_up (void **state)
{
    (void)state;
    arena = arena_new (1024 * 1024);
    text = harness_read_file (CONFIG_DIR "/toestemmingsformulier.json");
    request = NULL;
    assert_true (moment_parse ("2026-11-21 12:00", &now));
    reading = (struct form_reading){.arena = arena, .now = now};
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
    reading.problem_count = reading.problems_left_out = 0;
    int r = form_read (&reading, (struct bytes){text, strlen (text)}, &request);
    assert_int_equal (r<0, reading.problem_count> 0);
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

static void assert_only_problem (const char *path, const char *words)
{
    assert_true (read_form () < 0);
    assert_string_equal (reading.problems[0].words, words);
    assert_string_equal (reading.problems[0].path, path);
    assert_int_equal (reading.problem_count, 1);
}

static void test_a_wrong_field_is_refused_by_its_label_and_never_by_what_is_in_it (void **state)
{
    (void)state;
    static const struct {
        const char *what, *with, *path, *words;
    } changes[] = {
        {"999900006", "999900007", "bsn", "Burgerservicenummer: is geen geldig burgerservicenummer"},
        {"\"bsn\": \"999900006\"", "\"bsn\": 999900006", "bsn", "Burgerservicenummer: moet een tekst zijn"},
        {"\"bsn\": \"999900006\",", "", "bsn", "Burgerservicenummer: vul dit in"},
        {"[\"kernteam\"]", "\"kernteam\"", "verstrekkers",
         "Wie mag de gegevens geven: moet een lijst zijn van hoogstens 64"},
        {"[\"kernteam\"]", "[]", "verstrekkers", "Wie mag de gegevens geven: vul dit in"},
        {"[\"kernteam\"]", "[\"kernteam\", 7]", "verstrekkers[1]",
         "Wie mag de gegevens geven, nummer 2: moet een tekst zijn"},
        {"\"doel\": \"toekenning\",", "", "doel", "Waarvoor: vul dit in"},
        {"\"doel\": \"toekenning\",", "\"doel\": \"toekenning\", \"zaak\": \"\",", "zaak",
         "Alleen voor zaak: is leeg: vul dit in, of laat het weg"},
        {"\"doel\": \"toekenning\",", "\"doel\": \"toekenning\", \"zaak\": \"999900006\",", "zaak",
         "Alleen voor zaak: is geen kenmerk: hoogstens 64 letters, cijfers of de tekens . _ : - en geen "
         "burgerservicenummer"},
        {"\"doel\": \"toekenning\",", "\"doel\": \"toekenning\", \"herkomst\": [],", "herkomst",
         "Alleen gegevens uit: is leeg: vul dit in, of laat het weg"},
        {"\"doel\": \"toekenning\"", "\"doel\": [\"toekenning\", \"pgb\"]", "doel",
         "Waarvoor: moet een tekst zijn"},
        {"\"schriftelijk\"", "\"per brief\"", "vorm",
         "Hoe het is gezegd: moet schriftelijk, digitaal of mondeling zijn"},
        {"\"eenmalig\": false", "\"eenmalig\": \"nee\"", "eenmalig", "Voor één keer: moet true of false zijn"},
        {"\"beroepsgeheim\": false", "\"beroepsgeheim\": 0", "beroepsgeheim",
         "Beroepsgeheim: moet true of false zijn"},
        {"\"geldig_maanden\": 12", "\"geldig_maanden\": 0", "geldig_maanden",
         "Aantal maanden geldig: moet een getal zijn, 1 of meer"},
        {"\"geldig_maanden\": 12", "\"geldig_tot_en_met\": \"31-3-2027\"", "geldig_tot_en_met",
         "Geldig tot en met: is geen dag (jjjj-mm-dd)"},
        {"\"geldig_maanden\": 12", "\"geldig_maanden\": 12, \"geldig_tot_en_met\": \"2027-03-31\"",
         "geldig_maanden", "Aantal maanden geldig: niet samen met \"Geldig tot en met\""},
        {"\"taal\": \"nl\",", "", "voorlichting.taal", "Taal van de folder: vul dit in"},
        {"\"op\": \"2025-03-03\"", "\"op\": \"gisteren\"", "ondertekening[0].op",
         "Ondertekening 1, datum: is geen dag (jjjj-mm-dd)"},
        {"\"op\": \"2025-03-03\"", "\"op\": \"2025-02-29\"", "ondertekening[0].op",
         "Ondertekening 1, datum: is een dag die niet bestaat"},
        {"\"op\": \"2025-03-03\"", "\"op\": \"2025-03-03\", \"naam\": \"Q. van Verzonnen\"",
         "ondertekening[0].naam", "ondertekening[0].naam: dit veld staat niet op het formulier"},
        {"\"eenmalig\"", "\"Q. van Verzonnen\": 1, \"eenmalig\"", "",
         "(een veld): dit veld staat niet op het formulier"},
        {"5b1f0d7c", "5b1f0d7", "bewijs.sha256",
         "Vingerafdruk van het formulier (SHA-256): moet uit 64 hexadecimale cijfers bestaan"},
        {"toestemming/1", "toestemming/2", "formulier", "Soort formulier: moet toestemming/1 zijn"},
        {"\"toestemming\": \"ja\"", "\"toestemming\": \"misschien\"", "toestemming",
         "Geeft u toestemming: moet ja of nee zijn"},
        {"\"eenmalig\": false", "\"verzoek\": \"12\", \"eenmalig\": false", "verzoek",
         "Antwoord op verzoek: moet uit 32 hexadecimale cijfers bestaan"},
        {"\"eenmalig\": false", "\"eenmalig\": false, \"eenmalig\": true", "",
         "regel 28: noemt een veld twee keer"},
        {"\"formulier\"", "\"\xff\"", "", "regel 2: is geen tekst in UTF-8"},
        {"\"eenmalig\": false", "eenmalig: false", "", "regel 28: is geen JSON"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char *original = strdup (text);
        change (changes[i].what, changes[i].with);
        assert_only_problem (changes[i].path, changes[i].words);
        free (text);
        text = original;
    }
}

static void test_all_that_is_wrong_is_told_at_once (void **state)
{
    (void)state;
    change ("999900006", "999900007");
    change ("\"toestemming\": \"ja\"", "\"toestemming\": \"misschien\"");
    change ("\"op\": \"2025-03-03\"", "\"op\": \"gisteren\"");
    change ("\"medewerker-17\"", "\"\"");
    assert_true (read_form () < 0);
    static const char *const paths[] = {"toestemming", "bsn", "ondertekening[0].op", "medewerker"};
    assert_int_equal (reading.problem_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal (reading.problems[i].path, paths[i]);
}

static void test_more_than_can_be_told_is_counted (void **state)
{
    (void)state;
    for (size_t i = 0; i < FORM_PROBLEMS + 3; i++) {
        char field[40];
        snprintf (field, sizeof field, "\"%c%c\": 1, \"doel\"", (char)('a' + i / 26), (char)('a' + i % 26));
        change ("\"doel\"", field);
    }
    assert_true (read_form () < 0);
    assert_int_equal (reading.problem_count, FORM_PROBLEMS);
    assert_int_equal (reading.problems_left_out, 3);
}

/* What was on paper for a year was so from its last signature on. */
static void test_without_a_now_months_run_from_the_last_signature (void **state)
{
    (void)state;
    reading.now = 0;
    change ("{ \"door\": \"betrokkene\", \"op\": \"2025-03-03\" }",
            "{\"door\": \"ouder-1\", \"op\": \"2025-03-03\"}, {\"door\": \"ouder-2\", \"op\": \"2025-03-05\"}");
    assert_int_equal (read_form (), 0);
    assert_int_equal (request->grant->n_signatures, 2);
    assert_true (request->grant->valid_until == at ("2026-03-06"));
    change ("\"geldig_maanden\": 12", "\"geldig_maanden\": 12, \"geldig_vanaf\": \"2025-04-01\"");
    assert_int_equal (read_form (), 0);
    assert_true (request->grant->valid_until == at ("2026-04-02"));
}

/* The hash of a file that is given takes the place of one in the form, which must then be the same. */
static void test_the_file_of_the_evidence_gives_its_hash (void **state)
{
    (void)state;
    static const char hash[] = "5b1f0d7c9f6f5b8c0e0f3d0a4f2f8f0e6a7d1c2b3e4f5061728394a5b6c7d8e9";
    uint8_t evidence[FORM_HASH] = {0x5b, 0x1f};
    reading.evidence = evidence;
    assert_only_problem ("bewijs.sha256", "Vingerafdruk van het formulier (SHA-256): is niet die van het bestand "
                                          "dat erbij is gegeven");
    change (",\n    \"sha256\": \"5b1f0d7c9f6f5b8c0e0f3d0a4f2f8f0e6a7d1c2b3e4f5061728394a5b6c7d8e9\"", "");
    assert_null (strstr (text, hash));
    assert_int_equal (read_form (), 0);
    assert_memory_equal (request->grant->evidence->sha256.data, evidence, FORM_HASH);
    reading.evidence = NULL;
    assert_only_problem ("bewijs.sha256", "Vingerafdruk van het formulier (SHA-256): vul dit in");
    change ("\"bewijs\": {\n    \"kenmerk\": \"dossier-2025-0303.toestemming\"\n  },", "");
    assert_int_equal (read_form (), 0);
    assert_null (request->grant->evidence);
    reading.evidence = evidence;
    assert_only_problem ("bewijs.kenmerk", "Waar het formulier ligt: vul dit in");
}

static void test_a_form_answers_a_request (void **state)
{
    (void)state;
    const uint8_t asked[FORM_ID] = {1, 2}, other[FORM_ID] = {1, 3};
    reading.answers = asked;
    assert_int_equal (read_form (), 0);
    assert_memory_equal (request->grant->answers.data, asked, FORM_ID);
    change ("\"eenmalig\"", "\"verzoek\": \"01020000000000000000000000000000\", \"eenmalig\"");
    assert_int_equal (read_form (), 0);
    reading.answers = NULL;
    assert_int_equal (read_form (), 0);
    assert_memory_equal (request->grant->answers.data, asked, FORM_ID);
    reading.answers = other;
    assert_only_problem ("verzoek", "Antwoord op verzoek: is een ander verzoek dan is genoemd");
}

static void test_what_the_registry_names_is_a_field_of_the_form (void **state)
{
    (void)state;
    static const char *const names[][3] = {
        {"grant.scope.recipients[0]", "ontvangers[0]", "Wie mag de gegevens krijgen, nummer 1"},
        {"refuse.signatures[1].given_at", "ondertekening[1].op", "Ondertekening 2, datum"},
        {"grant.notice.id", "voorlichting.folder", "Folder"},
        {"grant.bsn", "bsn", "Burgerservicenummer"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = form_path_of_registry (arena, names[i][0]);
        assert_string_equal (path, names[i][1]);
        assert_string_equal (form_words_of_path (arena, path), names[i][2]);
    }
    assert_null (form_path_of_registry (arena, "grant.corrects"));
    assert_null (form_path_of_registry (arena, ""));
    assert_string_equal (form_words_of_path (arena, "Q. van Verzonnen"), "(een veld)");
}

static void test_what_is_not_json_is_refused (void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "[]", "{", "nee", "{\"a\":\"\\u0000\"}", "\"999900006\""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        free (text);
        text = strdup (wrong[i]);
        assert_true (read_form () < 0);
        assert_null (strstr (reading.problems[0].words, "999900006"));
    }
}

static void test_the_page_itself_is_not_what_was_filled_in_on_it (void **state)
{
    (void)state;
    free (text);
    text = strdup ("\n <!DOCTYPE html><html lang=\"nl\">");
    assert_only_problem ("", "dit is het lege formulier: open het in een browser, vul het in, en bewaar het");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_the_example_becomes_a_grant, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_last_day_counts_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_months_run_from_the_first_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_who_says_no_is_recorded_as_a_refusal, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_no_end_is_for_the_rules_to_judge, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_wrong_field_is_refused_by_its_label_and_never_by_what_is_in_it,
                                         set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_all_that_is_wrong_is_told_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_more_than_can_be_told_is_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_without_a_now_months_run_from_the_last_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_the_file_of_the_evidence_gives_its_hash, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_form_answers_a_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_the_registry_names_is_a_field_of_the_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_not_json_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_the_page_itself_is_not_what_was_filled_in_on_it, set_up, tear_down),
    };
    return cmocka_run_group_tests_name ("adapter-form", tests, NULL, NULL);
}
