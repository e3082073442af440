/* Templates of letters: what is read, what is refused and on which line, and what comes out. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "letter/letter_document.h"
#include "letter/letter_template.h"
#include "letter/letter_text.h"
#include "testing.h"

static const struct letter_field ground[] = {
    {"wet", LETTER_TEXT, LETTER_HEED, "", NULL},
    {"gegevens", LETTER_TEXTS, LETTER_MUST, "", NULL},
    {NULL, 0, 0, NULL, NULL},
};

static const struct letter_field fields[] = {
    {"doel", LETTER_TEXT, LETTER_MUST, "", NULL},       {"zaak", LETTER_TEXT, LETTER_EMPTY, "", NULL},
    {"ontvangers", LETTER_TEXTS, LETTER_MAY, "", NULL}, {"herkomst", LETTER_TEXTS, LETTER_EMPTY, "", NULL},
    {"eenmalig", LETTER_FLAG, LETTER_MAY, "", NULL},    {"grond", LETTER_GROUP, LETTER_MAY, "", ground},
    {"lijst", LETTER_PART, LETTER_EMPTY, "", NULL},     {NULL, 0, 0, NULL, NULL},
};
static const struct letter_form form = {"brief", "", fields};

enum { FAULTS = 8 };

struct outcome {
    struct arena *arena;
    const struct letter_template *template;
    struct policy_error faults[FAULTS];
    size_t count;
    int rc;
};

static struct outcome read_sized (const char *text, size_t size, const char *part)
{
    struct outcome self = {.arena = arena_new (16 << 20)};
    const struct policy_text files[] = {{"brief.txt", text, size},
                                        {"deel-slot.txt", part, part ? strlen (part) : 0}};
    const struct letter_sources sources = {"brieven", files, part ? 2 : 1};
    struct policy_faults faults = {self.faults, FAULTS, 0};
    self.rc = letter_template_read (&self.template, self.arena, &form, &sources, &faults);
    self.count = faults.count;
    assert_int_equal (self.rc == 0, self.template != NULL);
    return self;
}

static void refuse_part (const char *text, const char *part, const char *file, unsigned line, const char *message)
{
    struct outcome outcome = read_sized (text, strlen (text), part);
    assert_int_equal (outcome.rc, POLICY_INVALID);
    assert_string_equal (outcome.faults[0].file, file);
    assert_int_equal (outcome.faults[0].line, line);
    assert_string_equal (outcome.faults[0].message, message);
    arena_destroy (&outcome.arena);
}

static void refuse (const char *text, unsigned line, const char *message)
{
    refuse_part (text, NULL, "brieven/brief.txt", line, message);
}

/* Values of every field. */
static struct letter_values *some_values (struct arena *arena, bool all)
{
    struct letter_values *values = letter_values_new (arena, fields);
    letter_set (values, "doel", "het plan");
    letter_add (values, "ontvangers", "het CAK");
    letter_add (values, "ontvangers", "de huisarts");
    letter_add (values, "ontvangers", "de school");
    if (!all)
        return values;
    letter_set (values, "zaak", "zaak 17");
    letter_add (values, "herkomst", "de Jeugdwet");
    letter_set_flag (values, "eenmalig", true);
    struct letter_document part = letter_document_start (arena);
    letter_add_heading (&part, 3, "Van het programma");
    letter_begin_facts (&part);
    letter_add_fact (&part, "Wie", "{doel} & de rest");
    letter_set_part (values, "lijst", &part);
    for (int i = 0; i < 2; i++) {
        struct letter_values *one = letter_add_group (values, "grond");
        if (i == 0)
            letter_set (one, "wet", "de Wmo");
        letter_add (one, "gegevens", i == 0 ? "naam" : "{doel} [einde]");
        letter_add (one, "gegevens", "adres");
    }
    return values;
}

static void expect_with (const char *text, const char *part, bool all, const char *expected)
{
    struct outcome outcome = read_sized (text, strlen (text), part);
    if (outcome.rc != 0)
        fail_msg ("%s:%u: %s", outcome.faults[0].file, outcome.faults[0].line, outcome.faults[0].message);
    struct letter_document document = letter_document_start (outcome.arena);
    assert_null (letter_template_fill (outcome.template, some_values (outcome.arena, all), &document));
    char *shown;
    size_t size;
    FILE *out = open_memstream (&shown, &size);
    letter_text_write (&document, out);
    fclose (out);
    assert_string_equal (shown, expected);
    free (shown);
    arena_destroy (&outcome.arena);
}

