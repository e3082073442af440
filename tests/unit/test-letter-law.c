/* How laws are called in letters: what is read, what is refused and on which line, and an article in words. */
#include <string.h>
#include "arena.h"
#include "letter/letter_law.h"
#include "testing.h"

static const char laws_text[] = "# wat dan ook\n"
                                "wet KB\n"
                                "    naam  ons privacyreglement\n"
                                "\n"
                                "wet AVG\n"
                                "    naam  de AVG,\n"
                                "          de wet over privacy\n";

static int read_laws (struct arena *arena, const char *text, struct letter_laws *laws, struct policy_error *error)
{
    const struct policy_text file = {"wetten.txt", text, strlen (text)};
    struct policy_faults faults = POLICY_FIRST (error);
    return letter_laws_read (laws, arena, "brieven/wetten.txt", &file, &faults);
}

static void test_an_article_is_said_in_words (void **state)
{
    (void)state;
    static const struct {
        const char *article, *words;
    } cases[] = {
        {"KB 13.4", "artikel 13.4 van ons privacyreglement"},
        {"AVG 15, lid 4", "artikel 15, lid 4 van de AVG, de wet over privacy"},
        {"UAVG 41", NULL},
        {"K 1", NULL},
        {"KBX 1", NULL},
        {"Gemeentewet 5", NULL},
        {"artikel 5 van de Gemeentewet", "artikel 5 van de Gemeentewet"},
        {"Artikel 5 van de Gemeentewet", "Artikel 5 van de Gemeentewet"},
        {"KB", "KB"},
        {"KB, artikel 13", "KB, artikel 13"},
        {"de wet van 2015", "de wet van 2015"},
        {" 5", " 5"},
        {"", ""},
    };
    struct arena *arena = arena_new (1 << 20);
    struct letter_laws laws;
    struct policy_error error;
    assert_int_equal (read_laws (arena, laws_text, &laws, &error), 0);
    assert_int_equal (laws.count, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *words = letter_law_article (&laws, arena, cases[i].article);
        assert_int_equal (words == NULL, cases[i].words == NULL);
        if (words)
            assert_string_equal (words, cases[i].words);
    }
    arena_destroy (&arena);
}

static void refuse (const char *text, unsigned line, const char *message)
{
    struct arena *arena = arena_new (1 << 20);
    struct letter_laws laws;
    struct policy_error error;
    assert_int_equal (read_laws (arena, text, &laws, &error), POLICY_INVALID);
    assert_string_equal (error.file, "brieven/wetten.txt");
    assert_int_equal (error.line, line);
    assert_string_equal (error.message, message);
    arena_destroy (&arena);
}

static void test_what_is_wrong_is_refused_with_file_and_line (void **state)
{
    (void)state;
    refuse ("wet AVG\n    naam  de AVG\n\nregel KB\n    naam  x\n", 4, "unknown heading \"regel\"; known is wet");
    refuse ("wet\n    naam  de AVG\n", 1, "\"wet\" has a code of one word, such as AVG");
    refuse ("wet AVG\n    naam  de AVG\nwet AVG\n    naam  x\n", 3, "wet \"AVG\" stands twice");
    refuse ("\nwet AVG\n", 2, "wet \"AVG\" has no \"naam\"");
    refuse ("wet AVG\n    naam  de AVG\n    naaam  x\n", 3, "unknown key \"naaam\"; did you mean \"naam\"?");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_an_article_is_said_in_words),
        cmocka_unit_test (test_what_is_wrong_is_refused_with_file_and_line),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
