/* What a filled-in PDF of the consent form says, field by field, and the program that takes it apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "form_pdf.h"
#include "form_pdf_fields.h"
#include "testing.h"
#include "tool.h"

static struct arena *arena;
static struct form_reading reading;

static int set_up (void **state)
{
    (void)state;
    arena = arena_new (1024 * 1024);
    reading = (struct form_reading){.arena = arena};
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

/* A field as qpdf tells it, which can be seen. `looks` NULL: it is no button. */
static json_t *field (const char *name, const char *type, const char *value, const char *looks)
{
    return json_pack ("{s:s, s:s, s:s?, s:b, s:i, s:{s:i, s:s}}", "fullname", name, "fieldtype", type, "value",
                      value, "isradiobutton", strcmp (name, "doel") == 0, "pageposfrom1", 1, "annotation",
                      "annotationflags", 4, "appearancestate", looks ? looks : "");
}

static json_t *text (const char *name, const char *value)
{
    return field (name, "/Tx", value, NULL);
}

static json_t *box (const char *name, const char *value)
{
    return field (name, "/Btn", value, value);
}

/* What qpdf tells of a file with these fields, each in a place of its own on its one page. Takes over `fields`. */
static json_t *parts_with (json_t *fields)
{
    json_t *objects = json_pack ("{s:{s:{s:[iiii]}}}", "obj:1 0 R", "value", "/MediaBox", 0, 0, 595, 842);
    for (size_t i = 0; i < json_array_size (fields); i++) {
        char name[32], key[48];
        int bottom = (int)i * 20;
        snprintf (name, sizeof name, "%zu 0 R", i + 2);
        snprintf (key, sizeof key, "obj:%s", name);
        json_object_set_new (objects, key,
                             json_pack ("{s:{s:[iiii]}}", "value", "/Rect", 10, bottom, 100, bottom + 15));
        json_object_set_new (json_object_get (json_array_get (fields, i), "annotation"), "object",
                             json_string (name));
    }
    return json_pack ("{s:{s:o}, s:[{s:s}], s:[{}, o]}", "acroform", "fields", fields, "pages", "object", "1 0 R",
                      "qpdf", objects);
}

/* What fields say, and how much is wrong with them. Takes over `fields`. */
static json_t *read_fields (json_t *fields, size_t problems)
{
    json_t *form = json_object (), *parts = parts_with (fields);
    reading.problem_count = reading.problems_left_out = 0;
    form_pdf_fields_read (&reading, parts, form);
    assert_int_equal (reading.problem_count, problems);
    json_decref (parts);
    return form;
}

static void assert_form (json_t *form, const char *expected)
{
    json_t *other = json_loads (expected, 0, NULL);
    char *told = json_dumps (form, JSON_COMPACT | JSON_SORT_KEYS),
         *wanted = json_dumps (other, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal (told, wanted);
    free (told);
    free (wanted);
    json_decref (other);
    json_decref (form);
}

static void test_what_is_filled_in_is_the_form_in_json (void **state)
{
    (void)state;
    json_t *fields =
        json_pack ("[oooooooooooo]", text ("formulier", "u:toestemming/1"), text ("bsn", "u: 999900006\r"),
                   box ("gegevens:naw", "/ja"), box ("gegevens:bsn", "/Off"), box ("ontvangers:zorg~noord", "/ja"),
                   field ("doel", "/Btn", "/pgb", "/Off"), field ("doel", "/Btn", "/pgb", "/pgb"),
                   box ("eenmalig", "/ja"), text ("geldig_maanden", "u:12"), text ("geldig_vanaf", "u:1-12-2026"),
                   text ("zaak", NULL), text ("motivering", "u:nodig\rvoor de hulp\r\n"));
    assert_form (
        read_fields (fields, 0),
        "{\"formulier\": \"toestemming/1\", \"bsn\": \"999900006\", \"gegevens\": [\"naw\"], \"ontvangers\": "
        "[\"zorg.noord\"], \"doel\": \"pgb\", \"eenmalig\": true, \"geldig_maanden\": 12, \"geldig_vanaf\": "
        "\"2026-12-01\", \"motivering\": \"nodig\\nvoor de hulp\", \"ondertekening\": []}");
}

static void test_rows_of_signatures_that_are_filled_in_are_the_list (void **state)
{
    (void)state;
    json_t *fields = json_pack ("[ooooooo]", box ("ondertekening/1/door", "/betrokkene"),
                                text ("ondertekening/1/op", "u:2026-11-29"), text ("ondertekening/2/door", "u:"),
                                text ("ondertekening/2/op", NULL), text ("ondertekening/3/door", "u:ouder-1"),
                                text ("ondertekening/3/op", "u:29-11-2026 "), text ("bewijs/kenmerk", NULL));
    assert_form (read_fields (fields, 0),
                 "{\"ondertekening\": [{\"door\": \"betrokkene\", \"op\": \"2026-11-29\"}, "
                 "{\"door\": \"ouder-1\", \"op\": \"2026-11-29\"}]}");
}

/* Only what is certainly a day of ours is turned round; the rest is for the form's own reader to refuse. */
static void test_what_is_no_day_or_number_stays_what_it_is (void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"31-12-2026", "2026-12-31"}, {"1-2-2026", "2026-02-01"}, {"31/12/2026", "31/12/2026"},
        {"99-99-2026", "2026-99-99"}, {"1-2-26", "1-2-26"},       {"-1-2-2026", "-1-2-2026"},
        {"1-2-20260", "1-2-20260"},   {"morgen", "morgen"},       {"2026-1-2", "2026-1-2"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *form =
            read_fields (json_pack ("[oo]", text ("geldig_tot_en_met", arena_printf (arena, "u:%s", texts[i][0])),
                                    text ("geldig_maanden", arena_printf (arena, "u:%s", texts[i][0]))),
                         0);
        assert_string_equal (json_string_value (json_object_get (form, "geldig_tot_en_met")), texts[i][1]);
        assert_string_equal (json_string_value (json_object_get (form, "geldig_maanden")), texts[i][0]);
        json_decref (form);
    }
}