static void test_lines_become_headings_paragraphs_items_and_facts (void **state)
{
    (void)state;
    expect_with ("\xEF\xBB\xBF# nobody sees this\r\n"
                 "= Over {doel}\r\n"
                 "\r\n"
                 "Dit gaat over {doel}.\r\n"
                 "Ook aan {ontvangers}.   \r\n"
                 "  # is hier geen opmerking\n"
                 "\n"
                 "Nog iets.\n"
                 "- los\n"
                 "- {ontvangers}\n"
                 "- en\n"
                 "  verder\n"
                 "| Doel | {doel}\n"
                 "| Aan wie | {ontvangers}\n"
                 "== Kop\n"
                 "{ontvangers}\n",
                 NULL, false,
                 "Over het plan\n=============\n\n"
                 "Dit gaat over het plan. Ook aan het CAK, de huisarts en de school. # is hier\n"
                 "geen opmerking\n\n"
                 "Nog iets.\n\n"
                 "- los\n- het CAK\n- de huisarts\n- de school\n- en verder\n\n"
                 "Doel:    het plan\nAan wie: het CAK, de huisarts en de school\n\n"
                 "Kop\n---\n\n"
                 "het CAK\nde huisarts\nde school\n");
}

static void test_a_part_that_the_program_made_stands_on_a_line_of_its_own (void **state)
{
    (void)state;
    static const char text[] = "= {doel}\nVooraf.\n{lijst}\nDaarna.\n[als lijst]\nEr is een lijst.\n[einde]\n";
    expect_with (text, NULL, true,
                 "het plan\n========\n\nVooraf.\n\nVan het programma\n\nWie: {doel} & de rest\n\n"
                 "Daarna. Er is een lijst.\n");
    expect_with (text, NULL, false, "het plan\n========\n\nVooraf.\n\nDaarna.\n");
    static const char *const within[] = {"Zie {lijst}",       "{lijst} hieronder", "- {lijst}",
                                         "| Lijst | {lijst}", "== {lijst}",        "{lijst}{lijst}"};
    for (size_t i = 0; i < sizeof within / sizeof *within; i++) {
        struct outcome outcome =
            read_sized (within[i], strlen (within[i]), NULL); /* the first line, so it is told first */
        assert_int_equal (outcome.rc, POLICY_INVALID);
        assert_int_equal (outcome.faults[0].line, 1);
        assert_string_equal (outcome.faults[0].message,
                             "\"lijst\" is more than a text: put {lijst} alone on a line");
        arena_destroy (&outcome.arena);
    }
}

static const char conditions[] = "= {doel}\n"
                                 "Een.\n"
                                 "[als eenmalig]\n"
                                 "Eenmalig.\n"
                                 "[anders]\n"
                                 "Vaker.\n"
                                 "[einde]\n"
                                 "[als niet eenmalig]\n"
                                 "Niet.\n"
                                 "[anders]\n"
                                 "Wel.\n"
                                 "[einde]\n"
                                 "[als zaak]\n"
                                 "Voor {zaak}.\n"
                                 "[einde]\n"
                                 "[als niet herkomst]\n"
                                 "Alle.\n"
                                 "[anders]\n"
                                 "Uit {herkomst}.\n"
                                 "[einde]\n";

static void test_a_block_stands_only_if_something_is_so (void **state)
{
    (void)state;
    expect_with (conditions, NULL, false, "het plan\n========\n\nEen. Vaker. Niet. Alle.\n");
    expect_with (conditions, NULL, true,
                 "het plan\n========\n\nEen. Eenmalig. Wel. Voor zaak 17. Uit de Jeugdwet.\n");
}

static void test_a_repeat_stands_once_for_each_and_a_value_is_never_read_as_a_template (void **state)
{
    (void)state;
    static const char text[] = "= {doel}\n"
                               "[elke grond]\n"
                               "[als wet]\n"
                               "Door {wet}, voor {doel}:\n"
                               "[einde]\n"
                               "- {gegevens}\n"
                               "[einde]\n";
    expect_with (
        text, NULL, true,
        "het plan\n========\n\nDoor de Wmo, voor het plan:\n\n- naam\n- adres\n- {doel} [einde]\n- adres\n");
    expect_with (text, NULL, false, "het plan\n========\n");
}

