/* Documents for people, and their forms: text, HTML and PDF. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "letter/letter_document.h"
#include "letter/letter_html.h"
#include "letter/letter_pdf.h"
#include "letter/letter_text.h"
#include "testing.h"

static struct letter_document *start (void **state)
{
    struct arena *arena = arena_new (1 << 20);
    struct letter_document *document = arena_alloc (arena, sizeof *document);
    *document = letter_document_start (arena);
    *state = arena;
    return document;
}

static int end (void **state)
{
    struct arena *arena = *state;
    arena_destroy (&arena);
    return 0;
}

static char *formed (const struct letter_document *document,
                     void (*write) (const struct letter_document *document, FILE *out))
{
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    write (document, out);
    fclose (out);
    return text;
}

static void fill (struct letter_document *document)
{
    letter_add_heading (document, 1, "Uw gegevens");
    letter_begin_lines (document);
    letter_add_line (document, "Gemeente Voorbeeld");
    letter_add_line (document, "Postbus 1");
    letter_begin_facts (document);
    letter_add_fact (document, "Datum", "28 november 2026");
    letter_add_fact (document, "Zaak", "");
    letter_add_fact (document, "Ons kenmerk", "17");
    letter_add_heading (document, 2, "Eén ding");
    letter_add_paragraph (document, "  Twee\n woorden. ");
    letter_begin_list (document);
    letter_add_line (document, "naam en adres");
    letter_begin_list (document); /* nothing in it */
    letter_begin_table (document, (const char *[]){"Wie", "Wanneer"}, 2);
    letter_add_row (document, (const char *[]){"CAK", "op 3 mei"});
    letter_add_row (document, (const char *[]){"SVB", NULL});
    letter_begin_table (document, (const char *[]){"Leeg"}, 1);
}

static void test_as_text_every_block_has_its_form_and_what_is_empty_is_left_out (void **state)
{
    struct letter_document *document = start (state);
    fill (document);
    assert_string_equal (document->title, "Uw gegevens");
    char *text = formed (document, letter_text_write);
    assert_string_equal (text, "Uw gegevens\n===========\n\n"
                               "Gemeente Voorbeeld\nPostbus 1\n\n"
                               "Datum:       28 november 2026\nOns kenmerk: 17\n\n"
                               "Eén ding\n--------\n\n"
                               "Twee woorden.\n\n"
                               "- naam en adres\n\n"
                               "Wie:     CAK\nWanneer: op 3 mei\n\nWie:     SVB\n");
    free (text);
}

static void test_as_text_lines_break_between_words_and_go_on_below_their_beginning (void **state)
{
    struct letter_document *document = start (state);
    letter_begin_list (document);
    letter_add_line (document,
                     "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien "
                     "één");
    letter_begin_facts (document);
    letter_add_fact (document, "Naam",
                     "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien");
    char *text = formed (document, letter_text_write);
    assert_string_equal (text, "- een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien\n"
                               "  veertien vijftien één\n\n"
                               "Naam: een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien\n"
                               "      veertien\n");
    free (text);
}

/* Many rows, or few with long values. */
static void test_on_paper_short_facts_stay_together_and_long_ones_may_go_on (void **state)
{
    struct letter_document *document = start (state);
    char long_value[1400];
    memset (long_value, 'x', sizeof long_value);
    long_value[sizeof long_value - 1] = '\0';
    for (int rows = 22; rows <= 23; rows++) {
        letter_begin_facts (document);
        for (int i = 0; i < rows; i++)
            letter_add_fact (document, "Naam", "waarde");
    }
    letter_begin_facts (document);
    letter_add_fact (document, "Naam", long_value);
    char *html = formed (document, letter_html_write);
    const char *first = strstr (html, "<table class=\"facts whole\">"),
               *second = strstr (html, "<table class=\"facts\">");
    assert_non_null (first);
    assert_true (second > first);
    assert_null (strstr (first + 1, "<table class=\"facts whole"));
    assert_non_null (strstr (second + 1, "<table class=\"facts\">"));
    free (html);
}

static void test_as_html_every_text_is_escaped_and_nothing_is_fetched (void **state)
{
    struct letter_document *document = start (state);
    fill (document);
    letter_add_heading (document, 1, "</title><script>alert(1)</script>");
    letter_begin_table (document, (const char *[]){"\"><img src=http://boos.example>"}, 1);
    letter_add_row (document, (const char *[]){"a & b < c > d \" '"});
    letter_add_paragraph (document, "omgekeerd \xe2\x80\xae en half \xff");
    char *html = formed (document, letter_html_write);
    assert_non_null (strstr (html, "<html lang=\"nl\">"));
    assert_non_null (strstr (html, "<title>Uw gegevens</title>"));
    assert_non_null (strstr (html, "<p class=\"lines\">Gemeente Voorbeeld<br>\nPostbus 1</p>"));
    assert_non_null (strstr (html, "<th scope=\"row\">Ons kenmerk</th><td>17</td>"));
    assert_non_null (
        strstr (html, "<td data-name=\"Wie\">SVB</td><td class=\"empty\" data-name=\"Wanneer\"></td>"));
    assert_non_null (strstr (html, "&lt;script&gt;"));
    assert_non_null (strstr (html, "a &amp; b &lt; c &gt; d &quot; &#39;"));
    assert_non_null (strstr (html, "omgekeerd \\u202e en half \\xff"));
    assert_null (strstr (html, "<script"));
    assert_null (strstr (html, "<img"));
    assert_null (strstr (html, "url("));
    assert_null (strstr (html, "Zaak"));
    free (html);
}

static void test_a_pdf_is_made_by_weasyprint_or_its_package_is_named (void **state)
{
    struct letter_document *document = start (state);
    fill (document);
    char *html = formed (document, letter_html_write), *pdf;
    size_t size;
    if (system ("command -v weasyprint >/dev/null") == 0) {
        assert_int_equal (letter_pdf_make (html, strlen (html), &pdf, &size), 0);
        assert_memory_equal (pdf, "%PDF-", 5);
        free (pdf);
    }
    char *path = strdup (getenv ("PATH"));
    setenv ("PATH", "/nowhere", 1);
    assert_int_equal (letter_pdf_make (html, strlen (html), &pdf, &size), 69);
    assert_null (pdf);
    setenv ("PATH", path, 1);
    free (path);
    free (html);
}

int main (void)
{
    setlocale (LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown (test_as_text_every_block_has_its_form_and_what_is_empty_is_left_out, end),
        cmocka_unit_test_teardown (test_as_text_lines_break_between_words_and_go_on_below_their_beginning, end),
        cmocka_unit_test_teardown (test_on_paper_short_facts_stay_together_and_long_ones_may_go_on, end),
        cmocka_unit_test_teardown (test_as_html_every_text_is_escaped_and_nothing_is_fetched, end),
        cmocka_unit_test_teardown (test_a_pdf_is_made_by_weasyprint_or_its_package_is_named, end),
    };
    return cmocka_run_group_tests_name ("letter-document", tests, NULL, NULL);
}