static void assert_refused (json_t *one, const char *path, const char *words)
{
    json_decref (read_fields (json_pack ("[o]", one), 1));
    assert_string_equal (reading.problems[0].path, path);
    assert_string_equal (reading.problems[0].words, words);
}

static json_t *flagged (json_t *one, const char *name, int value)
{
    json_t *at = strcmp (name, "pageposfrom1") == 0 ? one : json_object_get (one, "annotation");
    json_object_set_new (at, name, json_integer (value));
    return one;
}

static void test_a_field_that_shows_something_else_than_it_says_is_refused (void **state)
{
    (void)state;
    static const char other[] = "Welke gegevens: ziet er anders uit dan het zegt";
    static const char unseen[] = "Welke gegevens: is niet te zien op het formulier";
    assert_refused (field ("gegevens:gezondheid", "/Btn", "/ja", "/Off"), "gegevens", other);
    assert_refused (field ("gegevens:gezondheid", "/Btn", "/Off", "/ja"), "gegevens", other);
    assert_refused (field ("doel", "/Btn", "/pgb", "/toekenning"), "doel",
                    "Waarvoor: ziet er anders uit dan het zegt");
    assert_refused (flagged (box ("gegevens:naw", "/ja"), "annotationflags", 4 | 2), "gegevens", unseen);
    assert_refused (flagged (box ("gegevens:naw", "/Off"), "annotationflags", 32), "gegevens", unseen);
    assert_refused (flagged (box ("gegevens:naw", "/ja"), "pageposfrom1", 0), "gegevens", unseen);
    /* A group of which no button shows what it says, says nothing. */
    assert_form (read_fields (json_pack ("[o]", field ("doel", "/Btn", "/pgb", "/Off")), 0),
                 "{\"ondertekening\": []}");
}

static void test_a_field_that_is_not_understood_is_refused_and_not_repeated (void **state)
{
    (void)state;
    static const char unknown[] = "(een veld): dit veld staat niet op het formulier";
    static const char *const names[] = {
        "Q. van Verzonnen", "ondertekening/0/op", "ondertekening/12/op", "ondertekening/1/naam", "",
        "bewijs/naam",      "formulier/x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_refused (text (names[i], NULL), "", unknown);
    assert_refused (field ("gegevens", "/Ch", "u:naw", NULL), "gegevens",
                    "Welke gegevens: is een veld van een andere soort");
    assert_refused (text ("gegevens:naw", "u:ja"), "gegevens", "Welke gegevens: is een veld van een andere soort");
    assert_refused (text ("zaak", "b:00ff"), "zaak", "Alleen voor zaak: is geen tekst");
    assert_refused (box ("gegevens:naw", "/nee"), "gegevens", "Welke gegevens: is geen vakje van dit formulier");
    json_decref (read_fields (json_pack ("[oo]", text ("zaak", "u:1"), text ("zaak", "u:2")), 1));
    assert_string_equal (reading.problems[0].words, "Alleen voor zaak: staat twee keer in het formulier");
    json_decref (read_fields (json_pack ("[o]", field ("Signature1", "/Sig", NULL, NULL)), 0));
}

static void test_a_program_has_limits_of_time_and_of_what_it_writes (void **state)
{
    (void)state;
    const struct {
        char *argv[3];
        int outcome;
    } programs[] = {
        {{(char[]){"cat"}, NULL}, 0},
        {{(char[]){"sleep"}, (char[]){"60"}, NULL}, TOOL_OVER},
        {{(char[]){"yes"}, NULL}, TOOL_OVER},
        {{(char[]){"no-such-program"}, NULL}, TOOL_ABSENT},
    };
    time_t begin = time (NULL);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct tool_output output;
        assert_int_equal (tool_run (programs[i].argv, 1, (struct bytes){"gezegd", 6}, &output),
                          programs[i].outcome);
        if (programs[i].outcome == 0) {
            assert_int_equal (output.size, 6);
            assert_memory_equal (output.text, "gezegd", 6);
        }
        free (output.text);
    }
    assert_true (time (NULL) - begin < 30);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_what_is_filled_in_is_the_form_in_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_rows_of_signatures_that_are_filled_in_are_the_list, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_no_day_or_number_stays_what_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_field_that_shows_something_else_than_it_says_is_refused, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_field_that_is_not_understood_is_refused_and_not_repeated, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_program_has_limits_of_time_and_of_what_it_writes, set_up,
                                         tear_down),
    };
    return cmocka_run_group_tests_name ("form-pdf", tests, NULL, NULL);
}