static void test_the_last_line_needs_no_end (void **state)
{
    (void)state;
    expect_with ("= {doel}\n[als eenmalig]\nX.\n[einde]", NULL, true, "het plan\n========\n\nX.\n");
    expect_with ("= {doel}\nEinde.  ", NULL, true, "het plan\n========\n\nEinde.\n");
    expect_with ("= {doel}\n ", NULL, true, "het plan\n========\n");
}

static void test_a_part_is_read_where_it_is_named (void **state)
{
    (void)state;
    expect_with ("= Brief\n[deel slot]\n[als eenmalig]\n[deel slot]\n[einde]\n",
                 "# slot\nVoor {doel}.\n[als zaak]\nX.\n[einde]\n", true,
                 "Brief\n=====\n\nVoor het plan. X. Voor het plan. X.\n");
}

static void test_what_is_wrong_is_refused_with_file_and_line (void **state)
{
    (void)state;
    refuse ("= {doel}\n{doell}\n", 2, "this letter has no field \"doell\" here; did you mean \"doel\"?");
    refuse ("= {doel}\n{gegevens}\n", 2, "this letter has no field \"gegevens\" here");
    refuse ("= Brief\nniets\n", 0,
            "the field \"doel\" is missing: it must stand here, and not between [als ...] of something else");
    refuse ("= Brief\n[als eenmalig]\n{doel}\n[einde]\n", 0,
            "the field \"doel\" is missing: it must stand here, and not between [als ...] of something else");
    refuse ("= Brief\n[elke grond]\n{doel}\n- {gegevens}\n[als wet]\n{wet}\n[einde]\n[einde]\n", 0,
            "the field \"doel\" is missing: it must stand here, and not between [als ...] of something else");
    refuse ("= {doel}\n[elke grond]\n- {gegevens}\n[einde]\n", 4,
            "the field \"wet\" is missing: it must stand here, and not between [als ...] of something else");
    refuse ("{doel}\n", 0, "no line \"= ...\": a letter has a subject");
    refuse ("[als eenmalig]\n= {doel}\n[einde]\n= {doel\n", 4,
            "a \"{\" begins the name of a field, such as {datum}; this is none");
    refuse ("= {doel} {Doel}\n", 1, "a \"{\" begins the name of a field, such as {datum}; this is none");
    refuse ("= {}\n", 1, "a \"{\" begins the name of a field, such as {datum}; this is none");
    refuse ("= doel}\n", 1, "a \"}\" without a \"{\" before it");
    refuse ("= {eenmalig}\n", 1, "\"eenmalig\" is no text: use it in [als eenmalig]");
    refuse ("= {grond}\n", 1, "\"grond\" is a group: use it in [elke grond]");
    refuse ("= {doel}\nVoor {zaak}.\n", 2, "\"zaak\" may have no value: put it between [als zaak] and [einde]");
    refuse ("= {doel}\n[als zaak]\n[anders]\n{zaak}\n[einde]\n", 4,
            "\"zaak\" may have no value: put it between [als zaak] and [einde]");
    refuse ("= {doel}\nUit {herkomst}.\n", 2,
            "\"herkomst\" may have no value: put it between [als herkomst] and [einde]");
    refuse ("==== vier\n", 1, "a heading is \"= ...\", \"== ...\" or \"=== ...\", with a space and its words");
    refuse ("=\n", 1, "a heading is \"= ...\", \"== ...\" or \"=== ...\", with a space and its words");
    refuse ("=kop\n", 1, "a heading is \"= ...\", \"== ...\" or \"=== ...\", with a space and its words");
    refuse ("= {doel}\n-\n", 2, "an item without words: \"- ...\"");
    refuse ("= {doel}\n| naam\n", 2, "a name and its value are \"| Name | value\"");
    refuse ("= {doel}\n| | x\n", 2, "a name and its value are \"| Name | value\"");
    refuse ("= {doel}\n| {doel} | x\n", 2, "a field stands in the value, not in the name before it");
    refuse ("= {doel}\n[als]\n", 2,
            "a line in brackets is [als FIELD], [als niet FIELD], [anders], [elke GROUP], [einde] or [deel NAME]");
    refuse ("= {doel}\n[herhaal grond]\n", 2,
            "a line in brackets is [als FIELD], [als niet FIELD], [anders], [elke GROUP], [einde] or [deel NAME]");
    refuse ("= {doel}\n[einde] en meer\n", 2, "a line that begins with \"[\" ends with \"]\"");
    refuse ("= {doel}\n[anders]\n", 2, "[anders] without an [als ...] before it");
    refuse ("= {doel}\n[als zaak]\n[anders]\n[anders]\n[einde]\n", 4, "[anders] without an [als ...] before it");
    refuse ("= {doel}\n[einde]\n", 2, "[einde] without an [als ...] or [elke ...] before it");
    refuse ("= {doel}\n[als zaak]\n\n", 2, "this block has no [einde]");
    refuse ("= {doel}\n[elke doel]\n[einde]\n", 2, "\"doel\" is no group; only a group can be repeated");
    refuse ("= {doel}\n[als zaaak]\n", 2, "this letter has no field \"zaaak\" here; did you mean \"zaak\"?");
}

static void test_a_field_that_stands_often_hides_no_other (void **state)
{
    (void)state;
    char text[8192] = "= Brief\n[elke grond]\n[als wet]\n";
    for (int i = 0; i < 300; i++)
        strcat (text, "{doel} {wet}\n");
    strcat (text, "[einde]\n- {gegevens}\n[einde]\n");
    struct outcome outcome = read_sized (text, strlen (text), NULL);
    assert_int_equal (outcome.rc, POLICY_INVALID); /* {doel} stands only within a repeat that may be empty */
    arena_destroy (&outcome.arena);
    strcat (text, "{doel}\n");
    outcome = read_sized (text, strlen (text), NULL);
    assert_int_equal (outcome.rc, 0);
    arena_destroy (&outcome.arena);
}

static void test_nothing_goes_round (void **state)
{
    (void)state;
    refuse ("= {doel}\n[elke grond]\n[elke grond]\n", 3,
            "[elke grond] within another [elke ...] would go round and round");
    refuse_part ("= {doel}\n[deel slot]\n", "[deel slot]\n", "brieven/deel-slot.txt", 1,
                 "a part can hold no part: they could hold each other, and go round");
    refuse ("= {doel}\n[deel slot]\n", 2, "there is no file deel-slot.txt");
    refuse ("= {doel}\n[deel ../../etc/passwd]\n", 2,
            "a line in brackets is [als FIELD], [als niet FIELD], [anders], [elke GROUP], [einde] or [deel NAME]");
    refuse_part ("= {doel}\n[als zaak]\n[deel slot]\n", "Niets.\n[einde]\n", "brieven/deel-slot.txt", 2,
                 "[einde] without an [als ...] or [elke ...] before it");
    refuse_part ("= {doel}\n[als zaak]\n[deel slot]\n", "[anders]\n", "brieven/deel-slot.txt", 1,
                 "[anders] without an [als ...] before it");
    refuse_part ("= {doel}\n[deel slot]\n", "[als zaak]\n", "brieven/deel-slot.txt", 1,
                 "this block has no [einde]");

    char deep[512] = "= {doel}\n", parts[1024] = "= {doel}\n";
    for (int i = 0; i < LETTER_DEPTH; i++)
        strcat (deep, "[als zaak]\n");
    refuse (deep, LETTER_DEPTH + 1, "more than 7 blocks in each other");
    for (int i = 0; i <= LETTER_PARTS; i++)
        strcat (parts, "[deel slot]\n");
    refuse_part (parts, "Slot.\n", "brieven/brief.txt", LETTER_PARTS + 2, "more than 16 parts");
}

/* One after another, "LINE MESSAGE" each. */
static void tells (const char *text, size_t count, const char *const *expected)
{
    struct outcome outcome = read_sized (text, strlen (text), NULL);
    assert_int_equal (outcome.rc, POLICY_INVALID);
    for (size_t i = 0; i < count && i < outcome.count; i++) {
        char said[POLICY_ERROR_TEXT];
        snprintf (said, sizeof said, "%u %s", outcome.faults[i].line, outcome.faults[i].message);
        assert_string_equal (said, expected[i]);
    }
    assert_int_equal (outcome.count, count);
    arena_destroy (&outcome.arena);
}

static void test_all_that_is_wrong_is_told_and_nothing_that_follows_from_it (void **state)
{
    (void)state;
    const char *const lines[] = {
        "1 this letter has no field \"doell\" here; did you mean \"doel\"?",
        "1 this letter has no field \"volstrekt-onbekend\" here",
        "2 \"zaak\" may have no value: put it between [als zaak] and [einde]",
        "2 \"eenmalig\" is no text: use it in [als eenmalig]",
        "3 this letter has no field \"zaaak\" here; did you mean \"zaak\"?",
        "6 a name and its value are \"| Name | value\"",
    };
    tells ("= {doell} {volstrekt-onbekend}\nVoor {zaak}.\n[als zaaak]\n{zaak}\n[einde]\n| naam\n", 5,
           (const char *const[]){lines[0], lines[1], lines[2], lines[4], lines[5]});
    tells ("= {doel}\n{eenmalig}\n", 1, &lines[3]);
    const char *const missing[] = {
        "3 the field \"wet\" is missing: it must stand here, and not between [als ...] of something else",
        "3 the field \"gegevens\" is missing: it must stand here, and not between [als ...] of something else",
        "0 the field \"doel\" is missing: it must stand here, and not between [als ...] of something else",
        "0 no line \"= ...\": a letter has a subject",
    };
    tells ("Niets.\n[elke grond]\n[einde]\n", 4, missing);
    /* What is open is not known any more: nothing is said of the rest. */
    tells ("[als volstrekt-onbekend]\n= {doel\n[einde]\n[einde]\n", 1,
           (const char *const[]){"1 this letter has no field \"volstrekt-onbekend\" here"});
}

static void test_what_is_no_text_or_too_long_is_refused (void **state)
{
    (void)state;
    refuse ("= {doel}\nhalf \xc3\n", 2, "not UTF-8; save the file as UTF-8");
    refuse ("= {doel}\n\teen tab\n", 2, "a tab; use spaces");
    refuse ("= {doel}\nom\xe2\x80\xaegekeerd\n", 2, "an invisible character, U+202E; remove it");
    struct outcome outcome = read_sized ("= a\0b\n", 6, NULL);
    assert_int_equal (outcome.rc, POLICY_INVALID);
    assert_string_equal (outcome.faults[0].message, "a NUL byte; this is not a text file");
    arena_destroy (&outcome.arena);

    char line[LETTER_LINE_LIMIT + 16] = "= {doel}\n";
    memset (line + 9, 'x', LETTER_LINE_LIMIT);
    expect_with (line, NULL, false,
                 arena_printf ((*state = arena_new (1 << 16)), "het plan\n========\n\n%s\n", line + 9));
    arena_destroy ((struct arena **)state);
    line[9 + LETTER_LINE_LIMIT] = 'x';
    refuse (line, 2, "a line of more than 1000 bytes");

    char *file = malloc (LETTER_TEMPLATE_LIMIT + 1);
    memset (file, '\n', LETTER_TEMPLATE_LIMIT + 1);
    memcpy (file, "= {doel}", 8);
    outcome = read_sized (file, LETTER_TEMPLATE_LIMIT, NULL);
    assert_int_equal (outcome.rc, 0);
    arena_destroy (&outcome.arena);
    outcome = read_sized (file, LETTER_TEMPLATE_LIMIT + 1, NULL);
    assert_int_equal (outcome.rc, POLICY_INVALID);
    assert_string_equal (outcome.faults[0].message, "larger than 64 KiB");
    arena_destroy (&outcome.arena);
    free (file);
}

static void test_a_value_that_is_missing_is_named (void **state)
{
    (void)state;
    struct outcome outcome = read_sized ("= {doel}\n", 9, NULL);
    struct letter_document document = letter_document_start (outcome.arena);
    struct letter_values *values = letter_values_new (outcome.arena, fields);
    assert_string_equal (letter_template_fill (outcome.template, values, &document), "doel");
    arena_destroy (&outcome.arena);
}

int main (void)
{
    setlocale (LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_lines_become_headings_paragraphs_items_and_facts),
        cmocka_unit_test (test_a_part_that_the_program_made_stands_on_a_line_of_its_own),
        cmocka_unit_test (test_a_block_stands_only_if_something_is_so),
        cmocka_unit_test (test_a_repeat_stands_once_for_each_and_a_value_is_never_read_as_a_template),
        cmocka_unit_test (test_the_last_line_needs_no_end),
        cmocka_unit_test (test_a_part_is_read_where_it_is_named),
        cmocka_unit_test (test_what_is_wrong_is_refused_with_file_and_line),
        cmocka_unit_test (test_a_field_that_stands_often_hides_no_other),
        cmocka_unit_test (test_nothing_goes_round),
        cmocka_unit_test (test_all_that_is_wrong_is_told_and_nothing_that_follows_from_it),
        cmocka_unit_test (test_what_is_no_text_or_too_long_is_refused),
        cmocka_unit_test (test_a_value_that_is_missing_is_named),
    };
    return cmocka_run_group_tests_name ("letter-template", tests, NULL, NULL);
}
